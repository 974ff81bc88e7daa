"""After a run died, or failed in part: resume it, recover what failed, or clean up (behaviour 10.2).

What was committed stays, and what was not is found by coverage; so each of these can be repeated,
and can die and be repeated itself. The status of the run stays as it was, and the recovery has its
own.
"""

from __future__ import annotations

from typing import Any

from attrs import evolve

from billingcore.errors import BillingError
from billingcore.ports import Store
from billingcore.records.reasons import Problem
from billingcore.runs.execution import Execution
from billingcore.runs.lease import leased
from billingcore.runs.record import RunRecord
from billingcore.runs.remaining import executed
from billingcore.runs.report import RunReport
from billingcore.runs.stages import RunKind, RunStage
from billingcore.scope.run import InvoiceRun
from billingcore.scope.switches import OnProblem
from billingcore.scope.wanted import ALL, root_of

__all__ = ["clean_up", "recover", "resume"]


def resume(run: InvoiceRun | str, store: Store, **options: Any) -> RunReport:
    """Go on with a run that died, was stopped or failed: bill all that it has not billed yet.

    An execution that died holds its accounts, since nobody told the store that it ended; this ends
    it. Only a person, or the host, knows that it died: give the id of that execution. What it was
    limited to, like some accounts, stays its limit.

    Args:
        run: the run, its id, the id of one execution, or ``latest``.
        store: keeps the documents.
        options: those of `execute`.

    Raises:
        ConflictError: another execution than that one holds the accounts.
        InvalidInputError: there is no such run.
    """
    found = executed(run, store)
    options.setdefault("accounts", found.accounts)
    return Execution(found.run, store, kind=RunKind.RECOVERY, of=found.id, **options).finish()


def recover(run: InvoiceRun | str, store: Store, **options: Any) -> RunReport:
    """Bill the records that failed in a run, and nothing else; drafts that are there stay.

    All that is left of the accounts with failures is billed, if one of them could not be read or
    committed at all, or if the policy holds an invoice or account back for a problem; and all
    that is left of the run, if more failed than the store knows of, as when it could not be
    reached. A run that posts its drafts posts all that are left.

    Args:
        run: the run, its id, the id of one execution, or ``latest``.
        store: keeps the documents, and what failed.
        options: those of `execute`, but its accounts.

    Raises:
        ConflictError: another execution than that one holds the accounts.
        InvalidInputError: there is no such run.
    """
    found = executed(run, store)
    chosen, died = found.run, found.record
    logged, names = 0, set[str]()
    accounts: set[str] = set()
    is_whole = chosen.policy.on_problem is not OnProblem.RECORD
    for problem in store.failures(chosen.id):
        logged += 1
        accounts.add(problem.account)
        is_whole = is_whole or problem.record == problem.account
        names |= {problem.record, root_of(problem.record)}
    is_logged = died is None or died.failures <= logged
    only = frozenset(names) if is_logged and not is_whole else chosen.only or ALL
    again, some = evolve(chosen, only=only), accounts if is_logged else None
    return Execution(
        again, store, kind=RunKind.RECOVERY, of=found.id, accounts=some, posts_all=True, **options
    ).finish()


def clean_up(run: InvoiceRun | str, store: Store, *, owner: str = "") -> RunReport:
    """Discard all live drafts of a run; what they covered is free again. Invoices stay.

    A draft that cannot go, since another document builds on it, is a problem of the report.

    Args:
        run: the run, its id, the id of one execution, or ``latest``.
        store: keeps the documents.
        owner: who carries it out.

    Raises:
        ConflictError: another execution than that one holds the accounts.
        InvalidInputError: there is no such run.
    """
    found = executed(run, store)
    chosen = found.run
    record = RunRecord(chosen.id, kind=RunKind.CLEAN_UP, run=chosen, owner=owner, of=found.id)
    report = RunReport(run=chosen, read=store.draft, record=record)
    gone = 0
    with leased(store, record, report) as running:
        running.enter(RunStage.GENERATION_STARTED)
        for draft in store.drafts(chosen.id):
            try:
                store.discard(draft.id)
            except BillingError as error:
                account = draft.account.id
                report.note_problem(Problem.of(error, account=account, record=draft.id))
            else:
                gone += 1
            facts = {"done": gone + report.failures, "documents": gone}
            running.enter(RunStage.GENERATION_IN_PROGRESS, failures=report.failures, **facts)
        running.enter(RunStage.GENERATION_COMPLETED)
    return report
