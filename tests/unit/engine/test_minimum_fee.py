"""Minimum fees and commitments: what usage of a period is short of what was agreed."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.metering import (
    FEBRUARY,
    INCLUDE,
    JANUARY,
    MONTHLY,
    Book,
    calls,
    fee,
    lines_of,
    reasons,
    shown,
    used,
)


def fees(outcome):
    """Give the amounts of the lines of minimum fees."""
    return [str(line.amount) for line in lines_of(outcome) if line.billable == "S-1/minimum"]


def test_usage_below_the_minimum_is_filled_up():
    """80.00 of usage and a minimum of 100.00 are a line of 20.00, which covers the period."""
    book = Book(calls(), fee(100))
    book.add(used("U-1", 5, 8))
    lines = lines_of(book.bill())

    assert shown(lines) == [("calls", "8", "10", "80.00"), ("minimum", "1", "20.00", "20.00")]
    assert [str(cover.period) for cover in lines[1].covers] == ["2026-01-01/2026-02-01"]
    assert dict(lines[1].origin.facts) == {
        "period": "2026-01-01 to 2026-01-31",
        "minimum": "100.00",
        "used": "80.00",
        "share of S-1/calls": "20.00",
    }


@pytest.mark.parametrize("quantity", [10, 11], ids=["the minimum", "more than the minimum"])
def test_usage_that_reaches_the_minimum_is_all_there_is(quantity):
    """100.00 of usage or more and a minimum of 100.00 are no further line."""
    book = Book(calls(), fee(100))
    book.add(used("U-1", 5, quantity))
    outcome = book.bill()

    assert fees(outcome) == []
    assert reasons(outcome) == {"S-1/minimum": "MINIMUM_REACHED"}


def test_a_minimum_is_due_without_any_usage():
    """Without usage the whole minimum is due."""
    assert fees(Book(calls(), fee(100)).bill()) == ["100.00"]


def test_daily_runs_charge_one_floor():
    """Runs day by day charge usage every day, and the floor once, when the month closes."""
    book = Book(calls(), fee(100))
    book.add(used("U-1", 5, 3), used("U-2", 31, 2))
    found = []
    for day in range(1, 32):
        outcome = book.run(bc.Period.day(f"2026-01-{day:02}"))
        found += [(day, amount) for amount in fees(outcome)]

    assert found == [(31, "50.00")]
    assert book.net() == 100


def test_a_period_that_has_not_closed_is_not_due():
    """In the middle of a quarter its minimum is not due."""
    book = Book(calls(), fee(100, cadence=bc.quarterly(anchor="2026-01-01")))

    assert reasons(book.bill(FEBRUARY))["S-1/minimum"] == "NOT_DUE"
    assert fees(book.bill(bc.Period.month(2026, 3))) == ["100.00"]


def test_later_usage_of_the_period_takes_the_fee_back():
    """20.00 are charged; 5.00 and then 50.00 of late usage take back 5.00 and then the rest."""
    book = Book(calls(unit_price=1), fee(100), policy=INCLUDE, end="2026-01-31")
    book.add(used("U-1", 5, 80))
    book.run()
    book.finalize()
    found = []
    for number, quantity in ((2, 5), (3, 50), (4, 1)):
        book.add(used(f"U-{number}", 6, quantity))
        outcome = book.run(FEBRUARY)
        found.append(fees(outcome))
        book.finalize()

    assert found == [["-5.00"], ["-15.00"], []]
    assert book.net() == 136
    assert reasons(outcome)["S-1/minimum"] == "MINIMUM_REACHED"


def test_usage_that_is_taken_back_raises_the_fee():
    """100.00 of usage reach the minimum; after 30.00 of it are taken back 30.00 are short."""
    book = Book(calls(unit_price=1, cadence=MONTHLY), fee(100), end="2026-01-31")
    book.add(used("U-1", 5, 70), used("U-2", 6, 30))
    assert fees(book.run()) == []
    book.finalize()
    book.add(used("U-2", 6, 0))

    assert fees(book.run(FEBRUARY)) == ["30.00"]
    assert book.net() == 100


def test_a_repeated_run_makes_the_line_of_its_draft_anew():
    """On a draft the fee shrinks with what is used: 20.00, 5.00, then nothing."""
    book = Book(calls(unit_price=1), fee(100))
    found = []
    for number, quantity in ((1, 80), (2, 15), (3, 15)):
        book.add(used(f"U-{number}", 6, quantity))
        found.append(fees(book.run()))

    assert found == [["20.00"], ["5.00"], ["0.00"]]
    assert reasons(book.bill())["S-1/minimum"] == "MINIMUM_REACHED"
    assert book.net() == 110


def test_a_fee_that_is_billed_is_covered():
    """A fee on a draft or an invoice is not charged again."""
    book = Book(calls(), fee(100))
    assert fees(book.run()) == ["100.00"]
    assert reasons(book.bill())["S-1/minimum"] == "COVERED"

    book.finalize()
    assert reasons(book.bill())["S-1/minimum"] == "COVERED"
    assert fees(book.bill(FEBRUARY)) == ["100.00"]


def test_a_missed_month_is_not_lost():
    """After the fee of January, a run over March finds those of February and March."""
    book = Book(calls(), fee(100))
    book.run()
    book.finalize()
    lines = lines_of(book.bill(bc.Period.month(2026, 3)))

    assert [str(line.service_period) for line in lines] == [
        "2026-02-01/2026-03-01",
        "2026-03-01/2026-04-01",
    ]


@pytest.mark.parametrize(
    ("policy", "fields", "count"),
    [
        (bc.DOCUMENTED, {"start": "2025-11-01"}, 1),
        (bc.LEVEL, {"start": "2025-11-01"}, 3),
        (bc.LEVEL, {}, 1),
        (bc.LEVEL, {"start": "2025-11-01", "next_service_period_start": "2025-12-01"}, 2),
    ],
    ids=["from the run", "from the item", "without a first day", "migrated"],
)
def test_the_first_period_is_that_of_the_policy(policy, fields, count):
    """Fees before the first run are charged where the policy begins with the item."""
    book = Book(calls(), fee(100, cadence=bc.monthly(anchor="2025-11-01"), **fields), policy=policy)

    assert len(fees(book.bill())) == count


@pytest.mark.parametrize(
    ("fields", "amount"),
    [
        ({}, "100.00"),
        ({"proration": bc.proration.NONE}, "100.00"),
        ({"proration": bc.proration.CALENDAR_MONTHS}, "51.61"),
    ],
    ids=["full", "full by its convention", "16 of 31 days"],
)
def test_a_cut_period_has_the_minimum_by_its_convention(fields, amount):
    """From 16 January on 100.00 are the full minimum, or 100.00 x 16/31 = 51.61."""
    book = Book(calls(), fee(100, **fields), start="2026-01-16")

    assert fees(book.bill()) == [amount]


def test_the_last_period_closes_with_the_contract():
    """A contract that ends on 20 January closes its period on that day."""
    book = Book(calls(), fee(100), end="2026-01-20")

    assert fees(book.bill(bc.Period.closed("2026-01-01", "2026-01-20"))) == ["100.00"]
    assert fees(book.bill(FEBRUARY)) == []


def test_a_minimum_that_changes_within_the_period_is_counted_once():
    """100.00 that become 200.00 are 100.00 for the month, or 15/31 and 16/31 of the two: 151.61."""
    change = bc.Change("2026-01-16", unit_price=200)
    whole = Book(calls(), fee(100).changed(change))
    parts = Book(calls(), fee(100, proration=bc.proration.CALENDAR_MONTHS).changed(change))

    assert fees(whole.bill()) == ["100.00"]
    assert fees(parts.bill()) == ["151.61"]


def test_a_commitment_counts_the_usage_of_its_items_over_its_own_period():
    """100.00 a quarter for calls and SMS, 90.00 of which are used: mail does not count."""
    items = [
        calls(unit_price=1),
        calls(id="sms", order_no="SMS", unit_price=1),
        calls(id="mail", order_no="MAIL", unit_price=1),
        fee(100, order_no="CALLS, SMS", cadence=bc.quarterly(anchor="2026-01-01")),
    ]
    book = Book(*items)
    for month in (1, 2, 3):
        day = f"2026-{month:02}-10"
        book.add(used(f"C-{month}", day, 20), used(f"M-{month}", day, 50, order_no="MAIL"))
        book.add(used(f"S-{month}", day, 10, order_no="SMS"))
        outcome = book.run(bc.Period.month(2026, month))
        book.finalize()
    (line,) = [line for line in lines_of(outcome) if line.billable == "S-1/minimum"]

    assert line.amount == 10
    assert line.origin.shares == (("S-1/calls", Decimal("6.67")), ("S-1/sms", Decimal("3.33")))


def test_a_commitment_without_items_has_no_shares():
    """A fee whose order numbers no item has is due in full, and belongs to none."""
    book = Book(fee(100, order_no="NONE"))
    (line,) = lines_of(book.bill())

    assert (line.amount, line.origin.shares) == (100, ())


def test_a_fee_without_billing_period_is_for_the_days_of_the_run():
    """Without a cadence each run compares its own usage, and late usage that of its run."""
    book = Book(calls(unit_price=1), fee(100, cadence=None))
    book.add(used("U-1", 5, 80))
    assert fees(book.run()) == ["20.00"]
    book.finalize()
    book.add(used("U-2", "2026-02-05", 70))

    assert fees(book.run(FEBRUARY)) == ["30.00"]
    assert reasons(Book(fee(9, cadence=None, end="2025-12-31")).bill())["S-1/minimum"] == "NOT_DUE"


def test_a_fee_of_a_contract_without_a_day_is_not_due():
    """A fee whose dates lie outside its contract is never due."""
    book = Book(fee(100, end="2025-12-31"), start="2026-01-01")

    assert reasons(book.bill())["S-1/minimum"] == "NOT_DUE"


def test_usage_is_cut_where_the_periods_of_its_fee_begin():
    """Usage of two weeks in one run is a line for each week of the weekly fee."""
    book = Book(calls(), fee(100, cadence=bc.weekly(anchor="2026-01-05")))
    book.add(used("U-1", 6, 8), used("U-2", 13, 8))
    found = [line for line in lines_of(book.bill()) if line.billable == "S-1/calls"]

    assert [str(line.amount) for line in found] == ["80.00", "80.00"]


def test_only_usage_in_the_currency_of_the_fee_counts():
    """Usage in Swiss francs does not count for a minimum in euros."""
    book = Book(calls(), fee(100))
    book.add(used("U-1", 5, 8, price=bc.Money(10, "CHF")))

    assert fees(book.bill()) == ["100.00"]


def test_no_discount_is_taken_off_a_minimum():
    """Usage counts after its discount, and the fee has none of its own."""
    book = Book(calls(discount=bc.Discount.percent(50)), fee(100, discount=bc.Discount.percent(50)))
    book.add(used("U-1", 5, 8))

    assert fees(book.bill()) == ["60.00"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"active": False}, "ITEM_INACTIVE")],
    ids=["inactive"],
)
def test_a_fee_that_is_not_active_is_not_charged(fields, reason):
    """An inactive fee is excluded as such."""
    assert reasons(Book(fee(100, **fields)).bill()) == {"S-1/minimum": reason}


def test_a_fee_that_cannot_be_prorated_is_a_problem():
    """Weeks cannot be measured in months, which is a problem of the fee."""
    item = fee(
        100,
        cadence=bc.weekly(anchor="2025-12-29"),
        proration=bc.proration.CALENDAR_MONTHS,
        start="2025-12-31",
    )
    (problem,) = Book(item).bill().problems

    assert (problem.record, problem.code) == ("S-1/minimum", "unit-mismatch")


def test_a_subscription_that_cannot_be_billed_has_no_fee():
    """A fee of an inactive subscription, or one without a seller, has the reason of that."""
    assert reasons(Book(fee(100), status="Draft").bill()) == {
        "S-1/minimum": "SUBSCRIPTION_NOT_ACTIVE"
    }
    assert Book(fee(100), entity="nobody").bill().drafts == ()


def test_the_invoice_of_a_run_is_one_with_the_usage():
    """Usage and fee of a subscription are on one invoice."""
    book = Book(calls(), fee(100))
    book.add(used("U-1", 5, 8))

    assert [len(draft.lines) for draft in book.bill(JANUARY).drafts] == [2]


def test_a_fee_that_is_refused_by_the_tax_engine_is_a_problem():
    """A fee with an unknown tax code is a problem, and nothing is written to any record."""
    outcome = Book(fee(100, tax_code="NONE")).bill()

    assert [problem.record for problem in outcome.problems] == ["S-1/minimum"]
    assert outcome.updates == ()


def test_a_fee_writes_nothing_back():
    """The line of a fee has no record of the host to which something is written."""
    outcome = Book(fee(100)).bill()
    (line,) = lines_of(outcome)

    assert outcome.updates == ()
    assert (list(line.origin.records), list(line.origin.documents), line.sources) == ([], [], ())


def test_other_items_of_the_contract_are_no_usage():
    """A base price of 30.00 beside usage of 80.00 does not count for the minimum of 100.00."""
    base = bc.Item("base", unit_price=30, billing_type=bc.RECURRING, cadence=MONTHLY)
    book = Book(calls(), base, fee(100))
    book.add(used("U-1", 5, 8))

    assert fees(book.bill()) == ["20.00"]
