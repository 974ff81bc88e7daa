"""Days and months of the civil calendar; the only door to python-dateutil.

Only dates: an instant has no place on an invoice until a host has decided in which zone it
happened, so a `datetime` is refused although Python counts it as a date.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from dateutil.relativedelta import relativedelta

from billingcore.errors import DateRangeError

__all__ = ["ONE_DAY", "add_months", "days_in_month", "is_month_end", "month_end", "read_date"]

ONE_DAY: Final = timedelta(days=1)

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)


def read_date(value: object) -> date:
    """Read a day: a `date`, or text like ``2026-01-31``.

    Raises:
        DateRangeError: a datetime, another form, or no day of the calendar.
    """
    if type(value) is date:
        return value
    if isinstance(value, datetime):
        fix = "choose a zone and pass the date there: moment.astimezone(zone).date()"
        raise DateRangeError("a datetime is not a date", value=value, fix=fix)
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, str) and _ISO.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise DateRangeError("no such day", value=value, fix="check month and day") from None
    raise DateRangeError("not a date", value=value, fix="use a date or text like '2026-01-31'")


@lru_cache(maxsize=16384)
def add_months(day: date, months: int) -> date:
    """Add whole months: the same day of the month, or the month's last where it is shorter.

    Always counted from the given day. Adding one month twice drifts (31 Jan, 28 Feb, 28 Mar);
    adding two months at once does not (31 Mar).

    >>> add_months(date(2025, 1, 31), 1), add_months(date(2025, 1, 31), 2)
    (datetime.date(2025, 2, 28), datetime.date(2025, 3, 31))

    Raises:
        DateRangeError: the result lies outside the years 1 to 9999.
    """
    try:
        return day + relativedelta(months=months)
    except (ValueError, OverflowError):
        raise DateRangeError(
            f"{months} months from here is outside the calendar", field="day", value=day.isoformat()
        ) from None


def days_in_month(day: date) -> int:
    """Count the days of a day's month.

    >>> days_in_month(date(2024, 2, 10))
    29
    """
    return calendar.monthrange(day.year, day.month)[1]


def month_end(day: date) -> date:
    """Give the last day of a day's month."""
    return day.replace(day=days_in_month(day))


def is_month_end(day: date) -> bool:
    """Tell whether a day is the last of its month."""
    return day.day == days_in_month(day)
