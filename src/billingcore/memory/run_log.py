"""What the store knows of runs: their executions, and the records that failed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from attrs import evolve

from billingcore.memory.locking import Locked, one_at_a_time
from billingcore.records.reasons import Problem
from billingcore.runs.record import RunRecord

__all__ = ["RunLog"]


class RunLog(Locked):
    """The executions of runs, and an error log of their records."""

    def __init__(self) -> None:
        super().__init__()
        self._records: dict[str, RunRecord] = {}
        self._live: dict[str, RunRecord] = {}
        self._attempts: dict[str, int] = {}
        self._failures: dict[str, dict[str, tuple[Problem, ...]]] = {}

    def runs(self) -> Sequence[RunRecord]:
        """Give the executions of all runs, in the order in which they began."""
        return [*self._records.values()]

    @one_at_a_time
    def begin(self, record: RunRecord) -> RunRecord:
        """Keep the record of an execution that begins, and give it back with its number.

        Raises:
            ConflictError: another one that has not ended holds the accounts.
        """
        attempt = self._attempts.get(record.run_id, 0) + 1
        begun = evolve(record, attempt=attempt)
        for ended in begun.ends(self._live.values()):
            self._keep_record(ended)
        self._attempts[record.run_id] = attempt
        self._keep_record(begun)
        return begun

    @one_at_a_time
    def note(self, record: RunRecord) -> None:
        """Keep how an execution stands.

        Raises:
            ConflictError: it has ended, or another one took its place.
        """
        if record.id not in self._live:
            raise record.ended_already(self._records.get(record.id))
        self._keep_record(record)

    def _keep_record(self, record: RunRecord) -> None:
        self._records[record.id] = record
        if record.is_live:
            self._live[record.id] = record
        else:
            self._live.pop(record.id, None)

    def _note_problems(self, run_id: str, account: str, problems: tuple[Problem, ...]) -> None:
        """Keep what is wrong in an account, in the place of what was wrong there before."""
        if problems:
            self._failures.setdefault(run_id, {})[account] = problems
        elif run_id in self._failures:
            self._failures[run_id].pop(account, None)

    @one_at_a_time
    def failures(self, run_id: str, accounts: Collection[str] | None = None) -> Sequence[Problem]:
        """Give what was wrong when a run last looked at accounts, or at some of them."""
        known = self._failures.get(run_id, {})
        chosen = known.keys() if accounts is None else known.keys() & set(accounts)
        return [problem for account in sorted(chosen) for problem in known[account]]
