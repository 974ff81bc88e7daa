"""What a data mapping can set by itself: on a document, and on one of its lines.

One table for each: the library's name of a target, as in `CONTROL`, and how a constant of a
mapping is read for it. What is in no table is a field of the host's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final

from billingcore.errors import InvalidInputError
from billingcore.records.control_fields import CONTROL
from billingcore.records.field_set import bare
from billingcore.values.calendar import read_date
from billingcore.values.currency import check_currency
from billingcore.values.numbers import exact
from billingcore.values.text import check_id

__all__ = ["INVOICE", "LINE", "LOOKUPS", "NEEDED", "RECURRING", "Targets"]

MOST: Final = 100_000


def _plain(spelled: str) -> str:
    """Write a target without all in which spellings differ."""
    return bare(spelled).lower().removeprefix("on_").replace("_", "")


class Targets:
    """The targets of one kind, under all their spellings.

    >>> LINE.name_of("UnitPrice__c"), LINE.name_of("unit_price"), LINE.name_of("Color__c")
    ('unit_price', 'unit_price', None)
    """

    __slots__ = ("_names", "_readers")

    def __init__(
        self, readers: Mapping[str, Callable[[object], object]], spellings: Mapping[str, str]
    ) -> None:
        self._readers: Mapping[str, Callable[[object], object]] = readers
        self._names: dict[str, str] = {_plain(name): name for name in readers} | dict(spellings)
        self._names |= {
            _plain(product): name for name in readers for product in CONTROL.get(name, ())
        }

    @property
    def names(self) -> Iterable[str]:
        """Give the library's names."""
        return self._readers

    def name_of(self, spelled: str) -> str | None:
        """Give the library's name of a target; None if it is none of the library's."""
        return self._names.get(_plain(spelled))

    def read(self, name: str, constant: object) -> object:
        """Read a constant for a target; null leaves it empty.

        Raises:
            InvalidInputError: the target takes no such value.
        """
        return None if constant is None else self._readers[name](constant)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInputError("not text", value=value, fix="put it into quotes")
    return value


def _id(value: object) -> str:
    return check_id(_text(value))


def _currency(value: object) -> str:
    return check_currency(_text(value))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        fix = "use true or false, without quotes"
        raise InvalidInputError("not a truth value", value=value, fix=fix)
    return value


def _count(value: object) -> int:
    if isinstance(value, Decimal) and 0 <= value <= MOST and int(value) == value:
        return int(value)
    fix = f"use a whole number from 0 to {MOST}, without quotes"
    raise InvalidInputError("not a count", value=value, fix=fix)


INVOICE: Final = Targets(
    {
        "account": _id,
        "booking_date": read_date,
        "center": _text,
        "cost_object": _text,
        "currency": _currency,
        "debtor": _text,
        "entity": _id,
        "invoice_criterion": _text,
        "payment_days": _count,
        "payment_method": _text,
        "reference": _text,
        "region": _text,
        "service_date": read_date,
        "single_invoice": _flag,
        "sub_invoice_key": _id,
        "template": _id,
        "type": _text,
    },
    {"criterion": "invoice_criterion"},
)
"""What can be set on a document."""

LINE: Final = Targets(
    {
        "billing_period": _count,
        "billing_practice": _text,
        "billing_type": _text,
        "billing_unit": _text,
        "center": _text,
        "cost_object": _text,
        "custom_rule": _text,
        "description": _text,
        "discount": exact,
        "end": read_date,
        "gl_account": _text,
        "invoice_criterion": _text,
        "next_service_period_start": read_date,
        "price_includes_tax": _flag,
        "price_type": _text,
        "product": _text,
        "product_group": _text,
        "quantity": exact,
        "recognition": _text,
        "region": _text,
        "sequence": _count,
        "start": read_date,
        "sync_with": _text,
        "tax_code": _id,
        "title": _text,
        "type": _text,
        "unit_code": _id,
        "unit_price": exact,
    },
    {"criterion": "invoice_criterion", "linetype": "type"},
)
"""What can be set on a line."""

LOOKUPS: Final = frozenset({"account", "entity", "template"})
"""Targets that name another record, which can be found by an external id."""

NEEDED: Final = ("title", "quantity", "unit_price")
"""What a line without a record behind it must be given."""

RECURRING: Final = frozenset(
    {
        "billing_period",
        "billing_practice",
        "billing_type",
        "billing_unit",
        "end",
        "next_service_period_start",
        "start",
        "sync_with",
    }
)
"""What only a line of a record can have: a mapping makes no recurring lines (behaviour 2.1)."""
