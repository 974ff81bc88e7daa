"""Payments as they enter."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

import billingcore as bc


def payment(**fields):
    """Make a payment of acme."""
    usual = {"account": "acme", "amount": 10, "currency": "EUR", "date": "2026-02-01"}
    return bc.Payment("P-1", **(usual | fields))


@pytest.mark.parametrize(
    ("kind", "effect"),
    [
        (bc.PaymentKind.PAYMENT, "-10"),
        (bc.PaymentKind.PREPAYMENT, "-10"),
        (bc.PaymentKind.GRANT, "-10"),
        (bc.PaymentKind.REFUND, "10"),
        (bc.PaymentKind.PAYOUT, "10"),
        (bc.PaymentKind.WRITE_OFF, "-10"),
        (bc.PaymentKind.CASH_DISCOUNT, "-10"),
        (bc.PaymentKind.DUNNING_FEE, "10"),
        (bc.PaymentKind.PROVIDER_FEE, "0"),
    ],
    ids=lambda value: value.value if isinstance(value, bc.PaymentKind) else value,
)
def test_each_kind_has_its_effect(kind, effect):
    """What comes in is owed no more, what goes out or is asked for is owed once more."""
    assert payment(kind=kind).effect == Decimal(effect)


def test_an_amount_can_bring_its_currency():
    """Money of other libraries has an amount and a currency."""
    money = SimpleNamespace(amount=Decimal("9.99"), currency="CHF")

    assert payment(amount=money, currency=None).currency == "CHF"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": SimpleNamespace(amount=Decimal(1), currency="CHF")}, "not in EUR"),
        ({"amount": "1.005"}, "more than 2 digits"),
        ({"amount": 0.5}, "a float is not exact"),
        ({"currency": None}, "not a currency"),
        ({"invoices": "2026-00001"}, "one text; use a list"),
        ({"invoices": None}, "invoices = None: no list; use a list of numbers"),
        ({"date": "today"}, "date = 'today'"),
        ({"kind": "gift"}, "not a PaymentKind"),
    ],
    ids=[
        "two currencies",
        "digits",
        "float",
        "no currency",
        "one text",
        "no list",
        "no day",
        "no kind",
    ],
)
def test_mistakes_are_named(fields, words):
    """Each error names the payment, the field, and what to write."""
    with pytest.raises(bc.InvalidInputError, match=f"Payment 'P-1': .*{words}"):
        payment(**fields)
