"""What is due of every day of an item that changes: slow, day by day, written from the rules.

It shares nothing with the package but the records that go in and the lines that come out. Every day
has a weight, the factor of a billing period is the sum of its days' weights, and what a day costs is
what the rounded total of its billing period grows by on that day. What is due of a day follows from
the contract as it is in the end, never from what was billed before.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

DAY = timedelta(days=1)
HORIZON = date(2029, 12, 31)
MONTHS = {"MONTH": 1, "QUARTER": 3, "HALF_YEAR": 6, "YEAR": 12}
SYNC = {
    "NEXT_MONTH": 1,
    "NEXT_QUARTER": 3,
    "NEXT_HALF_YEAR": 6,
    "NEXT_YEAR": 12,
    "FISCAL_QUARTER": 3,
    "FISCAL_HALF_YEAR": 6,
    "FISCAL_YEAR": 12,
}
DEFAULTS = {
    "RECURRING_PRORATED": "CALENDAR_MONTHS",
    "RECURRING_PRORATED_AVG": "AVERAGE_MONTHS",
}


@dataclass(frozen=True)
class Terms:
    """What decides the cost of a day: the price of a whole unit, a percentage off, the tax code."""

    price: Fraction
    percent: Fraction
    tax_code: str | None


@dataclass(frozen=True)
class Rhythm:
    """How an item's billing periods run: all that the weights of its days follow from."""

    convention: str
    unit: str
    count: int
    anchor: date
    is_month_end: bool
    boundary: date | None
    first: date

    def begins(self, day: date) -> bool:
        """Tell whether a billing period begins on a day."""
        return day in (self.first, self.boundary) or self.is_border(day, self.anchor_on(day))

    def anchor_on(self, day: date) -> date:
        """Give the day that the rhythm of a day counts from."""
        return self.boundary if self.boundary and day >= self.boundary else self.anchor

    def is_border(self, day: date, anchor: date) -> bool:
        """Tell whether a day is so many whole counts of units away from an anchor."""
        if self.unit == "WEEK":
            return (day - anchor).days % (7 * self.count) == 0
        months = self.count * MONTHS.get(self.unit, 1)
        if ((day.year - anchor.year) * 12 + day.month - anchor.month) % months:
            return False
        longest = calendar.monthrange(day.year, day.month)[1]
        return day.day == (longest if self.is_month_end else min(anchor.day, longest))

    def period(self, day: date) -> tuple[date, date]:
        """Give the first day of a day's billing period, and the first day after it."""
        anchor = self.anchor_on(day)
        start, stop = day, day + DAY
        while not self.is_border(start, anchor):
            start -= DAY
        while not self.is_border(stop, anchor):
            stop += DAY
        return start, stop

    def weights(self) -> Iterator[tuple[date, Fraction]]:
        """Yield every day of service with its part of a unit price, without end."""
        day, start, stop = self.first, self.first, self.first
        while True:
            if day == self.boundary or day >= stop:
                start, stop = self.period(day)
            yield day, self._weight(day, (stop - start).days)
            day += DAY

    def _weight(self, day: date, length: int) -> Fraction:
        if self.unit == "DAY":
            return Fraction(1)
        if self.convention == "ACTUAL_DAYS":
            return Fraction(self.count, length)
        if self.unit == "WEEK":
            return Fraction(1, 7)
        return WEIGHTS[self.convention](day) / MONTHS[self.unit]


def of_thirty(day: date) -> Fraction:
    """Give a day's part of a month of 30 days in which a 31st counts as the 30th."""
    longest = calendar.monthrange(day.year, day.month)[1]
    if longest == 31 and day.day == 30:
        return Fraction(0)
    return Fraction(31 - longest if day.day == longest < 30 else 1, 30)


def of_strict_thirty(day: date) -> Fraction:
    """Give a day's part of a month of 30 days in which a 31st is free."""
    longest = calendar.monthrange(day.year, day.month)[1]
    if day.day == 31:
        return Fraction(0)
    return Fraction(31 - longest if day.day == longest < 30 else 1, 30)


def of_its_month(day: date) -> Fraction:
    """Give a day's part of its calendar month."""
    return Fraction(1, calendar.monthrange(day.year, day.month)[1])


WEIGHTS: dict[str, Callable[[date], Fraction]] = {
    "CALENDAR_MONTHS": of_its_month,
    "MONTH_FRACTIONS": of_its_month,
    "ACT_365": lambda _: Fraction(12, 365),
    "ACT_360": lambda _: Fraction(12, 360),
    "THIRTY_E_360": of_thirty,
    "STRICT_30": of_strict_thirty,
}


class Day(NamedTuple):
    """Where a day lies in its billing period: its days of service, and the weights before it and with it."""

    first: date
    last: date
    before: Fraction
    upto: Fraction


@lru_cache(maxsize=16)
def calendar_of(rhythm: Rhythm) -> dict[date, Day]:
    """Lay out all days of service, billing period by billing period."""
    found: dict[date, Day] = {}
    weights = rhythm.weights()
    rows = [next(weights)]
    while rows[-1][0] < HORIZON:
        following = next(weights)
        if rhythm.begins(following[0]):
            first, last, total = rows[0][0], rows[-1][0], Fraction(0)
            for day, weight in rows:
                found[day] = Day(first, last, total, total + weight)
                total += weight
            rows = []
        rows.append(following)
    return found


@lru_cache(maxsize=8192)
def cost(rhythm: Rhythm, terms: Terms, day: date) -> int:
    """Give what a day costs in cents: what the rounded total of its billing period grows by."""
    where = calendar_of(rhythm)[day]
    return net(terms, where.upto) - net(terms, where.before)


def net(terms: Terms, factor: Fraction) -> int:
    """Give what so many units cost in cents, after the discount."""
    amount = half_up(terms.price * factor * 100)
    return amount - half_up(amount * terms.percent / 100)


def half_up(amount: Fraction) -> int:
    """Round to a whole number, half of one away from zero."""
    whole, rest = divmod(abs(amount), 1)
    rounded = int(whole) + (2 * rest >= 1)
    return -rounded if amount < 0 else rounded


class Oracle:
    """One item of a contract as it is now: what is due of each of its days."""

    def __init__(self, contract: Any, item: Any, *, is_old_day: bool = False) -> None:
        self.item = item
        self.is_old_day = is_old_day
        self.changes = [*contract.changes, *item.changes]
        self.begin = max(day for day in (contract.start, item.start) if day)
        self.end = min((day for day in (contract.end, item.end) if day), default=None)
        self.rhythm = rhythm_of(item, self.begin)
        self.calendar = calendar_of(self.rhythm)
        self._terms: dict[date, Terms | None] = {}

    def fields(self, day: date) -> dict[str, Any]:
        """Give the fields of the item on a day: those of each change that began last."""
        if self.is_old_day and any(change.on == day for change in self.changes):
            day -= DAY
        found = {name: getattr(self.item, name) for name in FIELDS}
        in_force = [each for each in self.changes if each.on <= day <= (each.until or day)]
        for change in sorted(in_force, key=lambda each: each.on):
            found.update(change.terms)
        return found

    def terms(self, day: date) -> Terms | None:
        """Give the terms on which a day is due; None if it is not."""
        if day not in self._terms:
            self._terms[day] = self._find_terms(day)
        return self._terms[day]

    def _find_terms(self, day: date) -> Terms | None:
        if day < self.begin or (self.end and day > self.end):
            return None
        found = self.fields(day)
        if not found["quantity"] or not found["billed_share"]:
            return None
        return terms_of(found)

    def due(self, day: date) -> dict[str | None, int]:
        """Give what is due of a day in cents, by tax code; empty if nothing is."""
        terms = self.terms(day)
        amount = 0 if terms is None else cost(self.rhythm, terms, day)
        return {terms.tax_code: amount} if terms and amount else {}

    def must_be_billed(self, day: date, run_last: date) -> bool:
        """Tell whether runs up to a day must have billed a day.

        In advance they reach all days up to their last, in arrears the billing periods that
        have ended.
        """
        if self.terms(day) is None:
            return False
        if self.fields(day)["billing_practice"].name == "ADVANCE" and day <= run_last:
            return True
        last = self.calendar[day].last
        return min(last, self.end or last) <= run_last

    def may_be_billed(self, day: date, run_last: date) -> bool:
        """Tell whether runs up to a day can have billed a day: of billing periods that have begun."""
        return self.terms(day) is not None and self.calendar[day].first <= run_last


FIELDS = (
    "unit_price",
    "quantity",
    "price_type",
    "discount",
    "tax_code",
    "billing_practice",
    "billed_share",
)


def terms_of(found: dict[str, Any]) -> Terms:
    """Read what decides the cost of a day from the fields of an item."""
    quantity = Fraction(found["quantity"])
    if found["price_type"].name == "FLAT":
        quantity = Fraction(1 if quantity > 0 else -1)
    price = Fraction(found["unit_price"]) * quantity * Fraction(found["billed_share"])
    discount = found["discount"]
    percent = Fraction(discount.value) if discount else Fraction(0)
    return Terms(price, percent, found["tax_code"])


def rhythm_of(item: Any, begin: date) -> Rhythm:
    """Read how an item is billed that begins on a day."""
    cadence = item.cadence
    convention = item.proration.name if item.proration else DEFAULTS[item.recurrence.name]
    anchor = cadence.anchor or begin
    boundary = None
    if item.sync_with is not None:
        months = SYNC[item.sync_with.name]
        boundary = begin
        while boundary.day != 1 or (boundary.month - 1) % months:
            boundary += DAY
        boundary = None if boundary == begin else boundary
    is_month_end = cadence.day.name == "MONTH_END"
    unit, count = cadence.unit.name, cadence.count
    return Rhythm(convention, unit, count, anchor, is_month_end, boundary, begin)


def spread(rhythm: Rhythm, line: Any) -> Iterator[tuple[date, str | None, int]]:
    """Spread a line over its days: the cents it bills of each, by the line's own terms."""
    terms = terms_of({name: getattr(line.item, name) for name in FIELDS})
    for day in days_of(line.service_period):
        yield day, terms.tax_code, cost(rhythm, terms, day)


def days_of(period: Any) -> Iterator[date]:
    """Yield the days of a period."""
    day = period.first
    while day <= period.last:
        yield day
        day += DAY


def billed(rhythm: Rhythm, lines: Iterable[Any]) -> dict[date, dict[str | None, int]]:
    """Add up the cents that lines bill of each day, by tax code; those of zero are left out."""
    found: dict[date, dict[str | None, int]] = {}
    for line in lines:
        for day, code, amount in spread(rhythm, line):
            of_day = found.setdefault(day, {})
            of_day[code] = of_day.get(code, 0) + amount
    return {day: {code: sum_ for code, sum_ in row.items() if sum_} for day, row in found.items()}


def held(lines: Iterable[Any]) -> dict[date, int]:
    """Count by how many lines each day is billed, less those that take it back."""
    found: dict[date, int] = {}
    for line in lines:
        step = -1 if line.corrects is not None and line.corrects.is_credit else 1
        for day in days_of(line.service_period):
            found[day] = found.get(day, 0) + step
    return found
