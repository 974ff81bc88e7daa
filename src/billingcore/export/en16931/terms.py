"""Groups of terms: what is empty is left out, and amounts have the digits of their currency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from billingcore.lines.explain import without_directions
from billingcore.values.context import EXACT
from billingcore.values.currency import quantum_of

__all__ = [
    "Group",
    "Term",
    "amount_in",
    "decimal_of",
    "group",
    "groups_at",
    "listed",
    "number",
    "some",
    "text",
]

Group = dict[str, Any]
"""Code of a term or group → its value, a group, or a list of groups."""

Term = str | Decimal | dt.date
"""The value of a term."""


def group(terms: Mapping[str, object]) -> Group:
    """Give a group without what is empty.

    >>> group({"BT-1": "R-1", "BT-9": None, "BG-1": []})
    {'BT-1': 'R-1'}
    """
    return {code: value for code, value in terms.items() if value not in (None, "", {}, [])}


def text(value: str) -> str:
    """Give text of the host without what turns other text around, and without outer blanks."""
    return without_directions(value).strip()


def some(parts: Iterable[str]) -> str:
    """Put texts below each other, but for empty ones."""
    return "\n".join(filter(None, map(text, parts)))


def amount_in(currency: str, value: Decimal) -> Decimal:
    """Give an amount with at least the digits of its currency; none are lost, and 0 has no sign."""
    quantum = quantum_of(currency)
    found = value.quantize(quantum, context=EXACT)
    return (found or found.copy_abs()) if found == value else value


def number(value: Decimal) -> Decimal:
    """Give a number without zeros at its end, and without an exponent.

    >>> number(Decimal("12.500")), number(Decimal("1E+2"))
    (Decimal('12.5'), Decimal('100'))
    """
    short = EXACT.normalize(value)
    exponent = short.as_tuple().exponent
    is_whole = isinstance(exponent, int) and exponent > 0
    return short.quantize(Decimal(1), context=EXACT) if is_whole else short


def decimal_of(value: Fraction, places: int) -> Decimal | None:
    """Give a fraction as a number with at most so many decimals; None if it has more.

    >>> decimal_of(Fraction(1, 8), 4), decimal_of(Fraction(1, 3), 4)
    (Decimal('0.125'), None)
    """
    scaled = value * 10**places
    if scaled.denominator != 1:
        return None
    return number(Decimal(scaled.numerator).scaleb(-places, EXACT))


def groups_at(data: Group, *path: str) -> Iterator[Group]:
    """Yield the groups at the end of a path, each of those that there are several of.

    >>> list(groups_at({"BG-25": [{"BG-29": {"BT-146": Decimal(1)}}, {}]}, "BG-25", "BG-29"))
    [{'BT-146': Decimal('1')}]
    """
    if not path:
        yield data
        return
    code, *rest = path
    for each in listed(data.get(code, [])):
        yield from groups_at(each, *rest)


def listed(value: Any) -> list[Any]:
    """Give the groups of a list, or the one that there is."""
    return cast("list[object]", value) if isinstance(value, list) else [value]
