"""A store in a SQLite database: one file, which the processes of one machine share.

    from sqlite_store import open_store

    store = open_store("billing.sqlite", tax=tax, setup=setup)
    store.add(bc.Account("acme", currency="EUR"))
    bc.execute(run, store, executor=ProcessPoolExecutor(2))

One process writes at a time, and others wait for it, for a minute (`WAIT`); reading goes on meanwhile. A crash at any
instant, of the process or of the machine, loses nothing that a method has returned from. The path
``:memory:`` gives a database for a test, in the memory of the process. Needs SQLite 3.35 or later, and
a file system that locks files; for several machines there is PostgreSQL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from os import fspath
from pathlib import Path
from typing import Any, Final

from sql_dialect import Fault
from sql_store import SqlStore

import billingcore as bc

__all__ = ["SqliteDialect", "SqliteStore", "open_store"]

MEMORY: Final = ":memory:"
WAIT: Final = 60.0
"""Seconds to wait while others write; then there is a `PortError` that can be retried."""

_PASSING: Final = ("SQLITE_FULL", "SQLITE_INTERRUPT", "SQLITE_PROTOCOL")
"""Errors that are not there for ever: a full disk, a question that was stopped, a race for a lock."""


class SqliteDialect:
    """What is different in SQLite.

    Args:
        path: the file.
    """

    error = sqlite3.Error
    lock = ""  # a step locks the whole database
    port = "SqliteStore"

    def __init__(self, path: str) -> None:
        self.path = path
        self.is_shared = path == MEMORY

    @property
    def patience(self) -> float:
        """Give less than the driver waits by itself, so that this wait is not repeated."""
        return WAIT / 2

    def connect(self) -> sqlite3.Connection:
        """Open the file."""
        opened = sqlite3.connect(
            self.path, timeout=WAIT, isolation_level=None, check_same_thread=False
        )
        try:
            opened.execute("PRAGMA journal_mode = WAL")  # who reads does not wait for who writes
            opened.execute("PRAGMA synchronous = FULL")  # what is committed is on the disk
        except BaseException:
            opened.close()
            raise
        return opened

    def is_broken(self, connection: sqlite3.Connection) -> bool:
        """Tell that a file is not lost."""
        return False

    def sql(self, statement: str) -> str:
        """Give the statement itself."""
        return statement

    def ddl(self, statement: str) -> str:
        """Write the types: text is compared by its code points anyhow."""
        return statement.format(serial="INTEGER PRIMARY KEY", text="TEXT")

    def begin(self, *, alone: bool) -> str:
        """Begin a step; there is only one at a time."""
        return "BEGIN IMMEDIATE"

    def begin_reading(self) -> str:
        """Begin to look at one moment."""
        return "BEGIN"

    def prepare(self, ask: Callable[..., list[Any]]) -> Sequence[str]:
        """Give nothing to prepare."""
        return ()

    def has_table(self, name: str) -> tuple[str, tuple[object, ...]]:
        """Ask for a table."""
        return "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)

    def lock_table(self, name: str) -> str:
        """Lock nothing more than the step has locked."""
        return ""

    def fault(self, error: Exception) -> Fault:
        """Tell what an error means."""
        if isinstance(error, sqlite3.DataError) or _is(error, "SQLITE_TOOBIG"):
            return Fault.REFUSED
        if _is(error, "SQLITE_BUSY", "SQLITE_LOCKED"):
            return Fault.TRY_AGAIN
        return Fault.LATER if _is(error, *_PASSING) else Fault.FAILED

    def ask_together(
        self, connection: sqlite3.Connection, questions: Sequence[tuple[str, Sequence[object]]]
    ) -> list[list[Any]]:
        """Ask one question after the other; there is no way to go."""
        return [connection.execute(each, values).fetchall() for each, values in questions]


def _is(error: Exception, *names: str) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(names)


class SqliteStore(SqlStore):
    """Accounts, drafts, invoices, books and executions in a SQLite database."""


@cache
def _check_version() -> None:
    if sqlite3.sqlite_version_info < (3, 35):
        rule = f"SQLite {sqlite3.sqlite_version} is too old; 3.35 or later is needed"
        raise bc.PortError(rule, port="SqliteStore")


def open_store(
    path: str | Path,
    *,
    tax: bc.TaxEngine | None = None,
    setup: bc.Setup | None = None,
    filters: Iterable[bc.Filter] = (),
    known: Mapping[str, object] | Iterable[object] = (),
) -> SqliteStore:
    """Open a store in a file, which is made if there is none.

    Args:
        path: the file, or ``:memory:`` for a database that is gone when the store is.
        tax: the tax engine; by default one that knows no code.
        setup: templates, business entities and bookkeeping; by default one template named Default.
        filters: by which records of the host are handed to accounts; give those of the runs.
        known: functions and objects of the host that records and runs mention, as `Codec` takes
            them.

    Raises:
        PortError: the file cannot be opened, or is no such database, or of a newer version; it is
            retryable if only others are in the way.
    """
    _check_version()
    name = fspath(path)
    if name != MEMORY:
        name = str(Path(name).absolute())
    store = SqliteStore(SqliteDialect(name), tax=tax, setup=setup, filters=filters, known=known)
    if name != MEMORY:
        store.travels_by(open_store, name)
    return store
