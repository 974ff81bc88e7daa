"""Compare what two sides have of one account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from billingcore.lines.line import LineItem
from billingcore.records.reasons import Exclusion, Problem
from billingcore.runs.tally import CurrencyTotal, added
from billingcore.values.calendar import ONE_DAY
from billingcore.values.context import exactly
from billingcore.views.comparing.causes import amounts_of, impacts_of
from billingcore.views.comparing.differences import (
    AccountComparison,
    Amounts,
    Cause,
    Fate,
    Impact,
    LineComparison,
    TotalComparison,
    nothing_in,
)
from billingcore.views.comparing.matching import Position, matched, positions_of
from billingcore.views.comparing.sides import Document, Side

__all__ = ["compare_sides"]

ROUNDED: Final = "taxes rounded on documents"
"""The title of what documents round otherwise than each line by itself."""


@exactly()
def compare_sides(before: Side, after: Side) -> AccountComparison:
    """Compare what two sides have of an account; one that has nothing of it has no documents."""
    totals = _totals(before.documents, after.documents)
    policies, problems = (before.policies, after.policies), (before.problems, after.problems)
    lines: tuple[LineComparison, ...] = ()
    if _are_same(before.documents, after.documents):
        same = len(positions_of(before.documents))
    else:
        found = _Account(before, after)
        changes = [*found.lines()]
        documents = (*before.documents, *after.documents)
        lines = (*changes, *_rounded(before.account, totals, changes, documents))
        same = found.same
    return AccountComparison(before.account, totals, lines, same, policies, problems)


def _totals(before: Iterable[Document], after: Iterable[Document]) -> dict[str, TotalComparison]:
    sums: tuple[dict[str, CurrencyTotal], dict[str, CurrencyTotal]] = ({}, {})
    for totals, documents in zip(sums, (before, after), strict=True):
        for document in documents:
            added(totals, document.draft)
    one, other = sums
    return {
        code: TotalComparison(one.get(code) or _none(code), other.get(code) or _none(code))
        for code in sorted({*one, *other})
    }


def _none(currency: str) -> CurrencyTotal:
    """Give the sums of no documents, with the digits of their currency."""
    nothing = nothing_in(currency)
    return CurrencyTotal(currency, 0, *nothing, nothing.gross)


def _are_same(before: Sequence[Document], after: Sequence[Document]) -> bool:
    """Tell quickly whether all documents bill the same; if not, they still may."""
    return len(before) == len(after) and all(map(_is_same_document, before, after))


def _is_same_document(before: Document, after: Document) -> bool:
    one, other = before.draft, after.draft
    if one is other:
        return True
    is_alike = (one.kind, one.currency, one.totals) == (other.kind, other.currency, other.totals)
    return is_alike and _are_same_lines(one.lines, other.lines)


def _are_same_lines(before: Sequence[LineItem], after: Sequence[LineItem]) -> bool:
    return len(before) == len(after) and all(map(_is_same_line, before, after))


def _is_same_line(one: LineItem, other: LineItem) -> bool:
    return (
        one.net == other.net
        and one.amount == other.amount
        and one.discount == other.discount
        and one.tax_amount == other.tax_amount
        and one.billable == other.billable
        and one.own_key == other.own_key
        and one.tax == other.tax
        and (one.item is other.item or one.item == other.item)
        and one.span.service_period == other.span.service_period
        and one.span.factor == other.span.factor
    )


class _Account:
    """Compares the lines of an account, and counts those that are the same."""

    def __init__(self, before: Side, after: Side) -> None:
        self._before, self._after = before, after
        self._own, self._others = (positions_of(each.documents) for each in (before, after))
        self._links: dict[str, str] = {}
        self._linked: set[str] = set()
        self.same = 0

    def lines(self) -> Iterator[LineComparison]:
        """Yield what differs, first what both sides have."""
        found = matched(self._own, self._others)
        rows = (self._both(*pair) for pair in found.pairs)
        yield from (row for row in rows if row is not None)
        yield from map(self._removed, found.removed)
        yield from map(self._added, found.added)

    def _both(self, before: Position, after: Position) -> LineComparison | None:
        moved = self._moved(before.document, after.document)
        is_same = _are_same_lines(before.lines, after.lines)
        if is_same and not moved:
            self.same += 1
            return None
        amounts = amounts_of(before), amounts_of(after)
        impacts = () if is_same else impacts_of(before, after, amounts[1].minus(amounts[0]))
        if before.document.draft.run_id != after.document.draft.run_id:
            impacts = tuple(each for each in impacts if not _is_of_other_days(each))
        if not (impacts or moved):
            self.same += 1
            return None
        fate = Fate.CHANGED if impacts else Fate.MOVED
        impacts = impacts or (Impact(Cause.DOCUMENT, nothing_in(before.lines[0].currency)),)
        return self._row(before, after, fate, amounts, impacts, moved)

    def _moved(self, before: Document, after: Document) -> str:
        """Say to which document a line moved; empty if its document is the other's counterpart.

        The counterpart of a document is the first that has a line of it, and is no other's.
        """
        known = self._links.get(before.name)
        if known is None and after.name not in self._linked:
            self._links[before.name] = known = after.name
            self._linked.add(known)
        if known != after.name:
            return f"document {before.name} -> {after.name}"
        kinds = before.draft.kind, after.draft.kind
        return "" if kinds[0] is kinds[1] else f"{kinds[0].value} -> {kinds[1].value}"

    def _removed(self, position: Position) -> LineComparison:
        amounts, nothing = amounts_of(position), nothing_in(position.lines[0].currency)
        impact = Impact(Cause.REMOVED, nothing.minus(amounts))
        why = self._why(position, self._after, self._currencies_after)
        return self._row(position, None, Fate.REMOVED, (amounts, nothing), (impact,), why)

    def _added(self, position: Position) -> LineComparison:
        amounts, nothing = amounts_of(position), nothing_in(position.lines[0].currency)
        impact = Impact(Cause.ADDED, amounts)
        why = self._why(position, self._before, self._currencies_before)
        return self._row(None, position, Fate.ADDED, (nothing, amounts), (impact,), why)

    def _row(
        self,
        before: Position | None,
        after: Position | None,
        fate: Fate,
        amounts: tuple[Amounts, Amounts],
        impacts: tuple[Impact, ...],
        why: str,
    ) -> LineComparison:
        shown = [each for each in (after, before) if each is not None]
        line = shown[0].lines[0]
        start, stop = line.service_period.bounds
        return LineComparison(
            self._before.account,
            line.record,
            line.title,
            line.currency,
            fate,
            *amounts,
            impacts,
            why,
            start,
            stop - ONE_DAY,
            before.document.name if before else "",
            after.document.name if after else "",
            before.lines if before else (),
            after.lines if after else (),
        )

    @cached_property
    def _currencies_before(self) -> Mapping[str, str]:
        return _currencies(self._own)

    @cached_property
    def _currencies_after(self) -> Mapping[str, str]:
        return _currencies(self._others)

    def _why(self, position: Position, side: Side, currencies: Mapping[str, str]) -> str:
        """Say why a side does not bill what the other does, as far as it tells."""
        line = position.lines[0]
        reason = _reason(line, side)
        if reason is not None:
            return _said(reason)
        currency = currencies.get(line.billable, line.currency)
        if currency != line.currency:
            return f"billed in {currency}"
        return "" if side.documents else "no documents of the account"


def _currencies(positions: Iterable[Position]) -> dict[str, str]:
    """Give what is billed, with its currency."""
    lines = (position.lines[0] for position in positions)
    return {line.billable: line.currency for line in lines if line.billable}


def _is_of_other_days(impact: Impact) -> bool:
    """Tell whether only the days differ, as they do from run to run."""
    return impact.cause is Cause.DAYS and not impact.amounts.is_something


def _reason(line: LineItem, side: Side) -> Exclusion | Problem | None:
    """Find why a side does not bill a line: a reason for its days, if there are several."""
    if not side.reasons:
        return None
    names = {line.record, side.account, *(name for name, _ in line.entered)}
    found = [each for each in side.reasons if each.record in names]
    period = line.service_period
    for each in found:
        if isinstance(each, Exclusion) and each.period is not None and each.period.overlaps(period):
            return each
    return found[0] if found else None


def _said(reason: Exclusion | Problem) -> str:
    if isinstance(reason, Exclusion):
        facts = ", ".join(f"{name} {value}" for name, value in reason.facts)
        said = f"{reason.reason.name}, {reason.reason.value}"
        return f"{said} ({facts})" if facts else said
    return f"problem {reason.code}, {reason.message}"


def _rounded(
    account: str,
    totals: Mapping[str, TotalComparison],
    lines: Iterable[LineComparison],
    documents: Sequence[Document],
) -> Iterator[LineComparison]:
    """Yield what documents round otherwise than each line by itself, per currency."""
    rests = {code: compared.difference for code, compared in totals.items()}
    for line in lines:
        rests[line.currency] = rests[line.currency].minus(line.difference)
    for code, rest in rests.items():
        if rest.is_something:
            days = [each.draft.period for each in documents if each.draft.currency == code]
            yield LineComparison(
                account,
                "",
                ROUNDED,
                code,
                Fate.CHANGED,
                nothing_in(code),
                rest,
                (Impact(Cause.ROUNDING, rest),),
                "",
                min(each.bounds[0] for each in days),
                max(each.bounds[1] for each in days) - ONE_DAY,
            )
