"""The amount of a line before discounts."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest

from billingcore import Item, Period, PriceType, Rounding, Share, Span
from billingcore.pricing.price import position_amount
from billingcore.values.context import exactly
from billingcore.values.currency import quantum_of
from tests.strategies import HOSTILE_CONTEXTS

DAYS = Period("2026-01-15", "2026-02-01")


def amount_of(price, factor, currency="EUR", rounding=Rounding.HALF_UP):
    """Work out an amount as the engine does, within its own context."""
    span = Span(DAYS, DAYS, (Share(DAYS, None, Fraction(factor)),), DAYS)
    with exactly():
        return position_amount(Decimal(price), span, quantum_of(currency), rounding.value)


class TestPositionAmount:
    @pytest.mark.parametrize(
        ("price", "factor", "currency", "amount"),
        [
            ("300", "17/31", "EUR", "164.52"),
            ("100", "1", "EUR", "100.00"),
            ("100", "3", "EUR", "300.00"),
            ("200", "3", "EUR", "600.00"),
            ("0.005", "1", "EUR", "0.01"),
            ("-300", "17/31", "EUR", "-164.52"),
            ("1000", "17/31", "JPY", "548"),
            ("10", "1/3", "KWD", "3.333"),
            ("-0.001", "1", "EUR", "0.00"),
            ("-0.001", "1/2", "EUR", "0.00"),
            ("100", "0", "EUR", "0.00"),
        ],
    )
    def test_rounded_once(self, price, factor, currency, amount):
        """Price times factor is rounded once, to the currency's digits, without minus zero."""
        assert str(amount_of(price, factor, currency)) == amount

    @pytest.mark.parametrize(
        ("rounding", "amount"),
        [
            (Rounding.HALF_UP, "0.13"),
            (Rounding.HALF_EVEN, "0.12"),
            (Rounding.UP, "0.13"),
            (Rounding.DOWN, "0.12"),
            (Rounding.CEILING, "0.13"),
            (Rounding.FLOOR, "0.12"),
        ],
    )
    def test_by_rule(self, rounding, amount):
        """A tie of the exact amount is decided by the rule, though the factor is a fraction."""
        assert str(amount_of("0.25", "1/2", rounding=rounding)) == amount

    def test_the_largest_price_times_the_longest_factor(self):
        """Even with 40 digits and a denominator of 12 an amount is rounded like its fraction."""
        price = Decimal("999999999999999.99999") * 1
        price = decimal.Context(prec=64).multiply(price, price)
        factor = Fraction(10**12 - 1, 10**12 - 11)
        exact_cents = Fraction(price) * factor * 100
        expected = (2 * exact_cents.numerator + exact_cents.denominator) // (
            2 * exact_cents.denominator
        )

        assert Fraction(amount_of(price, factor)) == Fraction(expected, 100)

    @pytest.mark.parametrize("context", HOSTILE_CONTEXTS[::7], ids=range(8))
    def test_the_host_decides_nothing(self, context):
        """Quantity, price and factor give the same amount under any ambient context."""
        with decimal.localcontext(context):
            item = Item("x", unit_price="1234567.89012", quantity="3.14159")
            amount = amount_of(item.position_price, "17/31")

        # 1234567.89012 x 3.14159 = 3878506.1379220908
        assert str(item.position_price) == "3878506.1379220908"
        assert str(amount) == "2126922.72"


class TestPositionPrice:
    @pytest.mark.parametrize(
        ("fields", "price"),
        [
            ({"unit_price": "99.90", "quantity": 3}, "299.70"),
            ({"unit_price": "99.90"}, "99.90"),
            ({"unit_price": "0.00001", "quantity": "0.00001"}, "1E-10"),
            ({"unit_price": "99.90", "quantity": 3, "price_type": PriceType.FLAT}, "99.90"),
            ({"unit_price": "-5", "quantity": 0}, "0"),
        ],
        ids=["per unit", "one", "tiny", "flat", "nothing"],
    )
    def test_price_times_quantity(self, fields, price):
        """A position costs price times quantity, or the price alone if it is flat."""
        assert str(Item("x", **fields).position_price) == price
