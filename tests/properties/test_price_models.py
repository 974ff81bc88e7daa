"""Laws of price models, and a second computation that counts unit by unit.

Quantities are counted in steps of a tenth, so that a unit-by-unit oracle can walk over all of them.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

import billingcore as bc
from billingcore import Item, Pricing, Tier, price_of, price_parts

STEPS = 10  # in a unit

limits = st.lists(st.integers(0, 30), min_size=0, max_size=4, unique=True)
prices = st.builds(lambda cents: Decimal(cents).scaleb(-2), st.integers(0, 999))
sizes = st.integers(0, 40 * STEPS)
price_types = st.sampled_from(bc.PriceType)


@st.composite
def tier_lists(draw, *, types=price_types, money=prices):
    """Make a price list in any order, its last tier without a limit."""
    ends = [*draw(limits), None]
    tiers = [Tier(end, draw(money), price_type=draw(types)) for end in ends]
    return draw(st.permutations(tiers))


def quantity_of(steps):
    """Give so many tenths of a unit."""
    return Decimal(steps).scaleb(-1)


def item_of(model, tiers, **fields):
    """Make an item that is sold by tiers."""
    return Item("x", pricing=Pricing(model, tiers, **fields))


def tier_of(tiers, steps):
    """Give the tier that holds a tenth of a unit: the one with the least limit that is enough."""
    enough = [tier for tier in tiers if tier.limit is not None and steps <= tier.limit * STEPS]
    last = [tier for tier in tiers if tier.limit is None]
    return min(enough, key=lambda tier: tier.limit) if enough else last[0]


def oracle_of_tiers(tiers, steps):
    """Add up tenths of a unit, one by one; a flat tier is charged when it is reached."""
    price, flat = Fraction(0), []
    for step in range(1, steps + 1):
        tier = tier_of(tiers, step)
        if tier.price_type is bc.PER_UNIT:
            price += Fraction(tier.price) / STEPS
        elif tier not in flat:
            flat.append(tier)
    if steps:
        flat += [t for t in tiers if t.limit == 0 and t.price_type is bc.FLAT and t not in flat]
    return price + sum((Fraction(tier.price) for tier in flat), Fraction(0))


def oracle_of_volume(tiers, steps):
    """Give the whole quantity the price of the tier in which its last tenth lies."""
    if not steps:
        return Fraction(0)
    tier = tier_of(tiers, steps)
    count = 1 if tier.price_type is bc.FLAT else Fraction(steps, STEPS)
    return Fraction(tier.price) * count


@given(tiers=tier_lists(), steps=sizes)
def test_tiers_agree_with_counting(tiers, steps):
    """A tiered price is what counting the units of each tier gives."""
    found = price_of(item_of(bc.TIERED, tiers), quantity_of(steps))

    assert Fraction(found) == oracle_of_tiers(tiers, steps)


@given(tiers=tier_lists(), steps=sizes)
def test_volumes_agree_with_the_last_unit(tiers, steps):
    """A volume price is the whole quantity at the price of its last unit."""
    found = price_of(item_of(bc.VOLUME, tiers), quantity_of(steps))

    assert Fraction(found) == oracle_of_volume(tiers, steps)


@given(tiers=tier_lists(), one=sizes, other=sizes)
def test_more_in_tiers_never_costs_less(tiers, one, other):
    """Tiered prices that are not below 0 grow with the quantity, or stay."""
    item = item_of(bc.TIERED, tiers)
    less, more = sorted((one, other))

    assert price_of(item, quantity_of(less)) <= price_of(item, quantity_of(more))


def test_more_of_a_volume_can_cost_less():
    """A volume price can fall when the quantity grows: 30 at 2.30 are 69.00, 31 at 2.20 are 68.20."""
    item = item_of(bc.VOLUME, [Tier(30, "2.30"), Tier(None, "2.20")])

    assert (price_of(item, 30), price_of(item, 31)) == (Decimal("69.00"), Decimal("68.20"))


MODELS = st.one_of(
    st.builds(lambda tiers: Pricing(bc.TIERED, tiers), tier_lists()),
    st.builds(lambda tiers: Pricing(bc.VOLUME, tiers), tier_lists()),
    st.builds(
        lambda tiers, least, more: Pricing(bc.TIERED, tiers, minimum=least, maximum=least + more),
        tier_lists(),
        prices,
        prices,
    ),
)
UNIT_MODELS = st.one_of(
    st.just(Pricing()),
    st.builds(lambda size: Pricing(bc.PACKAGE, package_size=size), st.integers(1, 50)),
    st.builds(
        lambda model, percent: Pricing(model, percent=Decimal(percent).scaleb(-3)),
        st.sampled_from([bc.COMMISSION, bc.PERCENTAGE, bc.MARK_UP, bc.MARK_DOWN]),
        st.integers(0, 100_000),
    ),
    st.builds(lambda least: Pricing(minimum=least), prices),
)
ITEMS = st.one_of(
    st.builds(lambda pricing: Item("x", pricing=pricing), MODELS),
    st.builds(
        lambda price, pricing: Item("x", unit_price=price, pricing=pricing), prices, UNIT_MODELS
    ),
)
SHARES = st.integers(1, 100).map(lambda percent: Decimal(percent).scaleb(-2))


@given(item=ITEMS, steps=sizes, share=SHARES)
@example(item=Item("x", unit_price=1), steps=0, share=Decimal(1))
def test_parts_add_up(item, steps, share):
    """What the parts of a price cost is the price, exactly, also of a share of it."""
    whole = bc.Item("x", unit_price=item.unit_price, pricing=item.pricing, billed_share=share)
    quantity = quantity_of(steps)
    parts = price_parts(whole, quantity)

    assert sum((Fraction(part.position_price) for part in parts), Fraction(0)) == Fraction(
        price_of(whole, quantity)
    )
    assert all(part.is_billable for part in parts)


@given(item=ITEMS, steps=sizes)
def test_what_is_given_back_is_the_mirror_image(item, steps):
    """A quantity below 0 costs the negative of what it costs above 0, part by part."""
    sold = price_parts(item, quantity_of(steps))
    back = price_parts(item, -quantity_of(steps))

    assert [-part.position_price for part in back] == [part.position_price for part in sold]
    assert [-part.quantity for part in back] == [part.quantity for part in sold]


@given(item=ITEMS, parts=st.lists(st.integers(1, 15 * STEPS), max_size=5))
def test_a_running_total_in_steps_is_the_whole(item, parts):
    """What the price grows by, from one running total to the next, adds up to the price of all."""
    billed, amounts = 0, []
    for part in parts:
        amounts.append(
            Fraction(price_of(item, quantity_of(billed + part)))
            - Fraction(price_of(item, quantity_of(billed)))
        )
        billed += part

    assert sum(amounts, Fraction(0)) == Fraction(price_of(item, quantity_of(sum(parts))))


@given(tiers=tier_lists(types=st.just(bc.PER_UNIT)), steps=sizes)
def test_tiers_hold_all_units(tiers, steps):
    """The units of all tiers together are the quantity, and no tier holds more than its room."""
    parts = price_parts(item_of(bc.TIERED, tiers), quantity_of(steps))

    assert sum(part.quantity for part in parts) == quantity_of(steps)
    for part in parts:
        portion = part.part.portion
        room = quantity_of(steps) if portion.limit is None else portion.limit
        assert 0 < part.quantity <= room - portion.above


@given(tiers=tier_lists(), least=prices, more=prices, steps=st.integers(1, 40 * STEPS))
def test_a_price_lies_between_minimum_and_maximum(tiers, least, more, steps):
    """A price with minimum and maximum lies between them, and is the plain price if that does."""
    bounded = item_of(bc.TIERED, tiers, minimum=least, maximum=least + more)
    price = price_of(bounded, quantity_of(steps))
    plain = price_of(item_of(bc.TIERED, tiers), quantity_of(steps))

    assert least <= price <= least + more
    assert price == min(max(plain, least), least + more)


@given(price=prices, tiers=limits, percents=st.lists(st.integers(0, 100), min_size=5, max_size=5))
def test_commissions_agree_with_looking_them_up(price, tiers, percents):
    """The commission is that of the first tier whose limit the price lies below."""
    ends = sorted(tiers)
    rates = [Tier(end, percent=rate) for end, rate in zip([*ends, None], percents, strict=False)]
    found = price_of(Item("x", unit_price=price, pricing=Pricing(bc.COMMISSION, rates)))
    rate = percents[sum(end <= price for end in ends)]

    assert Fraction(found) == Fraction(price) * rate / 100
