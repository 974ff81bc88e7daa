"""Where a business is kept, and stores in it that die at a step: before, within or after it.

A step of a log is an append. A step of a database is a statement, or with PostgreSQL a round trip
to the server; it is counted by the driver, so that the adapter is killed as it is.
"""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from typing import Any, ClassVar

from event_log import FileJournal, SqliteLog
from logged_store import LoggedStore

from tests.crash import world


def die() -> None:
    """End this process at once, as when the power fails."""
    os.kill(os.getpid(), signal.SIGKILL)


class Dying:
    """A log that dies at an append: so many are left, and at this moment of the last one."""

    left = 0
    moment = ""
    appended = ""
    """Which moment it is when an event is appended."""

    def reaches(self, moment: str) -> bool:
        """Tell whether it is to die now."""
        return self.left == 0 and self.moment == moment

    def append(self, event: bytes) -> int:
        self.left -= 1
        if self.reaches("before"):
            die()
        position = super().append(event)
        if self.reaches(self.appended):
            die()
        return position


class DyingJournal(Dying, FileJournal):
    """Within an append, half of the event is in the file."""

    appended = "after"

    def _write(self, written: bytes, position: int) -> None:
        if self.reaches("within"):
            os.pwrite(self._file, written[: len(written) // 2], position)
            die()
        super()._write(written, position)


class DyingLog(Dying, SqliteLog):
    """Within an append, the transaction is open."""

    appended = "within"

    @contextmanager
    def alone(self) -> Generator[None]:
        with super().alone():
            yield
        if self.reaches("after"):
            die()


DYING = {"file": DyingJournal, "sqlite": DyingLog}


class Place:
    """A filled store, and copies of it in which things go wrong."""

    moments: ClassVar[tuple[str, ...]] = ("before", "within", "after")
    """Of a step: nothing is done, a part is or it is not known to be, all is."""

    accounts: ClassVar[int] = world.ACCOUNTS
    """How many there are in the business."""

    most: ClassVar[int] = 1000
    """How many kills there are at the boundaries of steps."""

    recoveries: ClassVar[int] = 20
    """How often it is killed three times in a row."""

    step: ClassVar[int] = 5
    """Of so many kills one is tried, if not all are."""

    def open(self) -> Any:
        """Open the store as it is now."""
        raise NotImplementedError

    def renew(self) -> None:
        """Begin with the filled store again."""
        raise NotImplementedError

    def armed(self, number: int, moment: str) -> Any:
        """Open the store in a process that is to die at this moment of a step."""
        raise NotImplementedError

    def count(self, work: Callable[[Any], None]) -> int:
        """Count the steps that some work takes, undisturbed."""
        raise NotImplementedError

    def close(self) -> None:
        """Leave nothing behind."""


class LogPlace(Place):
    """Logs in a folder."""

    def __init__(self, kind: str, folder: str) -> None:
        self.kind = kind
        self.folder = Path(folder)
        self.path = self.folder / "billing"
        world.fill_and_close(world.opened(kind, self.folder / "filled"))

    def open(self) -> LoggedStore:
        return world.opened(self.kind, self.path)

    def renew(self) -> None:
        for left in self.folder.glob("billing*"):
            left.unlink()
        copyfile(self.folder / "filled", self.path)

    def armed(self, number: int, moment: str) -> LoggedStore:
        log = DYING[self.kind](self.path)
        store = LoggedStore(world.make, log)
        log.left, log.moment = number, moment
        return store

    def count(self, work: Callable[[Any], None]) -> int:
        self.renew()
        log = DYING[self.kind](self.path)
        store = LoggedStore(world.make, log)
        work(store)
        store.close()
        return -log.left


class DatabasePlace(Place):
    """A database: it takes longer than a log."""

    accounts, most, recoveries, step = 5, 60, 10, 10


class SqlitePlace(DatabasePlace):
    """Databases of the SQLite adapter in a folder."""

    moments = ("before",)  # within a statement, or after it, is before the next one

    def __init__(self, _: str, folder: str) -> None:
        self.folder = Path(folder)
        self.path = self.folder / "billing"
        world.fill_and_close(self._opened("filled"), self.accounts)

    def _opened(self, name: str) -> Any:
        from sqlite_store import open_store

        return open_store(self.folder / name, **world.given())

    def open(self) -> Any:
        return self._opened("billing")

    def renew(self) -> None:
        for left in self.folder.glob("billing*"):
            left.unlink()
        for kept in self.folder.glob("filled*"):
            copyfile(kept, self.folder / kept.name.replace("filled", "billing"))

    def _watched(self, act: Callable[[], None]) -> Any:
        """Open the store, and act before each statement from then on."""
        is_open = False

        def step(statement: str) -> None:
            if is_open:
                act()

        def connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
            connection = _connect(*args, **kwargs)
            connection.set_trace_callback(step)
            return connection

        _connect = sqlite3.connect
        sqlite3.connect = connect
        store = self.open()
        is_open = True
        return store

    def armed(self, number: int, moment: str) -> Any:
        return self._watched(countdown(number))

    def count(self, work: Callable[[Any], None]) -> int:
        self.renew()
        connect = sqlite3.connect
        counted = Tally()
        store = self._watched(counted)
        work(store)
        store.close()
        sqlite3.connect = connect
        return counted.number


class PostgresPlace(DatabasePlace):
    """Databases of the PostgreSQL adapter on a server."""

    moments = ("before", "within")  # within: it was asked, and nobody waits for the answer

    def __init__(self, _: str, dsn: str) -> None:
        self.dsn = dsn
        self.filled, self.copy = f"filled_{os.getpid()}", f"billing_{os.getpid()}"
        self._run(f"CREATE DATABASE {self.filled} TEMPLATE template0")
        world.fill_and_close(self._opened(self.filled), self.accounts)

    def _run(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(sql.encode())

    def _opened(self, name: str) -> Any:
        from postgres_store import open_store

        return open_store(f"{self.dsn} dbname={name}", **world.given())

    def open(self) -> Any:
        return self._opened(self.copy)

    def renew(self) -> None:
        self._run(f"DROP DATABASE IF EXISTS {self.copy} WITH (FORCE)")
        self._run(f"CREATE DATABASE {self.copy} TEMPLATE {self.filled} STRATEGY FILE_COPY")

    def _watched(self, act: Callable[[], bool]) -> Any:
        """Open the store, and act before each round trip from then on."""
        import psycopg

        def wait(self: Any, gen: Any, *args: Any, **kwargs: Any) -> Any:
            if is_open and act():
                gen = _cut(gen)
            return usual(self, gen, *args, **kwargs)

        is_open = False
        usual = psycopg.Connection.wait
        psycopg.Connection.wait = wait
        store = self.open()
        is_open = True
        return store

    def armed(self, number: int, moment: str) -> Any:
        if moment == "before":
            return self._watched(countdown(number))
        counted = Tally()

        def asked() -> bool:
            counted()
            return counted.number == number

        return self._watched(asked)

    def count(self, work: Callable[[Any], None]) -> int:
        import psycopg

        self.renew()
        wait = psycopg.Connection.wait
        counted = Tally()
        store = self._watched(counted)
        work(store)
        store.close()
        psycopg.Connection.wait = wait
        return counted.number

    def close(self) -> None:
        for each in (self.copy, self.filled):
            self._run(f"DROP DATABASE IF EXISTS {each} WITH (FORCE)")


def _cut(asking: Any) -> Any:
    """Ask the server, and die when it is to answer, or at the latest when it has."""
    from psycopg.waiting import Wait

    ready = None
    while True:
        try:
            state = asking.send(ready)
        except StopIteration:
            state = Wait.R
        if state == Wait.R:
            die()
        ready = yield state


class Tally:
    """Counts how often it is called."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self) -> bool:
        self.number += 1
        return False


def countdown(number: int) -> Callable[[], bool]:
    """Give what dies when it is called for this time."""
    counted = Tally()

    def count() -> bool:
        counted()
        if counted.number == number:
            die()
        return False

    return count


PLACES: dict[str, Callable[[str, str], Place]] = {
    "file": LogPlace,
    "sqlite": LogPlace,
    "SQLite": SqlitePlace,
    "PostgreSQL": PostgresPlace,
}
"""Two logs, and two databases."""
