"""Rows of tables become records: what the examples with polars and pandas share.

A row is a mapping of column to value. Numbers are text or `Decimal`, days text or dates; both are
read by the records themselves, which refuse floats. So nothing is rounded on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, Final

import billingcore as bc

Row = Mapping[str, Any]

KINDS: Final[dict[str, dict[str, Any]]] = {
    "monthly": {"billing_type": bc.RECURRING_PRORATED, "cadence": bc.monthly()},
    "usage": {"billing_type": bc.TRANSACTIONAL},
    "once": {"billing_type": bc.ONE_TIME},
}
TAXES: Final = bc.TaxTable(
    {"standard": 19, "export": bc.TaxRate(0, category=bc.TaxCategory.EXPORT, reason="Export")}
)


def contract(rows: list[Row]) -> bc.Subscription:
    """Make a contract of its rows, one for each item."""
    items = [
        bc.Item(
            row["item"],
            title=row["title"],
            unit_price=row["unit_price"],
            quantity=row["quantity"] or 1,
            tax_code=row["tax_code"],
            **KINDS[row["kind"]],
        )
        for row in rows
    ]
    first = rows[0]
    return bc.Subscription(
        first["contract"], account=first["account"], start=first["start"], items=items
    )


def usage_record(row: Row) -> bc.UsageRecord:
    """Make a usage record of its row."""
    return bc.UsageRecord(row["id"], row["item"], row["date"], row["quantity"])


def store_of(contracts: Iterable[Row], usage: Iterable[Row]) -> tuple[bc.MemoryStore, list[str]]:
    """Put all rows into a store, and say what is wrong with those that cannot be read.

    A contract with a wrong row is not billed at all, since the customer ordered the whole of it.
    """
    store, mistakes = bc.MemoryStore(tax=TAXES), []
    for name, found in groupby(contracts, key=lambda row: row["contract"]):
        rows = list(found)
        try:
            account = bc.Account(rows[0]["account"], currency=rows[0]["currency"])
            if account.id not in store.accounts():
                store.add(account)
            store.add(contract(rows))
        except bc.InvalidInputError as error:
            mistakes.append(f"{name}: {error}")
    for row in usage:
        try:
            store.add_usage(row["account"], usage_record(row))
        except bc.InvalidInputError as error:
            mistakes.append(f"{row['id']}: {error}")
    return store, mistakes
