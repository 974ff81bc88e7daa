"""The records of an account's books by document and by payment, so that none is searched for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from billingcore.invoices.document import Invoice
from billingcore.records.payment import Assignment, Clearing, Closing

__all__ = ["BooksIndex", "index_of"]


@frozen
class BooksIndex:
    """The records of an account's books by what they are about.

    Attributes:
        by_document: number → what payments give it, in the order in which it was decided.
        by_payment: id → what the payment gives, in the order in which it was decided.
        clearings: number → what it pays of others, or they of it, in that order.
        followers: number → the documents that cancel or credit it, in the order of finalizing.
        finals: number → the finals that deduct it, in the order of finalizing.
        closings: number → how it was closed.
    """

    by_document: Mapping[str, Sequence[Assignment]]
    by_payment: Mapping[str, Sequence[Assignment]]
    clearings: Mapping[str, Sequence[Clearing]]
    followers: Mapping[str, Sequence[Invoice]]
    finals: Mapping[str, Sequence[Invoice]]
    closings: Mapping[str, Closing]


def index_of(
    invoices: Iterable[Invoice],
    assignments: Iterable[Assignment],
    clearings: Iterable[Clearing],
    closings: Iterable[Closing] = (),
) -> BooksIndex:
    """Sort records by what they are about, each once."""
    by_document: dict[str, list[Assignment]] = {}
    by_payment: dict[str, list[Assignment]] = {}
    cleared: dict[str, list[Clearing]] = {}
    followers: dict[str, list[Invoice]] = {}
    finals: dict[str, list[Invoice]] = {}
    for assignment in assignments:
        by_document.setdefault(assignment.invoice, []).append(assignment)
        by_payment.setdefault(assignment.payment, []).append(assignment)
    for clearing in clearings:
        cleared.setdefault(clearing.debit, []).append(clearing)
        cleared.setdefault(clearing.credit, []).append(clearing)
    for invoice in invoices:
        if invoice.draft.original:
            followers.setdefault(invoice.draft.original, []).append(invoice)
        elif invoice.draft.chain.deductions:
            for each in invoice.draft.chain.deductions:
                finals.setdefault(each.number, []).append(invoice)
    closed = {closing.invoice: closing for closing in closings}
    return BooksIndex(by_document, by_payment, cleared, followers, finals, closed)
