"""Small tables of text and of HTML, for values that print and draw themselves."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from billingcore.values.period import Period
from billingcore.values.text import escaped

__all__ = ["Cell", "days_of", "html_table", "text_table", "without_empty"]

Cell = object
"""What stands in a cell: None stays empty, a Decimal stands to the right."""

GAP = "  "
_MOST_ROWS: Final = 200  # that are drawn


def text_table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Lay rows out in columns, below a head and a rule; gives the lines.

    >>> text_table(["item", "net"], [["seats", Decimal("9.50")], ["total", Decimal("109.50")]])
    ['item      net', '-----  ------', 'seats    9.50', 'total  109.50']
    """
    cells = [[*head], *([_said(cell) for cell in row] for row in rows)]
    columns = range(len(head))
    widths = [max(len(row[column]) for row in cells) for column in columns]
    is_amount = [any(isinstance(row[column], Decimal) for row in rows) for column in columns]
    lines = [
        GAP.join(
            text.rjust(width) if to_the_right else text.ljust(width)
            for text, width, to_the_right in zip(row, widths, is_amount, strict=True)
        ).rstrip()
        for row in cells
    ]
    return [lines[0], GAP.join("-" * width for width in widths), *lines[1:]]


def html_table(caption: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Write rows as a table of HTML; everything is escaped.

    Of more than 200 rows the first are drawn, and the last, which may be a sum.

    >>> html_table("a < b", ["net"], [[Decimal("9.50")]])
    '<table><caption>a &lt; b</caption><tr><th scope="col">net</th></tr>\
<tr><td style="text-align: right">9.50</td></tr></table>'
    """
    top = "".join(f'<th scope="col">{escaped(name)}</th>' for name in head)
    lines = [f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows[: _MOST_ROWS - 1]]
    more = len(rows) - _MOST_ROWS
    if more > 0:
        lines.append(f'<tr><td colspan="{len(head)}">and {more} more</td></tr>')
    lines += [f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows[_MOST_ROWS - 1 :][-1:]]
    body = "".join(lines)
    return f"<table><caption>{escaped(caption)}</caption><tr>{top}</tr>{body}</table>"


def _html_cell(cell: Cell) -> str:
    style = ' style="text-align: right"' if isinstance(cell, Decimal) else ""
    return f"<td{style}>{escaped(_said(cell))}</td>"


def _said(cell: Cell) -> str:
    if isinstance(cell, Period):
        return days_of(cell)
    return "" if cell is None else str(cell)


def days_of(period: Period) -> str:
    """Write a period with its first and its last day, both inclusive."""
    return f"{period.first} to {period.last}"


def without_empty(
    head: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """Leave out the columns of which every cell is empty.

    >>> without_empty(["item", "terms"], [["seats", None]])
    (['item'], [['seats']])
    """
    kept = [column for column in range(len(head)) if any(row[column] is not None for row in rows)]
    return [head[column] for column in kept], [[row[column] for column in kept] for row in rows]
