"""Stretches of days, half-open: `start` belongs to a period, `stop` is the first day that does not.

So adjacent periods share a border, lengths subtract, and nothing needs "minus one day". Documents
show the inclusive pair `first` and `last`. An open end is `None`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from attrs import frozen

from billingcore.errors import DateRangeError, InvalidInputError
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import ONE_DAY, add_months
from billingcore.values.sealing import fill

__all__ = ["Period"]

_set: Final = object.__setattr__


def _after(day: date) -> date:
    if day == date.max:
        raise DateRangeError("the calendar ends here", value=day, fix="leave the end open: None")
    return day + ONE_DAY


@frozen(init=False, order=False)
class Period:
    """The days from `start` up to, and not including, `stop`; an open end is None.

    >>> period = Period(date(2026, 1, 15), date(2026, 2, 1))
    >>> period.days, period.last
    (17, datetime.date(2026, 1, 31))
    >>> period == Period.closed("2026-01-15", "2026-01-31")
    True
    >>> str(period)
    '2026-01-15/2026-02-01'

    Raises:
        InvalidInputError: the period would be empty or end before it starts.
        DateRangeError: an end is no date.
    """

    start: date | None
    stop: date | None

    def __init__(self, start: DateLike | None, stop: DateLike | None) -> None:
        if type(start) is date and type(stop) is date and start < stop:  # most are made inside
            _set(self, "start", start)
            _set(self, "stop", stop)
            return
        boundary = Boundary("Period")
        first, after = boundary.day("start", start), boundary.day("stop", stop)
        if first is not None and after is not None and first >= after:
            fix = "stop is the first day outside; for an inclusive last day use Period.closed"
            raise boundary.refuse("stop", after.isoformat(), f"not after the start {first}", fix)
        fill(self, start=first, stop=after)

    @classmethod
    def closed(cls, first: DateLike | None, last: DateLike | None) -> Period:
        """Make a period from its first and last day, both inclusive, as documents state it."""
        end = Boundary("Period").day("last", last)
        return cls(first, None if end is None else _after(end))

    @classmethod
    def day(cls, day: DateLike) -> Period:
        """Make the period of one day."""
        return cls.closed(day, day)

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """Make a calendar month.

        >>> Period.month(2026, 2).days
        28
        """
        return cls._nth(year, month, 1)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        """Make a calendar quarter, 1 to 4."""
        return cls._nth(year, quarter, 3)

    @classmethod
    def year(cls, year: int) -> Period:
        """Make a calendar year."""
        return cls._nth(year, 1, 12)

    @classmethod
    def _nth(cls, year: int, number: int, months: int) -> Period:
        """Make the n-th row of so many months of a year."""
        try:
            Boundary("Period").count("year", year, least=1, most=9998)
            Boundary("Period").count("number", number, least=1, most=12 // months)
        except InvalidInputError as error:
            rule, fix = f"no such {error.field}", error.fix
            raise DateRangeError(
                rule, record="Period", field=error.field, value=error.value, fix=fix
            ) from None
        start = date(year, (number - 1) * months + 1, 1)
        return cls(start, add_months(start, months))

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read what `str` writes, like ``2026-01-15/2026-02-01``; ``..`` is an open end."""
        start, slash, stop = Boundary("Period").text("text", text).partition("/")
        if not slash:
            fix = "write two days with a slash, like 2026-01-15/2026-02-01"
            raise InvalidInputError("not a period", field="period", value=text, fix=fix)
        return cls(None if start == ".." else start, None if stop == ".." else stop)

    @property
    def first(self) -> date | None:
        """The first day, inclusive; None if open."""
        return self.start

    @property
    def last(self) -> date | None:
        """The last day, inclusive; None if open."""
        return None if self.stop is None else self.stop - ONE_DAY

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are given."""
        return self.start is not None and self.stop is not None

    @property
    def days(self) -> int:
        """The number of days.

        Raises:
            InvalidInputError: an end is open.
        """
        start, stop = self.bounds
        return (stop - start).days

    @property
    def bounds(self) -> tuple[date, date]:
        """Both ends.

        Raises:
            InvalidInputError: an end is open.
        """
        if self.start is None or self.stop is None:
            fix = "give both ends"
            raise InvalidInputError("an open end", field="period", value=str(self), fix=fix)
        return self.start, self.stop

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.stop is None or day < self.stop)

    def covers(self, other: Period) -> bool:
        """Tell whether every day of another period is in this one."""
        return self.intersection(other) == other

    def overlaps(self, other: Period) -> bool:
        """Tell whether the two have a day in common."""
        return self.intersection(other) is not None

    def intersection(self, other: Period) -> Period | None:
        """Give the days that both have, None if there are none.

        >>> str(Period.month(2026, 1).intersection(Period("2026-01-15", None)))
        '2026-01-15/2026-02-01'
        """
        starts = [day for day in (self.start, other.start) if day is not None]
        stops = [day for day in (self.stop, other.stop) if day is not None]
        start, stop = max(starts, default=None), min(stops, default=None)
        if start is not None and stop is not None and start >= stop:
            return None
        return Period(start, stop)

    def split(self, borders: Iterable[DateLike]) -> tuple[Period, ...]:
        """Cut at borders; each border begins a part. Borders outside change nothing.

        >>> [str(part) for part in Period.month(2026, 1).split(["2026-01-10", "2026-03-01"])]
        ['2026-01-01/2026-01-10', '2026-01-10/2026-02-01']
        """
        boundary = Boundary("Period")
        days = {boundary.day("borders", border) for border in borders}
        inner = sorted(day for day in days if day is not None and day in self and day != self.start)
        starts = [self.start, *inner]
        stops = [*inner, self.stop]
        return tuple(Period(start, stop) for start, stop in zip(starts, stops, strict=True))

    def __str__(self) -> str:
        return f"{self.start or '..'}/{self.stop or '..'}"

    def __repr__(self) -> str:
        return f"Period.parse('{self}')"
