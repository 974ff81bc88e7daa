"""Measure the library beside loops written by hand, in one process and one run.

    python benchmarks/run.py [--lines 200000] [--repeat 5] [--only NAME ...]
    python benchmarks/run.py --profile
    python benchmarks/run.py --scaling [--large]
    python benchmarks/run.py --history

Believe ratios only: the speed of a shared machine varies by a factor of two within minutes.
"""

from __future__ import annotations

import argparse
import gc
import platform
from itertools import chain
from statistics import median
from time import process_time

import history
import profiling
import scaling
from cases import CASES, LOOPS, Case, Timed, by_hand, check
from workload import Workload, build

LIBRARY = "library"
SLICE = 1_600
"""Accounts that one side bills before it is the other side's turn; a multiple of the window."""
HEAD = f"{'':33}{'ceiling':>12}{'lines/s':>11}{'library':>11}{'ratio':>8}{'median':>8}"


def main() -> None:
    options = read_options()
    print(f"Python {platform.python_version()}, garbage collection as Python starts it")
    if options.scaling:
        sizes = (*scaling.SIZES, scaling.LARGE) if options.large else scaling.SIZES
        scaling.report(repeat=options.repeat, sizes=sizes)
        return
    if options.history:
        history.report(repeat=options.repeat)
        return
    print(f"{options.lines:,} lines, 3 items an invoice; best of {options.repeat}, in alternation")
    print("Believe the ratios only: machine speed varies by a factor of two within minutes.\n")
    cases = [case for case in CASES if not options.only or case.name in options.only]
    if options.profile:
        profiling.report(cases if options.only else CASES[2:3], options.lines)
        return
    print(HEAD)
    inputs: dict[str, Workload] = {}
    for case in cases:
        compare(case, input_of(case, options.lines, inputs), options.repeat)
    print("\nEvery row was checked first: both sides agree on net, tax and gross of each invoice.")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the library beside its ceilings.")
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", nargs="+", default=[], choices=[case.name for case in CASES])
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    parser.add_argument("--scaling", action="store_true", help="time and memory by accounts")
    parser.add_argument("--history", action="store_true", help="time by months already billed")
    parser.add_argument("--large", action="store_true", help="--scaling up to 1,000,000 accounts")
    return parser.parse_args()


def input_of(case: Case, lines: int, inputs: dict[str, Workload]) -> Workload:
    """Give the case's workload, checked; the last one is kept for the next case."""
    key = f"{case.workload}"
    if key not in inputs:
        inputs.clear()
        inputs[key] = build(lines, **case.workload)
        check(inputs[key], case.policy)
    return inputs[key]


def compare(case: Case, work: Workload, repeat: int) -> None:
    """Time the ceilings and the library by turns, slice by slice, and print their ratios."""
    spent: dict[str, list[list[float]]] = {name: [] for name in (*case.loops, LIBRARY)}
    for _ in range(repeat):
        sides = {name: by_hand(LOOPS[name], work, is_kept=case.is_kept) for name in case.loops}
        sides[LIBRARY] = case.prepare(work, case.policy)
        for name, times in by_turns(sides, work, is_kept=case.is_kept).items():
            spent[name].append(times)
    best = {name: sum(map(min, zip(*rounds, strict=True))) for name, rounds in spent.items()}
    title = case.title
    for name in case.loops:
        speed = work.lines / best[name], work.lines / best[LIBRARY]
        pairs = zip(chain(*spent[name]), chain(*spent[LIBRARY]), strict=True)
        usual = median(by_hand_ / library for by_hand_, library in pairs)
        print(
            f"{title:33}{name:>12}{speed[0]:11,.0f}{speed[1]:11,.0f}"
            f"{best[name] / best[LIBRARY]:8.3f}{usual:8.3f}",
            flush=True,
        )
        title = ""


def by_turns(sides: dict[str, Timed], work: Workload, *, is_kept: bool) -> dict[str, list[float]]:
    """Time each side on each slice of the accounts; who keeps results does all in one slice."""
    accounts = len(work.rows)
    size = accounts if is_kept else SLICE
    spent: dict[str, list[float]] = {name: [] for name in sides}
    gc.collect()
    for first in range(0, accounts, size):
        stop = min(first + size, accounts)
        for name, timed in sides.items():
            spent[name].append(seconds(timed, first, stop))
    return spent


def seconds(timed: Timed, first: int, stop: int) -> float:
    """Run something once; what it gives back is dropped after the clock has stopped."""
    start = process_time()
    kept = timed(first, stop)
    spent = process_time() - start
    del kept
    return spent


if __name__ == "__main__":
    main()
