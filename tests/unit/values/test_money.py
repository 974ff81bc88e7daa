"""Amounts with their currency."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest

from billingcore import CurrencyMismatchError, InvalidInputError, Money


class TestMoney:
    def test_arithmetic_of_one_currency(self):
        """Amounts of one currency are added, subtracted and negated exactly."""
        assert Money("10.00", "EUR") + Money("2.50", "EUR") == Money("12.50", "EUR")
        assert Money("10.00", "EUR") - Money("2.50", "EUR") == Money("7.50", "EUR")
        assert -Money("10.00", "EUR") == Money("-10.00", "EUR")

    def test_never_minus_zero(self):
        """Nothing has no sign."""
        assert str(-Money(0, "EUR")) == "0 EUR"
        assert str(Money("1.00", "EUR") - Money("1.00", "EUR")) == "0.00 EUR"
        assert str(-Money("0.00", "EUR") + -Money("0.00", "EUR")) == "0.00 EUR"

    def test_two_currencies(self):
        """Amounts of two currencies are neither added nor subtracted nor equal."""
        with pytest.raises(CurrencyMismatchError, match="cannot combine EUR with USD"):
            Money(1, "EUR") + Money(1, "USD")
        with pytest.raises(CurrencyMismatchError, match="cannot combine EUR with USD"):
            Money(1, "EUR") - Money(1, "USD")
        assert Money(1, "EUR") != Money(1, "USD")

    def test_is_no_truth_value(self):
        """Asking whether money is true is a mistake, and says what to ask."""
        with pytest.raises(TypeError, match="ask for the amount"):
            bool(Money(0, "EUR"))

    @pytest.mark.parametrize(
        ("amount", "currency", "message"),
        [
            (0.1, "EUR", r"^Money: amount = 0\.1 \(float\): a float is not exact"),
            (1, "EUX", r"^Money: currency = 'EUX': not a currency of ISO 4217"),
        ],
        ids=["amount", "currency"],
    )
    def test_refuses(self, amount, currency, message):
        """The error names which of the two is wrong."""
        with pytest.raises(InvalidInputError, match=message):
            Money(amount, currency)

    @pytest.mark.parametrize("amount", ["12.50", "-3", "0.00", "1000000", "0.0000001"])
    def test_written_and_read_again(self, amount):
        """Its representation is what makes it, and it survives pickling."""
        money = Money(amount, "EUR")

        assert repr(money) == f"Money('{amount}', 'EUR')"
        assert Money(*eval(repr(money)[5:])) == money  # noqa: S307
        assert pickle.loads(pickle.dumps(money)) == money  # noqa: S301
        assert hash(money) == hash(Money(Decimal(amount), "EUR"))
