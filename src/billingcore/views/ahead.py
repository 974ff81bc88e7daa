"""An account as it will be: runs that follow each other, as if all drafts were finalized.

Every run is the engine's own `bill`. Between two runs its drafts become claims and billed lines, as
a store would keep them after they were finalized; nothing else is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve

from billingcore.engine import bill
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lifecycle.chains.documents import draft_document
from billingcore.ports import TaxEngine
from billingcore.records.chain_document import ChainDocument
from billingcore.records.claims import BilledLine, Claim, ClaimState
from billingcore.records.snapshot import AccountSnapshot
from billingcore.scope.history import History
from billingcore.scope.run import InvoiceRun

__all__ = ["Ahead", "as_issued"]

IMAGINED: Final = -1
"""The revision of an account that no store has: what is billed from it cannot be committed."""


def as_issued(document: ChainDocument) -> ChainDocument:
    """Give a document of an agreement as if it were issued, and nothing paid of it."""
    return evolve(document, is_draft=False) if document.is_draft else document


class _Lines(Mapping[str, Sequence[BilledLine]]):
    """Billed lines, with further ones behind them; those that are known are read when asked for."""

    def __init__(
        self,
        known: Mapping[str, Sequence[BilledLine]],
        further: Mapping[str, Sequence[BilledLine]],
    ) -> None:
        self._known = known
        self._further = further

    def __getitem__(self, billable: str) -> Sequence[BilledLine]:
        if billable not in self:
            raise KeyError(billable)
        return (*self._known.get(billable, ()), *self._further.get(billable, ()))

    def __contains__(self, billable: object) -> bool:
        return billable in self._further or billable in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._known, *self._further]))

    def __len__(self) -> int:
        return len({*self._known, *self._further})


class Ahead:
    """An account in the future.

    Args:
        snapshot: the account as it is now.
        tax: asked by every run.
        drafts: live drafts that are finalized first; those of other accounts are passed over.
    """

    def __init__(
        self, snapshot: AccountSnapshot, tax: TaxEngine, drafts: Iterable[DraftInvoice] = ()
    ) -> None:
        self._tax = tax
        self._history = History()
        self._first = snapshot
        self.snapshot: AccountSnapshot = snapshot
        own = [draft for draft in drafts if draft.account.id == snapshot.account.id]
        if own:
            ids = {draft.id for draft in own}
            claims = tuple(
                claim
                for claim in snapshot.claims
                if claim.state is not ClaimState.DRAFT or claim.document not in ids
            )
            self._first = evolve(snapshot, claims=claims)
            self._keep(own, ())

    def bill(self, run: InvoiceRun) -> AccountOutcome:
        """Bill the account as it is after all runs before, and keep what comes of it.

        Raises:
            PortError: the tax engine could not answer.
        """
        outcome = bill(run, self.snapshot, self._tax)
        if outcome.drafts or outcome.decisions:
            self._keep(outcome.drafts, outcome.decisions)
        return outcome

    def _keep(self, drafts: Sequence[DraftInvoice], decisions: Sequence[Claim]) -> None:
        """Take drafts as finalized: an invoice has the id of its draft for a number."""
        for draft in drafts:
            day = draft.period.bounds[0]
            self._history.add(Invoice(draft.id, day, day, draft))
        issued = [as_issued(draft_document(draft)) for draft in drafts if draft.chain.key]
        numbers = {each.number for each in issued}
        others = (each for each in self._first.chain if each.number not in numbers)
        claims = (*self._first.claims, *decisions)
        self._first = evolve(self._first, claims=claims, chain=(*others, *issued))
        self.snapshot = evolve(
            self._first,
            claims=(*self._first.claims, *self._history.claims()),
            documents=self.snapshot.documents | {draft.id for draft in drafts},
            lines=_Lines(self._first.lines, self._history.lines()),
            revision=IMAGINED,
        )
