"""From the subscriptions of an account to open lines, and to a reason for all that gives none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from billingcore.errors import InvalidInputError
from billingcore.lines.corrections import NOTHING, Plan, plan_corrections
from billingcore.lines.harvest import Harvest
from billingcore.lines.line import OpenLine
from billingcore.lines.making import Terms, make_line, make_lines, part_key, terms_of
from billingcore.periods.differences import stands
from billingcore.periods.due import Due
from billingcore.periods.schedule import due_of
from billingcore.periods.slices import slices_of
from billingcore.periods.span import Span
from billingcore.periods.timeline import is_even, timeline_of
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.setup import Heading
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.subscription import Subscription
from billingcore.records.terms import FROM_USAGE
from billingcore.records.timeline import Timeline
from billingcore.scope.coverage import Covered
from billingcore.scope.eligibility import (
    account_hindrance,
    item_hindrance,
    subscription_hindrance,
)
from billingcore.scope.run import InvoiceRun
from billingcore.scope.switches import ChangeDay
from billingcore.values.keys import billing_key, escape

__all__ = ["harvest_subscriptions"]


class _Subscriptions:
    """Makes the lines of one account's subscriptions; what gives none is noted with its reason."""

    __slots__ = ("_coverage", "_filter", "_lines", "_run", "found")

    def __init__(self, found: Harvest) -> None:
        self.found = found
        self._run = found.run
        self._coverage = found.coverage
        self._filter = found.run.selection.applied_name
        self._lines = found.snapshot.lines

    def positions(self, subscription: Subscription) -> None:
        """Make the lines of a subscription whose own state hinders nothing."""
        heading = self._heading(subscription)
        if heading is None:
            return
        policy, currency = self._run.policy, self.found.snapshot.account.currency
        terms = terms_of(subscription, heading, self._filter, policy, currency)
        if self._run.wanted is None:
            self._lines_of(subscription, subscription.positions, terms)
        else:
            self._lines_of(subscription, self._wanted(subscription), terms)

    def _lines_of(
        self, subscription: Subscription, positions: Sequence[tuple[Item, str]], terms: Terms
    ) -> None:
        """Go through the items; what is due of equal terms is known already, most of the time."""
        coverage, add, known = self._coverage, self.found.lines.append, self._run.schedules
        window = subscription.window_key
        for item, billable in positions:
            covered = coverage.get(billable) if coverage else None
            if covered is None and item.is_plain:
                due = known.get((item.terms_key, window))
            else:
                due = self._known(item, covered, window)
            if due is None:
                self._position(subscription, item, billable, covered, terms)
            elif due.only is not None and not item.versions:
                add(make_line(item, billable, due.only, terms))
            else:
                if due.is_noteworthy:
                    self._note(billable, due, covered, is_billed=False)
                parts = self._parts(item, due, item.timeline)
                self.found.lines += [
                    make_line(version, billable, part, terms) for version, part in parts
                ]

    def _wanted(self, subscription: Subscription) -> Sequence[tuple[Item, str]]:
        """Give the items that the run wants; why it does not want others is told here or with usage."""
        wanted: list[tuple[Item, str]] = []
        for item, billable in subscription.positions:
            why = self._unwanted(subscription, item, billable)
            if why is None:
                wanted.append((item, billable))
            elif item.recurrence not in FROM_USAGE:
                self.found.exclude(billable, why, self._filter)
        return wanted

    def _unwanted(
        self, subscription: Subscription, item: Item | None, billable: str
    ) -> LeftOut | None:
        wanted = self._run.wanted
        if wanted is None:
            return None
        return wanted.of_item(self.found.snapshot, subscription, item, billable)

    def _known(self, item: Item, covered: Covered | None, window: str) -> Due | None:
        """Give what is due of an item, if it is known and nothing else has to be looked at."""
        known, policy = self._run.schedules, self._run.policy
        is_usual = policy.change_day is ChangeDay.NEW or not item.versions
        if item.pricing is not None:
            return None  # its price may be refused, and has several lines
        if not (item.is_billable and is_usual and is_even(item, policy)):
            return None
        if covered is None:
            return known.get((item.terms_key, window))
        if not (covered.is_settled and stands(item, covered, item.timeline)):
            return None
        due: Due | None = known.get((item.terms_key, window, covered.stretches, ()))
        return due if due is not None and due.is_within else None

    def _position(
        self,
        subscription: Subscription,
        item: Item,
        billable: str,
        covered: Covered | None,
        terms: Terms,
    ) -> None:
        """Make the lines of any item: what is due, and what differs from what was billed."""
        if item.recurrence in FROM_USAGE:
            return  # billed, or excluded, with the usage
        if not item.is_billable:
            self._nothing_due(subscription, item, billable, covered, terms)
            return
        plan = NOTHING
        try:
            due = due_of(self._run, subscription, item, covered)
            timeline = due.timeline or timeline_of(item, self._run.policy)
            parts = self._parts(item, due, timeline)
            lines = [
                line
                for version, span in parts
                for line in make_lines(version, billable, span, terms)
            ]
            if covered is not None and not (due.is_within and stands(item, covered, timeline)):
                plan = plan_corrections(
                    subscription, item, billable, covered, self._lines, timeline, terms
                )
                _count_revisions(lines, covered)
        except InvalidInputError as error:
            self._spoil(item, billable, terms, error)
            return
        if plan is not NOTHING:
            self._note_plan(billable, plan)
        self.found.lines += lines
        if due.is_noteworthy:
            self._note(billable, due, covered, is_billed=bool(plan.lines))

    def _nothing_due(
        self,
        subscription: Subscription,
        item: Item,
        billable: str,
        covered: Covered | None,
        terms: Terms,
    ) -> None:
        """Say why an item is not billed; days that were billed on terms it had before go back."""
        plan = NOTHING
        if item.active and covered is not None and covered.has_changes:
            timeline = timeline_of(item, self._run.policy)
            plan = plan_corrections(
                subscription, item, billable, covered, self._lines, timeline, terms
            )
            self._note_plan(billable, plan)
        why = self.found.exclusion(billable, item_hindrance(item), self._filter)
        (self.found.left_out if plan.lines else self.found.exclusions).append(why)

    def _parts(self, item: Item, due: Due, timeline: Timeline) -> list[tuple[Item, Span]]:
        """Give what is due with the version of the item that is in force."""
        if not item.versions:
            return [(item, span) for span in due.spans]
        policy, known = self._run.policy, self._run.schedules
        return [
            part for span in due.spans for part in slices_of(item, span, timeline, policy, known)
        ]

    def _note_plan(self, billable: str, plan: Plan) -> None:
        self.found.lines += plan.lines
        self.found.corrections += plan.corrections
        for why in plan.left:
            self.found.leave_out(billable, why, self._filter)

    def exclude_all(self, subscription: Subscription, why: LeftOut) -> None:
        """Give one reason for all positions of a subscription, or that the run does not want them."""
        for item, name in subscription.positions or ((None, escape(subscription.id)),):
            self.found.exclude(name, self._unwanted(subscription, item, name) or why, self._filter)

    def _heading(self, subscription: Subscription) -> Heading | None:
        """Resolve template, seller and payment days; what cannot be resolved is noted."""
        try:
            heading = self.found.heading(
                subscription.template, subscription.entity, subscription.payment_days
            )
        except InvalidInputError as error:
            for item, billable in subscription.positions:
                why = self._unwanted(subscription, item, billable)
                if why is None:
                    self.found.problem(billable, error, self._filter)
                else:
                    self.found.exclude(billable, why, self._filter)
            return None
        if isinstance(heading, LeftOut):
            self.exclude_all(subscription, heading)
            return None
        return heading

    def _spoil(self, item: Item, billable: str, terms: Terms, error: InvalidInputError) -> None:
        """Note a problem, and where the item would have been billed."""
        self.found.problem(billable, error, self._filter)
        self.found.spoiled.append(make_line(item, billable, self.found.whole, terms))

    def _note(self, record: str, due: Due, covered: Covered | None, *, is_billed: bool) -> None:
        """Report what was not billed of a position, and keep what was given up."""
        found = self.found
        if due.excluded is not None:
            document = ""
            if covered is not None and due.excluded.reason is Reason.COVERED:
                document = found.document_of(record, covered, due.excluded.period)
            target = found.left_out if is_billed else found.exclusions
            target.append(found.exclusion(record, due.excluded, self._filter, document))
        for why in due.left_out:
            found.leave_out(record, why, self._filter)
        for period in due.waived:
            claim = Claim(record, period, Reason.FORGIVEN.name, ClaimState.WAIVED)
            found.decisions.append(claim)


def _count_revisions(lines: Iterable[OpenLine], covered: Covered) -> None:
    """Tell lines apart that bill days again, after they were taken back."""
    for line in lines:
        cover = line.span.cover
        revision = 0 if cover is None else covered.revision_on(cover.bounds[0])
        if cover is not None and revision:
            key = billing_key(line.billable, cover.start, revision)
            line.own_key = part_key(key, line.item)


def harvest_subscriptions(found: Harvest) -> None:
    """Go through all subscriptions of an account; runs inside `exactly`."""
    run, snapshot = found.run, found.snapshot
    maker = _Subscriptions(found)
    hindrance = account_hindrance(run, snapshot)
    for subscription in snapshot.subscriptions:
        if subscription.metered:
            found.is_metered = True
        why = hindrance or subscription_hindrance(run, subscription)
        if why is None and not subscription.positions:
            why = LeftOut(Reason.NO_PRODUCTS)
        if why is None:
            maker.positions(subscription)
            continue
        maker.exclude_all(subscription, why)
        if why.reason is Reason.ON_HOLD:
            found.decisions += _put_off(run, snapshot, subscription)


def _put_off(
    run: InvoiceRun, snapshot: AccountSnapshot, subscription: Subscription
) -> Iterator[Claim]:
    """Say what would be due but for a hold, so that it is due when the hold is over."""
    held = Harvest(run, snapshot)
    _Subscriptions(held).positions(subscription)
    for line in held.lines:
        if line.corrects is None:
            days = line.service_period
            claim = Claim(line.billable, days, Reason.ON_HOLD.name, ClaimState.CARRIED)
            if claim not in snapshot.claims:
                yield claim
