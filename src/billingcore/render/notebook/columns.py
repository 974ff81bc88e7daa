"""What is shown of each value where several stand below each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any, Final

from billingcore.invoices.chain import Deduction
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.totals import TaxSubtotal
from billingcore.ledger.entry import JournalEntry, JournalLine, Side
from billingcore.lines.line import LineItem
from billingcore.records.claims import Claim
from billingcore.records.item import Item
from billingcore.records.reasons import Exclusion, Problem
from billingcore.records.subscription import Subscription
from billingcore.records.tier import Tier
from billingcore.render.notebook.advice import advice_for
from billingcore.render.notebook.cells import fields_of, in_words, is_empty, is_record
from billingcore.render.notebook.sheets import MOST_ROWS, Sheet, listed
from billingcore.runs.record import RunRecord
from billingcore.values.period import Period

__all__ = ["sheet_of"]

Column = Callable[[Any], object]
Columns = dict[str, Column]

_MOST_COLUMNS: Final = 9


def _paths(*paths: str) -> Columns:
    """Give columns by paths of attributes; each is called like the last name of its path."""
    return {in_words(path.rpartition(".")[2]): attrgetter(path) for path in paths}


def _facts(exclusion: Exclusion) -> str:
    return ", ".join(f"{name} {value}" for name, value in exclusion.facts)


def _on(side: Side) -> Column:
    return lambda line: line.amount if line.side is side else None


_SUMS: Final = ("totals.net", "totals.tax", "totals.gross", "currency")

COLUMNS: Final[dict[type, Columns]] = {
    Claim: _paths("billable", "period", "state", "document"),
    Deduction: _paths("number", "kind", "date", "net", "tax", "gross"),
    DraftInvoice: {
        "draft": attrgetter("id"),
        **_paths("kind", "period"),
        "lines": lambda draft: len(draft.visible_lines),
        **_paths(*_SUMS),
    },
    Exclusion: {
        **_paths("record", "period"),
        "reason": lambda each: each.reason.name,
        "in words": attrgetter("reason.value"),
        "facts": _facts,
        "what to do": lambda each: advice_for(each.reason),
    },
    Invoice: _paths("number", "kind", "date", "due_date", "period", *_SUMS),
    Item: _paths(
        "id", "title", "quantity", "unit_price", "currency", "cadence", "billing_type", "start", "end"
    ),
    JournalEntry: {
        **_paths("id", "date", "account", "document", "text"),
        "amount": lambda entry: sum(each.amount for each in entry.lines if each.side is Side.DEBIT),
        **_paths("currency"),
    },
    JournalLine: {
        **_paths("account"),
        "for": attrgetter("type"),
        "rule": attrgetter("rule"),
        "tax code": attrgetter("tax_code"),
        "center": attrgetter("center"),
        "debit": _on(Side.DEBIT),
        "credit": _on(Side.CREDIT),
    },
    LineItem: _paths(
        "number", "title", "service_period", "quantity", "unit_price", "factor", "amount", "net",
        "currency",
    ),
    Period: {
        "first day": lambda period: period.first or "always",
        "last day": lambda period: period.last or "open",
        "days": lambda period: period.days if period.is_bounded else None,
    },
    Problem: {
        **_paths("account", "record", "field"),
        "what is wrong": attrgetter("message"),
        "what to do": attrgetter("advice"),
        "can succeed later": attrgetter("is_retryable"),
    },
    RunRecord: _paths("id", "kind", "status", "stage", "done", "documents", "failures", "totals"),
    Subscription: {
        **_paths("id", "account", "start", "end", "status"),
        "items": attrgetter("items"),
    },
    TaxSubtotal: {
        "code": attrgetter("tax.code"),
        "category": attrgetter("tax.category"),
        "rate in percent": attrgetter("tax.rate"),
        "reason": attrgetter("tax.reason"),
        "net": attrgetter("taxable"),
        "tax": attrgetter("amount"),
    },
    Tier: _paths("limit", "price", "price_type", "percent", "start", "end"),
}  # fmt: skip
"""Class → head of a column → what stands in it. A class that is not here shows its fields."""


def sheet_of(
    caption: str,
    values: Collection[object],
    sums: Callable[[Sequence[str]], tuple[object, ...]] | None = None,
) -> Sheet:
    """Give a table with a row for each value, without columns that would be empty."""
    first = [*islice(values, MOST_ROWS)]
    columns = _columns_of(first)
    kept = {
        name: get for name, get in columns.items() if not all(is_empty(get(each)) for each in first)
    }
    chosen = kept or {"value": _itself}

    def row(value: object) -> tuple[object, ...]:
        return tuple(get(value) for get in chosen.values())

    return listed(caption, [*chosen], values, row, sums([*chosen]) if sums else ())


def _columns_of(values: Sequence[object]) -> Columns:
    """Give the columns of a class; values of several classes have one of their own."""
    kinds = {type(each) for each in values}
    if len(kinds) != 1:
        return {"class": lambda each: in_words(type(each).__name__), "value": _itself}
    (kind,) = kinds
    if kind in COLUMNS:
        return COLUMNS[kind]
    if not is_record(values[0]):
        return {"value": _itself}
    names = [name for name, _ in fields_of(values[0])]
    return _paths(*_most_told(names, values))


def _most_told(names: Iterable[str], values: Sequence[object]) -> Sequence[str]:
    """Choose the first fields that say something about one of the values."""
    told = [name for name in names if any(not is_empty(getattr(each, name)) for each in values)]
    return told[:_MOST_COLUMNS]


def _itself(value: object) -> object:
    return value
