"""P9: days are divided by the days of another period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import invoice, seats, store_of
from tests.unit.engine.changing import (
    all_billed,
    books,
    by_days,
    decimals,
    edit,
    nets,
    plan,
    reasons,
    shown,
)
from tests.unit.engine.changing import invoice as invoiced
from tests.unit.engine.records import bill, contract, monthly, run_of
from tests.unit.engine.records import store_of as stored

PAIN = Pain(
    "P9",
    "The wrong denominator",
    elsewhere="The days of a part are divided by the days of what is left, "
    "or of the month in which it begins. "
    "A date that was cut for one purpose is used for another.",
    here="A share is an object: its part, the full period that the anchor gives, "
    "and the convention. "
    "The explanation prints all three.",
)


@case(
    "silverapp/silver#200",
    gave="25 January to 2 February was 9/31 of a month; open since 2015.",
    right="7 of the 31 days of January and 2 of the 28 of February: 7/31 + 2/28 is 129/434. "
    "Of 100.00 (our own price) that is 29.7235: 29.72.",
    prints="""
    plan, 2015-01-25 to 2015-02-02
      position price: 100 x 1 = 100 EUR per month
      billing factor: 7/31 of January 2015 + 2/28 of February 2015 = 129/434 (CALENDAR_MONTHS)
      amount: 100 x 129/434 = 29.723502..., rounded to 29.72 EUR
      net: 29.72 EUR
      tax: none, it has no tax code
    """,
)
def test_nine_days_of_two_months_are_counted_as_of_one():
    """Nine days over the end of a month are counted as if all of them were in the first one."""
    item = seats(100, "plan", proration=bc.proration.CALENDAR_MONTHS)
    store = store_of(item, start="2015-01-25", end="2015-02-02")
    (line,) = invoice(store, bc.Period.month(2015, 1))
    print(bc.explain(line))


@case(
    "getlago/lago-api#6194",
    gave="A plan that begins on 20 May inside a quarter was divided by 42 days, "
    "or by 87 with an anchor on the 15th, and not by 91.",
    right="April to June has 91 days, and so has 15 April to 14 July. "
    "From 20 May on they have 42 and 56 days left. "
    "At 910.00 (our own price), 10.00 a day, that is 420.00 and 560.00.",
    prints="""
    42 of 91 days of 2024-04-01 to 2024-06-30 = 6/13 (ACTUAL_DAYS): 420.00
    56 of 91 days of 2024-04-15 to 2024-07-14 = 8/13 (ACTUAL_DAYS): 560.00
    """,
)
def test_a_quarter_has_42_or_87_days():
    """After an upgrade a quarter has 42 or 87 days instead of 91."""
    for anchor in ("2024-04-01", "2024-04-15"):
        pro = seats(910, "pro", cadence=bc.quarterly(anchor=anchor), start="2024-05-20")
        (line,) = invoice(store_of(pro, start=anchor), bc.Period.month(2024, 5))
        (factor,) = (each for each in bc.explain(line).steps if each.name == "billing factor")
        print(f"{factor.how}: {line.net}")


@case(
    "silverapp/silver#200",
    "getlago/lago-api#6194",
    gave="9/31, and 42 days of 42.",
)
class TestContractsThatEndInside:
    """A contract that ends inside a period is divided by its own days."""

    def test_nine_days_over_a_month_border(self):
        """25 January to 2 February 2015 is 7/31 + 2/28 of a month, not 9/31."""
        item = monthly(price=100, billing_type=bc.RECURRING_PRORATED, end="2015-02-02")
        store = stored(contract(item, start="2015-01-25"))
        (draft,) = bill(store, run_of(bc.Period.month(2015, 1))).drafts

        assert draft.line(1).factor == Fraction(7, 31) + Fraction(2, 28)
        assert draft.totals.net == Decimal("29.72")

    def test_the_denominator_is_the_whole_period(self):
        """42 days of a quarter of 91 days cost 42/91 of it, although the contract ends there."""
        item = monthly(
            price=91,
            billing_type=bc.RECURRING_PRORATED,
            proration=bc.proration.ACTUAL_DAYS,
            cadence=bc.quarterly(anchor="2026-04-01"),
            end="2026-05-12",
        )
        store = stored(contract(item, start="2026-04-01"))
        (draft,) = bill(store, run_of(bc.Period.month(2026, 4))).drafts

        assert (draft.line(1).factor, draft.totals.net) == (Fraction(42, 91), 42)
        assert str(draft.line(1).span.shares[0].full) == "2026-04-01/2026-07-01"


@case(
    "getlago/lago-api#6194",
    "getlago/lago-api#6173",
    "getlago/lago-api#1695",
    "silverapp/silver#200",
    "frappe/erpnext#36953",
    gave="42 or 87 days instead of 91, the day of the upgrade billed twice, 9/31, "
    "and months divided by months of other lengths.",
)
class TestChangesInsideAPeriod:
    """A change or a trial inside a period is divided by the wrong days."""

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
        lines = invoiced(store, bc.Period.month(2024, 5))

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
        lines = invoiced(store, bc.Period.month(2024, 5), change_day=change_day)

        assert nets(lines) == decimals(*expected)

    def test_an_upgrade_after_billing(self):
        """42 days at 5.00 go back and are billed at 10.00: 455.00 + 210.00 = 665.00."""
        item = by_days(price=455, cadence=bc.quarterly(anchor="2024-04-01"))
        store = books(item, start="2024-04-01")
        invoiced(store, bc.Period.month(2024, 4))
        edit(store, item.changed(bc.Change("2024-05-20", unit_price=910)), start="2024-04-01")

        assert nets(invoiced(store, bc.Period.month(2024, 5))) == decimals("-210.00", "420.00")
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

        lines = invoiced(store, bc.Period.month(2024, 5))
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
        assert shown(invoiced(store, bc.Period.month(2015, 2))) == ["2015-02-03..2015-02-28 92.86"]

    def test_a_free_trial_granted_after_billing(self):
        """silver#200 after billing: 22.58 for 7 days of January and 7.14 for 2 of February go back."""
        item = by_days(cadence=bc.monthly(anchor="2015-01-01"))
        store = books(item, start="2015-01-25")
        paid = invoiced(store, bc.Period("2015-01-25", "2015-02-05"))
        edit(store, item.changed(bc.trial("2015-01-25", "2015-02-02")), start="2015-01-25")

        assert nets(paid) == decimals("22.58", "100.00")
        assert shown(invoiced(store, bc.Period.month(2015, 2))) == [
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

        lines = invoiced(store, bc.Period("2023-04-01", "2023-07-01"))
        assert nets(lines) == decimals(expected)

    def test_a_change_by_month_fractions(self):
        """erpnext#36953 with 4,500 from 16 May: 4,939.62 + 6,822.58, 16/31 and 1 month at the new."""
        cadence = bc.monthly(3, anchor="2023-04-01")
        fractions = bc.proration.MONTH_FRACTIONS
        item = by_days(price=3950, cadence=cadence, proration=fractions)
        changed = item.changed(bc.Change("2023-05-16", unit_price=4500))
        store = books(changed, start="2023-04-08")

        lines = invoiced(store, bc.Period("2023-04-01", "2023-07-01"))
        assert nets(lines) == decimals("4939.62", "6822.58")

    def test_years_of_29_february(self):
        """lago-api#6173: years have 365, 365, 365 and 366 days, and no billing date is a duplicate."""
        item = by_days(price=366, cadence=bc.yearly(anchor="2024-02-29"))
        store = books(item.changed(bc.Change("2028-02-01", unit_price=732)), start="2024-02-29")
        lines = invoiced(store, bc.Period("2024-02-29", "2028-02-29"))
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
