"""Names of accounts, as beancount, hledger and ledger take them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from billingcore.export.balances import Balance
from billingcore.export.texts import told_apart, writable
from billingcore.ledger.entry import JournalEntry
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import AccountKind, EntryType, GLAccount
from billingcore.values.keys import digest

__all__ = ["UNASSIGNED", "account_names"]

UNASSIGNED: Final = "Equity:Unassigned"
"""Where stands what found no account."""

_RECEIVABLE: Final = "Assets:Receivable"
_LONGEST: Final = 60
_HYPHENS: Final = re.compile("-+")
_FIRST: Final = frozenset({"Lu", "Nd"})
_KEPT: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd"})

_ROOTS: Final = {
    AccountKind.ASSET: "Assets",
    AccountKind.LIABILITY: "Liabilities",
    AccountKind.EQUITY: "Equity",
    AccountKind.INCOME: "Income",
    AccountKind.EXPENSE: "Expenses",
}

_PARENTS: Final = {
    EntryType.REVENUE: "Income",
    EntryType.TAX: "Liabilities",
    EntryType.DEFERRED: "Liabilities",
    EntryType.UNBILLED_REVENUE: "Assets",
    EntryType.PAYMENT: "Assets",
    EntryType.PREPAYMENT: "Assets",
    EntryType.GRANT: "Expenses",
    EntryType.REFUND: "Assets",
    EntryType.PAYOUT: "Assets",
    EntryType.WRITE_OFF: "Expenses",
    EntryType.CASH_DISCOUNT: "Expenses",
    EntryType.CLEARING: "Assets",
    EntryType.DUNNING_FEE: "Income",
    EntryType.PROVIDER_FEE: "Expenses",
    EntryType.ROUNDING: "Expenses",
    EntryType.CONTRA_ACCOUNT: _RECEIVABLE,
    EntryType.INTERIM_REVENUE: "Liabilities",
    EntryType.INTERIM_TAX: "Liabilities",
    EntryType.INTERIM_PAYMENT: "Liabilities",
    EntryType.INTERIM_PAYMENT_CLEARING: "Liabilities",
}
"""Where an account belongs that is not in the chart, by what is booked on it."""


def account_names(
    accounting: Accounting, entries: Iterable[JournalEntry], assertions: Iterable[Balance]
) -> dict[str, str]:
    """Give each number that is booked or asserted its name.

    An account of the chart is named by its kind, number and name, like ``Income:8400-Revenue``.
    One that stands on the other side, and is neither in the chart nor a collective account, is a
    debtor's, like ``Assets:Receivable:10042``. What found no account is booked on ``Equity:Unassigned``.
    """
    parents = dict.fromkeys((each.account for each in assertions), _RECEIVABLE)
    collective = {each.account: _PARENTS[each.type] for each in accounting.collective}
    for entry in entries:
        for line in entry.lines:
            is_contra = line.type is EntryType.CONTRA_ACCOUNT
            if is_contra or line.account not in parents:
                parents[line.account] = collective.get(line.account, _PARENTS[line.type])
    names = {"": UNASSIGNED}
    taken = {UNASSIGNED}
    for number, account in accounting.accounts.items():
        names[number] = _unlike(_name(account), number, taken)
    for number in sorted(parents.keys() - names.keys()):
        names[number] = _unlike(f"{parents[number]}:{_component(number)}", number, taken)
    return {number: names[number] for number in sorted(parents)}


def _unlike(name: str, number: str, taken: set[str]) -> str:
    own = f"{name}-{digest([number])}" if name in taken else name
    taken.add(own)
    return own


def _name(account: GLAccount) -> str:
    title = _letters(account.name)[:_LONGEST].strip("-")
    parts = (_component(account.number), title)
    return f"{_ROOTS[account.kind]}:{'-'.join(part for part in parts if part)}"


def _component(number: str) -> str:
    """Write a number as a part of a name: letters, digits and hyphens, a capital or digit first."""
    shown = _letters(number)
    first = shown[:1].upper()
    if not first or unicodedata.category(first[0]) not in _FIRST:
        first = f"X{first}"
    return told_apart(number, first + shown[1:], _LONGEST)


def _letters(text: str) -> str:
    composed = unicodedata.normalize("NFC", writable(text))
    kept = (c if unicodedata.category(c) in _KEPT else "-" for c in composed)
    return _HYPHENS.sub("-", "".join(kept)).strip("-")
