"""Runs in threads: started by a request, and going on when that is answered."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import billingcore as bc


class Missing(bc.InvalidInputError):
    """There is nothing of this name."""


class Runner:
    """Carries out runs in threads; the store sees to it that no two share accounts."""

    def __init__(self, store: bc.Store) -> None:
        self.store = store
        self._closing = Event()
        self._latest: dict[str, bc.RunRecord] = {}
        self._at_work: set[str] = set()
        self._threads = ThreadPoolExecutor(4)

    def start(self, run: bc.InvoiceRun | str) -> bc.RunRecord:
        """Begin a run, or go on with an execution that died; give its record once it is stored.

        Raises:
            ConflictError: another one holds the accounts.
        """
        if isinstance(run, str) and run in self._at_work:
            raise bc.ConflictError(f"{run} is at work, and has not died")
        begun: Future[bc.RunRecord] = Future()
        self._threads.submit(self._carry_out, run, begun)
        return begun.result()

    def _carry_out(self, run: bc.InvoiceRun | str, begun: Future[bc.RunRecord]) -> None:
        def note(record: bc.RunRecord) -> None:
            self._latest[record.run_id] = record
            self._at_work.add(record.id)
            if not begun.done():
                begun.set_result(record)

        work: Any = bc.resume if isinstance(run, str) else bc.execute
        try:
            work(run, self.store, on_progress=note, should_stop=self._closing.is_set)
        except Exception as error:  # noqa: BLE001 - told to who started it, or kept in the record
            if not begun.done():
                begun.set_exception(error)
        finally:
            if begun.exception() is None:
                self._at_work.discard(begun.result().id)

    def latest(self, run_id: str) -> bc.RunRecord:
        """Give the last execution of a run, as it stands."""
        stored = [each for each in self.store.runs() if each.run_id == run_id]
        if not stored:
            raise Missing("no such run", field="run_id", value=run_id)
        known, own = stored[-1], self._latest.get(run_id)
        # Of a long stage the store is told now and then, an observer each time.
        return own if own and own.id == known.id and known.is_live else known

    @property
    def is_closing(self) -> bool:
        """Whether the service is about to end."""
        return self._closing.is_set()

    def close(self) -> None:
        """Let runs stop after their window; what they committed stays."""
        self._closing.set()
        self._threads.shutdown(cancel_futures=True)
