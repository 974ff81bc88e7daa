"""What documents say by their kind: titles, hints, and whether they ask for payment."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.invoices.chain import Chain
from billingcore.render.words import WORDS
from tests.unit.finals import P_1, SELLER, SETUP, final, house, issued, paper, plain, work

KIND = bc.InvoiceKind


def shown(draft, locale="de_DE"):
    """Write a document with single spaces, all on one line."""
    return " ".join(plain(bc.render.text(draft, locale)).split())


@pytest.mark.parametrize(
    ("kind", "german", "english"),
    [
        (KIND.STANDARD, "Rechnung (Entwurf)", "Invoice (draft)"),
        (KIND.PARTIAL, "Teilrechnung (Entwurf)", "Partial invoice (draft)"),
        (KIND.PROGRESS, "Abschlagsrechnung (Entwurf)", "Progress invoice (draft)"),
        (KIND.DEPOSIT, "Anzahlungsrechnung (Entwurf)", "Deposit invoice (draft)"),
        (KIND.FINAL, "Schlussrechnung (Entwurf)", "Final invoice (draft)"),
        (KIND.PRO_FORMA, "Proforma-Rechnung (Entwurf)", "Pro forma invoice (draft)"),
    ],
    ids=lambda value: value.name.lower() if isinstance(value, KIND) else "",
)
def test_titles(kind, german, english):
    """Every kind has its title in both languages."""
    made = paper(kind, work(100))

    assert f"\n{german}\n" in bc.render.text(made)
    assert f"\n{english}\n" in bc.render.text(made, "en_US")


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", KIND, ids=lambda kind: kind.name.lower())
def test_every_kind_has_its_words(language, kind):
    """No kind is without a title, or a word for what it does to another document."""
    words = WORDS[language]

    assert words[kind.value]
    assert words[f"{kind.value}_of"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            KIND.PROGRESS,
            (
                "Diese Rechnung fordert eine Abschlagszahlung an, bevor die Leistung ganz erbracht ist."
                " Sie gehört zur Vereinbarung house; die Schlussrechnung zieht sie ab."
            ),
        ),
        (
            KIND.DEPOSIT,
            (
                "Diese Rechnung fordert eine Anzahlung an, bevor die Leistung erbracht ist."
                " Sie gehört zur Vereinbarung house; die Schlussrechnung zieht sie ab."
            ),
        ),
    ],
    ids=["progress", "deposit"],
)
def test_payments_before_the_supply(kind, expected):
    """A claim before the supply can be told from an invoice, and names its agreement."""
    text = shown(
        issued(paper(kind, work(100), chain=Chain("house", milestone="Dach fertig")), "P-1")
    )

    assert expected in text
    assert "Vereinbarung house Meilenstein Dach fertig" in text
    assert "Bitte zahlen Sie 119,00 € bis zum 15.07.2026." in text


def test_a_deposit_without_an_agreement():
    """A deposit that no final deducts promises no deduction."""
    text = shown(paper(KIND.DEPOSIT, work(100), chain=Chain()))

    assert "eine Anzahlung" in text
    assert "Schlussrechnung" not in text
    assert "Vereinbarung" not in text


def test_a_pro_forma_invoice_asks_for_nothing():
    """It says that it is no invoice, and has neither a due date nor terms nor a bank."""
    text = shown(issued(paper(KIND.PRO_FORMA, work(100)), "F-1"))

    assert "keine Rechnung im Sinne der Umsatzsteuer und keine Aufforderung zur Zahlung" in text
    assert "Datum 01.07.2026" in text
    assert text.endswith("Bruttobetrag 119,00 €")
    for word in ("Fällig", "zahlen", "Rechnungsdatum", "IBAN"):
        assert word not in text


def test_a_canceled_final():
    """The cancellation of a final names it, and calls its deductions by their name."""
    invoice = issued(house())
    books = bc.Books("acme", setup=SETUP, invoices={invoice.number: invoice})
    text = shown(bc.cancel(invoice.number, books, reason="wrong"))

    assert "Storniert Schlussrechnung S-1 vom 01.07.2026" in text
    assert "Abzüglich vorangegangener Rechnungen -5.950,00 €" in text
    assert "Verrechnet mit S-1 -5.950,00 €" in text


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(
            14,
            "Please pay €8,330.00 by Jul 15, 2026."
            " You may keep back €595.00 as security; please pay it by Jul 1, 2027.",
            id="in-14-days",
        ),
        pytest.param(
            0,
            "Please pay €8,330.00 on receipt."
            " You may keep back €595.00 as security; please pay it by Jul 1, 2027.",
            id="at-once",
        ),
    ],
)
def test_what_is_kept_back(days, expected):
    """What a customer keeps back as security has a day of its own: 5 % of 11,900, of 8,925 due."""
    terms = bc.PaymentTerms(retention=bc.Retention(365, percent=5))
    setup = bc.Setup([bc.Template("Default", payment_days=days, payment_terms=terms)], [SELLER])
    made = issued(final([P_1], work(10000), setup=setup), payment_days=days)

    assert expected in shown(made, "en_US")
