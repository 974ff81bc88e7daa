"""An e-invoice as plain data: its terms as text, with the groups of the norm flattened.

The codes of EN 16931-1 are unique, so a group that stands once adds nothing to its terms. A group
or term that may stand several times is a list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Final, TypeGuard

from attrs import frozen

from billingcore.values.boundary import Boundary
from billingcore.values.text import check_text

__all__ = ["Terms", "is_credit_note", "read_terms"]

_CREDIT_NOTES: Final = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"}
)
"""The codes of UNTDID 1001 that EN 16931 calls a credit note."""

_LONGEST: Final = 200_000_000
"""Letters of a term: a file of more than 100 megabytes in base 64."""

_check_text: Final = partial(check_text, longest=_LONGEST)


@frozen
class Terms:
    """What an invoice, or an entry of one of its groups, says.

    Attributes:
        texts: code of a term → its text, never blank.
        entries: code of a group or term that may repeat → what each entry says.
    """

    texts: dict[str, str]
    entries: dict[str, list[Terms]]

    def within(self, entry: Terms) -> Terms:
        """Give what is known inside an entry: its own terms, and those around it."""
        return Terms({**self.texts, **entry.texts}, entry.entries)


def is_credit_note(code: str) -> bool:
    """Tell whether a type code, BT-3, is one of a credit note.

    >>> is_credit_note("381"), is_credit_note("380")
    (True, False)
    """
    return code in _CREDIT_NOTES


def read_terms(
    caller: str, data: object, known: Collection[str], repeated: Collection[str]
) -> Terms:
    """Read an e-invoice: numbers and days become text; what is blank or None is left out.

    Args:
        caller: who reads, for messages.
        data: codes and values, nested as the norm nests its groups.
        known: the codes of all terms.
        repeated: the codes of groups and terms that may be lists.

    Raises:
        InvalidInputError: something else than such data, a code that is not known, or text with
            characters that XML cannot hold; the message names the term.
    """
    found = Terms({}, {})
    read = Boundary(caller)
    for path, code, value in _items(read, "", data):
        if code in repeated and _is_list(value):
            found.entries[code] = [
                read_terms(f"{caller}: {path}[{number}]", entry, known, repeated)
                for number, entry in enumerate(value, 1)
            ]
        elif code not in known:
            fix = "use a code of EN 16931, like BT-1, and a list for a group that repeats"
            raise read.refuse(path, value, "not a term that can be written", fix)
        elif text := _text(read, path, value):
            found.texts[code] = text
    return found


def _items(read: Boundary, place: str, data: object) -> Iterator[tuple[str, str, object]]:
    """Give each code with its place and value, those of groups that stand once, too."""
    if not _is_group(data):
        fix = "use a dict with codes as keys, like {'BT-1': '2026-00001'}"
        raise read.refuse(place or "data", data, "not a group of terms", fix)
    for code, value in data.items():
        path = f"{place}/{code}" if place else str(code)
        if _is_group(value):
            yield from _items(read, path, value)
        else:
            yield path, str(code), value


def _is_group(value: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(value, Mapping)


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _text(read: Boundary, path: str, value: object) -> str:
    """Write a value, empty if it says nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = read.read(path, value, _check_text)
        return text if text.strip() else ""
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value or value.copy_abs():f}"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    raise read.refuse(path, value, "not a value of a term", "use a str, a Decimal or a date")
