"""How a run travels to the workers of an executor."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor

import pytest

import billingcore as bc

RUN = bc.InvoiceRun(bc.Period.month(2026, 1))
ACCOUNTS = tuple(f"A{number}" for number in range(7))


class WatchedStore(bc.MemoryStore):
    """Remembers which run each commit came from; it says that it can travel."""

    def __init__(self):
        super().__init__()
        self.came_from = []

    def __reduce__(self):
        return WatchedStore, ()

    def commit(self, outcomes):
        self.came_from += [outcome.run for outcome in outcomes]
        return super().commit(outcomes)


class OtherExecutor(Executor):
    """One of which nobody knows whether its workers share objects; it works at once."""

    def submit(self, work, /, *given, **named):
        future = Future()
        future.set_result(work(*given, **named))
        return future


@pytest.fixture
def store():
    """Give a store with seven accounts."""
    filled = WatchedStore()
    for name in ACCOUNTS:
        seats = bc.Item("seats", unit_price="10", quantity=1)
        filled.add(
            bc.Account(name, currency="EUR"),
            bc.Subscription(f"S-{name}", account=name, items=[seats]),
        )
    return filled


def test_a_run_is_unpacked_once_in_a_worker(store):
    """All pieces of work of a worker have the same run, equal to the one that was executed."""
    with OtherExecutor() as executor:
        report = bc.execute(RUN, store, executor=executor, chunk=2)
    arrived = {id(run) for run in store.came_from}

    assert (report.accounts, len(store.came_from)) == (7, 7)
    assert len(arrived) == 1
    assert store.came_from[0] == RUN
    assert store.came_from[0] is not RUN


def test_threads_share_the_run(store):
    """What a thread bills, it bills from the very run that was executed."""
    with ThreadPoolExecutor(2) as executor:
        bc.execute(RUN, store, executor=executor, chunk=2)

    assert [run is RUN for run in store.came_from] == [True] * 7
