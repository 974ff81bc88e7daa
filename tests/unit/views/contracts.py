"""Contracts, runs and schedules for the tests of the views."""

from __future__ import annotations

import billingcore as bc
from billingcore.views.schedule import schedule, schedule_group

VAT = bc.TaxTable({"19": 19})
ACME = bc.Account("acme", currency="EUR")


def monthly(item_id="seats", price=100, **fields):
    """Make an item of 100.00 a month."""
    fields = {"cadence": bc.monthly(), "billing_type": bc.RECURRING_PRORATED} | fields
    return bc.Item(item_id, unit_price=price, **fields)


def store_of(*items, account=ACME, **fields):
    """Make a store with contract S-1 for the year 2026."""
    fields = {"start": "2026-01-01", "end": "2026-12-31"} | fields
    store = bc.MemoryStore(tax=VAT)
    store.add(account, bc.Subscription("S-1", account="acme", items=items, **fields))
    return store


def run(store, month):
    """Bill a month of 2026; gives the drafts."""
    return [*bc.execute(bc.InvoiceRun(bc.Period.month(2026, month), policy=bc.LEVEL), store).drafts]


def bill(store, month):
    """Bill a month of 2026, and finalize it."""
    for draft in run(store, month):
        bc.finalize(draft, store, on=f"2026-{month:02}-28")


def look(store, record="seats", **fields):
    """Give the schedule of an item."""
    return schedule(store.snapshot("acme"), record, **fields)


def look_at_all(store, **fields):
    """Give the schedules of the subscription."""
    return schedule_group(store.snapshot("acme"), "S-1", **fields)


def item_of(item, **fields):
    """Give the schedule of one item on its own, before any run."""
    return look(store_of(item, **fields), item.id)


def sums(seen):
    """Give what is billed and what remains."""
    return str(seen.billed), str(seen.remaining)


def rows(seen):
    """Say what comes, shortly."""
    return [
        (str(row.billing_date), str(row.period), str(row.amount), row.terms)
        for row in seen.upcoming
    ]
