"""Parties, their addresses and contacts, and means of payment."""

from __future__ import annotations

import pytest

import billingcore as bc

IBAN = "DE89370400440532013000"  # the example of the German central bank


def test_what_is_left_out_is_empty():
    """A name alone makes a party, a country an address, and a code a means of payment."""
    party, place = bc.Party("Acme"), bc.PostalAddress("FR")
    means, person = bc.PaymentMeans("10"), bc.PartyContact()

    assert (party.vat_id, party.address, party.contact, party.delivery) == ("", None, None, None)
    assert (place.lines, place.city, place.postcode, place.region) == ((), "", "", "")
    assert (means.account, means.mandate, means.card) == ("", "", "")
    assert (person.name, person.phone, person.email) == ("", "", "")


def test_accounts_are_written_without_blanks():
    """An IBAN can be given in groups of four, as people write it."""
    grouped = "DE89 3704 0044 0532 0130 00"
    means = bc.PaymentMeans("59", account=grouped, debited_account=grouped)

    assert (means.account, means.debited_account) == (IBAN, IBAN)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: bc.PostalAddress("de"), "country = 'de': not a country .* write 'DE'"),
        (lambda: bc.PostalAddress("UK"), "not a country of ISO 3166-1; use an ISO 3166-1 code"),
        (lambda: bc.PostalAddress(None), "not a country"),
        (lambda: bc.PostalAddress("DE", lines="Weg 1"), r"one text; use a list: \['Weg 1'\]"),
        (lambda: bc.PostalAddress("DE", lines=list("abcd")), "more than three"),
        (lambda: bc.Identifier("1", scheme="GLN"), "no scheme of ISO 6523 or EAS"),
        (lambda: bc.Identifier(""), "Identifier: value = '': not an id"),
        (lambda: bc.Party(""), "not an id"),
        (
            lambda: bc.Party("A", electronic_address=bc.Identifier("a@b.de")),
            "Party 'A': electronic_address = 'a@b.de': no scheme; .* scheme='EM'",
        ),
        (
            lambda: bc.Party("A", registration=bc.Identifier("a", scheme="EM")),
            "registration = 'EM': a scheme of electronic addresses",
        ),
        (lambda: bc.Party("A", address="Berlin"), "address = 'Berlin': not a PostalAddress"),
        (lambda: bc.PaymentMeans("71"), "code = '71': no code of a means of payment"),
        (lambda: bc.PaymentMeans("58", account=IBAN[:-1] + "1"), "no IBAN; check its digits"),
        (lambda: bc.PaymentMeans("58", account="123"), "account = '123': no IBAN"),
        (lambda: bc.PaymentMeans("59", debited_account="123"), "debited_account = '123': no IBAN"),
        (lambda: bc.PaymentMeans("58", account=IBAN, bic="COBA"), "bic = 'COBA': no BIC"),
        (lambda: bc.PaymentMeans("48", card="4111111111111111"), "card = '16 digits'"),
        (lambda: bc.PaymentMeans("48", card="12a4"), "not the end of a card"),
        (lambda: bc.Account("a", currency="EUR", party="Acme"), "party = 'Acme': not a Party"),
        (
            lambda: bc.BusinessEntity("a", payment_means=IBAN),
            "payment_means = .*: not a PaymentMeans",
        ),
    ],
    ids=range(20),
)
def test_what_is_wrong_is_refused(make, message):
    """Each record refuses what cannot be right, with the field and what to write instead."""
    with pytest.raises(bc.InvalidInputError, match=message):
        make()


def test_other_accounts_need_no_check_digits():
    """Outside SEPA a bank has numbers of its own."""
    assert bc.PaymentMeans("30", account="123 456").account == "123456"


def test_card_numbers_are_never_told():
    """A card number that is too long is not repeated in the error."""
    with pytest.raises(bc.InvalidInputError) as error:
        bc.PaymentMeans("48", card="4111111111111111")

    assert "4111" not in str(error.value)
