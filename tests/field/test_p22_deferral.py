"""P22: deferred revenue breaks at the ends of months, and posts into closed ones."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case

PAIN = Pain(
    "P22",
    "Deferred revenue breaks at the ends of months",
    elsewhere="The share of a first day is rounded to 0.0, which is taken for the end of the list. "
    "What is found late is posted into a month that was reported already.",
    here="The months are periods, and the shares are divided so that they add up to the line. "
    "A share of 0.00 is legal and stops nothing. "
    "Closed months are input, and what belongs to them is booked in the next open one.",
)


@case(
    "frappe/erpnext#41672",
    "frappe/erpnext#40865",
    gave="Service from 31 January 2024 to 30 January 2025: the first month was 1/31, "
    "rounded to 0.0, and no later month was booked.",
    right="The service has 366 days. Of 1,200.00 (our own) one day is 3.28, "
    "the 30 days until 29 February are 98.36, and so on; the last 30 days are 98.36. "
    "Of 1.00, one day is 0.0027, so January is 0.00 and February 0.08.",
    prints="""
    1200: 13 months, 2024-01 3.28, 2024-02 95.08, 2025-01 98.36, together 1200.00
    1: 13 months, 2024-01 0.00, 2024-02 0.08, 2025-01 0.08, together 1.00
    """,
)
def test_one_day_of_a_month_stops_the_schedule():
    """A service that begins on the last day of a month is never recognized."""
    service = bc.Period.closed("2024-01-31", "2025-01-30")
    for amount in (1200, 1):
        rows = bc.recognize(amount, service, bc.Recognition.DAYS, currency="EUR")
        shares = [f"{month:%Y-%m} {share}" for month, share in rows]
        together = sum(share for _, share in rows)
        print(f"{amount}: {len(rows)} months,", ", ".join([*shares[:2], shares[-1]]), end=", ")
        print("together", together)


@case(
    "frappe/erpnext#49473",
    gave="An invoice of May for April to September posted the share of April into April, "
    "which was reported already.",
    right="600.00 (our own) over six months are 100.00 each. "
    "The invoice of 10 May books April and May, 200.00, on that day, "
    "and the other four months on their first days.",
    prints="""
    2025-05-10 8400 200.00
    2025-06-01 8400 100.00
    2025-07-01 8400 100.00
    2025-08-01 8400 100.00
    2025-09-01 8400 100.00
    """,
)
def test_revenue_is_posted_into_a_reported_month():
    """An invoice that comes a month late posts revenue into a month that was reported."""
    accounting = bc.Accounting(
        chart=[
            bc.GLAccount("0990", "Deferred income", bc.AccountKind.LIABILITY),
            bc.GLAccount("8400", "Revenue", bc.AccountKind.INCOME),
        ],
        rules=[bc.AssignmentRule("Revenue", account="8400")],
        collective=[bc.CollectiveAccount("Deferred", bc.EntryType.DEFERRED, account="0990")],
        periods=[bc.BookingPeriod(2025, 4, is_closed=True)],
    )
    terms = bc.BookingTerms(recognition=bc.Recognition.BOOKING_MONTH)
    service = bc.Item("service", unit_price=600, booking=terms)
    acme = bc.Account("acme", currency="EUR", debtor="10042")
    made = bc.draft(acme, [service], period=bc.Period.closed("2025-04-01", "2025-09-30"))
    late = bc.Invoice("R-1", date(2025, 5, 10), date(2025, 5, 24), made)
    for entry in bc.invoice_entries(late, accounting).entries:
        for line in entry.lines:
            if line.account == "8400":
                print(entry.date, line.account, line.amount)


@case(
    "frappe/erpnext#41672",
    "frappe/erpnext#40865",
    "frappe/erpnext#42586",
    gave="With a start on the 30th or 31st no month is booked; from the 29th on it works.",
    own_numbers=True,
)
class TestEveryFirstDay:
    """A schedule works for most first days of service, and not for the last ones of a month."""

    @pytest.mark.parametrize("rule", bc.Recognition, ids=lambda rule: rule.name)
    @pytest.mark.parametrize("amount", ["0.01", "1.00", "99.99", "-1200.00"])
    def test_each_day_of_a_year(self, rule, amount):
        """From each of 366 days on, a year is recognized in full, with no share of another sign."""
        for number in range(366):
            start = date(2024, 1, 1) + timedelta(days=number)
            year = bc.yearly(anchor=start).period(0)
            rows = bc.recognize(amount, year, rule, currency="EUR")

            assert sum(share for _, share in rows) == Decimal(amount)
            assert all(share * Decimal(amount) >= 0 for _, share in rows)
            assert rows[0][0] == start.replace(day=1)
