"""What the store knows of runs: who holds the accounts, how executions stand, and what was wrong."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import attrs
from django.db import transaction

import billingcore as bc
from shop import models

EXECUTIONS: Final = "executions"
"""The row of counters that is locked while an execution begins."""


class Runs:
    """What the store knows of runs."""

    def begin(self, record: bc.RunRecord, /) -> bc.RunRecord:
        """Keep the record of an execution that begins, unless another one holds the accounts."""
        with transaction.atomic():
            models.Counter.objects.get_or_create(pk=EXECUTIONS, defaults={"count": 0})
            models.Counter.objects.select_for_update().get(pk=EXECUTIONS)
            live = [*map(_read_run, models.Execution.objects.filter(is_live=True))]
            for other in live:
                if not other.yields_to(record):
                    fix = f"wait for it, or if its process died: resume({other.id!r}, store)"
                    raise bc.ConflictError(f"{other.id} holds these accounts; {fix}")
            count = models.Execution.objects.filter(run_id=record.run_id).count()
            begun = attrs.evolve(record, attempt=count + 1)
            for other in live:
                if begun.takes_place_of(other):
                    gone = {"status": bc.RunStatus.FAILED, "stage": bc.RunStage.FAILED}
                    _write_run(attrs.evolve(other, error=f"{begun.id} took its place", **gone))
            models.Execution.objects.create(name=begun.id, run_id=begun.run_id, is_live=True)
            _write_run(begun)
            return begun

    def note(self, record: bc.RunRecord, /) -> None:
        """Keep how an execution stands."""
        if not _write_run(record):
            raise bc.ConflictError(f"{record.id} has ended")

    def runs(self) -> Sequence[bc.RunRecord]:
        """Give the records of all executions, in the order in which they began."""
        return [*map(_read_run, models.Execution.objects.order_by("pk"))]

    def failures(
        self, run_id: str, accounts: Collection[str] | None = None, /
    ) -> Sequence[bc.Problem]:
        """Give what was wrong when a run last looked at accounts."""
        found = models.Failure.objects.filter(run_id=run_id).order_by("pk")
        chosen = found if accounts is None else found.filter(account__in=accounts)
        columns = [each.name for each in attrs.fields(bc.Problem)]
        return [bc.Problem(**row) for row in chosen.values(*columns)]


def _read_run(row: models.Execution) -> bc.RunRecord:
    return bc.from_json(row.document, bc.RunRecord)


def _write_run(record: bc.RunRecord) -> int:
    """Write how a live execution stands; give 0 if it has ended."""
    rows = models.Execution.objects.filter(name=record.id, is_live=True)
    return rows.update(is_live=record.is_live, document=bc.to_json(record))
