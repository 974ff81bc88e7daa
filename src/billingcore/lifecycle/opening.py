"""Documents that another system issued, and that are still to be paid when this one begins."""

from __future__ import annotations

import datetime as dt
from typing import Final

from attrs import frozen

from billingcore.errors import BillingError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.lifecycle.books import Books, Finalization, PendingInvoice
from billingcore.lifecycle.effects import effects_of
from billingcore.lifecycle.finalize import in_house_currency
from billingcore.lifecycle.taxing import with_actual_taxes
from billingcore.ports import Store
from billingcore.records.numbering import Counter
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.sealing import changed

__all__ = ["is_taken_over", "take_over"]

_MANUAL: Final = "manual/"
_OPENING: Final = "opening/"
_COUNTER: Final = Counter(_OPENING, 0)
"""Counts the documents that are taken over; their numbers are those that they have."""


def take_over(
    draft: DraftInvoice,
    store: Store,
    *,
    number: str,
    on: DateLike,
    due: DateLike,
) -> Invoice:
    """Keep a document of another system under the number that it has, so that it can be paid.

    It is a document like any other from then on: payments and credits are for it, it stands on the
    account, and it is booked. It uses up no number of a series, and covers no days: say with
    claims, or with a next service period start, what was billed. Its draft says what is still
    open: as a rule one line without tax, since its tax was declared where it was issued.

    >>> from billingcore import Account, Item, MemoryStore, Period
    >>> from billingcore import draft as make_draft
    >>> store, acme = MemoryStore(), Account("acme", currency="EUR")
    >>> store.add(acme)
    >>> open_item = Item("opening", title="Open of 2026-00390", unit_price="357.00")
    >>> made = make_draft(acme, [open_item], period=Period.month(2026, 3))
    >>> take_over(made, store, number="2026-00390", on="2026-03-02", due="2026-04-01")
    <invoice 2026-00390 of 2026-03-02: 357.00 EUR>

    Args:
        draft: made by hand, with the amount that is open; less than 0 makes a credit.
        store: keeps it, in one step with its entries.
        number: its number.
        on: its date; `edit.rebook` gives the draft another one to be booked on.
        due: the last day for payment.

    Raises:
        DateRangeError: a date is no date.
        InvalidInputError: the draft is of a run or of an agreement, or stored; it is due before its
            date; or the number is in use.
        InvalidTransitionError: a document of this number was taken over before.
        PortError: the exchange rates or the tax engine could not answer; nothing has changed.
    """
    read = Boundary("take_over")
    chosen = read.instance("draft", draft, DraftInvoice)
    read.record = f"take_over {read.id('number', number)!r}"
    _check_kind(read, chosen)
    day = read.read("on", on, read_date)
    last = read.read("due", due, read_date)
    read.order("due", day, last)
    named = changed(chosen, run_id=f"{_OPENING}{number}", invoice_date=day)
    (taxed,) = with_actual_taxes([named], store.tax)
    if isinstance(taxed, BillingError):
        raise taxed
    known = _Known(number, day, last, taxed)
    (result,) = store.finalize([PendingInvoice(named, _COUNTER, known.issue)])
    if isinstance(result, BillingError):
        raise result
    return result.invoice


def is_taken_over(invoice: Invoice) -> bool:
    """Tell whether another system gave a document its number."""
    return invoice.draft.run_id.startswith(_OPENING)


@frozen
class _Known:
    """A document whose number is known.

    Attributes:
        number: of the document.
        date: of the document.
        due_date: the last day for payment.
        draft: its content.
    """

    number: str
    date: dt.date
    due_date: dt.date
    draft: DraftInvoice

    def issue(self, _count: int, books: Books) -> Finalization:
        """Make the document and its effects, whatever was counted."""
        house = in_house_currency(self.draft, self.date, books)
        invoice = Invoice(self.number, self.date, self.due_date, self.draft, house)
        return Finalization(invoice, effects_of(invoice, books))


def _check_kind(read: Boundary, draft: DraftInvoice) -> None:
    """Refuse a draft that is more than an open amount."""
    if not draft.run_id.startswith(_MANUAL) or draft.original:
        fix = "make it with draft(...), of the amount that is open"
        raise read.refuse("draft", draft.id, "not made by hand", fix)
    if draft.version:
        raise read.refuse("draft", draft.id, "stored as a draft", "discard it there first")
    if draft.chain.key:
        fix = "hand it in as a ChainDocument, with the store's put_earlier"
        raise read.refuse("draft", draft.id, "a document of an agreement", fix)
