"""Amounts that follow from the price of one day, where a convention keeps that with few digits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from billingcore.periods.day_price import PricedDays, priced_days
from billingcore.periods.span import Share, Span
from billingcore.records.conventions import DayPrice

__all__ = ["days_of_share", "price_by_day"]


def days_of_share(price: Decimal, share: Share, quantum: Decimal) -> Iterator[PricedDays]:
    """Yield the days of a share at the price of one day; nothing if it has none."""
    rhythm = share.rhythm
    if rhythm is not None and share.day_price is not DayPrice.EXACT:
        yield from priced_days(price, share.part, rhythm, share.day_price, quantum)


def price_by_day(price: Decimal, span: Span, quantum: Decimal) -> Fraction:
    """Give what the days of a span cost, before it is rounded.

    Args:
        price: what a unit of the cadence costs.
        span: the days.
        quantum: the smallest amount of the currency.
    """
    return sum((_cost(price, share, quantum) for share in span.shares), Fraction(0))


def _cost(price: Decimal, share: Share, quantum: Decimal) -> Fraction:
    priced = [days.amount for days in days_of_share(price, share, quantum)]
    return sum(priced, Fraction(0)) if priced else Fraction(price) * share.factor
