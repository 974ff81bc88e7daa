"""Writes what is neither a record nor one text: collections, members, and what has only a name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import tzinfo
from enum import Enum
from typing import Any, Final, Protocol

from billingcore.errors import InvalidInputError, show
from billingcore.periods.profiles import Profile
from billingcore.periods.vendors import LIBRARY
from billingcore.plain.names import Names, Unknown, import_name
from billingcore.plain.registry import ENUMS
from billingcore.ports import ProrationConvention

__all__ = ["Writer", "dumps", "other"]

dumps: Final = json.JSONEncoder(
    ensure_ascii=True, allow_nan=False, check_circular=False, separators=(",", ":")
).encode
"""Write plain data as text: plain ASCII, so that any store in any encoding can hold it."""


class Writer(Protocol):
    """Writes the parts of a collection."""

    names: Names

    def plain(self, value: Any, nodes: Any) -> object:
        """Write any value."""
        ...


def other(write: Writer, value: Any, nodes: Any) -> object:
    """Write a value that is neither a record nor one text.

    Raises:
        InvalidInputError: it cannot be written so that it can be read back.
    """
    name = _name_of(write.names, value)
    if name:
        return {"zone" if isinstance(value, tzinfo) else "known": name}
    for kind, way in _WAYS.items():
        if isinstance(value, kind):
            return way(write, value, nodes)
    function = import_name(value) if callable(value) else ""
    if function:
        return {"known": function}
    raise _refused(value)


def _name_of(names: Names, value: object) -> str:
    """Give the name of what is known by its name only; empty if it is something else."""
    if isinstance(value, Unknown):
        return value.name
    return names.of(value)


def _member(_: Writer, value: Enum, __: Any) -> object:
    kind = type(value)
    if ENUMS.get(kind.__name__) is not kind:
        fix = "use its value, or make it known: Codec(known={'name': ...})"
        raise InvalidInputError("a member of an enumeration of your own", value=value, fix=fix)
    return {"enum": kind.__name__, "name": value.name}


def _text(_: Writer, value: str, __: Any) -> object:
    return str.__str__(value)


def _whole(write: Writer, value: int, nodes: Any) -> object:
    return write.plain(int.__int__(value), nodes)


def _map(write: Writer, value: Mapping[Any, Any], nodes: Any) -> object:
    pairs: list[object] = []
    for key, content in value.items():
        pairs.append([_alone(write, key), _inside(write, f".{key}", content, nodes)])
    return {"map": pairs}


def _list(write: Writer, value: Iterable[Any], nodes: Any) -> object:
    return {"list": _row(write, value, nodes)}


def _tuple(write: Writer, value: tuple[Any, ...], nodes: Any) -> object:
    if hasattr(value, "_fields"):
        raise _refused(value)
    return _row(write, value, nodes)


def _row(write: Writer, value: Iterable[Any], nodes: Any) -> list[object]:
    return [_inside(write, f"[{place}]", each, nodes) for place, each in enumerate(value)]


def _set(write: Writer, value: AbstractSet[Any], nodes: Any) -> object:
    """Write a set in the order of the texts of what is in it."""
    return {"set": sorted((_alone(write, each) for each in value), key=dumps)}


def _alone(write: Writer, value: Any) -> object:
    """Write a key or a member of a set, whose text must not depend on a pool."""
    nodes: dict[Any, int] = {}
    data = write.plain(value, nodes)
    if nodes:
        fix = "use a tuple, or its id as the key"
        raise InvalidInputError("a record as a key or in a set", value=value, fix=fix)
    return data


def _zone(_: Writer, value: tzinfo, __: Any) -> object:
    key = getattr(value, "key", None)
    if isinstance(key, str) and key:
        return {"zone": key}
    raise _refused(value)


def _convention(_: Writer, value: ProrationConvention, __: Any) -> object:
    if isinstance(value, Profile):
        fix = "write its name, its policy or its proration"
        raise InvalidInputError("a profile is no data", value=value.name, fix=fix)
    if value.name not in LIBRARY:
        return {"known": value.name}
    if LIBRARY[value.name] is value:
        return {"convention": value.name}
    fix = "give it a name of its own"
    raise InvalidInputError("a convention of the library has its name", value=value.name, fix=fix)


def _float(_: Writer, value: float, __: Any) -> object:
    fix = f"write '{value!r}' or Decimal('{value!r}')"
    raise InvalidInputError("a float is not exact", value=value, fix=fix)


_WAYS: Final[Mapping[type, Callable[[Writer, Any, Any], object]]] = {
    tuple: _tuple,
    list: _list,
    Enum: _member,
    str: _text,
    int: _whole,
    float: _float,
    Mapping: _map,
    AbstractSet: _set,
    tzinfo: _zone,
    bytes: lambda _, value, __: _never(value),
    bytearray: lambda _, value, __: _never(value),
    Sequence: _row,
    ProrationConvention: _convention,
}
"""Kinds of values → how they are written; the first that fits."""


def _never(value: object) -> object:
    raise _refused(value)


def _inside(write: Writer, place: str, value: Any, nodes: Any) -> object:
    """Write a part of a collection; an error says where it stands."""
    try:
        return write.plain(value, nodes)
    except InvalidInputError as error:
        if not error.record:
            error.field = f"{place}{error.field}"
        raise


def _refused(value: object) -> InvalidInputError:
    """Make the error for what cannot be written."""
    name = getattr(value, "__qualname__", "")
    if callable(value) and isinstance(name, str) and name:
        rule = f"the function {name} cannot be found by a name"
        fix = "define it with `def` in a module, or name it: Codec(known={'name': ...})"
        return InvalidInputError(rule, value=value, fix=fix)
    rule = f"{show(value)} cannot be written so that it can be read back"
    fix = "use text, an exact number, a day, or a list or map of them"
    return InvalidInputError(rule, fix=f"{fix}; or name it: Codec(known={{'name': ...}})")
