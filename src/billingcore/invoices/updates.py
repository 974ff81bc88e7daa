"""What is written back to the records of the host: the engine says it, the host's store does it.

A record carries the document that bills it, and what went wrong; a record of the generic run the
last run that billed it or failed, and usage its subscription. Each stands under the name that the
record has for the field, and per party (behaviour 4.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.records.reasons import Problem
from billingcore.records.source import SourceRecord
from billingcore.scope.selection import Filter, UseCase

__all__ = [
    "Failed",
    "Mended",
    "Update",
    "error_of",
    "failed_updates",
    "family",
    "mended_updates",
    "once",
    "updates",
]

LONGEST: Final = 255
"""How long the text of an error may be (behaviour 4.2)."""

Failed = tuple[SourceRecord, Filter, Problem]
"""A record of the host, the filter under which it entered, and what is wrong with it."""

Mended = tuple[SourceRecord, Filter]
"""A record of the host of which nothing is to be billed any more, and its filter."""


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


def updates(
    document: DraftInvoice | Invoice,
    *,
    is_gone: bool = False,
    live: Iterable[DraftInvoice | Invoice] = (),
) -> tuple[Update, ...]:
    """Say what to write to the records behind a document.

    A draft gives its id, an invoice its number. For one that is discarded or canceled, say
    *is_gone*: its records are free again, and their fields empty. A record can be on several
    documents, like an order whose lines have two invoice criteria: name those that are still
    *live*, and it gets the first of them that bills it, too.

    Args:
        document: the draft or invoice.
        is_gone: whether it is discarded or canceled.
        live: other documents that are not; only asked for one that is gone.
    """
    for line in document.lines:
        if line.origin is not None:
            break
    else:  # as most are
        return ()
    if not is_gone:
        return once(_billed(document))
    gone = once(_links(document, is_gone=True))
    keys = {each[:3] for each in gone}
    own = _draft(document).id
    kept = (each for other in live if _draft(other).id != own for each in _links(other))
    return once((*(each for each in kept if each[:3] in keys), *gone))


def failed_updates(run_id: str, failed: Iterable[Failed]) -> tuple[Update, ...]:
    """Say what to write to the records that are wrong.

    What is wrong with a line of a record is written to that record, too. `AccountOutcome.updates`
    says all this of the records of its account; of a record that no account is known for, only who
    routed it can say it: the filter and the problem are those of a `Route`.

    >>> orders = Filter("Orders", use_case=UseCase.GENERIC, target="Order")
    >>> order = SourceRecord("Order", "O-1", {"ON_Account": "nobody"})
    >>> problem = Problem("", "Order/O-1", "invalid-input", "there is no such account")
    >>> (update,) = failed_updates("January", [(order, orders, problem)])
    >>> update.values["ON_InvoiceBuildError"]
    'Order/O-1: there is no such account'

    Args:
        run_id: the id of the run.
        failed: records, each with its filter and with what is wrong; the first problem of a record
            counts.
    """
    return once(_failed(run_id, failed))


def mended_updates(mended: Iterable[Mended]) -> Iterator[Update]:
    """Say which records lose an old error, since nothing of them is to be billed any more."""
    for record, chosen in mended:
        yield _update(record, chosen, {error_of(chosen): None})


def once(found: Iterable[Update]) -> tuple[Update, ...]:
    """Give one update for each record and party; of several values of a field the first counts."""
    told: dict[tuple[str, str, str], dict[str, object]] = {}
    for each in found:
        values = told.setdefault(each[:3], {})
        for name, value in each.values.items():
            values.setdefault(name, value)
    return tuple(Update(*key, values) for key, values in told.items())


def _failed(run_id: str, failed: Iterable[Failed]) -> Iterator[Update]:
    for record, chosen, problem in failed:
        text = str(problem)
        shown = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
        values: dict[str, object] = {error_of(chosen): shown}
        if chosen.use_case is UseCase.GENERIC:
            values["last_run"] = run_id
        for each in family(record, chosen):
            yield _update(each, chosen, values)


def _billed(document: DraftInvoice | Invoice) -> Iterator[Update]:
    """Yield what is written to what a live document bills: its name, and no error."""
    run_id = _draft(document).run_id
    for record, chosen, values in _named(document, is_gone=False):
        if chosen.use_case is UseCase.GENERIC:
            values["last_run"] = run_id
        yield _update(record, chosen, values | {error_of(chosen): None})


def _links(document: DraftInvoice | Invoice, *, is_gone: bool = False) -> Iterator[Update]:
    """Yield which document bills what, and nothing else; none, if it is gone."""
    for record, chosen, values in _named(document, is_gone=is_gone):
        yield _update(record, chosen, values)


def _named(
    document: DraftInvoice | Invoice, *, is_gone: bool
) -> Iterator[tuple[SourceRecord, Filter, dict[str, object]]]:
    """Yield the records behind a document, with the fields that say what bills them."""
    name = document.number if isinstance(document, Invoice) else document.id
    for line in _draft(document).lines:
        for record, chosen in () if line.origin is None else line.origin.records:
            values: dict[str, object] = {"invoice": None if is_gone else name}
            if chosen.use_case is not UseCase.GENERIC:
                values["subscription"] = None if is_gone else line.subscription_id
            yield record, chosen, values


def family(record: SourceRecord, chosen: Filter) -> tuple[SourceRecord, ...]:
    """Give a record, and the one whose line it is; usage stands alone."""
    is_line = chosen.use_case is UseCase.GENERIC and bool(chosen.child_relation)
    parent = record.parent if is_line else None
    return (record,) if parent is None else (record, parent)


def _draft(document: DraftInvoice | Invoice) -> DraftInvoice:
    return document.draft if isinstance(document, Invoice) else document


def error_of(chosen: Filter) -> str:
    """Give the field for what is wrong: usage has one of its own."""
    return "error" if chosen.use_case is UseCase.GENERIC else "last_error"


def _update(record: SourceRecord, chosen: Filter, values: Mapping[str, object]) -> Update:
    name_of = chosen.fields.name_of
    named = {name_of(name, record): value for name, value in values.items()}
    return Update(record.type, record.id, chosen.party, named)
