"""A step of a store: what it has locked and read, and what it is going to write.

Rows are gathered and written together, so that a step over many accounts takes a handful of
statements. What is removed goes before what is added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from sql_database import Database

import billingcore as bc

__all__ = ["BY_DRAFT", "BY_INVOICE", "CLAIM", "GIVEN", "Held", "Step", "claim_of"]

GIVEN: Final = 0
"""The source of claims that were decided, or handed in."""
BY_INVOICE: Final = 1
BY_DRAFT: Final = 2

CLAIM: Final = "billable, start, stop, document, state, terms, is_release"
"""The columns of which `claim_of` makes a claim."""

_ADD_CLAIM: Final = (
    "INSERT INTO claim (account, billable, base, start, stop, document, state, terms, is_release,"
    " source, holder) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ADD_CORRECTION: Final = (
    "INSERT INTO correction (number, holder, source) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
)
_STATES: Final = {state.value: state for state in bc.ClaimState}


class Held(NamedTuple):
    """An account as it is in a step that has locked it."""

    revision: int
    body: str


@lru_cache(maxsize=4096)
def _period(start: str | None, stop: str | None) -> bc.Period | None:
    """Read a period; most claims of a run share one."""
    return None if start is None else bc.Period(start, stop)


def claim_of(
    billable: str,
    start: str | None,
    stop: str | None,
    document: str,
    state: str,
    terms: str | None,
    is_release: int,
    *others: object,
) -> bc.Claim:
    """Make a claim of a row."""
    period = _period(start, stop)
    return bc.Claim(billable, period, document, _STATES[state], terms, bool(is_release))


class Step:
    """What one step knows and does.

    Args:
        database: where it is under way.

    Attributes:
        revisions: account → its revision in this step, of those that are locked.
        changed: accounts that have changed, and are not written yet.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.held: dict[str, Held] = {}
        self.revisions: dict[str, int] = {}
        self.changed: set[str] = set()
        self._removed: dict[str, list[tuple[object, ...]]] = {}
        self._added: dict[str, list[tuple[object, ...]]] = {}
        self._has_readers: bool | None = None

    # ---- accounts

    def lock(self, accounts: Iterable[str]) -> None:
        """Lock accounts, always in the order of their ids, so that two steps never cross."""
        wanted = sorted({*accounts} - self.held.keys())
        question = (
            "SELECT id, revision, body FROM account WHERE id IN ({}) ORDER BY id"
            + self.database.dialect.lock
        )
        for account, revision, body in self.database.ask_in(question, wanted):
            self.held[account] = Held(revision, body)
            self.revisions[account] = revision

    def account(self, account: str) -> Held:
        """Give an account, and lock it.

        Raises:
            InvalidInputError: there is none.
        """
        if account not in self.held:
            self.lock([account])
        if account not in self.held:
            raise bc.intake.no_account(account)
        return self.held[account]

    def touch(self, accounts: Iterable[str]) -> None:
        """Count a change of accounts."""
        for account in accounts:
            self.account(account)
            self.revisions[account] += 1
            self.changed.add(account)

    def next_revision(self, account: str) -> int:
        """Give the revision of an account that what is written now belongs to."""
        return self.revisions[account] + 1

    # ---- rows

    def remove(self, statement: str, *values: object) -> None:
        """Remove, or change, what is there; before anything is added."""
        self._removed.setdefault(statement, []).append(values)

    def add(self, statement: str, *values: object) -> None:
        """Add a row."""
        self._added.setdefault(statement, []).append(values)

    def flush(self) -> None:
        """Write all that was gathered."""
        for changes in (self._removed, self._added):
            for statement, rows in changes.items():
                self.database.run_many(statement, rows)
            changes.clear()
        if self.changed:
            rows = [(self.revisions[each], each) for each in sorted(self.changed)]
            self.database.run_many("UPDATE account SET revision = ? WHERE id = ?", rows)
            self.changed.clear()

    # ---- claims

    @property
    def has_readers(self) -> bool:
        """Whether there are records of the host at all."""
        if self._has_readers is None:
            self._has_readers = bool(self.database.ask("SELECT 1 FROM reader LIMIT 1"))
        return self._has_readers

    def readers(self, claims: Iterable[bc.Claim]) -> set[str]:
        """Give the accounts that ever had the records that claims are on."""
        if not self.has_readers:
            return set()
        bases = dict.fromkeys(bc.intake.base_of(each.billable) for each in claims)
        found = self.database.ask_in("SELECT account FROM reader WHERE base IN ({})", bases)
        return {account for (account,) in found}

    def hold(self, account: str, claims: Collection[bc.Claim], source: int, holder: str) -> None:
        """Keep what a document, or a decision, claims; all who have its records are changed."""
        for billable, period, document, state, terms, is_release in claims:
            start, stop = (None, None) if period is None else period.bounds
            days = (start and start.isoformat(), stop and stop.isoformat())
            base, freed = bc.intake.base_of(billable), int(is_release)
            row = (account, billable, base, *days, document, state.value, terms, freed)
            self.add(_ADD_CLAIM, *row, source, holder)
        self.touch(self.readers(claims))

    def free(self, source: int, holder: str) -> None:
        """Forget what a document claims and corrects; all who have its records are changed."""
        for table in ("claim", "correction"):
            self.remove(f"DELETE FROM {table} WHERE holder = ? AND source = ?", holder, source)
        if self.has_readers:
            question = (
                "SELECT DISTINCT reader.account FROM claim JOIN reader USING (base) "
                "WHERE holder = ? AND source = ?"
            )
            self.touch(account for (account,) in self.database.ask(question, holder, source))

    def correct(self, document: bc.DraftInvoice | bc.Invoice, source: int, holder: str) -> None:
        """Note which invoices a document corrects."""
        for line in document.lines:
            if line.corrects is not None:
                self.add(_ADD_CORRECTION, line.corrects.document, holder, source)

    def claims_on(
        self, account: str, billables: Iterable[str], but: str = ""
    ) -> Iterator[bc.Claim]:
        """Yield the claims of an account on some of what is billed, but for those of one draft."""
        question = (
            f"SELECT {CLAIM}, source, holder FROM claim WHERE billable IN ({{}}) AND account = ?"
        )
        for *row, source, holder in self.database.ask_in(question, billables, account):
            if source != BY_DRAFT or holder != but:
                yield claim_of(*row)

    def rivals(self, account: str, claims: Collection[bc.Claim]) -> Iterator[bc.Claim]:
        """Yield what other accounts are billed for of the records that claims are on."""
        if self.readers(claims):
            bases = dict.fromkeys(bc.intake.base_of(each.billable) for each in claims)
            question = (
                f"SELECT {CLAIM} FROM claim WHERE base IN ({{}}) AND account <> ?"
                " AND EXISTS (SELECT 1 FROM reader WHERE reader.base = claim.base)"
            )
            for row in self.database.ask_in(question, bases, account):
                yield claim_of(*row)
