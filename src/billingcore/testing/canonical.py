"""One text for one value: equal on every machine, so that results can be compared byte by byte.

`==` takes ``1.0`` and ``1.00`` for equal, and `repr` of a draft is short on purpose. The
canonical text shows every field, with all digits, and nothing that depends on the process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any, Final, cast

import attrs

__all__ = ["canonical"]

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})


def canonical(value: object, without: Mapping[str, object] = _NOTHING) -> str:
    """Write a value of this library, with everything in it, as text.

    What is derived from other fields is left out; functions are written as their names, and
    objects of unknown types as the name of their type.

    >>> from billingcore import Money
    >>> canonical(Money("1.50", "EUR"))
    "Money(amount=1.50, currency='EUR')"

    Args:
        value: a record, a collection of records, or what they consist of.
        without: fields that are left out where they have a certain value, such as those that a
            class did not have when a text was kept: ``{"Money.currency": "EUR"}``.
    """
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, Decimal | Fraction | date):
        return str(value)
    if value is None or isinstance(value, bool | int | str):
        return repr(value)
    kind = type(value).__name__
    names = _field_names(cast(Any, type(value)))
    if names is None:
        return _collection(value, without) or _named(value)
    fields = ((name, getattr(value, name)) for name in names)
    parts = [
        f"{name}={canonical(each, without)}"
        for name, each in fields
        if f"{kind}.{name}" not in without or each != without[f"{kind}.{name}"]
    ]
    return f"{kind}({', '.join(parts)})"


@cache
def _field_names(kind: Any) -> Sequence[str] | None:
    """Give the fields that make two records differ, None for what is no record."""
    if attrs.has(kind):
        return [each.name for each in attrs.fields(kind) if each.eq]
    return cast("Sequence[str] | None", getattr(kind, "_fields", None))


def _collection(value: object, without: Mapping[str, object]) -> str:
    def write(each: object) -> str:
        return canonical(each, without)

    if isinstance(value, Mapping):
        pairs = cast(Mapping[object, object], value).items()
        return "{" + ", ".join(f"{write(key)}: {write(each)}" for key, each in pairs) + "}"
    if isinstance(value, AbstractSet):
        return "{" + ", ".join(sorted(map(write, cast(AbstractSet[object], value)))) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(write, cast(list[object], value))) + "]"
    return ""


def _named(value: object) -> str:
    name = getattr(value, "__qualname__", None)
    return name if isinstance(name, str) else f"<{type(value).__qualname__}>"
