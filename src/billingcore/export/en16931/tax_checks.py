"""What each VAT category asks for: rates, reasons, identifiers, and sums by category."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from billingcore.export.en16931.findings import Checked, RuleFinding
from billingcore.export.en16931.terms import Group, groups_at
from billingcore.values.context import ZERO, total
from billingcore.values.countries import COUNTRIES

__all__ = ["wrong_taxes"]

_ACRONYMS: Final[Mapping[str, str]] = {
    "S": "S", "Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G", "O": "O", "L": "AF", "M": "AG",
}  # fmt: skip
"""Category → how validators call its rules: BR-S-01, BR-IC-01; AF and AG are the Spanish islands."""

_WITH_REASON: Final = frozenset({"E", "AE", "K", "G", "O"})
_ONE: Final = Decimal(1)

_SELLER_IDS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("S", "Z", "E", "L", "M", "AE"), ("BT-31", "BT-32")),
    **dict.fromkeys(("K", "G"), ("BT-31",)),
}
"""Category → the terms of which the seller must have one: rule 02 of the category."""

_BUYER_IDS: Final[Mapping[str, tuple[str, ...]]] = {"AE": ("BT-48", "BT-47"), "K": ("BT-48",)}
"""The same of the buyer."""

_FIELDS: Final[Mapping[str, str]] = {
    "BT-31": "party.vat_id",
    "BT-32": "party.tax_number",
    "BT-47": "party.registration",
    "BT-48": "party.vat_id",
}

_PREFIXES: Final = COUNTRIES | {"EL", "XI", "1A"}
"""What a VAT identifier begins with: a country, for Greece EL, for Northern Ireland XI."""


def wrong_taxes(checked: Checked) -> Iterator[RuleFinding]:
    """Yield what is wrong with taxes; runs inside `exactly`."""
    rows = [*groups_at(checked.data, "BG-23")]
    found: list[str] = [row.get("BT-118", "") for row in rows]
    for category in dict.fromkeys(found):
        if category in _ACRONYMS:
            yield from _of_category(checked, category)
    for row in rows:
        if row.get("BT-118") in _ACRONYMS:
            yield from _of_row(checked, row)
    for line in groups_at(checked.data, "BG-25"):
        yield from _of_line(checked, line, found)
    yield from _of_ids(checked)


def _rule(category: str, number: str) -> str:
    return f"BR-{_ACRONYMS[category]}-{number}"


def _of_category(checked: Checked, category: str) -> Iterator[RuleFinding]:
    """Yield what a category asks of the document."""
    rule = _rule(category, "02")
    for group, terms, name in (
        ("BG-4", _SELLER_IDS.get(category, ()), checked.names.seller),
        ("BG-7", _BUYER_IDS.get(category, ()), checked.names.buyer),
    ):
        known = checked.data.get(group, {})
        if terms and not set(terms) & known.keys():
            message = f"category {category} needs {' or '.join(terms)}"
            fix = f"set {' or '.join(_FIELDS[term] for term in terms)}"
            yield RuleFinding(rule, terms[0], name, _FIELDS[terms[0]], message, fix)
    if category == "O":
        yield from _untaxed(checked)
    if category == "K":
        yield from _intra_community(checked)


def _untaxed(checked: Checked) -> Iterator[RuleFinding]:
    """Yield what stands beside something that is not subject to VAT."""
    name, fix = checked.names.document, "give the untaxed items a tax code, or bill them apart"
    if len([*groups_at(checked.data, "BG-23")]) > 1:
        message = "what is not subject to VAT cannot stand beside what is"
        yield RuleFinding("BR-O-11", "BT-118", name, "items[].tax_code", message, fix)
    for group, term in (("BG-4", "BT-31"), ("BG-7", "BT-48")):
        value = checked.data.get(group, {}).get(term)
        if value is not None:
            message = "what is not subject to VAT names no VAT identifier"
            yield RuleFinding("BR-O-02", term, name, "items[].tax_code", message, fix, value)


def _intra_community(checked: Checked) -> Iterator[RuleFinding]:
    delivery = checked.data.get("BG-13", {})
    if not {"BT-72", "BG-14"} & delivery.keys():
        message, fix = "no day of delivery", "give BT-72 or BG-14"
        name = checked.names.document
        yield RuleFinding("BR-IC-11", "BT-72", name, "period", message, fix)
    if "BT-80" not in delivery.get("BG-15", {}):
        message = "no country to which the goods went"
        fix = "set Party(delivery=PostalAddress(...)) of the buyer"
        name = checked.names.buyer
        yield RuleFinding("BR-IC-12", "BT-80", name, "party.delivery", message, fix)


def _of_row(checked: Checked, row: Group) -> Iterator[RuleFinding]:
    """Yield what is wrong with a row of the breakdown."""
    category, rate = row["BT-118"], row.get("BT-119", ZERO)
    base, tax = row.get("BT-116", ZERO), row.get("BT-117", ZERO)
    name = checked.names.document
    if category == "S" and rate <= 0:
        fix = "use category ZERO, or a rate"
        message = "the standard category has a rate above 0"
        yield RuleFinding("BR-S-05", "BT-119", name, "tax.rate", message, fix, rate)
    wanted = _of_lines(checked, category, rate)
    if base != wanted:
        message, fix = (
            f"its lines add up to {wanted:f}",
            "leave the amounts as the export gives them",
        )
        yield RuleFinding(_rule(category, "08"), "BT-116", name, "breakdown", message, fix, base)
    exact = base * rate / 100
    if abs(tax.copy_abs() - abs(exact)) >= _ONE:
        message = f"{base:f} x {rate:f} % is {exact:f}"
        fix = "round taxes per category; if it deducts, check the rates of that"
        yield RuleFinding("BR-CO-17", "BT-117", name, "breakdown", message, fix, tax)
    yield from _of_reason(checked, row, category)


def _of_lines(checked: Checked, category: str, rate: Decimal) -> Decimal:
    """Add up what is taxed by a category and rate."""
    data = checked.data

    def listed(place: str, terms: tuple[str, str, str], sub: str = "") -> Decimal:
        kind, percent, amount = terms
        rows = [(each, each.get(sub, {}) if sub else each) for each in groups_at(data, place)]
        return total(
            each.get(amount, ZERO)
            for each, of in rows
            if of.get(kind) == category and of.get(percent, ZERO) == rate
        )

    lines = listed("BG-25", ("BT-151", "BT-152", "BT-131"), "BG-30")
    off = listed("BG-20", ("BT-95", "BT-96", "BT-92"))
    return lines - off + listed("BG-21", ("BT-102", "BT-103", "BT-99"))


def _of_reason(checked: Checked, row: Group, category: str) -> Iterator[RuleFinding]:
    has_reason = bool({"BT-120", "BT-121"} & row.keys())
    needs = category in _WITH_REASON
    if has_reason != needs:
        message = "nothing says why no tax is due" if needs else "it is taxed, and has no reason"
        fix = "set Tax(reason=...) or Tax(reason_code='VATEX-...')" if needs else "leave it out"
        name = checked.names.document
        yield RuleFinding(_rule(category, "10"), "BT-120", name, "tax.reason", message, fix)


def _of_line(checked: Checked, line: Group, found: list[str]) -> Iterator[RuleFinding]:
    """Yield what is wrong with the tax of a line."""
    tax: Group = line.get("BG-30", {})
    category: Any = tax.get("BT-151")
    if category not in _ACRONYMS:
        return
    name, rate = checked.of(line), tax.get("BT-152")
    if category not in found:
        message, fix = "the breakdown has no row of this category", "leave BG-23 as it is"
        yield RuleFinding(_rule(category, "01"), "BT-118", name, "tax", message, fix, category)
    is_rated = category in ("S", "L", "M")
    is_wrong = rate is not None if category == "O" else rate is None or (rate != 0 and not is_rated)
    if is_wrong:
        message = f"not the rate of a line of category {category}"
        fix = "leave it out" if category == "O" else "use 0, or a category that is taxed"
        yield RuleFinding(_rule(category, "05"), "BT-152", name, "tax.rate", message, fix, rate)


def _of_ids(checked: Checked) -> Iterator[RuleFinding]:
    """Yield VAT identifiers without a country, and a seller whom nothing identifies."""
    seller = checked.data.get("BG-4", {})
    ids = (("BG-4", "BT-31", checked.names.seller), ("BG-7", "BT-48", checked.names.buyer))
    for group, term, name in ids:
        value = checked.data.get(group, {}).get(term)
        if value is not None and value[:2] not in _PREFIXES:
            message = "it does not begin with a country"
            fix = "use one like DE123456789; another number is a tax_number"
            yield RuleFinding("BR-CO-09", term, name, "party.vat_id", message, fix, value)
    if not {"BT-29", "BT-30", "BT-31"} & seller.keys():
        message = "nothing identifies the seller"
        fix = "set Party(vat_id=...), Party(registration=...) or Party(identifier=...)"
        name = checked.names.seller
        yield RuleFinding("BR-CO-26", "BT-31", name, "party.vat_id", message, fix)
