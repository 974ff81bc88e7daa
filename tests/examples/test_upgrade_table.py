"""The tables of one upgrade, in docs/explanation/changes.md, are those that the example prints."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import upgrade_table

import billingcore as bc

# Name of a convention → what 9 days at 100 and 22 days at 150 of January cost, by its formula:
# n/31 of a month, n x 12/365, or n/30 with the 31st left out. ACT_365 bills what the running total
# grows by: 372/365 of 150 is 152.88, 108/365 of it is 44.38, and the difference is 108.50.
BY_HAND = {
    "NONE": ["100.00"],
    "CALENDAR_MONTHS": ["29.03", "106.45"],
    "AVERAGE_MONTHS": ["29.59", "108.49"],
    "ACTUAL_DAYS": ["29.03", "106.45"],
    "ACT_365": ["29.59", "108.50"],
    "ACT_360": ["30.00", "110.00"],
    "THIRTY_360_US": ["30.00", "105.00"],
    "THIRTY_E_360": ["30.00", "105.00"],
    "STRICT_30": ["30.00", "105.00"],
    "MONTH_FRACTIONS": ["29.03", "106.45"],
}
# The same with 10 and 21 days: the tenth is on the old terms.
LATE_BY_HAND = {
    "CALENDAR_MONTHS": ["32.26", "101.61"],
    "AVERAGE_MONTHS": ["32.88", "103.56"],
    "ACT_360": ["33.33", "105.00"],
    "STRICT_30": ["33.33", "100.00"],
}
# What is billed, taken back for 22 days, and billed anew, if the upgrade becomes known later.
CORRECTED_BY_HAND = {
    "NONE": ["100.00"],
    "CALENDAR_MONTHS": ["100.00", "-70.97", "106.45"],
    "AVERAGE_MONTHS": ["100.00", "-70.41", "108.49"],
    "ACT_365": ["101.92", "-72.33", "108.50"],
    "ACT_360": ["103.33", "-73.33", "110.00"],
    "STRICT_30": ["100.00", "-70.00", "105.00"],
}
# A whole January at 100 and at 150: 31 x 12/365 and 31/30 months where no month is whole.
WHOLE_BY_HAND = {
    "CALENDAR_MONTHS": ("100.00", "150.00"),
    "NONE": ("100.00", "150.00"),
    "ACT_365": ("101.92", "152.88"),
    "ACT_360": ("103.33", "155.00"),
}


@pytest.fixture(scope="module")
def page():
    """Read the page with the tables."""
    folder = Path(upgrade_table.__file__).parents[1]
    return (folder / "explanation" / "changes.md").read_text(encoding="utf-8")


def nets(lines):
    """Write the net amounts of lines."""
    return [str(line.net) for line in lines]


def policy(**switches):
    """Give the policy of the tables, with some switches."""
    return bc.LEVEL.but(**switches)


def test_the_page_shows_what_the_example_prints(page, capsys):
    """Both tables of the page are the output of the example, row by row."""
    upgrade_table.main()
    tables = capsys.readouterr().out.strip().split("\n\n")

    assert [table.count("\n") for table in tables] == [11, 11]
    assert all(f"\n\n{table}\n\n" in page for table in tables)


@pytest.mark.parametrize("name", bc.proration.CONVENTIONS)
def test_slices_are_those_worked_out_by_hand(name):
    """The upgrade of the tenth is billed in slices of 9 and 22 days by each convention's formula."""
    lines = upgrade_table.billed(bc.proration.CONVENTIONS[name], policy())

    assert nets(lines) == BY_HAND[name]


@pytest.mark.parametrize("name", LATE_BY_HAND)
def test_the_tenth_on_the_old_terms(name):
    """With the tenth on the old terms the slices have 10 and 21 days."""
    late = policy(change_day=bc.ChangeDay.OLD)

    assert nets(upgrade_table.billed(bc.proration.CONVENTIONS[name], late)) == LATE_BY_HAND[name]


@pytest.mark.parametrize("day", bc.ChangeDay, ids=lambda day: day.name)
@pytest.mark.parametrize("name", WHOLE_BY_HAND)
def test_changes_that_wait_for_a_border(name, day):
    """The next period, or the whole one, is one line, whose day the tenth is making no difference."""
    convention = bc.proration.CONVENTIONS[name]
    kinds = (bc.ChangeInside.NEXT_PERIOD, bc.ChangeInside.WHOLE_PERIOD)
    policies = [policy(change_inside=inside, change_day=day) for inside in kinds]
    following, whole = (nets(upgrade_table.billed(convention, each)) for each in policies)

    assert (following, whole) == tuple([amount] for amount in WHOLE_BY_HAND[name])


@pytest.mark.parametrize("name", CORRECTED_BY_HAND)
def test_corrections_are_those_worked_out_by_hand(name):
    """After billing, 22 days go back as they were billed and are billed anew at 150."""
    lines = upgrade_table.corrected(bc.proration.CONVENTIONS[name], policy())

    assert nets(lines) == CORRECTED_BY_HAND[name]


@pytest.mark.parametrize("kind", upgrade_table.KINDS)
@pytest.mark.parametrize("name", bc.proration.CONVENTIONS)
def test_late_is_as_much_as_in_time(name, kind):
    """What is billed in all does not depend on when the upgrade becomes known."""
    convention, chosen = bc.proration.CONVENTIONS[name], policy(**upgrade_table.KINDS[kind])
    in_time = upgrade_table.in_all(upgrade_table.billed(convention, chosen))

    assert upgrade_table.in_all(upgrade_table.corrected(convention, chosen)) == in_time


@pytest.mark.parametrize("name", bc.proration.CONVENTIONS)
def test_a_credit_document_has_the_same_amounts(name):
    """What is taken back on a document of its own is as much as on the next invoice."""
    convention = bc.proration.CONVENTIONS[name]
    apart = policy(corrections=bc.Corrections.CREDIT_DOCUMENT)
    lines = upgrade_table.corrected(convention, apart)

    assert sorted(nets(lines)) == sorted(nets(upgrade_table.corrected(convention, policy())))


@pytest.mark.parametrize("name", ["CALENDAR_MONTHS", "ACTUAL_DAYS", "ACT_360", "STRICT_30"])
def test_repriced_at_an_unchanged_price(name):
    """By conventions that conserve, today's price of the old terms is the billed one."""
    convention = bc.proration.CONVENTIONS[name]
    repriced = policy(credit_basis=bc.CreditBasis.REPRICED)
    lines = upgrade_table.corrected(convention, repriced)

    assert nets(lines) == nets(upgrade_table.corrected(convention, policy()))


def test_reported_only():
    """A policy that only reports bills nothing more."""
    reporting = policy(corrections=bc.Corrections.REPORT)
    lines = upgrade_table.corrected(bc.proration.CALENDAR_MONTHS, reporting)

    assert upgrade_table.in_all(lines) == Decimal(100)
