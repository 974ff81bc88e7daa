"""What a value is called in a cell of a table: on one line, and short, whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, tzinfo
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from functools import singledispatch
from inspect import isroutine
from itertools import islice
from typing import Any, Final, cast

import attrs

from billingcore.lines.steps import plain
from billingcore.records.source import MISSING
from billingcore.values.period import Period
from billingcore.values.text import without_directions

__all__ = ["fields_of", "in_words", "is_empty", "is_record", "said"]

_BORDER: Final = re.compile("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLACE: Final = re.compile(" at 0x[0-9A-Fa-f]+")  # differs from run to run
_LONGEST: Final = 200  # characters of a cell
_MOST_NAMED: Final = 3  # values in a cell
_NAMES: Final = ("id", "number", "name", "code", "title", "record")
_OF_ONE_WORD: Final = (str, Decimal, Fraction, int, date, Period, Enum)


def is_record(value: object) -> bool:
    """Tell whether a value has fields: a class of attrs, or a named tuple."""
    kind = type(value)
    return attrs.has(kind) or (hasattr(kind, "_fields") and issubclass(kind, tuple))


def is_empty(value: object) -> bool:
    """Tell whether there is nothing to show of a field: nothing, or a record of nothing."""
    if value is None or value is MISSING:
        return True
    if is_record(value):
        return all(is_empty(each) for _, each in fields_of(value))
    is_container = isinstance(value, str | tuple | list | set | frozenset | Mapping)
    return is_container and not value


def fields_of(value: object) -> Iterator[tuple[str, object]]:
    """Yield the fields of a record that its `repr` has, too, with their names."""
    record: Any = value
    kind: Any = type(value)
    if isinstance(value, tuple):
        names: Collection[str] = kind._fields
    else:
        fields = attrs.fields(kind)
        names = [each.name for each in fields if each.repr and not each.name.startswith("_")]
    yield from ((name, getattr(record, name)) for name in names)


def in_words(name: str) -> str:
    """Write the name of a field or of a class as words.

    >>> in_words("is_on"), in_words("payment_days"), in_words("JournalEntry"), in_words("GLAccount")
    ('on', 'payment days', 'Journal entry', 'GL account')
    """
    if "_" in name or name.islower():
        return name.removeprefix("is_").replace("_", " ")
    first, *rest = _BORDER.split(name)
    return " ".join([first, *(word if word.isupper() else word.lower() for word in rest)])


@singledispatch
def said(value: object) -> str:
    """Say on one line what a value is.

    >>> from billingcore import Account, Period, ADVANCE
    >>> said(Period.month(2026, 2)), said(ADVANCE), said((1, 2, 3, 4, 5)), said(True)
    ('2026-02-01 to 2026-02-28', 'Advance', '1, 2, 3 and 2 more', 'yes')
    >>> said(Account("acme", currency="EUR"))
    'Account acme'
    """
    kind = type(value)
    if isroutine(value) or isinstance(value, type):
        return _on_one_line(getattr(value, "__qualname__", kind.__name__))
    if kind.__str__ is not object.__str__:
        return _on_one_line(str(value))
    return _named(value) if is_record(value) else _on_one_line(_PLACE.sub("", repr(value)))


@said.register
def _(value: str) -> str:
    return _on_one_line(value)


@said.register
def _(value: bool) -> str:
    return "yes" if value else "no"


@said.register(int)
@said.register(date)
@said.register(tzinfo)
def _(value: object) -> str:
    return _on_one_line(str(value))


@said.register(IntEnum)
@said.register(Enum)
def _(value: Enum) -> str:
    word = value.value if isinstance(value.value, str) else ""
    return word or in_words(value.name.lower())


@said.register(Decimal)
@said.register(Fraction)
def _(value: Decimal | Fraction) -> str:
    return plain(value)


@said.register
def _(value: Period) -> str:
    return f"{value.first or 'always'} to {value.last or 'open'}"


@said.register
def _(value: Mapping) -> str:  # type: ignore[type-arg]  # read by its class alone
    return _paired(cast("Mapping[object, object]", value).items())


@said.register(tuple)
@said.register(list)
@said.register(set)
@said.register(frozenset)
def _(value: Collection[object]) -> str:
    if value and all(map(_is_fact, value)):
        return _paired(cast("Collection[tuple[object, object]]", value))
    if not is_record(value):
        parts = sorted(map(said, value)) if isinstance(value, set | frozenset) else map(said, value)
        return _listed(iter(parts), len(value))
    is_plain = type(value).__str__ is object.__str__
    return _named(value) if is_plain else _on_one_line(str(value))


def _is_fact(value: object) -> bool:
    """Tell whether it is a name with what it has, as in the facts of an exclusion."""
    if type(value) is not tuple:
        return False
    found = cast("tuple[object, ...]", value)
    return len(found) == 2 and isinstance(found[0], str)


def _paired(pairs: Collection[tuple[object, object]]) -> str:
    return _listed((f"{said(name)}: {said(each)}" for name, each in pairs), len(pairs))


def _listed(parts: Iterator[str], count: int) -> str:
    shown = ", ".join(islice(parts, _MOST_NAMED))
    return _on_one_line(shown) + (f" and {count - _MOST_NAMED} more" if count > _MOST_NAMED else "")


def _named(value: object) -> str:
    """Name a record by its class, and by its id, or else by its first facts."""
    kind, fields = in_words(type(value).__name__), dict(fields_of(value))
    name = next((fields[name] for name in _NAMES if isinstance(fields.get(name), str)), "")
    if name:
        return _on_one_line(f"{kind} {name}")
    facts = [
        f"{in_words(name)} {said(each)}"
        for name, each in fields.items()
        if isinstance(each, _OF_ONE_WORD) and not is_empty(each)
    ]
    return _on_one_line(f"{kind}: {', '.join(facts[:_MOST_NAMED])}" if facts else kind)


def _on_one_line(text: str) -> str:
    line = " ".join(without_directions(text[: 2 * _LONGEST]).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
