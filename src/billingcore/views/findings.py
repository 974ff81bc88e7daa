"""What a check of a setup finds, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from attrs import frozen

from billingcore.errors import InvalidInputError, show
from billingcore.records.account import Account
from billingcore.records.setup import Setup
from billingcore.records.source import MISSING, SourceRecord
from billingcore.records.subscription import Subscription
from billingcore.scope.routing import AccountName, is_named
from billingcore.scope.selection import Filter, Selection

__all__ = ["Finding", "Findings", "Given", "Sample", "Severity", "any_has", "names_in"]


class Severity(Enum):
    """How much a finding matters; the value says it in words."""

    ERROR = "something is not billed, or refused"
    WARNING = "it works, and may surprise"
    NOTE = "something has no effect"


@frozen
class Finding:
    """Something in a setup that deserves a look before a run.

    >>> print(Finding(Severity.NOTE, "mapping 'orders'", "tiers", "it is ignored", "take it out"))
    NOTE: mapping 'orders': tiers: it is ignored; take it out

    Attributes:
        severity: how much it matters.
        concerns: what is to be mended, like ``filter 'Orders'``.
        field: the field or argument.
        message: what is wrong.
        fix: what to write instead.
    """

    severity: Severity
    concerns: str
    field: str
    message: str
    fix: str

    def __str__(self) -> str:
        text = f"{self.severity.name}: {self.concerns}: {self.field}: {self.message}; {self.fix}"
        return " ".join(text.split())


class Findings:
    """Collects findings, each once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], Finding] = {}

    def add(self, severity: Severity, concerns: str, field: str, message: str, fix: str) -> None:
        """Note a finding."""
        key = (concerns, field, message)
        self._found.setdefault(key, Finding(severity, concerns, field, message, fix))

    def refused(self, concerns: str, error: InvalidInputError, fix: str = "") -> None:
        """Note an error that a record gives; of several records the first is named."""
        given = "" if error.value is ... else f"{show(error.value)}: "
        where = f", as in {error.record}" if error.record else ""
        fix = fix or error.fix or "mend it"
        found = Finding(Severity.ERROR, concerns, error.field, f"{given}{error.rule}{where}", fix)
        self._found.setdefault((concerns, error.field, error.rule), found)

    @property
    def in_order(self) -> tuple[Finding, ...]:
        """The findings: what matters most comes first."""
        ranks = list(Severity)
        return tuple(sorted(self._found.values(), key=lambda each: ranks.index(each.severity)))


class Sample(NamedTuple):
    """A record, and a filter that looks at it."""

    chosen: Filter
    root: SourceRecord

    @property
    def children(self) -> tuple[SourceRecord, ...]:
        """The records that are its lines."""
        return tuple(self.root.children_of(self.chosen.child_relation))


@frozen
class Given:
    """What is checked, with the samples that it is checked against.

    Attributes:
        selection: the filters of the run.
        setup: templates, entities and data mappings.
        roots: records without parent.
        accounts: who pays.
        subscriptions: contracts.
        samples: each record with each filter that looks at it.
    """

    selection: Selection
    setup: Setup
    roots: tuple[SourceRecord, ...]
    accounts: Mapping[str, Account]
    subscriptions: tuple[Subscription, ...]

    @property
    def samples(self) -> list[Sample]:
        """Each record with each filter that looks at it."""
        return [
            Sample(chosen, root)
            for chosen in self.selection.sources
            for root in self.samples_of(chosen)
        ]

    def samples_of(self, chosen: Filter) -> list[SourceRecord]:
        """Give the records that one filter looks at."""
        return [root for root in self.roots if root.type == chosen.target]

    def account_named(self, name: AccountName) -> Account | None:
        """Give the account that a record names, if it is among the samples."""
        return next((each for each in self.accounts.values() if is_named(each, name)), None)


def names_in(records: Iterable[SourceRecord]) -> list[str]:
    """Give the names of the fields that any of some records has, each once."""
    return list(dict.fromkeys(name for record in records for name in _names_of(record)))


def _names_of(record: SourceRecord) -> tuple[str, ...]:
    """Give the names of a record's fields; none if they cannot be read, which reading it tells."""
    try:
        return record.field_names()
    except InvalidInputError:
        return ()


def any_has(
    records: Iterable[SourceRecord], name: str, read: Callable[[SourceRecord, str], object]
) -> bool:
    """Tell whether any of some records has a field, as *read* reads it; one that fails exists."""
    try:
        return any(read(record, name) is not MISSING for record in records)
    except InvalidInputError:
        return True
