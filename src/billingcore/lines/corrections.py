"""Changes after billing: what was billed is taken back, and billed anew on the terms of today.

The measure is the net amount per day and item, never a count of lines. A billed line is compared
with what is due of its days now; where they differ, one line takes the days back at the billed
line's own price, discounts and tax, and another bills them anew with what has changed. What stays
of a line and what is taken back add up to it, to the cent, however often it is corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from attrs import evolve, frozen

from billingcore.lines.line import Corrected, LineItem, OpenLine
from billingcore.lines.making import Terms, make_line, make_lines, part_key
from billingcore.periods.differences import Taken, changed_days, taken_of
from billingcore.periods.shares import conserves
from billingcore.periods.slices import part_of
from billingcore.periods.span import Share, Span
from billingcore.records.change import said_value, version_fields
from billingcore.records.claims import BilledLine
from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.subscription import Subscription
from billingcore.records.timeline import Timeline
from billingcore.scope.coverage import Covered, Stretch
from billingcore.scope.policy import Policy
from billingcore.scope.switches import Corrections, CreditBasis
from billingcore.values.context import ZERO, total
from billingcore.values.currency import quantum_of
from billingcore.values.keys import billing_key
from billingcore.values.period import Period
from billingcore.values.rounding import round_amount

__all__ = ["Correction", "Plan", "plan_corrections"]


@frozen
class Correction:
    """Days of a billed line that are due on other terms now, or not at all.

    Amounts are priced as the line is: net, or gross if its price includes tax.

    Attributes:
        record: what was billed, like ``S-1/seats``.
        period: the days concerned.
        document: the invoice that billed them.
        number: the number of its line.
        billed: the terms they were billed at, in words.
        due: the terms they are due at, in words; empty if nothing is due.
        taken_back: what the days cost as they were billed, below 0 unless the line was a credit.
        billed_anew: what they cost now.
        currency: of both amounts.
        left: why nothing is done about it; None if it is corrected.
    """

    record: str
    period: Period
    document: str
    number: int
    billed: str
    due: str
    taken_back: Decimal
    billed_anew: Decimal
    currency: str
    left: Reason | None = None

    @property
    def difference(self) -> Decimal:
        """What the customer owes for the change; below 0 if it is owed to the customer."""
        return total((self.taken_back, self.billed_anew))

    def __str__(self) -> str:
        days = f"{self.period.first} to {self.period.last}"
        change = f"{self.billed} -> {self.due or 'nothing is due'}"
        sums = f"{self.taken_back} + {self.billed_anew} = {self.difference} {self.currency}"
        where = f"line {self.number} of {self.document}"
        said = f"{self.record} {days}: {change}; {sums} ({where})"
        return said if self.left is None else f"{said}; left: {self.left.value}"


class Plan(NamedTuple):
    """What is to be corrected of one item.

    Attributes:
        lines: what takes back and bills anew; empty if the policy leaves it.
        corrections: the same in words and sums, also if the policy leaves it.
        left: what is left as it was billed, with the reason.
    """

    lines: Sequence[OpenLine] = ()
    corrections: Sequence[Correction] = ()
    left: Sequence[LeftOut] = ()


NOTHING = Plan()


def plan_corrections(
    subscription: Subscription,
    item: Item,
    billable: str,
    covered: Covered,
    lines: Mapping[str, Sequence[BilledLine]],
    timeline: Timeline,
    terms: Terms,
) -> Plan:
    """Compare an item's invoices with what is due now; runs inside `exactly`.

    Args:
        subscription: its contract as it is now.
        item: the item as it is now.
        billable: the name under which it is billed.
        covered: what its claims say.
        lines: billable → its lines on invoices; asked only if something seems to have changed.
        timeline: the item's versions as they are billed.
        terms: what the lines of the contract share, the policy among them.
    """
    _, _, _, _, policy, _, _ = terms
    changed = changed_days(subscription, item, covered, policy, timeline)
    if not changed:
        return NOTHING
    if covered.is_drafted_correction:
        facts = (("draft", covered.draft),)
        return Plan(left=[LeftOut(Reason.DRAFT_EXISTS, Period(*days), facts) for days in changed])
    pairs: list[tuple[Correction, list[OpenLine]]] = []
    found: list[Stretch] = []
    for billed, live in _live_parts(lines.get(billable, ()), changed):
        found.append(live)
        leader = max(billed, key=lambda each: each.line.amount.copy_abs())
        whole, span = _whole(leader.line.item), leader.line.span
        for taken in taken_of(subscription, item, policy, whole, span, live):
            credits_ = [_Maker(item, covered, each, terms).credit(taken) for each in billed]
            anew = _Maker(item, covered, leader, terms).anew(taken)
            pairs.append((_in_words(leader, taken, credits_, anew), [*credits_, *anew]))
    missing = _without(changed, found) if item.is_divisible else ()
    left = [LeftOut(Reason.NOT_CORRECTED, Period(*days)) for days in missing]
    return _decided(policy, pairs, left)


def _live_parts(
    lines: Sequence[BilledLine], changed: Sequence[Stretch]
) -> Iterator[tuple[list[BilledLine], Stretch]]:
    """Yield the days of billed lines that no later line took back.

    The lines of one price, such as those of its tiers, come together: they go back together, and
    the price is billed anew once.

    Lines of other days than those that seem changed are passed over, however many there are.
    """
    first, last = min(start for start, _ in changed), max(stop for _, stop in changed)
    taken: dict[tuple[str, int], list[Stretch]] = {}
    touched: list[BilledLine] = []
    for billed in lines:
        cover, corrects = billed.line.span.cover, billed.line.corrects
        if cover is None:
            continue
        start, stop = cover.bounds
        if corrects is not None and corrects.is_credit:
            taken.setdefault((corrects.document, corrects.number), []).append((start, stop))
        elif start < last and first < stop:
            touched.append(billed)
    found: dict[tuple[str, int, Stretch], list[BilledLine]] = {}
    for billed in touched:
        gone = taken.get((billed.document, billed.line.number), ())
        number = billed.line.number if billed.line.item.part is None else 0
        for live in _without([billed.line.service_period.bounds], gone):
            found.setdefault((billed.document, number, live), []).append(billed)
    for (_, _, live), together in found.items():
        yield together, live


def _whole(item: Item) -> Item:
    """Give the item of which a line is a part, or the line's own."""
    return item if item.part is None else item.part.whole


def _without(days: Sequence[Stretch], gone: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield the parts of some days that are left without others."""
    for begin, stop in days:
        start = begin
        for first, last in sorted(gone):
            if first < stop and start < last:
                if start < first:
                    yield start, first
                start = max(start, last)
        if start < stop:
            yield start, stop


def _decided(
    policy: Policy, pairs: list[tuple[Correction, list[OpenLine]]], left: list[LeftOut]
) -> Plan:
    """Let the policy decide whether the differences of an item are corrected, as a whole."""
    if not pairs:
        return Plan(left=left)
    lines = [line for _, made in pairs for line in made]
    reason = _left_alone(policy, lines)
    if reason is None:
        return Plan(lines, [correction for correction, _ in pairs], left)
    difference = total(line.priced for line in lines)
    facts = (("difference", f"{difference} {lines[0].currency}"),)
    days = [correction.period.bounds for correction, _ in pairs]
    hull = Period(min(start for start, _ in days), max(stop for _, stop in days))
    corrections = [evolve(correction, left=reason) for correction, _ in pairs]
    return Plan((), corrections, [*left, LeftOut(reason, hull, facts)])


def _left_alone(policy: Policy, lines: list[OpenLine]) -> Reason | None:
    if policy.corrections is Corrections.REPORT:
        return Reason.CHANGED_AFTER_BILLING
    threshold = dict(policy.correction_threshold).get(lines[0].currency)
    if threshold is None or len({line.item.tax_code for line in lines}) > 1:
        return None  # a small difference, of a tax that is not
    difference = total(line.priced for line in lines).copy_abs()
    return Reason.BELOW_THRESHOLD if difference < threshold else None


def _in_words(
    billed: BilledLine, taken: Taken, credits_: Sequence[OpenLine], anew: Sequence[OpenLine]
) -> Correction:
    line = billed.line
    due = dict.fromkeys(_terms_in_words(_whole(each.item)) for each in anew)
    return Correction(
        record=line.billable,
        period=Period(*taken.days),
        document=billed.document,
        number=line.number,
        billed=_terms_in_words(_whole(line.item)),
        due="; ".join(due),
        taken_back=total(each.priced for each in credits_),
        billed_anew=total(each.priced for each in anew),
        currency=line.currency,
    )


def _terms_in_words(item: Item) -> str:
    price = f"{said_value(item.quantity)} x {said_value(item.unit_price)}"
    if item.pricing is not None:
        price = f"{said_value(item.quantity)} by {item.pricing.model.value}"
    share = "" if item.billed_share == 1 else f" x {said_value(item.billed_share)}"
    discount = f", {item.discount} off" if item.discount is not None else ""
    return f"{price}{share}{discount}" + (f", tax {item.tax_code}" if item.tax_code else "")


class _Maker:
    """Makes the lines that correct one billed line."""

    def __init__(self, item: Item, covered: Covered, billed: BilledLine, terms: Terms) -> None:
        self.item = item
        self.covered = covered
        self.document = billed.document
        self.billed: LineItem = billed.line
        subscription, name, heading, filter_name, policy, _, _ = terms
        currency = billed.line.currency
        self.policy = policy
        quantum = quantum_of(currency)
        self.terms: Terms = (subscription, name, heading, filter_name, policy, currency, quantum)
        has_parts = billed.line.item.part is not None or item.pricing is not None
        self.is_as_billed = policy.credit_basis is CreditBasis.AS_BILLED or has_parts

    def credit(self, taken: Taken) -> OpenLine:
        """Give the line that takes days back."""
        make = self._credit_as_billed if self.is_as_billed else self._credit_repriced
        return make(taken.days)

    def anew(self, taken: Taken) -> list[OpenLine]:
        """Give the lines that bill days anew."""
        return [line for row in taken.anew for line in self._anew(*row)]

    def _credit_as_billed(self, days: Stretch) -> OpenLine:
        start, stop = days
        billed, upto, before = self.billed, self._measure(stop), self._measure(start)
        item = evolve(billed.item, quantity=billed.item.quantity.copy_negate())
        line = make_line(item, billed.billable, self._credited_span(start, stop), self.terms)
        line.amount, line.discount, line.order_discount = (
            had - have for have, had in zip(upto, before, strict=True)
        )
        line.net = line.priced
        line.tax = billed.tax
        return self._marked(line, start, is_credit=True)

    def _measure(self, day: date) -> tuple[Decimal, ...]:
        """Give what the billed line costs up to a day: amount, discount, order discount.

        Never more than the whole line, as some conventions would have it.
        """
        billed = self.billed
        start, stop = billed.service_period.bounds
        if day == start:
            return ZERO, ZERO, ZERO
        if day == stop:
            return billed.amount, billed.discount, billed.order_discount
        span = part_of(billed.item, billed.span, start, day, self.policy)
        line = make_line(billed.item, billed.billable, span, self.terms)
        parts = line.amount, line.discount, self._order_discount(line.amount)
        whole = billed.amount, billed.discount, billed.order_discount
        return tuple(map(_at_most, parts, whole))

    def _order_discount(self, amount: Decimal) -> Decimal:
        """Give the share of the order discount at the rate of the billed line."""
        billed = self.billed
        if not billed.order_discount:
            return ZERO
        rate = Fraction(billed.order_discount) / Fraction(billed.amount)
        return round_amount(Fraction(amount) * rate, billed.currency, self.policy.rounding)

    def _credited_span(self, start: date, stop: date) -> Span:
        """Give the days taken back with their share: what the whole is more than what stays."""
        billed = self.billed
        item, span = billed.item, billed.span
        part = part_of(item, span, start, stop, self.policy)
        rhythm = span.shares[0].rhythm
        if part is span or (rhythm is not None and conserves(item, rhythm, self.policy)):
            return part
        first, last = span.service_period.bounds
        upto = span if stop == last else part_of(item, span, first, stop, self.policy)
        factor = upto.factor
        if first < start:
            factor -= part_of(item, span, first, start, self.policy).factor
        like = part.shares[0]
        share = Share(part.service_period, like.full, factor, like.convention, like.unit)
        return Span(part.service_period, part.cover, (share,), part.tax_days)

    def _credit_repriced(self, days: Stretch) -> OpenLine:
        start, stop = days
        billed = self.billed.item
        base = self.item.versions[0] if self.item.versions else self.item
        old = {name: getattr(billed, name) for name in version_fields(billed.version)}
        quantity = old.get("quantity", base.quantity)
        item = evolve(base, **{**old, "quantity": -quantity, "version": billed.version})
        span = self._credited_span(start, stop)
        line = make_line(item, self.billed.billable, span, self.terms)
        return self._marked(line, start, is_credit=True)

    def _anew(self, start: date, stop: date, version: Item) -> list[OpenLine]:
        billed, whole = self.billed, _whole(self.billed.item)
        item = version
        if self.is_as_billed and (whole.pricing is None) is (version.pricing is None):
            names = version_fields(version.version) | version_fields(whole.version)
            changes = {name: getattr(version, name) for name in names}
            item = evolve(whole, **changes, title=version.title, version=version.version)
        span = part_of(item, billed.span, start, stop, self.policy)
        lines = make_lines(item, billed.billable, span, self.terms)
        for line in lines:
            if self.is_as_billed:
                line.order_discount = self._order_discount(line.amount)
                line.net = line.priced
                if item.tax_code == billed.item.tax_code:
                    line.tax = billed.tax
        return [self._marked(line, start, is_credit=False) for line in lines]

    def _marked(self, line: OpenLine, start: date, *, is_credit: bool) -> OpenLine:
        billed, is_as_billed = self.billed, self.is_as_billed
        keeps_tax = is_as_billed and line.item.tax_code == billed.item.tax_code
        line.corrects = Corrected(self.document, billed.number, is_credit, is_as_billed, keeps_tax)
        if is_credit:
            line.own_key = f"{billed.billing_key}!{start.isoformat()}"
        else:
            revision = self.covered.revision_on(start) + 1
            line.own_key = part_key(billing_key(billed.billable, start, revision), line.item)
        return line


def _at_most(part: Decimal, whole: Decimal) -> Decimal:
    return part if part.copy_abs() <= whole.copy_abs() else whole
