"""The price models: what a quantity costs, as portions at one price each.

A model is a function from a `Sale` to portions, and a row of `PRICE_MODELS` that says which fields
of a `Pricing` it needs. Quantities are above 0 here; what is given back is the mirror image of what
is sold.

25 units at 2.50 up to 10, 2.40 up to 20, 2.30 up to 30 and 2.20 above cost as a volume 25 x 2.30 =
57.50, since the whole quantity has the price of the tier in which it ends. In tiers they cost
10 x 2.50 + 10 x 2.40 + 5 x 2.30 = 60.50. A volume can therefore cost less than a smaller one: 31
units cost 68.20, 30 cost 69.00. In tiers more never costs less, unless a price is below 0.

Limits of quantities are inclusive: the tier up to 10 holds the tenth unit. Limits of commissions
are exclusive: a price of 100 is no longer "below 100".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Final, NamedTuple

from billingcore.errors import InvalidInputError
from billingcore.records.terms import PriceModel, PriceType
from billingcore.records.tier import Tier
from billingcore.values.context import EXACT, ZERO, total

__all__ = ["PRICE_MODELS", "Portion", "Rule", "Sale", "price_of_portions"]

_ONE: Final = Decimal(1)
HUNDRED: Final = Decimal(100)


class Sale(NamedTuple):
    """What a price model looks at.

    Attributes:
        quantity: how many, above 0.
        unit_price: the item's.
        price_type: the item's.
        tiers: those that apply on the day, in the order of their limits.
        chosen_by: what picks a tier: a quantity, or of a commission a price.
        percent: of the pricing; 0 if it has none.
        package_size: of the pricing; 1 if it has none.
    """

    quantity: Decimal
    unit_price: Decimal
    price_type: PriceType
    tiers: Sequence[Tier]
    chosen_by: Decimal
    percent: Decimal = ZERO
    package_size: Decimal = _ONE


class Portion(NamedTuple):
    """So many units at one price: what becomes a line.

    Attributes:
        quantity: how many units, or packages.
        price: for one of them, or for all if it is flat.
        price_type: per unit, or flat.
        percent: what part of the price is billed.
        tier: number of the tier among those that apply, from 1; 0 if there is none.
        above: where the tier begins: of a quantity exclusive, of a commission inclusive.
        limit: where it ends: of a quantity inclusive, of a commission exclusive; None is no end.
        bound: ``minimum`` or ``maximum`` if that is what is billed, else empty.
        instead: what it would cost without minimum and maximum.
    """

    quantity: Decimal
    price: Decimal
    price_type: PriceType = PriceType.PER_UNIT
    percent: Decimal = HUNDRED
    tier: int = 0
    above: Decimal = ZERO
    limit: Decimal | None = None
    bound: str = ""
    instead: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        """What it costs."""
        if self.price_type is PriceType.FLAT:
            price = self.price if self.quantity >= 0 else self.price.copy_negate()
        else:
            price = EXACT.multiply(self.price, self.quantity)
        if self.percent != HUNDRED:
            price = EXACT.multiply(price, self.percent).scaleb(-2, EXACT)
        return price or price.copy_abs()


def price_of_portions(portions: Iterable[Portion]) -> Decimal:
    """Add up what portions cost."""
    return total(portion.amount for portion in portions)


def _unit_price(sale: Sale) -> Iterator[Portion]:
    """Give the item's own price: per unit, or flat."""
    yield Portion(sale.quantity, sale.unit_price, sale.price_type)


def _volume(sale: Sale) -> Iterator[Portion]:
    """Give the whole quantity at the price of the tier in which it ends, limit included."""
    number, above, tier = _picked(sale, lambda limit: sale.chosen_by <= limit)
    price = tier.price or ZERO
    yield Portion(sale.quantity, price, tier.price_type, tier=number, above=above, limit=tier.limit)


def _tiered(sale: Sale) -> Iterator[Portion]:
    """Give each tier its units; a flat tier that is reached is a charge of its own."""
    above = ZERO
    for number, tier in enumerate(sale.tiers, start=1):
        limit = sale.quantity if tier.limit is None else min(tier.limit, sale.quantity)
        units = EXACT.subtract(limit, above)
        if tier.price_type is PriceType.FLAT:
            units = units or _ONE  # a charge that includes no units
        if units:
            price = tier.price or ZERO
            yield Portion(units, price, tier.price_type, tier=number, above=above, limit=tier.limit)
        above = limit
        if above == sale.quantity:
            return
    raise _beyond(sale, sale.quantity)


def _package(sale: Sale) -> Iterator[Portion]:
    """Give the started packages, each at the item's price."""
    packages = EXACT.divide(sale.quantity, sale.package_size)
    yield Portion(packages.to_integral_value(ROUND_CEILING, EXACT), sale.unit_price)


def _commission(sale: Sale) -> Iterator[Portion]:
    """Give a percentage of the price, perhaps that of the tier below whose limit a price lies."""
    if not sale.tiers:
        yield from _percentage(sale)
        return
    number, above, tier = _picked(sale, lambda limit: sale.chosen_by < limit)
    yield Portion(
        sale.quantity,
        sale.unit_price,
        sale.price_type,
        tier.percent or ZERO,
        tier=number,
        above=above,
        limit=tier.limit,
    )


def _percentage(sale: Sale) -> Iterator[Portion]:
    """Give a percentage of the price."""
    yield Portion(sale.quantity, sale.unit_price, sale.price_type, sale.percent)


def _mark_up(sale: Sale) -> Iterator[Portion]:
    """Give the price and a percentage more."""
    percent = EXACT.add(HUNDRED, sale.percent)
    yield Portion(sale.quantity, sale.unit_price, sale.price_type, percent)


def _mark_down(sale: Sale) -> Iterator[Portion]:
    """Give the price less a percentage."""
    percent = EXACT.subtract(HUNDRED, sale.percent)
    yield Portion(sale.quantity, sale.unit_price, sale.price_type, percent)


def _picked(sale: Sale, holds: Callable[[Decimal], bool]) -> tuple[int, Decimal, Tier]:
    """Find the first tier whose limit holds what is looked for: number, beginning and tier."""
    above = ZERO
    for number, tier in enumerate(sale.tiers, start=1):
        if tier.limit is None or holds(tier.limit):
            return number, above, tier
        above = tier.limit
    raise _beyond(sale, sale.chosen_by)


def _beyond(sale: Sale, value: Decimal) -> InvalidInputError:
    """Make the error for what no tier holds."""
    rule = f"beyond the last limit, {sale.tiers[-1].limit}"
    fix = "add a tier without limit: Tier(None, ...)"
    return InvalidInputError(rule, value=value, fix=fix)


class Rule(NamedTuple):
    """How one price model works.

    Attributes:
        portions: the function.
        needs: exactly one of these fields of a pricing must be given.
        takes: these can be given, too.
        tier_field: the field of its tiers that it uses.
        has_own_prices: whether its tiers have the prices, and the item has none.
        counts_units: whether it needs the quantity, so that the item cannot be flat.
    """

    portions: Callable[[Sale], Iterator[Portion]]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    tier_field: str = "price"
    has_own_prices: bool = False
    counts_units: bool = False


PRICE_MODELS: Final[Mapping[PriceModel, Rule]] = {
    PriceModel.UNIT_PRICE: Rule(_unit_price),
    PriceModel.VOLUME: Rule(
        _volume, ("tiers",), ("tier_quantity",), has_own_prices=True, counts_units=True
    ),
    PriceModel.TIERED: Rule(_tiered, ("tiers",), has_own_prices=True, counts_units=True),
    PriceModel.PACKAGE: Rule(_package, ("package_size",), counts_units=True),
    PriceModel.COMMISSION: Rule(
        _commission, ("percent", "tiers"), ("tier_price",), tier_field="percent"
    ),
    PriceModel.MARK_UP: Rule(_mark_up, ("percent",)),
    PriceModel.MARK_DOWN: Rule(_mark_down, ("percent",)),
    PriceModel.PERCENTAGE: Rule(_percentage, ("percent",)),
}
"""Price model → how it works."""
