"""P21: minimums and commitments against the wrong days or counted twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import invoice, show, store_of
from tests.field.usage import JANUARY, calls, desk, used
from tests.field.usage import invoiced as invoiced_net
from tests.unit.engine.changing import (
    APRIL,
    MAY,
    books,
    by_days,
    decimals,
    invoice_all,
    nets,
    plan,
    total_net,
)
from tests.unit.engine.changing import invoice as invoiced
from tests.unit.engine.records import monthly

PAIN = Pain(
    "P21",
    "Minimums and commitments when periods are cut or charges are split",
    elsewhere="A minimum is compared charge by charge, so a charge in two parts meets it twice. "
    "It is cut by other days than the charges it is for, or asked for after the end.",
    here="A minimum is an item with a window, a pool of items and a proration of its own. "
    "When its window closes, all that the pool was billed is compared once, "
    "and one line is the difference.",
)


@case(
    "flexprice/flexprice#2364",
    gave="A commitment counted once for each part of a charge that was split.",
    right="10 x 1.00 before and 20 x 2.00 after 16 March are 50.00. "
    "A minimum of 100.00 asks once for 50.00.",
    own_numbers=True,
    prints="""
    calls 2024-03-10 2024-03-10 10.00
    calls 2024-03-20 2024-03-20 40.00
    floor 2024-03-01 2024-03-31 50.00
    """,
)
def test_a_split_charge_meets_its_minimum_twice():
    """A charge that is split into two parts meets its commitment twice."""
    terms = {"cadence": bc.monthly(anchor="2024-03-01"), "billing_type": bc.TRANSACTIONAL}
    dearer = bc.Change("2024-03-16", unit_price=2)
    calls = bc.Item("calls", unit_price=1, changes=[dearer], **terms)
    floor = bc.Item("floor", unit_price=100, **(terms | {"billing_type": bc.MINIMUM_FEE}))
    store = store_of(calls, floor, start="2024-03-01")
    for day, count in (("2024-03-10", 10), ("2024-03-20", 20)):
        store.add_usage("acme", bc.UsageRecord(f"U-{day}", "calls", day, count))
    show(invoice(store, bc.Period.month(2024, 3)))


@case(
    "getlago/lago-api#6123",
    "getlago/lago-api#5187",
    gave="After a downgrade, which ends the old plan behind its last period, "
    "the minimum of the last period was compared with the wrong days.",
    right="100.00 of usage a month under a minimum of 10,000.00: 9,900.00 in April and May. "
    "The plan ends with May, so June asks for nothing. "
    "Ended on 15 May and prorated by days, 15/31 of 10,000.00 is 4,838.71, less 100.00.",
    own_numbers=True,
    prints="""
    until 2024-05-31
    floor 2024-04-01 2024-04-30 9900.00
    floor 2024-05-01 2024-05-31 9900.00
    until 2024-05-15
    floor 2024-04-01 2024-04-30 9900.00
    floor 2024-05-01 2024-05-15 4738.71
    """,
)
def test_the_minimum_of_the_last_period():
    """After a downgrade the minimum of the last period is compared with the wrong days."""
    terms = {"cadence": bc.monthly(anchor="2024-04-01"), "billing_type": bc.TRANSACTIONAL}
    calls = bc.Item("calls", unit_price=1, **terms)
    by_days = {"billing_type": bc.MINIMUM_FEE, "proration": bc.proration.ACTUAL_DAYS}
    floor = bc.Item("floor", unit_price=10000, **(terms | by_days))
    for end in ("2024-05-31", "2024-05-15"):
        print("until", end)
        store = store_of(calls, floor, start="2024-04-01", end=end)
        for day in ("2024-04-10", "2024-05-10"):
            store.add_usage("acme", bc.UsageRecord(f"U-{day}", "calls", day, 100))
        for month in (4, 5, 6):
            lines = invoice(store, bc.Period.month(2024, month))
            show(line for line in lines if line.item.id == "floor")


def true_up(store, period, **switches):
    """Give what is missing to the minimum: the minimum's items less those of the pool."""
    outcome = plan(store, period, **switches)
    lines = [line for draft in outcome.drafts for line in draft.lines]
    floor = total_net(line for line in lines if line.item.product == "minimum")
    return max(
        Decimal(), floor - total_net(line for line in lines if line.item.product != "minimum")
    )


@case(
    "getlago/lago-api#6123",
    "flexprice/flexprice#2364",
    gave="A minimum against the wrong days.",
    own_numbers=True,
)
# A minimum is billed here as an item of its own in a preview: same rhythm, same pauses, same end, so
# that its slices are the prorated minimum, and what is missing is the difference of two sums.
class TestMinimumsOfContracts:
    """A minimum of a contract is compared with other days than its items."""

    @pytest.mark.parametrize(
        ("month", "expected"),
        [(4, "9900.00"), (5, "9900.00"), (6, "0")],
        ids=["April", "May", "June"],
    )
    def test_a_downgrade_ends_the_minimum(self, month, expected):
        """lago-api#6123: 10,000.00 count for all of May, the last month, and not at all for June."""
        arrears = {"billing_practice": bc.ARREARS}
        pool = by_days("plan", 100, **arrears).changed(bc.Change("2024-06-01", unit_price=10))
        floor = by_days("floor", 10000, product="minimum", end="2024-05-31", **arrears)
        store = books(pool, floor, start="2024-03-01")
        invoice_all(store, [bc.Period.month(2024, each) for each in range(3, month)])

        assert true_up(store, bc.Period.month(2024, month)) == Decimal(expected)

    def test_a_downgrade_in_the_middle(self):
        """lago-api#6123 at once: 15/31 of the minimum, 4,838.71, less 15/31 of 100.00 is 4,790.32."""
        pool = by_days("plan", 100, end="2024-05-15")
        floor = by_days("floor", 10000, product="minimum", end="2024-05-15")
        store = books(pool, floor, start="2024-05-01")

        assert true_up(store, bc.Period.month(2024, 5)) == Decimal("4790.32")

    @pytest.mark.parametrize(
        ("pauses", "expected"),
        [([], "40.00"), ([bc.pause("2026-04-11", "2026-04-20")], "26.66")],
        ids=["without", "with"],
    )
    def test_a_pause_shortens_both(self, pauses, expected):
        """Ten of thirty days paused: 66.66 of 100.00 less 40.00 of 60.00; without, 40.00."""
        pool = by_days("plan", 60)
        store = books(pool, by_days("floor", product="minimum"), changes=pauses)

        assert true_up(store, APRIL) == Decimal(expected)

    @pytest.mark.parametrize(
        ("price", "expected"), [(150, "0"), (90, "25.00")], ids=["above", "below"]
    )
    def test_the_minimum_counts_once_for_all_slices(self, price, expected):
        """flexprice#2364: 30.00 + 75.00 is above 100.00, 30.00 + 45.00 is 25.00 below it."""
        pool = by_days("plan", 60).changed(bc.Change("2026-04-16", unit_price=price))
        store = books(pool, by_days("floor", product="minimum"))

        assert true_up(store, APRIL) == Decimal(expected)

    def test_a_document_below_the_minimum_waits_once(self):
        """10.00 a month under a minimum of 25.00: nothing, nothing, then 30.00 for three months."""
        store = books(monthly(price=10))
        policy = bc.LEVEL.but(minimum_amount={"EUR": 25})
        documents = [nets(invoiced(store, month, policy)) for month in (APRIL, MAY)]
        last = nets(invoiced(store, bc.Period.month(2026, 6), policy))

        assert (documents, last) == ([[], []], decimals("10.00", "10.00", "10.00"))

    def test_a_contract_that_ends_is_billed_below_the_minimum(self):
        """The last document of a contract is made however small, with all that was carried."""
        store = books(monthly(price=10), end="2026-05-31")
        policy = bc.LEVEL.but(minimum_amount={"EUR": 25})

        assert nets(invoiced(store, APRIL, policy)) == []
        assert nets(invoiced(store, MAY, policy)) == decimals("10.00", "10.00")

    def test_slices_are_judged_together(self):
        """Two slices of 15.00 on one document reach a minimum of 20.00."""
        item = by_days(price=30).changed(bc.Change("2026-04-16", tax_code="free"))
        lines = invoiced(books(item), APRIL, minimum_amount={"EUR": 20})

        assert nets(lines) == decimals("15.00", "15.00")


@case(
    "flexprice/flexprice#2364",
    "flexprice/flexprice#1663",
    gave="A commitment for each part of a charge.",
    own_numbers=True,
)
class TestMinimumsOfUsage:
    """A minimum of usage is charged for each part or each run."""

    def test_a_commitment_counts_once_where_a_charge_is_split(self):
        """A price that changes inside the month makes two lines and one minimum
        (flexprice#2364).
        """
        dearer = calls(changes=[bc.Change("2026-01-16", unit_price="0.20")])
        floor = bc.Item(
            "floor",
            unit_price=100,
            billing_type=bc.MINIMUM_FEE,
            cadence=bc.monthly(anchor="2026-01-01"),
        )
        store = desk(dearer, floor)
        for day, amount in (("2026-01-10", 100), ("2026-01-20", 100)):
            store.add_usage("acme", bc.UsageRecord(f"U-{day}", "calls", day, amount))
        (draft,) = bc.execute(bc.InvoiceRun(JANUARY), store).drafts
        amounts = [(line.item.id, line.net) for line in draft.lines]

        assert amounts == [
            ("calls", Decimal("10.00")),
            ("calls", Decimal("20.00")),
            ("floor", Decimal("70.00")),
        ]

    def test_daily_runs_charge_one_floor(self):
        """Thirty-one daily runs charge the minimum once, not thirty-one times."""
        floor = bc.Item(
            "floor",
            unit_price=31,
            billing_type=bc.MINIMUM_FEE,
            cadence=bc.monthly(anchor="2026-01-01"),
        )
        store = desk(calls(), floor)
        used(store, *[10] * 31)
        billed = sum(
            invoiced_net(store, bc.InvoiceRun(bc.Period.day(day), policy=bc.LEVEL))
            for day in (date(2026, 1, number) for number in range(1, 32))
        )

        assert billed == Decimal("31.00")
