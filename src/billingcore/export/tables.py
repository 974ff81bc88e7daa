"""Flat rows for data frames and tables: one plain value in each column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from billingcore.export.balances import in_order
from billingcore.invoices.chain import Deduction
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.ledger.entry import JournalEntry, JournalLine, Side
from billingcore.lines.line import LineItem
from billingcore.values.context import ZERO

__all__ = [
    "deduction_rows",
    "details",
    "invoice_line_rows",
    "invoice_rows",
    "rows",
    "spreadsheet_safe",
]

Row = dict[str, object]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001


def rows(entries: Iterable[JournalEntry]) -> list[Row]:
    """Give journal entries as flat rows, one for each line, by date.

    ``signed`` is below 0 for a credit, so it adds up to 0 in each entry. A custom field of an entry
    is a column like ``custom.project``.

    Raises:
        InvalidInputError: something else than journal entries.
    """
    return [
        {
            **_of_entry(entry),
            "account": line.account,
            "side": line.side.value,
            "signed": line.signed,
            **_of_line(line),
            **_custom(entry),
        }
        for entry in in_order("export.rows", entries)
        for line in entry.lines
    ]


def details(entries: Iterable[JournalEntry]) -> list[Row]:
    """Give booking details as flat rows, by date: an amount, and the account on each side.

    Raises:
        InvalidInputError: something else than journal entries.
    """
    return [
        {
            **_of_entry(entry),
            "debit": detail.account if detail.side is Side.DEBIT else detail.contra,
            "credit": detail.contra if detail.side is Side.DEBIT else detail.account,
            **_of_line(detail),
            **_custom(entry),
        }
        for entry in in_order("export.details", entries)
        for detail in entry.details
    ]


def _of_entry(entry: JournalEntry) -> Row:
    return {
        "entry": entry.id,
        "source": entry.source,
        "date": entry.date,
        "document_date": entry.document_date,
        "period": entry.period,
        "document": entry.document,
        "customer": entry.account,
        "name": entry.name,
        "tax_id": entry.tax_id,
        "entity": entry.entity,
        "text": entry.text,
        "reverses": entry.reverses,
        "currency": entry.currency,
    }


def _of_line(line: JournalLine) -> Row:
    return {
        "amount": line.amount,
        "type": line.type.value,
        "contra": line.contra,
        "second_account": line.second_account,
        "rule": line.rule,
        "tax_code": line.tax_code,
        "tax_rate": line.tax_rate,
        "center": line.center,
        "cost_object": line.cost_object,
        "region": line.region,
        "billing_practice": line.billing_practice,
        "lines": ", ".join(map(str, line.lines)),
        "subscriptions": ", ".join(line.subscriptions),
        "clears": line.clears,
    }


def _custom(entry: JournalEntry) -> Row:
    return {f"custom.{name}": value for name, value in entry.custom}


def invoice_rows(documents: Iterable[DraftInvoice | Invoice]) -> list[Row]:
    """Give invoices and drafts as flat rows, one for each; a draft has no number.

    ``first`` and ``last`` are the days of its invoice period, both inclusive. ``paid_before`` is what
    was paid when the document was made (BT-113), not what was paid since: `standing` says that.
    """
    return [_document_row(document) for document in documents]


def _document_row(document: DraftInvoice | Invoice) -> Row:
    issued = document if isinstance(document, Invoice) else None
    draft = document.draft if isinstance(document, Invoice) else document
    return {
        "number": issued.number if issued else "",
        "id": draft.id,
        "kind": draft.kind.value,
        "original": draft.original,
        "sub_invoice_key": draft.chain.key,
        "account": draft.account.id,
        "name": draft.billing.names,
        "entity": draft.seller.name if draft.seller else "",
        "date": issued.date if issued else draft.invoice_date,
        "due_date": issued.due_date if issued else None,
        "first": draft.period.first,
        "last": draft.period.last,
        "lines": len(draft.visible_lines),
        "net": draft.totals.net,
        "tax": draft.totals.tax,
        "gross": draft.totals.gross,
        "paid_before": draft.totals.paid,
        "rounding": draft.totals.rounding,
        "due": draft.totals.due,
        "currency": draft.currency,
    }


def deduction_rows(documents: Iterable[DraftInvoice | Invoice]) -> list[Row]:
    """Give what finals deduct as flat rows, one for each deducted document and tax code.

    ``document`` is the final: its number, or a draft's id. ``folded`` is what was open of the
    deducted document and the final asks for; it stands on the first row of each.
    """
    return [
        row
        for document in documents
        for each in document.deductions
        for row in _deducted(document, each)
    ]


def _deducted(document: DraftInvoice | Invoice, deduction: Deduction) -> Iterator[Row]:
    name = document.number if isinstance(document, Invoice) else document.id
    for count, part in enumerate(deduction.parts):
        yield {
            "document": name,
            "sub_invoice_key": document.sub_invoice_key,
            "deducted": deduction.number,
            "kind": deduction.kind.value,
            "date": deduction.date,
            "tax_code": part.tax.code,
            "tax_rate": part.tax.rate,
            "net": part.net,
            "tax": part.amount,
            "gross": part.gross,
            "folded": ZERO if count else deduction.folded,
            "currency": document.currency,
        }


def invoice_line_rows(documents: Iterable[DraftInvoice | Invoice]) -> list[Row]:
    """Give the lines of invoices and drafts as flat rows; hidden ones, too, since they count.

    ``document`` is an invoice's number or a draft's id; ``first`` and ``last`` are the days of
    service, both inclusive.
    """
    return [
        {
            "document": document.number if isinstance(document, Invoice) else document.id,
            "account": document.account.id,
            **_line_row(line),
        }
        for document in documents
        for line in document.lines
    ]


def _line_row(line: LineItem) -> Row:
    return {
        "line": line.number,
        "type": line.type.value,
        "item": line.item.id,
        "title": line.title,
        "subscription": line.subscription_id,
        "billing_key": line.billing_key,
        "first": line.service_period.first,
        "last": line.service_period.last,
        "quantity": line.quantity,
        "unit_code": line.unit_code,
        "unit_price": line.unit_price,
        "amount": line.amount,
        "discount": line.discount,
        "order_discount": line.order_discount,
        "net": line.net,
        "tax_code": line.tax.code,
        "tax_category": line.tax.category.value,
        "tax_rate": line.tax.rate,
        "tax": line.tax_amount,
        "currency": line.currency,
    }


def spreadsheet_safe(rows: Iterable[Mapping[str, object]]) -> list[Row]:
    """Give rows for a file that a spreadsheet opens: text that looks like a formula stays text.

    Such text gets an apostrophe before it; numbers and dates stay as they are.

    >>> spreadsheet_safe([{"name": "=cmd|' /C calc'!A0", "net": -5}])
    [{'name': "'=cmd|' /C calc'!A0", 'net': -5}]
    """
    return [{name: _safe(value) for name, value in row.items()} for row in rows]


def _safe(value: object) -> object:
    is_formula = isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA)
    return f"'{value}" if is_formula else value
