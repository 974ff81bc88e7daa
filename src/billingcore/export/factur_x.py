"""An e-invoice as the data that the package factur-x takes, for CII text and hybrid PDF files.

Its data is flat: most groups are gone, a party is a dictionary with names of its own, and an
identifier is found by its scheme. The names are those of its release 7.8. It is not imported here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from billingcore.export.flat_terms import Terms, read_terms
from billingcore.export.ubl_documents import REPEATED, TERMS

__all__ = ["factur_x"]

_SELLER: Final = {
    "BT-27": "name",
    "BT-28": "biz_name",
    "BT-29": "identifiers/?BT-29-1",
    "BT-30": "legal_identifier",
    "BT-30-1": "legal_identifier_schemeid",
    "BT-31": "vat_identifier",
    "BT-32": "tax_identifier",
    "BT-33": "legal_info",
    "BT-34": "einvoicing_addr",
    "BT-34-1": "einvoicing_addr_schemeid",
    "BT-35": "addr_l1",
    "BT-36": "addr_l2",
    "BT-162": "addr_l3",
    "BT-37": "city",
    "BT-38": "postcode",
    "BT-39": "country_subdivision",
    "BT-40": "country_code",
    "BT-41": "contacts[]/name",
    "BT-42": "contacts[]/phone",
    "BT-43": "contacts[]/email",
}
_BUYER: Final = {
    "BT-44": "name",
    "BT-45": "biz_name",
    "BT-46": "identifiers/?BT-46-1",
    "BT-47": "legal_identifier",
    "BT-47-1": "legal_identifier_schemeid",
    "BT-48": "vat_identifier",
    "BT-49": "einvoicing_addr",
    "BT-49-1": "einvoicing_addr_schemeid",
    "BT-50": "addr_l1",
    "BT-51": "addr_l2",
    "BT-163": "addr_l3",
    "BT-52": "city",
    "BT-53": "postcode",
    "BT-54": "country_subdivision",
    "BT-55": "country_code",
    "BT-56": "contacts[]/name",
    "BT-57": "contacts[]/phone",
    "BT-58": "contacts[]/email",
}
_PAYEE: Final = {
    "BT-59": "name",
    "BT-60": "identifiers/?BT-60-1",
    "BT-61": "legal_identifier",
    "BT-61-1": "legal_identifier_schemeid",
}
_REPRESENTATIVE: Final = {
    "BT-62": "name",
    "BT-63": "vat_identifier",
    "BT-64": "addr_l1",
    "BT-65": "addr_l2",
    "BT-164": "addr_l3",
    "BT-66": "city",
    "BT-67": "postcode",
    "BT-68": "country_subdivision",
    "BT-69": "country_code",
}
_DELIVERY: Final = {
    "BT-70": "name",
    "BT-71": "identifiers/?BT-71-1",
    "BT-75": "addr_l1",
    "BT-76": "addr_l2",
    "BT-165": "addr_l3",
    "BT-77": "city",
    "BT-78": "postcode",
    "BT-79": "country_subdivision",
    "BT-80": "country_code",
}
_PARTIES: Final = {
    "BG-4": _SELLER,
    "BG-7": _BUYER,
    "BG-10": _PAYEE,
    "BG-11": _REPRESENTATIVE,
    "BG-13": _DELIVERY,
}

_ADJUSTMENTS: Final = {
    "BT-92": "amount",
    "BT-93": "base_amount",
    "BT-94": "rate",
    "BT-95": "vat_category_code",
    "BT-96": "vat_rate",
    "BT-97": "reason",
    "BT-98": "reason_code",
    "BT-99": "amount",
    "BT-100": "base_amount",
    "BT-101": "rate",
    "BT-102": "vat_category_code",
    "BT-103": "vat_rate",
    "BT-104": "reason",
    "BT-105": "reason_code",
    "BT-136": "amount",
    "BT-137": "base_amount",
    "BT-138": "rate",
    "BT-139": "reason",
    "BT-140": "reason_code",
    "BT-141": "amount",
    "BT-142": "base_amount",
    "BT-143": "rate",
    "BT-144": "reason",
    "BT-145": "reason_code",
}

_OTHERS: Final = {
    "BT-17": "BT-17[]",
    "BT-18": "BT-18/?BT-18-1",
    "BT-127": "BT-127-00[]/BT-127",
    "BT-128": "BT-128/?BT-128-1",
    "BT-147": "BT-147-00[]/BT-147",
    "BT-158": "BT-158/?BT-158-1/?BT-158-2",
}
"""Where terms are kept that do not stand under their own code; a part with a question mark is the
text of a term, or None without it, and one with brackets is a list of one."""

_PLACES: Final = MappingProxyType(
    {
        **{
            term: f"{group}/{name}"
            for group, names in _PARTIES.items()
            for term, name in names.items()
        },
        **_ADJUSTMENTS,
        **_OTHERS,
    }
)
_SCHEMES: Final = frozenset(
    part[1:] for path in _PLACES.values() for part in path.split("/") if part.startswith("?")
)
_NOWHERE: Final = _SCHEMES | {"BT-150"}
"""Schemes are in the paths; the unit of a base quantity is always that of the line."""

_LISTS: Final = frozenset(
    {"BG-1", "BG-3", "BG-20", "BG-21", "BG-23", "BG-24", "BG-25", "BG-27", "BG-28", "BG-32"}
)
"""What is a list there, too; identifiers and classifications are found by their schemes."""

_FIRST: Final = frozenset({"BG-17"})
"""What stands once there."""

_TAX_POINTS: Final = {"3": "invoice", "35": "delivery", "432": "payment"}
"""Names of the codes of BT-8, which are others in CII than in the norm."""


_DELIVERED: Final = frozenset({"BT-15", "BT-16", "BT-72"})
"""What is said of the delivery beside BG-13."""


def factur_x(data: Mapping[str, object]) -> dict[str, Any]:
    """Give an e-invoice as the data of the Python package factur-x, release 7.8.

    Pass it to ``facturx.generate_xml(..., flavor="factur-x", level="en16931")``. Numbers and days are
    text, which that package takes as it is. It knows one account to pay to (BG-17) and one
    identifier of each scheme; of several, the first is kept. Where nobody else is named, the buyer
    is named as who was delivered to.

    Args:
        data: an e-invoice as `export.en16931` gives it.

    Raises:
        InvalidInputError: a code that is not one of the norm, or text that XML cannot hold.

    >>> factur_x({"BT-1": "2026-00001", "BG-4": {"BT-27": "Tidy", "BG-5": {"BT-37": "Kiel"}}})
    {'BT-1': '2026-00001', 'BG-4': {'name': 'Tidy', 'city': 'Kiel'}}
    """
    found = _converted(read_terms("export.factur_x", data, TERMS, REPEATED))
    _name_delivery(found)
    if "BT-8" in found:
        found["BT-8"] = _TAX_POINTS.get(found["BT-8"], found["BT-8"])
    if "BT-7" in found:
        for subtotal in found.get("BG-23", ()):
            subtotal["BT-7"] = found["BT-7"]  # CII has the day there
    return found


def _name_delivery(found: dict[Any, Any]) -> None:
    """Name who was delivered to, which the package asks for: without BT-70 it is the buyer.

    It also asks for something to say of the delivery at all.
    """
    buyer = found.get("BG-7", {}).get("name")
    if buyer and ("BG-13" in found or not found.keys() & _DELIVERED):
        found.setdefault("BG-13", {}).setdefault("name", buyer)


def _converted(terms: Terms) -> dict[str, Any]:
    found: dict[str, Any] = {}
    _place_all(found, terms)
    return found


def _place_all(found: dict[Any, Any], terms: Terms) -> None:
    for code, text in terms.texts.items():
        if code not in _NOWHERE:
            _place(found, _PLACES.get(code, code), text, terms.texts)
    for code, entries in terms.entries.items():
        if code in _LISTS:
            found[code] = [_converted(entry) for entry in entries]
        else:
            for entry in entries[:1] if code in _FIRST else entries:
                _place_all(found, entry)


def _place(found: dict[Any, Any], path: str, text: str, texts: Mapping[str, str]) -> None:
    *parts, last = [_key(part, texts) for part in path.split("/")]
    for name, is_list in parts:
        inner: Any = found.setdefault(name, [{}] if is_list else {})
        found = inner[0] if is_list else inner
    name, is_list = last
    found.setdefault(name, [text] if is_list else text)


def _key(part: str, texts: Mapping[str, str]) -> tuple[str | None, bool]:
    """Read a part of a path: its name, and whether it is a list."""
    name = texts.get(part[1:]) if part.startswith("?") else part.removesuffix("[]")
    return name, part.endswith("[]")
