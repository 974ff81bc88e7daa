"""Which version of an item is in force on which day.

A timeline names versions by their number, not by their content, so that what is due can be worked
out once for all items whose versions begin on the same days.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

__all__ = ["Timeline"]


class Timeline(NamedTuple):
    """The versions of an item in the order of their days.

    Attributes:
        borders: the first day of each version but the first, which is in force since ever.
        versions: the number of each version among the item's, one more than borders.
    """

    borders: tuple[date, ...]
    versions: tuple[int, ...]

    def version_on(self, day: date) -> int:
        """Give the number of the version that is in force on a day."""
        return self.versions[bisect_right(self.borders, day)]

    def parts(self, start: date, stop: date) -> Iterator[tuple[date, date, int]]:
        """Cut days where the version changes; yields the parts with their versions."""
        first, last = bisect_right(self.borders, start), bisect_left(self.borders, stop)
        for number in range(first, last + 1):
            begin = start if number == first else self.borders[number - 1]
            end = stop if number == last else self.borders[number]
            yield begin, end, self.versions[number]
