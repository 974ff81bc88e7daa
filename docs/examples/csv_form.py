"""The form of the CSV files: which columns each has, and what of another file it refers to.

To bill files of another form, change these tables. What a cell can hold is said in `csv_cells`, and
what becomes of a row in `csv_records`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, NamedTuple, TypeVar

import csv_records as records
from csv_cells import (
    CODE,
    CONVENTION,
    COUNT,
    DAY,
    DISCOUNT,
    END,
    FLAG,
    ID,
    LENGTH,
    LINES,
    NUMBER,
    PRICED,
    SERIES,
    TAX_CODE,
    TERMS,
    TEXT,
    Kind,
    one_of,
)
from csv_records import Values

import billingcore as bc

T = TypeVar("T")

CUSTOM: Final = "custom."
"""What the name of a column begins with that is no column of the form, but should be kept."""


class Column(NamedTuple):
    """One column of a file."""

    name: str
    kind: Kind
    example: str
    is_required: bool = False


class Reference(NamedTuple):
    """Columns of a file that name a row of another one; none if one of their cells is empty."""

    columns: tuple[str, ...]
    file: str


@dataclass(frozen=True)
class Table(Generic[T]):
    """One file: its columns, and how a row becomes a record.

    The first of its keys is unique; by each of them other files can refer to a row.
    """

    file: str
    build: Callable[[Values], T]
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    is_required: bool = False
    has_custom: bool = False


ACCOUNTS = Table(
    "accounts.csv",
    records.account,
    (
        Column("id", ID, "A-1", is_required=True),
        Column("name", TEXT, "Acme GmbH"),
        Column("currency", CODE, "EUR", is_required=True),
        Column("active", FLAG, "yes"),
        Column("may_bill", FLAG, "yes"),
        Column("hold_until", DAY, "2026-03-31"),
        Column("hold_reason", TEXT, "address is checked"),
        Column("template", ID, "Default"),
        Column("entity", ID, "North Office"),
        Column("payment_days", COUNT, "14"),
        Column("tax_region", TEXT, "EU business"),
        Column("tax_id", TEXT, "DE123456789"),
        Column("address", LINES, "Hafenweg 3; 20457 Hamburg"),
        Column("locale", ID, "de_DE"),
    ),
    keys=(("id",),),
    is_required=True,
    has_custom=True,
)

SUBSCRIPTIONS = Table(
    "subscriptions.csv",
    records.subscription,
    (
        Column("id", ID, "S-1", is_required=True),
        Column("account", ID, "A-1", is_required=True),
        Column("start", DAY, "2026-01-15"),
        Column("end", END, "2026-12-31"),
        Column("auto_renewal", LENGTH, "12m"),
        Column("cancellation_terms", LENGTH, "3m"),
        Column("status", TEXT, "Active"),
        Column("hold_until", DAY, "2026-03-31"),
        Column("hold_reason", TEXT, "dispute"),
        Column("currency", CODE, "EUR"),
        Column("template", ID, "Default"),
        Column("entity", ID, "North Office"),
        Column("payment_days", COUNT, "30"),
        Column("order_discount", DISCOUNT, "5%"),
        Column("reference", TEXT, "PO 4711"),
        Column("is_separate", FLAG, "no"),
        Column("billed_by", TEXT, "Marketplace"),
    ),
    keys=(("id",), ("id", "account")),
    references=(Reference(("account",), "accounts.csv"),),
    is_required=True,
    has_custom=True,
)

ITEMS = Table(
    "items.csv",
    records.item,
    (
        Column("subscription", ID, "S-1", is_required=True),
        Column("id", ID, "seats", is_required=True),
        Column("title", TEXT, "Seats"),
        Column("product", ID, "seat"),
        Column("unit_price", NUMBER, "19.90", is_required=True),
        Column("quantity", NUMBER, "3"),
        Column("currency", CODE, "EUR"),
        Column("price_type", one_of(bc.PriceType), "Flat"),
        Column("price_includes_tax", FLAG, "no"),
        Column("tax_code", ID, "DE_19"),
        Column("billing_type", one_of(bc.BillingType), "Recurring Prorated"),
        Column("billing_period", COUNT, "1"),
        Column("billing_unit", one_of(bc.Unit), "Month"),
        Column("anchor", DAY, "2026-01-31"),
        Column("month_end", FLAG, "no"),
        Column("proration", CONVENTION, "ACT_365"),
        Column("billing_practice", one_of(bc.BillingPractice), "Arrears"),
        Column("sync_with", one_of(bc.SyncWith), "Start of next month"),
        Column("start", DAY, "2026-01-15"),
        Column("end", END, "2026-12-31"),
        Column("active", FLAG, "yes"),
        Column("discount", DISCOUNT, "10%"),
        Column("criterion", TEXT, "hardware"),
        Column("unit_code", TEXT, "C62"),
        Column("sequence", COUNT, "10"),
        Column("description", TEXT, "Named users"),
        Column("next_service_period_start", DAY, "2026-01-01"),
    ),
    keys=(("subscription", "id"),),
    references=(Reference(("subscription",), "subscriptions.csv"),),
    is_required=True,
    has_custom=True,
)

CHANGES = Table(
    "changes.csv",
    records.change,
    (
        Column("subscription", ID, "S-1", is_required=True),
        Column("item", ID, "seats"),
        Column("on", DAY, "2026-03-10", is_required=True),
        Column("until", END, "2026-05-31"),
        Column("reason", TEXT, "upgrade"),
        Column("unit_price", PRICED["unit_price"], "17.90"),
        Column("quantity", PRICED["quantity"], "5"),
        Column("discount", PRICED["discount"], "10%"),
        Column("tax_code", PRICED["tax_code"], "DE_19"),
        Column("billing_practice", one_of(bc.BillingPractice), "Arrears"),
        Column("billed_share", PRICED["billed_share"], "0.5"),
        Column("title", TEXT, "Seats, upgraded"),
    ),
    references=(
        Reference(("subscription", "item"), "items.csv"),
        Reference(("subscription",), "subscriptions.csv"),
    ),
)

CLAIMS = Table(
    "claims.csv",
    records.claim,
    (
        Column("account", ID, "A-1", is_required=True),
        Column("subscription", ID, "S-1", is_required=True),
        Column("item", ID, "seats", is_required=True),
        Column("first", DAY, "2026-01-01"),
        Column("last", END, "2026-01-31"),
        Column("document", ID, "R-2025-0815", is_required=True),
        Column(
            "state",
            one_of(bc.ClaimState, bc.ClaimState.DRAFT, bc.ClaimState.FINAL),
            "final",
            is_required=True,
        ),
        Column("terms", TERMS, "quantity=5"),
    ),
    references=(
        Reference(("account",), "accounts.csv"),
        Reference(("subscription", "account"), "subscriptions.csv"),
        Reference(("subscription", "item"), "items.csv"),
    ),
)

TAXES = Table(
    "taxes.csv",
    records.tax_rate,
    (
        Column("code", TAX_CODE, "DE_19", is_required=True),
        Column("rate", NUMBER, "19", is_required=True),
        Column("category", one_of(bc.TaxCategory), "S"),
        Column("start", DAY, "2021-01-01"),
        Column("end", END, "2026-12-31"),
        Column("buyer", ID, "EU business"),
        Column("seller", ID, "DE"),
        Column("reason", TEXT, "Reverse charge"),
        Column("reason_code", TEXT, "VATEX-EU-AE"),
    ),
)

TEMPLATES = Table(
    "templates.csv",
    records.template,
    (
        Column("name", ID, "Default", is_required=True),
        Column("payment_days", COUNT, "14"),
        Column("series", SERIES, "INV-[Year]-{00000}"),
        Column("reset", one_of(bc.Reset), "Yearly"),
        Column("locale", ID, "en_GB"),
        Column("intro", TEXT, "Thank you for your order."),
        Column("footer", TEXT, "Please quote the number of the invoice."),
    ),
    keys=(("name",),),
)

ENTITIES = Table(
    "entities.csv",
    records.entity,
    (
        Column("name", ID, "North Office", is_required=True),
        Column("address", LINES, "Speicherstrasse 1; 20457 Hamburg"),
        Column("tax_id", TEXT, "DE999999999"),
        Column("tax_region", TEXT, "DE"),
        Column("bank", TEXT, "IBAN DE00 0000 0000 0000 0000 00"),
        Column("series", SERIES, "N-[Year]-{0000}"),
        Column("reset", one_of(bc.Reset), "Yearly"),
    ),
    keys=(("name",),),
)

FORM: tuple[Table[Any], ...] = (
    ACCOUNTS,
    SUBSCRIPTIONS,
    ITEMS,
    CHANGES,
    CLAIMS,
    TAXES,
    TEMPLATES,
    ENTITIES,
)
COLUMNS: Mapping[str, tuple[Column, ...]] = {table.file: table.columns for table in FORM}
