"""In which period usage is priced together: the billing period of its item.

An item with a cadence has the periods of its own grid, as a recurring item has. Without an anchor
the grid begins with the item, or else with its subscription; without any first day it is the
calendar's, so that it never depends on which run asks. Without a cadence the days of the run are
the period, cut where the periods of a minimum fee of the subscription begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, cast

from billingcore.periods.grid import Grid, grid_under
from billingcore.records.item import Item
from billingcore.records.subscription import Subscription
from billingcore.records.terms import BillingType
from billingcore.scope.policy import Policy
from billingcore.scope.run import InvoiceRun
from billingcore.values.calendar import ONE_DAY

__all__ = ["Days", "Windows", "service_days", "usage_grid", "windows_of"]

Days = tuple[date, date]
"""The first day, and the first that does not belong."""

CALENDAR: Final = date(2001, 1, 1)
"""A Monday on which a month, a quarter and a year begin."""


def service_days(item: Item, subscription: Subscription) -> Days | None:
    """Give the days on which an item serves; None if item and subscription share none."""
    starts = [day for day in (item.start, subscription.start) if day is not None]
    ends = [day for day in (item.end, subscription.end) if day is not None]
    start = max(starts, default=date.min)
    stop = min(ends) + ONE_DAY if ends else date.max
    return (start, stop) if start < stop else None


def usage_grid(item: Item, subscription: Subscription, policy: Policy) -> Grid | None:
    """Give the billing periods of an item that is billed by usage; None if it has no cadence."""
    if item.cadence is None:
        return None
    starts = [day for day in (item.start, subscription.start) if day is not None]
    return grid_under(policy, item, item.cadence, max(starts, default=CALENDAR))


def fee_grids(subscription: Subscription, policy: Policy) -> Iterator[Grid]:
    """Yield the billing periods of a subscription's minimum fees."""
    for item, _ in subscription.metered:
        if item.recurrence is BillingType.MINIMUM_FEE:
            grid = usage_grid(item, subscription, policy)
            if grid is not None:
                yield grid


class Windows:
    """The billing periods of an item that is billed by usage: shared by all with equal terms.

    Attributes:
        days: on which the item serves; None if on none.
        has_periods: whether it has billing periods of its own.
    """

    def __init__(self, item: Item, subscription: Subscription, run: InvoiceRun) -> None:
        self._run = run
        self._grid = usage_grid(item, subscription, run.policy)
        self._fees = () if self._grid else tuple(fee_grids(subscription, run.policy))
        self._last: Days = (date.min, date.min)
        self.days: Days | None = service_days(item, subscription)
        self.has_periods: bool = self._grid is not None

    def of(self, day: date) -> Days:
        """Give the period in which usage of a day is priced; most ask for the same."""
        known = self._last
        if not known[0] <= day < known[1]:
            known = self._last = self._find(day)
        return known

    def _find(self, day: date) -> Days:
        if self._grid is not None:
            return self._grid.border_before(day), self._grid.border_after(day)
        start, stop = self._run.period.bounds
        if not start <= day < stop and self._fees:
            start, stop = date.min, date.max
        for fee in self._fees:
            start = max(start, fee.border_before(day))
            stop = min(stop, fee.border_after(day))
        return start, stop


def windows_of(item: Item, subscription: Subscription, run: InvoiceRun) -> Windows:
    """Give the billing periods of an item; worked out once for all on equal terms."""
    if item.cadence is None and len(subscription.metered) > 1:
        return Windows(item, subscription, run)  # a minimum fee may cut them
    name = ("usage", item.terms_key, subscription.window_key)
    known: Windows | None = run.schedules.get(name)
    if known is None:
        return cast("Windows", run.schedules.keep(name, Windows(item, subscription, run)))
    return known
