"""The invoices of the months to come, by the function that bills."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, overload

from attrs import evolve

from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.outcome import AccountOutcome, raise_for
from billingcore.ports import TaxEngine
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.reasons import Problem
from billingcore.records.snapshot import AccountSnapshot
from billingcore.runs.tally import CurrencyTotal
from billingcore.scope.policy import LEVEL, Policy
from billingcore.scope.run import SELECT_ALL, InvoiceRun
from billingcore.scope.selection import Selection
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import add_months, read_date
from billingcore.values.period import Period
from billingcore.views.ahead import Ahead, as_issued
from billingcore.views.table import Cell, html_table, text_table

__all__ = ["Forecast", "forecast"]

MOST_MONTHS: Final = 1200


class Forecast(Sequence[AccountOutcome]):
    """The outcomes of runs that follow each other, month by month; a sequence of them.

    Attributes:
        account: the account's id.
        outcomes: one per month. The first can be committed as it is; a store refuses the others,
            since they follow from documents that it does not have.
    """

    def __init__(self, account: str, outcomes: Iterable[AccountOutcome]) -> None:
        self.account = account
        self.outcomes: tuple[AccountOutcome, ...] = tuple(outcomes)

    def __len__(self) -> int:
        return len(self.outcomes)

    def __iter__(self) -> Iterator[AccountOutcome]:
        return iter(self.outcomes)

    @overload
    def __getitem__(self, index: int) -> AccountOutcome: ...
    @overload
    def __getitem__(self, index: slice) -> Forecast: ...
    def __getitem__(self, index: int | slice) -> AccountOutcome | Forecast:
        if isinstance(index, slice):
            return Forecast(self.account, self.outcomes[index])
        return self.outcomes[index]

    @property
    def drafts(self) -> tuple[DraftInvoice, ...]:
        """The documents of all months."""
        return tuple(draft for outcome in self.outcomes for draft in outcome.drafts)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Records that are wrong, each told once."""
        found = (problem for outcome in self.outcomes for problem in outcome.problems)
        return tuple(dict.fromkeys(found))

    @property
    def months(self) -> Sequence[tuple[Period, Mapping[str, CurrencyTotal]]]:
        """Each month with its totals by currency; a month without documents has none."""
        return [(outcome.run.period, _totals(outcome.drafts)) for outcome in self.outcomes]

    @property
    def totals(self) -> Mapping[str, CurrencyTotal]:
        """Currency → sums of all months; currencies are never added."""
        return _totals(self.drafts)

    def raise_for_problems(self) -> None:
        """Raise all problems at once, if there are any.

        Raises:
            BillingProblemsError: with one inner error per problem.
        """
        raise_for(self.problems)

    def records(self) -> list[dict[str, object]]:
        """Give the documents as flat rows, for a table or a data frame; days are inclusive."""
        return [
            {
                "account": self.account,
                "first": outcome.run.period.first,
                "last": outcome.run.period.last,
                "document": draft.id,
                "kind": draft.kind.value,
                "lines": len(draft.visible_lines),
                "net": draft.totals.net,
                "tax": draft.totals.tax,
                "gross": draft.totals.gross,
                "currency": draft.currency,
            }
            for outcome in self.outcomes
            for draft in outcome.drafts
        ]

    def _rows(self) -> list[list[Cell]]:
        rows = [row for period, totals in self.months for row in _rows(period, totals)]
        return [*rows, *_rows("all", self.totals)]

    def __str__(self) -> str:
        table = text_table(_HEAD, self._rows())
        return "\n".join([*table, *(f"problem: {problem}" for problem in self.problems)])

    def _repr_html_(self) -> str:
        told = "".join(f"; problem: {problem}" for problem in self.problems)
        return html_table(f"Forecast for {self.account}{told}", _HEAD, self._rows())

    def __repr__(self) -> str:
        counts = f"months {len(self)}, drafts {len(self.drafts)}, problems {len(self.problems)}"
        return f"<forecast for {self.account}: {counts}>"


_HEAD: Final = ("month", "documents", "net", "tax", "gross", "currency")


def _totals(drafts: Iterable[DraftInvoice]) -> dict[str, CurrencyTotal]:
    totals: dict[str, CurrencyTotal] = {}
    for draft in drafts:
        known = totals.get(draft.currency, CurrencyTotal(draft.currency))
        totals[draft.currency] = known.plus(draft)
    return totals


def _rows(name: Cell, totals: Mapping[str, CurrencyTotal]) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        [name, sums.documents, sums.net, sums.tax, sums.gross, currency]
        for currency, sums in sorted(totals.items())
    ]
    return rows or [[name, 0, None, None, None, None]]


def forecast(
    snapshot: AccountSnapshot,
    tax: TaxEngine,
    *,
    start: DateLike,
    months: int,
    policy: Policy = LEVEL,
    selection: Selection = SELECT_ALL,
    drafts: Iterable[DraftInvoice] = (),
) -> Forecast:
    """Give the invoices of the months to come.

    Month after month the account is billed by `bill`, and the drafts count as finalized in the
    next month. So the forecast is what a run each month would bill, if nothing changes and all
    drafts are finalized; changes that are known today, with their days, are in it. Nothing is
    stored.

    Live drafts count as finalized before the first month, and are no part of the forecast.

    >>> from billingcore import RECURRING, Account, Item, Subscription, TaxTable, monthly
    >>> seats = Item("seats", unit_price=100, billing_type=RECURRING, cadence=monthly())
    >>> contract = Subscription("S-1", account="acme", items=[seats], start="2026-01-01")
    >>> snapshot = AccountSnapshot(Account("acme", currency="EUR"), [contract])
    >>> quarter = forecast(snapshot, TaxTable({}), start="2026-01-01", months=3)
    >>> print(quarter.totals["EUR"].net)
    300.00

    Args:
        snapshot: all that is known of the account.
        tax: asked in every month.
        start: the first day of the first month; the others begin on the same day of their month.
        months: how many.
        policy: how the runs bill.
        selection: which subscriptions.
        drafts: the account's live drafts, as a store has them; those of other accounts are passed
            over. Needed only to correct what is on them. Of a draft that is not given, the days
            it bills are known from the snapshot, and are not corrected.

    Raises:
        InvalidInputError: *months* is no number from 1 to 1200, or an argument is wrong.
        DateRangeError: a month would lie outside the calendar.
        PortError: the tax engine could not answer.
    """
    read = Boundary("forecast")
    first = read.read("start", start, read_date)
    count = read.count("months", months, least=1, most=MOST_MONTHS)
    given = tuple(drafts)
    ahead = Ahead(_without_drafts(snapshot, {draft.id for draft in given}), tax, given)
    runs = (
        InvoiceRun(_month(first, number), selection=selection, policy=policy)
        for number in range(count)
    )
    return Forecast(snapshot.account.id, map(ahead.bill, runs))


def _month(first: date, number: int) -> Period:
    return Period(add_months(first, number), add_months(first, number + 1))


def _without_drafts(snapshot: AccountSnapshot, given: Container[str]) -> AccountSnapshot:
    """Give an account whose drafts are invoices, but for those that are given.

    What they bill is covered, on terms that are not known. What they take back stays on a draft,
    so that nobody takes back the same days again.
    """
    if any(each.is_draft for each in snapshot.chain):
        snapshot = evolve(snapshot, chain=map(as_issued, snapshot.chain))
    if all(claim.state is not ClaimState.DRAFT for claim in snapshot.claims):
        return snapshot
    return evolve(snapshot, claims=[_as_finalized(claim, given) for claim in snapshot.claims])


def _as_finalized(claim: Claim, given: Container[str]) -> Claim:
    if claim.state is not ClaimState.DRAFT or claim.is_release or claim.document in given:
        return claim
    return claim._replace(state=ClaimState.FINAL, terms=None)
