"""Reductions of a line and of an order.

First the line's own discount, then its share of the order discount (behaviour 2.7). The order
discount is worked out once on the sum of its lines and divided among them in proportion to their
amounts, so that the shares add up to it. No discount turns an amount around.

Of a billing period that is billed in slices, a fixed discount is divided among them; and so it is
among the lines of several price tiers.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from billingcore.errors import InvalidInputError
from billingcore.periods.span import Span
from billingcore.records.discount import Discount, DiscountKind
from billingcore.values.context import ZERO, negated, total
from billingcore.values.rounding import Rounding, allocate, round_amount, round_to_sum

__all__ = ["discount_of", "discount_of_slice", "divided_discount", "order_discount_shares"]


def discount_of(
    discount: Discount, amount: Decimal, currency: str, rounding: Rounding = Rounding.HALF_UP
) -> Decimal:
    """Give what a discount takes off an amount; it has the sign of the amount.

    >>> discount_of(Discount.percent("12.5"), Decimal("99.99"), "EUR")
    Decimal('12.50')
    >>> discount_of(Discount.amount(20), Decimal("15.00"), "EUR")
    Decimal('15.00')
    """
    if discount.kind is DiscountKind.PERCENT:
        return round_amount(Fraction(amount) * Fraction(discount.value) / 100, currency, rounding)
    most = amount.copy_abs()
    off = min(round_amount(discount.value, currency, rounding), most)
    return off if amount >= 0 or not off else off.copy_negate()


def discount_of_slice(
    discount: Discount,
    before: Decimal,
    upto: Decimal,
    span: Span,
    currency: str,
    rounding: Rounding = Rounding.HALF_UP,
) -> Decimal:
    """Give what a discount takes off a slice of a billing period.

    A percentage is what the discount of the running total grows by. A fixed amount is for all
    slices together; each has its share by its factor.

    Args:
        discount: the discount of the slice's version.
        before: the running total before the slice.
        upto: the running total up to its end.
        span: the days of the slice.
        currency: decides the digits.
        rounding: how amounts are rounded.
    """
    if discount.kind is DiscountKind.PERCENT:
        off = discount_of(discount, upto, currency, rounding)
        return off - discount_of(discount, before, currency, rounding)
    value, whole = Fraction(discount.value), span.of or Fraction(1)
    end = round_amount(value * (span.offset + span.factor) / whole, currency, rounding)
    part = end - round_amount(value * span.offset / whole, currency, rounding)
    return discount_of(Discount.amount(part), upto - before, currency, rounding)


def order_discount_shares(
    discount: Discount,
    amounts: Sequence[Decimal],
    currency: str,
    rounding: Rounding = Rounding.HALF_UP,
) -> tuple[Decimal, ...]:
    """Divide an order discount among the lines; the shares add up to it.

    >>> order_discount_shares(Discount.amount(10), [Decimal(50), Decimal(50), Decimal(50)], "EUR")
    (Decimal('3.34'), Decimal('3.33'), Decimal('3.33'))
    """
    subtotal = total(amounts)
    if not subtotal:
        return (ZERO,) * len(amounts)
    off = discount_of(discount, subtotal, currency, rounding)
    share = Fraction(off.copy_abs()) / Fraction(subtotal)
    shares = round_to_sum(
        off.copy_abs(), [share * Fraction(each) for each in amounts], currency=currency
    )
    return shares if off >= 0 else tuple([negated(each) for each in shares])


def divided_discount(
    discount: Discount,
    prices: Sequence[Decimal],
    currency: str | None,
    rounding: Rounding = Rounding.HALF_UP,
) -> tuple[Discount, ...]:
    """Divide an item's own discount among the parts of its price.

    A percentage is the same for each of them. A fixed amount is divided in proportion to the sizes
    of their prices, so that they add up to it.

    >>> [str(each) for each in divided_discount(Discount.amount(10), [Decimal(50)] * 3, "EUR")]
    ['3.34', '3.33', '3.33']

    Raises:
        InvalidInputError: a fixed amount is to be divided, and there is no currency.
    """
    if discount.kind is DiscountKind.PERCENT or len(prices) == 1:
        return (discount,) * len(prices)
    if currency is None:
        fix = "say in which: currency=..."
        rule = "it is divided among several parts in the digits of a currency"
        raise InvalidInputError(rule, field="discount", value=str(discount), fix=fix)
    sizes = [price.copy_abs() for price in prices]
    weights = sizes if any(sizes) else [Decimal(1)] * len(sizes)
    shares = allocate(round_amount(discount.value, currency, rounding), weights, currency=currency)
    return tuple([Discount.amount(share, title=discount.title) for share in shares])
