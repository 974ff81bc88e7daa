"""How runs stand, as a table for a terminal and a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, overload

from billingcore.runs.record import RunRecord
from billingcore.views.table import Cell, html_table, text_table

__all__ = ["RunMonitor"]

_HEAD: Final = ("run", "kind", "status", "stage", "done", "documents", "failures", "totals", "note")


class RunMonitor(Sequence[RunRecord]):
    """How executions stand: those of a store, or those that it is told of.

    It can be given to `execute` as what is told of progress, and shown at any time.

    >>> import billingcore as bc
    >>> store = bc.MemoryStore()
    >>> store.add(bc.Account("acme", currency="EUR"))
    >>> monitor = RunMonitor()
    >>> report = bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1)), store, on_progress=monitor)
    >>> monitor[0].stage.value, monitor[0] == RunMonitor(store.runs())[0]
    ('Completed', True)
    """

    def __init__(self, records: Iterable[RunRecord] = ()) -> None:
        self._records: dict[str, RunRecord] = {each.id: each for each in records}

    def __call__(self, record: RunRecord) -> None:
        """Take in how an execution stands now."""
        self._records[record.id] = record

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[RunRecord]:
        return iter(self._records.values())

    @overload
    def __getitem__(self, index: int) -> RunRecord: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[RunRecord]: ...
    def __getitem__(self, index: int | slice) -> RunRecord | Sequence[RunRecord]:
        return [*self._records.values()][index]

    def __str__(self) -> str:
        return "\n".join(text_table(_HEAD, [*map(_row, self)]))

    def _repr_html_(self) -> str:
        return html_table("Runs", _HEAD, [*map(_row, self)])


def _row(record: RunRecord) -> Sequence[Cell]:
    done = f"{record.done} of {record.accounts}" if record.accounts else f"{record.done}"
    totals = ", ".join(f"{each.gross} {each.currency}" for each in record.totals)
    return (
        record.id,
        record.kind.value,
        record.status.value,
        record.stage.value,
        done,
        record.documents,
        record.failures,
        totals,
        record.error or (f"of {record.of}" if record.of else ""),
    )
