"""Which records of the host have an old error and need none: nothing of them is to be billed.

An error stays on a record until it is billed, or until there is nothing to bill: its quantity is 0,
or a document, perhaps of another party, bills it already. A record that is only not in the run, or
that the run did not read, keeps its error, since that may still be so.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from billingcore.errors import InvalidInputError
from billingcore.invoices.updates import Mended, error_of, family
from billingcore.lines.harvest import Harvest
from billingcore.records.reasons import Reason
from billingcore.records.source import SourceRecord, is_empty
from billingcore.scope.selection import Filter

__all__ = ["mended_records"]

SETTLED: Final = frozenset(
    {
        Reason.ALREADY_INVOICED,
        Reason.BILLED_TO_OTHER_PARTY,
        Reason.COVERED,
        Reason.DRAFT_EXISTS,
        Reason.ZERO_QUANTITY,
    }
)
"""Reasons that leave nothing to be billed."""


def mended_records(found: Harvest) -> tuple[Mended, ...]:
    """Give the records, and those whose lines they are, that have an old error."""
    if not found.is_marked:
        return ()
    names: dict[str, set[str]] = {}
    for each in found.exclusions:
        if each.reason in SETTLED:
            names.setdefault(each.filter, set()).add(each.record)
    return tuple(
        (record, chosen)
        for chosen in found.run.selection.sources
        if chosen.name in names
        for root in found.snapshot.records
        if root.type == chosen.target
        for record in _concerned(root, chosen, names[chosen.name])
        if _has_error(record, chosen)
    )


def _concerned(root: SourceRecord, chosen: Filter, names: Collection[str]) -> list[SourceRecord]:
    """Give what has one of the names, of a record and its lines, each with its parent."""
    rows = (root, *root.children_of(chosen.child_relation))
    ending = f":{chosen.party}" if chosen.party else ""  # as `name_of` does it
    named = [row for row in rows if row.name + ending in names]
    return [*named, *family(named[-1], chosen)[1:]] if named else named


def _has_error(record: SourceRecord, chosen: Filter) -> bool:
    try:
        return not is_empty(chosen.fields.read(record, error_of(chosen)))
    except InvalidInputError:
        return False  # one that cannot be read is a problem by itself
