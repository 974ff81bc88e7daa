"""The stores on databases: opening, sharing, traveling, streaming."""

from __future__ import annotations

import os
import pickle
import sqlite3
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Barrier

import pytest
import sql_schema
import sqlite_store
from sql_database import Database

import billingcore as bc
from tests.examples.small_store import RUN, TAX, contract, records, seen

ACCOUNTS = 12


@pytest.fixture
def store(stores):
    """Give a store with some accounts."""
    found = stores.open("shop", tax=TAX)
    found.add(*records(ACCOUNTS))
    return found


class TestOpening:
    """Tables are made, and brought to the newest version."""

    def test_tables_of_the_first_version_are_brought_up_to_date(self, tmp_path):
        """A database that knows the first migration only has all of them when it was opened."""
        path = tmp_path / "old.sqlite"
        database = Database(sqlite_store.SqliteDialect(str(path)))
        sql_schema.migrate(database, upto=1)
        database.run("INSERT INTO coupon VALUES ('acme', 0, 'kept')")
        assert not database.has_table("invoice")
        database.close()
        store = sqlite_store.open_store(path)

        assert store.database.ask("SELECT MAX(number) FROM migration") == [(3,)]
        assert store.database.ask("SELECT body FROM coupon") == [("kept",)]
        assert [*store.invoices()] == []
        store.close()

    def test_tables_of_a_newer_version_are_refused(self, stores):
        """A program does not write to tables that it does not know."""
        stores.open("newer", tax=TAX).close()
        stores.alter("newer", "INSERT INTO migration VALUES (99, 'of tomorrow')")
        with pytest.raises(bc.PortError, match="version 99"):
            stores.open("newer", tax=TAX)

    def test_two_that_open_at_once(self, stores):
        """Several threads that open a new database make its tables once."""
        begin = Barrier(4)

        def opened(_):
            begin.wait()
            return stores.open("twice", tax=TAX).accounts()

        with ThreadPoolExecutor(4) as executor:
            assert [*executor.map(opened, range(4))] == [()] * 4

    def test_what_is_no_database_is_refused(self, tmp_path):
        """A file of something else is named as such, and stays as it is."""
        path = tmp_path / "letter.txt"
        path.write_text("no database at all " * 100)
        with pytest.raises(bc.PortError, match="not a database"):
            sqlite_store.open_store(path)

        assert path.read_text().startswith("no database")


class TestSharing:
    """Threads and processes use one store."""

    def test_a_closed_store_is_opened_again(self, store):
        """What is closed opens its database again when somebody asks."""
        known = seen(store)
        store.close()

        assert seen(store) == known

    def test_workers_make_what_one_makes(self, store, stores):
        """Two processes bill the same as one store by itself."""
        alone = bc.MemoryStore(tax=TAX)
        alone.add(*records(ACCOUNTS))
        bc.execute(RUN, alone)
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
            bc.execute(RUN, store, executor=executor, chunk=4)

        assert [*store.drafts()] == [*alone.drafts()]

    def test_a_store_survives_a_fork(self, store):
        """A child process uses the store of its parent over a connection of its own."""
        pid = os.fork()
        if not pid:
            os._exit(len(store.accounts()) != ACCOUNTS)
        _, status = os.waitpid(pid, 0)

        assert status == 0
        assert len(store.accounts()) == ACCOUNTS

    def test_threads_have_connections_of_their_own(self, store):
        """Threads that bill parts of the accounts at once bill all of them once."""
        parts = store.partitions(3)
        with ThreadPoolExecutor(3) as executor:
            ids = [store.accounts(part) for part in parts]
            made = [*executor.map(lambda some: bc.bill_accounts(RUN, store, some), ids)]

        assert sum(len(row.draft_ids) for part in made for row in part.accounts) == ACCOUNTS
        assert [len(some) for some in ids] == [4, 4, 4]

    def test_a_store_in_memory_stays_in_its_process(self):
        """A database in memory does not travel, but threads share it."""
        store = sqlite_store.open_store(":memory:", tax=TAX)
        store.add(*records(2))
        with ThreadPoolExecutor(1) as executor:
            assert executor.submit(store.accounts).result() == ("A-0", "A-1")
        with pytest.raises(bc.InvalidInputError, match="use a file"):
            pickle.dumps(store)
        store.close()

    def test_a_store_that_traveled_is_one(self, store):
        """A process has one store for each database that arrives there."""
        sent = pickle.dumps(store)
        there = pickle.loads(sent)  # noqa: S301 - our own

        assert there is pickle.loads(sent)  # noqa: S301 - our own
        assert there.accounts() == store.accounts()
        there.close()


class TestReading:
    """Streams go on, and views stay as they were."""

    def test_drafts_go_on_while_they_are_finalized(self, store, monkeypatch):
        """A stream of drafts that is read in pages loses none while others are finalized."""
        monkeypatch.setattr("sql_reading.PAGE", 10)
        bc.execute(RUN, store)
        seen_ids = []
        for draft in store.drafts():
            seen_ids.append(draft.id)
            bc.finalize(draft, store, on="2026-02-01")

        assert len(seen_ids) == ACCOUNTS
        assert [invoice.draft.id for invoice in store.invoices()] == seen_ids
        assert len([*store.references()]) == ACCOUNTS

    def test_lines_of_a_snapshot_stay_as_they_were(self, store):
        """Lines that are looked at late are those of the revision of the snapshot."""
        bc.execute(RUN, store)
        bc.post(store, on="2026-02-01")
        before = store.snapshot("A-0")
        number = next(iter(store.books("A-0").invoices))
        bc.finalize(bc.cancel(number, store.books("A-0")), store, on="2026-02-02")
        (after,) = [store.snapshot("A-0")]

        assert [line.document for line in before.lines["S-0/seats"]] == [number]
        assert dict(after.lines) == {}

    def test_criteria_are_looked_up(self, store):
        """References of chosen accounts, or of a batch, are those only."""
        store.add(bc.Account("late", currency="EUR", batch="B2"))

        assert [each.account for each in store.references(bc.Criteria(batch="B2"))] == ["late"]
        chosen = bc.Criteria(accounts=["late", "A-3"])
        assert [each.account for each in store.references(chosen)] == ["A-3", "late"]


class TestSteps:
    """A step is kept as a whole, or not at all."""

    def test_a_wrong_record_keeps_all_others_out(self, store):
        """If one of the records of a call is refused, none of them is there."""
        with pytest.raises(bc.InvalidInputError, match="there already"):
            store.add(bc.Account("new", currency="EUR"), contract("S-0", "A-0"))

        assert "new" not in store.accounts()

    def test_one_draft_that_cannot_be_kept_spoils_no_other(self, store):
        """A number that is in use is the error of its draft; the others are finalized."""
        bc.execute(RUN, store)
        bc.skip_number(bc.NumberPattern("2026-0000{0}"), store, on="2026-02-01", reason="used")
        report = bc.finalize_all([*store.drafts()], store, on="2026-02-01")

        assert len(report.problems) == ACCOUNTS
        assert all("another series" in each.message for each in report.problems)
        assert [*store.invoices()] == []

    def test_an_edit_in_a_decision_undoes_nothing(self, store):
        """A decision that fails leaves the books as they were."""

        def decide(books):
            raise bc.ConflictError("changed my mind")

        known = seen(store)
        with pytest.raises(bc.ConflictError, match="my mind"):
            store.record("A-0", decide)

        assert seen(store) == known

    def test_a_locked_file_is_a_problem_of_the_port(self, tmp_path, monkeypatch):
        """If others write for too long, the error says that it can be tried again."""
        monkeypatch.setattr(sqlite_store, "WAIT", 0.01)
        monkeypatch.setattr("sql_database.TRIES", 2)
        path = tmp_path / "busy.sqlite"
        store = sqlite_store.open_store(path, tax=TAX)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(bc.PortError, match="locked") as error:
            store.add(bc.Account("acme", currency="EUR"))

        assert error.value.is_retryable
        other.close()
        store.close()
