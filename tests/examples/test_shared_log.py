"""A log in a database, which several stores use at the same time."""

from __future__ import annotations

import os
import pickle
import sqlite3
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

import pytest
from event_log import SqliteLog
from logged_store import LoggedStore, open_store

import billingcore as bc
from tests.examples.small_store import RUN, make, read, records, seen

EXECUTED = """
from tests.examples.small_store import RUN, make
from concurrent.futures import ProcessPoolExecutor
from logged_store import open_store
import billingcore as bc, sys
if __name__ == "__main__":
    store = open_store(sys.argv[1], make)
    with ProcessPoolExecutor(2) as executor:
        report = bc.execute(RUN, store, executor=executor, chunk=3)
    print(len(report.drafts), len(list(store.drafts())))
"""


@pytest.fixture
def path(tmp_path) -> Path:
    """Give the place of a log."""
    return tmp_path / "log"


def test_two_stores_see_each_other(path):
    """What one store decides the other one knows, whichever method it is asked by."""
    first, second = (LoggedStore(make, SqliteLog(path)) for _ in range(2))
    first.add(*records(2))
    assert second.accounts() == ("A-0", "A-1")
    report = bc.execute(RUN, second)
    assert [draft.id for draft in first.drafts()] == list(report.draft_ids)
    bc.post(first, on="2026-02-01")
    assert second.invoice("2026-00002") == first.invoice("2026-00002")
    assert second.tax is not None
    assert second.setup == first.setup
    assert [*second.unresolved()] == []
    assert seen(first) == seen(second)
    first.close()
    second.close()


def test_a_store_that_is_behind_does_not_decide(path):
    """What a store has read before another one changed it is refused."""
    first, second = (LoggedStore(make, SqliteLog(path)) for _ in range(2))
    first.add(*records(1))
    (outcome,) = bc.plan(RUN, second)
    bc.execute(RUN, first)

    assert second.commit([outcome]) == ["A-0"]
    first.close()
    second.close()


def test_it_waits_for_its_turn(path):
    """While another connection writes, a store waits, and gives up with an error to be retried."""
    store = LoggedStore(make, SqliteLog(path, timeout=0.01))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(bc.PortError, match="locked") as raised:
        store.add(bc.Account("acme", currency="EUR"))
    assert raised.value.is_retryable
    other.execute("ROLLBACK")
    store.add(bc.Account("acme", currency="EUR"))
    other.close()
    store.close()


def test_threads(path):
    """Several threads may decide at once; all that they decide is kept."""
    store = LoggedStore(make, SqliteLog(path))

    def add(own):
        for number in range(20):
            store.add(bc.Account(f"{own}-{number}", currency="EUR"))

    threads = [Thread(target=add, args=[own]) for own in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    again = LoggedStore(make, SqliteLog(path))
    assert len(again.accounts()) == 80
    again.close()
    store.close()


def test_one_store_for_a_file(path):
    """A process has one store for a file, also when it arrives in a parcel."""
    store = open_store(path, make)

    assert open_store(str(path), make) is store
    assert read(pickle.dumps(store)) is store
    store.close()


def test_it_travels(path):
    """Workers in other processes bill into the same file; the store that stays sees all of it."""
    store = open_store(path, make)
    store.add(*records(10))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        report = bc.execute(RUN, store, executor=executor, chunk=3)

    assert len(report.drafts) == len([*store.drafts()]) == 10
    assert report.status is bc.RunStatus.COMPLETED
    store.close()


def test_it_survives_a_fork(path, examples):
    """Workers that are copies of a process with an open store do not disturb it."""
    store = open_store(path, make)
    store.add(*records(10))
    store.close()
    root = examples.parents[1]
    places = os.pathsep.join([str(root), str(examples), os.environ.get("PYTHONPATH", "")])
    ran = subprocess.run(
        [sys.executable, "-c", EXECUTED, str(path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": places.rstrip(os.pathsep)},
    )

    assert (ran.stdout, ran.stderr) == ("10 10\n", "")
