"""Whether a document is open, paid, settled or canceled: worked out from books (behaviour 7.1).

The balance of a document is what it asks for, and what payments and other documents change of it;
above 0 the customer owes. The free balance of a payment is what it changes beyond documents; below
0 it is the customer's credit. So what documents ask for and what payments change is, at any time,
the sum of all balances and free balances.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from billingcore.invoices.document import Invoice
from billingcore.invoices.kinds import KINDS, InvoiceStatus
from billingcore.lifecycle.books import Books
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.payment import Assignment
from billingcore.values.boundary import Boundary
from billingcore.values.context import EXACT, ZERO, total

__all__ = [
    "DocumentStanding",
    "Movement",
    "assigned_to",
    "balance_of",
    "canceled_by",
    "credits_of",
    "final_of",
    "free_of",
    "live_but",
    "standing",
]


class Movement(NamedTuple):
    """A change of a document's balance.

    Attributes:
        date: when it was decided.
        source: what changed it, like ``invoice/2026-00001`` or ``payment/P-1``.
        amount: by how much; below 0 less is owed.
    """

    date: dt.date
    source: str
    amount: Decimal


class DocumentStanding(NamedTuple):
    """Where a document stands.

    Attributes:
        number: of the document.
        status: open, paid, settled or canceled.
        balance: what the customer owes on it; below 0 it is owed to the customer.
        payment_date: when the balance became 0; None as long as it is not.
        movements: what the balance is made of: the document itself, then what changed it, by date.
    """

    number: str
    status: InvoiceStatus
    balance: Decimal
    payment_date: dt.date | None
    movements: tuple[Movement, ...]


def standing(books: Books, document: Invoice | str) -> DocumentStanding:
    """Say where a document stands.

    Args:
        books: the books of its account.
        document: the document, or its number.

    Raises:
        InvalidInputError: the account has no document of this number.
    """
    given = document.number if isinstance(document, Invoice) else document
    number = Boundary("Books").id("number", given)
    movements = _movements(books, books.invoice(number))
    balance = total(movement.amount for movement in movements)
    paid_on = None if balance else max(movement.date for movement in movements)
    return DocumentStanding(number, _status(books, number, balance), balance, paid_on, movements)


def _status(books: Books, number: str, balance: Decimal) -> InvoiceStatus:
    invoice = books.invoices[number]
    if canceled_by(books, number):
        return InvoiceStatus.CANCELED
    if balance:
        return InvoiceStatus.OPEN
    if number in books.index.closings or _folded(books, number):
        return InvoiceStatus.CLOSED
    rules = KINDS[invoice.kind]
    return rules.settled_below_zero if invoice.totals.due < ZERO else rules.settled_as


def _movements(books: Books, invoice: Invoice) -> tuple[Movement, ...]:
    """Give what a balance is made of: the document itself, then what changed it, by date."""
    number = invoice.number
    asked = invoice.totals.due if KINDS[invoice.kind].asks_for_payment else ZERO
    itself = Movement(invoice.date, f"invoice/{number}", asked)
    found = [
        Movement(each.date, f"payment/{each.payment}", each.amount)
        for each in assigned_to(books, number)
    ]
    for each in books.index.clearings.get(number, ()):
        is_debit = each.debit == number
        other = each.credit if is_debit else each.debit
        change = each.amount.copy_negate() if is_debit else each.amount
        found.append(Movement(each.date, f"invoice/{other}", change))
    found += _ended(books, number)
    return (itself, *sorted(found, key=_date))


def _ended(books: Books, number: str) -> Iterator[Movement]:
    """Yield what is not to be paid any more, since a final asks for it or the document is closed."""
    final, folded = final_of(books, number), _folded(books, number)
    if final is not None and folded:
        yield Movement(final.date, f"invoice/{final.number}", folded.copy_negate())
    closing = books.index.closings.get(number)
    if closing is not None and closing.amount and not canceled_by(books, number):
        yield Movement(closing.date, f"closing/{number}", closing.amount.copy_negate())


def final_of(books: Books, number: str) -> Invoice | None:
    """Give the live final that deducts a document; None if there is none."""
    for final in books.index.finals.get(number, ()):
        if not canceled_by(books, final.number):
            return final
    return None


def _folded(books: Books, number: str) -> Decimal:
    """Give what was open on a document when a final took it over; 0 if none did."""
    final = final_of(books, number)
    deductions = () if final is None else final.deductions
    return total(each.folded for each in deductions if each.number == number)


def _date(movement: Movement) -> dt.date:
    return movement.date


def balance_of(books: Books, number: str) -> Decimal:
    """Give what the customer owes on a document; below 0 it is owed to the customer.

    Raises:
        InvalidInputError: the account has no document of this number.
    """
    return total(movement.amount for movement in _movements(books, books.invoice(number)))


def canceled_by(books: Books, number: str) -> str:
    """Give the number of the cancellation that undid a document; empty if there is none."""
    for follower in books.index.followers.get(number, ()):
        if follower.kind is InvoiceKind.CANCELLATION:
            return follower.number
    return ""


def live_but(books: Books, invoice: Invoice) -> Iterator[Invoice]:
    """Yield the documents of an account that are not canceled, but for one."""
    for number, other in books.invoices.items():
        if other is not invoice and not canceled_by(books, number):
            yield other


def credits_of(books: Books, number: str) -> list[Invoice]:
    """Give the documents that give a part of a document back, without canceled ones."""
    followers = books.index.followers
    if number not in followers:
        return []
    return [
        follower
        for follower in followers[number]
        if follower.kind is not InvoiceKind.CANCELLATION and not canceled_by(books, follower.number)
    ]


def assigned_to(books: Books, number: str) -> list[Assignment]:
    """Give what payments change of a document; a canceled one has given them back."""
    return [] if canceled_by(books, number) else [*books.index.by_document.get(number, ())]


def free_of(books: Books, payment_id: str) -> Decimal:
    """Give what a payment changes beyond documents; below 0 it is the customer's credit.

    Raises:
        InvalidInputError: the account has no payment of this id.
    """
    free = EXACT.add(ZERO, books.payment(payment_id).effect)
    for each in books.index.by_payment.get(payment_id, ()):
        if not canceled_by(books, each.invoice):
            free = EXACT.subtract(free, each.amount)
    return free
