"""The timeline of an item under a policy: whose is the day of a change, and what is inside a period."""

from __future__ import annotations

from datetime import date

from billingcore.periods.grid import Grid
from billingcore.records.item import Item
from billingcore.records.timeline import Timeline
from billingcore.scope.policy import Policy
from billingcore.scope.switches import ChangeDay, ChangeInside
from billingcore.values.calendar import ONE_DAY

__all__ = ["is_even", "snapped", "timeline_of"]


def snapped(timeline: Timeline, grid: Grid, how: ChangeInside) -> Timeline:
    """Move every border to one of the billing periods: the next one, or the one before."""
    moved = [_snapped(border, grid, how) for border in timeline.borders]
    return _without_empty(moved, timeline.versions)


def _snapped(border: date, grid: Grid, how: ChangeInside) -> date:
    if how is ChangeInside.WHOLE_PERIOD:
        return grid.border_before(border)
    return border if grid.is_border(border) else grid.border_after(border)


def _without_empty(borders: list[date], versions: tuple[int, ...]) -> Timeline:
    """Leave out versions that are never in force, since the next one begins on the same day."""
    kept = [
        (border, version)
        for number, (border, version) in enumerate(zip(borders, versions[1:], strict=True), 1)
        if number == len(borders) or borders[number] > border
    ]
    return Timeline(tuple(day for day, _ in kept), (versions[0], *(number for _, number in kept)))


def timeline_of(item: Item, policy: Policy) -> Timeline:
    """Give the timeline of an item that changes, day by day.

    The first day of a change is the new version's, or by policy still the old one's.
    """
    if policy.change_day is ChangeDay.NEW:
        return item.timeline
    borders = [
        phase.start + ONE_DAY if phase.begins else phase.start
        for phase in item.phases
        if phase.start is not None
    ]
    return _without_empty(borders, item.timeline.versions)


def is_even(item: Item, policy: Policy) -> bool:
    """Tell whether an item's versions have no influence on what days are due when.

    If so, its periods are those of an item that never changes, cut where the version changes.
    """
    return item.is_steady and (not item.versions or policy.change_inside is ChangeInside.SPLIT)
