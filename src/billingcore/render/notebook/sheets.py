"""Tables as values draw them: with a caption, heads for each column and row, and never too long."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import islice
from typing import Final, TypeVar

from attrs import frozen

from billingcore.render.notebook.cells import is_empty, said
from billingcore.values.text import escaped
from billingcore.views.table import text_table

__all__ = ["MOST_ROWS", "Sheet", "facts", "listed"]

T = TypeVar("T")

MOST_ROWS: Final = 50
"""Rows of a table that are shown of more."""

_RIGHT: Final = ' style="text-align: right"'


@frozen
class Sheet:
    """A table that prints and draws itself; its first column names the rows.

    Attributes:
        caption: what it shows.
        head: the names of the columns; empty where each row is a name and a value.
        rows: their cells, any values.
        more: how many more there are than rows.
        sums: the last row, set apart; empty if there is none.
        marked: numbers of rows, from 0, that are set in bold type.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    more: int = 0
    sums: tuple[object, ...] = ()
    marked: frozenset[int] = frozenset()

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.head) or 2

    def __str__(self) -> str:
        cells = [[_cell(cell) for cell in row] for row in (*self.rows, *filter(None, [self.sums]))]
        lines = text_table(self.head or ("field", "value"), cells)
        return "\n".join([self.caption, *lines, *self._more()])

    def _repr_html_(self) -> str:
        return "\n".join(self._lines())

    def _more(self) -> Iterator[str]:
        if self.more:
            yield f"and {self.more} more"

    def _lines(self) -> Iterator[str]:
        yield f"<table><caption>{escaped(self.caption)}</caption>"
        if self.head:
            heads = "".join(f'<th scope="col">{escaped(name)}</th>' for name in self.head)
            yield f"<thead><tr>{heads}</tr></thead>"
        yield "<tbody>"
        for place, row in enumerate(self.rows):
            yield _row(row, is_strong=place in self.marked)
        for more in self._more():
            yield f'<tr><td colspan="{self.width}">{more}</td></tr>'
        yield "</tbody>"
        if self.sums:
            yield f"<tfoot>{_row(self.sums, is_strong=True)}</tfoot>"
        yield "</table>"


def _row(row: Sequence[object], *, is_strong: bool) -> str:
    name, *cells = (_drawn(cell, is_strong=is_strong) for cell in row)
    rights = (_RIGHT if _is_number(cell) else "" for cell in row[1:])
    rest = "".join(f"<td{right}>{cell}</td>" for right, cell in zip(rights, cells, strict=True))
    return f'<tr><th scope="row">{name}</th>{rest}</tr>'


def _is_number(cell: object) -> bool:
    return isinstance(cell, Decimal | Fraction | int) and not isinstance(cell, bool | Enum)


def _drawn(cell: object, *, is_strong: bool) -> str:
    text = "" if is_empty(cell) else escaped(said(cell))
    return f"<strong>{text}</strong>" if is_strong and text else text


def _cell(cell: object) -> object:
    """Give what a table of text can lay out."""
    if is_empty(cell):
        return None
    return cell if isinstance(cell, Decimal) else said(cell)


def facts(caption: str, pairs: Iterable[tuple[str, object]]) -> Sheet:
    """Give a table of names and values, without what is empty."""
    shown = tuple(pair for pair in pairs if not is_empty(pair[1]))
    return Sheet(caption, (), shown or (("all fields", "empty"),))


def listed(
    caption: str,
    head: Sequence[str],
    values: Collection[T],
    row: Callable[[T], Sequence[object]],
    sums: tuple[object, ...] = (),
) -> Sheet:
    """Give a table with a row for each value, or for the first of many."""
    rows = tuple(tuple(row(each)) for each in islice(values, MOST_ROWS))
    return Sheet(caption, tuple(head), rows, max(0, len(values) - MOST_ROWS), sums)
