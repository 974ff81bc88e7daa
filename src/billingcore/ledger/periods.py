"""In which booking period something is booked (behaviour 6.1).

A period that is not named is open. What belongs to a closed one is booked on the first day of the
next open one, which need not exist before.
"""

from __future__ import annotations

import datetime as dt

from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.periods import BookingPeriod
from billingcore.values.calendar import add_months

__all__ = ["booking_day"]


def booking_day(accounting: Accounting, entity: str, day: dt.date) -> tuple[dt.date, str]:
    """Give the day on which something is booked, and the name of its period.

    >>> january = BookingPeriod(2026, 1, entity="Acme", is_closed=True)
    >>> booking_day(Accounting(periods=[january]), "Acme", dt.date(2026, 1, 31))
    (datetime.date(2026, 2, 1), 'Acme-2026-02')

    Args:
        accounting: knows which periods are closed.
        entity: name of the business entity; empty if there is none.
        day: to which it belongs.

    Raises:
        DateRangeError: all periods up to the end of the calendar are closed.
    """
    known = accounting.placed.get((entity, day))
    if known is not None:
        return known
    found = day
    while accounting.is_closed(entity, found):
        found = add_months(found.replace(day=1), 1)
    name = BookingPeriod(found.year, found.month, entity=entity).name
    return accounting.placed.keep((entity, day), (found, name))
