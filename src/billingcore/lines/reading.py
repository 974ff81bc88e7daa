"""From a record of the host to items: what each of its fields says, for one party.

A record that names a data mapping is read through it: what the mapping says goes before the
record's own fields (behaviour 4.3). An error names the record and the field as the host spells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Final, NamedTuple

from billingcore.errors import InvalidInputError
from billingcore.lines.fields import NO_PATHS, FieldReader, is_item
from billingcore.lines.origin import Root, name_of
from billingcore.lines.quick import COMMON, QuickReader
from billingcore.records.control_fields import INHERITED
from billingcore.records.custom import Custom
from billingcore.records.field_set import Extras
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.records.mapping import Mapped, MappedLine
from billingcore.records.setup import Setup
from billingcore.records.source import SourceRecord, is_empty
from billingcore.records.terms import LineType
from billingcore.scope.routing import RootValues, root_values
from billingcore.scope.selection import Filter
from billingcore.values.boundary import Boundary
from billingcore.values.instants import ServiceDay
from billingcore.values.keys import billable_id
from billingcore.values.memo import Memo

__all__ = ["Entry", "Failure", "Position", "kind_of", "names_of", "read_entry", "reader_of"]


ROOT_FIELDS: Final = (
    "currency",
    "entity",
    "is_item",
    "payment_days",
    "single_invoice",
    "template",
    "type",
)
"""Fields of a record that many have in common."""


class Position(NamedTuple):
    """One line to be: a record, or a line that a data mapping adds.

    Attributes:
        name: the name under which it is billed.
        record: what it bills; None for a line that a data mapping adds.
        item: what is sold and at what price.
        line_type: what it is on the document.
        invoice: the invoice that the record arrived with, if it did.
        facts: what was decided on the way.
    """

    name: str
    record: SourceRecord | None
    item: Item
    line_type: LineType
    invoice: object
    facts: tuple[tuple[str, str], ...] = ()


class Failure(NamedTuple):
    """A record that cannot be read.

    Attributes:
        name: the name under which it would be billed.
        record: the record.
        error: what is wrong.
        criterion: the invoice criterion that it would have, as far as known.
    """

    name: str
    record: SourceRecord
    error: InvalidInputError
    criterion: str


class Entry(NamedTuple):
    """A record with its lines, as one filter reads it.

    Attributes:
        root: what it says of its document.
        invoice: the invoice that the record arrived with, if it did.
        positions: its lines to be, in their order.
        failures: those that cannot be read.
        service_date: the day of service; None if it names none.
        currency: of its document; None is the account's.
        template: name of a template; None is the account's.
        entity: name of the seller; None is the account's.
        payment_days: days until payment is due; None is the account's.
    """

    root: Root
    invoice: object
    positions: Sequence[Position]
    failures: Sequence[Failure]
    service_date: ServiceDay | None
    currency: str | None
    template: str | None
    entity: str | None
    payment_days: int | None


class _RootTerms(NamedTuple):
    """What a record says of its document besides its own texts and days."""

    is_item: bool
    is_single: bool
    kind: InvoiceKind
    currency: str | None
    template: str | None
    entity: str | None
    payment_days: int | None


def names_of(record: SourceRecord, chosen: Filter) -> list[str]:
    """Give the names under which a record's lines are billed, as far as its own fields say."""
    children = record.children_of(chosen.child_relation) if chosen.child_relation else ()
    names = [name_of(child, chosen) for child in children]
    with suppress(InvalidInputError):
        if not names or is_item(record, chosen):
            names.insert(0, name_of(record, chosen))
    return [*dict.fromkeys(names)]


def kind_of(record: SourceRecord, chosen: Filter, setup: Setup) -> InvoiceKind:
    """Give what the document of a record is.

    Raises:
        InvalidInputError: the record cannot be read, or names no such kind.
    """
    found = root_values(record, chosen, setup)
    paths = NO_PATHS if found.mapped is None else found.mapped.paths
    return FieldReader(record, chosen, found.values, paths).kind()


def read_entry(
    record: SourceRecord, chosen: Filter, found: RootValues, memo: Memo[Any, Any]
) -> Entry:
    """Read the lines of a record.

    Args:
        record: the record.
        chosen: the filter under which it entered.
        found: what is read of it already.
        memo: remembers what is equal for many records of one run.

    Raises:
        InvalidInputError: the record itself cannot be read; a line that cannot is a failure.
    """
    values, mapped = found.values, found.mapped
    children = record.children_of(chosen.child_relation) if chosen.child_relation else ()
    inherited = {name: values[name] for name in INHERITED if not is_empty(values.get(name))}
    reader = reader_of(chosen, memo) if mapped is None and not inherited else None
    rows = [_Row(child, chosen, reader) for child in children]
    read = FieldReader(record, chosen, values, NO_PATHS if mapped is None else mapped.paths)
    terms = _root_terms(read, chosen, memo)
    root = Root(
        record,
        chosen,
        read.text("reference") if "reference" in values else "",
        _sorted(found.extras) if found.extras else (),
        () if mapped is None else _sorted(mapped.custom.items()),
        terms.is_single,
        read.document_booking(),
        terms.kind,
        read.sub_invoice_key(terms.kind),
    )
    lines = _Lines(chosen, mapped, reader, inherited)
    own = {**chosen.fields.read_line(record)[0], **values} if terms.is_item else {}
    if rows:
        _check_lines(record, chosen, rows, own)
    if terms.is_item:
        lines.own(record, own, found.extras, is_alone=not children)
    for row in rows:
        lines.child(row)
    lines.further(record)
    given = values.get("service_date")
    day = ServiceDay(given, "") if type(given) is date else read.day("service_date")
    return Entry(root, values.get("invoice"), lines.positions, lines.failures, day, *terms[3:])


def reader_of(chosen: Filter, memo: Memo[Any, Any]) -> QuickReader:
    """Give what remembers the lines of a filter; one for each run."""
    known: QuickReader | None = memo.get(("reader", chosen.name))
    return known or memo.keep(("reader", chosen.name), QuickReader(chosen))


def _root_terms(read: FieldReader, chosen: Filter, memo: Memo[Any, Any]) -> _RootTerms:
    """Read what most records of a run have in common."""
    values = read.values
    given = [name for name in ROOT_FIELDS if name in values]
    if all(type(values[name]) in COMMON for name in given):
        key = ("root", chosen.name, *given, *[values[name] for name in given])
        known: _RootTerms | None = memo.get(key)
        return known or memo.keep(key, _read_root_terms(read, chosen))
    return _read_root_terms(read, chosen)


def _read_root_terms(read: FieldReader, chosen: Filter) -> _RootTerms:
    return _RootTerms(
        read.flag("is_item", default=not chosen.child_relation),
        read.flag("single_invoice", default=False),
        read.kind(),
        read.currency("currency"),
        read.optional("template"),
        read.optional("entity"),
        read.count("payment_days"),
    )


class _Row:
    """A child with its values, or with the error that reading them gave."""

    __slots__ = ("error", "extras", "order_no", "quick", "record", "values")

    def __init__(self, record: SourceRecord, chosen: Filter, reader: QuickReader | None) -> None:
        self.record = record
        self.values: dict[str, object] = {}
        self.extras: Extras = []
        self.error: InvalidInputError | None = None
        self.quick = None if reader is None else reader.read(record)
        if self.quick is not None:
            self.order_no = self.quick[0]
            return
        self.order_no = ""
        try:
            self.values, self.extras = chosen.fields.read_line(record)
            self.order_no = FieldReader(record, chosen, self.values).text("order_no")
        except InvalidInputError as error:
            self.error = error


def _check_lines(
    record: SourceRecord, chosen: Filter, rows: Sequence[_Row], own: Mapping[str, object]
) -> None:
    """Refuse two lines of a record with one order number, and one line given twice."""
    found: dict[object, SourceRecord] = {}
    if not is_empty(own.get("order_no")):
        found[own.get("order_no")] = record
    if len({row.record.name for row in rows}) < len(rows):
        names = [row.record.name for row in rows]
        twice = next(name for name in names if names.count(name) > 1)
        rule, fix = f"{twice} is given twice", "give each line once"
        raise Boundary(record.type, record.id).refuse(chosen.child_relation, ..., rule, fix)
    for row in rows:
        if row.order_no in found:
            both = f"{found[row.order_no].name} and {row.record.name}"
            name = chosen.fields.name_of("order_no", row.record)
            read = Boundary(record.type, record.id)
            rule = f"two lines have this order number, {both}"
            raise read.refuse(name, row.order_no, rule, "give each its own")
        if row.order_no:
            found[row.order_no] = row.record


class _Lines:
    """Collects the lines of one record."""

    def __init__(
        self,
        chosen: Filter,
        mapped: Mapped | None,
        reader: QuickReader | None,
        inherited: Mapping[str, object],
    ) -> None:
        self.positions: list[Position] = []
        self.failures: list[Failure] = []
        self._chosen = chosen
        self._reader = reader
        self._inherited = inherited
        self._open: dict[str, MappedLine] = {} if mapped is None else dict(mapped.items)

    def own(
        self,
        record: SourceRecord,
        values: Mapping[str, object],
        extras: Extras,
        *,
        is_alone: bool,
    ) -> None:
        """Add the record as a line; alone it needs no quantity."""
        own = {name: value for name, value in values.items() if name != "type"}
        if is_alone:
            own.setdefault("quantity", 1)
        try:
            order_no = FieldReader(record, self._chosen, own).text("order_no")
            self._add(record, own, extras, order_no)
        except InvalidInputError as error:
            self._fail(record, error, own)

    def child(self, row: _Row) -> None:
        """Add a child as a line."""
        if row.quick is not None:
            _, item, known, invoice = row.quick
            name = name_of(row.record, self._chosen)
            self.positions.append(Position(name, row.record, item, known.kind, invoice))
            return
        if row.error is not None:
            self._fail(row.record, row.error, row.values)
            return
        try:
            self._add(row.record, row.values, row.extras, row.order_no)
        except InvalidInputError as error:
            self._fail(row.record, error, row.values)

    def _add(
        self, record: SourceRecord, values: Mapping[str, object], extras: Extras, order_no: str
    ) -> None:
        chosen = self._chosen
        line = self._open.pop(order_no, None) if order_no and self._open else None
        if self._inherited:
            own = {name: value for name, value in values.items() if not is_empty(value)}
            values = {**values, **self._inherited, **own}
        if line is not None:
            values = {**values, **line.fields}
        item, kind = self._item(record, values, extras, order_no or record.id, line)
        name = name_of(record, chosen)
        self.positions.append(Position(name, record, item, kind, values.get("invoice")))

    def _item(
        self,
        record: SourceRecord,
        values: Mapping[str, object],
        extras: Extras,
        id: str,
        line: MappedLine | None,
    ) -> tuple[Item, LineType]:
        """Make the item of a record."""
        read = FieldReader(record, self._chosen, values, NO_PATHS if line is None else line.paths)
        item, kind = read.item(id, dict(extras), line), read.line_type()
        if self._reader is not None:
            self._reader.learn(record, item, kind)
        return item, kind

    def _fail(
        self, record: SourceRecord, error: InvalidInputError, values: Mapping[str, object]
    ) -> None:
        name, criterion = name_of(record, self._chosen), ""
        with suppress(InvalidInputError):  # a criterion that is wrong itself is none
            criterion = FieldReader(record, self._chosen, values).text("invoice_criterion")
        error.at(f"{record.type} {record.id!r}", "")
        self.failures.append(Failure(name, record, error, criterion))

    def further(self, record: SourceRecord) -> None:
        """Add the lines that the data mapping makes without a record of their own."""
        chosen = self._chosen
        inherited = {**self._inherited}
        inherited.pop("invoice_criterion", None)
        for key, line in self._open.items():
            read = FieldReader(record, chosen, {**inherited, **line.fields}, line.paths)
            item = read.item(key, {}, line)
            name = billable_id(record.type, record.id, key, party=chosen.party)
            self.positions.append(Position(name, None, item, read.line_type(), None))


def _sorted(fields: Iterable[tuple[str, object]]) -> Custom:
    return tuple(sorted(fields, key=lambda pair: pair[0]))
