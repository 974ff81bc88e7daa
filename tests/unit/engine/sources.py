"""Records of a host for the tests of the generic run: orders with their products, single contracts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import billingcore as bc
from tests.unit.engine.records import ACME, VAT, run_of

GENERIC = bc.UseCase.GENERIC
ORDERS = bc.Filter("Orders", use_case=GENERIC, target="Order", child_relation="Items")
DEALS = bc.Filter("Deals", use_case=GENERIC, target="Deal")
BOTH = (ORDERS, DEALS)


def orders(name: str = "Orders", condition: Any = None, **fields: Any) -> bc.Filter:
    """Make a filter of orders with their products."""
    given = {"use_case": GENERIC, "target": "Order", "child_relation": "Items"} | fields
    return bc.Filter(name, condition, **given)


def product(number: int, documents: Iterable[bc.SourceDocument] = (), **fields: Any) -> Any:
    """Make a child: 2 units at 10.00; a field that is given as an ellipsis is left out."""
    values = {"ON_Title": f"Thing {number}", "ON_Quantity": 2, "ON_UnitPrice": "10.00"} | fields
    kept = {name: value for name, value in values.items() if value is not ...}
    return bc.SourceRecord("Product", f"P-{number}", kept, documents=documents)


def order(
    number: int, *children: Any, documents: Iterable[bc.SourceDocument] = (), **fields: Any
) -> bc.SourceRecord:
    """Make an order of acme with its products."""
    values = {"ON_Account": "acme"} | fields
    kept = {name: value for name, value in values.items() if value is not ...}
    items = {"Items": children}
    return bc.SourceRecord("Order", f"O-{number}", kept, children=items, documents=documents)


def deal(number: int = 1, **fields: Any) -> bc.SourceRecord:
    """Make a record that is its own line: one thing at 100.00."""
    values = {"ON_Account": "acme", "ON_Title": "Service", "ON_UnitPrice": 100} | fields
    kept = {name: value for name, value in values.items() if value is not ...}
    return bc.SourceRecord("Deal", f"D-{number}", kept)


def select(*filters: bc.Filter, **fields: Any) -> bc.Selection:
    """Select filters, by default those of orders and deals."""
    return bc.Selection(filters or BOTH, **fields)


def generic_run(*filters: bc.Filter, **fields: Any) -> bc.InvoiceRun:
    """Make a run of March 2026; what is no field of it changes its policy."""
    return run_of(**({"selection": select(*filters)} | fields))


def billed(*records: bc.SourceRecord, filters: Any = BOTH, **fields: Any) -> bc.AccountOutcome:
    """Bill records of acme in March 2026."""
    setup = {"setup": fields.pop("setup")} if "setup" in fields else {}
    account = fields.pop("account", ACME)
    snapshot = bc.AccountSnapshot(account, records=records, **setup)
    return bc.bill(generic_run(*filters, **fields), snapshot, VAT)


def the_draft(*records: bc.SourceRecord, **fields: Any) -> bc.DraftInvoice:
    """Give the only draft that records make."""
    (draft,) = billed(*records, **fields).drafts
    return draft


def store_with(*records: bc.SourceRecord, filters: Any = BOTH, **fields: Any) -> bc.MemoryStore:
    """Make a store with the account acme and its records."""
    store = bc.MemoryStore(filters=filters, **({"tax": VAT} | fields))
    store.add(ACME, *records)
    return store


def lines(*drafts: bc.DraftInvoice) -> list[list[str]]:
    """Write the lines of drafts as what they bill and their net amount."""
    return [[f"{line.record} {line.net}" for line in draft.lines] for draft in drafts]


def reasons(outcome: Any) -> dict[str, str]:
    """Give what was left out with the name of its reason."""
    return {each.record: each.reason.name for each in outcome.exclusions}


def problems(outcome: Any) -> dict[str, str]:
    """Give what is wrong with the name of its field."""
    return {each.record: each.field for each in outcome.problems}
