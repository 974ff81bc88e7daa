"""Drafts and decisions: what a run commits, and what people do with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import attrs
from sql_reading import Reading
from sql_step import BY_DRAFT, CLAIM, GIVEN, Step, claim_of

import billingcore as bc

__all__ = ["Drafts"]

_ADD_DRAFT: Final = (
    "INSERT INTO draft (id, account, run_id, version, chain_key, body) VALUES (?, ?, ?, ?, ?, ?)"
)
_ADD_FAILURE: Final = "INSERT INTO failure (run_id, account, place, body) VALUES (?, ?, ?, ?)"


class Drafts(Reading):
    """Keeps drafts, with what they claim, and decisions."""

    def commit(self, outcomes: Sequence[bc.AccountOutcome]) -> Sequence[str]:
        """Keep the drafts and decisions of accounts; give back the accounts that were refused.

        All accounts of a call are one transaction.
        """
        return self.database.write(lambda: self._commit(outcomes))

    def _commit(self, outcomes: Sequence[bc.AccountOutcome]) -> Sequence[str]:
        step = Step(self.database)
        telling = [each for each in outcomes if each.drafts or each.decisions]
        drafts = [draft for each in telling for draft in each.drafts]
        decided = [claim for each in telling for claim in each.decisions]
        claims = (claim for draft in drafts for claim in draft.claims)
        step.lock({*(each.account for each in telling), *step.readers((*decided, *claims))})
        known = {draft.id for draft in drafts}
        found = self.database.ask_in("SELECT id FROM draft WHERE id IN ({})", known)
        stored = {name for (name,) in found}
        refused: list[str] = []
        kept: list[bc.AccountOutcome] = []
        for each in outcomes:
            if each.drafts or each.decisions:
                account = each.account
                step.account(account)
                if step.revisions[account] != each.revision:
                    refused.append(account)
                    continue
                for draft in each.drafts:
                    self._keep(step, draft, is_stored=draft.id in stored)
                step.hold(account, each.decisions, GIVEN, "")
                step.touch([account])
            kept.append(each)
        self._note_problems(step, kept)
        step.flush()
        return refused

    def _note_problems(self, step: Step, outcomes: Collection[bc.AccountOutcome]) -> None:
        """Keep what is wrong in accounts, in the place of what the same run found before."""
        for run_id in dict.fromkeys(each.run.id for each in outcomes):
            own = {each.account: each for each in outcomes if each.run.id == run_id}
            question = "SELECT DISTINCT account FROM failure WHERE account IN ({}) AND run_id = ?"
            for (account,) in self.database.ask_in(question, own, run_id):
                step.remove("DELETE FROM failure WHERE run_id = ? AND account = ?", run_id, account)
            for account, each in own.items():
                for place, problem in enumerate(each.problems):
                    step.add(_ADD_FAILURE, run_id, account, place, self.codec.to_json(problem))

    def _keep(self, step: Step, draft: bc.DraftInvoice, *, is_stored: bool) -> None:
        """Keep a draft and what it covers, in the place of the stored one."""
        name, account = draft.id, draft.account.id
        if is_stored:
            self._drop(step, name)
        text, key = self.codec.to_json(draft), draft.sub_invoice_key
        step.add(_ADD_DRAFT, name, account, draft.run_id, draft.version, key, text)
        step.hold(account, draft.claims, BY_DRAFT, name)
        step.correct(draft, BY_DRAFT, name)

    def _drop(self, step: Step, name: str) -> None:
        """Forget a draft and what it covers."""
        step.remove("DELETE FROM draft WHERE id = ?", name)
        step.free(BY_DRAFT, name)

    def put(self, draft: bc.DraftInvoice) -> bc.DraftInvoice:
        """Keep a draft that was made or edited by hand, and give it back as it is stored.

        Raises:
            ConflictError: another version is stored, or it covers what is covered already.
            InvalidTransitionError: the draft is an invoice already.
        """
        return self.database.write(lambda: self._put(draft))

    def _put(self, draft: bc.DraftInvoice) -> bc.DraftInvoice:
        step, account = Step(self.database), draft.account.id
        step.lock({account, *step.readers(draft.claims)})
        step.account(account)
        issued = self.database.ask("SELECT number FROM invoice WHERE draft_id = ?", draft.id)
        bc.keeping.check_not_issued(draft.id, issued[0][0] if issued else None)
        stored = self.database.ask("SELECT version FROM draft WHERE id = ?", draft.id)
        bc.keeping.check_version(draft, stored[0][0] if stored else None)
        self._check_free(step, draft)
        kept: bc.DraftInvoice = attrs.evolve(draft, version=draft.version + 1)
        self._keep(step, kept, is_stored=bool(stored))
        step.touch([account])
        step.flush()
        return kept

    def _check_free(self, step: Step, draft: bc.DraftInvoice) -> None:
        """Refuse claims on days that another document holds."""
        account, claims = draft.account.id, draft.claims
        billables = {claim.billable for claim in claims}
        own = step.claims_on(account, billables, but=draft.id)
        bc.keeping.check_free(claims, (*own, *step.rivals(account, claims)))

    def discard(self, draft_id: str) -> None:
        """Delete a live draft; what it covered is free again.

        Raises:
            InvalidInputError: there is none of this id.
            ConflictError: it takes days back that another document bills anew.
        """
        self.database.write(lambda: self._discard(draft_id))

    def _discard(self, draft_id: str) -> None:
        step, account = Step(self.database), self.draft(draft_id).account.id
        step.lock([account])
        draft = self.draft(draft_id)  # as it is now that nobody else can change it
        billables = {claim.billable for claim in draft.claims}
        bc.keeping.check_discard(draft, step.claims_on(account, billables))
        self._drop(step, draft_id)
        step.touch([account])
        step.flush()

    def _refresh(self, step: Step, books: bc.Books) -> None:
        """Make the drafts anew that depend on what changed in the books."""
        for draft in bc.refreshed_drafts(books):
            self._keep(step, draft, is_stored=True)

    def release(self, account: str, *usage: str) -> None:
        """Let usage of canceled invoices be billed again.

        Args:
            account: the account's id.
            usage: its ids or names, like ``usage/U-1``; without any, all that is linked.

        Raises:
            InvalidInputError: there is no such account, or usage is not linked; none is released.
        """
        self.database.write(lambda: self._release(account, usage))

    def _release(self, account: str, usage: Sequence[str]) -> None:
        step = Step(self.database)
        step.account(account)
        question = f"SELECT seq, {CLAIM} FROM claim WHERE account = ? AND source = ? AND state = ? ORDER BY seq"
        rows = self.database.ask(question, account, GIVEN, bc.ClaimState.LINKED.value)
        linked = [(seq, claim_of(*row)) for seq, *row in rows]
        try:
            kept = {*bc.released([claim for _, claim in linked], usage or None)}
        except bc.InvalidInputError as error:
            raise error.at(f"Account {account!r}", "usage") from None
        for seq, claim in linked:
            if claim not in kept:
                step.remove("DELETE FROM claim WHERE seq = ?", seq)
        step.touch([account])
        step.flush()
