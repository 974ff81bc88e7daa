"""Items whose price has several parts: a line for each, on one contract, one claim and one draft."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from billingcore import Pricing, Tier
from billingcore.testing import check_outcome
from tests.unit.engine.changing import (
    APRIL,
    JUNE,
    MAY,
    books,
    decimals,
    invoice,
    nets,
    plan,
    total_net,
)
from tests.unit.engine.records import run_of
from tests.unit.engine.tiers import MID_APRIL, TIERED, TIERS, keys, sms


def by_hand(*items, **options):
    """Make a draft of April by hand."""
    account = bc.Account("acme", currency="EUR")
    return bc.draft(account, items, period=APRIL, **options)


class TestLines:
    def test_each_tier_is_one(self):
        """Each tier that is reached has its own line, with the same days and its own key."""
        lines = invoice(books(sms()), APRIL)

        assert nets(lines) == decimals("25.00", "24.00", "11.50")
        assert keys(lines) == ["S-1/sms@2026-04-01", "S-1/sms@2026-04-01#2", "S-1/sms@2026-04-01#3"]
        assert {line.service_period for line in lines} == {APRIL}
        assert {line.billable for line in lines} == {"S-1/sms"}

    def test_a_volume_is_one(self):
        """A volume has one line, at the price of the tier in which it ends."""
        (line,) = invoice(books(sms(pricing=Pricing(bc.VOLUME, TIERS))), APRIL)

        assert (line.quantity, line.unit_price, line.net) == (25, Decimal("2.30"), Decimal("57.50"))
        assert line.billing_key == "S-1/sms@2026-04-01"

    def test_of_half_a_month(self):
        """The billing factor follows the price model: half of each tier's price."""
        lines = invoice(books(sms(end="2026-04-15")), APRIL)

        assert nets(lines) == decimals("12.50", "12.00", "5.75")

    def test_a_minimum_for_half_a_month(self):
        """A minimum is for a full period: half of it is billed for half a month."""
        least = sms(pricing=Pricing(bc.TIERED, TIERS, minimum=100), end="2026-04-15")

        assert nets(invoice(books(least), APRIL)) == decimals("50.00")

    def test_of_versions(self):
        """A change inside a month that is not billed yet has the tiers of both quantities."""
        item = sms().changed(bc.Change(MID_APRIL, quantity=12))

        lines = invoice(books(item), APRIL)
        assert nets(lines) == decimals("12.50", "12.00", "5.75", "12.50", "2.40")
        assert len(set(keys(lines))) == 5

    def test_a_discount_is_divided(self):
        """10.00 off are divided among the lines, and they add up to 10.00 again."""
        lines = invoice(books(sms(discount=bc.Discount.amount(10))), APRIL)

        # 250/60.50 = 4.1322, 240/60.50 = 3.9669, 115/60.50 = 1.9008
        assert [line.discount for line in lines] == decimals("4.13", "3.97", "1.90")

    def test_a_run_again_makes_nothing(self):
        """What a draft or an invoice bills is not billed again."""
        store = books(sms())
        outcome = plan(store, APRIL)
        check_outcome(outcome, store.snapshot("acme"))
        bc.execute(run_of(APRIL, policy=bc.LEVEL), store)

        assert plan(store, APRIL).drafts == ()
        assert len(store.snapshot("acme").claims) == 1

    def test_beside_other_items(self):
        """An item without tiers keeps its place between two that have them."""
        plain = bc.Item("base", unit_price=5, cadence=bc.monthly(), billing_type=bc.RECURRING)
        other = bc.Item("mms", pricing=TIERED, cadence=bc.monthly(), billing_type=bc.RECURRING)

        lines = invoice(books(sms(quantity=11), plain, other), APRIL)
        assert [line.item.id for line in lines] == ["sms", "sms", "base", "mms"]

    def test_in_its_own_currency(self):
        """The discount of an item in yen is divided in whole yen."""
        yen = sms(currency="JPY", discount=bc.Discount.amount(10))

        (draft,) = bc.drafts(bc.Account("acme", currency="EUR"), [yen], period=APRIL)
        assert [line.discount for line in draft.lines] == [4, 4, 2]


class TestDaysOfTiers:
    SEASONS = Pricing(
        bc.VOLUME,
        [
            Tier(None, 3, end="2026-04-30"),
            Tier(None, 4, start="2026-06-01", end="2026-06-15"),
        ],
    )

    def test_the_first_day_of_service_decides(self):
        """April has the price of its first day; a day without a tier is a problem of its record."""
        item = sms(pricing=self.SEASONS)
        store = books(item, bc.Item("base", unit_price=5))

        assert total_net(invoice(store, APRIL)) == 80  # 25 x 3 + 5
        problem, *_ = plan(store, MAY).problems
        assert problem.record == "S-1/sms"
        assert "pricing = '2026-05-01': no tier applies on this day" in str(problem)

    def test_the_last_tier_ends_the_item(self):
        """Half of June is billed, since the last tier ends in the middle of it."""
        store = books(sms(pricing=self.SEASONS), start="2026-06-01")

        assert nets(invoice(store, JUNE)) == decimals("50.00")  # 25 x 4 x 15/30


class TestDraftsByHand:
    def test_one_line_for_each_tier(self):
        """A draft by hand has a line for each tier, too."""
        draft = by_hand(sms())

        assert nets(draft.lines) == decimals("25.00", "24.00", "11.50")
        assert len(set(keys(draft.lines))) == 3

    def test_a_line_more(self):
        """A tiered item that is added by hand has a line for each of its tiers."""
        draft = bc.edit.add_line(by_hand(bc.Item("base", unit_price=5)), sms())

        assert nets(draft.lines) == decimals("5.00", "25.00", "24.00", "11.50")
        assert len(set(keys(draft.lines))) == 4

    def test_a_line_less(self):
        """Days stay billed as long as one tier of them is; without any they are due again."""
        store = books(sms())
        bc.execute(run_of(APRIL, policy=bc.LEVEL), store)
        (draft,) = store.drafts()
        two = bc.edit.remove_line(draft, 1)
        store.put(two)

        assert nets(two.lines) == decimals("24.00", "11.50")
        assert len(two.claims) == 1
        assert plan(store, APRIL).drafts == ()
        store.discard(draft.id)
        assert len(plan(store, APRIL).drafts) == 1

    def test_a_changed_line(self):
        """One tier's line can have another price; its words and the other lines stay."""
        draft = bc.edit.change_line(by_hand(sms()), 2, unit_price=2)

        assert nets(draft.lines) == decimals("25.00", "20.00", "11.50")
        assert str(draft.line(2).item.part) == "Tier 2: above 10 up to 20"

    def test_no_other_pricing(self):
        """The line of a tier cannot have tiers itself."""
        with pytest.raises(bc.InvalidInputError, match="a part of a price has no other"):
            bc.edit.change_line(by_hand(sms()), 2, pricing=TIERED)

    def test_a_pricing_put_on_a_line(self):
        """A line by hand can be given a pricing: it is one line with the price of all parts."""
        plain = by_hand(bc.Item("sms", unit_price=5, quantity=25))
        draft = bc.edit.change_line(plain, 1, unit_price=0, pricing=TIERED)

        assert nets(draft.lines) == decimals("60.50")
        assert str(bc.explain(draft.line(1))).splitlines()[1:3] == [
            "  price model: Tiered, 25: 10 x 2.50 + 10 x 2.40 + 5 x 2.30 = 60.50 EUR",
            "  position price: 60.50 EUR, by its price model",
        ]


class TestWords:
    def test_a_document_names_the_tiers(self):
        """The text of a document says which tier a position is, in its language."""
        draft = by_hand(sms(title="SMS"))

        assert "Staffel 2: über 10 bis 20" in bc.render.text(draft)
        assert "Tier 3: above 20 up to 30" in bc.render.text(draft, locale="en")

    def test_a_document_names_percentages_and_packages(self):
        """Percentages are written in the language's way; a price without more to say adds nothing."""
        items = [
            bc.Item("deal", unit_price=500, pricing=Pricing(bc.COMMISSION, percent="2.5")),
            bc.Item(
                "disk", unit_price=5, quantity=250, pricing=Pricing(bc.PACKAGE, package_size=100)
            ),
            bc.Item("base", unit_price=5, pricing=Pricing(maximum=9)),
        ]
        text = bc.render.text(by_hand(*items))

        assert "2,5\N{NO-BREAK SPACE}% des Preises" in text
        assert "Pakete zu 100" in text
        assert text.count("01.04.2026 – 30.04.2026\n") == 4

    @pytest.mark.parametrize(
        ("item", "steps"),
        [
            (
                sms(quantity=11, cadence=None, billing_type=bc.ONE_TIME),
                [
                    "price model: Tiered, 11: 10 x 2.50 + 1 x 2.40 = 27.40 EUR",
                    "position price: 2.50 x 10 = 25.00 EUR (Tier 1: up to 10)",
                ],
            ),
            (
                bc.Item(
                    "line",
                    quantity=12,
                    pricing=Pricing(bc.TIERED, [Tier(10, 15, price_type=bc.FLAT), Tier(None, 2)]),
                ),
                [
                    "price model: Tiered, 12: 15 flat + 2 x 2 = 19 EUR",
                    "position price: 15 EUR, flat for any quantity (Tier 1: up to 10)",
                ],
            ),
            (
                bc.Item(
                    "disk",
                    unit_price=5,
                    quantity=250,
                    pricing=Pricing(bc.PACKAGE, package_size=100),
                ),
                [
                    "packages: 250 in packages of 100 = 3",
                    "position price: 5 x 3 = 15 EUR",
                ],
            ),
            (
                bc.Item(
                    "deal",
                    unit_price=500,
                    pricing=Pricing(bc.COMMISSION, [Tier(1000, percent=8)]),
                    billed_share="0.5",
                ),
                [
                    "position price: 500 x 1 x 8 % x 0.5 = 20.000 EUR (Tier 1: price below 1000; 8 % of the price)"
                ],
            ),
            (
                bc.Item(
                    "deal",
                    unit_price=50,
                    price_type=bc.FLAT,
                    pricing=Pricing(bc.MARK_UP, percent=20),
                ),
                ["position price: 50 x 120 % = 60.00 EUR, flat for any quantity"],
            ),
            (
                bc.Item("base", unit_price=5, pricing=Pricing(minimum=9)),
                [
                    "minimum amount: 9 EUR instead of 5 EUR",
                    "position price: 9 EUR, flat for any quantity",
                ],
            ),
        ],
        ids=["tiers", "basic charge", "packages", "commission", "flat mark-up", "minimum"],
    )
    def test_an_explanation_begins_with_the_price_model(self, item, steps):
        """What the model made of quantity and price comes first, with its numbers."""
        said = str(bc.explain(by_hand(item).line(1))).splitlines()[1:]

        assert [line.strip() for line in said[: len(steps)]] == steps
        assert said[len(steps)].startswith("  amount: ")
