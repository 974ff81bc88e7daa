"""A store that remembers: the embedded default, and the reference for adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from billingcore.errors import ConflictError, InvalidInputError, InvalidTransitionError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lifecycle.release import claims_after_cancellation, released
from billingcore.memory.checks import (
    check_claim,
    check_discard,
    check_void,
    conflict,
    double_booked,
    refused,
)
from billingcore.memory.ledger import Ledger
from billingcore.memory.names import AccountNames
from billingcore.memory.record_book import RecordBook
from billingcore.ports import TaxEngine
from billingcore.records.account import Account
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.contact import Contacts
from billingcore.records.numbering import Counter
from billingcore.records.reasons import Problem
from billingcore.records.setup import Setup
from billingcore.records.snapshot import DEFAULT_SETUP, AccountSnapshot
from billingcore.records.source import SourceRecord
from billingcore.records.subscription import Subscription
from billingcore.records.usage import UsageRecord
from billingcore.scope.selection import Filter
from billingcore.tax.table import TaxTable
from billingcore.values.keys import billable_id
from billingcore.values.sealing import changed

__all__ = ["MemoryStore"]


class MemoryStore:
    """Accounts, drafts, invoices and counters in memory; a `Source` and a `Store`.

    Not for use from several threads at once. Everything is lost when the process ends.

    >>> store = MemoryStore(tax=TaxTable({"DE_19": "19"}))
    >>> store.add(Account("acme", currency="EUR"))
    >>> store.snapshot("acme").account.id
    'acme'

    Args:
        tax: the tax engine; by default one that knows no code.
        setup: templates and business entities; by default one template named Default.
        filters: by which records of the host are handed to accounts; give those of the runs.
    """

    def __init__(
        self,
        *,
        tax: TaxEngine | None = None,
        setup: Setup = DEFAULT_SETUP,
        filters: Iterable[Filter] = (),
    ) -> None:
        self.tax: TaxEngine = TaxTable({}) if tax is None else tax
        self.setup = setup
        self._book = RecordBook(filters, setup)
        self._names = AccountNames()
        self._ledgers: dict[str, Ledger] = {}
        self._owner: dict[str, str] = {}
        self._drafts: dict[str, DraftInvoice] = {}
        self._invoices: dict[str, Invoice] = {}
        self._issued: dict[str, str] = {}
        self._counters: dict[str, int] = {}

    def add(self, *records: Account | Subscription | SourceRecord) -> None:
        """Add accounts, subscriptions and records; an account before what belongs to it.

        A record whose account is not known is kept, and reported by `unresolved`.

        Raises:
            InvalidInputError: a record is there already, or a subscription's account is not.
        """
        for record in records:
            known = self._owner if isinstance(record, Subscription) else self._ledgers
            if isinstance(record, SourceRecord):
                if record in self._book:
                    raise refused(record, "id", record.id, "it is there already")
                self._put_record(record)
            elif record.id in known:
                raise refused(record, "id", record.id, "it is there already")
            elif isinstance(record, Account):
                names = self._names.put(record)
                self._ledgers[record.id] = Ledger(record)
                self._notify(self._book.reroute(names, self._names.resolve))
            else:
                self._put_subscription(record)

    def change(self, *records: Account | Subscription | SourceRecord) -> None:
        """Put changed records in the place of those with the same id.

        Raises:
            InvalidInputError: there is none, or a subscription would change its account.
        """
        for record in records:
            if isinstance(record, SourceRecord):
                if record not in self._book:
                    raise refused(record, "type", record.name, "there is no such record")
                self._put_record(record)
            elif isinstance(record, Account):
                ledger = self._ledger(record.id)
                names = self._names.put(record)
                ledger.account = record
                ledger.changed()
                self._notify(self._book.reroute(names, self._names.resolve))
            else:
                if self._owner.get(record.id) != record.account:
                    rule = "there is no such subscription of this account"
                    raise refused(record, "account", record.account, rule)
                self._put_subscription(record)

    def add_usage(self, account: str, *records: UsageRecord) -> None:
        """Add usage of an account; usage of a known id takes the place of what was known.

        Raises:
            InvalidInputError: there is no such account.
        """
        ledger = self._ledger(account)
        ledger.usage.update((record.id, record) for record in records)
        ledger.changed()

    def add_claims(self, account: str, *claims: Claim) -> None:
        """Add what was billed elsewhere, before this store was used.

        Raises:
            InvalidInputError: there is no such account, or a claim is wrong.
        """
        ledger = self._ledger(account)
        for claim in claims:
            check_claim(claim)
        ledger.given.extend(claims)
        ledger.changed()
        self._notify(self._book.give(account, claims))

    def put_contacts(self, account: str, contacts: Contacts) -> None:
        """Keep the contacts of an account, in the place of those it had.

        Raises:
            InvalidInputError: there is no such account.
        """
        ledger = self._ledger(account)
        ledger.contacts = contacts
        ledger.changed()

    def accounts(self) -> Sequence[str]:
        """Give the ids of all accounts, in the order in which they were added."""
        return tuple(self._ledgers)

    def unresolved(self) -> Iterator[Problem]:
        """Yield a problem for each record and filter whose account is not known."""
        return self._book.problems()

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
        self._notify(self._book.hold(account, name, claims))

    def _notify(self, accounts: Iterable[str]) -> None:
        """Count a change of other accounts that read the same records."""
        for account in accounts:
            self._ledgers[account].changed()

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
        ledger.documents -= {draft_id}
        ledger.changed()

    def finalize(
        self, draft: DraftInvoice, counter: Counter, issue: Callable[[int], Invoice]
    ) -> Invoice:
        """Turn a draft into an invoice with the next number of a counter, in one step.

        Raises:
            ConflictError: the stored draft has another version.
            InvalidTransitionError: the draft is an invoice already.
            InvalidInputError: the number is in use by another series.
        """
        name = draft.id
        self._check_not_issued(name)
        stored = self._drafts.get(name)
        if stored is not None and stored.version != draft.version:
            raise conflict(draft, stored)
        ledger = self._ledger(draft.account.id)
        if stored is None:
            self._check_free(ledger, draft)
        count = self._counters.get(counter.name, counter.start) + 1
        invoice = issue(count)
        if invoice.number in self._invoices:
            fix = "give each number series its own pattern"
            rule = "the number is in use by another series"
            raise InvalidInputError(rule, field="number", value=invoice.number, fix=fix)
        self._counters[counter.name] = count
        self._invoices[invoice.number] = invoice
        self._issued[name] = invoice.number
        self._drafts.pop(name, None)
        self._notify(self._book.free(name, ledger.drafts.pop(name, ())))
        self._notify(self._book.hold(ledger.account.id, invoice.number, invoice.claims))
        ledger.documents |= {name}
        ledger.invoices[invoice.number] = invoice
        ledger.billed.add(invoice)
        ledger.changed()
        return invoice

    def void(self, number: str) -> Invoice:
        """Give free what an invoice covers, as when it is cancelled, and give the invoice back.

        Records of the host and subscriptions can be billed again at once. Usage that was handed in
        as such stays linked until it is released (behaviour 7.3).

        Raises:
            ConflictError: another document corrects it, or bills anew what it takes back.
            InvalidInputError: there is no invoice of this number, or it is void already.
        """
        invoice = self.invoice(number)
        ledger = self._ledger(invoice.account.id)
        if number not in ledger.invoices:
            rule, fix = "it is void already", "there is nothing left to give free"
            raise InvalidInputError(rule, field="number", value=number, fix=fix)
        drafts = (self._drafts[name] for name in ledger.drafts)
        check_void(invoice, ledger.claims_but(), (*ledger.invoices.values(), *drafts))
        self._notify(self._book.free(number, invoice.claims))
        ledger.forget(number)
        ledger.given.extend(claims_after_cancellation(invoice))
        return invoice

    def release(self, account: str, *usage: str) -> None:
        """Let usage of cancelled invoices be billed again.

        Args:
            account: the account's id.
            usage: the ids of the usage; without any, all that is linked is released.

        Raises:
            InvalidInputError: there is no such account.
        """
        ledger = self._ledger(account)
        linked = [each.billable for each in ledger.given if each.state is ClaimState.LINKED]
        names = [billable_id("usage", each) for each in usage] or linked
        ledger.given[:] = released(ledger.given, names)
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

    def _ledger(self, account: str) -> Ledger:
        try:
            return self._ledgers[account]
        except KeyError:
            fix = "add the account first: store.add(Account(...))"
            rule = "no such account"
            raise InvalidInputError(rule, field="account", value=account, fix=fix) from None

    def _put_record(self, record: SourceRecord) -> None:
        self._notify(self._book.put(record, self._names.resolve))

    def _put_subscription(self, record: Subscription) -> None:
        try:
            ledger = self._ledger(record.account)
        except InvalidInputError as error:
            raise error.at(f"Subscription {record.id!r}", "account") from None
        ledger.subscriptions[record.id] = record
        ledger.changed()
        self._owner[record.id] = record.account

    def _check_not_issued(self, draft_id: str) -> None:
        number = self._issued.get(draft_id)
        if number is not None:
            raise InvalidTransitionError(
                "the draft is an invoice already",
                record=f"Draft {draft_id!r}",
                field="number",
                value=number,
                fix="an invoice never changes; read it with store.invoice(number)",
            )

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
