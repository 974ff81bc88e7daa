"""The data of the package factur-x: written by hand after its documentation of release 7.8."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore import export
from tests.einvoice_data import EVERY_TERM, PLAIN

WRITTEN = {
    "BT-1": "2026-00001",
    "BT-2": "2026-01-31",
    "BT-3": "380",
    "BT-5": "EUR",
    "BT-9": "2026-02-14",
    "BT-10": "04011000-12345-03",
    "BT-23": "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    "BT-24": "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
    "BG-4": {
        "name": "Tidy Software GmbH",
        "vat_identifier": "DE123456788",
        "einvoicing_addr": "billing@tidy.example",
        "einvoicing_addr_schemeid": "EM",
        "addr_l1": "Hafen 1",
        "city": "Kiel",
        "postcode": "24103",
        "country_code": "DE",
        "contacts": [{"name": "Ada", "phone": "+49 431 555", "email": "ada@tidy.example"}],
    },
    "BG-7": {
        "name": "Müller & Söhne <Nord>",
        "einvoicing_addr": "04011000-12345-03",
        "einvoicing_addr_schemeid": "0204",
        "addr_l1": "Weg 2",
        "city": "Bonn",
        "postcode": "53111",
        "country_code": "DE",
    },
    "BT-72": "2026-01-31",
    "BT-81": "58",
    "BT-84": "DE02120300000000202051",
    "BT-106": "1000.00",
    "BT-109": "1000.00",
    "BT-110": "190.00",
    "BT-112": "1190.00",
    "BT-115": "1190.00",
    "BG-23": [{"BT-116": "1000.00", "BT-117": "190.00", "BT-118": "S", "BT-119": "19"}],
    "BG-25": [
        {
            "BT-126": "1",
            "BT-129": "10",
            "BT-130": "HUR",
            "BT-131": "1000.00",
            "BT-146": "100.00",
            "BT-151": "S",
            "BT-152": "19",
            "BT-153": "Advice",
        }
    ],
}


def test_a_whole_document():
    """Ten hours at 100.00 are the data that was written by hand."""
    assert export.factur_x(PLAIN) == WRITTEN


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("BT-17", ["lot 17"]),
        ("BT-18", {"ABT": "object 18"}),
        ("BT-8", "delivery"),
        ("BG-4/identifiers", {"0088": "4000001123452", None: "seller 29"}),
        ("BG-4/legal_identifier_schemeid", "0002"),
        ("BG-7/contacts/0/phone", "+43 57 575757"),
        ("BG-10", {"name": "Payee 59", "identifiers": {"0088": "payee 60"},
                   "legal_identifier": "HRB 61", "legal_identifier_schemeid": "0002"}),
        ("BG-11/addr_l3", "Door 164"),
        ("BG-13/identifiers", {"0088": "4000001987665"}),
        ("BG-20/0/vat_category_code", "S"),
        ("BG-21/0/amount", "4.00"),
        ("BT-89", "mandate 89"),
        ("BG-24/0/BT-125-2", "hours.csv"),
        ("BG-25/0/BT-127-00", [{"BT-127": "Note 127"}]),
        ("BG-25/0/BT-128", {"ABT": "object 128"}),
        ("BG-25/0/BT-147-00", [{"BT-147": "1.5000"}]),
        ("BG-25/0/BT-158", {"STI": {"158.2": "65434568"}}),
        ("BG-25/0/BG-27", [{"amount": "21.50", "base_amount": "215.00", "rate": "10",
                            "reason": "Discount", "reason_code": "95"}]),
        ("BG-25/0/BG-32", [{"BT-160": "Color", "BT-161": "black"},
                           {"BT-160": "Size", "BT-161": "4"}]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_where_a_term_goes(path, expected):
    """Schemes become keys, and what the package wants as a list becomes one."""
    found = export.factur_x(EVERY_TERM)
    for part in path.split("/"):
        found = found[int(part) if part.isdigit() else part]

    assert found == expected


def test_the_day_of_the_tax_stands_in_each_subtotal_too():
    """CII has BT-7 beside each rate, so it is there as well."""
    day = dt.date(2026, 1, 31)
    found = export.factur_x({**PLAIN, "BT-7": day})

    assert found["BT-7"] == "2026-01-31"
    assert [each["BT-7"] for each in found["BG-23"]] == ["2026-01-31"]


def test_the_day_of_the_tax_without_subtotals():
    """Data without a tax breakdown is as good as it is."""
    assert export.factur_x({"BT-7": dt.date(2026, 1, 31)}) == {"BT-7": "2026-01-31"}


@pytest.mark.parametrize(
    ("delivery", "expected"),
    [
        ({"BG-15": {"BT-80": "IT"}}, {"name": "Müller & Söhne <Nord>", "country_code": "IT"}),
        ({"BT-70": "Depot"}, {"name": "Depot"}),
        ({"BG-14": {"BT-73": dt.date(2026, 1, 1)}}, {"name": "Müller & Söhne <Nord>"}),
        ({"BT-72": dt.date(2026, 1, 1)}, None),
    ],
    ids=["place", "name", "nothing", "day"],
)
def test_who_was_delivered_to(delivery, expected):
    """Where nobody else is named, it was the buyer; the package cannot do without any of it."""
    assert export.factur_x({**PLAIN, "BG-13": delivery}).get("BG-13") == expected


def test_an_unknown_code_of_the_tax_point_is_kept():
    """A code of BT-8 that is not one of the norm's three goes on as it is."""
    assert export.factur_x({"BT-8": "99"}) == {"BT-8": "99"}


def test_of_two_accounts_the_first_is_kept():
    """The package knows one account to pay to."""
    accounts = [{"BT-84": "A", "BT-85": "first"}, {"BT-84": "B", "BT-86": "BYLADEM1001"}]
    found = export.factur_x({"BG-16": {"BG-17": accounts}})

    assert found == {"BT-84": "A", "BT-85": "first"}


@pytest.mark.parametrize(
    "data",
    [{"BT-4": "x"}, {"BT-1": "a\x00"}, {"BT-115": 1.0}, {"BT-115": Decimal("Infinity")}, "BT-1"],
    ids=["unknown", "character", "float", "infinite", "text"],
)
def test_other_things_are_refused(data):
    """What is no data of the norm is refused, as it is for UBL."""
    with pytest.raises(bc.InvalidInputError, match=r"export\.factur_x"):
        export.factur_x(data)
