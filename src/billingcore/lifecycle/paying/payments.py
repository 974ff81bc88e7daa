"""Payments: recorded, changed and deleted, with all that follows from them (behaviour 7.1).

A payment is known by its id. Recording it again with another amount changes it, and an amount of 0
deletes it; what follows is always the difference to what was decided before. So the same payment
can be recorded twice without harm.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Final

from attrs import evolve

from billingcore.errors import InvalidInputError
from billingcore.invoices.document import Invoice
from billingcore.lifecycle.books import Books, Effects
from billingcore.lifecycle.joining import after
from billingcore.lifecycle.paying.assigning import Assigner
from billingcore.lifecycle.paying.discounts import discount_payments, lost_discounts
from billingcore.lifecycle.paying.posting import (
    post_advances,
    post_moved,
    post_payment,
    with_posted,
)
from billingcore.ports import Store
from billingcore.records.payment import Payment, PaymentKind
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import ZERO
from billingcore.values.keys import derived_id

__all__ = ["cash_payment", "paid", "pay", "pays_cash", "withdrawn"]

CASH: Final = "Cash"
"""The payment method that pays a document when it is finalized."""

FORGONE: Final = frozenset({PaymentKind.WRITE_OFF, PaymentKind.CASH_DISCOUNT})
"""Kinds that give up what is open on documents; beyond that there is nothing to give up."""


_MISTAKEN: Final[tuple[tuple[type[object], str, str], ...]] = (
    (list, "a list of payments", "give them one after the other: pay(store, *payments)"),
    (tuple, "a list of payments", "give them one after the other: pay(store, *payments)"),
    (str, "an id, not a Payment", "give the payment itself; `withdrawn` deletes one by its id"),
)
"""What is given in place of payments, and what to write."""


def pay(
    store: Store, *payments: Payment, on: DateLike | None = None, takes_discount: bool = True
) -> tuple[Effects, ...]:
    """Record payments, new or changed, one after the other, each with all its effects.

    A payment that is refused ends the call; those before it are kept, and may be given again.

    Args:
        store: keeps them.
        payments: as they are now; an amount of 0 deletes one.
        on: the day of the decision; None is that of each payment.
        takes_discount: whether a cash discount is given if a payment came early enough.

    Raises:
        CurrencyMismatchError: a document has another currency than its payment.
        DateRangeError: *on* is no date.
        InvalidInputError: there is no such account or document, a document is canceled, or more is
            given up than is open.
    """
    given = [_read(payment) for payment in payments]
    return tuple(
        store.record(
            payment.account,
            partial(paid, payment=payment, on=on, takes_discount=takes_discount),
        )
        for payment in given
    )


def _read(value: object) -> Payment:
    """Read an argument of `pay`."""
    read = Boundary("pay")
    for kind, rule, fix in _MISTAKEN:
        if issubclass(type(value), kind):
            raise read.refuse("payments", value, rule, fix)
    return read.instance("payments", value, Payment)


def paid(
    books: Books, payment: Payment, *, on: DateLike | None = None, takes_discount: bool = True
) -> Effects:
    """Decide what follows from a payment, new or changed; `pay` also keeps it.

    It is assigned to the documents that it names, in order, each up to its balance; the rest is a
    free balance of the account. If it is less than before, what was given last is taken back first.

    Args:
        books: of its account.
        payment: as it is now.
        on: the day of the decision; None is that of the payment.
        takes_discount: whether a cash discount is given if it came early enough.

    Raises:
        CurrencyMismatchError: a document has another currency.
        DateRangeError: *on* is no date.
        InvalidInputError: it is of another account, there is no such document, or it is canceled;
            more is given up than is open; or currency or kind are not what they were.
    """
    _check(books, payment)
    read = Boundary(f"Payment {payment.id!r}")
    assigner = Assigner(books, payment.date if on is None else read.read("on", on, read_date))
    assigner.check(payment, payment.invoices)
    assigner.take_back(payment)
    lost = lost_discounts(assigner, payment)
    for each in lost:
        assigner.take_back(each)
    discounts = discount_payments(assigner, payment, is_taken=takes_discount)
    for each in discounts:
        assigner.take_back(each)
    every = (*lost, *discounts, payment)
    for each in every:
        left = assigner.give(each, each.invoices)
        if left and each.kind in FORGONE and not _lapses(books, each):
            raise _too_much(each, left)
    effects = Effects(
        books.account.id,
        payments=tuple(each for each in every if books.payments.get(each.id) != each),
        assignments=tuple(assigner.made),
    )
    if not books.setup.accounting.is_immediate:
        return effects
    moved = {each.payment: books.payments.get(each.payment) for each in assigner.made}
    now = {name: each for name, each in moved.items() if each} | {each.id: each for each in every}
    posted = with_posted(
        effects, (post_payment(books, each, assigner.nets(name)) for name, each in now.items())
    )
    followers = _followers(books, payment)
    if followers:
        posted = with_posted(posted, post_moved(after(books, effects), followers))
    return post_advances(books, posted)


def _followers(books: Books, payment: Payment) -> list[str]:
    """Give the payments that belong to the entity of this one, if it names other documents now."""
    known = books.payments.get(payment.id)
    if known is not None and known.invoices == payment.invoices:
        return []
    return [each.id for each in books.payments.values() if each.reference == payment.id]


def _lapses(books: Books, payment: Payment) -> bool:
    """Tell whether what is given up is the customer's: a free balance that expired."""
    is_free = not payment.invoices and payment.amount <= ZERO
    return is_free and payment.reference in books.payments


def withdrawn(books: Books, payment_id: str, *, on: DateLike | None = None) -> Effects:
    """Decide what follows from deleting a payment: it stays, with an amount of 0.

    Args:
        books: of its account.
        payment_id: its id.
        on: the day of the decision; None is that of the payment.

    Raises:
        DateRangeError: *on* is no date.
        InvalidInputError: the account has no payment of this id.
    """
    return paid(books, evolve(books.payment(payment_id), amount=ZERO), on=on)


def pays_cash(invoice: Invoice) -> bool:
    """Tell whether a document is paid in cash when it is finalized."""
    draft = invoice.draft
    return (draft.booked.payment_method or draft.account.payment_method) == CASH


def cash_payment(invoice: Invoice, balance: Decimal) -> Payment | None:
    """Give the payment of a document that is paid in cash when it is finalized, if it is.

    Args:
        invoice: the document.
        balance: what is open on it; below 0 it is paid out.
    """
    if not (balance and pays_cash(invoice)):
        return None
    return Payment(
        derived_id("cash", invoice.number),
        account=invoice.account.id,
        amount=balance.copy_abs(),
        currency=invoice.currency,
        date=invoice.date,
        kind=PaymentKind.PAYMENT if balance > ZERO else PaymentKind.PAYOUT,
        invoices=(invoice.number,),
        method=CASH,
    )


def _check(books: Books, payment: Payment) -> None:
    """Refuse a payment of another account, or one that became another one."""
    known = books.payments.get(payment.id, payment)
    fix = "delete it with an amount of 0, and record another one"
    for field, given, value, advice in (
        ("account", payment.account, books.account.id, "record it for its own account"),
        ("currency", payment.currency, known.currency, fix),
        ("kind", payment.kind.value, known.kind.value, fix),
    ):
        if given != value:
            record, rule = f"Payment {payment.id!r}", f"it belongs to {value!r}"
            raise InvalidInputError(rule, record=record, field=field, value=given, fix=advice)


def _too_much(payment: Payment, left: Decimal) -> InvalidInputError:
    rule = f"{left.copy_abs()} of it is more than what is open"
    fix = "give up what is open on the documents that it names"
    return InvalidInputError(
        rule, record=f"Payment {payment.id!r}", field="amount", value=payment.amount, fix=fix
    )
