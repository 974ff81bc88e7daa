"""The position price: unit price times quantity times billing factor, rounded once.

The factor stays an exact fraction until here (behaviour 2.4): 300 x 17/31 is 164.516129…, and the
line's amount is 164.52.
"""

from __future__ import annotations

from decimal import Decimal

from billingcore.periods.span import Span

__all__ = ["position_amount"]


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
    else:
        amount = (price * span.numerator / span.denominator).quantize(quantum, rounding)
    return amount or amount.copy_abs()
