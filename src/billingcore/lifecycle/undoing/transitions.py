"""What stands in the way of a document that cancels or credits another (behaviour 7.3, 7.4)."""

from __future__ import annotations

from collections.abc import Iterator

from billingcore.errors import InvalidTransitionError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.standing import canceled_by, credits_of, final_of
from billingcore.lines.line import LineItem
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.values.boundary import Boundary

__all__ = [
    "check_cancelable",
    "check_current",
    "check_day",
    "corrections_of",
    "counted_of",
    "credit_kind",
    "find_document",
]


def find_document(document: Invoice | str, books: Books) -> Invoice:
    """Find a document, or one of a number, in the books of its account.

    Raises:
        InvalidInputError: the account has none of this number.
    """
    if isinstance(document, Invoice):
        return books.invoice(document.number)
    return books.invoice(Boundary("Books").id("number", document))


def check_cancelable(invoice: Invoice, books: Books) -> None:
    """Refuse to cancel a document that cannot be, or not before others are.

    Raises:
        InvalidTransitionError: with the documents that are in the way, and what to do first.
    """
    rules = KINDS[invoice.kind]
    if not rules.can_be_canceled:
        original = invoice.draft.original
        fix = f"bill anew what {original} billed" if original else "close it: close(...)"
        raise _refused(invoice, f"it is a {rules.title.lower()} itself", fix)
    _check_live(invoice, books)
    _check_not_deducted(invoice, books)
    credited = [each.number for each in credits_of(books, invoice.number)]
    if credited:
        rule = f"parts of it were given back by {', '.join(credited)}"
        raise _refused(invoice, rule, "cancel these first, or give the rest back: credit(...)")
    corrected = dict.fromkeys(other.number for other, _ in corrections_of(books, invoice.number))
    if corrected:
        raise _refused(invoice, f"{', '.join(corrected)} corrects it", "cancel that first")


def credit_kind(invoice: Invoice, books: Books) -> InvoiceKind:
    """Give the kind of the document that gives back a part of another.

    Raises:
        InvalidTransitionError: none can, or the document is canceled.
    """
    rules = KINDS[invoice.kind]
    if rules.credited_as is None:
        rule = f"nothing is given back of a {rules.title.lower()}"
        raise _refused(invoice, rule, "make a new document")
    _check_live(invoice, books)
    _check_not_deducted(invoice, books)
    _check_not_closed(invoice, books)
    _check_no_credit_of_part(invoice, books)
    return rules.credited_as


def check_current(draft: DraftInvoice, books: Books) -> None:
    """Refuse a draft that cancels or credits a document which has changed since it was made.

    Other drafts pass. For who finalizes: a credit must not give back what another one gave back
    meanwhile, and a cancellation must find the whole document.

    Raises:
        InvalidTransitionError: with the documents that are in the way, and what to do.
    """
    made_of = draft.undoes
    if made_of is None:
        return
    invoice = books.invoice(made_of.number)
    if draft.kind is InvoiceKind.CANCELLATION:
        check_cancelable(invoice, books)
        return
    credit_kind(invoice, books)
    found = counted_of(books, invoice.number)
    if found != made_of.counted:
        others = ", ".join(sorted({*found} ^ {*made_of.counted}))
        rule = f"draft {draft.id} was made before {others}"
        raise _refused(invoice, rule, "discard the draft and make the credit anew")


def check_day(invoice: Invoice, books: Books) -> None:
    """Refuse a document that is dated before the one that it cancels or credits.

    Raises:
        InvalidInputError: with both dates.
    """
    original = books.invoice(invoice.draft.original)
    if invoice.date < original.date:
        rule = f"{original.number}, which it undoes, is of {original.date}"
        fix = "finalize it on that day or later"
        read = Boundary(f"Draft {invoice.draft.id!r}")
        raise read.refuse("on", invoice.date.isoformat(), rule, fix)


def counted_of(books: Books, number: str) -> tuple[str, ...]:
    """Give the live documents that give back parts of a document, or correct it."""
    credited = [each.number for each in credits_of(books, number)]
    corrected = [other.number for other, _ in corrections_of(books, number)]
    return tuple(dict.fromkeys([*credited, *corrected]))


def corrections_of(books: Books, number: str) -> Iterator[tuple[Invoice, LineItem]]:
    """Yield the lines of live documents that correct lines of a document, after a change."""
    for other in books.invoices.values():
        for line in other.lines:
            is_of_it = line.corrects is not None and line.corrects.document == number
            if is_of_it and not canceled_by(books, other.number):
                yield other, line


def _check_not_deducted(invoice: Invoice, books: Books) -> None:
    """Refuse to undo what a final deducts: the two would no longer fit (behaviour 5.7)."""
    number = invoice.draft.original or invoice.number
    final = final_of(books, number)
    if final is not None:
        what = "it" if number == invoice.number else number
        raise _refused(invoice, f"the final {final.number} deducts {what}", "cancel that first")


def _check_not_closed(invoice: Invoice, books: Books) -> None:
    closing = books.index.closings.get(invoice.number)
    if closing is not None:
        raise _refused(invoice, f"it was closed on {closing.date}", "nothing is left of it")


def _check_no_credit_of_part(invoice: Invoice, books: Books) -> None:
    """Refuse to take back a part of what was given back of a part invoice."""
    original = books.invoices.get(invoice.draft.original)
    if original is not None and KINDS[original.kind].is_sub:
        rule = f"it gives back a part of {original.number}, which a final may deduct"
        raise _refused(invoice, rule, "cancel it, and credit another amount")


def _check_live(invoice: Invoice, books: Books) -> None:
    number = canceled_by(books, invoice.number)
    if number:
        raise _refused(invoice, f"{number} canceled it already", "nothing is left of it")


def _refused(invoice: Invoice, rule: str, fix: str) -> InvalidTransitionError:
    record = f"{KINDS[invoice.kind].title} {invoice.number!r}"
    return InvalidTransitionError(rule, record=record, fix=fix)
