"""Bill records of which nothing is unusual, quickly: most of a run is of this kind.

Usual is a record with children of which no document of ours bills anything. It names its account,
and perhaps its service date and invoice, and says nothing else of its document; its lines are
products that are billed once. Whatever is not usual, or wrong, is left to the careful way, which
makes the same lines and gives the same reasons.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from billingcore.lines.harvest import Harvest
from billingcore.lines.making import Terms, make_line
from billingcore.lines.once import Once, invoiced, on_day
from billingcore.lines.origin import Origin, Root
from billingcore.lines.quick import QuickLine, QuickReader
from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.source import SourceRecord, is_empty
from billingcore.scope.selection import Filter
from billingcore.values.sealing import new_tuple

__all__ = ["Express"]

OWN: Final = frozenset({"account", "error", "invoice", "last_error", "last_run", "service_date"})
"""Fields of a record that may be filled."""

ZERO_QUANTITY: Final = LeftOut(Reason.ZERO_QUANTITY)

Row = tuple[str, SourceRecord, QuickLine]
"""The name under which a line is billed, its record, and what was read of it."""


class _Plan(NamedTuple):
    """The real names of the fields of records of one make; None for one that they do not have."""

    account: str
    service_date: str | None
    invoice: str | None
    empty: tuple[str, ...]


_Head = tuple[Once, object]
"""What a record says of all its lines: what its day of service means, and the invoice that it
arrived with, if it did."""


class Express:
    """Bills usual records of one filter.

    Args:
        found: where lines and reasons go; nothing of the account is billed yet.
        chosen: the filter; it has no formulas.
        terms: what the lines of usual records share.
        reader: remembers what records and lines have in common.
    """

    def __init__(self, found: Harvest, chosen: Filter, terms: Terms, reader: QuickReader) -> None:
        self._found = found
        self._chosen = chosen
        self._terms = terms
        self._reader = reader
        self._ending = f":{chosen.party}" if chosen.party else ""
        self._is_alone = len(found.run.selection.sources) == 1

    def bill(self, record: SourceRecord) -> bool:
        """Bill a record, or say why its lines are not billed; false if it is not a usual one."""
        rows = self._rows(record)
        head = self._head(record) if rows else None
        if rows is None or head is None:
            return False
        self._keep(record, head, rows)
        return True

    def _rows(self, record: SourceRecord) -> list[Row] | None:
        """Read the lines of a record; None if one is not usual."""
        read, ending = self._reader.read, self._ending
        rows: list[Row] = []
        names: set[str] = set()
        numbers: list[str] = []
        for child in record.children_of(self._chosen.child_relation):
            line = read(child)
            if line is None or not line[2].is_simple:
                return None
            name = child.name + ending
            names.add(name)
            if line[0]:
                numbers.append(line[0])
            rows.append((name, child, line))
        if len(names) < len(rows) or len(set(numbers)) < len(numbers):
            return None
        return rows if self._is_alone or names.isdisjoint(self._found.taken) else None

    def _head(self, record: SourceRecord) -> _Head | None:
        """Read a usual record of the account; None if it is not one."""
        mapping = record.mapping
        if mapping is None:
            return None
        try:
            plan = self._plan_of(record, tuple(mapping))
            if plan is None or mapping[plan.account] != self._found.account:
                return None
            if plan.empty and any(mapping[real] is not None for real in plan.empty):
                return None
            invoice = None if plan.invoice is None else mapping[plan.invoice]
            day = None if plan.service_date is None else mapping[plan.service_date]
        except Exception:  # noqa: BLE001 - the host's code; it is asked again, with care
            return None
        if day is not None and type(day) is not date:
            return None
        return on_day(self._found, day), invoice

    def _plan_of(self, record: SourceRecord, names: tuple[str, ...]) -> _Plan | None:
        """Give where the fields of a record stand; None if it has fields that travel along."""
        key, memo = ("plan", self._chosen.name, names), self._found.run.schedules
        known: _Plan | None = memo.get(key)
        if known is not None:
            return known
        layout = self._chosen.fields.layout(record)
        reals = dict(zip(layout.names, layout.reals, strict=True))
        if layout.extras or "account" not in reals:
            return None
        empty = tuple([real for name, real in reals.items() if name not in OWN])
        plan = _Plan(reals["account"], reals.get("service_date"), reals.get("invoice"), empty)
        memo.keep(key, plan)
        return plan

    def _keep(self, record: SourceRecord, head: _Head, rows: list[Row]) -> None:
        """Make the lines, and say which are not billed."""
        found, terms, name = self._found, self._terms, self._chosen.name
        (span, dated), invoice = head
        if dated is not None:
            for billable, _, _ in rows:
                found.exclude(billable, dated, name)
            return
        root = Root(record, self._chosen)
        for billable, child, (_, item, _, own) in rows:
            why = _hindrance(item, own, invoice)
            if why is not None:
                found.exclude(billable, why, name)
                continue
            line = make_line(item, billable, span, terms)
            line.origin = new_tuple(Origin, (root, child, ()))
            found.lines.append(line)
            if not self._is_alone:
                found.taken[billable] = name


def _hindrance(item: Item, own: object, invoice: object) -> LeftOut | None:
    """Say why a line is not billed: there is nothing to sell, or it or its record was invoiced."""
    if not item.is_billable:
        return ZERO_QUANTITY
    if is_empty(own):
        return None if is_empty(invoice) else invoiced(invoice)
    return invoiced(own)
