"""Free balances: what is left of payments for documents to come (behaviour 7.1).

A free balance belongs to a business entity, or to any if none is named, and counts up to its last
day. What the account owes beyond documents, like a refund, is set off before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.standing import free_of
from billingcore.records.payment import Payment, PaymentKind
from billingcore.values.context import EXACT, ZERO

__all__ = [
    "CREDIT_KINDS",
    "entity_of",
    "expired",
    "free_credits",
    "free_left",
    "seller_of",
    "seller_of_draft",
]

_PAYMENT: Final = PaymentKind.PAYMENT  # looked up slowly in its class
_add: Final = EXACT.add

CREDIT_KINDS: Final = frozenset({PaymentKind.PAYMENT, PaymentKind.PREPAYMENT, PaymentKind.GRANT})
"""Whose free balances count for documents to come."""


def seller_of(invoice: Invoice) -> str:
    """Give the name of the business entity that sells; empty if nobody is named."""
    return seller_of_draft(invoice.draft)


def seller_of_draft(draft: DraftInvoice) -> str:
    """Give the name of the business entity that sells; empty if nobody is named."""
    return "" if draft.seller is None else draft.seller.name


def entity_of(books: Books, payment: Payment) -> str:
    """Give the business entity that a free balance belongs to; empty if none is named.

    That of the first document that the payment names, or that the payment of its reference names;
    else the account's.
    """
    for each in (payment, books.payments.get(payment.reference)):
        if each is not None and each.invoices:
            return seller_of(books.invoices[each.invoices[0]])
    return books.account.entity or ""


def free_credits(
    books: Books, currency: str, on: dt.date, entity: str = ""
) -> list[tuple[Payment, Decimal]]:
    """Give the free balances that a document can take, in order, each above 0.

    Args:
        books: of the account.
        currency: of the balances.
        on: the day; what was valid until an earlier one is gone.
        entity: name of the business entity; empty if none is named.
    """
    left = free_left(books, currency, on, entity)
    every = ((books.payments[name], amount) for name, amount in left.items())
    return [(each, amount) for each, amount in every if amount and not _is_expired(each, on)]


def free_left(books: Books, currency: str, on: dt.date, entity: str) -> dict[str, Decimal]:
    """Give what is left of each payment, also of those that expired, in the order of their use.

    What the account owes beyond documents is set off: a refund from the payment whose id is its
    reference, all else from those that would be taken last.

    Args:
        books: of the account.
        currency: of the balances.
        on: the day.
        entity: name of the business entity; empty if none is named.
    """
    free: dict[str, Decimal] = {}
    debts: list[tuple[str, Decimal]] = []
    for payment, amount in sorted(_unspent(books), key=_order):
        if payment.currency != currency or entity_of(books, payment) not in ("", entity):
            continue
        if amount > ZERO:
            debts.append((payment.reference, amount))
        elif payment.kind in CREDIT_KINDS:
            free[payment.id] = amount.copy_negate()
    valid = [name for name in reversed([*free]) if not _is_expired(books.payments[name], on)]
    for reference, debt in debts:
        _set_off(free, debt, ((reference,) if reference in free else ()), valid)
    return free


def _unspent(books: Books) -> list[tuple[Payment, Decimal]]:
    """Give the payments that change something beyond documents, each with what that is."""
    by_payment, followers = books.index.by_payment, books.index.followers
    found: list[tuple[Payment, Decimal]] = []
    for name, payment in books.payments.items():
        given = by_payment.get(name, ())
        if len(given) == 1 and payment.kind is _PAYMENT:  # as most are: one document took it
            _, _, number, amount, _ = given[0]
            if number not in followers and not _add(payment.amount, amount):
                continue
        left = free_of(books, name)
        if left:
            found.append((payment, left))
    return found


def _set_off(free: dict[str, Decimal], debt: Decimal, *names: Iterable[str]) -> None:
    """Take a debt from free balances, one after the other."""
    left = debt
    for name in (name for some in names for name in some):
        part = min(free[name], left)
        free[name] = EXACT.subtract(free[name], part)
        left = EXACT.subtract(left, part)


def expired(books: Books, on: dt.date) -> dict[str, Decimal]:
    """Give what is left of payments that no longer count: id → amount above 0.

    Args:
        books: of the account.
        on: the day; `until` is inclusive.
    """
    old = [each for each in books.payments.values() if _is_expired(each, on)]
    sides = dict.fromkeys((each.currency, entity_of(books, each)) for each in old)
    lefts = [free_left(books, currency, on, entity) for currency, entity in sides]
    return {
        name: amount
        for left in lefts
        for name, amount in left.items()
        if amount and _is_expired(books.payments[name], on)
    }


def _is_expired(payment: Payment, on: dt.date) -> bool:
    return payment.until is not None and payment.until < on


def _order(found: tuple[Payment, Decimal]) -> tuple[dt.date, dt.date, str]:
    payment, _ = found
    return (payment.until or dt.date.max, payment.date, payment.id)
