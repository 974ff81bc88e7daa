"""What is covered already, read from claims.

Coverage is a set of stretches, not one date: after the second of five invoices is canceled, a
"billed until" would never bill it again, and a cursor set back would bill the last three twice.
Claims are signed: what a correction takes back is a release, and a day is covered if more claims
cover it than release it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from billingcore.records.claims import Claim, ClaimState
from billingcore.values.period import Period
from billingcore.values.sealing import new_tuple

__all__ = [
    "UNCOVERED",
    "Covered",
    "Stretch",
    "coverage_of",
    "first_gap",
    "held_days",
    "next_service_period_start",
    "terms_of_days",
]

Stretch = tuple[date, date]
"""Covered days: the first, and the first that is not covered any more."""


class Covered(NamedTuple):
    """What claims say of one billable.

    Attributes:
        stretches: covered days, joined and in order, on drafts and invoices or waived. What a
            draft takes back is covered until the draft is an invoice.
        final: the same without drafts.
        is_done: whether it was billed, or waived, once and for all.
        draft: id of a live draft that bills it; empty if none does.
        carried: stretches that were put off to a later run; they are not covered.
        claims: the claims behind it.
        has_changes: whether some of it was billed on changed terms, or taken back.
        before_releases: the stretches with the days that were taken back; None if none were.
        is_settled: whether it is nothing but days on invoices.
    """

    stretches: tuple[Stretch, ...] = ()
    final: tuple[Stretch, ...] = ()
    is_done: bool = False
    draft: str = ""
    carried: tuple[Stretch, ...] = ()
    claims: Sequence[Claim] = ()
    has_changes: bool = False
    before_releases: tuple[Stretch, ...] | None = None
    is_settled: bool = False

    @property
    def ever(self) -> tuple[Stretch, ...]:
        """Days that were covered at any time, also if they were taken back since."""
        return self.stretches if self.before_releases is None else self.before_releases

    @property
    def is_free(self) -> bool:
        """Whether nothing of it is billed."""
        return not (self.is_done or self.draft or self.stretches)

    @property
    def due_since(self) -> date | None:
        """The first day that was put off to a later run."""
        return min((start for start, _ in self.carried), default=None)

    @property
    def is_drafted_correction(self) -> bool:
        """Whether a live draft takes days of it back."""
        return any(each.is_release and each.state is ClaimState.DRAFT for each in self.claims)

    def revision_on(self, day: date) -> int:
        """Count how often a day was taken back."""
        if not self.has_changes:
            return 0
        return sum(
            claim.is_release and claim.period is not None and day in claim.period
            for claim in self.claims
        )

    def document_of(self, period: Period | None) -> str:
        """Give the first document that covers a day of a period, or bills once; empty if none."""
        found = [
            (_first_day(claim.period), claim.document)
            for claim in self.claims
            if claim.state is not ClaimState.CARRIED
            and not claim.is_release
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
    bounds: list[Stretch] = []
    has_changes = False
    for _, period, _, state, terms, is_release in claims:
        if state is not ClaimState.FINAL or period is None or is_release:
            return _covered_in_all(claims)
        bounds.append(period.bounds)
        if terms:
            has_changes = True
    one = _joined(bounds)  # by far the most frequent case: nothing but days on invoices
    facts = (one, one, False, "", (), claims, has_changes, None, True)
    covered: Covered = new_tuple(Covered, facts)
    return covered


def _covered_in_all(claims: list[Claim]) -> Covered:
    """Read claims of every kind."""
    live = [claim for claim in claims if claim.state is not ClaimState.CARRIED]
    final = [claim for claim in live if claim.state is not ClaimState.DRAFT]
    drafts = [claim.document for claim in live if claim.state is ClaimState.DRAFT]
    carried = [claim for claim in claims if claim.state is ClaimState.CARRIED]
    covers = [claim for claim in live if not claim.is_release]
    held = [c for c in live if not (c.is_release and c.state is ClaimState.DRAFT)]
    return Covered(
        stretches=_net(held),
        final=_net(final),
        is_done=sum(-1 if c.is_release else 1 for c in final if c.period is None) > 0,
        draft=min(drafts, default=""),
        carried=tuple(sorted(claim.period.bounds for claim in carried if claim.period)),
        claims=claims,
        has_changes=any(claim.terms or claim.is_release for claim in live),
        before_releases=_net(covers) if len(covers) < len(live) else None,
    )


def _net(claims: list[Claim]) -> tuple[Stretch, ...]:
    """Give the days that claims cover, less those that they release."""
    return tuple((start, stop) for start, stop, held in held_days(claims) if held > 0)


def _joined(bounds: list[Stretch]) -> tuple[Stretch, ...]:
    """Join stretches that touch or overlap."""
    if len(bounds) == 1:
        return (bounds[0],)
    joined: list[Stretch] = []
    for start, stop in sorted(bounds):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], stop)
        else:
            joined.append((start, stop))
    return tuple(joined)


def held_days(claims: Iterable[Claim]) -> Iterator[tuple[date, date, int]]:
    """Yield stretches of days with how many claims hold them: those that cover less releases.

    More than 1 is billed twice. Stretches are in order and differ from their neighbours; days that
    nobody ever held are left out.
    """
    steps: dict[date, int] = {}
    for claim in claims:
        if claim.period is not None:
            start, stop = claim.period.bounds
            step = -1 if claim.is_release else 1
            steps[start] = steps.get(start, 0) + step
            steps[stop] = steps.get(stop, 0) - step
    borders = [(day, step) for day, step in sorted(steps.items()) if step]
    held = 0
    for (day, step), (following, _) in pairwise(borders):
        held += step
        yield day, following, held


def terms_of_days(claims: Iterable[Claim]) -> tuple[tuple[date, date, str], ...]:
    """Give the days on invoices with the changed terms that they were billed at.

    Days that were taken back are left out, unless they were billed anew; so are those whose terms
    are not known.
    """
    final = [claim for claim in claims if claim.state is ClaimState.FINAL]
    found: list[tuple[date, date, str]] = []
    for terms in dict.fromkeys(claim.terms for claim in final):
        if terms is not None:
            own = [claim for claim in final if claim.terms == terms]
            rows = held_days(own)
            found += [(start, stop, terms) for start, stop, held in rows if held > 0]
    return tuple(sorted(found))


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
