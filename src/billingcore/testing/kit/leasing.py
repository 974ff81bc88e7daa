"""Clauses of `begin`, `note` and `runs`: who holds which accounts."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from billingcore.errors import ConflictError
from billingcore.runs.record import RunRecord
from billingcore.runs.stages import RunStage, RunStatus
from billingcore.scope.criteria import Criteria
from billingcore.scope.selection import Selection
from billingcore.testing.canonical import canonical
from billingcore.testing.kit.cast import ACME, RUN, run_of
from billingcore.testing.kit.scene import Scene, clause

__all__ = [
    "check_begin_numbers_executions",
    "check_begin_refuses_held_accounts",
    "check_begin_takes_the_place",
    "check_ended_execution_is_not_noted",
    "check_note_keeps_the_record",
    "check_other_accounts_are_free",
]


@clause("source", "executions")
def check_begin_numbers_executions(scene: Scene) -> None:
    """`begin` keeps the record with the next number of its run's; `runs` yields them in that order."""
    store = scene.open(ACME)
    begun = [_begin_and_end(store, name) for name in ("one", "two", "one", "one")]
    wanted = ["one#1", "two#1", "one#2", "one#3"]
    scene.same("ids that begin gave", [each.id for each in begun], wanted)
    scene.same("ids of all executions", [each.id for each in store.runs()], wanted)


@clause("source", "executions")
def check_note_keeps_the_record(scene: Scene) -> None:
    """`note` keeps how an execution stands, with all its fields."""
    store = scene.open(ACME)
    begun = store.begin(RunRecord(RUN.id, run=RUN, owner="night", only=frozenset({"acme"})))
    scene.same("whether the record that begin gave is stored", _all(store), [canonical(begun)])
    noted = evolve(begun, stage=RunStage.GENERATION_STARTED, accounts=7, done=3, documents=2)
    store.note(noted)
    scene.same("the record", _all(store), [canonical(noted)])
    ended = evolve(noted, status=RunStatus.COMPLETED, stage=RunStage.COMPLETED, error="")
    store.note(ended)
    scene.same("the record at its end", _all(store), [canonical(ended)])


@clause("source", "executions")
def check_begin_refuses_held_accounts(scene: Scene) -> None:
    """`begin` refuses if an execution that has not ended does not give way by `yields_to`."""
    store = scene.open(ACME)
    live = store.begin(RunRecord("one", run=run_of("one")))
    with scene.refuses("one#1 holds the accounts", ConflictError):
        store.begin(RunRecord("two", run=run_of("two")))
    with scene.refuses("one#1 holds the accounts", ConflictError):
        store.begin(RunRecord("one", run=run_of("one"), owner="night"))
    scene.same("executions after that", _all(store), [canonical(live)])
    store.note(evolve(live, status=RunStatus.FAILED, stage=RunStage.FAILED))
    begun = store.begin(RunRecord("one", run=run_of("one")))
    scene.same("the next execution; what was refused has no number", begun.id, "one#2")


@clause("source", "executions")
def check_other_accounts_are_free(scene: Scene) -> None:
    """`begin` lets executions on different accounts go on side by side."""
    store = scene.open(ACME)
    for name in ("acme", "borg"):
        run = run_of(name, selection=Selection(criteria=Criteria(accounts=[name])))
        store.begin(RunRecord(name, run=run))
    scene.same(
        "executions that have not ended",
        [e.id for e in store.runs() if e.is_live],
        ["acme#1", "borg#1"],
    )
    with scene.refuses("both hold accounts of it", ConflictError):
        store.begin(RunRecord("all", run=run_of("all")))


@clause("source", "executions")
def check_begin_takes_the_place(scene: Scene) -> None:
    """`begin` keeps as FAILED, in the same step, an execution whose place the new one takes."""
    store = scene.open(ACME)
    store.begin(RunRecord("one", run=run_of("one")))
    store.begin(RunRecord("one", run=run_of("one"), of="one#1", owner="night"))
    store.begin(RunRecord("two", run=run_of("two"), owner="night"))
    found = [f"{each.id} {each.status.name}" for each in store.runs()]
    wanted = ["one#1 FAILED", "one#2 FAILED", "two#1 STARTED"]
    scene.same("executions, and how they stand", found, wanted)


@clause("source", "executions")
def check_ended_execution_is_not_noted(scene: Scene) -> None:
    """`note` refuses the record of an execution that has ended, or never began."""
    store = scene.open(ACME)
    ended = _begin_and_end(store, "one")
    first = store.begin(RunRecord("two", run=run_of("two"), owner="night"))
    store.begin(RunRecord("two", run=run_of("two"), owner="night"))
    before = _all(store)
    late = {
        "it was completed": evolve(ended, status=RunStatus.STARTED),
        "another one took its place": first,
        "it never began": RunRecord("three", attempt=1, run=run_of("three")),
    }
    for why, record in late.items():
        with scene.refuses(why, ConflictError):
            store.note(record)
    scene.same("executions after that", _all(store), before)


def _begin_and_end(store: Any, name: str) -> RunRecord:
    begun: RunRecord = store.begin(RunRecord(name, run=run_of(name)))
    store.note(evolve(begun, status=RunStatus.COMPLETED, stage=RunStage.COMPLETED))
    return begun


def _all(store: Any) -> list[str]:
    return [canonical(each) for each in store.runs()]
