"""Payments, what they are assigned to, and what is cleared between documents.

Whether an invoice is open or paid is written nowhere: it follows from these records, which are
only ever added to. A payment belongs to an account; assignments say which invoices it is for.
What is not assigned is a free balance of the account.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Final, NamedTuple, cast

from attrs import frozen

from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.custom import Custom, CustomFields, read_custom
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import ZERO
from billingcore.values.currency import CURRENCY_DIGITS, check_currency
from billingcore.values.numbers import AmountLike
from billingcore.values.sealing import fill

__all__ = ["PAYMENT_KINDS", "Assignment", "Clearing", "Payment", "PaymentKind", "PaymentRules"]


class PaymentKind(Enum):
    """What changes what a customer owes, besides documents (behaviour 7.1)."""

    PAYMENT = "payment"
    """Money came in for what was invoiced."""
    PREPAYMENT = "prepayment"
    """Money came in before anything was invoiced."""
    GRANT = "grant"
    """A credit that the customer did not pay for, like goodwill or a voucher."""
    REFUND = "refund"
    """Money that had come in went back."""
    PAYOUT = "payout"
    """Money went out for a credit."""
    WRITE_OFF = "write-off"
    """What is owed is given up."""
    CASH_DISCOUNT = "cash discount"
    """What the customer may keep for paying early, with its tax."""
    DUNNING_FEE = "dunning fee"
    """A fee for a reminder is owed, too."""
    PROVIDER_FEE = "provider fee"
    """A payment provider kept a fee; the customer owes nothing more or less."""


@frozen
class PaymentRules:
    """What holds for a kind of payment.

    Attributes:
        effect: 1 if the customer owes more by it, -1 if less, 0 if neither.
        is_money: whether money moved.
        entry: as what it is booked.
    """

    effect: int
    is_money: bool
    entry: EntryType


PAYMENT_KINDS: Final = {
    PaymentKind.PAYMENT: PaymentRules(-1, is_money=True, entry=EntryType.PAYMENT),
    PaymentKind.PREPAYMENT: PaymentRules(-1, is_money=True, entry=EntryType.PREPAYMENT),
    PaymentKind.GRANT: PaymentRules(-1, is_money=False, entry=EntryType.GRANT),
    PaymentKind.REFUND: PaymentRules(1, is_money=True, entry=EntryType.REFUND),
    PaymentKind.PAYOUT: PaymentRules(1, is_money=True, entry=EntryType.PAYOUT),
    PaymentKind.WRITE_OFF: PaymentRules(-1, is_money=False, entry=EntryType.WRITE_OFF),
    PaymentKind.CASH_DISCOUNT: PaymentRules(-1, is_money=False, entry=EntryType.CASH_DISCOUNT),
    PaymentKind.DUNNING_FEE: PaymentRules(1, is_money=False, entry=EntryType.DUNNING_FEE),
    PaymentKind.PROVIDER_FEE: PaymentRules(0, is_money=True, entry=EntryType.PROVIDER_FEE),
}
"""Every kind with its rules."""


@frozen(init=False, order=False)
class Payment:
    """Money that moved, or an amount that is owed no more or once more.

    >>> Payment("P-1", account="acme", amount="119.00", currency="EUR", date="2026-02-10").effect
    Decimal('-119.00')

    Attributes:
        id: unique within the store.
        account: who paid.
        amount: in the direction of its kind; a negative one goes the other way, like a payment that
            the bank took back. 0 is a payment that was deleted.
        currency: of the amount.
        date: when.
        kind: what it is.
        invoices: numbers of the documents that it is for, in order; empty leaves it free.
        until: a free balance is assigned up to this day, inclusive; None for ever.
        method: how it was paid, like ``SEPA``.
        provider: through whom.
        bank_account: where the money is, as rules of accounts name it.
        rule: a word that collective accounts look for.
        reference: what the payer or the bank wrote.
        custom: fields of the host's own.

    Raises:
        InvalidInputError: a field is wrong, with its name, its value and what to write instead.
    """

    id: str
    account: str
    amount: Decimal
    currency: str
    date: dt.date
    kind: PaymentKind
    invoices: tuple[str, ...]
    until: dt.date | None
    method: str
    provider: str
    bank_account: str
    rule: str
    reference: str
    custom: Custom

    def __init__(
        self,
        id: str,
        *,
        account: str,
        amount: AmountLike,
        date: DateLike,
        currency: str | None = None,
        kind: PaymentKind = PaymentKind.PAYMENT,
        invoices: Iterable[str] = (),
        until: DateLike | None = None,
        method: str = "",
        provider: str = "",
        bank_account: str = "",
        rule: str = "",
        reference: str = "",
        custom: CustomFields | Custom = (),
    ) -> None:
        read = Boundary("Payment", id)
        number, own_currency = read.money("amount", amount)
        given = read.currency("currency", currency)
        code = read.read("currency", given or own_currency, check_currency)
        if own_currency not in (None, code):
            raise read.refuse("amount", own_currency, f"not in {code}", f"give it in {code}")
        number = read.number("amount", number, scale=CURRENCY_DIGITS[code])
        if isinstance(invoices, str):
            raise read.refuse("invoices", invoices, "one text", f"use a list: [{invoices!r}]")
        if not isinstance(cast("object", invoices), Iterable):
            fix = "use a list of numbers; an empty one leaves it free"
            raise read.refuse("invoices", invoices, "no list", fix)
        fill(
            self,
            id=read.id("id", id),
            account=read.id("account", account),
            amount=number,
            currency=code,
            date=read.read("date", date, read_date),
            kind=read.member("kind", kind, PaymentKind),
            invoices=tuple(read.id("invoices", number) for number in invoices),
            until=read.day("until", until),
            method=read.text("method", method),
            provider=read.text("provider", provider),
            bank_account=read.text("bank_account", bank_account),
            rule=read.text("rule", rule),
            reference=read.text("reference", reference),
            custom=read_custom(read, custom),
        )

    @property
    def rules(self) -> PaymentRules:
        """What holds for its kind."""
        return PAYMENT_KINDS[self.kind]

    @property
    def effect(self) -> Decimal:
        """How much more the customer owes by it; less if negative."""
        return (ZERO, self.amount, self.amount.copy_negate())[self.rules.effect]


class Assignment(NamedTuple):
    """A part of a payment that counts for a document; a later one can take it back.

    Attributes:
        id: unique within the store, derived from payment and document.
        payment: id of the payment.
        invoice: number of the document.
        amount: how much more is owed on the document by it; less if negative, as by a payment.
        date: when it was decided.
    """

    id: str
    payment: str
    invoice: str
    amount: Decimal
    date: dt.date


class Closing(NamedTuple):
    """Nobody is to pay a document any more, though nobody did.

    Attributes:
        invoice: number of the document.
        amount: what was open on it.
        date: when it was decided.
        reason: why; empty if nobody said.
    """

    invoice: str
    amount: Decimal
    date: dt.date
    reason: str = ""


class Clearing(NamedTuple):
    """What one document pays of another.

    Attributes:
        id: unique within the store, derived from the documents.
        debit: number of the document whose balance is above 0.
        credit: number of the document whose balance is below 0.
        amount: by how much both come nearer to 0; negative if a clearing is taken back.
        date: when it was decided.
        reason: why, as collective accounts name it.
    """

    id: str
    debit: str
    credit: str
    amount: Decimal
    date: dt.date
    reason: str
