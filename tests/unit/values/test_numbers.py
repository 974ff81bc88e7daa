"""The door through which numbers enter."""

from __future__ import annotations

import time
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from types import SimpleNamespace

import pytest

from billingcore import InvalidInputError
from billingcore.errors import show
from billingcore.values.boundary import Boundary
from billingcore.values.numbers import exact, exact_money


class Level(IntEnum):
    THREE = 3


class OwnDecimal(Decimal):
    pass


class OwnText(str):
    __slots__ = ()


ACCEPTED = [
    pytest.param(0, "0", id="zero"),
    pytest.param(42, "42", id="whole number"),
    pytest.param(-7, "-7", id="negative whole number"),
    pytest.param(999_999_999_999_999, "999999999999999", id="fifteen digits"),
    pytest.param(Level.THREE, "3", id="integer enumeration"),
    pytest.param(Decimal("19.90"), "19.90", id="Decimal keeps its zeros"),
    pytest.param(Decimal("1E+3"), "1000", id="Decimal with a positive exponent"),
    pytest.param(Decimal("-0.00"), "0.00", id="Decimal minus zero"),
    pytest.param(Decimal("0.000000001"), "1E-9", id="Decimal with nine places"),
    pytest.param(OwnDecimal("2.50"), "2.50", id="subclass of Decimal"),
    pytest.param("19.99", "19.99", id="text"),
    pytest.param(OwnText("19.99"), "19.99", id="subclass of str"),
    pytest.param("+5", "5", id="text with plus"),
    pytest.param("-5.10", "-5.10", id="text with minus"),
    pytest.param(".5", "0.5", id="text without a digit before the point"),
    pytest.param("007", "7", id="text with leading zeros"),
    pytest.param("-0", "0", id="text minus zero"),
    pytest.param("-0.00", "0.00", id="text minus zero with places"),
    pytest.param("-999999999999999.999999999", "-999999999999999.999999999", id="longest text"),
]

REFUSED = [
    pytest.param(0.1, "a float is not exact", "'0.1'", id="float"),
    pytest.param(float("nan"), "a float is not exact", "write", id="float NaN"),
    pytest.param(float("inf"), "a float is not exact", "write", id="float infinity"),
    pytest.param(True, "a truth value is not a number", "0 or 1", id="bool"),
    pytest.param(None, "not a number", "Decimal", id="None"),
    pytest.param(b"1", "not a number", "Decimal", id="bytes"),
    pytest.param(1j, "not a number", "Decimal", id="complex"),
    pytest.param(Fraction(1, 3), "not a number", "Decimal", id="fraction"),
    pytest.param([1], "not a number", "Decimal", id="list"),
    pytest.param(10**15, "the number is too large", "15 digits", id="sixteen digits"),
    pytest.param(-(10**15), "the number is too large", "15 digits", id="minus sixteen digits"),
    pytest.param(10**5000, "the number is too large", "15 digits", id="5000-digit int"),
    pytest.param(Decimal("NaN"), "not a finite number", "plain", id="Decimal NaN"),
    pytest.param(Decimal("sNaN"), "not a finite number", "plain", id="Decimal sNaN"),
    pytest.param(Decimal("-Infinity"), "not a finite number", "plain", id="Decimal infinity"),
    pytest.param(Decimal("1e999999"), "the number is too long", "15 digits", id="1e999999"),
    pytest.param(Decimal("-1e-999999"), "the number is too long", "9 after", id="1e-999999"),
    pytest.param(Decimal("0e999999"), "the number is too long", "15 digits", id="0e999999"),
    pytest.param(Decimal("1e15"), "the number is too long", "15 digits", id="Decimal 1e15"),
    pytest.param(Decimal("0.0000000001"), "the number is too long", "9 after", id="ten places"),
    pytest.param("", "not a decimal number", "plain digits", id="empty text"),
    pytest.param(".", "not a decimal number", "plain digits", id="only a point"),
    pytest.param("-", "not a decimal number", "plain digits", id="only a sign"),
    pytest.param("5.", "not a decimal number", "plain digits", id="nothing after the point"),
    pytest.param("1.2.3", "not a decimal number", "plain digits", id="two points"),
    pytest.param("--1", "not a decimal number", "plain digits", id="two signs"),
    pytest.param("1,5", "not a decimal number", "'1.5'", id="decimal comma"),
    pytest.param("1,234,567", "not a decimal number", "plain digits", id="grouping"),
    pytest.param("NaN", "not a decimal number", "plain digits", id="text NaN"),
    pytest.param("Infinity", "not a decimal number", "plain digits", id="text Infinity"),
    pytest.param("1e5", "not a decimal number", "plain digits", id="text exponent"),
    pytest.param("1_000", "not a decimal number", "plain digits", id="underscore"),
    pytest.param(" 12", "not a decimal number", "plain digits", id="space before"),
    pytest.param("12 ", "not a decimal number", "plain digits", id="space after"),
    pytest.param("12\n", "not a decimal number", "plain digits", id="line feed after"),
    pytest.param("1\xa0000", "not a decimal number", "plain digits", id="no-break space"),
    pytest.param("\uff11\uff12", "not a decimal number", "plain digits", id="full-width digits"),
    pytest.param("\u0661\u0662", "not a decimal number", "plain digits", id="Arabic digits"),
    pytest.param("\u22125", "not a decimal number", "plain digits", id="minus sign U+2212"),
    pytest.param("0x10", "not a decimal number", "plain digits", id="hexadecimal"),
    pytest.param("€5", "not a decimal number", "plain digits", id="currency sign"),
    pytest.param("1" * 16, "not a decimal number", "15 digits", id="text of sixteen digits"),
    pytest.param("0.1234567890", "not a decimal number", "9 after", id="text of ten places"),
    pytest.param("1" * 1_000_000, "not a decimal number", "15 digits", id="1 MB of text"),
    pytest.param("," * 1_000_000, "not a decimal number", "15 digits", id="1 MB of commas"),
]


class TestExact:
    @pytest.mark.parametrize(("given", "expected"), ACCEPTED)
    def test_accepts(self, given, expected):
        """An exact number comes out as the same Decimal, with its digits and without minus zero."""
        number = exact(given)

        assert type(number) is Decimal
        assert str(number) == expected

    @pytest.mark.parametrize(("given", "rule", "fix"), REFUSED)
    def test_refuses(self, given, rule, fix):
        """What is no exact number of bounded size is refused, with the value and a fix."""
        with pytest.raises(InvalidInputError) as caught:
            exact(given)

        assert caught.value.rule == rule
        assert caught.value.value is given
        assert fix in caught.value.fix

    @pytest.mark.parametrize(("given", "rule", "fix"), REFUSED)
    def test_a_record_names_the_field(self, given, rule, fix):
        """Behind a record's door the error also names record and field, in a short message."""
        with pytest.raises(InvalidInputError) as caught:
            Boundary("Item", "seats").number("unit_price", given)

        error = caught.value
        assert (error.record, error.field, error.value) == ("Item 'seats'", "unit_price", given)
        assert str(error).startswith(f"Item 'seats': unit_price = {show(given)}: {rule}; ")
        assert fix in str(error)
        assert len(str(error)) < 300

    def test_huge_values_cost_nothing(self):
        """Every refusal, with its message, takes the same short time however large the value is."""
        began = time.perf_counter()
        for case in REFUSED:
            with pytest.raises(InvalidInputError) as caught:
                Boundary("Item", "seats").number("unit_price", case.values[0])
            assert str(caught.value)

        assert time.perf_counter() - began < 0.5


class TestExactMoney:
    @pytest.mark.parametrize("amount", [Decimal("5.00"), "5.00", 5], ids=repr)
    def test_takes_amount_and_currency(self, amount):
        """An object with amount and currency brings both, whatever library it is from."""
        number, currency = exact_money(SimpleNamespace(amount=amount, currency="EUR"))

        assert (number, currency) == (5, "EUR")

    def test_the_currency_may_be_an_object(self):
        """A currency is written as text, as money types with currency objects do."""

        class Currency:
            def __str__(self):
                return "USD"

        assert exact_money(SimpleNamespace(amount=Decimal(1), currency=Currency())) == (1, "USD")

    @pytest.mark.parametrize("plain", [5, "5", Decimal(5)], ids=repr)
    def test_a_plain_number_has_no_currency(self, plain):
        """A number is taken as `exact` takes it, without a currency."""
        assert exact_money(plain) == (5, None)

    @pytest.mark.parametrize(
        "wrong",
        [
            0.5,
            True,
            None,
            object(),
            SimpleNamespace(amount=0.5, currency="EUR"),
            SimpleNamespace(amount=Decimal("NaN"), currency="EUR"),
            SimpleNamespace(amount=1),
        ],
        ids=["float", "bool", "None", "object", "float inside", "NaN inside", "no currency"],
    )
    def test_refuses_what_exact_refuses(self, wrong):
        """The amount passes the same door as every number."""
        with pytest.raises(InvalidInputError):
            exact_money(wrong)
