"""Minimum fees and commitments: what usage of a period is short of what was agreed.

When a billing period closes, what its usage costs after discounts is compared with the minimum;
one line has the difference. Usage of that period that comes later takes it back, down to nothing,
and usage that is taken back raises it again: the line is always what is due less what is billed
(behaviour 2.10). 80.00 of usage and a minimum of 100.00 are a line of 20.00.

A commitment is the same with a longer period, and with the order numbers of the items whose usage
counts. It is counted once for its period, also if terms change within: the minimum is that of the
first day, or with a proration convention each day's, by its share of the period.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple, cast

from billingcore.errors import InvalidInputError
from billingcore.lines.harvest import Harvest
from billingcore.lines.line import LineItem, OpenLine
from billingcore.lines.making import Terms, make_line
from billingcore.lines.origin import TrueUpOrigin, UsageOrigin
from billingcore.lines.usage.billed import BilledUsage, LiveLine
from billingcore.lines.usage.matching import Contract, Matcher, Slot
from billingcore.lines.usage.rating import flat
from billingcore.lines.usage.windows import service_days, usage_grid
from billingcore.periods.due import run_facts
from billingcore.periods.proration import NONE
from billingcore.periods.shares import share_of, whole_span
from billingcore.periods.timeline import timeline_of
from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.subscription import Subscription
from billingcore.records.terms import BillingType
from billingcore.scope.eligibility import item_hindrance
from billingcore.scope.switches import FirstPeriod
from billingcore.values.context import ZERO
from billingcore.values.currency import quantum_of
from billingcore.values.keys import billing_key
from billingcore.values.period import Period
from billingcore.values.rounding import allocate
from billingcore.values.sealing import fill

__all__ = ["true_ups"]

MINIMUM_FEE: Final = BillingType.MINIMUM_FEE  # looked up slowly in its class
_ONE: Final = Decimal(1)


def true_ups(found: Harvest, matcher: Matcher, billed: BilledUsage) -> None:
    """Add the minimum fees of an account; runs inside `exactly`."""
    fees = [
        (contract, item, billable)
        for contract in matcher.contracts
        for item, billable in contract.subscription.metered
        if item.recurrence is MINIMUM_FEE
    ]
    if not fees:
        return
    name = found.run.selection.applied_name
    usage = _New(found.lines)
    for contract, item, billable in fees:
        terms = contract.own_terms
        if terms is None:
            continue
        pool = _pool(matcher, contract, item)
        unwanted = _unwanted(found, contract, item, billable, pool)
        if unwanted is not None:
            found.exclude(billable, unwanted, name)
            continue
        try:
            fee = _Fee(found, item, billable, contract.subscription, terms)
            fee.read(usage, billed, [slot.billable for slot in pool])
            why = fee.add() if item.active else item_hindrance(item)
        except InvalidInputError as error:
            found.problem(billable, error, name)
        else:
            if why is not None:
                found.exclude(billable, why, name)


def _unwanted(
    found: Harvest, contract: Contract, item: Item, billable: str, pool: Sequence[Slot]
) -> LeftOut | None:
    """Say why a run does not want a minimum fee; None if it does.

    It does not either if usage that counts is billed at other times than the fee.
    """
    wanted = found.run.wanted
    if wanted is None:
        return None
    why = wanted.of_item(found.snapshot, contract.subscription, item, billable)
    others = (wanted.of_frequency(slot.item) for slot in pool)
    return why or next(filter(None, others), None)


def _pool(matcher: Matcher, contract: Contract, item: Item) -> list[Slot]:
    """Give the items whose usage counts: those of the order numbers, or all of the subscription."""
    wanted = {no.strip() for no in item.order_no.split(",")}
    own = [slot for slot in matcher.slots.values() if slot.contract is contract]
    return [slot for slot in own if not item.order_no or slot.order_no in wanted]


class _New:
    """The lines of usage that a run has made.

    Attributes:
        by_item: item → its lines.
        keys: what they bill.
    """

    def __init__(self, lines: Iterable[OpenLine]) -> None:
        self.by_item: dict[str, list[OpenLine]] = {}
        self.keys: set[str] = set()
        for line in lines:
            if isinstance(line.origin, UsageOrigin):
                self.by_item.setdefault(line.billable, []).append(line)
                self.keys.add(line.own_key)


class _Used(NamedTuple):
    """What usage of one item costs on a line.

    Attributes:
        day: the last day of service of the line.
        billable: the item.
        amount: after its discounts.
    """

    day: date
    billable: str
    amount: Decimal


class _Fee:
    """One minimum fee in one run."""

    def __init__(
        self, found: Harvest, item: Item, billable: str, contract: Subscription, terms: Terms
    ) -> None:
        self._found = found
        self._run = found.run
        self._item = item
        self._billable = billable
        self._terms = terms
        self._grid = usage_grid(item, contract, found.run.policy)
        self._service = service_days(item, contract)
        self._currency = item.currency or terms[5]
        self._pool: Sequence[str] = ()
        self._used: list[_Used] = []
        self._live: list[LiveLine] = []

    def read(self, new: _New, billed: BilledUsage, pool: Sequence[str]) -> None:
        """Read what usage costs, on live documents and in this run."""
        self._pool = pool
        self._live = list(billed.lines_of(self._billable))
        lines = [line for billable in pool for line in new.by_item.get(billable, ())]
        live = [each for billable in pool for each in billed.lines_of(billable)]
        for _, group, line in live:
            is_anew = group is not None and line.billing_key in new.keys
            if isinstance(line.origin, UsageOrigin) and not is_anew:
                lines.append(line)
        self._used = sorted(
            _Used(line.service_end, line.billable, line.amount - line.discount)
            for line in lines
            if line.currency == self._currency
        )

    def add(self) -> LeftOut | None:
        """Add a line for each period whose difference changed; if there is none, say why."""
        reason = LeftOut(Reason.NOT_DUE, facts=run_facts(self._run))
        is_added = False
        for window in self._closed():
            start, stop = window.bounds
            used = [row for row in self._used if start <= row.day < stop]
            minimum = self._minimum(window)
            due = max(minimum - sum([row.amount for row in used], ZERO), ZERO)
            live = self._lines_for(window)
            if due == sum([each.line.amount for each in live], ZERO):
                reason = LeftOut(Reason.COVERED if due else Reason.MINIMUM_REACHED, window)
                continue
            self._found.lines.append(self._line(window, minimum, due, used, live))
            is_added = True
        return None if is_added else reason

    def _line(
        self,
        window: Period,
        minimum: Decimal,
        due: Decimal,
        used: Sequence[_Used],
        live: Sequence[LiveLine],
    ) -> OpenLine:
        """Make the line of a period: the draft's own anew, or what differs from what is billed."""
        span = whole_span(self._run.policy, window, None)
        cents = quantum_of(self._currency)
        line = make_line(self._fee(due, cents), self._billable, span, self._terms)
        group = self._run.policy.group_of(line)
        other = [each.line for each in live if each.group != group]
        own = [each.line for each in live if each.group == group]
        amount = due - sum([each.amount for each in other], ZERO)
        line = make_line(self._fee(amount, cents), self._billable, span, self._terms)
        revisions = [_origin_of(each).revision for each in own or other]
        revision = max(revisions, default=-1) + (0 if own else 1)
        line.own_key = billing_key(self._billable, window.bounds[0], revision)
        line.origin = TrueUpOrigin(
            self._billable,
            window,
            minimum,
            sum([row.amount for row in used], ZERO),
            self._shares(amount, used),
            not any(_origin_of(each).is_first for each in other),
            revision,
        )
        return line

    def _fee(self, amount: Decimal, cents: Decimal) -> Item:
        """Give the item of a line of an amount; no discount is taken off a minimum."""
        item = self._item.versions[0] if self._item.versions else self._item
        one = flat(item, _ONE if amount >= 0 else -_ONE, amount.quantize(cents))
        fill(one, discount=None)
        return one

    def _shares(self, amount: Decimal, used: Sequence[_Used]) -> tuple[tuple[str, Decimal], ...]:
        """Divide a line among the items whose usage counts, in proportion to what that costs."""
        if not self._pool:
            return ()
        weights = [
            max(sum([row.amount for row in used if row.billable == billable], ZERO), ZERO)
            for billable in self._pool
        ]
        equal = [_ONE] * len(weights)
        shares = allocate(amount, weights if any(weights) else equal, currency=self._currency)
        return tuple(zip(self._pool, shares, strict=True))

    def _closed(self) -> Iterator[Period]:
        """Yield the billing periods that have closed, since something was first billed."""
        if self._service is None:
            return
        first, last = self._service
        run_start, run_stop = self._run.period.bounds
        if self._grid is None:
            start, stop = max(run_start, first), min(run_stop, last)
            now = {Period(start, stop)} if start < stop else set[Period]()
            yield from sorted({*self._windows(), *now}, key=_bounds)
            return
        start = self._grid.border_before(self._since(first))
        while start < min(run_stop, last):
            stop = self._grid.border_after(start)
            if first < stop and min(stop, last) <= run_stop:
                yield Period(max(start, first), min(stop, last))
            start = stop

    def _since(self, first: date) -> date:
        """Give the day from which on periods are looked at."""
        migrated, start = self._item.next_service_period_start, self._run.period.bounds[0]
        if migrated is not None:
            return migrated
        if self._run.policy.first_period is FirstPeriod.FROM_ITEM and first > date.min:
            return first
        days = [row.day for row in self._used]
        days += [window.bounds[0] for window in self._windows()]
        return max(first, min([start, *days]))

    def _windows(self) -> Iterator[Period]:
        """Yield the periods that have lines."""
        for live in self._live:
            if isinstance(live.line.origin, TrueUpOrigin):
                yield live.line.origin.window

    def _lines_for(self, window: Period) -> list[LiveLine]:
        """Give the live lines of a period."""
        rows = [(live, live.line.origin) for live in self._live]
        return [
            live
            for live, origin in rows
            if isinstance(origin, TrueUpOrigin) and origin.window == window
        ]

    def _minimum(self, window: Period) -> Decimal:
        """Give what was agreed for a period.

        Raises:
            InvalidInputError: the convention cannot measure the period.
        """
        item, (start, stop) = self._item, window.bounds
        policy, versions = self._run.policy, item.versions or (item,)
        parts = [*timeline_of(item, policy).parts(start, stop)]
        if item.proration in (None, NONE):
            parts = [(start, stop, parts[0][2])]
        price = ZERO
        for begin, end, number in parts:
            factor = Fraction(1)
            if self._grid is not None:
                days = Period(begin, end)
                factor = share_of(versions[number], days, self._grid, policy).factor
            own = versions[number].position_price
            price += own * factor.numerator / factor.denominator
        return price.quantize(quantum_of(self._currency), policy.rounding_mode)


def _origin_of(line: LineItem) -> TrueUpOrigin:
    """Give where the line of a minimum fee comes from."""
    return cast("TrueUpOrigin", line.origin)


def _bounds(period: Period) -> tuple[date, date]:
    return period.bounds
