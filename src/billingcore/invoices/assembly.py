"""From an account to groups of lines, with the questions to the tax engine: the first half of a run.

The seam between this half and the next are the questions. They are collected without repetition,
so that a run can ask for many accounts at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from attrs import define

from billingcore.grouping import Key, group
from billingcore.lines.harvest import Harvest
from billingcore.lines.line import OpenLine, is_fee
from billingcore.lines.passing import leave_account
from billingcore.lines.records import harvest_records
from billingcore.lines.subscriptions import harvest_subscriptions
from billingcore.lines.usage.account import harvest_usage
from billingcore.pricing.discounts import order_discount_shares
from billingcore.records.account import Account
from billingcore.records.discount import Discount
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.taxes import TaxQuestion
from billingcore.scope.eligibility import account_mismatch
from billingcore.scope.policy import Policy
from billingcore.scope.run import InvoiceRun
from billingcore.values.sealing import blank, new_tuple

__all__ = [
    "Asked",
    "Assembly",
    "assemble",
    "questions_for",
    "share_order_discount",
    "share_subscription_discounts",
]


class Asked(NamedTuple):
    """Questions to the tax engine, in one row with the lines that wait for each answer."""

    questions: list[TaxQuestion]
    waiting: list[list[OpenLine]]


@define
class Assembly:
    """What will become the documents of one account."""

    run: InvoiceRun
    snapshot: AccountSnapshot
    found: Harvest
    groups: dict[Key, list[OpenLine]]
    collected: Asked | None

    @property
    def asked(self) -> Asked:
        """The questions to the tax engine, collected when somebody has to ask them."""
        if self.collected is None:
            self.collected = questions_for(self.found.lines, self.snapshot.account)
        return self.collected


_new_assembly: Final = blank(Assembly)


def assemble(run: InvoiceRun, snapshot: AccountSnapshot) -> Assembly:
    """Do all that can be done for an account without knowing its taxes; runs inside `exactly`."""
    found = Harvest(run, snapshot)
    unwanted = account_mismatch(run, snapshot)
    if unwanted is None:
        _harvest(found)
    else:
        leave_account(found, unwanted)
    groups = group(found.lines, run.policy, are_alike=found.are_alike)
    if run.selection.records and not found.is_express:
        for lines in groups.values():
            lines.sort(key=is_fee)
    for subscription in snapshot.subscriptions:
        if subscription.order_discount is not None:
            for lines in groups.values():
                share_subscription_discounts(lines, run.policy)
            break
    assembly = _new_assembly()
    assembly.run, assembly.snapshot = run, snapshot
    assembly.found, assembly.groups = found, groups
    assembly.collected = None
    return assembly


def _harvest(found: Harvest) -> None:
    """Go through all that an account has; runs inside `exactly`."""
    selection = found.run.selection
    if selection.has_subscriptions and found.snapshot.subscriptions:
        harvest_subscriptions(found)
    if found.is_metered or selection.usage or found.snapshot.usage:
        harvest_usage(found)
    if selection.records:
        harvest_records(found)


def questions_for(lines: Sequence[OpenLine], account: Account) -> Asked:
    """Collect the questions of lines with a tax code, each once."""
    questions: list[TaxQuestion] = []
    waiting: list[list[OpenLine]] = []
    known: dict[object, list[OpenLine]] = {}
    days = terms = ""
    for line in lines:
        code = line.item.tax_code
        if code is None or (line.corrects is not None and line.corrects.keeps_tax):
            continue
        span, heading = line.span, line.heading
        if not questions:
            days, terms = span.tax_key, heading.terms
        is_usual = span.tax_key == days and heading.terms == terms
        found = known.get(key := code if is_usual else (code, span.tax_key, heading.terms))
        if found is None:
            known[key] = found = [line]
            waiting.append(found)
            facts = (code, span.tax_days, account, heading.entity)
            questions.append(new_tuple(TaxQuestion, facts))
        else:
            found.append(line)
    asked: Asked = new_tuple(Asked, (questions, waiting))
    return asked


def share_subscription_discounts(lines: Sequence[OpenLine], policy: Policy) -> None:
    """Take each subscription's order discount off its lines on this document.

    A line that corrects another as it was billed has the order discount of that.
    """
    by_subscription: dict[str, list[OpenLine]] = {}
    for line in lines:
        if line.shares_order_discounts:
            by_subscription.setdefault(line.subscription_id, []).append(line)
    for own in by_subscription.values():
        subscription = own[0].subscription
        if subscription is not None and subscription.order_discount is not None:
            share_order_discount(subscription.order_discount, own, policy)


def share_order_discount(discount: Discount, lines: Sequence[OpenLine], policy: Policy) -> None:
    """Take a discount off open lines, each by its share; runs inside `exactly`."""
    amounts = [line.priced for line in lines]
    shares = order_discount_shares(discount, amounts, lines[0].currency, policy.rounding)
    for line, share in zip(lines, shares, strict=True):
        line.order_discount += share
        line.net = line.priced
