"""A store that remembers: the embedded default, and the reference for adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from attrs import define, field

from billingcore.errors import ConflictError, InvalidInputError, InvalidTransitionError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.ports import TaxEngine
from billingcore.records.account import Account
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.numbering import Counter
from billingcore.records.setup import Setup
from billingcore.records.snapshot import DEFAULT_SETUP, AccountSnapshot
from billingcore.records.subscription import Subscription
from billingcore.scope.coverage import held_days
from billingcore.scope.history import History
from billingcore.tax.table import TaxTable
from billingcore.values.boundary import Boundary
from billingcore.values.period import Period
from billingcore.values.sealing import changed

__all__ = ["MemoryStore"]


@define
class _Ledger:
    """What the store knows of one account."""

    account: Account
    subscriptions: dict[str, Subscription] = field(factory=dict[str, Subscription])
    given: list[Claim] = field(factory=list[Claim])
    drafts: dict[str, tuple[Claim, ...]] = field(factory=dict[str, tuple[Claim, ...]])
    billed: History = field(factory=History)
    documents: frozenset[str] = frozenset()
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

    def claims_but(self, draft_id: str) -> dict[str, list[Claim]]:
        """Give the claims of all but one draft, by what they bill."""
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
    """

    def __init__(self, *, tax: TaxEngine | None = None, setup: Setup = DEFAULT_SETUP) -> None:
        self.tax: TaxEngine = TaxTable({}) if tax is None else tax
        self.setup = setup
        self._ledgers: dict[str, _Ledger] = {}
        self._owner: dict[str, str] = {}
        self._drafts: dict[str, DraftInvoice] = {}
        self._invoices: dict[str, Invoice] = {}
        self._issued: dict[str, str] = {}
        self._counters: dict[str, int] = {}

    def add(self, *records: Account | Subscription) -> None:
        """Add accounts and subscriptions; an account before its subscriptions.

        Raises:
            InvalidInputError: a record is there already, or a subscription's account is not.
        """
        for record in records:
            if isinstance(record, Account):
                if record.id in self._ledgers:
                    raise _refused(record, "id", record.id, "it is there already")
                self._ledgers[record.id] = _Ledger(record)
            else:
                if record.id in self._owner:
                    raise _refused(record, "id", record.id, "it is there already")
                self._put_subscription(record)

    def change(self, *records: Account | Subscription) -> None:
        """Put changed accounts and subscriptions in the place of those with the same id.

        Raises:
            InvalidInputError: there is none, or a subscription would change its account.
        """
        for record in records:
            if isinstance(record, Account):
                ledger = self._ledger(record.id)
                ledger.account = record
                ledger.changed()
            else:
                if self._owner.get(record.id) != record.account:
                    rule = "there is no such subscription of this account"
                    raise _refused(record, "account", record.account, rule)
                self._put_subscription(record)

    def add_claims(self, account: str, *claims: Claim) -> None:
        """Add what was billed elsewhere, before this store was used.

        Raises:
            InvalidInputError: there is no such account, or a claim is wrong.
        """
        ledger = self._ledger(account)
        for claim in claims:
            _check_claim(claim)
        ledger.given.extend(claims)
        ledger.changed()

    def accounts(self) -> Sequence[str]:
        """Give the ids of all accounts, in the order in which they were added."""
        return tuple(self._ledgers)

    def snapshot(self, account: str) -> AccountSnapshot:
        """Give all that is known of an account now.

        Raises:
            InvalidInputError: there is no such account.
        """
        ledger = self._ledger(account)
        return AccountSnapshot(
            ledger.account,
            ledger.subscriptions.values(),
            claims=ledger.claims(),
            documents=ledger.documents,
            lines=ledger.billed.lines(),
            setup=self.setup,
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
            name = draft.id
            ledger.drafts[name] = draft.claims
            self._drafts[name] = draft
        ledger.documents = ledger.documents.union(draft.id for draft in outcome.drafts)
        ledger.given.extend(outcome.decisions)
        ledger.changed()
        return True

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
            raise _conflict(draft, stored)
        ledger = self._ledger(draft.account.id)
        self._check_free(ledger, draft)
        kept = changed(draft, version=draft.version + 1)
        ledger.drafts[kept.id] = kept.claims
        ledger.documents |= {kept.id}
        ledger.changed()
        self._drafts[kept.id] = kept
        return kept

    def discard(self, draft_id: str) -> None:
        """Delete a live draft; what it covered is free again.

        Raises:
            InvalidInputError: there is none of this id.
            ConflictError: it takes days back that another document bills anew.
        """
        draft = self.draft(draft_id)
        ledger = self._ledger(draft.account.id)
        held = ledger.claims_but(draft_id)
        for billable in {claim.billable for claim in draft.claims if claim.is_release}:
            taken = _taken((), held.get(billable, []))
            if taken:
                rule = f"without this draft {billable} would be billed twice for {taken}; "
                raise ConflictError(rule + "discard the draft that bills these days anew first")
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
            raise _conflict(draft, stored)
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
        ledger.drafts.pop(name, None)
        ledger.documents |= {name}
        ledger.billed.add(invoice)
        ledger.changed()
        return invoice

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

    def _ledger(self, account: str) -> _Ledger:
        try:
            return self._ledgers[account]
        except KeyError:
            fix = "add the account first: store.add(Account(...))"
            rule = "no such account"
            raise InvalidInputError(rule, field="account", value=account, fix=fix) from None

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

    def _check_free(self, ledger: _Ledger, draft: DraftInvoice) -> None:
        """Refuse claims on days that another document holds."""
        held = ledger.claims_but(draft.id)
        own: dict[str, list[Claim]] = {}
        for claim in draft.claims:
            own.setdefault(claim.billable, []).append(claim)
        for billable, claims in own.items():
            taken = _taken(claims, held.get(billable, []))
            if taken:
                raise ConflictError(f"{billable} is billed already for {taken}")


def _check_claim(claim: Claim) -> None:
    read = Boundary("Claim", claim.billable)
    read.text("document", claim.document)
    read.instance("state", claim.state, ClaimState)
    period = read.optional("period", claim.period, Period)
    if period is not None and not period.is_bounded:
        fix = "give the first and the last day"
        raise read.refuse("period", str(period), "an open end", fix)


def _taken(claims: Sequence[Claim], held: Sequence[Claim]) -> str:
    """Say what would be billed twice, or taken back without being billed; empty if nothing."""
    if any(claim.period is None for claim in claims) and any(c.period is None for c in held):
        return "once"
    days = held_days((*held, *claims))
    return next((f"{start}/{stop}" for start, stop, count in days if count not in (0, 1)), "")


def _refused(
    record: Account | Subscription, name: str, value: object, rule: str
) -> InvalidInputError:
    where = f"{type(record).__name__} {record.id!r}"
    fix = "use store.change(...)" if name == "id" else ""
    return InvalidInputError(rule, record=where, field=name, value=value, fix=fix)


def _conflict(draft: DraftInvoice, stored: DraftInvoice | None) -> ConflictError:
    now = "none is stored" if stored is None else f"version {stored.version} is stored"
    made_of = f"it was made of version {draft.version}" if draft.version else "it was new"
    return ConflictError(f"draft {draft.id} was changed meanwhile: {made_of}, now {now}")
