"""What usage costs: rated together for a billing period, less what was billed of it before.

The price of a period is a function of all usage in it. What comes later costs the difference to
what was billed, tier by tier, each total rounded: so any way to spread usage over runs costs the
same, and usage that is corrected or given back is a difference like any other. At 2.50 up to 10
units and 2.40 above, 6 units cost 15.00; 9 more cost 4 x 2.50 = 10.00 and 5 x 2.40 = 12.00.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, cast

from attrs import evolve

from billingcore.lines.line import OpenLine
from billingcore.lines.making import Terms, make_line
from billingcore.lines.origin import UsageKey
from billingcore.lines.usage.matching import Slot
from billingcore.periods.shares import whole_span
from billingcore.periods.span import Span
from billingcore.pricing.models import price_of, price_parts
from billingcore.records.copying import is_usual_number
from billingcore.records.item import Item
from billingcore.records.pricing import Pricing
from billingcore.records.terms import PriceType
from billingcore.records.usage import UsageRecord
from billingcore.scope.run import InvoiceRun
from billingcore.scope.selection import Filter
from billingcore.values.calendar import ONE_DAY
from billingcore.values.context import ZERO
from billingcore.values.currency import quantum_of
from billingcore.values.keys import escape
from billingcore.values.period import Period
from billingcore.values.sealing import fill

__all__ = ["ADDED_UP", "Pot", "flat", "lines_of", "shown", "span_of", "tag_of"]

ADDED_UP: Final = "*"
"""Stands for the price where different prices are added up."""

_WORDS: Final = ("filter", "party", "invoice", "criterion", "price", "currency", "terms")
_USUAL: Final = ("",) * len(_WORDS)
_ONE: Final = Decimal(1)


class Pot:
    """Usage of one key that a run finds.

    Attributes:
        key: what it shares.
        slot: the item.
        version: the item on the terms that were in force.
        item: the same with the price and the criterion that the usage brings.
        terms: what its lines share.
        chosen: the filter of records of the host; None for usage as such.
        usage: what is to be billed.
        taken_back: what was billed, and is not any more.
        days: the first and the last day of its usage, if they are known.
        lines: what it is billed on, when it is rated.
    """

    __slots__ = (
        "chosen",
        "days",
        "item",
        "key",
        "lines",
        "slot",
        "taken_back",
        "terms",
        "usage",
        "version",
    )

    def __init__(
        self, key: UsageKey, slot: Slot, version: Item, terms: Terms, chosen: Filter | None
    ) -> None:
        price = "" if key.price == ADDED_UP else key.price
        self.key: UsageKey = key
        self.slot: Slot = slot
        self.version: Item = version
        self.item: Item = version
        if price or key.currency or key.invoice_criterion != version.criterion:
            self.item = slot.variant(version, price, key.currency, key.invoice_criterion)
        self.terms: Terms = terms
        self.chosen: Filter | None = chosen
        self.usage: list[UsageRecord] = []
        self.taken_back: Sequence[UsageRecord] = ()
        self.days: tuple[date, date] | None = None
        self.lines: Sequence[OpenLine] = ()

    def key_of_line(self, number: int, revision: int) -> str:
        """Name what one of its lines bills; no two live lines share a name."""
        key = self.key
        path = key.billable
        if key[3:10] != _USUAL:
            for word, value in zip(_WORDS, key[3:10], strict=True):
                path += f"/{word}={escape(str(value))}" if value else ""
        if key.on > key.start:
            path += f"/on={key.on}"
        if key.has_tier_quantity:
            path += "/tiers"
        if not self.slot.windows.has_periods:
            path += f"/until={key.stop - ONE_DAY}"
        again = f"~{revision}" if revision else ""
        return f"{path}@{key.start.isoformat()}{again}{f'#{number}' if number > 1 else ''}"


def lines_of(
    pot: Pot, usage: Sequence[UsageRecord], back: Sequence[UsageRecord], span: Span
) -> list[OpenLine]:
    """Make the lines of usage as if nothing of its key were billed; runs inside `exactly`.

    Raises:
        InvalidInputError: the item has no price for the quantity, or for the day.
    """
    billable, terms = pot.slot.billable, pot.terms
    if pot.key.price == ADDED_UP:
        parts = _added_up(pot, usage, back)
    else:
        quantity = sum([record.quantity for record in usage], ZERO)
        if back:
            quantity -= sum([record.quantity for record in back], ZERO)
        tier_quantity = None
        if pot.key.has_tier_quantity:
            tier_quantity = sum([record.tier_quantity or ZERO for record in usage], ZERO)
            tier_quantity -= sum([record.tier_quantity or ZERO for record in back], ZERO)
        if pot.item.pricing is None:
            return [make_line(_sold(pot.item, quantity), billable, span, terms)] if quantity else []
        parts = _priced(pot, pot.item, quantity, tier_quantity)
    return [make_line(part, billable, span, terms) for part in parts]


def _sold(item: Item, quantity: Decimal) -> Item:
    """Give an item with the quantity that was used, mostly in half the time of `Item.sold`."""
    if item.can_be_named and is_usual_number(quantity):
        return item.named(item.id, item.title, quantity, item.unit_price)
    return item.sold(quantity)


def _priced(
    pot: Pot, item: Item, quantity: Decimal, tier_quantity: Decimal | None
) -> Sequence[Item]:
    """Give the items of a price, one for each line."""
    _, _, _, _, policy, currency, _ = pot.terms
    return price_parts(
        item,
        quantity,
        on=pot.key.on,
        tier_quantity=tier_quantity,
        currency=item.currency or currency,
        rounding=policy.rounding,
    )


def _added_up(
    pot: Pot, usage: Sequence[UsageRecord], back: Sequence[UsageRecord]
) -> Sequence[Item]:
    """Give one item for usage with different prices: the quantity, and what it costs in all."""
    quantities: dict[Decimal, Decimal] = {}
    for records, sign in ((usage, 1), (back, -1)):
        for record in records:
            price = record.price or ZERO
            quantities[price] = quantities.get(price, ZERO) + sign * record.quantity
    key, cost, bounds = pot.key, ZERO, None
    for price, quantity in quantities.items():
        own = pot.slot.variant(pot.version, f"{price:f}", key.currency, key.invoice_criterion)
        bounds = own.pricing
        cost += price_of(_without_bounds(own), quantity, on=key.on)
    amount = sum(quantities.values(), ZERO)
    if not (amount or cost):
        return ()
    if bounds is not None and amount:
        cost = _bounded(bounds, pot.item.billed_share, cost).copy_sign(cost or amount)
    _, _, _, _, policy, currency, _ = pot.terms
    cents = quantum_of(pot.item.currency or currency)
    return (flat(pot.item, amount, cost.quantize(cents, policy.rounding_mode)),)


def _without_bounds(item: Item) -> Item:
    """Give an item without minimum and maximum, which are for a line and not for each price."""
    pricing = item.pricing
    if pricing is None or (pricing.minimum is None and pricing.maximum is None):
        return item
    return evolve(item, pricing=evolve(pricing, minimum=None, maximum=None))


def _bounded(pricing: Pricing, share: Decimal, cost: Decimal) -> Decimal:
    """Give the size of a cost, at least the minimum and at most the maximum of a line."""
    size = cost.copy_abs()
    if pricing.maximum is not None:
        size = min(size, pricing.maximum * share)
    return size if pricing.minimum is None else max(size, pricing.minimum * share)


def flat(item: Item, quantity: Decimal, amount: Decimal) -> Item:
    """Give an item of a quantity that costs an amount in all."""
    price = amount if quantity >= 0 else amount.copy_negate()
    copy = item.sold(quantity)
    price = price or price.copy_abs()
    fill(copy, unit_price=price, price_type=PriceType.FLAT, billed_share=_ONE)
    fill(copy, pricing=None, part=None, position_price=amount)
    return copy


def shown(item: Item, quantity: Decimal, amount: Decimal, currency: str) -> Item:
    """Give the item of a line that costs a difference.

    It has the item's price if that times the quantity is the amount but for rounding.
    """
    if quantity:
        copy = item.sold(quantity)
        if (copy.position_price - amount).copy_abs() < quantum_of(currency):
            return copy
    return flat(item, quantity, amount)


def tag_of(item: Item) -> str:
    """Name the part of a price that an item is; empty if it is all of it."""
    if item.part is None:
        return ""
    portion = item.part.portion
    return portion.bound or str(portion.tier or "")


def span_of(
    run: InvoiceRun, usage: Sequence[UsageRecord], known_days: tuple[date, date] | None = None
) -> Span:
    """Give the days of a line: from its first usage to its last."""
    if known_days is None:
        days = [record.date for record in usage]
        known_days = min(days), max(days)
    first, last = known_days
    name = ("usage", first, last)
    known: Span | None = run.schedules.get(name)
    if known is None:
        whole = whole_span(run.policy, Period(first, last + ONE_DAY), None)
        return cast("Span", run.schedules.keep(name, whole))
    return known
