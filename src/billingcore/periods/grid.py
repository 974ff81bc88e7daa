"""The borders of an item's billing periods, with its alignment to a common boundary.

*Sync With* (behaviour 2.6) ends the first periods of an item at the first boundary of a grid that
items share, such as the start of the next quarter; from there the natural rhythm runs and is never
aligned again. An item that starts on a boundary is aligned from the start.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from attrs import frozen

from billingcore.records.item import Item
from billingcore.records.terms import SyncWith
from billingcore.scope.policy import Policy
from billingcore.scope.switches import DayUnit
from billingcore.values.cadence import DAY, HALF_YEAR, MONTH, QUARTER, YEAR, Cadence, Unit

__all__ = ["Grid", "grid_of", "grid_under"]

_BOUNDARIES: Final[dict[SyncWith, tuple[Unit, bool]]] = {
    SyncWith.NEXT_MONTH: (MONTH, False),
    SyncWith.NEXT_QUARTER: (QUARTER, False),
    SyncWith.NEXT_HALF_YEAR: (HALF_YEAR, False),
    SyncWith.NEXT_YEAR: (YEAR, False),
    SyncWith.FISCAL_QUARTER: (QUARTER, True),
    SyncWith.FISCAL_HALF_YEAR: (HALF_YEAR, True),
    SyncWith.FISCAL_YEAR: (YEAR, True),
}
"""Sync value → unit of its grid, and whether the grid begins with the fiscal year."""


@frozen
class Grid:
    """The billing periods of one item.

    Attributes:
        natural: the rhythm from the first day.
        boundary: where alignment ends it, None if it is never aligned.
    """

    natural: Cadence
    boundary: date | None

    def rhythm_of(self, day: date) -> Cadence:
        """Give the rhythm that a day is billed in: the natural one, or anew from the boundary."""
        if self.boundary is None or day < self.boundary:
            return self.natural
        return self.natural.anchored_anew(self.boundary)

    def is_border(self, day: date) -> bool:
        """Tell whether a billing period begins on a day."""
        rhythm = self.rhythm_of(day)
        return rhythm.start(rhythm.index(day)) == day

    def border_before(self, day: date) -> date:
        """Give the first day of the billing period that a day is in."""
        start, _ = self.rhythm_of(day).period_of(day).bounds
        return start

    def border_after(self, day: date) -> date:
        """Give the next border after a day: the end of its billing period, or the boundary."""
        _, stop = self.rhythm_of(day).period_of(day).bounds
        if self.boundary is None or day >= self.boundary:
            return stop
        return min(stop, self.boundary)


def grid_of(cadence: Cadence, first: date, sync: SyncWith | None, fiscal_start: int) -> Grid:
    """Give the grid of an item whose service begins on *first*.

    >>> from billingcore.values.cadence import yearly
    >>> grid = grid_of(yearly(), date(2025, 2, 10), SyncWith.NEXT_QUARTER, 1)
    >>> grid.border_after(date(2025, 2, 10)), grid.border_after(date(2025, 4, 1))
    (datetime.date(2025, 4, 1), datetime.date(2026, 4, 1))
    """
    natural = cadence.anchored(first)
    if sync is None:
        return Grid(natural, None)
    unit, is_fiscal = _BOUNDARIES[sync]
    boundaries = Cadence.fiscal(unit, fiscal_start if is_fiscal else 1)
    start, stop = boundaries.period_of(first).bounds
    return Grid(natural, None if start == first else stop)


def grid_under(policy: Policy, item: Item, cadence: Cadence, first: date) -> Grid:
    """Give the grid of an item by its cadence and the policy, where days may count months."""
    if cadence.unit is DAY and policy.day_unit is DayUnit.MONTHS:
        cadence = Cadence(cadence.count, MONTH, cadence.anchor)
    return grid_of(cadence, first, item.sync_with, policy.fiscal_year_start)
