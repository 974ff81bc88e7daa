"""The tax table: which rate of a code applies when, and between whom."""

from __future__ import annotations

from datetime import date

import pytest

import billingcore as bc
from tests.unit.engine.records import (
    MARCH,
    amounts,
    bill,
    contract,
    days,
    draft_of,
    monthly,
    once,
    run_of,
    store_of,
    sums,
)

DAY = date(2026, 3, 1)
TABLE = bc.TaxTable(
    {
        "DE": [
            bc.TaxRate(16, start="2020-07-01", end="2020-12-31"),
            bc.TaxRate(19),
            bc.TaxRate.reverse_charge(buyer="EU"),
            bc.TaxRate(8, seller="CH"),
            bc.TaxRate(3, buyer="EU", seller="CH"),
        ],
        "dated": [bc.TaxRate(5, start="2026-01-01", end="2026-06-30")],
        "mid-month": [bc.TaxRate(16, end="2026-03-10"), bc.TaxRate(19, start="2026-03-11")],
    }
)


@pytest.mark.parametrize(
    ("day", "buyer", "seller", "rate", "category"),
    [
        (date(2020, 6, 30), "", "", 19, "S"),
        (date(2020, 7, 1), "", "", 16, "S"),
        (date(2020, 12, 31), "", "", 16, "S"),
        (date(2021, 1, 1), "", "", 19, "S"),
        (DAY, "EU", "", 0, "AE"),
        (DAY, "US", "", 19, "S"),
        (DAY, "", "CH", 8, "S"),
        (DAY, "EU", "CH", 3, "S"),
    ],
    ids=[
        "day before a dated rate",
        "its first day",
        "its last day",
        "day after it",
        "buyer",
        "other buyer",
        "seller",
        "buyer and seller",
    ],
)
def test_the_most_specific_rate_applies(day, buyer, seller, rate, category):
    """A rate for buyer and seller goes before one for either, and a dated one before one without."""
    tax = TABLE.tax("DE", day, buyer=buyer, seller=seller)

    assert (tax.rate, tax.category.value) == (rate, category)


def test_the_first_of_equal_rates_applies():
    """Of two rates that are equally specific the first in the list applies."""
    table = bc.TaxTable({"x": [bc.TaxRate(1), bc.TaxRate(2)]})

    assert table.tax("x", DAY).rate == 1


@pytest.mark.parametrize(
    ("code", "day", "rule"),
    [
        ("FR", DAY, "unknown tax code 'FR'"),
        ("dated", date(2026, 7, 1), "has no rate on 2026-07-01"),
    ],
    ids=["unknown code", "no rate on the day"],
)
def test_no_rate(code, day, rule):
    """A code without a rate on the day is an error that names code, day and fix."""
    with pytest.raises(bc.InvalidInputError, match=rule):
        TABLE.tax(code, day)


def test_known_codes_are_listed():
    """A wrong code is answered with those that are known."""
    assert TABLE.codes == ("DE", "dated", "mid-month")
    with pytest.raises(bc.InvalidInputError, match="known: DE, dated, mid-month"):
        TABLE.tax("FR", DAY)
    with pytest.raises(bc.InvalidInputError, match="known: none"):
        bc.TaxTable({}).tax("FR", DAY)


@pytest.mark.parametrize("given", ["abc", 0.19, -1, True, ["19"], 1001], ids=repr)
def test_a_rate_that_is_none(given):
    """What is no rate is refused when the table is made."""
    with pytest.raises(bc.InvalidInputError):
        bc.TaxTable({"x": given})


@pytest.mark.parametrize("category", ["E", "AE", "Z", "G", "K", "O"])
def test_only_taxed_categories_have_a_rate(category):
    """A rate in a category that is not taxed is refused."""
    with pytest.raises(bc.InvalidInputError, match="has no rate"):
        bc.Tax("x", rate=19, category=category)


def test_one_rate_alone():
    """A code may be given one rate without a list."""
    assert (
        bc.TaxTable({"x": bc.TaxRate.exempt(reason="r", buyer="B")}).tax("x", DAY, buyer="B").reason
        == "r"
    )


def test_reverse_charge_gives_its_reason():
    """Reverse charge has rate 0, its category and the code of its reason."""
    tax = TABLE.tax("DE", DAY, buyer="EU")

    assert (tax.reason, tax.reason_code) == ("Reverse charge", "VATEX-EU-AE")


def test_regions_of_account_and_entity_decide():
    """The account's region is the buyer's, the business entity's the seller's."""
    account = bc.Account("acme", currency="EUR", tax_region="EU", entity="Swiss")
    setup = bc.Setup(entities=[bc.BusinessEntity("Swiss", tax_region="CH")])
    draft = bc.draft(account, [once(tax_code="DE")], period=MARCH, tax=TABLE, setup=setup)

    assert draft.lines[0].tax.rate == 3


@pytest.mark.parametrize(
    ("tax_date", "rate"),
    [(bc.TaxDate.END, 19), (bc.TaxDate.START, 16)],
    ids=["last day", "first day"],
)
def test_the_day_that_decides_the_rate(tax_date, rate):
    """By default the last day of service decides the rate, by policy the first."""
    policy = bc.DOCUMENTED.but(tax_date=tax_date)
    draft = draft_of(monthly(tax_code="mid-month"), tax=TABLE, policy=policy)

    assert draft.lines[0].tax.rate == rate


SPLIT = bc.DOCUMENTED.but(tax_date=bc.TaxDate.SPLIT_AT_RATE_CHANGE)


def test_a_line_is_split_where_the_rate_changes():
    """310.00 of March are 100.00 at 16 % to the 10th and 210.00 at 19 % from the 11th on."""
    store = store_of(contract(monthly(price=310, tax_code="mid-month")), tax=TABLE)
    (draft,) = bill(store, run_of(policy=SPLIT)).drafts

    assert [(days(line), line.net, line.tax.rate) for line in draft.lines] == [
        (("2026-03-01", "2026-03-10"), 100, 16),
        (("2026-03-11", "2026-03-31"), 210, 19),
    ]
    assert [line.number for line in draft.lines] == [1, 2]
    assert sums(draft) == amounts("310.00", "55.90", "365.90")
    assert [line.billing_key for line in draft.lines] == [
        "S-1/seats@2026-03-01",
        "S-1/seats@2026-03-11",
    ]


def test_the_parts_of_a_split_line_share_its_discounts():
    """Amount and discounts of a split line are divided by days, and add up."""
    item = monthly(price=100, tax_code="mid-month", discount=bc.Discount.percent(10))
    discounted = contract(item, order_discount=bc.Discount.amount(1))
    (draft,) = bill(store_of(discounted, tax=TABLE), run_of(policy=SPLIT)).drafts
    first, second = draft.lines

    assert (first.amount, second.amount) == amounts("32.26", "67.74")
    assert (first.discount, second.discount) == amounts("3.23", "6.77")
    assert (first.order_discount, second.order_discount) == amounts("0.32", "0.68")
    assert draft.totals.net == 89


def test_what_is_billed_once_is_not_split():
    """A one-time item has no days to divide: the rate of its last day applies to all of it."""
    store = store_of(contract(once(tax_code="mid-month")), tax=TABLE)
    (draft,) = bill(store, run_of(policy=SPLIT)).drafts

    assert [line.tax.rate for line in draft.lines] == [19]


def test_a_line_without_a_change_stays_whole():
    """Where the rate does not change in the period, nothing is split."""
    store = store_of(contract(monthly(tax_code="DE")), tax=TABLE)

    assert len(bill(store, run_of(policy=SPLIT)).drafts[0].lines) == 1


def test_a_change_of_another_rate_splits_nothing():
    """Where the rate for this buyer goes on, a change for the others does not split the line."""
    table = bc.TaxTable(
        {
            "x": [
                bc.TaxRate.reverse_charge(buyer="EU"),
                bc.TaxRate(16, end="2026-03-10"),
                bc.TaxRate(19, start="2026-03-11"),
            ]
        }
    )
    account = bc.Account("acme", currency="EUR", tax_region="EU")
    store = store_of(contract(monthly(tax_code="x")), account=account, tax=table)
    (draft,) = bill(store, run_of(policy=SPLIT)).drafts

    assert [line.tax.category.value for line in draft.lines] == ["AE"]


def test_covered_after_a_split():
    """The parts of a split line cover its days together: the next run has nothing to bill."""
    store = store_of(contract(monthly(tax_code="mid-month")), tax=TABLE)
    bc.execute(run_of(policy=SPLIT), store)

    assert bc.execute(run_of(policy=bc.LEVEL), store).lines == 2  # January and February


def test_a_split_draft_by_hand_has_a_key_per_part():
    """The parts of a split line without a contract have keys of their own."""
    items = [monthly(name, tax_code="mid-month") for name in "ab"]
    keys = [line.billing_key for line in draft_of(*items, tax=TABLE, policy=SPLIT).lines]

    assert len(set(keys)) == len(keys) == 4


def test_single_taxes():
    """Days with one rate of a code have it; a code whose rate changes on them, or none, has not."""
    before, across = bc.Period("2020-06-01", "2020-07-01"), bc.Period("2020-06-15", "2020-07-15")

    assert TABLE.single_taxes(before, "", "")["DE"].rate == 19
    assert TABLE.single_taxes(before, "EU", "")["DE"].category is bc.TaxCategory.REVERSE_CHARGE
    assert TABLE.single_taxes(across, "", "")["DE"] is None
    assert TABLE.single_taxes(before, "", "")["FR"] is None


def test_single_taxes_of_many_regions():
    """Between however many regions, the answers are the same, also when old ones are forgotten."""
    days = bc.Period("2020-06-01", "2020-07-01")
    rates = [TABLE.single_taxes(days, f"region {n}", "")["DE"].rate for n in range(100)]

    assert set(rates) == {19}
    assert TABLE.single_taxes(days, "EU", "")["DE"].category is bc.TaxCategory.REVERSE_CHARGE
    assert TABLE.single_taxes(days, "region 0", "")["DE"].rate == 19
