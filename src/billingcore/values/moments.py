"""A stretch of time between two instants, for rules that count seconds.

Invoices know days only. Some systems divide a price by the seconds, or by the milliseconds, of a
billing period; who compares amounts with theirs needs the time that has passed. It is counted as
it passes, in UTC: the night in which the clock is put back has an hour more.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final

from attrs import frozen

from billingcore.errors import InvalidInputError
from billingcore.values.boundary import Boundary
from billingcore.values.instants import instant_of
from billingcore.values.sealing import fill

__all__ = ["Moments", "Tick"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Tick(Enum):
    """The smallest piece of time that a rule counts."""

    DAY = timedelta(days=1)
    SECOND = timedelta(seconds=1)
    MILLISECOND = timedelta(milliseconds=1)


@frozen(init=False)
class Moments:
    """From one instant to another, half-open like a `Period`.

    >>> night = Moments("2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00")
    >>> night.ticks(Tick.SECOND) / 3600
    25.0

    Attributes:
        start: the first instant, in UTC.
        stop: the first instant after it, in UTC.

    Raises:
        InvalidInputError: an instant has no zone, or the stop is before the start.
        DateRangeError: not an instant, or none of the calendar.
    """

    start: datetime
    stop: datetime

    def __init__(self, start: datetime | str, stop: datetime | str) -> None:
        read = Boundary("Moments")
        first, last = read.read("start", start, instant_of), read.read("stop", stop, instant_of)
        if last < first:
            rule = f"before the start {first.isoformat()}"
            raise read.refuse("stop", last.isoformat(), rule, "exchange the two")
        fill(self, start=first, stop=last)

    def ticks(self, tick: Tick) -> int:
        """Count whole ticks between the two; each end is cut down to one, as a time stamp is."""
        return (self.stop - _EPOCH) // tick.value - (self.start - _EPOCH) // tick.value

    def share_of(self, whole: Moments, tick: Tick) -> tuple[int, int]:
        """Give the ticks of this part, and those of the whole that it is a part of.

        Raises:
            InvalidInputError: the part is not within the whole, or the whole has no ticks.
        """
        if not whole.start <= self.start <= self.stop <= whole.stop:
            fix = "give the billing period that the part is in"
            raise InvalidInputError("not within its period", field="part", value=self, fix=fix)
        of = whole.ticks(tick)
        if not of:
            fix = "give both its ends"
            raise InvalidInputError("a period without time", field="whole", value=whole, fix=fix)
        return self.ticks(tick), of

    def __str__(self) -> str:
        return f"{self.start.isoformat()}/{self.stop.isoformat()}"
