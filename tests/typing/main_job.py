"""The main job as a host writes it; type-checked, never run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import assert_type

import billingcore as bc


def bill_a_month(store: bc.MemoryStore, month: bc.Period) -> list[bc.Invoice]:
    """Run a month, and finalize every draft on its last day."""
    report = bc.execute(bc.InvoiceRun(month), store)
    return [bc.finalize(draft, store, on=date(2026, 2, 1)) for draft in report.drafts]


def open_store() -> bc.MemoryStore:
    """Describe one account with one subscription."""
    store = bc.MemoryStore(tax=bc.TaxTable({"DE_19": "19"}))
    store.add(bc.Account("acme", name="Acme GmbH", currency="EUR"))
    seats = bc.Item(
        "seats",
        title="Seats",
        unit_price="100",
        quantity=3,
        tax_code="DE_19",
        billing_type=bc.RECURRING_PRORATED,
        cadence=bc.monthly(),
        sync_with=bc.NEXT_MONTH,
    )
    store.add(bc.Subscription("S-1", account="acme", start=date(2026, 1, 15), items=[seats]))
    return store


def owed(invoices: Sequence[bc.Invoice]) -> Decimal:
    """Add up what the invoices ask for."""
    total = Decimal()
    for invoice in invoices:
        assert_type(invoice.number, str)
        assert_type(invoice.totals.gross, Decimal)
        total += invoice.totals.gross
    return total


def periods() -> None:
    """Name periods and steps of a rhythm."""
    assert_type(bc.Period.month(2025, 2), bc.Period)
    assert_type(bc.Period.closed(date(2025, 2, 10), date(2025, 3, 31)).days, int)
    assert_type(bc.Cadence(1, bc.MONTH, anchor=date(2025, 1, 31)).period(1), bc.Period)
