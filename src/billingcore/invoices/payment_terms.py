"""What is to be paid of a document until when, and what may be kept for paying early."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from billingcore.invoices.document import Invoice
from billingcore.records.chain_document import gross_of
from billingcore.values.context import EXACT, ZERO
from billingcore.values.rounding import allocate, round_amount

__all__ = ["DiscountOffer", "DuePart", "cash_discounts", "installments", "retained"]


class DuePart(NamedTuple):
    """A part of what is due on a document.

    Attributes:
        date: the last day for paying it.
        amount: the part, in the document's currency.
    """

    date: dt.date
    amount: Decimal


class DiscountOffer(NamedTuple):
    """What a customer may keep for paying the rest in time.

    Attributes:
        date: the last day for it.
        percent: of what is due.
        discount: what is taken off, in the document's currency.
        amount: what is left to pay.
    """

    date: dt.date
    percent: Decimal
    discount: Decimal
    amount: Decimal


def installments(invoice: Invoice) -> tuple[DuePart, ...]:
    """Say in which parts a document is to be paid; they add up to what is due.

    Without terms of its template that is one part on its due date, and none if nothing is due. The
    due date of a document is that of its last part, but for what is retained, which comes last.
    """
    kept = retained(invoice)
    due = invoice.totals.due if kept is None else EXACT.subtract(invoice.totals.due, kept.amount)
    last = () if kept is None else (kept,)
    if due <= ZERO:
        return last
    terms = invoice.draft.template.payment_terms.installments
    if not terms:
        return (DuePart(invoice.due_date, due), *last)
    amounts = allocate(due, [part.share for part in terms], currency=invoice.currency)
    days = (_later(invoice.date, part.days) for part in terms)
    return (*map(DuePart, days, amounts), *last)


def retained(invoice: Invoice) -> DuePart | None:
    """Say what is kept back of a document as security, and until when; None if nothing is.

    It is a percentage of all that the document bills, taxes included: of a final invoice of all
    that was agreed, before deductions. It is never more than what is due.
    """
    terms, due = invoice.draft.template.payment_terms.retention, invoice.totals.due
    if terms is None or due <= ZERO:
        return None
    contract = invoice.draft.chain.contract
    whole = gross_of(contract) if contract else invoice.totals.gross
    exact = Fraction(whole) * Fraction(terms.percent) / 100
    kept = min(round_amount(exact, invoice.currency, invoice.draft.policy.rounding), due)
    day = max(_later(invoice.date, terms.days), invoice.due_date)
    return DuePart(day, kept) if kept > ZERO else None


def cash_discounts(invoice: Invoice, due: Decimal | None = None) -> tuple[DiscountOffer, ...]:
    """Say what may be kept of a document for paying early, the earliest day first.

    Args:
        invoice: the document.
        due: what it asks for; None is its amount due, without credits that came later.
    """
    whole = invoice.totals.due if due is None else due
    if whole <= ZERO:
        return ()
    offers: list[DiscountOffer] = []
    for term in invoice.draft.template.payment_terms.cash_discounts:
        exact = Fraction(whole) * Fraction(term.percent) / 100
        off = round_amount(exact, invoice.currency, invoice.draft.policy.rounding)
        left = EXACT.subtract(whole, off)
        offers.append(DiscountOffer(_later(invoice.date, term.days), term.percent, off, left))
    return tuple(offers)


def _later(day: dt.date, days: int) -> dt.date:
    """Count days on, at most to the end of the calendar."""
    return dt.date.fromordinal(min(day.toordinal() + days, dt.date.max.toordinal()))
