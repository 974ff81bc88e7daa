"""The position price: unit price times quantity times billing factor, rounded once.

The factor stays an exact fraction until here (behaviour 2.4): 300 x 17/31 is 164.516129…, and the
line's amount is 164.52.

A slice of a billing period costs what the running total of the period grows by: the total up to its
end, rounded, less the total up to its start, rounded. So three slices of ten days at 100.00 for 30
days cost 33.33, 33.34 and 33.33, and every day of a period has its own price in cents.
"""

from __future__ import annotations

from decimal import Decimal

from billingcore.periods.span import Span
from billingcore.pricing.by_day import price_by_day
from billingcore.values.context import ZERO
from billingcore.values.rounding import Rounding, round_to

__all__ = ["position_amount", "running_total"]


def position_amount(price: Decimal, span: Span, quantum: Decimal, rounding: str) -> Decimal:
    """Give the amount of a line before discounts, in steps of the currency's smallest amount.

    Runs inside `exactly`, which the engine has around all of its work.

    >>> from billingcore.values.context import exactly
    >>> from billingcore.values.period import Period
    >>> from billingcore.periods.span import Share
    >>> from fractions import Fraction
    >>> days = Period("2026-01-15", "2026-02-01")
    >>> span = Span(days, days, (Share(days, None, Fraction(17, 31)),), days)
    >>> with exactly():
    ...     position_amount(Decimal(300), span, Decimal("0.01"), "ROUND_HALF_UP")
    Decimal('164.52')
    """
    if span.is_whole:
        amount = price.quantize(quantum, rounding)
    elif span.before is not None:
        before, upto = running_total(price, span, quantum, rounding)
        amount = upto - before
    elif span.is_by_day:
        amount = round_to(price_by_day(price, span, quantum), quantum, Rounding(rounding))
    else:
        amount = (price * span.numerator / span.denominator).quantize(quantum, rounding)
    return amount or amount.copy_abs()


def running_total(
    price: Decimal, span: Span, quantum: Decimal, rounding: str
) -> tuple[Decimal, Decimal]:
    """Give what the days of service cost before a slice and up to its end; inside `exactly`."""
    if span.before is None:
        return ZERO, position_amount(price, span, quantum, rounding)
    upto = price
    if span.upto is not None:
        numerator, denominator = span.upto
        upto = price * numerator / denominator
    upto = upto.quantize(quantum, rounding)
    numerator, denominator = span.before
    return (price * numerator / denominator).quantize(quantum, rounding), upto
