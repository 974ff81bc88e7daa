"""Records of the host in a store: to which accounts they go, and who bills what of them.

What is billed of a record counts for all accounts, since a formula may route it elsewhere tomorrow,
and of exclusive parties only one may have it. So claims on records are kept by record, and every
change of them is a change of all accounts that the record was ever handed to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from billingcore.lifecycle.intake import base_of, family_of, routed
from billingcore.records.claims import Claim
from billingcore.records.reasons import Problem
from billingcore.records.setup import Setup
from billingcore.records.source import SourceRecord
from billingcore.scope.routing import AccountName, Resolve
from billingcore.scope.selection import Filter

__all__ = ["RecordBook"]


class RecordBook:
    """The records of a store.

    Args:
        filters: by which records are routed to accounts.
        setup: where data mappings are looked up.
    """

    def __init__(self, filters: Iterable[Filter], setup: Setup) -> None:
        self.filters: tuple[Filter, ...] = tuple(filters)
        self._setup = setup
        self._records: dict[str, SourceRecord] = {}
        self._place: dict[str, int] = {}
        self._routes: dict[str, frozenset[str]] = {}
        self._handed: dict[str, set[str]] = {}
        self._readers: dict[str, set[str]] = {}
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._answers: dict[str, dict[AccountName, str | None]] = {}
        self._naming: dict[AccountName, set[str]] = {}
        self._held: dict[str, dict[str, tuple[str, list[Claim]]]] = {}
        self._given: dict[str, list[tuple[str, Claim]]] = {}

    def __contains__(self, record: SourceRecord) -> bool:
        return record.name in self._records

    @property
    def has_records(self) -> bool:
        """Whether there is anything that a document could bill."""
        return bool(self._readers)

    def put(self, record: SourceRecord, resolve: Resolve) -> frozenset[str]:
        """Keep a record; give the accounts that it concerns now, or did before."""
        name = record.name

        def ask(named: AccountName) -> str | None:
            self._naming.setdefault(named, set()).add(name)
            account = resolve(named)
            self._answers.setdefault(named.value, {})[named] = account
            return account

        found = routed(record, self.filters, ask, self._setup)
        self._place.setdefault(name, len(self._place))
        self._records[name] = record
        self._problems[name] = found.problems
        before = self._routes.get(name, frozenset[str]())
        now = found.accounts
        self._routes[name] = now
        for account in before - now:
            self._handed[account].discard(name)
        for account in now:
            self._handed.setdefault(account, set()).add(name)
        for own in family_of(record):
            self._readers.setdefault(own, set()).update(now)
        return before | now

    def of(self, account: str) -> tuple[SourceRecord, ...]:
        """Give the records of an account, in the order in which they came."""
        names = sorted(self._handed.get(account, ()), key=self._place.__getitem__)
        return tuple(self._records[name] for name in names)

    def problems(self) -> Iterator[Problem]:
        """Yield why records are handed to nobody."""
        for problems in self._problems.values():
            yield from problems

    def reroute(self, values: Iterable[str], resolve: Resolve) -> set[str]:
        """Route the records anew whose names mean other accounts now; give those concerned.

        Args:
            values: what accounts are called now, or were called before.
            resolve: finds an account by a name.
        """
        changed = [
            named
            for value in values
            for named, known in self._answers.get(value, {}).items()
            if resolve(named) != known
        ]
        names = {name for named in changed for name in self._naming[named]}
        concerned: set[str] = set()
        for name in sorted(names, key=self._place.__getitem__):
            concerned |= self.put(self._records[name], resolve)
        return concerned

    def hold(self, account: str, document: str, claims: Iterable[Claim]) -> set[str]:
        """Note what a document bills of records; give the accounts that this concerns."""
        concerned: set[str] = set()
        for claim in claims:
            base = base_of(claim.billable)
            if base in self._readers:
                held = self._held.setdefault(base, {})
                held.setdefault(document, (account, []))[1].append(claim)
                concerned |= self._readers[base]
        return concerned

    def free(self, document: str, claims: Iterable[Claim]) -> set[str]:
        """Forget what a document bills of records; give the accounts that this concerns."""
        concerned: set[str] = set()
        for claim in claims:
            base = base_of(claim.billable)
            if self._held.get(base, {}).pop(document, None) is not None:
                concerned |= self._readers[base]
        return concerned

    def give(self, account: str, claims: Iterable[Claim]) -> set[str]:
        """Note what was decided, or billed elsewhere; give the accounts that this concerns.

        The records may come later.
        """
        concerned: set[str] = set()
        for claim in claims:
            base = base_of(claim.billable)
            self._given.setdefault(base, []).append((account, claim))
            concerned |= self._readers.get(base, set())
        return concerned

    def foreign_claims(self, account: str) -> Iterator[Claim]:
        """Yield what other accounts are billed for of the records of an account."""
        if self._held or self._given:
            families = (own for record in self.of(account) for own in family_of(record))
            yield from self._of_others(account, families)

    def rival_claims(self, account: str, claims: Iterable[Claim]) -> Iterator[Claim]:
        """Yield what other accounts are billed for of the records of the host that claims are on."""
        if self._held or self._given:
            bases = (base_of(each.billable) for each in claims)
            yield from self._of_others(account, (base for base in bases if base in self._readers))

    def _of_others(self, account: str, bases: Iterable[str]) -> Iterator[Claim]:
        for base in dict.fromkeys(bases):
            for owner, claims in self._held.get(base, {}).values():
                if owner != account:
                    yield from claims
            for owner, claim in self._given.get(base, ()):
                if owner != account:
                    yield claim
