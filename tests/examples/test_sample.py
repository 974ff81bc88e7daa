"""The sample is what its script writes, and shows all that it should."""

from __future__ import annotations

from decimal import Decimal

import make_sample
import pytest
from csv_source import load

import billingcore as bc
from tests.examples.tables import records

# What cannot happen under the default policy, or with what files of this form can say.
NEEDS_ANOTHER_POLICY = {
    # asks for a minimum of documents
    bc.Reason.BELOW_MINIMUM,
    # ask for billed lines to compare with: the files name what was billed, but not for how much
    bc.Reason.BELOW_THRESHOLD,
    bc.Reason.CHANGED_AFTER_BILLING,
    bc.Reason.CARRIED_FORWARD,
    bc.Reason.FORGIVEN,
    bc.Reason.OTHER_PROBLEM,
    bc.Reason.ZERO_TOTAL,
    # are for usage and for records of the host, of which the files have none
    bc.Reason.ALREADY_INVOICED,
    bc.Reason.BILLED_TO_OTHER_PARTY,
    bc.Reason.MINIMUM_REACHED,
    bc.Reason.NO_USAGE,
    bc.Reason.TRANSACTION_LINKED,
}
DIGITS = {"EUR": "0.01", "USD": "0.01", "GBP": "0.01", "CHF": "0.01", "JPY": "1", "KWD": "0.001"}


@pytest.fixture(scope="module")
def loaded(sample):
    """Read the sample."""
    return load(sample)


@pytest.fixture(scope="module")
def report(loaded):
    """Bill January for the sample."""
    return bc.execute(loaded.run(bc.Period.month(2026, 1)), loaded.store)


@pytest.fixture(scope="module")
def lines(report):
    """Collect the billed lines, by subscription and item."""
    return {
        (line.subscription_id, line.item.id): line
        for draft in report.drafts
        for line in draft.lines
    }


def test_the_script_writes_the_committed_files(tmp_path, sample):
    """The script writes the files of the repository anew, byte for byte."""
    make_sample.write(tmp_path)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in sample.iterdir()
    }


def test_the_sample_has_no_mistakes(loaded):
    """Every row of the sample can be read."""
    assert loaded.errors == []
    assert not loaded.held


def test_every_reason_occurs(report):
    """Something is left out for each reason that can occur under the default policy."""
    assert {*report.excluded, *report.left_out} == {*bc.Reason} - NEEDS_ANOTHER_POLICY


def test_two_items_are_problems(report):
    """An unknown tax code and a week prorated by months are problems, which spoil no other item."""
    assert [(problem.record, problem.field) for problem in report.problems] == [
        ("S-014/seats", "tax_code"),
        ("S-015/stand", "cadence"),
    ]
    assert all(problem.advice for problem in report.problems)


@pytest.mark.parametrize(
    ("file", "column", "least"),
    [
        pytest.param("accounts.csv", "id", 400, id="accounts"),
        pytest.param("accounts.csv", "currency", 6, id="currencies"),
        pytest.param("accounts.csv", "tax_region", 6, id="regions"),
        pytest.param("items.csv", "tax_code", 9, id="tax codes"),
        pytest.param("items.csv", "billing_type", 3, id="billing types besides once"),
        pytest.param("items.csv", "billing_unit", 6, id="units"),
        pytest.param("items.csv", "sync_with", 7, id="synchronizations"),
        pytest.param("changes.csv", "reason", 4, id="reasons to change"),
        pytest.param("taxes.csv", "category", 3, id="tax categories besides standard"),
    ],
)
def test_the_sample_is_varied(sample, file, column, least):
    """The sample has enough different values where it should show how much there is."""
    values = {record[column] for record in records(sample / file)} - {""}

    assert len(values) >= least


def test_all_amounts_of_plain_items(sample, lines):
    """Each item of a whole calendar month costs price times quantity, half up to its currency."""
    accounts = {record["id"]: record for record in records(sample / "accounts.csv")}
    currency_of = {
        record["id"]: accounts[record["account"]]["currency"]
        for record in records(sample / "subscriptions.csv")
        if not record["order_discount"]
    }
    changed = {record["subscription"] for record in records(sample / "changes.csv")}
    plain = [
        record
        for record in records(sample / "items.csv")
        if record["subscription"] in currency_of.keys() - changed
        and record["next_service_period_start"] == "2026-01-01"
        and (record["billing_period"], record["billing_unit"]) == ("1", "Month")
        and not (record["discount"] or record["currency"] or record["billing_practice"])
        and record["subscription"] != "S-022"  # ends on 20 January
    ]
    expected = {}
    for record in plain:
        digit = Decimal(DIGITS[currency_of[record["subscription"]]])
        price = Decimal(record["unit_price"]) * Decimal(record["quantity"])
        net = price.quantize(digit, "ROUND_HALF_UP")
        expected[record["subscription"], record["id"]] = net

    assert {key: lines[key].net for key in expected} == expected
    assert len(expected) > 100
    assert {currency_of[subscription] for subscription, _ in expected} == set(DIGITS)


@pytest.mark.parametrize("currency", ["KWD", "USD"])
def test_untaxed_totals(report, currency):
    """Where no tax code is given, the totals of a currency have no tax."""
    totals = report.totals[currency]

    assert totals.tax == 0
    assert totals.gross == totals.net > 0


@pytest.mark.parametrize(
    ("key", "net", "first", "last"),
    [
        # 24.90 x 12 x 17/31 = 163.86, less 10 % = 147.47; the order's 25.00 is shared over
        # 147.47 + 96.30 + 250.00, of which 7.47 fall on this line.
        pytest.param(("S-001", "seats"), "140.00", "2026-01-15", "2026-01-31", id="two discounts"),
        # (96.30 - 4.87) less 7/107 of it
        pytest.param(("S-001", "handbook"), "85.45", "2026-01-01", "2026-01-31", id="gross price"),
        # 250.00 whatever the quantity, less 12.66
        pytest.param(("S-001", "setup"), "237.34", "2026-01-01", "2026-01-31", id="flat price"),
        # two seats for a whole month of a 31st anchor
        pytest.param(("S-019", "seats"), "38.00", "2026-01-31", "2026-02-27", id="anchor 31"),
        pytest.param(("S-019", "archive"), "24.00", "2026-01-31", "2026-02-27", id="month end"),
        # 360 a year: 20/31 months / 12
        pytest.param(("S-020", "month"), "19.35", "2026-01-12", "2026-01-31", id="to next month"),
        # (20/31 + 2) / 12 x 360
        pytest.param(("S-020", "quarter"), "79.35", "2026-01-12", "2026-03-31", id="to quarter"),
        # 1.10 x 31 days
        pytest.param(("S-021", "line"), "34.10", "2026-01-01", "2026-01-31", id="by day"),
        pytest.param(("S-021", "cleaning"), "35.00", "2026-01-01", "2026-01-07", id="by week"),
        pytest.param(("S-021", "audit"), "640.00", "2026-01-01", "2026-06-30", id="by half year"),
        # 62 x 20/31, the subscription ends on 20 January
        pytest.param(("S-022", "seats"), "40.00", "2026-01-01", "2026-01-20", id="cut by the end"),
        # 365 x 20/365
        pytest.param(("S-022", "lease"), "20.00", "2026-01-01", "2026-01-20", id="by ACT_365"),
        # once, but with period, start and end: 62 x 10/31
        pytest.param(("S-023", "fair"), "20.00", "2026-01-05", "2026-01-14", id="once, prorated"),
        pytest.param(("S-016", "goodwill"), "-80.00", "2026-01-01", "2026-01-31", id="credit"),
    ],
)
def test_amounts_worked_out_by_hand(lines, key, net, first, last):
    """Items with something special are billed for the right days at the right amount."""
    line = lines[key]

    assert line.net == Decimal(net)
    assert (str(line.service_period.first), str(line.service_period.last)) == (first, last)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        # 62 a month without the 12th to the 18th: 62 x 11/31 and 62 x 13/31
        pytest.param(("S-024", "seats"), {1: "22.00", 19: "26.00"}, id="a pause"),
        pytest.param(("S-024", "setup"), {1: "250.00"}, id="no pause for what is billed once"),
        # 4 x 15.50 x 13/31
        pytest.param(("S-025", "seats"), {19: "26.00"}, id="a trial"),
        # 3 x 31 x 11/31, and 5 x 31 x 20/31
        pytest.param(("S-026", "seats"), {1: "33.00", 12: "100.00"}, id="an upgrade"),
        # 31 x 21/31 less 10 %, and 31 x 10/31
        pytest.param(("S-027", "seats"), {1: "18.90", 22: "10.00"}, id="without a discount"),
        # 8 x 19; December had been billed for 6
        pytest.param(("S-030", "seats"), {1: "152.00"}, id="after a change that is not corrected"),
    ],
)
def test_changes_worked_out_by_hand(report, key, expected):
    """An item that changes in January has a line for each stretch of equal terms."""
    found = [
        (line.service_period.first.day, line.net)
        for draft in report.drafts
        for line in draft.lines
        if (line.subscription_id, line.item.id) == key
    ]

    assert found == [(day, Decimal(net)) for day, net in expected.items()]


@pytest.mark.parametrize(
    ("reason", "record", "days", "facts"),
    [
        pytest.param("PAUSED", "S-024/seats", "2026-01-12 to 2026-01-18", {}, id="pause"),
        pytest.param("PAUSED", "S-025/seats", "2026-01-05 to 2026-01-18", {}, id="trial"),
        pytest.param("NOT_CORRECTED", "S-030/seats", "2025-12-15 to 2025-12-31", {}, id="changed"),
        pytest.param(
            "ON_HOLD",
            "S-028/seats",
            "",
            {"hold": "until 2026-02-28 (address is checked)"},
            id="account on hold",
        ),
        pytest.param(
            "ON_HOLD",
            "S-029/seats",
            "",
            {"hold": "without a last day (dispute)"},
            id="subscription on hold",
        ),
        pytest.param("NO_PERMISSION", "S-003/seats", "", {}, id="no permission"),
    ],
)
def test_what_is_put_off_or_paused(report, reason, record, days, facts):
    """Pauses, holds and changes after billing are told with their days and what decided them."""
    everything = [*report.exclusions, *report.left_out_time]
    found = [each for each in everything if (each.reason.name, each.record) == (reason, record)]

    (one,) = found
    assert dict(one.facts) == facts
    assert days == (f"{one.period.first} to {one.period.last}" if one.period else "")


@pytest.mark.parametrize(
    ("account", "kinds"),
    [
        pytest.param("A-016", ["credit EUR"], id="a negative total"),
        pytest.param("A-017", ["invoice EUR", "invoice USD"], id="two currencies"),
        pytest.param("A-018", ["invoice EUR", "invoice EUR"], id="two criteria"),
    ],
)
def test_documents(report, account, kinds):
    """A negative total is a credit; currencies and criteria split the documents of an account."""
    own = [draft for draft in report.drafts if draft.account.id == account]

    assert [f"{draft.kind.value} {draft.currency}" for draft in own] == kinds


def test_tax_categories(report):
    """Drafts are taxed in every way of the sample: standard, zero, exempt, reversed, untaxed."""
    found = {row.tax.category.value for draft in report.drafts for row in draft.totals.breakdown}

    assert found == {"S", "Z", "E", "AE", "O"}
