"""Reads values from plain data, which may come from anybody.

Only classes of the registry are made, by their own constructors, and nothing is imported or called
because the data says so. Whatever is wrong is an `InvalidInputError` that names its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NoReturn, cast

from billingcore.errors import BillingError, InvalidInputError, told
from billingcore.periods.vendors import LIBRARY
from billingcore.plain.atoms import ATOMS, check_whole, read_member
from billingcore.plain.names import Names
from billingcore.plain.others import dumps
from billingcore.plain.registry import ENUMS, RECORDS
from billingcore.plain.shapes import NEEDED, Part, Shape, shape_of
from billingcore.plain.writing import CHANGEABLE, DEEPEST, REF
from billingcore.records.source import SourceRecord
from billingcore.values.memo import Memo
from billingcore.values.words import near

__all__ = ["Reading", "loads"]

Known = Memo[tuple[object, ...], tuple[Any, Sequence[object]]]
"""Text and what it refers to → what was read; that is kept, so that nothing else gets its id."""

_FAULTS: Final = (
    ArithmeticError,
    AttributeError,
    BillingError,
    LookupError,
    TypeError,
    ValueError,
)
"""What a constructor may raise for data that nobody wrote with this library."""


def loads(text: object) -> object:
    """Read JSON text strictly: no floats, no key twice.

    Raises:
        InvalidInputError: it is no such text.
    """
    if not isinstance(text, str):
        raise InvalidInputError("not text", field="text", value=text, fix="give the JSON as a str")
    try:
        return cast("object", _DECODER.decode(text))
    except json.JSONDecodeError as error:
        place, found = f"character {error.pos}", text[error.pos : error.pos + 20]
        fix = "give the text as `to_json` wrote it"
        raise InvalidInputError(
            f"not JSON: {error.msg}", field=place, value=found, fix=fix
        ) from None
    except InvalidInputError:
        raise
    except ValueError:
        fix = "shorten the number"
        raise InvalidInputError("a number is too long", field="text", fix=fix) from None
    except RecursionError:
        raise InvalidInputError("nested too deeply", field="text", fix="make it flatter") from None


def _no_float(text: str) -> NoReturn:
    fix = 'write a decimal as text: {"decimal": "1.50"}'
    raise InvalidInputError("a float is not exact", field="text", value=text, fix=fix)


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInputError("a key stands twice", field="text", value=twice, fix="keep one")
    return found


_DECODER: Final = json.JSONDecoder(
    parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_members
)


class Reading:
    """Reads one document.

    Attributes:
        names: of what the host gave.
    """

    __slots__ = ("_depth", "_known", "_pool", "names")

    def __init__(self, names: Names, known: Known) -> None:
        self.names: Names = names
        self._known: Known = known
        self._pool: list[object] = []
        self._depth: int = 0

    def document(self, data: Mapping[str, object]) -> object:
        """Read a value with its pool."""
        for name in data:
            if name not in ("schema", "pool", "value"):
                raise InvalidInputError("no such key", field=name, fix="use schema, pool and value")
        pool = data.get("pool", [])
        if type(pool) is not list:
            raise _misfit("pool", pool, "a list of records")
        for place, each in enumerate(cast("list[object]", pool)):
            self._pool.append(_at(f"pool[{place}]", self._shared, each))
        if "value" not in data:
            raise InvalidInputError("the value is missing", field="value", fix="give it")
        return _at("value", self.plain, data["value"])

    def _shared(self, data: object) -> object:
        """Read a value of the pool; the same as before if it was read before."""
        text = dumps(data)
        if CHANGEABLE.search(text):
            return self.plain(data)
        places = [int(place) for place in REF.findall(text)]
        if any(place >= len(self._pool) for place in places):
            return self.plain(data)  # which says what is wrong
        inner = [self._pool[place] for place in places]
        key = (text, *map(id, inner))
        found = self._known.get(key)
        if found is None:
            found = self._known.keep(key, (self.plain(data), inner))
        return found[0]

    def plain(self, data: object) -> Any:
        """Read any value."""
        kind = type(data)
        if data is None or kind is str or kind is bool:
            return data
        if kind is int:
            return check_whole(cast("int", data))
        self._depth += 1
        if self._depth > DEEPEST:
            fix = "make it flatter"
            raise InvalidInputError(f"nested deeper than {DEEPEST} levels", fix=fix)
        found = self._row(data) if kind is list else self._keyed(cast("dict[str, object]", data))
        self._depth -= 1
        return found

    def _row(self, data: Any) -> tuple[object, ...]:
        if type(data) is not list:
            raise _misfit("", data, "a list")
        place, found = 0, list[object]()
        try:
            for each in cast("list[object]", data):
                found.append(self.plain(each))
                place += 1
        except InvalidInputError as error:
            raise _placed(error, f"[{place}]") from None
        return tuple(found)

    def _keyed(self, data: dict[str, object]) -> object:
        """Read what says itself what it is."""
        if "class" in data:
            return self._record(data)
        for tag in data:
            keys, read = _TAGS.get(tag, _NO_TAG)
            if read is not None:
                _check_keys(data, keys)
                return read(self, data)
        fix = 'use {"class": ...} for a record, or one of ' + ", ".join(_TAGS)
        raise InvalidInputError("it does not say what it is", value=", ".join(data), fix=fix)

    def _record(self, data: dict[str, object]) -> object:
        """Read a record by its constructor."""
        shape = shape_of(_class(data["class"]))
        fields: dict[str, object] = {}
        for key, content in data.items():
            part = shape.by_name.get(key)
            if part is not None:
                try:
                    fields[part.argument] = self._field(content, part)
                except InvalidInputError as error:
                    raise _placed(error, f".{key}") from None
            elif key != "class":
                fix = near(key, [*shape.by_name]) or "leave it out"
                raise InvalidInputError(f"{shape.name} has no such field", field=f".{key}", fix=fix)
        return _made(shape, fields)

    def _field(self, data: object, part: Part) -> object:
        """Read a field, and check that it can hold what was read."""
        if type(data) is str:
            if part.read is not None:
                return part.read(data)
            if part.is_text:
                return data
        found: object = self.plain(data)
        if not part.expected.holds(found):
            raise _misfit("", found, part.expected.words)
        return found

    def as_ref(self, data: dict[str, object]) -> object:
        """Read a reference to the pool, and perhaps to a child of the record there."""
        place = data["ref"]
        if type(place) is not int or not 0 <= place < len(self._pool):
            fix = "refer to what stands before it in the pool"
            raise InvalidInputError("no such place in the pool", field=".ref", value=place, fix=fix)
        found = self._pool[place]
        way = data.get("at", [])
        steps = cast("list[object]", way) if type(way) is list else [None]
        for relation, number in zip(steps[::2], steps[1::2], strict=False):
            found = _child(found, relation, number)
        if len(steps) % 2:
            raise _misfit(".at", way, "relation and place of each child")
        return found

    def as_atom(self, data: dict[str, object]) -> object:
        """Read a value of one text."""
        ((tag, text),) = data.items()
        return _ATOMS[tag].value(text)

    def as_member(self, data: dict[str, object]) -> object:
        """Read a member of an enumeration."""
        kind = _found(ENUMS, data["enum"], "no enumeration of this name")
        return read_member(kind, data.get("name"))

    def as_list(self, data: dict[str, object]) -> object:
        """Read a list."""
        return [*self._row(data["list"])]

    def as_set(self, data: dict[str, object]) -> object:
        """Read a set."""
        members = self._row(data["set"])
        _check_keys_alone(data["set"])
        found = _hashed(frozenset, members)
        if len(found) < len(members):
            raise InvalidInputError("it stands there twice", value=data["set"], fix="keep one")
        return found

    def as_map(self, data: dict[str, object]) -> object:
        """Read a map."""
        rows = cast("list[list[object]]", data["map"] if isinstance(data["map"], list) else [])
        for place, each in enumerate(rows):
            if type(each) is not list or len(each) != 2:
                raise _misfit(f"[{place}]", each, "a key and its value")
        pairs = self._row(data["map"])
        _check_keys_alone([each[0] for each in rows])
        found = _hashed(dict, pairs)
        if len(found) < len(pairs):
            raise InvalidInputError("a key stands twice", fix="keep one")
        return found

    def as_known(self, data: dict[str, object]) -> object:
        """Find what the host gave."""
        return self.names.find(_name(data["known"]))

    def as_zone(self, data: dict[str, object]) -> object:
        """Find a zone that the host gave."""
        return self.names.zone(_name(data["zone"]))

    def as_convention(self, data: dict[str, object]) -> object:
        """Find a convention of the library."""
        return _found(LIBRARY, data["convention"], "no convention of this name")


_ATOMS: Final = {each.tag: each for each in ATOMS.values()}
_Read = Callable[[Reading, dict[str, object]], object]
_TAGS: Final[Mapping[str, tuple[Sequence[str], _Read]]] = {
    **{tag: ((tag,), Reading.as_atom) for tag in _ATOMS},
    "convention": (("convention",), Reading.as_convention),
    "enum": (("enum", "name"), Reading.as_member),
    "known": (("known",), Reading.as_known),
    "list": (("list",), Reading.as_list),
    "map": (("map",), Reading.as_map),
    "ref": (("ref", "at"), Reading.as_ref),
    "set": (("set",), Reading.as_set),
    "zone": (("zone",), Reading.as_zone),
}
"""The key that says what something is → the keys that it can have, and how it is read."""
_NO_TAG: Final[tuple[Sequence[str], _Read | None]] = ((), None)


def _at(place: str, read: Callable[[Any], Any], data: object) -> Any:
    """Read what stands at a place; an error says where."""
    try:
        return read(data)
    except InvalidInputError as error:
        raise _placed(error, place) from None


def _placed(error: InvalidInputError, place: str) -> InvalidInputError:
    error.field = f"{place}{error.field}"
    return error


def _check_keys(data: Iterable[str], keys: Sequence[str]) -> None:
    for key in data:
        if key not in keys:
            fix = "use " + " and ".join(keys)
            raise InvalidInputError("no such key", field=f".{key}", fix=fix)


def _check_keys_alone(keys: object) -> None:
    """Refuse references where values are hashed: that can take ages for records in records."""
    if REF.search(dumps(keys)):
        fix = "use text or numbers"
        raise InvalidInputError("a record as a key or in a set", fix=fix)


def _class(name: object) -> type:
    """Give the class of a name."""
    found = RECORDS.get(name) if isinstance(name, str) else None
    if found is None:
        fix = (isinstance(name, str) and near(name, [*RECORDS])) or "use a record of the library"
        raise InvalidInputError("no class of this name", field=".class", value=name, fix=fix)
    return found


def _made(shape: Shape, fields: dict[str, object]) -> object:
    """Make a record."""
    missing = [
        part.name for part in shape.parts if part.default is NEEDED and part.argument not in fields
    ]
    if missing:
        fix = "give it"
        raise InvalidInputError(
            f"a field of {shape.name} is missing", field=f".{missing[0]}", fix=fix
        )
    try:
        return shape.make(**fields)
    except InvalidInputError as error:
        own = error.statement
        rule = own if own.startswith(shape.name) else f"{shape.name}: {own}"
        raise InvalidInputError(rule, fix=error.fix) from None
    except _FAULTS as error:
        raise InvalidInputError(f"{shape.name}: {told(error)}", fix="check its fields") from None


def _misfit(place: str, found: Any, words: str) -> InvalidInputError:
    return InvalidInputError("of the wrong kind", field=place, value=found, fix=f"use {words}")


def _child(record: object, relation: object, place: object) -> object:
    """Give a child of a record."""
    if isinstance(record, SourceRecord) and isinstance(relation, str) and type(place) is int:
        children = record.children_of(relation)
        if 0 <= place < len(children):
            return children[place]
    raise InvalidInputError(
        "no such child", field=".at", value=relation, fix="name one that it has"
    )


def _found(table: Mapping[str, Any], name: object, rule: str) -> Any:
    found = table.get(name) if isinstance(name, str) else None
    if found is None:
        raise InvalidInputError(rule, value=name, fix="use one of the library")
    return found


def _name(name: object) -> str:
    if type(name) is not str or not name:
        raise _misfit("", name, "a name")
    return name


def _hashed(kind: Callable[[Any], Any], members: Any) -> Any:
    try:
        return kind(members)
    except TypeError:
        raise InvalidInputError("what is in it can change", fix="use text or numbers") from None
