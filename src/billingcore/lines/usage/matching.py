"""Which item prices usage: the one of its account that has its order number, on its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from attrs import evolve

from billingcore.errors import InvalidInputError, MissingFieldError, NoMatchingItemError
from billingcore.lines.harvest import Harvest
from billingcore.lines.making import Terms, terms_of
from billingcore.lines.usage.windows import Windows, windows_of
from billingcore.periods.timeline import timeline_of
from billingcore.records.item import Item
from billingcore.records.pricing import Pricing
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.subscription import Subscription
from billingcore.records.terms import BillingType, PriceType
from billingcore.records.usage import UsageRecord
from billingcore.scope.eligibility import account_hindrance, subscription_hindrance
from billingcore.scope.run import InvoiceRun
from billingcore.values.calendar import ONE_DAY
from billingcore.values.words import near

__all__ = ["Contract", "Matcher", "Slot"]

TRANSACTIONAL: Final = BillingType.TRANSACTIONAL  # looked up slowly in its class


class Contract:
    """A subscription whose items bill usage.

    Attributes:
        subscription: the subscription.
        hindrance: why nothing of it is billed; None if it may be.
        is_open: whether usage finds its items; if not, they are as good as not there.
    """

    def __init__(self, found: Harvest, subscription: Subscription, why: LeftOut | None) -> None:
        self._found = found
        self._terms: dict[str, Terms] = {}
        self.subscription: Subscription = subscription
        self.hindrance: LeftOut | None = why or subscription_hindrance(found.run, subscription)
        reason = None if self.hindrance is None else self.hindrance.reason
        self.is_open: bool = reason is not Reason.SUBSCRIPTION_NOT_ACTIVE

    def terms(self, filter_name: str) -> Terms | LeftOut:
        """Give what its lines share, or say why there are none.

        Raises:
            InvalidInputError: there is no such seller.
        """
        if self.hindrance is not None:
            return self.hindrance
        known = self._terms.get(filter_name)
        if known is not None:
            return known
        contract, found = self.subscription, self._found
        heading = found.heading(contract.template, contract.entity, contract.payment_days)
        if isinstance(heading, LeftOut):
            return heading
        policy, currency = found.run.policy, found.snapshot.account.currency
        made = terms_of(contract, heading, filter_name, policy, currency)
        self._terms[filter_name] = made
        return made

    @property
    def own_terms(self) -> Terms | None:
        """What the lines of its own items share; None if they have a reason not to be billed."""
        try:
            terms = self.terms(self._found.run.selection.applied_name)
        except InvalidInputError:
            return None
        return None if isinstance(terms, LeftOut) else terms


class Slot:
    """An item that prices usage.

    Attributes:
        item: the item.
        billable: the name under which it is billed.
        contract: its subscription.
        number: its place among the items of the account.
        windows: its billing periods.
        is_even: whether its price is the same on all days.
        first: the first day of which usage finds it.
        stop: the first day of which usage does not find it any more.
    """

    __slots__ = (
        "_policy",
        "_variants",
        "billable",
        "contract",
        "first",
        "is_even",
        "item",
        "number",
        "stop",
        "windows",
    )

    def __init__(
        self, run: InvoiceRun, contract: Contract, item: Item, billable: str, number: int
    ) -> None:
        self._policy = run.policy
        self._variants: dict[tuple[str, str, str, str], Item] | None = None
        self.item: Item = item
        self.billable: str = billable
        self.contract: Contract = contract
        self.number: int = number
        self.windows: Windows = windows_of(item, contract.subscription, run)
        self.is_even: bool = not (
            item.versions or item.next_service_period_start or _has_dates(item)
        )
        self.first: date = date.max
        self.stop: date = date.min
        if item.active and contract.is_open and self.windows.days is not None:
            self.first, self.stop = self.windows.days

    @property
    def order_no(self) -> str:
        """By which usage finds it."""
        return self.item.order_no or self.item.id

    def is_for(self, day: date) -> bool:
        """Tell whether usage of a day finds it."""
        return self.first <= day < self.stop

    def version_on(self, day: date) -> Item:
        """Give the item on the terms of a day."""
        item = self.item
        if not item.versions:
            return item
        return item.versions[timeline_of(item, self._policy).version_on(day)]

    def tiers_since(self, pricing: Pricing, start: date, day: date) -> date:
        """Give the day from which on the tiers of a day have applied, in a period."""
        borders = [self.first]
        for tier in pricing.tiers:
            borders += [] if tier.start is None else [tier.start]
            borders += [] if tier.end is None else [tier.end + ONE_DAY]
        return max([start, *(border for border in borders if border <= day)])

    def variant(self, version: Item, price: str, currency: str, criterion: str) -> Item:
        """Give the item with the price and the criterion that usage brings; made once for all."""
        if self._variants is None:
            self._variants = {}
        name = (version.version, price, currency, criterion)
        known = self._variants.get(name)
        if known is None:
            known = self._variants[name] = _variant(version, price, currency, criterion)
        return known

    def version_named(self, version: str, day: date) -> Item:
        """Give the item on terms that were in force once, or else on those of a day."""
        named = [each for each in self.item.versions if each.version == version]
        return named[0] if named else self.version_on(day)


def _variant(version: Item, price: str, currency: str, criterion: str) -> Item:
    changes: dict[str, Any] = {}
    if price:
        changes |= {"unit_price": price, "price_type": PriceType.PER_UNIT}
        if version.pricing is not None and version.pricing.rule.has_own_prices:
            changes["pricing"] = None
    if currency:
        changes["currency"] = currency
    if criterion != version.criterion:
        changes["criterion"] = criterion
    return evolve(version, changes=(), **changes)


def _has_dates(item: Item) -> bool:
    """Tell whether the tiers of an item apply on some days only."""
    pricing = item.pricing
    return pricing is not None and any(tier.start or tier.end for tier in pricing.tiers)


class Matcher:
    """The items of an account that price usage.

    Attributes:
        contracts: its subscriptions with such items.
        slots: item as it is billed → the item.
    """

    def __init__(self, found: Harvest) -> None:
        self.contracts: list[Contract] = []
        self.slots: dict[str, Slot] = {}
        self._by_order_no: dict[str, list[Slot]] = {}
        self._subscriptions: tuple[Subscription, ...] = found.snapshot.subscriptions
        why = account_hindrance(found.run, found.snapshot)
        for subscription in found.snapshot.subscriptions:
            if not subscription.metered:
                continue
            contract = Contract(found, subscription, why)
            self.contracts.append(contract)
            for item, billable in subscription.metered:
                if item.recurrence is TRANSACTIONAL:
                    slot = Slot(found.run, contract, item, billable, len(self.slots))
                    self.slots[billable] = slot
                    self._by_order_no.setdefault(slot.order_no, []).append(slot)

    def named(self, order_no: str, subscription: str | None) -> Sequence[Slot]:
        """Give the items of an order number, perhaps of one subscription only."""
        slots = self._by_order_no.get(order_no, ())
        if subscription is None:
            return slots
        return [slot for slot in slots if slot.contract.subscription.id == subscription]

    def match(self, record: UsageRecord) -> list[Slot]:
        """Give the items that price a usage record, one for each of its order numbers.

        Raises:
            MissingFieldError: it has no order number.
            NoMatchingItemError: there is no item for one of them, or several.
        """
        if not record.order_nos:
            rule, fix = "usage needs the order number of its item", "fill it"
            raise _refused(MissingFieldError, record, "order_no", "", rule, fix)
        return [self._one(record, order_no) for order_no in record.order_nos]

    def _one(self, record: UsageRecord, order_no: str) -> Slot:
        named = self.named(order_no, record.subscription)
        fitting = [slot for slot in named if slot.is_for(record.date)]
        free = [slot for slot in fitting if slot.contract.hindrance is None]
        if len(free or fitting) == 1:
            return (free or fitting)[0]
        if fitting:
            both = ", ".join(slot.billable for slot in free or fitting)
            fix = "name the subscription of the usage, or give each item its own order number"
            rule = f"several items, {both}"
            raise _refused(NoMatchingItemError, record, "order_no", order_no, rule, fix)
        if not named:
            raise self._unknown(record, order_no)
        rule = "; ".join(_why_not(slot, record.date) for slot in named)
        fix = "mend the item, or the usage"
        raise _refused(NoMatchingItemError, record, "order_no", order_no, rule, fix)

    def _unknown(self, record: UsageRecord, order_no: str) -> InvalidInputError:
        """Make the error for usage that names no item, or no subscription."""
        wanted, known = record.subscription, [each.id for each in self._subscriptions]
        if wanted is not None and wanted not in known:
            fix = near(wanted, known) or "mend it, or leave it empty for any"
            rule = "the account has no such subscription"
            return _refused(NoMatchingItemError, record, "subscription", wanted, rule, fix)
        owner = "the account" if wanted is None else f"subscription {wanted}"
        fix = "add a transactional item with this order number, or mend the usage"
        rule = f"no transactional item of {owner} has this order number"
        return _refused(NoMatchingItemError, record, "order_no", order_no, rule, fix)


def _why_not(slot: Slot, day: date) -> str:
    """Say why usage of a day does not find an item that has its order number."""
    if not slot.contract.is_open:
        status = slot.contract.subscription.status
        return f"the subscription of {slot.billable} is not active, its status is {status}"
    if not slot.item.active:
        return f"item {slot.billable} is not active"
    return f"{day} is no day of service of item {slot.billable}"


def _refused(
    kind: type[InvalidInputError],
    record: UsageRecord,
    field: str,
    value: str,
    rule: str,
    fix: str,
) -> InvalidInputError:
    where = f"UsageRecord {record.id!r}"
    return kind(rule, record=where, field=field, value=value or ..., fix=fix)
