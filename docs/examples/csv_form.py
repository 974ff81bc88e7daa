"""The form of the CSV files: which columns each has, and how a cell becomes a value.

Text, numbers and days are passed on as they are written: the records of billingcore read them, and
say what is wrong with them. Only what a cell writes in its own way is read here. To bill files of
another form, change this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any, Generic, NamedTuple, NoReturn, TypeVar

import billingcore as bc

E = TypeVar("E", bound=Enum)
T = TypeVar("T")
Values = dict[str, Any]
"""Column → value; empty cells are left out, so that the record's own default holds."""

CUSTOM = "custom."
"""What the name of a column begins with that is no column of the form, but should be kept."""


class Kind(NamedTuple):
    """A way to write a value in a cell: how to tell a person, and how to read it."""

    form: str
    read: Callable[[str], object] = str


class Column(NamedTuple):
    """One column of a file."""

    name: str
    kind: Kind
    example: str
    is_required: bool = False


class Reference(NamedTuple):
    """Columns of a file that name a row of another one."""

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


def refuse(rule: str, fix: str, column: str = "", value: object = ...) -> NoReturn:
    """Refuse a cell with its value, or a row; the rule is what follows the value and a colon."""
    raise bc.InvalidInputError(rule, field=column, value=value, fix=fix)


def yes_or_no(cell: str) -> bool:
    """Read a truth value."""
    known = {"yes": True, "true": True, "no": False, "false": False}
    if cell.lower() not in known:
        refuse("neither yes nor no", "write yes or no")
    return known[cell.lower()]


def whole_number(cell: str) -> int:
    """Read a count."""
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 9):
        refuse("not a whole number", "write digits only, like 30")
    return int(cell)


def last_day(cell: str) -> str:
    """Pass on a last day, unless it is the one that some programs write for no end."""
    if cell == "9999-12-31":
        refuse("the calendar ends here", "leave the cell empty if there is no end")
    return cell


def discount(cell: str) -> bc.Discount:
    """Read a discount: with a percent sign a percentage, else an amount."""
    if cell.endswith("%"):
        return bc.Discount.percent(cell[:-1].strip())
    return bc.Discount.amount(cell)


def text_lines(cell: str) -> str:
    """Read a text of several lines, which stand on one line with semicolons between them."""
    return "\n".join(line.strip() for line in cell.split(";"))


def convention(cell: str) -> bc.ProrationConvention:
    """Read the name of a proration convention."""
    known = bc.proration.CONVENTIONS
    if cell not in known:
        refuse("not a proration convention", "use one of " + ", ".join(known))
    return known[cell]


def word(member: Enum) -> str:
    """Say how a member of an enumeration is written in a cell."""
    return member.value if isinstance(member.value, str) else member.name.replace("_", " ").title()


def one_of(members: type[E], *chosen: E) -> Kind:
    """Make the kind of column that takes members of an enumeration, some of them or all."""
    known = {word(member).lower(): member for member in chosen or members}

    def read(cell: str) -> E:
        if cell.lower() not in known:
            refuse("no word of this column", "use one of " + ", ".join(map(word, known.values())))
        return known[cell.lower()]

    return Kind("one of: " + ", ".join(map(word, known.values())), read)


ID = Kind("id")
TEXT = Kind("text")
LINES = Kind("text; a semicolon ends a line", text_lines)
NUMBER = Kind("number with a decimal point")
COUNT = Kind("whole number", whole_number)
DAY = Kind("day")
END = Kind("day", last_day)
CODE = Kind("ISO 4217 code")
FLAG = Kind("yes or no", yes_or_no)
DISCOUNT = Kind("percentage or amount", discount)
SERIES = Kind("pattern of invoice numbers")


def with_custom(values: Values, *names: str) -> Values:
    """Move columns that a record has no field for to its custom fields."""
    own = {name: values.pop(name) for name in names if name in values}
    return {**values, "custom": {**values.get("custom", {}), **own}}


def account(values: Values) -> bc.Account:
    """Make an account; whether it is on hold is a custom field."""
    return bc.Account(**with_custom(values, "on_hold"))


def subscription(values: Values) -> Callable[..., bc.Subscription]:
    """Make a subscription as soon as its items are known; all else is checked now."""
    make = partial(bc.Subscription, **with_custom(values, "billed_by"))
    make(items=())
    return make


def item(values: Values) -> bc.Item:
    """Make an item; four columns make its cadence."""
    del values["subscription"]
    count, unit = values.pop("billing_period", None), values.pop("billing_unit", None)
    anchor, is_month_end = values.pop("anchor", None), values.pop("month_end", False)
    if unit is not None:
        day = bc.MONTH_END if is_month_end else bc.SAME_DAY
        values["cadence"] = bc.Cadence(1 if count is None else count, unit, anchor, day=day)
    elif count is not None or anchor is not None or is_month_end:
        refuse("the unit of the period is missing", "write Month, for example", "billing_unit")
    return bc.Item(**values)


def period(values: Values, first: str, last: str) -> bc.Period:
    """Make a period of two columns, and name the right one if they are no period."""
    try:
        return bc.Period.closed(values.get(first), values.get(last))
    except bc.DateRangeError as error:
        error.field = last if error.field == "last" else first
        raise
    except bc.InvalidInputError:
        rule = f"before {values[first]}, the first day"
        refuse(rule, "the last day is inclusive", last, values[last])


def claim(values: Values) -> bc.Claim:
    """Make a claim: for days if both are given, once if none is."""
    missing = [name for name in ("first", "last") if name not in values]
    if len(missing) == 1:
        fix = "give first and last day, or none of them for what is billed once"
        refuse("only one of the two days is given", fix, missing[0])
    billable = bc.billable_id(values["subscription"], values["item"])
    covered = None if missing else period(values, "first", "last")
    return bc.Claim(billable, covered, values["document"], values["state"])


def tax_rate(values: Values) -> bc.TaxRate:
    """Make a rate of a tax code; a table of this one rate shows whether it is a possible one."""
    code = values.pop("code")
    period(values, "start", "end")
    rate = bc.TaxRate(**values)
    bc.TaxTable({code: rate})
    return rate


def with_series(values: Values) -> Values:
    """Make the number series of two columns."""
    pattern, reset = values.pop("series", None), values.pop("reset", bc.Reset.NONE)
    if pattern is not None:
        values["series"] = bc.NumberPattern(pattern, reset=reset)
    elif reset is not bc.Reset.NONE:
        refuse("there is no series to reset", "write one like INV-[Year]-{0000}", "series")
    return values


def template(values: Values) -> bc.Template:
    """Make a template."""
    return bc.Template(**with_series(values))


def entity(values: Values) -> bc.BusinessEntity:
    """Make a business entity."""
    return bc.BusinessEntity(**with_series(values))


COLUMN_OF = {
    "count": "billing_period",
    "unit": "billing_unit",
    "day": "month_end",
    "pattern": "series",
}
"""Field → column, where they are called differently."""

ACCOUNTS = Table(
    "accounts.csv",
    account,
    (
        Column("id", ID, "A-1", is_required=True),
        Column("name", TEXT, "Acme GmbH"),
        Column("currency", CODE, "EUR", is_required=True),
        Column("active", FLAG, "yes"),
        Column("on_hold", FLAG, "no"),
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
    subscription,
    (
        Column("id", ID, "S-1", is_required=True),
        Column("account", ID, "A-1", is_required=True),
        Column("start", DAY, "2026-01-15"),
        Column("end", END, "2026-12-31"),
        Column("status", TEXT, "Active"),
        Column("currency", CODE, "EUR"),
        Column("template", ID, "Default"),
        Column("entity", ID, "North Office"),
        Column("payment_days", COUNT, "30"),
        Column("order_discount", DISCOUNT, "5%"),
        Column("reference", TEXT, "PO 4711"),
        Column("billed_by", TEXT, "Marketplace"),
    ),
    keys=(("id",), ("id", "account")),
    references=(Reference(("account",), "accounts.csv"),),
    is_required=True,
    has_custom=True,
)

ITEMS = Table(
    "items.csv",
    item,
    (
        Column("subscription", ID, "S-1", is_required=True),
        Column("id", ID, "seats", is_required=True),
        Column("title", TEXT, "Seats"),
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
        Column("proration", Kind("name of a convention", convention), "ACT_365"),
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

CLAIMS = Table(
    "claims.csv",
    claim,
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
    ),
    references=(
        Reference(("account",), "accounts.csv"),
        Reference(("subscription", "account"), "subscriptions.csv"),
        Reference(("subscription", "item"), "items.csv"),
    ),
)

TAXES = Table(
    "taxes.csv",
    tax_rate,
    (
        Column("code", ID, "DE_19", is_required=True),
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
    template,
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
    entity,
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
    CLAIMS,
    TAXES,
    TEMPLATES,
    ENTITIES,
)
COLUMNS: Mapping[str, tuple[Column, ...]] = {table.file: table.columns for table in FORM}
