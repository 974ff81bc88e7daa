"""What a field can hold, worked out from its type hint: a test, and words for errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, Final, NamedTuple, Union, get_args, get_origin

from billingcore.errors import InvalidInputError

__all__ = ["Expected", "alone", "expected"]


class Expected(NamedTuple):
    """What a field can hold.

    Attributes:
        holds: value → whether it can be held.
        words: what it can be, in words.
    """

    holds: Callable[[Any], bool]
    words: str


def alone(hint: Any) -> Any:
    """Give the one type of a hint, with or without None; None if there are several."""
    if get_origin(hint) not in (Union, UnionType):
        return hint
    kinds = [each for each in get_args(hint) if each is not NoneType]
    return kinds[0] if len(kinds) == 1 else None


@cache
def expected(hint: Any) -> Expected:
    """Work out what a hint allows.

    Raises:
        InvalidInputError: it is no type, or a generic one that no field has.
    """
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _any_of([expected(each) for each in get_args(hint)])
    if origin is None and (hint in _PLAIN or isinstance(hint, type)):
        return _PLAIN.get(hint) or _of_class(hint)
    if origin not in _CONTAINERS:
        fix = "give a class, like DraftInvoice, or tuple[Claim, ...]"
        raise InvalidInputError("no kind of value", field="kind", value=hint, fix=fix)
    return _CONTAINERS[origin](*get_args(hint))


def _of_class(kind: type) -> Expected:
    if getattr(kind, "_is_protocol", False) and not getattr(kind, "_is_runtime_protocol", False):
        return _PLAIN[object]  # the constructor checks it

    def holds(value: Any) -> bool:
        return isinstance(value, kind)

    return Expected(holds, f"a {kind.__name__}")


def _anything(_: Any) -> bool:
    return True


def _is_none(value: Any) -> bool:
    return value is None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return value is True or value is False


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not _is_flag(value)


_PLAIN: Final[Mapping[Any, Expected]] = {
    Any: Expected(_anything, "anything"),
    object: Expected(_anything, "anything"),
    NoneType: Expected(_is_none, "null"),
    str: Expected(_is_text, "text"),
    bool: Expected(_is_flag, "true or false"),
    int: Expected(_is_whole, "a whole number"),
}


def _any_of(kinds: Sequence[Expected]) -> Expected:
    def holds(value: Any) -> bool:
        return any(each.holds(value) for each in kinds)

    return Expected(holds, " or ".join(each.words for each in kinds))


def _of_tuple(*kinds: Any) -> Expected:
    if kinds[1:] == (...,):
        return _each(tuple, kinds[0])
    places = [expected(each) for each in kinds]

    def holds(value: Any) -> bool:
        row: Any = value
        if not isinstance(value, tuple) or len(row) != len(places):
            return False
        return all(place.holds(each) for place, each in zip(places, row, strict=True))

    return Expected(holds, f"a list of {', '.join(each.words for each in places)}")


def _each(kind: type, inside: Any) -> Expected:
    inner = expected(inside)

    def holds(value: Any) -> bool:
        is_one = isinstance(value, kind) and not isinstance(value, str)
        return is_one and all(map(inner.holds, value))

    return Expected(holds, f"{_NAMES[kind]}, each of it {inner.words}")


def _of_mapping(key: Any, content: Any) -> Expected:
    keys, values = expected(key), expected(content)

    def holds(value: Any) -> bool:
        pairs: Any = value
        if not isinstance(value, Mapping):
            return False
        return all(map(keys.holds, pairs)) and all(map(values.holds, pairs.values()))

    return Expected(holds, f"a map of {keys.words} to {values.words}")


def _of_callable(*_: Any) -> Expected:
    return Expected(callable, "a function")


_NAMES: Final[Mapping[type, str]] = {
    tuple: "a list",
    list: '{"list": [...]}',
    AbstractSet: '{"set": [...]}',
    Sequence: "a list",
}

_CONTAINERS: Final[Mapping[Any, Callable[..., Expected]]] = {
    tuple: _of_tuple,
    list: partial(_each, list),
    frozenset: partial(_each, AbstractSet),
    AbstractSet: partial(_each, AbstractSet),
    Sequence: partial(_each, Sequence),
    Mapping: _of_mapping,
    dict: _of_mapping,
    Callable: _of_callable,
}
"""The generic types that fields of records have."""
