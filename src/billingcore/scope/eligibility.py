"""Who may be billed at all: the tests of behaviour 1.3 that look at states, not at dates.

Tests run in the order of their functions; the first that fails is the reason. What
depends on dates and coverage is tested by the schedule.
"""

from __future__ import annotations

from billingcore.records.hold import Hold
from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.subscription import Subscription
from billingcore.scope.run import InvoiceRun
from billingcore.values.calendar import ONE_DAY

__all__ = ["account_hindrance", "account_mismatch", "item_hindrance", "subscription_hindrance"]


def account_mismatch(run: InvoiceRun, snapshot: AccountSnapshot) -> LeftOut | None:
    """Say why a run does not want an account; None if it does.

    It is the first test: of what a run does not want, nothing else matters.
    """
    criteria = run.selection.criteria
    if not criteria.name:
        return None
    return criteria.account_mismatch(snapshot.account.id, snapshot.account.batch)


def account_hindrance(run: InvoiceRun, snapshot: AccountSnapshot) -> LeftOut | None:
    """Say why nothing of an account may be billed; None if it may."""
    if not snapshot.account.active:
        return LeftOut(Reason.ACCOUNT_NOT_ACTIVE)
    if run.may_bill is not None and not run.may_bill(snapshot.account):
        return LeftOut(Reason.NO_PERMISSION)
    hold = snapshot.account.hold
    return None if hold is None else _held(run, hold)


def subscription_hindrance(run: InvoiceRun, subscription: Subscription) -> LeftOut | None:
    """Say why nothing of a subscription may be billed; None if it may."""
    chosen = run.selection.applied
    if chosen is not None and not chosen.selects(subscription):
        return LeftOut(Reason.FILTER_MISMATCH, facts=(("filter", chosen.name),))
    if subscription.status not in run.policy.active_statuses:
        facts = (("status", subscription.status),)
        return LeftOut(Reason.SUBSCRIPTION_NOT_ACTIVE, facts=facts)
    hold = subscription.hold
    return None if hold is None else _held(run, hold)


def _held(run: InvoiceRun, hold: Hold) -> LeftOut | None:
    if not hold.holds(run.period.bounds[1] - ONE_DAY):
        return None
    return LeftOut(Reason.ON_HOLD, facts=(("hold", str(hold)),))


_INACTIVE = LeftOut(Reason.ITEM_INACTIVE)
_ZERO = LeftOut(Reason.ZERO_QUANTITY)


def item_hindrance(item: Item) -> LeftOut:
    """Say why an item that is not billable is not: inactive before quantity 0."""
    return _ZERO if item.active else _INACTIVE
