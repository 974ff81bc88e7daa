"""What a quantity of an item costs, as items that each have one price.

A line has one quantity and one price. An item with tiers therefore becomes several lines, one for
each tier that is reached; `price_parts` gives their items. The models themselves are in
`billingcore.records.price_models`, since an item knows its own price.

Everything here is for one unit of the billing period: billing factor, discounts and tax follow on
each line. So a minimum of 20.00 a month is 10.00 for half a month.
"""

from __future__ import annotations

from decimal import Decimal

from billingcore.pricing.discounts import divided_discount
from billingcore.records.copying import read_number
from billingcore.records.item import Item
from billingcore.records.price_models import Portion, price_of_portions
from billingcore.records.pricing import PricePart
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.context import EXACT, ZERO
from billingcore.values.numbers import NumberLike
from billingcore.values.rounding import Rounding

__all__ = ["price_of", "price_parts"]


def price_parts(
    item: Item,
    quantity: NumberLike | None = None,
    *,
    on: DateLike | None = None,
    tier_quantity: NumberLike | None = None,
    currency: str | None = None,
    rounding: Rounding = Rounding.HALF_UP,
) -> tuple[Item, ...]:
    """Give the parts of a price, each an item of one price; an item without pricing is its own.

    >>> from billingcore import Item, Pricing, Tier, TIERED
    >>> sms = Item("sms", quantity=25, pricing=Pricing(TIERED, [
    ...     Tier(10, "2.50"), Tier(20, "2.40"), Tier(30, "2.30"), Tier(None, "2.20")]))
    >>> for part in price_parts(sms):
    ...     print(part.quantity, "x", part.unit_price, "=", part.position_price, "|", part.part)
    10 x 2.50 = 25.00 | Tier 1: up to 10
    10 x 2.40 = 24.00 | Tier 2: above 10 up to 20
    5 x 2.30 = 11.50 | Tier 3: above 20 up to 30

    Args:
        item: what is sold; of one that changes, the version before all changes.
        quantity: how many; None is the item's own. 0 has no parts.
        on: the first day of service, for tiers that have dates; None is the item's first day, or
            that of the earliest tier if that is later.
        tier_quantity: picks the tier of a volume price, and is not multiplied.
        currency: in whose digits a fixed discount is divided among several parts; None is the
            item's own.
        rounding: how that discount is rounded.

    Raises:
        InvalidInputError: the quantity is no number, no tier applies, none holds the quantity, or
            a fixed discount is to be divided and there is no currency.
    """
    base, count, portions = _priced(item, quantity, on, tier_quantity)
    if base.pricing is None:
        return (base,) if count else ()
    parts = [PricePart(base, count, portions, number) for number in range(1, len(portions) + 1)]
    if base.discount is None:
        return tuple([base.as_part(part, None) for part in parts])
    amounts = [portion.amount for portion in portions]
    discounts = divided_discount(base.discount, amounts, currency or base.currency, rounding)
    return tuple(map(base.as_part, parts, discounts))


def price_of(
    item: Item,
    quantity: NumberLike | None = None,
    *,
    on: DateLike | None = None,
    tier_quantity: NumberLike | None = None,
) -> Decimal:
    """Give what a quantity costs for one unit of the billing period: exactly what its parts do.

    >>> from billingcore import Item, Pricing, Tier, VOLUME
    >>> sms = Item("sms", pricing=Pricing(VOLUME, [Tier(30, "2.30"), Tier(None, "2.20")]))
    >>> price_of(sms, 30), price_of(sms, 31)
    (Decimal('69.00'), Decimal('68.20'))

    Takes the first arguments of `price_parts`, and raises what that does.
    """
    base, _, portions = _priced(item, quantity, on, tier_quantity)
    if base.pricing is None:
        return base.position_price if base.quantity else ZERO
    return EXACT.multiply(price_of_portions(portions), base.billed_share) or ZERO


def _priced(
    item: Item, quantity: NumberLike | None, on: DateLike | None, tier_quantity: NumberLike | None
) -> tuple[Item, Decimal, tuple[Portion, ...]]:
    """Give the item without its changes, the quantity, and what the item's pricing makes of it.

    An item without pricing has the quantity already, and no portions.
    """
    base = item.versions[0] if item.versions else item
    count = base.quantity if quantity is None else read_number(base.id, "quantity", quantity)
    picked = None
    if tier_quantity is not None:
        picked = read_number(base.id, "tier_quantity", tier_quantity)
    read = Boundary("Item", base.id)
    if base.pricing is not None:
        day = read.day("on", on)
        return base, count, base.pricing.portions(base, count, on=day, tier_quantity=picked)
    if picked is not None:
        fix = "leave it out, or give the item a volume price"
        rule = "the item has no tiers to pick from"
        raise read.refuse("tier_quantity", tier_quantity, rule, fix)
    return base if quantity is None else base.sold(count), count, ()
