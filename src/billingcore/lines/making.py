"""Make an open line: plain stores into slots, the hottest lines of the library."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from billingcore.lines.line import OpenLine
from billingcore.periods.span import Span
from billingcore.pricing.discounts import discount_of, discount_of_slice
from billingcore.pricing.models import price_parts
from billingcore.pricing.price import position_amount, running_total
from billingcore.records.discount import Discount
from billingcore.records.item import Item
from billingcore.records.setup import Heading
from billingcore.records.subscription import Subscription
from billingcore.records.taxes import UNTAXED
from billingcore.records.terms import LineType
from billingcore.scope.policy import Policy
from billingcore.values.context import ZERO
from billingcore.values.currency import quantum_of
from billingcore.values.sealing import blank

__all__ = ["Terms", "make_line", "make_lines", "part_key", "terms_of"]

_PRODUCT: Final = LineType.PRODUCT
_new_line: Final = blank(OpenLine)


Terms = tuple[Subscription | None, str, Heading, str, Policy, str, Decimal]
"""What the lines of one contract share: the contract (None by hand) and its id, heading, name of the
filter, policy, and the currency with its smallest amount, for items that have none of their own."""


def terms_of(
    subscription: Subscription | None,
    heading: Heading,
    filter_name: str,
    policy: Policy,
    usual_currency: str,
) -> Terms:
    """Put together what the lines of one contract share; its own currency goes first."""
    if subscription is None:
        currency, name = usual_currency, ""
    else:
        currency, name = subscription.currency or usual_currency, subscription.id
    quantum = quantum_of(currency)
    return subscription, name, heading, filter_name, policy, currency, quantum


def make_line(item: Item, billable: str, span: Span, terms: Terms) -> OpenLine:
    """Make an open line of an item over a span, with its own discount; runs inside `exactly`.

    Args:
        item: what is sold; its own currency goes before that of the terms.
        billable: the name under which it is billed; empty for a line made by hand.
        span: the days of service and their billing factor.
        terms: what the lines of one contract share.
    """
    line = _new_line()
    subscription, subscription_id, heading, filter_name, policy, currency, quantum = terms
    if item.currency is not None:
        currency = item.currency
        quantum = quantum_of(currency)
    line.number = 0
    line.item = item
    line.subscription = subscription
    line.subscription_id = subscription_id
    line.heading = heading
    line.filter = filter_name
    line.span = span
    line.currency = currency
    if span.is_partial:  # most are, or are whole; a call costs a tenth of all that is done here
        amount = item.position_price * span.numerator / span.denominator
        amount = amount.quantize(quantum, policy.rounding_mode)
        line.amount = line.net = amount = amount or amount.copy_abs()
    else:
        line.amount = line.net = amount = position_amount(
            item.position_price, span, quantum, policy.rounding_mode
        )
    line.discount = line.order_discount = ZERO
    if item.discount is not None:
        line.discount = _discount(item.discount, line, policy, quantum)
        line.net = amount - line.discount
    line.tax = UNTAXED
    line.billable = billable
    line.own_key = ""
    line.type = _PRODUCT
    line.tax_amount = line.corrects = line.origin = None
    return line


def make_lines(item: Item, billable: str, span: Span, terms: Terms) -> Sequence[OpenLine]:
    """Make the lines of an item over a span: one, or one for each part of its price.

    The first day of service decides which tiers apply. Takes the arguments of `make_line`.

    Raises:
        InvalidInputError: no tier applies on that day, or none holds the quantity.
    """
    if item.pricing is None:
        return (make_line(item, billable, span, terms),)
    _, _, _, _, policy, currency, _ = terms
    day, _ = span.service_period.bounds
    own = item.currency or currency
    parts = price_parts(item, on=day, currency=own, rounding=policy.rounding)
    lines = [make_line(part, billable, span, terms) for part in parts]
    for line in lines[1:]:
        line.own_key = part_key(line.billing_key, line.item)
    return lines


def part_key(key: str, item: Item) -> str:
    """Tell the key of a further part of a price from that of the first: ``#2`` and so on."""
    part = item.part
    return key if part is None or part.number == 1 else f"{key}#{part.number}"


def _discount(discount: Discount, line: OpenLine, policy: Policy, quantum: Decimal) -> Decimal:
    """Give what an item's own discount takes off; of a slice, its part of the period's."""
    span, currency = line.span, line.currency
    if not span.is_slice:
        return discount_of(discount, line.amount, currency, policy.rounding)
    price, mode = line.item.position_price, policy.rounding_mode
    before, upto = running_total(price, span, quantum, mode)
    return discount_of_slice(discount, before, upto, span, currency, policy.rounding)
