"""Keys that say what a line bills, and ids that are derived, never drawn at random.

A billing key reads like an address: ``S-1/seats@2026-01-15`` is item *seats* of subscription *S-1*
from 15 January on. It is made of what is billed, for which party, the first day (or ``once``),
and how often it was released before::

    S-1/seats:Cust@2026-01-15~2
    │   │     │    │          └ revision: released twice, billed anew; absent if never
    │   │     │    └ first day of service, or `once`
    │   │     └ party: the suffix of a field set; absent if there is none
    └───┴ what is billed

Characters with a meaning here (``/ : @ ~ # % =``) and spaces are written as ``%`` and their UTF-8
bytes, so that two different records never share a key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Final

__all__ = ["ONCE", "billable_id", "billing_key", "derived_id", "digest", "escape"]

ONCE: Final = "once"
_LONGEST: Final = 240  # of the 255 letters of an id, so that a number has room behind it
_HAS_SPECIAL: Final = re.compile(r"[/:@~#%= \n\t]").search
_SPECIAL: Final = str.maketrans(
    {character: f"%{ord(character):02X}" for character in "/:@~#%= \n\t"}
)


def escape(text: str) -> str:
    """Write an id so that it can stand inside a key.

    >>> escape("A/B 7")
    'A%2FB%207'
    """
    return text.translate(_SPECIAL) if _HAS_SPECIAL(text) else text


def billable_id(*path: str, party: str = "") -> str:
    """Name what can be billed: its path of ids, and the party it is billed to.

    >>> billable_id("S-1", "seats"), billable_id("order/7", party="Cust")
    ('S-1/seats', 'order%2F7:Cust')
    """
    joined = "/".join(map(escape, path))
    return f"{joined}:{escape(party)}" if party else joined


def derived_id(*path: str) -> str:
    """Name what follows from other things, like a refund from its payment.

    It is short enough for an id, also with a number behind it: of a long path there is a digest.

    >>> derived_id("refund", "P-1")
    'refund/P-1'
    >>> derived_id("refund", "P" * 250)
    'refund/78e4ff5e304fdac5'
    """
    name = billable_id(*path)
    return name if len(name) <= _LONGEST else f"{escape(path[0])}/{digest(path)}"


def billing_key(billable: str, first: date | None, revision: int = 0) -> str:
    """Name what one line bills; *first* is the first day of service, None for once.

    >>> billing_key("S-1/seats", date(2026, 1, 15)), billing_key("S-1/setup", None, revision=1)
    ('S-1/seats@2026-01-15', 'S-1/setup@once~1')
    """
    day = ONCE if first is None else first.isoformat()
    return f"{billable}@{day}~{revision}" if revision else f"{billable}@{day}"


def digest(parts: Iterable[str]) -> str:
    """Give a short name to a list of texts: the same on every machine, another for another list.

    >>> digest(["a", "bc"]) == digest(["ab", "c"])
    False
    """
    canonical = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
