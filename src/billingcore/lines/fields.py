"""Read the control fields of a record, with errors that name it and the field as it is spelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from billingcore.errors import InvalidInputError, MissingFieldError
from billingcore.records.bookkeeping.document import PLAINLY, DocumentBooking
from billingcore.records.bookkeeping.terms import BookingTerms, Recognition
from billingcore.records.chain_document import CHAIN_KINDS
from billingcore.records.discount import Discount
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.records.mapping import MappedLine
from billingcore.records.source import MISSING, SourceRecord, is_empty
from billingcore.records.terms import FROM_USAGE, LineType
from billingcore.scope.selection import Filter
from billingcore.values.boundary import Boundary
from billingcore.values.cadence import Cadence, Unit
from billingcore.values.instants import ServiceDay, ServiceDays, read_service_day

__all__ = ["NO_PATHS", "FieldReader", "is_item"]

KINDS: Final = (LineType.PRODUCT, LineType.SHIPPING, LineType.HANDLING, LineType.INFORMATION)
"""What a line of a record can be."""

DOCUMENT_KINDS: Final = {
    "Invoice": InvoiceKind.STANDARD,
    "Partial": InvoiceKind.PARTIAL,
    "Progress": InvoiceKind.PROGRESS,
    "Final": InvoiceKind.FINAL,
    "Deposit": InvoiceKind.DEPOSIT,
    "Proforma": InvoiceKind.PRO_FORMA,
}
"""The words for what the document of a record is."""

BY_WORD: Final = {word.lower(): kind for word, kind in DOCUMENT_KINDS.items()}

NO_PATHS: Final[Mapping[str, str]] = {}

UNITS: Final = {unit.name.replace("_", "").lower(): unit for unit in Unit}
"""Words for units, without case and blanks: Month, Half Year, ..."""

ITEM_FIELDS: Final = {
    "billing_practice": "billing_practice",
    "billing_type": "billing_type",
    "description": "description",
    "price_currency": "currency",
    "invoice_criterion": "criterion",
    "next_service_period_start": "next_service_period_start",
    "price_type": "price_type",
    "product": "product",
    "sequence": "sequence",
    "sync_with": "sync_with",
    "tax_code": "tax_code",
    "title": "title",
    "unit_code": "unit_code",
}
"""Control field → field of `Item`, for those that need no reading of their own."""

BOOKING_FIELDS: Final = {
    "center": "center",
    "cost_object": "cost_object",
    "custom_rule": "custom_rule",
    "gl_account": "account",
    "product_group": "product_group",
    "region": "region",
}
"""Control field → field of `BookingTerms`, for those that are text."""

DOCUMENT_BOOKING: Final = ("booking_date", "debtor", "payment_method")
"""Control fields that say how a document is booked."""

FLAGS: Final[Mapping[object, bool]] = {1: True, 0: False, "true": True, "false": False}
"""How the systems of hosts write a truth value; True and False are 1 and 0."""

FROM_ITEM: Final = {name: control for control, name in ITEM_FIELDS.items()} | {
    "price_includes_tax": "price_includes_tax",
    "quantity": "quantity",
    "unit_price": "unit_price",
    "start": "start",
    "end": "end",
    "discount": "discount",
    "cadence": "billing_period",
}


class FieldReader:
    """Reads the values of one record; errors name it and the field as it is spelled there."""

    __slots__ = ("_chosen", "_paths", "_record", "values")

    def __init__(
        self,
        record: SourceRecord,
        chosen: Filter,
        values: Mapping[str, object],
        paths: Mapping[str, str] = NO_PATHS,
    ) -> None:
        self._record = record
        self._chosen = chosen
        self._paths = paths
        self.values: Mapping[str, object] = values

    def _field(self, name: str) -> str:
        """Name a field as the host does: its place in the data mapping, or on the record."""
        return self._paths.get(name) or self._chosen.fields.name_of(name, self._record)

    def _read(self, name: str, reader: Callable[[Boundary, str, object], Any], default: Any) -> Any:
        value = self.values.get(name)
        if is_empty(value):
            return default
        boundary = Boundary(self._record.type, self._record.id)
        return reader(boundary, self._field(name), value)

    def text(self, name: str) -> str:
        """Read text, empty if there is none."""
        found: str = self._read(name, Boundary.text, "")
        return found

    def optional(self, name: str) -> str | None:
        """Read an id, None if there is none."""
        found: str | None = self._read(name, Boundary.id, None)
        return found

    def currency(self, name: str) -> str | None:
        """Read a currency, None if there is none."""
        found: str | None = self._read(name, Boundary.currency, None)
        return found

    def flag(self, name: str, *, default: bool) -> bool:
        """Read a truth value."""
        found: bool = self._read(name, _flag, default)
        return found

    def count(self, name: str) -> int | None:
        """Read a whole number, None if there is none."""
        found: int | None = self._read(name, _count, None)
        return found

    def day(self, name: str) -> ServiceDay | None:
        """Read a day, or an instant by the rule of the fields."""
        days = self._chosen.fields.days
        found: ServiceDay | None = self._read(name, _day_reader(days), None)
        return found

    def document_booking(self) -> DocumentBooking:
        """Read how the document is booked."""
        if all(is_empty(self.values.get(name)) for name in DOCUMENT_BOOKING):
            return PLAINLY
        date = self.day("booking_date")
        return DocumentBooking(
            debtor=self.text("debtor"),
            payment_method=self.text("payment_method"),
            date=None if date is None else date.day,
        )

    def kind(self) -> InvoiceKind:
        """Read what the document of a record is."""
        found: InvoiceKind = self._read("type", _kind, InvoiceKind.STANDARD)
        return found

    def sub_invoice_key(self, kind: InvoiceKind) -> str:
        """Read the sub invoice key of a document of a kind; empty if none counts for it.

        Raises:
            MissingFieldError: a final has none.
        """
        key = self.optional("sub_invoice_key") if kind in CHAIN_KINDS else None
        if key is None and kind is InvoiceKind.FINAL:
            rule = "a final invoice names what it deducts by a sub invoice key"
            fix = "give it the key of its part invoices"
            name, where = self._field("sub_invoice_key"), f"{self._record.type} {self._record.id!r}"
            raise MissingFieldError(rule, record=where, field=name, fix=fix)
        return key or ""

    def line_type(self) -> LineType:
        """Read what a line is on the document.

        A formula is asked of a record and of its lines, so that of a line it may give the kind of
        the document, which says nothing of the line.
        """
        value = self.values.get("type")
        if "type" in self._chosen.fields.formulas and _kind_named(value) is not None:
            return LineType.PRODUCT
        found: LineType = self._read("type", _line_type, LineType.PRODUCT)
        return found

    def item(self, id: str, custom: dict[str, object], line: MappedLine | None) -> Item:
        """Make the item of a line."""
        given = self._item_fields()
        if line is not None:
            custom |= line.custom
        try:
            return _billable_alone(Item(id, custom=custom, **given))
        except InvalidInputError as error:
            error.record = f"{self._record.type} {self._record.id!r}"
            control = FROM_ITEM.get(error.field)
            error.field = error.field if control is None else self._field(control)
            raise

    def _item_fields(self) -> dict[str, Any]:
        """Give the fields of the item, as `Item` takes them."""
        values = self.values
        given: dict[str, Any] = {
            own: values[name] for name, own in ITEM_FIELDS.items() if not is_empty(values.get(name))
        }
        for name in ("quantity", "unit_price"):
            given[name] = self._needed(name)
        for name in ("start", "end"):
            found = self.day(name)
            given[name] = None if found is None else found.day
        given["discount"] = self._read("discount", _percent, None)
        if not is_empty(values.get("price_includes_tax")):
            given["price_includes_tax"] = self.flag("price_includes_tax", default=False)
        if not all(is_empty(values.get(name)) for name in ("billing_unit", "billing_period")):
            given["cadence"] = self._cadence()
        if not all(is_empty(values.get(name)) for name in (*BOOKING_FIELDS, "recognition")):
            given["booking"] = self._booking()
        return given

    def _booking(self) -> BookingTerms:
        """Read how a line is booked."""
        return BookingTerms(
            **{own: self.text(name) for name, own in BOOKING_FIELDS.items()},
            recognition=self._read("recognition", _recognition, None),
        )

    def _needed(self, name: str) -> object:
        value = self.values.get(name, MISSING)
        if is_empty(value):
            what = "missing" if value is MISSING else "empty"
            fix = "0 excludes the record" if name == "quantity" else "fill it; 0 is a price"
            read = Boundary(self._record.type, self._record.id)
            raise read.refuse(self._field(name), ..., f"a control field is {what}", fix)
        return value

    def _cadence(self) -> Cadence:
        """Read billing period and unit."""
        boundary = Boundary(self._record.type, self._record.id)
        unit = UNITS.get(self.text("billing_unit").replace(" ", "").lower())
        if unit is None:
            fix = "use one of " + ", ".join(each.name.replace("_", " ").title() for each in Unit)
            value = self.values.get("billing_unit", ...)
            raise boundary.refuse(self._field("billing_unit"), value, "not a unit", fix)
        count = self._read("billing_period", _period, 1)
        return Cadence(count, unit)


def is_item(record: SourceRecord, chosen: Filter) -> bool:
    """Tell whether a record with lines says that it is one itself.

    Raises:
        InvalidInputError: what it says is no truth value, or cannot be read.
    """
    values = {"is_item": chosen.fields.read(record, "is_item")}
    return FieldReader(record, chosen, values).flag("is_item", default=False)


def _flag(read: Boundary, field: str, value: object) -> bool:
    """Read a truth value: True and False, 1 and 0, or these words in any case."""
    key = value.casefold() if type(value) is str else value
    if type(key) not in (bool, int, str) or key not in FLAGS:
        fix = "use True or False, 1 or 0, or the words true or false"
        raise read.refuse(field, value, "not a truth value", fix)
    return FLAGS[key]


def _count(read: Boundary, field: str, value: object) -> int:
    return read.count(field, _whole(read, field, value))


def _period(read: Boundary, field: str, value: object) -> int:
    return read.count(field, _whole(read, field, value), least=1, most=1200)


def _whole(read: Boundary, field: str, value: object) -> object:
    """Read a whole number that may come as text or as an exact decimal."""
    if isinstance(value, int):
        return value
    number = read.number(field, value)
    return int(number) if number == number.to_integral_value() else value


def _percent(read: Boundary, field: str, value: object) -> Discount | None:
    if isinstance(value, Discount):
        return value
    number = read.number(field, value)
    return read.read(field, number, lambda _: Discount.percent(number)) if number else None


def _recognition(read: Boundary, field: str, value: object) -> Recognition:
    return read.member(field, value, Recognition)


def _line_type(read: Boundary, field: str, value: object) -> LineType:
    kind = read.member(field, value, LineType)
    if kind not in KINDS:
        fix = "use one of " + ", ".join(each.value for each in KINDS)
        raise read.refuse(field, kind.value, "no type of a record's line", fix)
    return kind


def _kind_named(value: object) -> InvoiceKind | None:
    """Give the kind of document that a word means, without case and blanks."""
    word = value.value if isinstance(value, InvoiceKind) else value
    if not isinstance(word, str):
        return None
    return BY_WORD.get(str.casefold(word).replace(" ", "").replace("-", ""))


def _kind(read: Boundary, field: str, value: object) -> InvoiceKind:
    kind = _kind_named(value)
    if kind is None:
        given = value.value if isinstance(value, InvoiceKind) else value
        fix = "use one of " + ", ".join(DOCUMENT_KINDS) + ", or leave it empty"
        raise read.refuse(field, given, "no document of this kind is made of records", fix)
    return kind


def _day_reader(days: ServiceDays | None) -> Callable[[Boundary, str, object], ServiceDay]:
    def read_day(read: Boundary, field: str, value: object) -> ServiceDay:
        return read.read(field, value, lambda given: read_service_day(given, days))

    return read_day


def _billable_alone(item: Item) -> Item:
    """Refuse an item that only a subscription can have."""
    if item.billing_type not in FROM_USAGE:
        return item
    rule, fix = "only items of subscriptions are priced by usage", "leave it empty"
    value = item.billing_type.value
    raise InvalidInputError(rule, field="billing_type", value=value, fix=fix)
