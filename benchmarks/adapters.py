"""Databases: what it takes to bill and post many accounts through an adapter.

    python benchmarks/adapters.py --accounts 100000 --store sqlite
    python benchmarks/adapters.py --accounts 100000 --store postgres [--dsn "host=..."]
    python benchmarks/adapters.py --accounts 100000 --store memory

Each account has three lines on one invoice, as in the other benchmarks. They are added, billed with
`execute`, and posted with `post`, in one process that has the store to itself. Without ``--dsn`` a
PostgreSQL server is started for the measurement, as for the tests.

The share of the engine is measured from within: each method of the store notes when it is entered
and left, and while an iterator of it is asked for the next one. What is left of the time of
`execute` and `post` is the engine's own. So the numbering and the bookkeeping that a store asks for
while it finalizes (`issue`) are timed by themselves, and counted as the engine's.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from time import perf_counter
from typing import Any

from scaling import KIB, KINDS
from workload import MONTH, PER_INVOICE, contract_of, invoices, setup, tax_table

import billingcore as bc

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "docs" / "examples" / "adapters"), str(ROOT)]

PERIOD = bc.Period.month(MONTH.year, MONTH.month)
POSTED_ON = PERIOD.stop
ADDED_AT_ONCE = 1000
TIMED = ("begin", "commit", "draft", "drafts", "failures", "finalize", "note", "references", "runs")
TIMED += ("snapshot", "unresolved")
LAST_READ = 2_000
"""So many invoices are read back at the end."""


class Timed:
    """A store that knows how long its methods took, but for what they call of the engine's.

    Attributes:
        spent: seconds by method.
    """

    def __init__(self, store: Any) -> None:
        self.store = store
        self.tax = store.tax
        self.setup = store.setup
        self.spent: dict[str, float] = {}
        self.engine = 0.0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.store, name)
        if name not in TIMED:
            return method
        method = self._timed(name, self._finalize if name == "finalize" else method)
        setattr(self, name, method)  # from now on it is found at once
        return method

    def _timed(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            start, engine = perf_counter(), self.engine
            found = method(*args, **kwargs)
            self._note(name, start, engine)
            return self._each(name, found) if isinstance(found, Iterator) else found

        return call

    def _each(self, name: str, found: Iterator[Any]) -> Iterator[Any]:
        while True:
            start, engine = perf_counter(), self.engine
            try:
                each = next(found)
            except StopIteration:
                return
            finally:
                self._note(name, start, engine)
            yield each

    def _note(self, name: str, start: float, engine: float) -> None:
        seconds = perf_counter() - start - (self.engine - engine)
        self.spent[name] = self.spent.get(name, 0.0) + seconds

    def _finalize(self, pending: Any) -> Any:
        return self.store.finalize([each._replace(issue=self._own(each.issue)) for each in pending])

    def _own(self, issue: Callable[..., Any]) -> Callable[..., Any]:
        def issued(*args: Any) -> Any:
            start = perf_counter()
            try:
                return issue(*args)
            finally:
                self.engine += perf_counter() - start

        return issued


def records(accounts: int) -> Iterator[bc.Account | bc.Subscription]:
    """Make accounts, each with a contract of three items."""
    sales = list(invoices(KINDS * PER_INVOICE, prorated=True))
    items = [contract_of(number, each).items for number, each in enumerate(sales)]
    for number in range(accounts):
        name = f"A{number}"
        yield bc.Account(name, currency="EUR", debtor=str(100_000 + number))
        yield bc.Subscription(f"S{number}", account=name, items=items[number % KINDS])


def add(store: Any, accounts: int) -> None:
    """Put the accounts into a store, some at a time."""
    some: list[bc.Account | bc.Subscription] = []
    for record in records(accounts):
        some.append(record)
        if len(some) == ADDED_AT_ONCE:
            store.add(*some)
            some.clear()
    store.add(*some)


def read_back(store: Any) -> int:
    """Read some invoices, as a program that sends them does; give how many."""
    for count, _ in enumerate(store.invoices(), start=1):
        if count == LAST_READ:
            break
    return count


def measure(store: Any, accounts: int) -> dict[str, Any]:
    """Add, bill, post and verify; give seconds, the share of the engine, and the peak memory."""
    told: dict[str, Any] = {}
    start = perf_counter()
    add(store, accounts)
    told["add"] = {"seconds": perf_counter() - start}
    timed = Timed(store)
    report: Any = None
    for name, work in (
        ("bill", lambda: bc.execute(bc.InvoiceRun(PERIOD), timed, keep=0)),
        ("post", lambda: bc.post(timed, on=POSTED_ON, keep=0)),
    ):
        timed.spent.clear()
        start = perf_counter()
        report = work()
        seconds = perf_counter() - start
        assert report.status is bc.RunStatus.COMPLETED, report.status
        own = seconds - sum(timed.spent.values())
        told[name] = {"seconds": seconds, "engine": own, "methods": dict(timed.spent)}
    assert report.record.documents == accounts, report.record.documents
    start = perf_counter()
    told["read"] = {"count": read_back(store), "seconds": perf_counter() - start}
    if hasattr(store, "verify"):
        start = perf_counter()
        assert not store.verify()
        told["verify"] = {"seconds": perf_counter() - start}
    told["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB / 1024
    return told


@contextmanager
def sqlite() -> Iterator[Any]:
    """Give a new store in a file."""
    from sqlite_store import open_store  # noqa: PLC0415 - only if it is asked for

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "billing.sqlite", tax=tax_table(), setup=setup())
        yield store
        store.close()


@contextmanager
def postgres(dsn: str = "") -> Iterator[Any]:
    """Give a new store on a server, which is started if none is named."""
    from postgres_store import open_store  # noqa: PLC0415

    from tests.adapters import postgres_server  # noqa: PLC0415

    durable = ("max_wal_size=2GB", "shared_buffers=256MB")
    server: AbstractContextManager[Any] = nullcontext()
    if not dsn:
        if reason := postgres_server.missing():
            raise SystemExit(reason)
        server = postgres_server.started(durable)
    with server as started:
        store = open_store(dsn or started.dsn(), tax=tax_table(), setup=setup(), schema="load")
        yield store
        store.close()


def memory() -> AbstractContextManager[Any]:
    """Give the store that keeps all in memory, to compare."""
    return nullcontext(bc.MemoryStore(tax=tax_table(), setup=setup()))


STORES: dict[str, Callable[..., AbstractContextManager[Any]]] = {
    "memory": memory,
    "postgres": postgres,
    "sqlite": sqlite,
}


def in_fresh_process(options: argparse.Namespace, accounts: int) -> dict[str, Any]:
    """Measure in an interpreter of its own, since a process's peak memory never goes down."""
    given = ["--accounts", str(accounts), "--store", options.store, "--dsn", options.dsn, "--json"]
    command = [sys.executable, __file__, *given]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return dict(json.loads(done.stdout))


def rows(told: dict[str, Any], accounts: int) -> Iterator[str]:
    """Write a row for each phase."""
    lines = accounts * PER_INVOICE
    yield f"{'':14}{'seconds':>9}{'lines/s':>10}{'µs/account':>12}{'engine':>9}"
    total = engine = 0.0
    for name in ("add", "bill", "post"):
        seconds, own = told[name]["seconds"], told[name].get("engine")
        yield row(name, seconds, lines, accounts, own)
        if own is not None:
            total, engine = total + seconds, engine + own
    yield row("bill and post", total, lines, accounts, engine)
    if "verify" in told:
        yield row("verify", told["verify"]["seconds"], lines, accounts, None)
    read = told["read"]
    yield row(
        f"read {read['count']:,}", read["seconds"], read["count"] * PER_INVOICE, read["count"]
    )


def row(name: str, seconds: float, lines: int, accounts: int, own: float | None = None) -> str:
    share = "" if own is None else f"{own / seconds:.0%}"
    each = seconds / accounts * 1e6
    return f"{name:14}{seconds:9.1f}{lines / seconds:10,.0f}{each:12,.0f}{share:>9}"


def report(options: argparse.Namespace) -> None:
    """Print times, shares and the peak memory, also beside that of a tenth of the accounts."""
    accounts = options.accounts
    print(f"Python {platform.python_version()}, {options.store}: {accounts:,} accounts,", end=" ")
    print(f"{accounts * PER_INVOICE:,} lines", flush=True)
    small = in_fresh_process(options, max(1, accounts // 10))
    told = in_fresh_process(options, accounts)
    print("\n".join(rows(told, accounts)))
    print(f"\nPeak memory {told['peak']:.0f} MiB; of {accounts // 10:,} accounts", end=" ")
    print(f"{small['peak']:.0f} MiB.")
    methods = Counter(told["bill"]["methods"]) + Counter(told["post"]["methods"])
    slowest = (f"{name} {seconds:.1f} s" for name, seconds in methods.most_common(5))
    print("Methods of the store:", ", ".join(slowest))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure adapters.")
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--store", choices=sorted(STORES), default="sqlite")
    parser.add_argument("--dsn", default="", help="of a PostgreSQL server that is there")
    parser.add_argument("--json", action="store_true", help="measure here, and print plain figures")
    return parser.parse_args()


def main() -> None:
    options = read_options()
    if not options.json:
        report(options)
        return
    given = (options.dsn,) if options.store == "postgres" else ()
    with STORES[options.store](*given) as store:
        print(json.dumps(measure(store, options.accounts)))


if __name__ == "__main__":
    main()
