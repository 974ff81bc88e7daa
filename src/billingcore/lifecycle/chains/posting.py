"""What is booked of payments on account: at once, or by a later job (behaviour 6.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.ledger.booking import Booked
from billingcore.ledger.entry import JournalEntry
from billingcore.ledger.interim import interim_entries
from billingcore.ledger.invoices import invoice_entries, is_booked_kind
from billingcore.ledger.plain_finals import plain_final
from billingcore.ledger.reversal import without_pairs
from billingcore.lifecycle.books import Books, Effects
from billingcore.lifecycle.chains.receipts import interim_of, is_frozen
from billingcore.lifecycle.standing import credits_of

__all__ = ["post_document", "post_interim", "post_touched", "touched"]

PAIR: Final = 2
"""An entry, and the one that undoes it."""


def post_document(books: Books, invoice: Invoice) -> Booked:
    """Give what is to be booked of a document, by what the books have of those that it concerns.

    Args:
        books: of its account; they need not know the document.
        invoice: the document.
    """
    draft = invoice.draft
    original = books.invoices[draft.original].kind if draft.original else None
    accounting = books.setup.accounting
    if not draft.chain.deductions:
        return invoice_entries(invoice, accounting, original=original)
    prior = _prior(books, draft)
    plain = plain_final(invoice, accounting, prior)
    return invoice_entries(invoice, accounting, prior=prior) if plain is None else plain


def _prior(books: Books, draft: DraftInvoice) -> dict[str, Sequence[JournalEntry]]:
    """Give what is booked of each document that a final deducts, as far as the books have it."""
    known, booked, followers = books.invoices, books.entries, books.index.followers
    found: dict[str, Sequence[JournalEntry]] = {}
    for deducted in draft.chain.deductions:
        number = deducted[0].number
        if number in known:
            entries = booked.get(f"invoice/{number}", ())
            is_plain = len(entries) < PAIR and number not in followers
            found[number] = entries if is_plain else _standing(books, number)
    return found


def _standing(books: Books, number: str) -> list[JournalEntry]:
    """Give what is booked of a document and its live credits, without what is undone."""
    found = without_pairs(books.entries.get(f"invoice/{number}", ()))
    for each in credits_of(books, number):
        found += without_pairs(books.entries.get(f"invoice/{each.number}", ()))
    return found


def post_interim(books: Books, number: str, on: dt.date | None = None) -> list[Booked]:
    """Give what is to be booked of what was received of a progress or deposit invoice.

    Receipts are booked as the difference between what they are now and what is posted of them. Once
    a final has taken a document over, nothing changes any more.

    Args:
        books: of its account.
        number: of the document; others have nothing to be booked.
        on: the booking date; None takes that of each payment.
    """
    invoice, accounting = books.invoices[number], books.setup.accounting
    is_booked = is_booked_kind(invoice.kind, accounting) and accounting.books_payments
    if not (KINDS[invoice.kind].is_interim and is_booked) or is_frozen(books, number):
        return []
    wanted = interim_of(books, number)
    found: list[Booked] = []
    for source, day in _dates(books, number).items():
        name = f"interim/{number}/{source}"
        parts, posted = wanted.get(source, ()), books.entries.get(name, ())
        if parts or posted:
            booked = interim_entries(invoice, parts, posted, accounting, source=name, on=on or day)
            found.append(booked)
    return found


def _dates(books: Books, number: str) -> dict[str, dt.date]:
    """Give the sources that ever paid something of a document, with their days."""
    found = {
        f"payment/{each.payment}": books.payments[each.payment].date
        for each in books.index.by_document.get(number, ())
    }
    found |= {f"clearing/{each.id}": each.date for each in books.index.clearings.get(number, ())}
    return found


def touched(effects: Effects) -> list[str]:
    """Give the numbers of the documents whose balances a decision changes."""
    names = [each.invoice for each in effects.assignments]
    names += [name for each in effects.clearings for name in (each.debit, each.credit)]
    names += [each.invoice for each in effects.closings]
    return names


def post_touched(
    books: Books, effects: Effects, *numbers: str, on: dt.date | None = None
) -> list[Booked]:
    """Give what is to be booked of the progress and deposit invoices that a decision concerns.

    Args:
        books: of the account, after the decision.
        effects: the decision.
        numbers: further documents that it concerns.
        on: the booking date; None takes that of each payment.
    """
    if not books.setup.accounting.is_immediate:
        return []
    return [
        booked
        for number in dict.fromkeys((*touched(effects), *numbers))
        for booked in post_interim(books, number, on)
    ]
