"""The law of advances and finals: what is booked of them is what they say, by tax code.

A final has the difference to what partial invoices booked, or all of it and their opposites; both
add up to the same for each tax code. It names each advance that it clears.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from billingcore.invoices.chain import Deduction
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.kinds import KINDS
from billingcore.invoices.tax_codes import tax_parts
from billingcore.ledger.comparing import Code, Sums, brought, code_of, require, summed
from billingcore.ledger.deferral import deferral_schedule
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ledger.finals import advances_of, left_open, rounding_before
from billingcore.ledger.partials import month_of
from billingcore.lines.line import LineItem
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.chain_document import TaxAmount
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.values.context import EXACT, ZERO, total

__all__ = ["check_advance", "check_final", "check_rounding"]

Months = Mapping[dt.date | None, Sequence[JournalLine]]
"""First day of a later month → its details; None → those of the document itself."""


def check_advance(draft: DraftInvoice, by_month: Months) -> None:
    """Check that an advance, or a credit of one, books gross amounts and nothing else."""
    main = by_month.get(None, ())
    types = (EntryType.INTERIM_REVENUE, EntryType.ROUNDING)
    others = {line.type.value for line in main} - {kind.value for kind in types}
    months = {month for month in by_month if month is not None}
    require(bool(others or months), False, "an advance books no revenue", *sorted(others))
    wanted = summed((code_of(tax), EXACT.add(net, own)) for tax, net, own, _ in tax_parts(draft))
    booked = ((_code(line, ()), brought(line)) for line in main if line.type is types[0])
    require(summed(booked), wanted, "advance by tax code")
    check_rounding(main, draft.totals.rounding)


def check_rounding(details: Iterable[JournalLine], wanted: Decimal) -> None:
    """Check what is booked because cash cannot pay every cent."""
    booked = total(brought(line) for line in details if line.type is EntryType.ROUNDING)
    require(booked, wanted, "rounding")


def check_final(
    draft: DraftInvoice,
    by_month: Months,
    month: dt.date,
    prior: Mapping[str, Sequence[JournalEntry]],
) -> None:
    """Check what a final books: what is new of revenue and tax, and what it clears.

    Args:
        draft: the final.
        by_month: what is booked of it.
        month: first day of the month in which it is booked.
        prior: number → entries of a document that it deducts, and of the credits of that.
    """
    law = _FinalLaw(draft, by_month.get(None, ()), prior)
    law.check()
    law.check_months(month, {each: lines for each, lines in by_month.items() if each is not None})


def _code(line: JournalLine, advances: Collection[str]) -> Code:
    """Give the tax of a detail; what takes back a partial invoice counts like the final's own."""
    return (line.tax_code, line.tax_rate, line.clears if line.clears in advances else "")


class _FinalLaw:
    """What the details of a final must be.

    Without a detail of tax, where there has to be one, it is booked gross.
    """

    def __init__(
        self,
        draft: DraftInvoice,
        details: Sequence[JournalLine],
        prior: Mapping[str, Sequence[JournalEntry]],
    ) -> None:
        self._draft = draft
        self._details = details
        self._prior = prior
        self._unbooked = {each.number for each in advances_of(draft) if self._is_unbooked(each)}
        self._advances = {
            each.number: each for each in advances_of(draft) if each.number not in self._unbooked
        }
        self._partials = [each for each in draft.deductions if not KINDS[each.kind].is_interim]
        taxes = self._wanted(lambda part: part.amount)
        self._is_gross = bool(taxes) and not self._booked(EntryType.TAX)
        self._taxes = {} if self._is_gross else taxes

    def _is_unbooked(self, deducted: Deduction) -> bool:
        """Tell whether an advance was never booked; a deposit made elsewhere is, if it is named."""
        if deducted.number in self._prior:
            return not self._prior[deducted.number]
        is_named = any(line.clears == deducted.number for line in self._details)
        return deducted.kind is InvoiceKind.DEPOSIT and not is_named

    def _booked(self, *types: EntryType) -> Sums:
        lines = (line for line in self._details if line.type in types)
        return summed((_code(line, self._advances), brought(line)) for line in lines)

    def _new(self, amount: Callable[[TaxAmount], Decimal]) -> Iterator[tuple[Code, Decimal]]:
        """Yield what is billed, less what partial invoices billed."""
        for part in self._draft.chain.contract:
            yield code_of(part.tax), amount(part)
        for each in self._partials:
            yield from ((code_of(part.tax), amount(part).copy_negate()) for part in each.parts)

    def _cleared(self, amount: Callable[[TaxAmount], Decimal]) -> Iterator[tuple[Code, Decimal]]:
        """Yield what is cleared of advances that were paid."""
        for number, each in self._advances.items():
            for part in each.parts:
                yield code_of(part.tax, number), amount(part).copy_negate()

    def _wanted(self, amount: Callable[[TaxAmount], Decimal]) -> Sums:
        return summed((*self._new(amount), *self._cleared(amount)))

    def check(self) -> None:
        """Check each tax code and document, and that nothing is missing."""
        first = _gross if self._is_gross else _net
        earned = self._booked(EntryType.REVENUE, EntryType.DEFERRED)
        require(earned, summed(self._new(first)), "revenue by tax code")
        require(self._booked(EntryType.TAX), self._taxes, "tax by code and rate")
        cleared = self._booked(EntryType.INTERIM_PAYMENT_CLEARING)
        require(cleared, summed(self._cleared(first)), "what was paid of advances")
        open_ = summed(
            (code_of(part.tax, number), part.gross.copy_negate())
            for number, each in self._advances.items()
            for part in left_open(each)
        )
        require(self._booked(EntryType.INTERIM_REVENUE), open_, "what is open of advances")
        rounding = rounding_before(self._draft, self._unbooked)
        check_rounding(self._details, EXACT.add(self._draft.totals.rounding, rounding))

    def check_months(self, month: dt.date, months: Mapping[dt.date, Sequence[JournalLine]]) -> None:
        """Check what is deferred: what the lines bring to each month, less what partials do."""
        released: list[tuple[Code, Decimal]] = []
        for later in sorted({*months, *self._later(month)}):
            booked = [(_code(line, ()), brought(line)) for line in months.get(later, ())]
            require(summed(booked), summed(self._share(later)), f"revenue of {later:%Y-%m}")
            released += booked
        require(self._booked(EntryType.DEFERRED), summed(released), "deferred revenue")

    def _later(self, month: dt.date) -> Iterator[dt.date]:
        """Yield the months after the final's in which there is something to book."""
        for line in self._deferred:
            yield from (each for each, _ in deferral_schedule(line) if each > month)
        for entry in self._entries_before:
            place = month_of(entry)
            if place is not None and place > month:
                yield place

    def _share(self, month: dt.date) -> Iterator[tuple[Code, Decimal]]:
        for line in self._deferred:
            yield code_of(line.tax), dict(deferral_schedule(line)).get(month, ZERO)
        for entry in self._entries_before:
            if month_of(entry) == month:
                yield from ((_code(line, ()), line.signed) for line in entry.details)

    @property
    def _deferred(self) -> Iterator[LineItem]:
        for line in self._draft.scope:
            if line.item.booking.recognition is not None:
                yield line

    @property
    def _entries_before(self) -> Iterator[JournalEntry]:
        for each in self._partials:
            yield from self._prior.get(each.number, ())


def _net(part: TaxAmount) -> Decimal:
    return part.net


def _gross(part: TaxAmount) -> Decimal:
    return part.gross
