"""The billing periods of a recurring item in a run: which are due, and which are not and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import takewhile

from billingcore.periods.due import Due, out_of_period, run_facts, until_covered
from billingcore.periods.grid import Grid, grid_under
from billingcore.periods.shares import conserves, offset_of, share_of, tax_days
from billingcore.periods.span import Share, Span
from billingcore.periods.timeline import is_even, snapped, timeline_of
from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.terms import BillingPractice
from billingcore.records.timeline import Timeline
from billingcore.scope.coverage import Covered, first_gap
from billingcore.scope.policy import Policy
from billingcore.scope.run import InvoiceRun
from billingcore.scope.switches import CatchUp, ChangeInside, FirstPeriod, Scope
from billingcore.values.cadence import Cadence
from billingcore.values.period import Period

__all__ = ["Recurring"]


class Recurring:
    """The billing periods of one recurring item in one run."""

    def __init__(
        self, run: InvoiceRun, item: Item, cadence: Cadence, window: Period, covered: Covered
    ) -> None:
        self.run: InvoiceRun = run
        self.policy: Policy = run.policy
        self.run_start: date
        self.run_stop: date
        self.run_start, self.run_stop = run.period.bounds
        self.item: Item = item
        self.window: Period = window
        self.covered: Covered = covered
        self.is_arrears: bool = item.billing_practice is BillingPractice.ARREARS
        is_uneven = bool(item.versions) and not is_even(item, run.policy)
        self.timeline: Timeline | None = timeline_of(item, run.policy) if is_uneven else None
        self.stretches: tuple[tuple[date, date], ...] = self._stretches()
        self.since: date = self._since(cadence)
        self.grid: Grid = self._grid(cadence)
        if self.timeline is not None:
            self.timeline = self._snapped(self.timeline)

    def _snapped(self, timeline: Timeline) -> Timeline:
        """Move changes to borders of periods, where periods cannot or must not be cut."""
        how = self.policy.change_inside
        if how is not ChangeInside.SPLIT:
            return snapped(timeline, self.grid, how)
        if not self.item.is_divisible:
            return snapped(timeline, self.grid, ChangeInside.NEXT_PERIOD)
        return timeline

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
        known = [start for start, _ in (*self.covered.ever[:1], *self.covered.carried[:1])]
        if is_from_item and self.window.start is not None:
            return self.window.start
        if known:
            return self._with_what_was_free(min(known))
        if is_from_item and cadence.anchor is not None:  # it always was: the period that now runs
            return cadence.start(cadence.index(self.run_start))
        since = max(self.window.start or self.run_start, self.run_start)
        return self._with_what_was_free(self._resumes(since) or since)

    def _with_what_was_free(self, first: date) -> date:
        """Give the first day of service, if nothing is billed from there to the first paid day.

        So a trial is a part of the first billing period.
        """
        start = self.window.start
        return start if start is not None and self._resumes(start) == first else first

    def _resumes(self, day: date) -> date | None:
        """Give the first day from *day* on that is not paused; None if there is none."""
        if self.timeline is None:
            return day
        versions = self.item.versions
        parts = self.timeline.parts(day, date.max)
        return next((start for start, _, number in parts if versions[number].is_billable), None)

    def _grid(self, cadence: Cadence) -> Grid:
        """Give the grid that begins with the item, unless what is covered began another one."""
        grid = grid_under(self.policy, self.item, cadence, self.since)
        ever = self.covered.ever
        if not ever or self.item.next_service_period_start is not None:
            return grid
        first_covered, _ = ever[0]
        if grid.is_border(first_covered) or self._began_within(grid):
            return grid
        return grid_under(self.policy, self.item, cadence, first_covered)

    def _began_within(self, grid: Grid) -> bool:
        """Tell whether what is covered began inside a period of a grid, because of a change.

        It ends at a border then, or with the item.
        """
        ever = self.covered.ever
        is_resumed = ever[0][0] == self._resumes(self.since)
        ends = self.window.stop
        return is_resumed or any(grid.is_border(stop) or stop == ends for _, stop in ever)

    def due(self) -> Due:
        """Walk through the uncovered periods that are due, as far as the policy goes."""
        first = first_gap(self.stretches, self.since)
        if self.policy.scope is Scope.STRICT and first < self.run_start:
            return out_of_period(self.run, self.window)
        parts = list(takewhile(self._is_due, self._uncovered(first)))
        waived = parts[: self._count_waived(parts)]
        parts = parts[len(waived) :]
        left_out = [*self._before_first_run(), *(LeftOut(Reason.FORGIVEN, part) for part in waived)]
        left_out += self._paused()
        count = self._count_of_one(parts)
        if len(parts) > count:
            rest = Period(parts[count].start, parts[-1].stop)
            facts = (("catch_up", self.policy.catch_up.value),)
            left_out.append(LeftOut(Reason.NOT_DUE, rest, facts))
            del parts[count:]
        if not parts:
            why = self._why_nothing(first, waived)
            return Due(excluded=why, waived=tuple(waived), timeline=self.timeline)
        spans = tuple(self._spans(parts))
        return Due(spans, None, tuple(left_out), tuple(waived), self.timeline)

    def _count_of_one(self, parts: list[Period]) -> int:
        """Count the parts that a run bills: those of one period, after those put off to it."""
        if self.policy.catch_up is not CatchUp.ONE or len(parts) < 2:
            return len(parts)
        carried = [Period(*stretch) for stretch in self.covered.carried]
        late = sum(any(part.overlaps(days) for days in carried) for part in parts)
        begins = [self.grid.border_before(part.bounds[0]) for part in parts]
        return late + begins[late:].count(begins[min(late, len(parts) - 1)])

    def _paused(self) -> Iterator[LeftOut]:
        """Say which days of the run are not billed, since the item is paused."""
        days = self.window.intersection(self.run.period)
        if self.timeline is None or days is None:
            return
        for start, stop, number in self.timeline.parts(*days.bounds):
            if not self.item.versions[number].is_billable:
                yield LeftOut(Reason.PAUSED, Period(start, stop))

    def _uncovered(self, day: date) -> Iterator[Period]:
        """Yield the uncovered parts of billing periods from a day on, without end."""
        while self.window.stop is None or day < self.window.stop:
            resumed = self._resumes(day)
            if resumed != day:
                if resumed is None:
                    return
                day = first_gap(self.stretches, resumed)
                continue
            stop = self.grid.border_after(day)
            if self.window.stop is not None:
                stop = min(stop, self.window.stop)
            stop = until_covered(self.stretches, day, self._until_other_practice(day, stop))
            yield Period(day, stop)
            day = first_gap(self.stretches, stop)

    def _is_arrears_on(self, day: date) -> bool:
        if self.timeline is None:
            return self.is_arrears
        version = self.item.versions[self.timeline.version_on(day)]
        return version.billing_practice is BillingPractice.ARREARS

    def _until_other_practice(self, day: date, stop: date) -> date:
        """Cut a period where the item changes from advance to arrears, or back."""
        if self.timeline is None:
            return stop
        is_arrears = self._is_arrears_on(day)
        starts = (start for start, _, _ in self.timeline.parts(day, stop))
        others = (start for start in starts if self._is_arrears_on(start) is not is_arrears)
        return next(others, stop)

    def _is_due(self, part: Period) -> bool:
        """Tell whether the run reaches a part: its start in advance, its end in arrears."""
        start, stop = part.bounds
        return stop <= self.run_stop if self._is_arrears_on(start) else start < self.run_stop

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
        if part is None or part.bounds[0] >= self.run_stop:
            paused = next(self._paused(), None)
            if paused is not None and (first < self.run_stop or not self.stretches):
                return paused
        overlaps = (Period(*stretch).intersection(self.run.period) for stretch in self.stretches)
        covered = next((days for days in overlaps if days is not None), None)
        is_begun = part is not None and part.bounds[0] < self.run_stop
        facts = (("billing practice", self.item.billing_practice.value), *run_facts(self.run))
        if part is not None and is_begun:
            return LeftOut(Reason.NOT_DUE, part, facts)
        if covered is not None:
            return LeftOut(Reason.COVERED, covered)
        if part is None or (self.window.start or date.min) >= self.run_stop:
            return LeftOut(Reason.OUT_OF_PERIOD, self.window, run_facts(self.run))
        return LeftOut(Reason.NOT_DUE, part, facts)

    def _spans(self, parts: list[Period]) -> Iterator[Span]:
        """Make a span of each part, or of each row of adjacent ones."""
        for row in self._rows(parts):
            service = Period(row[0].start, row[-1].stop)
            shares = tuple(map(self._share, row))
            offset = offset_of(self.item, row[0].bounds[0], self.grid, self.since, self.policy)
            days = tax_days(self.policy, service)
            yield Span(service, service, shares, days, offset, self._whole(row))

    def _whole(self, row: list[Period]) -> Fraction | None:
        """Give the factor of all service in a period of which covered days leave only a part."""
        if len(row) > 1 or not (self.covered.stretches or self.timeline):
            return None
        start, stop = row[0].bounds
        first = max(self.grid.border_before(start), self.since)
        last = self.grid.border_after(start)
        if self.window.stop is not None:
            last = min(last, self.window.stop)
        rhythm = self.grid.rhythm_of(start)
        if (first, last) == (start, stop) or not conserves(self.item, rhythm, self.policy):
            return None
        return share_of(self.item, Period(first, last), self.grid, self.policy).factor

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
        return share_of(self.item, part, self.grid, self.policy)
