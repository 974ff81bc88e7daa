"""The statement of what a final deducts, as a file inside of the invoice: BG-24."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from billingcore.export.en16931.sheet import Sheet
from billingcore.export.en16931.terms import Group, amount_in, group, number, text
from billingcore.export.tables import spreadsheet_safe
from billingcore.export.texts import in_base_64
from billingcore.records.chain_document import TaxAmount
from billingcore.render.deducting import deduction_label
from billingcore.render.rendered import document_name
from billingcore.values.context import negated

__all__ = ["statement"]

Row = dict[str, object]

_COLUMNS: Final = (
    *("column_document", "document_number", "date", "tax_code", "column_rate"),
    *("column_net", "column_tax", "column_gross", "currency"),
)
"""The names of the words over the columns, in their order."""


def statement(sheet: Sheet) -> Iterator[Group]:
    """Yield the statement, if it is asked for and there is something to state.

    It is CSV (RFC 4180) in UTF-8 with a byte order mark, by which spreadsheets know that: all that
    was agreed, less each document, and what remains, by tax code, with stored amounts.
    """
    if sheet.with_statement and sheet.draft.deductions:
        name = f"deductions-of-{document_name(sheet.invoice, 'csv')}"
        yield group(
            {
                "BT-122": name.removesuffix(".csv"),
                "BT-123": sheet.voice.words("deductions"),
                "BT-125": in_base_64(_file(sheet).encode("utf-8-sig")),
                "BT-125-1": "text/csv",
                "BT-125-2": name,
            }
        )


def _file(sheet: Sheet) -> str:
    head = map(sheet.voice.words, _COLUMNS)
    rows = (row.values() for row in spreadsheet_safe(_rows(sheet)))
    return "".join(map(_line, (head, *rows)))


def _line(cells: Iterable[object]) -> str:
    doubled = (_written(cell).replace('"', '""') for cell in cells)
    return ",".join(f'"{cell}"' for cell in doubled) + "\r\n"


def _written(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _rows(sheet: Sheet) -> Iterator[Row]:
    """Yield the rows; those of deductions are below 0, so that columns add up to what remains."""
    voice, invoice, chain = sheet.voice, sheet.invoice, sheet.draft.chain
    own = (text(invoice.number), invoice.date)
    sources = (
        (voice.words("contract"), *own, chain.contract),
        *(
            (deduction_label(voice, each), text(each.number), each.date, _turned(each.parts))
            for each in chain.deductions
        ),
        (voice.words("remaining"), *own, chain.remaining.parts),
    )
    for label, name, day, parts in sources:
        for part in parts:
            amounts = (part.net, part.amount, part.gross)
            shown = (amount_in(invoice.currency, amount) for amount in amounts)
            tax = (text(part.tax.code), number(part.tax.rate))
            cells = (label, name, day, *tax, *shown, invoice.currency)
            yield dict(zip(_COLUMNS, cells, strict=True))


def _turned(parts: Iterable[TaxAmount]) -> list[TaxAmount]:
    return [TaxAmount(tax, negated(net), negated(amount)) for tax, net, amount in parts]
