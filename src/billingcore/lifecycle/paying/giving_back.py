"""Payments for what is left: given up, given back, paid out (behaviour 7.1).

Each gives a `Payment` to be recorded with `pay`, for all that is left or for a part of it.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from attrs import evolve

from billingcore.lifecycle.books import Books
from billingcore.lifecycle.paying.assigning import numbered
from billingcore.lifecycle.paying.free import CREDIT_KINDS, entity_of, free_left
from billingcore.lifecycle.paying.parts import part_of
from billingcore.lifecycle.standing import balance_of
from billingcore.records.payment import Payment, PaymentKind
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import ZERO
from billingcore.values.keys import derived_id
from billingcore.values.numbers import AmountLike

__all__ = ["lapse", "payout", "refund", "write_off"]


def write_off(
    books: Books, number: str, *, on: DateLike, amount: AmountLike | None = None
) -> Payment:
    """Give up what is open on a document.

    Args:
        books: of its account.
        number: of the document.
        on: when.
        amount: a part of it; None is all.

    Raises:
        DateRangeError: *on* is no date.
        InvalidInputError: there is no such document, or not so much is open on it.
    """
    return _for_document(books, number, on, amount, PaymentKind.WRITE_OFF)


def payout(books: Books, number: str, *, on: DateLike, amount: AmountLike | None = None) -> Payment:
    """Pay out what a credit leaves to the customer.

    Args:
        books: of its account.
        number: of the credit.
        on: when.
        amount: a part of it; None is all.

    Raises:
        DateRangeError: *on* is no date.
        InvalidInputError: there is no such document, or not so much is in the customer's favor.
    """
    return _for_document(books, number, on, amount, PaymentKind.PAYOUT)


def refund(
    books: Books, payment_id: str, *, on: DateLike, amount: AmountLike | None = None
) -> Payment:
    """Give back what of a payment is for no document, also after its last day.

    Args:
        books: of its account.
        payment_id: id of the payment, which becomes the reference of the refund.
        on: when.
        amount: a part of it; None is all.

    Raises:
        DateRangeError: *on* is no date.
        InvalidInputError: there is no such payment, no money came in by it, or not so much of it
            is free.
    """
    payment, day = books.payment(payment_id), _day(f"Payment {payment_id!r}", on)
    if payment.kind in CREDIT_KINDS and not payment.rules.is_money:
        _refuse_grant(payment, day)
    return _of_payment(books, payment, PaymentKind.REFUND, day, amount)


def lapse(books: Books, payment_id: str, *, on: DateLike) -> Payment:
    """Take what is left of an expired payment out of the books: the customer has lost it.

    It is a write-off with a negative amount, booked like one: the customer owes that much more, and
    has the free balance for it no longer.

    Args:
        books: of its account.
        payment_id: id of the payment, which becomes the reference.
        on: when.

    Raises:
        DateRangeError: *on* is no date.
        InvalidInputError: there is no such payment, it has not expired by then, or nothing of it is
            left.
    """
    payment, record = books.payment(payment_id), f"Payment {payment_id!r}"
    day = _day(record, on)
    if payment.until is None or day <= payment.until:
        rule = f"it is valid until {payment.until}" if payment.until else "it is valid for ever"
        fix = "only what has expired can lapse; `refund` gives money back"
        raise Boundary(record).refuse("on", day.isoformat(), rule, fix)
    given = _of_payment(books, payment, PaymentKind.WRITE_OFF, day, None)
    return evolve(given, amount=given.amount.copy_negate())


def _refuse_grant(payment: Payment, day: dt.date) -> None:
    """Refuse to give back what never came in."""
    rule, fix = "no money came in by a grant", "delete it with an amount of 0"
    if payment.until is not None and payment.until < day:
        rule, fix = f"{rule}, and it was valid until {payment.until}", "record that: lapse(...)"
    raise Boundary(f"Payment {payment.id!r}").refuse("kind", payment.kind.value, rule, fix)


def _of_payment(
    books: Books, payment: Payment, kind: PaymentKind, day: dt.date, amount: AmountLike | None
) -> Payment:
    """Make a payment about what is left of another one."""
    left = free_left(books, payment.currency, day, entity_of(books, payment))
    most = left.get(payment.id, ZERO)
    return _payment(
        books, f"Payment {payment.id!r}", kind, payment.id, most, amount,
        currency=payment.currency, on=day, reference=payment.id,
    )  # fmt: skip


def _day(record: str, on: DateLike) -> dt.date:
    return Boundary(record).read("on", on, read_date)


def _for_document(
    books: Books, number: str, on: DateLike, amount: AmountLike | None, kind: PaymentKind
) -> Payment:
    invoice, balance = books.invoice(number), balance_of(books, number)
    record = f"Document {number!r}"
    left = balance if kind is PaymentKind.WRITE_OFF else balance.copy_negate()
    return _payment(
        books, record, kind, number, left, amount,
        currency=invoice.currency, on=_day(record, on), invoices=(number,),
    )  # fmt: skip


def _payment(
    books: Books,
    record: str,
    kind: PaymentKind,
    about: str,
    left: Decimal,
    amount: AmountLike | None,
    *,
    currency: str,
    on: dt.date,
    invoices: tuple[str, ...] = (),
    reference: str = "",
) -> Payment:
    """Make a payment of at most what is left."""
    use = f"a {kind.value}"
    given = part_of(left, amount, currency=currency, record=record, use=use)
    name, count = derived_id(kind.value, about), 0
    while numbered(name, count) in books.payments:
        count += 1
    return Payment(
        numbered(name, count),
        account=books.account.id,
        amount=given,
        currency=currency,
        date=on,
        kind=kind,
        invoices=invoices,
        reference=reference,
    )
