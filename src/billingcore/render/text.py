"""A draft or an invoice as text, for a terminal or a mail."""

from __future__ import annotations

from typing import Final

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.render.content import content_of
from billingcore.render.layout import GAP, pad, paragraph, table, width_of
from billingcore.render.page import Block, Facts, Heading, Prose, Sums, Table
from billingcore.render.words import Texts
from billingcore.values.boundary import Boundary

__all__ = ["text"]

_NARROWEST: Final = 40
_LEAST_REASON: Final = 40


def text(
    document: DraftInvoice | Invoice,
    locale: str | None = "de_DE",
    *,
    texts: Texts | None = None,
    width: int = 78,
) -> str:
    """Write a draft or an invoice as text, as its buyer reads it.

    A draft does not ask for payment. Amounts have the digits of their currency, unit prices all of
    their digits. Wide numbers make a table wider than *width*, never crooked.

    Args:
        document: what to write; hidden lines are not shown.
        locale: how numbers and dates are written, and the language if it is German or English;
            None takes the account's, then the template's, then ``en``.
        texts: words that go before the library's, by the names of `catalogue`; or several such
            catalogues, of which the first that has a word decides.
        width: columns, at least 40.

    Raises:
        InvalidInputError: there is no such locale, the width is too small, or a text has a name or
            placeholders that no document uses.
    """
    Boundary("render.text").count("width", width, least=_NARROWEST, most=1000)
    layout = _Layout(width)
    blocks = [layout.block(block) for block in content_of(document, locale, texts).blocks]
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block)


class _Layout:
    """Lays blocks out, one after the other: sums end where the amounts above them end."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.right = width

    def block(self, block: Block) -> list[str]:
        """Lay out a block; nothing if there is nothing in it."""
        match block:
            case Heading():
                return [block.title, "=" * width_of(block.title)]
            case Prose():
                return [line for each in block.paragraphs for line in paragraph(each, self.width)]
            case Facts():
                return _facts(block)
            case Table():
                return self.table(block)
            case _:
                return self.sums(block)

    def table(self, block: Table) -> list[str]:
        """Lay a table out, and remember where its amounts end."""
        found = table(block.head, block.bodies, self.width, block.least)
        marks = (width_of(row.mark) for body in block.bodies for row in body)
        self.right = width_of(found[0]) - max(marks, default=0)
        caption = [block.caption] if block.shows_caption else []
        return [*caption, *found, *filter(None, [block.note])]

    def sums(self, block: Sums) -> list[str]:
        """Lay sums out, their amounts below those of the table before."""
        rows = block.rows
        reasons = [width_of(label) for label, amount in rows if not amount]
        labels = [width_of(label) for label, amount in rows if amount]
        broad = max(*labels, min(_LEAST_REASON, max(reasons, default=0)))
        most = max(width_of(amount) for _, amount in rows)
        indent = " " * (self.right - broad - len(GAP) - most)
        lines = [
            f"{indent}{pad(part, broad)}{GAP}{pad(amount if not place else '', most, to_the_right=True)}"
            for label, amount in rows
            for place, part in enumerate(paragraph(label, broad))
        ]
        if not block.is_closed:
            return lines
        rule = indent + "-" * (broad + len(GAP) + most)
        return [*lines[:-1], rule, lines[-1]]


def _facts(block: Facts) -> list[str]:
    broad = max((width_of(label) for label, _ in block.pairs), default=0)
    return [f"{pad(label, broad)}{GAP}{value}" for label, value in block.pairs]
