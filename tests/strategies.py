"""Hypothesis strategies for plain values: amounts, weights, days, periods, cadences, conventions."""

from __future__ import annotations

import decimal
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from billingcore import proration
from billingcore.values.cadence import (
    DAY,
    HALF_YEAR,
    MONTH,
    MONTH_END,
    QUARTER,
    SAME_DAY,
    WEEK,
    YEAR,
    Cadence,
)
from billingcore.values.period import Period
from billingcore.values.rounding import Rounding

CURRENCIES = {"JPY": 0, "EUR": 2, "KWD": 3, "CLF": 4}
"""One currency for each number of digits that ISO 4217 knows."""

UNITS_OF_DAYS = (DAY, WEEK)
UNITS_OF_MONTHS = (MONTH, QUARTER, HALF_YEAR, YEAR)

HOSTILE_CONTEXTS = [
    decimal.Context(prec=prec, rounding=rounding, traps=traps, capitals=0)
    for prec in range(1, 10)
    for rounding in (decimal.ROUND_UP, decimal.ROUND_DOWN, decimal.ROUND_HALF_DOWN)
    for traps in ([], [decimal.Inexact, decimal.Rounded, decimal.Subnormal, decimal.Clamped])
]
"""What a host may have done to the ambient decimal context."""


def hostile_contexts() -> st.SearchStrategy[decimal.Context]:
    """Draw an ambient decimal context in which no amount would survive."""
    return st.sampled_from(HOSTILE_CONTEXTS)


def decimals(digits: int = 9, places: int = 5) -> st.SearchStrategy[Decimal]:
    """Draw exact numbers with that many digits before and at most so many after the point."""
    bound = 10**digits - 1
    return st.builds(
        lambda whole, exponent: Decimal(whole).scaleb(-exponent),
        st.integers(-bound, bound),
        st.integers(0, places),
    )


def amounts_in(currency: str, bound: int = 10**9) -> st.SearchStrategy[Decimal]:
    """Draw amounts that have just the digits of a currency."""
    places = CURRENCIES[currency]
    return st.integers(-bound, bound).map(lambda units: Decimal(units).scaleb(-places))


def priced() -> st.SearchStrategy[tuple[str, Decimal]]:
    """Draw a currency with an amount of it."""
    return st.sampled_from(sorted(CURRENCIES)).flatmap(
        lambda currency: st.tuples(st.just(currency), amounts_in(currency))
    )


def weights(least: int = 0) -> st.SearchStrategy[object]:
    """Draw one weight: a whole number, a decimal, or a fraction."""
    return st.one_of(
        st.integers(least, 1000),
        st.decimals(least, 1000, places=3),
        st.fractions(least, 1000, max_denominator=997),
    )


def weight_lists(least: int = 0, most: int = 12) -> st.SearchStrategy[list[object]]:
    """Draw weights whose sum is not zero; with a negative *least* some of them are negative."""
    return st.lists(weights(least), min_size=1, max_size=most).filter(
        lambda drawn: sum(map(Fraction, drawn)) != 0
    )


def roundings() -> st.SearchStrategy[Rounding]:
    """Draw a rounding rule."""
    return st.sampled_from(list(Rounding))


def days(
    first: date = date(1990, 1, 1), last: date = date(2060, 12, 31)
) -> st.SearchStrategy[date]:
    """Draw days, the ends of months and of February often."""
    months = st.dates(first, last).map(lambda day: day.replace(day=1))
    ends = months.map(lambda day: max(first, day - timedelta(days=1)))
    return st.one_of(st.dates(first, last), ends, months)


def periods(longest: int = 800) -> st.SearchStrategy[Period]:
    """Draw bounded periods of at most so many days."""
    return st.builds(
        lambda start, length: Period(start, start + timedelta(days=length)),
        days(),
        st.integers(1, longest),
    )


def open_periods() -> st.SearchStrategy[Period]:
    """Draw periods of which one end, or both, may be open."""
    return st.builds(
        lambda period, has_start, has_stop: Period(
            period.start if has_start else None, period.stop if has_stop else None
        ),
        periods(90),
        st.booleans(),
        st.booleans(),
    )


def cadences(
    units: tuple[object, ...] = UNITS_OF_DAYS + UNITS_OF_MONTHS, most: int = 14
) -> st.SearchStrategy[Cadence]:
    """Draw anchored cadences; those of months fall on a day of the month or on its end."""

    def build(count: int, unit: object, anchor: date, is_month_end: bool) -> Cadence:
        day = MONTH_END if is_month_end and unit in UNITS_OF_MONTHS else SAME_DAY
        return Cadence(count, unit, anchor, day=day)

    return st.builds(build, st.integers(1, most), st.sampled_from(units), days(), st.booleans())


def conventions() -> st.SearchStrategy[proration.Proration]:
    """Draw one of the library's proration conventions."""
    return st.sampled_from(sorted(proration.CONVENTIONS.values(), key=lambda each: each.name))
