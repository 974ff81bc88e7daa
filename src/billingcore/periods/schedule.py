"""What is due of an item in a run: its billing periods, minus what is covered.

Nothing is remembered from run to run but coverage. What is due = what the rules allow up to the
run's end, minus the covered days; so running twice bills nothing twice, and a missed run loses
nothing that a later one under `LEVEL` would not find.

The answer depends only on the run, the item's terms, the contract's dates and the coverage, so it
is worked out once for all items that agree in these.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import evolve

from billingcore.periods.due import Due, out_of_period, until_covered
from billingcore.periods.recurring import Recurring
from billingcore.periods.shares import whole_span
from billingcore.periods.span import Span
from billingcore.periods.timeline import is_even, timeline_of
from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.subscription import Subscription
from billingcore.records.terms import BillingType
from billingcore.scope.coverage import UNCOVERED, Covered, first_gap
from billingcore.scope.run import InvoiceRun
from billingcore.scope.switches import FirstPeriod, OpenDrafts, Scope
from billingcore.values.cadence import DAY, HALF_YEAR, MONTH, QUARTER, WEEK, YEAR, Cadence
from billingcore.values.period import Period

__all__ = ["due_of"]

_LONGEST: Final = {DAY: 31, WEEK: 7, MONTH: 31, QUARTER: 92, HALF_YEAR: 184, YEAR: 366}
"""Unit → the most days that a billing period of one unit has; a day unit can count months."""


def due_of(run: InvoiceRun, subscription: Subscription, item: Item, covered: Covered | None) -> Due:
    """Say what a run bills of an item.

    Raises:
        InvalidInputError: the terms cannot be computed, like weeks prorated by months.
    """
    if covered is None:
        key: tuple[object, ...] = (item.terms_key, subscription.window_key)
    else:
        hindrance = _hindrance(run, item, covered)
        if hindrance is not None:
            return Due(excluded=hindrance, is_within=False)
        key = (item.terms_key, subscription.window_key, covered.stretches, covered.carried)
    if item.versions or covered is not None:
        key = (*key, *_further_key(run, item, covered))
    known: Due | None = run.schedules.get(key)
    if known is not None:
        return known
    due = _compute(run, subscription, item, covered or UNCOVERED)
    if covered is not None and not _is_within(subscription, item, covered):
        due = evolve(due, is_within=False)
    run.schedules.keep(key, due)
    return due


def _is_within(subscription: Subscription, item: Item, covered: Covered) -> bool:
    """Tell whether all covered days lie within the dates of an item and its contract."""
    if not covered.stretches:
        return True
    first, stop = covered.stretches[0][0], covered.stretches[-1][1]
    starts, ends = (subscription.start, item.start), (subscription.end, item.end)
    return all(start is None or start <= first for start in starts) and all(
        end is None or stop.toordinal() <= end.toordinal() + 1 for end in ends
    )


def _further_key(run: InvoiceRun, item: Item, covered: Covered | None) -> Iterator[object]:
    """Yield what else decides about items that change, or whose days were taken back."""
    if item.versions and not is_even(item, run.policy):
        yield item.timeline_key
    if covered is not None and covered.before_releases is not None:
        yield covered.before_releases


def _hindrance(run: InvoiceRun, item: Item, covered: Covered) -> LeftOut | None:
    """Say which document stands in the way, if one does."""
    is_once = item.recurrence is BillingType.ONE_TIME
    if covered.draft and (is_once or run.policy.open_drafts is OpenDrafts.BLOCK):
        return LeftOut(Reason.DRAFT_EXISTS, facts=(("draft", covered.draft),))
    if is_once and covered.is_done:
        return LeftOut(Reason.ONE_TIME_DONE, facts=(("document", covered.document_of(None)),))
    return None


def _compute(run: InvoiceRun, subscription: Subscription, item: Item, covered: Covered) -> Due:
    contract = Period.closed(subscription.start, subscription.end)
    own = Period.closed(item.start, item.end)
    window = own.intersection(contract)
    if window is None:
        facts = (("item", str(own)), ("subscription", str(contract)))
        return Due(excluded=LeftOut(Reason.OUT_OF_PERIOD, facts=facts))
    if item.recurrence is BillingType.ONE_TIME:
        return _once(run, item, window, covered)
    if item.cadence is None:
        return _every_run(run, item, window, covered)
    window = _within_horizon(run, item.cadence, window)
    days = (window.start, window.stop, covered.stretches, covered.carried)
    key = (item.rhythm_key, *days, *_further_key(run, item, covered))
    known: Due | None = run.schedules.get(key)
    if known is not None:
        return known
    due = Recurring(run, item, item.cadence, window, covered).due()
    run.schedules.keep(key, due)
    return due


def _within_horizon(run: InvoiceRun, cadence: Cadence, window: Period) -> Period:
    """Open the end of a window that the run cannot reach, so that such items share an answer."""
    _, stop = run.period.bounds
    reach = stop.toordinal() + cadence.count * _LONGEST[cadence.unit]
    if window.stop is None or window.stop.toordinal() <= reach:
        return window
    return Period(window.start, None)


def _once(run: InvoiceRun, item: Item, window: Period, covered: Covered) -> Due:
    """Bill a one-time item: its service period is the run's, cut by the contract's end."""
    if covered.carried:
        return Due(spans=(whole_span(run.policy, Period(*covered.carried[0]), None),))
    start, stop = run.period.bounds
    is_strict = run.policy.scope is Scope.STRICT
    is_early = run.policy.first_period is FirstPeriod.FROM_RUN or is_strict
    dates = (day for day in (item.start, item.end) if day is not None)
    if is_strict and any(day not in run.period for day in dates):
        return out_of_period(run, window)
    if window.overlaps(run.period):
        service = Period(start, stop if window.stop is None else min(stop, window.stop))
    elif is_early or (window.start is not None and window.start >= stop):
        return out_of_period(run, window)
    else:  # it ended before any run found it
        service = Period.closed(window.start if item.start else window.last, window.last)
    return Due(spans=(whole_span(run.policy, service, None),))


def _every_run(run: InvoiceRun, item: Item, window: Period, covered: Covered) -> Due:
    """Bill a recurring item without a billing period: once for the run's uncovered days.

    The version that is in force on the first of them applies to all of them.
    """
    timeline = timeline_of(item, run.policy) if item.versions else None
    inside = window.intersection(run.period)
    start, _ = run.period.bounds
    reached = [] if inside is None else [(start, inside.bounds[1])]
    spans: list[Span] = []
    for begin, stop in dict.fromkeys([*covered.carried, *reached]):
        first = first_gap(covered.stretches, begin)
        if first < stop:
            service = Period(first, until_covered(covered.stretches, first, stop))
            if timeline is not None and not item.versions[timeline.version_on(first)].is_billable:
                return Due(excluded=LeftOut(Reason.PAUSED, service))
            spans.append(whole_span(run.policy, service, service))
    if spans:
        return Due(spans=tuple(spans), timeline=timeline)
    return (
        out_of_period(run, window)
        if inside is None
        else Due(excluded=LeftOut(Reason.COVERED, inside))
    )
