"""Whatever the host has done to its decimal context, every value comes out the same."""

from __future__ import annotations

import decimal
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from billingcore import (
    Money,
    Rounding,
    allocate,
    monthly,
    proration,
    round_amount,
    round_to_increment,
)
from billingcore.errors import InvalidInputError
from billingcore.values.numbers import exact
from tests.strategies import HOSTILE_CONTEXTS

BIG = "123456789012345.123456789"
QUESTIONS = {
    "read text": (lambda: exact(BIG), BIG),
    "read minus": (lambda: exact(f"-{BIG}"), f"-{BIG}"),
    "read an exponent": (lambda: exact(Decimal("1.25E+9")), "1250000000"),
    "read minus zero": (lambda: exact("-0.000"), "0.000"),
    "round": (lambda: round_amount(BIG, "EUR"), "123456789012345.12"),
    "round a fraction": (lambda: round_amount(Fraction(10**12, 7), "KWD"), "142857142857.143"),
    "round up": (lambda: round_amount("-12345678.901", "EUR", Rounding.UP), "-12345678.91"),
    "round for cash": (lambda: round_to_increment("12345678.925", "0.05"), "12345678.95"),
    "allocate": (
        lambda: " ".join(
            map(str, allocate("1000000000.00", ["1", "1.0000001", 1], currency="EUR"))
        ),
        "333333322.22 333333355.56 333333322.22",
    ),
    "add": (
        lambda: Money("99999999999999.99", "EUR") + Money("0.01", "EUR"),
        "100000000000000.00 EUR",
    ),
    "subtract": (lambda: Money("0.01", "EUR") - Money("123456789.01", "EUR"), "-123456789.00 EUR"),
    "negate": (lambda: -Money("1234567890.12", "EUR"), "-1234567890.12 EUR"),
    "prorate": (
        lambda: round_amount(
            100
            * proration.CALENDAR_MONTHS.factor(
                monthly(anchor=date(2025, 1, 31)).period(1), monthly()
            ),
            "EUR",
        ),
        "100.35",
    ),
}


@pytest.mark.parametrize(("question", "answer"), QUESTIONS.values(), ids=QUESTIONS)
def test_the_same_under_every_context(question, answer):
    """Precision, rounding and traps of the ambient context change no digit and raise nothing."""
    answers = set()
    for context in HOSTILE_CONTEXTS:
        with decimal.localcontext(context):
            answers.add(str(question()))

    assert answers == {answer}


@pytest.mark.parametrize("wrong", ["1e5", Decimal("1E+999999"), 0.1, Decimal("sNaN")], ids=str)
def test_the_same_refusals(wrong):
    """What is refused is refused under every context."""
    for context in HOSTILE_CONTEXTS:
        with decimal.localcontext(context), pytest.raises(InvalidInputError):
            exact(wrong)
