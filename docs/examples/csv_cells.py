"""What stands in a cell of the CSV files, and how it becomes a value.

Text, numbers and days are passed on as they are written: the records of billingcore read them, and
say what is wrong with them. Only what a cell writes in its own way is read here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Any, Final, NamedTuple, NoReturn, TypeVar

import billingcore as bc

E = TypeVar("E", bound=Enum)

NONE: Final = "none"
"""What is written in a cell to take something away, since an empty cell leaves it as it is."""


class Kind(NamedTuple):
    """A way to write a value in a cell: how to tell a person, and how to read it."""

    form: str
    read: Callable[[str], object] = str


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


def or_none(kind: Kind) -> Kind:
    """Make the kind of column that can also take something away."""

    def read(cell: str) -> object:
        return None if cell.lower() == NONE else kind.read(cell)

    return Kind(f"{kind.form}, or {NONE}", read)


def tax_code(cell: str) -> str:
    """Pass on the name of a tax code, unless it is the word for having none."""
    if cell.lower() == NONE:
        refuse("the word for no tax code", "give the code another name")
    return cell


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
LENGTH = Kind("number and d, w, m or y")
CODE = Kind("ISO 4217 code")
FLAG = Kind("yes or no", yes_or_no)
DISCOUNT = Kind("percentage or amount", discount)
SERIES = Kind("pattern of invoice numbers")
TAX_CODE = Kind("id", tax_code)
CONVENTION = Kind("name of a convention", convention)

PRICED: Final = {
    "unit_price": NUMBER,
    "quantity": NUMBER,
    "discount": or_none(DISCOUNT),
    "tax_code": or_none(ID),
    "billed_share": NUMBER,
}
"""What can change of an item on a day, and decides what the day costs."""


def terms(cell: str) -> str:
    """Read the changed terms that were billed, and name them as an item names its versions."""
    if cell.lower() == NONE:
        return ""
    found: dict[str, Any] = {}
    for part in re.split("[;|]", cell):
        name, _, value = (text.strip() for text in part.partition("="))
        if name not in PRICED or name in found or not value:
            known = ", ".join(PRICED)
            fix = f"write {NONE}, or terms like quantity=5; discount=10%, each of {known}"
            refuse("not terms", fix)
        found[name] = PRICED[name].read(value)
    change = bc.Change("2026-01-01", **found)
    changed = bc.Item("any", unit_price=0, billing_type=bc.RECURRING, changes=[change])
    return changed.versions[-1].version


TERMS = Kind(f"terms with semicolons between them, or {NONE}", terms)
