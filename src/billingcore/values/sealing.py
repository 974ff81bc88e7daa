"""Frozen values: filled by their own `__init__`, or built open and sealed when they are complete."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

import attrs
from attrs.exceptions import FrozenInstanceError

__all__ = ["Sealed", "blank", "changed", "fill", "new_tuple"]

S = TypeVar("S", bound="Sealed")
T = TypeVar("T")

_NEW: Any = object.__new__

_TUPLE: Any = tuple
new_tuple: Any = _TUPLE.__new__
"""Build a named tuple of its class and a plain tuple, in a third of the time of calling the class."""


def fill(record: object, /, **fields: object) -> None:
    """Set fields of a frozen value; only its own `__init__` calls this.

    The records read what a host gives through a `Boundary` before they keep it, so they write
    their `__init__` themselves instead of having attrs write it.
    """
    for name, content in fields.items():
        object.__setattr__(record, name, content)


def blank(kind: type[T]) -> Callable[[], T]:
    """Give what makes objects of an open class without any field, to be filled by plain stores.

    A class that has no `__init__` of its own is called in two thirds of the time that `__new__`
    takes.
    """
    made: Any = type(kind.__name__, (kind,), {"__slots__": (), "__init__": object.__init__})
    return cast("Callable[[], T]", made)


class Sealed:
    """What is made by the million: built as an open, slotted object with plain stores, then sealed.

    A sealed class inherits from `Sealed` and from the open class, and adds no slots, so that an
    object is sealed by changing its class: `line.__class__ = LineItem`. That costs a fraction of
    building a frozen one.
    """

    __slots__ = ()

    def __init__(self, *args: Any, **fields: Any) -> None:
        """Take the arguments of the open class; the way that hosts and `attrs.evolve` go."""
        _, open_class = type(self).__bases__
        content = open_class(*args, **fields)
        for each in attrs.fields(cast("Any", open_class)):
            object.__setattr__(self, each.name, getattr(content, each.name))

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError


def changed(value: S, **changes: Any) -> S:
    """Give a copy of a sealed value with some fields changed; nothing of it is read anew."""
    kind: Any = type(value)
    open_class, names = _shape(kind)
    copy: Any = _NEW(open_class)
    for name in names:
        setattr(copy, name, changes.pop(name) if name in changes else getattr(value, name))
    if changes:
        raise TypeError(*changes)
    copy.__class__ = kind  # sealed
    sealed: S = copy
    return sealed


@cache
def _shape(kind: Any) -> tuple[type, tuple[str, ...]]:
    """Give the open class of a sealed one, and the names of its fields."""
    _, open_class = kind.__bases__
    return open_class, tuple([each.name for each in attrs.fields(kind)])
