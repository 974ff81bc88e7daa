"""The kinds of documents and the states of their lives, as tables.

A kind is chosen by intent. Only a run's own documents turn into credits by their sign, and
only if the policy says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from attrs import frozen

__all__ = ["KINDS", "LIFECYCLE", "InvoiceKind", "InvoiceStatus", "KindRules"]


class InvoiceKind(Enum):
    """What a document is."""

    STANDARD = "invoice"
    """Asks for payment of what was delivered."""
    CREDIT = "credit"
    """Gives money back; its total is negative."""
    CANCELLATION = "cancellation"
    """Undoes another document as a whole."""


class InvoiceStatus(Enum):
    """Where a document is in its life; worked out, never stored (behaviour 7.1)."""

    DRAFT = "draft"
    """It can be edited, discarded or finalized; it has no number."""
    OPEN = "open"
    """Its balance is not 0."""
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
    """

    title: str
    becomes_by_sign: InvoiceKind
    settled_as: InvoiceStatus
    credited_as: InvoiceKind | None
    can_be_canceled: bool


KINDS: Final = {
    InvoiceKind.STANDARD: KindRules(
        "Invoice",
        becomes_by_sign=InvoiceKind.CREDIT,
        settled_as=InvoiceStatus.PAID,
        credited_as=InvoiceKind.CREDIT,
        can_be_canceled=True,
    ),
    InvoiceKind.CREDIT: KindRules(
        "Credit",
        becomes_by_sign=InvoiceKind.STANDARD,
        settled_as=InvoiceStatus.SETTLED,
        credited_as=InvoiceKind.STANDARD,
        can_be_canceled=True,
    ),
    InvoiceKind.CANCELLATION: KindRules(
        "Cancellation",
        becomes_by_sign=InvoiceKind.CANCELLATION,
        settled_as=InvoiceStatus.SETTLED,
        credited_as=None,
        can_be_canceled=False,
    ),
}
"""Every kind with its rules."""

LIFECYCLE: Final[Mapping[tuple[InvoiceStatus, str], InvoiceStatus | None]] = {
    (InvoiceStatus.DRAFT, "discard"): None,
    (InvoiceStatus.DRAFT, "finalize"): InvoiceStatus.OPEN,
    (InvoiceStatus.OPEN, "pay in full"): InvoiceStatus.PAID,
    (InvoiceStatus.OPEN, "settle in full"): InvoiceStatus.SETTLED,
    (InvoiceStatus.OPEN, "cancel"): InvoiceStatus.CANCELED,
    (InvoiceStatus.PAID, "take back what paid it"): InvoiceStatus.OPEN,
    (InvoiceStatus.PAID, "cancel"): InvoiceStatus.CANCELED,
    (InvoiceStatus.SETTLED, "take back what settled it"): InvoiceStatus.OPEN,
    (InvoiceStatus.SETTLED, "cancel"): InvoiceStatus.CANCELED,
}
"""State and event → the next state; None is the end. What is not in it cannot happen."""
