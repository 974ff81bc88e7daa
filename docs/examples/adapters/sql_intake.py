"""What a host puts into a store: accounts, contracts, records, usage, contacts, coupons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from sql_invoices import Invoices
from sql_step import GIVEN, Step

import billingcore as bc

__all__ = ["Intake"]

Record = bc.Account | bc.Subscription | bc.SourceRecord

_ADD_ACCOUNT: Final = "INSERT INTO account (id, batch, revision, body) VALUES (?, ?, 0, ?)"
_ADD_NAME: Final = "INSERT INTO account_name (account, field, value) VALUES (?, ?, ?)"
_PUT_CONTRACT: Final = (
    "INSERT INTO contract (id, account, body) VALUES (?, ?, ?) "
    "ON CONFLICT (id) DO UPDATE SET body = excluded.body"
)
_ADD_ITEM: Final = (
    "INSERT INTO item (account, contract, place, record, currency, entity, frequency) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_PUT_USAGE: Final = (
    "INSERT INTO used (account, id, body) VALUES (?, ?, ?) "
    "ON CONFLICT (account, id) DO UPDATE SET body = excluded.body"
)
_PUT_EARLIER: Final = (
    "INSERT INTO earlier (account, number, body) VALUES (?, ?, ?) "
    "ON CONFLICT (number) DO UPDATE SET body = excluded.body"
)
_PUT_RECORD: Final = (
    "INSERT INTO record (name, body) VALUES (?, ?) "
    "ON CONFLICT (name) DO UPDATE SET body = excluded.body"
)
_ADD_NAMING: Final = (
    "INSERT INTO naming (value, field, record, answer) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_ADD_READER: Final = "INSERT INTO reader (base, account) VALUES (?, ?) ON CONFLICT DO NOTHING"


class Intake(Invoices):
    """Takes in what is known of accounts, and finds out who is to have which record.

    Attributes:
        filters: by which records are handed to accounts.
    """

    filters: Sequence[bc.Filter]

    def add(self, *records: Record) -> None:
        """Add accounts, subscriptions and records: all of them, or none.

        A record whose account is not known is kept, and reported by `unresolved`.

        Raises:
            InvalidInputError: a record is there already, or a subscription's account is not, or
                something is no record.
        """
        self._take_in(records, is_new=True)

    def change(self, *records: Record) -> None:
        """Put changed records in the place of those with the same id: all of them, or none.

        Raises:
            InvalidInputError: there is none, or a subscription would change its account, or
                something is no record.
        """
        self._take_in(records, is_new=False)

    def _take_in(self, records: Sequence[Record], *, is_new: bool) -> None:
        for each in records:
            bc.intake.check_record(each)
        accounts = [each for each in records if isinstance(each, bc.Account)]
        contracts = [each for each in records if isinstance(each, bc.Subscription)]
        others = [each for each in records if isinstance(each, bc.SourceRecord)]
        is_alone = bool(accounts or others)  # names and routes depend on each other

        def take_in() -> None:
            step = Step(self.database)
            self._put_accounts(step, accounts, is_new=is_new)
            self._put_contracts(step, contracts, is_new=is_new)
            self._put_records(step, others, is_new=is_new)
            step.flush()

        self.database.write(take_in, alone=is_alone)

    # ---- accounts

    def _put_accounts(self, step: Step, accounts: Sequence[bc.Account], *, is_new: bool) -> None:
        step.lock(account.id for account in accounts)
        meant: set[str] = set()
        for account in accounts:
            if is_new and account.id in step.held:
                raise bc.intake.there_already(account)
            before = None if is_new else self._account(step, account.id)
            self._check_names(account)
            text, names = self.codec.to_json(account), bc.intake.names_of(account)
            if is_new:
                self.database.run(_ADD_ACCOUNT, account.id, account.batch, text)
                step.lock([account.id])
            else:
                change = "UPDATE account SET batch = ?, body = ? WHERE id = ?"
                self.database.run(change, account.batch, text, account.id)
                self.database.run("DELETE FROM account_name WHERE account = ?", account.id)
                self._name_items(step, account)
                step.touch([account.id])
            if names:
                self.database.run_many(_ADD_NAME, [(account.id, *name) for name in sorted(names)])
            every = names | bc.intake.names_of(before)
            meant |= {account.id, *(value for _, value in every)}
        self._reroute(step, meant)

    def _account(self, step: Step, account: str) -> bc.Account:
        return self.codec.from_json(step.account(account).body, bc.Account)

    def _check_names(self, account: bc.Account) -> None:
        """Refuse a name by which a record would mean two accounts."""
        question = "SELECT account FROM account_name WHERE field = '' AND value = ?"
        owners = [owner for (owner,) in self.database.ask(question, account.id)]
        values = {value for _, value in account.external_ids}
        taken = self.database.ask_in("SELECT id FROM account WHERE id IN ({})", values)
        bc.intake.check_names(account, owners, {name for (name,) in taken})

    def _name_items(self, step: Step, account: bc.Account) -> None:
        """Write anew what references say of the items of a changed account."""
        question = "SELECT body FROM contract WHERE account = ?"
        for (text,) in self.database.ask(question, account.id):
            self._put_items(step, account, self.codec.from_json(text, bc.Subscription))

    def _resolve(self, name: bc.AccountName) -> str | None:
        """Give the account that is called by a name; None if none is, or several are."""
        if not name.external_field:
            found = self.database.ask("SELECT id FROM account WHERE id = ?", name.value)
            if found:
                return name.value
        question = "SELECT account FROM account_name WHERE field = ? AND value = ?"
        owners = self.database.ask(question, name.external_field, name.value)
        return owners[0][0] if len(owners) == 1 else None

    # ---- contracts

    def _put_contracts(
        self, step: Step, contracts: Sequence[bc.Subscription], *, is_new: bool
    ) -> None:
        question = "SELECT id, account FROM contract WHERE id IN ({})"
        owners = dict(self.database.ask_in(question, {each.id for each in contracts}))
        step.lock(each.account for each in contracts)
        known: dict[str, bc.Account] = {}
        for contract in contracts:
            account, name = contract.account, contract.id
            if is_new and name in owners:
                raise bc.intake.there_already(contract)
            if not is_new and owners.get(name) != account:
                raise bc.intake.no_contract(contract)
            if account not in known:
                try:
                    known[account] = self._account(step, account)
                except bc.InvalidInputError as error:
                    raise error.at(f"Subscription {name!r}", "account") from None
            owners[name] = account
            step.add(_PUT_CONTRACT, name, account, self.codec.to_json(contract))
            self._put_items(step, known[account], contract)
            step.touch([account])

    def _put_items(self, step: Step, account: bc.Account, contract: bc.Subscription) -> None:
        step.remove("DELETE FROM item WHERE contract = ?", contract.id)
        for place, found in enumerate(bc.intake.positions_of(account, contract)):
            step.add(_ADD_ITEM, account.id, contract.id, place, *found)

    # ---- records

    def _put_records(self, step: Step, records: Sequence[bc.SourceRecord], *, is_new: bool) -> None:
        question = "SELECT name FROM record WHERE name IN ({})"
        known = {
            name for (name,) in self.database.ask_in(question, {each.name for each in records})
        }
        for record in records:
            if is_new and record.name in known:
                raise bc.intake.there_already(record)
            if not is_new and record.name not in known:
                raise bc.intake.no_record(record)
            known.add(record.name)
            self._route(step, record)

    def _route(self, step: Step, record: bc.SourceRecord) -> None:
        """Keep a record, and hand it to the accounts that it names now."""
        name, named = record.name, dict[bc.AccountName, str | None]()

        def ask(asked: bc.AccountName) -> str | None:
            named[asked] = self._resolve(asked)
            return named[asked]

        found = bc.intake.routed(record, self.filters, ask, self.setup)
        run, write = self.database.run, self.database.run_many
        run(_PUT_RECORD, name, self.codec.to_json(record))
        before = self.database.ask("SELECT account FROM route WHERE record = ?", name)
        for table in ("route", "naming", "record_problem"):
            run(f"DELETE FROM {table} WHERE record = ?", name)
        accounts = sorted(found.accounts)
        write("INSERT INTO route (record, account) VALUES (?, ?)", [(name, a) for a in accounts])
        rows = [(each.value, each.external_field, name, answer) for each, answer in named.items()]
        write(_ADD_NAMING, rows)
        texts = [(name, *each) for each in enumerate(map(self.codec.to_json, found.problems))]
        write("INSERT INTO record_problem (record, place, body) VALUES (?, ?, ?)", texts)
        family = dict.fromkeys(bc.intake.family_of(record))
        write(_ADD_READER, [(base, account) for base in family for account in accounts])
        concerned = {*found.accounts, *(account for (account,) in before)}
        step.lock(concerned)
        step.touch(concerned)

    def _reroute(self, step: Step, values: Iterable[str]) -> None:
        """Route the records anew whose names mean other accounts now."""
        question = "SELECT DISTINCT value, field, answer FROM naming WHERE value IN ({})"
        changed = [
            (value, field)
            for value, field, answer in self.database.ask_in(question, sorted(values))
            if self._resolve(bc.AccountName(value, field)) != answer
        ]
        names: set[str] = set()
        for each in changed:
            asked = "SELECT record FROM naming WHERE value = ? AND field = ?"
            names.update(name for (name,) in self.database.ask(asked, *each))
        found = self.database.ask_in("SELECT seq, body FROM record WHERE name IN ({})", names)
        for _, text in sorted(found):
            self._route(step, self.codec.from_json(text, bc.SourceRecord))

    def unresolved(self) -> Iterator[bc.Problem]:
        """Yield a problem for each record and filter whose account is not known."""
        question = (
            "SELECT record_problem.body FROM record_problem JOIN record ON record = name "
            "ORDER BY seq, place"
        )
        for (text,) in self.database.ask(question):
            yield self.codec.from_json(text, bc.Problem)

    # ---- what belongs to an account

    def _of_account(self, account: str, put: Callable[[Step], None]) -> None:
        """Change what belongs to an account, in one step."""

        def change() -> None:
            step = Step(self.database)
            step.account(account)
            put(step)
            step.touch([account])
            step.flush()

        self.database.write(change)

    def add_usage(self, account: str, *records: bc.UsageRecord) -> None:
        """Add usage of an account; usage of a known id takes the place of what was known.

        Raises:
            InvalidInputError: there is no such account.
        """

        def put(step: Step) -> None:
            for record in records:
                step.add(_PUT_USAGE, account, record.id, self.codec.to_json(record))

        self._of_account(account, put)

    def add_claims(self, account: str, *claims: bc.Claim) -> None:
        """Add what was billed elsewhere, before this store was used.

        Raises:
            InvalidInputError: there is no such account, or a claim is wrong.
        """

        def put(step: Step) -> None:
            for claim in claims:
                bc.keeping.check_claim(claim)
            step.hold(account, claims, GIVEN, "")

        self._of_account(account, put)

    def put_earlier(self, account: str, *documents: bc.ChainDocument) -> None:
        """Put part invoices that were made elsewhere, for the final to deduct.

        One with a number that is there already takes its place, as when something was paid of it.

        Raises:
            InvalidInputError: there is no such account, or a document of this number was issued.
            FinalExistsError: there is a final of its agreement already.
        """

        def put(step: Step) -> None:
            books = self._books([account])[account]
            known = bc.chain_documents(books)
            question = "SELECT account FROM earlier WHERE number = ?"
            for each in documents:
                owner = self.database.ask(question, each.number)
                is_used = each.number in books.invoices or bool(owner and owner[0][0] != account)
                bc.intake.check_earlier(each, known, is_used=is_used)
            for each in documents:
                step.add(_PUT_EARLIER, account, each.number, self.codec.to_json(each))
            step.flush()
            self._refresh(step, self._books([account])[account])

        self._of_account(account, put)

    def put_contacts(self, account: str, contacts: bc.Contacts) -> None:
        """Keep the contacts of an account, in the place of those it had.

        Raises:
            InvalidInputError: there is no such account, or these are no `Contacts`.
        """

        def put(step: Step) -> None:
            bc.intake.check_contacts(account, contacts)
            change = "UPDATE account SET contacts = ? WHERE id = ?"
            step.remove(change, self.codec.to_json(contacts), account)

        self._of_account(account, put)

    def put_coupons(self, account: str, *coupons: bc.Coupon) -> None:
        """Keep the coupons of an account, in the place of those it had; the first is tried first.

        Raises:
            InvalidInputError: there is no such account, or two have the same id.
        """

        def put(step: Step) -> None:
            bc.intake.check_coupons(account, coupons)
            step.remove("DELETE FROM coupon WHERE account = ?", account)
            add = "INSERT INTO coupon (account, place, body) VALUES (?, ?, ?)"
            for place, coupon in enumerate(coupons):
                step.add(add, account, place, self.codec.to_json(coupon))

        self._of_account(account, put)
