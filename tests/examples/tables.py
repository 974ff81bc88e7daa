"""Read and write the files of the sample, without the code under test."""

from __future__ import annotations

import csv
from collections.abc import Container, Iterable
from pathlib import Path

Table = list[list[str]]


def read(path: Path) -> Table:
    """Read all rows of a file, the header included."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, rows: Table) -> None:
    """Write all rows of a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def records(path: Path) -> list[dict[str, str]]:
    """Read a file as records: column to text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def put(folder: Path, file: str, row: int, column: str, text: str) -> None:
    """Write a cell anew; rows are counted as a person does, the header being row 1."""
    table = read(folder / file)
    table[row - 1][table[0].index(column)] = text
    write(folder / file, table)


def cell(folder: Path, file: str, row: int, column: str) -> str:
    """Read a cell."""
    table = read(folder / file)
    return table[row - 1][table[0].index(column)]


def keep(folder: Path, file: str, column: str, values: Container[str]) -> set[str]:
    """Keep the rows that have one of some values in a column; give their first cells."""
    header, *rows = read(folder / file)
    place = header.index(column)
    kept = [row for row in rows if row[place] in values]
    write(folder / file, [header, *kept])
    return {row[0] for row in kept}


def drop(folder: Path, file: str, column: str, values: Iterable[str]) -> None:
    """Delete the rows that have one of some values in a column."""
    header, *rows = read(folder / file)
    place, gone = header.index(column), set(values)
    write(folder / file, [header, *(row for row in rows if row[place] not in gone)])


def append(folder: Path, file: str, line: str) -> None:
    """Add a line at the end of a file."""
    with (folder / file).open("a", encoding="utf-8") as opened:
        opened.write(line + "\n")
