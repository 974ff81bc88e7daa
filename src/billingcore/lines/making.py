"""Make an open line: plain stores into slots, the hottest lines of the library."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from billingcore.lines.line import OpenLine
from billingcore.periods.span import Span
from billingcore.pricing.discounts import discount_of
from billingcore.pricing.price import position_amount
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


class Terms(NamedTuple):
    """What the lines of one contract share.

    Attributes:
        subscription: the contract; None for lines made by hand.
        subscription_id: its id; empty for lines made by hand.
        heading: who sells, on which terms.
        filter: the filter under which it was selected; empty if none.
        policy: how amounts are rounded.
        currency: of lines whose item has none of its own.
        quantum: its smallest amount.
    """

    subscription: Subscription | None
    subscription_id: str
    heading: Heading
    filter: str
    policy: Policy
    currency: str
    quantum: Decimal


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
    return Terms(subscription, name, heading, filter_name, policy, currency, quantum)


def make_line(item: Item, billable: str, span: Span, terms: Terms) -> OpenLine:
    """Make an open line of an item over a span, with its own discount; runs inside `exactly`.

    Args:
        item: what is sold; its own currency goes before that of the terms.
        billable: the name under which it is billed; empty for a line made by hand.
        span: the days of service and their billing factor.
        terms: what the lines of one contract share.
    """
    line: OpenLine = _NEW(OpenLine)
    if item.currency is None:
        line.currency = terms.currency
        quantum = terms.quantum
    else:
        line.currency = item.currency
        quantum = quantum_of(item.currency)
    line.amount = amount = position_amount(
        item.position_price, span, quantum, terms.policy.rounding_mode
    )
    line.number = 0
    line.item = item
    line.subscription = terms.subscription
    line.subscription_id = terms.subscription_id
    line.heading = terms.heading
    line.filter = terms.filter
    line.span = span
    line.order_discount = ZERO
    if item.discount is None:
        line.discount = ZERO
        line.net = amount
    else:
        line.discount = discount_of(item.discount, amount, line.currency, terms.policy.rounding)
        line.net = amount - line.discount
    line.tax = UNTAXED
    line.tax_amount = None
    line.billable = billable
    line.billing_key = f"{billable}@{span.key}"
    line.type = _PRODUCT
    return line
