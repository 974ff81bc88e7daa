"""E-invoices written by hand, as plain data: a plain one, and one that has every term of the norm."""

from __future__ import annotations

import base64
import copy
import datetime as dt
from decimal import Decimal

__all__ = ["EVERY_TERM", "PLAIN", "XRECHNUNG", "changed"]

XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
_DAY = dt.date(2026, 1, 31)

PLAIN = {
    "BT-1": "2026-00001",
    "BT-2": _DAY,
    "BT-3": "380",
    "BT-5": "EUR",
    "BT-9": dt.date(2026, 2, 14),
    "BT-10": "04011000-12345-03",
    "BG-2": {"BT-23": "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0", "BT-24": XRECHNUNG},
    "BG-4": {
        "BT-27": "Tidy Software GmbH",
        "BT-31": "DE123456788",
        "BT-34": "billing@tidy.example",
        "BT-34-1": "EM",
        "BG-5": {"BT-35": "Hafen 1", "BT-37": "Kiel", "BT-38": "24103", "BT-40": "DE"},
        "BG-6": {"BT-41": "Ada", "BT-42": "+49 431 555", "BT-43": "ada@tidy.example"},
    },
    "BG-7": {
        "BT-44": "Müller & Söhne <Nord>",
        "BT-49": "04011000-12345-03",
        "BT-49-1": "0204",
        "BG-8": {"BT-50": "Weg 2", "BT-52": "Bonn", "BT-53": "53111", "BT-55": "DE"},
    },
    "BG-13": {"BT-72": _DAY},
    "BG-16": {"BT-81": "58", "BG-17": [{"BT-84": "DE02120300000000202051"}]},
    "BG-22": {
        "BT-106": Decimal("1000.00"),
        "BT-109": Decimal("1000.00"),
        "BT-110": Decimal("190.00"),
        "BT-112": Decimal("1190.00"),
        "BT-115": Decimal("1190.00"),
    },
    "BG-23": [
        {
            "BT-116": Decimal("1000.00"),
            "BT-117": Decimal("190.00"),
            "BT-118": "S",
            "BT-119": Decimal(19),
        }
    ],
    "BG-25": [
        {
            "BT-126": "1",
            "BT-129": Decimal(10),
            "BT-130": "HUR",
            "BT-131": Decimal("1000.00"),
            "BG-29": {"BT-146": Decimal("100.00")},
            "BG-30": {"BT-151": "S", "BT-152": Decimal(19)},
            "BG-31": {"BT-153": "Advice"},
        }
    ],
}
"""Ten hours at 100.00, 19 % VAT."""

EVERY_TERM = {
    "BT-1": "2026-00002",
    "BT-2": _DAY,
    "BT-3": "380",
    "BT-5": "CHF",
    "BT-6": "EUR",
    "BT-8": "35",
    "BT-9": dt.date(2026, 2, 14),
    "BT-10": "reference 10",
    "BT-11": "project 11",
    "BT-12": "contract 12",
    "BT-13": "order 13",
    "BT-14": "sales 14",
    "BT-15": "received 15",
    "BT-16": "sent 16",
    "BT-17": "lot 17",
    "BT-18": "object 18",
    "BT-18-1": "ABT",
    "BT-19": "account 19",
    "BT-20": "Payable within 14 days",
    "BG-1": [{"BT-21": "AAI", "BT-22": "General note"}, {"BT-22": "Another note"}],
    "BG-2": {"BT-23": "process 23", "BT-24": "urn:cen.eu:en16931:2017"},
    "BG-3": [{"BT-25": "2025-00008", "BT-26": dt.date(2025, 12, 1)}, {"BT-25": "2025-00009"}],
    "BG-4": {
        "BT-27": "Seller 27",
        "BT-28": "Trade 28",
        "BT-29": [{"BT-29": "4000001123452", "BT-29-1": "0088"}, {"BT-29": "seller 29"}],
        "BT-30": "HRB 30",
        "BT-30-1": "0002",
        "BT-31": "DE123456788",
        "BT-32": "20/123/45678",
        "BT-33": "Capital 33",
        "BT-34": "seller@34.example",
        "BT-34-1": "EM",
        "BG-5": {
            "BT-35": "Street 35",
            "BT-36": "Yard 36",
            "BT-162": "Door 162",
            "BT-37": "City 37",
            "BT-38": "10038",
            "BT-39": "Region 39",
            "BT-40": "DE",
        },
        "BG-6": {"BT-41": "Person 41", "BT-42": "+49 42 424242", "BT-43": "seller@43.example"},
    },
    "BG-7": {
        "BT-44": "Buyer 44",
        "BT-45": "Trade 45",
        "BT-46": "4000001987658",
        "BT-46-1": "0088",
        "BT-47": "HRB 47",
        "BT-47-1": "0002",
        "BT-48": "ATU12345678",
        "BT-49": "buyer@49.example",
        "BT-49-1": "EM",
        "BG-8": {
            "BT-50": "Street 50",
            "BT-51": "Yard 51",
            "BT-163": "Door 163",
            "BT-52": "City 52",
            "BT-53": "10053",
            "BT-54": "Region 54",
            "BT-55": "AT",
        },
        "BG-9": {"BT-56": "Person 56", "BT-57": "+43 57 575757", "BT-58": "buyer@58.example"},
    },
    "BG-10": {
        "BT-59": "Payee 59",
        "BT-60": "payee 60",
        "BT-60-1": "0088",
        "BT-61": "HRB 61",
        "BT-61-1": "0002",
    },
    "BG-11": {
        "BT-62": "Representative 62",
        "BT-63": "FR12345678901",
        "BG-12": {
            "BT-64": "Street 64",
            "BT-65": "Yard 65",
            "BT-164": "Door 164",
            "BT-66": "City 66",
            "BT-67": "10067",
            "BT-68": "Region 68",
            "BT-69": "FR",
        },
    },
    "BG-13": {
        "BT-70": "Warehouse 70",
        "BT-71": "4000001987665",
        "BT-71-1": "0088",
        "BT-72": dt.date(2026, 1, 30),
        "BG-14": {"BT-73": dt.date(2026, 1, 1), "BT-74": dt.date(2026, 1, 30)},
        "BG-15": {
            "BT-75": "Street 75",
            "BT-76": "Yard 76",
            "BT-165": "Door 165",
            "BT-77": "City 77",
            "BT-78": "10078",
            "BT-79": "Region 79",
            "BT-80": "IT",
        },
    },
    "BG-16": {
        "BT-81": "59",
        "BT-82": "SEPA direct debit",
        "BT-83": "remittance 83",
        "BG-17": [{"BT-84": "DE02120300000000202051", "BT-85": "Name 85", "BT-86": "BYLADEM1001"}],
        "BG-18": {"BT-87": "1234", "BT-88": "Holder 88"},
        "BG-19": {
            "BT-89": "mandate 89",
            "BT-90": "DE98ZZZ09999999999",
            "BT-91": "DE02500105170137075030",
        },
    },
    "BG-20": [
        {
            "BT-92": Decimal("10.00"),
            "BT-93": Decimal("200.00"),
            "BT-94": Decimal(5),
            "BT-95": "S",
            "BT-96": Decimal(19),
            "BT-97": "Discount",
            "BT-98": "95",
        }
    ],
    "BG-21": [
        {
            "BT-99": Decimal("4.00"),
            "BT-100": Decimal("200.00"),
            "BT-101": Decimal(2),
            "BT-102": "S",
            "BT-103": Decimal(19),
            "BT-104": "Freight",
            "BT-105": "FC",
        }
    ],
    "BG-22": {
        "BT-106": Decimal("250.00"),
        "BT-107": Decimal("10.00"),
        "BT-108": Decimal("4.00"),
        "BT-109": Decimal("244.00"),
        "BT-110": Decimal("36.86"),
        "BT-111": Decimal("39.44"),
        "BT-112": Decimal("280.86"),
        "BT-113": Decimal("80.00"),
        "BT-114": Decimal("-0.01"),
        "BT-115": Decimal("200.85"),
    },
    "BG-23": [
        {
            "BT-116": Decimal("194.00"),
            "BT-117": Decimal("36.86"),
            "BT-118": "S",
            "BT-119": Decimal(19),
        },
        {
            "BT-116": Decimal("50.00"),
            "BT-117": Decimal("0.00"),
            "BT-118": "E",
            "BT-119": Decimal(0),
            "BT-120": "Exempt 120",
            "BT-121": "VATEX-EU-132",
        },
    ],
    "BG-24": [
        {
            "BT-122": "document 122",
            "BT-123": "Time sheet",
            "BT-124": "https://files.example/124",
            "BT-125": base64.b64encode(b"day;hours\n").decode(),
            "BT-125-1": "text/csv",
            "BT-125-2": "hours.csv",
        },
        {"BT-122": "document 122b"},
    ],
    "BG-25": [
        {
            "BT-126": "1",
            "BT-127": "Note 127",
            "BT-128": "object 128",
            "BT-128-1": "ABT",
            "BT-129": Decimal("21.5"),
            "BT-130": "HUR",
            "BT-131": Decimal("200.00"),
            "BT-132": "order line 132",
            "BT-133": "account 133",
            "BG-26": {"BT-134": dt.date(2026, 1, 1), "BT-135": dt.date(2026, 1, 30)},
            "BG-27": [
                {
                    "BT-136": Decimal("21.50"),
                    "BT-137": Decimal("215.00"),
                    "BT-138": Decimal(10),
                    "BT-139": "Discount",
                    "BT-140": "95",
                }
            ],
            "BG-28": [
                {
                    "BT-141": Decimal("6.50"),
                    "BT-142": Decimal("65.00"),
                    "BT-143": Decimal(10),
                    "BT-144": "Freight",
                    "BT-145": "FC",
                }
            ],
            "BG-29": {
                "BT-146": Decimal("20.0000"),
                "BT-147": Decimal("1.5000"),
                "BT-148": Decimal("21.5000"),
                "BT-149": Decimal(2),
                "BT-150": "HUR",
            },
            "BG-30": {"BT-151": "S", "BT-152": Decimal(19)},
            "BG-31": {
                "BT-153": "Name 153",
                "BT-154": "Description 154",
                "BT-155": "seller 155",
                "BT-156": "buyer 156",
                "BT-157": "4000001000005",
                "BT-157-1": "0160",
                "BT-158": [{"BT-158": "65434568", "BT-158-1": "STI", "BT-158-2": "158.2"}],
                "BT-159": "NO",
                "BG-32": [
                    {"BT-160": "Color", "BT-161": "black"},
                    {"BT-160": "Size", "BT-161": "4"},
                ],
            },
        },
        {
            "BT-126": "2",
            "BT-129": Decimal(-1),
            "BT-130": "C62",
            "BT-131": Decimal("-50.00"),
            "BG-29": {"BT-146": Decimal("50.00")},
            "BG-30": {"BT-151": "E", "BT-152": Decimal(0)},
            "BG-31": {"BT-153": "Name 2"},
        },
        {
            "BT-126": "3",
            "BT-129": Decimal(2),
            "BT-130": "C62",
            "BT-131": Decimal("100.00"),
            "BG-29": {"BT-146": Decimal("50.00")},
            "BG-30": {"BT-151": "E", "BT-152": Decimal(0)},
            "BG-31": {"BT-153": "Name 3"},
        },
    ],
}
"""All terms but BT-7, which excludes BT-8."""


def changed(data, **changes):
    """Copy data, with some values changed: BT_22=..., or whole paths: {"BG-25/0/BT-153": ...}."""
    made = copy.deepcopy(data)
    for path, value in changes.items():
        *place, last = path.replace("_", "-").split("/")
        target = made
        for part in place:
            target = target[int(part)] if part.isdigit() else target[part]
        target[last] = value
    return made
