"""What is to be paid of a document until when, and what may be kept for paying early."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from billingcore.invoices.document import Invoice
from billingcore.values.context import EXACT, ZERO
from billingcore.values.rounding import allocate, round_amount

__all__ = ["DiscountOffer", "DuePart", "cash_discounts", "installments"]


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
    due date of a document is that of its last part.
    """
    due = invoice.totals.due
    if due <= ZERO:
        return ()
    terms = invoice.draft.template.payment_terms.installments
    if not terms:
        return (DuePart(invoice.due_date, due),)
    amounts = allocate(due, [part.share for part in terms], currency=invoice.currency)
    days = (_later(invoice.date, part.days) for part in terms)
    return tuple(map(DuePart, days, amounts))


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
