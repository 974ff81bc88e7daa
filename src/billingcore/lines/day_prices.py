"""How the amount of a line came about from the price of one day."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from billingcore.lines.line import LineItem
from billingcore.lines.steps import Operands, Step, plain
from billingcore.periods.span import Share
from billingcore.pricing.by_day import days_of_share, price_by_day
from billingcore.values.context import EXACT
from billingcore.values.currency import quantum_of

__all__ = ["amount_by_day", "day_price_steps"]

_SHOWN = Decimal("1e-18")


def day_price_steps(line: LineItem) -> Iterator[Step]:
    """Yield the price of one day in each billing period of which a part is billed."""
    for share in line.span.shares:
        yield from _steps_of(line, share)


def _steps_of(line: LineItem, share: Share) -> Iterator[Step]:
    quantum, price = quantum_of(line.currency), line.item.position_price
    for each in days_of_share(price, share, quantum):
        if each.days == each.of:
            continue
        exact = each.period_price / each.of
        terms = f"{_decimal(each.period_price)} / {each.of} days"
        kept = f"{_decimal(each.day_price)} {line.currency}"
        how = f"{terms} = {kept}" if exact == each.day_price else f"{terms}, kept as {kept}"
        operands: Operands = (("period price", each.period_price), ("days", Fraction(each.of)))
        words = f"{how}, {share.day_price.value} ({share.convention})"
        yield Step("price of a day", each.day_price, words, operands, exact)


def amount_by_day(line: LineItem) -> tuple[Fraction, str]:
    """Give the amount before it is rounded, and the terms that it comes from, in words."""
    quantum, price = quantum_of(line.currency), line.item.position_price
    rows = [row for share in line.span.shares for row in days_of_share(price, share, quantum)]
    terms = [
        _decimal(row.period_price)
        if row.days == row.of
        else f"{row.days} x {_decimal(row.day_price)}"
        for row in rows
    ]
    return price_by_day(price, line.span, quantum), " + ".join(terms)


def _decimal(value: Fraction) -> str:
    """Write a number with its digits, at most eighteen behind the point."""
    number = EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    cut = number.quantize(_SHOWN, ROUND_DOWN, EXACT)
    text = plain(EXACT.normalize(cut))
    return text if Fraction(cut) == value else f"{text}..."
