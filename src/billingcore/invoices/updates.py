"""What is written back to the records of the host: the engine says it, the host's store does it.

A record carries the document that bills it, the last run that looked at it, and what went wrong,
each under the name that the record has for the field, and per party (behaviour 4.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.records.reasons import Problem
from billingcore.records.source import SourceRecord
from billingcore.scope.selection import Filter, UseCase

__all__ = ["Failed", "Update", "failures", "once", "updates"]

LONGEST: Final = 255
"""How long the text of an error may be (behaviour 4.2)."""

Failed = tuple[SourceRecord, Filter, Problem]
"""A record of the host, the filter under which it entered, and what is wrong with it."""


class Update(NamedTuple):
    """New values of the control fields of one record, for one party.

    Attributes:
        type: the type of the record.
        id: its id.
        party: the party; empty if there is only one.
        values: real name of a field → its new value; None empties it.
    """

    type: str
    id: str
    party: str
    values: Mapping[str, object]


def updates(document: DraftInvoice | Invoice, *, is_gone: bool = False) -> tuple[Update, ...]:
    """Say what to write to the records behind a document.

    A draft gives its id, an invoice its number. For one that is discarded or cancelled, say
    *is_gone*: its records are free again, and their fields empty.

    Args:
        document: the draft or invoice.
        is_gone: whether it is discarded or cancelled.
    """
    draft = document.draft if isinstance(document, Invoice) else document
    name = document.number if isinstance(document, Invoice) else document.id
    return once(_written(draft, None if is_gone else name, is_gone=is_gone))


def failures(run_id: str, failed: Iterable[Failed]) -> Iterator[Update]:
    """Say what to write to the records that are wrong."""
    for record, chosen, problem in failed:
        text = str(problem)
        shown = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
        yield _update(record, chosen, {"error": shown, "last_run": run_id})


def _written(draft: DraftInvoice, name: str | None, *, is_gone: bool) -> Iterator[Update]:
    for line in draft.lines:
        origin = line.origin
        if origin is None:
            continue
        for record, chosen in origin.records:
            values: dict[str, object] = {"invoice": name}
            if chosen.use_case is not UseCase.GENERIC:
                values["subscription"] = None if is_gone else line.subscription_id
            if not is_gone:
                values |= {"last_run": draft.run_id, "error": None}
            yield _update(record, chosen, values)


def _update(record: SourceRecord, chosen: Filter, values: Mapping[str, object]) -> Update:
    name_of = chosen.fields.name_of
    named = {name_of(name, record): value for name, value in values.items()}
    return Update(record.type, record.id, chosen.party, named)


def once(found: Iterable[Update]) -> tuple[Update, ...]:
    """Give the first update of each record and party."""
    told: dict[tuple[str, str, str], Update] = {}
    for each in found:
        told.setdefault(each[:3], each)
    return tuple(told.values())
