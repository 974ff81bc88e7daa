"""The door of a record: reads its fields, and names record and field where one is wrong.

Every record has a short `__init__` that passes what the host gave through a `Boundary`, so that
whatever exists is right and no later room checks it again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from billingcore.errors import InvalidInputError
from billingcore.values.calendar import read_date
from billingcore.values.currency import check_currency
from billingcore.values.numbers import exact, exact_money
from billingcore.values.text import check_id, check_text

__all__ = ["Boundary", "DateLike"]

E = TypeVar("E", bound=Enum)
T = TypeVar("T")

DateLike = date | str
"""A day: a `date`, or text like ``2026-01-31``."""


def _a(kind: type) -> str:
    """Name a class with its article: a Unit, an Invoice, an Update."""
    name = kind.__name__
    return f"an {name}" if name.startswith(("A", "E", "I", "O", "Up")) else f"a {name}"


class Boundary:
    """Reads the fields of one record.

    >>> Boundary("Item 'seats'").number("unit_price", 0.5)
    Traceback (most recent call last):
        ...
    billingcore.errors.InvalidInputError: Item 'seats': unit_price = 0.5 (float): \
a float is not exact; write '0.5' or Decimal('0.5')
    """

    __slots__ = ("record",)

    def __init__(self, kind: str, record_id: object = None) -> None:
        self.record: str = kind
        if record_id is not None:
            self.record = f"{kind} {self.read('id', record_id, check_id)!r}"

    def read(self, field: str, value: object, reader: Callable[[object], T]) -> T:
        """Read a field with any reader that raises `InvalidInputError`."""
        try:
            return reader(value)
        except InvalidInputError as error:
            error.value = value if error.value is ... else error.value
            raise error.at(self.record, field) from None

    def refuse(self, field: str, value: object, rule: str, fix: str = "") -> InvalidInputError:
        """Make the error for a field that breaks a rule of its record."""
        return InvalidInputError(rule, record=self.record, field=field, value=value, fix=fix)

    def id(self, field: str, value: object) -> str:
        """Read an id."""
        return self.read(field, value, check_id)

    def optional_id(self, field: str, value: object) -> str | None:
        """Read an id, or nothing."""
        return None if value is None else self.read(field, value, check_id)

    def text(self, field: str, value: object) -> str:
        """Read text."""
        return self.read(field, value, check_text)

    def number(self, field: str, value: object, *, scale: int | None = None) -> Decimal:
        """Read an exact number, with at most *scale* digits after the point."""
        number = self.read(field, value, exact)
        self._check_scale(field, number, scale)
        return number

    def optional_number(
        self, field: str, value: object, *, scale: int | None = None
    ) -> Decimal | None:
        """Read an exact number, or nothing."""
        return None if value is None else self.number(field, value, scale=scale)

    def money(
        self, field: str, value: object, *, scale: int | None = None
    ) -> tuple[Decimal, str | None]:
        """Read an amount, with its currency if it brings one."""
        amount, currency = self.read(field, value, exact_money)
        self._check_scale(field, amount, scale)
        return amount, self.currency("currency", currency)

    def _check_scale(self, field: str, number: Decimal, scale: int | None) -> None:
        exponent = number.as_tuple().exponent
        if scale is not None and isinstance(exponent, int) and -exponent > scale:
            fix = f"round it to {scale} digits where it is made"
            raise self.refuse(field, number, f"more than {scale} digits after the point", fix)

    def count(self, field: str, value: object, *, least: int = 0, most: int = 100_000) -> int:
        """Read a whole number within bounds."""
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            fix = f"use a whole number from {least} to {most}"
            raise self.refuse(field, value, "not a count", fix)
        return value

    def flag(self, field: str, value: object) -> bool:
        """Read a truth value."""
        if not isinstance(value, bool):
            raise self.refuse(field, value, "not a truth value", "use True or False")
        return value

    def day(self, field: str, value: object) -> date | None:
        """Read a day, or nothing for an open end."""
        return None if value is None else self.read(field, value, read_date)

    def order(self, field: str, start: date | None, end: date | None) -> None:
        """Check that a last day, inclusive, lies in the calendar and not before the first."""
        if end is not None and end == date.max:
            fix = "leave the end open: None"
            raise self.refuse(field, end.isoformat(), "the calendar ends here", fix)
        if start is not None and end is not None and end < start:
            fix = "end is the last day, inclusive"
            raise self.refuse(field, end.isoformat(), f"before the start {start}", fix)

    def currency(self, field: str, value: object) -> str | None:
        """Read a currency code, or nothing."""
        return None if value is None else self.read(field, value, check_currency)

    def member(self, field: str, value: object, kind: type[E]) -> E:
        """Read a member of an enumeration: the member itself or its value."""
        if isinstance(value, kind):
            return value
        for member in kind:
            if type(value) is type(member.value) and value == member.value:
                return member
        raise self.no_member(field, value, kind)

    def no_member(self, field: str, value: object, kind: type[Enum]) -> InvalidInputError:
        """Make the error for a value that is no member of an enumeration."""
        fix = "use one of " + ", ".join(f"{kind.__name__}.{member.name}" for member in kind)
        return self.refuse(field, value, f"not {_a(kind)}", fix)

    def optional(self, field: str, value: object, kind: type[T]) -> T | None:
        """Check that a value is of a type of this library, or nothing."""
        return None if value is None else self.instance(field, value, kind)

    def instance(self, field: str, value: object, kind: type[T]) -> T:
        """Check that a value is of a type of this library."""
        if not isinstance(value, kind):
            raise self.refuse(field, value, f"not {_a(kind)}", f"use {_a(kind)}")
        return value
