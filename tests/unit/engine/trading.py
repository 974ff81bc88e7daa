"""Records that are billed to several parties: orders of a market place, and cases of a partner."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import billingcore as bc
from tests.unit.engine.records import VAT, run_of

GENERIC = bc.UseCase.GENERIC


def party(suffix: str, name: str = "", **fields: Any) -> bc.Filter:
    """Make a filter of orders with their items for one party; what is no field is a formula."""
    own = {"use_case", "target", "child_relation", "sequence", "condition", "parents", "days"}
    formulas = {field: fields.pop(field) for field in list(fields) if field not in own}
    given = {"use_case": GENERIC, "target": "Order", "child_relation": "Items"} | fields
    return bc.Filter(name or suffix, fields=bc.FieldSet(suffix=suffix, formulas=formulas), **given)


BUYER, MERCHANT = party("Buy"), party("Merch")


def of_party(suffix: str, **values: Any) -> dict[str, Any]:
    """Spell fields for a party: unit_price of Buy is ON_UnitPriceBuy; an ellipsis leaves it out."""
    spelled = {
        f"ON_{''.join(word.capitalize() for word in name.split('_'))}{suffix}": value
        for name, value in values.items()
    }
    return {name: value for name, value in spelled.items() if value is not ...}


def item(number: int = 1, **values: Any) -> bc.SourceRecord:
    """Make a child: 2 lamps at 30.00 for the buyer, one fee of 4.50 for the merchant."""
    usual = of_party("Buy", title="Lamp", quantity=2, unit_price="30.00")
    usual |= of_party("Merch", title="Fee", quantity=1, unit_price="4.50")
    kept = {name: value for name, value in (usual | values).items() if value is not ...}
    return bc.SourceRecord("Item", f"I-{number}", kept)


def order(*items: bc.SourceRecord, number: int = 1, **values: Any) -> bc.SourceRecord:
    """Make an order that acme has bought from the shop."""
    usual = {"ON_AccountBuy": "acme", "ON_AccountMerch": "shop"} | values
    kept = {name: value for name, value in usual.items() if value is not ...}
    return bc.SourceRecord("Order", f"O-{number}", kept, children={"Items": items or (item(),)})


def market(
    *records: bc.SourceRecord,
    accounts: Any = ("acme", "shop"),
    filters: Any = (BUYER, MERCHANT),
    **fields: Any,
) -> bc.MemoryStore:
    """Make a store of accounts in euros with records."""
    store = bc.MemoryStore(filters=filters, **({"tax": VAT} | fields))
    for account in accounts:
        named = isinstance(account, str)
        store.add(bc.Account(account, currency="EUR") if named else account)
    store.add(*records)
    return store


def run(
    store: bc.MemoryStore, *filters: bc.Filter, chosen: Any = None, exclusive: Any = (), **of: Any
) -> bc.RunReport:
    """Run filters for March 2026, by default all that the store knows, and keep the drafts."""
    selection = bc.Selection(filters or (BUYER, MERCHANT), chosen=chosen, exclusive=exclusive)
    return bc.execute(run_of(selection=selection, **of), store)


def billed(*documents: Any) -> dict[tuple[str, str], Decimal]:
    """Give account and record of each line with its net amount."""
    drafts = [each.draft if isinstance(each, bc.Invoice) else each for each in documents]
    return {(draft.account.id, line.record): line.net for draft in drafts for line in draft.lines}


def reasons(report: Any) -> dict[tuple[str, str], str]:
    """Give account and record of what was left out with the name of its reason."""
    return {(each.account, each.record): each.reason.name for each in report.exclusions}


def facts(report: Any, record: str) -> dict[str, str]:
    """Give the facts of what was left out."""
    (found,) = [each for each in report.exclusions if each.record == record]
    return dict(found.facts)
