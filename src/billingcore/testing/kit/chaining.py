"""Clauses on agreements that are invoiced in parts: drafts follow what was issued and paid."""

from __future__ import annotations

from typing import Any

from billingcore.lifecycle.chains.refreshing import refreshed_drafts
from billingcore.lifecycle.finalize import finalize
from billingcore.lifecycle.paying.payments import pay
from billingcore.lifecycle.projects.documents import deposit, final
from billingcore.lifecycle.projects.project import Project
from billingcore.records.chain_document import ChainDocument, TaxAmount
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.records.payment import Payment
from billingcore.testing.canonical import canonical
from billingcore.testing.chains import check_chain
from billingcore.testing.kit.cast import ACME, DAY, JANUARY
from billingcore.testing.kit.scene import Scene, clause
from billingcore.testing.machine_world import SETUP, TAX

__all__ = ["check_drafts_follow_the_books", "check_earlier_documents_come_back"]


def _house(store: Any) -> Project:
    shell = Item("shell", unit_price=1000, tax_code="normal")
    return Project("house", ACME, [shell], period=JANUARY, tax=TAX, setup=SETUP)


@clause("source", "drafts", "invoices")
def check_drafts_follow_the_books(scene: Scene) -> None:
    """Whenever the books change, drafts that depend on them are made anew, with the same version."""
    store = scene.open(ACME)
    house = _house(store)
    asked = finalize(deposit(house, store.books("acme"), rate=30), store, on=DAY)
    draft = store.put(final(house, store.books("acme")))
    amount = asked.totals.due
    paid = Payment(
        "P-1", account="acme", amount=amount, currency="EUR", date=DAY, invoices=[asked.number]
    )
    pay(store, paid)
    now = store.draft(draft.id)
    scene.same("what is due of 1190.00 when 357.00 are paid", f"{now.totals.due}", "833.00")
    scene.same("the version of the draft", now.version, draft.version)
    books = store.books("acme")
    scene.same("drafts that are still to be made anew", [*refreshed_drafts(books)], [])
    scene.same("drafts in the books", [*map(canonical, books.drafts.values())], [canonical(now)])
    finalize(now, store, on=DAY)
    check_chain(store.books("acme"), "house")


@clause("source", "drafts", "invoices", "chains")
def check_earlier_documents_come_back(scene: Scene) -> None:
    """Part invoices of elsewhere are in the snapshot and the books, and drafts deduct them at once."""
    store = scene.open(ACME)
    house = _house(store)
    draft = store.put(final(house, store.books("acme")))
    (tax,) = (row.tax for row in draft.totals.breakdown)
    asked = [TaxAmount(tax, draft.totals.net / 10, draft.totals.tax / 10)]
    kind = InvoiceKind.PROGRESS
    terms: dict[str, Any] = {"kind": kind, "key": "house", "date": DAY, "currency": "EUR"}
    earlier = ChainDocument("A-1", invoiced=asked, paid=asked, **terms)
    store.put_earlier("acme", earlier)
    known, books = store.snapshot("acme"), store.books("acme")
    scene.same("earlier documents", [*map(canonical, books.earlier)], [canonical(earlier)])
    scene.holds("A-1 in the chain", "A-1" in {each.number for each in known.chain}, known.chain)
    now = store.draft(draft.id)
    scene.same("what is due of 1190.00 when 119.00 are paid", f"{now.totals.due}", "1071.00")
    scene.same("the version of the draft", now.version, draft.version)
