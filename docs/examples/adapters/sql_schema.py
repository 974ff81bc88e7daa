"""The tables of a store, as numbered migrations that SQLite and PostgreSQL both understand.

`{serial}` is a whole number that the database counts up, `{text}` a text that is compared by its
code points, so that both give rows in the same order. Documents are kept as canonical JSON in
`body`, and a table has a column of its own for whatever is looked up.

To change the tables of a store that is in use, append a migration; never change one.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sql_database import Database

import billingcore as bc

__all__ = ["MIGRATIONS", "Migration", "migrate"]


class Migration(NamedTuple):
    """One step from a version of the tables to the next.

    Attributes:
        name: what it does.
        statements: what is carried out.
    """

    name: str
    statements: tuple[str, ...]


_ACCOUNTS: Final = Migration(
    "accounts and what is to be billed of them",
    (
        # `revision` counts the changes of an account; whoever changes it locks this row first.
        """CREATE TABLE account (seq {serial}, id {text} NOT NULL UNIQUE, batch {text} NOT NULL,
            revision BIGINT NOT NULL, body TEXT NOT NULL, contacts TEXT)""",
        "CREATE INDEX account_batch ON account (substr(batch, 1, 60), seq)",
        """CREATE TABLE account_name (value {text} NOT NULL, field {text} NOT NULL,
            account {text} NOT NULL)""",
        "CREATE INDEX account_name_value ON account_name (value)",
        "CREATE INDEX account_name_account ON account_name (account)",
        """CREATE TABLE contract (seq {serial}, id {text} NOT NULL UNIQUE, account {text} NOT NULL,
            body TEXT NOT NULL)""",
        "CREATE INDEX contract_account ON contract (account, seq)",
        # What a reference says of an item, so that a first pass reads no contract.
        """CREATE TABLE item (account {text} NOT NULL, contract {text} NOT NULL,
            place BIGINT NOT NULL, record {text} NOT NULL, currency {text}, entity {text},
            frequency {text} NOT NULL, PRIMARY KEY (contract, place))""",
        "CREATE INDEX item_account ON item (account)",
        """CREATE TABLE used (seq {serial}, account {text} NOT NULL, id {text} NOT NULL,
            body TEXT NOT NULL, UNIQUE (account, id))""",
        """CREATE TABLE coupon (account {text} NOT NULL, place BIGINT NOT NULL,
            body TEXT NOT NULL, PRIMARY KEY (account, place))""",
        # Records of the host: to whom they are handed, who ever read them, and which names of
        # accounts they hang on, with the account that each name meant.
        "CREATE TABLE record (seq {serial}, name {text} NOT NULL UNIQUE, body TEXT NOT NULL)",
        """CREATE TABLE route (record {text} NOT NULL, account {text} NOT NULL,
            PRIMARY KEY (record, account))""",
        "CREATE INDEX route_account ON route (account)",
        """CREATE TABLE reader (base {text} NOT NULL, account {text} NOT NULL,
            PRIMARY KEY (base, account))""",
        """CREATE TABLE naming (value {text} NOT NULL, field {text} NOT NULL,
            record {text} NOT NULL, answer {text}, PRIMARY KEY (value, field, record))""",
        "CREATE INDEX naming_record ON naming (record)",
        """CREATE TABLE record_problem (record {text} NOT NULL, place BIGINT NOT NULL,
            body TEXT NOT NULL, PRIMARY KEY (record, place))""",
    ),
)

_DOCUMENTS: Final = Migration(
    "drafts, invoices and what they cover",
    (
        """CREATE TABLE draft (seq {serial}, id {text} NOT NULL UNIQUE, account {text} NOT NULL,
            run_id {text} NOT NULL, version BIGINT NOT NULL, chain_key {text} NOT NULL,
            body TEXT NOT NULL)""",
        "CREATE INDEX draft_account ON draft (account, seq)",
        "CREATE INDEX draft_run ON draft (run_id, id)",
        # An invoice is never changed, but for `until`: the revision of its account at which what
        # it covers was given free. `since` is the one at which it was issued.
        """CREATE TABLE invoice (seq {serial}, number {text} NOT NULL UNIQUE,
            account {text} NOT NULL, draft_id {text} NOT NULL UNIQUE, chain_key {text} NOT NULL,
            since BIGINT NOT NULL, until BIGINT, series {text} NOT NULL, place BIGINT NOT NULL,
            body TEXT NOT NULL, previous {text} NOT NULL, hash {text} NOT NULL,
            UNIQUE (series, place))""",
        "CREATE INDEX invoice_account ON invoice (account, seq)",
        # `source` says who holds a claim: 0 nobody, it was decided or handed in; 1 an invoice;
        # 2 a draft. `base` is the record that it is on, whosever it is.
        """CREATE TABLE claim (seq {serial}, account {text} NOT NULL, billable {text} NOT NULL,
            base {text} NOT NULL, start {text}, stop {text}, document {text} NOT NULL,
            state {text} NOT NULL, terms TEXT, is_release BIGINT NOT NULL, source BIGINT NOT NULL,
            holder {text} NOT NULL)""",
        "CREATE INDEX claim_account ON claim (account, source, seq)",
        "CREATE INDEX claim_billable ON claim (billable)",
        "CREATE INDEX claim_base ON claim (base)",
        "CREATE INDEX claim_holder ON claim (holder, source)",
        """CREATE TABLE line (seq {serial}, account {text} NOT NULL, billable {text} NOT NULL,
            number {text} NOT NULL, place BIGINT NOT NULL)""",
        "CREATE INDEX line_billable ON line (billable, seq)",
        # Which documents correct an invoice: drafts and invoices, as `source` of claims says.
        """CREATE TABLE correction (number {text} NOT NULL, holder {text} NOT NULL,
            source BIGINT NOT NULL, PRIMARY KEY (number, holder, source))""",
        "CREATE INDEX correction_holder ON correction (holder, source)",
        # One row for each number series: whoever counts locks it. `hash` is that of its last link.
        """CREATE TABLE counter (name {text} NOT NULL PRIMARY KEY, start BIGINT NOT NULL,
            count BIGINT NOT NULL, hash {text} NOT NULL)""",
        """CREATE TABLE skipped (seq {serial}, number {text} NOT NULL UNIQUE, series {text} NOT NULL,
            place BIGINT NOT NULL, body TEXT NOT NULL, previous {text} NOT NULL,
            hash {text} NOT NULL, UNIQUE (series, place))""",
    ),
)

_BOOKS: Final = Migration(
    "books, executions and what failed",
    (
        """CREATE TABLE payment (seq {serial}, account {text} NOT NULL, id {text} NOT NULL,
            body TEXT NOT NULL, UNIQUE (account, id))""",
        """CREATE TABLE assignment (seq {serial}, account {text} NOT NULL, payment {text} NOT NULL,
            invoice {text} NOT NULL, body TEXT NOT NULL)""",
        "CREATE INDEX assignment_account ON assignment (account, seq)",
        """CREATE TABLE clearing (seq {serial}, account {text} NOT NULL, debit {text} NOT NULL,
            credit {text} NOT NULL, body TEXT NOT NULL)""",
        "CREATE INDEX clearing_account ON clearing (account, seq)",
        """CREATE TABLE closing (seq {serial}, account {text} NOT NULL, invoice {text} NOT NULL,
            body TEXT NOT NULL)""",
        "CREATE INDEX closing_account ON closing (account, seq)",
        """CREATE TABLE entry (seq {serial}, account {text} NOT NULL, source {text} NOT NULL,
            body TEXT NOT NULL)""",
        "CREATE INDEX entry_account ON entry (account, seq)",
        """CREATE TABLE earlier (seq {serial}, account {text} NOT NULL,
            number {text} NOT NULL UNIQUE, body TEXT NOT NULL)""",
        "CREATE INDEX earlier_account ON earlier (account, seq)",
        """CREATE TABLE execution (seq {serial}, id {text} NOT NULL UNIQUE,
            run_id {text} NOT NULL, attempt BIGINT NOT NULL, is_live BIGINT NOT NULL,
            body TEXT NOT NULL)""",
        "CREATE INDEX execution_run ON execution (run_id, attempt)",
        "CREATE INDEX execution_live ON execution (seq) WHERE is_live = 1",
        """CREATE TABLE failure (run_id {text} NOT NULL, account {text} NOT NULL,
            place BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run_id, account, place))""",
    ),
)

MIGRATIONS: Final = (_ACCOUNTS, _DOCUMENTS, _BOOKS)
"""All of them, in their order."""


def migrate(database: Database, *, upto: int | None = None) -> None:
    """Bring the tables of a database to the version of this file, in one step.

    Two processes that open a new database at once wait for each other.

    Args:
        database: the database.
        upto: how many migrations; all by default.

    Raises:
        PortError: the tables are of a newer version than this file.
    """
    if not _is_current(database):
        database.write(lambda: _migrate(database, upto), alone=True)


def _is_current(database: Database) -> bool:
    """Tell whether there is nothing to do, without locking anything."""
    if not database.has_table("migration"):
        return False
    return _version(database) == len(MIGRATIONS)


def _migrate(database: Database, upto: int | None) -> None:
    database.prepare()
    database.run(
        database.dialect.ddl(
            "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, name {text} NOT NULL)"
        )
    )
    known = _version(database)
    if known > len(MIGRATIONS):
        rule = (
            f"its tables are of version {known}, and this program knows {len(MIGRATIONS)}: "
            "use the newer program"
        )
        raise bc.PortError(rule, port="Store")
    for number, migration in enumerate(MIGRATIONS[:upto], start=1):
        if number > known:
            for statement in migration.statements:
                database.run(database.dialect.ddl(statement))
            database.run("INSERT INTO migration VALUES (?, ?)", number, migration.name)


def _version(database: Database) -> int:
    ((known,),) = database.ask("SELECT COALESCE(MAX(number), 0) FROM migration")
    return int(known)
