"""Undo entries by opposite ones; nothing is deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from attrs import evolve

from billingcore.invoices.kinds import KINDS
from billingcore.ledger.booking import with_contras
from billingcore.ledger.entry import JournalEntry
from billingcore.ledger.periods import booking_day
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date

__all__ = ["opposite", "part_of", "reverse", "standing_entries", "without_pairs"]


def reverse(
    entries: Iterable[JournalEntry],
    accounting: Accounting,
    *,
    source: str,
    on: DateLike,
    document: str = "",
    text: str = "",
) -> tuple[JournalEntry, ...]:
    """Make the opposite of entries, each linked to the one that it undoes.

    What is dated ahead, as deferred revenue is, is undone on its own day, so that no later month
    has revenue that is taken back in an earlier one. Entries that undo each other already are left
    out.

    Args:
        entries: what is undone.
        accounting: knows which periods are closed.
        source: what undoes it, like ``invoice/<number>`` of a cancellation. Ids are as those of the
            entries, with this source in the place of their own.
        on: the booking date, for entries up to then.
        document: number of the document that undoes it.
        text: what the new entries say; empty says which document is canceled by this one, or
            repeats what the old ones say if there is none.

    Raises:
        InvalidInputError: something else than journal entries, or no day of the calendar.
        DateRangeError: all booking periods up to the end of the calendar are closed.
    """
    read = Boundary("reverse")
    given = [read.instance("entries", entry, JournalEntry) for entry in entries]
    day = read.read("on", on, read_date)
    canceling = f"{KINDS[InvoiceKind.CANCELLATION].title} {document} of " if document else ""
    return tuple(
        opposite(
            entry,
            accounting,
            entry_id=source + entry.id.removeprefix(entry.source),
            source=source,
            on=day,
            document=document,
            text=text or f"{canceling}{entry.text}",
        )
        for entry in without_pairs(given)
    )


def opposite(
    entry: JournalEntry,
    accounting: Accounting,
    *,
    entry_id: str,
    source: str,
    on: dt.date,
    document: str,
    text: str,
) -> JournalEntry:
    """Make the opposite of one entry, on a day or on that of the entry, if that is later."""
    date, period = booking_day(accounting, entry.entity, max(on, entry.date))
    turned = [line._replace(side=line.side.other) for line in entry.details]
    return evolve(
        entry,
        id=entry_id,
        source=source,
        date=date,
        document_date=on,
        period=period,
        lines=with_contras(turned),
        document=document,
        text=text,
        reverses=entry.id,
    )


def standing_entries(entries: Sequence[JournalEntry]) -> list[JournalEntry]:
    """Give the entries that undo nothing and are not undone."""
    gone = {entry.reverses for entry in entries}
    return [entry for entry in entries if not entry.reverses and entry.id not in gone]


def without_pairs(entries: Sequence[JournalEntry]) -> list[JournalEntry]:
    """Give entries, which are in the order of booking, without those of which one undoes the other."""
    if len(entries) < 2:
        return [*entries]
    known = {entry.id for entry in entries}
    gone: set[str] = set()
    for entry in reversed(entries):
        if entry.id not in gone and entry.reverses in known:
            gone |= {entry.id, entry.reverses}
    return [entry for entry in entries if entry.id not in gone]


def part_of(entry: JournalEntry) -> str:
    """Give what an entry is of its source: empty, or ``/2026-02`` for revenue of that month."""
    return entry.id.removeprefix(entry.source).partition("~")[0]
