"""An execution while it goes on: known to the store, told to an observer, ended whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any, Final, Protocol

from attrs import evolve

from billingcore.errors import BillingError, told
from billingcore.ports import Store
from billingcore.runs.record import RunRecord
from billingcore.runs.stages import RunStage, RunStatus

__all__ = ["Observer", "Running", "leased"]

Observer = Callable[[RunRecord], None]
"""Is told how an execution stands: at each stage, and after each step within it."""

NOTED_EVERY: Final = 64
"""Of so many steps within a stage, the store is told of one."""


class Reported(Protocol):
    """A report that says how its execution stands."""

    @property
    def record(self) -> RunRecord | None:
        """Give the record."""
        ...

    @record.setter
    def record(self, value: RunRecord) -> None: ...


class Running:
    """An execution that goes on.

    Attributes:
        record: how it stands.
        is_stopped: whether it was told to stop.
    """

    def __init__(
        self, store: Store, record: RunRecord, report: Reported, observer: Observer | None
    ) -> None:
        self._store = store
        self._report = report
        self._observer = observer
        self._steps = 0
        self.record: RunRecord = record
        self.is_stopped: bool = False

    def tell(self) -> None:
        """Put the record into the report, and tell who wants to know."""
        self._report.record = self.record
        if self._observer is not None:
            self._observer(self.record)

    def enter(self, stage: RunStage, **facts: Any) -> None:
        """Go into a stage, or make a step within it, and tell who wants to know.

        Args:
            stage: the stage.
            facts: other fields of the record that changed.

        Raises:
            ConflictError: another execution took its place.
        """
        is_new = stage is not self.record.stage
        self.record = now = evolve(self.record, stage=stage, **facts)
        self._steps = 0 if is_new else self._steps + 1
        if self._steps % NOTED_EVERY == 0:
            self._store.note(now)
        self.tell()

    def end(self, status: RunStatus, stage: RunStage, error: str = "") -> None:
        """Give the accounts free, and keep how it ended."""
        self.record = evolve(self.record, status=status, stage=stage, error=error)
        try:
            self._store.note(self.record)
        finally:
            self.tell()


@contextmanager
def leased(
    store: Store, record: RunRecord, report: Reported, observer: Observer | None = None
) -> Generator[Running]:
    """Begin an execution, and end it when its block is left, however that happens.

    The report, and the observer, follow the record. Left by an exception it has FAILED; closed, as a loop over it does that is left early, or told
    to stop, it is STOPPED; else it is COMPLETED, or FAILED if records failed.

    Raises:
        ConflictError: another execution holds the accounts.
    """
    running = Running(store, store.begin(record), report, observer)
    try:
        running.tell()
        yield running
    except GeneratorExit:
        with suppress(BillingError):  # nobody is left to hear that it was taken over
            running.end(RunStatus.STOPPED, running.record.stage)
        raise
    except BaseException as error:
        why = told(error) if isinstance(error, Exception) else type(error).__name__
        with suppress(BillingError):  # what ended it is told, and not that it was taken over
            running.end(RunStatus.FAILED, RunStage.FAILED, why)
        raise
    if running.is_stopped:
        running.end(RunStatus.STOPPED, running.record.stage)
    else:
        status = RunStatus.FAILED if running.record.failures else RunStatus.COMPLETED
        running.end(status, RunStage.COMPLETED)
