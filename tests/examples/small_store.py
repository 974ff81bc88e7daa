"""A small store for the tests of the logs, and all that it knows as one text."""

from __future__ import annotations

import pickle

import billingcore as bc
from billingcore.testing import canonical

TAX = bc.TaxTable({"DE_19": "19"})
RUN = bc.InvoiceRun(bc.Period.month(2026, 1))


def make():
    """Make the store before the first event."""
    return bc.MemoryStore(tax=TAX)


def contract(name, account, price="10.00"):
    """Make a contract of some price a month."""
    prorated = {"billing_type": bc.RECURRING_PRORATED, "tax_code": "DE_19"}
    item = bc.Item("seats", unit_price=price, cadence=bc.monthly(), **prorated)
    return bc.Subscription(name, account=account, start="2026-01-01", items=[item])


def records(number):
    """Make accounts, each with a contract."""
    for each in range(number):
        yield bc.Account(f"A-{each}", currency="EUR")
        yield contract(f"S-{each}", f"A-{each}")


def read(event):
    """Read an event."""
    return pickle.loads(event)  # noqa: S301 - of our own


def seen(store):
    """Write what a store knows."""
    books = [canonical(store.books(each)) for each in store.accounts()]
    known = [canonical(store.snapshot(each)) for each in store.accounts()]
    others = [*store.drafts()], [*store.invoices()], [*store.skipped()], [*store.runs()]
    return [*books, *known, *map(canonical, others), canonical([*store.failures(RUN.id)])]
