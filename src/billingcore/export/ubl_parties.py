"""The parties of UBL as a table: which element holds which term, in the order of the schema."""

from __future__ import annotations

from typing import Final

from billingcore.export.ubl_element import Element, group, identifier, tax_scheme

__all__ = ["PARTIES"]


def _address(name: str, terms: tuple[str, ...]) -> Element:
    street, second, third, city, post_code, subdivision, country = terms
    return group(
        name,
        Element("cbc:StreetName", street),
        Element("cbc:AdditionalStreetName", second),
        Element("cbc:CityName", city),
        Element("cbc:PostalZone", post_code),
        Element("cbc:CountrySubentity", subdivision),
        group("cac:AddressLine", Element("cbc:Line", third)),
        group("cac:Country", Element("cbc:IdentificationCode", country)),
    )


def _party_name(term: str) -> Element:
    return group("cac:PartyName", Element("cbc:Name", term))


def _party_identifier(term: str) -> Element:
    return group("cac:PartyIdentification", identifier("cbc:ID", term), each=term)


def _registration(term: str, scheme: str) -> Element:
    return group("cac:PartyTaxScheme", Element("cbc:CompanyID", term), tax_scheme(scheme))


def _contact(name: str, phone: str, mail: str) -> Element:
    return group(
        "cac:Contact",
        Element("cbc:Name", name),
        Element("cbc:Telephone", phone),
        Element("cbc:ElectronicMail", mail),
    )


_CREDITOR: Final = Element("cbc:ID", "BT-90", attributes=(("schemeID", "SEPA"),))

_SELLER: Final = group(
    "cac:Party",
    identifier("cbc:EndpointID", "BT-34"),
    _party_identifier("BT-29"),
    group("cac:PartyIdentification", _CREDITOR),
    _party_name("BT-28"),
    _address("cac:PostalAddress", ("BT-35", "BT-36", "BT-162", "BT-37", "BT-38", "BT-39", "BT-40")),
    _registration("BT-31", "VAT"),
    _registration("BT-32", "LOC"),
    group(
        "cac:PartyLegalEntity",
        Element("cbc:RegistrationName", "BT-27"),
        identifier("cbc:CompanyID", "BT-30"),
        Element("cbc:CompanyLegalForm", "BT-33"),
    ),
    _contact("BT-41", "BT-42", "BT-43"),
)

_BUYER: Final = group(
    "cac:Party",
    identifier("cbc:EndpointID", "BT-49"),
    _party_identifier("BT-46"),
    _party_name("BT-45"),
    _address("cac:PostalAddress", ("BT-50", "BT-51", "BT-163", "BT-52", "BT-53", "BT-54", "BT-55")),
    _registration("BT-48", "VAT"),
    group(
        "cac:PartyLegalEntity",
        Element("cbc:RegistrationName", "BT-44"),
        identifier("cbc:CompanyID", "BT-47"),
    ),
    _contact("BT-56", "BT-57", "BT-58"),
)

PARTIES: Final = (
    group("cac:AccountingSupplierParty", _SELLER),
    group("cac:AccountingCustomerParty", _BUYER),
    group(
        "cac:PayeeParty",
        _party_identifier("BT-60"),
        _party_name("BT-59"),
        group("cac:PartyLegalEntity", identifier("cbc:CompanyID", "BT-61")),
    ),
    group(
        "cac:TaxRepresentativeParty",
        _party_name("BT-62"),
        _address(
            "cac:PostalAddress", ("BT-64", "BT-65", "BT-164", "BT-66", "BT-67", "BT-68", "BT-69")
        ),
        _registration("BT-63", "VAT"),
    ),
    group(
        "cac:Delivery",
        Element("cbc:ActualDeliveryDate", "BT-72"),
        group(
            "cac:DeliveryLocation",
            identifier("cbc:ID", "BT-71"),
            _address(
                "cac:Address", ("BT-75", "BT-76", "BT-165", "BT-77", "BT-78", "BT-79", "BT-80")
            ),
        ),
        group("cac:DeliveryParty", _party_name("BT-70")),
    ),
)
