"""The ways to use the library that are measured, each beside its ceiling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import ceiling
from workload import Workload, setup, tax_table

import billingcore as bc
from billingcore.runs.billing import WINDOW, bill_many

Loop = Callable[..., ceiling.Sums]
Timed = Callable[[int, int], object]
"""Bills the accounts from one place to another; all that is made ready before is not timed."""


class DroppingStore:
    """A store that gives numbers and keeps nothing, like a sink that writes and forgets."""

    def __init__(self) -> None:
        self.tax = tax_table()
        self.setup = setup()
        self.counts: dict[str, int] = {}

    def commit(self, outcomes: Sequence[bc.AccountOutcome]) -> Sequence[str]:
        return ()

    def finalize(self, pending: Sequence[bc.PendingInvoice]) -> Sequence[bc.Finalization]:
        results: list[bc.Finalization] = []
        for draft, counter, issue in pending:
            count = self.counts.get(counter.name, counter.start) + 1
            results.append(issue(count, bc.Books(draft.account, setup=self.setup)))
            self.counts[counter.name] = count
        return results


def windows(snapshots: Iterable[bc.AccountSnapshot]) -> Iterator[list[bc.AccountSnapshot]]:
    rest = iter(snapshots)
    while window := list(islice(rest, WINDOW)):
        yield window


def bill_each(work: Workload, policy: bc.Policy) -> Timed:
    run, tax = work.run(policy), tax_table()

    def timed(first: int, stop: int) -> None:
        for snapshot in work.snapshots[first:stop]:
            bc.bill(run, snapshot, tax)

    return timed


def bill_windows(work: Workload, policy: bc.Policy) -> Timed:
    run, tax = work.run(policy), tax_table()

    def timed(first: int, stop: int) -> None:
        for window in windows(work.snapshots[first:stop]):
            bill_many(run, window, tax)

    return timed


def bill_and_keep(work: Workload, policy: bc.Policy) -> Timed:
    run, tax = work.run(policy), tax_table()

    def timed(first: int, stop: int) -> list[bc.AccountOutcome]:
        kept: list[bc.AccountOutcome] = []
        for window in windows(work.snapshots[first:stop]):
            kept += bill_many(run, window, tax)
        return kept

    return timed


def finalize_and_drop(work: Workload, policy: bc.Policy) -> Timed:
    return _finalizing(work, policy, DroppingStore())


def finalize_and_keep(work: Workload, policy: bc.Policy) -> Timed:
    return _finalizing(work, policy, work.store())


def _finalizing(work: Workload, policy: bc.Policy, store: bc.MemoryStore | DroppingStore) -> Timed:
    run, tax, on = work.run(policy), store.tax, work.last

    def timed(first: int, stop: int) -> object:
        for window in windows(work.snapshots[first:stop]):
            outcomes = bill_many(run, window, tax)
            if store.commit(outcomes):
                raise AssertionError
            drafts = [draft for outcome in outcomes for draft in outcome.drafts]
            if bc.finalize_all(drafts, store, on=on).problems:
                raise AssertionError
        return store

    return timed


def plan_from_store(work: Workload, policy: bc.Policy) -> Timed:
    outcomes = bc.plan(work.run(policy), work.store())

    def timed(first: int, stop: int) -> None:
        for _ in islice(outcomes, stop - first):
            pass

    return timed


def by_hand(loop: Loop, work: Workload, *, is_kept: bool) -> Timed:
    rows, last = work.rows, work.last

    def timed(first: int, stop: int) -> object:
        kept: list[object] = []
        loop(rows[first:stop], last, kept.append if is_kept else None)
        return kept

    return timed


@dataclass(frozen=True)
class Case:
    """One row of the table.

    Attributes:
        name: for `--only`.
        title: what is done.
        prepare: makes the library's side ready.
        loops: the ceilings beside it.
        workload: how the input differs from the usual one.
        policy: how to bill.
        is_kept: whether both sides keep all that they make.
    """

    name: str
    title: str
    prepare: Callable[[Workload, bc.Policy], Timed]
    loops: tuple[str, ...] = ("objects",)
    workload: dict[str, bool] = field(default_factory=dict)
    policy: bc.Policy = bc.DOCUMENTED
    is_kept: bool = False


LOOPS: dict[str, Loop] = {
    "arithmetic": ceiling.arithmetic,
    "objects": ceiling.with_objects,
    "full run": ceiling.full_run,
    "versions": ceiling.with_versions,
}

PLAIN = ("arithmetic", "objects", "full run")
"""The ceilings for items that do not change."""
BOTH = ("objects", "full run")
WHOLE = {"prorated": False}
VERSIONS = {"versions": True}
COVERED = {"covered": True}

CASES = (
    Case("bill", "bill per account, prorated", bill_each, ("arithmetic", "objects")),
    Case("bill-level", "the same under LEVEL", bill_each, policy=bc.LEVEL),
    Case("windows", "bill in windows, prorated", bill_windows),
    Case("finalize", "bill + finalize + entries, dropped", finalize_and_drop, BOTH),
    Case("keep", "bill in windows, kept", bill_and_keep, is_kept=True),
    Case(
        "finalize-keep", "bill + finalize + entries, stored", finalize_and_keep, BOTH, is_kept=True
    ),
    Case("source", "plan over a MemoryStore", plan_from_store),
    Case("bill-whole", "bill per account, whole months", bill_each, workload=WHOLE),
    Case("windows-whole", "bill in windows, whole months", bill_windows, workload=WHOLE),
    Case("coverage", "second month, one claim an item", bill_windows, workload=COVERED),
    Case("ends", "an end date per item", bill_windows, workload={"ends": True}),
    Case("versions", "5 versions, one change inside", bill_windows, ("versions",), VERSIONS),
    Case(
        "versions-whole",
        "5 versions, whole months",
        bill_windows,
        ("versions",),
        VERSIONS | WHOLE,
    ),
    Case(
        "versions-covered",
        "5 versions, billed before",
        bill_windows,
        ("versions",),
        VERSIONS | COVERED,
    ),
    Case(
        "versions-level",
        "billed before, under LEVEL",
        bill_windows,
        ("versions",),
        VERSIONS | COVERED,
        policy=bc.LEVEL,
    ),
)


def totals_of(work: Workload, policy: bc.Policy) -> Iterator[tuple[object, object]]:
    """Yield what both sides make of each invoice: net, tax and gross."""
    run, tax = work.run(policy), tax_table()
    by_hand_ = LOOPS[work.reference]
    for number, snapshot in enumerate(work.snapshots):
        made: list[ceiling.Invoice] = []
        by_hand_(work.rows[number : number + 1], work.last, made.append)
        drafts = bc.bill(run, snapshot, tax).drafts
        ours = [(draft.totals.net, draft.totals.tax, draft.totals.gross) for draft in drafts]
        yield ours, [(each.net, each.tax, each.gross) for each in made]


def check(work: Workload, policy: bc.Policy) -> None:
    """Compare both sides, invoice by invoice, and the sums of all ceilings for such rows.

    Raises:
        AssertionError: they differ.
    """
    for number, (ours, theirs) in enumerate(totals_of(work, policy)):
        assert ours == theirs, f"invoice {number}: {ours} is not {theirs}"
    names = PLAIN if work.reference in PLAIN else (work.reference,)
    sums = {LOOPS[name](work.rows, work.last) for name in names}
    assert len(sums) == 1, sums
