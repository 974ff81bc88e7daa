"""Stores that fail on purpose: to see what holds when the network, or the process, lets you down.

Each wraps a store, is a store itself, and acts up at calls that are counted from 1. Nothing here is
random and nothing waits, so that what was found once is found again. Here a job dies at each of its
calls, and is run again by the same owner, which takes the place of what died:

>>> from billingcore import Account, InvoiceRun, Item, MemoryStore, Period, Subscription, execute
>>> from billingcore.testing import content_of
>>> def make_store():
...     store = MemoryStore()
...     for name in "ab":
...         contract = Subscription(name, account=name, items=[Item("setup", unit_price=50)])
...         store.add(Account(name, currency="EUR"), contract)
...     return store
>>> run, whole = InvoiceRun(Period.month(2026, 1)), make_store()
>>> report = execute(run, whole, owner="job")
>>> for place in range(1, 50):
...     store = make_store()
...     with suppress(Crash):
...         report = execute(run, Crashing(store, at=place), owner="job")
...     report = execute(run, store, owner="job")
...     assert content_of(store) == content_of(whole)

Calls are those of the Protocols `Source` and `Store`; others, like `MemoryStore.add`, are handed on as
they are. Iterators are counted when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, Literal, TypeVar

from attrs import evolve

from billingcore.errors import BillingError, PortError
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lifecycle.books import Books, Effects, Finalization, PendingInvoice
from billingcore.ports import Store, TaxEngine
from billingcore.records.numbering import Counter, SkippedNumber
from billingcore.records.reasons import Problem
from billingcore.records.reference import Reference
from billingcore.records.snapshot import AccountSnapshot
from billingcore.runs.record import RunRecord
from billingcore.scope.criteria import Criteria

__all__ = [
    "Counting",
    "Crash",
    "Crashing",
    "Duplicating",
    "Flaky",
    "Reordering",
    "Slow",
    "interleaved",
]

T = TypeVar("T")
When = Literal["before", "after"]


class Crash(BaseException):
    """The process is gone: nothing that it wanted to do after this happens.

    No `Exception`, so that no handler of errors takes it for one.
    """


class Counting:
    """A store that hands every call on to another one, and remembers which calls there were.

    >>> from billingcore import InvoiceRun, MemoryStore, Period, execute
    >>> store = Counting(MemoryStore())
    >>> report = execute(InvoiceRun(Period.month(2026, 1)), store)
    >>> store.calls[:3]
    ['runs', 'begin', 'note']

    Attributes:
        store: the other one.
        calls: names of the methods that were called, in this order.
    """

    def __init__(self, store: Store) -> None:
        self.store: Any = store
        self.calls: list[str] = []

    def call(self, name: str, *args: object) -> Any:
        """Hand a call on; what acts up does so here."""
        self.calls.append(name)
        return getattr(self.store, name)(*args)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked before there is a store, as by `copy`
            raise AttributeError(name)
        return getattr(self.store, name)

    @property
    def tax(self) -> TaxEngine:
        """The tax engine of the store."""
        engine: TaxEngine = self.store.tax
        return engine

    def references(self, criteria: Criteria, /) -> Iterable[Reference]:
        """Hand on."""
        found: Iterable[Reference] = self.call("references", criteria)
        return found

    def snapshot(self, account: str, /) -> AccountSnapshot:
        """Hand on."""
        found: AccountSnapshot = self.call("snapshot", account)
        return found

    def unresolved(self) -> Iterable[Problem]:
        """Hand on."""
        found: Iterable[Problem] = self.call("unresolved")
        return found

    def commit(self, outcomes: Sequence[AccountOutcome], /) -> Sequence[str]:
        """Hand on."""
        refused: Sequence[str] = self.call("commit", outcomes)
        return refused

    def draft(self, draft_id: str, /) -> DraftInvoice:
        """Hand on."""
        found: DraftInvoice = self.call("draft", draft_id)
        return found

    def drafts(self, run_id: str | None = None, /) -> Iterator[DraftInvoice]:
        """Hand on."""
        found: Iterator[DraftInvoice] = self.call("drafts", run_id)
        return found

    def put(self, draft: DraftInvoice, /) -> DraftInvoice:
        """Hand on."""
        kept: DraftInvoice = self.call("put", draft)
        return kept

    def discard(self, draft_id: str, /) -> None:
        """Hand on."""
        self.call("discard", draft_id)

    def finalize(
        self, pending: Sequence[PendingInvoice], /
    ) -> Sequence[Finalization | BillingError]:
        """Hand on."""
        results: Sequence[Finalization | BillingError] = self.call("finalize", pending)
        return results

    def books(self, account: str, /) -> Books:
        """Hand on."""
        found: Books = self.call("books", account)
        return found

    def record(self, account: str, decide: Callable[[Books], Effects], /) -> Effects:
        """Hand on."""
        effects: Effects = self.call("record", account, decide)
        return effects

    def skip(self, counter: Counter, make: Callable[[int], SkippedNumber], /) -> SkippedNumber:
        """Hand on."""
        skipped: SkippedNumber = self.call("skip", counter, make)
        return skipped

    def begin(self, record: RunRecord, /) -> RunRecord:
        """Hand on."""
        begun: RunRecord = self.call("begin", record)
        return begun

    def note(self, record: RunRecord, /) -> None:
        """Hand on."""
        self.call("note", record)

    def runs(self) -> Iterable[RunRecord]:
        """Hand on."""
        found: Iterable[RunRecord] = self.call("runs")
        return found

    def failures(
        self, run_id: str, accounts: Collection[str] | None = None, /
    ) -> Iterable[Problem]:
        """Hand on."""
        found: Iterable[Problem] = self.call("failures", run_id, accounts)
        return found


class Flaky(Counting):
    """A store whose calls fail now and then, as over a bad line: `PortError`, worth a retry.

    >>> from billingcore import MemoryStore
    >>> store = Flaky(MemoryStore(), fail_at=2)
    >>> list(store.runs())
    []
    >>> list(store.runs())
    Traceback (most recent call last):
    ...
    billingcore.errors.PortError: Store: the connection was lost (asked: call 2, runs)

    Args:
        store: the store behind the line.
        fail_at: the number of the call that fails, or the numbers of several; counted from 1.
        when: ``before`` it reaches the store, or ``after``, so that only the answer is lost.
    """

    def __init__(
        self, store: Store, *, fail_at: int | Collection[int], when: When = "before"
    ) -> None:
        super().__init__(store)
        self.fail_at: frozenset[int] = frozenset(
            (fail_at,) if isinstance(fail_at, int) else fail_at
        )
        self.when: When = when

    def call(self, name: str, *args: object) -> Any:
        """Hand a call on, and fail if it is its turn."""
        place = len(self.calls) + 1
        if place not in self.fail_at:
            return super().call(name, *args)
        if self.when == "after":
            super().call(name, *args)
        else:
            self.calls.append(name)
        question = f"call {place}, {name}"
        rule = "the connection was lost"
        raise PortError(rule, port="Store", question=question, is_retryable=True)


class Slow(Counting):
    """A store before each of whose calls something else is waited for.

    >>> from billingcore import MemoryStore
    >>> waits = []
    >>> store = Slow(MemoryStore(), wait=waits.append)
    >>> list(store.runs()), waits
    ([], ['runs'])

    Args:
        store: the store that is far away.
        wait: called with the name of the method: to sleep, to count, or to let others act.
    """

    def __init__(self, store: Store, *, wait: Callable[[str], object]) -> None:
        super().__init__(store)
        self.wait: Callable[[str], object] = wait

    def call(self, name: str, *args: object) -> Any:
        """Wait, and hand a call on."""
        self.wait(name)
        return super().call(name, *args)


DELIVERED_TWICE: Final = frozenset({"commit", "note", "put"})
"""What a network that retries delivers twice."""


class Duplicating(Counting):
    """A store that gets each `commit`, `put` and `note` twice, as a network that retries delivers.

    >>> from billingcore import InvoiceRun, MemoryStore, Period, execute
    >>> store = Duplicating(MemoryStore())
    >>> execute(InvoiceRun(Period.month(2026, 1)), store).status.value
    'Completed'
    >>> store.calls[:4]
    ['runs', 'begin', 'note', 'note']

    Args:
        store: the store.
        answer: which answer the caller hears: the ``first``, what the second raises is lost then;
            or the ``last``, since the first got lost and the caller asked again.
    """

    def __init__(self, store: Store, *, answer: Literal["first", "last"] = "first") -> None:
        super().__init__(store)
        self.answer: Literal["first", "last"] = answer

    def call(self, name: str, *args: object) -> Any:
        """Hand a call on, and once more if it writes."""
        first = super().call(name, *args)
        if name not in DELIVERED_TWICE:
            return first
        if self.answer == "last":
            return super().call(name, *args)
        with suppress(BillingError):  # nobody hears it
            super().call(name, *args)
        return first


class Reordering(Counting):
    """A store whose accounts, and what is committed of them, come in another order.

    >>> from billingcore import Account, MemoryStore
    >>> from billingcore.scope.criteria import ALL_ACCOUNTS
    >>> store = MemoryStore()
    >>> store.add(Account("acme", currency="EUR"), Account("borg", currency="EUR"))
    >>> [each.account for each in Reordering(store, order=reversed).references(ALL_ACCOUNTS)]
    ['borg', 'acme']

    Args:
        store: the store.
        order: gives a list in the other order, like `reversed`. It is asked for the accounts, for the
            references of each, for the claims of a snapshot, and for outcomes to commit.
    """

    def __init__(self, store: Store, *, order: Callable[[list[Any]], Iterable[Any]]) -> None:
        super().__init__(store)
        self.order: Callable[[list[Any]], Iterable[Any]] = order

    def references(self, criteria: Criteria, /) -> Iterable[Reference]:
        """Give the references in another order, those of an account one after another."""
        found: dict[str, list[Reference]] = {}
        for each in super().references(criteria):
            found.setdefault(each.account, []).append(each)
        return [each for account in self.order([*found]) for each in self.order(found[account])]

    def snapshot(self, account: str, /) -> AccountSnapshot:
        """Give a snapshot with its claims in another order."""
        known = super().snapshot(account)
        return evolve(known, claims=self.order([*known.claims]))

    def commit(self, outcomes: Sequence[AccountOutcome], /) -> Sequence[str]:
        """Keep outcomes in another order."""
        return super().commit([*self.order([*outcomes])])


class Crashing(Counting):
    """A store at whose n-th call the process dies.

    >>> from billingcore import InvoiceRun, MemoryStore, Period, execute
    >>> store = MemoryStore()
    >>> try:
    ...     execute(InvoiceRun(Period.month(2026, 1)), Crashing(store, at=3))
    ... except Crash as crash:
    ...     print(crash, [record.status.value for record in store.runs()])
    at call 3, note ['Started']

    Args:
        store: the store, which lives on.
        at: the number of the call, counted from 1; with fewer calls nothing happens.
        when: ``before`` the call reaches the store, or ``after``, before its answer is heard.
    """

    def __init__(self, store: Store, *, at: int, when: When = "before") -> None:
        super().__init__(store)
        self.at: int = at
        self.when: When = when
        self.crash: Crash | None = None

    def call(self, name: str, *args: object) -> Any:
        """Hand a call on, and die if it is time; from then on nothing reaches the store."""
        if self.crash is not None:
            raise self.crash
        if len(self.calls) + 1 < self.at:
            return super().call(name, *args)
        self.crash = Crash(f"at call {self.at}, {name}")
        if self.when == "after":
            super().call(name, *args)
        raise self.crash


def interleaved(
    store: Store, first: Callable[[Store], T], *others: Callable[[Store], object], at: int
) -> T:
    """Let others write between two calls of a writer, and give back what the writer gives.

    For every place that calls have, this is all that two writers at once can meet with in a store
    whose methods are atomic, one of them going on without a break.

    >>> from billingcore import Account, InvoiceRun, MemoryStore, Period, execute
    >>> store, run = MemoryStore(), InvoiceRun(Period.month(2026, 1))
    >>> report = interleaved(
    ...     store,
    ...     lambda store: execute(run, store),
    ...     lambda store: store.add(Account("acme", currency="EUR")),
    ...     at=3,
    ... )
    >>> report.accounts
    1

    Args:
        store: the store of all of them.
        first: a function of the store; what it calls is counted.
        others: functions of the store. The first one runs before call *at*, the next before the call
            after that, and so on; those that are left when the writer has ended run then.
        at: the number of a call, counted from 1.
    """
    waiting = iter(others)
    calls = 0

    def act(name: str) -> None:
        nonlocal calls
        calls += 1
        if calls >= at:
            for other in waiting:
                other(store)
                break

    result = first(Slow(store, wait=act))
    for other in waiting:
        other(store)
    return result
