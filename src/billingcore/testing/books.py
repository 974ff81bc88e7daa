"""The law of books: what is booked is what documents and payments say, and all of it adds up."""

from __future__ import annotations

from billingcore.errors import InvariantViolationError
from billingcore.ledger.law import check_entries
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.paying.posting import book_payments
from billingcore.lifecycle.standing import balance_of, free_of
from billingcore.values.context import total

__all__ = ["check_books"]


def check_books(books: Books) -> None:
    """Check the books of an account: conservation, and every entry to the cent.

    What documents ask for, less what was paid, is what is open and what is free. The entries of each
    document add up to it; those of payments and clearings are what they say now, unless the set-up
    books them by a later job.

    Raises:
        InvariantViolationError: with what is wrong.
    """
    asked = total(invoice.totals.due for invoice in books.invoices.values())
    moved = total(payment.effect for payment in books.payments.values())
    balances = total(balance_of(books, number) for number in books.invoices)
    free = total(free_of(books, name) for name in books.payments)
    if total((asked, moved)) != total((balances, free)):
        law = "documents and payments are what is open and what is free"
        raise InvariantViolationError(law, evidence=(asked, moved, balances, free))
    accounting = books.setup.accounting
    if not accounting.is_on:
        return
    for number, invoice in books.invoices.items():
        check_entries(invoice, books.entries.get(f"invoice/{number}", ()))
    differences = book_payments(books).entries if accounting.is_immediate else ()
    if differences:
        law = "what is booked of payments and clearings is what they say"
        raise InvariantViolationError(law, evidence=differences)
