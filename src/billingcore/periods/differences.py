"""What of a billed line is not due as it was billed: its days compared with the terms of today."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from billingcore.periods.span import Share, Span
from billingcore.periods.timeline import snapped, timeline_of
from billingcore.records.change import version_fields
from billingcore.records.claims import ClaimState
from billingcore.records.item import Item
from billingcore.records.subscription import Subscription
from billingcore.records.terms import BillingType
from billingcore.records.timeline import Timeline
from billingcore.scope.coverage import Covered, Stretch, terms_of_days
from billingcore.scope.policy import Policy
from billingcore.scope.switches import ChangeInside
from billingcore.values.period import Period

__all__ = ["Taken", "changed_days", "stands", "taken_of"]

Part = tuple[date, date, Item | None]
"""The first day, the first day after, and the version that is due; None if nothing is."""


class Wanted:
    """What is due of an item, day by day, whether it was billed or not.

    Attributes:
        item: the item as it is now.
        policy: says what a change inside a period means.
        window: the days on which it is in service; None if there are none.
    """

    __slots__ = ("item", "policy", "window")

    def __init__(self, subscription: Subscription, item: Item, policy: Policy) -> None:
        contract = Period.closed(subscription.start, subscription.end)
        self.item: Item = item
        self.policy: Policy = policy
        self.window: Period | None = Period.closed(item.start, item.end).intersection(contract)

    def on_days(self, days: Stretch, timeline: Timeline) -> Iterator[Part]:
        """Cut days by what is due: a version of the item, or nothing."""
        start, stop = days
        inside = None if self.window is None else self.window.intersection(Period(start, stop))
        if inside is None:
            yield start, stop, None
            return
        begin, end = inside.bounds
        if start < begin:
            yield start, begin, None
        for first, last, number in timeline.parts(begin, end):
            yield first, last, self._version(number)
        if end < stop:
            yield end, stop, None

    def of_line(self, item: Item, span: Span, days: Stretch) -> Iterator[Part]:
        """Cut the days of a billed line by what is due; they lie within its span."""
        start, stop = days
        for share in span.shares:
            begin, end = max(share.part.bounds[0], start), min(share.part.bounds[1], stop)
            if begin >= end:
                continue
            if item.is_divisible and share.full is not None:
                yield from self.on_days(
                    (begin, end), self._timeline(share, self.policy.change_inside)
                )
            else:  # what cannot be divided is due as a whole, on the terms of its first day
                yield begin, end, self._as_a_whole(share)

    def _as_a_whole(self, share: Share) -> Item | None:
        if self.window is None or not self.window.overlaps(share.part):
            return None
        how = self.policy.change_inside
        how = ChangeInside.NEXT_PERIOD if how is ChangeInside.SPLIT else how
        return self._version(self._timeline(share, how).version_on(share.part.bounds[0]))

    def _timeline(self, share: Share, how: ChangeInside) -> Timeline:
        """Give the versions of the item, by whole periods unless these can be split."""
        timeline = timeline_of(self.item, self.policy)
        if how is ChangeInside.SPLIT or share.grid is None:
            return timeline
        return snapped(timeline, share.grid, how)

    def _version(self, number: int) -> Item | None:
        """Give a version by its number; None if nothing is billed of it."""
        item = self.item.versions[number] if self.item.versions else self.item
        return item if item.is_billable else None


def stands(item: Item, covered: Covered, timeline: Timeline) -> bool:
    """Tell at a glance that days within the item's dates are due as they were billed.

    Looks at claims only, which is enough for most items: usually nothing has changed. If not, it
    has to be looked at more closely.

    Args:
        item: the item as it is now.
        covered: what its claims say.
        timeline: its versions as they are billed: by whole periods, where these are not split.
    """
    if covered.before_releases is not None:
        return False
    if not item.versions:
        return not covered.has_changes
    borders, numbers = timeline
    versions, count = item.versions, len(borders)
    for _, period, _, state, terms, _ in covered.claims:
        if terms is None or period is None or state is not ClaimState.FINAL:
            continue
        start, stop = period.bounds
        at = bisect_right(borders, start)
        version = versions[numbers[at]]
        if version.version != terms or not version.is_billable:
            return False
        if at < count and borders[at] < stop:
            return False  # several versions, which may have one name
    return True


def changed_days(
    subscription: Subscription, item: Item, covered: Covered, policy: Policy, timeline: Timeline
) -> Sequence[Stretch]:
    """Give days on invoices that seem to be due on other terms now, or not at all.

    What cannot be divided may turn out to be right as it was billed. What is billed once, or once
    a run, is never looked at. Takes the arguments of `stands`.
    """
    if item.recurrence is BillingType.ONE_TIME or item.cadence is None:
        return ()
    wanted = Wanted(subscription, item, policy)
    return [
        (first, last)
        for start, stop, terms in terms_of_days(covered.claims)
        for first, last, version in wanted.on_days((start, stop), timeline)
        if version is None or version.version != terms
    ]


class Taken(NamedTuple):
    """Days that are to be taken back from a line, and what is due of them instead.

    Attributes:
        days: adjacent days.
        anew: parts of them that are to be billed on other terms.
    """

    days: Stretch
    anew: tuple[tuple[date, date, Item], ...]


def _is_as_billed(version: Item, billed: Item) -> bool:
    """Tell whether a version changes nothing of what was billed."""
    if version.version == billed.version:
        return True
    names = version_fields(version.version) | version_fields(billed.version)
    return all(getattr(version, name) == getattr(billed, name) for name in names)


def taken_of(
    subscription: Subscription, item: Item, policy: Policy, billed: Item, span: Span, live: Stretch
) -> list[Taken]:
    """Say which days of a billed line are to be taken back; empty if it stands as it is.

    Args:
        subscription: the contract as it is now.
        item: the item as it is now.
        policy: says what a change inside a period means.
        billed: the item as it was billed.
        span: the days of the line.
        live: days of it that were not taken back before.
    """
    wanted = Wanted(subscription, item, policy)
    rows: list[Part] = []
    for start, stop, version in wanted.of_line(billed, span, live):
        if version is not None and _is_as_billed(version, billed):
            continue
        is_same = bool(rows) and rows[-1][1:] == (start, version)
        rows.append((rows.pop()[0] if is_same else start, stop, version))
    found: list[Taken] = []
    for start, stop, version in rows:
        anew = () if version is None else ((start, stop, version),)
        if found and found[-1].days[1] == start:
            (first, _), known = found.pop()
            found.append(Taken((first, stop), (*known, *anew)))
        else:
            found.append(Taken((start, stop), anew))
    return found
