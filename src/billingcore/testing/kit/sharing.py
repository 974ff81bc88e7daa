"""Clauses on records of the host that are billed to several accounts."""

from __future__ import annotations

from typing import Any, Final

from billingcore.errors import ConflictError
from billingcore.lifecycle.finalize import finalize
from billingcore.records.field_set import FieldSet
from billingcore.records.reasons import Reason
from billingcore.records.source import SourceRecord
from billingcore.runs.execute import execute
from billingcore.scope.run import InvoiceRun
from billingcore.scope.selection import Filter, Selection, UseCase
from billingcore.testing.kit.cast import (
    ACME,
    BORG,
    DAY,
    bill_all,
    covered,
    plan_of,
    rival_of,
    run_of,
)
from billingcore.testing.kit.scene import Scene, clause

__all__ = [
    "check_claims_of_a_record_are_everybodys",
    "check_record_of_unknown_account_is_unresolved",
    "check_record_raises_all_revisions",
    "check_records_are_handed_to_their_accounts",
    "check_routed_record_is_not_billed_again",
    "check_stale_bill_of_a_record_is_refused",
]

FILTERS: Final = tuple(
    Filter(name, use_case=UseCase.GENERIC, target="Sale", fields=FieldSet(suffix=name))
    for name in ("Buy", "Merch")
)
EXCLUSIVE: Final = Selection(FILTERS, has_subscriptions=False, exclusive=["Buy", "Merch"])


def _sale(buyer: str, merchant: str = "borg", price: int = 30) -> SourceRecord:
    values: dict[str, Any] = {
        "ON_AccountBuy": buyer,
        "ON_TitleBuy": "Lamp",
        "ON_UnitPriceBuy": price,
        "ON_AccountMerch": merchant,
        "ON_TitleMerch": "Fee",
        "ON_UnitPriceMerch": 4,
    }
    return SourceRecord("Sale", "7", values)


def _run(name: str = "") -> InvoiceRun:
    return run_of(name, selection=EXCLUSIVE)


@clause("source", "records")
def check_records_are_handed_to_their_accounts(scene: Scene) -> None:
    """A snapshot has the records that name its account, for any party."""
    store = scene.open(ACME, BORG, _sale("acme"), filters=FILTERS)
    found = {
        name: [each.name for each in store.snapshot(name).records] for name in ("acme", "borg")
    }
    scene.same("records of the accounts", found, {"acme": ["Sale/7"], "borg": ["Sale/7"]})


@clause("source", "records")
def check_record_of_unknown_account_is_unresolved(scene: Scene) -> None:
    """`unresolved` names each record whose account is not known, as long as it is not."""
    store = scene.open(ACME, BORG, _sale("nobody"), filters=FILTERS)
    found = [each.record for each in store.unresolved()]
    scene.same("records without account", found, ["Sale/7:Buy"])
    if scene.has(store, "change"):
        store.change(_sale("acme"))
        scene.same("records without account, once it is known", [*store.unresolved()], [])


@clause("source", "drafts", "records")
def check_claims_of_a_record_are_everybodys(scene: Scene) -> None:
    """The claims of a record are in the snapshots of all accounts that have the record."""
    store = scene.open(ACME, BORG, _sale("acme"), filters=FILTERS)
    drafts = bill_all(store, _run())
    wanted = covered(claim for draft in drafts for claim in draft.claims)
    for name in ("acme", "borg"):
        scene.same(f"what {name} sees", covered(store.snapshot(name).claims), wanted)


@clause("source", "drafts", "records", "changes")
def check_record_raises_all_revisions(scene: Scene) -> None:
    """A change of a record, or of its claims, is one of all accounts that have it, or had it before."""
    third = ACME.__class__("cora", currency="EUR")
    store = scene.open(ACME, BORG, third, _sale("acme", "acme"), filters=FILTERS)

    def revisions() -> dict[str, int]:
        return {name: store.snapshot(name).revision for name in ("acme", "borg", "cora")}

    def raised(what: str, before: dict[str, int], *names: str) -> None:
        after = revisions()
        found = [name for name in names if after[name] != before[name]]
        scene.same(f"accounts with another revision after {what}", found, [*names])

    before = revisions()
    store.change(_sale("acme", "borg"))
    raised("a record came to borg", before, "acme", "borg")
    before = revisions()
    store.commit([plan_of(store, _run())["acme"]])
    raised("it was billed to acme", before, "acme", "borg")
    before = revisions()
    (draft,) = store.drafts()
    store.discard(draft.id)
    raised("the draft was discarded", before, "acme", "borg")
    before = revisions()
    store.change(_sale("cora", "borg"))
    raised("acme lost it to cora", before, "acme", "borg", "cora")


@clause("source", "drafts", "records", "changes")
def check_stale_bill_of_a_record_is_refused(scene: Scene) -> None:
    """What was read before a record changed its account is refused, for the old account, too."""
    store = scene.open(ACME, BORG, _sale("acme"), filters=FILTERS)
    stale = plan_of(store, _run())["acme"]
    store.change(_sale("borg"))
    scene.same("accounts refused", [*store.commit([stale])], ["acme"])


@clause("source", "drafts", "invoices", "records", "changes")
def check_routed_record_is_not_billed_again(scene: Scene) -> None:
    """What was billed of a record to one account is not billed to another that has it now."""
    store = scene.open(ACME, BORG, _sale("acme"), filters=FILTERS)
    rival = rival_of(store, _run("rival"))
    (draft,) = bill_all(store, _run())
    finalize(draft, store, on=DAY)
    with scene.refuses("the record is billed already", ConflictError):
        store.put(rival)
    store.change(_sale("borg"))
    report = execute(_run("again"), store)
    scene.same("drafts of a run after that", [each.id for each in report.drafts], [])
    told = {each.record: each.reason for each in report.exclusions}
    scene.same("why not to borg", told.get("Sale/7:Merch"), Reason.BILLED_TO_OTHER_PARTY)
