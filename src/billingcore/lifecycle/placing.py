"""Give a draft by hand its kind, and its place among all that is invoiced on one agreement."""

from __future__ import annotations

from typing import Final

from billingcore.errors import InvalidInputError
from billingcore.invoices.chain import Chain
from billingcore.invoices.chain_rules import chain_of, check_advance, check_chain, is_ready
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.reopening import open_lines
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.chains.documents import chain_documents
from billingcore.lifecycle.paying.free import seller_of_draft
from billingcore.lifecycle.rebuilding import rebuilt
from billingcore.records.account import Account
from billingcore.records.chain_document import CHAIN_KINDS, ChainDocument
from billingcore.records.discount import Discount
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.tax.chain import invoiced_before, with_deductions
from billingcore.values.boundary import Boundary
from billingcore.values.context import ZERO
from billingcore.values.sealing import changed

__all__ = ["Place", "agreement"]

_STANDARD: Final = InvoiceKind.STANDARD  # looked up slowly in its class
_MADE_OF_ANOTHER: Final = {
    InvoiceKind.CREDIT: "credit(...)",
    InvoiceKind.CANCELLATION: "cancel(...)",
}


class Place:
    """The kind and the sub invoice key that a draft by hand is to have.

    Attributes:
        kind: what the document is.
        key: what it shares with the other documents of its agreement; empty if it stands alone.

    Raises:
        InvalidInputError: no document by hand is of this kind, or the key has no use or no books.
        MissingFieldError: a final has no key.
    """

    __slots__ = ("_books", "key", "kind")

    def __init__(self, kind: InvoiceKind, key: str, books: Books | None, account: Account) -> None:
        read = Boundary("draft")
        self.kind: InvoiceKind = read.member("kind", kind, InvoiceKind)
        self.key: str = read.id("sub_invoice_key", key) if key else ""
        self._books: Books | None = read.optional("books", books, Books)
        if self.kind in _MADE_OF_ANOTHER:
            fix = f"use {_MADE_OF_ANOTHER[self.kind]}"
            raise read.refuse("kind", self.kind.value, "it is made of another document", fix)
        if self.key and self.kind not in CHAIN_KINDS:
            names = ", ".join(each.value for each in CHAIN_KINDS)
            fix = f"leave it out, or choose another kind: {names}"
            rule = f"no key for the kind {self.kind.value!r}"
            raise read.refuse("sub_invoice_key", key, rule, fix)
        if not self.key:
            check_chain(self.kind, "", (), record="draft")
        elif self._books is None:
            rule = "nobody knows what was invoiced before"
            fix = "give the books of the account: books=store.books(...)"
            raise read.refuse("books", None, rule, fix)
        elif self._books.account.id != account.id:
            rule, fix = "they are of another account", f"give those of {account.id!r}"
            raise read.refuse("books", self._books.account.id, rule, fix)

    def check_single(self, count: int) -> None:
        """Refuse to put several documents in one place."""
        if self.key and count > 1:
            rule = f"the items belong on {count} documents, and one has this key"
            fix = "make one after the other: draft(...)"
            raise InvalidInputError(rule, field="sub_invoice_key", value=self.key, fix=fix)

    def of(self, draft: DraftInvoice, discount: Discount | None) -> DraftInvoice:
        """Give a draft that stands alone its kind and its place.

        Args:
            draft: the draft, as it was never stored.
            discount: the discount that it has.

        Raises:
            InvalidTransitionError: it cannot be made, or not before others are.
        """
        if self.kind is _STANDARD:
            return changed(draft, order_discount=discount, version=0)
        said = {"kind": self.kind, "order_discount": discount, "version": 0}
        gross = draft.totals.gross
        if gross < ZERO:
            check_advance(self.kind, gross, record=f"Draft {draft.id!r}")
        if self._books is None or not self.key:
            return changed(draft, **said)
        documents = agreement(self._books, self.key, draft)
        if not is_ready(self.kind, self.key, documents):
            name = draft.id
            check_chain(self.kind, self.key, documents, record=f"Draft {name!r}", own=name)
        if self.kind is InvoiceKind.FINAL:
            return with_deductions(draft, documents, self.key, **said)
        chain = Chain(self.key, before=invoiced_before(documents, draft.policy))
        part = changed(draft, chain=chain, **said)
        return rebuilt(part, open_lines(part), part.order_discount) if chain.before else part


def agreement(books: Books, key: str, draft: DraftInvoice) -> list[ChainDocument]:
    """Give the documents of an agreement that a draft belongs to."""
    return chain_of(chain_documents(books, key), key, draft.currency, seller_of_draft(draft))
