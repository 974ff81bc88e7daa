"""Dividing a whole into parts that add up to it again."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from billingcore import InvalidInputError, allocate


def shares(amount, weights, currency="EUR"):
    """Write the parts side by side."""
    return " ".join(map(str, allocate(amount, weights, currency=currency)))


class TestAllocate:
    @pytest.mark.parametrize(
        ("amount", "weights", "expected"),
        [
            pytest.param("100.00", [1, 1, 1], "33.34 33.33 33.33", id="the first of a tie"),
            pytest.param(
                "100.00", [1] * 7, " ".join(["14.29"] * 4 + ["14.28"] * 3), id="four of seven"
            ),
            pytest.param("0.05", [1, 1], "0.03 0.02", id="odd cent"),
            pytest.param("-0.05", [1, 1], "-0.03 -0.02", id="negative as the positive"),
            pytest.param("0.01", [1, 2, 1], "0.00 0.01 0.00", id="largest remainder"),
            pytest.param("10.00", [50, 30, 20], "5.00 3.00 2.00", id="no remainder"),
            pytest.param("10", [3, 0, 7], "3.00 0.00 7.00", id="a weight of zero gets nothing"),
            pytest.param("1.00", ["0.1", "0.2", "0.3"], "0.17 0.33 0.50", id="decimal text"),
            pytest.param("1.00", [Decimal("0.5"), 1], "0.33 0.67", id="Decimals"),
            pytest.param("1.00", [Fraction(1, 3), Fraction(2, 3)], "0.33 0.67", id="Fractions"),
            pytest.param("100.00", [3, -1], "150.00 -50.00", id="a negative weight"),
            pytest.param("1.00", [-1, -1, -1], "0.34 0.33 0.33", id="only negative weights"),
            pytest.param("-1.00", [2, 2, -1], "-0.67 -0.67 0.34", id="negative of negative"),
            pytest.param("0.00", [1, 2], "0.00 0.00", id="nothing"),
            pytest.param("-0", [1, 2], "0.00 0.00", id="minus zero"),
            pytest.param("0", [0, 0], "0.00 0.00", id="nothing by nothing"),
            pytest.param("0", [1, -1], "0.00 0.00", id="nothing by weights that cancel out"),
            pytest.param("7.77", [5], "7.77", id="one part"),
        ],
    )
    def test_by_hand(self, amount, weights, expected):
        """Parts are cut down to cents, and the cents left go to the largest remainders."""
        assert shares(amount, weights) == expected

    @pytest.mark.parametrize(
        ("currency", "amount", "expected"),
        [
            ("JPY", "100", "34 33 33"),
            ("KWD", "1", "0.334 0.333 0.333"),
            ("CLF", "0.0001", "0.0001 0.0000 0.0000"),
        ],
    )
    def test_digits_of_the_currency(self, currency, amount, expected):
        """A cent is the smallest amount of the currency."""
        assert shares(amount, [1, 1, 1], currency) == expected

    def test_order_decides_only_ties(self):
        """The larger remainder wins wherever it stands; equal ones go to the earlier part."""
        assert shares("1.00", [Fraction(1, 3), Fraction(1, 6), Fraction(1, 2)]) == "0.33 0.17 0.50"
        assert shares("1.00", [Fraction(1, 2), Fraction(1, 6), Fraction(1, 3)]) == "0.50 0.17 0.33"
        assert shares("0.01", [1, 1, 1]) == "0.01 0.00 0.00"

    def test_large_and_tiny_weights(self):
        """Weights of any size are exact: no part is lost between 10^15 and 10^-9."""
        assert (
            shares("0.03", [999_999_999_999_999, "0.000000001", "0.000000001"]) == "0.03 0.00 0.00"
        )


class TestRefusals:
    @pytest.mark.parametrize(
        ("weights", "shown"),
        [([], "weights = 0"), ([0, 0], "weights = 2"), ([1, -1], "weights = 2")],
        ids=["none", "zeros", "opposites"],
    )
    def test_nothing_to_divide_by(self, weights, shown):
        """An amount cannot be divided by weights that add up to zero."""
        with pytest.raises(InvalidInputError) as caught:
            allocate("1.00", weights, currency="EUR")

        assert str(caught.value).startswith(f"{shown}: nothing to divide by; give at least one")

    def test_no_weights_for_nothing(self):
        """Even nothing needs somebody to be given to."""
        with pytest.raises(InvalidInputError, match="nothing to divide by"):
            allocate(0, [], currency="EUR")

    @pytest.mark.parametrize(
        ("amount", "currency"), [("0.001", "EUR"), ("0.5", "JPY"), ("-1.2345", "KWD")]
    )
    def test_more_digits_than_the_currency(self, amount, currency):
        """An amount that is not rounded yet is refused, with the function that rounds it."""
        with pytest.raises(InvalidInputError) as caught:
            allocate(amount, [1], currency=currency)

        assert (caught.value.field, caught.value.value) == ("amount", amount)
        assert (
            caught.value.fix == f"round it first, by a rule: round_amount('{amount}', '{currency}')"
        )

    @pytest.mark.parametrize(
        ("amount", "weights", "currency"),
        [(0.5, [1], "EUR"), ("1", [0.5], "EUR"), ("1", [True], "EUR"), ("1", [1], "eur")],
        ids=["float", "float weight", "bool weight", "no currency"],
    )
    def test_wrong_input(self, amount, weights, currency):
        """Amount, weights and currency pass the doors that all input passes."""
        with pytest.raises(InvalidInputError):
            allocate(amount, weights, currency=currency)
