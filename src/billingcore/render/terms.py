"""Until when what of a document is to be paid, and what may be kept for paying early, in words."""

from __future__ import annotations

from collections.abc import Iterator

from billingcore.invoices.document import Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.invoices.payment_terms import cash_discounts, installments, retained
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.render.letterhead import is_debited
from billingcore.render.voice import Voice

__all__ = ["discounts_in_words", "parts_in_words", "payment_terms"]


def payment_terms(voice: Voice, invoice: Invoice) -> Iterator[str]:
    """Say until when what is to be paid; nothing if nothing is."""
    is_offset = invoice.kind is InvoiceKind.CANCELLATION
    if is_offset or not KINDS[invoice.kind].asks_for_payment or invoice.totals.due <= 0:
        return
    yield from parts_in_words(voice, invoice)
    yield from discounts_in_words(voice, invoice)


def parts_in_words(voice: Voice, invoice: Invoice) -> Iterator[str]:
    """Say in which parts a document is to be paid, and what is kept back until later."""
    formats = voice.formats
    name = "payable_by" if invoice.draft.payment_days else "payable_at_once"
    if is_debited(invoice.draft):
        name = "debited_on"
    parts = [(name, part) for part in installments(invoice)]
    kept = retained(invoice)  # the last part, if any
    if kept is not None:
        parts[-1] = "retained", kept
    for word, (day, amount) in parts:
        yield voice.words(word, amount=formats.amount(amount), date=formats.day(day))


def discounts_in_words(voice: Voice, invoice: Invoice) -> Iterator[str]:
    """Say what may be kept of a document for paying early."""
    formats = voice.formats
    for offer in cash_discounts(invoice):
        yield voice.words(
            "payable_early",
            date=formats.day(offer.date),
            percent=formats.percent(offer.percent),
            discount=formats.amount(offer.discount),
            amount=formats.amount(offer.amount),
        )
