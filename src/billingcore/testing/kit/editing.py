"""Clauses of `put`, `discard`, `draft` and `drafts`: drafts that people edit."""

from __future__ import annotations

from typing import Any, Final

from billingcore.errors import ConflictError, InvalidInputError, InvalidTransitionError
from billingcore.invoices.document import DraftInvoice
from billingcore.lifecycle import edit
from billingcore.lifecycle.finalize import finalize
from billingcore.records.change import Change
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.scope.policy import LEVEL
from billingcore.scope.switches import Corrections
from billingcore.testing.canonical import canonical
from billingcore.testing.content import content_of
from billingcore.testing.kit.cast import (
    ACME,
    BORG,
    DAY,
    RUN,
    bill_all,
    by_hand,
    contract,
    covered,
    plan_of,
    rival_of,
    run_of,
)
from billingcore.testing.kit.scene import Scene, clause
from billingcore.values.sealing import changed

__all__ = [
    "check_discard_frees",
    "check_discard_of_a_correction_is_refused",
    "check_draft_of_unknown_id_is_refused",
    "check_drafts_are_in_order",
    "check_drafts_go_on",
    "check_invoice_is_not_put_again",
    "check_other_version_is_not_put",
    "check_overlap_is_refused",
    "check_put_gives_the_next_version",
    "check_release_needs_a_claim",
]

APART: Final = LEVEL.but(corrections=Corrections.CREDIT_DOCUMENT)


@clause("source", "drafts")
def check_put_gives_the_next_version(scene: Scene) -> None:
    """`put` keeps a draft and gives it back as it is stored, with the next version."""
    store = scene.open(ACME)
    first = store.put(by_hand("one"))
    scene.same("version of a new draft", first.version, 1)
    second = store.put(edit.change_line(first, 1, unit_price=7))
    scene.same("version of an edited draft", second.version, 2)
    scene.same("the draft of this id", canonical(store.draft(first.id)), canonical(second))
    scene.same("all drafts", [*map(canonical, store.drafts())], [canonical(second)])
    scene.same("its net amount", f"{second.totals.net}", "7.00")


@clause("source", "drafts")
def check_other_version_is_not_put(scene: Scene) -> None:
    """`put` refuses a draft that was made of another version than the stored one."""
    store = scene.open(ACME)
    first = store.put(by_hand("one"))
    late = edit.change_line(first, 1, unit_price=7)
    kept = store.put(edit.change_line(first, 1, unit_price=8))
    with scene.refuses("another version is stored", ConflictError):
        store.put(late)
    with scene.refuses("a draft of this id is stored", ConflictError):
        store.put(by_hand("one"))
    scene.same("the draft after that", canonical(store.draft(first.id)), canonical(kept))
    store.discard(first.id)
    with scene.refuses("it was discarded meanwhile", ConflictError):
        store.put(late)
    scene.same("drafts after that", [*store.drafts()], [])


@clause("source", "drafts")
def check_overlap_is_refused(scene: Scene) -> None:
    """Claims of live documents never overlap for one billable: `put` refuses, and changes nothing."""
    store = scene.open(ACME, contract("acme"))
    rival = rival_of(store)
    bill_all(store)
    _refused_and_unchanged(scene, store, rival, "January is on another draft")


@clause("source", "drafts", "changes")
def check_release_needs_a_claim(scene: Scene) -> None:
    """Nothing is released that is not claimed: `put` refuses it, and changes nothing."""
    shop = scene.open(ACME, contract("acme"))
    _refused_and_unchanged(scene, shop, _credit(scene), "it takes back what was never billed")


@clause("source", "drafts", "invoices")
def check_invoice_is_not_put_again(scene: Scene) -> None:
    """`put` refuses a draft that is an invoice already."""
    store = scene.open(ACME, contract("acme"))
    (draft,) = bill_all(store)
    finalize(draft, store, on=DAY)
    with scene.refuses("it is an invoice already", InvalidTransitionError, ConflictError):
        store.put(draft)
    scene.same("drafts after that", [*store.drafts()], [])


@clause("source", "drafts")
def check_draft_of_unknown_id_is_refused(scene: Scene) -> None:
    """`draft` and `discard` raise `InvalidInputError` if there is no live draft of this id."""
    store = scene.open(ACME, contract("acme"))
    (draft,) = bill_all(store)
    store.discard(draft.id)
    for name in (draft.id, "nothing"):
        with scene.refuses(f"there is no draft {name}", InvalidInputError):
            store.draft(name)
        with scene.refuses(f"there is no draft {name}", InvalidInputError):
            store.discard(name)


@clause("source", "drafts")
def check_drafts_are_in_order(scene: Scene) -> None:
    """`drafts` yields all live drafts, or those of one run, in the order of their ids."""
    records = [contract("borg"), contract("acme")]
    store = scene.open(BORG, ACME, *records)
    of_run = sorted(each.id for each in bill_all(store))
    others = [store.put(by_hand(name)).id for name in ("b", "B", "é", "a", "_", "10", "9")]
    scene.same("ids of all drafts", [each.id for each in store.drafts()], sorted(of_run + others))
    scene.same("ids of the run", [each.id for each in store.drafts(RUN.id)], of_run)
    scene.same("ids of another run", [*store.drafts("another")], [])


@clause("source", "drafts", "invoices")
def check_drafts_go_on(scene: Scene) -> None:
    """`drafts` goes on while drafts are discarded or finalized."""
    store = scene.open(ACME)
    wanted = sorted(store.put(by_hand(f"{place:02}")).id for place in range(12))
    seen: list[str] = []
    for place, draft in enumerate(store.drafts()):
        seen.append(draft.id)
        if place % 2:
            store.discard(draft.id)
        else:
            finalize(draft, store, on=DAY)
    scene.same("ids of the drafts that were read", seen, wanted)
    scene.same("drafts that are left", [*store.drafts()], [])


@clause("source", "drafts")
def check_discard_frees(scene: Scene) -> None:
    """`discard` deletes a live draft; what it covered is free again."""
    store = scene.open(ACME, contract("acme"))
    (draft,) = bill_all(store)
    store.discard(draft.id)
    scene.same("what is covered", covered(store.snapshot("acme").claims), [])
    scene.same("drafts that are left", [*store.drafts()], [])
    found = [canonical(each.totals) for each in bill_all(store)]
    scene.same("totals that the run bills again", found, [canonical(draft.totals)])


@clause("source", "drafts", "invoices", "changes")
def check_discard_of_a_correction_is_refused(scene: Scene) -> None:
    """`discard` refuses a draft that takes days back which another live document bills anew."""
    store = scene.open(ACME, contract("acme"))
    (draft,) = bill_all(store)
    finalize(draft, store, on=DAY)
    store.change(contract("acme").changed(Change("2026-01-11", quantity=2)))
    drafts = bill_all(store, run_of("again", policy=APART))
    (credit,) = (each for each in drafts if each.kind is InvoiceKind.CREDIT)
    (anew,) = (each for each in drafts if each.kind is not InvoiceKind.CREDIT)
    before = content_of(store)
    with scene.refuses("the draft beside it would bill the days twice", ConflictError):
        store.discard(credit.id)
    scene.same("whether the store is as before", content_of(store) == before, True)
    store.discard(anew.id)
    store.discard(credit.id)
    scene.same("drafts that are left", [*store.drafts()], [])


def _credit(scene: Scene) -> DraftInvoice:
    """Give a draft that takes back what another store billed, as one made by hand."""
    store = scene.open(ACME, contract("acme"))
    (draft,) = bill_all(store)
    finalize(draft, store, on=DAY)
    store.change(contract("acme").changed(Change("2026-01-11", quantity=2)))
    drafts = plan_of(store, run_of("again", policy=APART))["acme"].drafts
    (credit,) = (each for each in drafts if each.kind is InvoiceKind.CREDIT)
    return changed(credit, version=0)


def _refused_and_unchanged(scene: Scene, store: Any, draft: DraftInvoice, why: str) -> None:
    before = content_of(store)
    with scene.refuses(why, ConflictError):
        store.put(draft)
    after = content_of(store)
    changed = [name for name in after.keys() | before if after.get(name) != before.get(name)]
    scene.same("what changed by that", sorted(changed), [])
