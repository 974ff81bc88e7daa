"""The details of revenue and tax: what plain documents and finals have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.tax_codes import line_taxes, tax_parts
from billingcore.ledger.booking import Booking, make_detail
from billingcore.ledger.deferral import deferral_schedule
from billingcore.ledger.entry import JournalLine
from billingcore.ledger.plans import DocumentPlan, LinePlan
from billingcore.lines.line import LineItem
from billingcore.records.bookkeeping.accounts import EntryType, Match
from billingcore.values.context import EXACT, ZERO, total

__all__ = ["Months", "revenue_details", "tax_details"]

Months = dict[dt.date, list[JournalLine]]
"""First day of a month → what of deferred revenue is booked in it."""

# A member of an enumeration is looked up slowly in its class, so those of busy loops are named.
REVENUE: Final = EntryType.REVENUE
TAX: Final = EntryType.TAX

NONE_LATER: Final[Mapping[dt.date, Decimal]] = {}


def revenue_details(
    draft: DraftInvoice, booking: Booking, plan: DocumentPlan, month: dt.date, months: Months
) -> list[JournalLine]:
    """Give the details of revenue, and keep those of months after that of the document.

    A closed period moves an entry, but not the month that a share of revenue belongs to.
    """
    taxes: Mapping[int, Decimal] = line_taxes(draft) if booking.accounting.is_gross else {}
    details: list[JournalLine] = []
    deferred: list[JournalLine] = []
    for each, lines in plan.cells(draft.lines):
        found = each.found
        credit = lines[0].net if len(lines) == 1 else total([line.net for line in lines])
        later = _later(lines, month) if each.is_spread else NONE_LATER
        if later:
            deferred += _deferred(each, lines, later, booking, months)
            credit = EXACT.subtract(credit, total(later.values()))
        if taxes:  # tax is due at once, also that of deferred revenue
            credit = EXACT.add(credit, total([taxes[line.number] for line in lines]))
        if not each.is_clear and (credit or later):
            booking.check(each.wanted, found)
        if credit:
            details.append(_detail(each, lines, credit, REVENUE, found, booking.contra(found)))
    return details + deferred


def _detail(
    plan: LinePlan,
    lines: list[LineItem],
    credit: Decimal,
    type: EntryType,
    found: Match,
    contra: str,
) -> JournalLine:
    """Make a booking detail of lines."""
    if len(lines) == 1:
        line = lines[0]
        numbers, contract = (line.number,), line.subscription_id
        contracts = (contract,) if contract else ()
        return make_detail(credit, found, contra, type, plan.assignment, numbers, contracts)
    several = tuple([line.number for line in lines])
    named = dict.fromkeys([line.subscription_id for line in lines])
    every = tuple([name for name in named if name])
    return make_detail(credit, found, contra, type, plan.assignment, several, every)


def _later(lines: list[LineItem], month: dt.date) -> dict[dt.date, Decimal]:
    """Give what belongs to months after that of the document: first day → amount."""
    found: dict[dt.date, Decimal] = {}
    for line in lines:
        for later, share in deferral_schedule(line):
            if later > month:
                found[later] = EXACT.add(found.get(later, ZERO), share)
    return found


def _deferred(
    plan: LinePlan,
    lines: list[LineItem],
    later: Mapping[dt.date, Decimal],
    booking: Booking,
    months: Months,
) -> Iterator[JournalLine]:
    """Yield what is deferred, and keep what is taken from there in each later month."""
    found, whole = booking.match(plan.asked(EntryType.DEFERRED)), total(later.values())
    if whole:
        yield _detail(plan, lines, whole, EntryType.DEFERRED, found, booking.contra(found))
    for month, share in later.items():
        if share:
            line = _detail(plan, lines, share, REVENUE, plan.found, found.account)
            months.setdefault(month, []).append(line)


def tax_details(draft: DraftInvoice, booking: Booking, plan: DocumentPlan) -> list[JournalLine]:
    """Give the details of tax, one for each code and rate."""
    details: list[JournalLine] = []
    for tax, _, amount, lines in tax_parts(draft):
        if amount:
            booked = plan.tax(tax)
            found = booked.found
            booking.check(booked.wanted, found)
            contra, numbers = booking.contra(found), tuple([line.number for line in lines])
            assignment = (tax.code, tax.rate, "", "", "", "")
            details.append(make_detail(amount, found, contra, TAX, assignment, numbers))
    return details
