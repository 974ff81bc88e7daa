"""Counting a part of a period: one function per rule.

Every function answers in months of price, except `actual_days` and `per_day`, which answer in
units of the cadence. Dates are half-open, so that a day count is a difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Final

from billingcore.values.cadence import Cadence
from billingcore.values.calendar import add_months, days_in_month, is_month_end
from billingcore.values.period import Period

__all__ = [
    "actual_days",
    "average_months",
    "calendar_months",
    "day_share",
    "month_fractions",
    "strict_30",
    "thirty_360_us",
    "thirty_e_360",
]

MONTHS_A_YEAR: Final = 12


def month_fractions(part: Period) -> Fraction:
    """Cut at the borders of calendar months; each piece is its days by the days of its month."""
    return sum((Fraction(days, of) for days, of in _by_month(part)), Fraction(0))


def _by_month(part: Period) -> Iterator[tuple[int, int]]:
    start, stop = part.bounds
    while start < stop:
        border = add_months(start.replace(day=1), 1)
        yield (min(border, stop) - start).days, days_in_month(start)
        start = border


def calendar_months(part: Period) -> Fraction:
    """Count n for exactly n months from the first day; else the fractions of calendar months."""
    months = whole_months(part)
    start, stop = part.bounds
    return Fraction(months) if add_months(start, months) == stop else month_fractions(part)


def average_months(part: Period) -> Fraction:
    """Count whole months from the first day; a day that is left is 12/365 of a month."""
    months = whole_months(part)
    start, stop = part.bounds
    return months + Fraction((stop - add_months(start, months)).days * MONTHS_A_YEAR, 365)


def whole_months(part: Period) -> int:
    """Count the whole months from the first day of a part."""
    start, stop = part.bounds
    months = (stop.year - start.year) * MONTHS_A_YEAR + stop.month - start.month
    return months - 1 if add_months(start, months) > stop else months


def day_share(part: Period, year: int) -> Fraction:
    """Count days as months of a year of so many days."""
    return Fraction(part.days * MONTHS_A_YEAR, year)


def thirty_360_us(part: Period) -> Fraction:
    """Count by 30/360 US: a 31st, or the end of February, at the start counts as the 30th."""
    start, stop = part.bounds
    from_day, to_day = start.day, stop.day
    starts_at_february_end = start.month == 2 and is_month_end(start)
    if starts_at_february_end and stop.month == 2 and is_month_end(stop):
        to_day = 30
    if starts_at_february_end or from_day == 31:
        from_day = 30
    if to_day == 31 and from_day == 30:
        to_day = 30
    months = (stop.year - start.year) * MONTHS_A_YEAR + stop.month - start.month
    return months + Fraction(to_day - from_day, 30)


def thirty_e_360(part: Period) -> Fraction:
    """Count by 30E/360: every 31st counts as the 30th."""
    start, stop = part.bounds
    return _month_number(stop, min(stop.day, 30)) - _month_number(start, min(start.day, 30))


def strict_30(part: Period) -> Fraction:
    """Count 30 days in every month: a 31st is free, the last of February has what is missing."""
    start, stop = part.bounds
    return _month_number(stop, min(stop.day, 31)) - _month_number(start, min(start.day, 31))


def _month_number(day: date, day_of_month: int) -> Fraction:
    return day.year * MONTHS_A_YEAR + day.month + Fraction(day_of_month - 1, 30)


def actual_days(part: Period, cadence: Cadence) -> Fraction:
    """Cut at the borders of the billing periods; each piece is its days by the period's days."""
    start, stop = part.bounds
    n, share = cadence.index(start), Fraction(0)
    while start < stop:
        period = cadence.period(n)
        border = min(period.bounds[1], stop)
        share += Fraction((border - start).days, period.days)
        start, n = border, n + 1
    return share * cadence.count
