"""What a host puts into the store: accounts, contracts, records, usage, contacts, coupons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from billingcore.errors import InvalidInputError
from billingcore.invoices.chain_rules import chain_of, check_chain
from billingcore.memory.checks import check_claim, refused
from billingcore.memory.ledger import Ledger
from billingcore.memory.names import AccountNames
from billingcore.memory.record_book import RecordBook
from billingcore.records.account import Account
from billingcore.records.chain_document import ChainDocument
from billingcore.records.claims import Claim
from billingcore.records.contact import Contacts
from billingcore.records.coupon import Coupon
from billingcore.records.reasons import Problem
from billingcore.records.setup import Setup
from billingcore.records.source import SourceRecord
from billingcore.records.subscription import Subscription
from billingcore.records.usage import UsageRecord
from billingcore.scope.selection import Filter
from billingcore.values.boundary import Boundary

__all__ = ["Intake"]


class Intake:
    """Takes in what is known of accounts, and finds out who is to have which record."""

    def __init__(self, setup: Setup, filters: Iterable[Filter]) -> None:
        self.setup = setup
        self._book = RecordBook(filters, setup)
        self._names = AccountNames()
        self._ledgers: dict[str, Ledger] = {}
        self._owner: dict[str, str] = {}
        self._elsewhere: dict[str, str] = {}

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

    def put_earlier(self, account: str, *documents: ChainDocument) -> None:
        """Put part invoices that were made elsewhere, for the final to deduct.

        One with a number that is there already takes its place, as when something was paid of it.

        Raises:
            InvalidInputError: there is no such account, or a document of this number was issued.
            FinalExistsError: there is a final of its agreement already.
        """
        ledger, read = self._ledger(account), Boundary("ChainDocument")
        given = [read.instance("documents", each, ChainDocument) for each in documents]
        known = ledger.chain(self.setup)
        for each in given:
            own = Boundary("ChainDocument", each.number)
            if each.number in ledger.issued or self._elsewhere.get(each.number, account) != account:
                rule, fix = "a document has this number already", "give each its own"
                raise own.refuse("number", each.number, rule, fix)
            others = chain_of(known, each.key, each.currency, each.entity)
            check_chain(each.kind, each.key, others, record=own.record, own=each.number)
        ledger.put_earlier(given)
        self._elsewhere.update((each.number, account) for each in given)

    def put_contacts(self, account: str, contacts: Contacts) -> None:
        """Keep the contacts of an account, in the place of those it had.

        Raises:
            InvalidInputError: there is no such account.
        """
        ledger = self._ledger(account)
        ledger.contacts = contacts
        ledger.changed()

    def put_coupons(self, account: str, *coupons: Coupon) -> None:
        """Keep the coupons of an account, in the place of those it had; the first is tried first.

        Raises:
            InvalidInputError: there is no such account, or two have the same id.
        """
        ledger = self._ledger(account)
        names = {coupon.id: coupon for coupon in coupons}
        if len(names) < len(coupons):
            rule, fix = "two have the same id", "give each its own"
            where = f"Account {account!r}"
            raise InvalidInputError(
                rule, record=where, field="coupons", value=len(coupons), fix=fix
            )
        ledger.coupons = coupons
        ledger.changed()

    def accounts(self) -> Sequence[str]:
        """Give the ids of all accounts, in the order in which they were added."""
        return tuple(self._ledgers)

    def unresolved(self) -> Iterator[Problem]:
        """Yield a problem for each record and filter whose account is not known."""
        return self._book.problems()

    def _notify(self, accounts: Iterable[str]) -> None:
        """Count a change of other accounts that read the same records."""
        for account in accounts:
            self._ledgers[account].changed()

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
