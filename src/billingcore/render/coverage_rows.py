"""What a picture of coverage shows of each billable: stretches of days, and how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

from attrs import evolve, field, frozen

from billingcore.engine import bill
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.snapshot import AccountSnapshot
from billingcore.scope.coverage import (
    UNCOVERED,
    Covered,
    Stretch,
    coverage_of,
    held_days,
    next_service_period_start,
)
from billingcore.scope.policy import Policy
from billingcore.scope.run import InvoiceRun
from billingcore.scope.switches import NegativeTotal, ZeroTotal
from billingcore.tax.table import Untaxed
from billingcore.values.boundary import Boundary
from billingcore.values.calendar import ONE_DAY
from billingcore.values.period import Period

__all__ = ["STATES", "Row", "Stay", "rows_of_account", "rows_of_coverage", "rows_of_document"]

STATES: Final = ("final", "draft", "due", "release", "waived", "carried", "linked")
"""How days can stand, in the order in which a legend names them."""

_STATE_OF: Final = {
    ClaimState.FINAL: "final",
    ClaimState.DRAFT: "draft",
    ClaimState.WAIVED: "waived",
    ClaimState.CARRIED: "carried",
    ClaimState.LINKED: "linked",
}
_MOST_YEARS: Final = 100  # that a run is made over
_WHATEVER_THE_SUM: Final[Mapping[str, Any]] = {
    "negative_total": NegativeTotal.CREDIT,
    "zero_total": ZeroTotal.ISSUE,
    "minimum_amount": {},
}
"""Switches by which days are due also if their document would be put off."""


@frozen
class Stay:
    """Days of a billable that stand in one way.

    Attributes:
        state: one of `STATES`.
        days: the first day, and the first after them; None for what is billed once.
    """

    state: str
    days: Stretch | None


@frozen
class Row:
    """One billable, or one line of a document.

    Attributes:
        label: what it is called.
        stays: its days by how they stand, in the order in which they are drawn.
        following: the next service period start; None if it has none.
        is_wrong: a run reports it as a problem, so that nothing of it is due.
    """

    label: str
    stays: tuple[Stay, ...] = field(converter=tuple[Stay, ...])
    following: date | None = None
    is_wrong: bool = False

    @property
    def days(self) -> Iterator[Stretch]:
        """The days that the picture has to have room for."""
        known = [stay.days for stay in self.stays if stay.days is not None]
        yield from known
        if known and self.following is not None:
            yield self.following, self.following


def rows_of_document(document: DraftInvoice | Invoice) -> list[Row]:
    """Give a row for each line that is shown."""
    draft = document.draft if isinstance(document, Invoice) else document
    state = "final" if isinstance(document, Invoice) else "draft"
    return [
        Row(
            f"{line.number} {line.title}",
            (Stay("release" if line.credit_of else state, line.service_period.bounds),),
        )
        for line in draft.visible_lines
    ]


def rows_of_coverage(given: object) -> list[Row]:
    """Give a row for each billable that claims, or what was read from them, know of.

    Raises:
        InvalidInputError: it is something else.
    """
    read = Boundary("coverage_svg")
    if isinstance(given, Mapping):
        known = cast("Mapping[str, object]", given)
        return [
            _row(billable, read.instance("value", covered, Covered))
            for billable, covered in known.items()
        ]
    if not isinstance(given, Iterable):
        fix = "give a snapshot, claims, what coverage_of gives, or a document"
        raise read.refuse("value", type(given).__name__, "nothing that covers days", fix)
    claims = cast("Iterable[object]", given)
    return rows_of_coverage(coverage_of(read.instance("value", each, Claim) for each in claims))


def rows_of_account(snapshot: AccountSnapshot, until: date | None, policy: Policy) -> list[Row]:
    """Give a row for each item of an account, and for what else was billed to it.

    Args:
        snapshot: the account.
        until: the last day of the run that says what is due; None is the last day that is covered.
        policy: of that run.

    Raises:
        InvalidInputError: it is more than a hundred years ahead.
    """
    coverage = coverage_of(snapshot.claims)
    due, wrong = _due(snapshot, coverage, until, policy)
    rows: list[Row] = []
    for item, billable in (each for one in snapshot.subscriptions for each in one.positions):
        covered, days = coverage.pop(billable, UNCOVERED), due.pop(billable, ())
        label = f"{item.title} ({billable})" if item.title else billable
        row = _row(label, covered, days, migrated=item.next_service_period_start)
        following = row.following if item.cadence else None
        rows.append(evolve(row, following=following, is_wrong=billable in wrong))
    for billable in dict.fromkeys((*coverage, *due)):  # records, usage, and items that are gone
        row = _row(billable, coverage.get(billable, UNCOVERED), due.get(billable, ()))
        rows.append(evolve(row, following=None))
    return rows


def _row(
    label: str, covered: Covered, due: Sequence[Stay] = (), *, migrated: date | None = None
) -> Row:
    following = next_service_period_start(covered, migrated)
    return Row(label, (*_stays(covered), *due), following)


def _stays(covered: Covered) -> Iterator[Stay]:
    """Yield how the days of a billable stand; what a draft takes back goes over what it was."""
    if not covered.claims:
        yield from (Stay("final", days) for days in covered.final)
        yield from (Stay("draft", days) for days in covered.stretches if days not in covered.final)
        yield from (Stay("carried", days) for days in covered.carried)
        return
    returning = [each for each in covered.claims if _is_drafted_release(each)]
    for state, name in _STATE_OF.items():
        own = [each for each in covered.claims if each.state is state and each not in returning]
        yield from (Stay(name, (start, stop)) for start, stop, held in held_days(own) if held > 0)
        if sum(-1 if each.is_release else 1 for each in own if each.period is None) > 0:
            yield Stay(name, None)
    yield from (Stay("release", _bounds(each.period)) for each in returning)


def _is_drafted_release(claim: Claim) -> bool:
    return claim.is_release and claim.state is ClaimState.DRAFT


def _due(
    snapshot: AccountSnapshot, coverage: Mapping[str, Covered], until: date | None, policy: Policy
) -> tuple[dict[str, list[Stay]], set[str]]:
    """Say what a run up to a day would bill, billable → its days, and which records are wrong."""
    stretches = [days for covered in coverage.values() for days in covered.stretches]
    last = until or max((stop - ONE_DAY for _, stop in stretches), default=None)
    if last is None:
        return {}, set()
    first = min([last, *(start for start, _ in stretches), *_starts(snapshot)])
    if last.year - first.year > _MOST_YEARS:
        if until is not None:
            rule, fix = f"more than {_MOST_YEARS} years after {first}", "choose an earlier day"
            raise Boundary("coverage_svg").refuse("until", until.isoformat(), rule, fix)
        last = date(first.year + _MOST_YEARS, 12, 31)
    rules = policy.but(**_WHATEVER_THE_SUM, name=policy.name)
    run = InvoiceRun(Period.closed(first, last), policy=rules)
    due: dict[str, list[Stay]] = {}
    outcome = bill(run, snapshot, Untaxed())
    for draft in outcome.drafts:
        for cover in (cover for line in draft.visible_lines for cover in line.covers):
            stay = Stay("release" if cover.is_release else "due", _bounds(cover.period))
            due.setdefault(cover.billable, []).append(stay)
    return due, {problem.record for problem in outcome.problems}


def _bounds(period: Period | None) -> Stretch | None:
    return None if period is None else period.bounds


def _starts(snapshot: AccountSnapshot) -> Iterator[date]:
    """Yield the first days of contracts and items."""
    for contract in snapshot.subscriptions:
        starts = (contract.start, *(item.start for item in contract.items))
        yield from (start for start in starts if start is not None)
