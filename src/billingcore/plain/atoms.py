"""Values that are written as one text: numbers, days, instants, periods, and members by their name.

Each text is the only one of its value, so that equal texts are equal values and the other way
round. A decimal keeps its zeros, since 1.50 on an invoice is not 1.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Final, NamedTuple

from billingcore.errors import InvalidInputError
from billingcore.values.period import Period

__all__ = ["ATOMS", "MOST_BITS", "Atom", "check_whole", "read_member"]

MOST_BITS: Final = 8192
"""The largest whole number that is written: some 2,400 digits."""
MOST_DIGITS: Final = 500
"""Digits of a decimal, before and after the point."""
_LONGEST: Final = 5000
"""Characters of a text of one of these values."""

_USUAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,40})(?:\.[0-9]{1,6})?\Z", re.ASCII)
"""A decimal of usual size; Python writes it in this way and in no other."""
_DECIMAL: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?(E[+-][0-9]{1,4})?\Z", re.ASCII)
_FRACTION: Final = re.compile(r"-?[0-9]+(/[0-9]+)?\Z", re.ASCII)
_NOON: Final = datetime(2000, 1, 1, 12)  # noqa: DTZ001 - a zone is put into it
_WITHOUT_ZONE: Final = len("2000-01-01T12:00:00")


class Atom(NamedTuple):
    """How one kind of value is written.

    Attributes:
        tag: its key where nothing else says what the text is.
        words: what its text is, with an example, for errors.
        write: value → text; raises `InvalidInputError` if it is too large.
        read: text → value; raises `ValueError` or `ArithmeticError` if it is none.
    """

    tag: str
    words: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]

    def value(self, data: object) -> Any:
        """Read a text.

        Raises:
            InvalidInputError: it is no text, or not the text of such a value.
        """
        if type(data) is str and len(data) <= _LONGEST:
            try:
                found = self.read(data)
                if self.write(found) == data:
                    return found
            except (ValueError, ArithmeticError):
                pass
        raise InvalidInputError("not as it is written", value=data, fix=f"use {self.words}")


def check_whole(number: int) -> int:
    """Refuse a whole number that takes too long to be written and read."""
    if number.bit_length() > MOST_BITS:
        raise InvalidInputError("the number is too long", value=number, fix="shorten it")
    return number


def _bounded(number: Decimal) -> Decimal:
    """Refuse what is no number, and what takes ages to be written out."""
    exponent = number.as_tuple().exponent
    is_bounded = isinstance(exponent, int) and exponent >= -MOST_DIGITS
    if not is_bounded or number.adjusted() > MOST_DIGITS:
        fix = f"use a number with at most {MOST_DIGITS} digits before and after the point"
        raise InvalidInputError("the number is not finite, or too long", value=number, fix=fix)
    return number


def _write_decimal(number: Decimal) -> str:
    text = str(number)
    if not _USUAL.match(text):
        _bounded(number)
    return text


def _read_decimal(text: str) -> Decimal:
    if _USUAL.match(text):
        return Decimal(text)
    if not _DECIMAL.match(text):
        raise ValueError(text)
    return _bounded(Decimal(text))


def _write_fraction(number: Fraction) -> str:
    for part in (number.numerator, number.denominator):
        check_whole(part)
    return str(number)


def _read_fraction(text: str) -> Fraction:
    if not _FRACTION.match(text):
        raise ValueError(text)
    return Fraction(text)


def _write_instant(moment: datetime) -> str:
    return moment.isoformat()


def _write_offset(zone: timezone) -> str:
    return _NOON.replace(tzinfo=zone).isoformat()[_WITHOUT_ZONE:]


def _read_offset(text: str) -> object:
    return datetime.fromisoformat(f"{_NOON.isoformat()}{text}").tzinfo


ATOMS: Final[dict[type, Atom]] = {
    Decimal: Atom("decimal", 'a decimal like "1.50"', _write_decimal, _read_decimal),
    Fraction: Atom("fraction", 'a fraction like "1/3"', _write_fraction, _read_fraction),
    date: Atom("date", 'a day like "2026-01-31"', date.isoformat, date.fromisoformat),
    datetime: Atom(
        "datetime",
        'an instant like "2026-01-31T12:00:00+01:00"',
        _write_instant,
        datetime.fromisoformat,
    ),
    time: Atom("time", 'a time like "06:00:00"', time.isoformat, time.fromisoformat),
    timezone: Atom("offset", 'an offset like "+01:00"', _write_offset, _read_offset),
    Period: Atom(
        "period",
        'days from the first to the one after the last, like "2026-01-01/2026-02-01"',
        str,
        Period.parse,
    ),
}
"""Type → how its values are written."""


def read_member(kind: type[Enum], name: object) -> Enum:
    """Read a member by its name.

    Raises:
        InvalidInputError: there is none of this name.
    """
    found = kind.__members__.get(name) if isinstance(name, str) else None
    if found is None:
        fix = "use one of " + ", ".join(kind.__members__)
        raise InvalidInputError(f"no {kind.__name__} of this name", value=name, fix=fix)
    return found
