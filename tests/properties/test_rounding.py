"""Laws of rounding, against the modes of Python's own decimal module."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from billingcore import round_amount, round_to_increment
from billingcore.values.numbers import exact
from tests.strategies import CURRENCIES, decimals, hostile_contexts, roundings

WIDE = decimal.Context(prec=100)
STEPS = [Decimal("0.05"), Decimal("0.10"), Decimal("0.5"), Decimal(1), Decimal(5), Decimal("0.3")]


def currencies():
    """Draw a currency of each number of digits."""
    return st.sampled_from(sorted(CURRENCIES))


@given(decimals(14, 9), currencies(), roundings())
def test_as_quantize(value, currency, mode):
    """A decimal is rounded as `quantize` does it with the mode of the same name, but without -0."""
    quantum = Decimal(1).scaleb(-CURRENCIES[currency])
    expected = value.quantize(quantum, mode.value, WIDE)
    rounded = round_amount(value, currency, mode)

    assert rounded == expected
    assert rounded.as_tuple().exponent == -CURRENCIES[currency]
    assert not (rounded.is_signed() and rounded.is_zero())


@given(st.fractions(-(10**6), 10**6, max_denominator=10**7), currencies(), roundings())
def test_a_fraction_lies_within_a_step(value, currency, mode):
    """A fraction ends on the side that the rule names, less than one step away."""
    step = Fraction(1, 10 ** CURRENCIES[currency])
    distance = (Fraction(round_amount(value, currency, mode)) - value) / step

    match mode.name:
        case "CEILING":
            assert 0 <= distance < 1
        case "FLOOR":
            assert -1 < distance <= 0
        case "UP":
            assert 0 <= (distance if value > 0 else -distance) < 1
        case "DOWN":
            assert -1 < (distance if value > 0 else -distance) <= 0
        case _:
            assert abs(distance) <= Fraction(1, 2)


@given(decimals(14, 9), currencies(), roundings())
def test_rounding_twice(value, currency, mode):
    """What is rounded already stays as it is."""
    once = round_amount(value, currency, mode)

    assert round_amount(once, currency, mode) == once


@given(decimals(9, 9), st.sampled_from(STEPS), roundings())
def test_cash(value, step, mode):
    """A cash amount is a multiple of the step, at most one step away."""
    cash = round_to_increment(value, step, mode)
    steps = Fraction(cash) / Fraction(step)

    assert steps.denominator == 1
    assert abs(Fraction(cash) - Fraction(value)) < Fraction(step)
    assert not (cash.is_signed() and cash.is_zero())


@given(decimals(5, 5), st.sampled_from(STEPS))
def test_cash_as_quantize_of_steps(value, step):
    """Half up, a cash amount is the number of steps rounded by the decimal module, times the step."""
    count = WIDE.divide(value, step).quantize(Decimal(1), decimal.ROUND_HALF_UP, WIDE)

    assert round_to_increment(value, step) == count * step


@given(decimals(14, 9), currencies(), roundings(), hostile_contexts())
def test_the_host_decides_nothing(value, currency, mode, context):
    """The ambient decimal context changes neither reading nor rounding."""
    text = f"{value:f}"
    expected = round_amount(value, currency, mode), round_to_increment(value, "0.05", mode)
    with decimal.localcontext(context):
        number = exact(text)
        found = round_amount(number, currency, mode), round_to_increment(text, "0.05", mode)

    assert list(map(str, found)) == list(map(str, expected))


@given(decimals(15, 9))
def test_reading_keeps_the_number(value):
    """A number is read from its text and from itself with all of its digits."""
    text = f"{value:f}"
    read = exact(text)

    assert read == value
    assert exact(value) == value
    assert not (read.is_signed() and read.is_zero())
    assert read.as_tuple().exponent == value.as_tuple().exponent
