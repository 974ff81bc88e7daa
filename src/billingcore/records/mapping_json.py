"""JSON that people write, read strictly and within bounds; every error names the place in it.

Python's reader takes more than JSON, and says too little: it reads ``NaN``, turns numbers into
floats, keeps the last of two equal keys without a word, and ends deep nesting with a
`RecursionError`. Here numbers stay the text that they are until their place is known, so that a
wrong one can be blamed where it stands, and objects stay lists of members, so that a key that
stands there twice is seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, TypeAlias, cast

from billingcore.errors import InvalidInputError
from billingcore.values.boundary import Boundary
from billingcore.values.numbers import exact

__all__ = ["DEEPEST", "LONGEST", "MOST_NODES", "TOP", "Json", "read_json"]

Json: TypeAlias = "str | bool | Decimal | list[Json] | dict[str, Json] | None"
"""What JSON can say; its numbers are exact."""

LONGEST: Final = 100_000
"""Characters of a text, or bytes."""
DEEPEST: Final = 20
"""Objects and arrays inside each other."""
MOST_NODES: Final = 1000
"""Objects, arrays and values together."""
TOP: Final = "top level"
"""The place of what stands outside of all others."""


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


class _Members(list[tuple[str, object]]):
    """The members of an object, in their order, as often as they are written."""

    __slots__ = ()


_DECODER: Final = json.JSONDecoder(
    parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=_Members
)


def read_json(source: object, read: Boundary) -> dict[str, Json]:
    """Read a JSON object: its text, its UTF-8 bytes, or a mapping of the same shape.

    >>> read_json('{"price": 4.90}', Boundary("DataMapping"))
    {'price': Decimal('4.90')}

    Raises:
        InvalidInputError: no JSON object, too large, a key stands twice, or a value is no JSON.
    """
    content = _decode(source, read) if isinstance(source, (str, bytes)) else source
    if isinstance(content, (Mapping, _Members)):
        return _Walk(read).members(cast("Mapping[object, object] | _Members", content), "", 1)
    raise read.refuse(TOP, content, "not a JSON object", 'write {"fields": {}}')


def _decode(source: str | bytes, read: Boundary) -> object:
    """Read the text; its numbers and objects are still as they are written."""
    if len(source) > LONGEST:
        rule = f"longer than {LONGEST} characters"
        raise read.refuse(TOP, ..., rule, "shorten it")
    try:
        text = source if isinstance(source, str) else source.decode("utf-8-sig")
        return cast("object", _DECODER.decode(text))
    except UnicodeDecodeError as error:
        raise read.refuse(
            TOP, ..., f"not UTF-8 at byte {error.start}", "save it as UTF-8"
        ) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        found = error.doc[error.pos : error.pos + 20]
        fix = "check quotes, commas and brackets there"
        raise read.refuse(place, found, f"not JSON: {error.msg}", fix) from None
    except RecursionError:
        raise _too_deep(TOP, read) from None


def _too_deep(path: str, read: Boundary) -> InvalidInputError:
    return read.refuse(path, ..., f"nested deeper than {DEEPEST} levels", "make it flatter")


class _Walk:
    """Walks through what was read, and counts."""

    __slots__ = ("_nodes", "_read")

    def __init__(self, read: Boundary) -> None:
        self._read: Boundary = read
        self._nodes: int = 0

    def members(
        self, content: Mapping[object, object] | _Members, path: str, depth: int
    ) -> dict[str, Json]:
        """Read the members of an object."""
        pairs: Iterable[tuple[object, object]]
        pairs = content if isinstance(content, _Members) else content.items()
        found: dict[str, Json] = {}
        for key, value in pairs:
            name = self._read.id(path or TOP, key)
            where = f"{path}.{name}" if path else name
            if name in found:
                raise self._read.refuse(where, ..., "it stands there twice", "keep one of them")
            found[name] = self._value(value, where, depth + 1)
        return found

    def _value(self, value: object, path: str, depth: int) -> Json:
        """Read what stands at a place."""
        self._nodes += 1
        if self._nodes > MOST_NODES:
            fix = "leave out what is not needed, or use several mappings"
            raise self._read.refuse(path, ..., f"more than {MOST_NODES} values", fix)
        if depth > DEEPEST:
            raise _too_deep(path, self._read)
        if isinstance(value, (Mapping, _Members)):
            members = cast("Mapping[object, object] | _Members", value)
            return self.members(members, path, depth)
        if isinstance(value, (list, tuple)):
            each = cast("Iterable[object]", value)
            return [self._value(one, f"{path}[{at}]", depth + 1) for at, one in enumerate(each)]
        return self._simple(value, path)

    def _simple(self, value: object, path: str) -> Json:
        """Read a text, a number, a truth value or nothing."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and not isinstance(value, _Number):
            return self._read.text(path, value)
        if isinstance(value, (int, float, Decimal, _Number)):
            return self._read.read(path, value, exact)
        fix = "use text, a number, true, false or null"
        raise self._read.refuse(path, value, "not a JSON value", fix)
