"""Records and short words for cases about usage."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import billingcore as bc

JANUARY = bc.Period.month(2026, 1)
TIERS = [bc.Tier(10, "2.50"), bc.Tier(20, "2.40"), bc.Tier(None, "2.20")]


def calls(**fields: Any) -> bc.Item:
    """Make a usage item, by default at 0.10."""
    priced = {} if "pricing" in fields else {"unit_price": "0.10"}
    monthly = bc.monthly(anchor="2026-01-01")
    return bc.Item("calls", billing_type=bc.TRANSACTIONAL, cadence=monthly, **{**priced, **fields})


def desk(*items: bc.Item) -> bc.MemoryStore:
    """Make a store with one contract."""
    store = bc.MemoryStore()
    store.add(bc.Account("acme", currency="EUR"))
    store.add(bc.Subscription("S-1", account="acme", start="2026-01-01", items=items))
    return store


def used(store: bc.MemoryStore, *amounts: int, first: int = 1) -> None:
    """Add usage, one record for each amount, on the days of January."""
    for number, amount in enumerate(amounts, first):
        record = bc.UsageRecord(f"U-{number}", "calls", f"2026-01-{number:02}", amount)
        store.add_usage("acme", record)


def invoiced(store: bc.MemoryStore, run: bc.InvoiceRun) -> Decimal:
    """Run and finalize all drafts; give the net amount of what was invoiced."""
    drafts = list(bc.execute(run, store).drafts)
    invoices = [bc.finalize(draft, store, on="2026-02-01") for draft in drafts]
    return sum((each.totals.net for each in invoices), Decimal(0))
