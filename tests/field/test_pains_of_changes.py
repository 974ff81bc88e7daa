"""What users of other billing engines reported about changes: wrong days, wrong prices, locks.

Amounts are worked out by hand from the days. Where a report has amounts, they are its own; else
prices are ours, chosen so that a day costs a round sum.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

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
    nets,
    plan,
    reasons,
    shown,
)


class TestP4AnchorsAndChanges:
    """getlago/lago-api#1840: a subscription of 30 January; its second period begins 29 February."""

    ANCHORED = bc.monthly(anchor="2024-01-30")
    UPGRADE = bc.Change("2024-03-10", unit_price=60)

    def test_a_change_inside_a_clamped_period(self):
        """29 February to 29 March has 30 days, of which 10 cost 1.00 and 20 cost 2.00."""
        item = by_days(price=30, cadence=self.ANCHORED).changed(self.UPGRADE)
        store = books(item, start="2024-01-30")

        assert shown(invoice(store, bc.Period("2024-01-30", "2024-04-01"))) == [
            "2024-01-30..2024-02-28 30.00",
            "2024-02-29..2024-03-09 10.00",
            "2024-03-10..2024-03-29 40.00",
            "2024-03-30..2024-04-29 60.00",
        ]

    def test_the_same_change_after_billing(self):
        """Found after billing, 20.00 go back and 40.00 are billed anew."""
        item = by_days(price=30, cadence=self.ANCHORED)
        store = books(item, start="2024-01-30")
        invoice(store, bc.Period("2024-01-30", "2024-03-01"))
        edit(store, item.changed(self.UPGRADE), start="2024-01-30")

        assert nets(invoice(store, bc.Period("2024-03-01", "2024-03-30"))) == decimals(
            "-20.00", "40.00"
        )


class TestP9WrongDenominator:
    """getlago/lago-api#6194 and #6173, silver#200, frappe/erpnext#36953: days of the wrong period."""

    @pytest.mark.parametrize(
        ("anchor", "old", "new", "days"),
        [
            ("2024-04-01", "245.00", "420.00", (49, 42)),
            ("2024-04-15", "175.00", "560.00", (35, 56)),
        ],
        ids=["calendar quarter", "quarter from the 15th"],
    )
    def test_an_upgrade_inside_a_quarter(self, anchor, old, new, days):
        """Of 91 days, 49 (35) cost 5.00 and 42 (56) cost 10.00; lago divided by 42 (87)."""
        item = by_days(price=455, cadence=bc.quarterly(anchor=anchor))
        store = books(item.changed(bc.Change("2024-05-20", unit_price=910)), start=anchor)
        lines = invoice(store, bc.Period.month(2024, 5))

        assert nets(lines) == decimals(old, new)
        for line, count in zip(lines, days, strict=True):
            assert line.span.shares[0].full == bc.quarterly(anchor=anchor).period(0)
            assert f"{count} of 91 days of {anchor}" in str(bc.explain(line))

    @pytest.mark.parametrize(
        ("change_day", "expected"),
        [(bc.ChangeDay.NEW, ("245.00", "420.00")), (bc.ChangeDay.OLD, ("250.00", "410.00"))],
        ids=lambda value: getattr(value, "name", ""),
    )
    def test_the_day_of_the_upgrade_is_billed_once(self, change_day, expected):
        """20 May costs 10.00 or 5.00 by policy, never both as in lago-api#1695."""
        item = by_days(price=455, cadence=bc.quarterly(anchor="2024-04-01"))
        store = books(item.changed(bc.Change("2024-05-20", unit_price=910)), start="2024-04-01")
        lines = invoice(store, bc.Period.month(2024, 5), change_day=change_day)

        assert nets(lines) == decimals(*expected)

    def test_an_upgrade_after_billing(self):
        """42 days at 5.00 go back and are billed at 10.00: 455.00 + 210.00 = 665.00."""
        item = by_days(price=455, cadence=bc.quarterly(anchor="2024-04-01"))
        store = books(item, start="2024-04-01")
        invoice(store, bc.Period.month(2024, 4))
        edit(store, item.changed(bc.Change("2024-05-20", unit_price=910)), start="2024-04-01")

        assert nets(invoice(store, bc.Period.month(2024, 5))) == decimals("-210.00", "420.00")
        assert all_billed(store) == 665

    @pytest.mark.parametrize(
        ("end", "expected"), [(None, "420.00"), ("2024-06-10", "220.00")], ids=["open", "ended"]
    )
    def test_an_upgrade_as_a_new_item(self, end, expected):
        """A plan that begins on 20 May on the old quarters is paid for 42 (22) days of 91."""
        old = by_days("basic", 455, cadence=bc.quarterly(anchor="2024-04-01"))
        new = by_days("pro", 910, cadence=bc.quarterly(), end=end)
        before = bc.Subscription("S-1", account="acme", start="2024-04-01", items=[old])
        upgraded = bc.replace_item(before, "basic", new, on="2024-05-20")
        store = bc.MemoryStore()
        store.add(bc.Account("acme", currency="EUR"), upgraded)

        lines = invoice(store, bc.Period.month(2024, 5))
        assert nets(lines) == decimals("245.00", expected)
        assert lines[1].span.shares[0].full == bc.Period("2024-04-01", "2024-07-01")

    def test_a_free_trial_over_the_end_of_a_month(self):
        """silver#200: the trial is 7/31 of January and 2/28 of February, not 9/31."""
        trial = bc.trial("2015-01-25", "2015-02-02")
        item = by_days(cadence=bc.monthly(anchor="2015-01-01")).changed(trial)
        store = books(item, start="2015-01-25")
        january = plan(store, bc.Period.month(2015, 1))

        assert (january.drafts, reasons(january)) == (
            (),
            ["S-1/seats PAUSED 2015-01-25..2015-01-31"],
        )
        assert shown(invoice(store, bc.Period.month(2015, 2))) == ["2015-02-03..2015-02-28 92.86"]

    def test_a_free_trial_granted_after_billing(self):
        """silver#200 after billing: 22.58 for 7 days of January and 7.14 for 2 of February go back."""
        item = by_days(cadence=bc.monthly(anchor="2015-01-01"))
        store = books(item, start="2015-01-25")
        paid = invoice(store, bc.Period("2015-01-25", "2015-02-05"))
        edit(store, item.changed(bc.trial("2015-01-25", "2015-02-02")), start="2015-01-25")

        assert nets(paid) == decimals("22.58", "100.00")
        assert shown(invoice(store, bc.Period.month(2015, 2))) == [
            "2015-01-25..2015-01-31 -22.58",
            "2015-02-01..2015-02-02 -7.14",
        ]

    @pytest.mark.parametrize(
        ("convention", "expected"),
        [("MONTH_FRACTIONS", "10928.33"), ("ACTUAL_DAYS", "10938.46")],
        ids=["as the thread", "by days"],
    )
    def test_the_convention_is_a_choice(self, convention, expected):
        """erpnext#36953: 3,950 a month, 8 April to 30 June: 83/30 months, or 84/91 of a quarter."""
        cadence = bc.monthly(3, anchor="2023-04-01")
        chosen = getattr(bc.proration, convention)
        store = books(by_days(price=3950, cadence=cadence, proration=chosen), start="2023-04-08")

        lines = invoice(store, bc.Period("2023-04-01", "2023-07-01"))
        assert nets(lines) == decimals(expected)

    def test_a_change_by_month_fractions(self):
        """erpnext#36953 with 4,500 from 16 May: 4,939.62 + 6,822.58, 16/31 and 1 month at the new."""
        cadence = bc.monthly(3, anchor="2023-04-01")
        fractions = bc.proration.MONTH_FRACTIONS
        item = by_days(price=3950, cadence=cadence, proration=fractions)
        changed = item.changed(bc.Change("2023-05-16", unit_price=4500))
        store = books(changed, start="2023-04-08")

        lines = invoice(store, bc.Period("2023-04-01", "2023-07-01"))
        assert nets(lines) == decimals("4939.62", "6822.58")

    def test_years_of_29_february(self):
        """lago-api#6173: years have 365, 365, 365 and 366 days, and no billing date is a duplicate."""
        item = by_days(price=366, cadence=bc.yearly(anchor="2024-02-29"))
        store = books(item.changed(bc.Change("2028-02-01", unit_price=732)), start="2024-02-29")
        lines = invoice(store, bc.Period("2024-02-29", "2028-02-29"))
        bounds = [line.service_period.bounds for line in lines]

        assert [start for start, _ in bounds] == [
            date(2024, 2, 29),
            date(2025, 2, 28),
            date(2026, 2, 28),
            date(2027, 2, 28),
            date(2028, 2, 1),
        ]
        assert all(one[1] == other[0] for one, other in pairwise(bounds))
        assert [line.service_period.days for line in lines] == [365, 365, 365, 338, 28]
        assert nets(lines) == decimals("366.00", "366.00", "366.00", "338.00", "56.00")


class TestP10CreditAtTheWrongPrice:
    """stripe-dotnet#3103, laravel/cashier-stripe#1028: credits at today's price, tax and discount."""

    def billed(self, item, **fields):
        """Make a store in which April 2026 is billed."""
        store = books(item, **fields)
        invoice(store, APRIL)
        return store

    @pytest.mark.parametrize(
        ("on", "discount", "expected"),
        [
            ("2026-04-16", bc.Discount.percent(50), ("0.00", "36.00")),
            ("2026-04-16", None, ("0.00", "72.00")),
            ("2026-04-01", bc.Discount.percent(50), ("0.00", "72.00")),
            ("2026-04-01", None, ("0.00", "144.00")),
        ],
        ids=["half month, one free", "half month", "month, one free", "month"],
    )
    def test_a_seat_that_nobody_paid_is_not_credited(self, on, discount, expected):
        """A seat at 72.00 with 100 % off gives back 0.00, whatever the second one costs."""
        item = by_days(price=72, discount=bc.Discount.percent(100))
        store = self.billed(item)
        edit(store, item.changed(bc.Change(on, quantity=2, discount=discount)))

        assert all_billed(store) == 0
        assert nets(invoice(store, APRIL)) == decimals(*expected)

    def test_a_tax_code_that_stays_changes_nothing(self):
        """cashier-stripe#1028: setting the tax code that is in force already makes no line."""
        item = by_days(tax_code="19")
        store = self.billed(item)
        edit(store, item.changed(bc.Change("2026-04-16", tax_code="19")))
        outcome = plan(store, APRIL)

        assert (outcome.drafts, outcome.corrections) == ((), ())

    def test_another_tax_code_moves_tax_only(self):
        """Half of 100.00 goes back with 9.50 of tax and is billed anew with 3.50."""
        item = by_days(tax_code="19")
        store = self.billed(item)
        edit(store, item.changed(bc.Change("2026-04-16", tax_code="7")))
        lines = invoice(store, APRIL)
        document = list(store.invoices())[-1]

        assert nets(lines) == decimals("-50.00", "50.00")
        assert [line.tax.rate for line in lines] == [19, 7]
        assert (document.totals.net, document.totals.tax) == (0, -6)

    def test_another_tax_code_from_the_next_period(self):
        """With NEXT_PERIOD April stays as it was billed, and May has the new code."""
        item = by_days(tax_code="19")
        store = self.billed(item)
        edit(store, item.changed(bc.Change("2026-04-16", tax_code="7")))
        outcome = plan(store, APRIL, change_inside=bc.ChangeInside.NEXT_PERIOD)
        (line,) = invoice(store, MAY, change_inside=bc.ChangeInside.NEXT_PERIOD)

        assert (outcome.drafts, outcome.corrections) == ((), ())
        assert (line.net, line.tax.rate) == (100, 7)

    THREE = by_days(price=20, quantity=3, discount=bc.Discount.percent(10))
    MORE = bc.Change("2026-04-11", quantity=5)
    CHEAPER = bc.Change("2026-04-21", unit_price=15)

    def test_each_credit_is_at_the_price_of_its_line(self):
        """54.00, then -36.00 + 60.00, then -30.00 + 22.50: 70.50 for ten days each of three sums."""
        store = self.billed(self.THREE)
        edit(store, self.THREE.changed(self.MORE))
        first = nets(invoice(store, APRIL))
        edit(store, self.THREE.changed(self.MORE, self.CHEAPER))
        second = nets(invoice(store, APRIL))

        assert first == decimals("-36.00", "60.00")
        assert second == decimals("-30.00", "22.50")
        assert all_billed(store) == decimals("70.50")[0]

    def test_the_same_in_one_go(self):
        """Billed after both changes, the three slices are 18.00, 30.00 and 22.50."""
        store = books(self.THREE.changed(self.MORE, self.CHEAPER))

        assert nets(invoice(store, APRIL)) == decimals("18.00", "30.00", "22.50")

    def test_a_fixed_discount_is_for_the_whole_period(self):
        """10.00 off a month is 5.00 off each half, billed at once or corrected."""
        item = by_days(discount=bc.Discount.amount(10))
        dearer = item.changed(bc.Change("2026-04-16", unit_price=130))
        store = self.billed(item)
        edit(store, dearer)

        assert nets(invoice(books(dearer), APRIL)) == decimals("45.00", "60.00")
        assert nets(invoice(store, APRIL)) == decimals("-45.00", "60.00")

    def test_two_credits_give_back_what_was_paid(self):
        """9.04 for a month, taken back in two halves, are 4.51 and 4.53 and never 9.05."""
        item = by_days(price="10.05", discount=bc.Discount.percent(10))
        store = self.billed(item)
        later = bc.pause("2026-04-16", "2026-04-30")
        edit(store, item.changed(later))
        second_half = nets(invoice(store, APRIL))
        edit(store, item.changed(later, bc.pause("2026-04-01", "2026-04-15")))

        assert second_half == decimals("-4.51")
        assert nets(invoice(store, APRIL)) == decimals("-4.53")
        assert all_billed(store) == 0
