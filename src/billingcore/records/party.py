"""Who sells and who buys, in the detail that an electronic invoice asks for.

The groups and terms named here, like BG-5 and BT-35, are those of EN 16931-1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from attrs import frozen

from billingcore.values.boundary import Boundary
from billingcore.values.countries import check_country
from billingcore.values.sealing import fill

__all__ = ["Identifier", "Party", "PartyContact", "PostalAddress"]

_MOST_LINES: Final = 3
_SCHEME: Final = re.compile(r"[0-9]{4}|AN|AQ|AS|AU|EM", re.ASCII)
"""An ISO 6523 scheme; of electronic addresses also one of the letters in the EAS list."""


@frozen(init=False, order=False)
class PostalAddress:
    """Where a party is: BG-5 of a seller, BG-8 of a buyer, BG-15 of a delivery.

    >>> PostalAddress("DE", lines=["Hauptstr. 1"], postcode="10115", city="Berlin").city
    'Berlin'

    Attributes:
        country: ISO 3166-1 alpha-2, like ``DE``.
        lines: street and number, and what else stands above the city; at most three.
        city: the city or village.
        postcode: the postal code.
        region: a part of the country, like a state.

    Raises:
        InvalidInputError: a field is wrong, or there are more than three lines.
    """

    country: str
    lines: tuple[str, ...]
    city: str
    postcode: str
    region: str

    def __init__(
        self,
        country: str,
        *,
        lines: Iterable[str] = (),
        city: str = "",
        postcode: str = "",
        region: str = "",
    ) -> None:
        read = Boundary("PostalAddress")
        if isinstance(lines, str):
            raise read.refuse("lines", lines, "one text", f"use a list: [{lines!r}]")
        fill(
            self,
            country=read.read("country", country, check_country),
            lines=tuple(read.id("lines", line) for line in lines),
            city=read.text("city", city),
            postcode=read.text("postcode", postcode),
            region=read.text("region", region),
        )
        if len(self.lines) > _MOST_LINES:
            fix = "put some together, and leave city and country out"
            raise read.refuse("lines", len(self.lines), "more than three", fix)


@frozen(init=False, order=False)
class PartyContact:
    """Whom to ask: BG-6 of a seller, BG-9 of a buyer.

    >>> PartyContact("Anna", phone="+49 30 1234", email="anna@acme.example").phone
    '+49 30 1234'

    Attributes:
        name: a person or a department.
        phone: a telephone number.
        email: an address for mails.

    Raises:
        InvalidInputError: a field is wrong.
    """

    name: str
    phone: str
    email: str

    def __init__(self, name: str = "", *, phone: str = "", email: str = "") -> None:
        read = Boundary("PartyContact")
        fill(
            self,
            name=read.text("name", name),
            phone=read.text("phone", phone),
            email=read.text("email", email),
        )


@frozen(init=False, order=False)
class Identifier:
    """A number of a party in somebody's register, with the code of that register.

    >>> Identifier("4012345000009", scheme="0088").scheme
    '0088'

    Attributes:
        value: the number, or of an electronic address the address.
        scheme: four digits of ISO 6523, like ``0088`` for a GLN; of an electronic address also
            ``EM`` for mail and the other letters of the list EAS; empty if none is named.

    Raises:
        InvalidInputError: a field is wrong.
    """

    value: str
    scheme: str

    def __init__(self, value: str, *, scheme: str = "") -> None:
        read = Boundary("Identifier")
        fill(self, value=read.id("value", value), scheme=read.text("scheme", scheme))
        if self.scheme and not _SCHEME.fullmatch(self.scheme):
            fix = "use a code like '0088' for a GLN, or 'EM' for a mail address"
            raise read.refuse("scheme", self.scheme, "no scheme of ISO 6523 or EAS", fix)


@frozen(init=False, order=False)
class Party:
    """A seller or a buyer as an electronic invoice names it: BG-4 or BG-7.

    >>> acme = Party("Acme GmbH", vat_id="DE123456789", address=PostalAddress("DE", city="Berlin"),
    ...              electronic_address=Identifier("rechnung@acme.example", scheme="EM"))
    >>> acme.address.country
    'DE'

    Attributes:
        name: the legal name.
        trading_name: what it is called otherwise.
        identifier: a number by which the other side knows it.
        registration: its number in a register of companies.
        vat_id: its VAT identifier, which begins with the letters of a country.
        tax_number: its number at a tax office; of a seller only.
        legal_info: legal form, seat, register and directors; of a seller only.
        electronic_address: where its electronic invoices go, with a scheme.
        address: where it is.
        contact: whom to ask.
        buyer_reference: what a buyer wants to see on each invoice, like a Leitweg-ID: BT-10.
        delivery: where its goods are delivered to, if that has to be said; of a buyer only.

    Raises:
        InvalidInputError: a field is wrong, or an electronic address has no scheme.
    """

    name: str
    trading_name: str
    identifier: Identifier | None
    registration: Identifier | None
    vat_id: str
    tax_number: str
    legal_info: str
    electronic_address: Identifier | None
    address: PostalAddress | None
    contact: PartyContact | None
    buyer_reference: str
    delivery: PostalAddress | None

    def __init__(
        self,
        name: str,
        *,
        trading_name: str = "",
        identifier: Identifier | None = None,
        registration: Identifier | None = None,
        vat_id: str = "",
        tax_number: str = "",
        legal_info: str = "",
        electronic_address: Identifier | None = None,
        address: PostalAddress | None = None,
        contact: PartyContact | None = None,
        buyer_reference: str = "",
        delivery: PostalAddress | None = None,
    ) -> None:
        read = Boundary("Party", name)
        fill(
            self,
            name=read.id("name", name),
            trading_name=read.text("trading_name", trading_name),
            identifier=read.optional("identifier", identifier, Identifier),
            registration=read.optional("registration", registration, Identifier),
            vat_id=read.text("vat_id", vat_id),
            tax_number=read.text("tax_number", tax_number),
            legal_info=read.text("legal_info", legal_info),
            electronic_address=read.optional("electronic_address", electronic_address, Identifier),
            address=read.optional("address", address, PostalAddress),
            contact=read.optional("contact", contact, PartyContact),
            buyer_reference=read.text("buyer_reference", buyer_reference),
            delivery=read.optional("delivery", delivery, PostalAddress),
        )
        self._check(read)

    def _check(self, read: Boundary) -> None:
        """Refuse schemes that do not go with what they are for."""
        electronic = self.electronic_address
        if electronic is not None and not electronic.scheme:
            fix = f"say what it is: Identifier({electronic.value!r}, scheme='EM') for mail"
            raise read.refuse("electronic_address", electronic.value, "no scheme", fix)
        for name in ("identifier", "registration"):
            number: Identifier | None = getattr(self, name)
            if number is not None and number.scheme.isalpha():
                fix = "use four digits of ISO 6523, or none"
                raise read.refuse(name, number.scheme, "a scheme of electronic addresses", fix)
