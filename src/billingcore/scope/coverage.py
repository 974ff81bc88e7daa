"""What is covered already, read from claims.

Coverage is a set of stretches, not one date: after the second of five invoices is cancelled, a
"billed until" would never bill it again, and a cursor set back would bill the last three twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from billingcore.records.claims import Claim, ClaimState
from billingcore.values.period import Period
from billingcore.values.sealing import new_tuple

__all__ = ["UNCOVERED", "Covered", "coverage_of", "first_gap", "next_service_period_start"]

Stretch = tuple[date, date]
"""Covered days: the first, and the first that is not covered any more."""


class Covered(NamedTuple):
    """What claims say of one billable.

    Attributes:
        stretches: covered days, joined and in order, on drafts and invoices or waived.
        final: the same without drafts.
        is_done: whether it was billed, or waived, once and for all.
        draft: id of a live draft that bills it; empty if none does.
        carried: stretches that were put off to a later run; they are not covered.
        claims: the claims behind it.
    """

    stretches: tuple[Stretch, ...] = ()
    final: tuple[Stretch, ...] = ()
    is_done: bool = False
    draft: str = ""
    carried: tuple[Stretch, ...] = ()
    claims: Sequence[Claim] = ()

    @property
    def due_since(self) -> date | None:
        """The first day that was put off to a later run."""
        return min((start for start, _ in self.carried), default=None)

    def document_of(self, period: Period | None) -> str:
        """Give the first document that covers a day of a period, or bills once; empty if none."""
        found = [
            (_first_day(claim.period), claim.document)
            for claim in self.claims
            if claim.state is not ClaimState.CARRIED
            and (claim.period is None or period is None or claim.period.overlaps(period))
        ]
        return min(found)[1] if found else ""


def _first_day(period: Period | None) -> date:
    return date.min if period is None else period.bounds[0]


UNCOVERED: Final = Covered()


def coverage_of(claims: Iterable[Claim]) -> dict[str, Covered]:
    """Sort claims by what they bill."""
    by_billable: dict[str, list[Claim]] = {}
    for claim in claims:
        known = by_billable.get(claim.billable)
        if known is None:
            by_billable[claim.billable] = [claim]
        else:
            known.append(claim)
    return {billable: _covered(found) for billable, found in by_billable.items()}


def _covered(claims: list[Claim]) -> Covered:
    if len(claims) == 1:
        _, period, _, state = claims[0]
        if state is ClaimState.FINAL and period is not None:  # by far the most frequent case
            stretches = (period.bounds,)
            facts = (stretches, stretches, False, "", (), claims)
            covered: Covered = new_tuple(Covered, facts)
            return covered
    live = [claim for claim in claims if claim.state is not ClaimState.CARRIED]
    final = [claim for claim in live if claim.state is not ClaimState.DRAFT]
    drafts = [claim.document for claim in live if claim.state is ClaimState.DRAFT]
    carried = [claim for claim in claims if claim.state is ClaimState.CARRIED]
    return Covered(
        stretches=_joined(live),
        final=_joined(final) if drafts else _joined(live),
        is_done=any(claim.period is None for claim in final),
        draft=min(drafts, default=""),
        carried=tuple(sorted(claim.period.bounds for claim in carried if claim.period)),
        claims=claims,
    )


def _joined(claims: list[Claim]) -> tuple[Stretch, ...]:
    bounds = sorted(claim.period.bounds for claim in claims if claim.period is not None)
    joined: list[Stretch] = []
    for start, stop in bounds:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], stop)
        else:
            joined.append((start, stop))
    return tuple(joined)


def first_gap(stretches: Iterable[Stretch], day: date) -> date:
    """Give the first day from *day* on that no stretch covers."""
    for start, stop in stretches:
        if start <= day < stop:
            day = stop
    return day


def next_service_period_start(covered: Covered, migrated: date | None = None) -> date | None:
    """Give the day after the first unbroken stretch on invoices: *Next Service Period Start*.

    Drafts do not count (behaviour 2.3). A migrated value is where coverage begins.

    >>> next_service_period_start(Covered(final=((date(2026, 1, 1), date(2026, 2, 1)),)))
    datetime.date(2026, 2, 1)
    """
    if migrated is not None:
        return first_gap(covered.final, migrated)
    return covered.final[0][1] if covered.final else None
