"""A reduction of a line or of an order: a percentage, or an amount."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Final

from attrs import frozen

from billingcore.values.boundary import Boundary
from billingcore.values.numbers import NumberLike
from billingcore.values.sealing import fill

__all__ = ["Discount", "DiscountKind"]

PERCENT_SCALE: Final = 3
AMOUNT_SCALE: Final = 5


class DiscountKind(Enum):
    """What the value of a discount means."""

    PERCENT = "percent"
    AMOUNT = "amount"


@frozen(init=False)
class Discount:
    """A reduction; make one with `Discount.percent` or `Discount.amount`.

    On an item it reduces the line's price; on a subscription, as order discount, it reduces the
    lines of that subscription on a document, each by its share. It never turns an amount
    around: at most the whole amount is taken off.

    >>> str(Discount.percent("12.5")), str(Discount.amount(5))
    ('12.5 %', '5')
    """

    kind: DiscountKind
    value: Decimal
    title: str

    def __init__(self, kind: DiscountKind, value: NumberLike, *, title: str = "") -> None:
        boundary = Boundary("Discount")
        which = boundary.member("kind", kind, DiscountKind)
        is_percent = which is DiscountKind.PERCENT
        scale = PERCENT_SCALE if is_percent else AMOUNT_SCALE
        number = boundary.number("value", value, scale=scale)
        if number < 0 or (is_percent and number > 100):
            fix = "use 0 to 100" if is_percent else "use a positive amount; a surcharge is an item"
            raise boundary.refuse("value", value, "no possible discount", fix)
        fill(self, kind=which, value=number, title=boundary.text("title", title))

    @classmethod
    def percent(cls, value: NumberLike, *, title: str = "") -> Discount:
        """Make a discount in percent, 0 to 100, with at most three decimals."""
        return cls(DiscountKind.PERCENT, value, title=title)

    @classmethod
    def amount(cls, value: NumberLike, *, title: str = "") -> Discount:
        """Make a discount of a fixed amount, in the currency of the line."""
        return cls(DiscountKind.AMOUNT, value, title=title)

    @property
    def is_amount(self) -> bool:
        """Whether it is a fixed amount, not a percentage."""
        return self.kind is DiscountKind.AMOUNT

    def __str__(self) -> str:
        return f"{self.value} %" if self.kind is DiscountKind.PERCENT else str(self.value)
