"""Clauses of `commit`: each account as a whole or not at all, and never over somebody's change."""

from __future__ import annotations

from billingcore.invoices.outcome import AccountOutcome
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.reasons import Problem
from billingcore.records.usage import UsageRecord
from billingcore.testing.canonical import canonical
from billingcore.testing.kit.cast import (
    ACME,
    BORG,
    CALLS,
    JANUARY,
    RUN,
    bill_all,
    by_hand,
    contract,
    covered,
    pending,
    plan_of,
)
from billingcore.testing.kit.scene import Scene, clause
from billingcore.values.sealing import changed

__all__ = [
    "check_commit_is_whole",
    "check_commit_keeps_drafts",
    "check_commit_keeps_others",
    "check_decisions_are_kept",
    "check_drafts_grow",
    "check_problems_are_never_refused",
    "check_problems_by_account",
    "check_problems_take_the_place",
    "check_snapshot_has_claims_of_drafts",
    "check_snapshot_has_drafts",
    "check_stale_revision_is_refused",
]


@clause("source", "drafts")
def check_commit_keeps_drafts(scene: Scene) -> None:
    """`commit` keeps the drafts of accounts, and gives back no account that it kept."""
    store = scene.open(ACME, BORG, contract("acme"), contract("borg"))
    outcomes = plan_of(store)
    wanted = {each.id: canonical(each) for one in outcomes.values() for each in one.drafts}
    scene.same("accounts refused", [*store.commit([*outcomes.values()])], [])
    found = {each.id: canonical(each) for each in store.drafts()}
    scene.same("the drafts, each as it was committed", found, wanted)


@clause("source", "drafts")
def check_stale_revision_is_refused(scene: Scene) -> None:
    """`commit` refuses an account whose stored revision is not the outcome's, and names it."""
    store = scene.open(ACME, contract("acme"))
    outcome = plan_of(store)["acme"]
    store.put(by_hand("meanwhile"))
    before = {each.id for each in store.drafts()}
    scene.same("accounts refused, since acme has changed", [*store.commit([outcome])], ["acme"])
    scene.same("drafts after that", {each.id for each in store.drafts()}, before)


@clause("source", "drafts")
def check_commit_keeps_others(scene: Scene) -> None:
    """`commit` keeps the accounts that have not changed, whatever becomes of others."""
    store = scene.open(ACME, BORG, contract("acme"), contract("borg"))
    outcomes = plan_of(store)
    store.put(by_hand("meanwhile"))
    order = [outcomes["acme"], outcomes["borg"]]
    refused = [*store.commit(order)]
    kept = {each.account.id for each in store.drafts(RUN.id)}
    scene.same("accounts that have drafts of the run", kept, {"borg"} | ({"acme"} - {*refused}))
    scene.holds("borg is kept", "borg" not in refused, refused)


@clause("source", "drafts")
def check_commit_is_whole(scene: Scene) -> None:
    """`commit` keeps an account as a whole, or nothing of it: drafts, decisions and problems."""
    store = scene.open(ACME, contract("acme"))
    waived = Claim("S-acme/old", JANUARY, "waived", ClaimState.WAIVED)
    outcome = plan_of(store)["acme"]
    twice = (*outcome.drafts, by_hand("second"))
    more = changed(outcome, drafts=twice, decisions=(waived,), problems=(_problem("acme"),))
    store.put(by_hand("meanwhile"))
    before = store.snapshot("acme")
    store.commit([more])
    after = store.snapshot("acme")
    scene.same("drafts after a refusal", sorted(after.drafts), sorted(before.drafts))
    scene.same(
        "drafts read after a refusal", [each.id for each in store.drafts()], [*before.drafts]
    )
    scene.same("claims after a refusal", covered(after.claims), covered(before.claims))
    scene.same("problems after a refusal", [*store.failures(RUN.id)], [])
    again = changed(more, revision=after.revision)
    scene.same("accounts refused", [*store.commit([again])], [])
    names = sorted([*before.drafts, *(each.id for each in twice)])
    scene.same("drafts after it was kept", sorted(each.id for each in store.drafts()), names)


@clause("source", "drafts")
def check_decisions_are_kept(scene: Scene) -> None:
    """Waivers and periods that are put off are kept like claims, also of an outcome without drafts."""
    store = scene.open(ACME, contract("acme"))
    days = JANUARY.split(["2026-01-16"])
    decided = (
        Claim("S-acme/seats", days[0], RUN.id, ClaimState.WAIVED, terms=""),
        Claim("S-acme/seats", days[1], RUN.id, ClaimState.CARRIED),
    )
    revision = store.snapshot("acme").revision
    outcome = AccountOutcome(RUN, "acme", revision, decisions=decided)
    scene.same("accounts refused", [*store.commit([outcome])], [])
    known = store.snapshot("acme")
    scene.same("what is covered", covered(known.claims), covered(decided))
    scene.holds("another revision after that", known.revision != revision, revision)
    scene.same("accounts refused at the old revision", [*store.commit([outcome])], ["acme"])


@clause("source", "drafts")
def check_problems_are_never_refused(scene: Scene) -> None:
    """An outcome with nothing but problems is never refused, whatever has changed."""
    store = scene.open(ACME, contract("acme"))
    stale = AccountOutcome(
        RUN, "acme", store.snapshot("acme").revision, problems=(_problem("acme"),)
    )
    store.put(by_hand("meanwhile"))
    scene.same("accounts refused", [*store.commit([stale])], [])
    scene.same("failures", [*store.failures(RUN.id)], [*stale.problems])


@clause("source", "drafts")
def check_problems_take_the_place(scene: Scene) -> None:
    """The problems of an outcome take the place of those that the same run had for the account."""
    store = scene.open(ACME)
    revision = store.snapshot("acme").revision
    for names in (["one", "two"], ["two"], ["three"], []):
        problems = tuple(_problem("acme", name) for name in names)
        store.commit([AccountOutcome(RUN, "acme", revision, problems=problems)])
        found = [each.record for each in store.failures(RUN.id)]
        scene.same("failures of the run", found, names)


@clause("source", "drafts")
def check_problems_by_account(scene: Scene) -> None:
    """`failures` gives what was wrong in a run, of all accounts or of some of them."""
    store = scene.open(ACME, BORG)
    for name in ("acme", "borg"):
        revision = store.snapshot(name).revision
        store.commit([AccountOutcome(RUN, name, revision, problems=(_problem(name),))])
    for chosen, wanted in ((None, ["acme", "borg"]), (["borg"], ["borg"]), ([], [])):
        found = sorted(each.account for each in store.failures(RUN.id, chosen))
        scene.same(f"accounts with failures, of {chosen}", found, wanted)
    scene.same("failures of another run", [*store.failures("another")], [])


@clause("source", "drafts", "invoices")
def check_snapshot_has_drafts(scene: Scene) -> None:
    """`documents` names live drafts and those that became invoices; `drafts` has the live ones."""
    store = scene.open(ACME, BORG, contract("acme"), contract("borg"))
    drafts = bill_all(store)
    (own,) = (each for each in drafts if each.account.id == "acme")
    known = store.snapshot("acme")
    live = {name: canonical(each) for name, each in known.drafts.items()}
    scene.same("live drafts", live, {own.id: canonical(own)})
    scene.same("ids that are in use", sorted(known.documents), [own.id])
    store.finalize([pending(own)])
    known = store.snapshot("acme")
    scene.same("live drafts after it was finalized", [*known.drafts], [])
    scene.same("ids in use after it was finalized", sorted(known.documents), [own.id])


@clause("source", "drafts")
def check_snapshot_has_claims_of_drafts(scene: Scene) -> None:
    """The claims of live drafts are in the snapshot of their account, with their terms."""
    store = scene.open(ACME, contract("acme"))
    drafts = bill_all(store)
    wanted = covered(claim for draft in drafts for claim in draft.claims)
    scene.same("what is covered", covered(store.snapshot("acme").claims), wanted)


@clause("source", "drafts", "usage")
def check_drafts_grow(scene: Scene) -> None:
    """A committed draft takes the place of the stored one of its id, with its claims."""
    store = scene.open(ACME, contract("acme", CALLS))
    store.add_usage("acme", UsageRecord("U-1", "calls", "2026-01-05", 30))
    bill_all(store)
    store.add_usage("acme", UsageRecord("U-2", "calls", "2026-01-06", 12))
    (draft,) = bill_all(store)
    scene.same("net amount of 42 calls", f"{draft.totals.net}", "4.20")
    scene.same("what is covered", covered(store.snapshot("acme").claims), covered(draft.claims))


def _problem(account: str, record: str = "S-acme/seats") -> Problem:
    return Problem(account, record, "invalid-input", f"{record} is wrong")
