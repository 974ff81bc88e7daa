"""How an item is priced, where that is more than unit price times quantity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from attrs import field, frozen

from billingcore.errors import InvalidInputError
from billingcore.records.price_models import (
    PRICE_MODELS,
    Portion,
    Rule,
    Sale,
    price_of_portions,
)
from billingcore.records.terms import PriceModel, PriceType
from billingcore.records.tier import SCALE, Tier, read_percent, read_tiers
from billingcore.values.boundary import Boundary
from billingcore.values.context import EXACT, ZERO
from billingcore.values.numbers import NumberLike
from billingcore.values.sealing import fill

if TYPE_CHECKING:
    from billingcore.records.item import Item

__all__ = ["PHRASES", "PricePart", "Pricing", "end_of_pricing", "read_price"]

_ONE: Final = Decimal(1)


@frozen(init=False)
class Pricing:
    """How an item is priced: a model, with its tiers or numbers, and perhaps a minimum.

    >>> sms = Pricing(PriceModel.TIERED, [Tier(10, "2.50"), Tier(20, "2.40"), Tier(None, "2.20")])
    >>> disks = Pricing(PriceModel.PACKAGE, package_size=100, minimum=20)

    Attributes:
        model: the price model.
        tiers: of volume and tiered prices, and of commissions; in the order of their limits.
        package_size: how many units a package holds.
        percent: of commission, percentage, mark-up and mark-down.
        tier_quantity: picks the tier of a volume price instead of the quantity, and is not
            multiplied.
        tier_price: picks the tier of a commission instead of the unit price.
        minimum: what a full billing period costs at least, before billing factor and discounts.
        maximum: what it costs at most.
        end: the last day on which one of its tiers applies; None if that does not end.

    Raises:
        InvalidInputError: the model lacks a field, does not know one, or a value is wrong.
    """

    model: PriceModel
    tiers: tuple[Tier, ...]
    package_size: Decimal | None
    percent: Decimal | None
    tier_quantity: Decimal | None
    tier_price: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    end: dt.date | None = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        model: PriceModel = PriceModel.UNIT_PRICE,
        tiers: Iterable[Tier] = (),
        *,
        package_size: NumberLike | None = None,
        percent: NumberLike | None = None,
        tier_quantity: NumberLike | None = None,
        tier_price: NumberLike | None = None,
        minimum: NumberLike | None = None,
        maximum: NumberLike | None = None,
    ) -> None:
        read = Boundary("Pricing")
        which = read.member("model", model, PriceModel)
        fill(
            self,
            model=which,
            tiers=read_tiers(read, tiers, PRICE_MODELS[which].tier_field),
            package_size=read.optional_number("package_size", package_size, scale=SCALE),
            percent=read_percent(read, percent),
            tier_quantity=read.optional_number("tier_quantity", tier_quantity, scale=SCALE),
            tier_price=read.optional_number("tier_price", tier_price, scale=SCALE),
            minimum=read.optional_number("minimum", minimum, scale=SCALE),
            maximum=read.optional_number("maximum", maximum, scale=SCALE),
        )
        self._check_model(read)
        self._check_numbers(read)
        ends = [tier.end for tier in self.tiers]
        known = [end for end in ends if end is not None]
        fill(self, end=max(known) if known and len(known) == len(ends) else None)

    def _check_model(self, read: Boundary) -> None:
        """Refuse what its model needs and does not have, or has and does not know."""
        rule, name = self.rule, self.model.value
        names = ("tiers", "package_size", "percent", "tier_quantity", "tier_price")
        given = [each for each in names if getattr(self, each) not in (None, ())]
        if rule.needs and sum(each in rule.needs for each in given) != 1:
            needed = " or ".join(rule.needs)
            value = getattr(self, rule.needs[0])
            raise read.refuse(rule.needs[0], value, f"{name} needs {needed}", f"give {needed}")
        for each in given:
            if each not in rule.needs + rule.takes:
                value = len(self.tiers) if each == "tiers" else getattr(self, each)
                raise read.refuse(each, value, f"{name} has no such field", "leave it out")
        if self.tier_price is not None and not self.tiers:
            raise read.refuse("tier_price", self.tier_price, "no tiers to pick from", "give tiers")

    def _check_numbers(self, read: Boundary) -> None:
        """Refuse numbers that make no sense."""
        if self.package_size is not None and self.package_size <= 0:
            fix = "use a number above 0"
            raise read.refuse("package_size", self.package_size, "an empty package", fix)
        if self.model is PriceModel.MARK_DOWN and (self.percent or ZERO) > 100:
            fix = "use 0 to 100"
            raise read.refuse("percent", self.percent, "more than the price", fix)
        for name in ("minimum", "maximum"):
            value: Decimal | None = getattr(self, name)
            if value is not None and value < 0:
                fix = "use 0 or more; it is for the size of the price"
                raise read.refuse(name, value, "below 0", fix)
        if None not in (self.minimum, self.maximum) and self._is_bounded_by_none():
            fix = "exchange the two"
            raise read.refuse("maximum", self.maximum, f"less than {self.minimum}", fix)

    def _is_bounded_by_none(self) -> bool:
        """Tell whether minimum and maximum leave no price between them."""
        return (self.minimum or ZERO) > (self.maximum or ZERO)

    @property
    def rule(self) -> Rule:
        """How its model works."""
        return PRICE_MODELS[self.model]

    def portions(
        self,
        item: Item,
        quantity: Decimal,
        *,
        on: dt.date | None = None,
        tier_quantity: Decimal | None = None,
    ) -> tuple[Portion, ...]:
        """Give what a quantity of an item costs for one unit of the billing period.

        A quantity below 0 costs the mirror image of what it costs above 0; 0 costs nothing.

        Args:
            item: has the unit price and the price type.
            quantity: how many.
            on: the first day of service; None is the item's first day, or that of the earliest
                tier if that is later.
            tier_quantity: picks the tier, instead of the pricing's own.

        Raises:
            InvalidInputError: no tier applies, or none holds the quantity.
        """
        if not quantity:
            return ()
        size, price = quantity.copy_abs(), item.unit_price
        try:
            tiers = self._tiers_on(self._first_day(item) if on is None else on)
            chosen_by = self._chosen_by(size, price, tier_quantity)
            percent, package_size = self.percent or ZERO, self.package_size or _ONE
            sale = Sale(size, price, item.price_type, tiers, chosen_by, percent, package_size)
            found = self._within_bounds(size, tuple(self.rule.portions(sale)))
        except InvalidInputError as error:
            raise error.at(f"Item {item.id!r}", "pricing") from None
        if quantity < 0:
            return tuple([each._replace(quantity=each.quantity.copy_negate()) for each in found])
        return found

    def _first_day(self, item: Item) -> dt.date:
        """Give the day that decides where nobody says which."""
        starts = [tier.start or dt.date.min for tier in self.tiers]
        return max(item.start or dt.date.min, min(starts, default=dt.date.min))

    def _tiers_on(self, day: dt.date) -> tuple[Tier, ...]:
        found = tuple([tier for tier in self.tiers if tier.is_valid_on(day)])
        if self.tiers and not found:
            fix = "add tiers for this day, or end the item"
            value = day.isoformat()
            raise InvalidInputError("no tier applies on this day", value=value, fix=fix)
        return found

    def _chosen_by(
        self, quantity: Decimal, unit_price: Decimal, tier_quantity: Decimal | None
    ) -> Decimal:
        """Give what picks the tier; of what is given back, the same as of what is sold."""
        if tier_quantity is not None:
            if "tier_quantity" not in self.rule.takes:
                rule = f"{self.model.value} has no such field"
                fix = "leave it out"
                raise InvalidInputError(rule, field="tier_quantity", value=tier_quantity, fix=fix)
            return tier_quantity.copy_abs()
        if self.rule.tier_field == "percent":
            return (unit_price if self.tier_price is None else self.tier_price).copy_abs()
        return (quantity if self.tier_quantity is None else self.tier_quantity).copy_abs()

    def _within_bounds(self, size: Decimal, found: tuple[Portion, ...]) -> tuple[Portion, ...]:
        """Put minimum or maximum, as one flat portion, in the place of what costs less or more.

        The size of the price counts: of a price below 0 the minimum is the least that is given.
        """
        if self.minimum is None and self.maximum is None:
            return found
        price = price_of_portions(found)
        amount = price.copy_abs()
        if self.minimum is not None and amount < self.minimum:
            name, bound = "minimum", self.minimum
        elif self.maximum is not None and amount > self.maximum:
            name, bound = "maximum", self.maximum
        else:
            return found
        flat = bound.copy_sign(price)
        return (Portion(size, flat, PriceType.FLAT, bound=name, instead=price),)


def end_of_pricing(read: Boundary, item: Item, pricing: Pricing) -> dt.date | None:
    """Check that an item and its pricing go together; give the last day of both.

    Raises:
        InvalidInputError: they do not, with the field of the item.
    """
    name = pricing.model.value
    if item.part is not None:
        fix = "change the contract and run again"
        raise read.refuse("pricing", name, "a part of a price has no other", fix)
    if pricing.rule.has_own_prices and item.unit_price:
        fix = "leave it out"
        raise read.refuse("unit_price", item.unit_price, "the tiers have the prices", fix)
    if pricing.rule.counts_units and item.price_type is PriceType.FLAT:
        fix = "say it of a tier"
        raise read.refuse("price_type", item.price_type.name, f"{name} counts units", fix)
    return min(filter(None, (item.end, pricing.end)), default=None)


PHRASES: Final[Mapping[str, str]] = {
    "tier_first": "Tier {number}: up to {limit}",
    "tier_middle": "Tier {number}: above {above} up to {limit}",
    "tier_last": "Tier {number}: above {above}",
    "rate_first": "Tier {number}: price below {limit}",
    "rate_middle": "Tier {number}: price from {above} to below {limit}",
    "rate_last": "Tier {number}: price from {above}",
    "percent": "{percent} of the price",
    "packages": "Packages of {size}",
    "minimum": "Minimum amount",
    "maximum": "Maximum amount",
}
"""What a part of a price is, in English; documents have these words in other languages, too."""


class PricePart(NamedTuple):
    """Which part of an item's price a line is.

    Attributes:
        whole: the item with its pricing.
        quantity: how many were priced in all.
        portions: all portions of the price.
        number: which of them this line is, from 1.
    """

    whole: Item
    quantity: Decimal
    portions: tuple[Portion, ...]
    number: int

    @property
    def portion(self) -> Portion:
        """What this line is of the price."""
        return self.portions[self.number - 1]

    @property
    def percent(self) -> Decimal:
        """What part of the unit price is billed, in percent."""
        return self.portion.percent

    @property
    def is_of_packages(self) -> bool:
        """Whether its quantity counts packages instead of units."""
        pricing = self.whole.pricing
        has_size = pricing is not None and pricing.package_size is not None
        return has_size and not self.portion.bound

    def facts(self) -> Iterator[tuple[str, dict[str, Decimal]]]:
        """Yield what there is to say: the name of a phrase, and its numbers."""
        portion, pricing = self.portion, self.whole.pricing
        if portion.bound:
            yield portion.bound, {}
            return
        if portion.tier and (portion.above or portion.limit is not None):
            yield self._tier()
        if portion.percent != 100:
            yield "percent", {"percent": portion.percent}
        if pricing is not None and pricing.package_size is not None:
            yield "packages", {"size": pricing.package_size}

    def _tier(self) -> tuple[str, dict[str, Decimal]]:
        portion, pricing = self.portion, self.whole.pricing
        is_rate = pricing is not None and pricing.rule.tier_field == "percent"
        numbers = {"number": Decimal(portion.tier)}
        if portion.above:
            numbers["above"] = portion.above
        if portion.limit is not None:
            numbers["limit"] = portion.limit
        place = "last" if portion.limit is None else "middle" if portion.above else "first"
        return f"{'rate' if is_rate else 'tier'}_{place}", numbers

    def __str__(self) -> str:
        return "; ".join(
            PHRASES[name].format(**{key: _shown(key, number) for key, number in numbers.items()})
            for name, numbers in self.facts()
        )


def _shown(name: str, number: Decimal) -> str:
    text = f"{EXACT.normalize(number):f}"
    return f"{text} %" if name == "percent" else text


def read_price(
    read: Boundary, price: object, pricing: Pricing | None
) -> tuple[Decimal, str | None]:
    """Read a unit price and its currency; with a pricing it can be left out."""
    if price is None and pricing is not None:
        price = ZERO
    return read.money("unit_price", price, scale=SCALE)
