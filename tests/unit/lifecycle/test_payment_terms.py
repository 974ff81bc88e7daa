"""Installments and cash discounts: in which parts, and how early, a document is paid."""

import datetime as dt
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.invoices.payment_terms import cash_discounts, installments
from tests.unit.lifecycle.papers import ACME, JANUARY, euros, paper, with_terms

THIRDS = bc.PaymentTerms(installments=[bc.Installment(days) for days in (60, 0, 30)])
SKONTO = bc.PaymentTerms(
    cash_discounts=[bc.CashDiscount(14, percent=2), bc.CashDiscount(7, percent="3.5")]
)


def test_installments_add_up_to_what_is_due():
    """A cent that is left goes to the first part; the parts come by their days."""
    found = installments(with_terms(paper("A", "100.00"), THIRDS))

    assert [part.amount for part in found] == euros("33.34", "33.33", "33.33")
    assert [part.date for part in found] == [
        dt.date(2026, 1, 31),
        dt.date(2026, 3, 2),
        dt.date(2026, 4, 1),
    ]


def test_installments_can_have_shares():
    """30 % at once and 70 % after 30 days."""
    terms = bc.PaymentTerms(
        installments=[bc.Installment(0, share="0.3"), bc.Installment(30, share="0.7")]
    )

    found = installments(with_terms(paper("A", "145.05"), terms))

    assert [part.amount for part in found] == euros("43.52", "101.53")


def test_without_terms_all_is_due_on_the_due_date():
    """There is one part."""
    assert installments(paper("A", 100, days=14)) == ((dt.date(2026, 2, 14), Decimal(100)),)


def test_what_is_not_owed_is_not_paid_in_parts():
    """A credit has no installments and no cash discount."""
    credit = with_terms(with_terms(paper("C", -5), THIRDS), SKONTO)

    assert installments(credit) == ()
    assert cash_discounts(credit) == ()


def test_the_last_installment_is_the_due_date():
    """It goes before payment days, also those of the account."""
    setup = bc.Setup([bc.Template("Default", payment_days=14, payment_terms=THIRDS)])
    account = bc.Account("acme", currency="EUR", payment_days=7)
    for payer in (ACME, account):
        draft = bc.draft(payer, [bc.Item("a", unit_price=1)], period=JANUARY, setup=setup)
        assert draft.payment_days == 60


def test_a_cash_discount_is_rounded_once():
    """3.5 % of 99.99 are 3.49965, so 3.50."""
    found = cash_discounts(with_terms(paper("A", "99.99"), SKONTO))

    assert [(offer.discount, offer.amount) for offer in found] == [
        (Decimal("3.50"), Decimal("96.49")),
        (Decimal("2.00"), Decimal("97.99")),
    ]
    assert [offer.date for offer in found] == [dt.date(2026, 2, 7), dt.date(2026, 2, 14)]


def test_terms_end_with_the_calendar():
    """The last day that there is is the last day of the term."""
    late = with_terms(paper("A", 100, on=dt.date(9999, 12, 30)), SKONTO)

    assert {offer.date for offer in cash_discounts(late)} == {dt.date.max}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: bc.Installment(-1), "days = -1: not a count"),
        (lambda: bc.Installment(1, share=0), "share = 0: not above 0"),
        (lambda: bc.CashDiscount(1, percent=0), "percent = 0: not a part of the amount"),
        (lambda: bc.CashDiscount(1, percent=100), "percent = 100: not a part of the amount"),
        (
            lambda: bc.PaymentTerms(installments=[bc.Installment(1), bc.Installment(1, share=2)]),
            "two are due on the same day; put them together",
        ),
        (
            lambda: bc.PaymentTerms(
                cash_discounts=[bc.CashDiscount(7, percent=2), bc.CashDiscount(14, percent=2)]
            ),
            "not lower for paying later",
        ),
        (
            lambda: bc.PaymentTerms(
                cash_discounts=[bc.CashDiscount(7, percent=3), bc.CashDiscount(7, percent=2)]
            ),
            "not lower for paying later",
        ),
        (lambda: bc.PaymentTerms(installments=[30]), "not an Installment"),
    ],
    ids=[
        "days before",
        "no share",
        "no discount",
        "all as discount",
        "two parts on one day",
        "two equal discounts",
        "two discounts on one day",
        "no installment",
    ],
)
def test_terms_that_make_no_sense_are_refused(make, message):
    """The error says what to write instead."""
    with pytest.raises(bc.InvalidInputError, match=message):
        make()
