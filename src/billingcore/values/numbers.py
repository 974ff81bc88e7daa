"""The door through which numbers enter.

Exact input only: whole numbers, `Decimal`, and decimal text such as ``"19.99"``. A float is
refused, since 0.1 is not a tenth; so are booleans, NaN, infinities, exponents, underscores, digits
of other scripts and anything beyond 15 digits before or 9 after the point. All checks take
constant time: ``Decimal("1e999999")`` parses at once but would take minutes to expand.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, Protocol, runtime_checkable

from billingcore.errors import InvalidInputError
from billingcore.values.context import EXACT

__all__ = ["AmountLike", "MoneyLike", "NumberLike", "exact", "exact_money"]

NumberLike = int | Decimal | str
"""What `exact` takes."""


@runtime_checkable
class MoneyLike(Protocol):
    """Anything with an amount and a currency, such as the money types of other libraries."""

    @property
    def amount(self) -> Decimal:
        """Give the amount, in major units."""
        ...

    @property
    def currency(self) -> object:
        """Give the currency; its `str` is the ISO code."""
        ...


AmountLike = int | Decimal | str | MoneyLike
"""What `exact_money` takes."""

INTEGER_DIGITS: Final = 15
FRACTION_DIGITS: Final = 9
_BOUND: Final = 10**INTEGER_DIGITS
_LONGEST: Final = 1 + INTEGER_DIGITS + 1 + FRACTION_DIGITS
_TEXT: Final = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})\Z", re.ASCII)
_SIZE: Final = f"at most {INTEGER_DIGITS} digits before and {FRACTION_DIGITS} after the point"


def exact(value: object) -> Decimal:
    """Read a number exactly, or say why it cannot be.

    >>> exact("19.90"), exact(3)
    (Decimal('19.90'), Decimal('3'))
    >>> exact(0.1)
    Traceback (most recent call last):
        ...
    billingcore.errors.InvalidInputError: a float is not exact; write '0.1' or Decimal('0.1')

    Raises:
        InvalidInputError: the value is no exact decimal number of bounded size.
    """
    if type(value) is Decimal:
        return _from_decimal(value)
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, bool):
        raise InvalidInputError("a truth value is not a number", value=value, fix="write 0 or 1")
    if isinstance(value, int):
        if not -_BOUND < value < _BOUND:
            raise InvalidInputError("the number is too large", value=value, fix=f"use {_SIZE}")
        return Decimal(int(value))
    if isinstance(value, Decimal):
        return _from_decimal(Decimal(value))
    if isinstance(value, float):
        fix = f"write '{value!r}' or Decimal('{value!r}')"
        raise InvalidInputError("a float is not exact", value=value, fix=fix)
    raise InvalidInputError(
        "not a number", value=value, fix="use a whole number, a Decimal or text like '19.99'"
    )


def exact_money(value: object) -> tuple[Decimal, str | None]:
    """Read an amount, with its currency if it brings one.

    Raises:
        InvalidInputError: the amount is no exact decimal number of bounded size.
    """
    if isinstance(value, (int, str, Decimal, float)):
        return exact(value), None
    if isinstance(value, MoneyLike):
        return exact(value.amount), str(value.currency)
    return exact(value), None


def _from_text(text: str) -> Decimal:
    if len(text) <= _LONGEST and _TEXT.match(text):
        return _without_minus_zero(Decimal(text))
    if len(text) <= _LONGEST and text.count(",") == 1:
        fix = f"write the decimal point as a point: '{text.replace(',', '.')}'"
        raise InvalidInputError("not a decimal number", value=text, fix=fix)
    raise InvalidInputError(
        "not a decimal number", value=text, fix=f"use plain digits like '19.99', {_SIZE}"
    )


def _from_decimal(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise InvalidInputError("not a finite number", value=number, fix="use a plain number")
    exponent = number.as_tuple().exponent if number.adjusted() < INTEGER_DIGITS else None
    if not isinstance(exponent, int) or exponent < -FRACTION_DIGITS:
        raise InvalidInputError("the number is too long", value=number, fix=f"use {_SIZE}")
    if exponent > 0:  # 1E+3 becomes 1000
        number = number.quantize(Decimal(1), context=EXACT)
    return _without_minus_zero(number)


def _without_minus_zero(number: Decimal) -> Decimal:
    return number or number.copy_abs()
