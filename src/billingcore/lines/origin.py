"""Where a line comes from, if not from a subscription: a record of the host, usage, or a minimum.

A line may bill thousands of usage records, so that what it covers is worked out when somebody asks.
What several lines of one price share (its tiers) they all cover; claims say it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from attrs import frozen

from billingcore.records.bookkeeping.document import PLAINLY, DocumentBooking
from billingcore.records.claims import Cover
from billingcore.records.custom import Custom
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.source import SourceDocument, SourceRecord, SourceRef
from billingcore.records.usage import UsageRecord, times
from billingcore.scope.selection import Filter
from billingcore.values.calendar import ONE_DAY
from billingcore.values.period import Period

__all__ = [
    "SERVICE_DATE",
    "LineOrigin",
    "Origin",
    "Original",
    "ReversalOrigin",
    "Root",
    "TrueUpOrigin",
    "UsageKey",
    "UsageOrigin",
    "name_of",
]

SERVICE_DATE: Final = "service date"
"""The word for how a day was found from an instant."""


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
        booked: how it says that its document is booked.
        kind: what its document is.
        key: its sub invoice key; empty if it has none.
    """

    record: SourceRecord
    chosen: Filter
    reference: str = ""
    custom: Custom = ()
    mapped: Custom = ()
    is_single: bool = False
    booked: DocumentBooking = PLAINLY
    kind: InvoiceKind = InvoiceKind.STANDARD
    key: str = ""


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


class UsageKey(NamedTuple):
    """What usage shares that is priced together: the aggregation key.

    Attributes:
        billable: the item, as it is billed.
        start: the first day of its billing period, or the day of use.
        stop: the first day after.
        filter: the filter under which the usage entered; empty for usage of the account's own.
        party: the party it is billed to; empty if there is only one.
        invoice_criterion: of the document.
        criterion: of the line.
        price: the price that the usage brings, ``*`` for prices that are added up; empty for the
            item's.
        currency: the currency that the price brings; empty for the item's.
        version: the changed terms of the item that were in force, as `Item.version` names them.
        on: the day on which tiers must apply.
        has_tier_quantity: whether another quantity picks the tier.
    """

    billable: str
    start: date
    stop: date
    filter: str
    party: str
    invoice_criterion: str
    criterion: str
    price: str
    currency: str
    version: str
    on: date
    has_tier_quantity: bool


class UsageOrigin(NamedTuple):
    """Which usage a line bills.

    Attributes:
        key: what the usage shares.
        usage: the records that are billed.
        taken_back: records as they were billed before, and are not any more.
        tag: which part of a price the line is, like the number of a tier; empty if it is all.
        revision: counts the documents that bill usage of this key, from 0.
        chosen: the filter under which records of the host entered; None for usage as such.
    """

    key: UsageKey
    usage: Sequence[UsageRecord]
    taken_back: Sequence[UsageRecord] = ()
    tag: str = ""
    revision: int = 0
    chosen: Filter | None = None

    @property
    def root(self) -> None:
        """None: it is the subscription that says what is on the document."""

    @property
    def is_single(self) -> bool:
        """False: usage never has a document of its own."""
        return False

    @property
    def covers(self) -> tuple[Cover, ...]:
        """What it bills of which record, and what it takes back.

        What it bills twice, since another document took it back meanwhile, is said once: claims
        of one document that are equal are one.
        """
        billable = self.key.billable
        found: list[Cover] = []
        for records, is_release in ((self.usage, False), (self.taken_back, True)):
            rows = Counter((each.cover_name(billable), each.terms) for each in records)
            found += [
                Cover(name, None, times(count, terms), is_release)
                for (name, terms), count in rows.items()
            ]
        return tuple(found)

    @property
    def entered(self) -> Iterator[tuple[str, str]]:
        """The records that it bills or takes back, with their filter."""
        for records in (self.usage, self.taken_back):
            for record in records:
                yield record.name, self.key.filter

    @property
    def sources(self) -> tuple[SourceRef, ...]:
        """The records of the host behind it."""
        return tuple(
            [SourceRef(record.type, record.id, by.name, by.party) for record, by in self.records]
        )

    @property
    def records(self) -> Iterator[tuple[SourceRecord, Filter]]:
        """The records of the host to which something is written back, with their filter."""
        for each in self.usage:
            if each.source is not None and self.chosen is not None:
                yield each.source, self.chosen

    @property
    def documents(self) -> Iterator[Sequence[SourceDocument]]:
        """Nothing: files of usage are not linked."""
        yield from ()

    @property
    def in_csv(self) -> tuple[UsageRecord, ...]:
        """The records that are listed in the transaction file of the invoice."""
        return tuple([each for each in self.usage if each.add_to_csv])

    @property
    def in_table(self) -> tuple[UsageRecord, ...]:
        """The records that are listed in the transaction table of the invoice."""
        return tuple([each for each in self.usage if each.add_to_table])

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What was decided about it, as pairs of a word and a value.

        Each record whose day was found from an instant says how.
        """
        key = self.key
        named = (
            ("priced together", f"{key.start} to {key.stop - ONE_DAY}"),
            ("Transaction Criterion", key.criterion),
        )
        records = (*self.usage, *self.taken_back)
        days = [(SERVICE_DATE, f"{each.name}: {each.dated}") for each in records if each.dated]
        return (*(pair for pair in named if pair[1]), *dict.fromkeys(days))


class TrueUpOrigin(NamedTuple):
    """What usage is short of a minimum, or what is taken back of that.

    Attributes:
        billable: the minimum fee, as it is billed.
        window: the billing period.
        minimum: what was agreed for it.
        used: what its usage costs.
        shares: the items whose usage counts, each with its share of the line.
        is_first: whether no other document has a line for the period.
        revision: counts the documents that bill this period, from 0.
    """

    billable: str
    window: Period
    minimum: Decimal
    used: Decimal
    shares: tuple[tuple[str, Decimal], ...] = ()
    is_first: bool = True
    revision: int = 0

    @property
    def root(self) -> None:
        """None: it is the subscription that says what is on the document."""

    @property
    def is_single(self) -> bool:
        """False: it stands with the usage."""
        return False

    @property
    def covers(self) -> tuple[Cover, ...]:
        """The period; a line that corrects another takes it back and covers it anew."""
        cover = Cover(self.billable, self.window)
        return (cover,) if self.is_first else (cover._replace(is_release=True), cover)

    @property
    def entered(self) -> Iterator[tuple[str, str]]:
        """No records."""
        yield from ()

    @property
    def sources(self) -> tuple[SourceRef, ...]:
        """No records."""
        return ()

    @property
    def records(self) -> Iterator[tuple[SourceRecord, Filter]]:
        """No records."""
        yield from ()

    @property
    def documents(self) -> Iterator[Sequence[SourceDocument]]:
        """No files."""
        yield from ()

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What was decided about it, as pairs of a word and a value."""
        return (
            ("period", f"{self.window.first} to {self.window.last}"),
            ("minimum", f"{self.minimum:f}"),
            ("used", f"{self.used:f}"),
            *((f"share of {billable}", f"{share:f}") for billable, share in self.shares),
        )


class Original(NamedTuple):
    """The issued document that another one cancels or credits.

    Attributes:
        number: its number.
        kind: what it is, as `InvoiceKind` names it, like ``invoice``.
        date: the invoice date.
        reason: why it is canceled or credited; empty if nobody said.
        counted: the numbers of the documents that gave parts of it back before.
    """

    number: str
    kind: str
    date: date
    reason: str = ""
    counted: tuple[str, ...] = ()


class ReversalOrigin(NamedTuple):
    """Which line of an issued document a line gives back, in whole or in part.

    Such a line covers nothing and names no records, so that it changes none.

    Attributes:
        original: the document.
        number: the number of the line on it.
        billed: what the line costs there after discounts: net, or gross if its price includes tax.
        before: what was given back of that before.
        root: the record that gives the document's fields; None if there is none.
    """

    original: Original
    number: int
    billed: Decimal
    before: Decimal
    root: Root | None

    @property
    def is_single(self) -> bool:
        """False: no run adds lines to its document."""
        return False

    @property
    def covers(self) -> tuple[Cover, ...]:
        """Nothing."""
        return ()

    @property
    def entered(self) -> Iterator[tuple[str, str]]:
        """No records."""
        yield from ()

    @property
    def sources(self) -> tuple[SourceRef, ...]:
        """No records."""
        return ()

    @property
    def records(self) -> Iterator[tuple[SourceRecord, Filter]]:
        """No records."""
        yield from ()

    @property
    def documents(self) -> Iterator[Sequence[SourceDocument]]:
        """No files."""
        yield from ()

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Why it is given back, if somebody said."""
        return (("reason", self.original.reason),) if self.original.reason else ()


LineOrigin = Origin | UsageOrigin | TrueUpOrigin | ReversalOrigin
"""Where a line comes from, if not from a subscription's own quantity."""
