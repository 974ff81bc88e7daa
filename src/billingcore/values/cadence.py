"""Rhythms of billing: the n-th period as a closed form of the anchor.

The n-th period starts at the anchor plus n times the step, counted from the anchor every time:
31 January, 28 February, 31 March. Stepping from one period to the next would stay on the 28th for
good, the oldest defect of the trade. A month that is too short ends on its last day.

Month end is an anchor of its own: anchored on 30 April with `day=MONTH_END`, May's border is
the 31st; anchored on 30 April as it is, it is the 30th.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum, IntEnum
from typing import Final

from attrs import evolve, frozen

from billingcore.errors import DateRangeError, InvalidInputError
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import add_months, month_end
from billingcore.values.period import Period
from billingcore.values.sealing import fill

__all__ = [
    "DAY",
    "HALF_YEAR",
    "MONTH",
    "MONTH_END",
    "QUARTER",
    "SAME_DAY",
    "WEEK",
    "YEAR",
    "AnchorDay",
    "Cadence",
    "Unit",
    "daily",
    "half_yearly",
    "monthly",
    "quarterly",
    "weekly",
    "yearly",
]


class Unit(IntEnum):
    """The unit that a billing period counts, and that a unit price is for."""

    DAY = 1
    WEEK = 2
    MONTH = 3
    QUARTER = 4
    HALF_YEAR = 5
    YEAR = 6


class AnchorDay(Enum):
    """Which day of a month the borders of a cadence of months fall on."""

    SAME_DAY = "same day"
    """The anchor's day of the month, or the month's last where it is shorter."""
    MONTH_END = "month end"
    """The last day of every month, whatever the anchor's."""


DAY: Final = Unit.DAY
WEEK: Final = Unit.WEEK
MONTH: Final = Unit.MONTH
QUARTER: Final = Unit.QUARTER
HALF_YEAR: Final = Unit.HALF_YEAR
YEAR: Final = Unit.YEAR
SAME_DAY: Final = AnchorDay.SAME_DAY
MONTH_END: Final = AnchorDay.MONTH_END

MONTHS: Final = {MONTH: 1, QUARTER: 3, HALF_YEAR: 6, YEAR: 12}
"""Units that are whole months → how many."""
DAYS: Final = {DAY: 1, WEEK: 7}
"""Units that are whole days → how many."""


@frozen(init=False)
class Cadence:
    """A rhythm: every *count* units, anchored on a day.

    >>> Cadence(1, MONTH, anchor=date(2025, 1, 31)).period(1).start
    datetime.date(2025, 2, 28)
    >>> Cadence(1, MONTH, anchor=date(2025, 1, 31)).period(2).start
    datetime.date(2025, 3, 31)

    Without an anchor it is a length only, and gets its anchor where it is used: the first day
    that an item is billed for.

    Raises:
        InvalidInputError: the count is not from 1 to 1,200, or the day of the month is not
            possible for the unit.
    """

    count: int
    unit: Unit
    anchor: date | None
    day: AnchorDay

    def __init__(
        self,
        count: int,
        unit: Unit,
        anchor: DateLike | None = None,
        *,
        day: AnchorDay = AnchorDay.SAME_DAY,
    ) -> None:
        boundary = Boundary("Cadence")
        kind, which = boundary.member("unit", unit, Unit), boundary.member("day", day, AnchorDay)
        on = boundary.day("anchor", anchor)
        if which is AnchorDay.MONTH_END:
            if kind in DAYS:
                raise boundary.refuse("day", which, "month end needs a unit of months")
            on = None if on is None else month_end(on)
        fill(
            self,
            count=boundary.count("count", count, least=1, most=1200),
            unit=kind,
            anchor=on,
            day=which,
        )

    @classmethod
    def fiscal(cls, unit: Unit, first_month: int = 1) -> Cadence:
        """Give the grid of calendar or fiscal months, quarters, half years or years.

        >>> Cadence.fiscal(QUARTER, first_month=2).period_of(date(2026, 4, 30)).first
        datetime.date(2026, 2, 1)
        """
        return cls(1, unit, anchor=Period.month(2000, first_month).start)

    def anchored(self, day: date) -> Cadence:
        """Give this cadence with an anchor: its own if it has one, else *day*."""
        return self if self.anchor is not None else self.anchored_anew(day)

    def anchored_anew(self, day: date) -> Cadence:
        """Give this cadence anchored on *day*, whatever it was anchored on before."""
        return evolve(self, anchor=day)

    def start(self, n: int) -> date:
        """Give the first day of the n-th period; the 0th starts on the anchor, n may be negative.

        Raises:
            InvalidInputError: the cadence has no anchor.
            DateRangeError: the day lies outside the calendar.
        """
        anchor = self._anchor()
        months = MONTHS.get(self.unit)
        if months is None:
            try:
                return anchor + timedelta(days=n * self.count * DAYS[self.unit])
            except OverflowError:
                rule = f"period {n} is outside the calendar"
                raise DateRangeError(rule, field="n", value=n) from None
        day = add_months(anchor, n * self.count * months)
        return month_end(day) if self.day is AnchorDay.MONTH_END else day

    def period(self, n: int) -> Period:
        """Give the n-th period; the 0th starts on the anchor, n may be negative."""
        return Period(self.start(n), self.start(n + 1))

    def index(self, day: date) -> int:
        """Give the number of the period that a day is in.

        >>> monthly(anchor=date(2025, 1, 31)).index(date(2025, 2, 28))
        1
        """
        anchor = self._anchor()
        months = MONTHS.get(self.unit)
        if months is None:
            return (day - anchor).days // (self.count * DAYS[self.unit])
        distance = (day.year - anchor.year) * 12 + day.month - anchor.month
        n = distance // (self.count * months)
        # The month's borders are counted; within its month the day may lie before the border.
        return n - 1 if day < self.start(n) else n

    def period_of(self, day: date) -> Period:
        """Give the period that a day is in."""
        return self.period(self.index(day))

    def whole_periods(self, part: Period) -> int:
        """Count the periods that a part consists of; 0 if it is not a row of whole ones."""
        start, stop = part.bounds
        first = self.index(start)
        if self.start(first) != start:
            return 0
        after = self.index(stop)
        return after - first if self.start(after) == stop else 0

    def _anchor(self) -> date:
        if self.anchor is None:
            fix = "give an anchor: cadence.anchored(day)"
            raise InvalidInputError(
                "the cadence has no anchor", field="anchor", value=None, fix=fix
            )
        return self.anchor

    def __str__(self) -> str:
        every = self.unit.name.lower().replace("_", " ")
        return f"every {every}" if self.count == 1 else f"every {self.count} {every}s"


def daily(count: int = 1, *, anchor: DateLike | None = None) -> Cadence:
    """Every day, or every *count* days."""
    return Cadence(count, DAY, anchor)


def weekly(count: int = 1, *, anchor: DateLike | None = None) -> Cadence:
    """Every week, or every *count* weeks."""
    return Cadence(count, WEEK, anchor)


def monthly(
    count: int = 1, *, anchor: DateLike | None = None, day: AnchorDay = AnchorDay.SAME_DAY
) -> Cadence:
    """Every month, or every *count* months.

    >>> [str(monthly(3, anchor="2026-01-31").period(n)) for n in (0, 1)]
    ['2026-01-31/2026-04-30', '2026-04-30/2026-07-31']
    """
    return Cadence(count, MONTH, anchor, day=day)


def quarterly(
    count: int = 1, *, anchor: DateLike | None = None, day: AnchorDay = AnchorDay.SAME_DAY
) -> Cadence:
    """Every quarter; the unit price is for a quarter."""
    return Cadence(count, QUARTER, anchor, day=day)


def half_yearly(
    count: int = 1, *, anchor: DateLike | None = None, day: AnchorDay = AnchorDay.SAME_DAY
) -> Cadence:
    """Every half year; the unit price is for half a year."""
    return Cadence(count, HALF_YEAR, anchor, day=day)


def yearly(
    count: int = 1, *, anchor: DateLike | None = None, day: AnchorDay = AnchorDay.SAME_DAY
) -> Cadence:
    """Every year; the unit price is for a year."""
    return Cadence(count, YEAR, anchor, day=day)
