"""Ask the adapters of this folder all clauses of the contract, and write what came of it into a page.

    python kit_table.py adapters.md --dsn "host=127.0.0.1 dbname=billing"

The table stands between two comments of the page. Each clause is asked of new, empty stores: files in a
temporary folder, and schemas of an empty database, which are removed again.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import jsonl_store
import sqlite_store

from billingcore import testing

Make = Callable[..., Any]

STORES: Final = ("SQLite", "PostgreSQL", "JSON lines")
BEGINS, ENDS = "<!-- kit: written by kit_table.py -->", "<!-- end of kit -->"


@contextmanager
def sqlite() -> Iterator[Make]:
    """Give what makes stores in files of SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = count(1)
        yield lambda **given: sqlite_store.open_store(Path(folder) / str(next(numbers)), **given)


@contextmanager
def json_lines() -> Iterator[Make]:
    """Give what makes stores in files of JSON lines."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = count(1)
        yield lambda **given: jsonl_store.open_store(Path(folder) / str(next(numbers)), **given)


@contextmanager
def postgres(dsn: str) -> Iterator[Make]:
    """Give what makes stores in a database of PostgreSQL; a store that is closed is used again.

    Making tables takes longer than most clauses, so what is in them is removed instead.
    """
    import psycopg  # noqa: PLC0415 - needed for this adapter only
    from postgres_store import open_store  # noqa: PLC0415

    free: list[str] = []
    numbers = count(1)

    def run(sql: str) -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(sql.encode())

    def make(**given: Any) -> Any:
        schema = free.pop() if free else f"kit_{next(numbers)}"
        store = open_store(dsn, schema=schema, **given)
        close = store.close

        def closed() -> None:
            close()
            if schema not in free:
                run(EMPTIED.format(schema))
                free.append(schema)

        store.close = closed
        return store

    try:
        yield make
    finally:
        for number in range(1, next(numbers)):
            run(f"DROP SCHEMA IF EXISTS kit_{number} CASCADE")


EMPTIED: Final = """DO $$ BEGIN EXECUTE (
    SELECT 'TRUNCATE ' || string_agg(format('%I.%I', schemaname, tablename), ', ')
        || ' RESTART IDENTITY'
    FROM pg_tables WHERE schemaname = '{}' AND tablename <> 'migration'
); END $$"""
"""Empties all tables of a schema but the one that says which tables there are."""


def table(reports: Mapping[str, testing.StoreReport]) -> str:
    """Write what became of each clause, as rows of Markdown; notes say why one was not kept."""
    names = [name for name in STORES if name in reports]
    rows = ["| Clause | " + " | ".join(names) + " |", "|" + " --- |" * (1 + len(names))]
    for each in zip(*(reports[name].results for name in names), strict=True):
        told = " | ".join(result.reason or result.status.value for result in each)
        rows.append(f"| {each[0].text} | {told} |")
    badges = [f"- {name} {reports[name].badge}." for name in names]
    return "\n".join([*badges, "", *rows])


def written(page: str, told: str) -> str:
    """Give a page with another table."""
    before, _, rest = page.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    return f"{before}{BEGINS}\n\n{told}\n\n{ENDS}{after}"


def main() -> None:
    """Ask all adapters, and write the page."""
    parser = argparse.ArgumentParser(description="Write what the kit says of the adapters.")
    parser.add_argument("page", type=Path)
    parser.add_argument("--dsn", required=True, help="of an empty database of PostgreSQL")
    options = parser.parse_args()
    makers = {"SQLite": sqlite, "PostgreSQL": partial(postgres, options.dsn)}
    reports = {}
    for name, maker in (makers | {"JSON lines": json_lines}).items():
        with maker() as make:
            reports[name] = testing.check_store(make, on_failure="report")
        print(name, reports[name].badge)
    options.page.write_text(written(options.page.read_text("utf-8"), table(reports)), "utf-8")


if __name__ == "__main__":
    main()
