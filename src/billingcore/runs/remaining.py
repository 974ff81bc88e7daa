"""What a run left, and a re-run of it (behaviour 1.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final, NamedTuple

from attrs import evolve, frozen

from billingcore.errors import InvalidInputError
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lines.line import LineItem
from billingcore.lines.origin import name_of
from billingcore.ports import Store
from billingcore.records.reasons import Problem
from billingcore.runs.billing import WINDOW, bill_window, windows
from billingcore.runs.execution import Execution
from billingcore.runs.record import RunRecord
from billingcore.runs.references import accounts_of
from billingcore.runs.report import RunReport
from billingcore.runs.stages import RunKind
from billingcore.scope.run import InvoiceRun
from billingcore.scope.wanted import ALL, root_of
from billingcore.values.boundary import Boundary
from billingcore.values.words import near

__all__ = ["ANY", "Executed", "RemainingRecord", "executed", "remaining", "rerun"]

ANY: Final = "latest"
"""In the place of a run's id: the run that was executed last."""


@frozen
class RemainingRecord:
    """A subscription, record or usage that a run has not billed, though it is due.

    Attributes:
        account: the account's id.
        name: by which `rerun` takes it: a subscription's id, an item like ``S-1/seats`` if that
            is wrong, or a record like ``Order/O-1``; the account's id if nothing of it can be read.
        positions: what of it is left, like ``S-1/seats``.
        last_error: what was wrong when it was tried last; None if nothing was, as when its draft
            was discarded.
    """

    account: str
    name: str
    positions: tuple[str, ...]
    last_error: Problem | None

    def __str__(self) -> str:
        what = f"account {self.account}, {self.name}: {', '.join(self.positions)}"
        return what if self.last_error is None else f"{what}; {self.last_error}"


class Executed(NamedTuple):
    """A run that was executed.

    Attributes:
        run: as it was configured, when it was last carried out or, if one execution was named, then.
        accounts: the accounts that it was limited to; None if it was not.
        record: of the execution that what builds on it takes the place of; None if there is none,
            or if it has not ended and nobody named it, who would know that it died.
    """

    run: InvoiceRun
    accounts: frozenset[str] | None
    record: RunRecord | None

    @property
    def id(self) -> str:
        """The id of that execution; empty if there is none."""
        return "" if self.record is None else self.record.id


def executed(run: InvoiceRun | str, store: Store) -> Executed:
    """Find a run that was executed.

    Args:
        run: the run, its id, the id of one execution, or ``latest``.
        store: remembers it.

    Raises:
        InvalidInputError: there is none.
    """
    known = [(each, each.run) for each in store.runs() if each.run is not None]
    name = run.id if isinstance(run, InvoiceRun) else run
    if name == ANY and known:
        name = known[-1][0].run_id
    own = [(each, how) for each, how in known if name in (each.id, each.run_id)]
    last = own[-1][0] if own else None
    record = None if last is None or (last.is_live and name != last.id) else last
    if isinstance(run, InvoiceRun):
        return Executed(run, None, record)
    if not own:
        fix = near(name, [each.run_id for each, _ in known]) or "store.runs() gives all"
        raise InvalidInputError("no such run was executed", field="run", value=name, fix=fix)
    made = [pair for pair in own if pair[0].kind is RunKind.INVOICING or name == pair[0].id]
    executing, configured = (made or own)[-1]
    return Executed(configured, executing.only, record)


def remaining(run: InvoiceRun | str, store: Store) -> Iterator[RemainingRecord]:
    """Yield what was in the scope of a run, is due in it, and is on no live document now.

    It is worked out as the run would bill it now, so that what was mended or handed in since
    counts. What is not due, excluded, or billed by another run is not remaining.

    Args:
        run: the run, its id, the id of one execution, or ``latest``.
        store: keeps the documents.

    Raises:
        InvalidInputError: there is no such run.
    """
    yield from _remaining(executed(run, store).run, store)


def _remaining(
    run: InvoiceRun, store: Store, only: Collection[str] | None = None
) -> Iterator[RemainingRecord]:
    """Yield what a run left, of all accounts or of some."""
    again = evolve(run, only=run.only or ALL)
    for accounts in windows(accounts_of(again, store, only), WINDOW):
        errors = _last_errors(store, run.id, accounts)
        for outcome in bill_window(again, store, accounts):
            yield from _left(outcome, errors.get(outcome.account, {}))


def _last_errors(store: Store, run_id: str, accounts: list[str]) -> dict[str, dict[str, Problem]]:
    """Give what was wrong when the run looked at accounts last: account → record → problem."""
    found: dict[str, dict[str, Problem]] = {}
    for problem in store.failures(run_id, accounts):
        found.setdefault(problem.account, {}).setdefault(problem.record, problem)
    return found


def _left(outcome: AccountOutcome, errors: dict[str, Problem]) -> Iterator[RemainingRecord]:
    """Yield what is left of an account, in the order of its documents, then of its problems."""
    names: dict[str, dict[str, Problem | None]] = {}
    account = outcome.account
    for draft in outcome.drafts:
        for line in draft.lines:
            name = line.subscription_id or _record_of(line)
            known = errors.get(line.record) or errors.get(name) or errors.get(account)
            names.setdefault(name, {}).setdefault(line.record, known)
    roots = {
        problem.record: name_of(each.parent or each, chosen)
        for each, chosen, problem in outcome.failed
    }
    for problem in outcome.problems:
        name = account if problem.record == account else root_of(problem.record)
        name = roots.get(problem.record, name)
        names.setdefault(name, {})[problem.record] = problem
    for name, found in names.items():
        last = next(filter(None, found.values()), None)
        yield RemainingRecord(account, name, tuple(found), last)


def _record_of(line: LineItem) -> str:
    """Name the record that a line is billed with, like the order that it belongs to."""
    root = None if line.origin is None else line.origin.root
    return root_of(line.record) if root is None else name_of(root.record, root.chosen)


def rerun(
    run: InvoiceRun | str,
    store: Store,
    records: Iterable[RemainingRecord | str] | None = None,
    **options: Any,
) -> RunReport:
    """Bill what a run left: all of it, or what is chosen, as it was configured then.

    Drafts that are there stay as they are. A draft that was discarded comes back as it was.

    >>> import billingcore as bc
    >>> store = bc.MemoryStore()
    >>> seats = bc.Item("seats", unit_price="100", quantity=3)
    >>> store.add(bc.Account("acme", currency="EUR"),
    ...           bc.Subscription("S-1", account="acme", items=[seats]))
    >>> draft = bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1)), store).drafts[0]
    >>> store.discard(draft.id)
    >>> [each.name for each in remaining("latest", store)]
    ['S-1']
    >>> rerun("latest", store, records=["S-1"]).drafts[0] == draft
    True

    Args:
        run: the run, its id, the id of one execution, or ``latest``.
        store: keeps the documents.
        records: what `remaining` yields, or names; `ALL` for everything. It must be given if the
            run bills subscriptions.
        options: those of `execute`.

    Raises:
        ConflictError: another run that has not ended holds the accounts.
        InvalidInputError: there is no such run, or nothing was chosen.
    """
    found, read = executed(run, store), Boundary("rerun")
    chosen = found.run
    if records is None:
        if chosen.selection.has_subscriptions:
            fix = "say which: records=[...], or records=ALL"
            raise read.refuse("records", None, "subscriptions are restored by choice", fix)
        records = ALL
    only = chosen.only or ALL
    if records is not ALL:
        if isinstance(records, str):
            raise read.refuse("records", records, "one text", f"use a list: [{records!r}]")
        given = [*records]
        if not given:
            raise read.refuse("records", "[]", "nothing is chosen", "say which, or ALL")
        names = frozenset(map(_name, given))
        only = names | _names_within(names, chosen, store)
        records_left = [each for each in given if isinstance(each, RemainingRecord)]
        if len(records_left) == len(given):
            options.setdefault("accounts", {each.account for each in records_left})
    again = evolve(chosen, only=only)
    return Execution(again, store, kind=RunKind.RECOVERY, of=found.id, **options).finish()


def _name(record: RemainingRecord | str) -> str:
    return record.name if isinstance(record, RemainingRecord) else record


def _names_within(names: frozenset[str], run: InvoiceRun, store: Store) -> frozenset[str]:
    """Name what is left of the accounts among names, which could not be read or committed then."""
    failed = [each for each in store.failures(run.id) if each.record == each.account]
    whole = names.intersection(each.account for each in failed)
    return frozenset(each.name for each in _remaining(run, store, whole)) if whole else whole
