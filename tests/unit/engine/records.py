"""Records for the tests of the engine, with the defaults that most of them share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import billingcore as bc

MARCH = bc.Period.month(2026, 3)
JANUARY = bc.Period.month(2026, 1)
ACME = bc.Account("acme", name="Acme GmbH", currency="EUR")
VAT = bc.TaxTable({"19": 19, "7": 7, "free": bc.TaxRate.exempt(reason="exempt by law")})


def monthly(item_id: str = "seats", price: Any = 10, **fields: Any) -> bc.Item:
    """Make an item of 10.00 a month."""
    fields = {"billing_type": bc.RECURRING, "cadence": bc.monthly()} | fields
    return bc.Item(item_id, unit_price=price, **fields)


def once(item_id: str = "setup", price: Any = 50, **fields: Any) -> bc.Item:
    """Make a one-time item of 50.00."""
    return bc.Item(item_id, unit_price=price, **fields)


def contract(*items: bc.Item, **fields: Any) -> bc.Subscription:
    """Make contract S-1 of acme, from January 2026 on."""
    fields = {"id": "S-1", "account": "acme", "start": "2026-01-01"} | fields
    return bc.Subscription(fields.pop("id"), items=items, **fields)


def store_of(
    *contracts: bc.Subscription, account: bc.Account = ACME, **fields: Any
) -> bc.MemoryStore:
    """Make a store with one account and its contracts."""
    store = bc.MemoryStore(**({"tax": VAT} | fields))
    store.add(account, *contracts)
    return store


def accounts(*names: str, **fields: Any) -> bc.MemoryStore:
    """Make a store of some accounts, each with a contract like S-acme, of 10.00 a month."""
    store = bc.MemoryStore(tax=fields.pop("tax", VAT))
    fields = {"tax_code": "19"} | fields
    for name in names:
        contracted = contract(monthly(**fields), id=f"S-{name}", account=name)
        store.add(bc.Account(name, currency="EUR"), contracted)
    return store


def run_of(period: bc.Period = MARCH, **fields: Any) -> bc.InvoiceRun:
    """Make a run of March 2026; what is no field of it changes its policy."""
    own = {"selection", "invoice_date", "may_bill", "expected", "only", "id", "policy"}
    policy = fields.pop("policy", bc.DOCUMENTED)
    changes = {name: fields.pop(name) for name in list(fields) if name not in own}
    return bc.InvoiceRun(period, policy=policy.but(**changes) if changes else policy, **fields)


def bill(store: bc.MemoryStore, run: bc.InvoiceRun | None = None) -> bc.AccountOutcome:
    """Bill the account acme as it is in the store, and keep nothing."""
    return bc.bill(run or run_of(), store.snapshot("acme"), store.tax)


def draft_of(*items: bc.Item, **fields: Any) -> bc.DraftInvoice:
    """Make a draft by hand for March 2026."""
    return bc.draft(ACME, items, **({"period": MARCH, "tax": VAT} | fields))


def finalize_all(store: bc.MemoryStore, on: date | str = "2026-04-01") -> list[str]:
    """Finalize all drafts of a store in the order of their ids, and give their numbers."""
    return [bc.finalize(draft, store, on=on).number for draft in list(store.drafts())]


def sums(draft: bc.DraftInvoice) -> tuple[Decimal, Decimal, Decimal]:
    """Give net, tax and gross."""
    return draft.totals.net, draft.totals.tax, draft.totals.gross


def amounts(*texts: str) -> tuple[Decimal, ...]:
    """Write amounts shortly."""
    return tuple(map(Decimal, texts))


def days(line: bc.LineItem) -> tuple[str, str]:
    """Give the first and the last day of service."""
    return str(line.service_period.first), str(line.service_period.last)
