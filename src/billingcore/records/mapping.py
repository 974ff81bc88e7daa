"""Data mappings: JSON of a host's users that says where the fields of a document come from.

A mapping goes before all other sources of a field (behaviour 4.3)::

    {"fields": {"PurchaseOrderNo__c": "$PoNumber__c", "Remark__c": "$HW.SerialNo__c"},
     "items": {"SHIP": {"fields": {"Title__c": "Shipping", "Quantity__c": 1, "UnitPrice__c": 4.90}}}}

It computes nothing: a value is a constant, or a field of the record or of one of its children. A
line of the mapping completes the line of the child with its order number; without such a child it
is a custom line, which has no record behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from attrs import field, frozen

from billingcore.errors import InvalidInputError
from billingcore.records.mapping_json import read_json
from billingcore.records.mapping_reading import Entries, Entry, Reading, Reference
from billingcore.records.source import MISSING, SourceRecord
from billingcore.records.targets import INVOICE, NEEDED, RECURRING
from billingcore.values.boundary import Boundary
from billingcore.values.numbers import MoneyLike
from billingcore.values.sealing import fill
from billingcore.values.words import near

__all__ = ["DataMapping", "Mapped", "MappedLine", "choose_mapping"]

_SIMPLE: Final = (str, int, float, Decimal, date, Enum, type(None), MoneyLike)
"""What the value of a field can be; whoever reads it for a target decides on the rest."""


@frozen(order=False)
class MappedLine:
    """What a mapping gives to one line.

    Attributes:
        fields: library's name of a target → value, for instance ``unit_price``.
        custom: name of a custom field, without ``__c`` → value.
        paths: each of these names → where it stands in the mapping, for errors.
        is_custom_line: whether the line has no record behind it.
    """

    fields: Mapping[str, object]
    custom: Mapping[str, object]
    paths: Mapping[str, str]
    is_custom_line: bool


@frozen(order=False)
class Mapped:
    """What a mapping gives to the document of one record, and to its lines.

    The values of fields come as they are in the record; who reads them for a target checks them.

    Attributes:
        fields: library's name of a target → value, for instance ``account``.
        custom: name of a custom field, without ``__c`` → value.
        paths: each of these names → where it stands in the mapping, for errors.
        items: order number → what its line gets, in the order of the mapping.
        external_ids: target, like ``account`` → the field of the other record in which its value
            is to be found; a target that is not here has an id.
    """

    fields: Mapping[str, object]
    custom: Mapping[str, object]
    paths: Mapping[str, str]
    items: Mapping[str, MappedLine]
    external_ids: Mapping[str, str]


@frozen(init=False, order=False)
class DataMapping:
    """Where the fields of documents and lines come from, read from JSON of a host's users.

    >>> mapping = DataMapping('{"fields": {"Remark__c": "$HW.SerialNo__c"}}')
    >>> server = SourceRecord("OrderProduct", "P-1", {"SerialNo__c": "X-500"})
    >>> order = SourceRecord("Order", "O-1", {})
    >>> mapping.evaluate(order, {"HW": server}).custom
    {'Remark': 'X-500'}

    It never changes. Equal texts give equal mappings, so that each text need be read only once.

    Attributes:
        name: what it is called in errors; empty if it has no name.
        notices: what it says that has no effect, and why.

    Raises:
        InvalidInputError: it is no JSON of this shape, or too large; the field of the error is the
            place, like ``items.SHIP.fields.Title__c``.
    """

    name: str
    notices: tuple[str, ...]
    _fields: Entries = field(repr=False)
    _items: tuple[tuple[str, Entries], ...] = field(repr=False)
    _external_ids: tuple[tuple[str, str], ...] = field(repr=False)

    def __init__(
        self, source: object, *, name: str = "", schema: Iterable[str] | None = None
    ) -> None:
        """Read a mapping.

        Args:
            source: the JSON as text or as UTF-8 bytes, or a mapping of the same shape.
            name: what it is called in errors.
            schema: the custom fields that there are; None allows any.
        """
        read = Boundary("DataMapping", name or None)
        reading = Reading(read, schema)
        content = reading.parts(read_json(source, read))
        fill(
            self,
            name=name,
            _fields=reading.entries("fields", content.get("fields", {}), INVOICE),
            _items=reading.items(content.get("items", {})),
            _external_ids=reading.external_ids(content.get("externalIdFields", {})),
            notices=tuple(reading.notices),
        )

    @property
    def entries(self) -> Iterator[Entry]:
        """Everything that it sets, on documents and on lines."""
        yield from self._fields
        for _, entries in self._items:
            yield from entries

    def evaluate(self, record: SourceRecord, children: Mapping[str, SourceRecord]) -> Mapped:
        """Look up what the mapping says for one record.

        Args:
            record: the record that is billed.
            children: order number → child.

        Raises:
            InvalidInputError: a field or a child is not there, a value is not a simple one, or a
                line without a child lacks what it needs.
        """
        look = _Lookup(record, children)
        fields, custom, paths = look.values(self._fields)
        return Mapped(
            fields=fields,
            custom=custom,
            paths=paths,
            items={key: look.line(key, entries) for key, entries in self._items},
            external_ids=dict(self._external_ids),
        )


def choose_mapping(
    inline: object,
    mapping_id: object,
    mapping_name: object,
    library: Mapping[str, DataMapping],
    *,
    read: Callable[[object], DataMapping] = DataMapping,
) -> DataMapping | None:
    """Give the mapping of a record: its own, else the one of an id, else the one of a name.

    No field, no value and blank text count as not given.

    >>> orders = DataMapping({})
    >>> choose_mapping(None, "orders", "", {"orders": orders}) is orders
    True

    Args:
        inline: the mapping itself.
        mapping_id: its id.
        mapping_name: its name.
        library: id or name → mapping.
        read: reads an inline mapping; pass one that remembers what it has read.

    Raises:
        InvalidInputError: the inline mapping is wrong, or there is none of that id or name.
    """
    if not _is_empty(inline):
        return inline if isinstance(inline, DataMapping) else read(inline)
    for which, value in (("mapping_id", mapping_id), ("mapping_name", mapping_name)):
        if not _is_empty(value):
            boundary = Boundary("")
            called = boundary.id(which, value)
            if called not in library:
                fix = near(called, library) or "register the mapping under it"
                raise boundary.refuse(which, called, "there is no such mapping", fix)
            return library[called]
    return None


def _is_empty(value: object) -> bool:
    """Tell whether nothing is given."""
    is_blank = isinstance(value, (str, bytes)) and not value.strip()
    return value is None or value is MISSING or is_blank


class _Lookup:
    """Looks up values in one record and its children."""

    __slots__ = ("_children", "_read", "_record")

    def __init__(self, record: SourceRecord, children: Mapping[str, SourceRecord]) -> None:
        self._record: SourceRecord = record
        self._children: Mapping[str, SourceRecord] = children
        self._read: Boundary = Boundary(record.type, record.id)

    def values(
        self, entries: Entries
    ) -> tuple[dict[str, object], dict[str, object], dict[str, str]]:
        """Give the library's fields, the custom fields, and where each stands."""
        fields: dict[str, object] = {}
        custom: dict[str, object] = {}
        for entry in entries:
            reference = entry.reference
            value = entry.constant if reference is None else self._value(entry.path, reference)
            (custom if entry.is_custom else fields)[entry.target] = value
        return fields, custom, {entry.target: entry.path for entry in entries}

    def line(self, key: str, entries: Entries) -> MappedLine:
        """Give what one line gets."""
        fields, custom, paths = self.values(entries)
        is_custom_line = key not in self._children
        if is_custom_line:
            self._check_custom_line(key, fields, paths)
        return MappedLine(fields, custom, paths, is_custom_line)

    def _check_custom_line(
        self, key: str, fields: Mapping[str, object], paths: Mapping[str, str]
    ) -> None:
        """Refuse a line without a record that lacks something, or is to recur."""
        for name in fields:
            if name in RECURRING:
                fix = "leave it out, a mapping makes no recurring lines"
                raise self._no_child(key, paths[name], fields[name], "", fix)
        missing = [name for name in NEEDED if _is_empty(fields.get(name))]
        if missing:
            rule = ", and a line of its own needs " + ", ".join(NEEDED)
            fix = "give " + ", ".join(missing)
            raise self._no_child(key, f"items.{key}.fields", ..., rule, fix)

    def _no_child(
        self, key: str, path: str, value: object, rule: str, fix: str
    ) -> InvalidInputError:
        other = near(key, self._children)
        no_child = f"no child has the order number {key!r}{rule}"
        return self._read.refuse(path, value, no_child, f"{fix}, or: {other}" if other else fix)

    def _value(self, path: str, reference: Reference) -> object:
        """Give the value of a field."""
        source = self._record
        if reference.key is not None:
            child = self._children.get(reference.key)
            if child is None:
                rule = f"no child has the order number {reference.key!r}"
                raise self._not_found(path, reference, rule, near(reference.key, self._children))
            source = child
        value = source.get(reference.field)
        if value is MISSING:
            rule = f"{source.name} has no field {reference.field!r}"
            raise self._not_found(
                path, reference, rule, near(reference.field, source.field_names())
            )
        if isinstance(value, _SIMPLE):
            return value
        rule = f"{source.name} has {type(value).__name__} there, which is no single value"
        fix = "choose a field with text, a number, a truth value or a day"
        raise self._read.refuse(path, reference.text, rule, fix)

    def _not_found(
        self, path: str, reference: Reference, rule: str, other: str
    ) -> InvalidInputError:
        fix = other or f'write "${reference.text}" if the text itself is meant'
        return self._read.refuse(path, reference.text, rule, fix)
