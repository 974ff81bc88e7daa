"""The journal entries of a document (behaviour 6.4 to 6.6).

One detail for each revenue account, tax code and assignment, one for each tax code, all against the
debtor. Revenue of later months goes to an account of its own, and from there to revenue by an entry
for each month, which is made at once and dated ahead. An advance is no revenue: its gross amounts
stand on an account of their own until it is paid or a final takes it over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.ledger.booking import NOTHING, Booked, Booking, copied, make_detail
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ledger.finals import FinalBooking, rounding_before
from billingcore.ledger.interim import interim_revenue
from billingcore.ledger.matching import Wanted
from billingcore.ledger.plans import DocumentPlan, plan_of
from billingcore.ledger.quick import quick_entry
from billingcore.ledger.revenue import Months, revenue_details, tax_details
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.custom import Custom
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.values.boundary import Boundary
from billingcore.values.context import EXACT

__all__ = ["NONE_BEFORE", "invoice_entries", "is_booked_kind"]

# A member of an enumeration is looked up slowly in its class.
CANCELLATION: Final = InvoiceKind.CANCELLATION
DEPOSIT: Final = InvoiceKind.DEPOSIT

_READ: Final = Boundary("invoice_entries")

NONE_BEFORE: Final[Mapping[str, Sequence[JournalEntry]]] = {}


def invoice_entries(
    invoice: Invoice,
    accounting: Accounting,
    *,
    original: InvoiceKind | None = None,
    prior: Mapping[str, Sequence[JournalEntry]] = NONE_BEFORE,
) -> Booked:
    """Make the journal entries of an invoice or credit.

    The first has the id ``invoice/<number>``; one for each later month of deferred revenue follows,
    like ``invoice/<number>/2026-02``. A cancellation has none of its own: the entries of what it
    cancels are reversed. A pro forma has none, and neither has a deposit, unless the set-up books
    deposits.

    Args:
        invoice: the document.
        accounting: how it is booked.
        original: of a credit, the kind of the document that it gives a part of back: a credit of an
            advance takes back no revenue.
        prior: of a final, number → the entries of a document that it deducts and of the credits of
            that, without those that undo each other; empty if it was not booked. A document that is
            not among them was made and booked elsewhere.

    Returns:
        The entries, and what was found no account for, or several.

    Raises:
        InvalidInputError: the document is none that was issued, like a draft.
        DateRangeError: all booking periods up to the end of the calendar are closed.
    """
    if type(invoice) is not Invoice:
        _READ.instance("invoice", invoice, Invoice)
    draft = invoice.draft
    if not accounting.is_on or draft.kind is CANCELLATION:
        return NOTHING
    plan, source = plan_of(draft, accounting), f"invoice/{invoice.number}"
    is_advance = plan.is_interim if original is None else KINDS[original].is_interim
    if plan.is_plain and not is_advance:
        quick = quick_entry(invoice, plan, source)
        if quick is not None:
            return quick
    elif not is_booked_kind(draft.kind, accounting):
        return NOTHING
    booking = Booking(
        source,
        accounting,
        draft.account,
        invoice.date,
        f"{plan.title} {invoice.number}",
        invoice.number,
        _fields(draft, accounting),
        draft.booked.debtor,
    )
    content = _content(invoice, booking, plan, is_advance, prior)
    date = draft.booked.date or invoice.date
    booking.enter(source, date, plan.entity, draft.currency, content.details)
    for month in sorted(content.months):
        entry_id = f"{source}/{month.isoformat()[:7]}"
        booking.enter(entry_id, month, plan.entity, draft.currency, content.months[month])
    return booking.booked


def is_booked_kind(kind: InvoiceKind, accounting: Accounting) -> bool:
    """Tell whether documents of a kind are booked: no pro forma, and deposits if they are to be."""
    if not accounting.is_on or (kind is DEPOSIT and not accounting.books_deposits):
        return False
    return KINDS[kind].asks_for_payment


def _fields(draft: DraftInvoice, accounting: Accounting) -> Custom:
    """Give the custom fields that go along; those of a document are only collected if wanted."""
    own = draft.account.custom
    if accounting.copied_fields:
        return copied(accounting, draft.custom, own)
    return copied(accounting, own) if own else ()


class _Content(NamedTuple):
    """What is booked of a document at once, and in later months."""

    details: list[JournalLine]
    months: Months


def _content(
    invoice: Invoice,
    booking: Booking,
    plan: DocumentPlan,
    is_advance: bool,
    prior: Mapping[str, Sequence[JournalEntry]],
) -> _Content:
    """Give the details of a document, by what it is."""
    draft = invoice.draft
    month = (draft.booked.date or invoice.date).replace(day=1)
    months: Months = {}
    rounding = draft.totals.rounding
    if draft.kind is InvoiceKind.FINAL:
        final = FinalBooking(draft, booking, plan, prior)
        details = final.details(month, months)
        rounding = EXACT.add(rounding, rounding_before(draft, final.unbooked))
    elif is_advance:
        details = interim_revenue(draft, booking, plan.entity)
    else:
        details = revenue_details(draft, booking, plan, month, months)
        if not booking.accounting.is_gross:
            details += tax_details(draft, booking, plan)
    if rounding:
        found = booking.match(Wanted(EntryType.ROUNDING, plan.entity))
        contra = booking.contra(found)
        details.append(make_detail(rounding, found, contra, EntryType.ROUNDING))
    return _Content(details, months)
