"""A billing period in slices: what each convention makes of a change, in factors and cents.

Amounts are worked out by hand. Where a convention conserves, a slice costs what the running total
grows by: round(price x factor up to its end) - round(price x factor up to its start).
"""

from __future__ import annotations

from fractions import Fraction

import pytest

import billingcore as bc
from billingcore.periods.proration import CONVENTIONS
from billingcore.periods.shares import conserves
from tests.unit.engine.changing import (
    books,
    by_days,
    decimals,
    invoice,
    nets,
    plan,
    reasons,
    shown,
)

JANUARY, FEBRUARY, MARCH, APRIL = (bc.Period.month(2026, month) for month in range(1, 5))
START = "2026-01-01"


def prorated(convention, price=100, **fields):
    """Make an item on calendar months, by a convention."""
    own = {"cadence": bc.monthly(anchor=START), "proration": CONVENTIONS[convention]}
    return by_days(price=price, **(own | fields))


def billed(item, *periods, start=START, **switches):
    """Run and finalize period after period, and give the lines."""
    store = books(item, start=start)
    return [line for period in periods for line in invoice(store, period, **switches)]


UPGRADES = {
    # (convention, month): (9 days at 100, the rest at 150)
    ("NONE", 1): ("100.00",),
    ("CALENDAR_MONTHS", 1): ("29.03", "106.45"),  # 9/31; 150.00 - 43.55
    ("CALENDAR_MONTHS", 2): ("32.14", "101.79"),  # 9/28; 150.00 - 48.21
    ("CALENDAR_MONTHS", 4): ("30.00", "105.00"),  # 9/30; 150.00 - 45.00
    ("AVERAGE_MONTHS", 1): ("29.59", "108.49"),  # 108/365; 150 x 264/365 = 108.493
    ("AVERAGE_MONTHS", 2): ("29.59", "93.70"),  # 150 x 228/365 = 93.699
    ("AVERAGE_MONTHS", 4): ("29.59", "103.56"),  # 150 x 252/365 = 103.562
    ("ACTUAL_DAYS", 1): ("29.03", "106.45"),
    ("ACTUAL_DAYS", 2): ("32.14", "101.79"),
    ("ACTUAL_DAYS", 4): ("30.00", "105.00"),
    ("ACT_365", 1): ("29.59", "108.50"),  # 150 x 372/365 = 152.88 less 150 x 108/365 = 44.38
    ("ACT_365", 2): ("29.59", "93.70"),  # 138.08 - 44.38
    ("ACT_365", 4): ("29.59", "103.57"),  # 147.95 - 44.38
    ("ACT_360", 1): ("30.00", "110.00"),  # 9/30; 155.00 - 45.00
    ("ACT_360", 2): ("30.00", "95.00"),  # 140.00 - 45.00
    ("ACT_360", 4): ("30.00", "105.00"),
    ("THIRTY_360_US", 1): ("30.00", "105.00"),  # 9/30 and 21/30
    ("THIRTY_360_US", 2): ("30.00", "105.00"),
    ("THIRTY_360_US", 4): ("30.00", "105.00"),
    ("THIRTY_E_360", 1): ("30.00", "105.00"),
    ("THIRTY_E_360", 2): ("30.00", "105.00"),
    ("THIRTY_E_360", 4): ("30.00", "105.00"),
    ("STRICT_30", 1): ("30.00", "105.00"),  # the 31st is free
    ("STRICT_30", 2): ("30.00", "105.00"),  # the 28th counts for three
    ("STRICT_30", 4): ("30.00", "105.00"),
    ("MONTH_FRACTIONS", 1): ("29.03", "106.45"),
    ("MONTH_FRACTIONS", 2): ("32.14", "101.79"),
    ("MONTH_FRACTIONS", 4): ("30.00", "105.00"),
}


class TestConventions:
    """An upgrade from 100 to 150 on the 10th."""

    @pytest.mark.parametrize(
        ("convention", "month", "expected"),
        [(*key, expected) for key, expected in UPGRADES.items()],
        ids=[f"{name} of month {month}" for name, month in UPGRADES],
    )
    def test_an_upgrade_on_the_10th(self, convention, month, expected):
        """Nine days cost their part of 100 and the rest its part of 150, in months of any length."""
        start = f"2026-0{month}-01"
        item = prorated(convention, cadence=bc.monthly(anchor=start))
        changed = item.changed(bc.Change(f"2026-0{month}-10", unit_price=150))

        lines = billed(changed, bc.Period.month(2026, month), start=start)
        assert nets(lines) == decimals(*expected)

    def test_every_convention_is_in_the_table(self):
        """A convention of the library without an amount in January is missed here."""
        assert {name for name, month in UPGRADES if month == 1} == set(CONVENTIONS)

    @pytest.mark.parametrize("convention", CONVENTIONS)
    @pytest.mark.parametrize(
        "cadence",
        [
            bc.monthly(anchor=START),
            bc.monthly(anchor="2026-01-31"),
            bc.quarterly(anchor="2026-01-15"),
            bc.yearly(anchor="2024-02-29"),
            bc.daily(anchor=START),
        ],
        ids=["months", "months of the 31st", "quarters", "years", "days"],
    )
    def test_factors_add_up_where_the_convention_conserves(self, convention, cadence):
        """Of any billing period, slices have the factor of the whole, and its price to the cent."""
        plain = prorated(convention, "99.99", cadence=cadence)
        if not conserves(plain, cadence, bc.LEVEL):
            return
        days = cadence.period_of(FEBRUARY.bounds[0])
        first, stop = days.bounds
        tenth = first + (stop - first) / 10
        cuts = [
            bc.Change(tenth, tax_code="7"),
            bc.Change(tenth + (stop - first) / 3, tax_code="free"),
        ]
        one = plan(books(plain, start=first), days, day_unit=bc.DayUnit.MONTHS)
        two = plan(books(plain.changed(*cuts), start=first), days, day_unit=bc.DayUnit.MONTHS)

        factors = [
            sum((line.span.factor for draft in each.drafts for line in draft.lines), Fraction())
            for each in (one, two)
        ]
        assert factors[0] == factors[1]
        assert one.drafts[0].totals.net == two.drafts[0].totals.net

    def test_a_price_per_day(self):
        """Nine days at 2.00 and 22 days at 3.00 are 18.00 and 66.00."""
        item = prorated("CALENDAR_MONTHS", 2, cadence=bc.daily())
        changed = item.changed(bc.Change("2026-01-10", unit_price=3))

        assert nets(billed(changed, JANUARY)) == decimals("18.00", "66.00")

    def test_three_equal_slices(self):
        """Three slices of ten days at one price are 33.33, 33.34 and 33.33: 100.00."""
        codes = [bc.Change("2026-04-11", tax_code="7"), bc.Change("2026-04-21", tax_code="19")]

        lines = billed(by_days().changed(*codes), APRIL, start="2026-04-01")
        assert nets(lines) == decimals("33.33", "33.34", "33.33")

    def test_the_running_total_begins_with_the_service(self):
        """From the 11th, ten days are R(32.258) and eleven R(67.742) - R(32.258)."""
        item = by_days(cadence=bc.monthly(anchor=START))
        changed = item.changed(bc.Change("2026-01-21", tax_code="7"))

        lines = billed(changed, JANUARY, start="2026-01-11")
        assert nets(lines) == decimals("32.26", "35.48")

    def test_the_part_up_to_an_early_end(self):
        """Up to the 20th, nine days are 29.03 and eleven at 150 are 96.77 - 43.55 = 53.22."""
        item = by_days(end="2026-01-20").changed(bc.Change("2026-01-10", unit_price=150))

        assert nets(billed(item, JANUARY)) == decimals("29.03", "53.22")

    def test_no_decimal_places(self):
        """In yen a slice is a whole number: 9/31 of 1,000 is 290, 22/31 the other 710."""
        item = by_days(price=1000, currency="JPY").changed(bc.Change("2026-01-10", tax_code="7"))

        assert nets(billed(item, JANUARY)) == decimals("290", "710")


class TestLines:
    """Each slice is a line with its own key, terms and discount."""

    def test_each_slice_says_its_terms(self):
        """Title, quantity, price and tax of a line are those of its days."""
        item = by_days(title="Basic", tax_code="19").changed(
            bc.Change("2026-01-10", title="Pro", quantity=2, tax_code="7")
        )
        old, new = billed(item, JANUARY)

        assert (old.title, old.quantity, old.tax.rate) == ("Basic", 1, 19)
        assert (new.title, new.quantity, new.tax.rate) == ("Pro", 2, 7)
        assert [line.billing_key for line in (old, new)] == [
            "S-1/seats@2026-01-01",
            "S-1/seats@2026-01-10",
        ]

    def test_a_slice_explains_its_difference(self):
        """A slice of 33.34 says that it is 33.333 by itself, and why a cent more."""
        codes = [bc.Change("2026-04-11", tax_code="7"), bc.Change("2026-04-21", tax_code="19")]
        _, middle, _ = billed(by_days().changed(*codes), APRIL, start="2026-04-01")
        text = str(bc.explain(middle))

        assert "10 of 30 days" in text
        assert "33.333333...; 33.34 EUR, so that parts and whole agree" in text

    def test_percent_by_running_total(self):
        """10 % off 60.00 in three slices are 2.00, 3.34 and 2.50 by the total, not 2.00, 3.33, 2.50."""
        item = by_days(price=20, quantity=3, discount=bc.Discount.percent(10)).changed(
            bc.Change("2026-04-11", quantity=5), bc.Change("2026-04-21", unit_price=15)
        )
        lines = billed(item, APRIL, start="2026-04-01")

        assert [line.discount for line in lines] == decimals("2.00", "3.34", "2.50")
        assert nets(lines) == decimals("18.00", "30.00", "22.50")

    def test_a_fixed_discount_is_divided(self):
        """10.00 off a month of three equal slices are 3.33, 3.34 and 3.33 off them."""
        item = by_days(discount=bc.Discount.amount(10)).changed(
            bc.Change("2026-04-11", tax_code="7"), bc.Change("2026-04-21", tax_code="19")
        )
        lines = billed(item, APRIL, start="2026-04-01")

        assert [line.discount for line in lines] == decimals("3.33", "3.34", "3.33")
        assert nets(lines) == decimals("30.00", "30.00", "30.00")

    def test_an_order_discount_is_shared(self):
        """10 % off an order of 29.03 and 106.45 are 13.55, shared 2.90 and 10.65."""
        item = by_days().changed(bc.Change("2026-01-10", unit_price=150))
        store = books(item, start=START, order_discount=bc.Discount.percent(10))
        lines = invoice(store, JANUARY)

        assert sorted(line.order_discount for line in lines) == decimals("2.90", "10.65")

    def test_a_negative_quantity(self):
        """What is given back monthly is sliced like what is sold: -29.03 and -106.45."""
        item = by_days(quantity=-1).changed(bc.Change("2026-01-10", unit_price=150))
        lines = billed(item, JANUARY, negative_total=bc.NegativeTotal.INVOICE)

        assert nets(lines) == decimals("-29.03", "-106.45")

    def test_a_quantity_of_zero_is_a_pause(self):
        """Days at quantity 0 have no line, and the report says why."""
        item = by_days().changed(bc.Change("2026-01-10", quantity=0))
        store = books(item, start=START)

        assert reasons(plan(store, JANUARY)) == ["S-1/seats PAUSED 2026-01-10..2026-01-31"]
        assert nets(invoice(store, JANUARY)) == decimals("29.03")
        assert invoice(store, FEBRUARY) == []


CHANGE = bc.Change("2026-01-10", unit_price=150)


class TestPolicies:
    """Which day, and which period, a change belongs to."""

    @pytest.mark.parametrize(
        ("switches", "expected"),
        [
            ({}, ("29.03", "106.45", "150.00")),
            ({"change_day": bc.ChangeDay.OLD}, ("32.26", "101.61", "150.00")),
            ({"change_inside": bc.ChangeInside.NEXT_PERIOD}, ("100.00", "150.00")),
            ({"change_inside": bc.ChangeInside.WHOLE_PERIOD}, ("150.00", "150.00")),
        ],
        ids=["split", "old day", "next period", "whole period"],
    )
    def test_a_change_inside_a_period(self, switches, expected):
        """The 10th costs the new price or the old one; or the change moves to a border."""
        lines = billed(by_days().changed(CHANGE), JANUARY, FEBRUARY, **switches)

        assert nets(lines) == decimals(*expected)

    @pytest.mark.parametrize("inside", bc.ChangeInside, ids=lambda each: each.name)
    def test_a_change_at_a_border(self, inside):
        """A change on the first day of a period is the same under every policy."""
        item = by_days().changed(bc.Change("2026-02-01", unit_price=150))
        lines = billed(item, JANUARY, FEBRUARY, change_inside=inside)

        assert shown(lines) == [
            "2026-01-01..2026-01-31 100.00",
            "2026-02-01..2026-02-28 150.00",
        ]

    def test_the_old_day_at_a_border(self):
        """With OLD the first of February still costs 3.57, and the rest 144.64."""
        item = by_days().changed(bc.Change("2026-02-01", unit_price=150))
        lines = billed(item, JANUARY, FEBRUARY, change_day=bc.ChangeDay.OLD)

        assert nets(lines) == decimals("100.00", "3.57", "144.64")

    def test_the_day_after_the_last_is_no_change_day(self):
        """A promotion to the 9th ends with the 9th, whatever day its beginning belongs to."""
        item = by_days(price=31).changed(bc.Change("2026-01-01", until="2026-01-09", unit_price=62))
        lines = billed(item, JANUARY, change_day=bc.ChangeDay.OLD)

        assert nets(lines) == decimals("1.00", "16.00", "22.00")

    @pytest.mark.parametrize(
        ("inside", "expected"),
        [
            (bc.ChangeInside.NEXT_PERIOD, ("100.00", "170.00")),
            (bc.ChangeInside.WHOLE_PERIOD, ("170.00", "170.00")),
        ],
        ids=lambda value: getattr(value, "name", ""),
    )
    def test_of_two_changes_in_one_period_the_last_counts(self, inside, expected):
        """Moved to one border, the change that began last is in force from there."""
        item = by_days().changed(CHANGE, bc.Change("2026-01-20", unit_price=170))
        lines = billed(item, JANUARY, FEBRUARY, change_inside=inside)

        assert nets(lines) == decimals(*expected)

    @pytest.mark.parametrize("inside", bc.ChangeInside, ids=lambda each: each.name)
    def test_what_cannot_be_divided_changes_at_borders(self, inside):
        """By NONE a period costs one price: SPLIT is NEXT_PERIOD, WHOLE_PERIOD is its own."""
        item = prorated("NONE").changed(CHANGE)
        lines = billed(item, JANUARY, FEBRUARY, change_inside=inside)

        january = "150.00" if inside is bc.ChangeInside.WHOLE_PERIOD else "100.00"
        assert nets(lines) == decimals(january, "150.00")

    def test_without_a_billing_period_the_first_day_decides(self):
        """An item that is billed once a run has the price of the run's first uncovered day."""
        item = by_days(cadence=None, billing_type=bc.RECURRING, proration=None).changed(CHANGE)

        assert nets(billed(item, JANUARY, FEBRUARY)) == decimals("100.00", "150.00")

    def test_a_one_time_item_that_changes(self):
        """What is billed once has the price of its first day of service."""
        item = bc.Item("setup", unit_price=50, changes=[bc.Change("2025-12-01", unit_price=60)])

        assert nets(billed(item, JANUARY, FEBRUARY)) == decimals("60.00")
