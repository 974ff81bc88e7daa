"""Values as canonical JSON, and back: what a store keeps, whatever it keeps it in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

from billingcore.errors import InvalidInputError, InvariantViolationError, told
from billingcore.plain.hints import expected
from billingcore.plain.names import Known, Names
from billingcore.plain.others import dumps
from billingcore.plain.reading import Reading, loads
from billingcore.plain.writing import SCHEMA, Node, Writing
from billingcore.values.memo import Memo

__all__ = ["SCHEMA", "UPGRADES", "Codec", "from_json", "from_plain", "to_json", "to_plain"]

T = TypeVar("T")

Upgrade = Callable[[dict[str, object]], dict[str, object]]
"""Turns plain data of one version into that of the next."""

UPGRADES: Final[Mapping[int, Upgrade]] = {}
"""Version of plain data → what makes the next version of it; one for each but the newest."""


class Codec:
    """Writes values as canonical JSON and reads them, with functions and objects of the host.

    A function that can be imported is written by its name; all others, and objects like a time
    zone or a tax engine, by the name under which they are known. Reading looks names up here
    only, so that a text from anybody runs nothing. What is not known becomes a placeholder, which
    is written back as it was and raises `InvalidInputError` when it is used.

    >>> from billingcore import Filter
    >>> def is_large(contract):
    ...     return len(contract.items) > 5
    >>> codec = Codec(known={"is large": is_large})
    >>> text = codec.to_json(Filter("Large", is_large))
    >>> text
    '{"schema":1,"value":{"class":"Filter","name":"Large","condition":{"known":"is large"}}}'
    >>> codec.from_json(text, Filter).condition is is_large
    True

    A codec can be used by several threads. It remembers what it wrote and read last, so keep one.

    Attributes:
        names: what is known, by its name.

    Raises:
        InvalidInputError: two things of one name, or one that has none.
    """

    __slots__ = ("_read", "_written", "names")

    def __init__(self, known: Known = ()) -> None:
        self.names: Names = Names(known)
        self._written: Memo[int, Node] = Memo()
        self._read: Memo[tuple[object, ...], tuple[Any, Sequence[object]]] = Memo()

    def to_json(self, value: object) -> str:
        """Write a value; see `billingcore.to_json`."""
        return Writing(self.names, self._written).document(value)

    def from_json(self, text: str, kind: type[T]) -> T:
        """Read a value of a kind; see `billingcore.from_json`."""
        expects = expected(cast("Any", kind))
        found = Reading(self.names, self._read).document(upgraded(loads(text)))
        if not expects.holds(found):
            fix = f"read {expects.words}, or change the kind"
            raise InvalidInputError("another kind of value", field="value", value=found, fix=fix)
        return cast("T", found)

    def to_plain(self, value: object) -> dict[str, Any]:
        """Write a value; see `billingcore.to_plain`."""
        return cast("dict[str, Any]", json.loads(self.to_json(value)))

    def from_plain(self, data: object, kind: type[T]) -> T:
        """Read a value of a kind; see `billingcore.from_plain`."""
        try:
            text = dumps(data)
        except (TypeError, ValueError, RecursionError) as error:
            fix = "give what `to_plain` wrote"
            raise InvalidInputError(f"not plain data: {error}", field="data", fix=fix) from None
        return self.from_json(text, kind)


def upgraded(
    data: object, newest: int = SCHEMA, upgrades: Mapping[int, Upgrade] = UPGRADES
) -> dict[str, object]:
    """Bring plain data of any version to the newest, one version after the other.

    Raises:
        InvalidInputError: no document of this library, or one of a newer version.
        InvariantViolationError: there is no way from its version to the next one.
    """
    found = cast("dict[str, object]", data if isinstance(data, dict) else {})
    version = found.get("schema")
    if type(version) is not int or version < 1:
        fix = 'give {"schema": ..., "value": ...}, as `to_json` writes it'
        raise InvalidInputError("no document of this library", field="schema", fix=fix)
    if version > newest:
        fix = f"install a newer version of the library; this one knows 1 to {newest}"
        rule = "written by a newer version"
        raise InvalidInputError(rule, field="schema", value=version, fix=fix)
    for each in range(version, newest):
        if each not in upgrades:
            raise InvariantViolationError(f"plain data of version {each} can be read")
        try:
            found = {**upgrades[each](found), "schema": each + 1}
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            rule, fix = f"no data of its version: {told(error)}", "check the document"
            raise InvalidInputError(rule, field="schema", value=each, fix=fix) from None
    return found


_OF_LIBRARY: Final = Codec()


def to_json(value: object) -> str:
    """Write a value of the library as canonical JSON, for a store to keep.

    Values with the same content have the same text, on every machine and whatever they share, so
    that texts can be compared and hashed. The text is plain ASCII. Decimals keep all digits, and
    nothing is a float. Fields that are as the constructor has them by itself are left out.

    >>> from billingcore import Money
    >>> to_json(Money("1.50", "EUR"))
    '{"schema":1,"value":{"class":"Money","amount":"1.50","currency":"EUR"}}'

    Args:
        value: any record of the library, or a tuple, list, map or set of such. Records of the
            host are written with all fields that they have.

    Raises:
        InvalidInputError: something in it could not be read back as it is: a float, an object of
            the host, or a function without a name. The error says where it is, and what to do.
    """
    return _OF_LIBRARY.to_json(value)


def from_json(text: str, kind: type[T]) -> T:
    """Read what `to_json` wrote, now or in any version before.

    Each record is made by its own constructor, so that nothing wrong comes in. Only classes of the
    library are made, and nothing is imported or called because the text says so.

    >>> from billingcore import Money
    >>> from_json('{"schema":1,"value":{"class":"Money","amount":"1.50","currency":"EUR"}}', Money)
    Money('1.50', 'EUR')

    Args:
        text: the text.
        kind: what it has to be: a class, or for example ``tuple[Claim, ...]``.

    Raises:
        InvalidInputError: the text is none of this library or of a newer version, something in it
            is wrong, or it is of another kind. The error names the place.
    """
    return _OF_LIBRARY.from_json(text, kind)


def to_plain(value: object) -> dict[str, Any]:
    """Write a value like `to_json`, as dicts, lists, text, whole numbers, truth values and None.

    >>> from billingcore import Money
    >>> to_plain(Money("1.50", "EUR"))["value"]
    {'class': 'Money', 'amount': '1.50', 'currency': 'EUR'}
    """
    return _OF_LIBRARY.to_plain(value)


def from_plain(data: object, kind: type[T]) -> T:
    """Read what `to_plain` wrote, like `from_json`.

    >>> from billingcore import Money
    >>> from_plain(to_plain(Money("1.50", "EUR")), Money).amount
    Decimal('1.50')
    """
    return _OF_LIBRARY.from_plain(data, kind)
