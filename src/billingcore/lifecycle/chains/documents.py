"""The documents of agreements, as books and drafts say they are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any, Final

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.ledger.entry import JournalEntry
from billingcore.ledger.interim import ReceiptSheet, are_credited
from billingcore.ledger.invoices import is_booked_kind
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.chains.issuing import amounts_of, lines_of
from billingcore.lifecycle.chains.posting import post_interim
from billingcore.lifecycle.chains.receipts import Receipts, receipts_of
from billingcore.lifecycle.paying.free import seller_of_draft
from billingcore.lifecycle.standing import canceled_by, final_of
from billingcore.records.chain_document import (
    ChainDocument,
    Issued,
    OpenChainDocument,
    TaxAmount,
    merged,
)
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.payment import Assignment, Payment, PaymentKind
from billingcore.values.calendar import ONE_DAY
from billingcore.values.context import EXACT, ZERO
from billingcore.values.sealing import blank

__all__ = ["chain_documents", "draft_document"]

_new_document: Final = blank(OpenChainDocument)
_add: Final = EXACT.add
_NOT_PAID: Final[tuple[TaxAmount, ...]] = ()
_FEE: Final = PaymentKind.DUNNING_FEE  # looked up slowly in its class


def chain_documents(
    books: Books, key: str | None = None, known: Iterable[ChainDocument] = ()
) -> tuple[ChainDocument, ...]:
    """Give the live documents of an account's agreements, in the order of issue, drafts last.

    Args:
        books: of the account.
        key: a sub invoice key; None gives those of all agreements.
        known: documents as they were described before; one that is still the same is given again.
    """
    earlier = [each for each in books.earlier if key in (None, each.key)]
    drafts = [
        draft_document(each) for each in books.drafts.values() if key in (None, each.chain.key)
    ]
    return (*earlier, *_issued(books, key, known), *drafts)


def _issued(
    books: Books, key: str | None, known: Iterable[ChainDocument]
) -> Iterator[ChainDocument]:
    index, plain = books.index, _PlainDocuments(books, known)
    closings, followers = index.closings, index.followers
    for number, invoice in books.invoices.items():
        own = invoice.draft.chain.key
        if not own or (key is not None and own != key) or number in closings:
            continue
        found = plain.document(number, invoice)
        if found is not None:
            yield found
        elif number not in followers or not canceled_by(books, number):
            yield _document(books, receipts_of(books, invoice))


class _PlainDocuments:
    """Describes documents of which nothing is to be split or compared, as most are.

    No other document concerns such a one, and one payment paid it in full, or none paid any of it.
    """

    __slots__ = (
        "_books", "_concerned", "_entries", "_given", "_is_booked", "_is_checked", "_is_interim",
        "_kind", "_known", "_payments",
    )  # fmt: skip

    def __init__(self, books: Books, known: Iterable[ChainDocument]) -> None:
        index = books.index
        self._known: Mapping[str, ChainDocument] = {each.number: each for each in known}
        self._books: Books = books
        self._concerned: AbstractSet[str] = {*index.followers, *index.clearings, *index.finals}
        self._given: Mapping[str, Sequence[Assignment]] = index.by_document
        self._payments: Mapping[str, Payment] = books.payments
        self._entries: Mapping[str, Sequence[JournalEntry]] = books.entries
        self._kind: InvoiceKind | None = None

    def document(self, number: str, invoice: Invoice) -> ChainDocument | None:
        """Describe a document as it is now; None if it is to be done with care."""
        draft, issued = invoice.draft, invoice.issued
        if issued is None or number in self._concerned:
            return None
        if draft.kind is not self._kind:
            self._know(draft.kind)
        left, given = draft.totals.due, self._given.get(number)
        paid, source = _NOT_PAID, ""
        if given is not None:
            _, source, _, amount, _ = given[0]
            left = _add(left, amount)
            is_fee = self._payments[source].kind is _FEE
            if is_fee or len(given) > 1 or (left > ZERO and self._is_interim):
                return None
            paid = issued[0] if self._is_interim else _NOT_PAID
        if self._is_checked and not self._has_entries(number, paid, source):
            return None
        left, known = max(left, ZERO), self._known.get(number)
        if known is not None and _is_as(known, invoice, paid, left):
            return known
        return _described(invoice, issued, paid, left)

    def _know(self, kind: InvoiceKind) -> None:
        """Look up what holds for a kind; most documents are of the kind of the one before."""
        rules, accounting = KINDS[kind], self._books.setup.accounting
        self._kind = kind
        self._is_interim = rules.is_interim
        self._is_checked = rules.is_sub and is_booked_kind(kind, accounting)
        self._is_booked = accounting.books_payments

    def _has_entries(self, number: str, paid: tuple[TaxAmount, ...], source: str) -> bool:
        """Tell whether a document is booked, and what was paid of it, just as it was paid."""
        if f"invoice/{number}" not in self._entries:
            return False
        if not (paid and self._is_booked):
            return True
        return _is_posted(paid, self._entries.get(f"interim/{number}/payment/{source}", ()))


def _is_as(
    known: ChainDocument, invoice: Invoice, paid: tuple[TaxAmount, ...], left: Decimal
) -> bool:
    """Tell whether a plain document was described before just as it is now: by the same values."""
    draft, issued, seller = invoice.draft, invoice.issued, invoice.draft.heading.entity
    return (
        known.paid is paid
        and known.open == left
        and issued is not None
        and known.invoiced is issued[0]
        and known.lines is issued[1]
        and known.kind is draft.kind
        and known.key is draft.chain.key
        and known.date is invoice.date
        and known.currency is draft.currency
        and known.entity == ("" if seller is None else seller.name)
        and not (known.credited_by or known.final or known.is_draft)
        and known.is_booked
    )


def _document(books: Books, receipts: Receipts) -> ChainDocument:
    """Describe an issued document as it is now."""
    invoice = receipts.invoice
    number, rules = invoice.number, KINDS[invoice.kind]
    final = final_of(books, number)
    interim = receipts.split() if rules.is_interim else {}
    return _described(
        invoice,
        Issued(receipts.invoiced, receipts.issued.lines),
        _together(interim.values()),
        receipts.open,
        credited_by=tuple([each.number for each in receipts.credited_by]),
        final="" if final is None else final.number,
        is_booked=not rules.is_sub or _is_booked(books, invoice, interim),
    )


def _described(
    invoice: Invoice,
    issued: Issued,
    paid: tuple[TaxAmount, ...],
    left: Decimal,
    *,
    credited_by: tuple[str, ...] = (),
    final: str = "",
    is_booked: bool = True,
) -> ChainDocument:
    """Put together what is known of an issued document."""
    draft = invoice.draft
    made: Any = _new_document()
    made.number = invoice.number
    made.kind = draft.kind
    made.key = draft.chain.key
    made.date = invoice.date
    made.currency = draft.currency
    made.entity = seller_of_draft(draft)
    made.invoiced, made.lines = issued
    made.paid, made.open = paid, left
    made.credited_by, made.final = credited_by, final
    made.is_draft, made.is_booked = False, is_booked
    made.__class__ = ChainDocument
    sealed: ChainDocument = made
    return sealed


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
    (entry,) = posted
    sheet = entry.sheet
    if type(sheet) is ReceiptSheet and sheet.parts is parts:
        return True  # and need not be read
    return are_credited(parts, entry.lines)
