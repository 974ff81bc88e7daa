"""P5: clocks that are changed, and zones, lose invoices or bill twice."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import invoice, seats, store_of

PAIN = Pain(
    "P5",
    "Daylight saving and time zones",
    elsewhere="Periods are instants, kept in UTC or with an offset that was fixed once. "
    "Twice a year, or always west or east of Greenwich, a day is another day: "
    "invoices are missing, are made twice, or differ between equal accounts.",
    here="The engine knows days only. "
    "One rule turns an instant into a day, by a zone and the time at which a day begins, "
    "and says how it did. "
    "No clock and no zone of the machine is read.",
)


@case(
    "killbill/killbill#1934",
    gave="Of two accounts with the same subscription and the same usage, the one that was created "
    "before the clocks were changed was billed the point of 1 April, 04:00 UTC, "
    "and the other one was not.",
    right="In New York, 1 April 2023 begins at 04:00 UTC. "
    "So the last point belongs to April, whenever the account was created. "
    "The other points of the account are our own: two in March.",
    prints="""
    2023-03-20 2023-03-31 2023-04-01
    account of 2023-02-15: 2
    account of 2023-03-15: 2
    """,
)
def test_two_equal_accounts_are_billed_differently():
    """Two equal accounts are billed differently, because the clocks changed between their starts."""
    new_york = bc.ServiceDays(ZoneInfo("America/New_York"))
    points = ("2023-03-20T12:00:00Z", "2023-04-01T03:59:00Z", "2023-04-01T04:00:00Z")
    print(*(new_york.of(moment).day for moment in points))
    for start in ("2023-02-15", "2023-03-15"):
        calls = bc.Item(
            "calls",
            unit_price=1,
            billing_type=bc.TRANSACTIONAL,
            cadence=bc.monthly(anchor="2023-03-01"),
        )
        store = store_of(calls, start=start)
        for number, moment in enumerate(points):
            record = bc.UsageRecord(f"U-{number}", "calls", new_york.of(moment).day, 1)
            store.add_usage("acme", record)
        (line,) = invoice(store, bc.Period.month(2023, 3))
        print(f"account of {start}: {line.quantity}")


@case(
    "getlago/lago-api#1074",
    "getlago/lago-api#879",
    gave="Weekly from 23 May, billed in Paris on 30 May at 20:00 UTC and again at 23:00 UTC: "
    "two invoices.",
    right="20:00 UTC is 30 May in Paris and 23:00 UTC is 31 May. "
    "On 30 May the week from 30 May on is billed; on 31 May nothing is due.",
    prints="""
    2023-05-23: 1 invoice
    2023-05-30: 1 invoice
    2023-05-31: 0 invoices
    """,
)
def test_two_runs_around_midnight():
    """Two runs of one evening fall on two days of the customer, and bill a week twice."""
    paris = bc.ServiceDays(ZoneInfo("Europe/Paris"))
    store = store_of(seats(10, cadence=bc.weekly()), start="2023-05-23")
    for moment in ("2023-05-23T10:00:00Z", "2023-05-30T20:00:00Z", "2023-05-30T23:00:00Z"):
        today = paris.of(moment).day
        made = len(invoice(store, bc.Period.day(today)))
        print(f"{today}: {made} {'invoice' if made == 1 else 'invoices'}")


@case(
    "killbill/killbill#743",
    gave="A trial of 30 days from 1 March 2017, 23:30 in Los Angeles, ended on the 1st of a month "
    "instead of the 31st.",
    right="The day is 1 March there, and 30 days later it is 31 March. "
    "The clocks change on 12 March, which is no matter to days.",
    prints="""
    2017-03-01
    2017-03-31 to 2017-04-29
    2017-04-30 to 2017-05-30
    """,
)
def test_a_trial_over_the_change_of_the_clocks():
    """A trial over the change of the clocks ends a day too late, and all periods with it."""
    west = bc.ServiceDays(ZoneInfo("America/Los_Angeles"))
    first = west.of("2017-03-01T23:30:00-08:00").day
    print(first)
    months = bc.monthly(anchor=first + timedelta(days=30))
    for number in (0, 1):
        print(months.period(number).first, "to", months.period(number).last)


@case(
    "killbill/killbill#445",
    "killbill/killbill#139",
    "killbill/killbill#1856",
    "flexprice/flexprice#628",
    "invoiceninja/invoiceninja#1757",
    gave="An endless loop in Juneau, a credit of 0.65 for a day that does not exist, "
    "a period that was billed twice, and schedules that never fire.",
)
class TestAYearOfInstants:
    """Instants are turned into days and back, and do not arrive where they came from."""

    ZONES = ("America/Juneau", "America/Los_Angeles", "Europe/Paris", "Asia/Kolkata", "UTC")

    @pytest.mark.parametrize("zone", ZONES)
    def test_each_hour_is_of_one_day(self, zone):
        """Hour by hour the day stays or is the next one, and a day has 23, 24 or 25 hours."""
        days = bc.ServiceDays(ZoneInfo(zone))
        begin = datetime(2024, 1, 1, tzinfo=UTC)
        found = [days.of(begin + timedelta(hours=hour)).day for hour in range(366 * 24)]

        assert {other - one for one, other in pairwise(found)} == {timedelta(0), timedelta(days=1)}
        hours = sorted(Counter(found[24:-24]).items())[1:-1]
        assert {count for _, count in hours} <= {23, 24, 25}
        changed = [str(day) for day, count in hours if count != 24]
        assert len(changed) == (0 if zone in {"Asia/Kolkata", "UTC"} else 2)

    def test_a_run_at_the_same_instant_of_each_day(self):
        """In Juneau, runs at 08:09:02 UTC of 366 days bill twelve months, each once, and end."""
        juneau = bc.ServiceDays(ZoneInfo("America/Juneau"))
        store = store_of(seats(10), start="2015-10-01")
        begin = datetime(2015, 10, 1, 8, 9, 2, tzinfo=UTC)
        found = []
        for number in range(366):
            today = juneau.of(begin + timedelta(days=number)).day
            found += invoice(store, bc.Period.day(today))

        assert [line.service_period for line in found] == [
            bc.Period.month(2015 + month // 12, month % 12 + 1) for month in range(9, 21)
        ]
