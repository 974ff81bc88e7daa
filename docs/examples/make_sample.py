"""Write the sample that `first_run.py` bills: invented customers, always the same ones.

    python docs/examples/make_sample.py

Nothing is drawn: what a customer has follows from a fixed seed and the customer's own number, so that
the files are the same on every machine, and a new customer changes no other.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from csv_form import COLUMNS
from sample_cast import CAST, MONTHLY, PRORATED, Cells

T = TypeVar("T")

SEED: Final = "billingcore sample 1"
CUSTOMERS: Final = 400
FOLDER: Final = Path(__file__).parent / "sample"


class Market(NamedTuple):
    """Where a customer is: currency and words for tax, and what one euro is in prices there."""

    region: str
    currency: str
    entity: str
    legal_form: str
    standard: str
    reduced: str
    exempt: str
    rate: str
    digit: str = "0.01"


GMBH: Final = "Halligen Software GmbH"
LIMITED: Final = "Halligen Software Ltd"
MARKETS: Final = (
    Market("DE", "EUR", GMBH, "GmbH", "DE_19", "DE_7", "TRAINING", "1"),
    Market("DE", "EUR", GMBH, "KG", "DE_19", "DE_7", "TRAINING", "1"),
    Market("DE", "EUR", GMBH, "e.V.", "DE_19", "DE_7", "TRAINING", "1"),
    Market("EU business", "EUR", GMBH, "SAS", "DE_19", "DE_7", "TRAINING", "1"),
    Market("EE", "EUR", GMBH, "OÜ", "EE", "EE", "TRAINING", "1"),
    Market("GB", "GBP", LIMITED, "Ltd", "GB_20", "GB_0", "TRAINING", "0.90"),
    Market("US", "USD", LIMITED, "Inc.", "", "", "", "1.10"),
    Market("CH", "CHF", GMBH, "AG", "CH", "CH_REDUCED", "TRAINING", "1"),
    Market("JP", "JPY", LIMITED, "KK", "JP_10", "JP_8", "", "160", "1"),
    Market("KW", "KWD", LIMITED, "W.L.L.", "", "", "", "0.34", "0.001"),
)

FIRST_WORDS: Final = (
    "Alder Basalt Birke Bernstein Cedar Distel Dune Eibe Elster Farn Fjord Flint Ginster Granit "
    "Harbor Hasel Heron Holunder Iris Juniper Kiesel Lark Linden Mica Möwe Moor Nebel Otter Quarz "
    "Raven Reed Rowan Sable Schiefer Slate Sorrel Tamarisk Thistle Ulme Willow"
)
SECOND_WORDS: Final = (
    "Analytics Apotheke Archiv Bakery Bikes Brauerei Câblage Catering Clinic Design Drucke Energy "
    "Film Foundry Gärten Glas Instruments Joinery Kaffee Labor Logistik Marine Mühle Optik Papier "
    "Pumps Robotics Schule Textil Travel Vertrieb Werkstatt"
)


class Product(NamedTuple):
    """Something on sale: its price in euros, how many are bought, and when it is billed."""

    id: str
    title: str
    price: str
    most: int
    tax: str
    cells: Cells


ARREARS: Final = {**MONTHLY, "billing_practice": "Arrears"}
AVERAGE: Final = {**MONTHLY, "billing_type": "Recurring Prorated AVG"}
PRODUCTS: Final = (
    Product("seats", "Seats", "12.50", 60, "standard", PRORATED),
    Product("seats-plus", "Seats with single sign-on", "19.90", 40, "standard", PRORATED),
    Product("pages", "Pages", "0.01250", 4000, "standard", {**MONTHLY, "unit_code": "EA"}),
    Product("storage", "Storage", "0.12", 900, "standard", {**MONTHLY, "unit_code": "E34"}),
    Product("backup", "Backup", "29.00", 3, "standard", AVERAGE),
    Product("support", "Support", "450", 1, "standard", {**PRORATED, "billing_unit": "Quarter"}),
    Product("domain", "Domain", "18.00", 5, "standard", {**MONTHLY, "billing_unit": "Year"}),
    Product("line", "Leased line", "1.10", 2, "standard", {**MONTHLY, "billing_unit": "Day"}),
    Product("newsletter", "Newsletter", "9.00", 1, "reduced", {**ARREARS, "unit_code": "EA"}),
    Product("monitoring", "Monitoring", "35.00", 2, "standard", {**ARREARS, "discount": "5%"}),
    Product("pickup", "Paper pickup", "14.00", 1, "standard", {**MONTHLY, "billing_unit": "Week"}),
    Product("onboarding", "Onboarding", "800", 1, "standard", {"discount": "50.00"}),
    Product("training", "Training day", "640", 2, "exempt", {"unit_code": "DAY"}),
)


def number(least: int, most: int, *about: object) -> int:
    """Give a whole number that follows from the seed and from what it is about."""
    text = "/".join([SEED, *map(str, about)])
    return least + int(sha256(text.encode()).hexdigest(), 16) % (most - least + 1)


def pick(options: Sequence[T], *about: object) -> T:
    """Give one of some options."""
    return options[number(0, len(options) - 1, *about)]


def price_in(market: Market, euros: str) -> str:
    """Give a price in the currency of a market; a price below one unit keeps its digits."""
    price = Decimal(euros) * Decimal(market.rate)
    digit = Decimal("0.00001" if price < 1 else market.digit)
    return str(price.quantize(digit, ROUND_HALF_UP))


def customer(n: int) -> Cells:
    """Make up the n-th customer."""
    market = pick(MARKETS, n, "market")
    first = pick(FIRST_WORDS.split(), n, "first word")
    second = pick(SECOND_WORDS.split(), n, "second word")
    contracts = 2 if number(1, 5, n, "contracts") == 1 else 1
    return {
        "name": f"{first} {second} {market.legal_form}",
        "currency": market.currency,
        "tax_region": market.region,
        "entity": market.entity,
        "template": "German" if market.region == "DE" else "",
        "payment_days": pick(("", "", "", 30), n, "payment days"),
        "subscriptions": [contract(market, n, each) for each in range(contracts)],
    }


def contract(market: Market, n: int, each: int) -> Cells:
    """Make up a subscription: already running, new in January, or of an earlier year."""
    kind = pick(("calendar", "calendar", "calendar", "running", "running", "new", "new"), n, each)
    month, day = number(1, 12, n, each, "month"), number(2, 31, n, each, "day")
    start = f"2025-{month:02}-01"
    terms: Cells = {}
    if kind == "calendar":
        terms = {"next_service_period_start": "2026-01-01"}
    elif kind == "running":
        start = f"2024-{pick((1, 3, 5, 7, 8, 10, 12), n, each):02}-{day:02}"
        terms = {"next_service_period_start": f"2026-01-{day:02}", "anchor": start}
    else:
        start = f"2026-01-{day:02}"
        terms = {"sync_with": pick(("", "Start of next month"), n, each, "sync")}
    first = number(0, len(PRODUCTS) - 1, n, each, "products")
    step = pick((1, 2, 3, 5), n, each, "step")
    count = number(1, 4, n, each, "count")
    chosen = [PRODUCTS[(first + step * place) % len(PRODUCTS)] for place in range(count)]
    return {
        "start": start,
        "order_discount": pick(("",) * 9 + ("3%",), n, each, "order discount"),
        "reference": pick(("", f"PO {number(1000, 9999, n, each)}"), n, each, "reference"),
        "items": [sold(market, product, terms, n, each) for product in chosen],
    }


def sold(market: Market, product: Product, terms: Cells, *about: object) -> Cells:
    """Make up how a product was sold; its dates only matter if it recurs."""
    recurs = "billing_unit" in product.cells
    return {
        "id": product.id,
        "title": product.title,
        "unit_price": price_in(market, product.price),
        "quantity": number(1, product.most, *about, product.id),
        "tax_code": getattr(market, product.tax),
        **product.cells,
        **(terms if recurs else {}),
    }


TAXES: Final = (
    {"code": "DE_19", "rate": 19},
    {"code": "DE_19", "rate": 16, "start": "2020-07-01", "end": "2020-12-31"},
    {"code": "DE_7", "rate": 7},
    {"code": "DE_7", "rate": 5, "start": "2020-07-01", "end": "2020-12-31"},
    {"code": "EE", "rate": 22, "end": "2025-06-30"},
    {"code": "EE", "rate": 24, "start": "2025-07-01"},
    {"code": "GB_20", "rate": 20},
    {"code": "GB_0", "rate": 0, "category": "Z"},
    {"code": "CH", "rate": "7.7", "end": "2023-12-31"},
    {"code": "CH", "rate": "8.1", "start": "2024-01-01"},
    {"code": "CH_REDUCED", "rate": "2.6", "start": "2024-01-01"},
    {"code": "JP_10", "rate": 10},
    {"code": "JP_8", "rate": 8},
    {"code": "TRAINING", "rate": 0, "category": "E", "reason": "Vocational training"},
)
REVERSE_CHARGE: Final = {
    "rate": 0,
    "category": "AE",
    "buyer": "EU business",
    "reason": "Reverse charge",
    "reason_code": "VATEX-EU-AE",
}
TEMPLATES: Final = (
    {"name": "Default", "payment_days": 14, "series": "INV-[Year]-{00000}", "reset": "Yearly"},
    {
        "name": "German",
        "payment_days": 14,
        "series": "RE-[Year]-{00000}",
        "reset": "Yearly",
        "locale": "de_DE",
        "footer": "Bitte geben Sie bei der Zahlung die Rechnungsnummer an.",
    },
)
ENTITIES: Final = (
    {
        "name": GMBH,
        "address": "Warft 7, 25859 Hooge",
        "tax_id": "DE000000001",
        "tax_region": "DE",
    },
    {
        "name": LIMITED,
        "address": "7 Mound Lane; Skerry",
        "tax_id": "GB000000001",
        "tax_region": "GB",
        "series": "HL-[Year][Month]-{0000}",
        "reset": "Monthly",
    },
)


def rows_of(customers: Sequence[Cells]) -> dict[str, list[Cells]]:
    """Spread customers over the files, and number accounts and subscriptions."""
    files: dict[str, list[Cells]] = {name: [] for name in COLUMNS}
    for n, account in enumerate(customers, 1):
        account_id = f"A-{n:03}"
        files["accounts.csv"].append({"id": account_id, **account})
        for subscription in account["subscriptions"]:
            subscription_id = f"S-{len(files['subscriptions.csv']) + 1:03}"
            own = {"account": account_id, "subscription": subscription_id}
            files["subscriptions.csv"].append({"id": subscription_id, **own, **subscription})
            files["items.csv"] += [{**own, **item} for item in subscription["items"]]
            for kind in ("changes", "claims"):
                files[f"{kind}.csv"] += [{**own, **row} for row in subscription.get(kind, ())]
    charges = [{"code": code, **REVERSE_CHARGE} for code in ("DE_19", "DE_7")]
    return {
        **files,
        "taxes.csv": [*TAXES, *charges],
        "templates.csv": [*TEMPLATES],
        "entities.csv": [*ENTITIES],
    }


def write(folder: Path) -> None:
    """Write all files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    customers = [*CAST, *(customer(n) for n in range(len(CAST) + 1, CUSTOMERS + 1))]
    for name, rows in rows_of(customers).items():
        columns = [column.name for column in COLUMNS[name]]
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
