"""The kinds of documents and the states of their lives, as tables.

A kind is chosen by intent. Only a run's own documents turn into credits by their sign, and
only if the policy says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from attrs import frozen

from billingcore.records.invoice_kind import InvoiceKind

__all__ = ["KINDS", "LIFECYCLE", "InvoiceStatus", "KindRules"]


class InvoiceStatus(Enum):
    """Where a document is in its life; worked out, never stored (behaviour 7.1)."""

    DRAFT = "draft"
    """It can be edited, discarded or finalized; it has no number."""
    OPEN = "open"
    """Its balance is not 0, or it is a pro forma that nobody closed."""
    CLOSED = "closed"
    """Nobody is to pay it any more: a final claims what was open, or it has served its end."""
    PAID = "paid"
    """Its balance is 0, and it asked for payment."""
    SETTLED = "settled"
    """Its balance is 0, and it is a credit or a cancellation."""
    CANCELED = "canceled"
    """A finalized cancellation undid it."""


@frozen
class KindRules:
    """What holds for a kind.

    Attributes:
        title: what it is called in a sentence.
        becomes_by_sign: the kind that a run gives it when the sign of its total changes.
        settled_as: its state when its balance is 0.
        credited_as: the kind of a document that gives a part of it back; None if none can.
        can_be_canceled: whether a cancellation can undo it.
        settled_below_zero: its state when its balance is 0 and its amount due is negative.
        is_sub: whether a final deducts it.
        is_interim: whether its tax is due when it is paid, so that it is booked as an advance.
        asks_for_payment: whether there is anything to pay, to remind of, and to book.
        takes_payments: whether free balances of the account count for it.
    """

    title: str
    becomes_by_sign: InvoiceKind
    settled_as: InvoiceStatus
    credited_as: InvoiceKind | None
    can_be_canceled: bool
    settled_below_zero: InvoiceStatus = InvoiceStatus.PAID
    is_sub: bool = False
    is_interim: bool = False
    asks_for_payment: bool = True
    takes_payments: bool = True


KINDS: Final = {
    InvoiceKind.STANDARD: KindRules(
        "Invoice",
        becomes_by_sign=InvoiceKind.CREDIT,
        settled_as=InvoiceStatus.PAID,
        credited_as=InvoiceKind.CREDIT,
        can_be_canceled=True,
    ),
    InvoiceKind.PARTIAL: KindRules(
        "Partial invoice",
        becomes_by_sign=InvoiceKind.PARTIAL,
        settled_as=InvoiceStatus.PAID,
        credited_as=InvoiceKind.CREDIT,
        can_be_canceled=True,
        is_sub=True,
    ),
    InvoiceKind.PROGRESS: KindRules(
        "Progress invoice",
        becomes_by_sign=InvoiceKind.PROGRESS,
        settled_as=InvoiceStatus.PAID,
        credited_as=InvoiceKind.CREDIT,
        can_be_canceled=True,
        is_sub=True,
        is_interim=True,
    ),
    InvoiceKind.DEPOSIT: KindRules(
        "Deposit invoice",
        becomes_by_sign=InvoiceKind.DEPOSIT,
        settled_as=InvoiceStatus.PAID,
        credited_as=None,
        can_be_canceled=True,
        is_sub=True,
        is_interim=True,
    ),
    InvoiceKind.FINAL: KindRules(
        "Final invoice",
        becomes_by_sign=InvoiceKind.FINAL,
        settled_as=InvoiceStatus.PAID,
        credited_as=InvoiceKind.CREDIT,
        can_be_canceled=True,
        settled_below_zero=InvoiceStatus.SETTLED,
    ),
    InvoiceKind.PRO_FORMA: KindRules(
        "Pro forma invoice",
        becomes_by_sign=InvoiceKind.PRO_FORMA,
        settled_as=InvoiceStatus.OPEN,
        credited_as=None,
        can_be_canceled=False,
        asks_for_payment=False,
        takes_payments=False,
    ),
    InvoiceKind.CREDIT: KindRules(
        "Credit",
        becomes_by_sign=InvoiceKind.STANDARD,
        settled_as=InvoiceStatus.SETTLED,
        credited_as=InvoiceKind.STANDARD,
        can_be_canceled=True,
        settled_below_zero=InvoiceStatus.SETTLED,
    ),
    InvoiceKind.CANCELLATION: KindRules(
        "Cancellation",
        becomes_by_sign=InvoiceKind.CANCELLATION,
        settled_as=InvoiceStatus.SETTLED,
        credited_as=None,
        can_be_canceled=False,
        takes_payments=False,
        settled_below_zero=InvoiceStatus.SETTLED,
    ),
}
"""Every kind with its rules."""

LIFECYCLE: Final[Mapping[tuple[InvoiceStatus, str], InvoiceStatus | None]] = {
    (InvoiceStatus.DRAFT, "discard"): None,
    (InvoiceStatus.DRAFT, "finalize"): InvoiceStatus.OPEN,
    (InvoiceStatus.OPEN, "pay in full"): InvoiceStatus.PAID,
    (InvoiceStatus.OPEN, "settle in full"): InvoiceStatus.SETTLED,
    (InvoiceStatus.OPEN, "cancel"): InvoiceStatus.CANCELED,
    (InvoiceStatus.OPEN, "close"): InvoiceStatus.CLOSED,
    (InvoiceStatus.OPEN, "fold into the final"): InvoiceStatus.CLOSED,
    (InvoiceStatus.PAID, "close"): InvoiceStatus.CLOSED,
    (InvoiceStatus.CLOSED, "cancel"): InvoiceStatus.CANCELED,
    (InvoiceStatus.CLOSED, "cancel the final"): InvoiceStatus.OPEN,
    (InvoiceStatus.PAID, "take back what paid it"): InvoiceStatus.OPEN,
    (InvoiceStatus.PAID, "cancel"): InvoiceStatus.CANCELED,
    (InvoiceStatus.SETTLED, "take back what settled it"): InvoiceStatus.OPEN,
    (InvoiceStatus.SETTLED, "cancel"): InvoiceStatus.CANCELED,
}
"""State and event → the next state; None is the end. What is not in it cannot happen."""
