"""Lengths of time, as contracts state them: of a term, and of a notice.

A length counts days, weeks, months or years and has no place in the calendar; a `Cadence` is a
rhythm with a place. Two rules decide every date:

* A length after a day is the same day of a later month, or that month's last day if it is shorter:
  one month after 31 January is 28 February. Two months after it is 31 March, since both months are
  counted at once.
* A length before a day is the last day from which it is not more than the length to that day. One
  month before 30 April is 31 March, since one month after 31 March is 30 April.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from attrs import frozen

from billingcore.errors import DateRangeError, InvalidInputError
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.cadence import DAY, DAYS, MONTH, MONTHS, WEEK, YEAR, Unit
from billingcore.values.calendar import add_months, is_month_end, month_end, read_date
from billingcore.values.sealing import fill

__all__ = ["Length", "read_length"]

MOST: Final = 1200
_LETTERS: Final = {DAY: "d", WEEK: "w", MONTH: "m", YEAR: "y"}
_UNITS: Final = {letter: unit for unit, letter in _LETTERS.items()}
_FORM: Final = re.compile(r"([0-9]{1,4})([dwmy])", re.ASCII)


@frozen(init=False, order=False, repr=False)
class Length:
    """A number of days, weeks, months or years.

    The products offer 1d, 7d, 14d, 21d, 30d, 1m to 12m, 18m, 24m, 36m and 48m for renewals, and
    fewer for notices (behaviour 2.11). Any count up to 1,200 is taken here, decided by us.

    >>> Length(3, MONTH) == Length.parse("3m")
    True
    >>> Length.parse("1m").after("2026-01-31"), Length.parse("2m").after("2026-01-31")
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))

    Two lengths are equal if count and unit are: 1y and 12m reach the same days, but are two texts.

    Attributes:
        count: how many.
        unit: `DAY`, `WEEK`, `MONTH` or `YEAR`.
        step: the same as a number of whole months or days.
        counts_months: whether `step` is of months.

    Raises:
        InvalidInputError: the count is not from 1 to 1,200, or the unit is another one.
    """

    count: int
    unit: Unit

    def __init__(self, count: int, unit: Unit) -> None:
        boundary = Boundary("Length")
        kind = boundary.member("unit", unit, Unit)
        if kind not in _LETTERS:
            rule = "lengths count days, weeks, months or years"
            raise boundary.refuse("unit", kind.name, rule, "write it in months")
        fill(self, count=boundary.count("count", count, least=1, most=MOST), unit=kind)

    @classmethod
    def parse(cls, text: str) -> Length:
        """Read what `str` writes: a number and d, w, m or y.

        >>> Length.parse("14d").unit.name
        'DAY'

        Raises:
            InvalidInputError: the text has another form, or the number is not from 1 to 1,200.
        """
        boundary = Boundary("Length")
        return boundary.read("text", boundary.text("text", text), read_length)

    @property
    def counts_months(self) -> bool:
        """Whether months are counted, and not days."""
        return self.unit in MONTHS

    @property
    def step(self) -> int:
        """The number of whole months, or of days."""
        return self.count * (MONTHS[self.unit] if self.counts_months else DAYS[self.unit])

    def times(self, n: int) -> Length:
        """Give a length n times as long.

        >>> str(Length.parse("3m").times(4))
        '12m'

        Raises:
            InvalidInputError: n is not a whole number from 1 on, or the length gets too long.
        """
        return Length(self.count * Boundary("Length").count("n", n, least=1), self.unit)

    def after(self, day: DateLike) -> date:
        """Give the day so long after a day.

        >>> Length.parse("1y").after("2024-02-29")
        datetime.date(2025, 2, 28)

        Raises:
            DateRangeError: the day is none, or the result lies outside the calendar.
        """
        return self.move(read_date(day), self.step)

    def before(self, day: DateLike) -> date:
        """Give the last day from which it is not more than this length to a day.

        So a notice of this length, given on that day, has just run out. Whoever counts months back
        instead gets 30 March for a notice of one month to 30 April, and takes a day from it.

        >>> Length.parse("1m").before("2026-04-30"), Length.parse("1m").before("2026-03-30")
        (datetime.date(2026, 3, 31), datetime.date(2026, 2, 28))

        Raises:
            DateRangeError: the day is none, or the result lies outside the calendar.
        """
        last = read_date(day)
        earlier = self.move(last, -self.step)
        # All later days of that month have the month of `last` cut short, and reach its end too.
        return month_end(earlier) if self.counts_months and is_month_end(last) else earlier

    def move(self, day: date, steps: int) -> date:
        """Give the day that is some months or days from a day; which of them, the unit says."""
        if self.counts_months:
            return add_months(day, steps)
        try:
            return day + timedelta(days=steps)
        except OverflowError:
            rule = f"{steps} days from here is outside the calendar"
            raise DateRangeError(rule, field="day", value=day.isoformat()) from None

    def __str__(self) -> str:
        return f"{self.count}{_LETTERS[self.unit]}"

    def __repr__(self) -> str:
        return f"Length.parse('{self}')"


def read_length(value: object) -> Length:
    """Read a length: a `Length`, or text like ``3m``.

    Raises:
        InvalidInputError: it is neither.
    """
    if isinstance(value, Length):
        return value
    form = _FORM.fullmatch(value) if isinstance(value, str) else None
    if form is None or not 1 <= int(form[1]) <= MOST:
        fix = f"write a whole number from 1 to {MOST} and d, w, m or y, like '3m'"
        raise InvalidInputError("not a length", value=value, fix=fix)
    return Length(int(form[1]), _UNITS[form[2]])
