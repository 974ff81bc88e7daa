"""The words of the cases: the page of the documentation begins with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import billingcore as bc


def seats(price: Any, id: str = "seats", **fields: Any) -> bc.Item:
    """Make an item of a price a month; a part of a period costs its days / all its days."""
    own = {
        "billing_type": bc.RECURRING_PRORATED,
        "cadence": bc.monthly(),
        "proration": bc.proration.ACTUAL_DAYS,
    }
    return bc.Item(id, unit_price=price, **(own | fields))


def contract(*items: bc.Item, start: str = "2026-01-01", **fields: Any) -> bc.Subscription:
    """Make the contract S-1 of the customer acme."""
    return bc.Subscription("S-1", account="acme", start=start, items=items, **fields)


def store_of(*items: bc.Item, currency: str = "EUR", **fields: Any) -> bc.MemoryStore:
    """Make a store with the customer acme, and a contract if there are items."""
    store = bc.MemoryStore(tax=bc.TaxTable({"8": 8, "19": 19, "20": 20, "21": 21, "25": 25}))
    store.add(bc.Account("acme", currency=currency))
    if items:
        store.add(contract(*items, **fields))
    return store


def invoice(store: bc.MemoryStore, period: Any, **switches: Any) -> list[bc.LineItem]:
    """Run for a period, finalize what comes of it, and give the lines."""
    run = bc.InvoiceRun(period, policy=bc.LEVEL.but(**switches))
    drafts = list(bc.execute(run, store).drafts)
    made = [bc.finalize(draft, store, on=run.period.last) for draft in drafts]
    return [line for each in made for line in each.lines]


def show(lines: Iterable[bc.LineItem]) -> None:
    """Print item, first and last day, and net amount of lines."""
    for line in lines:
        days = line.service_period
        print(line.item.id, days.first, days.last, line.net)
