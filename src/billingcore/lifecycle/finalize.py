"""Turn a draft into an invoice: number, date, actual taxes; it never changes again."""

from __future__ import annotations

from datetime import date, timedelta

from billingcore.errors import DateRangeError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.house import HouseTotals, house_totals
from billingcore.lifecycle.edit import put_actual_taxes
from billingcore.ports import Store
from billingcore.records.exchange import ask_rate
from billingcore.records.setup import Setup
from billingcore.records.snapshot import DEFAULT_SETUP
from billingcore.values.boundary import DateLike
from billingcore.values.calendar import read_date

__all__ = ["finalize"]


def finalize(
    draft: DraftInvoice, store: Store, *, on: DateLike, setup: Setup = DEFAULT_SETUP
) -> Invoice:
    """Finalize a draft, in one step with all its effects.

    The store takes the next number of the series of the seller, or else of the template, keeps
    the invoice and removes the draft, as a whole or not at all; numbers have no gaps.

    Args:
        draft: the draft as it is stored; one that was made by hand need not be stored.
        store: keeps it, and knows its taxes.
        on: the invoice date, unless the draft has one.
        setup: if it has a house currency other than the draft's, the invoice states its sums in
            that, too, at the rate of the invoice date.

    Raises:
        ConflictError: the stored draft was edited since.
        DateRangeError: *on* is no date.
        InvalidInputError: there is no rate of the invoice date; nothing has changed.
        InvalidTransitionError: the draft is an invoice already.
        PortError: the tax engine or the exchange rates could not answer; nothing has changed.
    """
    day = draft.invoice_date or read_date(on)
    taxed = put_actual_taxes(draft, store.tax)
    house = _in_house_currency(taxed, day, setup)
    seller = draft.seller
    series = (seller and seller.series) or draft.template.series

    def issue(count: int) -> Invoice:
        number = series.number(count, day, draft.account.id)
        return Invoice(number, day, _due(day, draft.payment_days), taxed, house)

    return store.finalize(draft, series.counter(day, draft.account.id), issue)


def _in_house_currency(draft: DraftInvoice, day: date, setup: Setup) -> HouseTotals | None:
    if setup.house_currency in (None, draft.currency):
        return None
    rate = ask_rate(setup.exchange, draft.currency, setup.house_currency, day)
    return house_totals(draft.totals, rate, draft.policy.rounding)


def _due(day: date, payment_days: int) -> date:
    try:
        return day + timedelta(days=payment_days)
    except OverflowError:
        rule, fix = "due after the end of the calendar", "check the invoice date"
        raise DateRangeError(rule, field="on", value=day.isoformat(), fix=fix) from None
