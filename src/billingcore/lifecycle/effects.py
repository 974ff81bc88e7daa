"""What finalizing a document does to the books of its account (behaviour 7.2 to 7.4)."""

from __future__ import annotations

from typing import Any, Final

from attrs import evolve

from billingcore.invoices.document import Invoice
from billingcore.invoices.updates import updates
from billingcore.ledger.reversal import reverse
from billingcore.ledger.unbilled import revert_unbilled
from billingcore.lifecycle.books import Books, Effects, OpenEffects
from billingcore.lifecycle.chains.posting import post_document
from billingcore.lifecycle.joining import after, joined
from billingcore.lifecycle.paying.assigning import assign_free
from billingcore.lifecycle.paying.payments import cash_payment, paid, pays_cash
from billingcore.lifecycle.paying.posting import (
    post_advances,
    post_clearing,
    post_moved,
    with_posted,
)
from billingcore.lifecycle.paying.settling import clear_credit, clearing_of, unlinked
from billingcore.lifecycle.release import claims_after_cancellation
from billingcore.lifecycle.standing import balance_of, live_but
from billingcore.lifecycle.undoing.transitions import check_current, check_day
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.values.context import ZERO

__all__ = ["effects_of"]

_NEW: Final = object.__new__

CANCELED = "cancellation"
"""The reason of the clearing between a document and its cancellation."""


def effects_of(invoice: Invoice, books: Books) -> Effects:
    """Give what finalizing a document does to the books of its account.

    Args:
        invoice: the document.
        books: of its account, without the document.

    Raises:
        InvalidInputError: it is dated before what it cancels or credits.
        InvalidTransitionError: what it cancels or credits is not as it was when it was made.
    """
    if not (invoice.draft.original or books.payments or pays_cash(invoice)):
        return _issuing(invoice, books)  # most documents move nothing
    effects = _moved(_of(invoice, books), invoice, books)
    has_moved = effects.assignments or effects.clearings or invoice.draft.original
    if not (has_moved and books.setup.accounting.is_immediate):
        return effects
    is_undoing = invoice.kind is InvoiceKind.CANCELLATION
    on = (invoice.draft.booked.date or invoice.date) if is_undoing else None
    return post_advances(books, effects, invoice, on=on)


def _of(invoice: Invoice, books: Books) -> Effects:
    """Give the effects; payments that they move between debtors are not booked yet."""
    if invoice.draft.original:
        check_current(invoice.draft, books)
        check_day(invoice, books)
    if invoice.kind is InvoiceKind.CANCELLATION:
        return _cleared(_canceling(invoice, books), invoice, books)
    effects = _issuing(invoice, books)
    if invoice.draft.original:
        effects = _cleared(joined(effects, clear_credit(books, invoice)), invoice, books)
    if not (books.payments or pays_cash(invoice)):
        return effects
    return _from_payments(effects, invoice, books)


def _issuing(invoice: Invoice, books: Books) -> Effects:
    """Book a document; what was booked of it before it was invoiced is undone."""
    entries, problems = post_document(books, invoice)
    if books.entries:
        reverted = revert_unbilled(invoice, books.entries, books.setup.accounting)
        entries = (*reverted, *entries)
    effects: OpenEffects = _NEW(OpenEffects)
    effects.account = books.account.id
    effects.payments = effects.assignments = effects.clearings = effects.closings = ()
    effects.entries = entries
    effects.canceled = None
    effects.claims = ()
    effects.updates = updates(invoice)
    effects.problems = problems
    effects.__class__ = Effects
    made: Any = effects
    sealed: Effects = made
    return sealed


def _canceling(invoice: Invoice, books: Books) -> Effects:
    """Undo the original: what it covers and what paid it are free, what was booked is reversed."""
    original = books.invoice(invoice.draft.original)
    number, due, day = original.number, original.totals.due, invoice.draft.booked.date
    effects = unlinked(books, number, on=invoice.date)
    clearings = effects.clearings
    if due:
        pair = (number, invoice.number) if due > ZERO else (invoice.number, number)
        found = clearing_of(books, *pair, due.copy_abs(), invoice.date, CANCELED)
        clearings = (*clearings, found)
    booked = (books.entries.get(f"{source}/{number}", ()) for source in ("invoice", "closing"))
    opposites = reverse(
        (entry for entries in booked for entry in entries),
        books.setup.accounting,
        source=f"invoice/{invoice.number}",
        on=day or invoice.date,
        document=invoice.number,
    )
    return evolve(
        effects,
        clearings=clearings,
        entries=(*opposites, *effects.entries),
        canceled=number,
        claims=claims_after_cancellation(original, live_but(books, original)),
        updates=updates(original, is_gone=True, live=live_but(books, original)),
    )


def _cleared(effects: Effects, invoice: Invoice, books: Books) -> Effects:
    """Book what documents clear of each other, if that is to be booked at once."""
    accounting = books.setup.accounting
    if not effects.clearings or not accounting.is_immediate:
        return effects
    known = {**books.invoices, invoice.number: invoice}
    return with_posted(effects, [post_clearing(books, each, known) for each in effects.clearings])


def _from_payments(effects: Effects, invoice: Invoice, books: Books) -> Effects:
    """Assign free balances of the account to a new document; what is left may be paid in cash."""
    due = invoice.totals.due
    if effects.clearings:
        due = balance_of(after(books, effects, invoice), invoice.number)
    given = assign_free(books, invoice, on=invoice.date, due=due)
    if given:
        effects = evolve(effects, assignments=(*effects.assignments, *given))
    if not pays_cash(invoice):
        return effects
    now = after(books, effects, invoice)
    cash = cash_payment(invoice, balance_of(now, invoice.number))
    return effects if cash is None else joined(effects, paid(now, cash))


def _moved(effects: Effects, invoice: Invoice, books: Books) -> Effects:
    """Book what moved from one debtor to another, if that is to be booked at once."""
    accounting = books.setup.accounting
    if not (effects.assignments and accounting.is_on and accounting.is_immediate):
        return effects
    now = after(books, effects, invoice)
    return with_posted(effects, post_moved(now, (each.payment for each in effects.assignments)))
