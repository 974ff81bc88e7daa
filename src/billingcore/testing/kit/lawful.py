"""Clauses by which the laws of the library hold over the store."""

from __future__ import annotations

from typing import Any

from billingcore.lifecycle.finalize import finalize_all, skip_number
from billingcore.lifecycle.paying.payments import pay
from billingcore.lifecycle.undoing.cancel import cancel
from billingcore.records.change import Change
from billingcore.testing.books import check_books
from billingcore.testing.kit.cast import (
    ACME,
    BORG,
    DAY,
    RUN,
    bill_all,
    contract,
    pay_in,
    run_of,
)
from billingcore.testing.kit.scene import Scene, clause
from billingcore.testing.laws import (
    check_claims,
    check_corrections,
    check_independence,
    check_numbers,
    check_preview,
    check_repetition,
)
from billingcore.testing.machine_world import SERIES

__all__ = [
    "check_books_add_up",
    "check_documents_follow_each_other",
    "check_order_changes_nothing",
    "check_preview_is_what_is_committed",
    "check_repetition_adds_nothing",
]


def _shop(scene: Scene) -> Any:
    return scene.open(ACME, BORG, contract("acme"), contract("borg"), contract("borg", name="S-2"))


@clause("source", "drafts", "executions")
def check_preview_is_what_is_committed(scene: Scene) -> None:
    """What `plan` yields is what `execute` commits, and planning changes nothing."""
    check_preview(RUN, lambda: _shop(scene))


@clause("source", "drafts", "executions")
def check_repetition_adds_nothing(scene: Scene) -> None:
    """A run that is repeated, or broken off anywhere and repeated, adds and loses nothing."""
    check_repetition(RUN, lambda: _shop(scene))


@clause("source")
def check_order_changes_nothing(scene: Scene) -> None:
    """Neither the order of accounts and claims nor the size of windows matters."""
    check_independence(RUN, _shop(scene))


@clause("source", "drafts", "invoices", "executions")
def check_documents_follow_each_other(scene: Scene) -> None:
    """A life of an account leaves numbers without a gap, and no day that is claimed twice."""
    store = _shop(scene)
    finalize_all(bill_all(store), store, on=DAY)
    torn = skip_number(SERIES, store, on=DAY, reason="torn")
    if scene.has(store, "change"):
        store.change(contract("borg").changed(Change("2026-01-11", quantity=2)))
    finalize_all(bill_all(store, run_of("again")), store, on=DAY)
    found = {**store.books("acme").invoices, **store.books("borg").invoices}
    check_numbers([found[number] for number in sorted(found)], [torn])
    for name in ("acme", "borg"):
        known = store.snapshot(name)
        check_claims(known.claims)
        check_corrections(line for rows in known.lines.values() for line in rows)


@clause("source", "drafts", "invoices", "executions")
def check_books_add_up(scene: Scene) -> None:
    """Books add up after documents, payments and cancellations: to the cent, with their entries."""
    store = _shop(scene)
    pay(store, pay_in(amount=50))
    report = finalize_all(bill_all(store), store, on=DAY)
    pay(store, pay_in("P-2", 7))
    first = report.invoices[0]
    undone = cancel(first.number, store.books(first.account.id))
    finalize_all([undone], store, on=DAY)
    for name in ("acme", "borg"):
        check_books(store.books(name))
