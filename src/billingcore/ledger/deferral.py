"""Which revenue of a line belongs to which month (behaviour 6.6).

The shares of a line are its net amount, to the cent, whatever its days. A share of zero is legal,
and books nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from billingcore.lines.line import OpenLine
from billingcore.records.bookkeeping.terms import Recognition
from billingcore.values.boundary import Boundary
from billingcore.values.calendar import add_months
from billingcore.values.context import EXACT
from billingcore.values.currency import check_currency
from billingcore.values.numbers import NumberLike
from billingcore.values.period import Period
from billingcore.values.rounding import Rounding, allocate, round_amount

__all__ = ["Schedule", "deferral_schedule", "recognize"]

Schedule = tuple[tuple[dt.date, Decimal], ...]
"""First days of months, in order, each with its share."""


def deferral_schedule(line: OpenLine, rule: Recognition | str | None = None) -> Schedule:
    """Give the months in which the net amount of a line becomes revenue.

    Args:
        line: a line of a draft or an invoice.
        rule: how it is spread; None takes what its item says. Without either, all of it belongs
            to the month of the first day of service.

    Returns:
        The first day of each month with its share; the shares add up to the net amount.
    """
    chosen = line.item.booking.recognition if rule is None else rule
    if chosen is None:
        start, _ = line.service_period.bounds
        return ((start.replace(day=1), line.net),)
    return recognize(line.net, line.service_period, chosen, currency=line.currency)


def recognize(
    amount: NumberLike, period: Period, rule: Recognition | str, *, currency: str
) -> Schedule:
    """Spread an amount over the days of service, as a rule says.

    >>> rows = recognize(100, Period.quarter(2026, 1), Recognition.BOOKING_MONTH, currency="EUR")
    >>> [f"{month:%Y-%m} {share}" for month, share in rows]
    ['2026-01 33.33', '2026-02 33.33', '2026-03 33.34']

    Args:
        amount: what is spread; below 0 it is taken back.
        period: the days of service, both ends given.
        rule: how: a `Recognition`, or its value, like ``Days``.
        currency: of the amount.

    Returns:
        The first day of each month with its share; the shares add up to the amount.

    Raises:
        InvalidInputError: the amount has more digits than its currency, there is no such currency or
            rule, or the period is open.
    """
    read = Boundary("recognize")
    rule = read.member("rule", rule, Recognition)
    currency = read.read("currency", currency, check_currency)
    (whole,) = allocate(amount, [1], currency=currency)  # refuses digits that it does not have
    return _RULES[rule](whole, period, currency)


def _months_of(period: Period) -> list[dt.date]:
    """Give the months in which months of service begin, counted from the first day on."""
    start, stop = period.bounds
    found: list[dt.date] = []
    while (begin := add_months(start, len(found))) < stop:
        found.append(begin.replace(day=1))
    return found


def _equal_months(amount: Decimal, period: Period, currency: str) -> Schedule:
    months = _months_of(period)
    count, whole = len(months), Fraction(amount)
    share = round_amount(whole / count, currency)
    if abs(Fraction(share) * (count - 1)) > abs(whole):  # cents, which would turn the rest around
        share = round_amount(whole / count, currency, Rounding.DOWN)
    rest = EXACT.subtract(amount, EXACT.multiply(share, Decimal(count - 1)))
    return tuple(zip(months, [*[share] * (count - 1), rest], strict=True))


def _calendar_years(amount: Decimal, period: Period, currency: str) -> Schedule:
    years: dict[int, list[dt.date]] = {}
    for month in _months_of(period):
        years.setdefault(month.year, []).append(month)
    shares = allocate(amount, [len(months) for months in years.values()], currency=currency)
    return tuple(zip([months[0] for months in years.values()], shares, strict=True))


def _days(amount: Decimal, period: Period, currency: str) -> Schedule:
    start, stop = period.bounds
    days: dict[dt.date, int] = {}
    while start < stop:
        month = start.replace(day=1)
        after = min(add_months(month, 1), stop)
        days[month] = (after - start).days
        start = after
    return tuple(zip(days, allocate(amount, [*days.values()], currency=currency), strict=True))


_RULES: Final[dict[Recognition, Callable[[Decimal, Period, str], Schedule]]] = {
    Recognition.BOOKING_MONTH: _equal_months,
    Recognition.CALENDAR_YEAR: _calendar_years,
    Recognition.DAYS: _days,
}
