"""Why a line costs something else: one input after the other is replaced, and priced anew.

The order is that of the computation: quantity, price, days, discount, order discount, tax. After
each step the line is priced by the functions that bill, with the rounding rule of the side before;
what the step changes is its cause's part. So the parts add up to the difference by construction,
and what is left (another rounding rule, a cent that a document gave to this line) is rounding. In
another order the parts can be others: 2 more at 3 more each is partly both. The rule says which.

All of this runs inside `exactly`.

A line whose amount does not follow from its own price, as one that corrects another, has one cause
for all of that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from attrs import evolve

from billingcore.errors import InvalidInputError
from billingcore.lines.line import LineItem
from billingcore.lines.making import Terms, make_line
from billingcore.lines.origin import TrueUpOrigin, UsageOrigin
from billingcore.periods.span import Span
from billingcore.pricing.models import price_parts
from billingcore.records.item import Item
from billingcore.records.taxes import Tax
from billingcore.scope.policy import Policy
from billingcore.values.context import ZERO, total
from billingcore.values.currency import quantum_of
from billingcore.values.rounding import round_amount
from billingcore.views.comparing.differences import Amounts, Cause, Impact
from billingcore.views.comparing.matching import Position

__all__ = ["amounts_of", "impacts_of"]


class _Cost(NamedTuple):
    """What lines cost: amount and own discount, priced as they are, net or gross."""

    amount: Decimal
    discount: Decimal

    @property
    def priced(self) -> Decimal:
        """What is left after the discount; inside `exactly`."""
        return self.amount - self.discount


class _Facts(NamedTuple):
    """What the price of a position follows from.

    Attributes:
        item: with its pricing and its discount.
        quantity: how many, of all tiers together.
        tier_quantity: what picks the tier; None if the quantity does.
        on: the day on which tiers must apply.
        span: the days with their factor.
    """

    item: Item
    quantity: Decimal
    tier_quantity: Decimal | None
    on: date
    span: Span

    def cost(self, like: LineItem, policy: Policy) -> _Cost:
        """Price it by the functions that bill.

        Raises:
            InvalidInputError: no tier holds the quantity, or none applies on the day.
        """
        terms: Terms = (
            like.subscription,
            like.subscription_id,
            like.heading,
            like.filter,
            policy,
            like.currency,
            quantum_of(like.currency),
        )
        quantity = None if self.quantity == self.item.quantity else self.quantity
        parts = price_parts(
            self.item,
            quantity,
            on=self.on,
            tier_quantity=self.tier_quantity,
            currency=like.currency,
            rounding=policy.rounding,
        )
        lines = [make_line(part, like.billable, self.span, terms) for part in parts]
        return _Cost(total(line.amount for line in lines), total(line.discount for line in lines))


def _facts_of(position: Position) -> _Facts:
    line = position.lines[0]
    part, origin = line.item.part, line.origin
    item, quantity = (line.item, line.quantity) if part is None else (part.whole, part.quantity)
    on, tier_quantity = line.service_period.bounds[0], None
    if isinstance(origin, UsageOrigin):
        on = origin.key.on
        if origin.key.has_tier_quantity:
            used = [record.tier_quantity or ZERO for record in origin.usage]
            back = [record.tier_quantity or ZERO for record in origin.taken_back]
            tier_quantity = total(used) - total(back)
    return _Facts(item, quantity, tier_quantity, on, line.span)


def _cost_of(lines: Sequence[LineItem]) -> _Cost:
    return _Cost(total(line.amount for line in lines), total(line.discount for line in lines))


class _Taxing(NamedTuple):
    """How what is priced becomes net amount and tax."""

    tax: Tax
    is_gross: bool
    currency: str
    policy: Policy

    def amounts(self, priced: Decimal) -> Amounts:
        """Tax an amount by itself, rounded once."""
        if self.is_gross:
            share = Fraction(self.tax.share)
            exact = Fraction(priced) * share / (1 + share)
            tax = round_amount(exact, self.currency, self.policy.rounding)
            return Amounts(priced - tax, tax)
        tax = (priced * self.tax.share).quantize(
            quantum_of(self.currency), self.policy.rounding_mode
        )
        return Amounts(priced, tax or tax.copy_abs())


def _taxing(position: Position) -> _Taxing:
    line, policy = position.lines[0], position.document.draft.policy
    return _Taxing(line.tax, line.item.price_includes_tax, line.currency, policy)


def amounts_of(position: Position) -> Amounts:
    """Give the net amount and the tax of a position.

    Where a document rounds its taxes per category or as a whole, the tax of a net price is that of
    the position alone.
    """
    lines = position.lines
    net = total(line.net for line in lines)
    if lines[0].tax_amount is not None:
        return Amounts(net, total(line.tax_amount or ZERO for line in lines))
    if lines[0].item.price_includes_tax:
        return Amounts(net, total(line.priced for line in lines) - net)
    return _taxing(position).amounts(net)


def impacts_of(before: Position, after: Position, difference: Amounts) -> tuple[Impact, ...]:
    """Divide the difference of two positions of one currency among its causes.

    Empty if nothing differs. What differs without changing an amount is a cause of 0.
    """
    taxing = _taxing(before)
    cost, off = _cost_of(before.lines), _order_discount(before)
    last = taxing.amounts(cost.priced - off)
    impacts: list[Impact] = []
    for cause, amounts in _steps(before, after, cost):
        impacts.append(Impact(cause, amounts.minus(last)))
        last = amounts
    rest = difference
    for each in impacts:
        rest = rest.minus(each.amounts)
    if rest.is_something:
        impacts.append(Impact(Cause.ROUNDING, rest))
    return tuple(each for each in impacts if each.amounts.is_something) or tuple(impacts)


def _steps(before: Position, after: Position, cost: _Cost) -> Iterator[tuple[Cause, Amounts]]:
    """Yield each input that differs, and what the position comes to once it is replaced."""
    taxing, new_taxing = _taxing(before), _taxing(after)
    off, new_off = (_order_discount(each) for each in (before, after))
    for cause, replaced in _costs(before, after):
        cost = replaced
        yield cause, taxing.amounts(cost.priced - off)
    priced = cost.priced - new_off
    if off != new_off:
        yield Cause.ORDER_DISCOUNT, taxing.amounts(priced)
    if taxing[:2] != new_taxing[:2]:
        kept = new_taxing._replace(policy=taxing.policy)
        yield Cause.TAX, kept.amounts(priced)


def _order_discount(position: Position) -> Decimal:
    return total(line.order_discount for line in position.lines)


def _costs(before: Position, after: Position) -> Iterator[tuple[Cause, _Cost]]:
    """Yield each fact of the price that differs, and the cost once it is replaced."""
    cost, new_cost = _cost_of(before.lines), _cost_of(after.lines)
    facts, new_facts = _facts_of(before), _facts_of(after)
    if not (_follows(before, facts) and _follows(after, new_facts)) or _are_fees(before, after):
        if cost != new_cost:
            yield Cause.OTHER, new_cost
        return
    line, policy = before.lines[0], before.document.draft.policy
    for cause, replaced in _replaced(facts, new_facts):
        try:
            yield cause, replaced.cost(line, policy)
        except InvalidInputError:  # no tier of the old prices holds the new quantity
            continue


def _replaced(facts: _Facts, new: _Facts) -> Iterator[tuple[Cause, _Facts]]:
    """Yield the facts after each step in which they differ."""
    if (facts.quantity, facts.tier_quantity) != (new.quantity, new.tier_quantity):
        facts = facts._replace(quantity=new.quantity, tier_quantity=new.tier_quantity)
        yield Cause.QUANTITY, facts
    if _price_of(facts.item) != _price_of(new.item):
        has_other_model = facts.item.pricing != new.item.pricing
        item, discount = new.item, facts.item.discount
        item = item if item.discount == discount else evolve(item, discount=discount)
        facts = facts._replace(item=item, on=new.on)
        yield Cause.MODEL if has_other_model else Cause.PRICE, facts
    if facts.span.service_period != new.span.service_period:
        facts = facts._replace(span=new.span, on=new.on)
        yield Cause.DAYS, facts
    elif _share_of(facts.span) != _share_of(new.span):
        facts = facts._replace(span=new.span)
        yield Cause.PRORATION, facts
    if facts.item.discount != new.item.discount:
        yield Cause.DISCOUNT, facts._replace(item=new.item, on=new.on)


def _price_of(item: Item) -> tuple[object, ...]:
    """Give all that a price follows from, but for the quantity."""
    return item.unit_price, item.price_type, item.pricing, item.billed_share


def _share_of(span: Span) -> tuple[object, ...]:
    """Give all that the share of a price follows from."""
    return span.factor, span.offset, span.of


def _follows(position: Position, facts: _Facts) -> bool:
    """Tell whether the amounts of a position follow from its own price."""
    try:
        cost = facts.cost(position.lines[0], position.document.draft.policy)
    except InvalidInputError:
        return False
    return cost == _cost_of(position.lines)


def _are_fees(before: Position, after: Position) -> bool:
    """Tell whether two minimum fees differ in the usage that they are short of."""
    origins = before.lines[0].origin, after.lines[0].origin
    used = [each.used for each in origins if isinstance(each, TrueUpOrigin)]
    return len(set(used)) > 1
