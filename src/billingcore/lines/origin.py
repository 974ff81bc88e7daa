"""Where a line comes from, if not from a subscription: a record of the host, or usage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from attrs import frozen

from billingcore.records.claims import Cover
from billingcore.records.custom import Custom
from billingcore.records.source import SourceDocument, SourceRecord, SourceRef
from billingcore.scope.selection import Filter

__all__ = ["Origin", "Root", "name_of"]


def name_of(record: SourceRecord, chosen: Filter) -> str:
    """Give the name under which a record is billed."""
    return f"{record.name}:{chosen.party}" if chosen.party else record.name


@frozen(eq=False)
class Root:
    """A record of the host as one filter reads it: what it says of its document.

    Attributes:
        record: the record.
        chosen: the filter under which it entered.
        reference: the buyer's own reference.
        custom: fields that travel to the document.
        mapped: the same from its data mapping, which go before all others.
        is_single: whether it has a document of its own.
    """

    record: SourceRecord
    chosen: Filter
    reference: str = ""
    custom: Custom = ()
    mapped: Custom = ()
    is_single: bool = False


class Origin(NamedTuple):
    """Where a line comes from.

    Attributes:
        root: the record that gives the document's fields.
        record: the record that the line bills; None for a line that a data mapping adds.
        facts: what was decided about it, as pairs of a word and a value.
    """

    root: Root
    record: SourceRecord | None
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def is_single(self) -> bool:
        """Whether it has a document of its own, which later records do not join."""
        return self.root.is_single

    @property
    def sources(self) -> tuple[SourceRef, ...]:
        """The record that is billed; empty for a line that a data mapping adds."""
        record, chosen = self.record, self.root.chosen
        if record is None:
            return ()
        return (SourceRef(record.type, record.id, chosen.name, chosen.party),)

    @property
    def records(self) -> Iterator[tuple[SourceRecord, Filter]]:
        """The records of the host to which something is written back, with their filter."""
        root = self.root
        if self.record is not None:
            yield self.record, root.chosen
        if self.record is not root.record:
            yield root.record, root.chosen

    @property
    def entered(self) -> Iterator[tuple[str, str]]:
        """The name under which the record is billed, with its filter."""
        if self.record is not None:
            yield name_of(self.record, self.root.chosen), self.root.chosen.name

    @property
    def documents(self) -> Iterator[Sequence[SourceDocument]]:
        """The files of the record and of its parent."""
        for record, _ in self.records:
            yield record.documents

    @property
    def covers(self) -> tuple[Cover, ...] | None:
        """What it covers, where that is not simply what the line bills: None."""
        return None
