"""What a run passes over: it is left out with a reason, and nothing that is wrong with it matters."""

from __future__ import annotations

from contextlib import suppress

from billingcore.errors import InvalidInputError
from billingcore.lines.harvest import Harvest
from billingcore.lines.origin import name_of
from billingcore.lines.reading import names_of
from billingcore.lines.usage.sources import rows_of
from billingcore.records.reasons import LeftOut
from billingcore.records.source import SourceRecord
from billingcore.scope.routing import is_named, root_values
from billingcore.scope.selection import Filter, UseCase
from billingcore.values.keys import escape

__all__ = ["is_ours", "leave_account"]


def leave_account(found: Harvest, why: LeftOut) -> None:
    """Leave out everything of an account for one reason."""
    selection, snapshot = found.run.selection, found.snapshot
    if selection.has_subscriptions:
        for contract in snapshot.subscriptions:
            for name in [each for _, each in contract.positions] or [escape(contract.id)]:
                found.exclude(name, why, selection.applied_name)
        for usage in snapshot.usage:
            found.exclude(usage.name, why, "")
    for chosen in selection.sources:
        _leave_records(found, chosen, why)


def _leave_records(found: Harvest, chosen: Filter, why: LeftOut) -> None:
    """Leave out the records of an account that a filter looks at."""
    for record in found.snapshot.records:
        if record.type == chosen.target and is_ours(found, record, chosen):
            for name in _names(record, chosen):
                found.exclude(name, why, chosen.name)


def _names(record: SourceRecord, chosen: Filter) -> list[str]:
    """Give the names under which a record would be billed by a filter."""
    if chosen.use_case is UseCase.GENERIC:
        return names_of(record, chosen)
    return [name_of(row, chosen) for row in rows_of(record, chosen) or (record,)]


def is_ours(found: Harvest, record: SourceRecord, chosen: Filter) -> bool:
    """Tell whether a run has to say something of a record in this account.

    It does also of one that cannot be read, since nobody else would.
    """
    start, snapshot = found.run.selection.start, found.snapshot
    with suppress(InvalidInputError):
        if start is not None and not start.reaches(record, chosen):
            return False
        values = root_values(record, chosen, snapshot.setup)
        return is_named(snapshot.account, values.account)
    return True
