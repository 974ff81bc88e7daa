"""Bill records of which nothing is unusual, quickly: most of a run is of this kind.

Usual is a record with children that was never billed, names its account and perhaps its service
date and invoice, and says nothing else of its document; its lines are products that are billed
once. Whatever is not usual, or wrong, is left to the careful way, which makes the same lines.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from billingcore.lines.harvest import Harvest
from billingcore.lines.line import OpenLine
from billingcore.lines.making import Terms, make_line
from billingcore.lines.origin import Origin, Root
from billingcore.lines.quick import QuickLine, QuickReader
from billingcore.periods.shares import whole_span
from billingcore.periods.span import Span
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.source import SourceRecord
from billingcore.scope.selection import Filter
from billingcore.scope.switches import RecordDays
from billingcore.values.period import Period

__all__ = ["Express"]

OWN: Final = frozenset({"account", "error", "invoice", "last_error", "last_run", "service_date"})
"""Fields of a record that may be filled."""

ZERO_QUANTITY: Final = LeftOut(Reason.ZERO_QUANTITY)


class _Plan(NamedTuple):
    """The real names of the fields of records of one make; None for one that they do not have."""

    account: str
    service_date: str | None
    invoice: str | None
    empty: tuple[str, ...]


class Express:
    """Bills usual records of one filter.

    Args:
        found: where lines and reasons go; nothing of the account is billed yet.
        chosen: the filter; it has no formulas.
        terms: what the lines of usual records share.
        reader: remembers what lines have in common.
    """

    def __init__(self, found: Harvest, chosen: Filter, terms: Terms, reader: QuickReader) -> None:
        self._found = found
        self._chosen = chosen
        self._terms = terms
        self._reader = reader
        self._ending = f":{chosen.party}" if chosen.party else ""
        self._is_alone = len(found.run.selection.sources) == 1
        self._is_dated = found.run.policy.record_days is RecordDays.SERVICE_DATE

    def bill(self, record: SourceRecord) -> bool:
        """Bill a record, or say why its lines are not billed; false if it is not a usual one."""
        children = record.children_of(self._chosen.child_relation)
        read = self._reader.read
        rows: list[tuple[str, SourceRecord, QuickLine]] = []
        numbers: list[str] = []
        for child in children:
            line = read(child)
            if line is None or not line[2].is_simple or line[3]:
                return False
            if line[0]:
                numbers.append(line[0])
            rows.append((child.name + self._ending, child, line))
        if not rows or len({name for name, _, _ in rows}) < len(rows):
            return False
        if len(set(numbers)) < len(numbers):
            return False
        if not self._is_alone and any(name in self._found.taken for name, _, _ in rows):
            return False
        span = self._span(record)
        if span is None:
            return False
        self._keep(Root(record, self._chosen), rows, span)
        return True

    def _span(self, record: SourceRecord) -> Span | None:
        """Give the days of a usual record of the account and the run; None if it is not one."""
        found, mapping = self._found, record.mapping
        if mapping is None:
            return None
        try:
            plan = self._plan_of(record)
            if plan is None or mapping[plan.account] != found.account:
                return None
            if plan.invoice is not None and mapping[plan.invoice] is not None:
                return None
            if plan.empty and any(mapping[real] is not None for real in plan.empty):
                return None
            day = None if plan.service_date is None else mapping[plan.service_date]
        except Exception:  # noqa: BLE001 - the host's code; it is asked again, with care
            return None
        if day is None:
            return found.whole
        if type(day) is not date or day not in found.run.period:
            return None
        return (
            whole_span(found.run.policy, Period.day(day), None) if self._is_dated else found.whole
        )

    def _plan_of(self, record: SourceRecord) -> _Plan | None:
        """Give where the fields of a record stand; None if it has fields that travel along."""
        names = ("plan", self._chosen.name, record.field_names())
        memo = self._found.run.schedules
        known: _Plan | None = memo.get(names)
        if known is not None:
            return known
        layout = self._chosen.fields.layout(record)
        reals = dict(zip(layout.names, layout.reals, strict=True))
        if layout.extras or "account" not in reals:
            return None
        empty = tuple([real for name, real in reals.items() if name not in OWN])
        plan = _Plan(reals["account"], reals.get("service_date"), reals.get("invoice"), empty)
        memo.keep(names, plan)
        return plan

    def _keep(
        self, root: Root, rows: list[tuple[str, SourceRecord, QuickLine]], span: Span
    ) -> None:
        """Make the lines, and say which have a quantity of 0."""
        found, terms, name = self._found, self._terms, self._chosen.name
        for billable, record, (_, item, _, _) in rows:
            if not item.is_billable:
                found.exclude(billable, ZERO_QUANTITY, name)
                continue
            line: OpenLine = make_line(item, billable, span, terms)
            line.origin = Origin(root, record)
            found.lines.append(line)
            if not self._is_alone:
                found.taken[billable] = name
