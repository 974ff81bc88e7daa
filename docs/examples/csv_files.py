"""Read tables from CSV files, row by row: the records that are right, and every mistake.

Nothing here knows what is billed: the columns and the records come from a `Table` of `csv_form`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar

from csv_cells import refuse
from csv_form import CUSTOM, Column, Table
from csv_records import COLUMN_OF, Values

import billingcore as bc

T = TypeVar("T")
Cells = Mapping[str, str]
Key = tuple[str, tuple[str, ...]]
"""What a row is called by other files: its file, and the cells of one of its keys."""


@dataclass(frozen=True)
class Row(Generic[T]):
    """One row that was read; a cell is asked for by the name of its column.

    Attributes:
        number: its number as a person counts.
        cells: column → text; empty if the row is broken as a whole.
        record: what was made of it; None if there is a mistake.
        is_told: whether it is known which cell is of which column.
        is_cut_off: whether the mistake is in another row, to which this one refers.
    """

    number: int
    cells: Cells
    record: T | None = None
    is_told: bool = False
    is_cut_off: bool = False

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class Files:
    """Reads the files of a folder, and remembers which rows there are and what is wrong.

    Attributes:
        errors: every mistake, in the order in which the files were read.
        unreadable: files whose rows cannot be told.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.errors: list[bc.RowError] = []
        self.unreadable: list[str] = []
        self._number_of: dict[Key, int] = {}
        self._right: set[Key] = set()

    def rows(self, table: Table[T]) -> list[Row[T]]:
        """Read a file; the files that it refers to are read before it."""
        path = self.folder / table.file
        if not table.is_required and not path.exists():
            return []
        try:
            # Bytes that are no UTF-8 are let in and found in their cell: they cost one row.
            with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
                numbered = _numbered(lines)
                _, names = next(numbered, (1, ""))
                columns = self._columns(table, names)
                if columns is None:
                    return []
                return [self._row(table, number, columns, row) for number, row in numbered if row]
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            self._unreadable(
                table,
                "",
                f"the file cannot be read: {reason}; put one of this name into the folder",
            )
            return []

    def _columns(self, table: Table[Any], row: list[str] | str) -> list[str] | None:
        """Read the names of the columns; None if it cannot be told what the cells mean."""
        if not row or isinstance(row, str):
            self._unreadable(table, "", "the names of the columns are missing; write them first")
        elif any(map(_is_no_text, row)):
            self._unreadable(table, "", "the file is not UTF-8; save it as UTF-8")
        else:
            found = [name.lower().replace(" ", "_") for name in row]
            self._check_columns(table, found)
            if table.file not in self.unreadable:
                return found
        return None

    def _check_columns(self, table: Table[Any], found: list[str]) -> None:
        """Report columns that are unknown, twice or missing."""
        known = {column.name: column for column in table.columns}
        missing = [name for name in known if name not in found]
        for name in dict.fromkeys(found):
            is_custom = table.has_custom and name.startswith(CUSTOM)
            if found.count(name) > 1:
                self._unreadable(table, name, "two columns have this name; rename one")
            elif name not in known and not is_custom:
                self._report_unknown(table, name, missing)
        if table.file not in self.unreadable:
            for name in missing:
                if known[name].is_required:
                    self._unreadable(table, name, "the column is missing; add it")

    def _report_unknown(self, table: Table[Any], name: str, missing: list[str]) -> None:
        """Report a column that is not in the form; if it may be one of it, nothing can be told."""
        near = get_close_matches(name, missing, n=1, cutoff=0.75)
        if near:
            self._unreadable(table, name, f"not a column; write {near[0]!r}")
        elif ";" in name or "\t" in name:
            fix = "separate the cells by commas, and save as UTF-8"
            self._unreadable(table, "", f"{name[:40]!r}: all names in one cell; {fix}")
        else:
            keep = f", or call it {CUSTOM}{name} to keep it" if table.has_custom else ""
            rule = f"not a column, and not used; remove it{keep}"
            self.errors.append(bc.RowError(table.file, 1, name, rule))

    def _unreadable(self, table: Table[Any], column: str, message: str) -> None:
        self.errors.append(bc.RowError(table.file, 1, column, message))
        self.unreadable.append(table.file)

    def _row(
        self, table: Table[T], number: int, columns: list[str], row: list[str] | str
    ) -> Row[T]:
        if isinstance(row, str):
            self.errors.append(bc.RowError(table.file, number, "", row))
            return Row(number, {})

        def build(cells: Cells) -> T:
            _check_cells(cells, columns, len(row))
            self._check_unique(table, cells)
            return record_of(table, cells)

        cells = dict(zip(columns, row, strict=False))
        records, errors = bc.read_rows(build, [cells], source=table.file, first_row=number)
        is_cut_off = False
        if records:
            errors, is_cut_off = self._dangling(table, number, cells)
        self.errors += errors
        for key in _keys(table, cells):
            self._number_of.setdefault(key, number)
            if not errors:
                self._right.add(key)
        is_told = len(row) == len(columns)
        return Row(number, cells, None if errors else records[0], is_told, is_cut_off)

    def _check_unique(self, table: Table[Any], cells: Cells) -> None:
        for key in _keys(table, cells)[:1]:
            if key in self._number_of:
                rule = f"row {self._number_of[key]} is called so already"
                refuse(rule, "give each row its own", table.keys[0][-1], "/".join(key[1]))

    def _dangling(
        self, table: Table[Any], number: int, cells: Cells
    ) -> tuple[list[bc.RowError], bool]:
        """Find what a row refers to in vain, and whether that is a row with a mistake."""
        for reference in table.references:
            names = tuple(cells.get(column, "") for column in reference.columns)
            key = (reference.file, names)
            if not all(names) or key in self._right or reference.file in self.unreadable:
                continue
            place = self._number_of.get(key)
            if place is None:
                rule = f"in no row of {reference.file}; add it there, or mend this cell"
            else:
                rule = f"row {place} of {reference.file} has a mistake; mend it there"
            message = f"{'/'.join(names)!r}: {rule}"
            error = bc.RowError(table.file, number, reference.columns[0], message)
            return [error], place is not None
        return [], False


def record_of(table: Table[T], cells: Cells) -> T:
    """Make the record of a row.

    Raises:
        InvalidInputError: a cell is wrong, with its column, its text and what to write instead.
    """
    values: Values = {}
    for column in table.columns:
        cell = cells.get(column.name, "")
        if cell:
            values[column.name] = _read_cell(column, cell)
        elif column.is_required:
            refuse("the cell is empty", f"write a value like {column.example}", column.name)
    own = {name[len(CUSTOM) :]: cell for name, cell in cells.items() if name.startswith(CUSTOM)}
    if any(own.values()):
        values["custom"] = {name: cell for name, cell in own.items() if cell}
    try:
        return table.build(values)
    except bc.InvalidInputError as error:
        error.field = COLUMN_OF.get(error.field, error.field)
        raise


def _read_cell(column: Column, cell: str) -> object:
    try:
        return column.kind.read(cell)
    except bc.InvalidInputError as error:
        refuse(error.rule, error.fix, column.name, cell)


def _keys(table: Table[Any], cells: Cells) -> list[Key]:
    return [(table.file, tuple(cells.get(name, "") for name in key)) for key in table.keys]


def _check_cells(cells: Cells, columns: list[str], count: int) -> None:
    """Check that there is a cell for each column, and that all of them are UTF-8."""
    if count != len(columns):
        fix = "write each of them, the empty ones too; put text with a comma in double quotes"
        refuse(f"{count} cells, but {len(columns)} columns", fix)
    for name, cell in cells.items():
        if _is_no_text(cell):
            shown = cell.encode("utf-8", "surrogateescape").decode("latin-1")
            refuse("not UTF-8", "save the file as UTF-8", name, shown)


def _is_no_text(cell: str) -> bool:
    """Tell whether a cell holds bytes that are no UTF-8, or the zeros of UTF-16."""
    return any("\udc80" <= character <= "\udcff" or character == "\0" for character in cell)


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the rows as a person counts them, with what is wrong in place of a broken one."""
    rows = csv.reader(lines, strict=True)
    number = 0
    while True:
        number, first_line = number + 1, rows.line_num + 1
        try:
            row = [cell.strip() for cell in next(rows)]
        except StopIteration:
            return
        except csv.Error as error:
            where = f"line {first_line}"
            if rows.line_num > first_line:
                where = f"lines {first_line} to {rows.line_num}"
            fix = "write a double quote inside a cell twice, and close each that opens a cell"
            yield number, f"{where} cannot be read: {error}; {fix}"
        else:
            yield number, row if any(row) else []
