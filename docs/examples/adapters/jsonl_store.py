"""A store in a file of JSON lines, for one machine and for histories that fit into memory.

Each line is a decision: which method, and what it was told or has made. The memory of the store is
what comes out if all lines are repeated. docs/tutorial/write-an-adapter.md builds it step by step.

    store = open_store("billing.jsonl", tax=bc.TaxTable({"DE_19": 19}))
    store.add(bc.Account("acme", currency="EUR"))
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Any, BinaryIO, Final, TypeVar

import billingcore as bc

T = TypeVar("T")
Result = bc.Finalization | bc.BillingError
Event = tuple[Any, ...]
"""The arguments by which a method is repeated."""


def _asks(name: str) -> Any:
    """Make a method that reads."""

    def asked(self: JsonlStore, /, *args: Any, **options: Any) -> Any:
        with self.opened():
            found = getattr(self.memory, name)(*args, **options)
            return iter([*found]) if isinstance(found, Iterator) else found

    return asked


def _keeps(name: str) -> Any:
    """Make a method that changes something, and whose arguments say all about it."""

    def kept(self: JsonlStore, /, *args: Any) -> Any:
        return self.decided(name, lambda memory: (getattr(memory, name)(*args), args))

    return kept


class JsonlStore:
    """A `Store` in a file; several threads and processes may use the file at once.

    Args:
        path: the file; it is made if there is none.
        known: functions and objects of the host that runs and records name, as for `Codec`.
        given: taxes, setup and filters, as for `MemoryStore`; whoever opens the file again gives
            the same.

    Raises:
        PortError: the file cannot be opened or read.
    """

    def __init__(self, path: str | Path, *, known: Any = (), **given: Any) -> None:
        self.path: Path = Path(path).absolute()
        self.memory: bc.MemoryStore = bc.MemoryStore(**given)
        self._given: dict[str, Any] = given
        self._known = known
        self._codec = bc.Codec(known)
        self._lock = RLock()
        self._is_open = False
        self._end = 0  # up to where the memory has read the file
        self._inode = 0  # which file that is
        with self.opened():
            pass  # what is wrong with the file is told now

    def __reduce__(self) -> Any:
        """Travel to another process as what it takes to open the file there."""
        return partial(open_store, self.path, known=self._known, **self._given), ()

    tax = property(lambda self: self.memory.tax)
    setup = property(lambda self: self.memory.setup)

    accounts = _asks("accounts")
    references = _asks("references")
    unresolved = _asks("unresolved")
    snapshot = _asks("snapshot")
    books = _asks("books")
    draft = _asks("draft")
    drafts = _asks("drafts")
    invoice = _asks("invoice")
    invoices = _asks("invoices")
    skipped = _asks("skipped")
    runs = _asks("runs")
    failures = _asks("failures")

    add = _keeps("add")
    change = _keeps("change")
    add_usage = _keeps("add_usage")
    add_claims = _keeps("add_claims")
    put_earlier = _keeps("put_earlier")
    put_contacts = _keeps("put_contacts")
    put_coupons = _keeps("put_coupons")
    put = _keeps("put")
    discard = _keeps("discard")
    release = _keeps("release")
    begin = _keeps("begin")
    note = _keeps("note")

    def commit(self, outcomes: Sequence[bc.AccountOutcome], /) -> Sequence[str]:
        """Keep the drafts and decisions of accounts; give back the accounts that were refused."""

        def decide(memory: bc.MemoryStore) -> tuple[Sequence[str], Event | None]:
            refused = memory.commit(outcomes)
            kept = [_bare(each) for each in outcomes if each.account not in refused]
            return refused, (kept,) if kept else None

        return self.decided("commit", decide)

    def finalize(self, pending: Sequence[bc.PendingInvoice], /) -> Sequence[Result]:
        """Turn drafts into invoices with the next numbers of their counters, in this order."""

        def decide(memory: bc.MemoryStore) -> tuple[list[Result], Event | None]:
            results = [*memory.finalize(pending)]
            kept = [
                (each.draft, each.counter, result)
                for each, result in zip(pending, results, strict=True)
                if not isinstance(result, bc.BillingError)
            ]
            return results, (kept,) if kept else None

        return self.decided("finalize", decide)

    def record(self, account: str, decide: Callable[[bc.Books], bc.Effects], /) -> bc.Effects:
        """Keep what a decision adds to the books of an account, and give it back."""

        def kept(memory: bc.MemoryStore) -> tuple[bc.Effects, Event]:
            effects = memory.record(account, decide)
            return effects, (account, effects)

        return self.decided("record", kept)

    def skip(
        self, counter: bc.Counter, make: Callable[[int], bc.SkippedNumber], /
    ) -> bc.SkippedNumber:
        """Take the next number of a counter, and keep why no document has it."""

        def kept(memory: bc.MemoryStore) -> tuple[bc.SkippedNumber, Event]:
            skipped = memory.skip(counter, make)
            return skipped, (counter, skipped)

        return self.decided("skip", kept)

    @contextmanager
    def opened(self) -> Generator[BinaryIO]:
        """Open the file for one caller at a time, with the memory as new as the file."""
        with self._lock:
            if self._is_open:
                raise self._wrong("what a method of the store calls must not call the store")
            try:
                file = self.path.open("r+b" if self._inode else "a+b")  # made only once
            except OSError as error:
                raise self._wrong(f"{error}; it must be a file, and stay at its place") from error
            with file:
                fcntl.flock(file, fcntl.LOCK_EX)  # ends with the file, also if the process dies
                self._check(file)
                self._is_open = True
                try:
                    self._catch_up(file)
                    yield file
                finally:
                    self._is_open = False

    def _check(self, file: BinaryIO) -> None:
        """Refuse a file that is not the one that the memory has read."""
        found = os.fstat(file.fileno())
        self._inode = self._inode or found.st_ino
        if found.st_ino != self._inode or found.st_size < self._end:
            raise self._wrong(
                "it was replaced or shortened while it was in use; nothing was written. "
                "Put the right file back, or, if this is the right one, open the store anew"
            )

    def decided(self, name: str, decide: Callable[[bc.MemoryStore], tuple[T, Event | None]]) -> T:
        """Change the memory, and append what was decided to the file, in one step."""
        with self.opened() as file:
            try:
                result, event = decide(self.memory)
                if event is not None:
                    self._append(file, self._codec.to_json((name, *event)))
            except BaseException:
                self._forget()
                raise
            return result

    def _append(self, file: BinaryIO, text: str) -> None:
        """Write a line, and wait until it is on the disk."""
        line = f"{text}\n".encode("ascii")
        end, number = self._end + len(line), file.fileno()
        try:
            os.ftruncate(number, self._end)  # half a line, if the last writer died
            while line:  # a write may take a part, and no buffer may keep the rest for later
                line = line[os.pwrite(number, line, end - len(line)) :]
            os.fsync(number)
        except OSError as error:
            os.ftruncate(number, self._end)
            raise self._wrong(str(error), is_retryable=True) from error
        self._end = end

    def _catch_up(self, file: BinaryIO) -> None:
        """Repeat the lines that others have written since."""
        file.seek(self._end)
        for line in file:
            if not line.endswith(b"\n"):
                return  # its writer died: it was never decided
            try:
                name, *event = self._codec.from_json(line.decode("ascii"), tuple)
                AGAIN.get(name, getattr(bc.MemoryStore, name))(self.memory, *event)
            except (bc.BillingError, ValueError, AttributeError) as error:
                end = self._end
                self._forget()
                raise self._wrong(f"damaged at byte {end}: {error}") from error
            self._end += len(line)

    def _forget(self) -> None:
        """Read the file anew next time, since the memory may have what the file has not."""
        self.memory, self._end = bc.MemoryStore(**self._given), 0

    def _wrong(self, why: str, *, is_retryable: bool = False) -> bc.PortError:
        return bc.PortError(f"{self.path.name}: {why}", port="Store", is_retryable=is_retryable)


def _bare(outcome: bc.AccountOutcome) -> bc.AccountOutcome:
    """Give what a store keeps of an outcome."""
    return bc.AccountOutcome(
        outcome.run, outcome.account, outcome.revision, outcome.drafts,
        problems=outcome.problems, decisions=outcome.decisions,
    )  # fmt: skip


def _finalize_again(memory: bc.MemoryStore, kept: Sequence[Any]) -> None:
    for draft, counter, known in kept:
        memory.finalize([bc.PendingInvoice(draft, counter, lambda *_, known=known: known)])


def _record_again(memory: bc.MemoryStore, account: str, effects: bc.Effects) -> None:
    memory.record(account, lambda _: effects)


def _skip_again(memory: bc.MemoryStore, counter: bc.Counter, skipped: bc.SkippedNumber) -> None:
    memory.skip(counter, lambda _: skipped)


AGAIN: Final[dict[str, Callable[..., object]]] = {
    "finalize": _finalize_again,
    "record": _record_again,
    "skip": _skip_again,
}
"""How a line is repeated; all others call the method again."""


def open_store(path: str | Path, *, known: Any = (), **given: Any) -> JsonlStore:
    """Open the store of a file; the arguments are those of `JsonlStore`."""
    return JsonlStore(path, known=known, **given)


open_store.contract = 1  # type: ignore[attr-defined]
