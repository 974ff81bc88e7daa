"""Bill some accounts and commit them: what a worker does, wherever it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final, TypeVar

from billingcore.errors import BillingError, InvalidInputError, PortError, failed_port, told
from billingcore.invoices.assembly import Assembly, assemble
from billingcore.invoices.mended import mended_records
from billingcore.invoices.outcome import AccountOutcome
from billingcore.ports import Source, Store, TaxEngine
from billingcore.records.reasons import Problem
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.taxes import TaxAnswer, TaxPurpose
from billingcore.scope.run import InvoiceRun
from billingcore.scope.wanted import ALL, NOT_CHOSEN, root_of
from billingcore.tax.answers import ask
from billingcore.tax.drafts import finish, finish_by_table
from billingcore.tax.making import concerned_by, fail_sources
from billingcore.tax.ordinary_account import ordinary_outcome
from billingcore.tax.table import TaxTable
from billingcore.values.context import exactly
from billingcore.values.keys import escape
from billingcore.values.sealing import changed

__all__ = ["WINDOW", "bill_many", "bill_window", "committed", "windows"]

T = TypeVar("T")

WINDOW: Final = 16
"""Accounts that are read, taxed and committed together; more cost speed, as caches overflow."""

ATTEMPTS: Final = 5
"""How often accounts are read and billed again while somebody else is always faster."""


def bill_many(
    run: InvoiceRun, snapshots: Iterable[AccountSnapshot], tax: TaxEngine
) -> list[AccountOutcome]:
    """Bill some accounts with one call of the tax engine.

    If the call fails, the accounts are asked for one by one, so that only those that fail by
    themselves are reported as retryable problems.
    """
    if type(tax) is TaxTable:  # it computes nothing, so it needs no question
        with exactly():
            if not run.is_ordinary:
                return [_with_care(run, each, tax) for each in snapshots]
            return [
                ordinary_outcome(run, each, tax) or _with_care(run, each, tax) for each in snapshots
            ]
    with exactly():
        made = [_assembled(run, snapshot) for snapshot in snapshots]
    outcomes = iter(_taxed([each for each in made if isinstance(each, Assembly)], tax))
    return [next(outcomes) if isinstance(each, Assembly) else each for each in made]


def _with_care(run: InvoiceRun, snapshot: AccountSnapshot, table: TaxTable) -> AccountOutcome:
    """Bill any account by the rates of a table."""
    made = _assembled(run, snapshot)
    return finish_by_table(made, table) if isinstance(made, Assembly) else made


def _assembled(run: InvoiceRun, snapshot: AccountSnapshot) -> Assembly | AccountOutcome:
    """Assemble an account; where a function of the host fails, all of it is a problem."""
    account = snapshot.account.id
    try:
        return assemble(run, snapshot)
    except BillingError as error:
        return _spoiled(run, account, error)
    except Exception as error:  # noqa: BLE001 - a condition, a criterion or a predicate of the host
        rule = f"a function of the run raised {told(error)}"
        fix = "mend the filter's condition, the criterion or may_bill"
        where = f"Account {account!r}"
        return _spoiled(run, account, InvalidInputError(rule, record=where, fix=fix))


def _taxed(assemblies: Sequence[Assembly], tax: TaxEngine) -> list[AccountOutcome]:
    """Finish accounts with one call of the tax engine, or with one for each if that fails."""
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


def windows(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut a stream into lists of a size, in each of which nothing stands twice."""
    if size < 1:
        fix = "use 1 or more"
        raise InvalidInputError("a window needs an account", field="window", value=size, fix=fix)
    iterator = iter(items)
    while window := list(islice(iterator, size)):
        yield list(dict.fromkeys(window))


def bill_window(run: InvoiceRun, source: Source, accounts: Iterable[str]) -> list[AccountOutcome]:
    """Read and bill some accounts; one that cannot be read is a problem of its own."""
    snapshots: list[AccountSnapshot] = []
    unread: list[AccountOutcome] = []
    for account in accounts:
        try:
            snapshots.append(_read(source, account))
        except BillingError as error:
            unread.append(_spoiled(run, account, error))
        except Exception as error:  # noqa: BLE001 - the host's code, on one account's data
            unread.append(_spoiled(run, account, failed_port(error, "Source")))
    return [*bill_many(run, snapshots, source.tax), *unread]


def _read(source: Source, account: str) -> AccountSnapshot:
    snapshot = source.snapshot(account)
    if snapshot.account.id != account:
        rule = f"gave account {snapshot.account.id!r}"
        raise PortError(rule, port="Source", question=f"snapshot of {account!r}")
    return snapshot


def _spoiled(run: InvoiceRun, account: str, error: BillingError) -> AccountOutcome:
    """Give the outcome of an account of which nothing can be said but what is wrong with it."""
    problem = Problem.of(error, account=account, record=account)
    return AccountOutcome(run, account, problems=(problem,))


def committed(
    run: InvoiceRun, store: Store, accounts: Sequence[str], *, is_last: bool = False
) -> Iterator[AccountOutcome]:
    """Bill and commit some accounts; those that were changed meanwhile are read and billed again.

    If the store cannot commit them together, each is read, billed and committed by itself once
    more, for the last time; those that fail again are problems, and the others are billed.
    """
    waiting: list[str] = [*accounts]
    attempts = 0
    while waiting and attempts < ATTEMPTS:
        outcomes = bill_window(run, store, waiting)
        try:
            refused = set(store.commit([_to_commit(each, store) for each in outcomes]))
        except BillingError as error:
            for account in waiting:
                if is_last:
                    yield _left(run, store, Problem.of(error, account=account, record=account))
                else:
                    yield from committed(run, store, (account,), is_last=True)
            return
        yield from (outcome for outcome in outcomes if outcome.account not in refused)
        # Accounts that read the same records refuse each other; each pass commits one of them.
        attempts = attempts + 1 if len(refused) == len(waiting) else 1
        waiting = [account for account in waiting if account in refused]
    for account in waiting:
        yield _left(run, store, _contended(account))


def _left(run: InvoiceRun, store: Store, problem: Problem) -> AccountOutcome:
    """Give the outcome of an account that could not be committed, and leave word in the store."""
    outcome = AccountOutcome(run, problem.account, problems=(problem,))
    with suppress(BillingError):  # the report says it, too
        store.commit([_to_commit(outcome, store)])
    return outcome


def _to_commit(outcome: AccountOutcome, store: Store) -> AccountOutcome:
    """Add what was wrong before with records that are not chosen now, since it still is."""
    only = outcome.run.only
    if only is None or only == ALL:
        return outcome
    done = {*only, *map(escape, only), *outcome.billed}
    done.update(each.record for each in outcome.problems)
    done.update(each.record for each in outcome.exclusions if each.facts != NOT_CHOSEN.facts)
    failed = store.failures(outcome.run.id, [outcome.account])
    still = [each for each in failed if done.isdisjoint(_names_of(each))]
    return changed(outcome, problems=(*outcome.problems, *still)) if still else outcome


def _names_of(problem: Problem) -> tuple[str, ...]:
    """Give the names by which a record that failed can be chosen."""
    contract, _, _ = problem.record.partition("/")
    return problem.record, root_of(problem.record), contract


def _contended(account: str) -> Problem:
    return Problem(
        account=account,
        record=account,
        code="conflict",
        message=f"the account was changed {ATTEMPTS} times while it was billed",
        advice="repeat the run when it is quiet",
        is_retryable=True,
    )
