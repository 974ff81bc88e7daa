"""How rules and values draw themselves: policies, conventions, periods, taxes; and stores and runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import islice
from operator import attrgetter
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Final

from attrs import fields

from billingcore.memory.store import MemoryStore
from billingcore.periods.proration import Proration
from billingcore.records.mapping import DataMapping
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.source import SourceRecord
from billingcore.render.coverage_picture import coverage_svg
from billingcore.render.notebook.cells import in_words
from billingcore.render.notebook.columns import sheet_of
from billingcore.render.notebook.generic import record_sheets
from billingcore.render.notebook.sheets import MOST_ROWS, Sheet, facts, listed
from billingcore.render.progress_picture import progress_svg
from billingcore.runs.execution import Execution
from billingcore.runs.record import RunRecord
from billingcore.runs.report import Drafts
from billingcore.scope.policy import DOCUMENTED, Policy
from billingcore.tax.table import TaxTable
from billingcore.values.cadence import Cadence
from billingcore.values.length import Length
from billingcore.values.money import Money
from billingcore.values.period import Period

if TYPE_CHECKING:
    from billingcore.render.notebook.documents import Drawing, Part

__all__ = ["DRAWINGS", "member"]

_RATES: Final = attrgetter("_rates")
_ENTRIES: Final = attrgetter("_fields", "_items")
_MEANING: Final = re.compile(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", re.MULTILINE)
_MOST_PERIODS: Final = 4


def member(value: Enum) -> Iterator[Part]:
    """Draw a member of an enumeration, with what it means."""
    kind = type(value)
    pairs = [("name", value.name), ("value", value.value), ("of", in_words(kind.__name__))]
    yield facts(f"{kind.__name__}.{value.name}", pairs)


def _policy(policy: Policy) -> Iterator[Part]:
    """Draw every switch with what it means; bold where it differs from what is documented."""
    _, _, attributes = (Policy.__doc__ or "").partition("\n")
    meanings = dict(_MEANING.findall(dedent(attributes)))  # Python 3.13 has dedented it already
    names = [each.name for each in fields(Policy) if each.init and each.name != "name"]
    rows = [
        (in_words(name), getattr(policy, name), getattr(DOCUMENTED, name), meanings.get(name, ""))
        for name in names
    ]
    marked = frozenset(place for place, row in enumerate(rows) if row[1] != row[2])
    count = "1 difference" if len(marked) == 1 else f"{len(marked) or 'no'} differences"
    caption = f"Policy {policy.name}: {count} from DOCUMENTED"
    head = ("switch", "is", "DOCUMENTED", "decides")
    yield Sheet(caption, head, tuple(rows), marked=marked)


def _proration(convention: Proration) -> Iterator[Part]:
    """Draw a convention, with what it makes of the days of two months."""
    pairs = [
        ("formula", convention.formula),
        ("source", convention.source),
        ("slices add up", convention.remark),
        ("whole periods count whole", convention.counts_whole_periods),
        ("can measure weeks", convention.measures_weeks),
    ]
    yield facts(f"Proration {convention.name}", pairs)


def _cadence(cadence: Cadence) -> Iterator[Part]:
    """Draw a cadence, with its first periods if it is anchored."""
    pairs = [("in words", str(cadence)), ("anchor", cadence.anchor), ("billing day", cadence.day)]
    yield facts("Cadence", pairs)
    if cadence.anchor is not None:
        periods = [cadence.period(n) for n in range(_MOST_PERIODS)]
        yield sheet_of("Its first periods", periods)


def _period(period: Period) -> Iterator[Part]:
    yield sheet_of("Period", [period])


def _money(money: Money) -> Iterator[Part]:
    yield Sheet("Money", ("amount", "currency"), ((money.amount, money.currency),))


def _length(length: Length) -> Iterator[Part]:
    yield facts("Length", [("in words", str(length))])


def _tax_table(table: TaxTable) -> Iterator[Part]:
    rates = [(code, rate) for code, rows in _RATES(table).items() for rate, _ in rows]
    head = ("code", "rate in percent", "category", "days", "buyer", "seller", "reason")
    yield listed("Tax table", head, rates, _rate_of)


def _rate_of(row: tuple[str, Any]) -> tuple[object, ...]:
    code, rate = row
    return code, rate.rate, rate.category, rate.valid, rate.buyer, rate.seller, rate.reason


def _record(record: SourceRecord) -> Iterator[Part]:
    """Draw the fields of a record of the host; an object is not asked for what it computes."""
    title = f"{record.type} {record.id}"
    mapping = record.mapping
    if mapping is None:
        own: dict[str, object] = getattr(record.values, "__dict__", {})
        mapping = {name: value for name, value in own.items() if not name.startswith("_")}
    fields_shown = [(str(name), value) for name, value in islice(mapping.items(), MOST_ROWS)]
    yield Sheet(title, (), tuple(fields_shown), max(0, len(mapping) - MOST_ROWS))
    for relation, children in record.children.items():
        yield listed(f"{title}: {relation}", ("record", "fields"), children, _child)
    if record.documents:
        yield sheet_of(f"{title}: files", record.documents)


def _child(record: SourceRecord) -> tuple[object, ...]:
    return record.name, record.values if record.mapping is None else record.mapping


def _mapping(mapping: DataMapping) -> Iterator[Part]:
    """Draw from which fields of the host's records a mapping fills which of ours."""
    of_document, of_lines = _ENTRIES(mapping)
    entries = [*of_document, *(each for _, group in of_lines for each in group)]
    head = ("place", "fills", "with")
    yield listed(f"Data mapping {mapping.name}".rstrip(), head, entries, _entry)


def _entry(entry: Any) -> tuple[object, ...]:
    source = entry.reference
    return entry.path, entry.target, entry.constant if source is None else source.text


def _snapshot(snapshot: AccountSnapshot) -> Iterator[Part]:
    yield from record_sheets(snapshot)
    if any(claim.period is not None for claim in snapshot.claims):
        yield coverage_svg(snapshot, "en")


def _store(store: MemoryStore) -> Iterator[Part]:
    drafts, invoices = [*store.drafts()], [*store.invoices()]
    counts = [
        ("accounts", len(store.accounts())),
        ("drafts", len(drafts)),
        ("invoices", len(invoices)),
        ("runs", len(store.runs())),
    ]
    yield facts("Memory store", counts)
    for name, found in (("Its drafts", drafts), ("Its invoices", invoices)):
        if found:
            yield sheet_of(name, found)


def _drafts(drafts: Drafts) -> Iterator[Part]:
    yield sheet_of(f"Drafts: {len(drafts)}", drafts)


def _run(record: RunRecord) -> Iterator[Part]:
    yield from record_sheets(record)
    yield progress_svg(record, "en")


def _execution(execution: Execution) -> Iterator[Part]:
    """Draw how it stands; nothing is carried out, and no account is counted."""
    yield facts(f"Execution of run {execution.run.id}", [("policy", execution.run.policy.name)])
    yield from _run(execution.report.record)


DRAWINGS: Final[dict[type, Drawing]] = {
    AccountSnapshot: _snapshot,
    Cadence: _cadence,
    DataMapping: _mapping,
    Drafts: _drafts,
    Execution: _execution,
    Length: _length,
    MemoryStore: _store,
    Money: _money,
    Period: _period,
    Policy: _policy,
    Proration: _proration,
    RunRecord: _run,
    SourceRecord: _record,
    TaxTable: _tax_table,
}
"""Class → how it draws itself."""
