"""The steps of an explanation, and how a price came about, from its model to the position price.

The price of a part of a recorded line is that part, and follows from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import field, frozen

from billingcore.lines.line import LineItem
from billingcore.lines.origin import ReversalOrigin
from billingcore.periods.derivation import Derivation
from billingcore.records.price_models import HUNDRED, Portion, price_of_portions
from billingcore.records.pricing import Pricing
from billingcore.records.terms import PriceType
from billingcore.values.context import EXACT
from billingcore.values.rounding import Rounding

__all__ = ["Number", "Operands", "Step", "plain", "price_steps", "share_step"]

Number = Decimal | Fraction
Operands = tuple[tuple[str, Number], ...]


@frozen
class Step:
    """One step of a computation.

    Attributes:
        name: what is worked out.
        value: the result.
        how: the operands, in words and numbers.
        operands: the numbers that go in, by name; factors are exact fractions.
        exact: the result before rounding; None if it follows from more than this line.
        rounding: a rule that leads from `exact` to `value`; None if nothing was rounded, or the
            value is a part of a rounded sum.
        derivation: of a billing factor, the terms with the days behind them.
    """

    name: str
    value: Number
    how: str
    operands: Operands = ()
    exact: Fraction | None = None
    rounding: Rounding | None = None
    derivation: Derivation | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.name}: {self.how}"


def plain(value: Number) -> str:
    """Write a number with all its digits, without an exponent; a fraction as n/d."""
    return str(value) if isinstance(value, Fraction) else f"{value:f}"


def price_steps(line: LineItem) -> Iterator[Step]:
    """Yield how the price of a full period came about: the price model, and the line's part."""
    item, part = line.item, line.item.part
    pricing = item.pricing if part is None else part.whole.pricing
    if pricing is not None:
        if part is None:  # the pricing was put on the line by hand
            portions, quantity = pricing.portions(item, item.quantity), item.quantity
        else:
            portions, quantity = part.portions, part.quantity
        yield from _model_steps(pricing, quantity, portions, line.currency)
    yield _price_step(line)


def _model_steps(
    pricing: Pricing, quantity: Decimal, portions: Sequence[Portion], currency: str
) -> Iterator[Step]:
    """Yield what the model makes of a quantity, or minimum and maximum of that."""
    first, size = portions[0], pricing.package_size
    if first.bound:
        price = f"{plain(first.price)} {currency}"
        how = f"{price} instead of {plain(first.instead)} {currency}"
        yield Step(f"{first.bound} amount", first.price, how, (("price", first.instead),))
    elif size is not None:
        how = f"{plain(quantity)} in packages of {plain(size)} = {plain(first.quantity)}"
        operands: Operands = (("quantity", quantity), ("package size", size))
        yield Step("packages", first.quantity, how, operands, Fraction(first.quantity))
    elif pricing.rule.has_own_prices:
        price_of_all = price_of_portions(portions)
        terms = " + ".join(map(_in_words, portions))
        how = (
            f"{pricing.model.value}, {plain(quantity)}: {terms} = {plain(price_of_all)} {currency}"
        )
        operands = tuple((f"tier {portion.tier}", portion.amount) for portion in portions)
        yield Step("price model", price_of_all, how, operands, Fraction(price_of_all))


def _in_words(portion: Portion) -> str:
    if portion.price_type is PriceType.FLAT:
        return f"{plain(portion.amount)} flat"
    return f"{plain(portion.quantity)} x {plain(portion.price)}"


def _price_step(line: LineItem) -> Step:
    item, value = line.item, line.item.position_price
    unit = line.span.shares[0].unit.replace("_", " ")
    total = f"{plain(value)} {line.currency}{f' per {unit}' if unit else ''}"
    operands: Operands = (("unit price", item.unit_price),)
    if item.pricing is None and item.price_type is not PriceType.FLAT:
        operands = (*operands, ("quantity", item.quantity))
    partly = ""
    if item.part is not None and item.part.percent != HUNDRED:
        partly = f" x {plain(item.part.percent)} %"
        operands = (*operands, ("percent", item.part.percent))
    share = item.billed_share
    if share != 1:
        partly = f"{partly} x {plain(share)}"
        operands = (*operands, ("billed share", share))
    if item.pricing is not None:
        how = f"{total}, by its price model"
    elif item.price_type is PriceType.FLAT:
        terms = f"{plain(item.unit_price)}{partly} = " if partly else ""
        how = f"{terms}{total}, flat for any quantity"
    else:
        how = f"{plain(item.unit_price)} x {plain(item.quantity)}{partly} = {total}"
    if item.part is not None and item.part.portion.tier:
        how = f"{how} ({item.part})"
    return Step("position price", value, how, operands, Fraction(value))


def share_step(line: LineItem) -> Step | None:
    """Say which part of a recorded line is given back; None if it is none, or all at once."""
    origin, value = line.origin, line.priced
    if not isinstance(origin, ReversalOrigin) or not EXACT.add(origin.billed, value):
        return None
    how = f"{plain(EXACT.minus(value))} of {plain(origin.billed)} {line.currency}"
    if origin.before:
        how = f"{how}, after {plain(origin.before)} before"
    operands: Operands = (("billed", origin.billed), ("given back before", origin.before))
    return Step("given back", value, how, operands)
