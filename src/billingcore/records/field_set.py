"""Which fields of a foreign record say what: names with a prefix, and a suffix per party.

The engine speaks of `unit_price`; a record of the host carries ``ON_UnitPrice``, or for the party
``Cust`` ``ON_UnitPriceCust``. With a suffix every field is looked up with it and never without, so
that no party sees the quantities of another (behaviour 3.2); only the measures of usage fall back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from attrs import field, frozen

from billingcore.errors import BillingError, InvalidInputError, told
from billingcore.records.control_fields import CONTROL, DOCUMENT, LINE, MEASURES, product_name
from billingcore.records.source import MISSING, SourceRecord
from billingcore.values.boundary import Boundary
from billingcore.values.instants import ServiceDays
from billingcore.values.memo import Memo
from billingcore.values.sealing import fill

__all__ = [
    "LONGEST_SUFFIX",
    "FieldSet",
    "Formula",
    "Layout",
    "bare",
]

Formula = Callable[[SourceRecord], object]
"""Computes a field from a record, its parent and its children; use an importable function where
runs travel to other processes."""

LONGEST_SUFFIX: Final = 5

_SPELLING: Final = "__c"
"""What some systems append to the names of custom fields; both spellings are read."""

_ALL: Final = frozenset(CONTROL)


def bare(name: str) -> str:
    """Write a name without the ending that some systems give to custom fields."""
    return name.removesuffix(_SPELLING)


_WORDS: Final = frozenset(
    {"Center", "Currency", "Date", "Description", "Discount", "Entity", "Price", "Product"}
) | {"Reference", "Region", "Sequence", "Template", "Title", "Type", "Unit"}
"""Names that are words of their own: ``PriceList`` is no price of a party ``List``."""

_PRODUCT_NAMES: Final = frozenset(name for names in CONTROL.values() for name in names)
_PARTY_FIELDS: Final = _PRODUCT_NAMES - _WORDS


Extras = list[tuple[str, object]]
"""Fields that travel along: name and value."""


class Layout(NamedTuple):
    """The fields that records of one make have.

    Attributes:
        names: the library's names of control fields.
        reals: their real names, in the same order.
        extras: names of fields that travel along, each with the real one.
    """

    names: tuple[str, ...]
    reals: tuple[str, ...]
    extras: tuple[tuple[str, str], ...]


@frozen(init=False, order=False)
class FieldSet:
    """How the fields of a record are called, for one party.

    >>> FieldSet(suffix="Cust").name_of("quantity")
    'ON_QuantityCust'

    Attributes:
        suffix: names the party, at most 5 characters; empty if there is only one.
        prefix: what the names begin with.
        formulas: the library's name of a field, or any real name with the prefix → a function of
            the record; it goes before a field of the record.
        days: how instants become days; None refuses instants.

    Raises:
        InvalidInputError: the suffix is too long, or a formula is for no known field.
    """

    suffix: str
    prefix: str
    formulas: Mapping[str, Formula]
    days: ServiceDays | None
    _names: Mapping[str, tuple[str, ...]] = field(init=False, eq=False, repr=False)
    _fields: Mapping[str, str] = field(init=False, eq=False, repr=False)
    _layouts: Memo[tuple[str, ...], Layout] = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        *,
        suffix: str = "",
        prefix: str = "ON_",
        formulas: Mapping[str, Formula] | None = None,
        days: ServiceDays | None = None,
    ) -> None:
        read = Boundary("FieldSet", suffix or None)
        fill(
            self,
            suffix=read.text("suffix", suffix),
            prefix=read.text("prefix", prefix),
            days=read.optional("days", days, ServiceDays),
        )
        if len(suffix) > LONGEST_SUFFIX or (suffix and not suffix.isalnum()):
            fix = f"use at most {LONGEST_SUFFIX} letters and digits"
            raise read.refuse("suffix", suffix, "not a suffix", fix)
        for product in sorted(_PRODUCT_NAMES) if suffix else ():
            if f"{product}{suffix}" in _PRODUCT_NAMES:
                fix = f"call the party otherwise: {product}{suffix} is a field of its own"
                raise read.refuse("suffix", suffix, "it makes one field of another", fix)
        names = {
            name: tuple(
                spelled
                for product in products
                for spelled in (
                    f"{prefix}{product}{suffix}",
                    f"{prefix}{product}{suffix}{_SPELLING}",
                )
            )
            for name, products in CONTROL.items()
        }
        known = {real: name for name, reals in names.items() for real in reals}
        own: dict[str, Formula] = {}
        for name, formula in (formulas or {}).items():
            is_known = name in CONTROL or (prefix and name.startswith(prefix))
            if not is_known or not callable(formula):
                fix = f"name a field like quantity, or {prefix}Quantity{suffix}, and a function"
                raise read.refuse("formulas", name, "no formula of a field", fix)
            own[known.get(name, name)] = formula
        fill(
            self,
            formulas=own,
            _names=names,
            _fields=known,
            _layouts=Memo[tuple[str, ...], Layout](),
        )

    def name_of(self, name: str, record: SourceRecord | None = None) -> str:
        """Give the real name of a field: as the record spells it, or as it should."""
        spellings = self._names[name]
        if record is None:
            return spellings[0]
        with suppress(InvalidInputError):  # one that cannot be asked is spelled as it should
            for spelling in spellings:
                if record.get(spelling) is not MISSING:
                    return spelling
        return spellings[0]

    def read(self, record: SourceRecord, name: str) -> object:
        """Give the value of a field, computed or stored; `MISSING` if it has neither.

        Raises:
            InvalidInputError: the formula failed on this record.
        """
        formula = self.formulas.get(name)
        if formula is not None:
            return self._compute(record, name, formula)
        for spelling in self._names[name]:
            value = record.get(spelling)
            if value is not MISSING:
                return value
        return MISSING

    def read_name(self, record: SourceRecord, real: str) -> object:
        """Give the value of any field by its real name, of a formula first."""
        name = self._fields.get(real, real)
        if name in CONTROL:
            return self.read(record, name)
        formula = self.formulas.get(name)
        return record.get(real) if formula is None else self._compute(record, name, formula)

    def read_measure(self, record: SourceRecord, name: str) -> object:
        """Give a measure of usage: with the suffix, or else without it."""
        value = self.read(record, name)
        if value is MISSING and self.suffix and name in MEASURES:
            for ending in ("", _SPELLING):
                value = record.get(f"{self.prefix}{product_name(name)}{ending}")
                if value is not MISSING:
                    return value
        return value

    def read_all(self, record: SourceRecord) -> dict[str, object]:
        """Give all control fields that a record has, by the library's names.

        Raises:
            InvalidInputError: a formula failed on this record.
        """
        return self.read_line(record, _ALL)[0]

    def read_document(self, record: SourceRecord) -> tuple[dict[str, object], Extras]:
        """Give what a record says of its document, and the fields that travel along to it.

        Formulas of further fields are asked of it, and not of its lines.

        Raises:
            InvalidInputError: a formula failed on this record.
        """
        found, more = self.read_line(record, DOCUMENT)
        for real, formula in self.formulas.items():
            name = self._extra_name(real)
            if name:
                more.append((name, self._compute(record, real, formula)))
        return found, more

    def read_line(
        self, record: SourceRecord, asked: frozenset[str] = LINE
    ) -> tuple[dict[str, object], Extras]:
        """Give the control fields of a line, and the fields that travel along.

        Those have the prefix, the suffix and no known meaning; their names are given without
        prefix and suffix. Fields that are a known one with another party's suffix stay at home.

        Raises:
            InvalidInputError: a formula failed on this record.
        """
        layout = self.layout(record)
        names, reals, extras = layout
        found = dict(zip(names, _values(record, reals), strict=True))
        more: Extras = [(name, record.get(real)) for name, real in extras] if extras else []
        if record.mapping is None:  # names of methods, which are no fields
            found = {name: value for name, value in found.items() if value is not MISSING}
            more = [pair for pair in more if pair[1] is not MISSING]
        for name, formula in self.formulas.items():
            if name in asked:
                found[name] = self._compute(record, name, formula)
        return found, more

    def layout(self, record: SourceRecord) -> Layout:
        """Give the fields that a record has; worked out once for all records with the same ones."""
        reals = record.field_names()
        known = self._layouts.get(reals)
        return self._layouts.keep(reals, self._lay_out(reals)) if known is None else known

    def _lay_out(self, reals: tuple[str, ...]) -> Layout:
        present = {*reals}
        fields = [
            (name, next((spelling for spelling in spellings if spelling in present), ""))
            for name, spellings in self._names.items()
        ]
        extras = [(self._extra_name(real), real) for real in reals if real not in self.formulas]
        return Layout(
            tuple(name for name, real in fields if real),
            tuple(real for _, real in fields if real),
            tuple((name, real) for name, real in extras if name),
        )

    def _extra_name(self, real: str) -> str:
        """Give the name under which a field travels along; empty if it stays at home."""
        if not real.startswith(self.prefix) or real in self._fields or real in CONTROL:
            return ""
        name = bare(real)[len(self.prefix) :]
        if self.suffix:
            return name.removesuffix(self.suffix) if name.endswith(self.suffix) else ""
        return "" if _is_of_a_party(name) else name

    def _compute(self, record: SourceRecord, name: str, formula: Formula) -> object:
        """Compute a field; what the host's function raises is an error of its record."""
        try:
            return formula(record)
        except BillingError as error:
            rule = f"its formula failed: {error}"
        except Exception as error:  # noqa: BLE001 - the host's code, on the host's data
            rule = f"its formula raised {told(error)}"
        where = f"{record.type} {record.id!r}"
        fix = "mend the formula, or the record"
        real = self.name_of(name) if name in CONTROL else name
        raise InvalidInputError(rule, record=where, field=real, fix=fix)


def _is_of_a_party(name: str) -> bool:
    """Tell whether a name is a control field with a suffix, like ``QuantityCust``."""
    return any(name[:-size] in _PARTY_FIELDS for size in range(1, LONGEST_SUFFIX + 1))


def _values(record: SourceRecord, reals: tuple[str, ...]) -> list[object]:
    """Give the values of fields that a record has."""
    mapping = record.mapping
    if mapping is not None:
        try:
            return [mapping[real] for real in reals]
        except Exception:  # noqa: BLE001 - the host's code; asked again one by one, with names
            return [record.get(real) for real in reals]
    return [record.get(real) for real in reals]
