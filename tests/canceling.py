"""Cancel an invoice of a store, as a host does."""

from __future__ import annotations

from datetime import date

import billingcore as bc

SUMMER = date(2026, 6, 30)


def cancel(store, number, on=None):
    """Make the draft that cancels an invoice, finalize it, and give the cancellation back."""
    invoice = store.invoice(number)
    draft = bc.cancel(number, store.books(invoice.account.id))
    return bc.finalize(draft, store, on=on or max(SUMMER, invoice.date))
