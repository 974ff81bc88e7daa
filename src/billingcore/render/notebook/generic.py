"""How any record draws itself: its fields, and below them the lists that it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, cast

from billingcore.render.notebook.cells import fields_of, in_words, is_empty, is_record
from billingcore.render.notebook.columns import sheet_of
from billingcore.render.notebook.sheets import Sheet, facts
from billingcore.values.cadence import Cadence
from billingcore.values.length import Length
from billingcore.values.money import Money
from billingcore.values.period import Period

__all__ = ["called", "lists_of", "record_sheets", "values_of"]

_OF_ONE_WORD: Final = (Cadence, Length, Money, Period)


def called(value: object) -> str:
    """Give the caption of a value: what it is, and its name if it has one."""
    kind = in_words(type(value).__name__)
    name = next((each for field, each in values_of(value) if field in ("id", "number", "name")), "")
    return f"{kind} {name}" if isinstance(name, str) and name else kind


def values_of(value: object) -> Iterator[tuple[str, object]]:
    """Yield the fields of a record; of another object its public attributes."""
    if is_record(value):
        yield from fields_of(value)
        return
    kind = type(value)
    names = (*getattr(value, "__dict__", ()), *getattr(kind, "__slots__", ()))
    for name in names:
        if not name.startswith("_"):
            yield name, getattr(value, name)


def record_sheets(value: object) -> Iterator[Sheet]:
    """Yield the fields of a value as a table, and a table for each of its lists of records."""
    fields = [*values_of(value)]
    lists = {name: records for name, each in fields if (records := lists_of(each))}
    others = [
        (in_words(name), each) for name, each in fields if name not in lists and not is_empty(each)
    ]
    if others or not lists:
        yield facts(called(value), others)
    for name, records in lists.items():
        yield sheet_of(f"{called(value)}: {in_words(name)}", records)


def lists_of(value: object) -> Collection[object]:
    """Give the records in a list, or those that a mapping has by names; else nothing."""
    values: Collection[object] = ()
    if isinstance(value, Mapping):
        values = cast("Mapping[object, object]", value).values()
    elif isinstance(value, list | tuple) and not is_record(cast("Any", value)):
        values = cast("Collection[object]", value)
    first = next(iter(values), None)
    is_long = is_record(first) and not isinstance(first, _OF_ONE_WORD)
    return values if is_long else ()
