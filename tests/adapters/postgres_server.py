"""A real PostgreSQL server of the tests' own, on a free port of this machine only.

`missing` says why there can be none. `started` gives a server for a block,
`shared` one for all tests of this process. The server is started by guarding.py, which stops it
whatever becomes of the tests.
"""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from shutil import which

import pytest

QUICK = ("fsync=off", "full_page_writes=off")
"""What is lost when the power fails does not matter to tests; a server that is killed loses nothing."""

SIZES = ("max_connections=60", "shared_buffers=64MB", "max_wal_size=256MB")
TRIES = 5
_numbers = count(1)


def programs() -> Path | None:
    """Give the folder of the server's programs: on the path, or where packages put them."""
    folders = [Path(found).resolve().parent for found in map(which, ["initdb"]) if found]
    if config := which("pg_config"):
        asked = [config, "--bindir"]
        with suppress(OSError, subprocess.CalledProcessError):
            found = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
            folders.append(Path(found.strip()))
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(installed, key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    needed = ("initdb", "postgres", "pg_isready")
    return next((each for each in folders if all((each / name).exists() for name in needed)), None)


@cache
def missing() -> str:
    """Say what is missing for tests on PostgreSQL, empty if nothing is."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed: install the extra `test`, or psycopg[binary]"
    if programs() is None:
        return "no PostgreSQL server: `initdb` was not found; `.ci/run server` installs it"
    if os.geteuid() == 0 and not _user():
        return "no PostgreSQL server: it refuses to run as root, and there is no other user"
    return ""


def _user() -> str:
    """Give who runs the server if this is root: it refuses to run as root."""
    known = {each.pw_name for each in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), "")


def _place(user: str) -> str:
    """Give a folder for data that the user can reach."""
    usual = Path(tempfile.gettempdir()).resolve()
    if not user or all(each.stat().st_mode & 1 for each in (usual, *usual.parents)):
        return str(usual)
    return pwd.getpwnam(user).pw_dir  # the usual one is within a folder of root's own


class PostgresServer:
    """A server, which can be killed and started again; its databases stay.

    Attributes:
        port: where it listens.
    """

    def __init__(self, settings: tuple[str, ...] = QUICK) -> None:
        self.settings = (*SIZES, *settings)
        self.port = 0
        user = _user() if os.geteuid() == 0 else ""
        folder = tempfile.mkdtemp(prefix="billingcore-postgres-", dir=_place(user))
        guard = Path(__file__).with_name("guarding.py")
        self._guard = subprocess.Popen(
            [sys.executable, "-I", str(guard), str(programs()), folder, user],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _order(self, *words: str) -> str:
        """Give the guard an order, and give its answer."""
        assert self._guard.stdin
        assert self._guard.stdout
        self._guard.stdin.write(" ".join(words) + "\n")
        self._guard.stdin.flush()
        return self._guard.stdout.readline().strip()

    def start(self) -> None:
        """Start it where it was, or at first on a free port.

        Raises:
            OSError: it does not start.
        """
        ports = [self.port] * TRIES if self.port else [_free_port() for _ in range(TRIES)]
        for port in ports:  # somebody else may take a port in the meantime
            answer = self._order("start", str(port), *self.settings)
            if answer == "done":
                self.port = port
                return
        raise OSError(answer)

    def kill(self) -> None:
        """Stop it at once: whoever speaks with it is cut off."""
        assert self._order("stop") == "done"

    def close(self) -> None:
        """Stop it for ever, and remove its data."""
        if self._guard.stdin:
            self._guard.stdin.close()
        self._guard.wait()
        if self._guard.stdout:
            self._guard.stdout.close()

    def dsn(self, database: str = "postgres") -> str:
        """Say how to connect to a database."""
        return f"host=127.0.0.1 port={self.port} user=billing dbname={database}"

    def run(self, sql: str) -> list[tuple[object, ...]]:
        """Carry out a statement on the first database."""
        import psycopg

        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def create(self, template: str = "template0") -> str:
        """Make a database, empty or like another one that nobody uses; give its name."""
        name = f"b{os.getpid()}_{next(_numbers)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever uses it."""
        self.run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """Give the DSN of a new database, for a block."""
        name = self.create(template)
        try:
            yield self.dsn(name)
        finally:
            self.drop(name)


def _free_port() -> int:
    """Give a port that nobody uses now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def started(settings: tuple[str, ...] = QUICK) -> Iterator[PostgresServer]:
    """Give a server for a block."""
    server = PostgresServer(settings)
    try:
        server.start()
        yield server
    finally:
        server.close()


_shared: list[PostgresServer] = []


def shared() -> PostgresServer:
    """Give the server of this process, which stops when it ends; skip the test if there is none."""
    if reason := missing():
        pytest.skip(reason)
    if not _shared:
        server = PostgresServer()
        server.start()
        _shared.append(server)
    return _shared[0]


@pytest.fixture
def dsn() -> Iterator[str]:
    """Give the DSN of an empty database on a real server."""
    with shared().database() as found:
        yield found
