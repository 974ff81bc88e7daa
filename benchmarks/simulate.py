"""Simulate runs that are larger than this machine: makespan, skew, retries, and the coordinator.

    python benchmarks/simulate.py              # the tables
    python benchmarks/simulate.py --measure    # the coordinator's costs on this machine

No account is billed. References per account are drawn from a heavy-tailed distribution, `chunks_of`
cuts the accounts into chunks, and a coordinator hands them out as `spread` does: at most *ahead* at
a time, taken back in their order. A sample of accounts is cut for real, and larger runs draw their
chunks from it; accounts with more references than a chunk may have are drawn one by one.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from heapq import heapify, heapreplace
from random import Random
from time import process_time
from typing import NamedTuple

import billingcore as bc
from billingcore.runs.references import chunks_of, survey
from billingcore.runs.tally import Tally
from billingcore.runs.workers import Part
from billingcore.values.texts import Texts

SAMPLE = 100_000
"""Accounts that are cut by the library itself."""
UNLIMITED = sys.maxsize
RUN = bc.InvoiceRun(bc.Period.month(2026, 1))


class Costs(NamedTuple):
    """What takes how long, in microseconds."""

    line: float = 150
    """A reference that is read, billed and written: twice a third of what `scaling.py` says."""
    trip: float = 2_000
    """A round trip to the store, of which a window makes two: an assumption."""
    reference: float = 2
    """The coordinator's two passes over a reference: `--measure`, and as much for the source."""
    chunk: float = 1_500
    """To hand out a chunk and take it back: `--measure`, and half as much for the executor."""


class Plan(NamedTuple):
    """What is simulated."""

    accounts: int = 10_000_000
    workers: int = 64
    ahead: int = 1024
    chunk: int = 512
    per_account: int = 8
    """A chunk has so many references for each account at most; 0 for no limit."""
    failures: float = 0.001
    """Share of chunks whose worker is lost; the engine gives them to another one."""
    alpha: float = 1.5
    """How heavy the tail is: P(more than n references) is n to the power of minus alpha."""
    largest: int = 100_000
    """No account has more references."""
    is_sorted: bool = False
    """Whether the accounts come in the order of their size, as when old customers come first."""
    giant: int = 0
    """References of one more account, behind all others unless they are sorted."""
    is_uneven: bool = True
    """Whether workers differ in speed, by up to a tenth."""
    window: int = 16
    seed: int = 7

    @property
    def limit(self) -> int:
        return self.chunk * self.per_account or UNLIMITED


class Cut(NamedTuple):
    """A chunk, as far as its costs go."""

    accounts: int
    references: int


class Found(NamedTuple):
    """What a simulation found; times in seconds."""

    chunks: int
    references: int
    largest: int
    makespan: float
    used: float
    """Share of the workers' time in which they worked."""
    coordinator: float
    """Share of the makespan in which the coordinator worked."""
    retries: int


class Accounts:
    """A source that has references and nothing else."""

    def __init__(self, sizes: Iterable[int]) -> None:
        self.sizes = sizes

    def references(self, criteria: bc.Criteria) -> Iterator[bc.Reference]:
        for number, size in enumerate(self.sizes):
            reference = bc.Reference(f"{number:09}")
            for _ in range(size):
                yield reference


def size_of(plan: Plan, rng: Random, least: int = 1) -> int:
    """Draw the references of an account that has at least so many."""
    return min(int(least * rng.paretovariate(plan.alpha)), plan.largest)


def cut(plan: Plan, sizes: Iterable[int]) -> list[Cut]:
    """Let the library cut accounts into chunks."""
    source = Accounts(sizes)
    chunks = chunks_of(RUN, source, most_accounts=plan.chunk, most_candidates=plan.limit)
    return [Cut(len(each.accounts), each.candidates) for each in chunks]


def chunks(plan: Plan, rng: Random) -> list[Cut]:
    """Give the chunks of a run of any size."""
    sizes = [size_of(plan, rng) for _ in range(min(plan.accounts, SAMPLE))]
    sizes += [plan.giant] if plan.giant else []
    if plan.is_sorted:
        sizes.sort(reverse=True)
    if plan.accounts <= SAMPLE:
        return cut(plan, sizes)
    giant = plan.chunk * 8
    pool = cut(plan, [size for size in sizes if size <= giant])
    found = rng.choices(pool, k=round(len(pool) * plan.accounts / SAMPLE))
    for _ in range(round(plan.accounts * giant**-plan.alpha)):
        size = size_of(plan, rng, giant)
        place = rng.randrange(len(found))
        if plan.per_account:  # it is a chunk of its own, and ends the one before it
            accounts, references = found[place]
            half = Cut(accounts // 2, references // 2)
            found[place] = Cut(1, size)
            found += [half, Cut(accounts - half.accounts, references - half.references)]
        else:
            accounts, references = found[place]
            found[place] = Cut(accounts + 1, references + size)
    if plan.per_account:
        rng.shuffle(found)
    return found


def simulate(plan: Plan, costs: Costs) -> Found:
    """Hand out the chunks of a run to workers, as `spread` does."""
    rng = Random(plan.seed)  # noqa: S311 - a simulation
    work = chunks(plan, rng)
    uneven = 0.1 if plan.is_uneven else 0.0
    speeds = [rng.uniform(1 - uneven, 1 + uneven) for _ in range(plan.workers)]
    free = [(0.0, worker) for worker in range(plan.workers)]
    heapify(free)
    under_way: deque[float] = deque()
    references = sum(each.references for each in work)
    now = busy = 0.0
    coordinator = (references * costs.reference + len(work) * costs.chunk) / 1e6
    retries = 0
    for each in work:
        now += (each.references * costs.reference + costs.chunk) / 1e6
        windows = -(-each.accounts // plan.window)
        takes = (each.references * costs.line + windows * 2 * costs.trip) / 1e6
        if rng.random() < plan.failures:
            retries += 1
            takes += takes * rng.random()  # lost; what was committed is read again
        at, worker = free[0]
        takes /= speeds[worker]
        end = max(at, now) + takes
        heapreplace(free, (end, worker))
        busy += takes
        under_way.append(end)
        if len(under_way) >= plan.ahead:
            now = max(now, under_way.popleft())
    makespan = max(now, *(at for at, _ in free))
    largest = max(each.references for each in work)
    return Found(
        len(work),
        references,
        largest,
        makespan,
        busy / plan.workers / makespan,
        coordinator / makespan,
        retries,
    )


def bytes_of_an_id() -> float:
    """Say how much memory the id of a draft takes in a report."""
    ids = [f"2026-01-01..2026-01-31/A-{number:09}/S-{number:09}" for number in range(102_400)]
    texts = Texts(ids)
    return sum(map(sys.getsizeof, texts._blocks)) / len(ids)  # noqa: SLF001


def table(title: str, plans: Iterable[tuple[str, Plan]], costs: Costs) -> None:
    """Simulate some plans and print what was found."""
    print(f"\n{title}")
    print(
        f"{'':26}{'references':>13}{'chunks':>9}{'largest':>9}{'seconds':>9}"
        f"{'workers':>9}{'coord.':>8}{'retries':>9}"
    )
    for name, plan in plans:
        found = simulate(plan, costs)
        print(
            f"{name:26}{found.references:13,}{found.chunks:9,}{found.largest:9,}"
            f"{found.makespan:9,.0f}{found.used:9.0%}{found.coordinator:8.0%}"
            f"{found.retries:9,}",
            flush=True,
        )


def report(plan: Plan, costs: Costs, sizes: Iterable[int]) -> None:
    """Print all tables."""
    print(f"{plan}\n{costs} in microseconds")
    print("Workers and coordinator: the share of the time in which they work.")
    sizes = [*sizes]
    table(
        f"By accounts, {plan.workers} workers",
        [(f"{count:,}", plan._replace(accounts=count)) for count in sizes],
        costs,
    )
    table(
        f"By workers, {sizes[-1]:,} accounts",
        [
            (
                f"{count:,} workers",
                plan._replace(accounts=sizes[-1], workers=count, ahead=16 * count),
            )
            for count in (4, 16, 64, 256)
        ],
        costs,
    )
    table(
        f"By workers and chunks ahead, {plan.accounts:,} accounts",
        [
            (f"{count:,} workers, {ahead:,} ahead", plan._replace(workers=count, ahead=ahead))
            for count in (8, 64)
            for ahead in (2 * count, 4 * count, 16 * count, 64 * count)
        ],
        costs,
    )
    cases = [
        ("any order", {}),
        ("any order, no limit", {"per_account": 0}),
        ("one of 100,000 last", {"giant": 100_000}),
        ("one of 100,000 first", {"giant": 100_000, "is_sorted": True}),
        ("largest first", {"is_sorted": True}),
        ("largest first, no limit", {"is_sorted": True, "per_account": 0}),
    ]
    few = plan._replace(accounts=min(SAMPLE, plan.accounts), workers=8, ahead=64)
    table(
        f"By order and limit of references, {few.accounts:,} accounts, {few.workers} workers",
        [(name, few._replace(**change)) for name, change in cases],
        costs,
    )
    each = bytes_of_an_id()
    print(f"\nAn id of a draft takes {each:.1f} bytes in the report, and so in MiB:")
    print(", ".join(f"{count:,}: {count * each / 2**20:.0f}" for count in sizes))


def measure(accounts: int) -> None:
    """Print what the coordinator does on this machine."""
    rng = Random(1)  # noqa: S311 - a simulation
    plan = Plan()
    source = Accounts([size_of(plan, rng) for _ in range(accounts)])
    start = process_time()
    count = sum(1 for _ in source.references(RUN.selection.criteria))
    read = process_time()
    survey(RUN, source)
    counted = process_time()
    cut(plan, source.sizes)
    last = process_time()
    twice = (last - read) - 2 * (read - start)
    print(f"reference: {twice / count * 1e6:.2f} µs in two passes, without the reading")
    tally, whole = Tally(), Tally()
    for number in range(plan.chunk):
        tally.accounts += 1
        tally.draft_ids.append(f"2026-01-01..2026-01-31/A-{number:09}/S-{number:09}")
    ids = [*tally.draft_ids]
    reports = [bc.AccountReport(name, (name,), ()) for name in ids]
    sent = pickle.dumps(Part(tally, reports))
    names = pickle.dumps(tuple(ids))
    start = process_time()
    for _ in range(50):
        pickle.dumps((RUN, pickle.loads(names)))  # noqa: S301 - made above
        whole.merge(pickle.loads(sent).tally)  # noqa: S301 - made above
    spent = (process_time() - start) / 50
    print(f"chunk: {spent * 1e6:.0f} µs and {len(sent):,} bytes for {plan.chunk} accounts")
    assert counted >= read


def main() -> None:
    parser = argparse.ArgumentParser(description="Simulate runs of any size.")
    parser.add_argument("--measure", action="store_true", help="measure the coordinator")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10**6, 10**7, 10**8])
    options = parser.parse_args()
    if options.measure:
        measure(min(options.sizes[0], SAMPLE))
        return
    report(Plan(accounts=options.sizes[len(options.sizes) // 2]), Costs(), options.sizes)


if __name__ == "__main__":
    main()
