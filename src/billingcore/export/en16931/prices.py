"""Quantity, price and base quantity of a line, so that they give its amount to the cent.

A price is never below 0 (BR-27), so the quantity has the sign. Where the price of a unit for the days
of the line is a number of few decimals, it is stated. Where it is not, as for 47/28 of a month, the
price is that of the whole quantity, which is what a base quantity is for: 503.57 for 3 pieces.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from billingcore.export.en16931.terms import decimal_of, number
from billingcore.lines.line import LineItem
from billingcore.records.discount import Discount, DiscountKind
from billingcore.records.terms import PriceType
from billingcore.values.context import EXACT, ZERO
from billingcore.values.rounding import round_amount

__all__ = ["LineAmounts", "LinePrice", "amounts_of", "is_share", "price_of"]

_ONE: Final = Decimal(1)
_THOUSAND: Final = Decimal(1000)
_FEW: Final = 4
"""Decimals of a price that every format carries."""
_MOST: Final = 5
"""Decimals that a price of the library has at most."""
_CENT: Final = Fraction(1, 100)
"""What rounding moves an amount by, at most; PEPPOL-EN16931-R120 forgives two of them."""


class LineAmounts(NamedTuple):
    """What a line costs, without tax and with the signs of the document.

    Attributes:
        amount: before discounts.
        discount: what its own discount takes off.
        order_discount: its share of the discount on the order.
        net: what is left: BT-131.
    """

    amount: Decimal
    discount: Decimal
    order_discount: Decimal
    net: Decimal


class LinePrice(NamedTuple):
    """How an amount follows from a quantity.

    Attributes:
        quantity: BT-129; it has the sign of the amount.
        price: BT-146, for the base quantity.
        base: BT-149; None if it is one.
        is_own: whether the price is the unit price of the line.
    """

    quantity: Decimal
    price: Decimal
    base: Decimal | None
    is_own: bool


def amounts_of(line: LineItem, *, is_turned: bool) -> LineAmounts:
    """Give the amounts of a line; of a price that includes tax, discounts without their tax.

    Args:
        line: of the document.
        is_turned: whether the document is a credit note, whose amounts have the other sign.
    """
    off, ordered = line.discount, line.order_discount
    if line.item.price_includes_tax:
        off, ordered = _without_tax(line, off), _without_tax(line, ordered)
    amount = EXACT.add(line.net, EXACT.add(off, ordered))
    found = (amount, off, ordered, line.net)
    return LineAmounts(*(EXACT.minus(each) for each in found) if is_turned else found)


def _without_tax(line: LineItem, gross: Decimal) -> Decimal:
    return round_amount(Fraction(gross) / (1 + Fraction(line.tax.share)), line.currency)


def price_of(line: LineItem, amount: Decimal) -> LinePrice:
    """Give quantity and price that make an amount.

    Args:
        line: of the document.
        amount: before discounts, with the sign of the document.
    """
    size = line.quantity.copy_abs()
    exact = _unit_price(line)
    if exact is not None and abs(exact * Fraction(size) - abs(Fraction(amount))) <= _CENT:
        stated = _stated(exact)
        if stated is not None:
            quantity = _signed(size, amount or line.quantity)
            is_own = exact == abs(Fraction(line.unit_price))
            return LinePrice(quantity, *stated, is_own)
    if not size:
        return LinePrice(_signed(_ONE, amount), amount.copy_abs(), None, is_own=False)
    if line.item.price_includes_tax:
        each = decimal_of(abs(Fraction(amount)) / Fraction(size), _FEW)
        if each is not None:
            return LinePrice(_signed(size, amount), each, None, is_own=False)
    base = None if size == _ONE else number(size)
    return LinePrice(_signed(size, amount), amount.copy_abs(), base, is_own=False)


def _unit_price(line: LineItem) -> Fraction | None:
    """Give what one unit costs for the days of the line; None if that is not by the unit, or gross."""
    item = line.item
    is_by_unit = item.price_type is PriceType.PER_UNIT and item.pricing is None
    if not is_by_unit or item.price_includes_tax:
        return None
    percent = Fraction(1) if item.part is None else Fraction(item.part.percent) / 100
    return abs(Fraction(item.unit_price) * percent * Fraction(item.billed_share) * line.factor)


def _stated(exact: Fraction) -> tuple[Decimal, Decimal | None] | None:
    """Write a price for one unit, or with more than four decimals for a thousand; None if it cannot be."""
    price = decimal_of(exact, _FEW)
    if price is not None:
        return price, None
    return None if decimal_of(exact, _MOST) is None else (number(_times(exact)), _THOUSAND)


def _times(exact: Fraction) -> Decimal:
    scaled = exact * 1000
    return EXACT.divide(Decimal(scaled.numerator), Decimal(scaled.denominator))


def _signed(size: Decimal, like: Decimal) -> Decimal:
    return number(size.copy_negate() if like < ZERO else size)


def is_share(discount: Discount | None, off: Decimal, amount: Decimal) -> bool:
    """Tell whether a discount is a percentage that gives what is taken off to the cent (R040)."""
    if discount is None or discount.kind is not DiscountKind.PERCENT:
        return False
    exact = Fraction(amount) * Fraction(discount.value) / 100
    return abs(exact - Fraction(off)) <= _CENT
