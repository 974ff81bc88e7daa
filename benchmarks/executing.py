"""Runs: what `execute` costs by the number of accounts, and what more workers gain.

    python benchmarks/executing.py scaling [--sizes 10000 100000 1000000]
    python benchmarks/executing.py costs [--accounts 20000] [--repeat 5]
    python benchmarks/executing.py workers [--accounts 20000] [--repeat 5] [--chunk 512] [--dask]

Accounts are made on the fly and what is committed is dropped, so that the run is measured and no
database. Believe ratios only.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import platform
import resource
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice, pairwise
from math import inf
from statistics import median
from time import perf_counter, process_time

from scaling import KIB, KINDS
from streaming import PERIOD, StreamingStore, ceiling_copy
from workload import PER_INVOICE

import billingcore as bc

SIZES = (10_000, 100_000, 1_000_000)
SERIAL, ONE_COPY, TWO_COPIES = "serial", "ceiling, one copy", "ceiling, two copies"
CEILING_ACCOUNTS = 5
"""A copy of the ceiling does so many times the accounts, since it is faster."""


def slices(accounts: int) -> Iterator[range]:
    """Cut the accounts into pieces between which the sides take turns."""
    return (range(first, min(first + KINDS, accounts)) for first in range(0, accounts, KINDS))


def take(results: Iterator[object], numbers: range, accounts: int) -> None:
    """Take the results of some accounts and drop them; after the last, go on to the end."""
    deque(islice(results, len(numbers) if numbers.stop < accounts else None), maxlen=0)


def read(store: StreamingStore, numbers: range) -> None:
    """Read some accounts and drop them."""
    for number in numbers:
        store.snapshot(f"A{number}")


def check(report: bc.RunReport, accounts: int) -> None:
    """See that all accounts were billed.

    Raises:
        AssertionError: they were not.
    """
    counts = report.accounts, len(report.draft_ids), report.lines
    assert counts == (accounts, accounts, accounts * PER_INVOICE), counts
    assert report.status is bc.RunStatus.COMPLETED, report.status


def measure(accounts: int, repeat: int) -> dict[str, float]:
    """Execute in this process: seconds of the run, of its first pass and of reading, and the peak.

    After each slice of the run the same accounts are read once more, to say how fast the machine
    was just then.
    """
    store = StreamingStore(accounts)
    running = reading = 0.0
    for _ in range(repeat):
        execution = bc.Execution(bc.InvoiceRun(PERIOD), store)
        start = process_time()
        assert len(execution) == accounts
        running += process_time() - start
        done = iter(execution)
        for numbers in slices(accounts):
            start = process_time()
            take(done, numbers, accounts)
            middle = process_time()
            read(store, numbers)
            running += middle - start
            reading += process_time() - middle
        check(execution.report, accounts)
    assert store.committed == accounts * repeat
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB / 1024
    return {"run": running / repeat, "reading": reading / repeat, "peak": peak}


def in_fresh_process(accounts: int, repeat: int) -> dict[str, float]:
    """Measure one size; a process's peak memory never goes down."""
    given = ("--accounts", str(accounts), "--repeat", str(repeat))
    command = [sys.executable, __file__, "measure", *given]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return json.loads(answer.stdout)


def report_scaling(sizes: Sequence[int], repeat: int) -> None:
    """Print time per account and peak memory of `execute` for some numbers of accounts."""
    print("execute over accounts made on the fly, 3 lines each; what is committed is dropped")
    print(f"{'accounts':>10}{'µs/account':>12}{'reading':>10}{'ratio':>8}{'growth':>8}{'MiB':>8}")
    usual, peaks = 0.0, list[float]()
    for accounts in sizes:
        found = in_fresh_process(accounts, max(1, repeat * SIZES[0] // max(accounts, SIZES[0])))
        each, reading = (found[part] / accounts * 1e6 for part in ("run", "reading"))
        usual = usual or each / reading
        peaks.append(found["peak"])
        print(
            f"{accounts:10,}{each:12.1f}{reading:10.1f}{each / reading:8.2f}"
            f"{each / reading / usual:8.2f}{found['peak']:8.1f}",
            flush=True,
        )
    apart = max(peaks) - min(peaks)
    print(
        f"\nPeak memory from {min(sizes):,} to {max(sizes):,} accounts is within {apart:.1f} MiB."
    )


def report_costs(accounts: int, repeat: int) -> None:
    """Print what `execute` costs more than `plan`, by turns, slice by slice."""
    parts = ("reading", "plan", "execute", "first pass")
    best: dict[str, float] = {}
    ratios: list[float] = []
    for _ in range(repeat):
        spent, found = _costs_once(accounts)
        ratios += found
        best = {part: min(spent[part], best.get(part, spent[part])) for part in parts}
    print(f"{'':12}{'µs/account':>12}{'of plan':>10}")
    for part in parts:
        print(f"{part:12}{best[part] / accounts * 1e6:12.2f}{best[part] / best['plan']:10.3f}")
    print(f"\nexecute takes {best['execute'] / best['plan']:.3f} times plan, ", end="")
    print(f"median of the slices {median(ratios):.3f}; its first pass is part of it.")


def _costs_once(accounts: int) -> tuple[dict[str, float], list[float]]:
    spent = dict.fromkeys(("reading", "plan", "execute", "first pass"), 0.0)
    ratios: list[float] = []
    store = StreamingStore(accounts)
    execution = bc.Execution(bc.InvoiceRun(PERIOD), store)
    start = process_time()
    counted = len(execution)
    spent["first pass"] = spent["execute"] = process_time() - start
    planned, done = bc.plan(bc.InvoiceRun(PERIOD), store), iter(execution)
    for numbers in slices(accounts):
        times = [process_time()]
        read(store, numbers)
        times.append(process_time())
        take(planned, numbers, accounts)
        times.append(process_time())
        take(done, numbers, accounts)
        times.append(process_time())
        reading, planning, executing = (after - before for before, after in pairwise(times))
        spent["reading"] += reading
        spent["plan"] += planning
        spent["execute"] += executing
        share = spent["first pass"] / accounts * len(numbers)
        ratios.append((executing + share) / planning)
    assert counted == accounts
    check(execution.report, accounts)
    return spent, ratios


def report_workers(accounts: int, repeat: int, chunk: int, *, is_dask: bool) -> None:
    """Print how much faster two workers are than one, and two copies of the ceiling than one."""
    spent: dict[str, list[float]] = {}
    own: dict[str, float] = {}
    totals: set[str] = set()
    with ExitStack() as stack:
        sides = sides_of(accounts, chunk, stack, is_dask=is_dask)
        for side in sides.values():
            side()  # workers start and load what they need
        for _ in range(repeat):
            for name, side in sides.items():
                gc.collect()
                start, busy = perf_counter(), process_time()
                result = side()
                spent.setdefault(name, []).append(perf_counter() - start)
                own[name] = min(process_time() - busy, own.get(name, inf))
                if isinstance(result, bc.RunReport):
                    check(result, accounts)
                    totals.add(f"{result.totals} {hash(tuple(result.draft_ids))}")
    assert len(totals) == 1, totals
    print(f"{accounts:,} accounts, {accounts * PER_INVOICE:,} lines; chunks of {chunk}")
    print(f"{'':22}{'seconds':>9}{'lines/s':>11}{'speed-up':>10}{'median':>8}{'here':>10}")
    for name, times in spent.items():
        usual = spent[ONE_COPY if name in {ONE_COPY, TWO_COPIES} else SERIAL]
        gained = median(one / each for one, each in zip(usual, times, strict=True))
        lines = accounts * PER_INVOICE * (CEILING_ACCOUNTS if usual is spent[ONE_COPY] else 1)
        print(
            f"{name:22}{min(times):9.2f}{lines / min(times):11,.0f}"
            f"{min(usual) / min(times):10.2f}{gained:8.2f}{own[name] / accounts * 1e6:10.1f}"
        )
    print("\nhere: µs of processor time an account in the process that gives out the work.")
    print("All ways made the same drafts, in the same order, with the same totals.")


def sides_of(
    accounts: int, chunk: int, stack: ExitStack, *, is_dask: bool
) -> dict[str, Callable[[], object]]:
    """Give what is compared; workers live as long as the stack."""
    spawn = multiprocessing.get_context("spawn")  # nothing comes to a worker but what is sent
    one, two = (stack.enter_context(ProcessPoolExecutor(n, mp_context=spawn)) for n in (1, 2))
    threads = stack.enter_context(ThreadPoolExecutor(2))
    by_hand, store = accounts * CEILING_ACCOUNTS, StreamingStore(accounts)

    def copies(count: int) -> Callable[[], object]:
        each = by_hand // count
        return lambda: list(two.map(ceiling_copy, [each] * count))

    def executed(executor: Executor | None) -> Callable[[], object]:
        return lambda: bc.execute(bc.InvoiceRun(PERIOD), store, executor=executor, chunk=chunk)

    sides = {ONE_COPY: copies(1), TWO_COPIES: copies(2), SERIAL: executed(None)}
    if is_dask:  # it is always busy, so that others beside it would look slower
        return sides | {"Dask, two workers": executed(stack.enter_context(dask_workers()))}
    return sides | {
        "two threads": executed(threads),
        "one process": executed(one),
        "two processes": executed(two),
    }


@contextmanager
def dask_workers() -> Iterator[Executor]:
    """Start two processes of Dask's on this machine."""
    from distributed import Client, LocalCluster  # noqa: PLC0415 - for --dask only

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client.get_executor(pure=False)  # else it keeps the answers of earlier rounds


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure runs.")
    parser.add_argument("what", choices=["scaling", "costs", "workers", "measure"])
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--chunk", type=int, default=512)
    parser.add_argument("--dask", action="store_true", help="workers of Dask's instead")
    return parser.parse_args()


def main() -> None:
    options = read_options()
    if options.what == "measure":
        print(json.dumps(measure(options.accounts, options.repeat)))
        return
    print(f"Python {platform.python_version()}, garbage collection as Python starts it")
    if options.what == "scaling":
        report_scaling(options.sizes, options.repeat)
    elif options.what == "costs":
        report_costs(options.accounts, options.repeat)
    else:
        report_workers(options.accounts, options.repeat, options.chunk, is_dask=options.dask)


if __name__ == "__main__":
    main()
