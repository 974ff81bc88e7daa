"""What users reported about contracts of several items: one cursor, minimums, mixed rhythms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.changing import (
    APRIL,
    MAY,
    all_billed,
    books,
    by_days,
    decimals,
    edit,
    invoice,
    invoice_all,
    nets,
    plan,
    shown_by_item,
    total_net,
)
from tests.unit.engine.records import contract, monthly, store_of

JANUARY = bc.Period.month(2026, 1)
YEAR_2023 = [bc.Period.month(2023, month) for month in range(1, 13)]


def next_starts(store):
    """Give the next start of each item as its claims say it."""
    covered = bc.coverage_of(store.snapshot("acme").claims)
    return {
        billable.partition("/")[2]: bc.next_service_period_start(facts)
        for billable, facts in covered.items()
    }


class TestP20OneCursorForManyLines:
    """OCA/contract#1065, #1448, #1214: after a change the other lines are a period ahead."""

    def test_a_change_of_one_weekly_line(self):
        """#1065: b is corrected by -11.43 + 15.43, a has no line, and both go on on 15 January."""
        a, b = by_days("a", 10, cadence=bc.weekly()), by_days("b", 20, cadence=bc.weekly())
        c, d = (by_days(name, 7, cadence=bc.weekly(), start="2024-01-15") for name in "cd")
        weeks = [bc.Period(f"2024-01-{n:02}", f"2024-01-{n + 7:02}") for n in (1, 8, 15)]
        store = books(a, b, start="2024-01-01")
        first = nets(invoice(store, weeks[0]))
        dearer = b.changed(bc.Change("2024-01-04", unit_price=27))
        edit(store, a, dearer, start="2024-01-01")

        assert first == decimals("10.00", "20.00")
        assert shown_by_item(invoice(store, weeks[1])) == [
            "a 2024-01-08 10.00",
            "b 2024-01-04 -11.43",
            "b 2024-01-04 15.43",
            "b 2024-01-08 27.00",
        ]
        assert next_starts(store) == {"a": date(2024, 1, 15), "b": date(2024, 1, 15)}
        edit(store, a, dearer, c, d, start="2024-01-01")
        assert nets(invoice(store, weeks[2])) == decimals("10.00", "27.00", "7.00", "7.00")

    def test_a_pause_of_one_quarterly_line(self):
        """#1448: a stub of 21 days costs 21.00, with 5 days paused 16.00; all go on on 30 June."""
        arrears = {"cadence": bc.quarterly(anchor="2026-06-30"), "billing_practice": bc.ARREARS}
        one, two, three = (by_days(name, 92, **arrears) for name in ("one", "two", "three"))
        paused = two.changed(bc.pause("2026-06-20", "2026-06-24"))
        store = books(one, paused, three, start="2026-06-09")

        assert shown_by_item(invoice(store, bc.Period.month(2026, 6))) == [
            "one 2026-06-09 21.00",
            "two 2026-06-09 11.00",
            "two 2026-06-25 5.00",
            "three 2026-06-09 21.00",
        ]
        assert invoice(store, bc.Period.month(2026, 7)) == []
        lines = invoice(store, bc.Period.month(2026, 9))
        assert {str(line.service_period) for line in lines} == {"2026-06-30/2026-09-30"}
        assert nets(lines) == decimals("92.00", "92.00", "92.00")

    def test_a_pause_of_one_line_after_billing(self):
        """#1214: 32.26 of the second line go back, the first stays, both go on on 1 February."""
        one, two = (by_days(name, billing_practice=bc.ARREARS) for name in ("one", "two"))
        store = books(one, two, start="2026-01-01")
        invoice(store, JANUARY)
        edit(store, one, two.changed(bc.pause("2026-01-11", "2026-01-20")), start="2026-01-01")

        assert shown_by_item(invoice(store, JANUARY)) == ["two 2026-01-11 -32.26"]
        lines = invoice(store, bc.Period.month(2026, 2))
        assert shown_by_item(lines) == ["one 2026-02-01 100.00", "two 2026-02-01 100.00"]


def true_up(store, period, **switches):
    """Give what is missing to the minimum: the minimum's items less those of the pool."""
    outcome = plan(store, period, **switches)
    lines = [line for draft in outcome.drafts for line in draft.lines]
    floor = total_net(line for line in lines if line.item.product == "minimum")
    return max(
        Decimal(), floor - total_net(line for line in lines if line.item.product != "minimum")
    )


class TestP21MinimumsUnderProration:
    """getlago/lago-api#6123, flexprice/flexprice#2364: a minimum against the wrong days.

    A minimum is billed here as an item of its own in a preview: same rhythm, same pauses, same
    end, so that its slices are the prorated minimum, and what is missing is the difference of two
    sums over the same window. The line that charges it (once per window, after usage was rated,
    allocated back to the pool) waits for usage billing, and so do windows of their own,
    lago-api#1246, and flexprice#1663 for what is priced by usage.
    """

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
        documents = [nets(invoice(store, month, policy)) for month in (APRIL, MAY)]
        last = nets(invoice(store, bc.Period.month(2026, 6), policy))

        assert (documents, last) == ([[], []], decimals("10.00", "10.00", "10.00"))

    def test_a_contract_that_ends_is_billed_below_the_minimum(self):
        """The last document of a contract is made however small, with all that was carried."""
        store = books(monthly(price=10), end="2026-05-31")
        policy = bc.LEVEL.but(minimum_amount={"EUR": 25})

        assert nets(invoice(store, APRIL, policy)) == []
        assert nets(invoice(store, MAY, policy)) == decimals("10.00", "10.00")

    def test_slices_are_judged_together(self):
        """Two slices of 15.00 on one document reach a minimum of 20.00."""
        item = by_days(price=30).changed(bc.Change("2026-04-16", tax_code="free"))
        lines = invoice(books(item), APRIL, minimum_amount={"EUR": 20})

        assert nets(lines) == decimals("15.00", "15.00")


class TestP24MixedRhythms:
    """Meteroid's 25 % window, getlago/lago-api#1203, OpenMeter's alignment, ERPNext's refusal."""

    def test_a_change_in_the_first_part_of_a_month(self):
        """Of a stub of 23 days at 1.00, ten go back at 10.00; 10/23 of a month would be 13.04."""
        item = by_days(price=30, cadence=bc.monthly(anchor="2026-04-01"))
        store = books(item, start="2026-04-08")
        stub = nets(invoice(store, APRIL))
        edit(store, item.changed(bc.Change("2026-04-21", unit_price=60)), start="2026-04-08")

        assert stub == decimals("23.00")
        assert nets(invoice(store, MAY)) == decimals("-10.00", "20.00", "60.00")

    def test_one_increase_of_three_rhythms(self):
        """A month, a quarter and a year of one contract rise by 10 % inside their own periods."""
        items = [
            by_days("month", 30, cadence=bc.monthly(anchor="2026-04-01")),
            by_days("quarter", 92, cadence=bc.quarterly(anchor="2026-05-15"), start="2026-05-15"),
            by_days("year", 365, cadence=bc.yearly(anchor="2026-04-16"), start="2026-04-16"),
        ]
        store = books(*items)
        invoice_all(store, [APRIL, MAY, bc.Period.month(2026, 6)])
        before = contract(*items, start="2026-04-01")
        store.change(bc.increase_prices(before, on="2026-07-01", factor="1.1"))
        lines = invoice(store, bc.Period.month(2026, 7))

        assert shown_by_item(lines) == [
            "month 2026-07-01 33.00",
            "quarter 2026-07-01 -45.00",
            "quarter 2026-07-01 49.50",
            "year 2026-07-01 -289.00",
            "year 2026-07-01 317.90",
        ]
        assert total_net(lines) == Decimal("66.40")
        later = invoice(store, bc.Period.month(2026, 8))
        assert shown_by_item(later) == ["month 2026-08-01 33.00", "quarter 2026-08-15 101.20"]

    def yearly_and_monthly(self):
        """Give an item of 1,200.00 a year and one of 10.00 a month."""
        return by_days("fee", 1200, cadence=bc.yearly()), by_days("support", 10)

    def test_a_yearly_fee_with_monthly_charges(self):
        """lago-api#1203: twelve runs bill one year and twelve months, 1,320.00, without collision."""
        store = books(*self.yearly_and_monthly(), start="2023-01-01")
        invoice_all(store, YEAR_2023)
        lines = [line for each in store.invoices() for line in each.lines]

        assert sorted(line.item.id for line in lines) == ["fee"] + ["support"] * 12
        assert all_billed(store) == 1320

    def test_a_change_of_the_yearly_fee_leaves_the_months_alone(self):
        """With 1,565.00 from July, 604.93 go back, 788.93 are billed: 1,504.00 in the year."""
        fee, support = self.yearly_and_monthly()
        store = books(fee, support, start="2023-01-01")
        invoice_all(store, YEAR_2023[:6])
        dearer = fee.changed(bc.Change("2023-07-01", unit_price=1565))
        edit(store, dearer, support, start="2023-01-01")

        assert nets(invoice(store, YEAR_2023[6])) == decimals("-604.93", "788.93", "10.00")
        invoice_all(store, YEAR_2023[7:])
        assert all_billed(store) == 1504

    def test_every_rhythm_in_one_contract(self):
        """Weeks, months, quarters and years, in advance and in arrears, are one contract's."""
        items = [
            by_days("week", 7, cadence=bc.weekly(anchor="2026-04-06"), start="2026-04-06"),
            by_days("month", 30, billing_practice=bc.ARREARS),
            by_days("quarter", 91, cadence=bc.quarterly(), billing_practice=bc.ARREARS),
            by_days("year", 365, cadence=bc.yearly()),
        ]
        store = store_of(contract(*items, start="2026-04-01"))
        lines = invoice(store, APRIL)

        assert shown_by_item(lines) == [
            "week 2026-04-06 7.00",
            "week 2026-04-13 7.00",
            "week 2026-04-20 7.00",
            "week 2026-04-27 7.00",
            "month 2026-04-01 30.00",
            "year 2026-04-01 365.00",
        ]
        june = invoice(store, bc.Period("2026-05-01", "2026-07-01"))
        assert total_net(line for line in june if line.item.id == "quarter") == 91
