"""What the store knows of one account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import define, field

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.ledger.entry import JournalEntry
from billingcore.lifecycle.books import Books, Effects
from billingcore.lifecycle.chains.documents import chain_documents
from billingcore.records.account import Account
from billingcore.records.chain_document import ChainDocument
from billingcore.records.claims import Claim
from billingcore.records.contact import NO_CONTACTS, Contacts
from billingcore.records.coupon import Coupon
from billingcore.records.payment import Assignment, Clearing, Closing, Payment
from billingcore.records.setup import Setup
from billingcore.records.subscription import Subscription
from billingcore.records.usage import UsageRecord
from billingcore.scope.history import History

__all__ = ["Ledger"]


@define
class Ledger:
    """What the store knows of one account.

    Attributes:
        drafts: id → live draft.
        invoices: number → document whose lines still cover something.
        issued: number → document, canceled ones too.
        chained: id → live draft with a sub invoice key.
        earlier: documents of chains that were made elsewhere.
        unread: documents whose lines are not part of what is billed yet, in the order of issue.
        held: id → what a live draft covers, if somebody asked for it.
    """

    account: Account
    subscriptions: dict[str, Subscription] = field(factory=dict[str, Subscription])
    given: list[Claim] = field(factory=list[Claim])
    drafts: dict[str, DraftInvoice] = field(factory=dict[str, DraftInvoice])
    known_history: History = field(factory=History)
    unread: list[Invoice] = field(factory=list[Invoice])
    documents: frozenset[str] = frozenset()
    contacts: Contacts = NO_CONTACTS
    coupons: tuple[Coupon, ...] = ()
    usage: dict[str, UsageRecord] = field(factory=dict[str, UsageRecord])
    invoices: dict[str, Invoice] = field(factory=dict[str, Invoice])
    issued: dict[str, Invoice] = field(factory=dict[str, Invoice])
    payments: dict[str, Payment] = field(factory=dict[str, Payment])
    assignments: list[Assignment] = field(factory=list[Assignment])
    clearings: list[Clearing] = field(factory=list[Clearing])
    entries: dict[str, Sequence[JournalEntry]] = field(factory=dict[str, Sequence[JournalEntry]])
    closings: list[Closing] = field(factory=list[Closing])
    chained: dict[str, DraftInvoice] = field(factory=dict[str, DraftInvoice])
    earlier: list[ChainDocument] = field(factory=list[ChainDocument])
    has_chains: bool = False
    revision: int = 0
    known_claims: tuple[Claim, ...] | None = None
    held: dict[str, tuple[Claim, ...]] = field(factory=dict[str, tuple[Claim, ...]])

    @property
    def billed(self) -> History:
        """What was billed so far; documents are added when somebody asks."""
        for invoice in self.unread:
            self.known_history.add(invoice)
        self.unread.clear()
        return self.known_history

    def changed(self) -> None:
        """Count a change."""
        self.revision += 1
        self.known_claims = None

    def claims(self) -> tuple[Claim, ...]:
        """Give all claims: those handed in, those of invoices, and those of live drafts."""
        if self.known_claims is None:
            held = (claim for name in self.drafts for claim in self.held_by(name))
            self.known_claims = (*self.given, *self.billed.claims(), *held)
        return self.known_claims

    def claims_but(self, draft_id: str) -> Iterator[Claim]:
        """Yield the claims of all documents but one draft."""
        yield from self.given
        yield from self.billed.claims()
        for name in self.drafts:
            if name != draft_id:
                yield from self.held_by(name)

    def held_by(self, draft_id: str) -> tuple[Claim, ...]:
        """Give what a live draft covers; worked out when somebody asks, since most become invoices.

        Empty if there is no such draft.
        """
        known = self.held.get(draft_id)
        if known is None and draft_id in self.drafts:
            known = self.held[draft_id] = self.drafts[draft_id].claims
        return known or ()

    def put_draft(self, draft_id: str, draft: DraftInvoice) -> None:
        """Keep a live draft, in the place of an older version."""
        self.drop_draft(draft_id)
        self.drafts[draft_id] = draft
        if draft.chain.key:
            self.chained[draft_id] = draft

    def drop_draft(self, draft_id: str) -> None:
        """Forget a live draft, if there is one of this id."""
        self.drafts.pop(draft_id, None)
        self.chained.pop(draft_id, None)
        self.held.pop(draft_id, None)

    def issue(self, invoice: Invoice) -> None:
        """Keep a document."""
        self.issued[invoice.number] = invoice
        self.has_chains = self.has_chains or bool(invoice.draft.chain.key)
        self.invoices[invoice.number] = invoice
        self.unread.append(invoice)

    def keep(self, effects: Effects) -> None:
        """Keep what a decision adds to the books."""
        for payment in effects.payments:
            self.payments[payment.id] = payment
        self.assignments += effects.assignments
        self.clearings += effects.clearings
        self.closings += effects.closings
        for entry in effects.entries:
            self.entries[entry.source] = (*self.entries.get(entry.source, ()), entry)
        self.given += effects.claims
        self.changed()

    def put_earlier(self, documents: Iterable[ChainDocument]) -> None:
        """Keep documents that were made elsewhere, in the place of those with the same numbers."""
        known = {each.number: each for each in self.earlier}
        known |= {each.number: each for each in documents}
        self.earlier = [*known.values()]
        self.changed()

    def chain(self, setup: Setup) -> tuple[ChainDocument, ...]:
        """Give the documents of its agreements."""
        if not (self.has_chains or self.chained or self.earlier):
            return ()
        return chain_documents(self.open_books(setup))

    def forget(self, number: str) -> Invoice:
        """Take an invoice out of what is billed, and give it back."""
        gone = self.invoices.pop(number)
        self.known_history, self.unread = History(), [*self.invoices.values()]
        self.changed()
        return gone

    def open_books(self, setup: Setup) -> Books:
        """Give its books as they are now, and as they go on: only to decide at once."""
        return Books(
            self.account,
            self.issued,
            self.payments,
            self.assignments,
            self.clearings,
            self.entries,
            self.closings,
            self.chained,
            self.earlier,
            setup,
            self.revision,
        )

    def books(self, setup: Setup) -> Books:
        """Give its books as they are now, and stay."""
        return Books(
            self.account,
            dict(self.issued),
            dict(self.payments),
            tuple(self.assignments),
            tuple(self.clearings),
            dict(self.entries),
            tuple(self.closings),
            dict(self.chained),
            tuple(self.earlier),
            setup,
            self.revision,
        )
