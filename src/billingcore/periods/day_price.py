"""Prices of one day: systems that divide first, and multiply by the days after that.

Where the price of a day is kept with so many digits, the amount of a part is no longer the price
times an exact share. The result can be a cent off, and so it was billed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from billingcore.periods.derivation import by_period
from billingcore.records.conventions import DayPrice
from billingcore.values.cadence import Cadence
from billingcore.values.period import Period
from billingcore.values.rounding import Rounding, round_to

__all__ = ["PricedDays", "priced_days", "to_double"]

_DIGITS_OF_A_DOUBLE: Final = 53
_ONE: Final = Decimal(1)


class PricedDays(NamedTuple):
    """Days of one billing period at the price of one day.

    Attributes:
        days: how many are billed.
        of: how many the period has.
        period_price: what the period costs.
        day_price: what one day costs, as it is kept.
        amount: days times that, as it is kept.
    """

    days: int
    of: int
    period_price: Fraction
    day_price: Fraction
    amount: Fraction


def priced_days(
    price: Decimal, part: Period, rhythm: Cadence, how: DayPrice, quantum: Decimal
) -> Iterator[PricedDays]:
    """Yield the days of a part, period by period, with the price of a day in each.

    A whole period costs its price. The systems compute in the smallest unit of the currency.

    Args:
        price: what a unit of the cadence costs.
        part: the days that are billed.
        rhythm: the billing periods, anchored.
        how: how numbers are kept.
        quantum: the smallest amount of the currency.
    """
    keep, unit = _KEPT[how], Fraction(quantum)
    whole = Fraction(price) * rhythm.count
    for piece, full in by_period(part, rhythm):
        if piece == full:
            yield PricedDays(full.days, full.days, whole, whole / full.days, whole)
            continue
        day_price = keep(whole / unit / full.days)
        amount = keep(day_price * piece.days)
        yield PricedDays(piece.days, full.days, whole, day_price * unit, amount * unit)


def to_double(value: Fraction) -> Fraction:
    """Give the binary floating-point number that is next to a value, exactly.

    The nearest number of 53 binary digits, on a tie the even one (IEEE 754, binary64).

    >>> to_double(Fraction(1, 3)) == Fraction(1 / 3), to_double(Fraction(1, 4))
    (True, Fraction(1, 4))
    """
    if not value:
        return value
    size = abs(value)
    shift = _DIGITS_OF_A_DOUBLE - size.numerator.bit_length() + size.denominator.bit_length()
    scale = Fraction(2) ** shift
    if size * scale >= 2**_DIGITS_OF_A_DOUBLE:
        scale /= 2
    return round(value * scale) / scale


def _to_whole(value: Fraction) -> Fraction:
    return Fraction(round_to(value, _ONE, Rounding.HALF_UP))


def _as_it_is(value: Fraction) -> Fraction:
    return value


_KEPT: Final[dict[DayPrice, Callable[[Fraction], Fraction]]] = {
    DayPrice.EXACT: _as_it_is,
    DayPrice.DOUBLE: to_double,
    DayPrice.ROUNDED: _to_whole,
}
"""How a number of smallest units is kept."""
