"""The stores on databases when something is wrong: with what is put in, with others, with the place."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
import sqlite_store

import billingcore as bc
from tests.adapters.postgres_server import shared
from tests.examples.small_store import TAX

ACME = bc.Account("acme", currency="EUR")
BOB = bc.Account("bob", currency="EUR")
CALLS = bc.UsageRecord("U-1", "calls", "2026-01-05", 3)
OTHERS_TABLE = "CREATE TABLE account (name TEXT)"


@pytest.fixture
def store(stores):
    """Give a store with two accounts."""
    found = stores.open("shop", tax=TAX)
    found.add(ACME, BOB)
    return found


@pytest.fixture
def postgres(dsn):
    """Give a store that waits for locks shortly, with two accounts."""
    import postgres_store

    found = postgres_store.open_store(dsn, tax=TAX, lock_timeout=0.5)
    found.add(ACME, BOB)
    yield found
    found.close()


class TestPuttingIn:
    """What cannot be kept is refused, and nothing is kept."""

    @pytest.mark.parametrize("method", ["add", "change"])
    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ([bc.Account("late", currency="EUR")], r"store.add\(\*records\)"),
            (None, "None"),
            (CALLS, "add_usage"),
            ("acme", "acme"),
        ],
        ids=["a list", "nothing", "usage", "a text"],
    )
    def test_what_is_no_record_is_refused(self, store, method, wrong, said):
        """Something that is no record is named, and the records beside it are not kept."""
        beside = bc.Account("late" if method == "add" else "acme", currency="CHF")
        with pytest.raises(bc.InvalidInputError, match=said):
            getattr(store, method)(beside, wrong)

        assert store.accounts() == ("acme", "bob")
        assert store.snapshot("acme").account == ACME

    def test_no_contacts_are_refused(self, store):
        """Contacts that are none are refused, and the account can be read on."""
        with pytest.raises(bc.InvalidInputError, match="contacts"):
            store.put_contacts("acme", None)

        assert store.snapshot("acme").account == ACME

    @pytest.mark.parametrize("count", [0, -1, 1.5])
    def test_accounts_are_cut_into_one_part_at_least(self, store, count):
        """A number of parts that is none is refused."""
        with pytest.raises(bc.InvalidInputError, match="1 or more"):
            store.partitions(count)


class TestOthers:
    """Others write, hold locks, or cut the connection."""

    def test_documents_that_are_issued_meanwhile_are_no_tampering(self, stores, store):
        """A number that is taken while a chain is being read is not reported."""
        other, series = stores.open("shop", tax=TAX), bc.Template("Default").series
        reasons = (f"form {number}" for number in range(100))

        def skip():
            with ThreadPoolExecutor(1) as executor:
                given = {"on": "2026-02-01", "reason": next(reasons)}
                executor.submit(bc.skip_number, series, other, **given).result()

        skip()
        ask, found = store.database.ask, []
        store.database.ask = lambda *asked: (skip(), ask(*asked))[1]
        found = store.verify()
        del store.database.ask

        assert found == []
        assert store.verify() == []
        assert len([*store.skipped()]) >= 4

    def test_who_holds_a_row_stops_nobody_for_ever(self, dsn, postgres):
        """Who waits for a locked account, and who waits behind them, goes on or can try again."""
        import psycopg

        def told(method, *given):
            try:
                getattr(postgres, method)(*given)
            except bc.PortError as error:
                return error.is_retryable
            return "done"

        begun = monotonic()
        with psycopg.connect(dsn) as other, ThreadPoolExecutor(3) as executor:
            other.execute("SELECT 1 FROM billingcore.account WHERE id = 'acme' FOR UPDATE")
            usage = executor.submit(told, "add_usage", "acme", CALLS)
            late = executor.submit(told, "add", bc.Account("late", currency="EUR"))
            beside = executor.submit(told, "add_usage", "bob", CALLS)
            answers = [each.result() for each in (usage, late, beside)]

        assert answers[0] is True
        assert set(answers[1:]) <= {True, "done"}
        assert monotonic() - begun < 5
        assert told("add_usage", "acme", CALLS) == "done"

    def test_a_locked_file_is_waited_for_once(self, tmp_path, monkeypatch):
        """While another program holds the file, a step waits for the whole time once only."""
        monkeypatch.setattr(sqlite_store, "WAIT", 0.3)
        path = tmp_path / "busy.sqlite"
        store = sqlite_store.open_store(path)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        begun = monotonic()
        with pytest.raises(bc.PortError, match="locked") as error:
            store.add(ACME)

        assert error.value.is_retryable
        assert monotonic() - begun < 1.2
        other.close()
        store.close()

    @pytest.mark.parametrize("look", ["accounts", "snapshot"])
    def test_a_connection_that_was_cut_is_opened_again(self, postgres, look):
        """Reading goes on over a new connection when the server has ended the old one."""
        ((pid,),) = postgres.database.ask("SELECT pg_backend_pid()")
        shared().run(f"SELECT pg_terminate_backend({pid}, 5000)")
        given = () if look == "accounts" else ("acme",)

        assert getattr(postgres, look)(*given)
        assert postgres.database.ask("SELECT pg_backend_pid()") != [(pid,)]

    def test_a_full_disk_can_be_tried_again(self, tmp_path):
        """When there is room again, what failed for want of it works."""
        store = sqlite_store.open_store(tmp_path / "full.sqlite")
        store.database.run("PRAGMA max_page_count = 1")  # no more than there is
        many = [bc.Account(f"A-{number}", currency="EUR") for number in range(500)]
        with pytest.raises(bc.PortError, match="full") as error:
            store.add(*many)
        assert error.value.is_retryable
        store.database.run("PRAGMA max_page_count = 100000")
        store.add(*many)

        assert len(store.accounts()) == 500
        store.close()


class TestPlaces:
    """What is wrong with a place is no matter of time."""

    @pytest.mark.parametrize("place", ["letter.txt", "none/shop.sqlite", "other.sqlite", ""])
    def test_a_wrong_file_cannot_be_tried_again(self, tmp_path, place):
        """No database, no folder, tables of something else, or a folder: all of them stay so."""
        (tmp_path / "letter.txt").write_text("no database at all " * 100)
        other = sqlite3.connect(tmp_path / "other.sqlite")
        other.execute(OTHERS_TABLE)
        other.close()
        with pytest.raises(bc.PortError) as error:
            sqlite_store.open_store(tmp_path / place)

        assert not error.value.is_retryable

    @pytest.mark.parametrize(
        ("wrong", "is_retryable"),
        [
            ("dbname=nowhere", False),
            ("user=nobody_here", False),
            ("nonsense", False),
            ("port=1", True),
        ],
    )
    def test_a_wrong_name_cannot_be_tried_again(self, dsn, wrong, is_retryable):
        """A name that there is not stays so; a server that does not answer may come back."""
        import postgres_store

        with pytest.raises(bc.PortError) as error:
            postgres_store.open_store(f"{dsn} {wrong}")

        assert error.value.is_retryable is is_retryable

    def test_tables_of_something_else_are_left_alone(self, dsn):
        """A schema with a table of another application is refused, for good."""
        import postgres_store
        import psycopg

        with psycopg.connect(dsn) as connection:
            connection.execute("CREATE SCHEMA taken")
            connection.execute(OTHERS_TABLE.replace("account", "taken.account"))
        with pytest.raises(bc.PortError, match="account") as error:
            postgres_store.open_store(dsn, schema="taken")

        assert not error.value.is_retryable

    def test_no_time_to_wait_is_refused(self, dsn):
        """Waiting for a lock takes time."""
        import postgres_store

        with pytest.raises(bc.InvalidInputError, match="lock_timeout"):
            postgres_store.open_store(dsn, lock_timeout=0)

    @pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
    def test_the_encoding_of_the_environment_is_not_asked(self, dsn, monkeypatch, encoding):
        """Whatever encoding others have set, texts are those that were put in."""
        import postgres_store

        monkeypatch.setenv("PGCLIENTENCODING", encoding)
        store = postgres_store.open_store(dsn)
        store.add(bc.Account("Zoë €", currency="EUR"))

        assert store.accounts() == ("Zoë €",)
        store.close()

    def test_a_database_without_an_encoding_is_refused(self, dsn):
        """A database of SQL_ASCII is named, and what is to be done."""
        import postgres_store

        name = f"{dsn.split('dbname=')[1]}_ascii"
        encoding = "ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'"
        shared().run(f'CREATE DATABASE "{name}" TEMPLATE template0 {encoding}')
        try:
            with pytest.raises(bc.PortError, match=f"{name}.*SQL_ASCII") as error:
                postgres_store.open_store(shared().dsn(name))
        finally:
            shared().drop(name)

        assert not error.value.is_retryable

    @pytest.mark.parametrize("rights", ["USAGE, CREATE", "USAGE"], ids=["empty", "with tables"])
    def test_a_schema_that_somebody_prepared_is_used(self, dsn, rights):
        """A role that may make no schema uses one that is there, with or without tables."""
        import postgres_store
        import psycopg

        role = f"clerk_{dsn.split('dbname=')[1]}"
        shared().run(f"CREATE ROLE {role} LOGIN")
        own = f"{dsn} user={role}"
        with pytest.raises(bc.PortError, match="permission denied") as error:
            postgres_store.open_store(own)
        assert not error.value.is_retryable
        if rights == "USAGE":
            postgres_store.open_store(dsn).close()
        with psycopg.connect(dsn) as connection:
            connection.execute("CREATE SCHEMA IF NOT EXISTS billingcore")
            connection.execute(f"GRANT {rights} ON SCHEMA billingcore TO {role}".encode())
            rows = "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA billingcore"
            connection.execute(f"GRANT {rows} TO {role}".encode())
        store = postgres_store.open_store(own, tax=TAX)
        store.add(ACME)
        bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1)), store)

        assert store.accounts() == ("acme",)
        store.close()
        with psycopg.connect(dsn) as connection:
            connection.execute(f"DROP OWNED BY {role}".encode())
        shared().run(f"DROP ROLE {role}")

    def test_a_closed_store_in_memory_is_gone(self):
        """A store in memory says that it was closed, and does not begin anew."""
        store = sqlite_store.open_store(":memory:")
        store.add(ACME)
        store.close()
        with pytest.raises(bc.PortError, match="was closed"):
            store.accounts()
