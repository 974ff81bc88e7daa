"""Functions and objects of the host: a text has their names, and never anything that runs.

A name is looked up only among what the host gives. Nothing is imported because a text says so, so
that a text from anybody can do no harm. What is not known becomes a placeholder: it remembers its
name, is written back as it was, and says what is missing when it is used. So an old invoice stays
readable when its code is gone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from types import MethodType
from typing import Any, Final, NoReturn, cast

from attrs import frozen

from billingcore.errors import InvalidInputError

__all__ = ["Known", "Names", "Unknown", "UnknownZone"]

Known = Mapping[str, object] | Iterable[object]
"""What a host gives: name → function or object, or things that have a name by themselves."""

_NOTHING: Final[Mapping[str, object]] = {}


@frozen
class Unknown:
    """A function or an object of the host that is not known where its name was read.

    Attributes:
        name: as it stands in the text.
    """

    name: str

    def _refuse(self) -> NoReturn:
        fix = f"give it to the codec that reads: Codec(known={{{self.name!r}: ...}})"
        raise InvalidInputError("not known here", field="name", value=self.name, fix=fix)

    def __call__(self, *_: object, **__: object) -> Any:
        """Refuse to be called."""
        self._refuse()

    def factor(self, *_: object) -> Any:
        """Refuse to prorate."""
        self._refuse()

    def rate(self, *_: object) -> Any:
        """Refuse to convert."""
        self._refuse()

    def taxes(self, *_: object) -> Any:
        """Refuse to tax."""
        self._refuse()


class UnknownZone(tzinfo):
    """A time zone that is not known where its name was read.

    Attributes:
        key: its name, like ``Europe/Berlin``.
    """

    def __init__(self, key: str) -> None:
        self.key: str = key

    def utcoffset(self, _: datetime | None) -> timedelta | None:
        """Refuse to tell the offset."""
        self._refuse()

    def dst(self, _: datetime | None) -> timedelta | None:
        """Refuse to tell the summer time."""
        self._refuse()

    def tzname(self, _: datetime | None) -> str | None:
        """Refuse to tell the short name."""
        self._refuse()

    def fromutc(self, _: datetime) -> datetime:
        """Refuse to tell the local time."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        fix = f"give it to the codec that reads: Codec(known={{{self.key!r}: ...}})"
        raise InvalidInputError("a zone that is not known here", value=self.key, fix=fix)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnknownZone) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)


class Names:
    """The functions and objects that a host gives, by name and back."""

    __slots__ = ("_by_id", "_by_name", "_given")

    def __init__(self, known: Known = _NOTHING) -> None:
        if isinstance(known, Mapping):
            pairs = list(cast("Mapping[str, object]", known).items())
        else:
            pairs = [(_own_name(each), each) for each in known]
        self._given: dict[str, object] = {}
        self._by_id: dict[int, tuple[str, object]] = {}
        for name, each in pairs:
            if not isinstance(cast("object", name), str) or not name:
                raise InvalidInputError("no name", field="known", value=name, fix="use a text")
            if self._given.setdefault(name, each) is not each:
                fix = "give each its own: known={'name': ...}"
                raise InvalidInputError("two of one name", field="known", value=name, fix=fix)
            self._by_id.setdefault(id(each), (name, each))
        own = {name: each for each in self._given.values() for name in _own_names(each)}
        self._by_name: dict[str, object] = own | self._given

    def __reduce__(self) -> tuple[type[Names], tuple[dict[str, object]]]:
        return Names, (self._given,)  # elsewhere the same things have other identities

    def __str__(self) -> str:
        return ", ".join(sorted(self._given)) or "nothing"

    def of(self, value: object) -> str:
        """Give the name of something that was given; empty if it was not."""
        found, _ = self._by_id.get(id(value), ("", None))
        if not found and isinstance(value, MethodType):  # each access makes another object
            for name, each in self._by_id.values():
                if each == value:
                    return name
        return found

    def find(self, name: str) -> object:
        """Give what has a name; a placeholder if nobody has it."""
        found = self._by_name.get(name)
        return Unknown(name) if found is None else found

    def zone(self, key: str) -> object:
        """Give the zone of a name; a placeholder if nobody has it."""
        found = self._by_name.get(key)
        return UnknownZone(key) if found is None else found


def import_name(value: object) -> str:
    """Give the name under which a function can be imported; empty if it cannot."""
    module, path = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(path, str):
        return ""
    found: object = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return f"{module}:{path}" if found is value else ""


def _own_names(value: object) -> list[str]:
    """Give the names that something has by itself."""
    named = (import_name(value), getattr(value, "key", ""), getattr(value, "name", ""))
    return [name for name in named if isinstance(name, str) and name]


def _own_name(value: object) -> str:
    """Give the name that something has by itself, the first if it has several."""
    for name in _own_names(value):
        return name
    fix = "give it one: known={'name': ...}"
    raise InvalidInputError("it has no name of its own", field="known", value=value, fix=fix)
