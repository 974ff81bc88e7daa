"""Turn a draft into an invoice: number, date, actual taxes; it never changes again."""

from __future__ import annotations

from datetime import date, timedelta

from billingcore.errors import DateRangeError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.lifecycle.edit import put_actual_taxes
from billingcore.ports import Store
from billingcore.values.boundary import DateLike
from billingcore.values.calendar import read_date

__all__ = ["finalize"]


def finalize(draft: DraftInvoice, store: Store, *, on: DateLike) -> Invoice:
    """Finalize a draft, in one step with all its effects.

    The store takes the next number of the series of the seller, or else of the template, keeps
    the invoice and removes the draft, as a whole or not at all; numbers have no gaps.

    Args:
        draft: the draft as it is stored; one that was made by hand need not be stored.
        store: keeps it, and knows its taxes.
        on: the invoice date, unless the draft has one.

    Raises:
        ConflictError: the stored draft was edited since.
        DateRangeError: *on* is no date.
        InvalidTransitionError: the draft is an invoice already.
        PortError: the tax engine could not answer; nothing has changed.
    """
    day = draft.invoice_date or read_date(on)
    taxed = put_actual_taxes(draft, store.tax)
    seller = draft.seller
    series = (seller and seller.series) or draft.template.series

    def issue(count: int) -> Invoice:
        number = series.number(count, day, draft.account.id)
        return Invoice(number, day, _due(day, draft.payment_days), taxed)

    return store.finalize(draft, series.counter(day, draft.account.id), issue)


def _due(day: date, payment_days: int) -> date:
    try:
        return day + timedelta(days=payment_days)
    except OverflowError:
        rule, fix = "due after the end of the calendar", "check the invoice date"
        raise DateRangeError(rule, field="on", value=day.isoformat(), fix=fix) from None
