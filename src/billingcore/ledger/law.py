"""The law that a document is its entries: line by line, code by code, month by month.

Nothing is taken from the accounts that were set up when it was booked, so that old entries can be
checked at any time. Each detail names the lines that it is made of; what they bring is worked out
anew from the document, and compared to the cent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial

from billingcore.errors import InvariantViolationError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.ledger.deferral import deferral_schedule
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ledger.reversal import part_of, without_pairs
from billingcore.ledger.taxes import line_taxes, tax_parts
from billingcore.lines.line import LineItem
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.values.context import EXACT, ZERO, total

__all__ = ["check_entries"]


def check_entries(invoice: Invoice, entries: Iterable[JournalEntry]) -> None:
    """Check that the entries of a document add up to it: revenue, tax, rounding, later months.

    Args:
        invoice: the document, also a cancellation with the entries that reverse its original's.
        entries: those with the source ``invoice/<number>``, in the order of booking; others are
            passed over. Where one undoes another, it has to be its opposite.

    Raises:
        InvariantViolationError: with the detail or sum that is wrong, and what it should be.
    """
    source = f"invoice/{invoice.number}"
    booked = [entry for entry in entries if entry.source == source]
    _check_pairs(booked)
    by_month: dict[dt.date | None, list[JournalLine]] = {}
    for entry in without_pairs(booked):
        _require(entry.currency, invoice.currency, "one currency", entry.id)
        month = _month_of(entry)
        by_month.setdefault(month, []).extend(entry.details)
    _Law(invoice.draft, by_month).check()


def _check_pairs(entries: Sequence[JournalEntry]) -> None:
    """Check that what undoes another entry of the document is its opposite."""
    known = {entry.id: entry for entry in entries}
    for entry in entries:
        undone = known.get(entry.reverses)
        if undone is not None:
            turned = [line._replace(side=line.side.other) for line in undone.details]
            _require([*entry.details], turned, "what undoes is the opposite", entry.id)


def _month_of(entry: JournalEntry) -> dt.date | None:
    """Give the month whose revenue an entry books; None for the document's first entry."""
    month = part_of(entry).removeprefix("/")
    return dt.date.fromisoformat(f"{month}-01") if month else None


def _require(found: object, wanted: object, law: str, *evidence: object) -> None:
    if found != wanted:
        law = f"entries add up to their document: {law}"
        raise InvariantViolationError(law, evidence=(*evidence, found, wanted))


class _Law:
    """What the details of a document must be.

    A document without details of tax is booked gross: its revenue brings the tax.
    """

    def __init__(
        self, draft: DraftInvoice, by_month: Mapping[dt.date | None, Sequence[JournalLine]]
    ) -> None:
        self._draft = draft
        self._main = by_month.get(None, ())
        self._months = {month: each for month, each in by_month.items() if month is not None}
        self._lines = {line.number: line for line in draft.visible_lines}
        self._parts = {
            (part.tax.code, part.tax.rate): part.amount for part in tax_parts(draft) if part.amount
        }
        self._is_gross = bool(self._parts) and not self._of(EntryType.TAX)
        self._taxes = line_taxes(draft) if self._is_gross else {}

    def check(self) -> None:
        """Check each detail, and that none is missing."""
        self._check_lines("revenue", self._of(EntryType.REVENUE), self._now)
        self._check_lines("deferred revenue", self._of(EntryType.DEFERRED), self._later)
        for month, details in self._months.items():
            share = partial(self._share, month=month)
            self._check_lines(f"revenue of {month:%Y-%m}", details, share)
        booked = {
            (line.tax_code, line.tax_rate): _brought(line) for line in self._of(EntryType.TAX)
        }
        wanted = {} if self._is_gross else self._parts
        _require(booked, wanted, "tax by code and rate")
        rounding = total(map(_brought, self._of(EntryType.ROUNDING)))
        _require(rounding, self._draft.totals.rounding, "rounding")

    def _of(self, type: EntryType) -> list[JournalLine]:
        return [line for line in self._main if line.type is type]

    def _check_lines(
        self, what: str, details: Sequence[JournalLine], brings: Callable[[LineItem], Decimal]
    ) -> None:
        """Check what details say of the lines that they name, and that all lines are in them."""
        named = [number for detail in details for number in detail.lines]
        _require(len({*named} & {*self._lines}), len(named), f"{what}: each line once")
        for detail in details:
            wanted = total(brings(self._lines[number]) for number in detail.lines)
            _require(_brought(detail), wanted, what, detail.lines)
        whole = total(brings(line) for line in self._lines.values())
        _require(total(map(_brought, details)), whole, what)

    def _share(self, line: LineItem, month: dt.date) -> Decimal:
        """Give what a line brings to a later month."""
        if line.item.booking.recognition is None:
            return ZERO
        return dict(deferral_schedule(line)).get(month, ZERO)

    def _later(self, line: LineItem) -> Decimal:
        return total(self._share(line, month) for month in self._months)

    def _now(self, line: LineItem) -> Decimal:
        """Give what a line brings at once; tax is due at once."""
        earned = EXACT.subtract(line.net, self._later(line))
        return EXACT.add(earned, self._taxes.get(line.number, ZERO))


def _brought(line: JournalLine) -> Decimal:
    """Give what a detail says that the document brings: a credit counts."""
    return line.signed.copy_negate()
