"""A draft or an invoice as a part of a web page, or as a page of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.render.content import Content, content_of
from billingcore.render.layout import Row
from billingcore.render.mark import draft_mark
from billingcore.render.page import Block, Facts, Heading, Prose, Sums, Table
from billingcore.render.words import Texts
from billingcore.values.text import escaped

__all__ = ["html", "page"]

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
.{_NAME} dd {{ margin: 0; }}
.{_NAME} p, .{_NAME} dd, .{_NAME} th, .{_NAME} td {{ overflow-wrap: anywhere; \
unicode-bidi: plaintext; }}
.{_NAME} p {{ text-align: left; }}
.{_NAME} thead th {{ overflow-wrap: normal; }}
.{_NAME} .sums tr:only-child > * {{ font-weight: bold; }}
@media screen and (max-width: 36em) {{
.{_NAME} {{ overflow-x: auto; }}
.{_NAME} table {{ font-size: 80%; }}
.{_NAME} th, .{_NAME} td {{ padding: 0.1em 0.25em; }}
.{_NAME} tbody th {{ min-width: 8em; }}
}}
@media print {{
.{_NAME} {{ print-color-adjust: exact; }}
.{_NAME} thead {{ display: table-header-group; }}
.{_NAME} tr, .{_NAME} dl, .{_NAME} p, .{_NAME} .sums {{ break-inside: avoid; }}
.{_NAME} .positions tr:has(> td:first-child:empty) {{ break-before: avoid; }}
.{_NAME} h1, .{_NAME} caption {{ break-after: avoid; }}
}}"""
_PAGE_STYLE: Final = """\
@page { size: A4; margin: 20mm 18mm; \
@bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; } }
:root { color-scheme: light dark; }
body { margin: 2em auto; max-width: 52em; padding: 0 1em; font: 15px/1.4 sans-serif; \
color: #1b1b1b; background: #fff; }
.mark { font-weight: bold; text-align: center; }
@media (prefers-color-scheme: dark) {
body { color: #ececec; background: #16181c; }
}
@media print {
body { margin: 0; max-width: none; padding: 0; font-size: 10pt; color: #000; background: #fff; }
.mark { display: none; }
}"""

_MARK_STYLE: Final = """\
@page {{ @top-right {{ content: "{}"; font: bold 10pt sans-serif; }} }}"""


def html(
    document: DraftInvoice | Invoice,
    locale: str | None = "de_DE",
    *,
    texts: Texts | None = None,
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
    return _article(content_of(document, locale, texts))


def page(
    document: DraftInvoice | Invoice,
    locale: str | None = "de_DE",
    *,
    texts: Texts | None = None,
) -> str:
    """Write a draft or an invoice as a whole HTML page, for a file, a browser or a PDF.

    It has the element that `html` gives, the title of the document as its own, and a style for
    screens, light and dark, and for paper: A4, no row is divided, and each page of a table begins
    with its head. A draft says on every printed page that it is one.

    >>> from billingcore import Account, Item, Period, draft
    >>> acme = Account("acme", currency="EUR")
    >>> made = draft(acme, [Item("desk", unit_price=9)], period=Period.month(2026, 1))
    >>> print(*page(made, "en_GB").splitlines()[:6], sep="\\n")
    <!DOCTYPE html>
    <html lang="en-GB">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Invoice (draft)</title>

    Args:
        document: what to write; hidden lines are not shown.
        locale: as in `text`.
        texts: as in `text`; they are escaped, too.

    Raises:
        InvalidInputError: there is no such locale, or a text that no document can use.
    """
    content = content_of(document, locale, texts)
    title = next(block.title for block in content.blocks if isinstance(block, Heading))
    mark = draft_mark(document, locale, texts=texts)
    style = f"{_PAGE_STYLE}\n{_MARK_STYLE.format(_quoted(mark))}" if mark else _PAGE_STYLE
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escaped(content.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escaped(title)}</title>",
        f"<style>\n{style}\n</style>",
        "</head>",
        "<body>",
        *([f'<p class="mark">{escaped(mark)}</p>'] if mark else []),
        _article(content),
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Write text into a style, where no character of it can end it."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text)


def _article(content: Content) -> str:
    parts = "\n".join(line for block in content.blocks for line in _block(block))
    head = f'<article class="{_NAME}" lang="{escaped(content.language)}">'
    return f"{head}\n<style>\n{_STYLE}\n</style>\n{parts}\n</article>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"<h1>{escaped(block.title)}</h1>"
        case Prose():
            yield from _prose(block)
        case Facts():
            yield "<dl>"
            for label, value in block.pairs:
                yield f"<dt>{escaped(label)}</dt><dd>{escaped(value)}</dd>"
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
    return "<br>".join(map(escaped, text.splitlines()))


def _table(block: Table) -> Iterator[str]:
    """Write a table; a row is named by its text, and a row below another is a part of it."""
    has_numbers = bool(block.head.number)
    unseen = "" if block.shows_caption else ' class="unseen"'
    yield f'<table class="{block.role}">'
    yield f"<caption{unseen}>{escaped(block.caption)}</caption>"
    yield f"<thead>{_row(_heads(block.head, has_numbers=has_numbers))}</thead>"
    for body in block.bodies:
        yield "<tbody>"
        for row in body:
            yield _row(_cells(row, has_numbers=has_numbers))
        yield "</tbody>"
    yield "</table>"
    if block.note:
        yield f"<p>{escaped(block.note)}</p>"


def _heads(head: Row, *, has_numbers: bool) -> Iterator[str]:
    for name in (head.number, head.text) if has_numbers else (head.text,):
        yield f'<th scope="col">{escaped(name)}</th>'
    for name in head.numbers:
        yield f'<th scope="col" class="amount">{escaped(name)}</th>'


def _cells(row: Row, *, has_numbers: bool) -> Iterator[str]:
    if has_numbers:
        yield f"<td>{escaped(row.number)}</td>"
    is_named = bool(row.number) or not has_numbers
    text = _broken(row.text)
    yield f'<th scope="row">{text}</th>' if is_named else f"<td>{text}</td>"
    *numbers, last = row.numbers
    for number in (*numbers, last + row.mark):
        yield f'<td class="amount">{escaped(number)}</td>'


def _sums(block: Sums) -> Iterator[str]:
    yield f'<table class="sums"><caption class="unseen">{escaped(block.caption)}</caption>'
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
        yield f'<th scope="row">{escaped(label)}</th>'
        yield f'<td class="amount">{escaped(amount)}</td>'
    else:
        yield f'<td colspan="2">{escaped(label)}</td>'


def _row(cells: Iterable[str], attributes: str = "") -> str:
    return f"<tr{attributes}>{''.join(cells)}</tr>"
