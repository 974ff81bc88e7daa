"""P11: a change of the past locks the account."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import contract, invoice, seats, show, store_of
from tests.unit.engine.changing import (
    APRIL,
    MAY,
    all_billed,
    books,
    by_days,
    decimals,
    edit,
    invoice_all,
    nets,
    plan,
    reasons,
    shown,
)
from tests.unit.engine.changing import invoice as invoiced
from tests.unit.engine.records import once
from tests.unit.engine.records import store_of as stored

PAIN = Pain(
    "P11",
    "A change of the past locks the account",
    elsewhere="Charges and their repairs pile up on the same days. "
    "A guard against double billing counts items, finds three, and stops: "
    "the account is parked and nobody bills it any more.",
    here="What is billed on a day is the sum of signed slices. "
    "A change gives the difference to what is due now, once; repeated, it gives nothing. "
    "A credit with a new charge, the next invoice, or nothing below a threshold is a policy.",
)
YEAR_2026 = [bc.Period.month(2026, month) for month in range(1, 13)]


@case(
    "killbill/killbill#2306",
    gave="After two pauses of a paid year three items lay on the same days. "
    "The customer was not billed twice, but the account was parked and never recovered.",
    right="At 1,000.00 for 365 days (our own), 10 days are 27.40 and 20 days are 54.79. "
    "Both go back once, the year goes on, and the next one is billed.",
    prints="""
    seats 2026-01-01 2026-12-31 1000.00
    seats 2026-03-01 2026-03-10 -27.40
    seats 2026-06-01 2026-06-20 -54.79
    repeated: 0 lines
    seats 2027-01-01 2027-12-31 1000.00
    """,
)
def test_two_pauses_park_an_account():
    """Two pauses of a paid year look like double billing, and the account is parked for good."""
    item = seats(1000, cadence=bc.yearly())
    spring = bc.pause("2026-03-01", "2026-03-10")
    summer = bc.pause("2026-06-01", "2026-06-20")
    store = store_of(item)
    show(invoice(store, bc.Period.month(2026, 1)))
    store.change(contract(item.changed(spring)))
    show(invoice(store, bc.Period.month(2026, 3)))
    store.change(contract(item.changed(spring, summer)))
    show(invoice(store, bc.Period.month(2026, 6)))
    print("repeated:", len(invoice(store, bc.Period.month(2026, 6))), "lines")
    show(invoice(store, bc.Period.month(2027, 1)))


@case(
    "killbill/killbill#877",
    gave="A plan of 0 became one of 30,000 won on the day on which it began: "
    "an error, since two items cover 26 February to 26 March 2018.",
    right="0 were billed and 0 go back; the month costs 30,000 once.",
    prints="""
    seats 2018-02-26 2018-03-25 0
    seats 2018-02-26 2018-03-25 0
    seats 2018-02-26 2018-03-25 30000
    repeated: 0 lines
    """,
)
def test_a_free_plan_gets_a_price_on_its_first_day():
    """A free plan that gets a price on its first day ends in an error about double billing."""
    free = seats(0, cadence=bc.monthly(anchor="2018-02-26"))
    store = store_of(free, start="2018-02-26", currency="KRW")
    first_day = bc.Period.day("2018-02-26")
    show(invoice(store, first_day))
    priced = free.changed(bc.Change("2018-02-26", unit_price=30000))
    store.change(contract(priced, start="2018-02-26"))
    show(invoice(store, first_day))
    print("repeated:", len(invoice(store, first_day)), "lines")


@case(
    "killbill/killbill#2306",
    "killbill/killbill#1898",
    "killbill/killbill#877",
    "killbill/killbill#159",
    "killbill/killbill#1395",
    "killbill/killbill#154",
    "killbill/killbill#146",
    gave="Repairs that end in a lock, are billed twice, or are given back again and again.",
)
class TestChangesOfThePast:
    """A pause, a price or an end that becomes known later ends in a lock."""

    @pytest.mark.parametrize(
        ("cadence", "price", "pauses", "expected", "rest"),
        [
            (
                bc.yearly(),
                1000,
                [("2026-03-01", "2026-03-10"), ("2026-06-01", "2026-06-20")],
                ["-27.40", "-54.79"],
                "917.81",
            ),
            (
                bc.quarterly(),
                250,
                [("2026-02-02", "2026-02-06"), ("2026-03-10", "2026-03-17")],
                ["-13.89", "-22.22"],
                "213.89",
            ),
            (
                bc.half_yearly(),
                500,
                [("2026-02-02", "2026-02-06"), ("2026-03-10", "2026-03-17")],
                ["-13.81", "-22.09"],
                "464.10",
            ),
        ],
        ids=["yearly", "quarterly", "half-yearly"],
    )
    def test_two_pauses_of_a_paid_period(self, cadence, price, pauses, expected, rest):
        """Each pause gives its days back once, nothing is billed on resuming, nothing locks."""
        item = by_days(price=price, cadence=cadence)
        store = books(item, start="2026-01-01")
        invoiced(store, YEAR_2026[0])
        first, second = (bc.pause(*days) for days in pauses)
        edit(store, item.changed(first), start="2026-01-01")
        given = nets(invoiced(store, YEAR_2026[2]))
        edit(store, item.changed(first, second), start="2026-01-01")
        given += nets(invoiced(store, YEAR_2026[2]))
        again = invoiced(store, YEAR_2026[2])

        assert (given, again) == (decimals(*expected), [])
        assert all_billed(store) == Decimal(rest)

    def test_a_pause_is_deleted_after_it_was_credited(self):
        """The days that were given back are billed again, once, and the next year is a whole one."""
        item = by_days(price=1000, cadence=bc.yearly())
        first, second = bc.pause("2026-03-01", "2026-03-10"), bc.pause("2026-06-01", "2026-06-20")
        store = books(item, start="2026-01-01")
        invoiced(store, YEAR_2026[0])
        edit(store, item.changed(first, second), start="2026-01-01")
        invoiced(store, YEAR_2026[5])
        edit(store, item.changed(second), start="2026-01-01")

        assert shown(invoiced(store, YEAR_2026[6])) == ["2026-03-01..2026-03-10 27.40"]
        assert invoiced(store, YEAR_2026[11]) == []
        assert all_billed(store) == Decimal("945.21")
        assert shown(invoiced(store, bc.Period.month(2027, 1))) == [
            "2027-01-01..2027-12-31 1000.00"
        ]

    def test_a_pause_that_ends_in_a_new_plan(self):
        """killbill#159: of 31 days at 1.00, 13 are paused and 8 cost 2.00: 26.00 in all."""
        item = by_days(price=31, cadence=bc.monthly(anchor="2014-05-31"))
        store = books(item, start="2014-06-30")
        invoiced(store, bc.Period.month(2014, 6))
        changed = item.changed(
            bc.pause("2014-07-10", "2014-07-22"), bc.Change("2014-07-23", unit_price=62)
        )
        edit(store, changed, start="2014-06-30")

        assert shown(invoiced(store, bc.Period("2014-07-01", "2014-07-31"))) == [
            "2014-07-10..2014-07-30 -21.00",
            "2014-07-23..2014-07-30 16.00",
        ]
        assert all_billed(store) == 26

    @pytest.mark.parametrize(
        ("on", "expected"), [("2018-02-26", "30000"), ("2018-03-05", "22500")], ids=["28", "21"]
    )
    def test_a_free_month_gets_a_price(self, on, expected):
        """killbill#877: of 28 days billed at 0 won, 28 or 21 are billed at 30,000 a month, once."""
        free = by_days(price=0, cadence=bc.monthly(anchor="2018-02-26"), currency="KRW")
        store = books(free, start="2018-02-26")
        invoiced(store, bc.Period("2018-02-26", "2018-03-01"))
        edit(store, free.changed(bc.Change(on, unit_price=30000)), start="2018-02-26")
        lines = invoiced(store, bc.Period("2018-03-01", "2018-03-26"))

        assert nets(lines) == decimals("0", expected)
        assert invoiced(store, bc.Period("2018-03-01", "2018-03-26")) == []

    OLD_PERIODS = (bc.Period("2023-07-27", "2023-08-27"), bc.Period("2023-08-27", "2023-09-27"))

    def test_prices_that_change_before_all_that_was_billed(self):
        """killbill#1898: two months at 10.00 are corrected to 12.00, and the third costs 12.00."""
        item = by_days(price=10)
        before = bc.Subscription("S-1", account="acme", start="2023-07-27", items=[item])
        store = stored(before)
        invoice_all(store, self.OLD_PERIODS)
        store.change(bc.increase_prices(before, on="2023-02-01", unit_price=12))

        assert nets(invoiced(store, bc.Period("2023-09-27", "2023-10-27"))) == decimals(
            "-10.00", "12.00", "-10.00", "12.00", "12.00"
        )
        assert all_billed(store) == 36

    def test_a_one_time_price_is_edited_after_billing(self):
        """killbill#1395: an item that is billed once is not billed again at its new price."""
        store = books(once(price=100))
        invoiced(store, APRIL)
        edit(store, once(price=200))
        outcome = plan(store, MAY)

        assert (outcome.drafts, reasons(outcome)) == ((), ["S-1/setup ONE_TIME_DONE"])

    def test_a_cancellation_is_given_back_once(self):
        """killbill#154: of 239.90 for a year, 220.18 go back after 30 days, and never again."""
        item = by_days(price="239.90", cadence=bc.yearly())
        store = books(item, start="2013-08-18")
        invoiced(store, bc.Period.month(2013, 8))
        edit(store, item, start="2013-08-18", end="2013-09-16")

        assert shown(invoiced(store, bc.Period.month(2013, 9))) == [
            "2013-09-17..2014-08-17 -220.18"
        ]
        assert invoiced(store, bc.Period.month(2013, 10)) == []
        assert invoiced(store, bc.Period.month(2014, 8)) == []

    PAUSED_YEAR = bc.pause("2012-03-11", "2012-04-11")

    def test_a_year_is_no_month_after_a_pause(self):
        """killbill#146: 32 of 365 days go back; the year goes on as it was, until 2013-03-01."""
        item = by_days(price=365, cadence=bc.yearly())
        store = books(item, start="2012-03-02")
        invoiced(store, bc.Period.month(2012, 3))
        edit(store, item.changed(self.PAUSED_YEAR), start="2012-03-02")
        credit = nets(invoiced(store, bc.Period.month(2012, 3)))
        rest = [invoiced(store, bc.Period.month(2012, month)) for month in range(4, 13)]

        assert (credit, rest) == (decimals("-32.00"), [[]] * 9)
        assert shown(invoiced(store, bc.Period.month(2013, 3))) == ["2013-03-02..2014-03-01 365.00"]

    def test_a_pause_known_before_billing(self):
        """killbill#146 before billing: 9 days and 324 days at 1.00."""
        item = by_days(price=365, cadence=bc.yearly()).changed(self.PAUSED_YEAR)
        store = books(item, start="2012-03-02")

        assert nets(invoiced(store, bc.Period.month(2012, 4))) == decimals("9.00", "324.00")

    def test_differences_below_a_threshold_wait(self):
        """0.20 are left as billed; once 3.00 are owed, they are billed once and not as 3.20."""
        item = by_days(price=30)
        store = books(item)
        invoiced(store, APRIL)
        edit(store, item.changed(bc.Change("2026-04-30", unit_price=36)))
        small = plan(store, APRIL, correction_threshold={"EUR": 1})
        edit(store, item.changed(bc.Change("2026-04-16", unit_price=36)))
        lines = invoiced(store, APRIL, correction_threshold={"EUR": 1})

        assert (small.drafts, reasons(small)[-1]) == (
            (),
            "S-1/seats BELOW_THRESHOLD 2026-04-30..2026-04-30",
        )
        assert nets(lines) == decimals("-15.00", "18.00")
