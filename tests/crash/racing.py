"""Let two processes bill at the same time, over one file: run by the tests as a program.

    python -m tests.crash.racing lease FOLDER

It prints what became of both, and whether the business looks as if one of them had been alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from shutil import copyfile

from attrs import evolve

import billingcore as bc
from tests.crash import world

FORK = get_context("fork")
WAITS = 60
"""Seconds after which a test fails that waits for the other process."""

NORTH, SOUTH = (
    evolve(world.RUN, selection=evolve(world.RUN.selection, criteria=bc.Criteria(batch=batch)))
    for batch in ("north", "south")
)


class Race:
    """A filled log, and two processes that use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "billing"
        store = world.opened("sqlite", folder / "filled")
        world.fill(store)
        store.close()
        self.told = FORK.SimpleQueue()
        self.is_under_way = FORK.Event()
        self.may_go_on = FORK.Event()

    def renew(self) -> None:
        """Begin with the filled log again."""
        for left in self.folder.glob("billing*"):
            left.unlink()
        copyfile(self.folder / "filled", self.path)

    def start(
        self, name: str, run: bc.InvoiceRun, *, owner: str = "", pauses: bool = False
    ) -> ForkProcess:
        """Execute a run in another process; one that pauses does so after its first window."""

        def pause(record: bc.RunRecord) -> None:
            if pauses and record.stage is bc.RunStage.GENERATION_IN_PROGRESS:
                self.is_under_way.set()
                assert self.may_go_on.wait(WAITS)

        def work() -> None:
            store = world.opened("sqlite", self.path)
            try:
                report = bc.execute(run, store, window=4, owner=owner, on_progress=pause)
                self.told.put((name, f"{report.status.value}, {len(report.draft_ids)} drafts"))
            except bc.ConflictError as error:
                self.told.put((name, str(error)))

        process = FORK.Process(target=work, daemon=True)
        process.start()
        return process

    def start_posting(self, name: str, *, pauses: bool = False) -> ForkProcess:
        """Post in another process, as the same job; one that pauses does so after a batch."""

        def pause(record: bc.RunRecord) -> None:
            if pauses and record.documents == 3:
                self.is_under_way.set()
                assert self.may_go_on.wait(WAITS)

        def work() -> None:
            store = world.opened("sqlite", self.path)
            try:
                report = bc.post(store, on=world.POSTED_ON, batch=3, owner="job", on_progress=pause)
                self.told.put((name, f"{len(report.numbers)} invoices"))
            except bc.ConflictError as error:
                self.told.put((name, str(error)))

        process = FORK.Process(target=work, daemon=True)
        process.start()
        return process

    def results(self, processes: Sequence[ForkProcess]) -> dict[str, str]:
        """Wait for processes, and give what they tell."""
        for process in processes:
            process.join(WAITS)
            assert process.exitcode == 0
        return dict(self.told.get() for _ in processes)

    def seen(self, *runs: bc.InvoiceRun) -> str:
        """Post what was billed, after runs of one's own, and give all that can be seen."""
        store = world.opened("sqlite", self.path)
        for run in runs:
            bc.execute(run, store, window=4)
        world.settle(store)
        seen = world.seen(store)
        store.close()
        return seen

    def alone(self, *runs: bc.InvoiceRun) -> str:
        """Give what can be seen if one process does all, one after the other."""
        self.renew()
        return self.seen(*runs)

    def executions(self) -> list[str]:
        """Give how each execution stands."""
        store = world.opened("sqlite", self.path)
        found = [f"{each.attempt} {each.status.value} {each.error}" for each in store.runs()]
        store.close()
        return found


def second_is_refused(race: Race) -> dict[str, object]:
    """A second process comes while the first one is under way."""
    expected = race.alone(world.RUN)
    race.renew()
    first = race.start("first", world.RUN, pauses=True)
    assert race.is_under_way.wait(WAITS)
    told = race.results([race.start("second", world.RUN)])
    race.may_go_on.set()
    told |= race.results([first])
    return {**told, "same": race.seen() == expected}


def second_takes_over(race: Race) -> dict[str, object]:
    """A second process of the same owner comes, since the first one is taken for dead."""
    expected = race.alone(world.RUN)
    race.renew()
    first = race.start("first", world.RUN, owner="job", pauses=True)
    assert race.is_under_way.wait(WAITS)
    told = race.results([race.start("second", world.RUN, owner="job")])
    race.may_go_on.set()
    told |= race.results([first])
    known = race.executions()
    return {**told, "executions": known, "same": race.seen() == expected}


def batches_side_by_side(race: Race) -> dict[str, object]:
    """Two processes bill different accounts, and both are under way before one goes on."""
    expected = race.alone(NORTH, SOUTH)
    race.renew()
    first = race.start("north", NORTH, pauses=True)
    assert race.is_under_way.wait(WAITS)
    race.is_under_way.clear()
    second = race.start("south", SOUTH, pauses=True)
    assert race.is_under_way.wait(WAITS)
    race.may_go_on.set()
    told = race.results([first, second])
    return {**told, "same": race.seen() == expected}


def both_at_once(race: Race) -> dict[str, object]:
    """Two processes start at the same time, many times over."""
    expected = race.alone(world.RUN)
    rounds: list[dict[str, str]] = []
    same: list[bool] = []
    for _ in range(8):
        race.renew()
        told = race.results([race.start(name, world.RUN) for name in ("first", "second")])
        rounds.append(told)
        same.append(race.seen() == expected)
    return {"rounds": rounds, "same": all(same)}


def posting_is_taken_over(race: Race) -> dict[str, object]:
    """A second posting run of the same job comes while the first one goes on."""
    expected = race.alone(world.RUN)
    race.renew()
    race.results([race.start("run", world.RUN)])
    first = race.start_posting("first", pauses=True)
    assert race.is_under_way.wait(WAITS)
    told = race.results([race.start_posting("second")])
    race.may_go_on.set()
    told |= race.results([first])
    return {**told, "same": race.seen() == expected}


PLANS: dict[str, Callable[[Race], dict[str, object]]] = {
    "refused": second_is_refused,
    "taken_over": second_takes_over,
    "posting": posting_is_taken_over,
    "batches": batches_side_by_side,
    "at_once": both_at_once,
}


def main(plan: str, folder: str) -> None:
    """Carry out a plan, and print what came of it."""
    print(json.dumps(PLANS[plan](Race(Path(folder)))))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
