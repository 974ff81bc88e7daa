"""Text in columns of a terminal: widths, wrapping, and a table that lines up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from attrs import field, frozen

__all__ = ["Row", "pad", "paragraph", "table", "width_of"]

GAP: Final = "  "
# Not the spaces that hold a number and its unit together.
_SPACE: Final = re.compile(r"[^\S\u00a0\u2007\u202f]+")


def width_of(text: str) -> int:
    """Count the columns that text takes: wide characters take two, combining ones none.

    >>> width_of("Größe"), width_of("料金")
    (5, 4)
    """
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int, *, to_the_right: bool = False) -> str:
    """Fill text up with spaces."""
    space = " " * (width - width_of(text))
    return space + text if to_the_right else text + space


def paragraph(text: str, width: int) -> list[str]:
    """Break text at its own line breaks and between words; words that are too long are cut."""
    return [line for part in text.splitlines() for line in _wrapped(part, width)]


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in _SPACE.split(text.strip()):
        if line and width_of(line) + 1 + width_of(word) > width:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
        while width_of(line) > width:
            head = _head(line, width)
            yield head
            line = line[len(head) :]
    yield line


def _head(text: str, width: int) -> str:
    """Give as many characters as fit, at least one."""
    fitting = sum(taken <= width for taken in accumulate(map(_width, text)))
    return text[: max(1, fitting)]


@frozen
class Row:
    """A row of a table: the text takes one line or several.

    Attributes:
        text: what stands in the wide column.
        number: in the narrow column before it, which a table without numbers does not have.
        numbers: in the columns behind it, on the first line of the text.
        mark: behind the last number.
    """

    text: str
    number: str = ""
    numbers: tuple[str, ...] = field(default=("", "", ""))
    mark: str = ""


def table(head: Row, bodies: Sequence[Sequence[Row]], width: int, least: int) -> list[str]:
    """Lay rows out below a head, with a rule below each part.

    The text gets what the numbers leave, *least* columns at least.
    """
    every = [head, *(row for body in bodies for row in body)]
    first = max(width_of(row.number) for row in every)
    columns = range(len(head.numbers))
    widths = [max(width_of(row.numbers[column]) for row in every) for column in columns]
    marked = max(width_of(row.mark) for row in every)
    taken = (first and first + len(GAP)) + sum(each + len(GAP) for each in widths) + marked
    middle = max(least, width - taken)
    rule = "-" * (taken + middle)
    lines = [rule, *_laid_out(head, first, middle, widths), rule]
    for body in bodies:
        for row in body:
            lines += _laid_out(row, first, middle, widths)
        lines.append(rule)
    return lines


def _laid_out(row: Row, first: int, middle: int, widths: Sequence[int]) -> Iterator[str]:
    text, *rest = paragraph(row.text, middle) or [""]
    lead = pad(row.number, first, to_the_right=True) + GAP if first else ""
    cells = [lead + pad(text, middle)]
    cells += [
        pad(number, width, to_the_right=True)
        for number, width in zip(row.numbers, widths, strict=True)
    ]
    yield (GAP.join(cells) + row.mark).rstrip()
    for line in rest:
        yield f"{' ' * len(lead)}{line}".rstrip()
