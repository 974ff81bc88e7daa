"""In which order the documents of an agreement can be made (behaviour 5.7).

Documents belong together if they have the same sub invoice key, account, currency and business
entity.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from billingcore.errors import (
    FinalExistsError,
    InvalidInputError,
    MissingFieldError,
    SubsInDraftError,
    SubsNotBookedError,
)
from billingcore.invoices.kinds import KINDS
from billingcore.records.chain_document import ChainDocument
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.values.context import ZERO

__all__ = ["chain_of", "check_advance", "check_chain", "is_ready"]

_FINAL: Final = InvoiceKind.FINAL  # looked up slowly in its class


def chain_of(
    documents: Iterable[ChainDocument], key: str, currency: str, entity: str
) -> list[ChainDocument]:
    """Give the documents of one agreement, in their order."""
    return [
        each
        for each in documents
        if each.key == key and each.currency == currency and each.entity == entity
    ]


def check_chain(
    kind: InvoiceKind, key: str, documents: Sequence[ChainDocument], *, record: str, own: str = ""
) -> None:
    """Refuse a document that cannot be made, or not before others are.

    Args:
        kind: what it is.
        key: its sub invoice key.
        documents: all that the agreement has.
        record: what it is made of, for errors.
        own: its number or id, if it is one of the documents itself.

    Raises:
        FinalExistsError: there is a final already.
        MissingFieldError: a final has no key.
        SubsInDraftError: a final has drafts among the documents that it deducts.
        SubsNotBookedError: a final would deduct documents that are not booked yet.
    """
    others = [each for each in documents if each.number != own]
    if kind is _FINAL:
        _check_final(key, others, record)
    elif key and KINDS[kind].is_sub:
        _refuse_beside(_issued(others), key, record)


def is_ready(kind: InvoiceKind, key: str, documents: Iterable[ChainDocument]) -> bool:
    """Tell whether `check_chain` would surely pass a final: most agreements are ready for one.

    All of its documents are issued and booked, and there is no final among them.
    """
    if kind is not _FINAL or not key:
        return False
    for each in documents:
        if each.is_draft or not each.is_booked or each.final or each.kind is _FINAL:
            return False
    return True


def check_advance(kind: InvoiceKind, gross: Decimal, *, record: str) -> None:
    """Refuse an advance below 0: nobody pays on account what is owed to the customer.

    Raises:
        InvalidInputError: a progress or deposit invoice asks for less than nothing.
    """
    if KINDS[kind].is_interim and gross < ZERO:
        rule = f"a {KINDS[kind].title.lower()} asks for a payment"
        fix = "credit an earlier one: credit(...); the final deducts what is left of it"
        raise InvalidInputError(rule, record=record, field="gross", value=gross, fix=fix)


def _check_final(key: str, others: Sequence[ChainDocument], record: str) -> None:
    if not key:
        rule = "a final invoice names what it deducts by a sub invoice key"
        fix = "give it the key of its part invoices"
        raise MissingFieldError(rule, record=record, field="sub_invoice_key", value=key, fix=fix)
    _refuse_beside(_issued(others), key, record)
    drafted = [each.number for each in others if each.is_final]
    if drafted:
        rule = f"{', '.join(drafted)} is the final of {key!r} already"
        raise FinalExistsError(rule, record=record, fix=f"discard {drafted[0]} first")
    drafts = [each for each in others if each.is_draft]
    if drafts:
        rule = f"there are drafts of {key!r}: {_names(drafts)}"
        raise SubsInDraftError(rule, record=record, fix="finalize or discard them first")
    open_books = [each for each in others if not each.is_booked]
    if open_books:
        rule = f"not booked yet, or not all of their payments: {_names(open_books)}"
        fix = "book them first: book_documents, book_payments"
        raise SubsNotBookedError(rule, record=record, fix=fix)


def _issued(documents: Iterable[ChainDocument]) -> list[str]:
    """Give the numbers of issued finals, also of those that only the documents name."""
    every = [*documents]
    named = [each.number for each in every if each.is_final and not each.is_draft]
    return [*dict.fromkeys([*named, *(each.final for each in every if each.final)])]


def _refuse_beside(finals: Sequence[str], key: str, record: str) -> None:
    if finals:
        rule = f"{', '.join(finals)} is the final of {key!r} already"
        raise FinalExistsError(rule, record=record, fix=f"cancel {finals[0]} first")


def _names(documents: Iterable[ChainDocument]) -> str:
    return ", ".join(each.number for each in documents)
