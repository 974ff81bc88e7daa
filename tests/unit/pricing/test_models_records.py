"""The records of price models: what is refused, how parts are called, and fast copies of items."""

from __future__ import annotations

import pickle
from decimal import Decimal

import attrs
import pytest

import billingcore as bc
from billingcore import Item, Pricing, Tier, price_parts
from billingcore.pricing.discounts import divided_discount
from billingcore.records.copying import copy_fields, with_terms

TIERS = (Tier(10, "2.50"), Tier(20, "2.40"), Tier(None, "2.20"))
RATES = (Tier(100, percent=10), Tier(1000, percent=8), Tier(None, percent=6))
TIERED = Pricing(bc.TIERED, TIERS)

WRONG = {
    "negative limit": (lambda: Tier(-1, 5), "Tier: limit = -1: below 0"),
    "limit scale": (lambda: Tier("0.000001", 5), "limit = 0.000001: more than 5 digits"),
    "price and percent": (lambda: Tier(1, 5, percent=5), "percent = 5: a tier with a price"),
    "percent too high": (lambda: Tier(1, percent=10_001), "percent = 10001: no percentage"),
    "negative percent": (lambda: Tier(1, percent=-1), "percent = -1: no percentage; use 0 to"),
    "tier dates": (
        lambda: Tier(1, 5, start="2026-02-01", end="2026-01-31"),
        "end = '2026-01-31': before the start",
    ),
    "tier price type": (lambda: Tier(1, 5, price_type="Lump"), "price_type = 'Lump': not a Pri"),
    "no model": (lambda: Pricing("tiered"), "Pricing: model = 'tiered': not a PriceModel"),
    "no tiers": (lambda: Pricing(bc.TIERED), "Tiered needs tiers; give tiers"),
    "no tier": (lambda: Pricing(bc.TIERED, [5]), "tiers = 5: not a Tier"),
    "only empty tiers": (lambda: Pricing(bc.VOLUME, [Tier(5)]), "Volume needs tiers"),
    "a rate among prices": (
        lambda: Pricing(bc.VOLUME, [*TIERS[:2], Tier(None, percent=5)]),
        "tiers = 'no limit': a tier without price; give every tier its price",
    ),
    "a price among rates": (
        lambda: Pricing(bc.COMMISSION, [*RATES[:2], Tier(2000, 5)]),
        "tiers = '2000': a tier without percent",
    ),
    "one limit twice": (
        lambda: Pricing(bc.TIERED, [Tier(10, 1), Tier(10, 2)]),
        "tiers = '10': two tiers at once have this limit",
    ),
    "no limit twice": (
        lambda: Pricing(
            bc.TIERED, [Tier(None, 1, end="2026-01-31"), Tier(None, 2, start="2026-01-31")]
        ),
        "tiers = 'no limit': two tiers at once",
    ),
    "no package size": (lambda: Pricing(bc.PACKAGE), "package_size = None: Package needs pack"),
    "empty package": (
        lambda: Pricing(bc.PACKAGE, package_size=0),
        "package_size = 0: an empty package; use a number above 0",
    ),
    "no percent": (lambda: Pricing(bc.MARK_UP), "percent = None: Mark Up needs percent"),
    "percent or tiers": (
        lambda: Pricing(bc.COMMISSION),
        "percent = None: Commission needs percent or tiers; give percent or tiers",
    ),
    "percent and tiers": (
        lambda: Pricing(bc.COMMISSION, RATES, percent=5),
        "percent = 5: Commission needs percent or tiers",
    ),
    "more than the price": (
        lambda: Pricing(bc.MARK_DOWN, percent=101),
        "percent = 101: more than the price; use 0 to 100",
    ),
    "tiers without use": (
        lambda: Pricing(bc.PACKAGE, TIERS, package_size=5),
        "tiers = 3: Package has no such field; leave it out",
    ),
    "tier quantity without use": (
        lambda: Pricing(bc.TIERED, TIERS, tier_quantity=5),
        "tier_quantity = 5: Tiered has no such field",
    ),
    "tier price without tiers": (
        lambda: Pricing(bc.COMMISSION, percent=5, tier_price=5),
        "tier_price = 5: no tiers to pick from",
    ),
    "negative minimum": (lambda: Pricing(minimum=-1), "minimum = -1: below 0; use 0 or more"),
    "maximum below minimum": (
        lambda: Pricing(minimum=20, maximum=10),
        "maximum = 10: less than 20; exchange the two",
    ),
    "no price": (lambda: Item("x"), "Item 'x': unit_price = None: not a number"),
    "two prices": (
        lambda: Item("x", unit_price=5, pricing=TIERED),
        "Item 'x': unit_price = 5: the tiers have the prices; leave it out",
    ),
    "flat tiers": (
        lambda: Item("x", price_type=bc.FLAT, pricing=TIERED),
        "price_type = 'FLAT': Tiered counts units; say it of a tier",
    ),
    "a part with a pricing": (
        lambda: attrs.evolve(price_parts(Item("x", pricing=TIERED))[0], pricing=Pricing()),
        "pricing = 'Unit Price': a part of a price has no other",
    ),
    "no pricing": (lambda: Item("x", unit_price=1, pricing=5), "pricing = 5: not a Pricing"),
    "starts after its tiers": (
        lambda: Item("x", start="2026-02-01", pricing=Pricing(bc.VOLUME, [ENDED])),
        "Item 'x': end = '2026-01-31': before the start 2026-02-01",
    ),
}
ENDED = Tier(None, 1, end="2026-01-31")


class TestRefusals:
    @pytest.mark.parametrize(("make", "message"), WRONG.values(), ids=WRONG)
    def test_names_record_field_and_value(self, make, message):
        """What makes no sense is refused where it is made, with field, value and fix."""
        with pytest.raises(bc.InvalidInputError) as caught:
            make()

        assert message in str(caught.value)


class TestWords:
    @pytest.mark.parametrize(
        ("item", "words"),
        [
            (
                Item("x", quantity=25, pricing=TIERED),
                [
                    "Tier 1: up to 10",
                    "Tier 2: above 10 up to 20",
                    "Tier 3: above 20",
                ],
            ),
            (Item("x", pricing=Pricing(bc.VOLUME, [Tier(None, 5)])), [""]),
            (Item("x", unit_price=5, pricing=Pricing(minimum=1)), [""]),
            (
                Item("x", unit_price=50, pricing=Pricing(bc.COMMISSION, RATES)),
                ["Tier 1: price below 100; 10 % of the price"],
            ),
            (
                Item("x", unit_price=500, pricing=Pricing(bc.COMMISSION, RATES)),
                ["Tier 2: price from 100 to below 1000; 8 % of the price"],
            ),
            (
                Item("x", unit_price=5000, pricing=Pricing(bc.COMMISSION, RATES)),
                ["Tier 3: price from 1000; 6 % of the price"],
            ),
            (
                Item("x", unit_price=5, pricing=Pricing(bc.PACKAGE, package_size="100.0")),
                ["Packages of 100"],
            ),
            (Item("x", unit_price=5, pricing=Pricing(minimum=10)), ["Minimum amount"]),
        ],
        ids=["tiers", "one tier", "plain", "low", "middle", "high", "package", "minimum"],
    )
    def test_of_parts(self, item, words):
        """A part says which tier, percentage or package it is; nothing if it is all there is."""
        assert [str(part.part) for part in price_parts(item)] == words


def same(one, other):
    """Tell whether two items agree in every field, derived ones included."""
    names = [each.name for each in attrs.fields(Item)]
    return [name for name in names if getattr(one, name) != getattr(other, name)] == []


FULL = Item(
    "calls",
    title="Calls",
    unit_price="0.09",
    quantity=3,
    currency="EUR",
    tax_code="19",
    billing_type=bc.RECURRING_PRORATED,
    cadence=bc.monthly(),
    start="2026-01-01",
    discount=bc.Discount.percent(5),
    custom={"a": 1},
    billed_share="0.5",
)
CHANGED = FULL.changed(bc.Change("2026-02-01", unit_price=5))


class TestFastCopies:
    @pytest.mark.parametrize(
        "item",
        [
            FULL,
            CHANGED,
            Item("x", unit_price=1, price_type=bc.FLAT),
            Item("x", unit_price=1, active=False),
            Item("x", pricing=TIERED),
            *price_parts(Item("x", unit_price=500, pricing=Pricing(bc.COMMISSION, RATES))),
        ],
        ids=["full", "changed", "flat", "inactive", "tiered", "part"],
    )
    @pytest.mark.parametrize(
        "fields",
        [
            {"quantity": 7},
            {"quantity": Decimal("7.50000")},
            {"quantity": "-7.5"},
            {"quantity": 0},
            {"quantity": Decimal("1E+3")},
            {"quantity": Decimal(5), "id": "other", "title": "Other"},
        ],
        ids=str,
    )
    def test_are_what_evolve_gives(self, item, fields):
        """A copy with another quantity agrees with `attrs.evolve` in every field."""
        wanted, found = attrs.evolve(item, **fields), item.sold(**fields)

        assert same(found, wanted)
        assert type(found) is Item
        assert str(found.quantity) == str(wanted.quantity)
        assert hash(found.id) == hash(wanted.id)

    @pytest.mark.parametrize("price", [Decimal("0.12345"), "7", 0, -3], ids=str)
    def test_with_another_price(self, price):
        """The price of a copy can be another one, too."""
        wanted = attrs.evolve(FULL, quantity=2, unit_price=price)

        assert same(FULL.sold(2, unit_price=price), wanted)

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"quantity": 0.5}, "Item 'calls': quantity = 0.5 (float): a float is not exact"),
            ({"quantity": Decimal("0.000001")}, "quantity = 0.000001: more than 5 digits"),
            ({"quantity": Decimal("NaN")}, "Item 'calls': quantity = NaN"),
            ({"quantity": Decimal("1E+20")}, "quantity = 1E+20: the number is too long"),
            ({"quantity": 1, "id": " "}, "Item: id = ' ': not an id"),
            ({"quantity": 1, "id": "b", "title": 5}, "Item 'b': title = 5: not text"),
            ({"quantity": 1, "unit_price": "0.000001"}, "unit_price = 0.000001: more than 5"),
        ],
        ids=["float", "scale", "not a number", "too large", "id", "title", "price"],
    )
    def test_refuse_what_items_refuse(self, fields, message):
        """What an item refuses is refused of a copy, with the same words."""
        with pytest.raises(bc.InvalidInputError) as caught:
            FULL.sold(**fields)

        assert message in str(caught.value)

    def test_stay_as_they_are(self):
        """A copy can be changed as little as its original, and travels like it."""
        copy = FULL.sold(9)

        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            copy.quantity = 5
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            del copy.quantity
        assert pickle.loads(pickle.dumps(copy)) == copy  # noqa: S301
        assert FULL.quantity == 3

    def test_copy_every_field(self):
        """Not one field of an item is forgotten."""
        copy = type("Copy", (), {})()
        copy_fields(FULL, copy)

        assert vars(copy) == {each.name: getattr(FULL, each.name) for each in attrs.fields(Item)}

    def test_with_terms(self):
        """The terms are all fields but the words and numbers, and what the numbers decide."""
        copy = with_terms(type("Copy", (), {})(), FULL)
        own = {"id", "title", "unit_price", "quantity", "position_price", "is_billable", "is_plain"}
        names = {each.name for each in attrs.fields(Item)} - own

        assert vars(copy) == {name: getattr(FULL, name) for name in names}


class TestParts:
    def test_are_items_without_pricing(self):
        """A part is an ordinary item with its own quantity and price, and knows the whole."""
        whole = attrs.evolve(FULL, unit_price=0, quantity=25, pricing=TIERED)
        first, *_, last = price_parts(whole)

        assert (first.pricing, first.part.whole, first.part.number) == (None, whole, 1)
        assert (last.quantity, last.unit_price) == (5, Decimal("2.20"))
        assert first.position_price == Decimal("12.50")  # half of 25.00 is billed
        assert same(attrs.evolve(last), last)
        assert first.is_plain
        assert not whole.is_plain
        assert pickle.loads(pickle.dumps(last)) == last  # noqa: S301

    def test_of_an_item_without_pricing(self):
        """An item without pricing is its own part, in another quantity if that is asked."""
        assert price_parts(FULL) == (FULL,)
        assert price_parts(FULL, 7) == (FULL.sold(7),)

    def test_of_an_item_that_changes(self):
        """Of an item that changes the version before all changes is priced."""
        item = Item("sms", quantity=25, pricing=TIERED).changed(bc.Change("2026-02-01", quantity=1))

        assert [part.quantity for part in price_parts(item)] == [10, 10, 5]
        assert bc.price_of(item) == Decimal("60.00")
        assert bc.price_of(item.versions[1]) == Decimal("2.50")

    def test_packages_are_counted_in_ones(self):
        """A package is one of something, whatever the unit of what it holds."""
        pricing = Pricing(bc.PACKAGE, package_size=100, maximum=20)
        item = Item("disk", unit_price=5, quantity=250, unit_code="E34", pricing=pricing)
        (three,), (most,) = price_parts(item), price_parts(item, 1000)

        assert (three.quantity, three.unit_code) == (3, "C62")
        assert (most.quantity, most.unit_code) == (1000, "E34")

    def test_the_unit_code_of_a_negative_price_stays_below_zero(self):
        """Commission on a credit is negative without a negative zero."""
        (part,) = price_parts(
            Item("x", unit_price="-0.00", pricing=Pricing(bc.PERCENTAGE, percent=5))
        )

        assert not part.position_price.is_signed()


class TestDiscounts:
    def test_a_percentage_is_the_same_for_all_parts(self):
        """Ten percent off the whole are ten percent off each part."""
        ten = bc.Discount.percent(10, title="Friends")
        parts = price_parts(Item("x", quantity=25, pricing=TIERED, discount=ten))

        assert [part.discount for part in parts] == [ten, ten, ten]

    def test_a_fixed_amount_is_divided(self):
        """10.00 off 25.00, 24.00 and 11.00 are divided in proportion, to the cent."""
        ten = bc.Discount.amount(10, title="Friends")
        parts = price_parts(Item("x", quantity=25, pricing=TIERED, discount=ten), currency="EUR")

        # 250/60 = 4.1667, 240/60 = 4.00, 110/60 = 1.8333
        assert [str(part.discount.value) for part in parts] == ["4.17", "4.00", "1.83"]
        assert {part.discount.title for part in parts} == {"Friends"}

    def test_in_no_currency(self):
        """A fixed amount cannot be divided without knowing its smallest unit."""
        item = Item("x", quantity=25, pricing=TIERED, discount=bc.Discount.amount(10))

        with pytest.raises(bc.InvalidInputError, match="discount = '10': it is divided among"):
            price_parts(item)

    @pytest.mark.parametrize(
        ("prices", "shares"),
        [(["5", "-5"], "5.00 5.00"), (["0", "0"], "5.00 5.00"), (["7"], "10")],
        ids=["opposite", "nothing", "one"],
    )
    def test_by_size(self, prices, shares):
        """The size of the parts counts; parts that cost nothing have equal shares."""
        found = divided_discount(bc.Discount.amount(10), list(map(Decimal, prices)), "EUR")

        assert " ".join(str(each.value) for each in found) == shares
