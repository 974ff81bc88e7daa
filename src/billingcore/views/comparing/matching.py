"""Which lines of two sides bill the same: by billing key, then by days, then by their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from billingcore.lines.line import LineItem
from billingcore.lines.origin import ReversalOrigin
from billingcore.records.terms import LineType
from billingcore.views.comparing.sides import Document

__all__ = ["Matching", "Position", "matched", "positions_of"]

_TAX_DELTA: Final = LineType.TAX_DELTA


class Position(NamedTuple):
    """A line, or the lines of one price, like those of its tiers.

    Attributes:
        key: its billing key, without the number of a part of the price.
        lines: in their order.
        document: what it stands on.
    """

    key: str
    lines: tuple[LineItem, ...]
    document: Document

    @property
    def family(self) -> Hashable:
        """What it has in common with the same on other days, or under another revision."""
        line = self.lines[0]
        is_back = bool(line.credit_of) or isinstance(line.origin, ReversalOrigin)
        return line.billable or line.title, line.type, line.filter, is_back, line.currency

    @property
    def near_family(self) -> Hashable:
        """What it has in common with its like: what is billed anew is apart from all else."""
        return self.family, self.lines[0].corrects is not None


def positions_of(documents: Iterable[Document]) -> list[Position]:
    """Give the positions of documents; hidden lines for rounded taxes are none."""
    found: list[Position] = []
    for document in documents:
        by_key: dict[str, list[LineItem]] = {}
        for line in document.draft.lines:
            if line.type is not _TAX_DELTA:
                by_key.setdefault(_key_of(line), []).append(line)
        found += [Position(key, tuple(lines), document) for key, lines in by_key.items()]
    return found


def _key_of(line: LineItem) -> str:
    key = line.billing_key
    if line.item.part is None or "#" not in key:
        return key
    name, _, number = key.rpartition("#")
    return name if number.isdecimal() else key


Pair = tuple[Position, Position]
"""What is the same before and after."""

Family = tuple[list[Position], list[Position]]
"""Positions before and after, of which none has a counterpart yet."""


class Matching(NamedTuple):
    """The positions of two sides, each once.

    Attributes:
        pairs: those that both sides have.
        removed: those of the side before only.
        added: those of the side after only.
    """

    pairs: list[Pair]
    removed: list[Position]
    added: list[Position]


def matched(before: Iterable[Position], after: Iterable[Position]) -> Matching:
    """Pair positions; those of different currencies never meet.

    First those of one billing key. Of the others those that bill the same thing, for days that
    overlap, so that another first day is found; then in the order of their days, so that one month
    can be compared with another. What is billed anew comes last, so that a later revision is found,
    and a month is compared with the next one also if that corrects it.
    """
    waiting: dict[tuple[str, str], deque[Position]] = {}
    for position in after:
        waiting.setdefault(_exactly(position), deque()).append(position)
    found = Matching([], [], [])
    alone: list[Position] = []
    for position in before:
        equals = waiting.get(_exactly(position))
        if equals:
            found.pairs.append((position, equals.popleft()))
        else:
            alone.append(position)
    left = [position for equals in waiting.values() for position in equals]
    for kin in (attrgetter("near_family"), attrgetter("family")):
        alone, left = _paired(found.pairs, _families(alone, left, kin))
    found.removed.extend(alone)
    found.added.extend(left)
    return found


def _paired(pairs: list[Pair], families: Iterable[Family]) -> Family:
    """Add the pairs of each family, and give back what has no counterpart."""
    alone: list[Position] = []
    left: list[Position] = []
    for own, others in families:
        pairs.extend(_overlapping(own, others))
        count = min(len(own), len(others))
        pairs.extend(zip(own, others, strict=False))
        alone += own[count:]
        left += others[count:]
    return alone, left


def _exactly(position: Position) -> tuple[str, str]:
    return position.key, position.document.draft.currency


def _families(
    before: Iterable[Position], after: Iterable[Position], kin: Callable[[Position], Hashable]
) -> Iterable[Family]:
    """Put together what bills the same thing, in the order of its days."""
    families: dict[Hashable, Family] = {}
    for side, positions in enumerate((before, after)):
        for position in sorted(positions, key=_first_day):
            families.setdefault(kin(position), ([], []))[side].append(position)
    return families.values()


def _overlapping(own: list[Position], others: list[Position]) -> Iterator[Pair]:
    """Take out the pairs whose days overlap, each with the one that has most of its days."""
    for position in [*own]:
        days = [(_common_days(position, each), each) for each in others]
        most, match = max(days, key=itemgetter(0), default=(0, None))
        if most and match is not None:
            own.remove(position)
            others.remove(match)
            yield position, match


def _common_days(one: Position, other: Position) -> int:
    days = one.lines[0].service_period.intersection(other.lines[0].service_period)
    return 0 if days is None else days.days


def _first_day(position: Position) -> date:
    return position.lines[0].service_period.bounds[0]
