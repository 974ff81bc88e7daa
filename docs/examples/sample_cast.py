"""The part of the sample that is written by hand: one customer for each thing that can happen.

Each entry is an account, its subscriptions, their items, and what was billed elsewhere.
"""

from __future__ import annotations

from typing import Any, Final

Cells = dict[str, Any]

MONTHLY: Final = {"billing_type": "Recurring", "billing_period": 1, "billing_unit": "Month"}
PRORATED: Final = {**MONTHLY, "billing_type": "Recurring Prorated"}
QUARTERLY: Final = {**PRORATED, "billing_unit": "Quarter"}
SEATS: Final = {**PRORATED, "id": "seats", "title": "Seats", "tax_code": "DE_19"}
SETUP: Final = {"id": "setup", "title": "Setup", "unit_price": 250, "tax_code": "DE_19"}
NEW_YEAR: Final = "2026-01-01"

GERMAN: Final = {"currency": "EUR", "tax_region": "DE", "entity": "Halligen Software GmbH"}


def _seats(price: str, quantity: int = 1, **more: Any) -> Cells:
    return {**SEATS, "unit_price": price, "quantity": quantity, **more}


def _one(name: str, subscription: Cells, *items: Cells, **account: Any) -> Cells:
    """Describe an account with one subscription."""
    return {"name": name, **GERMAN, **account, "subscriptions": [{**subscription, "items": items}]}


def _billed(item: str, document: str, state: str, *days: str) -> Cells:
    first, last = days or ("", "")
    return {"item": item, "first": first, "last": last, "document": document, "state": state}


SYNC_WITH: Final = {
    "month": "Start of next month",
    "quarter": "Start of next quarter",
    "half-year": "Start of next half year",
    "year": "Start of next year",
    "fiscal-quarter": "Start of next fiscal quarter",
    "fiscal-half-year": "Start of next fiscal half year",
    "fiscal-year": "Start of next fiscal year",
}

SHOWN: Final = _one(
    "Muschelkalk Verlag GmbH",
    {"start": "2026-01-15", "order_discount": "25.00", "reference": "PO 2026-17"},
    _seats(
        "24.90",
        12,
        discount="10%",
        sync_with="Start of next month",
    ),
    {
        "id": "handbook",
        "title": "Printed handbook",
        "unit_price": "32.10",
        "quantity": 3,
        "price_includes_tax": "yes",
        "tax_code": "DE_7",
    },
    {**SETUP, "price_type": "Flat", "quantity": 2},
    address="Kreidefelsenweg 4, 18546 Sassnitz",
    tax_id="DE000000017",
)
"""The customer whose invoice is worth looking at: a part of a month, discounts, two tax rates."""

NOT_BILLED: Final = (
    _one("Ebbe und Flut Reederei", {"start": NEW_YEAR}, _seats("19", 4), active="no"),
    _one("Strandhafer Versand", {"start": NEW_YEAR}, _seats("19", 9), may_bill="no"),
    _one("Leuchtturm Akademie", {"start": NEW_YEAR, "status": "Draft"}, _seats("19", 2)),
    _one("Wattwurm Werkzeuge", {"start": "2024-06-01", "status": "Suspended"}, _seats("19", 2)),
    _one("Nordlicht Keramik", {"start": NEW_YEAR, "reference": "still empty"}),
    _one("Inselbahn Touristik", {"start": NEW_YEAR, "template": "Letterpress"}, _seats("19", 3)),
    _one(
        "Priel Vermessung",
        {"start": NEW_YEAR},
        _seats("19", 3),
        _seats("5", 3, id="archive", title="Archive", active="no"),
        _seats("7", 0, id="guests", title="Guests"),
    ),
    _one(
        "Kormoran Fischfeinkost",
        {
            "start": "2025-12-01",
            "claims": [
                _billed("setup", "R-2025-0815", "final"),
                _billed("seats", "R-2025-0815", "final", "2025-12-01", "2025-12-31"),
                _billed("support", "D-4711", "draft", "2026-01-01", "2026-03-31"),
                _billed("backup", "R-2025-0816", "final", "2025-12-01", "2026-01-31"),
            ],
        },
        SETUP,
        _seats("19", 11),
        {**SEATS, **QUARTERLY, "id": "support", "title": "Support", "unit_price": 450},
        _seats("6.50", 11, id="backup", title="Backup"),
    ),
    _one("Sandbank Kredite", {"start": "2025-02-01", "end": "2025-11-30"}, _seats("19", 6)),
    _one(
        "Gezeiten Kalender",
        {"start": NEW_YEAR},
        _seats("19", 1),
        {**SETUP, "id": "workshop", "title": "Workshop", "start": "2026-04-13"},
        {
            **SEATS,
            **QUARTERLY,
            "id": "care",
            "title": "Care",
            "unit_price": 300,
            "billing_practice": "Arrears",
        },
    ),
    _one("Treibholz Tischlerei", {"start": "2025-10-20"}, _seats("19", 5)),
    _one("Heringshai Handel", {"start": NEW_YEAR, "billed_by": "Marketplace"}, _seats("19", 8)),
)
"""One customer for each reason not to be billed."""

WRONG: Final = (
    _one("Tippfehler Druckerei", {"start": NEW_YEAR}, _seats("19", 2, tax_code="DE_91"), SETUP),
    _one(
        "Wochenmarkt Genossenschaft",
        {"start": NEW_YEAR},
        _seats("8", 1, id="stand", title="Market stand", billing_unit="Week", end="2026-01-03"),
        _seats("19", 1),
    ),
)
"""Customers with a mistake that nobody can see in one row alone."""

SPECIAL: Final = (
    _one(
        "Muschelbank Kulanz",
        {"start": "2024-03-01"},
        {
            "id": "goodwill",
            "title": "Goodwill for the outage in December",
            "unit_price": "-80.00",
            "tax_code": "DE_19",
        },
    ),
    _one(
        "Kutter und Kran Leasing",
        {"start": NEW_YEAR},
        _seats("19", 7),
        _seats("21", 2, id="us-seats", title="Seats in Boston", currency="USD", tax_code=""),
    ),
    _one(
        "Deichgraf Bau",
        {"start": NEW_YEAR},
        _seats("19", 7, criterion="software"),
        {**SETUP, "id": "scanner", "title": "Scanner", "unit_price": 189, "criterion": "hardware"},
    ),
    _one(
        "Ultimo Buchhaltung",
        {"start": "2025-01-31"},
        _seats("19", 2, anchor="2025-01-31", next_service_period_start="2026-01-31"),
        _seats(
            "12",
            2,
            id="archive",
            title="Archive",
            month_end="yes",
            next_service_period_start="2026-01-31",
        ),
    ),
    _one(
        "Synchron Schwimmverein",
        {"start": "2026-01-12"},
        *(
            _seats(
                "360",
                id=name,
                title=f"Lane, aligned by {name}",
                billing_unit="Year",
                sync_with=words,
            )
            for name, words in SYNC_WITH.items()
        ),
    ),
    _one(
        "Taktgeber Uhren",
        {"start": NEW_YEAR},
        {**SEATS, **MONTHLY, "id": "line", "title": "Line", "unit_price": "1.10"}
        | {"billing_unit": "Day"},
        {**SEATS, **MONTHLY, "id": "cleaning", "title": "Cleaning", "unit_price": 35}
        | {"billing_unit": "Week"},
        {**SEATS, **MONTHLY, "id": "license", "title": "License", "unit_price": 1200}
        | {"billing_unit": "Year"},
        {**SEATS, **MONTHLY, "id": "audit", "title": "Audit", "unit_price": 640}
        | {"billing_unit": "Half Year"},
    ),
    _one(
        "Abschied und Partner",
        {"start": "2025-01-01", "end": "2026-01-20"},
        _seats("31", 2, next_service_period_start=NEW_YEAR),
        _seats(
            "365",
            1,
            id="lease",
            title="Lease",
            billing_unit="Year",
            proration="ACT_365",
            next_service_period_start=NEW_YEAR,
        ),
    ),
    _one(
        "Messestand Mobil",
        {"start": NEW_YEAR},
        _seats("62", 1, id="fair", title="Stand at the fair", billing_type="One-Time")
        | {"start": "2026-01-05", "end": "2026-01-14"},
    ),
)
"""Customers whose documents show one thing each."""

CHANGING: Final = (
    _one(
        "Winterpause Eisdiele",
        {
            "start": NEW_YEAR,
            "changes": [
                {"on": "2026-01-12", "until": "2026-01-18", "reason": "pause", "billed_share": 0}
            ],
        },
        _seats("62"),
        SETUP,
    ),
    _one(
        "Schnupperkurs Segelschule",
        {
            "start": "2026-01-05",
            "changes": [
                {"item": "seats", "on": "2026-01-05", "until": "2026-01-18", "reason": "trial"}
                | {"billed_share": 0}
            ],
        },
        _seats("15.50", 4, sync_with="Start of next month"),
    ),
    _one(
        "Aufwind Drachenbau",
        {
            "start": "2025-01-01",
            "end": "2026-12-31",
            "auto_renewal": "12m",
            "cancellation_terms": "3m",
            "changes": [
                {"item": "seats", "on": "2026-01-12", "reason": "upgrade", "quantity": 5},
            ],
        },
        _seats("31", 3, product="seat", next_service_period_start=NEW_YEAR),
    ),
    _one(
        "Rabattmarke Sammelverein",
        {
            "start": NEW_YEAR,
            "changes": [
                {"item": "seats", "on": "2026-01-22", "until": "2026-01-31", "discount": "none"}
                | {"reason": "without the discount of members"}
            ],
        },
        _seats("31", discount="10%"),
    ),
    _one(
        "Umzug und Söhne Spedition",
        {"start": NEW_YEAR},
        _seats("19", 3),
        hold_until="2026-02-28",
        hold_reason="address is checked",
    ),
    _one("Streitberg Mediation", {"start": NEW_YEAR, "hold_reason": "dispute"}, _seats("19", 2)),
    _one(
        "Nachtrag Chronik",
        {
            "start": "2025-12-01",
            "changes": [
                {"item": "seats", "on": "2025-12-15", "reason": "upgrade", "quantity": 8},
            ],
            "claims": [
                {**_billed("seats", "R-2025-0817", "final", "2025-12-01", "2025-12-31")}
                | {"terms": "none"}
            ],
        },
        _seats("19", 6),
    ),
)
"""Customers whose terms change, or whose billing is put off."""

CAST: Final = (SHOWN, *NOT_BILLED, *WRONG, *SPECIAL, *CHANGING)
