"""Orders with lines, for cases about records of one's own."""

from __future__ import annotations

from typing import Any

import billingcore as bc


def order(number: int, *lines: tuple[str, dict[str, Any]], **fields: Any) -> bc.SourceRecord:
    """Make an order of lines with a price and further fields."""
    children = [
        bc.SourceRecord(
            "Line",
            f"{number}-{place}",
            {"ON_Title": "Part", "ON_Quantity": 1, "ON_UnitPrice": price, **own},
        )
        for place, (price, own) in enumerate(lines)
    ]
    values = {"ON_Account": "acme", **fields}
    return bc.SourceRecord("Order", f"O-{number}", values, children={"Lines": children})


ORDERS = bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order", child_relation="Lines")
RUN = bc.InvoiceRun(bc.Period.month(2026, 1), selection=bc.Selection([ORDERS]))


def bill_orders(*orders: bc.SourceRecord) -> bc.AccountOutcome:
    """Bill orders."""
    snapshot = bc.AccountSnapshot(bc.Account("acme", currency="EUR"), records=orders)
    return bc.bill(RUN, snapshot, bc.TaxTable({}))
