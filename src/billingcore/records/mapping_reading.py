"""Reads the parts of a data mapping: its targets, and where their values come from.

``$F`` is a field of the record, ``$KEY.F`` one of its child with the order number KEY; any other
value is a constant, and ``$$`` at its beginning stands for a dollar. An order number may have dots
and a field has none, so the last dot divides them. What begins with an underscore is no field, so
that nothing but data can be reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import frozen

from billingcore.records.field_set import bare
from billingcore.records.mapping_json import Json
from billingcore.records.targets import INVOICE, LINE, LOOKUPS, Targets
from billingcore.values.boundary import Boundary
from billingcore.values.words import near

__all__ = ["Entries", "Entry", "Reading", "Reference"]

PARTS: Final = ("externalIdFields", "fields", "items")


@frozen
class Reference:
    """A field of the record (no key), or of the child with an order number."""

    text: str
    key: str | None
    field: str


@frozen
class Entry:
    """One target of a mapping, and its constant or the field that its value comes from."""

    path: str
    target: str
    is_custom: bool
    reference: Reference | None
    constant: object


Entries = tuple[Entry, ...]


class Reading:
    """Reads one mapping, and notes what has no effect."""

    __slots__ = ("_read", "_schema", "notices")

    def __init__(self, read: Boundary, schema: Iterable[str] | None) -> None:
        self.notices: list[str] = []
        self._read: Boundary = read
        self._schema: frozenset[str] | None = (
            None if schema is None else frozenset(map(bare, schema))
        )

    def parts(
        self,
        content: Json,
        *,
        path: str = "",
        known: tuple[str, ...] = PARTS,
        ignored: str = "fieldsToUpdate",
    ) -> dict[str, Json]:
        """Give the parts of a mapping or of one of its lines, without the one that is ignored."""
        found: dict[str, Json] = {}
        for name, part in self._object(path, content).items():
            where = f"{path}.{name}" if path else name
            if name == ignored:
                self.notices.append(f"{where} is ignored: only the subscription builder uses it")
            elif name not in known:
                fix = near(name, known) or "use " + ", ".join(known)
                raise self._read.refuse(where, ..., "no part of a data mapping", fix)
            else:
                found[name] = part
        return found

    def items(self, content: Json) -> tuple[tuple[str, Entries], ...]:
        """Read the lines."""
        found: list[tuple[str, Entries]] = []
        for key, line in self._object("items", content).items():
            path = f"items.{key}"
            parts = self.parts(line, path=path, known=("fields",), ignored="tiers")
            found.append((key, self.entries(f"{path}.fields", parts.get("fields", {}), LINE)))
        return tuple(found)

    def external_ids(self, content: Json) -> tuple[tuple[str, str], ...]:
        """Read by which field of the other record a target is found."""
        found: dict[str, str] = {}
        for spelled, value in self._object("externalIdFields", content).items():
            path = f"externalIdFields.{spelled}"
            target = INVOICE.name_of(spelled)
            if target is None or target not in LOOKUPS:
                fix = "use one of " + ", ".join(sorted(LOOKUPS))
                raise self._read.refuse(path, ..., "it names no other record", fix)
            self._check_once(path, spelled, target, found)
            found[target] = self._field_name(path, self._read.id(path, value))
        return tuple(found.items())

    def entries(self, path: str, content: Json, targets: Targets) -> Entries:
        """Read the targets of a document or of a line."""
        found: dict[str, Entry] = {}
        for spelled, value in self._object(path, content).items():
            where = f"{path}.{spelled}"
            known = targets.name_of(spelled)
            name = known or self._custom_name(where, spelled, targets)
            self._check_once(where, spelled, name, found)
            found[name] = self._entry(where, name, value, targets if known else None)
        return tuple(found.values())

    def _entry(self, path: str, name: str, value: Json, targets: Targets | None) -> Entry:
        """Read one target; the constants of the library's are read as it needs them."""
        if isinstance(value, (dict, list)):
            fix = 'use a constant, or a field like "$Name"'
            raise self._read.refuse(path, ..., "neither a constant nor a field", fix)
        constant: object = value
        if isinstance(value, str) and value.startswith("$"):
            if not value.startswith("$$"):
                return Entry(path, name, targets is None, self._reference(path, value), None)
            constant = value[1:]
        if targets is not None:
            constant = self._read.read(path, constant, lambda given: targets.read(name, given))
        return Entry(path, name, targets is None, None, constant)

    def _reference(self, path: str, text: str) -> Reference:
        """Read ``$F`` or ``$KEY.F``."""
        key, dot, name = text[1:].rpartition(".")
        if not name or (dot and not key):
            fix = 'write "$Field", or "$KEY.Field", or "$$" for a dollar'
            raise self._read.refuse(path, text, "it names no field", fix)
        order_no = self._read.id(path, key) if dot else None
        return Reference(text, order_no, self._field_name(path, self._read.id(path, name)))

    def _custom_name(self, path: str, spelled: str, targets: Targets) -> str:
        """Read the name of a custom field."""
        name = self._field_name(path, bare(spelled))
        if self._schema is not None and name not in self._schema:
            fix = near(name, (*self._schema, *targets.names)) or "register the field"
            raise self._read.refuse(path, ..., "there is no such target", fix)
        return name

    def _field_name(self, path: str, name: str) -> str:
        if not name or name.startswith("_"):
            fix = "use a field whose name begins with a letter"
            raise self._read.refuse(path, name, "no field begins with an underscore", fix)
        return name

    def _check_once(self, path: str, spelled: str, name: str, found: Iterable[str]) -> None:
        if name in found:
            rule = f"{name} is set twice, in two spellings"
            raise self._read.refuse(path, spelled, rule, "keep one of them")

    def _object(self, path: str, content: Json) -> dict[str, Json]:
        if isinstance(content, dict):
            return content
        raise self._read.refuse(path, content, "not a JSON object", "write {} for nothing")
