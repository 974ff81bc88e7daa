"""A draft or an invoice as a part of a web page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Final

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.render.content import content_of
from billingcore.render.layout import Row
from billingcore.render.page import Block, Facts, Heading, Prose, Sums, Table

__all__ = ["html"]

_NAME: Final = "billingcore-document"
_STYLE: Final = f"""\
.{_NAME} table {{ border-collapse: collapse; margin: 1em 0 1em auto; }}
.{_NAME} table.positions, .{_NAME} table.deductions {{ width: 100%; }}
.{_NAME} caption {{ font-weight: bold; text-align: left; }}
.{_NAME} .unseen {{ position: absolute; width: 1px; height: 1px; overflow: hidden; \
clip-path: inset(50%); }}
.{_NAME} th, .{_NAME} td {{ font-weight: inherit; padding: 0.1em 0.5em; text-align: left; \
vertical-align: top; }}
.{_NAME} .amount {{ text-align: right; white-space: nowrap; }}
.{_NAME} thead th, .{_NAME} .last > * {{ font-weight: bold; }}
.{_NAME} thead, .{_NAME} tbody, .{_NAME} .last {{ border-bottom: 1px solid; }}
.{_NAME} dl {{ display: grid; grid-template-columns: max-content auto; column-gap: 1em; }}
.{_NAME} dd {{ margin: 0; }}"""


def html(
    document: DraftInvoice | Invoice,
    locale: str | None = "de_DE",
    *,
    texts: Mapping[str, str] | None = None,
) -> str:
    """Write a draft or an invoice as an HTML element, as its buyer reads it.

    It shows what `text` shows. All texts are escaped; there are no scripts, and nothing is loaded
    from anywhere. The style is that of the class ``billingcore-document`` alone.

    Args:
        document: what to write; hidden lines are not shown.
        locale: as in `text`.
        texts: as in `text`; they are escaped, too.

    Raises:
        InvalidInputError: there is no such locale.
    """
    content = content_of(document, locale, texts)
    parts = "\n".join(line for block in content.blocks for line in _block(block))
    head = f'<article class="{_NAME}" lang="{escape(content.language)}">'
    return f"{head}\n<style>\n{_STYLE}\n</style>\n{parts}\n</article>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"<h1>{escape(block.title)}</h1>"
        case Prose():
            yield from _prose(block)
        case Facts():
            yield "<dl>"
            for label, value in block.pairs:
                yield f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>"
            yield "</dl>"
        case Table():
            yield from _table(block)
        case _:
            yield from _sums(block)


def _prose(block: Prose) -> Iterator[str]:
    found = [f"<p>{_broken(each)}</p>" for each in block.paragraphs if each.strip()]
    if found:
        yield f'<div class="{block.role}">'
        yield from found
        yield "</div>"


def _broken(text: str) -> str:
    """Escape text and keep its line breaks."""
    return "<br>".join(map(escape, text.splitlines()))


def _table(block: Table) -> Iterator[str]:
    """Write a table; a row is named by its text, and a row below another is a part of it."""
    has_numbers = bool(block.head.number)
    unseen = "" if block.shows_caption else ' class="unseen"'
    yield f'<table class="{block.role}">'
    yield f"<caption{unseen}>{escape(block.caption)}</caption>"
    yield f"<thead>{_row(_heads(block.head, has_numbers=has_numbers))}</thead>"
    for body in block.bodies:
        yield "<tbody>"
        for row in body:
            yield _row(_cells(row, has_numbers=has_numbers))
        yield "</tbody>"
    yield "</table>"
    if block.note:
        yield f"<p>{escape(block.note)}</p>"


def _heads(head: Row, *, has_numbers: bool) -> Iterator[str]:
    for name in (head.number, head.text) if has_numbers else (head.text,):
        yield f'<th scope="col">{escape(name)}</th>'
    for name in head.numbers:
        yield f'<th scope="col" class="amount">{escape(name)}</th>'


def _cells(row: Row, *, has_numbers: bool) -> Iterator[str]:
    if has_numbers:
        yield f"<td>{escape(row.number)}</td>"
    is_named = bool(row.number) or not has_numbers
    text = _broken(row.text)
    yield f'<th scope="row">{text}</th>' if is_named else f"<td>{text}</td>"
    *numbers, last = row.numbers
    for number in (*numbers, last + row.mark):
        yield f'<td class="amount">{escape(number)}</td>'


def _sums(block: Sums) -> Iterator[str]:
    yield f'<table class="sums"><caption class="unseen">{escape(block.caption)}</caption>'
    yield "<tbody>"
    *rows, (last, amount) = block.rows
    for label, value in rows:
        yield _row(_pair(label, value))
    yield _row(_pair(last, amount), ' class="last"' if block.is_closed else "")
    yield "</tbody>"
    yield "</table>"


def _pair(label: str, amount: str) -> Iterator[str]:
    """Write a sum; a remark, which has no amount, names no row."""
    if amount:
        yield f'<th scope="row">{escape(label)}</th>'
        yield f'<td class="amount">{escape(amount)}</td>'
    else:
        yield f'<td colspan="2">{escape(label)}</td>'


def _row(cells: Iterable[str], attributes: str = "") -> str:
    return f"<tr{attributes}>{''.join(cells)}</tr>"
