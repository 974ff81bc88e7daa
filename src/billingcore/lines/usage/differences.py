"""Lines for usage, also if a part of it is billed already: the difference to what was billed.

Lines on a draft that the same run made before are made anew, with what came since; they keep the
names of what they bill, and so take the place of the old ones (behaviour 1.3). What is on any
other live document stays, and the lines of this run are the difference, tier by tier.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from attrs import define

from billingcore.lines.line import OpenLine
from billingcore.lines.making import make_line
from billingcore.lines.origin import UsageOrigin
from billingcore.lines.usage.billed import BilledUsage, Portion
from billingcore.lines.usage.rating import Pot, lines_of, shown, span_of, tag_of
from billingcore.periods.span import Span
from billingcore.records.item import Item
from billingcore.records.usage import UsageRecord
from billingcore.scope.run import InvoiceRun
from billingcore.values.context import ZERO
from billingcore.values.currency import quantum_of
from billingcore.values.sealing import new_tuple

__all__ = ["put", "rated"]

Tagged = tuple[str, OpenLine]
"""Which part of a price a line is, and the line."""


def rated(pot: Pot, billed: BilledUsage, run: InvoiceRun) -> list[OpenLine]:
    """Make the lines of a pot; runs inside `exactly`.

    Raises:
        InvalidInputError: the item has no price for the quantity, or for the day.
    """
    portions = () if billed.is_empty else billed.portions_of(pot.key)
    if portions:
        return _Difference(pot, portions, run).lines()
    usage = tuple(pot.usage)
    span = span_of(run, usage, pot.days)
    lines = lines_of(pot, usage, (), span) or [_empty(pot, pot.item, span)]
    for number, line in enumerate(lines, 1):
        line.own_key = pot.key_of_line(number, 0)
        row = pot.key, usage, (), tag_of(line.item), 0, pot.chosen
        line.origin = new_tuple(UsageOrigin, row)
    return lines


def _empty(pot: Pot, item: Item, span: Span) -> OpenLine:
    """Make a line that costs nothing."""
    return put(_blank(pot, item, span), ZERO, ZERO, ZERO)


def _blank(pot: Pot, item: Item, span: Span) -> OpenLine:
    return make_line(item.sold(ZERO), pot.slot.billable, span, pot.terms)


def put(line: OpenLine, quantity: Decimal, amount: Decimal, discount: Decimal) -> OpenLine:
    """Let a line cost a difference."""
    cents = quantum_of(line.currency)
    line.amount = amount.quantize(cents)
    line.discount = discount.quantize(cents) if discount else ZERO
    line.net = line.amount - line.discount
    line.item = shown(line.item, quantity, line.amount, line.currency)
    return line


@define
class _Billed:
    """What other documents bill of one part of a price."""

    item: Item
    quantity: Decimal = ZERO
    amount: Decimal = ZERO
    discount: Decimal = ZERO

    def add(self, line: OpenLine) -> None:
        """Count a line."""
        self.item = line.item
        self.quantity += line.quantity
        self.amount += line.amount
        self.discount += line.discount


class _Difference:
    """Makes the lines of a pot of which a part is billed."""

    def __init__(self, pot: Pot, portions: Sequence[Portion], run: InvoiceRun) -> None:
        self._pot = pot
        come = [*pot.usage, *pot.taken_back]
        group = run.policy.group_of(_empty(pot, pot.item, span_of(run, come)))
        self._own = [portion for portion in portions if portion.group == group]
        self._other = [portion for portion in portions if portion.group != group]
        self._usage, self._back = _merged(pot, [portion.origin for portion in self._own])
        self._span = span_of(run, [*self._usage, *self._back])

    def lines(self) -> list[OpenLine]:
        """Make the lines of what this run has to bill."""
        pot, others = self._pot, [portion.origin for portion in self._other]
        usage = [*self._usage, *(record for each in others for record in each.usage)]
        back = [*self._back, *(record for each in others for record in each.taken_back)]
        found = [(tag_of(each.item), each) for each in lines_of(pot, usage, back, self._span)]
        if others:
            found = list(self._less_billed(found))
        if not found:
            found = [("", _empty(pot, pot.item, self._span))]
        return self._named(found)

    def _less_billed(self, found: Iterable[Tagged]) -> Iterator[Tagged]:
        """Take off what other documents bill, part by part of the price."""
        billed: dict[str, _Billed] = {}
        for portion in self._other:
            for line in portion.lines:
                tag = line.origin.tag if isinstance(line.origin, UsageOrigin) else ""
                billed.setdefault(tag, _Billed(line.item)).add(line)
        for tag, total in found:
            row = billed.pop(tag, _Billed(total.item))
            quantity = total.quantity - row.quantity
            amount, discount = total.amount - row.amount, total.discount - row.discount
            if quantity or amount or discount:
                yield tag, put(total, quantity, amount, discount)
        for tag, row in billed.items():
            if row.quantity or row.amount or row.discount:
                gone = _blank(self._pot, row.item, self._span)
                yield tag, put(gone, -row.quantity, -row.amount, -row.discount)

    def _named(self, found: Sequence[Tagged]) -> list[OpenLine]:
        """Say of lines what they bill, and empty those of the draft that are not needed any more."""
        pot, usage, back = self._pot, tuple(self._usage), tuple(self._back)
        if self._own:
            revision = self._own[0].origin.revision
        else:
            revision = max(portion.origin.revision for portion in self._other) + 1
        named: dict[str, OpenLine] = {}
        for number, (tag, line) in enumerate(found, 1):
            line.own_key = pot.key_of_line(number, revision)
            line.origin = UsageOrigin(pot.key, usage, back, tag, revision, pot.chosen)
            named[line.own_key] = line
        for line in [line for portion in self._own for line in portion.lines]:
            if line.billing_key not in named:
                gone = _empty(pot, line.item, self._span)
                gone.own_key = line.billing_key
                gone.origin = UsageOrigin(pot.key, usage, back, "", revision, pot.chosen)
                named[gone.own_key] = gone
        return list(named.values())


def _merged(pot: Pot, own: Sequence[UsageOrigin]) -> tuple[list[UsageRecord], list[UsageRecord]]:
    """Give what the lines of this run bill and take back, with what its draft has already.

    What was billed and is taken back on one draft is on neither side, unless that is all.
    """
    usage = [*(record for each in own for record in each.usage), *pot.usage]
    back = [*(record for each in own for record in each.taken_back), *pot.taken_back]
    if not (own and back):
        return usage, back
    count = Counter(map(_measure, usage))
    count.subtract(map(_measure, back))
    if not any(count.values()):
        return usage, back  # so that the draft still says what was on it
    return _first(usage, count), _first(back, Counter({name: -n for name, n in count.items()}))


def _measure(record: UsageRecord) -> tuple[str, str]:
    return record.name, record.terms


def _first(records: Iterable[UsageRecord], count: Counter[tuple[str, str]]) -> list[UsageRecord]:
    """Give as many of each record as are counted."""
    found: list[UsageRecord] = []
    for record in records:
        name = _measure(record)
        if count[name] > 0:
            count[name] -= 1
            found.append(record)
    return found
