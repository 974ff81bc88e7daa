"""From the subscriptions of an account to open lines, and to a reason for all that gives none."""

from __future__ import annotations

from typing import Final

from billingcore.errors import InvalidInputError
from billingcore.lines.line import OpenLine
from billingcore.lines.making import make_line, terms_of
from billingcore.periods.schedule import Due, due_of, whole_span
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.reasons import Exclusion, LeftOut, Problem, Reason
from billingcore.records.setup import DEFAULT_TEMPLATE, Heading
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.subscription import Subscription
from billingcore.scope.coverage import Covered, coverage_of
from billingcore.scope.eligibility import (
    account_hindrance,
    item_hindrance,
    subscription_hindrance,
)
from billingcore.scope.run import InvoiceRun
from billingcore.values.keys import escape

__all__ = ["Harvest", "harvest"]

NO_COVERAGE: Final[dict[str, Covered]] = {}


class Harvest:
    """What the records of one account give: lines, and a reason for each record without one.

    Attributes:
        lines: open lines, in the order of subscriptions and positions.
        exclusions: records that the rules left out.
        left_out: time that the policy left out of records that are billed.
        problems: records that are wrong.
        spoiled: for each problem a line that says where the record would have been billed.
        decisions: waived periods, as claims.
    """

    __slots__ = (
        "_account",
        "_coverage",
        "_filter",
        "_run",
        "_setup",
        "decisions",
        "exclusions",
        "left_out",
        "lines",
        "problems",
        "spoiled",
    )

    def __init__(self, run: InvoiceRun, snapshot: AccountSnapshot) -> None:
        self._run = run
        self._account = snapshot.account
        self._setup = snapshot.setup
        self._coverage: dict[str, Covered] = (
            coverage_of(snapshot.claims) if snapshot.claims else NO_COVERAGE
        )
        self._filter = run.selection.applied_name
        self.lines: list[OpenLine] = []
        self.exclusions: list[Exclusion] = []
        self.left_out: list[Exclusion] = []
        self.problems: list[Problem] = []
        self.spoiled: list[OpenLine] = []
        self.decisions: list[Claim] = []

    def positions(self, subscription: Subscription) -> None:
        """Make the lines of a subscription whose own state hinders nothing."""
        heading = self._heading(subscription)
        if heading is None:
            return
        run, coverage, add = self._run, self._coverage, self.lines.append
        window, known = subscription.window_key, run.schedules
        terms = terms_of(subscription, heading, self._filter, run.policy, self._account.currency)
        for item, billable in subscription.positions:
            if not item.is_billable:
                self._exclude(billable, item_hindrance(item))
                continue
            covered = coverage.get(billable)
            try:
                # What is due of equal terms without coverage is known already, most of the time.
                due = None if covered else known.get((item.terms_key, window))
                if due is None:
                    due = due_of(run, subscription, item, covered)
            except InvalidInputError as error:
                self._problem(billable, error)
                whole = whole_span(run.policy, run.period, None)
                self.spoiled.append(make_line(item, billable, whole, terms))
                continue
            if due.is_noteworthy:
                self._note(billable, due, covered)
            for span in due.spans:
                add(make_line(item, billable, span, terms))

    def exclude_all(self, subscription: Subscription, why: LeftOut) -> None:
        """Give one reason for all positions of a subscription."""
        names = [billable for _, billable in subscription.positions] or [escape(subscription.id)]
        for name in names:
            self._exclude(name, why)

    def _heading(self, subscription: Subscription) -> Heading | None:
        """Resolve template, seller and payment days; what cannot be resolved is noted."""
        account, days = self._account, subscription.payment_days
        template = subscription.template or account.template
        try:
            heading = self._setup.heading(
                template,
                subscription.entity or account.entity,
                account.payment_days if days is None else days,
            )
        except InvalidInputError as error:
            for _, billable in subscription.positions:
                self._problem(billable, error)
            return None
        if heading is None:
            facts = (("template", template or DEFAULT_TEMPLATE),)
            self.exclude_all(subscription, LeftOut(Reason.NO_TEMPLATE, facts=facts))
        return heading

    def _exclude(self, record: str, why: LeftOut, document: str = "") -> None:
        self.exclusions.append(self._exclusion(record, why, document))

    def _exclusion(self, record: str, why: LeftOut, document: str) -> Exclusion:
        facts = why.facts
        if document:
            facts = (*facts, ("document", document))
        return Exclusion(self._account.id, record, why.reason, why.period, facts, self._filter)

    def _problem(self, record: str, error: InvalidInputError) -> None:
        problem = Problem.of(error, account=self._account.id, record=record, filter=self._filter)
        self.problems.append(problem)

    def _note(self, record: str, due: Due, covered: Covered | None) -> None:
        """Report what was not billed of a position, and keep what was given up."""
        if due.excluded is not None:
            is_covered = covered is not None and due.excluded.reason is Reason.COVERED
            document = covered.document_of(due.excluded.period) if covered and is_covered else ""
            self._exclude(record, due.excluded, document)
        for why in due.left_out:
            self.left_out.append(self._exclusion(record, why, ""))
        for period in due.waived:
            claim = Claim(record, period, Reason.FORGIVEN.name, ClaimState.WAIVED)
            self.decisions.append(claim)


def harvest(run: InvoiceRun, snapshot: AccountSnapshot) -> Harvest:
    """Go through all positions of an account; runs inside `exactly`."""
    found = Harvest(run, snapshot)
    hindrance = account_hindrance(run, snapshot)
    for subscription in snapshot.subscriptions:
        why = hindrance or subscription_hindrance(run, subscription)
        if why is None and not subscription.positions:
            why = LeftOut(Reason.NO_PRODUCTS)
        if why is None:
            found.positions(subscription)
        else:
            found.exclude_all(subscription, why)
    return found
