"""Bill many accounts: `plan` looks, `execute` commits; both call the same engine.

Accounts stream through in windows: the records of a window are read, assembled, taxed with one
call of the tax engine, and handed on. Memory does not grow with the number of accounts, but for
what a store or a report keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from billingcore.invoices.outcome import AccountOutcome
from billingcore.ports import Source, Store
from billingcore.runs.billing import WINDOW, bill_window, windows
from billingcore.runs.execution import CHUNK, Execution
from billingcore.runs.lease import Observer
from billingcore.runs.references import accounts_of
from billingcore.runs.report import RunReport
from billingcore.runs.tally import KEEP
from billingcore.runs.workers import AHEAD
from billingcore.scope.run import InvoiceRun
from billingcore.values.boundary import DateLike

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["execute", "plan"]


def plan(run: InvoiceRun, source: Source, *, window: int = WINDOW) -> Iterator[AccountOutcome]:
    """Work out a run and store nothing; outcomes come as they are asked for.

    What it yields is what `execute` would commit: preview and invoice cannot differ.
    """
    for accounts in windows(accounts_of(run, source), window):
        yield from bill_window(run, source, accounts)


def execute(
    run: InvoiceRun,
    store: Store,
    *,
    executor: Executor | None = None,
    on: DateLike | None = None,
    window: int = WINDOW,
    chunk: int = CHUNK,
    ahead: int = AHEAD,
    keep: int = KEEP,
    owner: str = "",
    accounts: Collection[str] | None = None,
    on_progress: Observer | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RunReport:
    """Work out a run and commit its drafts, account by account.

    Repeating it, also after a crash at any instant, bills nothing twice and loses nothing: what is
    covered is found in the store. A problem with one record, or one account, stops no other.

    Args:
        run: what to bill, and how.
        store: where the accounts come from and the drafts go to. If workers are other processes,
            it travels there, and opens its database anew.
        executor: spreads the accounts over its workers; None works on one after the other. What is
            made is the same.
        on: the date of the invoices, for a run that posts its drafts and has no invoice date.
        window: how many accounts are read, taxed and committed together.
        chunk: how many accounts a worker gets at once.
        ahead: how many such chunks are handed out at the same time.
        keep: how much of what was not billed the report lists; its counts are always complete.
        owner: who carries it out, like the name of a job; when it comes back after a crash, it
            takes the place of its own execution that died.
        accounts: only these of the accounts that the run wants; None for all.
        on_progress: told at each stage, and after each window or chunk.
        should_stop: asked after each window or chunk; once it says so, the run is STOPPED, and what
            it has committed stays.

    Raises:
        ConflictError: another run that has not ended holds the accounts.
        InvalidInputError: the run was executed before with another invoice date, has to post
            without a date, or cannot travel to the workers.
    """
    execution = Execution(
        run,
        store,
        executor=executor,
        on=on,
        window=window,
        chunk=chunk,
        ahead=ahead,
        keep=keep,
        owner=owner,
        accounts=accounts,
        on_progress=on_progress,
        should_stop=should_stop,
    )
    return execution.finish()
