"""Records of the host's own: orders, cases, contracts, time sheets, anything.

A source record wraps whatever the host has, a mapping or an object, without copying it. It knows
its children and the records that its lookup fields point to, so that a formula can read them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from enum import Enum
from typing import Final, NamedTuple, cast

from attrs import field, frozen

from billingcore.errors import InvalidInputError, told
from billingcore.values.boundary import Boundary
from billingcore.values.keys import billable_id
from billingcore.values.sealing import fill
from billingcore.values.words import near

__all__ = ["MISSING", "Missing", "SourceDocument", "SourceRecord", "SourceRef", "is_empty"]


class Missing(Enum):
    """The type of `MISSING`."""

    MISSING = "no such field"


MISSING: Final = Missing.MISSING
"""What a record gives for a field that it does not have; an empty field gives None."""


def is_empty(value: object) -> bool:
    """Tell whether a field holds nothing: it is not there, None, or empty text."""
    return value is None or value is MISSING or (isinstance(value, str) and not value)


class SourceRef(NamedTuple):
    """Where a line comes from.

    Attributes:
        type: the type of the record, like ``Order``.
        id: its id.
        filter: the name of the filter that selected it; empty if none.
        party: the party it is billed to; empty if there is only one.
    """

    type: str
    id: str
    filter: str = ""
    party: str = ""


@frozen(init=False, order=False)
class SourceDocument:
    """A file that belongs to a record: its bytes stay with the host.

    Attributes:
        id: of the file, the same for all of its versions.
        title: what it is called.
        file_type: like ``pdf``; in lower case, without a dot.
        size: in bytes.
        link: whether it is linked to the invoice.
        version: its version; the latest decides.
    """

    id: str
    title: str
    file_type: str
    size: int
    link: bool
    version: int

    def __init__(
        self,
        id: str,
        *,
        title: str = "",
        file_type: str = "",
        size: int = 0,
        link: bool = False,
        version: int = 1,
    ) -> None:
        read = Boundary("SourceDocument", id)
        fill(
            self,
            id=read.id("id", id),
            title=read.text("title", title),
            file_type=read.text("file_type", file_type).lower().removeprefix("."),
            size=read.count("size", size, most=10**15),
            link=read.flag("link", link),
            version=read.count("version", version),
        )


@frozen(init=False, order=False)
class SourceRecord:
    """One record of the host, with its children and parents.

    >>> line = SourceRecord("OrderProduct", "P-1", {"ON_Title": "Chai", "ON_Quantity": 2})
    >>> order = SourceRecord("Order", "O-1", {"Status": "Shipped"}, children={"Items": [line]})
    >>> order["Status"], order.children_of("Items")[0].parent["Status"]
    ('Shipped', 'Shipped')

    Attributes:
        type: what it is in the host's words, like ``Order``.
        id: unique within its type.
        values: the fields: a mapping, or any object with attributes. Attributes that begin with
            ``_`` and methods are no fields.
        children: relation → records.
        parents: lookup field → the record that it points to.
        documents: its files.
        parent: the record whose child it is; None for one that stands alone.
        name: type and id as one text, like ``Order/O-1``.
        mapping: the fields, if they are a mapping.

    Raises:
        InvalidInputError: type or id is no id, or a child is no `SourceRecord`.
    """

    type: str
    id: str
    values: object
    children: Mapping[str, tuple[SourceRecord, ...]]
    parents: Mapping[str, SourceRecord]
    documents: tuple[SourceDocument, ...]
    name: str = field(init=False, eq=False, repr=False)
    parent: SourceRecord | None = field(init=False, eq=False, repr=False)
    mapping: Mapping[str, object] | None = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        type: str,
        id: str,
        values: object,
        *,
        children: Mapping[str, Iterable[SourceRecord]] | None = None,
        parents: Mapping[str, SourceRecord] | None = None,
        documents: Iterable[SourceDocument] = (),
    ) -> None:
        read = Boundary(str(type), id)
        fill(
            self,
            type=read.id("type", type),
            id=read.id("id", id),
            values=values,
            children={} if children is None else self._adopt(read, children),
            parents={} if parents is None else dict(parents),
            documents=tuple(documents),
            name=billable_id(type, id),
            parent=None,
            mapping=cast("Mapping[str, object]", values) if isinstance(values, Mapping) else None,
        )

    def _adopt(
        self, read: Boundary, children: Mapping[str, Iterable[SourceRecord]]
    ) -> dict[str, tuple[SourceRecord, ...]]:
        """Take children as copies that know their parent."""
        adopted: dict[str, tuple[SourceRecord, ...]] = {}
        for relation, records in children.items():
            own: list[SourceRecord] = []
            for record in records:
                child = copy(read.instance("children", record, SourceRecord))
                fill(child, parent=self)
                own.append(child)
            adopted[relation] = tuple(own)
        return adopted

    def get(self, name: str, default: object = MISSING) -> object:
        """Give the value of a field, or *default* if there is no such field.

        >>> SourceRecord("Case", "C-1", {"Hours": 2}).get("hours", None) is None
        True
        """
        try:
            if self.mapping is not None:
                return self.mapping.get(name, default)
            if name.startswith("_") or not name.isidentifier():
                return default
            value: object = getattr(self.values, name, default)
        except Exception as error:  # noqa: BLE001 - the host's code, on the host's data
            raise self._unread(name, error) from None
        return default if callable(value) else value

    def __getitem__(self, name: str) -> object:
        """Give the value of a field.

        Raises:
            InvalidInputError: there is no such field.
        """
        value = self.get(name)
        if value is MISSING:
            fix = near(name, self.field_names()) or "check the spelling of the field"
            raise Boundary(self.type, self.id).refuse(name, ..., "there is no such field", fix)
        return value

    def field_names(self) -> tuple[str, ...]:
        """Give the names of its fields; of an object, those of its methods, too."""
        try:
            if self.mapping is not None:
                return tuple([name for name in self.mapping if type(name) is str])
            return tuple([name for name in dir(self.values) if not name.startswith("_")])
        except Exception as error:  # noqa: BLE001 - the host's code, on the host's data
            raise self._unread("values", error) from None

    def _unread(self, name: str, error: Exception) -> InvalidInputError:
        rule = f"reading the field raised {told(error)}"
        return Boundary(self.type, self.id).refuse(name, ..., rule, "mend the record")

    def children_of(self, relation: str) -> Sequence[SourceRecord]:
        """Give the children of a relation; none if it has none."""
        return self.children.get(relation, ())
