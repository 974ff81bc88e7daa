"""Which days a scheduled run bills, counted from the day on which it starts (behaviour 10.1)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import Enum
from typing import Final

from attrs import frozen

from billingcore.errors import DateRangeError, InvalidInputError
from billingcore.values.calendar import add_months, days_in_month
from billingcore.values.period import Period

__all__ = ["Alignment", "DayRange", "Interval", "InvoiceDateRule", "later", "read_interval"]

_INTERVAL: Final = re.compile(r"([+-]?[0-9]{1,4})([dwm])")
_RANGE: Final = re.compile(r"([0-9]{1,2})-([0-9]{1,2})")
_RULE: Final = re.compile(r"(start|end)(?:\s*([+-])\s*([0-9]{1,4}))?")
_LONGEST: Final = 1200
_LAST_DAY: Final = 31
_WEEK: Final = 7


def later(day: date, days: int) -> date:
    """Move a day by days, within the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        rule, value = f"{days} days from here is outside the calendar", day.isoformat()
        raise DateRangeError(rule, field="day", value=value) from None


class Alignment(Enum):
    """Where the units of an interval lie, seen from the unit that holds the day of the run."""

    PREVIOUS = "previous"
    """Before it."""
    CURRENT = "current"
    """With it, and those after it."""
    NEXT = "next"
    """After it."""


@frozen
class Interval:
    """Whole days, weeks or months around a day.

    >>> str(Interval(-3, "m").period(date(2025, 3, 17), Alignment.CURRENT))
    '2025-01-01/2025-04-01'

    Attributes:
        count: how many; below 0 the direction is the other one.
        unit: ``d``, ``w`` or ``m``.
        first_weekday: the day on which weeks start, 1 is Monday.
    """

    count: int
    unit: str
    first_weekday: int = 1

    def period(self, day: date, alignment: Alignment) -> Period:
        """Give the days of the interval.

        Positive counts lie before, with, or behind the unit that holds the day, as the alignment
        says; negative ones are their mirror image: ``-3m`` with the current one is that and the two
        before it.

        Raises:
            DateRangeError: they reach beyond the calendar.
        """
        size = abs(self.count)
        first = {Alignment.PREVIOUS: -size, Alignment.CURRENT: 0, Alignment.NEXT: 1}[alignment]
        last = first + size - 1
        if self.count < 0:
            first, last = -last, -first
        start = self._start_of(day)
        return Period(self._moved(start, first), self._moved(start, last + 1))

    def _start_of(self, day: date) -> date:
        """Give the first day of the unit that holds a day."""
        if self.unit == "m":
            return day.replace(day=1)
        if self.unit == "w":
            return later(day, -((day.isoweekday() - self.first_weekday) % _WEEK))
        return day

    def _moved(self, day: date, units: int) -> date:
        if self.unit == "m":
            return add_months(day, units)
        return later(day, units * (_WEEK if self.unit == "w" else 1))

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


@frozen
class DayRange:
    """Days of a month; if the first is greater than the last, it is one of the month before.

    Where a month is shorter, its last day counts.

    >>> DayRange(16, 15).period(date(2025, 3, 10)).last
    datetime.date(2025, 2, 15)

    Attributes:
        first: the first day, 1 to 31.
        last: the last day, inclusive.
    """

    first: int
    last: int

    def period(self, day: date, alignment: Alignment = Alignment.PREVIOUS) -> Period:
        """Give the days of the month of a day, or of the month before if that is before the first.

        Raises:
            DateRangeError: they reach beyond the calendar.
        """
        month = day.replace(day=1)
        if day.day < self.first:
            month = add_months(month, -1)
        begin = add_months(month, -1) if self.first > self.last else month
        return Period.closed(_day_of(begin, self.first), _day_of(month, self.last))

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def _day_of(month: date, day: int) -> date:
    return month.replace(day=min(day, days_in_month(month)))


def read_interval(text: str, first_weekday: int = 1) -> Interval | DayRange:
    """Read an interval as the products write it: ``1m``, ``-2w``, ``10d``, or days like ``16-15``.

    Raises:
        InvalidInputError: it is written in no known form.
    """
    found = _INTERVAL.fullmatch(text.strip())
    if found is not None and 0 < abs(int(found[1])) <= _LONGEST:
        return Interval(int(found[1]), found[2], first_weekday)
    days = _RANGE.fullmatch(text.strip())
    if days is not None and all(1 <= int(each) <= _LAST_DAY for each in days.groups()):
        return DayRange(int(days[1]), int(days[2]))
    fix = f"write a number up to {_LONGEST} and d, w or m, like 1m or -2w, or days like 16-15"
    raise InvalidInputError("no interval", value=text, fix=fix)


@frozen
class InvoiceDateRule:
    """The date of the invoices, counted from an end of the period.

    >>> InvoiceDateRule.read("end-5").day(Period.month(2025, 2))
    datetime.date(2025, 2, 23)

    Attributes:
        is_end: whether it counts from the last day; else from the first.
        days: how many days later; below 0 earlier.
    """

    is_end: bool
    days: int = 0

    @classmethod
    def read(cls, text: str) -> InvoiceDateRule:
        """Read a rule as the products write it: ``start``, ``end+3``, ``end-5``.

        Raises:
            InvalidInputError: it is written in no known form.
        """
        found = _RULE.fullmatch(text.strip())
        if found is None:
            fix = "write start or end, and perhaps days, like end-5"
            raise InvalidInputError("no rule for a date", value=text, fix=fix)
        return cls(found[1] == "end", int(f"{found[2] or '+'}{found[3] or 0}"))

    def day(self, period: Period) -> date:
        """Give the date for a period.

        Raises:
            DateRangeError: it lies beyond the calendar.
        """
        first, stop = period.bounds
        return later(later(stop, -1) if self.is_end else first, self.days)

    def __str__(self) -> str:
        return f"{'end' if self.is_end else 'start'}{self.days:+d}"
