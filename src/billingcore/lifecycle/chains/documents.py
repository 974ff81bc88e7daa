"""The documents of agreements, as books and drafts say they are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.ledger.entry import JournalEntry, Side
from billingcore.ledger.invoices import is_booked_kind
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.chains.issuing import amounts_of, lines_of
from billingcore.lifecycle.chains.posting import post_interim
from billingcore.lifecycle.chains.receipts import Receipts, receipts_of
from billingcore.lifecycle.paying.free import seller_of_draft
from billingcore.lifecycle.standing import canceled_by, final_of
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.chain_document import (
    ChainDocument,
    OpenChainDocument,
    TaxAmount,
    merged,
)
from billingcore.values.calendar import ONE_DAY

__all__ = ["chain_documents", "draft_document"]

_NEW: Final = object.__new__
_CREDIT: Final = Side.CREDIT  # looked up slowly in its class
_CONTRA: Final = EntryType.CONTRA_ACCOUNT


def chain_documents(books: Books, key: str | None = None) -> tuple[ChainDocument, ...]:
    """Give the live documents of an account's agreements, in the order of issue, drafts last.

    Args:
        books: of the account.
        key: a sub invoice key; None gives those of all agreements.
    """
    earlier = (each for each in books.earlier if key in (None, each.key))
    drafts = (each for each in books.drafts.values() if key in (None, each.chain.key))
    return (*earlier, *_issued(books, key), *map(draft_document, drafts))


def _issued(books: Books, key: str | None) -> Iterator[ChainDocument]:
    closings = books.index.closings
    for number, invoice in books.invoices.items():
        own = invoice.draft.chain.key
        is_wanted = own and key in (None, own) and number not in closings
        if is_wanted and not canceled_by(books, number):
            yield _document(books, receipts_of(books, invoice))


def _document(books: Books, receipts: Receipts) -> ChainDocument:
    """Describe an issued document as it is now."""
    invoice = receipts.invoice
    number, draft, rules = invoice.number, invoice.draft, KINDS[invoice.kind]
    final = final_of(books, number)
    interim = receipts.split() if rules.is_interim else {}
    made: OpenChainDocument = _NEW(OpenChainDocument)
    made.number = number
    made.kind = draft.kind
    made.key = draft.chain.key
    made.date = invoice.date
    made.currency = draft.currency
    made.entity = seller_of_draft(draft)
    made.invoiced = receipts.invoiced
    made.paid = _together(interim.values())
    made.open = receipts.open
    made.lines = receipts.issued.lines
    made.credited_by = tuple([each.number for each in receipts.credited_by])
    made.final = "" if final is None else final.number
    made.is_draft = False
    made.is_booked = not rules.is_sub or _is_booked(books, invoice, interim)
    made.__class__ = ChainDocument  # sealed
    return cast("ChainDocument", made)


def draft_document(draft: DraftInvoice) -> ChainDocument:
    """Describe a draft."""
    return ChainDocument(
        draft.id,
        kind=draft.kind,
        key=draft.chain.key,
        date=draft.invoice_date or draft.period.bounds[1] - ONE_DAY,
        currency=draft.currency,
        entity=seller_of_draft(draft),
        invoiced=amounts_of(draft),
        lines=lines_of(draft),
        is_draft=True,
    )


def _together(receipts: Iterable[Sequence[TaxAmount]]) -> tuple[TaxAmount, ...]:
    """Add up what receipts pay of each tax code."""
    every = [*receipts]
    if len(every) == 1:
        return tuple(every[0])
    return merged(part for parts in every for part in parts)


def _is_booked(books: Books, invoice: Invoice, interim: Mapping[str, Sequence[TaxAmount]]) -> bool:
    """Tell whether a document is booked, and what was paid of it."""
    number, entries, accounting = invoice.number, books.entries, books.setup.accounting
    if not is_booked_kind(invoice.draft.kind, accounting):
        return True
    if f"invoice/{number}" not in entries and invoice.draft.totals.gross:
        return False
    if not accounting.books_payments:
        return True
    for source, parts in interim.items():
        if not _is_posted(parts, entries.get(f"interim/{number}/{source}", ())):
            return not any(each.entries for each in post_interim(books, number))
    return True


def _is_posted(parts: Sequence[TaxAmount], posted: Sequence[JournalEntry]) -> bool:
    """Tell whether one entry has just what a receipt pays; if not, somebody has to compare."""
    if len(posted) != 1:
        return False
    wanted = [amount for _, net, tax in parts for amount in (net, tax) if amount]
    found = [
        line.amount if line.side is _CREDIT else None
        for line in posted[0].lines
        if line.type is not _CONTRA
    ]
    return found == wanted
