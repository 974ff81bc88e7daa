"""What the store knows of one account."""

from __future__ import annotations

from attrs import define, field

from billingcore.invoices.document import Invoice
from billingcore.records.account import Account
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.contact import NO_CONTACTS, Contacts
from billingcore.records.subscription import Subscription
from billingcore.records.usage import UsageRecord
from billingcore.scope.history import History

__all__ = ["Ledger"]


@define
class Ledger:
    """What the store knows of one account."""

    account: Account
    subscriptions: dict[str, Subscription] = field(factory=dict[str, Subscription])
    given: list[Claim] = field(factory=list[Claim])
    drafts: dict[str, tuple[Claim, ...]] = field(factory=dict[str, tuple[Claim, ...]])
    billed: History = field(factory=History)
    documents: frozenset[str] = frozenset()
    contacts: Contacts = NO_CONTACTS
    usage: dict[str, UsageRecord] = field(factory=dict[str, UsageRecord])
    invoices: dict[str, Invoice] = field(factory=dict[str, Invoice])
    revision: int = 0
    known_claims: tuple[Claim, ...] | None = None

    def changed(self) -> None:
        """Count a change."""
        self.revision += 1
        self.known_claims = None

    def claims(self) -> tuple[Claim, ...]:
        """Give all claims: those handed in, those of invoices, and those of live drafts."""
        if self.known_claims is None:
            held = (claim for claims in self.drafts.values() for claim in claims)
            self.known_claims = (*self.given, *self.billed.claims(), *held)
        return self.known_claims

    def claims_but(self, draft_id: str = "") -> dict[str, list[Claim]]:
        """Give the claims of all documents but one draft, by what they bill."""
        found: dict[str, list[Claim]] = {}
        others = (claims for name, claims in self.drafts.items() if name != draft_id)
        for claim in (
            *self.given,
            *self.billed.claims(),
            *(each for row in others for each in row),
        ):
            if claim.state is not ClaimState.CARRIED:
                found.setdefault(claim.billable, []).append(claim)
        return found

    def forget(self, number: str) -> Invoice:
        """Take an invoice out of what is billed, and give it back."""
        gone = self.invoices.pop(number)
        self.billed = History()
        for invoice in self.invoices.values():
            self.billed.add(invoice)
        self.changed()
        return gone
