"""What runs will bill of a subscription: one run on each day on which something of it is due.

The engine says which periods are due, and bills them. Each period is due on its first or on its
last day; so a run is made on those days, one after the other, and its drafts count as finalized.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from attrs import evolve, frozen

from billingcore.engine import bill
from billingcore.errors import DateRangeError, InvalidInputError
from billingcore.lines.line import LineItem
from billingcore.periods.schedule import due_of
from billingcore.ports import TaxEngine
from billingcore.records.claims import Claim
from billingcore.records.hold import Hold
from billingcore.records.item import Item
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.subscription import Subscription
from billingcore.records.terms import BillingPractice, BillingType
from billingcore.scope.coverage import UNCOVERED, Covered, coverage_of, first_gap
from billingcore.scope.policy import Policy
from billingcore.scope.run import InvoiceRun
from billingcore.scope.switches import (
    CatchUp,
    NegativeTotal,
    OnProblem,
    OpenDrafts,
    Scope,
    ZeroTotal,
)
from billingcore.values.boundary import Boundary
from billingcore.values.calendar import ONE_DAY, add_months
from billingcore.values.context import exactly
from billingcore.values.period import Period
from billingcore.views.ahead import Ahead

__all__ = ["Outlook", "Position", "Upcoming", "positions_of"]

LAST_DAY: Final = date.max - ONE_DAY
"""The last day that a run can end on."""


@frozen
class Upcoming:
    """Something that a later run will bill.

    Attributes:
        record: what is billed, like ``S-1/seats``.
        billing_date: the first day on which a run that ends on it bills it; None for a correction
            of what is billed already, which the next run makes whatever its days are.
        line: the line as the run will make it.
        draft: the id of the draft that it is on already; empty if it is on none.
    """

    record: str
    billing_date: date | None
    line: LineItem
    draft: str = ""

    @property
    def period(self) -> Period:
        """The days of service, half-open; of a one-time item the day on which it is due."""
        return self.line.service_period

    @property
    def amount(self) -> Decimal:
        """What it adds to the document's net total: after discounts, without tax."""
        return self.line.net

    @property
    def terms(self) -> str:
        """The changed terms that it is billed at, as `Item.version` names them; empty for none."""
        return self.line.item.version

    def record_row(self) -> dict[str, object]:
        """Give it as a flat row; its days are inclusive."""
        return {
            "record": self.record,
            "billing_date": self.billing_date,
            "first": self.period.first,
            "last": self.period.last,
            "quantity": self.line.quantity,
            "unit_price": self.line.unit_price,
            "amount": self.amount,
            "currency": self.line.currency,
            "terms": self.terms,
            "draft": self.draft,
        }


@frozen
class Position:
    """An item of a subscription with what is known of its time.

    Attributes:
        item: the item with all its changes.
        billable: the name under which it is billed.
        window: the days of service; None if it has none within the contract.
        covered: what its claims say.
        since: the first day of all that was or is to be billed; None if nothing says so.
        is_floating: whether only the caller said where it begins.
    """

    item: Item
    billable: str
    window: Period | None
    covered: Covered
    since: date | None
    is_floating: bool = False

    @property
    def is_once(self) -> bool:
        """Whether it is billed once."""
        return self.item.recurrence is BillingType.ONE_TIME

    @property
    def is_periodic(self) -> bool:
        """Whether it has billing periods."""
        return not self.is_once and self.item.cadence is not None

    @property
    def is_every_run(self) -> bool:
        """Whether it is billed once by every run, whatever the days of the run are."""
        return not self.is_once and self.item.cadence is None

    @property
    def end(self) -> date | None:
        """The last day of service, inclusive; None if it has no end."""
        return None if self.window is None else self.window.last

    @property
    def is_endless(self) -> bool:
        """Whether no end is in sight of what it will cost."""
        return self.is_every_run or (self.is_periodic and self.window is not None and not self.end)

    @property
    def has_due(self) -> bool:
        """Whether a run can bill something of it on some day."""
        return self.item.is_billable and self.window is not None and self.since is not None

    @property
    def first_open(self) -> date | None:
        """The first day since its beginning that no document covers."""
        return None if self.since is None else first_gap(self.covered.stretches, self.since)

    def starts(self) -> Iterator[date]:
        """Yield the days on which what has no billing periods can come to be due."""
        first = self.first_open if self.is_every_run else self.since
        if first is None or self.covered.is_done:
            return
        days = {first, *(phase.start for phase in self.item.phases if phase.start is not None)}
        if self.is_every_run:
            days |= {stop for _, stop in self.covered.stretches}
        last = self.end if self.is_every_run and self.end is not None else LAST_DAY
        yield from (day for day in days if first <= day <= last)


def positions_of(
    snapshot: AccountSnapshot, subscription: Subscription, start: date | None
) -> tuple[Position, ...]:
    """Give the positions of a subscription.

    Raises:
        InvalidInputError: an item is to be billed, and nothing says from when on.
    """
    coverage = coverage_of(snapshot.claims)
    return tuple(
        _position(subscription, item, billable, coverage.get(billable, UNCOVERED), start)
        for item, billable in subscription.positions
    )


def _position(
    subscription: Subscription, item: Item, billable: str, covered: Covered, start: date | None
) -> Position:
    own = Period.closed(item.start, item.end)
    window = own.intersection(Period.closed(subscription.start, subscription.end))
    migrated = item.next_service_period_start
    known = [first for first, _ in (*covered.ever[:1], *covered.carried[:1])]
    if migrated is not None:
        known = [migrated]
    begin = None if window is None else window.start
    since = min(known, default=None) if begin is None else max(begin, migrated or begin)
    if since is not None:
        return Position(item, billable, window, covered, since)
    if start is None and window is not None and item.is_billable and not covered.is_done:
        fix = "say from which day on it is billed: schedule(..., start=...)"
        read = Boundary("Item", item.id)
        raise read.refuse("start", None, "nothing says when it begins", fix)
    is_floating = window is not None and start is not None
    return Position(item, billable, window, covered, start, is_floating=is_floating)


def _eager(policy: Policy) -> Policy:
    """Give a policy that lets a run bill all that is due, and makes a document of it."""
    return policy.but(
        name=policy.name,
        catch_up=CatchUp.EVERY,
        open_drafts=OpenDrafts.CONTINUE,
        scope=Scope.OVERLAP,
        negative_total=NegativeTotal.CREDIT,
        zero_total=ZeroTotal.ISSUE,
        on_problem=OnProblem.RECORD,
        minimum_amount={},
        max_lines=None,
    )


def _is_for_good(hold: Hold | None) -> bool:
    return hold is not None and (hold.until is None or hold.until >= LAST_DAY)


class Outlook:
    """The runs to come of one subscription.

    Attributes:
        policy: the policy of the runs.
        tax: asked by every run.
        snapshot: the account with this subscription only.
        subscription: the subscription.
        positions: its items.
        is_held: whether it is on hold without a last day.
        not_before: the first day after a hold, on which runs can bill it; None without a hold.
        until: the last day of what is looked at, if the caller gave one.
        horizon: the same; or a year of what has no end.
        drafted: claims of live drafts, by which rows are marked.
        periods: billable → its uncovered billing periods as far as was looked.
        rows: billable → what the runs bill.
    """

    def __init__(
        self,
        snapshot: AccountSnapshot,
        subscription: Subscription,
        positions: Sequence[Position],
        *,
        policy: Policy,
        tax: TaxEngine,
        until: date | None,
        drafted: Sequence[Claim] = (),
    ) -> None:
        self.policy: Policy = _eager(policy)
        self.tax: TaxEngine = tax
        self.positions: Sequence[Position] = positions
        self.snapshot: AccountSnapshot = evolve(snapshot, subscriptions=(subscription,))
        holds = [each for each in (snapshot.account.hold, subscription.hold) if each is not None]
        self.is_held: bool = any(map(_is_for_good, holds))
        ends = [each.until + ONE_DAY for each in holds if each.until and not _is_for_good(each)]
        self.not_before: date | None = max(ends, default=None)
        self.subscription: Subscription = subscription
        self.horizon: date = self._horizon() if until is None else until
        self.until: date | None = until
        self.drafted: Sequence[Claim] = drafted
        self.periods: dict[str, list[Period]] = {}
        self.rows: dict[str, list[Upcoming]] = self._look()

    def _horizon(self) -> date:
        """Give the last day of a year from the first day that is open."""
        days = [each.first_open for each in self.positions if each.has_due and each.is_endless]
        first = min((day for day in days if day is not None), default=None)
        if first is None:
            return LAST_DAY
        try:
            return add_months(max(first, self.not_before or first), 12) - ONE_DAY
        except DateRangeError:
            return LAST_DAY

    @property
    def first(self) -> date:
        """The first day of all its items."""
        days = (each.since for each in self.positions if each.since is not None)
        return min(days, default=date.min)

    @property
    def last(self) -> date:
        """The last day of all that was looked at."""
        ends = [each.end for each in self.positions if each.end is not None]
        is_endless = any(each.is_endless for each in self.positions)
        return max([self.first, *ends, *([self.horizon] if is_endless else [])])

    def is_within(self, position: Position, row: Upcoming) -> bool:
        """Tell whether a row is within the horizon: without one, all that has an end is."""
        is_open = self.until is None and not position.is_endless
        return is_open or row.billing_date is None or row.billing_date <= self.horizon

    def _look(self) -> dict[str, list[Upcoming]]:
        """Make the runs, and sort what they bill."""
        rows: dict[str, list[Upcoming]] = {each.billable: [] for each in self.positions}
        snapshot = self._billed_alone([each for each in self.positions if not each.is_every_run])
        ahead = Ahead(snapshot, self.tax)
        is_floating = any(each.is_floating for each in self.positions)
        for day in self._days():
            start = min(self.first, day) if is_floating else day
            outcome = ahead.bill(InvoiceRun(Period.closed(start, day), policy=self.policy))
            for line in (line for draft in outcome.drafts for line in draft.visible_lines):
                billing_date = None if line.corrects else day
                row = Upcoming(line.billable, billing_date, line, _draft_of(line, self.drafted))
                rows[line.billable].append(row)
        return rows

    def _billed_alone(self, positions: Sequence[Position]) -> AccountSnapshot:
        """Give the account with some items only, and without a hold that never ends."""
        kept = {each.item.id for each in positions}
        account, subscription = self.snapshot.account, self.subscription
        items = tuple(item for item in subscription.items if item.id in kept)
        subscription = evolve(subscription, items=items)
        if _is_for_good(account.hold):
            account = evolve(account, hold=None)
        if _is_for_good(subscription.hold):
            subscription = evolve(subscription, hold=None)
        return evolve(self.snapshot, account=account, subscriptions=(subscription,))

    def _days(self) -> Sequence[date]:
        """Give the last days of the runs to come: all on which something may come to be due."""
        days: set[date] = set()
        for each in self.positions:
            if each.has_due and each.is_periodic:
                found = self.periods[each.billable] = self._periods(each)
                days.update(_due_days(each.item, found))
            elif each.has_due and each.is_once:
                days.update(each.starts())
        days = days or {self.first}  # corrections are due at once
        return sorted({max(day, self.not_before or day) for day in days if day <= LAST_DAY})

    def _periods(self, position: Position) -> list[Period]:
        """Give uncovered periods as far as is looked; the first one, wherever it is."""
        reach = position.end or self.last
        found = self._due(position, reach)
        months = 12
        while not found and position.end is None:
            try:
                found = self._due(position, add_months(reach, months))[:1]
            except DateRangeError:
                break
            months *= 2
        return found

    def _due(self, position: Position, last: date) -> list[Period]:
        run = InvoiceRun(
            Period.closed(min(self.first, last), min(last, LAST_DAY)), policy=self.policy
        )
        try:
            with exactly():
                due = due_of(run, self.subscription, position.item, position.covered)
        except InvalidInputError:  # the run reports it
            return []
        return [span.service_period for span in due.spans]

    def next_of_every_run(self, position: Position) -> date | None:
        """Give the first day on which a run bills an item that every run bills."""
        snapshot = self._billed_alone([position])
        if not position.has_due or self.is_held:
            return None
        for day in sorted({max(day, self.not_before or day) for day in position.starts()}):
            run = InvoiceRun(Period.day(day), policy=self.policy)
            if bill(run, snapshot, self.tax).drafts:
                return day
        return None


def _due_days(item: Item, periods: Sequence[Period]) -> Iterator[date]:
    """Yield the first day of every period if any is billed in advance, and the last in arrears."""
    practices = {each.billing_practice for each in (item, *item.versions)}
    for start, stop in (period.bounds for period in periods):
        if BillingPractice.ADVANCE in practices:
            yield start
        if BillingPractice.ARREARS in practices:
            yield stop - ONE_DAY


def _draft_of(line: LineItem, drafted: Sequence[Claim]) -> str:
    """Give the draft that a line is on already."""
    is_release = bool(line.credit_of)
    for claim in drafted:
        is_same = claim.billable == line.billable and claim.is_release is is_release
        if is_same and (claim.period is None or claim.period.overlaps(line.service_period)):
            return claim.document
    return ""
