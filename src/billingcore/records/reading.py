"""Read rows of a table into records: all that are right, and every error of those that are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from attrs import frozen

from billingcore.errors import InvalidInputError, show

__all__ = ["RowError", "read_rows"]

T = TypeVar("T")


@frozen
class RowError:
    """A row that could not be read.

    Attributes:
        source: the table, like ``items.csv``.
        row: its number as a person counts, the header being row 1.
        column: the field that is wrong; empty if it is the row as a whole.
        message: what is wrong, with the value and the fix.
    """

    source: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        return f"{self.source}, row {self.row}{column}: {self.message}"


def read_rows(
    build: Callable[[Mapping[str, str]], T],
    rows: Iterable[Mapping[str, str]],
    *,
    source: str,
    first_row: int = 2,
) -> tuple[list[T], list[RowError]]:
    """Build a record of each row; one that cannot be read costs no other.

    >>> from billingcore.values.numbers import exact
    >>> def price(row):
    ...     return exact(row["price"])
    >>> prices, errors = read_rows(price, [{"price": "1.50"}, {"price": "1,50"}], source="prices")
    >>> prices, str(errors[0])
    ([Decimal('1.50')], "prices, row 3: '1,50': not a decimal number; write the decimal point \
as a point: '1.50'")

    Args:
        build: makes the record; raises `InvalidInputError` if the row is wrong.
        rows: mappings of column to text.
        source: what the table is called in errors.
        first_row: the number of the first row.
    """
    records: list[T] = []
    errors: list[RowError] = []
    for number, row in enumerate(rows, first_row):
        try:
            records.append(build(row))
        except InvalidInputError as error:
            errors.append(RowError(source, number, error.field, _message(error)))
    return records, errors


def _message(error: InvalidInputError) -> str:
    value = "" if error.value is ... else f"{show(error.value)}: "
    return f"{value}{error.rule}" + (f"; {error.fix}" if error.fix else "")
