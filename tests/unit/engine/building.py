"""A house that is built in parts: records that say what their documents are, and a store for them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import billingcore as bc
from billingcore.testing import check_outcome
from tests.unit.engine.records import ACME, MARCH, VAT

GENERIC = bc.UseCase.GENERIC
KIND = bc.InvoiceKind
TAX = bc.Tax("19", rate=19)


def party(suffix: str = "", target: str = "Order", **fields: Any) -> bc.Filter:
    """Make a filter of records with their lines, for the fields of one suffix."""
    name = f"{target}{suffix}"
    fields = {"fields": bc.FieldSet(suffix=suffix)} | fields
    return bc.Filter(name, use_case=GENERIC, target=target, child_relation="Items", **fields)


SUB, SUB2, FINAL = party("Sub"), party("Sub2"), party("Final")
ORDERS = party()


def said(suffix: str, kind: str | None, key: str | None = "house", **more: Any) -> dict[str, Any]:
    """Give what a record says of its document under a suffix."""
    own = {"Account": "acme", "Type": kind, "SubInvoiceKey": key} | more
    return {f"ON_{name}{suffix}": value for name, value in own.items()}


def priced(suffix: str, title: str, price: Any, quantity: Any = 1, **more: Any) -> dict[str, Any]:
    """Give what a line says of itself under a suffix."""
    own = {"Title": title, "UnitPrice": price, "Quantity": quantity, "TaxCode": "19"} | more
    return {f"ON_{name}{suffix}": value for name, value in own.items()}


def record(id: str, values: Any, *lines: Any, target: str = "Order") -> bc.SourceRecord:
    """Make a record with lines, each given by its fields."""
    children = [
        bc.SourceRecord(f"{target}Line", f"{id}-{place}", line)
        for place, line in enumerate(lines, 1)
    ]
    return bc.SourceRecord(target, id, values, children={"Items": children})


def part(id: str, kind: str | None, price: Any, key: str | None = "house", **more: Any) -> Any:
    """Make an order of one line, which says what its document is."""
    return record(id, said("", kind, key, **more), priced("", f"Work {id}", price))


def run_for(*filters: bc.Filter, policy: Any = bc.DOCUMENTED, **fields: Any) -> bc.InvoiceRun:
    """Make a run of March 2026 for filters."""
    return bc.InvoiceRun(MARCH, selection=bc.Selection(filters), policy=policy, **fields)


def store_of(*records: bc.SourceRecord, filters: Any = (ORDERS,), **fields: Any) -> bc.MemoryStore:
    """Make a store with the account acme and its records."""
    store = bc.MemoryStore(filters=filters, **({"tax": VAT} | fields))
    store.add(ACME, *records)
    return store


def issue(store: bc.MemoryStore, *filters: bc.Filter, on: str = "2026-04-01") -> list[bc.Invoice]:
    """Run filters, and finalize what they make."""
    report = bc.execute(run_for(*(filters or (ORDERS,))), store)
    assert not report.problems
    return [bc.finalize(draft, store, on=on) for draft in report.drafts]


def pay(store: bc.MemoryStore, invoice: bc.Invoice, amount: Any = None) -> None:
    """Pay an invoice, in full if no amount is given."""
    given = invoice.totals.due if amount is None else amount
    bc.pay(store, bc.Payment(
        f"for {invoice.number}", account="acme", amount=given, currency=invoice.currency,
        date="2026-04-10", invoices=[invoice.number],
    ))  # fmt: skip


def earlier(number: str, kind: Any = KIND.PROGRESS, **fields: Any) -> bc.ChainDocument:
    """Make an earlier document of 2,500.00 and 475.00 of tax, paid unless something else is said."""
    amounts = (bc.TaxAmount(TAX, Decimal(2500), Decimal(475)),)
    own: dict[str, Any] = {
        "key": "house", "date": "2026-02-01", "currency": "EUR", "invoiced": amounts, "paid": amounts,
    }  # fmt: skip
    return bc.ChainDocument(number, kind=kind, **(own | fields))


def billed(
    *records: Any, chain: Any = (), filters: Any = (ORDERS,), **fields: Any
) -> bc.AccountOutcome:
    """Bill records of acme that has documents already, and check the laws of what comes out."""
    given = {name: fields.pop(name) for name in ("setup", "account", "coupons") if name in fields}
    account = given.pop("account", ACME)
    snapshot = bc.AccountSnapshot(account, records=records, chain=chain, **given)
    outcome = bc.bill(run_for(*filters, **fields), snapshot, VAT)
    check_outcome(outcome, snapshot)
    return outcome


def amounts_of(each: Any) -> tuple[str, str, str]:
    """Write net, tax and gross of a deduction or a remainder."""
    return str(each.net), str(each.tax), str(each.gross)


def sums_of(document: Any) -> tuple[str, str, str, str]:
    """Write net, tax, gross and what is due of a document."""
    totals = document.totals
    return str(totals.net), str(totals.tax), str(totals.gross), str(totals.due)
