"""A store that remembers: the embedded default, and the reference for adapters."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import cast

from billingcore.errors import BillingError, InvalidInputError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lifecycle.books import Books, Effects, Finalization, PendingInvoice
from billingcore.lifecycle.chains.refreshing import refreshed_drafts
from billingcore.lifecycle.keeping import (
    check_discard,
    check_free,
    check_freeing,
    check_not_issued,
    check_number,
    check_version,
    no_draft,
    no_invoice,
)
from billingcore.lifecycle.release import released
from billingcore.memory.intake import Intake
from billingcore.memory.ledger import Ledger
from billingcore.memory.locking import one_at_a_time
from billingcore.memory.run_log import RunLog
from billingcore.ports import TaxEngine
from billingcore.records.chain_document import ChainDocument
from billingcore.records.numbering import Counter, SkippedNumber
from billingcore.records.setup import Setup
from billingcore.records.snapshot import DEFAULT_SETUP, AccountSnapshot
from billingcore.scope.selection import Filter
from billingcore.tax.table import TaxTable
from billingcore.values.sealing import changed

__all__ = ["MemoryStore"]


class MemoryStore(Intake, RunLog):
    """Accounts, drafts, invoices and counters in memory; a `Source` and a `Store`.

    Several threads may use it at once; records are added by one. It does not travel to other
    processes, and everything is lost when its process ends.

    >>> from billingcore import Account
    >>> store = MemoryStore(tax=TaxTable({"DE_19": "19"}))
    >>> store.add(Account("acme", currency="EUR"))
    >>> store.snapshot("acme").account.id
    'acme'

    Args:
        tax: the tax engine; by default one that knows no code.
        setup: templates, business entities and bookkeeping; by default one template named Default.
        filters: by which records of the host are handed to accounts; give those of the runs.
    """

    def __init__(
        self,
        *,
        tax: TaxEngine | None = None,
        setup: Setup = DEFAULT_SETUP,
        filters: Iterable[Filter] = (),
    ) -> None:
        super().__init__(setup, filters)
        self.tax: TaxEngine = TaxTable({}) if tax is None else tax
        self._drafts: dict[str, DraftInvoice] = {}
        self._invoices: dict[str, Invoice] = {}
        self._issued: dict[str, str] = {}
        self._counters: dict[str, int] = {}
        self._skipped: dict[str, SkippedNumber] = {}
        self._numbers = ChainMap[str, object](
            cast("dict[str, object]", self._invoices), cast("dict[str, object]", self._skipped)
        )

    @one_at_a_time
    def snapshot(self, account: str) -> AccountSnapshot:
        """Give all that is known of an account now.

        Raises:
            InvalidInputError: there is no such account.
        """
        ledger = self._ledger(account)
        return AccountSnapshot(
            ledger.account,
            ledger.subscriptions.values(),
            claims=(*ledger.claims(), *self._book.foreign_claims(account)),
            documents=ledger.documents,
            lines=ledger.billed.lines(),
            records=self._book.of(account),
            usage=ledger.usage.values(),
            chain=ledger.chain(self.setup),
            coupons=ledger.coupons,
            drafts=dict(ledger.drafts),
            setup=self.setup,
            contacts=ledger.contacts,
            revision=ledger.revision,
        )

    @one_at_a_time
    def commit(self, outcomes: Sequence[AccountOutcome]) -> Sequence[str]:
        """Keep the drafts and decisions of accounts; give back the accounts that were refused.

        Raises:
            InvalidInputError: there is no such account; nothing is kept then.
        """
        for outcome in outcomes:
            if outcome.drafts or outcome.decisions:
                self._ledger(outcome.account)
        return [outcome.account for outcome in outcomes if not self._commit(outcome)]

    def _commit(self, outcome: AccountOutcome) -> bool:
        if outcome.drafts or outcome.decisions:
            ledger = self._ledger(outcome.account)
            if ledger.revision != outcome.revision:
                return False
            self._commit_drafts(ledger, outcome)
        self._note_problems(outcome.run.id, outcome.account, outcome.problems)
        return True

    def _commit_drafts(self, ledger: Ledger, outcome: AccountOutcome) -> None:
        names = [self._keep(ledger, draft) for draft in outcome.drafts]
        ledger.documents = ledger.documents.union(names)
        ledger.given.extend(outcome.decisions)
        ledger.changed()
        self._notify(self._book.give(outcome.account, outcome.decisions))

    def _keep(self, ledger: Ledger, draft: DraftInvoice) -> str:
        """Keep a draft and what it covers, in the place of an older version; give its id."""
        name = draft.id
        self._free(ledger, name)
        ledger.put_draft(name, draft)
        self._drafts[name] = draft
        self._hold(ledger, name, draft)
        return name

    def _hold(self, ledger: Ledger, name: str, document: DraftInvoice | Invoice) -> None:
        """Note what a document bills of records, if there are any."""
        if self._book.has_records:
            self._notify(self._book.hold(ledger.account.id, name, document.claims))

    def _free(self, ledger: Ledger, name: str) -> None:
        """Forget what a live draft bills of records, if there are any."""
        if self._book.has_records:
            self._notify(self._book.free(name, ledger.held_by(name)))

    def put_earlier(self, account: str, *documents: ChainDocument) -> None:
        """Put part invoices that were made elsewhere, for the final to deduct.

        One with a number that is there already takes its place, as when something was paid of it.

        Raises:
            InvalidInputError: there is no such account, or a document of this number was issued.
            FinalExistsError: there is a final of its agreement already.
        """
        super().put_earlier(account, *documents)
        self._refresh(self._ledger(account))

    def _refresh(self, ledger: Ledger) -> None:
        """Make the drafts anew that depend on what changed in the books."""
        if ledger.chained:
            for draft in [*refreshed_drafts(ledger.open_books(self.setup))]:
                self._keep(ledger, draft)

    def draft(self, draft_id: str) -> DraftInvoice:
        """Give a live draft.

        Raises:
            InvalidInputError: there is none of this id.
        """
        known = self._drafts.get(draft_id)
        if known is None:
            raise no_draft(draft_id, self._issued.get(draft_id))
        return known

    def drafts(self, run_id: str | None = None) -> Iterator[DraftInvoice]:
        """Yield all live drafts, or those of a run, in the order of their ids."""
        for draft_id in sorted(self._drafts):
            draft = self._drafts.get(draft_id)
            if draft is not None and run_id in (None, draft.run_id):
                yield draft

    @one_at_a_time
    def put(self, draft: DraftInvoice) -> DraftInvoice:
        """Keep a draft that was made or edited by hand, and give it back as it is stored.

        Raises:
            ConflictError: another version is stored, or it covers what is covered already.
            InvalidTransitionError: the draft is an invoice already.
        """
        check_not_issued(draft.id, self._issued.get(draft.id))
        stored = self._drafts.get(draft.id)
        check_version(draft, None if stored is None else stored.version)
        ledger = self._ledger(draft.account.id)
        self._check_free(ledger, draft)
        kept = changed(draft, version=draft.version + 1)
        ledger.documents |= {self._keep(ledger, kept)}
        ledger.changed()
        return kept

    @one_at_a_time
    def discard(self, draft_id: str) -> None:
        """Delete a live draft; what it covered is free again.

        Raises:
            InvalidInputError: there is none of this id.
            ConflictError: it takes days back that another document bills anew.
        """
        draft = self.draft(draft_id)
        ledger = self._ledger(draft.account.id)
        check_discard(draft, ledger.claims())
        self._free(ledger, draft_id)
        del self._drafts[draft_id]
        ledger.drop_draft(draft_id)
        ledger.documents -= {draft_id}
        ledger.changed()

    @one_at_a_time
    def finalize(self, pending: Sequence[PendingInvoice]) -> Sequence[Finalization | BillingError]:
        """Turn drafts into invoices with the next numbers of their counters, in this order.

        A draft that cannot be finalized stays, has its error in the place of its result, and uses
        up no number. If *issue* raises what is no `BillingError`, the drafts before it are invoices.
        """
        results: list[Finalization | BillingError] = []
        for each in pending:
            try:
                results.append(self._finalize(each))
            except BillingError as error:
                results.append(error)
        return results

    def _finalize(self, pending: PendingInvoice) -> Finalization:
        draft, counter, issue = pending
        name = draft.id
        check_not_issued(name, self._issued.get(name))
        stored = self._drafts.get(name)
        ledger = self._ledger(draft.account.id)
        if stored is None:
            self._check_free(ledger, draft)
        else:
            check_version(draft, stored.version)
        count = self._next(counter)
        result = issue(count, ledger.open_books(self.setup))
        invoice, effects = result
        elsewhere = self._elsewhere.get(invoice.number)
        check_number(invoice.number, self._numbers, elsewhere=elsewhere)
        self._check_freeing(ledger, effects.canceled)
        self._counters[counter.name] = count
        self._invoices[invoice.number] = invoice
        self._issued[name] = invoice.number
        self._drafts.pop(name, None)
        self._free(ledger, name)
        self._hold(ledger, invoice.number, invoice)
        ledger.drop_draft(name)
        if name not in ledger.documents:
            ledger.documents |= {name}
        self._forget(ledger, effects.canceled)
        ledger.issue(invoice)
        ledger.keep(effects)
        self._refresh(ledger)
        return result

    def _forget(self, ledger: Ledger, number: str | None) -> None:
        """Free what a document covers that is canceled or closed, if it covers anything."""
        if number is not None and number in ledger.invoices:
            gone = ledger.forget(number)
            self._notify(self._book.free(gone.number, gone.claims))

    @one_at_a_time
    def books(self, account: str) -> Books:
        """Give what was issued, paid and booked of an account.

        Raises:
            InvalidInputError: there is no such account.
        """
        return self._ledger(account).books(self.setup)

    @one_at_a_time
    def record(self, account: str, decide: Callable[[Books], Effects]) -> Effects:
        """Keep what a decision adds to the books of an account, and give it back.

        Raises:
            InvalidInputError: there is no such account.
        """
        ledger = self._ledger(account)
        effects = decide(ledger.open_books(self.setup))
        self._check_freeing(ledger, effects.canceled)
        self._forget(ledger, effects.canceled)
        ledger.keep(effects)
        self._refresh(ledger)
        return effects

    @one_at_a_time
    def skip(self, counter: Counter, make: Callable[[int], SkippedNumber]) -> SkippedNumber:
        """Take the next number of a counter, and keep why no document has it.

        Raises:
            InvalidInputError: the number is in use by another series.
        """
        count = self._next(counter)
        skipped = make(count)
        check_number(skipped.number, self._numbers)
        self._counters[counter.name] = count
        self._skipped[skipped.number] = skipped
        return skipped

    def skipped(self) -> Iterator[SkippedNumber]:
        """Yield the numbers that were skipped, in that order."""
        yield from self._skipped.values()

    @one_at_a_time
    def release(self, account: str, *usage: str) -> None:
        """Let usage of canceled invoices be billed again.

        Args:
            account: the account's id.
            usage: its ids or names, like ``usage/U-1``; without any, all that is linked.

        Raises:
            InvalidInputError: there is no such account, or usage is not linked; none is released.
        """
        ledger = self._ledger(account)
        try:
            ledger.given[:] = released(ledger.given, usage or None)
        except InvalidInputError as error:
            raise error.at(f"Account {account!r}", "usage") from None
        ledger.changed()

    def invoice(self, number: str) -> Invoice:
        """Give an invoice.

        Raises:
            InvalidInputError: there is none of this number.
        """
        known = self._invoices.get(number)
        if known is None:
            raise no_invoice(number)
        return known

    def invoices(self) -> Iterator[Invoice]:
        """Yield all invoices, in the order in which they were finalized."""
        yield from [*self._invoices.values()]

    def _next(self, counter: Counter) -> int:
        return self._counters.get(counter.name, counter.start) + 1

    def _check_freeing(self, ledger: Ledger, number: str | None) -> None:
        """Refuse to free what other documents build on."""
        if number not in ledger.invoices:
            return
        live: list[DraftInvoice | Invoice] = [*ledger.drafts.values()]
        live += ledger.invoices.values()
        check_freeing(ledger.invoices[number], ledger.claims(), live)

    def _check_free(self, ledger: Ledger, draft: DraftInvoice) -> None:
        """Refuse claims on days that another document holds."""
        claims = draft.claims
        rivals = self._book.rival_claims(ledger.account.id, claims)
        check_free(claims, (*ledger.claims_but(draft.id), *rivals))
