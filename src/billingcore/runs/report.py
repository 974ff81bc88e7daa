"""What a run did: counts, totals per currency, and a reason for all that was not billed."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import overload

from attrs import define, field, frozen

from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.outcome import AccountOutcome, raise_for
from billingcore.lines.corrections import Correction
from billingcore.ports import ExchangeRates
from billingcore.records.exchange import ExchangeRate, ask_rate
from billingcore.records.reasons import Exclusion, Problem, Reason
from billingcore.scope.run import InvoiceRun
from billingcore.values.boundary import DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.currency import check_currency
from billingcore.values.rounding import round_amount

__all__ = ["CurrencyTotal", "Drafts", "Progress", "RunReport"]


@frozen
class CurrencyTotal:
    """The drafts of one currency; amounts of different currencies are never added.

    Attributes:
        currency: ISO 4217 code.
        documents: how many drafts.
        net: sum of their net totals.
        tax: sum of their taxes.
        gross: sum of their gross totals.
    """

    currency: str
    documents: int = 0
    net: Decimal = ZERO
    tax: Decimal = ZERO
    gross: Decimal = ZERO

    def plus(self, draft: DraftInvoice) -> CurrencyTotal:
        """Add a draft."""
        sums = draft.totals
        return CurrencyTotal(
            self.currency,
            self.documents + 1,
            EXACT.add(self.net, sums.net),
            EXACT.add(self.tax, sums.tax),
            EXACT.add(self.gross, sums.gross),
        )

    def at(self, rate: ExchangeRate) -> CurrencyTotal:
        """Convert it at a rate; net and tax are rounded half up, gross is their sum."""
        net, tax = (
            round_amount(Fraction(rate.convert(amount)), rate.quote)
            for amount in (self.net, self.tax)
        )
        return CurrencyTotal(rate.quote, self.documents, net, tax, EXACT.add(net, tax))


@frozen
class Progress:
    """How far a run is.

    Attributes:
        accounts: accounts that are done.
        of: all accounts, None if the source does not say how many there are.
        drafts: drafts that were made.
        problems: problems that were found.
    """

    accounts: int
    of: int | None
    drafts: int
    problems: int


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


@define
class RunReport:
    """What a run did.

    Counts and totals are complete. Of the exclusions and of the time that was left out, the first
    *keep* of each are listed; all problems and corrections are.

    Attributes:
        run: the run.
        keep: how many exclusions, and how much left-out time, are listed.
        accounts: accounts that were looked at.
        draft_ids: ids of the drafts that were made.
        lines: lines on them.
        untaxed_lines: lines among them without a tax code.
        totals: currency → sums of the drafts.
        excluded: reason → how many records it left out.
        left_out: reason → how often it left out a part of a record's time.
        exclusions: records that the rules left out.
        left_out_time: time that the policy left out of records that are billed.
        problems: records that are wrong.
        corrections: differences between what was billed and what is due now, corrected or left.
    """

    run: InvoiceRun
    read: Callable[[str], DraftInvoice] = field(repr=False)
    keep: int = 10_000
    accounts: int = 0
    draft_ids: list[str] = field(factory=list[str])
    lines: int = 0
    untaxed_lines: int = 0
    totals: dict[str, CurrencyTotal] = field(factory=dict[str, CurrencyTotal])
    excluded: Counter[Reason] = field(factory=Counter[Reason])
    left_out: Counter[Reason] = field(factory=Counter[Reason])
    exclusions: list[Exclusion] = field(factory=list[Exclusion])
    left_out_time: list[Exclusion] = field(factory=list[Exclusion])
    problems: list[Problem] = field(factory=list[Problem])
    corrections: list[Correction] = field(factory=list[Correction])

    @property
    def drafts(self) -> Drafts:
        """The drafts that the run made, read from the store as they are asked for."""
        return Drafts(self.draft_ids, self.read)

    def note(self, outcome: AccountOutcome) -> None:
        """Count what was committed for one account."""
        self.accounts += 1
        for draft in outcome.drafts:
            self.draft_ids.append(draft.id)
            self.lines += len(draft.visible_lines)
            known = self.totals.get(draft.currency, CurrencyTotal(draft.currency))
            self.totals[draft.currency] = known.plus(draft)
        self.untaxed_lines += outcome.untaxed_lines
        self.excluded.update(each.reason for each in outcome.exclusions)
        self.left_out.update(each.reason for each in outcome.left_out)
        self.exclusions += outcome.exclusions[: self.keep - len(self.exclusions)]
        self.left_out_time += outcome.left_out[: self.keep - len(self.left_out_time)]
        self.problems += outcome.problems
        self.corrections += outcome.corrections

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
                self.problems.append(each)

    def raise_for_problems(self) -> None:
        """Raise all problems at once, if there are any.

        Raises:
            BillingProblemsError: with one inner error per problem.
        """
        raise_for(self.problems)

    def records(self) -> list[dict[str, object]]:
        """Give all that was not billed as flat rows, for a table or a data frame."""
        rows: list[dict[str, object]] = [
            _row(kind, each)
            for kind, listed in (("excluded", self.exclusions), ("left out", self.left_out_time))
            for each in listed
        ]
        return [*rows, *(_problem_row(problem) for problem in self.problems)]

    def _counts(self) -> Iterator[tuple[str, str]]:
        yield "accounts", f"{self.accounts}"
        yield "drafts", f"{len(self.draft_ids)}"
        yield "lines", f"{self.lines}"
        if self.untaxed_lines:
            yield "lines without tax code", f"{self.untaxed_lines}"
        for code in sorted(self.totals):
            sums = self.totals[code]
            amounts = f"net {sums.net}, tax {sums.tax}, gross {sums.gross}"
            yield f"total {code}", f"drafts {sums.documents}, {amounts}"
        for title, is_left in (("corrected", False), ("not corrected", True)):
            found = [each for each in self.corrections if (each.left is not None) is is_left]
            for code in sorted({each.currency for each in found}):
                own = [each.difference for each in found if each.currency == code]
                yield title, f"{len(own)} (difference {total(own)} {code})"
        for title, counts in (("not billed", self.excluded), ("time left out", self.left_out)):
            for reason in sorted(counts, key=lambda each: each.name):
                yield f"{title}: {reason.name}", f"{counts[reason]} ({reason.value})"
        yield "problems", f"{len(self.problems)}"

    def __str__(self) -> str:
        head = f"run {self.run.id}, policy {self.run.policy.name}"
        return "\n".join([head, *(f"  {name}: {value}" for name, value in self._counts())])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{html.escape(name)}</th><td>{html.escape(value)}</td></tr>'
            for name, value in self._counts()
        )
        caption = html.escape(f"Run {self.run.id}, policy {self.run.policy.name}")
        return f"<table><caption>{caption}</caption>{rows}</table>"


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
