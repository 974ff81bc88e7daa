"""Decisions one after the other: each is made by the books as the ones before leave them."""

from __future__ import annotations

from typing import Any, Final

from attrs import evolve

from billingcore.invoices.document import Invoice
from billingcore.ledger.entry import JournalEntry
from billingcore.lifecycle.books import Books, Effects

__all__ = ["after", "joined"]

_LISTS: Final = ("assignments", "clearings", "closings", "entries", "claims", "updates", "problems")


def joined(first: Effects, *others: Effects) -> Effects:
    """Give what several decisions add as one; of a payment the last form counts.

    Args:
        first: the first decision; account and what is canceled are its own.
        others: those after it, in order.
    """
    every = (first, *others)
    payments = {payment.id: payment for each in every for payment in each.payments}
    lists: dict[str, Any] = {
        name: tuple(row for each in every for row in getattr(each, name)) for name in _LISTS
    }
    return evolve(first, payments=tuple(payments.values()), **lists)


def after(books: Books, effects: Effects, *invoices: Invoice) -> Books:
    """Give books as a decision leaves them, for the next decision of the same step.

    Args:
        books: as they are.
        effects: what is added to them.
        invoices: documents that are finalized by it.
    """
    entries: dict[str, list[JournalEntry]] = {
        source: list(booked) for source, booked in books.entries.items()
    }
    for entry in effects.entries:
        entries.setdefault(entry.source, []).append(entry)
    return evolve(
        books,
        invoices={**books.invoices, **{invoice.number: invoice for invoice in invoices}},
        payments={**books.payments, **{payment.id: payment for payment in effects.payments}},
        assignments=(*books.assignments, *effects.assignments),
        clearings=(*books.clearings, *effects.clearings),
        closings=(*books.closings, *effects.closings),
        entries=entries,
    )
