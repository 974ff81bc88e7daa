"""Tamper evidence: the documents of each number series are links of a chain of hashes.

A link is made in the step that takes the number: the hash of the document's text and of the link
before it. Whoever alters, removes or reorders documents later breaks the chain at that place. Who can
write to the database could make the whole chain anew; so give `heads()` to somebody else from time
to time, and compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sql_database import Database

import billingcore as bc

__all__ = ["Altered", "Chain"]

PAGE: Final = 100
"""How many documents are read at once."""

_LINKS: Final = (
    "SELECT place, number, account, draft_id, body, previous, hash FROM invoice "
    "WHERE series = ? AND place > ? AND place <= ? UNION ALL "
    "SELECT place, number, '', '', body, previous, hash FROM skipped "
    "WHERE series = ? AND place > ? AND place <= ? ORDER BY 1"
)
_TABLES: Final = ("invoice", "skipped")


class _Link(NamedTuple):
    """A document as it is stored."""

    place: int
    number: str
    account: str
    draft_id: str
    body: str
    previous: str
    hash: str


class Altered(NamedTuple):
    """The first document of a series that is not as it was issued.

    Attributes:
        series: name of the counter.
        place: the count of the document in its series.
        number: its number; empty if it is missing.
        why: what is wrong with it.
    """

    series: str
    place: int
    number: str
    why: str


class Chain:
    """Checks the chains of a store."""

    database: Database
    codec: bc.Codec

    def heads(self) -> dict[str, tuple[int, str]]:
        """Give how far each series is, and the hash of its last document, to be kept elsewhere."""
        rows = self.database.ask("SELECT name, count, hash FROM counter ORDER BY name")
        return {name: (count, link) for name, count, link in rows}

    def verify(self, heads: Mapping[str, tuple[int, str]] | None = None) -> Sequence[Altered]:
        """Find the first document of each series that was altered, removed or put elsewhere.

        Gives nothing if all is well. Documents are read page by page, all as they were at one
        moment, so that others can issue more meanwhile.

        Args:
            heads: what `heads` gave earlier, kept where the database cannot be written from; with
                them it is noticed, too, if the hashes of a series were made anew.
        """
        with self.database.reading():
            return self._verified(heads or {})

    def _verified(self, noted: Mapping[str, tuple[int, str]]) -> Sequence[Altered]:
        """Look at all series."""
        rows = self.database.ask("SELECT name, start, count, hash FROM counter ORDER BY name")
        known = {name: rest for name, *rest in rows}
        used = {
            series
            for table in _TABLES
            for (series,) in self.database.ask(f"SELECT DISTINCT series FROM {table}")
        }
        lost = sorted((used | {name for name, (count, _) in noted.items() if count}) - {*known})
        gone = [Altered(name, 0, "", "its counter is missing") for name in lost]
        found = (self._first(name, *rest, noted.get(name)) for name, rest in known.items())
        return [*gone, *(each for each in found if each is not None)]

    def _first(
        self, series: str, start: int, count: int, head: str, noted: tuple[int, str] | None
    ) -> Altered | None:
        """Give the first wrong link of a series."""
        last = ""
        for place, link in self._links(series, start, count):
            if link is None:
                return Altered(series, place, "", "it is missing")
            why = self._wrong(link, last)
            if not why and noted is not None and noted[0] == place and noted[1] != link.hash:
                why = "it has another hash than was noted elsewhere"
            if why:
                return Altered(series, place, link.number, why)
            last = link.hash
        if noted is not None and noted[0] > count:
            return Altered(series, count + 1, "", "it is missing, and the counter was set back")
        if last != head:
            return Altered(series, count, "", "the counter holds another hash")
        return self._behind(series, count)

    def _behind(self, series: str, count: int) -> Altered | None:
        """Give the first document that nobody has counted."""
        questions = (
            f"SELECT place, number FROM {each} WHERE series = ? AND place > ?" for each in _TABLES
        )
        found = sorted(row for each in questions for row in self.database.ask(each, series, count))
        return Altered(series, *found[0], "nobody has counted it") if found else None

    def _wrong(self, link: _Link, last: str) -> str:
        """Say what is wrong with a link, empty if nothing."""
        if link.previous != last:
            return "it does not follow the document before it"
        if bc.chain_hash(last, link.body) != link.hash:
            return "its text was altered"
        kind: Any = bc.Invoice if link.draft_id else bc.SkippedNumber
        try:
            document = self.codec.from_json(link.body, kind)
        except bc.BillingError as error:
            return f"it cannot be read: {error}"
        names = (link.number, link.account, link.draft_id)
        return "" if _names(document) == names else "a column says something else than its text"

    def _links(self, series: str, start: int, count: int) -> Iterator[tuple[int, _Link | None]]:
        """Yield the links of a series by place; None for one that is missing."""
        for first in range(start, count, PAGE):
            limits = (series, first, min(first + PAGE, count))
            rows = (_Link(*row) for row in self.database.ask(_LINKS, *limits, *limits))
            links = {link.place: link for link in rows}
            for place in range(first + 1, limits[2] + 1):
                yield place, links.get(place)


def _names(document: bc.Invoice | bc.SkippedNumber) -> tuple[str, str, str]:
    """Give what columns say of a document."""
    if isinstance(document, bc.Invoice):
        return document.number, document.account.id, document.draft.id
    return document.number, "", ""
