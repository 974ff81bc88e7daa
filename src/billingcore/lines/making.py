"""Make an open line: plain stores into slots, the hottest lines of the library."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from billingcore.lines.line import OpenLine
from billingcore.periods.span import Span
from billingcore.pricing.discounts import discount_of, discount_of_slice
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

__all__ = ["Terms", "make_line", "terms_of"]

_PRODUCT: Final = LineType.PRODUCT
_NEW: Final = object.__new__


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
    line: OpenLine = _NEW(OpenLine)
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
    line.amount = line.net = amount = position_amount(
        item.position_price, span, quantum, policy.rounding_mode
    )
    line.discount = line.order_discount = ZERO
    if item.discount is not None:
        line.discount = _discount(item.discount, line, policy, quantum)
        line.net = amount - line.discount
    line.tax = UNTAXED
    line.tax_amount = None
    line.billable = billable
    line.own_key = ""
    line.type = _PRODUCT
    line.corrects = None
    return line


def _discount(discount: Discount, line: OpenLine, policy: Policy, quantum: Decimal) -> Decimal:
    """Give what an item's own discount takes off; of a slice, its part of the period's."""
    span, currency = line.span, line.currency
    if not span.is_slice:
        return discount_of(discount, line.amount, currency, policy.rounding)
    price, mode = line.item.position_price, policy.rounding_mode
    before, upto = running_total(price, span, quantum, mode)
    return discount_of_slice(discount, before, upto, span, currency, policy.rounding)
