"""Kill a process that bills, go on in another one, and compare: run by the tests as a program.

    python -m tests.crash.killing boundaries by_hand file FOLDER
    python -m tests.crash.killing boundaries by_hand PostgreSQL DSN

It is a program of its own since it forks, which a process with threads must not do. It prints how
often it has killed, and after which of these times something was lost or doubled.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import product
from random import Random
from typing import Any, TypeVar

from tests.crash import world
from tests.crash.places import PLACES, Place

T = TypeVar("T")

IS_ALL = os.environ.get("KILLS") == "all"
"""Whether all kills are tried, or some of them."""

Step = Callable[[Any], None]


class Trial:
    """Copies of one filled store, in which things go wrong."""

    def __init__(self, place: Place, business: world.Business) -> None:
        self.place = place
        self.step = 1 if IS_ALL else place.step
        self.work, self.go_on = business
        self.tried = 0
        self.kills = 0
        self.wrong: list[str] = []
        self.events = place.count(self.work)
        store = place.open()
        if world.documents(store) != world.in_memory(self.work, place.accounts):
            self.wrong.append("undisturbed it is not as in memory")
        self.expected = world.seen(store)
        store.close()

    def dies_at(self, step: Step, number: int, moment: str) -> bool:
        """Let another process do a step and die at a step; tell whether it came so far."""

        return self.was_killed(forked(lambda: step(self.place.armed(number, moment))))

    def dies_after(self, step: Step, seconds: float) -> bool:
        """Let another process do a step, and kill it after a time."""
        pid = forked(lambda: step(self.place.open()))
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return self.was_killed(pid)

    def was_killed(self, pid: int) -> bool:
        """Wait for a process; tell whether it was killed."""
        _, status = os.waitpid(pid, 0)
        self.tried += 1
        is_killed = os.WIFSIGNALED(status)
        self.kills += is_killed
        if not is_killed and status:
            self.wrong.append("a process ended with an error")
        return is_killed

    def check(self, what: str) -> None:
        """Go on after a crash, and compare with a business that had none."""
        store = self.place.open()
        self.go_on(store)
        if world.seen(store) != self.expected:
            self.wrong.append(what)
        if not world.is_sound(store):
            self.wrong.append(f"{what}: the chains of hashes are broken")
        live = [each.id for each in store.runs() if each.is_live]
        if live:
            self.wrong.append(f"{what}: {live} have not ended")
        store.close()


def forked(work: Callable[[], None]) -> int:
    """Do some work in another process, and give its id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException:  # noqa: BLE001 - this copy of the program ends here
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def at_boundaries(trial: Trial) -> None:
    """Kill at all moments of each step, or of so many as there is time for."""
    moments = [*product(range(1, trial.events + 1), trial.place.moments)]
    for number, moment in spread(moments, trial.place.most)[:: trial.step]:
        trial.place.renew()
        trial.dies_at(trial.work, number, moment)
        trial.check(f"{moment} step {number}")


def spread(moments: Sequence[T], most: int) -> list[T]:
    """Choose at most so many, from the first to the last."""
    some = min(most, len(moments))
    return [moments[place * len(moments) // some] for place in range(some)]


def at_random(trial: Trial) -> None:
    """Kill after times drawn by lot, of which the longest are as long as all the work."""
    drawn = Random(7)  # noqa: S311 - the same times in each test
    trial.place.renew()
    begun = time.monotonic()
    os.waitpid(forked(lambda: trial.work(trial.place.open())), 0)
    length = time.monotonic() - begun
    for number in range(30 // trial.step):
        trial.place.renew()
        seconds = drawn.uniform(0, length)
        trial.dies_after(trial.work, seconds)
        trial.check(f"time {number}, after {seconds:.3f} seconds")


def in_recovery(trial: Trial) -> None:
    """Kill the work, then the recovery, and then once more, each at a step drawn by lot."""
    drawn = Random(11)  # noqa: S311
    for repeated in range(trial.place.recoveries // trial.step):
        trial.place.renew()
        name = f"time {repeated}"
        for step in (trial.work, trial.go_on, trial.go_on):
            number = drawn.randint(1, trial.events // 2)
            moment = drawn.choice(trial.place.moments)
            name += f", {moment} step {number}"
            trial.dies_at(step, number, moment)
        trial.check(name)


PLANS = {"boundaries": at_boundaries, "random": at_random, "recovery": in_recovery}


def main(plan: str, business: str, kind: str, *where: str) -> None:
    """Carry out a plan, and print what came of it."""
    place = PLACES[kind](kind, where[0])
    try:
        trial = Trial(place, world.BUSINESSES[business])
        PLANS[plan](trial)
    finally:
        place.close()
    told = {name: getattr(trial, name) for name in ("events", "step", "tried", "kills", "wrong")}
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
