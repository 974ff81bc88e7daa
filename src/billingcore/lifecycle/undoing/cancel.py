"""Cancel a document as a whole: the same lines, with the other sign (behaviour 7.3)."""

from __future__ import annotations

from billingcore.invoices.document import DraftInvoice, Invoice, draft_id
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.undoing.negation import follow_up, negated_line, negated_totals
from billingcore.lifecycle.undoing.transitions import check_cancelable, find_document
from billingcore.lines.origin import Original
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.values.boundary import Boundary
from billingcore.values.context import ZERO
from billingcore.values.keys import escape

__all__ = ["cancel"]


def cancel(document: Invoice | str, books: Books, *, reason: str = "") -> DraftInvoice:
    """Make the draft that cancels a document; finalizing it does so.

    Its lines are those of the original with negated amounts, taxes and totals, so that the two
    together are 0 in every field. It covers nothing. Its id follows from the number, so that a
    document has one such draft at most.

    >>> from billingcore import Account, Books, Item, Period, draft
    >>> acme = Account("acme", currency="EUR")
    >>> made = draft(acme, [Item("setup", unit_price=50)], period=Period.month(2026, 1))
    >>> invoice = Invoice("2026-00001", made.period.last, made.period.last, made)
    >>> cancel("2026-00001", Books(acme, invoices={invoice.number: invoice}), reason="wrong buyer")
    <draft cancellation cancel/2026-00001/acme of 2026-00001: lines 1, gross -50.00 EUR>

    Args:
        document: the document, or its number.
        books: the books of its account.
        reason: why; stands on the document.

    Raises:
        InvalidInputError: the account has no such document, or the reason is no text.
        InvalidTransitionError: it is a cancellation, canceled already, credited in part, or
            corrected by another document, with what to do first.
    """
    why = Boundary("cancel").text("reason", reason)
    invoice = find_document(document, books)
    check_cancelable(invoice, books)
    kind, number, draft = invoice.kind.value, invoice.number, invoice.draft
    original = Original(number, kind, invoice.date, why)
    run_id = f"cancel/{escape(number)}"
    name = draft_id(run_id, draft.account, draft.group, 1)
    lines = [negated_line(line, original, f"{name}+{line.number}", ZERO) for line in invoice.lines]
    totals = negated_totals(invoice.totals)
    return follow_up(invoice, InvoiceKind.CANCELLATION, run_id, 1, lines, totals)
