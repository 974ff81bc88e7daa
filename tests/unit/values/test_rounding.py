"""Rounding by name: to digits, to a cash step, and whole documents under a hostile host."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest

from billingcore import InvalidInputError, Rounding, round_amount, round_to_increment
from billingcore.values.rounding import round_to, round_to_sum

HALF_UP, HALF_EVEN = Rounding.HALF_UP, Rounding.HALF_EVEN
UP, DOWN, CEILING, FLOOR = Rounding.UP, Rounding.DOWN, Rounding.CEILING, Rounding.FLOOR

# Every tenth and every tie around zero, on both sides, and numbers that are no decimals at all.
TENTHS = [Decimal(tenth).scaleb(-3) for tenth in range(-45, 46)]


class TestModes:
    @pytest.mark.parametrize(
        ("value", "by_mode"),
        [
            ("2.345", "2.35 2.34 2.35 2.34 2.35 2.34"),
            ("-2.345", "-2.35 -2.34 -2.35 -2.34 -2.34 -2.35"),
            ("2.355", "2.36 2.36 2.36 2.35 2.36 2.35"),
            ("2.344", "2.34 2.34 2.35 2.34 2.35 2.34"),
            ("-2.346", "-2.35 -2.35 -2.35 -2.34 -2.34 -2.35"),
            ("0.001", "0.00 0.00 0.01 0.00 0.01 0.00"),
            ("-0.001", "0.00 0.00 -0.01 0.00 0.00 -0.01"),
            ("2.34", "2.34 2.34 2.34 2.34 2.34 2.34"),
            ("7", "7.00 7.00 7.00 7.00 7.00 7.00"),
        ],
    )
    def test_by_hand(self, value, by_mode):
        """Each mode decides a value between two cents by its own rule; no zero has a sign."""
        rounded = [
            round_amount(value, "EUR", m) for m in (HALF_UP, HALF_EVEN, UP, DOWN, CEILING, FLOOR)
        ]

        assert " ".join(map(str, rounded)) == by_mode

    @pytest.mark.parametrize("mode", list(Rounding))
    def test_as_the_decimal_module(self, mode):
        """Each mode is the one of the same name in Python's decimal module."""
        context = decimal.Context(prec=50)
        expected = [value.quantize(Decimal("0.01"), mode.value, context) for value in TENTHS]

        assert [round_amount(value, "EUR", mode) for value in TENTHS] == expected

    def test_half_up_is_the_default(self):
        """A tie goes away from zero unless another rule is named."""
        assert round_amount("0.125", "EUR") == Decimal("0.13")
        assert round_amount("0.125", "EUR", HALF_EVEN) == Decimal("0.12")

    @pytest.mark.parametrize("value", ["-0", "-0.00", "-0.004", Decimal("-0"), Fraction(-1, 1000)])
    def test_never_minus_zero(self, value):
        """What rounds to zero has no sign."""
        assert str(round_amount(value, "EUR")) == "0.00"


class TestRoundAmount:
    @pytest.mark.parametrize(
        ("value", "currency", "expected"),
        [
            ("1234.5", "JPY", "1235"),
            ("-1234.5", "JPY", "-1235"),
            ("0.0005", "KWD", "0.001"),
            ("0.00005", "CLF", "0.0001"),
            (Fraction(100, 3), "EUR", "33.33"),
            (Fraction(-200, 3), "EUR", "-66.67"),
            (Fraction(1, 200), "EUR", "0.01"),
            ("999999999999999.995", "EUR", "1000000000000000.00"),
        ],
    )
    def test_digits_of_the_currency(self, value, currency, expected):
        """A value gets the digits of its currency."""
        assert str(round_amount(value, currency)) == expected

    @pytest.mark.parametrize(
        ("value", "currency"), [(0.5, "EUR"), ("x", "EUR"), (True, "EUR"), (1, "EUX"), (1, None)]
    )
    def test_refuses(self, value, currency):
        """Values that are not exact, and unknown currencies, are refused."""
        with pytest.raises(InvalidInputError):
            round_amount(value, currency)


class TestCash:
    @pytest.mark.parametrize(
        ("value", "step", "expected"),
        [
            ("10.025", "0.05", "10.05"),
            ("10.024", "0.05", "10.00"),
            ("10.07", "0.05", "10.05"),
            ("10.075", "0.05", "10.10"),
            ("-10.025", "0.05", "-10.05"),
            ("-0.02", "0.05", "0.00"),
            ("12.37", "0.5", "12.5"),
            ("12.24", "0.50", "12.00"),
            ("12.50", "1", "13"),
            ("127", "50", "150"),
        ],
    )
    def test_steps(self, value, step, expected):
        """An amount is brought to the nearest multiple of the step, with the step's digits."""
        assert str(round_to_increment(value, step)) == expected

    @pytest.mark.parametrize(
        ("mode", "expected"),
        [
            (UP, "10.05"),
            (DOWN, "10.00"),
            (CEILING, "10.05"),
            (FLOOR, "10.00"),
            (HALF_EVEN, "10.00"),
        ],
    )
    def test_by_rule(self, mode, expected):
        """Cash rounding takes any rule; the even step of 200.5 steps is the 200th."""
        assert str(round_to_increment("10.025", "0.05", mode)) == expected

    @pytest.mark.parametrize("step", ["0", "-0.05", 0.05, "x"])
    def test_refuses_a_wrong_step(self, step):
        """A step is a positive exact number."""
        with pytest.raises(InvalidInputError):
            round_to_increment("1", step)

    def test_names_the_step(self):
        """The error for a step that is not positive names the argument."""
        with pytest.raises(InvalidInputError, match=r"^increment = '0': a step must be positive"):
            round_to_increment("1", "0")


class TestRoundTo:
    def test_a_step_of_any_size(self):
        """A fraction is brought to a multiple of any step."""
        assert round_to(Fraction(22, 7), Decimal("0.25"), HALF_UP) == Decimal("3.25")


class TestRoundToSum:
    @pytest.mark.parametrize(
        ("amount", "shares", "expected"),
        [
            ("0.01", [Fraction(1, 250), Fraction(1, 200)], ["0.00", "0.01"]),
            ("0.02", [Fraction(1, 150), Fraction(1, 150)], ["0.01", "0.01"]),
            ("0.01", [Fraction(1, 200), Fraction(1, 200)], ["0.01", "0.00"]),
            ("-0.01", [Fraction(-1, 200), Fraction(-1, 200)], ["0.00", "-0.01"]),
            ("0.00", [Fraction(1, 300), Fraction(-1, 300)], ["0.00", "0.00"]),
            ("0.00", [], []),
        ],
    )
    def test_shares_of_a_rounded_sum(self, amount, shares, expected):
        """Exact shares become whole cents that add up to their rounded sum."""
        assert list(map(str, round_to_sum(Decimal(amount), shares, currency="EUR"))) == expected

    def test_a_sum_below_all_floors(self):
        """A sum that is smaller than the shares takes the cents away where least is lost."""
        shares = [Fraction(1), Fraction(1), Fraction(101, 100)]

        assert sum(round_to_sum(Decimal("2.99"), shares, currency="EUR")) == Decimal("2.99")
