"""A second implementation of the engine, slow and obviously right: day by day, written from the rules.

It shares nothing with the package but the records that go in. Days are counted one by one, a
covered day is a member of a set, and amounts are fractions until they are rounded by hand.
It knows what `DOCUMENTED` and `LEVEL` do with one-time and recurring items, both practices, sync,
discounts of lines, and taxes per category or per line.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

DAY = timedelta(days=1)
MONTHS = {"MONTH": 1, "QUARTER": 3, "HALF_YEAR": 6, "YEAR": 12}
SYNC = {
    "Start of next month": 1,
    "Start of next quarter": 3,
    "Start of next half year": 6,
    "Start of next year": 12,
    "Start of next fiscal quarter": 3,
    "Start of next fiscal half year": 6,
    "Start of next fiscal year": 12,
}


@dataclass
class State:
    """What has happened to one item so far."""

    covered: set[date] = field(default_factory=set)
    is_done: bool = False
    is_on_draft: bool = False


@dataclass
class Line:
    """What the oracle bills."""

    billable: str
    first: date
    last: date
    amount: Fraction
    net: Fraction
    rate: Fraction
    is_gross: bool


class Oracle:
    """Bills the subscriptions of one account, run by run."""

    def __init__(self, subscriptions: Any, rates: Any, *, level: bool, tax_per_line: bool) -> None:
        self.subscriptions = subscriptions
        self.rates = rates
        self.is_level = level
        self.tax_per_line = tax_per_line
        self.states: dict[str, State] = {}

    def bill(self, first: date, last: date) -> dict[tuple[str, str], list[Line]]:
        """Give the lines of one run, by subscription and criterion, and remember them as drafts."""
        documents: dict[tuple[str, str], list[Line]] = {}
        for contract in self.subscriptions:
            for item in contract.items:
                name = f"{contract.id}/{item.id}"
                state = self.states.setdefault(name, State())
                if state.is_on_draft and not self.is_level:
                    continue
                for start, end, factor in self._due(item, contract, state, first, last):
                    line = self._line(name, item, start, end, factor)
                    documents.setdefault((contract.id, item.criterion), []).append(line)
                    state.is_on_draft = True
        return documents

    def finalize(self) -> None:
        """Turn all drafts into invoices."""
        for state in self.states.values():
            state.is_on_draft = False

    def totals(self, lines: list[Line]) -> tuple[Fraction, Fraction, Fraction]:
        """Give net, tax and gross of a document."""
        net = tax = Fraction(0)
        for rate, is_gross in {(line.rate, line.is_gross) for line in lines}:
            own = [line.net for line in lines if (line.rate, line.is_gross) == (rate, is_gross)]
            bases = own if self.tax_per_line else [sum(own, Fraction(0))]
            for base in bases:
                share = rate / (100 + rate) if is_gross else rate / 100
                part = cents(base * share)
                net += base - part if is_gross else base
                tax += part
        return net, tax, net + tax

    def _line(self, name: str, item: Any, first: date, last: date, factor: Fraction) -> Line:
        quantity = Fraction(item.quantity)
        if item.price_type.value == "Flat":
            quantity = Fraction(1 if quantity > 0 else -1)
        amount = cents(Fraction(item.unit_price) * quantity * factor)
        net = amount - discount(item.discount, amount)
        rate = Fraction(self.rates(item.tax_code, last)) if item.tax_code else Fraction(0)
        return Line(name, first, last, amount, net, rate, item.price_includes_tax)

    def _due(
        self, item: Any, contract: Any, state: State, run_first: date, run_last: date
    ) -> list[tuple[date, date, Fraction]]:
        begin = latest(item.start, contract.start)
        end = earliest(item.end, contract.end)
        if begin and end and begin > end:
            return []
        kind = item.billing_type.value
        if kind == "One-Time" and item.cadence and item.start and item.end:
            kind = "Recurring Prorated"
        if kind == "One-Time":
            return self._once(item, state, begin, end, run_first, run_last)
        if item.cadence is None:
            return self._each_run(state, begin, end, run_first, run_last)
        return self._periods(item, kind, state, begin, end, run_first, run_last)

    def _once(
        self, item: Any, state: State, begin: Any, end: Any, run_first: date, run_last: date
    ) -> list[tuple[date, date, Fraction]]:
        if state.is_done or (begin and begin > run_last):
            return []
        if end and end < run_first:
            if not self.is_level:
                return []
            service = latest(item.start, begin) if item.start else end, end
        else:
            service = run_first, min(run_last, end or run_last)
        state.is_done = True
        return [(*service, Fraction(1))]

    def _each_run(
        self, state: State, begin: Any, end: Any, run_first: date, run_last: date
    ) -> list[tuple[date, date, Fraction]]:
        if (begin and begin > run_last) or (end and end < run_first):
            return []
        day, stop = run_first, min(run_last, end or run_last)
        while day in state.covered:
            day += DAY
        if day > stop:
            return []
        last = day
        while last < stop and last + DAY not in state.covered:
            last += DAY
        cover(state, day, last)
        return [(day, last, Fraction(1))]

    def _periods(
        self,
        item: Any,
        kind: str,
        state: State,
        begin: Any,
        end: Any,
        run_first: date,
        run_last: date,
    ) -> list[tuple[date, date, Fraction]]:
        is_arrears = item.billing_practice.value == "Arrears"
        since = begin or run_first
        if not self.is_level and not is_arrears:
            since = min(state.covered) if state.covered else max(since, run_first)
        grid = Grid(item, min(state.covered) if state.covered else since)
        found: list[tuple[date, date, Fraction]] = []
        day = since
        while True:
            while day in state.covered:
                day += DAY
            if end and day > end:
                return found
            last = last_day(grid, state, day, end)
            if (last if is_arrears else day) > run_last:
                return found
            found.append((day, last, grid.factor(kind, day, last)))
            cover(state, day, last)
            if not self.is_level:
                return found


def last_day(grid: Grid, state: State, first: date, end: date | None) -> date:
    """Give the last day of a period: before the next border, covered day, or the end."""
    last = first
    while last != end and last + DAY not in state.covered:
        if grid.is_border(last + DAY, first):
            break
        last += DAY
    return last


class Grid:
    """The borders of an item's periods: a day is one or it is not."""

    def __init__(self, item: Any, first: date) -> None:
        self.cadence = item.cadence
        self.anchor = item.cadence.anchor or first
        self.is_month_end = item.cadence.day.name == "MONTH_END"
        self.boundary = None
        if item.sync_with and not is_boundary(first, SYNC[item.sync_with.value]):
            self.boundary = first
            while not is_boundary(self.boundary, SYNC[item.sync_with.value]):
                self.boundary += DAY

    def is_border(self, day: date, seen_from: date) -> bool:
        """Tell whether a period begins on a day, as seen from a day of the period before."""
        if self.boundary is None or seen_from < self.boundary:
            return day == self.boundary or self._begins(day, self.anchor)
        return self._begins(day, self.boundary)

    def _begins(self, day: date, anchor: date) -> bool:
        unit = self.cadence.unit.name
        if unit == "WEEK":
            return (day - anchor).days % (7 * self.cadence.count) == 0
        months = self.cadence.count * MONTHS.get(unit, 1)
        if ((day.year - anchor.year) * 12 + day.month - anchor.month) % months:
            return False
        longest = calendar.monthrange(day.year, day.month)[1]
        return day.day == (longest if self.is_month_end else min(anchor.day, longest))

    def factor(self, kind: str, first: date, last: date) -> Fraction:
        """Give the price of some days within one period, in unit prices."""
        anchor = self.anchor
        if self.boundary and first >= self.boundary:
            anchor = self.boundary
        unit, count = self.cadence.unit.name, self.cadence.count
        begin, after = first, first + DAY
        while not self._begins(begin, anchor):
            begin -= DAY
        while not self._begins(after, anchor):
            after += DAY
        if unit == "DAY":
            return Fraction(
                (after - begin).days if kind == "Recurring" else (last - first).days + 1
            )
        if kind == "Recurring" or (begin, after) == (first, last + DAY):
            return Fraction(count)
        if kind == "Recurring Prorated":
            return calendar_months(first, last) / MONTHS[unit]
        return average_months(first, last) / MONTHS[unit]


def calendar_months(first: date, last: date) -> Fraction:
    """Count n for exactly n months, else every day as its part of its calendar month."""
    months = 0
    while later(first, months) < last + DAY:
        months += 1
    if later(first, months) == last + DAY:
        return Fraction(months)
    share, day = Fraction(0), first
    while day <= last:
        share += Fraction(1, calendar.monthrange(day.year, day.month)[1])
        day += DAY
    return share


def average_months(first: date, last: date) -> Fraction:
    """Count whole months from the first day, then every day as 12/365."""
    months = 0
    while later(first, months + 1) <= last + DAY:
        months += 1
    share, day = Fraction(months), later(first, months)
    while day <= last:
        share += Fraction(12, 365)
        day += DAY
    return share


def later(day: date, months: int) -> date:
    """Give the same day so many months later, or the last day of a shorter month."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def is_boundary(day: date, months: int) -> bool:
    """Tell whether a day begins a calendar month, quarter, half year or year."""
    return day.day == 1 and (day.month - 1) % months == 0


def cover(state: State, first: date, last: date) -> None:
    """Mark days as billed, one by one."""
    while first <= last:
        state.covered.add(first)
        first += DAY


def cents(amount: Fraction) -> Fraction:
    """Round half up, away from zero, to cents."""
    whole, rest = divmod(abs(amount) * 100, 1)
    rounded = Fraction(int(whole) + (1 if rest >= Fraction(1, 2) else 0), 100)
    return -rounded if amount < 0 else rounded


def discount(given: Any, amount: Fraction) -> Fraction:
    """Give what the discount of a line takes off."""
    if given is None:
        return Fraction(0)
    if given.kind.value == "percent":
        return cents(amount * Fraction(given.value) / 100)
    off = min(cents(Fraction(given.value)), abs(amount))
    return -off if amount < 0 else off


def latest(one: date | None, other: date | None) -> date | None:
    """Give the later of two days, where none is the beginning of time."""
    return max((day for day in (one, other) if day), default=None)


def earliest(one: date | None, other: date | None) -> date | None:
    """Give the earlier of two days, where none is the end of time."""
    return min((day for day in (one, other) if day), default=None)
