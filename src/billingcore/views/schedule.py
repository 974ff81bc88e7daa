"""The billing schedule of an item, and of a subscription: what is billed, what comes, and when.

Nothing here is stored or counted on: all is read from coverage and billed lines, and what comes is
what the engine bills in the runs to come. So a schedule cannot differ from the invoices.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from attrs import evolve

from billingcore.engine import bill
from billingcore.errors import CurrencyMismatchError
from billingcore.ports import TaxEngine
from billingcore.records.claims import ClaimState
from billingcore.records.reasons import Exclusion, Problem
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.subscription import Subscription
from billingcore.scope.coverage import next_service_period_start
from billingcore.scope.policy import LEVEL, Policy
from billingcore.scope.run import InvoiceRun
from billingcore.tax.table import Untaxed
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import ONE_DAY
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.currency import quantum_of
from billingcore.values.period import Period
from billingcore.views.net import refuse_gross
from billingcore.views.schedules import ItemSchedule, ScheduleGroup
from billingcore.views.upcoming import Outlook, Position, positions_of

__all__ = ["schedule", "schedule_group"]

WhyNot = Exclusion | Problem


def schedule(
    snapshot: AccountSnapshot,
    record: str,
    *,
    tax: TaxEngine | None = None,
    policy: Policy = LEVEL,
    until: DateLike | None = None,
    start: DateLike | None = None,
) -> ItemSchedule:
    """Give the billing schedule of an item.

    What comes is what runs would bill that are made on each day on which something of the
    subscription is due, one after the other, all drafts being finalized. A run over a longer time
    bills the same lines; only a discount on whole documents is shared in another way, when more
    lines meet on one. What the policy says of prices, changes and corrections applies. How eager
    one run is does not count: all that is due is billed at once, and no total is put off.

    >>> from billingcore import Account, Item, monthly, RECURRING
    >>> seats = Item("seats", unit_price=100, billing_type=RECURRING, cadence=monthly())
    >>> year = Subscription(
    ...     "S-1", account="acme", items=[seats], start="2026-01-01", end="2026-12-31"
    ... )
    >>> seen = schedule(AccountSnapshot(Account("acme", currency="EUR"), [year]), "seats")
    >>> print(seen.next_billing_date, seen.remaining)
    2026-01-01 1200.00

    Args:
        snapshot: all that is known of the account.
        record: the id of the item, or ``subscription/item`` where several have this id.
        tax: needed only for prices that include tax, since amounts are net; without it lines bear
            no tax.
        policy: the policy of the runs.
        until: the last day, inclusive, of the billing dates in `upcoming`; None is the end of each
            item, and a year from the first open day of what has no end.
        start: the first day to be billed of what has no first day of its own, and no invoice.

    Raises:
        InvalidInputError: there is no such item, or several; a price includes tax and no tax
            engine is given; or nothing says when an item begins.
        CurrencyMismatchError: an item was billed in another currency before.
        PortError: the tax engine could not answer.
    """
    read = Boundary("schedule")
    subscription, _, billable = snapshot.position_named(record)
    days = read.day("until", until), read.day("start", start)
    viewer = _viewer(snapshot, subscription, tax, policy, *days)
    return next(viewer.view(each) for each in viewer.now.positions if each.billable == billable)


def schedule_group(
    snapshot: AccountSnapshot,
    subscription_id: str,
    *,
    tax: TaxEngine | None = None,
    policy: Policy = LEVEL,
    until: DateLike | None = None,
    start: DateLike | None = None,
) -> ScheduleGroup:
    """Give the billing schedules of all items of a subscription, with its dates and sums.

    Takes the arguments of `schedule`, with the id of a subscription instead of an item's, and
    raises the same errors.
    """
    read = Boundary("schedule_group")
    known = {each.id: each for each in snapshot.subscriptions}
    if subscription_id not in known:
        fix = "use one of " + ", ".join(known)
        rule = "the account has no such subscription"
        raise read.refuse("subscription_id", subscription_id, rule, fix)
    days = read.day("until", until), read.day("start", start)
    viewer = _viewer(snapshot, known[subscription_id], tax, policy, *days)
    return ScheduleGroup(subscription_id, tuple(map(viewer.view, viewer.now.positions)))


def _viewer(
    snapshot: AccountSnapshot,
    subscription: Subscription,
    tax: TaxEngine | None,
    policy: Policy,
    until: date | None,
    start: date | None,
) -> _Viewer:
    if tax is None:
        refuse_gross((item for item, _ in subscription.positions), "schedule")
    engine = Untaxed() if tax is None else tax
    names = {billable for _, billable in subscription.positions}
    own = tuple(claim for claim in snapshot.claims if claim.billable in names)
    drafted = tuple(claim for claim in own if claim.state is ClaimState.DRAFT)
    invoiced = tuple(claim for claim in own if claim.state is not ClaimState.DRAFT)

    def look(source: AccountSnapshot) -> Outlook:
        positions = positions_of(source, subscription, start)
        return Outlook(
            source,
            subscription,
            positions,
            policy=policy,
            tax=engine,
            until=until,
            drafted=drafted,
        )

    now = look(evolve(snapshot, claims=invoiced))
    following = look(evolve(snapshot, claims=own)) if drafted else now
    return _Viewer(snapshot, now, following)


class _Viewer:
    """Puts schedules together.

    Attributes:
        snapshot: the account.
        now: the runs to come if drafts did not exist.
        following: the runs to come besides the drafts.
    """

    def __init__(self, snapshot: AccountSnapshot, now: Outlook, following: Outlook) -> None:
        self.snapshot = snapshot
        self.now = now
        self.following = following
        self._reasons: dict[str, WhyNot] | None = None

    def view(self, position: Position) -> ItemSchedule:
        """Give the schedule of one item."""
        billable = position.billable
        currency = (
            position.item.currency
            or self.now.subscription.currency
            or self.snapshot.account.currency
        )
        day, period = self._next(billable)
        why_not = self._why_not(billable) if day is None else None
        rows = self.now.rows[billable]
        after = next_service_period_start(position.covered, position.item.next_service_period_start)
        is_going_on = day is not None or self.following.is_held
        is_open = isinstance(why_not, Problem) or (position.is_endless and is_going_on)
        return ItemSchedule(
            billable,
            currency,
            next_billing_date=day,
            next_period=period,
            billed_to=None if after is None else after - ONE_DAY,
            drafted_to=self._drafted_to(billable),
            billed=self._billed(billable, currency),
            remaining=None if is_open else _sum((row.amount for row in rows), currency),
            upcoming=tuple(row for row in rows if self.now.is_within(position, row)),
            why_not=why_not,
        )

    def _next(self, billable: str) -> tuple[date | None, Period | None]:
        """Give the next billing date of an item, and the period that is billed then."""
        ahead = self.following
        position = next(each for each in ahead.positions if each.billable == billable)
        if position.is_every_run:
            return ahead.next_of_every_run(position), None
        row = next((row for row in ahead.rows[billable] if row.billing_date is not None), None)
        if row is None or ahead.is_held:
            return None, None
        start, _ = row.period.bounds
        periods = ahead.periods.get(billable, ())
        return row.billing_date, next((each for each in periods if start in each), None)

    def _why_not(self, billable: str) -> WhyNot | None:
        """Say why nothing more is billed of an item: what one run over all of it says."""
        if self._reasons is None:
            ahead = self.following
            run = InvoiceRun(Period.closed(ahead.first, ahead.last), policy=ahead.policy)
            outcome = bill(run, ahead.snapshot, ahead.tax)
            told: list[WhyNot] = [*outcome.left_out, *outcome.exclusions, *outcome.problems]
            self._reasons = {each.record: each for each in told}
        return self._reasons.get(billable)

    def _drafted_to(self, billable: str) -> date | None:
        days = (
            claim.period.last
            for claim in self.now.drafted
            if claim.billable == billable and claim.period is not None and not claim.is_release
        )
        return max((day for day in days if day is not None), default=None)

    def _billed(self, billable: str, currency: str) -> Decimal:
        lines = [billed.line for billed in self.snapshot.lines.get(billable, ())]
        for line in lines:
            if line.currency != currency:
                rule = f"cannot combine {line.currency} with {currency}"
                fix = "give an item with another currency its own id"
                raise CurrencyMismatchError(rule, record=billable, fix=fix)
        return _sum((line.net for line in lines), currency)


def _sum(amounts: Iterable[Decimal], currency: str) -> Decimal:
    """Add amounts; without any it is 0 with the digits of the currency."""
    return total([EXACT.multiply(ZERO, quantum_of(currency)), *amounts])
