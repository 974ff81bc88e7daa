"""Writes values as plain data.

What many lines share, like a contract or a policy, stands in a pool, once for each text, however
many objects there are of it: so equal values have equal texts. A text of the pool is made once for
each object; references in it are numbered anew for each document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Sized
from decimal import Decimal
from enum import Enum
from typing import Any, Final, cast

from attrs import frozen

from billingcore.errors import InvalidInputError
from billingcore.plain.atoms import ATOMS, check_whole
from billingcore.plain.names import Names
from billingcore.plain.others import dumps, other
from billingcore.plain.registry import POOLED, RECORDS
from billingcore.plain.shapes import shape_of
from billingcore.records.source import SourceRecord
from billingcore.values.memo import Memo

__all__ = ["CHANGEABLE", "DEEPEST", "REF", "SCHEMA", "Node", "Writing"]

SCHEMA: Final = 1
"""The version of the plain form: it is raised when the same value is written in another way."""

DEEPEST: Final = 60
"""Records, lists and maps inside each other."""

REF: Final = re.compile(r'\{"ref":([0-9]+)')
"""A reference in a text. Nothing else looks so, since quotes inside of texts are escaped."""

CHANGEABLE: Final = re.compile(r'\{"(?:list|map|set)":')
"""What a text has that holds something of the host that could be altered later."""


@frozen(eq=False)
class Node:
    """A value of the pool.

    Attributes:
        value: the value itself, so that no other gets its identity.
        text: its text; references in it are numbers of *nodes*.
        nodes: what it refers to.
        is_steady: whether nothing in it can be altered, so that its text can be remembered.
    """

    value: object
    text: str
    nodes: Sequence[Node]
    is_steady: bool


Known = Memo[int, Node]
Nodes = dict[Node, int]
"""What a text refers to, each with its number in it."""


class Writing:
    """Writes one value.

    Attributes:
        names: of what the host gave.
        known: identity → node, of values that cannot change; used by further writings, too.
    """

    __slots__ = ("_depth", "_nodes", "_places", "_pool", "known", "names")

    def __init__(self, names: Names, known: Known) -> None:
        self.names: Names = names
        self.known: Known = known
        self._nodes: dict[int, Node] = {}
        self._places: dict[Node, int] = {}
        self._pool: dict[str, int] = {}
        self._depth: int = 0

    def document(self, value: object) -> str:
        """Write a value with its pool."""
        nodes: Nodes = {}
        is_shared = type(value) in POOLED and not isinstance(value, SourceRecord)
        data = self._record(value, nodes) if is_shared else self.plain(value, nodes)
        text = self._placed(dumps(data), [*nodes])
        pool = f'"pool":[{",".join(self._pool)}],' if self._pool else ""
        return f'{{"schema":{SCHEMA},{pool}"value":{text}}}'

    def _placed(self, text: str, nodes: Sequence[Node]) -> str:
        """Number the references of a text by places in the pool."""
        if not nodes:
            return text
        return REF.sub(lambda found: f'{{"ref":{self._place(nodes[int(found[1])])}', text)

    def _place(self, node: Node) -> int:
        """Give the place of a value in the pool."""
        known = self._places.get(node)
        if known is not None:
            return known
        text = self._placed(node.text, node.nodes)
        place = self._places[node] = self._pool.setdefault(text, len(self._pool))
        return place

    def plain(self, value: Any, nodes: Nodes) -> object:
        """Write any value."""
        kind = cast("Any", type(value))
        if value is None or kind is str or kind is bool:
            return value
        if kind is int:
            return check_whole(value)
        atom = ATOMS.get(kind)
        if atom is not None:
            return {atom.tag: atom.write(value)}
        if kind in POOLED:
            return self._shared(value, nodes)
        if RECORDS.get(kind.__name__) is kind:
            return self._record(value, nodes)
        self._go_deeper()
        data = other(self, value, nodes)
        self._depth -= 1
        return data

    def _go_deeper(self) -> None:
        """Count what is inside of each other; after an error nothing is counted any more."""
        self._depth += 1
        if self._depth > DEEPEST:
            fix = "make it flatter; nothing can hold itself"
            raise InvalidInputError(f"nested deeper than {DEEPEST} levels", fix=fix)

    def _shared(self, value: object, nodes: Nodes) -> object:
        """Refer to a value of the pool; a child of a record is found from its topmost parent."""
        way: list[object] = []
        if isinstance(value, SourceRecord):
            while value.parent is not None:
                way[:0] = _step(value.parent, value)
                value = value.parent
        ref = {"ref": nodes.setdefault(self._node(value), len(nodes))}
        return ref | {"at": way} if way else ref

    def _node(self, value: object) -> Node:
        key = id(value)
        found = self._nodes.get(key) or self.known.get(key)
        if found is not None:
            return found
        nodes: Nodes = {}
        text = dumps(self._record(value, nodes))
        is_steady = not CHANGEABLE.search(text) and all(each.is_steady for each in nodes)
        node = self._nodes[key] = Node(value, text, [*nodes], is_steady)
        return self.known.keep(key, node) if is_steady else node

    def _record(self, value: object, nodes: Nodes) -> dict[str, object]:
        """Write a record: the fields that are not as its constructor has them by itself."""
        self._go_deeper()
        kind: Any = type(value)
        shape = shape_of(kind)
        data: dict[str, object] = {"class": shape.name}
        for part in shape.parts:
            try:
                content = part.get(value)
                if content is part.default:
                    continue
                own: Any = type(content)
                if own is type(part.default) and self._is_default(content, part.default):
                    continue
                if own is part.kind:
                    data[part.name] = part.write(content)
                elif part.name == "children" and isinstance(value, SourceRecord):
                    data[part.name] = self._children(value, nodes)
                else:
                    data[part.name] = self.plain(content, nodes)
            except InvalidInputError as error:
                raise _blamed(error, value, part.name) from None
        self._depth -= 1
        return data

    def _children(self, record: SourceRecord, nodes: Nodes) -> object:
        """Write the children of a record where they stand, and not as references."""
        return {
            "map": [
                [relation, [self._record(each, nodes) for each in own]]
                for relation, own in record.children.items()
            ]
        }

    def _is_default(self, content: object, default: object) -> bool:
        """Tell whether a value is written as the default is."""
        if content != default:
            return False
        if isinstance(content, Decimal):
            return str(content) == str(default)
        if isinstance(content, (str, int, Enum)) or (isinstance(content, Sized) and not content):
            return True
        one, two = (Writing(self.names, self.known).document(each) for each in (content, default))
        return one == two


def _step(parent: SourceRecord, child: SourceRecord) -> tuple[str, int]:
    """Give the relation and the place of a child among the children of its parent."""
    for relation, records in parent.children.items():
        for place, each in enumerate(records):
            if each is child:
                return relation, place
    rule = "not among the children of its parent"
    raise InvalidInputError(rule, record=_called(child), fix="use the child that its parent has")


def _blamed(error: InvalidInputError, value: object, name: str) -> InvalidInputError:
    """Say in which field of which record something cannot be written."""
    if not error.record:
        if isinstance(value, SourceRecord) and name == "values":
            error.field = error.field.removeprefix(".")
        else:
            error.field = f"{name}{error.field}"
        error.record = _called(value)
    return error


def _called(value: object) -> str:
    """Name a record in errors."""
    if isinstance(value, SourceRecord):
        return f"{value.type} {value.id!r}"
    own = getattr(value, "id", None) or getattr(value, "name", None)
    return f"{type(value).__name__} {own!r}" if isinstance(own, str) else type(value).__name__
