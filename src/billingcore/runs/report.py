"""What a run did: counts, totals per currency, and a reason for all that was not billed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

from attrs import define, field

from billingcore.errors import BillingProblemsError, InvalidInputError
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.outcome import raise_for
from billingcore.ports import ExchangeRates
from billingcore.records.exchange import ask_rate
from billingcore.records.reasons import Exclusion, Problem
from billingcore.runs.counts import counts_html, counts_text
from billingcore.runs.posting import PostingReport
from billingcore.runs.record import RunRecord
from billingcore.runs.stages import RunStage, RunStatus
from billingcore.runs.tally import CurrencyTotal, Tally
from billingcore.scope.run import InvoiceRun
from billingcore.values.boundary import DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import total
from billingcore.values.currency import check_currency

__all__ = ["Drafts", "RunReport"]


class Drafts(Sequence[DraftInvoice]):
    """The drafts that a run made: a sized view on the store, which reads them as they are asked for.

    Attributes:
        ids: their ids, in the order of the accounts.
    """

    def __init__(self, ids: Sequence[str], read: Callable[[str], DraftInvoice]) -> None:
        self.ids: Sequence[str] = ids
        self._read = read

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[DraftInvoice]:
        return map(self._read, self.ids)

    @overload
    def __getitem__(self, index: int) -> DraftInvoice: ...
    @overload
    def __getitem__(self, index: slice) -> Drafts: ...
    def __getitem__(self, index: int | slice) -> DraftInvoice | Drafts:
        if isinstance(index, slice):
            return Drafts(self.ids[index], self._read)
        return self._read(self.ids[index])

    def __repr__(self) -> str:
        return f"<{len(self)} drafts>"


@define(kw_only=True)
class RunReport(Tally):
    """What a run did.

    Counts and totals are complete. Of exclusions, left-out time, problems and corrections the first
    *keep* of each are listed; ``store.failures(run.id)`` gives all that is wrong in accounts.

    Attributes:
        run: the run.
        record: how the execution stands, as the store knows it.
        posting: what became of the drafts, if the run posts them; None if it does not.
    """

    run: InvoiceRun
    read: Callable[[str], DraftInvoice] = field(repr=False, eq=False)
    record: RunRecord
    posting: PostingReport | None = None

    @property
    def status(self) -> RunStatus:
        """How the execution stands, or ended: FAILED if anything is wrong."""
        return self.record.status

    @property
    def stage(self) -> RunStage:
        """Where the execution is: COMPLETED if it came to its end."""
        return self.record.stage

    @property
    def drafts(self) -> Drafts:
        """The drafts that the run made, read from the store as they are asked for."""
        return Drafts(self.draft_ids, self.read)

    def total_in(self, currency: str, rates: ExchangeRates, *, on: DateLike) -> CurrencyTotal:
        """Give the total of all drafts in one currency, to look at; no invoice states it.

        Net total and taxes of each other currency are converted and rounded half up.

        Args:
            currency: the currency that is wanted.
            rates: what the others are worth in it.
            on: the day whose rates are used.

        Raises:
            InvalidInputError: there is no such rate.
            PortError: the rates could not be asked, or gave something else.
        """
        day = read_date(on)
        own = [
            sums if code == currency else sums.at(ask_rate(rates, code, currency, day))
            for code, sums in self.totals.items()
        ]
        return CurrencyTotal(
            check_currency(currency),
            sum(each.documents for each in own),
            total(each.net for each in own),
            total(each.tax for each in own),
            total(each.gross for each in own),
        )

    def note_unresolved(self, problems: Iterable[Problem]) -> None:
        """List records that were handed to nobody, as far as the run's filters take them."""
        told = {(each.record, each.filter) for each in self.problems}
        for each in problems if self.run.selection.sources else ():
            is_asked = self.run.selection.names(each.filter) or not each.filter
            if is_asked and (each.record, each.filter) not in told:
                self.note_problem(each)

    def raise_for_problems(self) -> None:
        """Raise all problems at once, if there are any.

        Raises:
            BillingProblemsError: with one inner error per problem.
        """
        raise_for(self.problems)
        if self.failures:
            rule = f"records that could not be billed: {self.failures}, none of them listed"
            raise BillingProblemsError(rule, [InvalidInputError("keep=0 lists no problems")])

    def records(self) -> list[dict[str, object]]:
        """Give all that was not billed as flat rows, for a table or a data frame."""
        rows: list[dict[str, object]] = [
            _row(kind, each)
            for kind, listed in (("excluded", self.exclusions), ("left out", self.left_out_time))
            for each in listed
        ]
        return [*rows, *(_problem_row(problem) for problem in self.problems)]

    def _counts(self) -> Iterator[tuple[str, str]]:
        yield from self._standing()
        yield "accounts", f"{self.accounts}"
        yield "drafts", f"{len(self.draft_ids)}"
        yield "lines", f"{self.lines}"
        if self.untaxed_lines:
            yield "lines without tax code", f"{self.untaxed_lines}"
        for code in sorted(self.totals):
            yield f"total {code}", str(self.totals[code])
        yield from self._not_billed()
        yield "problems", f"{self.failures}"
        if self.posting is not None:
            yield from self.posting.counts()

    def _standing(self) -> Iterator[tuple[str, str]]:
        """Yield how it stands, unless it came to its end."""
        record = self.record
        if record.stage is not RunStage.COMPLETED:
            yield "status", f"{record.status.value} at {record.stage.value}"
        if record.error:
            yield "error", record.error

    def _not_billed(self) -> Iterator[tuple[str, str]]:
        """Yield how much was corrected, and how much was left out for which reason."""
        for (code, is_left), (count, difference) in sorted(self.corrected.items()):
            title = "not corrected" if is_left else "corrected"
            yield title, f"{count} (difference {difference} {code})"
        for title, counts in (("not billed", self.excluded), ("time left out", self.left_out)):
            for reason in sorted(counts, key=lambda each: each.name):
                yield f"{title}: {reason.name}", f"{counts[reason]} ({reason.value})"

    def __str__(self) -> str:
        return counts_text(f"run {self.run.id}, policy {self.run.policy.name}", self._counts())

    def _repr_html_(self) -> str:
        return counts_html(f"Run {self.run.id}, policy {self.run.policy.name}", self._counts())


def _row(kind: str, each: Exclusion) -> dict[str, object]:
    period = each.period
    return {
        "account": each.account,
        "record": each.record,
        "outcome": kind,
        "reason": each.reason.name,
        "first": period.first if period else None,
        "last": period.last if period else None,
        "message": str(each),
    }


def _problem_row(problem: Problem) -> dict[str, object]:
    return {
        "account": problem.account,
        "record": problem.record,
        "outcome": "problem",
        "reason": problem.code,
        "first": None,
        "last": None,
        "message": str(problem),
    }
