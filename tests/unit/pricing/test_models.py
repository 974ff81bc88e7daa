"""What a quantity costs by each price model; the numbers are those of the documents, or by hand."""

from __future__ import annotations

import decimal
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore import Item, Pricing, Tier, price_of, price_parts
from tests.strategies import HOSTILE_CONTEXTS

TIERS = (Tier(10, "2.50"), Tier(20, "2.40"), Tier(30, "2.30"), Tier(None, "2.20"))
RATES = (Tier(100, percent=10), Tier(1000, percent=8), Tier(None, percent=6))
VOLUME = Pricing(bc.VOLUME, TIERS)
TIERED = Pricing(bc.TIERED, TIERS)


def priced(pricing, quantity=1, unit_price=None, **fields):
    """Give what an item costs by a pricing."""
    return price_of(
        Item("item", pricing=pricing, quantity=quantity, unit_price=unit_price, **fields)
    )


def shown(parts):
    """Write parts as quantity, unit price and position price."""
    return [f"{part.quantity} x {part.unit_price} = {part.position_price}" for part in parts]


class TestTheDocumentsNumbers:
    @pytest.mark.parametrize(
        ("pricing", "quantity", "unit_price", "price"),
        [
            (VOLUME, 25, None, "57.50"),
            (TIERED, 25, None, "60.50"),
            (Pricing(bc.COMMISSION, percent=10), 1, 200, "20.00"),
            (Pricing(bc.COMMISSION, RATES), 1, 500, "40.00"),
        ],
        ids=["25 as a volume", "25 in tiers", "10 % of 200", "8 % of 500"],
    )
    def test_worked(self, pricing, quantity, unit_price, price):
        """The worked examples of the documents come out to the cent."""
        assert priced(pricing, quantity, unit_price) == Decimal(price)


class TestLimits:
    @pytest.mark.parametrize(
        ("quantity", "volume", "tiered"),
        [
            ("0.5", "1.25", "1.25"),
            (1, "2.50", "2.50"),
            (10, "25.00", "25.00"),
            ("10.5", "25.20", "26.20"),
            (11, "26.40", "27.40"),
            (20, "48.00", "49.00"),
            (21, "48.30", "51.30"),
            (30, "69.00", "72.00"),
            (31, "68.20", "74.20"),
            (100, "220.00", "226.00"),
        ],
    )
    def test_of_quantities_are_inclusive_and_cumulative(self, quantity, volume, tiered):
        """The tier up to 10 holds the tenth unit; the tier up to 20 holds the units 11 to 20."""
        assert priced(VOLUME, quantity) == Decimal(volume)
        assert priced(TIERED, quantity) == Decimal(tiered)

    @pytest.mark.parametrize(
        ("price", "commission"),
        [
            ("50", "5.00"),
            ("99.99", "9.9990"),
            ("100", "8.00"),
            ("999.99", "79.9992"),
            ("1000", "60.00"),
            ("-500", "-40.00"),
        ],
    )
    def test_of_commissions_are_exclusive(self, price, commission):
        """Below 100 the commission is 10 %, at 100 it is 8 %, from 1000 on it is 6 %."""
        assert priced(Pricing(bc.COMMISSION, RATES), 1, price) == Decimal(commission)

    def test_no_limit_is_the_last(self):
        """Tiers are sorted by their limits; one without a limit comes last wherever it is given."""
        mixed = Pricing(bc.TIERED, reversed(TIERS))

        assert mixed.tiers == TIERS
        assert mixed == TIERED

    def test_a_tier_without_price_is_ignored(self):
        """An empty price is no price: the tier's units belong to the next tier."""
        tiers = [Tier(10, "2.50"), Tier(20), Tier(None, "2.20")]

        assert priced(Pricing(bc.TIERED, tiers), 25) == Decimal("58.00")  # 10 x 2.50 + 15 x 2.20

    @pytest.mark.parametrize("model", [bc.VOLUME, bc.TIERED], ids=["volume", "tiered"])
    def test_beyond_the_last(self, model):
        """What no tier holds is refused, with item, quantity and fix."""
        with pytest.raises(bc.InvalidInputError) as caught:
            Item("sms", quantity=31, pricing=Pricing(model, TIERS[:3]))

        assert str(caught.value) == (
            "Item 'sms': pricing = 31: beyond the last limit, 30; "
            "add a tier without limit: Tier(None, ...)"
        )

    def test_a_price_beyond_the_last(self):
        """A commission needs a tier for every price; the limit itself is beyond it."""
        with pytest.raises(bc.InvalidInputError, match="pricing = 1000: beyond the last limit"):
            Item("deal", unit_price=1000, pricing=Pricing(bc.COMMISSION, RATES[:2]))


class TestModels:
    @pytest.mark.parametrize(
        ("pricing", "quantity", "price"),
        [
            (None, 3, "30"),
            (Pricing(), 3, "30"),
            (Pricing(bc.PACKAGE, package_size=100), 250, "30"),
            (Pricing(bc.PACKAGE, package_size=100), 300, "30"),
            (Pricing(bc.PACKAGE, package_size=100), "300.00001", "40"),
            (Pricing(bc.PACKAGE, package_size="0.5"), "1.2", "30"),
            (Pricing(bc.COMMISSION, percent=10), 3, "3"),
            (Pricing(bc.PERCENTAGE, percent="2.5"), 3, "0.75"),
            (Pricing(bc.PERCENTAGE, percent=0), 3, "0"),
            (Pricing(bc.MARK_UP, percent=15), 3, "34.5"),
            (Pricing(bc.MARK_DOWN, percent=15), 3, "25.5"),
            (Pricing(bc.MARK_DOWN, percent=100), 3, "0"),
        ],
        ids=[
            "plain",
            "unit price",
            "three packages, the last one started",
            "three full packages",
            "a fourth package",
            "packages of a half",
            "commission",
            "percentage",
            "nothing of it",
            "mark-up",
            "mark-down",
            "all the way down",
        ],
    )
    def test_at_ten_each(self, pricing, quantity, price):
        """Each model makes its own price of a quantity at 10 each."""
        assert priced(pricing, quantity, 10) == Decimal(price)

    def test_flat_prices(self):
        """A flat item costs its price for any quantity, marked up like any other."""
        mark_up = Pricing(bc.MARK_UP, percent=20)

        assert priced(mark_up, 7, 50, price_type=bc.FLAT) == 60

    def test_a_basic_charge(self):
        """A flat first tier is a charge of its own; the units above its limit are counted."""
        tiers = [Tier(10, 15, price_type=bc.FLAT), Tier(None, 2)]
        item = Item("line", quantity=12, pricing=Pricing(bc.TIERED, tiers))

        assert [(part.price_type, part.position_price) for part in price_parts(item)] == [
            (bc.FLAT, 15),
            (bc.PER_UNIT, 4),
        ]
        assert [price_of(item, quantity) for quantity in (1, 10, 11)] == [15, 15, 17]

    def test_a_basic_charge_without_units(self):
        """A flat tier up to 0 is due with the first unit, and includes none."""
        tiers = [Tier(0, 15, price_type=bc.FLAT), Tier(None, 2)]
        item = Item("line", quantity=3, pricing=Pricing(bc.TIERED, tiers))

        assert shown(price_parts(item)) == ["1 x 15 = 15", "3 x 2 = 6"]
        assert price_of(item, -3) == -21

    def test_a_tier_without_units(self):
        """A tier up to 0 with a price per unit holds nothing."""
        item = Item("x", quantity=3, pricing=Pricing(bc.TIERED, [Tier(0, 9), Tier(None, 2)]))

        assert shown(price_parts(item)) == ["3 x 2 = 6"]

    def test_flat_tiers_of_a_volume(self):
        """A volume that ends in a flat tier costs the price of that tier."""
        tiers = [Tier(10, 15, price_type=bc.FLAT), Tier(20, 25, price_type=bc.FLAT)]

        assert priced(Pricing(bc.VOLUME, tiers), 12) == 25

    def test_a_tier_by_another_quantity(self):
        """A price tier quantity picks the tier, and is not multiplied."""
        by_all = Pricing(bc.VOLUME, TIERS, tier_quantity=1000)
        item = Item("sms", quantity=25, pricing=by_all)

        assert price_of(item) == Decimal("55.00")  # 25 x 2.20
        assert price_of(item, tier_quantity=15) == Decimal("60.00")  # 25 x 2.40
        assert price_of(item, -25, tier_quantity=-15) == Decimal("-60.00")

    @pytest.mark.parametrize(
        "item",
        [
            Item("sms", pricing=TIERED),
            Item("deal", unit_price=5, pricing=Pricing(minimum=1)),
            Item("deal", unit_price=5),
        ],
        ids=["tiered", "no tiers", "no pricing"],
    )
    def test_no_tier_by_another_quantity(self, item):
        """Only the tier of a volume can be picked by another quantity."""
        with pytest.raises(bc.InvalidInputError, match=r"Item '.*': tier_quantity = 5: .* has no"):
            price_of(item, tier_quantity=5)

    def test_prices_have_at_most_five_decimals(self):
        """A quantity is read like an item's."""
        with pytest.raises(bc.InvalidInputError, match=r"Item 'sms': quantity = 0.000001: more"):
            price_parts(Item("sms", pricing=TIERED), "0.000001")

    def test_a_commission_by_another_price(self):
        """A commission tier price picks the tier, and is not multiplied."""
        by_list_price = Pricing(bc.COMMISSION, RATES, tier_price=2000)

        assert priced(by_list_price, 1, 500) == 30  # 6 %

    def test_a_volume_can_cost_less_than_a_smaller_one(self):
        """One unit more can move the whole volume into a cheaper tier: 31 cost less than 30."""
        assert priced(VOLUME, 31) < priced(VOLUME, 30)
        assert priced(TIERED, 31) > priced(TIERED, 30)


class TestMinimumAndMaximum:
    @pytest.mark.parametrize(
        ("quantity", "price"),
        [(1, 20), (2, 20), (3, 30), (5, 50), (6, 50), (-1, -20), (-3, -30), (-6, -50), (0, 0)],
    )
    def test_of_a_line_at_ten_each(self, quantity, price):
        """A price of 20 to 50 stands; below and above it is replaced, of returns as of sales."""
        assert priced(Pricing(minimum=20, maximum=50), quantity, 10) == price

    def test_of_tiers_is_for_their_sum(self):
        """What the tiers cost together is compared; one flat part stands in their place."""
        least = Item("sms", quantity=25, pricing=Pricing(bc.TIERED, TIERS, minimum=100))
        enough = Item("sms", quantity=25, pricing=Pricing(bc.TIERED, TIERS, minimum="60.50"))
        most = Item("sms", quantity=25, pricing=Pricing(bc.TIERED, TIERS, maximum=60))

        assert shown(price_parts(least)) == ["25 x 100 = 100"]
        assert len(price_parts(enough)) == 3
        assert [str(part.part) for part in price_parts(most)] == ["Maximum amount"]

    def test_of_what_is_given(self):
        """The size counts: at most 20 are given, though -60 is less than that."""
        assert priced(Pricing(maximum=20), 6, -10) == -20
        assert priced(Pricing(minimum=5), 6, 0) == 5


class TestReturns:
    def test_mirror_what_is_sold(self):
        """25 units given back cost in every tier what 25 sold units cost, below 0."""
        item = Item("sms", quantity=-25, pricing=TIERED)

        assert shown(price_parts(item)) == [
            "-10 x 2.50 = -25.00",
            "-10 x 2.40 = -24.00",
            "-5 x 2.30 = -11.50",
        ]
        assert item.position_price == Decimal("-60.50")
        assert priced(Pricing(bc.PACKAGE, package_size=100), -250, 10) == -30

    @pytest.mark.parametrize("pricing", [None, Pricing(), Pricing(minimum=5)], ids=str)
    def test_nothing(self, pricing):
        """Nothing sold costs nothing and has no parts, flat or not, whatever the minimum."""
        item = Item("x", unit_price=10, price_type=bc.FLAT, pricing=pricing)

        assert price_of(item, 0) == 0
        assert price_parts(item, 0) == ()


class TestDatesOfTiers:
    ITEM = Item(
        "sms",
        quantity=10,
        pricing=Pricing(
            bc.VOLUME,
            [
                Tier(None, 3, end="2025-12-31"),
                Tier(None, 4, start="2026-01-01", end="2026-06-30"),
            ],
        ),
    )

    @pytest.mark.parametrize(
        ("on", "price"),
        [("2025-12-31", 30), ("2026-01-01", 40), ("2026-06-30", 40), (None, 30)],
    )
    def test_both_ends_are_inclusive(self, on, price):
        """The day decides; without one it is the first day of the earliest tier."""
        assert price_of(self.ITEM, on=on) == price

    def test_no_tier_on_a_day(self):
        """A day without a tier is refused."""
        with pytest.raises(bc.InvalidInputError, match="'2026-07-01': no tier applies on this day"):
            price_of(self.ITEM, on="2026-07-01")

    def test_the_first_day_of_the_item(self):
        """Without a day the item's first day decides."""
        item = Item("sms", quantity=10, start="2026-02-01", pricing=self.ITEM.pricing)

        assert (item.position_price, price_of(item)) == (40, 40)

    def test_an_item_older_than_its_tiers(self):
        """An item can begin before the first tier of its price list; the first tier stands then."""
        tiers = Pricing(bc.VOLUME, [Tier(None, 4, start="2026-01-01")])

        assert Item("sms", quantity=10, start="2020-01-01", pricing=tiers).position_price == 40

    def test_the_last_tier_ends_the_item(self):
        """An item ends with its last tier, unless it ends before, or a tier has no end."""
        pricing = self.ITEM.pricing
        lasting = Pricing(bc.VOLUME, [Tier(10, 3, end="2025-12-31"), Tier(None, 4)])
        ends = [
            Item("sms", pricing=pricing, end=end).end for end in (None, "2026-05-31", "2027-01-31")
        ]

        assert list(map(str, ends)) == ["2026-06-30", "2026-05-31", "2026-06-30"]
        assert Item("sms", pricing=lasting).end is None


class TestWithoutAContext:
    @pytest.mark.parametrize("context", HOSTILE_CONTEXTS[::9], ids=range(6))
    def test_the_host_decides_nothing(self, context):
        """The ambient decimal context changes neither price nor packages."""
        with decimal.localcontext(context):
            tiered = priced(TIERED, "123456.78901")
            packages = priced(Pricing(bc.PACKAGE, package_size=3), 1_000_000, "0.12345")
            rate = priced(Pricing(bc.MARK_UP, percent="12.345"), "7.00001", "0.12345")

        # 25 + 24 + 23 + 123426.78901 x 2.20; 333334 x 0.12345; 0.12345 x 7.00001 x 1.12345
        assert str(tiered) == "271610.9358220"
        assert str(packages) == "41150.08230"
        assert rate == Decimal("0.970830704399025")
