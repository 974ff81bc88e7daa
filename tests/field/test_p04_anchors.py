"""P4: subscriptions of the 29th, 30th and 31st drift, or are not billed any more."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import invoice, seats, show, store_of
from tests.field.runs import billed, months
from tests.unit.engine.changing import books, by_days, decimals, edit, nets, shown
from tests.unit.engine.changing import invoice as invoiced
from tests.unit.engine.records import contract, finalize_all, monthly, run_of
from tests.unit.engine.records import store_of as stored

PAIN = Pain(
    "P4",
    "Anchors on the 29th, 30th and 31st",
    elsewhere="The next period is the last one and a month. "
    "After February the 31st has become the 28th, for good, or two ways to count disagree and "
    "nothing is billed.",
    here="Period n is computed from the anchor and n, never from period n - 1. "
    "The end of a month is an anchor of its own. "
    "Periods have no gap and no overlap in 400 years, and each knows its number.",
)


@case(
    "killbill/killbill#127",
    gave="From 31 January 2017 on, two periods were billed, "
    "and on 31 March the account stopped being billed.",
    right="A month of the 31st begins on the last day of a month that is shorter: "
    "31 January, 28 February, 31 March, 30 April, 31 May, 30 June.",
    prints="""
    seats 2017-01-31 2017-02-27 10.00
    seats 2017-02-28 2017-03-30 10.00
    seats 2017-03-31 2017-04-29 10.00
    seats 2017-04-30 2017-05-30 10.00
    seats 2017-05-31 2017-06-29 10.00
    seats 2017-06-30 2017-07-30 10.00
    """,
)
def test_an_account_stops_being_billed():
    """A subscription of 31 January is billed until February, and then never again."""
    store = store_of(seats(10), start="2017-01-31")
    for month in range(1, 7):
        show(invoice(store, bc.Period.month(2017, month)))


@case(
    "getlago/lago-api#1840",
    "getlago/lago-api#1567",
    gave="On 29 February 2024 the period of a subscription of 30 January was "
    "30 January to 28 February again. "
    "With the 31st, bounds were wrong and some invoices were not made.",
    right="Of 30 January, the second period is 29 February to 29 March 2024. "
    "Of 31 January, the first two periods are 31 January to 27 February "
    "and 28 February to 30 March 2023.",
    prints="""
    2024-02-29 to 2024-03-29
    2023-01-31 to 2023-02-27
    2023-02-28 to 2023-03-30
    """,
)
def test_february_has_the_bounds_of_january():
    """On the billing day of February the bounds are those of January."""
    asked = [("2024-01-30", 1), ("2023-01-31", 0), ("2023-01-31", 1)]
    for anchor, number in asked:
        period = bc.monthly(anchor=anchor).period(number)
        print(period.first, "to", period.last)


@case(
    "killbill/killbill#2133",
    "openmeterio/openmeter#3225",
    gave="Anchors of the last days of a month went wrong again, twelve years later.",
    right="400 years are 4,800 months. "
    "The last one ends in January 2424, the day before the anchor: on the 27th, 28th, 29th and "
    "30th. No period but the first begins where another one does not end.",
    own_numbers=True,
    prints="""
    28: gaps 0, wrong numbers 0, until 2424-01-27
    29: gaps 0, wrong numbers 0, until 2424-01-28
    30: gaps 0, wrong numbers 0, until 2424-01-29
    31: gaps 0, wrong numbers 0, until 2424-01-30
    """,
)
def test_400_years_of_late_anchors():
    """Months from a late day on drift, overlap or leave gaps."""
    for day in (28, 29, 30, 31):
        months = bc.monthly(anchor=f"2024-01-{day}")
        found = [months.period(number) for number in range(4800)]
        gaps = sum(one.stop != other.start for one, other in pairwise(found))
        wrong = sum(months.index(each.start) != number for number, each in enumerate(found))
        print(f"{day}: gaps {gaps}, wrong numbers {wrong}, until {found[-1].last}")


@case(
    "killbill/killbill#127",
    "killbill/killbill#2133",
    "getlago/lago-api#1567",
    "getlago/lago-api#1840",
    "OCA/contract#161",
    gave="Accounts that stop being billed, and starts that become the 28th for good.",
)
class TestRunsOverLateAnchors:
    """Runs over months of different lengths miss periods of late anchors."""

    def test_an_account_does_not_stop_being_billed(self):
        """A subscription of 31 January 2017 has a period from every month's last day to the next."""
        store = stored(contract(monthly(cadence=bc.monthly()), start="2017-01-31"))
        for month in months(2017, 6):
            bc.execute(run_of(month, policy=bc.LEVEL), store)

        assert billed(store) == [
            "2017-01-31/2017-02-28",
            "2017-02-28/2017-03-31",
            "2017-03-31/2017-04-30",
            "2017-04-30/2017-05-31",
            "2017-05-31/2017-06-30",
            "2017-06-30/2017-07-31",
        ]

    def test_the_30th_in_a_leap_year(self):
        """A month from 30 January 2024 ends before 29 February, the next before 30 March."""
        store = stored(contract(monthly(), start="2024-01-30"))
        bc.execute(run_of(bc.Period("2024-01-01", "2024-03-01"), policy=bc.LEVEL), store)

        assert billed(store) == ["2024-01-30/2024-02-29", "2024-02-29/2024-03-30"]

    @pytest.mark.parametrize("day", [28, 29, 30, 31])
    @pytest.mark.parametrize("practice", bc.BillingPractice)
    def test_four_years_of_every_late_anchor(self, day, practice):
        """From every late day 48 runs bill 48 months without gap, overlap or drift, each at 10.00."""
        item = monthly(billing_type=bc.RECURRING_PRORATED, billing_practice=practice)
        store = stored(contract(item, start=date(2023, 12, day)))
        for year in range(2024, 2028):
            for month in months(year):
                bc.execute(run_of(month), store)
                finalize_all(store, month.last)
        bounds = [line.service_period.bounds for each in store.invoices() for line in each.lines]

        assert len(bounds) == 48
        assert all(one[1] == other[0] for one, other in pairwise(bounds))
        assert {each.totals.net for each in store.invoices()} == {10}


@case(
    "getlago/lago-api#1840",
    gave="Wrong bounds of the period that begins on 29 February.",
)
class TestChangesInsideAClampedPeriod:
    """A change inside a shortened period counts the wrong days."""

    ANCHORED = bc.monthly(anchor="2024-01-30")
    UPGRADE = bc.Change("2024-03-10", unit_price=60)

    def test_a_change_inside_a_clamped_period(self):
        """29 February to 29 March has 30 days, of which 10 cost 1.00 and 20 cost 2.00."""
        item = by_days(price=30, cadence=self.ANCHORED).changed(self.UPGRADE)
        store = books(item, start="2024-01-30")

        assert shown(invoiced(store, bc.Period("2024-01-30", "2024-04-01"))) == [
            "2024-01-30..2024-02-28 30.00",
            "2024-02-29..2024-03-09 10.00",
            "2024-03-10..2024-03-29 40.00",
            "2024-03-30..2024-04-29 60.00",
        ]

    def test_the_same_change_after_billing(self):
        """Found after billing, 20.00 go back and 40.00 are billed anew."""
        item = by_days(price=30, cadence=self.ANCHORED)
        store = books(item, start="2024-01-30")
        invoiced(store, bc.Period("2024-01-30", "2024-03-01"))
        edit(store, item.changed(self.UPGRADE), start="2024-01-30")

        assert nets(invoiced(store, bc.Period("2024-03-01", "2024-03-30"))) == decimals(
            "-20.00", "40.00"
        )
