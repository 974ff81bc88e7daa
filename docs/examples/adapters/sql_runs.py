"""Executions of runs, which are leases on accounts, and what failed in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import attrs
from sql_database import Database

import billingcore as bc

__all__ = ["Runs"]


class Runs:
    """Keeps the executions of runs, and an error log of their records."""

    database: Database
    codec: bc.Codec

    def begin(self, record: bc.RunRecord) -> bc.RunRecord:
        """Keep the record of an execution that begins, and give it back with its number.

        Raises:
            ConflictError: another one that has not ended holds the accounts.
        """
        return self.database.write(lambda: self._begin(record))

    def _begin(self, record: bc.RunRecord) -> bc.RunRecord:
        lock = self.database.dialect.lock_table("execution")
        if lock:
            self.database.run(lock)
        question = "SELECT COALESCE(MAX(attempt), 0) + 1 FROM execution WHERE run_id = ?"
        ((attempt,),) = self.database.ask(question, record.run_id)
        begun: bc.RunRecord = attrs.evolve(record, attempt=int(attempt))
        live = self.database.ask("SELECT body FROM execution WHERE is_live = 1 ORDER BY seq")
        for ended in begun.ends(self._decoded(live)):
            self._write(ended)
        self.database.run(
            "INSERT INTO execution (id, run_id, attempt, is_live, body) VALUES (?, ?, ?, ?, ?)",
            begun.id,
            begun.run_id,
            begun.attempt,
            int(begun.is_live),
            self.codec.to_json(begun),
        )
        return begun

    def note(self, record: bc.RunRecord) -> None:
        """Keep how an execution stands.

        Raises:
            ConflictError: it has ended, or another one took its place.
        """
        self.database.write(lambda: self._note(record))

    def _note(self, record: bc.RunRecord) -> None:
        if not self._write(record):
            rows = self.database.ask("SELECT body FROM execution WHERE id = ?", record.id)
            stored = [*self._decoded(rows)]
            raise record.ended_already(stored[0] if stored else None)

    def _write(self, record: bc.RunRecord) -> bool:
        """Write the record of an execution that is live; tell whether it is."""
        change = "UPDATE execution SET is_live = ?, body = ? WHERE id = ? AND is_live = 1"
        text = self.codec.to_json(record)
        return self.database.run(change, int(record.is_live), text, record.id) == 1

    def runs(self) -> Sequence[bc.RunRecord]:
        """Give the executions of all runs, in the order in which they began."""
        return [*self._decoded(self.database.ask("SELECT body FROM execution ORDER BY seq"))]

    def _decoded(self, rows: Iterable[Sequence[str]]) -> Iterator[bc.RunRecord]:
        for (text,) in rows:
            yield self.codec.from_json(text, bc.RunRecord)

    def failures(
        self, run_id: str, accounts: Collection[str] | None = None
    ) -> Sequence[bc.Problem]:
        """Give what was wrong when a run last looked at accounts, or at some of them."""
        if accounts is None:
            question = "SELECT body FROM failure WHERE run_id = ? ORDER BY account, place"
            texts = [text for (text,) in self.database.ask(question, run_id)]
        else:
            question = (
                "SELECT account, place, body FROM failure WHERE account IN ({}) AND run_id = ?"
            )
            found = sorted(self.database.ask_in(question, sorted({*accounts}), run_id))
            texts = [text for _, _, text in found]
        return [self.codec.from_json(text, bc.Problem) for text in texts]
