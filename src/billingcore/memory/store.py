"""A store that remembers: the embedded default, and the reference for adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from billingcore.errors import (
    BillingError,
    ConflictError,
    InvalidInputError,
)
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lifecycle.books import Books, Effects, Finalization, PendingInvoice
from billingcore.lifecycle.chains.refreshing import refreshed_drafts
from billingcore.lifecycle.release import released
from billingcore.memory.checks import (
    check_discard,
    check_freeing,
    conflict,
    double_booked,
    issued_already,
)
from billingcore.memory.intake import Intake
from billingcore.memory.ledger import Ledger
from billingcore.ports import TaxEngine
from billingcore.records.chain_document import ChainDocument
from billingcore.records.claims import Claim
from billingcore.records.numbering import Counter, SkippedNumber
from billingcore.records.setup import Setup
from billingcore.records.snapshot import DEFAULT_SETUP, AccountSnapshot
from billingcore.scope.selection import Filter
from billingcore.tax.table import TaxTable
from billingcore.values.sealing import changed

__all__ = ["MemoryStore"]


class MemoryStore(Intake):
    """Accounts, drafts, invoices and counters in memory; a `Source` and a `Store`.

    Not for use from several threads at once. Everything is lost when the process ends.

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
            drafts={name: self._drafts[name] for name in ledger.drafts},
            setup=self.setup,
            contacts=ledger.contacts,
            revision=ledger.revision,
        )

    def commit(self, outcomes: Sequence[AccountOutcome]) -> Sequence[str]:
        """Keep the drafts and decisions of accounts; give back the accounts that were refused."""
        return [outcome.account for outcome in outcomes if not self._commit(outcome)]

    def _commit(self, outcome: AccountOutcome) -> bool:
        if not outcome.drafts and not outcome.decisions:
            return True
        ledger = self._ledger(outcome.account)
        if ledger.revision != outcome.revision:
            return False
        for draft in outcome.drafts:
            self._keep(ledger, draft)
        ledger.documents = ledger.documents.union(draft.id for draft in outcome.drafts)
        ledger.given.extend(outcome.decisions)
        ledger.changed()
        self._notify(self._book.give(outcome.account, outcome.decisions))
        return True

    def _keep(self, ledger: Ledger, draft: DraftInvoice) -> None:
        """Keep a draft and what it covers, in the place of an older version."""
        name, account = draft.id, draft.account.id
        self._notify(self._book.free(name, ledger.drafts.get(name, ())))
        ledger.drafts[name] = claims = draft.claims
        self._drafts[name] = draft
        if draft.chain.key:
            ledger.chained[name] = draft
        self._notify(self._book.hold(account, name, claims))

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
        try:
            return self._drafts[draft_id]
        except KeyError:
            number = self._issued.get(draft_id)
            fix = f"it is invoice {number}" if number else "it was discarded, or never stored"
            rule = "no live draft of this id"
            raise InvalidInputError(rule, field="draft_id", value=draft_id, fix=fix) from None

    def drafts(self) -> Iterator[DraftInvoice]:
        """Yield all live drafts, in the order of their ids."""
        for draft_id in sorted(self._drafts):
            yield self._drafts[draft_id]

    def put(self, draft: DraftInvoice) -> DraftInvoice:
        """Keep a draft that was made or edited by hand, and give it back as it is stored.

        Raises:
            ConflictError: another version is stored, or it covers what is covered already.
            InvalidTransitionError: the draft is an invoice already.
        """
        self._check_not_issued(draft.id)
        stored = self._drafts.get(draft.id)
        if draft.version != (0 if stored is None else stored.version):
            raise conflict(draft, stored)
        ledger = self._ledger(draft.account.id)
        self._check_free(ledger, draft)
        kept = changed(draft, version=draft.version + 1)
        self._keep(ledger, kept)
        ledger.documents |= {kept.id}
        ledger.changed()
        return kept

    def discard(self, draft_id: str) -> None:
        """Delete a live draft; what it covered is free again.

        Raises:
            InvalidInputError: there is none of this id.
            ConflictError: it takes days back that another document bills anew.
        """
        draft = self.draft(draft_id)
        ledger = self._ledger(draft.account.id)
        check_discard(draft, ledger.claims_but())
        self._notify(self._book.free(draft_id, ledger.drafts[draft_id]))
        del self._drafts[draft_id], ledger.drafts[draft_id]
        ledger.chained.pop(draft_id, None)
        ledger.documents -= {draft_id}
        ledger.changed()

    def finalize(self, pending: Sequence[PendingInvoice]) -> Sequence[Finalization | BillingError]:
        """Turn drafts into invoices with the next numbers of their counters, in this order.

        A draft that cannot be finalized stays, has its error in the place of its result, and uses
        up no number.
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
        self._check_not_issued(name)
        stored = self._drafts.get(name)
        if stored is not None and stored.version != draft.version:
            raise conflict(draft, stored)
        ledger = self._ledger(draft.account.id)
        if stored is None:
            self._check_free(ledger, draft)
        count = self._next(counter)
        result = issue(count, ledger.open_books(self.setup))
        invoice, effects = result
        self._check_number(invoice.number)
        self._check_elsewhere(invoice.number)
        self._check_freeing(ledger, effects.canceled)
        self._counters[counter.name] = count
        self._invoices[invoice.number] = invoice
        self._issued[name] = invoice.number
        self._drafts.pop(name, None)
        ledger.chained.pop(name, None)
        self._notify(self._book.free(name, ledger.drafts.pop(name, ())))
        self._notify(self._book.hold(ledger.account.id, invoice.number, invoice.claims))
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

    def books(self, account: str) -> Books:
        """Give what was issued, paid and booked of an account.

        Raises:
            InvalidInputError: there is no such account.
        """
        return self._ledger(account).books(self.setup)

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

    def skip(self, counter: Counter, make: Callable[[int], SkippedNumber]) -> SkippedNumber:
        """Take the next number of a counter, and keep why no document has it.

        Raises:
            InvalidInputError: the number is in use by another series.
        """
        count = self._next(counter)
        skipped = make(count)
        self._check_number(skipped.number)
        self._counters[counter.name] = count
        self._skipped[skipped.number] = skipped
        return skipped

    def skipped(self) -> Iterator[SkippedNumber]:
        """Yield the numbers that were skipped, in that order."""
        yield from self._skipped.values()

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
        try:
            return self._invoices[number]
        except KeyError:
            rule = "no invoice of this number"
            raise InvalidInputError(rule, field="number", value=number) from None

    def invoices(self) -> Iterator[Invoice]:
        """Yield all invoices, in the order in which they were finalized."""
        yield from self._invoices.values()

    def _next(self, counter: Counter) -> int:
        return self._counters.get(counter.name, counter.start) + 1

    def _check_elsewhere(self, number: str) -> None:
        if number in self._elsewhere:
            rule = (
                f"a document of {self._elsewhere[number]!r} that was made elsewhere has this number"
            )
            fix = "start the counter behind it, or skip the number: skip_number(...)"
            raise InvalidInputError(rule, field="number", value=number, fix=fix)

    def _check_number(self, number: str) -> None:
        if number in self._invoices or number in self._skipped:
            fix = "give each number series its own pattern"
            rule = "the number is in use by another series"
            raise InvalidInputError(rule, field="number", value=number, fix=fix)

    def _check_freeing(self, ledger: Ledger, number: str | None) -> None:
        """Refuse to free what other documents build on."""
        if number not in ledger.invoices:
            return
        live: list[DraftInvoice | Invoice] = [self._drafts[name] for name in ledger.drafts]
        live += ledger.invoices.values()
        check_freeing(ledger.invoices[number], ledger.claims_but(), live)

    def _check_not_issued(self, draft_id: str) -> None:
        number = self._issued.get(draft_id)
        if number is not None:
            raise issued_already(draft_id, number)

    def _check_free(self, ledger: Ledger, draft: DraftInvoice) -> None:
        """Refuse claims on days that another document holds."""
        held = ledger.claims_but(draft.id)
        for claim in self._book.rival_claims(ledger.account.id, draft.claims):
            held.setdefault(claim.billable, []).append(claim)
        own: dict[str, list[Claim]] = {}
        for claim in draft.claims:
            own.setdefault(claim.billable, []).append(claim)
        for billable, claims in own.items():
            days = double_booked(claims, held.get(billable, []))
            if days:
                raise ConflictError(f"{billable} is billed already for {days}")
