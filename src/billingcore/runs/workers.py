"""Spread the accounts of a run over the workers of an executor, in a bounded window.

References travel to a worker and a small report travels back; drafts go from the worker to the
store. Results are taken in the order of the accounts, so that who was faster decides nothing.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Collection, Generator, Iterable
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from billingcore.errors import InvalidInputError, told
from billingcore.ports import Store
from billingcore.records.reasons import Problem
from billingcore.runs.billing import WINDOW, committed, windows
from billingcore.runs.references import Chunk
from billingcore.runs.tally import KEEP, Tally
from billingcore.scope.run import InvoiceRun

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

__all__ = ["AccountReport", "Part", "bill_accounts", "check_travels", "spread"]

AHEAD: Final = 64
"""Pieces of work that are handed out before the first of them is taken back."""


class AccountReport(NamedTuple):
    """What was committed for one account.

    Attributes:
        account: the account's id.
        draft_ids: ids of the drafts that were made.
        problems: records that are wrong.
    """

    account: str
    draft_ids: tuple[str, ...]
    problems: tuple[Problem, ...]


class Part(NamedTuple):
    """What was committed for some accounts: counts, and each account by itself."""

    tally: Tally
    accounts: list[AccountReport]


def bill_accounts(
    run: InvoiceRun,
    store: Store,
    accounts: Iterable[str],
    *,
    window: int = WINDOW,
    keep: int = KEEP,
) -> Part:
    """Bill some accounts of a run and commit their drafts: the work of one worker.

    Use it where an engine for large data calls a function for each partition. Calling it again for
    the same accounts, as such engines do after a failure, bills nothing twice.

    >>> from billingcore import Account, Item, MemoryStore, Period, Subscription
    >>> store = MemoryStore()
    >>> seats = Item("seats", unit_price="100", quantity=3)
    >>> store.add(Account("acme", currency="EUR"),
    ...           Subscription("S-1", account="acme", items=[seats]))
    >>> part = bill_accounts(InvoiceRun(Period.month(2026, 1)), store, ["acme"])
    >>> str(part.tally.totals["EUR"])
    'drafts 1, net 300.00, tax 0.00, gross 300.00'

    Args:
        run: what to bill, and how.
        store: where the accounts come from and the drafts go to.
        accounts: ids of the accounts.
        window: how many accounts are read, taxed and committed together.
        keep: how many exclusions and problems are listed.
    """
    part = Part(Tally(keep), [])
    for some in windows(accounts, window):
        outcomes = {each.account: each for each in committed(run, store, some)}
        for outcome in map(outcomes.__getitem__, some):
            ids = part.tally.note(outcome)
            part.accounts.append(AccountReport(outcome.account, ids, outcome.problems))
    return part


def spread(
    run: InvoiceRun,
    store: Store,
    chunks: Iterable[Chunk],
    executor: Executor,
    *,
    window: int,
    keep: int,
    ahead: int,
) -> Generator[Part]:
    """Yield what was committed, piece by piece in their order; so many are under way at most.

    When it is closed, or a piece fails, nothing new is begun, and what a worker has begun is waited
    for, so that nothing is committed afterwards.
    """
    sent = run if _shares_objects(executor) else pickle.dumps(run)
    under_way: deque[Future[bytes]] = deque()
    try:
        for chunk in chunks:
            under_way.append(executor.submit(_work, sent, store, chunk.accounts, window, keep))
            if len(under_way) >= ahead:
                yield _read(under_way.popleft())
        while under_way:
            yield _read(under_way.popleft())
    finally:
        _let_go(under_way)


def _let_go(under_way: Collection[Future[bytes]]) -> None:
    """Cancel what no worker has begun, and wait for the rest.

    Some executors, Dask's among them, let a piece be canceled that a worker goes on with, and never
    say that one is running; there, all are waited for.
    """
    if any(future.running() for future in under_way):
        under_way = [future for future in under_way if not future.cancel()]
    for future in under_way:
        with suppress(Exception):
            future.result()


def _work(
    sent: InvoiceRun | bytes, store: Store, accounts: tuple[str, ...], window: int, keep: int
) -> bytes:
    """Bill a piece of work; bytes, since some engines look into every object that they carry."""
    run = _arrived(sent) if isinstance(sent, bytes) else sent
    return pickle.dumps(bill_accounts(run, store, accounts, window=window, keep=keep))


@lru_cache(maxsize=1)
def _arrived(sent: bytes) -> InvoiceRun:
    """Unpack a run once in each worker, so that it remembers from piece to piece what is due."""
    return cast("InvoiceRun", pickle.loads(sent))  # noqa: S301 - made by `spread`


def _shares_objects(executor: Executor) -> bool:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - loaded by whoever has one

    return isinstance(executor, ThreadPoolExecutor)


def _read(future: Future[bytes]) -> Part:
    return cast("Part", pickle.loads(future.result()))  # noqa: S301 - made by our own worker


def check_travels(run: InvoiceRun, store: Store, executor: Executor) -> None:
    """Refuse what cannot travel to the workers of an executor, before anything is begun.

    Raises:
        InvalidInputError: the run, or the store, cannot be pickled; with what to do.
    """
    if _shares_objects(executor):
        return
    selection = run.selection
    parts: list[tuple[str, object, str]] = [
        (f"filter {each.name}", each, "use functions that can be imported, not lambdas")
        for each in selection.filters
    ]
    parts += [
        ("may_bill", run.may_bill, "use a function that can be imported, not a lambda"),
        ("run", run, "give it what can be pickled"),
        ("store", store, "give a store that opens its database anew where it is unpickled"),
    ]
    for name, value, fix in parts:
        try:
            pickle.dumps(value)
        except Exception as error:  # noqa: BLE001 - pickling raises whatever it likes
            rule = f"cannot travel to another process: {told(error)}"
            shown = type(value).__name__
            raise InvalidInputError(
                rule, record="execute", field=name, value=shown, fix=fix
            ) from None
