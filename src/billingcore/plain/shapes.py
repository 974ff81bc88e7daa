"""What a record consists of in plain data: the parameters of its constructor.

What follows from other fields is left out, since the constructor works it out again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from inspect import Parameter, signature
from operator import attrgetter
from typing import Any, Final, NamedTuple, cast, get_type_hints

import attrs

from billingcore.plain.atoms import ATOMS, read_member
from billingcore.plain.hints import Expected, alone, expected
from billingcore.plain.registry import RECORDS
from billingcore.plain.special import MAKERS, VIEWS, View
from billingcore.values.sealing import Sealed

__all__ = ["NEEDED", "Part", "Shape", "shape_of"]

NEEDED: Final = object()
"""What stands for the default of a field that has none."""

_NO_VIEWS: Final[Mapping[str, View]] = {}


class Part(NamedTuple):
    """One field of a record.

    Attributes:
        name: in the text.
        argument: the parameter of the constructor.
        get: record → value.
        default: what the constructor takes if nothing is given; `NEEDED` if it needs a value.
        kind: the type of value that is plain text in this field; None if there is none.
        write: value of that type → text.
        read: text → value; None if a text is simply text.
        is_text: whether it holds text and nothing else, but for None.
        expected: what it can hold.
    """

    name: str
    argument: str
    get: Callable[[Any], object]
    default: object
    kind: type | None
    write: Callable[[Any], str]
    read: Callable[[str], object] | None
    is_text: bool
    expected: Expected


class Shape(NamedTuple):
    """How records of one class are written and read.

    Attributes:
        name: of the class.
        parts: the fields, in the order of the constructor.
        by_name: the same by their names.
        make: what makes a record of keyword arguments.
    """

    name: str
    parts: tuple[Part, ...]
    by_name: Mapping[str, Part]
    make: Callable[..., Any]


@cache
def shape_of(kind: Any) -> Shape:
    """Work out the shape of a class of the registry."""
    views, hints, fields = VIEWS.get(kind, _NO_VIEWS), _hints(kind), _fields(kind)
    parts: list[Part] = []
    for argument, parameter in _parameters(kind).items():
        if argument in views:
            hint, get = views[argument]
            parts.append(_part(argument, argument, get, parameter, hint))
        elif argument in fields:
            name = fields[argument]
            parts.append(_part(name, argument, attrgetter(name), parameter, hints[name]))
    make = MAKERS.get(kind, kind)
    return Shape(kind.__name__, tuple(parts), {each.name: each for each in parts}, make)


def _part(
    name: str, argument: str, get: Callable[[Any], object], parameter: Parameter, hint: Any
) -> Part:
    kind, write, read = _as_text(one := alone(hint))
    holds = expected(hint).holds
    return Part(
        name=name,
        argument=argument,
        get=get,
        default=_default(parameter.default, holds),
        kind=kind,
        write=write,
        read=read,
        is_text=one is str,
        expected=expected(hint),
    )


def _default(given: object, holds: Callable[[Any], bool]) -> object:
    """Give the default of a field as the constructor keeps it."""
    if given in (Parameter.empty, attrs.NOTHING):
        return NEEDED
    kept: dict[object, object] = {None: {}, 1: Decimal(1), (): frozenset[object]()}
    if not holds(given) and holds(kept.get(given)):
        return kept[given]
    return given


def _as_text(kind: Any) -> tuple[type | None, Callable[[Any], str], Callable[[str], object] | None]:
    """Give how values of a type are written as text, if they are."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind, attrgetter("name"), partial(read_member, kind)
    atom = ATOMS.get(kind) if isinstance(kind, type) else None
    return (None, str, None) if atom is None else (kind, atom.write, atom.value)


def _fields(kind: Any) -> Mapping[str, str]:
    """Give the parameter of each field that has one of its name."""
    if attrs.has(kind):
        return {cast("str", each.alias): each.name for each in attrs.fields(kind)}
    return {name: name for name in kind._fields} if hasattr(kind, "_fields") else {}


def _parameters(kind: Any) -> Mapping[str, Parameter]:
    """Give the parameters of the constructor; those of the open class, if it is passed on to it."""
    found = kind
    if issubclass(kind, Sealed) and kind.__init__ is Sealed.__init__:
        _, found = kind.__bases__
    return signature(found).parameters


def _hints(kind: type) -> Mapping[str, Any]:
    """Give the type of each field; names that a module has for its types only are known, too."""
    return get_type_hints(kind, {**RECORDS, **vars(sys.modules[kind.__module__])}, {})
