"""An item as it is on each day: its versions, by its own changes and by its subscription's."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc

Change = bc.Change
TEN_OFF = bc.Discount.percent(10)

DAYS = bc.proration.ACTUAL_DAYS


def item(*changes, **fields):
    """Make a recurring item at 100 with changes."""
    own = {"unit_price": 100, "billing_type": bc.RECURRING, "cadence": bc.monthly()}
    return bc.Item("seats", changes=changes, **(own | fields))


class TestVersions:
    """An item as it is in each phase."""

    def test_versions_have_their_terms(self):
        """Each version is the item with the terms of its phase, without changes of its own."""
        one = item(Change("2026-03-10", quantity=5), Change("2026-04-10", discount=TEN_OFF))

        assert [version.position_price for version in one.versions] == [100, 500, 500]
        assert [version.discount for version in one.versions] == [None, None, TEN_OFF]
        assert [version.changes for version in one.versions] == [()] * 3

    def test_a_discount_is_taken_away_by_none(self):
        """None is no discount from then on; what a change does not name stays."""
        one = item(Change("2026-03-10", discount=None, tax_code=None), discount=TEN_OFF)
        two = item(Change("2026-03-10", quantity=2), discount=TEN_OFF, tax_code="19")

        assert (one.versions[1].discount, one.versions[1].tax_code) == (None, None)
        assert (two.versions[1].discount, two.versions[1].tax_code) == (TEN_OFF, "19")

    @pytest.mark.parametrize(
        ("one", "expected"),
        [
            (item(Change("2026-03-10", quantity=5), proration=DAYS), (True, True)),
            (item(Change("2026-03-10", quantity=5)), (True, False)),
            (item(bc.pause("2026-03-10"), proration=DAYS), (True, False)),
            (
                item(Change("2026-03-10", billing_practice=bc.ARREARS), proration=DAYS),
                (True, False),
            ),
            (item(Change("2026-03-10", quantity=1), quantity=0), (True, False)),
            (item(Change("2026-03-10", quantity=1), active=False), (False, False)),
        ],
        ids=["quantity", "counted whole", "pause", "practice", "from zero", "inactive"],
    )
    def test_what_versions_mean_for_the_periods(self, one, expected):
        """An item is billable if a version is, and steady if changes only cut its periods."""
        assert (one.is_billable, one.is_billable and one.is_steady) == expected

    def test_a_share_of_the_price(self):
        """Half a price is half of what a position costs, exactly."""
        one = item(bc.pause("2026-03-10", share="0.5"), unit_price="99.99")

        assert one.versions[1].position_price == Decimal("49.995")

    def test_what_is_billed_once_cannot_be_paused(self):
        """A pause of a whole subscription leaves its one-time items alone."""
        one = bc.Item("setup", unit_price=50, changes=[bc.pause("2026-03-10")])

        assert [version.position_price for version in one.versions] == [50, 50]

    def test_changed_adds_to_the_changes(self):
        """`changed` gives another item with further changes, and leaves this one."""
        one = item(Change("2026-03-10", quantity=5))
        two = one.changed(Change("2026-04-10", quantity=6))

        assert len(one.changes) == 1
        assert [version.quantity for version in two.versions] == [1, 5, 6]


class TestSubscriptions:
    """Changes of a whole subscription."""

    A, B = item(), bc.Item("b", unit_price=7)

    def prices(self, *changes, own=()):
        """Give the prices of the first item of a subscription with changes."""
        contract = bc.Subscription("S", account="a", items=[item(*own)], changes=changes)
        return [int(version.unit_price) for version in contract.positions[0][0].versions]

    def test_they_apply_to_every_item(self):
        """Each position has them; the items themselves stay as they were given."""
        contract = bc.Subscription("S", account="a", items=[self.A, self.B])
        changed = contract.changed(Change("2026-03-10", quantity=2))

        assert [len(position.versions) for position, _ in changed.positions] == [2, 2]
        assert changed.items == (self.A, self.B)

    def test_an_item_s_own_change_of_the_same_day_wins(self):
        """On one day the item's own change goes before; else the one that begins last."""
        own = [Change("2026-03-10", unit_price=80)]

        assert self.prices(Change("2026-03-10", unit_price=90), own=own) == [100, 80]
        assert self.prices(Change("2026-03-11", unit_price=90), own=own) == [100, 80, 90]
        assert self.prices(Change("2026-03-09", unit_price=90), own=own) == [100, 90, 80]

    def test_some_items(self):
        """With ids of items only these change, for themselves."""
        contract = bc.Subscription("S", account="a", items=[self.A, self.B])
        changed = contract.changed(Change("2026-03-10", quantity=2), items=["b"])

        assert [len(each.changes) for each in changed.items] == [0, 1]
        assert changed.changes == ()

    def test_an_unknown_item(self):
        """An id that no item has is refused with the ids there are."""
        contract = bc.Subscription("S", account="a", items=[self.A, self.B])
        with pytest.raises(bc.InvalidInputError, match="'c': there is no such item; use one of"):
            contract.changed(Change("2026-03-10", quantity=2), items=["c"])


@pytest.mark.parametrize("share", [1.0, True, "1.1", -1], ids=repr)
def test_a_share_is_read_as_strictly_as_other_numbers(share):
    """A share that is a float, a truth value, or more than all or less than nothing is refused."""
    with pytest.raises(bc.InvalidInputError, match="Item 'seats': billed_share"):
        item(billed_share=share)
