"""Whether codes are those of their lists, dates in order, and prices not below 0."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from billingcore.export.en16931.findings import Checked, RuleFinding
from billingcore.export.en16931.terms import Group, groups_at
from billingcore.records.payment_means import PAYMENT_CODES
from billingcore.records.taxes import TaxCategory
from billingcore.values.countries import COUNTRIES
from billingcore.values.currency import CURRENCY_DIGITS

__all__ = ["wrong_codes"]

_INVOICES: Final = """
    71 80 81 82 83 84 102 130 202 203 204 211 218 219 261 262 295 296 308 325 326 331 380 381 382
    383 384 385 386 387 388 389 390 393 394 395 396 420 456 457 458 471 472 473 500 501 502 503 527
    532 553 575 623 633 751 780 817 870 875 876 877 935
"""

_TYPE_CODES: Final = frozenset(_INVOICES.split())
"""The codes of UNTDID 1001 that the norm takes."""

_UNIT: Final = re.compile(r"[A-Z0-9]{1,3}", re.ASCII)
_SCHEME: Final = re.compile(r"[0-9]{4}", re.ASCII)
_ENDPOINT: Final = re.compile(r"[0-9]{4}|AN|AQ|AS|AU|EM", re.ASCII)
_VATEX: Final = re.compile(r"VATEX-[A-Z]{2}-[A-Z0-9-]+", re.ASCII)
_CATEGORIES: Final = frozenset(each.value for each in TaxCategory)


class _Coded(NamedTuple):
    """A term whose value is one of a list, or of a form."""

    rule: str
    place: tuple[str, ...]
    term: str
    field: str
    holds: Callable[[str], object]
    fix: str


_COUNTRY: Final = "use ISO 3166-1, like 'DE'"
_CURRENCY: Final = "use ISO 4217, like 'EUR'"
_ICD: Final = "use four digits of ISO 6523, like '0088'"
_EAS: Final = "use a code of the list EAS, like 'EM' or '9930'"

_CODED: Final = tuple(
    _Coded(*row)
    for row in (
        ("BR-CL-01", (), "BT-3", "kind", _TYPE_CODES.__contains__, "use UNTDID 1001, like '380'"),
        ("BR-CL-04", (), "BT-5", "currency", CURRENCY_DIGITS.__contains__, _CURRENCY),
        ("BR-CL-05", (), "BT-6", "house", CURRENCY_DIGITS.__contains__, _CURRENCY),
        ("BR-CL-14", ("BG-4", "BG-5"), "BT-40", "address", COUNTRIES.__contains__, _COUNTRY),
        ("BR-CL-14", ("BG-7", "BG-8"), "BT-55", "address", COUNTRIES.__contains__, _COUNTRY),
        ("BR-CL-14", ("BG-13", "BG-15"), "BT-80", "delivery", COUNTRIES.__contains__, _COUNTRY),
        ("BR-CL-10", ("BG-4",), "BT-29-1", "identifier", _SCHEME.fullmatch, _ICD),
        ("BR-CL-11", ("BG-4",), "BT-30-1", "registration", _SCHEME.fullmatch, _ICD),
        ("BR-CL-10", ("BG-7",), "BT-46-1", "identifier", _SCHEME.fullmatch, _ICD),
        ("BR-CL-11", ("BG-7",), "BT-47-1", "registration", _SCHEME.fullmatch, _ICD),
        ("BR-CL-25", ("BG-4",), "BT-34-1", "electronic_address", _ENDPOINT.fullmatch, _EAS),
        ("BR-CL-25", ("BG-7",), "BT-49-1", "electronic_address", _ENDPOINT.fullmatch, _EAS),
        ("BR-CL-16", ("BG-16",), "BT-81", "payment_means.code", PAYMENT_CODES.__contains__,
         "use UNTDID 4461, like '58'"),
        ("BR-CL-17", ("BG-23",), "BT-118", "tax.category", _CATEGORIES.__contains__,
         "use a TaxCategory"),
        ("BR-CL-18", ("BG-25", "BG-30"), "BT-151", "tax.category", _CATEGORIES.__contains__,
         "use a TaxCategory"),
        ("BR-CL-22", ("BG-23",), "BT-121", "tax.reason_code", _VATEX.fullmatch,
         "use a code of the list VATEX, like 'VATEX-EU-AE'"),
        ("BR-CL-23", ("BG-25",), "BT-130", "item.unit_code", _UNIT.fullmatch,
         "use UN/ECE Recommendation 20, like 'C62', 'HUR' or 'KGM'"),
    )
)  # fmt: skip

_PARTS: Final = {"BG-4": "seller", "BG-7": "buyer", "BG-16": "seller"}
"""Group → the record that fills it."""


def wrong_codes(checked: Checked) -> Iterator[RuleFinding]:
    """Yield codes of no list, dates in the wrong order, and prices below 0."""
    for each in _CODED:
        for found in groups_at(checked.data, *each.place):
            value = found.get(each.term)
            if value is not None and not each.holds(value):
                name = _named(checked, each.place, found)
                message = "no code of its list"
                yield RuleFinding(each.rule, each.term, name, each.field, message, each.fix, value)
    yield from _tax_points(checked)
    yield from _wrong_days(checked)
    yield from _negative_prices(checked)


def _named(checked: Checked, place: tuple[str, ...], found: Group) -> str:
    record = _PARTS.get(place[0]) if place else None
    name: str = getattr(checked.names, record) if record else checked.of(found)
    return name


def _tax_points(checked: Checked) -> Iterator[RuleFinding]:
    if {"BT-7", "BT-8"} <= checked.data.keys():
        message, fix = "a day of the tax and a code for it exclude each other", "leave one out"
        name = checked.names.document
        yield RuleFinding("BR-CO-03", "BT-7", name, "date", message, fix)


_PERIODS: Final = (
    (("BG-13", "BG-14"), "BT-73", "BT-74", "BR-29", "BR-CO-19"),
    (("BG-25", "BG-26"), "BT-134", "BT-135", "BR-30", "BR-CO-20"),
)
"""Place, first and last day of a period, the rule on their order, and the one that asks for them."""


def _wrong_days(checked: Checked) -> Iterator[RuleFinding]:
    name = checked.names.document
    for place, first, last, order, either in _PERIODS:
        for found in groups_at(checked.data, *place):
            start, end = found.get(first), found.get(last)
            if start is None and end is None:
                fix = "give the first day, the last day, or both"
                yield RuleFinding(either, first, name, "period", "no day of it", fix)
            elif start is not None and end is not None and end < start:
                message, fix = f"before the first day, {start}", "end is the last day, inclusive"
                yield RuleFinding(order, last, name, "period", message, fix, end)


def _negative_prices(checked: Checked) -> Iterator[RuleFinding]:
    for line in groups_at(checked.data, "BG-25"):
        for rule, term in (("BR-27", "BT-146"), ("BR-28", "BT-148")):
            value = line.get("BG-29", {}).get(term)
            if value is not None and value < 0:
                fix = "turn the quantity around instead"
                message = "a price is not below 0"
                name = checked.of(line)
                yield RuleFinding(rule, term, name, "unit_price", message, fix, value)
