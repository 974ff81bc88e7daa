"""The tables of the pages say what the code says."""

from __future__ import annotations

import re
from enum import Enum
from fractions import Fraction

import attrs
import pytest

import billingcore as bc

SWITCHES = (
    bc.FirstPeriod,
    bc.CatchUp,
    bc.OpenDrafts,
    bc.Scope,
    bc.DayUnit,
    bc.NegativeTotal,
    bc.ZeroTotal,
    bc.TaxLevel,
    bc.TaxDate,
    bc.OnProblem,
    bc.LateUsage,
    bc.LateChildren,
    bc.RecordDays,
    bc.ChangeDay,
    bc.ChangeInside,
    bc.Corrections,
    bc.CreditBasis,
    bc.FinalShape,
    bc.DeductProgress,
    bc.ChainTax,
)
PRESETS = {
    "grouping": "PER_SUBSCRIPTION",
    "cash_increments": "none",
    "active_statuses": "Active",
    "correction_threshold": "none",
    "minimum_amount": "none",
    "max_lines": "none",
    "proration": "none",
}
WORKED = bc.Period.closed("2025-02-10", "2025-03-31")


def table(text, first_cell):
    """Read the rows of the table whose head begins with a certain cell."""
    head = text.index(f"| {first_cell} |")
    lines = text[head:].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def in_words(policy, switch):
    """Write the value of a switch as the page does."""
    value = getattr(policy, switch)
    return PRESETS.get(switch) or (value.name if isinstance(value, Enum) else str(value))


@pytest.fixture
def page(root):
    """Give a function that reads a page."""

    def read(name):
        return (root / "docs" / name).read_text(encoding="utf-8")

    return read


def test_the_page_has_every_reason(page):
    """The page on reasons lists every reason in the order of the code, with the code's words."""
    rows = table(page("reference/reasons.md"), "Reason")

    assert [(row[0], row[1]) for row in rows] == [
        (f"`{reason.name}`", reason.value) for reason in bc.Reason
    ]


def test_the_page_has_every_switch(page):
    """The page on policies lists every switch, with its value in both presets."""
    rows = table(page("reference/policies.md"), "Switch")
    switches = [each.name for each in attrs.fields(bc.Policy) if each.init and each.name != "name"]

    assert [row[:3] for row in rows] == [
        [f"`{name}`", f"`{in_words(bc.DOCUMENTED, name)}`", f"`{in_words(bc.LEVEL, name)}`"]
        if PRESETS.get(name) != "none"
        else [f"`{name}`", "none", "none"]
        for name in switches
    ]
    assert bc.DOCUMENTED.grouping == bc.LEVEL.grouping == bc.PER_SUBSCRIPTION


def test_the_page_has_every_choice(page):
    """The page on policies lists every choice of every switch, with the code's words."""
    rows = table(page("reference/policies.md"), "Class")

    assert rows == [
        [f"`{kind.__name__}`", f"`{choice.name}`", choice.value]
        for kind in SWITCHES
        for choice in kind
    ]


def test_the_page_has_every_convention(page):
    """The page on proration shows each convention's formula, source and remark as the code has them."""
    rows = table(page("explanation/proration.md"), "Convention")

    assert [[*row[:3], row[4]] for row in rows] == [
        [f"`{name}`", convention.formula, convention.source, convention.remark]
        for name, convention in bc.proration.CONVENTIONS.items()
    ]


@pytest.mark.parametrize("name", bc.proration.CONVENTIONS)
def test_worked_examples_of_conventions(page, name):
    """Each worked example of the page on proration ends in the convention's own answer."""
    rows = {row[0]: row[3] for row in table(page("explanation/proration.md"), "Convention")}
    shown = re.split("= ", rows[f"`{name}`"])[-1]

    assert Fraction(shown) == bc.proration.CONVENTIONS[name].factor(WORKED, bc.monthly())


def test_the_page_has_every_profile(page):
    """The page on profiles lists every profile of another system, in the order of the code."""
    rows = table(page("explanation/profiles.md"), "Profile")

    assert [row[0] for row in rows] == [f"`{name}`" for name in bc.profiles.PROFILES]
