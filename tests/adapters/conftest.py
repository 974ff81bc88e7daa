"""Where the adapters are, and stores of each kind."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.postgres_server import dsn, shared
from tests.programs import EXAMPLES, told_by

__all__ = ["dsn", "told_by"]

for folder in (EXAMPLES, EXAMPLES / "adapters"):
    sys.path.insert(0, str(folder))  # as Python does for a script that it runs

KINDS = ("SQLite", "PostgreSQL")


class Stores:
    """Makes empty stores of one kind, and opens them again."""

    def __init__(self, kind: str, folder: Path, stack: ExitStack) -> None:
        self.kind = kind
        self._folder = folder
        self._stack = stack
        self._numbers = count(1)
        self._places: dict[int, str] = {}
        self._dsn = stack.enter_context(shared().database()) if kind == "PostgreSQL" else ""

    def open(self, name: str, **given: Any) -> Any:
        """Open the store of a name."""
        from tests.crash import world

        given = given or world.given()
        if self.kind == "SQLite":
            from sqlite_store import open_store

            found = open_store(self._folder / name, **given)
        else:
            from postgres_store import open_store

            found = open_store(self._dsn, schema=name, **given)
        self._stack.callback(found.close)
        return found

    def new(self, **given: Any) -> Any:
        """Open an empty store; it is closed after the test."""
        return self.open(f"store_{next(self._numbers)}", **given)

    def alter(self, name: str, sql: str, *values: object) -> None:
        """Change what is stored, behind the back of the store of a name."""
        if self.kind == "SQLite":
            import sqlite3

            connection = sqlite3.connect(self._folder / name)
            with connection:
                assert connection.execute(sql, values).rowcount > 0
            connection.close()
            return
        import psycopg

        with psycopg.connect(self._dsn) as connection:
            connection.execute(f"SET search_path TO {name}".encode())
            assert connection.execute(sql.replace("?", "%s").encode(), values).rowcount > 0


@pytest.fixture(params=KINDS)
def stores(request, tmp_path) -> Callable[..., Any]:
    """Give what makes empty stores of one kind."""
    with ExitStack() as stack:
        yield Stores(request.param, tmp_path, stack)
