"""What a host puts into the store: accounts, contracts, records, usage, contacts, coupons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from billingcore.errors import InvalidInputError
from billingcore.lifecycle.intake import (
    check_contacts,
    check_coupons,
    check_earlier,
    check_record,
    no_account,
    no_contract,
    no_record,
    positions_of,
    there_already,
)
from billingcore.lifecycle.keeping import check_claim
from billingcore.memory.ledger import Ledger
from billingcore.memory.locking import Locked
from billingcore.memory.names import AccountNames
from billingcore.memory.record_book import RecordBook
from billingcore.records.account import Account
from billingcore.records.chain_document import ChainDocument
from billingcore.records.claims import Claim
from billingcore.records.contact import Contacts
from billingcore.records.coupon import Coupon
from billingcore.records.reasons import Problem
from billingcore.records.reference import Reference
from billingcore.records.setup import Setup
from billingcore.records.source import SourceRecord
from billingcore.records.subscription import Subscription
from billingcore.records.usage import UsageRecord
from billingcore.scope.criteria import ALL_ACCOUNTS, Criteria
from billingcore.scope.selection import Filter
from billingcore.values.boundary import Boundary

__all__ = ["Intake"]


class Intake(Locked):
    """Takes in what is known of accounts, and finds out who is to have which record."""

    def __init__(self, setup: Setup, filters: Iterable[Filter]) -> None:
        super().__init__()
        self.setup = setup
        self._book = RecordBook(filters, setup)
        self._names = AccountNames()
        self._ledgers: dict[str, Ledger] = {}
        self._owner: dict[str, str] = {}
        self._elsewhere: dict[str, str] = {}

    def add(self, *records: Account | Subscription | SourceRecord) -> None:
        """Add accounts, subscriptions and records, all or none; an account before what is its own.

        A record whose account is not known is kept, and reported by `unresolved`.

        Raises:
            InvalidInputError: a record is there already, or a subscription's account is not.
        """
        self._check_new(records)
        self._put_all(records)

    def change(self, *records: Account | Subscription | SourceRecord) -> None:
        """Put changed records in the place of those with the same id, all or none.

        Raises:
            InvalidInputError: there is none, or a subscription would change its account.
        """
        for record in records:
            check_record(record)
            if isinstance(record, SourceRecord):
                if record not in self._book:
                    raise no_record(record)
            elif isinstance(record, Account):
                self._ledger(record.id)
            elif self._owner.get(record.id) != record.account:
                raise no_contract(record)
        self._put_all(records)

    def _check_new(self, records: Sequence[Account | Subscription | SourceRecord]) -> None:
        """Refuse what is there already, or comes twice, and subscriptions of no account."""
        accounts, contracts, names = set[str](), set[str](), set[str]()
        for record in records:
            check_record(record)
            if isinstance(record, SourceRecord):
                is_known, key, found = record in self._book, record.name, names
            elif isinstance(record, Account):
                is_known, key, found = record.id in self._ledgers, record.id, accounts
            else:
                is_known, key, found = record.id in self._owner, record.id, contracts
            if is_known or key in found:
                raise there_already(record)
            if isinstance(record, Subscription) and record.account not in accounts:
                self._check_account(record)
            found.add(key)

    def _check_account(self, record: Subscription) -> None:
        try:
            self._ledger(record.account)
        except InvalidInputError as error:
            raise error.at(f"Subscription {record.id!r}", "account") from None

    def _put_all(self, records: Sequence[Account | Subscription | SourceRecord]) -> None:
        """Keep records that were looked at; of accounts, the names are looked at first."""
        accounts = [each for each in records if isinstance(each, Account)]
        names = self._names.put(accounts)
        for account in accounts:
            ledger = self._ledgers.get(account.id)
            if ledger is None:
                self._ledgers[account.id] = Ledger(account)
            else:
                ledger.account = account
                ledger.changed()
        self._notify(self._book.reroute(names, self._names.resolve))
        for record in records:
            if isinstance(record, SourceRecord):
                self._put_record(record)
            elif isinstance(record, Subscription):
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
            owner = self._elsewhere.get(each.number, account)
            check_earlier(each, known, is_used=each.number in ledger.issued or owner != account)
        ledger.put_earlier(given)
        self._elsewhere.update((each.number, account) for each in given)

    def put_contacts(self, account: str, contacts: Contacts) -> None:
        """Keep the contacts of an account, in the place of those it had.

        Raises:
            InvalidInputError: there is no such account, or these are no `Contacts`.
        """
        ledger = self._ledger(account)
        check_contacts(account, contacts)
        ledger.contacts = contacts
        ledger.changed()

    def put_coupons(self, account: str, *coupons: Coupon) -> None:
        """Keep the coupons of an account, in the place of those it had; the first is tried first.

        Raises:
            InvalidInputError: there is no such account, or two have the same id.
        """
        ledger = self._ledger(account)
        check_coupons(account, coupons)
        ledger.coupons = coupons
        ledger.changed()

    def accounts(self) -> Sequence[str]:
        """Give the ids of all accounts, in the order in which they were added."""
        return tuple(self._ledgers)

    def references(self, criteria: Criteria = ALL_ACCOUNTS) -> Iterator[Reference]:
        """Yield a reference for each item and record, account by account, as they were added.

        An account with neither has one for itself.
        """
        for ledger in [*self._ledgers.values()]:  # more may come while they are billed
            if criteria.wants_account(ledger.account.id, ledger.account.batch):
                yield from self._references(ledger)

    def _references(self, ledger: Ledger) -> Iterator[Reference]:
        account, has_any = ledger.account, False
        for contract in [*ledger.subscriptions.values()]:
            for name, currency, entity, often in positions_of(account, contract):
                has_any, seller = True, self.setup.entity_name(entity)
                yield Reference(account.id, name, currency, seller, often, account.batch)
        for record in self._book.of(account.id):
            has_any = True
            yield Reference(account.id, record.name, batch=account.batch)
        if not has_any:
            yield Reference(account.id, batch=account.batch)

    def unresolved(self) -> Iterator[Problem]:
        """Yield a problem for each record and filter whose account is not known."""
        return self._book.problems()

    def _notify(self, accounts: Iterable[str]) -> None:
        """Count a change of other accounts that read the same records."""
        for account in accounts:
            self._ledgers[account].changed()

    def _ledger(self, account: str) -> Ledger:
        known = self._ledgers.get(account)
        if known is None:
            raise no_account(account)
        return known

    def _put_record(self, record: SourceRecord) -> None:
        self._notify(self._book.put(record, self._names.resolve))

    def _put_subscription(self, record: Subscription) -> None:
        ledger = self._ledger(record.account)
        ledger.subscriptions[record.id] = record
        ledger.changed()
        self._owner[record.id] = record.account
