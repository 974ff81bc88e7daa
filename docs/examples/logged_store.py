"""A store that outlives its process: a memory, and a log of what was decided.

Everything that changes the store is written to a log as one event, and is true from then on.
Whoever opens the log again, after a crash at any instant, repeats its events and has the same store.
`event_log` has two logs:

* `FileJournal`, a file that one process at a time may use.
* `SqliteLog`, a database of the standard library that several processes share. A store on it can
  travel to the workers of an executor, since it opens the file anew where it arrives.

    store = open_store("billing.sqlite", shop)  # shop() makes a MemoryStore: taxes, setup, filters
    store.add(bc.Account("acme", currency="EUR"))
    bc.execute(run, store, executor=ProcessPoolExecutor(2))

What it is not for: each process that uses it has everything in memory, and opening it takes as long
as all its events take to be repeated. A store for millions of accounts has a table for each kind of
record; docs/how-to/write-a-store.md says what it has to do. Events are pickled: a log is read by the
version of the library that wrote it, must come from nobody else, and needs functions that can be
imported, no lambdas, in runs and their filters.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from threading import RLock
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

import attrs
from event_log import Log, SqliteLog

import billingcore as bc

P = ParamSpec("P")
T = TypeVar("T")
Make = Callable[[], bc.MemoryStore]
Event = tuple[tuple[Any, ...], dict[str, Any]]
"""By which arguments a method of the memory is called again; by none, if nothing has changed."""


def _asks(
    method: Callable[Concatenate[bc.MemoryStore, P], T],
) -> Callable[Concatenate[LoggedStore, P], T]:
    """Make a method that reads: it first catches up with the log."""

    @wraps(method)
    def asked(self: LoggedStore, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self.reading() as memory:
            found = method(memory, *args, **kwargs)
            # Others may change the memory as soon as this returns.
            if isinstance(found, Iterator):
                return cast("T", iter([*cast("Iterator[object]", found)]))
            return found

    return asked


def _keeps(
    method: Callable[Concatenate[bc.MemoryStore, P], T],
) -> Callable[Concatenate[LoggedStore, P], T]:
    """Make a method that changes something, and whose arguments say all about it."""

    @wraps(method)
    def kept(self: LoggedStore, /, *args: P.args, **kwargs: P.kwargs) -> T:
        def decide(memory: bc.MemoryStore) -> tuple[T, Event | None]:
            return method(memory, *args, **kwargs), (args, kwargs)

        return self.decided(method.__name__, decide)

    return kept


class LoggedStore:
    """A `Store` in memory, all of whose changes are in a log; a `MemoryStore` to its users.

    Several threads may use it at once, and several processes if its log can be shared. If writing
    the log fails, nothing was changed.

    Args:
        make: makes the store as it is before the first event: taxes, setup, filters, and records
            that the host has elsewhere. What was logged of an account stays, whatever it gives
            later; but it must go on to give the accounts that it gave once.
        log: where the changes are kept.

    Raises:
        PortError: the log cannot be read.
    """

    def __init__(self, make: Make, log: Log) -> None:
        self._make = make
        self._log = log
        self._memory = make()
        self._position = 0
        with self.reading():
            pass  # what is wrong with the log is told now

    def __reduce__(self) -> Any:
        """Travel as the name of the file, which is opened again.

        Raises:
            InvalidInputError: its log can be used by one process only.
        """
        if not self._log.is_shared:
            rule, fix = "its log is used by one process only", "use open_store(path, make)"
            raise bc.InvalidInputError(rule, record="LoggedStore", fix=fix)
        return open_store, (self._log.path, self._make)

    def close(self) -> None:
        """Close the log."""
        with self._log.lock:
            self._log.close()

    @property
    def tax(self) -> bc.TaxEngine:
        """The tax engine."""
        return self._memory.tax

    @property
    def setup(self) -> bc.Setup:
        """Templates, business entities and bookkeeping."""
        return self._memory.setup

    @contextmanager
    def reading(self) -> Generator[bc.MemoryStore]:
        """Give the memory as it is now, for a block; to be read only."""
        with self._log.lock:
            with self._safely():
                self._catch_up()
            yield self._memory

    def decided(self, name: str, decide: Callable[[bc.MemoryStore], tuple[T, Event | None]]) -> T:
        """Change the memory, and append what was decided to the log, in one step.

        Args:
            name: of the method.
            decide: memory → what the method gives, and what to call it by again; None if nothing changed.
        """
        with self._log.lock, self._safely(), self._log.alone():
            self._catch_up()
            result, event = decide(self._memory)
            if event is not None:
                self._position = self._log.append(pickle.dumps((name, *event)))
            return result

    @contextmanager
    def _safely(self) -> Generator[None]:
        """Forget the memory if a block fails, since it may have changed what is not in the log."""
        try:
            yield
        except bc.ConflictError:
            raise  # of a store in memory it says that nothing was changed
        except BaseException as error:
            self._memory, self._position = self._make(), 0
            if isinstance(error, OSError | sqlite3.Error):
                why = f"{self._log.path.name}: {error}"
                raise bc.PortError(why, port="Store", is_retryable=True) from error
            raise

    def _catch_up(self) -> None:
        """Repeat what others have decided since."""
        for position, event in self._log.after(self._position):
            name, args, kwargs = pickle.loads(event)  # noqa: S301 - of our own log
            again = AGAIN.get(name) or getattr(bc.MemoryStore, name)
            try:
                again(self._memory, *args, **kwargs)
            except bc.BillingError as error:
                why = f"{self._log.path.name}: event {position} cannot be repeated: {error}"
                raise bc.PortError(why, port="Store") from error
            self._position = position

    accounts = _asks(bc.MemoryStore.accounts)
    references = _asks(bc.MemoryStore.references)
    unresolved = _asks(bc.MemoryStore.unresolved)
    snapshot = _asks(bc.MemoryStore.snapshot)
    books = _asks(bc.MemoryStore.books)
    draft = _asks(bc.MemoryStore.draft)
    drafts = _asks(bc.MemoryStore.drafts)
    invoice = _asks(bc.MemoryStore.invoice)
    invoices = _asks(bc.MemoryStore.invoices)
    skipped = _asks(bc.MemoryStore.skipped)
    runs = _asks(bc.MemoryStore.runs)
    failures = _asks(bc.MemoryStore.failures)

    add = _keeps(bc.MemoryStore.add)
    change = _keeps(bc.MemoryStore.change)
    add_usage = _keeps(bc.MemoryStore.add_usage)
    add_claims = _keeps(bc.MemoryStore.add_claims)
    put_earlier = _keeps(bc.MemoryStore.put_earlier)
    put_contacts = _keeps(bc.MemoryStore.put_contacts)
    put_coupons = _keeps(bc.MemoryStore.put_coupons)
    put = _keeps(bc.MemoryStore.put)
    discard = _keeps(bc.MemoryStore.discard)
    release = _keeps(bc.MemoryStore.release)
    begin = _keeps(bc.MemoryStore.begin)
    note = _keeps(bc.MemoryStore.note)

    def commit(self, outcomes: Sequence[bc.AccountOutcome], /) -> Sequence[str]:
        """Keep the drafts and decisions of accounts; give back the accounts that were refused."""

        def decide(memory: bc.MemoryStore) -> tuple[Sequence[str], Event | None]:
            news = [each for each in outcomes if _says_something(each, memory)]
            refused = memory.commit(outcomes)
            kept = [_bare(each) for each in news if each.account not in refused]
            return refused, ((kept,), {}) if kept else None

        return self.decided("commit", decide)

    def finalize(
        self, pending: Sequence[bc.PendingInvoice], /
    ) -> Sequence[bc.Finalization | bc.BillingError]:
        """Turn drafts into invoices with the next numbers of their counters, in this order."""

        def decide(
            memory: bc.MemoryStore,
        ) -> tuple[Sequence[bc.Finalization | bc.BillingError], Event | None]:
            results = memory.finalize(pending)
            kept = [
                (each.draft, each.counter, result)
                for each, result in zip(pending, results, strict=True)
                if not isinstance(result, bc.BillingError)
            ]
            return results, ((kept,), {}) if kept else None

        return self.decided("finalize", decide)

    def record(self, account: str, decide: Callable[[bc.Books], bc.Effects], /) -> bc.Effects:
        """Keep what a decision adds to the books of an account, and give it back."""

        def keep(memory: bc.MemoryStore) -> tuple[bc.Effects, Event]:
            effects = memory.record(account, decide)
            return effects, ((account, effects), {})

        return self.decided("record", keep)

    def skip(
        self, counter: bc.Counter, make: Callable[[int], bc.SkippedNumber], /
    ) -> bc.SkippedNumber:
        """Take the next number of a counter, and keep why no document has it."""

        def decide(memory: bc.MemoryStore) -> tuple[bc.SkippedNumber, Event]:
            skipped = memory.skip(counter, make)
            return skipped, ((counter, skipped), {})

        return self.decided("skip", decide)


def _says_something(outcome: bc.AccountOutcome, memory: bc.MemoryStore) -> bool:
    """Tell whether an outcome changes what is kept; that of a repeated run rarely does."""
    is_known = bool(outcome.drafts or outcome.decisions or outcome.problems)
    return is_known or bool(memory.failures(outcome.run.id, [outcome.account]))


def _bare(outcome: bc.AccountOutcome) -> bc.AccountOutcome:
    """Give what a store keeps of an outcome; that can be many times less."""
    return bc.AccountOutcome(
        outcome.run,
        outcome.account,
        outcome.revision,
        outcome.drafts,
        problems=outcome.problems,
        decisions=outcome.decisions,
    )


def _commit_again(memory: bc.MemoryStore, outcomes: Sequence[bc.AccountOutcome]) -> None:
    """Keep outcomes that were kept before; the accounts may have more records than they had."""
    refused = memory.commit(outcomes)
    for each in outcomes:
        if each.account in refused:
            now = memory.snapshot(each.account).revision
            memory.commit([attrs.evolve(cast("Any", each), revision=now)])


def _finalize_again(
    memory: bc.MemoryStore, kept: Sequence[tuple[bc.DraftInvoice, bc.Counter, bc.Finalization]]
) -> None:
    for draft, counter, known in kept:
        issue = partial(_given, known)
        (result,) = memory.finalize([bc.PendingInvoice(draft, counter, issue)])
        if isinstance(result, bc.BillingError):
            raise result


def _record_again(memory: bc.MemoryStore, account: str, effects: bc.Effects) -> None:
    memory.record(account, partial(_given, effects))


def _skip_again(memory: bc.MemoryStore, counter: bc.Counter, skipped: bc.SkippedNumber) -> None:
    memory.skip(counter, partial(_given, skipped))


def _given(known: T, *asked: object) -> T:
    """Give what was decided, whatever is asked now."""
    return known


AGAIN: Final[dict[str, Callable[..., object]]] = {
    "commit": _commit_again,
    "finalize": _finalize_again,
    "record": _record_again,
    "skip": _skip_again,
}
"""How an event is repeated; all others call the method again."""

_open_stores: dict[tuple[Path, Make], LoggedStore] = {}
_opening: Final = RLock()


def open_store(path: str | Path, make: Make) -> LoggedStore:
    """Open a store that several processes share; a process has one for each file.

    Args:
        path: the database; it is made if there is none.
        make: makes the store as it is before the first event: a function that can be imported, if
            the store is to travel.
    """
    key = (Path(path).absolute(), make)
    with _opening:
        if key not in _open_stores:
            _open_stores[key] = LoggedStore(make, SqliteLog(path))
        return _open_stores[key]
