"""Drafts that depend on what else is invoiced on their agreement, made anew when that changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve

from billingcore.errors import InvalidTransitionError
from billingcore.invoices.chain_rules import chain_of, check_advance, check_chain, is_ready
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.reopening import open_lines
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.chains.documents import chain_documents
from billingcore.lifecycle.paying.free import seller_of_draft
from billingcore.lifecycle.rebuilding import rebuilt
from billingcore.records.chain_document import ChainDocument
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.tax.chain import deductions_of, full_scope, invoiced_before, with_deductions
from billingcore.values.sealing import changed

__all__ = ["check_finalizable", "refreshed", "refreshed_drafts"]


def refreshed(
    draft: DraftInvoice, books: Books, documents: Sequence[ChainDocument] | None = None
) -> DraftInvoice:
    """Give a draft as it would be made now: a final with what is to be deducted today.

    Finalizing does the same, so that an invoice never deducts what was canceled, credited or paid
    meanwhile. A part invoice has the tax that is new of the taxes of all so far. What is the same
    as before, and any other draft, comes back itself.

    Args:
        draft: the draft.
        books: the books of its account.
        documents: the others of its agreement, if they were looked up already.
    """
    if not draft.chain.key:
        return draft
    if documents is None:
        documents = _others(draft, books)
    if draft.kind is InvoiceKind.FINAL:
        wanted = deductions_of(documents, draft.policy)
        if wanted == draft.chain.deductions:
            return draft
        return with_deductions(full_scope(draft), documents)
    before = invoiced_before(documents, draft.policy)
    if before == draft.chain.before:
        return draft
    counting = changed(draft, chain=evolve(draft.chain, before=before))
    return rebuilt(counting, open_lines(draft), draft.order_discount)


def refreshed_drafts(books: Books) -> Iterator[DraftInvoice]:
    """Yield the live drafts of an account that are not as they would be made now, made anew.

    A store keeps them in the place of the old ones, in the same step as the change of the books.
    Their versions stay, since nothing is changed that somebody decided.
    """
    for draft in books.drafts.values():
        made = refreshed(draft, books)
        if made is not draft:
            yield made


def check_finalizable(draft: DraftInvoice, books: Books) -> Sequence[ChainDocument]:
    """Refuse to finalize a draft that its agreement does not allow now (behaviour 5.7).

    Gives the other documents of the agreement.

    Raises:
        InvalidTransitionError: drafts are among the documents that it deducts, there is a final
            already, or a claim was worked out before other documents were issued.
        SubsNotBookedError: what it deducts is not booked yet.
    """
    documents = _others(draft, books)
    if not is_ready(draft.kind, draft.chain.key, documents):
        record = f"Draft {draft.id!r}"
        check_chain(draft.kind, draft.chain.key, documents, record=record)
        check_advance(draft.kind, draft.totals.gross, record=record)
    counted = draft.chain.counted
    if counted is not None:
        numbers = {each.number for each in documents if not each.is_draft}
        others = numbers ^ {*counted}
        if others:
            rule = f"it was worked out before {', '.join(sorted(others))}"
            fix = "discard it, and make the claim anew"
            raise InvalidTransitionError(rule, record=f"Draft {draft.id!r}", fix=fix)
    return documents


def _others(draft: DraftInvoice, books: Books) -> list[ChainDocument]:
    """Give the other documents of a draft's agreement."""
    chain = draft.chain
    deducted = [each[0] for each in chain.deductions]
    found = chain_documents(books, chain.key, deducted)
    documents = chain_of(found, chain.key, draft.currency, seller_of_draft(draft))
    if not (books.drafts or books.earlier):
        return documents
    own = draft.id
    return [each for each in documents if each.number != own]
