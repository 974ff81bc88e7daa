"""How a document says in which parts, and how early, it is to be paid."""

import datetime as dt

import pytest

import billingcore as bc
from billingcore import render

TERMS = bc.PaymentTerms(
    installments=[bc.Installment(30), bc.Installment(60)],
    cash_discounts=[bc.CashDiscount(7, percent=3), bc.CashDiscount(14, percent="1.5")],
)
SKONTO = bc.PaymentTerms(cash_discounts=[bc.CashDiscount(7, percent=3)])


def invoice_with(terms, price="99.99"):
    """Give an invoice of 31 January with payment terms."""
    setup = bc.Setup([bc.Template("Default", payment_terms=terms)])
    account = bc.Account("acme", currency="EUR")
    item = bc.Item("work", unit_price=price)
    draft = bc.draft(account, [item], period=bc.Period.month(2026, 1), setup=setup)
    day = dt.date(2026, 1, 31)
    return bc.Invoice("2026-00001", day, day + dt.timedelta(draft.payment_days), draft)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        (
            "en_GB",
            [
                "Please pay €50.00 by 2 Mar 2026.",
                "Please pay €49.99 by 1 Apr 2026.",
                "By 7 Feb 2026 you may deduct 3%: €3.00, and pay €96.99.",
                "By 14 Feb 2026 you may deduct 1.5%: €1.50, and pay €98.49.",
            ],
        ),
        (
            "de_DE",
            [
                "Bitte zahlen Sie 50,00 € bis zum 02.03.2026.",
                "Bitte zahlen Sie 49,99 € bis zum 01.04.2026.",
                "Bis zum 07.02.2026 3 % Skonto: 3,00 €, dann sind es 96,99 €.",
                "Bis zum 14.02.2026 1,5 % Skonto: 1,50 €, dann sind es 98,49 €.",
            ],
        ),
    ],
    ids=["English", "German"],
)
def test_installments_and_cash_discounts_are_told(locale, expected):
    """One line for each part, and one for each discount."""
    written = render.text(invoice_with(TERMS), locale).replace("\N{NO-BREAK SPACE}", " ")

    assert written.splitlines()[-4:] == expected


def test_a_document_that_is_due_at_once_can_have_a_cash_discount():
    """The line about it comes last."""
    written = render.text(invoice_with(SKONTO), "en_GB").splitlines()

    assert written[-2:] == [
        "Please pay €99.99 on receipt.",
        "By 7 Feb 2026 you may deduct 3%: €3.00, and pay €96.99.",
    ]


def test_a_credit_tells_no_terms():
    """Nothing is asked for."""
    assert "deduct" not in render.text(invoice_with(TERMS, "-5"), "en_GB")
