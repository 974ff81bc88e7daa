"""Clauses on several writers at once: in threads, and over two handles on the same data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from typing import Any, Final

from billingcore.errors import BillingError, ConflictError
from billingcore.lifecycle import edit
from billingcore.lifecycle.books import Books, Effects
from billingcore.runs.record import RunRecord
from billingcore.testing.kit.cast import (
    ACME,
    BORG,
    DAY,
    by_hand,
    contract,
    pay_in,
    pending,
    plan_of,
    run_of,
)
from billingcore.testing.kit.scene import Scene, clause
from billingcore.testing.machine_world import SERIES

__all__ = [
    "check_handles_see_each_other",
    "check_one_of_several_commits",
    "check_one_of_several_commits_by_handles",
    "check_one_of_several_edits",
    "check_one_of_several_runs_begins",
    "check_several_decide",
    "check_several_decide_by_handles",
    "check_several_take_numbers",
    "check_several_take_numbers_by_handles",
]

WRITERS: Final = 4
MEANWHILE: Final = 1 / 5
"""Seconds that one waits for another, which a right store lets wait until the first is done."""


def _at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do things in threads, and give what came of them."""

    def tried(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except BillingError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return [*threads.map(tried, acts)]


def _numbers(scene: Scene, stores: Sequence[Any]) -> None:
    """Issue one document while another one is being issued, and many at once."""
    first, second = stores[0], stores[-1]
    with ThreadPoolExecutor(1) as thread:
        others: list[Future[Any]] = []

        def meanwhile(count: int, books: Books) -> None:
            others.append(thread.submit(second.finalize, [pending(by_hand("b", account=BORG))]))
            wait(others, MEANWHILE)

        results = [*first.finalize([pending(by_hand("a"), meanwhile)]), *others[0].result()]
    pairs = zip("cdefghij", [first, second] * WRITERS, strict=True)
    acts = [partial(store.finalize, [pending(by_hand(name))]) for name, store in pairs]
    with ThreadPoolExecutor(len(acts)) as threads:
        for done in [threads.submit(act) for act in acts]:
            results += done.result()
    found = sorted(each.invoice.number for each in results)
    wanted = [SERIES.number(count, DAY, "") for count in range(1, len(acts) + 3)]
    scene.same("numbers, each once and without a gap", found, wanted)


def _decisions(scene: Scene, stores: Sequence[Any]) -> None:
    """Decide on an account while somebody else does."""
    first, second = stores[0], stores[-1]
    seen: dict[str, list[str]] = {}

    def pays(name: str) -> Callable[[Books], Effects]:
        def decide(books: Books) -> Effects:
            seen[name] = [*books.payments]
            return Effects("acme", payments=(pay_in(name),))

        return decide

    with ThreadPoolExecutor(1) as thread:
        others: list[Future[Any]] = []

        def slowly(books: Books) -> Effects:
            if not others:
                others.append(thread.submit(second.record, "acme", pays("P-2")))
                wait(others, MEANWHILE)
            return pays("P-1")(books)

        kept: list[str] = []
        with suppress(ConflictError):
            first.record("acme", slowly)
            kept.append("P-1")
        with suppress(ConflictError):
            others[0].result()
            kept.append("P-2")
    scene.same("payments that were decided", sorted(second.books("acme").payments), kept)
    scene.holds("a decision that is kept", bool(kept), seen)
    known = [seen[name] for name in kept]
    in_turn: tuple[list[list[str]], ...] = ([[], ["P-1"]], [["P-2"], []], [[]])
    scene.holds("payments that each decision saw, one after the other", known in in_turn, known)


def _commits(scene: Scene, stores: Sequence[Any]) -> None:
    """Commit the same account several times at once."""
    outcomes = [plan_of(stores[0], run_of(f"run {place}"))["acme"] for place in range(WRITERS)]
    handles = [stores[place % len(stores)] for place in range(WRITERS)]
    pairs = zip(handles, outcomes, strict=True)
    results = _at_once([partial(store.commit, [outcome]) for store, outcome in pairs])
    kept = [each for each in results if not isinstance(each, BillingError) and not [*each]]
    scene.same("commits of one revision that were kept", len(kept), 1)
    scene.same("drafts after that", len([*stores[0].drafts()]), 1)


@clause("source", "drafts", "invoices", "threads")
def check_several_take_numbers(scene: Scene) -> None:
    """Documents that are issued at once have numbers of their own, without a gap."""
    _numbers(scene, [scene.open(ACME, BORG)])


@clause("source", "drafts", "invoices", "threads")
def check_several_decide(scene: Scene) -> None:
    """Of two decisions on an account at once, one sees what the other one brought about."""
    _decisions(scene, [scene.open(ACME)])


@clause("source", "drafts", "threads")
def check_one_of_several_commits(scene: Scene) -> None:
    """Of several outcomes of one revision that are committed at once, one is kept."""
    _commits(scene, [scene.open(ACME, contract("acme"))])


@clause("source", "drafts", "threads")
def check_one_of_several_edits(scene: Scene) -> None:
    """Of several edits of one version that are put at once, one is kept."""
    store = scene.open(ACME)
    first = store.put(by_hand("a"))
    edits = [edit.change_line(first, 1, unit_price=price) for price in range(1, WRITERS + 1)]
    results = _at_once([partial(store.put, each) for each in edits])
    kept = [each for each in results if not isinstance(each, BillingError)]
    scene.same("edits that were kept", len(kept), 1)
    scene.same("version that is stored", store.draft(first.id).version, 2)


@clause("source", "executions", "threads")
def check_one_of_several_runs_begins(scene: Scene) -> None:
    """Of several executions on the same accounts that begin at once, one begins."""
    store = scene.open(ACME)
    records = [RunRecord(f"run {place}", run=run_of(f"run {place}")) for place in range(WRITERS)]
    results = _at_once([partial(store.begin, each) for each in records])
    begun = [each for each in results if not isinstance(each, BillingError)]
    scene.same("executions that began", len(begun), 1)
    scene.same("executions that are stored", len([*store.runs()]), 1)


@clause("source", "drafts", "invoices", "shared")
def check_handles_see_each_other(scene: Scene) -> None:
    """What one handle keeps, another one on the same data sees at once."""
    store = scene.open(ACME, contract("acme"))
    other = scene.again(store)
    draft = store.put(by_hand("a"))
    scene.same("drafts that the other one reads", [each.id for each in other.drafts()], [draft.id])
    other.finalize([pending(other.draft(draft.id))])
    scene.same("invoices that the first one reads", [*store.books("acme").invoices], ["2026-001"])
    scene.same("drafts that the first one reads", [*store.drafts()], [])


@clause("source", "drafts", "invoices", "shared")
def check_several_take_numbers_by_handles(scene: Scene) -> None:
    """Documents that two handles issue at once have numbers of their own, without a gap."""
    store = scene.open(ACME, BORG)
    _numbers(scene, [store, scene.again(store)])


@clause("source", "drafts", "invoices", "shared")
def check_several_decide_by_handles(scene: Scene) -> None:
    """Of two decisions by two handles at once, one sees what the other one brought about."""
    store = scene.open(ACME)
    _decisions(scene, [store, scene.again(store)])


@clause("source", "drafts", "shared")
def check_one_of_several_commits_by_handles(scene: Scene) -> None:
    """Of several outcomes of one revision that two handles commit at once, one is kept."""
    store = scene.open(ACME, contract("acme"))
    _commits(scene, [store, scene.again(store)])
