"""What a store remembers of an execution: how it stands, and that its accounts are taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import evolve, frozen

from billingcore.errors import ConflictError
from billingcore.runs.stages import RunKind, RunStage, RunStatus
from billingcore.runs.tally import CurrencyTotal
from billingcore.scope.criteria import ALL_ACCOUNTS, Criteria
from billingcore.scope.run import InvoiceRun

__all__ = ["POSTING_OF", "RunRecord"]

POSTING_OF: Final = "posting of "
"""How the names of posting runs of one run begin."""


@frozen
class RunRecord:
    """One execution of a run, as the store keeps it.

    A repeated run is the same run: its executions are numbered and share the run's id. A record
    whose status is STARTED is also the lease on its accounts: no other execution that may look at
    them begins before it has ended.

    Attributes:
        run_id: id of the run; of a posting run, its name.
        attempt: 1 for the first execution, and so on; 0 before the store counted it.
        kind: what is carried out.
        run: the run with its configuration; None for a posting run of drafts of several runs.
        owner: who carries it out, like the name of a job; empty for nobody in particular.
        of: id of the execution that this one recovers, cleans up or goes on with; empty if none.
        status: how it stands, or ended.
        stage: where it is.
        only: the accounts that it was limited to, besides the criteria; None if it was not.
        candidates: references that met the criteria.
        groups: different grouping keys among them.
        accounts: accounts to look at.
        done: accounts that were looked at; of a posting run, drafts.
        documents: drafts that were made; of a posting run, invoices; of a clean-up, drafts that are
            gone.
        failures: records that are wrong.
        totals: sums of the documents, per currency.
        error: what ended it, if that was an error.
    """

    run_id: str
    attempt: int = 0
    kind: RunKind = RunKind.INVOICING
    run: InvoiceRun | None = None
    owner: str = ""
    of: str = ""
    status: RunStatus = RunStatus.STARTED
    stage: RunStage = RunStage.FILTERING_STARTED
    only: frozenset[str] | None = None
    candidates: int = 0
    groups: int = 0
    accounts: int = 0
    done: int = 0
    documents: int = 0
    failures: int = 0
    totals: tuple[CurrencyTotal, ...] = ()
    error: str = ""

    @property
    def id(self) -> str:
        """The id of the execution, like ``2026-01-01..2026-01-31#2``."""
        return f"{self.run_id}#{self.attempt}"

    @property
    def is_live(self) -> bool:
        """Whether it has not ended, as far as the store knows."""
        return self.status is RunStatus.STARTED

    @property
    def criteria(self) -> Criteria:
        """Which accounts it may look at."""
        return ALL_ACCOUNTS if self.run is None else self.run.selection.criteria

    def takes_place_of(self, other: RunRecord) -> bool:
        """Tell whether it ends another execution when it begins, since that has died.

        It does if it was made to recover it; or if both share accounts and have the same owner, who
        can only have come back after a crash.
        """
        is_own = bool(self.owner) and self.owner == other.owner
        return self.of == other.id or (is_own and self._shares_accounts(other))

    def yields_to(self, other: RunRecord) -> bool:
        """Tell whether another execution may begin while this one has not ended.

        It may if they share no accounts, or if it takes this one's place.
        """
        may_begin = not self.is_live or other.takes_place_of(self)
        return may_begin or not self._shares_accounts(other)

    def ends(self, live: Iterable[RunRecord]) -> list[RunRecord]:
        """Give the executions that it ends when it begins, as they are to be kept: as FAILED.

        Args:
            live: the stored records of all executions that have not ended.

        Raises:
            ConflictError: one of them holds the accounts, and does not give way.
        """
        others = [*live]
        for other in others:
            _check_lease(self, other)
        return [
            evolve(
                each,
                status=RunStatus.FAILED,
                stage=RunStage.FAILED,
                error=f"ended at {each.stage.value}; {self.id} took its place",
            )
            for each in others
            if self.takes_place_of(each)
        ]

    def ended_already(self, stored: RunRecord | None) -> ConflictError:
        """Make the error for noting an execution that is not going on.

        Args:
            stored: its stored record; None if there is none.
        """
        why = "it never began" if stored is None else stored.error or "it has ended"
        return ConflictError(f"{self.kind.value} {self.id} is not going on: {why}")

    def _shares_accounts(self, other: RunRecord) -> bool:
        return self.criteria.may_share_accounts(other.criteria)


def _going_on(live: RunRecord) -> str:
    """Say how to go on with what died."""
    if live.kind is RunKind.CLEAN_UP:
        return f"clean_up({live.id!r}, store)"
    if live.kind is not RunKind.POSTING:
        return f"resume({live.id!r}, store)"
    _, _, run_id = live.run_id.partition(POSTING_OF)
    chosen = f"run_id={run_id!r}, " if run_id else ""
    return f"post(store, on=..., {chosen}of={live.id!r}), with the same condition"


def _check_lease(new: RunRecord, live: RunRecord) -> None:
    """Refuse to begin an execution whose accounts another one holds.

    Raises:
        ConflictError: it does, and has not ended.
    """
    if not live.yields_to(new):
        fix = f"wait for it, or if its process died: {_going_on(live)}"
        raise ConflictError(f"{live.kind.value} {live.id} holds these accounts; {fix}")
