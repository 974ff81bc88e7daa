"""Elements of UBL, by which its tables are written."""

from __future__ import annotations

from attrs import frozen

__all__ = [
    "Element",
    "adjustment",
    "amount",
    "group",
    "identifier",
    "quantity",
    "tax_category",
    "tax_scheme",
]


@frozen
class Element:
    """An element of the text, and where what it says comes from.

    Attributes:
        name: its name, like ``cbc:ID``.
        term: the code of the term that is its text.
        children: what stands in it, in the order of the schema.
        each: a group, or a term that may repeat; there is one element for each of its entries.
        attributes: names of attributes, each with the code of a term or with its text.
        otherwise: its text without the term, where its neighbors say something.
        subject: a term that stands before the text, between number signs.
    """

    name: str
    term: str = ""
    children: tuple[Element, ...] = ()
    each: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    otherwise: str = ""
    subject: str = ""

    @property
    def is_fixed(self) -> bool:
        """Whether it has a text even where no term gives one."""
        return bool(self.otherwise) or (
            bool(self.children) and all(child.is_fixed for child in self.children)
        )

    @property
    def terms(self) -> tuple[str, ...]:
        """The codes of all terms that it asks for itself."""
        sources = (self.term, self.subject, *(source for _, source in self.attributes))
        return tuple(source for source in sources if source.startswith("BT-"))


def group(name: str, *children: Element, each: str = "") -> Element:
    """Make an element of others."""
    return Element(name, children=children, each=each)


def amount(name: str, term: str, currency: str = "BT-5", otherwise: str = "") -> Element:
    """Make an element of an amount, in the currency of the invoice or of another term."""
    return Element(name, term, attributes=(("currencyID", currency),), otherwise=otherwise)


def quantity(name: str, term: str, unit: str) -> Element:
    """Make an element of a quantity and its unit."""
    return Element(name, term, attributes=(("unitCode", unit),))


def identifier(name: str, term: str) -> Element:
    """Make an element of an identifier; its scheme is a term of its own, like BT-34-1 of BT-34."""
    return Element(name, term, attributes=(("schemeID", f"{term}-1"),))


def tax_scheme(name: str) -> Element:
    """Make an element that says which tax is meant."""
    return group("cac:TaxScheme", Element("cbc:ID", otherwise=name))


def tax_category(name: str, code: str, rate: str, *exemption: Element) -> Element:
    """Make an element of a VAT category and its rate, with elements of why no VAT is due."""
    codes = Element("cbc:ID", code), Element("cbc:Percent", rate)
    return group(name, *codes, *exemption, tax_scheme("VAT"))


def adjustment(each: str, is_charge: str, terms: tuple[str, ...], *tax: Element) -> Element:
    """Make an allowance or a charge: amount, base, percentage, reason and its code, then the tax."""
    value, base, percent, reason, code = terms
    return group(
        "cac:AllowanceCharge",
        Element("cbc:ChargeIndicator", otherwise=is_charge),
        Element("cbc:AllowanceChargeReasonCode", code),
        Element("cbc:AllowanceChargeReason", reason),
        Element("cbc:MultiplierFactorNumeric", percent),
        amount("cbc:Amount", value),
        amount("cbc:BaseAmount", base),
        *tax,
        each=each,
    )
