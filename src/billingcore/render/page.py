"""What stands on a document, block by block, whatever it is then written as.

`content` decides what is shown and finds the words; `text` and `markup` lay it out. Texts of the
host have lost the characters that turn text around, and are not escaped.
"""

from __future__ import annotations

from attrs import frozen

from billingcore.render.layout import Row

__all__ = ["Block", "Facts", "Heading", "Prose", "Sums", "Table"]


@frozen
class Prose:
    """Paragraphs, which may have line breaks of their own.

    Attributes:
        role: what they are, like ``terms``; the class of the element in HTML.
        paragraphs: from top to bottom; without any text the block is not shown.
    """

    role: str
    paragraphs: tuple[str, ...]


@frozen
class Heading:
    """What the document is, and its number."""

    title: str


@frozen
class Facts:
    """Dates and references: pairs of a label and a value."""

    pairs: tuple[tuple[str, str], ...]


@frozen
class Table:
    """A table whose text column comes first, or behind the number of a row.

    Attributes:
        role: what it lists, like ``positions``.
        caption: what it is called; shown if `shows_caption`.
        head: the names of the columns.
        bodies: its rows, in parts that are set apart.
        note: what its marks mean; empty if it has none.
        least: columns that a terminal leaves for the text, at least.
        shows_caption: whether the caption is written; a screen reader reads it in any case.
    """

    role: str
    caption: str
    head: Row
    bodies: tuple[tuple[Row, ...], ...]
    note: str = ""
    least: int = 24
    shows_caption: bool = False


@frozen
class Sums:
    """Sums, each below the other, the last one set apart.

    Attributes:
        caption: what they are called, for a screen reader.
        rows: pairs of a label and an amount; a remark on the row before has no amount.
        is_closed: whether the last row is set apart.
    """

    caption: str
    rows: tuple[tuple[str, str], ...]
    is_closed: bool = True


Block = Prose | Heading | Facts | Table | Sums
