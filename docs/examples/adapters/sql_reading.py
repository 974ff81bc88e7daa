"""What a store says of its accounts: references, snapshots and books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from sql_database import PIECE, Database, marks, pieces
from sql_dialect import Row
from sql_step import BY_DRAFT, BY_INVOICE, CLAIM, GIVEN, claim_of
from sql_views import BilledLines, Decoded, Documents

import billingcore as bc

__all__ = ["Partition", "Reading"]

PAGE: Final = 500
"""How many accounts, or documents, are read at once for a stream."""

_SNAPSHOT: Final = " UNION ALL ".join(
    (
        # One question gives all of one moment: for each row its kind, its place, and up to eight
        # columns. Claims come first, since they say of which type the columns are.
        ("SELECT 'claim' AS kind, source * 1000000000000000 + seq AS place, billable, start, stop, "
        "document, state, terms, is_release, source FROM claim WHERE account = ?"),
        *(
            f"SELECT '{kind}', {place}, {columns}{', NULL' * (7 - columns.count(','))} FROM {where}"
            for kind, place, columns, where in (
                ("account", "revision", "body, contacts", "account WHERE id = ?"),
                ("contract", "seq", "body", "contract WHERE account = ?"),
                ("issued", "seq", "draft_id, chain_key", "invoice WHERE account = ?"),
                ("draft", "seq", "id, chain_key, body", "draft WHERE account = ?"),
                (
                    "record",
                    "record.seq",
                    "body",
                    "record JOIN route ON route.record = record.name WHERE route.account = ?",
                ),
                ("usage", "seq", "body", "used WHERE account = ?"),
                ("coupon", "place", "body", "coupon WHERE account = ?"),
                ("earlier", "seq", "number", "earlier WHERE account = ?"),
            )
        ),
    )
) + " ORDER BY 1, 2"  # fmt: skip
"""What a snapshot asks for."""

_BOOKS: Final = " UNION ALL ".join(
    f"SELECT account, '{name}' AS kind, seq, {key} AS name, body FROM {name} "
    "WHERE account IN ({0})"
    for name, key in (
        ("payment", "id"),
        ("assignment", "payment"),
        ("clearing", "debit"),
        ("closing", "invoice"),
        ("entry", "source"),
        ("earlier", "number"),
    )
)
"""What books are made of besides documents."""

_LIVE: Final = "invoice.since <= ? AND (invoice.until IS NULL OR invoice.until > ?)"
"""Whether a document was issued, and not given free, at a revision of its account."""


class Partition(NamedTuple):
    """A part of the accounts: those that were added from one to another.

    Attributes:
        first: the place of the first.
        last: the place of the last.
    """

    first: int
    last: int


class Reading:
    """Reads accounts; a `Source`."""

    database: Database
    codec: bc.Codec
    setup: bc.Setup

    # ---- streams

    def accounts(self, within: Partition | None = None) -> Sequence[str]:
        """Give the ids of all accounts, or of those of a part, in the order in which they came."""
        if within is None:
            rows = self.database.ask("SELECT id FROM account ORDER BY seq")
        else:
            question = "SELECT id FROM account WHERE seq BETWEEN ? AND ? ORDER BY seq"
            rows = self.database.ask(question, *within)
        return tuple([account for (account,) in rows])

    def partitions(self, count: int) -> Sequence[Partition]:
        """Cut the accounts into so many parts of the same size, or fewer if there are few.

        For engines that call a function for each part: it bills ``store.accounts(part)`` by
        `bill_accounts`.

        Raises:
            InvalidInputError: the count is no whole number from 1.
        """
        if not isinstance(count, int) or count < 1:
            rule, fix = "no number of parts", "ask for 1 or more"
            raise bc.InvalidInputError(rule, field="count", value=count, fix=fix)
        ((total,),) = self.database.ask("SELECT COUNT(*) FROM account")
        size = max(1, -(-total // count))
        question = "SELECT seq FROM account ORDER BY seq LIMIT 1 OFFSET ?"
        firsts = [self.database.ask(question, place)[0][0] for place in range(0, total, size)]
        if not firsts:
            return []
        ((last,),) = self.database.ask("SELECT MAX(seq) FROM account")
        lasts = [*(first - 1 for first in firsts[1:]), last]
        return [Partition(*both) for both in zip(firsts, lasts, strict=True)]

    def references(self, criteria: bc.Criteria = bc.Criteria()) -> Iterator[bc.Reference]:  # noqa: B008
        """Yield a reference for each item and record, account by account, as they were added.

        An account with neither has one for itself. Accounts are read page by page, so that memory
        does not grow with their number, and nothing is locked in between.
        """
        for page in self._pages(criteria):
            with self.database.reading():
                found = [*self._references(page)]
            yield from found

    def _pages(self, criteria: bc.Criteria) -> Iterator[Mapping[str, str]]:
        """Yield accounts with their batches, page by page."""
        if criteria.accounts:
            question = "SELECT seq, id, batch FROM account WHERE id IN ({})"
            chosen = sorted(self.database.ask_in(question, sorted(criteria.accounts)))
            for piece in pieces(chosen, PAGE):
                yield {account: batch for _, account, batch in piece}
            return
        batch = criteria.batch
        condition = "" if batch is None else "substr(batch, 1, 60) = ? AND batch = ? AND "
        wanted = () if batch is None else (batch[:60], batch)  # an index holds no long text
        question = (
            f"SELECT seq, id, batch FROM account WHERE {condition}seq > ? ORDER BY seq LIMIT ?"
        )
        last = -1
        while page := self.database.ask(question, *wanted, last, PAGE):
            last = page[-1][0]
            yield {account: batch for _, account, batch in page}

    def _references(self, batches: Mapping[str, str]) -> Iterator[bc.Reference]:
        items = (
            "SELECT item.account, record, currency, entity, frequency FROM item "
            "JOIN contract ON contract.id = item.contract WHERE item.account IN ({}) "
            "ORDER BY contract.seq, place"
        )
        routes = (
            "SELECT account, name FROM route JOIN record ON record.name = route.record "
            "WHERE account IN ({}) ORDER BY record.seq"
        )
        found: dict[str, list[bc.Reference]] = {account: [] for account in batches}
        for account, record, currency, entity, often in self.database.ask_in(items, batches):
            seller, batch = self.setup.entity_name(entity), batches[account]
            made = bc.Reference(account, record, currency, seller, often, batch)
            found[account].append(made)
        for account, record in self.database.ask_in(routes, batches):
            found[account].append(bc.Reference(account, record, batch=batches[account]))
        for account, own in found.items():
            yield from own or [bc.Reference(account, batch=batches[account])]

    # ---- snapshots

    def snapshot(self, account: str) -> bc.AccountSnapshot:
        """Give all that is known of an account at one moment.

        Raises:
            InvalidInputError: there is no such account.
        """
        rows = self._rows_of(account)
        if not (rows.get("record") or self._is_chained(rows)):
            return self._snapshot(account, rows)
        with self.database.reading():  # more is to be read, of the same moment
            return self._snapshot(account, self._rows_of(account))

    def _rows_of(self, account: str) -> dict[str, list[Row]]:
        """Give what belongs to an account, by kind and in its order."""
        rows: dict[str, list[Row]] = {}
        for kind, *row in self.database.ask(_SNAPSHOT, *[account] * _SNAPSHOT.count("?")):
            rows.setdefault(kind, []).append(row)
        if "account" not in rows:
            raise bc.intake.no_account(account)
        return rows

    @staticmethod
    def _is_chained(rows: Mapping[str, list[Row]]) -> bool:
        """Tell whether an account has documents of agreements."""
        documents = (*rows.get("issued", ()), *rows.get("draft", ()))
        return "earlier" in rows or any(row[2] for row in documents)

    def _snapshot(self, account: str, rows: Mapping[str, list[Row]]) -> bc.AccountSnapshot:
        ((revision, body, contacts, *_),) = rows["account"]
        read = self.codec.from_json

        def every(name: str, kind: Any) -> list[Any]:
            return [read(row[1], kind) for row in rows.get(name, ())]

        records, drafts = every("record", bc.SourceRecord), rows.get("draft", [])
        names = (row[1] for row in (*rows.get("issued", ()), *drafts))
        is_chained = self._is_chained(rows)
        chain = bc.chain_documents(self._books([account])[account]) if is_chained else ()
        more = {} if contacts is None else {"contacts": read(contacts, bc.Contacts)}
        return bc.AccountSnapshot(
            read(body, bc.Account),
            every("contract", bc.Subscription),
            claims=(*_claims(rows.get("claim", ())), *self._foreign(account, records)),
            documents=frozenset(names),
            lines=self._lines(account, revision),
            records=records,
            usage=every("usage", bc.UsageRecord),
            drafts=Decoded({row[1]: row[3] for row in drafts}, self.draft_of),
            chain=chain,
            coupons=every("coupon", bc.Coupon),
            setup=self.setup,
            revision=revision,
            **more,
        )

    def _foreign(self, account: str, records: Sequence[bc.SourceRecord]) -> Iterator[bc.Claim]:
        """Yield what other accounts are billed for of the records of an account."""
        families = (name for record in records for name in bc.intake.family_of(record))
        bases = {name: place for place, name in enumerate(dict.fromkeys(families))}
        question = (
            f"SELECT base, source, seq, {CLAIM} FROM claim WHERE base IN ({{}}) AND account <> ?"
        )
        found = self.database.ask_in(question, bases, account)
        for _, row in sorted(
            ((bases[base], source == GIVEN, seq), row) for base, source, seq, *row in found
        ):
            yield claim_of(*row)

    def _lines(self, account: str, revision: int) -> BilledLines:
        """Give the lines that were billed, as they were at a revision."""
        joined = f"FROM line JOIN invoice USING (number) WHERE line.account = ? AND {_LIVE}"
        limits = (account, revision, revision)

        def names() -> Sequence[str]:
            question = f"SELECT billable {joined} GROUP BY billable ORDER BY MIN(line.seq)"
            return [name for (name,) in self.database.ask(question, *limits)]

        def fetch(billable: str) -> Sequence[bc.BilledLine]:
            question = f"SELECT number, line.place {joined} AND billable = ? ORDER BY line.seq"
            places = self.database.ask(question, *limits, billable)
            invoices = self._invoices([number for number, _ in places])
            return tuple(
                bc.BilledLine(number, invoices[number].lines[place]) for number, place in places
            )

        return BilledLines(names, fetch)

    # ---- books

    def books(self, account: str) -> bc.Books:
        """Give what was issued, paid and booked of an account.

        Raises:
            InvalidInputError: there is no such account.
        """
        with self.database.reading():
            found = self._books([account])
        if account not in found:
            raise bc.intake.no_account(account)
        return found[account]

    def _books(self, accounts: Iterable[str]) -> dict[str, bc.Books]:
        """Give the books of those accounts that there are, as they are now."""
        found: dict[str, bc.Books] = {}
        for piece in pieces(accounts, PIECE // 8):
            found.update(self._books_of(piece))
        return found

    def _books_of(self, accounts: Sequence[str]) -> Iterator[tuple[str, bc.Books]]:
        some, order = marks(len(accounts)), "ORDER BY seq"
        known, numbers, drafts, money = self.database.ask_together(
            (f"SELECT id, body, revision FROM account WHERE id IN ({some})", accounts),
            (f"SELECT account, number FROM invoice WHERE account IN ({some}) {order}", accounts),
            (
                (
                    f"SELECT account, id, body FROM draft WHERE account IN ({some}) "
                    f"AND chain_key <> '' {order}"
                ),
                accounts,
            ),
            (f"{_BOOKS.format(some)} ORDER BY kind, seq", [*accounts] * 6),
        )
        own: dict[str, dict[str, list[Any]]] = {account: {} for account, _, _ in known}
        for account, *rest in money:
            own[account].setdefault(rest[0], []).append(rest[2:])
        for kind, rows in (("number", numbers), ("draft", drafts)):
            for account, *rest in rows:
                own[account].setdefault(kind, []).append(rest)
        for account, body, revision in known:
            yield account, self._books_from(body, revision, own[account])

    def _books_from(self, body: str, revision: int, rows: Mapping[str, Any]) -> bc.Books:
        read, get = self.codec.from_json, rows.get

        def sequence(name: str, kind: Any) -> Any:
            return tuple([read(text, kind) for _, text in get(name, ())])

        entries: dict[str, list[str]] = {}
        for source, text in get("entry", ()):
            entries.setdefault(source, []).append(text)
        return bc.Books(
            read(body, bc.Account),
            Documents([number for (number,) in get("number", ())], self._invoices),
            Decoded(dict(get("payment", ())), lambda text: read(text, bc.Payment)),
            sequence("assignment", bc.Assignment),
            sequence("clearing", bc.Clearing),
            Decoded(entries, self._entries_of),
            sequence("closing", bc.Closing),
            Decoded(dict(get("draft", ())), self.draft_of),
            sequence("earlier", bc.ChainDocument),
            self.setup,
            revision,
        )

    # ---- documents

    def draft_of(self, text: str) -> bc.DraftInvoice:
        """Read a draft."""
        return self.codec.from_json(text, bc.DraftInvoice)

    def _entries_of(self, texts: Sequence[str]) -> Sequence[bc.JournalEntry]:
        return tuple([self.codec.from_json(text, bc.JournalEntry) for text in texts])

    def _invoices(self, numbers: Sequence[str]) -> dict[str, bc.Invoice]:
        """Read invoices by their numbers."""
        question = "SELECT number, body FROM invoice WHERE number IN ({})"
        found = self.database.ask_in(question, dict.fromkeys(numbers))
        return {number: self.codec.from_json(body, bc.Invoice) for number, body in found}

    def draft(self, draft_id: str) -> bc.DraftInvoice:
        """Give a live draft.

        Raises:
            InvalidInputError: there is none of this id.
        """
        rows = self.database.ask("SELECT body FROM draft WHERE id = ?", draft_id)
        if not rows:
            issued = self.database.ask("SELECT number FROM invoice WHERE draft_id = ?", draft_id)
            raise bc.keeping.no_draft(draft_id, issued[0][0] if issued else None)
        return self.draft_of(rows[0][0])

    def drafts(self, run_id: str | None = None) -> Iterator[bc.DraftInvoice]:
        """Yield all live drafts, or those of a run, in the order of their ids.

        They are read page by page; what is finalized or discarded meanwhile harms nothing.
        """
        condition = "" if run_id is None else "run_id = ? AND "
        wanted = () if run_id is None else (run_id,)
        question = f"SELECT id, body FROM draft WHERE {condition}id > ? ORDER BY id LIMIT ?"
        last = ""
        while page := self.database.ask(question, *wanted, last, PAGE // 5):
            last = page[-1][0]
            yield from (self.draft_of(body) for _, body in page)

    def invoice(self, number: str) -> bc.Invoice:
        """Give an invoice.

        Raises:
            InvalidInputError: there is none of this number.
        """
        found = self._invoices([number])
        if not found:
            raise bc.keeping.no_invoice(number)
        return found[number]

    def invoices(self) -> Iterator[bc.Invoice]:
        """Yield all invoices, in the order in which they were finalized, read page by page."""
        return self._stream("invoice", partial(self.codec.from_json, kind=bc.Invoice))

    def skipped(self) -> Iterator[bc.SkippedNumber]:
        """Yield the numbers that were skipped, in that order, read page by page."""
        return self._stream("skipped", partial(self.codec.from_json, kind=bc.SkippedNumber))

    def _stream(self, table: str, decode: Any) -> Iterator[Any]:
        question = f"SELECT seq, body FROM {table} WHERE seq > ? ORDER BY seq LIMIT ?"
        last = -1
        while page := self.database.ask(question, last, PAGE // 5):
            last = page[-1][0]
            yield from (decode(body) for _, body in page)


def _claims(rows: Iterable[Sequence[Any]]) -> Iterator[bc.Claim]:
    """Yield the claims of an account, those of its invoices joined."""
    own: dict[int, list[bc.Claim]] = {GIVEN: [], BY_INVOICE: [], BY_DRAFT: []}
    for _, *row, source in rows:
        own[source].append(claim_of(*row))
    yield from own[GIVEN]
    yield from bc.keeping.joined_claims(own[BY_INVOICE])
    yield from own[BY_DRAFT]
