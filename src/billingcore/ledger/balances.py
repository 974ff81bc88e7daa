"""The trial balance: what stands on each account."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from billingcore.ledger.entry import JournalEntry
from billingcore.values.boundary import Boundary
from billingcore.values.context import EXACT, ZERO

__all__ = ["balances"]


def balances(entries: Iterable[JournalEntry]) -> dict[tuple[str, str], Decimal]:
    """Add up entries by account and currency: debits count, credits are taken off.

    >>> from datetime import date
    >>> from billingcore import EntryType, JournalLine, Side
    >>> bank = JournalLine("1200", Side.DEBIT, Decimal("119.00"), EntryType.PAYMENT, "10001")
    >>> debtor = JournalLine("10001", Side.CREDIT, Decimal("119.00"), EntryType.CONTRA_ACCOUNT)
    >>> day = date(2026, 2, 10)
    >>> entry = JournalEntry("payment/P-1", source="payment/P-1", date=day, document_date=day,
    ...                      period="2026-02", currency="EUR", lines=[bank, debtor], account="acme")
    >>> {account: str(amount) for (account, _), amount in balances([entry]).items()}
    {'1200': '119.00', '10001': '-119.00'}

    Args:
        entries: of any customers, documents and currencies.

    Returns:
        Number of the account and currency → its balance, above 0 for a debit. All that was booked
        on is there, also what is 0 again. The balances of a currency add up to 0.

    Raises:
        InvalidInputError: something else than journal entries.
    """
    read = Boundary("balances")
    found: dict[tuple[str, str], Decimal] = {}
    for given in entries:
        entry = read.instance("entries", given, JournalEntry)
        for line in entry.lines:
            key = (line.account, entry.currency)
            found[key] = EXACT.add(found.get(key, ZERO), line.signed)
    return found
