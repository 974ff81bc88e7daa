"""The one place where fractions are lost: by name, with a stated rule.

`round_amount` brings one value to a currency's digits, `round_to_increment` to a cash step such as
0.05 Swiss francs, and `allocate` divides a whole into parts that add up to it again.
"""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from billingcore.errors import InvalidInputError, show
from billingcore.values.context import EXACT
from billingcore.values.currency import quantum_of
from billingcore.values.numbers import NumberLike, exact

__all__ = [
    "Rounding",
    "allocate",
    "mode_of",
    "round_amount",
    "round_to",
    "round_to_increment",
    "round_to_sum",
]


class Rounding(StrEnum):
    """How a value between two steps is decided; the default of the trade is `HALF_UP`."""

    HALF_UP = decimal.ROUND_HALF_UP
    """To the nearest step, a tie away from zero."""
    HALF_EVEN = decimal.ROUND_HALF_EVEN
    """To the nearest step, a tie to the even one."""
    UP = decimal.ROUND_UP
    """Away from zero."""
    DOWN = decimal.ROUND_DOWN
    """Towards zero."""
    CEILING = decimal.ROUND_CEILING
    """Towards plus infinity."""
    FLOOR = decimal.ROUND_FLOOR
    """Towards minus infinity."""


def mode_of(rounding: Rounding) -> str:
    """Give the decimal module's own constant, which it finds faster than an equal text."""
    return _MODES[rounding]


_MODES: Final = {
    Rounding(mode): mode
    for mode in (
        decimal.ROUND_HALF_UP,
        decimal.ROUND_HALF_EVEN,
        decimal.ROUND_UP,
        decimal.ROUND_DOWN,
        decimal.ROUND_CEILING,
        decimal.ROUND_FLOOR,
    )
}


def round_amount(
    value: NumberLike | Fraction, currency: str, rounding: Rounding = Rounding.HALF_UP
) -> Decimal:
    """Round a value to the digits of a currency.

    >>> round_amount("2.345", "EUR"), round_amount("-2.345", "EUR"), round_amount("1234.5", "JPY")
    (Decimal('2.35'), Decimal('-2.35'), Decimal('1235'))
    >>> round_amount(Fraction(100, 3), "EUR")
    Decimal('33.33')

    Raises:
        InvalidInputError: the value is no exact number, or the currency is unknown.
    """
    return round_to(_as_fraction(value), quantum_of(currency), rounding)


def round_to_increment(
    value: NumberLike, increment: NumberLike, rounding: Rounding = Rounding.HALF_UP
) -> Decimal:
    """Round to a multiple of a step, as cash needs it where small coins are gone.

    >>> round_to_increment("10.025", "0.05"), round_to_increment("10.07", "0.05")
    (Decimal('10.05'), Decimal('10.05'))
    >>> round_to_increment("-10.025", "0.05")
    Decimal('-10.05')

    Raises:
        InvalidInputError: the step is not positive, or one of the two is no exact number.
    """
    step = exact(increment)
    if step <= 0:
        raise InvalidInputError("a step must be positive", field="increment", value=increment)
    return round_to(_as_fraction(value), step, rounding)


def allocate(
    amount: NumberLike, weights: Sequence[NumberLike | Fraction], *, currency: str
) -> tuple[Decimal, ...]:
    """Divide an amount by weights into parts that add up to it exactly.

    Largest remainder: every part is its exact share cut down to the currency's digits, and the
    cents that are left go one each to the largest remainders, on a tie to the earlier part. A
    negative amount is divided like the positive one. Weights may be negative too, as long as
    their sum is not zero.

    >>> allocate("100.00", [1, 1, 1], currency="EUR")
    (Decimal('33.34'), Decimal('33.33'), Decimal('33.33'))
    >>> allocate("-0.05", [1, 1], currency="EUR")
    (Decimal('-0.03'), Decimal('-0.02'))

    Raises:
        InvalidInputError: the amount has more digits than its currency, there are no weights,
            or they add up to zero while the amount does not.
    """
    quantum = quantum_of(currency)
    whole = exact(amount)
    units = Fraction(whole) / Fraction(quantum)
    if units.denominator != 1:
        fix = f"round it first, by a rule: round_amount({show(amount)}, {currency!r})"
        rule = f"the amount has more digits than {currency}"
        raise InvalidInputError(rule, field="amount", value=amount, fix=fix)
    shares = _allocate_units(units.numerator, [_as_fraction(weight) for weight in weights])
    return tuple(_times(share, quantum) for share in shares)


def _allocate_units(units: int, weights: Sequence[Fraction]) -> list[int]:
    if units < 0:
        return [-share for share in _allocate_units(-units, weights)]
    whole = sum(weights, Fraction(0))
    if not whole:
        if weights and not units:
            return [0] * len(weights)
        fix = "give at least one weight, and a sum that is not zero"
        raise InvalidInputError(
            "nothing to divide by", field="weights", value=len(weights), fix=fix
        )
    return _largest_remainder(units, [units * weight / whole for weight in weights])


def round_to_sum(
    amount: Decimal, shares: Sequence[Fraction], *, currency: str
) -> tuple[Decimal, ...]:
    """Round exact shares so that they add up to an amount that is their sum, rounded.

    >>> round_to_sum(Decimal("0.01"), [Fraction(1, 250), Fraction(1, 200)], currency="EUR")
    (Decimal('0.00'), Decimal('0.01'))
    """
    quantum = quantum_of(currency)
    step = Fraction(quantum)
    units = _largest_remainder(int(Fraction(amount) / step), [share / step for share in shares])
    return tuple(_times(share, quantum) for share in units)


def _largest_remainder(units: int, exact_shares: Sequence[Fraction]) -> list[int]:
    shares = [share.numerator // share.denominator for share in exact_shares]
    rest = units - sum(shares)
    by_remainder = sorted(range(len(shares)), key=lambda i: shares[i] - exact_shares[i])
    step = 1 if rest > 0 else -1
    for index in by_remainder[:rest] if rest > 0 else by_remainder[rest:] if rest else []:
        shares[index] += step
    return shares


def round_to(value: Fraction, step: Decimal, rounding: Rounding) -> Decimal:
    """Round an exact fraction to a multiple of a step; the result has the step's digits."""
    steps = value / Fraction(step)
    below, rest = divmod(steps.numerator, steps.denominator)
    return _times(below + _is_rounded_up(below, rest, steps.denominator, rounding), step)


def _is_rounded_up(below: int, rest: int, denominator: int, rounding: Rounding) -> bool:
    if not rest:
        return False
    is_negative = below < 0
    beyond_half = 2 * rest - denominator
    if rounding in (Rounding.CEILING, Rounding.FLOOR):
        return rounding is Rounding.CEILING
    if rounding in (Rounding.UP, Rounding.DOWN):
        return is_negative is (rounding is Rounding.DOWN)
    if beyond_half:
        return beyond_half > 0
    return below % 2 == 1 if rounding is Rounding.HALF_EVEN else not is_negative


def _times(count: int, step: Decimal) -> Decimal:
    product = EXACT.multiply(Decimal(count), step)
    return product or product.copy_abs()


def _as_fraction(value: NumberLike | Fraction) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(exact(value))
