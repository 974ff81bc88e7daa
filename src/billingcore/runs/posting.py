"""Turn drafts into invoices, many of them, in an order that is always the same (behaviour 10.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Final

from attrs import define, field, frozen

from billingcore.errors import BillingError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.lifecycle.finalize import finalized_in_turn
from billingcore.ports import Store
from billingcore.records.reasons import Problem
from billingcore.runs.counts import counts_html, counts_text
from billingcore.runs.lease import Observer, leased
from billingcore.runs.record import POSTING_OF, RunRecord
from billingcore.runs.stages import RunKind, RunStage, RunStatus
from billingcore.runs.tally import KEEP, CurrencyTotal, added
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import EXACT
from billingcore.values.texts import Texts

__all__ = ["BATCH", "PostingReport", "TaxDifference", "post", "posted"]

BATCH: Final = 100
"""Drafts that are finalized in one step of the store."""


@frozen
class TaxDifference:
    """A document whose actual tax is another than was estimated.

    Attributes:
        number: of the invoice.
        draft_id: of the draft that it was.
        currency: of both amounts.
        estimated: the tax of the draft.
        actual: the tax of the invoice.
    """

    number: str
    draft_id: str
    currency: str
    estimated: Decimal
    actual: Decimal

    @property
    def difference(self) -> Decimal:
        """How much more it is than was estimated."""
        return EXACT.subtract(self.actual, self.estimated)


@define
class PostingReport:
    """What became of drafts.

    Counts, totals and numbers are complete. Of problems and tax differences the first *keep* of
    each are listed.

    Attributes:
        record: how the execution stands, as the store knows it; None within a run that posts its
            drafts itself.
        keep: how many of each are listed.
        drafts: drafts that were looked at.
        numbers: numbers of the invoices, in the order in which they were counted.
        totals: currency → sums of the invoices.
        retaxed: how many have another tax than was estimated.
        tax_differences: which, and by how much.
        failures: how many problems there are.
        problems: drafts that could not be finalized and stay as they are, and what was booked
            without an account, which blocks nothing.
    """

    record: RunRecord | None = None
    keep: int = KEEP
    drafts: int = 0
    numbers: Texts = field(factory=Texts)
    totals: dict[str, CurrencyTotal] = field(factory=dict[str, CurrencyTotal])
    retaxed: int = 0
    tax_differences: list[TaxDifference] = field(factory=list[TaxDifference])
    failures: int = 0
    problems: list[Problem] = field(factory=list[Problem])

    @property
    def status(self) -> RunStatus:
        """How the execution stands, or ended: FAILED if anything is wrong."""
        if self.record is not None:
            return self.record.status
        return RunStatus.FAILED if self.failures else RunStatus.COMPLETED

    def note(self, draft: DraftInvoice, invoice: Invoice) -> None:
        """Count a document that was posted."""
        self.drafts += 1
        self.numbers.append(invoice.number)
        added(self.totals, invoice.draft)
        estimated, actual = draft.totals.tax, invoice.totals.tax
        if estimated != actual:
            self.retaxed += 1
            if len(self.tax_differences) < self.keep:
                found = TaxDifference(invoice.number, draft.id, draft.currency, estimated, actual)
                self.tax_differences.append(found)

    def note_problems(self, problems: Iterable[Problem]) -> None:
        """Count what is wrong."""
        for problem in problems:
            self.failures += 1
            if len(self.problems) < self.keep:
                self.problems.append(problem)

    def counts(self) -> Iterator[tuple[str, str]]:
        """Yield names and values to show."""
        yield "posted", f"{len(self.numbers)} of {self.drafts}"
        for code in sorted(self.totals):
            yield f"posted {code}", str(self.totals[code])
        yield "with another tax than estimated", f"{self.retaxed}"
        yield "problems of posting", f"{self.failures}"

    def __str__(self) -> str:
        return counts_text(self._title, self.counts())

    def _repr_html_(self) -> str:
        return counts_html(self._title, self.counts())

    @property
    def _title(self) -> str:
        return f"posting run, {self.status.value}"


def post(
    store: Store,
    *,
    on: DateLike,
    run_id: str | None = None,
    condition: Callable[[DraftInvoice], bool] | None = None,
    batch: int = BATCH,
    keep: int = KEEP,
    owner: str = "",
    of: str = "",
    on_progress: Observer | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> PostingReport:
    """Finalize the drafts of a store, or some of them, in the order of their ids.

    Estimated taxes give way to actual ones. What was posted before a crash, or before it was told
    to stop, stays posted; the same call goes on with the rest, and the numbers have no gap.

    Args:
        store: keeps the drafts.
        on: the invoice date of those that have none.
        run_id: only drafts of this run; None for all.
        condition: draft → whether it is posted; None for all.
        batch: how many go in one step of the store.
        keep: how many problems and tax differences are listed.
        owner: who carries it out, and may take the place of an execution of its own that died.
        of: id of an execution that died, whose place it takes, like ``posting#1``.
        on_progress: told at each stage, and after each batch.
        should_stop: asked after each batch; once it says so, the run is STOPPED.

    Raises:
        ConflictError: another run holds the accounts.
        DateRangeError: *on* is no date.
        InvalidInputError: there is no execution *of*.
    """
    read = Boundary("post")
    day, size = read.read("on", on, read_date), read.count("batch", batch, least=1)
    report = PostingReport(keep=read.count("keep", keep))
    name = "posting" if run_id is None else f"{POSTING_OF}{run_id}"
    if of and all(of != each.id for each in store.runs()):
        raise read.refuse("of", of, "there is no such execution", "store.runs() gives all")
    own = read.text("owner", owner)
    record = RunRecord(name, kind=RunKind.POSTING, owner=own, of=read.text("of", of))
    with leased(store, record, report, on_progress) as running:
        running.enter(RunStage.GENERATION_STARTED)
        chosen = (each for each in store.drafts(run_id) if condition is None or condition(each))
        for _ in posted(chosen, store, day, report, size):
            running.enter(RunStage.GENERATION_IN_PROGRESS, **_facts(report))
            if should_stop is not None and should_stop():
                running.is_stopped = True
                return report
        running.enter(RunStage.GENERATION_COMPLETED)
        running.enter(RunStage.SUMMARIZATION_IN_PROGRESS)
    return report


def _facts(report: PostingReport) -> dict[str, object]:
    """Give what was done until now, as the record shows it."""
    return {
        "done": report.drafts,
        "documents": len(report.numbers),
        "failures": report.failures,
        "totals": tuple(report.totals[code] for code in sorted(report.totals)),
    }


def posted(
    drafts: Iterator[DraftInvoice],
    store: Store,
    day: date,
    report: PostingReport,
    batch: int = BATCH,
) -> Iterator[None]:
    """Finalize drafts, count what became of them, and yield after each batch."""
    while chosen := list(islice(drafts, batch)):
        for draft, result in finalized_in_turn(chosen, store, day):
            if isinstance(result, BillingError):
                report.drafts += 1
                problem = Problem.of(result, account=draft.account.id, record=draft.id)
                report.note_problems([problem])
            else:
                report.note(draft, result.invoice)
                report.note_problems(result.effects.problems)
        yield
