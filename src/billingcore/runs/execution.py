"""A run while it is carried out: sized, so that it shows its progress, and told to observers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import closing, suppress
from datetime import date
from typing import TYPE_CHECKING, Final

from billingcore.errors import InvalidInputError
from billingcore.invoices.document import DraftInvoice
from billingcore.ports import Store
from billingcore.runs.billing import WINDOW, windows
from billingcore.runs.lease import Observer, Running, leased
from billingcore.runs.posting import PostingReport, posted
from billingcore.runs.record import RunRecord
from billingcore.runs.references import Survey, accounts_of, chunks_of, survey
from billingcore.runs.report import RunReport
from billingcore.runs.stages import RunKind, RunStage
from billingcore.runs.tally import KEEP
from billingcore.runs.workers import (
    AHEAD,
    AccountReport,
    Part,
    bill_accounts,
    check_travels,
    spread,
)
from billingcore.scope.criteria import read_names
from billingcore.scope.run import ExpectedStatus, InvoiceRun
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["CHUNK", "Execution"]

CHUNK: Final = 512
"""Accounts that a worker gets at once."""

REFERENCES_PER_ACCOUNT: Final = 8
"""A chunk ends early when its accounts have more references than so many times its accounts."""


class Execution:
    """A run that is to be carried out: loop over it, and it goes on account by account.

    It knows how many accounts it will look at, so that whatever shows the progress of a loop can
    show its. Leaving the loop early stops the run; what it has committed stays. It can be looped
    over once.

    >>> from billingcore import Account, Item, MemoryStore, Period, Subscription
    >>> store = MemoryStore()
    >>> seats = Item("seats", unit_price="100", quantity=3)
    >>> store.add(Account("acme", currency="EUR"),
    ...           Subscription("S-1", account="acme", items=[seats]))
    >>> execution = Execution(InvoiceRun(Period.month(2026, 1)), store)
    >>> len(execution)
    1
    >>> for done in execution:
    ...     print(done.account, done.draft_ids)
    acme ('2026-01-01..2026-01-31/acme/S-1',)
    >>> execution.report.status.value
    'Completed'

    It takes the arguments of `execute`, and raises the same errors.

    Attributes:
        run: what is billed, and how.
        report: what was done until now.
    """

    def __init__(
        self,
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
        kind: RunKind = RunKind.INVOICING,
        of: str = "",
        posts_all: bool = False,
        on_progress: Observer | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        read = Boundary("execute")
        self.run: InvoiceRun = read.instance("run", run, InvoiceRun)
        self._store = store
        self._executor = executor
        self._window = read.count("window", window, least=1)
        self._chunk = read.count("chunk", chunk, least=1)
        self._ahead = read.count("ahead", ahead, least=1)
        self._accounts = None if accounts is None else read_names(read, "accounts", accounts)
        self._observer = on_progress
        self._should_stop = should_stop
        self._posts_all = posts_all
        self._survey: Survey | None = None
        self._post_on: date | None = _posting_day(read, run, on)
        kept = read.count("keep", keep)
        own = read.text("owner", owner)
        only = self._accounts
        record = RunRecord(run.id, kind=kind, run=run, owner=own, of=of, only=only)
        self.report: RunReport = RunReport(keep=kept, run=run, read=store.draft, record=record)

    def __len__(self) -> int:
        """Give the number of accounts that it will look at."""
        return self._surveyed().accounts

    def _surveyed(self) -> Survey:
        """Pass over the references once, and count."""
        if self._survey is None:
            self._survey = survey(self.run, self._store, self._accounts)
        return self._survey

    def finish(self) -> RunReport:
        """Carry it out to its end."""
        for _ in self:
            pass
        return self.report

    def __iter__(self) -> Iterator[AccountReport]:
        """Carry it out, and yield what was committed, account by account."""
        run, store, report = self.run, self._store, self.report
        if report.record.attempt:
            rule, fix = "it was carried out already", "make another Execution"
            raise InvalidInputError(rule, record="Execution", value=report.record.id, fix=fix)
        if self._executor is not None:
            check_travels(run, store, self._executor)
        _check_joins(run, store)
        with leased(store, report.record, report, self._observer) as running:
            running.enter(RunStage.FILTERING_IN_PROGRESS)
            counted = self._surveyed()._asdict()
            running.enter(RunStage.FILTERING_COMPLETED, **counted)
            running.enter(RunStage.GENERATION_STARTED)
            with closing(self._parts()) as parts:
                for part in parts:
                    report.merge(part.tally)
                    self._step(running)
                    yield from part.accounts
                    if running.is_stopped:
                        return
            self._post(running)
            if running.is_stopped:
                return
            running.enter(RunStage.GENERATION_COMPLETED)
            if self._is_whole:
                report.note_unresolved(store.unresolved())
            running.enter(RunStage.SUMMARIZATION_IN_PROGRESS, **self._counts())

    @property
    def _is_whole(self) -> bool:
        """Whether it looks at all accounts, so that it has to tell of records that are nobody's."""
        criteria = self.run.selection.criteria
        is_part = self.run.only or criteria.accounts or criteria.batch is not None
        return self._accounts is None and not is_part

    def _parts(self) -> Generator[Part]:
        """Yield what was committed, in the order of the accounts."""
        run, store, only, window = self.run, self._store, self._accounts, self._window
        keep = self.report.keep
        if self._executor is None:
            for some in windows(accounts_of(run, store, only), window):
                yield bill_accounts(run, store, some, window=window, keep=keep)
            return
        most = self._chunk * REFERENCES_PER_ACCOUNT
        chunks = chunks_of(run, store, only, most_accounts=self._chunk, most_candidates=most)
        spread_out = spread(
            run, store, chunks, self._executor, window=window, keep=keep, ahead=self._ahead
        )
        with closing(spread_out) as parts:
            yield from parts

    def _counts(self) -> dict[str, object]:
        """Give what was done until now, as the record shows it."""
        report, posting = self.report, self.report.posting
        return {
            "done": report.accounts,
            "documents": len(report.draft_ids),
            "failures": report.failures + (0 if posting is None else posting.failures),
            "totals": tuple(report.totals[code] for code in sorted(report.totals)),
        }

    def _step(self, running: Running) -> None:
        """Make a step, and ask whether to go on."""
        running.enter(RunStage.GENERATION_IN_PROGRESS, **self._counts())
        running.is_stopped = self._should_stop is not None and self._should_stop()

    def _post(self, running: Running) -> None:
        """Turn the drafts of the run into invoices, if that is what is expected of it.

        What bills chosen records only leaves the drafts alone that were there before.
        """
        if self._post_on is None:
            return
        store, run, own = self._store, self.run, self.report.draft_ids
        is_all = run.only is None or self._posts_all
        posting = self.report.posting = PostingReport(keep=self.report.keep)
        drafts = store.drafts(run.id) if is_all else _those_left(own, store)
        for _ in posted(drafts, store, self._post_on, posting):
            self._step(running)
            if running.is_stopped:
                return


def _those_left(ids: Iterable[str], store: Store) -> Iterator[DraftInvoice]:
    """Yield drafts in the order of their ids; nobody waited with discarding one."""
    for draft_id in sorted(ids):
        with suppress(InvalidInputError):
            yield store.draft(draft_id)


def _posting_day(read: Boundary, run: InvoiceRun, on: DateLike | None) -> date | None:
    """Give the day of posting; None if the run leaves drafts."""
    day = None if on is None else read.read("on", on, read_date)
    if run.expected is ExpectedStatus.DRAFT:
        if day is not None:
            fix = "leave it out, or let the run expect ExpectedStatus.POSTED"
            raise read.refuse("on", day.isoformat(), "the run leaves drafts", fix)
        return None
    wanted = run.invoice_date or day
    if wanted is None:
        fix = "say when: on=..., or give the run an invoice date"
        raise read.refuse("on", None, "the run posts its drafts, and has no invoice date", fix)
    return wanted


def _check_joins(run: InvoiceRun, store: Store) -> None:
    """Refuse to join an earlier execution that had another invoice date (behaviour 1.5)."""
    for earlier in store.runs():
        known = earlier.run
        if known is None or known.id != run.id or known.invoice_date == run.invoice_date:
            continue
        shown = None if run.invoice_date is None else run.invoice_date.isoformat()
        had = f"the invoice date {known.invoice_date}" if known.invoice_date else "no invoice date"
        raise InvalidInputError(
            f"{earlier.id} had {had}",
            record=f"InvoiceRun {run.id!r}",
            field="invoice_date",
            value=shown,
            fix="repeat it with the same date, or give the run an id of its own",
        )
