"""What is due of an item in a run: its billing periods, minus what is covered.

Nothing is remembered from run to run but coverage. What is due = what the rules allow up to the
run's end, minus the covered days; so running twice bills nothing twice, and a missed run loses
nothing that a later one under `LEVEL` would not find.

The answer depends only on the run, the item's terms, the contract's dates and the coverage, so it
is worked out once for all items that agree in these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import takewhile
from typing import Final

from attrs import field, frozen

from billingcore.periods import proration
from billingcore.periods.grid import Grid, grid_of
from billingcore.periods.span import Share, Span
from billingcore.ports import ProrationConvention
from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.subscription import Subscription
from billingcore.records.terms import BillingPractice, BillingType
from billingcore.scope.coverage import UNCOVERED, Covered, first_gap
from billingcore.scope.policy import (
    CatchUp,
    DayUnit,
    FirstPeriod,
    OpenDrafts,
    Policy,
    Scope,
    TaxDate,
)
from billingcore.scope.run import InvoiceRun
from billingcore.values.cadence import (
    DAY,
    HALF_YEAR,
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    Cadence,
    Unit,
)
from billingcore.values.period import Period
from billingcore.values.sealing import fill

__all__ = ["Due", "due_of", "span_over", "tax_days", "whole_span"]

_LONGEST: Final = {DAY: 31, WEEK: 7, MONTH: 31, QUARTER: 92, HALF_YEAR: 184, YEAR: 366}
"""Unit → the most days that a billing period of one unit has; a day unit can count months."""

_CONVENTION_OF: Final[dict[BillingType, ProrationConvention]] = {
    BillingType.RECURRING: proration.NONE,
    BillingType.RECURRING_PRORATED: proration.CALENDAR_MONTHS,
    BillingType.RECURRING_PRORATED_AVG: proration.AVERAGE_MONTHS,
}


@frozen
class Due:
    """What a run bills of an item.

    Attributes:
        spans: what becomes a line each; empty if the item is excluded.
        excluded: why nothing is billed, if nothing is.
        left_out: time that the policy leaves out although the item is billed.
        waived: periods that are given up for good.
        is_noteworthy: whether there is more to say than the spans.
    """

    spans: tuple[Span, ...] = ()
    excluded: LeftOut | None = None
    left_out: tuple[LeftOut, ...] = ()
    waived: tuple[Period, ...] = ()
    is_noteworthy: bool = field(init=False, default=False)

    def __attrs_post_init__(self) -> None:
        fill(self, is_noteworthy=self.excluded is not None or bool(self.left_out or self.waived))


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
            return Due(excluded=hindrance)
        key = (item.terms_key, subscription.window_key, covered.stretches, covered.carried)
    known: Due | None = run.schedules.get(key)
    return known or run.schedules.keep(key, _compute(run, subscription, item, covered or UNCOVERED))


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
        return _every_run(run, window, covered)
    window = _within_horizon(run, item.cadence, window)
    key = (item.rhythm_key, window.start, window.stop, covered.stretches, covered.carried)
    known: Due | None = run.schedules.get(key)
    if known is not None:
        return known
    due = _Schedule(run, item, item.cadence, window, covered).due()
    run.schedules.keep(key, due)
    return due


def _within_horizon(run: InvoiceRun, cadence: Cadence, window: Period) -> Period:
    """Open the end of a window that the run cannot reach, so that such items share an answer."""
    _, stop = run.period.bounds
    reach = stop.toordinal() + cadence.count * _LONGEST[cadence.unit]
    if window.stop is None or window.stop.toordinal() <= reach:
        return window
    return Period(window.start, None)


def _out_of_period(run: InvoiceRun, window: Period) -> Due:
    return Due(excluded=LeftOut(Reason.OUT_OF_PERIOD, window, _run_facts(run)))


def _run_facts(run: InvoiceRun) -> tuple[tuple[str, str], ...]:
    return (("run", f"{run.period.first} to {run.period.last}"),)


def _once(run: InvoiceRun, item: Item, window: Period, covered: Covered) -> Due:
    """Bill a one-time item: its service period is the run's, cut by the contract's end."""
    if covered.carried:
        return Due(spans=(whole_span(run.policy, Period(*covered.carried[0]), None),))
    start, stop = run.period.bounds
    is_strict = run.policy.scope is Scope.STRICT
    is_early = run.policy.first_period is FirstPeriod.FROM_RUN or is_strict
    dates = (day for day in (item.start, item.end) if day is not None)
    if is_strict and any(day not in run.period for day in dates):
        return _out_of_period(run, window)
    if window.overlaps(run.period):
        service = Period(start, stop if window.stop is None else min(stop, window.stop))
    elif is_early or (window.start is not None and window.start >= stop):
        return _out_of_period(run, window)
    else:  # it ended before any run found it
        service = Period.closed(window.start if item.start else window.last, window.last)
    return Due(spans=(whole_span(run.policy, service, None),))


def _every_run(run: InvoiceRun, window: Period, covered: Covered) -> Due:
    """Bill a recurring item without a billing period: once for the run's uncovered days."""
    inside = window.intersection(run.period)
    start, _ = run.period.bounds
    reached = [] if inside is None else [(start, inside.bounds[1])]
    spans: list[Span] = []
    for begin, stop in dict.fromkeys([*covered.carried, *reached]):
        first = first_gap(covered.stretches, begin)
        if first < stop:
            service = Period(first, _until(covered.stretches, first, stop))
            spans.append(whole_span(run.policy, service, service))
    if spans:
        return Due(spans=tuple(spans))
    return (
        _out_of_period(run, window)
        if inside is None
        else Due(excluded=LeftOut(Reason.COVERED, inside))
    )


def _until(stretches: Iterable[tuple[date, date]], day: date, stop: date) -> date:
    """Give the day before which days from *day* on are not covered, *stop* at the latest."""
    return min((start for start, _ in stretches if day < start < stop), default=stop)


def whole_span(policy: Policy, service: Period, cover: Period | None) -> Span:
    """Make the span of a line at its full price, without a billing period."""
    share = Share(service, None, Fraction(1))
    return Span(service, cover, (share,), tax_days(policy, service))


def tax_days(policy: Policy, service: Period) -> Period:
    """Give the days of a service period that decide its tax."""
    start, stop = service.bounds
    if policy.tax_date is TaxDate.SPLIT_AT_RATE_CHANGE:
        return service
    return Period.day(start if policy.tax_date is TaxDate.START else stop - timedelta(days=1))


class _Schedule:
    """The billing periods of one recurring item in one run."""

    def __init__(
        self, run: InvoiceRun, item: Item, cadence: Cadence, window: Period, covered: Covered
    ) -> None:
        self.run = run
        self.policy = run.policy
        self.run_start, self.run_stop = run.period.bounds
        self.item = item
        self.window = window
        self.covered = covered
        self.is_arrears = item.billing_practice is BillingPractice.ARREARS
        self.stretches = self._stretches()
        self.since = self._since(cadence)
        self.unit = cadence.unit
        self.grid = self._grid(cadence)

    def _stretches(self) -> tuple[tuple[date, date], ...]:
        """Give the covered days; a migrated start says that all before it is covered."""
        migrated = self.item.next_service_period_start
        before = () if migrated is None else ((date.min, migrated),)
        return (*before, *self.covered.stretches)

    def _since(self, cadence: Cadence) -> date:
        """Give the day from which the policy lets the item be billed."""
        migrated = self.item.next_service_period_start
        if migrated is not None:
            return max(self.window.start or migrated, migrated)
        is_from_item = self.is_arrears or self.policy.first_period is FirstPeriod.FROM_ITEM
        known = [start for start, _ in (*self.stretches[:1], *self.covered.carried[:1])]
        if is_from_item and self.window.start is not None:
            return self.window.start
        if known:
            return min(known)
        if is_from_item and cadence.anchor is not None:  # it always was: the period that now runs
            return cadence.start(cadence.index(self.run_start))
        return max(self.window.start or self.run_start, self.run_start)

    def _grid(self, cadence: Cadence) -> Grid:
        """Give the grid that begins with the item, unless what is covered began another one."""
        if cadence.unit is DAY and self.policy.day_unit is DayUnit.MONTHS:
            cadence = Cadence(cadence.count, MONTH, cadence.anchor)
        sync, fiscal_start = self.item.sync_with, self.policy.fiscal_year_start
        grid = grid_of(cadence, self.since, sync, fiscal_start)
        stretches = self.covered.stretches
        if not stretches or self.item.next_service_period_start is not None:
            return grid
        first_covered, _ = stretches[0]
        if grid.is_border(first_covered):
            return grid
        return grid_of(cadence, first_covered, sync, fiscal_start)

    def due(self) -> Due:
        """Walk through the uncovered periods that are due, as far as the policy goes."""
        first = first_gap(self.stretches, self.since)
        if self.policy.scope is Scope.STRICT and first < self.run_start:
            return _out_of_period(self.run, self.window)
        parts = list(takewhile(self._is_due, self._uncovered(first)))
        waived = parts[: self._count_waived(parts)]
        parts = parts[len(waived) :]
        left_out = [*self._before_first_run(), *(LeftOut(Reason.FORGIVEN, part) for part in waived)]
        if self.policy.catch_up is CatchUp.ONE and len(parts) > 1:
            rest = Period(parts[1].start, parts[-1].stop)
            facts = (("catch_up", self.policy.catch_up.value),)
            left_out.append(LeftOut(Reason.NOT_DUE, rest, facts))
            del parts[1:]
        if not parts:
            return Due(excluded=self._why_nothing(first, waived), waived=tuple(waived))
        return Due(tuple(self._spans(parts)), None, tuple(left_out), tuple(waived))

    def _uncovered(self, day: date) -> Iterator[Period]:
        """Yield the uncovered parts of billing periods from a day on, without end."""
        while self.window.stop is None or day < self.window.stop:
            stop = self.grid.border_after(day)
            if self.window.stop is not None:
                stop = min(stop, self.window.stop)
            stop = _until(self.stretches, day, stop)
            yield Period(day, stop)
            day = first_gap(self.stretches, stop)

    def _is_due(self, part: Period) -> bool:
        """Tell whether the run reaches a part: its start in advance, its end in arrears."""
        start, stop = part.bounds
        return stop <= self.run_stop if self.is_arrears else start < self.run_stop

    def _count_waived(self, parts: list[Period]) -> int:
        if self.policy.catch_up is not CatchUp.FORGIVE:
            return 0
        return sum(part.bounds[1] <= self.run_start for part in parts)

    def _before_first_run(self) -> Iterator[LeftOut]:
        first = self.window.start
        is_first = not self.stretches and self.covered.due_since is None
        if is_first and first is not None and first < self.since:
            yield LeftOut(Reason.BEFORE_FIRST_RUN, Period(first, self.since))

    def _why_nothing(self, first: date, waived: list[Period]) -> LeftOut:
        """Say why no part is due: forgiven, ended, covered, or not yet."""
        if waived:
            return LeftOut(Reason.FORGIVEN, Period(waived[0].start, waived[-1].stop))
        part = next(self._uncovered(first), None)
        overlaps = (Period(*stretch).intersection(self.run.period) for stretch in self.stretches)
        covered = next((days for days in overlaps if days is not None), None)
        is_begun = part is not None and part.bounds[0] < self.run_stop
        facts = (("billing practice", self.item.billing_practice.value), *_run_facts(self.run))
        if part is not None and is_begun:
            return LeftOut(Reason.NOT_DUE, part, facts)
        if covered is not None:
            return LeftOut(Reason.COVERED, covered)
        if part is None or (self.window.start or date.min) >= self.run_stop:
            return LeftOut(Reason.OUT_OF_PERIOD, self.window, _run_facts(self.run))
        return LeftOut(Reason.NOT_DUE, part, facts)

    def _spans(self, parts: list[Period]) -> Iterator[Span]:
        """Make a span of each part, or of each row of adjacent ones."""
        for row in self._rows(parts):
            service = Period(row[0].start, row[-1].stop)
            shares = tuple(map(self._share, row))
            yield Span(service, service, shares, tax_days(self.policy, service))

    def _rows(self, parts: list[Period]) -> list[list[Period]]:
        if self.policy.catch_up is not CatchUp.MERGED:
            return [[part] for part in parts]
        rows = [[parts[0]]]
        for part in parts[1:]:
            if part.start == rows[-1][-1].stop:
                rows[-1].append(part)
            else:
                rows.append([part])
        return rows

    def _share(self, part: Period) -> Share:
        start, _ = part.bounds
        return share_of(self.item, part, self.grid.rhythm_of(start), self.unit)


def share_of(item: Item, part: Period, rhythm: Cadence, unit: Unit) -> Share:
    """Work out what a part costs; a price per day is multiplied by days."""
    start, _ = part.bounds
    convention = item.proration or _CONVENTION_OF[item.recurrence]
    full = rhythm.period_of(start)
    if unit is DAY and convention is proration.NONE:
        _, stop = part.bounds
        last = rhythm.period_of(stop - timedelta(days=1))
        factor = Fraction(Period(full.start, last.stop).days)
    elif unit is DAY:
        factor = Fraction(part.days)
    else:
        factor = convention.factor(part, rhythm)
    return Share(part, full, factor, convention.name, unit.name.lower())


def span_over(item: Item, period: Period, policy: Policy) -> Span:
    """Make the span of an item that is billed for given days, without a schedule.

    Raises:
        InvalidInputError: its convention cannot measure its billing period.
    """
    start, _ = period.bounds
    if item.cadence is None or item.recurrence is BillingType.ONE_TIME:
        return whole_span(policy, period, None)
    share = share_of(item, period, item.cadence.anchored(start), item.cadence.unit)
    return Span(period, period, (share,), tax_days(policy, period))
