"""Bill records of which nothing is unusual, quickly: most of a run is of this kind.

Usual is a record with children of which no document of ours bills anything. It names its account,
and perhaps its service date and invoice, and says nothing else of its document; its lines are
products that are billed once. Whatever is not usual, or wrong, is left to the careful way, which
makes the same lines and gives the same reasons.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final, cast

from billingcore.lines.harvest import Harvest
from billingcore.lines.making import Terms, make_line
from billingcore.lines.once import Once, invoiced, on_day
from billingcore.lines.origin import Origin, Root
from billingcore.lines.quick import QuickLine, QuickReader
from billingcore.records.bookkeeping.document import PLAINLY
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.source import SourceRecord, is_empty
from billingcore.scope.selection import Filter
from billingcore.values.sealing import blank, new_tuple

__all__ = ["Express"]

STANDARD: Final = InvoiceKind.STANDARD  # looked up slowly in its class
ZERO_QUANTITY: Final = LeftOut(Reason.ZERO_QUANTITY)

Rows = dict[str, tuple[SourceRecord, QuickLine]]
"""The name under which a line is billed → its record, and what was read of it."""

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
        self._account = found.account
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

    def _rows(self, record: SourceRecord) -> Rows | None:
        """Read the lines of a record; None if one is not usual."""
        read, ending = self._reader.read, self._ending
        rows: Rows = {}
        numbers: list[str] = []
        children = record.children.get(self._chosen.child_relation, ())
        for child in children:
            line = read(child)
            if line is None or not line[2].is_simple:
                return None
            if line[0]:
                numbers.append(line[0])
            rows[child.name + ending] = child, line
        if len(rows) < len(children) or len(set(numbers)) < len(numbers):
            return None
        return rows if self._is_alone or self._found.taken.keys().isdisjoint(rows) else None

    def _head(self, record: SourceRecord) -> _Head | None:
        """Read a usual record of the account; None if it is not one."""
        mapping = record.mapping
        if mapping is None:
            return None
        try:
            head = self._reader.head(record, mapping)
            if head is None:
                return None
            account, service_date, own, empty = head
            if mapping[account] != self._account:
                return None
            if empty and any(mapping[real] is not None for real in empty):
                return None
            invoice = None if own is None else mapping[own]
            day = None if service_date is None else mapping[service_date]
        except Exception:  # noqa: BLE001 - the host's code; it is asked again, with care
            return None
        if day is not None and type(day) is not date:
            return None
        return on_day(self._found, day), invoice

    def _keep(self, record: SourceRecord, head: _Head, rows: Rows) -> None:
        """Make the lines, and say which are not billed."""
        found, terms, name = self._found, self._terms, self._chosen.name
        (span, dated), invoice = head
        if dated is not None:
            for billable in rows:
                found.exclude(billable, dated, name)
            return
        root, add = _plain_root(record, self._chosen), found.lines.append
        for billable, (child, (_, item, _, own)) in rows.items():
            if own is not None or invoice is not None or not item.is_billable:
                why = _hindrance(item, own, invoice)
                if why is not None:
                    found.exclude(billable, why, name)
                    continue
            line = make_line(item, billable, span, terms)
            line.origin = new_tuple(Origin, (root, child, ()))
            add(line)
            if not self._is_alone:
                found.taken[billable] = name


class _OpenRoot(Root):
    """A root that is still being made: its fields are plain stores."""

    __slots__ = ()
    __setattr__ = object.__setattr__


_new_root: Final = blank(_OpenRoot)


def _plain_root(record: SourceRecord, chosen: Filter) -> Root:
    """Give a record that says nothing of its document: as `Root` with its defaults, at once."""
    root: Any = _new_root()
    root.record, root.chosen = record, chosen
    root.reference = root.key = ""
    root.custom = root.mapped = ()
    root.is_single = False
    root.booked, root.kind = PLAINLY, STANDARD
    root.__class__ = Root  # sealed
    return cast("Root", root)


def _hindrance(item: Item, own: object, invoice: object) -> LeftOut | None:
    """Say why a line is not billed: there is nothing to sell, or it or its record was invoiced."""
    if not item.is_billable:
        return ZERO_QUANTITY
    if is_empty(own):
        return None if is_empty(invoice) else invoiced(invoice)
    return invoiced(own)
