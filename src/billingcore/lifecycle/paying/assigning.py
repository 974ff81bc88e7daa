"""Which documents a payment is for (behaviour 7.1, 7.2).

A payment counts for the documents that it names, in order, each up to its balance. What is left is
a free balance of the account, which the next document takes. Nothing brings a balance past 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from billingcore.errors import CurrencyMismatchError, InvalidInputError
from billingcore.invoices.document import Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.chains.receipts import is_frozen
from billingcore.lifecycle.paying.free import free_credits, seller_of
from billingcore.lifecycle.standing import assigned_to, balance_of, canceled_by, final_of
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.payment import Assignment, Payment, PaymentKind
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.keys import billable_id

__all__ = ["Assigner", "assign", "assign_free", "nearer", "numbered"]


def assign(
    books: Books, payment: Payment, on: dt.date, numbers: Iterable[str] | None = None
) -> tuple[Assignment, ...]:
    """Decide which documents a new or a changed payment is for.

    If it is less than what was given, or no longer names a document, that is taken back first, what
    was given last before the rest.

    Args:
        books: as they are; they may have an older form of the payment.
        payment: as it is now.
        on: the day of the decision.
        numbers: the documents, in order; None takes those that it names.

    Raises:
        CurrencyMismatchError: a document has another currency.
        InvalidInputError: there is no such document, or it is canceled.
    """
    chosen = payment.invoices if numbers is None else tuple(numbers)
    assigner = Assigner(books, on)
    assigner.check(payment, chosen)
    assigner.take_back(payment)
    assigner.give(payment, chosen)
    return tuple(assigner.made)


def assign_free(
    books: Books, invoice: Invoice, on: dt.date, due: Decimal | None = None
) -> tuple[Assignment, ...]:
    """Give free balances of an account to a new document, up to what it asks for.

    Those that expire first go first, then the oldest. Those of another business entity wait.

    Args:
        books: of its account; they need not know the document.
        invoice: the new document.
        on: the day of the decision.
        due: what is left to pay on it; None is all.
    """
    left = invoice.totals.due if due is None else due
    if left <= ZERO or not KINDS[invoice.kind].takes_payments:
        return ()
    assigner = Assigner(books, on)
    for payment, amount in free_credits(books, invoice.currency, on, seller_of(invoice)):
        part = min(amount, left)
        assigner.add(payment.id, invoice.number, part.copy_negate())
        left = EXACT.subtract(left, part)
        if not left:
            break
    return tuple(assigner.made)


def nearer(first: Decimal, second: Decimal) -> Decimal:
    """Give the amount that is nearer to 0."""
    return first if first.copy_abs() <= second.copy_abs() else second


def numbered(name: str, count: int) -> str:
    """Give an id of its own to the next of several of one name: ``P-1/2026-00001~2``."""
    return f"{name}~{count + 1}" if count else name


class Assigner:
    """Decides on assignments one after the other; each counts for the next one.

    Attributes:
        books: as they were before.
        on: the day of the decisions.
        made: the assignments, in order.
    """

    def __init__(self, books: Books, on: dt.date) -> None:
        self.books: Books = books
        self.on: dt.date = on
        self.made: list[Assignment] = []

    def balance(self, number: str) -> Decimal:
        """Give the balance of a document as it is now."""
        made = (each.amount for each in self.made if each.invoice == number)
        return total([balance_of(self.books, number), *made])

    def nets(self, payment_id: str) -> dict[str, Decimal]:
        """Give what a payment gives to documents, those that it gave to last at the end."""
        made = (each for each in self.made if each.payment == payment_id)
        found: dict[str, Decimal] = {}
        for each in (*self.books.index.by_payment.get(payment_id, ()), *made):
            if not canceled_by(self.books, each.invoice):
                before = found.pop(each.invoice, ZERO)
                found[each.invoice] = EXACT.add(before, each.amount)
        return {number: amount for number, amount in found.items() if amount}

    def add(self, payment_id: str, number: str, amount: Decimal) -> None:
        """Assign an amount."""
        known = (*self.books.index.by_payment.get(payment_id, ()), *self.made)
        count = sum((each.payment, each.invoice) == (payment_id, number) for each in known)
        name = numbered(billable_id(payment_id, number), count)
        self.made.append(Assignment(name, payment_id, number, amount, self.on))

    def check(self, payment: Payment, numbers: Iterable[str]) -> None:
        """Refuse documents that a payment cannot be for; those it named before were checked."""
        known = self.books.payments.get(payment.id)
        for number in numbers:
            if known is None or number not in known.invoices:
                _check_document(self.books, payment, number)

    def take_back(self, payment: Payment) -> None:
        """Take back what a payment gave to documents that it left, and what it has no more."""
        known = self.books.payments.get(payment.id)
        left = {*known.invoices} - {*payment.invoices} if known else set[str]()
        nets = self.nets(payment.id)
        for number in left & nets.keys():
            self._return(payment.id, number, nets.pop(number))
        given = total(nets.values())
        kept = nearer(given, payment.effect) if _are_alike(given, payment.effect) else ZERO
        excess = EXACT.subtract(given, kept)
        for number in reversed([*nets]):
            part = nearer(nets[number], excess)
            if part:
                self._return(payment.id, number, part)
                excess = EXACT.subtract(excess, part)

    def _return(self, payment_id: str, number: str, amount: Decimal) -> None:
        """Take back from a document; if that asks for less than was paid, the rest is free."""
        self.add(payment_id, number, amount.copy_negate())
        beyond = self.balance(number)
        if beyond.is_signed() == self.books.invoices[number].totals.due.is_signed():
            return
        for other in reversed([*dict.fromkeys(each.payment for each in self.on_document(number))]):
            net = self.nets(other).get(number, ZERO)
            if _are_alike(net, beyond):
                part = nearer(net, beyond)
                self.add(other, number, part.copy_negate())
                beyond = EXACT.subtract(beyond, part)

    def given(self, number: str) -> Decimal:
        """Give what all payments change of a document as it is now."""
        return total(each.amount for each in self.on_document(number))

    def on_document(self, number: str) -> Iterator[Assignment]:
        """Yield what payments give to a document."""
        yield from assigned_to(self.books, number)
        yield from (each for each in self.made if each.invoice == number)

    def give(self, payment: Payment, numbers: Iterable[str]) -> Decimal:
        """Give what a payment has to documents, in order, and give back what is left of it."""
        left = EXACT.subtract(payment.effect, total(self.nets(payment.id).values()))
        for number in self._with_finals(numbers):
            part = self._share(payment, number, left)
            if part:
                self.add(payment.id, number, part)
                left = EXACT.subtract(left, part)
        return left

    def _with_finals(self, numbers: Iterable[str]) -> Iterator[str]:
        """Yield documents, and behind each that a final took over, the final."""
        for number in numbers:
            yield number
            final = final_of(self.books, number)
            if final is not None and is_frozen(self.books, number):
                yield final.number

    def _share(self, payment: Payment, number: str, left: Decimal) -> Decimal:
        """Give how much of an amount a document takes.

        It goes towards 0; or, if money goes back, away from it by what was given before.
        """
        if canceled_by(self.books, number):
            return ZERO
        if payment.kind is PaymentKind.DUNNING_FEE and left > ZERO:
            return left
        for amount in (self.balance(number), self.given(number)):
            if _are_opposite(amount, left):
                return nearer(left, amount.copy_negate())
        return ZERO


def _check_document(books: Books, payment: Payment, number: str) -> None:
    """Refuse a document that a payment cannot be for."""
    record = f"Payment {payment.id!r}"
    try:
        invoice = books.invoice(number)
    except InvalidInputError as error:
        error.record, error.field = record, "invoices"
        raise
    if invoice.currency != payment.currency:
        rule = f"it is in {invoice.currency}, the payment in {payment.currency}"
        fix = "record what the payment is worth in the currency of the document"
        raise CurrencyMismatchError(rule, record=record, field="invoices", value=number, fix=fix)
    cancellation = canceled_by(books, number)
    if cancellation:
        rule = f"{cancellation} canceled it"
    elif invoice.kind is InvoiceKind.CANCELLATION:
        rule = f"it is the cancellation of {invoice.draft.original}"
    elif payment.kind is PaymentKind.DUNNING_FEE and invoice.totals.due < ZERO:
        rule = "it is a credit, nobody is reminded of it"
    else:
        return
    fix = "leave it out; what is free counts for the next document"
    raise InvalidInputError(rule, record=record, field="invoices", value=number, fix=fix)


def _are_alike(first: Decimal, second: Decimal) -> bool:
    return bool(first) and bool(second) and first.is_signed() == second.is_signed()


def _are_opposite(first: Decimal, second: Decimal) -> bool:
    return bool(first) and bool(second) and first.is_signed() != second.is_signed()
