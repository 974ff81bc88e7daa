"""What a document can be."""

from __future__ import annotations

from enum import Enum

__all__ = ["InvoiceKind"]


class InvoiceKind(Enum):
    """What a document is. A kind is chosen by intent, never by the sign of a rounding rest."""

    STANDARD = "invoice"
    """Asks for payment of what was delivered."""
    PARTIAL = "partial"
    """Asks for payment of a part that was delivered as a whole; its tax is due when it is issued."""
    PROGRESS = "progress"
    """Asks for a payment on account before all is delivered; its tax is due when it is paid."""
    DEPOSIT = "deposit"
    """Asks for a payment before anything is delivered; its tax is due when it is paid."""
    FINAL = "final"
    """Bills all that was agreed, and deducts what was invoiced before."""
    PRO_FORMA = "pro forma"
    """States what would be billed; it asks for no payment, and is not booked."""
    CREDIT = "credit"
    """Gives money back; its total is negative."""
    CANCELLATION = "cancellation"
    """Undoes another document as a whole."""
