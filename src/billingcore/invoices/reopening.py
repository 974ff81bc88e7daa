"""Open the lines of a draft again, so that another draft can be made of them."""

from __future__ import annotations

from collections.abc import Sequence

from billingcore.invoices.assembly import share_order_discount, share_subscription_discounts
from billingcore.invoices.document import DraftInvoice
from billingcore.lines.line import OpenLine, reopen
from billingcore.records.discount import Discount
from billingcore.scope.policy import Policy
from billingcore.values.context import ZERO

__all__ = ["open_lines", "share_anew", "share_discount"]


def open_lines(draft: DraftInvoice) -> list[OpenLine]:
    """Give open copies of the lines that bill something, whose taxes are still to be worked out."""
    lines = [reopen(line) for line in draft.scope]
    for line in lines:
        line.tax_amount = None
    return lines


def share_anew(lines: Sequence[OpenLine], discount: Discount | None, policy: Policy) -> None:
    """Share the order discounts of a document among its open lines; runs inside `exactly`.

    A line that corrects another at the price that was billed keeps the share that it has from
    there.

    Args:
        lines: the lines of the document.
        discount: the discount on the document, besides those of subscriptions.
        policy: the policy of the document.
    """
    own = [line for line in lines if line.shares_order_discounts]
    for line in own:
        line.order_discount = ZERO
    for line in lines:
        line.net = line.priced
    share_subscription_discounts(own, policy)
    share_discount(own, discount, policy)


def share_discount(lines: Sequence[OpenLine], discount: Discount | None, policy: Policy) -> None:
    """Take the discount on a document off its open lines, if it has one; runs inside `exactly`."""
    own = [line for line in lines if line.shares_order_discounts]
    if discount is not None and own:
        share_order_discount(discount, own, policy)
