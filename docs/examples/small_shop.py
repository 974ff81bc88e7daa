"""A shop with two hundred accounts: what the examples that spread a run bill."""

from __future__ import annotations

from typing import Final

import billingcore as bc

ACCOUNTS: Final = 200


def shop() -> bc.MemoryStore:
    """Make it: each account has a monthly item and a setup fee, in one of two currencies."""
    store = bc.MemoryStore(tax=bc.TaxTable({"standard": 19}))
    for number in range(ACCOUNTS):
        name = f"A-{number:03}"
        items = [
            bc.Item(
                "seats",
                unit_price="9.99",
                quantity=1 + number % 7,
                tax_code="standard",
                billing_type=bc.RECURRING_PRORATED,
                cadence=bc.monthly(),
            ),
            bc.Item("setup", unit_price="49", tax_code="unknown" if number == 66 else "standard"),
        ]
        store.add(bc.Account(name, currency="EUR" if number % 3 else "CHF"))
        store.add(bc.Subscription(f"S-{number:03}", account=name, items=items, start="2026-01-15"))
    return store
