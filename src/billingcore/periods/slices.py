"""A billing period in slices: each with the version of the item that is in force on its days.

The factors of the slices are the convention's for their days. Where it conserves, they add up to
the factor of the whole; and since a slice's amount is what the running total grows by, slices at
one price add up to the cent.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from billingcore.periods.shares import conserves, cut, tax_days
from billingcore.periods.span import Share, Span
from billingcore.records.item import Item
from billingcore.records.timeline import Timeline
from billingcore.scope.policy import Policy
from billingcore.values.memo import Memo
from billingcore.values.period import Period

__all__ = ["part_of", "slices_of"]

_NONE: Final = Fraction(0)


def slices_of(
    item: Item, span: Span, timeline: Timeline, policy: Policy, known: Memo[Any, Any]
) -> Sequence[tuple[Item, Span]]:
    """Cut a span where the version changes; gives each slice with the version in force.

    Slices of which nothing is billed are left out.

    What is billed without a billing period cannot be cut: the version of its first day applies;
    of what is billed once that is the item's own first day, if it has one in the service period.

    Args:
        item: the item with its versions.
        span: the days to be cut.
        timeline: which version is in force when.
        policy: says which days decide the tax.
        known: remembers the slices of spans that several items share.
    """
    start, stop = span.service_period.bounds
    if span.cover is None and item.start is not None and start < item.start < stop:
        start = item.start
    borders, numbers = timeline
    first = bisect_right(borders, start)
    last = bisect_left(borders, stop, first)
    if first == last or span.shares[0].full is None:
        version = item.versions[numbers[first]]
        return ((version, span),) if version.is_billable else ()
    spans = _remembered(item, span, borders[first:last], policy, known)
    versions = [item.versions[number] for number in numbers[first : last + 1]]
    pairs = zip(versions, spans, strict=True)
    return [*pairs] if item.is_steady else [pair for pair in pairs if pair[0].is_billable]


def _remembered(
    item: Item, span: Span, borders: tuple[date, ...], policy: Policy, known: Memo[Any, Any]
) -> Sequence[Span]:
    """Cut a span at borders; the answer is worked out once for all items that share the span."""
    key = (id(span), borders)
    found: tuple[Span, Sequence[Span]] | None = known.get(key)
    if found is not None and found[0] is span:
        return found[1]
    made = _cut(item, span, borders, policy)
    known.keep(key, (span, made))
    return made


def _cut(item: Item, span: Span, borders: tuple[date, ...], policy: Policy) -> Sequence[Span]:
    start, stop = span.service_period.bounds
    days = pairwise((start, *borders, stop))
    rows = [tuple(_within(item, span, begin, end, policy)) for begin, end in days]
    factors = [sum((share.factor for share in shares), _NONE) for shares in rows]
    total, undivided = span.offset + sum(factors, _NONE), span.offset + span.factor
    before, spans = span.offset, list[Span]()
    for shares, factor in zip(rows, factors, strict=True):
        spans.append(_slice_span(item, shares, before, total, undivided, policy))
        before += factor
    return spans


def _slice_span(
    item: Item,
    shares: tuple[Share, ...],
    before: Fraction,
    total: Fraction,
    undivided: Fraction,
    policy: Policy,
) -> Span:
    service = Period(shares[0].part.start, shares[-1].part.stop)
    rhythm = shares[0].rhythm
    offset = before if rhythm is not None and conserves(item, rhythm, policy) else _NONE
    days = tax_days(policy, service)
    return Span(service, service, shares, days, offset, total, undivided)


def part_of(item: Item, span: Span, start: date, stop: date, policy: Policy) -> Span:
    """Give the span of some days of a span, as a slice of it; they lie within."""
    first, last = span.service_period.bounds
    if (start, stop) == (first, last):
        return span
    earlier = _within(item, span, first, start, policy)
    before = span.offset + sum((each.factor for each in earlier), _NONE)
    shares = tuple(_within(item, span, start, stop, policy))
    return _slice_span(item, shares, before, span.of, span.undivided, policy)


def _within(item: Item, span: Span, start: date, stop: date, policy: Policy) -> Iterator[Share]:
    """Yield the shares of some days of a span."""
    for share in span.shares:
        begin, end = share.part.bounds
        begin, end = max(begin, start), min(end, stop)
        if begin < end:
            yield cut(item, share, begin, end, policy)
