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

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.invoices.tax_codes import line_taxes, tax_parts
from billingcore.ledger.chain_law import check_advance, check_final, check_rounding
from billingcore.ledger.comparing import brought, require
from billingcore.ledger.deferral import deferral_schedule
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ledger.invoices import NONE_BEFORE
from billingcore.ledger.partials import month_of
from billingcore.ledger.reversal import without_pairs
from billingcore.lines.line import LineItem
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.values.context import EXACT, ZERO, total

__all__ = ["check_entries"]


def check_entries(
    invoice: Invoice,
    entries: Iterable[JournalEntry],
    *,
    original: InvoiceKind | None = None,
    prior: Mapping[str, Sequence[JournalEntry]] = NONE_BEFORE,
) -> None:
    """Check that the entries of a document add up to it: revenue, tax, rounding, later months.

    Args:
        invoice: the document, also a cancellation with the entries that reverse its original's.
        entries: those with the source ``invoice/<number>``, in the order of booking; others are
            passed over. Where one undoes another, it has to be its opposite.
        original: of a credit, the kind of the document that it gives a part of back.
        prior: of a final, number → the entries of a document that it deducts and of the credits of
            that, as `invoice_entries` got them.

    Raises:
        InvariantViolationError: with the detail or sum that is wrong, and what it should be.
    """
    source = f"invoice/{invoice.number}"
    booked = [entry for entry in entries if entry.source == source]
    _check_pairs(booked)
    by_month: dict[dt.date | None, list[JournalLine]] = {}
    for entry in without_pairs(booked):
        require(entry.currency, invoice.currency, "one currency", entry.id)
        by_month.setdefault(month_of(entry), []).extend(entry.details)
    draft = invoice.draft
    if draft.kind is InvoiceKind.FINAL:
        month = (draft.booked.date or invoice.date).replace(day=1)
        check_final(draft, by_month, month, prior)
    elif KINDS[original or draft.kind].is_interim:
        check_advance(draft, by_month)
    else:
        _Law(draft, by_month).check()


def _check_pairs(entries: Sequence[JournalEntry]) -> None:
    """Check that what undoes another entry of the document is its opposite."""
    known = {entry.id: entry for entry in entries}
    for entry in entries:
        undone = known.get(entry.reverses)
        if undone is not None:
            turned = [line._replace(side=line.side.other) for line in undone.details]
            require([*entry.details], turned, "what undoes is the opposite", entry.id)


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
        booked = {(line.tax_code, line.tax_rate): brought(line) for line in self._of(EntryType.TAX)}
        wanted = {} if self._is_gross else self._parts
        require(booked, wanted, "tax by code and rate")
        check_rounding(self._main, self._draft.totals.rounding)

    def _of(self, type: EntryType) -> list[JournalLine]:
        return [line for line in self._main if line.type is type]

    def _check_lines(
        self, what: str, details: Sequence[JournalLine], brings: Callable[[LineItem], Decimal]
    ) -> None:
        """Check what details say of the lines that they name, and that all lines are in them."""
        named = [number for detail in details for number in detail.lines]
        require(len({*named} & {*self._lines}), len(named), f"{what}: each line once")
        for detail in details:
            wanted = total(brings(self._lines[number]) for number in detail.lines)
            require(brought(detail), wanted, what, detail.lines)
        whole = total(brings(line) for line in self._lines.values())
        require(total(map(brought, details)), whole, what)

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
