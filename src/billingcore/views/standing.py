"""What an account owes: its open documents, its free balances, and their sum per currency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from attrs import frozen

from billingcore.invoices.kinds import InvoiceStatus
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.paying.free import expired
from billingcore.lifecycle.standing import free_of, standing
from billingcore.records.payment import Payment
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.currency import quantum_of
from billingcore.views.table import Cell, html_table, text_table

__all__ = ["AccountStanding", "OpenAmount", "StandingRow", "account_standing"]

_HEAD: Final = ("record", "due", "status", "open", "currency")


class StandingRow(NamedTuple):
    """A document, or a payment with a free balance.

    Attributes:
        record: like ``invoice/2026-00001`` or ``payment/P-1``.
        due: the due date of a document; of a payment the last day on which it counts, None for
            ever.
        status: of a document; None for a payment.
        balance: what the customer owes; below 0 it is the customer's.
        currency: of the balance.
        payment_date: when the balance of a document became 0; None as long as it is not.
        expired: what of a free balance counts for no document any more, below 0; else 0.
    """

    record: str
    due: dt.date | None
    status: InvoiceStatus | None
    balance: Decimal
    currency: str
    payment_date: dt.date | None
    expired: Decimal = ZERO


class OpenAmount(NamedTuple):
    """What is open in one currency.

    Attributes:
        currency: the currency.
        documents: the sum of the balances of all documents.
        free: the sum of the free balances of all payments that count; below 0 it is the customer's.
        amount: both together: what the customer owes, or is owed if below 0.
        expired: the sum of the free balances that expired, below 0; not in the others.
    """

    currency: str
    documents: Decimal
    free: Decimal
    amount: Decimal
    expired: Decimal = ZERO


@frozen
class AccountStanding:
    """What an account owes; prints what is open.

    Attributes:
        account: id of the account.
        documents: all documents, in the order in which they were finalized.
        payments: the payments with a free balance, in the order in which they came.
        open: what is open, per currency.
    """

    account: str
    documents: tuple[StandingRow, ...]
    payments: tuple[StandingRow, ...]
    open: tuple[OpenAmount, ...]

    def records(self) -> list[dict[str, object]]:
        """Give documents and payments as flat rows, for a table or a data frame."""
        return [row._asdict() for row in (*self.documents, *self.payments)]

    def _rows(self) -> list[Sequence[Cell]]:
        """Give what is open, and its sums."""
        rows: list[Sequence[Cell]] = [
            (row.record, row.due, _status(row), row.balance, code)
            for row in (*self.documents, *self.payments)
            if row.balance
            for code in [row.currency]
        ]
        rows += [("total", None, None, each.amount, each.currency) for each in self.open]
        return rows

    def __str__(self) -> str:
        return "\n".join(text_table(_HEAD, self._rows()))

    def _repr_html_(self) -> str:
        return html_table(f"Open amounts of {self.account}", _HEAD, self._rows())

    def __repr__(self) -> str:
        amounts = ", ".join(f"{each.amount} {each.currency}" for each in self.open)
        return f"<standing of {self.account}: open {amounts or 'nothing'}>"


def _status(row: StandingRow) -> str:
    if row.status is not None:
        return row.status.value
    return "expired" if row.expired else "free"


def account_standing(books: Books, on: DateLike | None = None) -> AccountStanding:
    """Say what an account owes, on which documents, and what is free of its payments.

    >>> from billingcore import Account, Payment
    >>> deposit = Payment("P-1", account="acme", amount="50.00", currency="EUR", date="2026-01-05")
    >>> print(account_standing(Books(Account("acme", currency="EUR"), payments={"P-1": deposit})))
    record       due  status    open  currency
    -----------  ---  ------  ------  --------
    payment/P-1       free    -50.00  EUR
    total                     -50.00  EUR

    Args:
        books: of the account, as `Store.books` gives them.
        on: the day that decides which free balances have expired, so that they are shown as such,
            and not counted as open; None counts all.

    Raises:
        DateRangeError: *on* is no date.
    """
    day = None if on is None else Boundary("account_standing").read("on", on, read_date)
    gone = {} if day is None else expired(books, day)
    documents = tuple(_document(books, number) for number in books.invoices)
    frees = ((payment, free_of(books, name)) for name, payment in books.payments.items())
    payments = tuple(_free(each, free, gone.get(each.id, ZERO)) for each, free in frees if free)
    codes = dict.fromkeys(row.currency for row in (*documents, *payments))
    amounts = tuple(_open_amount(code, documents, payments) for code in codes)
    return AccountStanding(books.account.id, documents, payments, amounts)


def _document(books: Books, number: str) -> StandingRow:
    invoice, found = books.invoices[number], standing(books, number)
    balance = _exact(found.balance, invoice.currency)
    name, code = f"invoice/{number}", invoice.currency
    return StandingRow(name, invoice.due_date, found.status, balance, code, found.payment_date)


def _free(payment: Payment, free: Decimal, gone: Decimal) -> StandingRow:
    name, code = f"payment/{payment.id}", payment.currency
    left, lost = _exact(free, code), _exact(gone.copy_negate(), code)
    return StandingRow(name, payment.until, None, left, code, None, lost)


def _open_amount(
    currency: str, documents: Iterable[StandingRow], payments: Iterable[StandingRow]
) -> OpenAmount:
    owed, free = (
        _exact(total(row.balance for row in rows if row.currency == currency), currency)
        for rows in (documents, payments)
    )
    gone = _exact(total(row.expired for row in payments if row.currency == currency), currency)
    free = EXACT.subtract(free, gone)
    return OpenAmount(currency, owed, free, EXACT.add(owed, free), gone)


def _exact(amount: Decimal, currency: str) -> Decimal:
    """Write an amount with the digits of its currency."""
    return EXACT.add(EXACT.multiply(ZERO, quantum_of(currency)), amount)
