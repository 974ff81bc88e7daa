"""Strategies for who sells, who buys, and how is paid, as electronic invoices name it."""

# What `builds` hands to a function is known to it, and not to the type checker.
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from billingcore.records.party import Identifier, Party, PartyContact, PostalAddress
from billingcore.records.payment_means import PaymentMeans
from billingcore.testing.strategies.of_values import ids, optional, texts

__all__ = [
    "CLASSES_OF_PARTIES",
    "identifiers",
    "parties",
    "party_contacts",
    "payment_means",
    "postal_addresses",
]


def postal_addresses() -> st.SearchStrategy[PostalAddress]:
    """Draw structured addresses."""
    return st.builds(
        PostalAddress,
        st.sampled_from(["DE", "FR", "CH"]),
        lines=st.lists(ids(), max_size=3),
        city=texts(),
        postcode=st.sampled_from(["", "10115"]),
        region=texts(),
    )


def party_contacts() -> st.SearchStrategy[PartyContact]:
    """Draw whom to ask."""
    mail = st.sampled_from(["", "anna@acme.example"])
    return st.builds(PartyContact, texts(), phone=st.sampled_from(["", "+49 30 1234"]), email=mail)


def identifiers() -> st.SearchStrategy[Identifier]:
    """Draw numbers of a register."""
    return st.builds(Identifier, ids(), scheme=st.sampled_from(["", "0088", "0204"]))


def parties() -> st.SearchStrategy[Party]:
    """Draw sellers and buyers as electronic invoices name them."""
    return st.builds(
        Party,
        ids(),
        trading_name=texts(),
        identifier=optional(identifiers()),
        registration=optional(identifiers()),
        vat_id=st.sampled_from(["", "DE123456789"]),
        tax_number=st.sampled_from(["", "27/123/45678"]),
        legal_info=texts(),
        electronic_address=optional(st.builds(Identifier, ids(), scheme=st.just("EM"))),
        address=optional(postal_addresses()),
        contact=optional(party_contacts()),
        buyer_reference=texts(),
        delivery=optional(postal_addresses()),
    )


def payment_means() -> st.SearchStrategy[PaymentMeans]:
    """Draw ways to pay: transfers, direct debits and cards."""
    return st.one_of(
        st.builds(
            PaymentMeans,
            st.sampled_from(["30", "58"]),
            account=st.just("DE89370400440532013000"),
            bic=st.sampled_from(["", "COBADEFFXXX"]),
            account_name=texts(),
        ),
        st.builds(PaymentMeans, st.just("59"), mandate=ids(), creditor_id=ids()),
        st.builds(PaymentMeans, st.just("48"), card=st.just("1234"), card_holder=texts()),
    )


CLASSES_OF_PARTIES: Final[dict[type, st.SearchStrategy[Any]]] = {
    Identifier: identifiers(),
    Party: parties(),
    PartyContact: party_contacts(),
    PaymentMeans: payment_means(),
    PostalAddress: postal_addresses(),
}
"""Class → a strategy of its values."""
