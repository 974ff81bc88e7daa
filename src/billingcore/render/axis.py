"""Days from left to right: whole months, with as many ticks as there is room for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from attrs import frozen

from billingcore.render.canvas import EDGE, LINE, WIDE, Canvas, Scale, breadth_of
from billingcore.render.formats import Formats
from billingcore.scope.coverage import Stretch
from billingcore.values.calendar import add_months

__all__ = ["Axis"]

_MOST_TICKS: Final = 12
_NARROWEST: Final = 2  # units of a bar that can be seen
_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
"""Months from one tick to the next: the first that leaves room enough is taken."""


@frozen
class Axis:
    """The whole months around some days, over the breadth of a picture.

    Attributes:
        start: its first day.
        stop: the first day after it.
    """

    start: date
    stop: date

    @classmethod
    def around(cls, stretches: Iterable[Stretch]) -> Axis:
        """Give the months that some stretches of days lie in."""
        days = [*stretches]
        stop = max(stop for _, stop in days)
        month = stop.replace(day=1)
        if month != stop:
            is_last = (stop.year, stop.month) == (date.max.year, date.max.month)
            month = date.max if is_last else add_months(month, 1)
        return cls(min(start for start, _ in days).replace(day=1), month)

    def at(self, day: date) -> int:
        """Give the place of a day's beginning."""
        return Scale.over((self.start.toordinal(), self.stop.toordinal())).at(day.toordinal())

    def span(self, stretch: Stretch) -> tuple[int, int]:
        """Give the places of both ends of some days, so far apart that they can be seen."""
        start, stop = map(self.at, stretch)
        if stop - start < _NARROWEST:
            start = min(start, EDGE + WIDE - _NARROWEST)
            stop = start + _NARROWEST
        return start, stop

    def ticks(self) -> Iterator[date]:
        """Yield the first days of the months that have a tick."""
        first = self.start.year * 12 + self.start.month - 1
        months = (self.stop.year - self.start.year) * 12 + self.stop.month - self.start.month
        step = self._step
        for month in range(first + -first % step, first + max(months, 1), step):
            yield date(month // 12, month % 12 + 1, 1)

    @property
    def _step(self) -> int:
        months = (self.stop.year - self.start.year) * 12 + self.stop.month - self.start.month
        return next(step for step in _STEPS if months <= step * _MOST_TICKS)

    def draw(self, canvas: Canvas, formats: Formats, top: int) -> None:
        """Draw a line from *top* down at each tick, and name its month or year below."""
        base, year = canvas.take(LINE) + 18, 0
        is_by_month = self._step < 12
        for day in self.ticks():
            place = self.at(day)
            canvas.upright("grid", place, top, base - top, is_behind=True)
            name = formats.month(day) if is_by_month else f"{day.year}"
            if place + 4 + breadth_of(name) <= WIDE + 2 * EDGE:
                canvas.text(name, place + 4, base, look="quiet")
            if is_by_month and day.year != year:
                year = day.year
                canvas.text(f"{year}", place + 4, base + LINE, look="quiet")
        canvas.upright("grid", EDGE + WIDE, top, base - top, is_behind=True)
        if is_by_month:
            canvas.take(LINE)
