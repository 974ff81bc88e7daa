"""Reductions of a line and of an order."""

from __future__ import annotations

import decimal
from decimal import Decimal

import pytest

from billingcore import Discount, Rounding
from billingcore.pricing.discounts import discount_of, order_discount_shares
from tests.strategies import HOSTILE_CONTEXTS


class TestLineDiscount:
    @pytest.mark.parametrize(
        ("discount", "amount", "currency", "off"),
        [
            (Discount.percent("12.5"), "99.99", "EUR", "12.50"),
            (Discount.percent(10), "-99.99", "EUR", "-10.00"),
            (Discount.percent(100), "99.99", "EUR", "99.99"),
            (Discount.percent(0), "99.99", "EUR", "0.00"),
            (Discount.percent("33.333"), "100", "JPY", "33"),
            (Discount.amount(20), "50.00", "EUR", "20.00"),
            (Discount.amount(20), "15.00", "EUR", "15.00"),
            (Discount.amount(20), "-50.00", "EUR", "-20.00"),
            (Discount.amount(20), "-15.00", "EUR", "-15.00"),
            (Discount.amount("0.00499"), "15.00", "EUR", "0.00"),
            (Discount.amount("0.005"), "15.00", "EUR", "0.01"),
            (Discount.amount(5), "0.00", "EUR", "0.00"),
            (Discount.percent(50), "-0.01", "EUR", "-0.01"),
        ],
        ids=str,
    )
    def test_by_hand(self, discount, amount, currency, off):
        """What is taken off has the sign of the amount, and at most its size."""
        assert str(discount_of(discount, Decimal(amount), currency)) == off

    @pytest.mark.parametrize(
        ("rounding", "off"),
        [(Rounding.HALF_UP, "0.13"), (Rounding.DOWN, "0.12"), (Rounding.UP, "0.13")],
    )
    def test_by_rule(self, rounding, off):
        """A discount is rounded by the rule that is named."""
        assert str(discount_of(Discount.percent(50), Decimal("0.25"), "EUR", rounding)) == off


class TestOrderDiscount:
    @pytest.mark.parametrize(
        ("discount", "amounts", "shares"),
        [
            (Discount.amount(10), ["50", "50", "50"], "3.34 3.33 3.33"),
            (Discount.percent(10), ["33.33", "66.67"], "3.33 6.67"),
            (Discount.percent(10), ["0.04", "0.04", "0.04"], "0.01 0.00 0.00"),
            (Discount.amount(1000), ["30.00", "70.00"], "30.00 70.00"),
            (Discount.amount(10), ["100", "-50"], "20.00 -10.00"),
            (Discount.amount(10), ["-50", "-50"], "-5.00 -5.00"),
            (Discount.percent(10), ["5.00", "0.00"], "0.50 0.00"),
            (Discount.percent(10), ["5.00", "-5.00"], "0 0"),
            (Discount.percent(10), [], ""),
        ],
        ids=str,
    )
    def test_shared_in_proportion(self, discount, amounts, shares):
        """The discount of the sum is divided in proportion, and its shares add up to it."""
        found = order_discount_shares(discount, list(map(Decimal, amounts)), "EUR")

        assert " ".join(map(str, found)) == shares

    @pytest.mark.parametrize("context", HOSTILE_CONTEXTS[::7], ids=range(8))
    def test_the_host_decides_nothing(self, context):
        """The ambient decimal context changes neither discount nor shares."""
        with decimal.localcontext(context):
            off = discount_of(Discount.percent("12.345"), Decimal("1234567890.12"), "EUR")
            shares = order_discount_shares(
                Discount.percent("12.345"), [Decimal("1234567890.12"), Decimal("0.88")], "EUR"
            )

        # 12.345 % of 1234567890.12 is 152407406.035314, of 1234567891.00 is 152407406.14395
        assert str(off) == "152407406.04"
        assert list(map(str, shares)) == ["152407406.03", "0.11"]
