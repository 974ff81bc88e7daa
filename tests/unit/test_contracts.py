"""Contracts that change prices, plans or hands, and what runs bill of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.changing import (
    APRIL,
    JUNE,
    MAY,
    by_days,
    decimals,
    invoice,
    nets,
    shown,
    shown_by_item,
    total_net,
)
from tests.unit.engine.records import contract, monthly, once, store_of

JULY = bc.Period.month(2026, 7)


def prices(subscription, item=0):
    """Write the prices of an item: first day and price."""
    position, _ = subscription.positions[item]
    rows = zip(position.phases, position.versions, strict=True)
    return [f"{phase.start or '..'} {version.unit_price}" for phase, version in rows]


class TestIncreasePrices:
    """By a factor or to a new price, of all items or of some."""

    def test_by_a_factor(self):
        """Every price is multiplied from the day on, rounded half up to cents."""
        before = contract(monthly("a", "99.90"), monthly("b", "0.10"))
        after = bc.increase_prices(before, on="2026-07-01", factor="1.035")

        # 103.3965 and 0.1035
        assert prices(after, 0) == [".. 99.90", "2026-07-01 103.40"]
        assert prices(after, 1) == [".. 0.10", "2026-07-01 0.10"]

    def test_a_small_price_keeps_its_digits(self):
        """0.0045 a unit becomes 0.0047 by 4 percent, 0.00468 cut to its digits, and never 0.00."""
        before = contract(monthly("a", "0.0045"))

        assert prices(bc.increase_prices(before, on="2026-07-01", factor="1.04"))[1:] == [
            "2026-07-01 0.0047"
        ]

    @pytest.mark.parametrize(
        ("digits", "expected"), [(0, "103"), (4, "103.3965"), (5, "103.39650")]
    )
    def test_digits(self, digits, expected):
        """How many digits a price keeps is a choice."""
        before = contract(monthly(price="99.90"))
        after = bc.increase_prices(before, on="2026-07-01", factor="1.035", digits=digits)

        assert prices(after)[-1] == f"2026-07-01 {expected}"

    def test_a_promotion_stays_one(self):
        """Inside a promotion its price rises too, and the price after it as well."""
        promotion = bc.Change("2026-03-01", until="2026-08-31", unit_price=80)
        after = bc.increase_prices(
            contract(monthly(price=100, changes=[promotion])), on="2026-07-01", factor="1.1"
        )

        assert prices(after) == [
            ".. 100",
            "2026-03-01 80",
            "2026-07-01 88.00",
            "2026-09-01 110.00",
        ]

    def test_what_begins_later_rises_too(self):
        """A promotion that begins after the increase is cheaper by as much as it was."""
        promotion = bc.Change("2026-09-01", until="2026-09-30", unit_price=80)
        after = bc.increase_prices(
            contract(monthly(price=100, changes=[promotion])), on="2026-07-01", factor="1.1"
        )

        assert prices(after) == [
            ".. 100",
            "2026-07-01 110.00",
            "2026-09-01 88.00",
            "2026-10-01 110.00",
        ]

    def test_a_later_change_that_repeats_the_price(self):
        """A later change of the quantity that says the old price again does not undo the increase."""
        seats = bc.Change("2026-09-01", unit_price=100, quantity=2)
        after = bc.increase_prices(
            contract(monthly(price=100, changes=[seats])), on="2026-07-01", factor="1.1"
        )
        _, _, last = after.items[0].versions

        assert (last.quantity, last.unit_price) == (2, Decimal("110.00"))

    def test_a_promotion_of_the_contract(self):
        """A price that the whole contract has by a change of its own rises by the factor."""
        promotion = bc.Change("2026-03-01", unit_price=80)
        before = contract(monthly(price=100), changes=[promotion])
        after = bc.increase_prices(before, on="2026-07-01", factor="1.1")

        assert prices(after)[-1] == "2026-07-01 88.00"

    def test_a_discount_stays(self):
        """A discount that ends is taken off the new price until it does."""
        off = bc.Change("2026-03-01", until="2026-08-31", discount=bc.Discount.percent(50))
        after = bc.increase_prices(
            contract(monthly(price=100, changes=[off])), on="2026-07-01", factor="1.1"
        )
        versions = after.items[0].versions

        assert [(each.unit_price, each.discount is None) for each in versions] == [
            (100, True),
            (100, False),
            (110, False),
            (110, True),
        ]

    def test_to_a_price(self):
        """A new price is in force from the day on, also where a promotion was."""
        promotion = bc.Change("2026-03-01", until="2026-08-31", unit_price=80)
        after = bc.increase_prices(
            contract(monthly(price=100, changes=[promotion])), on="2026-07-01", unit_price=120
        )

        assert prices(after) == [".. 100", "2026-03-01 80", "2026-07-01 120"]

    def test_of_some_items(self):
        """Only the named items rise, or only what sells a product."""
        items = [monthly("a"), monthly("b", product="support"), monthly("c", product="support")]
        before = contract(*items)
        by_id = bc.increase_prices(before, on="2026-07-01", factor=2, items=["a", "b"])
        by_product = bc.increase_prices(before, on="2026-07-01", factor=2, product="support")
        both = bc.increase_prices(
            before, on="2026-07-01", unit_price=7, items=["a", "b"], product="support"
        )
        own = bc.increase_prices(before, on="2026-07-01", unit_price=7, product="a")

        assert [len(item.changes) for item in by_id.items] == [1, 1, 0]
        assert [len(item.changes) for item in by_product.items] == [0, 1, 1]
        assert [len(item.changes) for item in both.items] == [0, 1, 0]
        assert [len(item.changes) for item in own.items] == [1, 0, 0]

    def test_the_reason_is_kept(self):
        """A change says why it was made."""
        after = bc.increase_prices(contract(monthly()), on="2026-07-01", factor=2, reason="index")

        assert str(after.items[0].changes[0]) == "from 2026-07-01: unit_price=20 (index)"

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({}, "factor = None: one of factor and unit_price"),
            ({"factor": 2, "unit_price": 3}, "factor = 2: one of factor and unit_price"),
            ({"factor": 1.1}, "factor = 1.1"),
            ({"factor": 2, "on": "soon"}, "on = 'soon': not a date"),
            ({"factor": 2, "items": ["z"]}, "items = 'z': there is no such item"),
            ({"factor": 2, "product": "z"}, "product = 'z': no item is concerned"),
            ({"factor": 2, "digits": 6}, "digits = 6"),
        ],
        ids=["neither", "both", "float", "day", "item", "product", "digits"],
    )
    def test_errors(self, fields, said):
        """What cannot be is refused, and nothing is changed."""
        with pytest.raises(bc.InvalidInputError, match=said):
            bc.increase_prices(contract(monthly()), **({"on": "2026-07-01"} | fields))


class TestReplaceItem:
    """One item ends, another begins: both have parts of one billing period."""

    BASIC = by_days("basic", 100)
    PRO = by_days("pro", 150)

    def replaced(self, before, new=PRO, on="2026-04-16", **fields):
        """Give contract S-1 of April 2026 with its item replaced."""
        return bc.replace_item(before, "basic", new, on=on, **fields)

    def test_before_billing(self):
        """Half a month of each, in the order of the old one's place."""
        before = contract(self.BASIC, by_days("z", 30), start="2026-04-01")
        store = store_of(self.replaced(before))

        assert shown_by_item(invoice(store, APRIL)) == [
            "basic 2026-04-01 50.00",
            "pro 2026-04-16 75.00",
            "z 2026-04-01 30.00",
        ]
        assert shown_by_item(invoice(store, MAY)) == ["pro 2026-05-01 150.00", "z 2026-05-01 30.00"]

    def test_after_billing(self):
        """What was billed of the old item beyond the day goes back."""
        before = contract(self.BASIC, start="2026-04-01")
        store = store_of(before)
        invoice(store, APRIL)
        store.change(self.replaced(before))

        assert nets(invoice(store, APRIL)) == decimals("-50.00", "75.00")

    def test_the_day_belongs_to_one(self):
        """With OLD the 16th is the old item's last day: 53.33 and 14 days at 5.00."""
        before = contract(self.BASIC, start="2026-04-01")
        store = store_of(self.replaced(before, change_day=bc.ChangeDay.OLD))

        assert shown(invoice(store, APRIL)) == [
            "2026-04-01..2026-04-16 53.33",
            "2026-04-17..2026-04-30 70.00",
        ]

    @pytest.mark.parametrize("policy", [bc.DOCUMENTED, bc.LEVEL], ids=lambda each: each.name)
    def test_billing_periods_stay(self, policy):
        """A contract of the 20th has the new item's months from the 20th too."""
        before = contract(self.BASIC, start="2026-03-20")
        store = store_of(self.replaced(before, on="2026-04-30"))
        invoice(store, bc.Period.month(2026, 3), policy)
        april = invoice(store, APRIL, policy)

        # 20 April to 19 May has 30 days: 10 of the old, 20 of the new
        assert shown(april) == ["2026-04-20..2026-04-29 33.33", "2026-04-30..2026-05-19 100.00"]
        assert shown(invoice(store, MAY, policy)) == ["2026-05-20..2026-06-19 150.00"]

    def test_an_anchor_of_its_own(self):
        """A new item with an anchor, or another rhythm, has its own periods."""
        before = contract(self.BASIC, start="2026-04-01")
        anchored = by_days("pro", 150, cadence=bc.monthly(anchor="2026-04-16"))
        quarters = by_days("pro", 91, cadence=bc.quarterly())

        store = store_of(self.replaced(before, anchored))
        assert shown(invoice(store, APRIL))[1] == "2026-04-16..2026-05-15 150.00"
        store = store_of(self.replaced(before, quarters))
        assert shown(invoice(store, APRIL))[1] == "2026-04-16..2026-07-15 91.00"

    @pytest.mark.parametrize(
        ("on", "expected"),
        [
            ("2026-03-01", ["2026-03-01..2026-03-31 62.00", "2026-04-01..2027-03-31 730.00"]),
            ("2026-05-01", ["2026-05-01..2027-03-31 670.00"]),
        ],
        ids=["before the boundary", "after it"],
    )
    def test_an_aligned_item(self, on, expected):
        """Aligned to quarters, the new item is aligned with the old one's first year, or after it."""
        old = by_days(
            "basic", 365, cadence=bc.yearly(), sync_with=bc.NEXT_QUARTER, start="2026-02-10"
        )
        new = by_days("pro", 730, cadence=bc.yearly())
        store = store_of(self.replaced(contract(old), new, on=on))
        lines = invoice(store, bc.Period("2026-02-01", "2026-06-01"))

        assert shown(line for line in lines if line.item.id == "pro") == expected

    def test_an_item_that_has_ended(self):
        """An item that ended on the 10th is not billed longer because another one begins."""
        before = contract(by_days("basic", end="2026-04-10"), start="2026-04-01")
        after = self.replaced(before)

        assert str(after.items[0].end) == "2026-04-10"

    def test_errors(self):
        """An unknown item, and an id that is taken, are refused."""
        before = contract(self.BASIC, by_days("z"), start="2026-04-01")
        with pytest.raises(bc.InvalidInputError, match="items = 'y': there is no such item"):
            bc.replace_item(before, "y", self.PRO, on="2026-04-16")
        with pytest.raises(bc.InvalidInputError, match="'z': two items have this id"):
            self.replaced(before, by_days("z"))
        with pytest.raises(bc.InvalidInputError, match="on = 'x'"):
            self.replaced(before, on="x")


class TestTransfer:
    """Each day is paid once, by exactly one of two accounts."""

    def accounts(self, before):
        """Make a store with two accounts, of which acme has the contract."""
        store = store_of(before)
        store.add(bc.Account("beta", currency="EUR"))
        return store

    def moved(self, store, before, on):
        """Move the contract to account beta."""
        old, new = bc.transfer(before, to="beta", on=on, id="S-2")
        store.change(old)
        store.add(new)
        return old, new

    def by_account(self, lines):
        """Write lines with the subscription that pays them."""
        return [
            f"{line.subscription_id} {text}" for line, text in zip(lines, shown(lines), strict=True)
        ]

    @pytest.mark.parametrize("policy", [bc.DOCUMENTED, bc.LEVEL], ids=lambda each: each.name)
    def test_before_billing(self, policy):
        """Ten days are paid by the one, twenty by the other, then whole months."""
        before = contract(by_days(), start="2026-04-01")
        store = self.accounts(before)
        self.moved(store, before, "2026-04-11")

        assert self.by_account(invoice(store, APRIL, policy)) == [
            "S-1 2026-04-01..2026-04-10 33.33",
            "S-2 2026-04-11..2026-04-30 66.67",
        ]
        assert self.by_account(invoice(store, MAY, policy)) == ["S-2 2026-05-01..2026-05-31 100.00"]

    def test_after_billing(self):
        """What the old account has paid beyond the day goes back to it, once."""
        before = contract(by_days(), start="2026-04-01")
        store = self.accounts(before)
        invoice(store, APRIL)
        self.moved(store, before, "2026-04-11")
        lines = invoice(store, MAY)

        assert self.by_account(lines) == [
            "S-1 2026-04-11..2026-04-30 -66.67",
            "S-2 2026-04-11..2026-04-30 66.67",
            "S-2 2026-05-01..2026-05-31 100.00",
        ]
        assert total_net(invoice(store, MAY)) == 0

    def test_billing_periods_stay(self):
        """A quarter of the 20th is shared by days, and goes on from the 20th."""
        before = contract(by_days(price=92, cadence=bc.quarterly()), start="2026-05-20")
        store = self.accounts(before)
        self.moved(store, before, "2026-06-20")
        lines = invoice(store, JUNE)

        # 20 May to 19 August: 92 days, of which 31 are the first account's
        assert self.by_account(lines) == [
            "S-1 2026-05-20..2026-06-19 31.00",
            "S-2 2026-06-20..2026-08-19 61.00",
        ]
        assert nets(invoice(store, bc.Period.month(2026, 8))) == decimals("92.00")

    def test_changes_go_with_it(self):
        """An upgrade that begins later is the new account's; a running one is both's."""
        item = by_days().changed(
            bc.Change("2026-04-11", unit_price=150), bc.Change("2026-05-01", unit_price=200)
        )
        before = contract(item, start="2026-04-01")
        store = self.accounts(before)
        self.moved(store, before, "2026-04-16")
        lines = [*invoice(store, APRIL), *invoice(store, MAY)]

        assert self.by_account(lines) == [
            "S-1 2026-04-01..2026-04-10 33.33",
            "S-1 2026-04-11..2026-04-15 25.00",
            "S-2 2026-04-16..2026-04-30 75.00",
            "S-2 2026-05-01..2026-05-31 200.00",
        ]

    def test_which_items_go(self):
        """What ended stays, what begins later goes, and a one-time item goes by its day."""
        items = [
            by_days("ended", end="2026-04-05"),
            by_days("later", start="2026-06-01"),
            once("setup"),
            once("late", start="2026-05-01"),
            by_days("both"),
        ]
        before = contract(*items, start="2026-04-01")
        old, new = bc.transfer(before, to="beta", on="2026-04-11", id="S-2")

        assert [item.id for item in new.items] == ["later", "late", "both"]
        assert (str(old.end), str(new.start), new.account) == ("2026-04-10", "2026-04-11", "beta")

    def test_a_one_time_item_is_billed_once(self):
        """A setup fee of before is the old account's, also if its first run is after the move."""
        before = contract(once("setup"), by_days(), start="2026-04-01")
        store = self.accounts(before)
        self.moved(store, before, "2026-04-11")
        lines = invoice(store, MAY)

        setups = [line.subscription_id for line in lines if line.item.id == "setup"]
        assert setups == ["S-1"]
        assert total_net(line for line in lines if line.item.id == "seats") == 200

    @pytest.mark.parametrize(
        ("on", "said"),
        [
            ("2026-04-01", "not within the contract"),
            ("2026-03-01", "not within the contract"),
            ("2027-01-01", "not within the contract"),
            ("x", "not a date"),
        ],
        ids=["first day", "before", "after", "no day"],
    )
    def test_errors(self, on, said):
        """A day on which there is nothing to move is refused."""
        before = contract(by_days(), start="2026-04-01", end="2026-12-31")
        with pytest.raises(bc.InvalidInputError, match=said):
            bc.transfer(before, to="beta", on=on, id="S-2")
