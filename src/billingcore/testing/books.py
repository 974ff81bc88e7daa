"""The law of books: what is booked is what documents and payments say, and all of it adds up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from billingcore.errors import InvariantViolationError
from billingcore.invoices.document import Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.ledger.booking import differences
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ledger.invoices import is_booked_kind
from billingcore.ledger.law import check_entries
from billingcore.ledger.partials import month_of
from billingcore.ledger.reversal import without_pairs
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.paying.posting import book_payments
from billingcore.lifecycle.standing import balance_of, canceled_by, credits_of, final_of, free_of
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.testing.advances import check_advances, check_debtors
from billingcore.values.context import total

__all__ = ["check_books"]


def check_books(books: Books) -> None:
    """Check the books of an account: conservation, and every entry to the cent.

    What documents ask for, less what was paid, is what is open and what is free. The entries of each
    document add up to it; those of payments and clearings are what they say now, unless the set-up
    books them by a later job. What stands on the debtors is what is open and free, and what stands
    on the accounts of advances is what was paid, or not paid yet, of those that no final took over.

    Raises:
        InvariantViolationError: with what is wrong.
    """
    live = [each for each in books.invoices.values() if KINDS[each.kind].asks_for_payment]
    asked = total(each.totals.due for each in live)
    moved = total(payment.effect for payment in books.payments.values())
    ended = total(_ended(books))
    balances = total(balance_of(books, number) for number in books.invoices)
    free = total(free_of(books, name) for name in books.payments)
    if total((asked, moved)) != total((balances, free, ended)):
        law = "documents and payments are what is open and what is free"
        raise InvariantViolationError(law, evidence=(asked, moved, balances, free, ended))
    accounting = books.setup.accounting
    if not accounting.is_on:
        return
    for number, invoice in books.invoices.items():
        _check_document(books, number, invoice)
    differing = book_payments(books).entries if accounting.is_immediate else ()
    if differing:
        law = "what is booked of payments and clearings is what they say"
        raise InvariantViolationError(law, evidence=differing)
    every = [entry for entries in books.entries.values() for entry in entries]
    has_all = accounting.is_immediate and accounting.books_payments
    if has_all and not any(entry.has_gap for entry in every):
        check_advances(books, every)
        check_debtors(books, every)


def _ended(books: Books) -> Iterator[Decimal]:
    """Yield what is not to be paid any more: a final asks for it, or the document was closed."""
    for number in books.invoices:
        final = final_of(books, number)
        if final is not None:
            yield from (each.folded for each in final.deductions if each.number == number)
        closing = books.index.closings.get(number)
        if closing is not None and not canceled_by(books, number):
            yield closing.amount


def _check_document(books: Books, number: str, invoice: Invoice) -> None:
    """Check what is booked of a document; of one that is undone, that nothing is left of it.

    A canceled final is not compared with its document any more: what it deducts may have changed.
    """
    undone_by, is_closed = canceled_by(books, number), number in books.index.closings
    if undone_by or is_closed:
        _check_undone(books, number, undone_by)
    first = books.invoices.get(invoice.draft.original)
    if invoice.kind is InvoiceKind.CANCELLATION and first is not None:
        if first.kind is InvoiceKind.FINAL or first.number in books.index.closings:
            return
        first = books.invoices.get(first.draft.original, first)
    if not (undone_by and invoice.kind is InvoiceKind.FINAL):
        kind, entries = first.kind if first else None, books.entries.get(f"invoice/{number}", ())
        if is_booked_kind(kind or invoice.kind, books.setup.accounting):
            check_entries(invoice, entries, original=kind, prior=_prior(books, invoice))


def _check_undone(books: Books, number: str, undone_by: str) -> None:
    """Check that a document with what closes and cancels it adds up to nothing."""
    sources = (f"invoice/{number}", f"closing/{number}", f"invoice/{undone_by}")
    entries = [entry for source in sources for entry in books.entries.get(source, ())]
    by_month: dict[object, list[JournalLine]] = {}
    for entry in entries:
        by_month.setdefault(month_of(entry), []).extend(entry.details)
    currency = books.invoices[number].currency
    left = [line for lines in by_month.values() for line in differences(lines, (), currency)]
    if left:
        law = "what cancels or closes a document is the opposite of its entries"
        raise InvariantViolationError(law, evidence=(number, *left))


def _prior(books: Books, invoice: Invoice) -> dict[str, list[JournalEntry]]:
    """Give what is booked of the documents that a final deducts, and of their credits."""
    return {
        each.number: [
            entry
            for number in (
                each.number,
                *(credit.number for credit in credits_of(books, each.number)),
            )
            for entry in without_pairs(books.entries.get(f"invoice/{number}", ()))
        ]
        for each in invoice.deductions
        if each.number in books.invoices
    }
