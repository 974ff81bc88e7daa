"""What a printed document says of both sides and of payment is what its electronic form says."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore import export
from tests.unit.export.selling import BUYER, MEANS, SELLER, issue, sold, store_with

DEBIT = bc.PaymentMeans(
    "59", mandate="M-1", creditor_id="DE98ZZZ09999999999", debited_account="DE02120300000000202051"
)


def printed(locale="de_DE", **options):
    """Print an invoice as lines whose words are one blank apart."""
    text = bc.render.text(issue(store_with(**options), sold()), locale)
    return [" ".join(line.split()) for line in text.splitlines()]


def test_parties_stand_on_the_document():
    """Name, address and VAT identifier come from the parties where the records have none."""
    assert printed()[:12] == [
        "Sales GmbH", "Weg 1", "Hof", "2. OG", "10115 Berlin", "USt-IdNr. DE123456789", "",
        "Acme GmbH", "53111 Bonn", "USt-IdNr. DE987654321", "", "Rechnung 2026-00001",
    ]  # fmt: skip


def test_free_text_goes_first():
    """A record that has an address or tax id of its own keeps it; only the name is the legal one."""
    lines = printed(address="Postfach 7\nBonn", tax_id="12/345")

    assert lines[7:11] == ["Acme GmbH", "Postfach 7", "Bonn", "Steuernummer 12/345"]


@pytest.mark.parametrize(
    ("locale", "here", "there"),
    [("de_DE", "Deutschland", "Österreich"), ("fr_FR", "Allemagne", "Autriche")],
    ids=["german", "french"],
)
def test_countries_are_named_across_a_border(locale, here, there):
    """Between two countries both are named, in the language of the document."""
    vienna = bc.PostalAddress("AT", lines=["Ring 1"], city="Wien", postcode="1010", region="Wien")
    lines = printed(locale, buyer=bc.Party("Wien AG", address=vienna))

    assert lines[4:6] == ["10115 Berlin", here]
    assert lines[8:13] == ["Wien AG", "Ring 1", "1010 Wien", "Wien", there]


def test_sides_of_which_little_is_known():
    """A party without an address has its name and tax number, and no country is guessed."""
    bare = bc.Party("Sales KG", tax_number="20/123/45678")
    lines = printed(seller=bare, buyer=None, means=None)

    assert lines[:4] == ["Sales KG", "Steuernummer 20/123/45678", "", "Acme"]
    assert "Bankverbindung" not in lines


def test_the_name_is_that_of_the_electronic_invoice():
    """Page and data name both sides alike, so that a PDF and its XML say the same."""
    invoice = issue(store_with(), sold())
    data, page = export.en16931(invoice), bc.render.page(invoice)

    assert (data["BG-4"]["BT-27"], data["BG-7"]["BT-44"]) == (SELLER.name, BUYER.name)
    assert f"<p>{SELLER.name}</p>" in page
    assert f"<p>{BUYER.name}</p>" in page


TRANSFERS = {
    "sepa": (MEANS, ["IBAN DE89 3704 0044 0532 0130 00", "BIC COBADEFFXXX"]),
    "named": (
        bc.PaymentMeans("30", account="0532013000", account_name="Sales"),
        ["Sales", "0532013000"],
    ),
}


@pytest.mark.parametrize(("means", "expected"), TRANSFERS.values(), ids=TRANSFERS)
def test_where_to_pay(means, expected):
    """The account of the payment means is printed where the entity has no lines of its own."""
    lines = printed(means=means)

    assert lines[lines.index("Bankverbindung") + 1 :] == expected


@pytest.mark.parametrize(
    "means",
    [bc.PaymentMeans("10"), bc.PaymentMeans("48", card="1234"), bc.PaymentMeans("58")],
    ids=["cash", "card", "transfer-without-account"],
)
def test_no_account_to_pay_to(means):
    """Nothing is printed of where to pay if no account is to be paid to."""
    assert "Bankverbindung" not in printed(means=means)


def test_lines_of_the_entity_go_first():
    """What a seller writes about its bank stands on the document as it is."""
    entity = bc.BusinessEntity("Sales", bank="Sparkasse Kiel", payment_means=MEANS)
    store = bc.MemoryStore(setup=bc.Setup(entities=[entity]))
    store.add(bc.Account("acme", currency="EUR", entity="Sales"))
    text = bc.render.text(issue(store, sold(code=None)), "en_GB")

    assert text.endswith("Bank details\nSparkasse Kiel")


def test_a_direct_debit_asks_for_no_transfer():
    """What the seller collects is announced with mandate, creditor and account; nobody is to pay."""
    lines = printed(payment_means=DEBIT)

    assert "Wir ziehen 119,00 € am 15.02.2026 per Lastschrift ein." in lines
    assert lines[lines.index("Lastschrift") + 1 :] == [
        "Mandatsreferenz M-1",
        "Gläubiger-ID DE98ZZZ09999999999",
        "Vom Konto DE02 1203 0000 0000 2020 51",
    ]
    assert not any("Bitte zahlen" in line or "IBAN" in line for line in lines)


def test_the_creditor_of_a_direct_debit_is_the_seller():
    """A mandate of the account is completed by the creditor identifier of the seller."""
    seller = bc.PaymentMeans("59", creditor_id="DE98ZZZ09999999999")
    lines = printed(means=seller, payment_means=bc.PaymentMeans("59", mandate="M-2"))

    assert lines[lines.index("Lastschrift") + 1 :] == [
        "Mandatsreferenz M-2",
        "Gläubiger-ID DE98ZZZ09999999999",
    ]


def test_a_direct_debit_of_a_document_without_a_seller():
    """An account that pays by direct debit says so without a business entity, too."""
    store = bc.MemoryStore()
    means = bc.PaymentMeans("59", mandate="M-3")
    store.add(bc.Account("acme", currency="EUR", payment_means=means))
    text = bc.render.text(issue(store, sold(code=None)), "en_GB")

    assert text.endswith("Direct debit\nMandate reference M-3")


def test_the_tax_in_the_house_currency():
    """19.00 USD at 0.90 are 17.10 EUR, which stands below the tax, as BT-111 does in the data."""
    totals = export.en16931(issue(store_with(currency="USD"), sold()))["BG-22"]

    assert "Umsatzsteuer, 1 USD = 0,9 EUR 17,10 €" in printed(currency="USD")
    assert str(totals["BT-111"]) == "17.10"


@pytest.mark.parametrize("means", [MEANS, DEBIT], ids=["transfer", "debit"])
def test_a_credit_asks_for_no_payment(means):
    """A document that gives money back names no account to pay to, and debits nothing."""
    store = store_with(means=means)
    invoice = issue(store, sold())
    credit = bc.credit(invoice.number, store.books("acme"), gross="57.00")
    text = bc.render.text(bc.finalize(credit, store, on="2026-02-02"), "de_DE")

    assert "Zu Ihren Gunsten" in text
    assert "Bankverbindung" not in text
    assert "Lastschrift" not in text
