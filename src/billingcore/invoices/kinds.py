"""The kinds of documents, as a table.

A kind is chosen by intent. Only a run's own documents turn into credits by their sign, and
only if the policy says so.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from attrs import frozen

__all__ = ["KINDS", "InvoiceKind", "KindRules"]


class InvoiceKind(Enum):
    """What a document is."""

    STANDARD = "invoice"
    """Asks for payment of what was delivered."""
    CREDIT = "credit"
    """Gives money back; its total is negative."""


@frozen
class KindRules:
    """What holds for a kind.

    Attributes:
        title: what it is called in a sentence.
        becomes_by_sign: the kind that a run gives it when the sign of its total changes.
    """

    title: str
    becomes_by_sign: InvoiceKind


KINDS: Final = {
    InvoiceKind.STANDARD: KindRules("Invoice", becomes_by_sign=InvoiceKind.CREDIT),
    InvoiceKind.CREDIT: KindRules("Credit", becomes_by_sign=InvoiceKind.STANDARD),
}
"""Every kind with its rules."""
