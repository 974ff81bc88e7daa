"""Bill many accounts: `plan` looks, `execute` commits; both call the same engine.

Accounts stream through in windows: the records of a window are read, assembled, taxed with one
call of the tax engine, and handed on. Memory does not grow with the number of accounts, but for
what a store or a report keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeVar

from billingcore.errors import InvalidInputError, PortError
from billingcore.invoices.assembly import Assembly, assemble
from billingcore.invoices.mended import mended_records
from billingcore.invoices.outcome import AccountOutcome
from billingcore.ports import Source, Store, TaxEngine
from billingcore.records.reasons import Problem
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.taxes import TaxAnswer, TaxPurpose
from billingcore.runs.report import Progress, RunReport
from billingcore.scope.run import InvoiceRun
from billingcore.tax.answers import ask
from billingcore.tax.drafts import finish
from billingcore.tax.making import concerned_by, fail_sources
from billingcore.values.context import exactly

__all__ = ["bill_many", "execute", "plan"]

T = TypeVar("T")

WINDOW: Final = 16
"""Accounts that are read, taxed and committed together; more cost speed, as caches overflow."""

ATTEMPTS: Final = 5
"""How often accounts are read and billed again while somebody else is always faster."""


def plan(run: InvoiceRun, source: Source, *, window: int = WINDOW) -> Iterator[AccountOutcome]:
    """Work out a run and store nothing; outcomes come as they are asked for.

    What it yields is what `execute` would commit: preview and invoice cannot differ.
    """
    for ids in _windows(source.accounts(), window):
        yield from _bill_window(run, source, ids)


def execute(
    run: InvoiceRun,
    store: Store,
    *,
    window: int = WINDOW,
    keep: int = 10_000,
    on_progress: Callable[[Progress], None] | None = None,
) -> RunReport:
    """Work out a run and commit its drafts, account by account.

    Repeating it, also after a crash at any instant, bills nothing twice and loses nothing: what is
    covered is found in the store. A problem with one record, or one account, stops no other.

    Args:
        run: what to bill, and how.
        store: where the accounts come from and the drafts go to.
        window: how many accounts are read, taxed and committed together.
        keep: how many exclusions the report lists; their counts are always complete.
        on_progress: called after each window.
    """
    report = RunReport(run, store.draft, keep)
    ids = store.accounts()
    of = len(ids) if isinstance(ids, Sequence) else None
    for accounts in _windows(ids, window):
        for outcome in _committed(run, store, accounts):
            report.note(outcome)
        if on_progress is not None:
            drafts, problems = len(report.draft_ids), len(report.problems)
            on_progress(Progress(report.accounts, of, drafts, problems))
    report.note_unresolved(store.unresolved())
    return report


def bill_many(
    run: InvoiceRun, snapshots: Iterable[AccountSnapshot], tax: TaxEngine
) -> list[AccountOutcome]:
    """Bill some accounts with one call of the tax engine.

    If the call fails, the accounts are asked for one by one, so that only those that fail by
    themselves are reported as retryable problems.
    """
    with exactly():
        assemblies = [assemble(run, snapshot) for snapshot in snapshots]
    try:
        answers = _asked_together(assemblies, tax)
    except PortError as error:
        if len(assemblies) > 1:
            return [_alone(assembly, tax) for assembly in assemblies]
        return [_failed(assembly, error) for assembly in assemblies]
    with exactly():
        return [
            _finished(each, list(islice(answers, len(each.asked.questions)))) for each in assemblies
        ]


def _finished(assembly: Assembly, answers: Sequence[TaxAnswer]) -> AccountOutcome:
    try:
        return finish(assembly, answers)
    except PortError as error:
        return _failed(assembly, error)


def _asked_together(assemblies: Sequence[Assembly], tax: TaxEngine) -> Iterator[TaxAnswer]:
    questions = [each for assembly in assemblies for each in assembly.asked.questions]
    return iter(ask(tax, questions, TaxPurpose.ESTIMATE))


def _alone(assembly: Assembly, tax: TaxEngine) -> AccountOutcome:
    try:
        answers = ask(tax, assembly.asked.questions, TaxPurpose.ESTIMATE)
    except PortError as error:
        return _failed(assembly, error)
    with exactly():
        return _finished(assembly, answers)


def _failed(assembly: Assembly, error: PortError) -> AccountOutcome:
    """Report every record that would have been billed as a problem; nothing is kept."""
    found = assembly.found
    for record, name in concerned_by(found.lines).items():
        found.problem(record, error, name)
    for line in found.lines:
        fail_sources(found, line, error)
    return AccountOutcome(
        assembly.run,
        found.account,
        assembly.snapshot.revision,
        exclusions=tuple(found.exclusions),
        problems=tuple(found.problems),
        failed=tuple(found.failed),
        mended=mended_records(found),
    )


def _windows(items: Iterable[T], size: int) -> Iterator[list[T]]:
    if size < 1:
        fix = "use 1 or more"
        raise InvalidInputError("a window needs an account", field="window", value=size, fix=fix)
    iterator = iter(items)
    while window := list(islice(iterator, size)):
        yield list(dict.fromkeys(window))


def _bill_window(run: InvoiceRun, source: Source, ids: Iterable[str]) -> list[AccountOutcome]:
    """Read and bill some accounts; one that cannot be read is a problem of its own."""
    snapshots: list[AccountSnapshot] = []
    unread: list[AccountOutcome] = []
    for account in ids:
        try:
            snapshots.append(source.snapshot(account))
        except (InvalidInputError, PortError) as error:
            problem = Problem.of(error, account=account, record=account)
            unread.append(AccountOutcome(run, account, problems=(problem,)))
    return [*bill_many(run, snapshots, source.tax), *unread]


def _committed(run: InvoiceRun, store: Store, ids: Sequence[str]) -> Iterator[AccountOutcome]:
    """Bill and commit some accounts; those that were changed meanwhile are read and billed again."""
    waiting: list[str] = [*ids]
    attempts = 0
    while waiting and attempts < ATTEMPTS:
        outcomes = _bill_window(run, store, waiting)
        refused = set(store.commit(outcomes))
        yield from (outcome for outcome in outcomes if outcome.account not in refused)
        # Accounts that read the same records refuse each other; each pass commits one of them.
        attempts = attempts + 1 if len(refused) == len(waiting) else 1
        waiting = [account for account in waiting if account in refused]
    for account in waiting:
        yield AccountOutcome(run, account, problems=(_contended(account),))


def _contended(account: str) -> Problem:
    return Problem(
        account=account,
        record=account,
        code="conflict",
        message=f"the account was changed {ATTEMPTS} times while it was billed",
        advice="repeat the run when it is quiet",
        is_retryable=True,
    )
