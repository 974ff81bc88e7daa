"""What usage costs: its item's price, its own, tiers, terms that change, and no price at all."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.metering import (
    JANUARY,
    MONTHLY,
    book,
    calls,
    lines_of,
    reasons,
    shown,
    used,
)


def test_usage_with_prices_of_its_own_is_a_line_a_price():
    """Individual prices are a line each, and usage without one has the item's price."""
    usage = [
        used("U-1", 5, 3, price="0.05"),
        used("U-2", 6, 5, price="0.050"),
        used("U-3", 7, 7, price="0.06"),
        used("U-4", 8, 1),
    ]

    assert shown(lines_of(book(*usage).bill())) == [
        ("calls", "1", "10", "10.00"),
        ("calls", "8", "0.05", "0.40"),
        ("calls", "7", "0.06", "0.42"),
    ]


def test_prices_of_usage_can_be_added_up():
    """With aggregated prices 3 x 0.05 and 7 x 0.06 are one line of 10 units for 0.57."""
    usage = [used("U-1", 5, 3, price="0.05"), used("U-2", 7, 7, price="0.06")]
    made = book(*usage, items=[calls(aggregates_prices=True)])
    (line,) = lines_of(made.bill())

    assert (line.quantity, line.amount, line.item.price_type) == (10, Decimal("0.57"), bc.FLAT)


def test_added_up_prices_that_cancel_out_are_a_line_of_nothing():
    """3 at 0.05 and 3 given back are covered by a line of 0.00."""
    usage = [used("U-1", 5, 3, price="0.05"), used("U-2", 7, -3, price="0.05")]
    made = book(*usage, items=[calls(aggregates_prices=True)])

    assert shown(lines_of(made.bill())) == [("calls", "0", "0.00", "0.00")]


def test_a_mark_up_is_put_on_the_price_of_the_usage():
    """An item with a mark-up of 10 % bills usage at 2.00 with 2.20, added up or not."""
    pricing = bc.Pricing(bc.MARK_UP, percent=10)
    alone = book(used("U-1", 5, 3, price=2), items=[calls(unit_price=0, pricing=pricing)])
    added = book(
        used("U-1", 5, 3, price=2),
        items=[calls(unit_price=0, pricing=pricing, aggregates_prices=True)],
    )

    assert [line.amount for line in lines_of(alone.bill())] == [Decimal("6.60")]
    assert [line.amount for line in lines_of(added.bill())] == [Decimal("6.60")]


@pytest.mark.parametrize(
    ("usage", "bound", "amount"),
    [
        ({"0.05": 3, "0.06": 7}, {"minimum": 20}, "20.00"),
        ({"0.05": 3, "0.06": 7}, {"maximum": "0.40"}, "0.40"),
        ({"0.05": 3, "0.06": 7}, {"minimum": "0.10", "maximum": 20}, "0.57"),
        ({"0.05": -3, "0.06": -7}, {"minimum": 20}, "-20.00"),
        ({"0": 3}, {"minimum": 20}, "20.00"),
        ({"0.05": 3, "0.06": -3}, {"minimum": 20}, "-0.03"),
    ],
    ids=["minimum", "maximum", "between both", "given back", "free", "quantity 0"],
)
def test_prices_that_are_added_up_have_one_minimum_and_maximum(usage, bound, amount):
    """Minimum and maximum are for the line, not for each price on it; quantity 0 has none."""
    pricing = bc.Pricing(bc.UNIT_PRICE, **bound)
    made = book(items=[calls(unit_price=0, pricing=pricing, aggregates_prices=True)])
    made.add(*(used(f"U-{price}", 5, count, price=price) for price, count in usage.items()))

    assert [str(line.amount) for line in lines_of(made.bill())] == [amount]


def test_half_of_a_price_has_half_of_its_minimum():
    """Of a minimum of 20.00 an item that is billed by half has 10.00, also for added up prices."""
    pricing = bc.Pricing(bc.UNIT_PRICE, minimum=20)
    item = calls(unit_price=0, pricing=pricing, aggregates_prices=True, billed_share="0.5")

    assert [
        line.amount for line in lines_of(book(used("U-1", 5, 3, price=1), items=[item]).bill())
    ] == [10]


def test_tiers_do_not_price_usage_that_brings_its_price():
    """Usage with its own price is billed at that, also where the item has tiers."""
    tiers = bc.Pricing(bc.TIERED, [bc.Tier(10, 5), bc.Tier(None, 4)])
    made = book(used("U-1", 5, 30, price=1), used("U-2", 5, 12), items=[calls(pricing=tiers)])

    assert [line.amount for line in lines_of(made.bill())] == [50, 8, 30]


def test_a_price_in_another_currency_is_another_invoice():
    """Usage priced in Swiss francs goes to an invoice in Swiss francs."""
    made = book(used("U-1", 5, 3, price=bc.Money(2, "CHF")), used("U-2", 5, 1, currency="EUR"))

    assert {draft.currency: draft.totals.net for draft in made.bill().drafts} == {
        "EUR": Decimal("10.00"),
        "CHF": Decimal("6.00"),
    }


def test_a_currency_without_a_price_is_a_problem():
    """Usage in another currency than its item's price needs a price of its own."""
    (problem,) = book(used("U-1", 5, 3, currency="CHF")).bill().problems

    assert problem.field == "currency"


def test_a_tier_quantity_picks_the_tier():
    """5 units with the tier of 25 cost 5 x 2.30; without they would cost 5 x 2.50."""
    limits = [bc.Tier(10, "2.50"), bc.Tier(20, "2.40"), bc.Tier(None, "2.30")]
    item = calls(pricing=bc.Pricing(bc.VOLUME, limits))
    picked = book(
        used("U-1", 5, 2, tier_quantity=10), used("U-2", 5, 3, tier_quantity=15), items=[item]
    )
    own = book(used("U-1", 5, 5), items=[item])

    assert shown(lines_of(picked.bill())) == [("calls", "5", "2.30", "11.50")]
    assert shown(lines_of(own.bill())) == [("calls", "5", "2.50", "12.50")]


def test_tiers_with_dates_price_the_usage_of_their_days():
    """Usage up to 15 January has the old price, later usage the new one."""
    tiers = [
        bc.Tier(None, 1, end="2026-01-15"),
        bc.Tier(None, 2, start="2026-01-16"),
    ]
    made = book(
        used("U-1", 15, 3),
        used("U-2", 16, 5),
        used("U-3", 20, 1),
        items=[calls(pricing=bc.Pricing(bc.VOLUME, tiers))],
    )

    assert [line.amount for line in lines_of(made.bill())] == [3, 12]


def test_usage_is_priced_on_the_terms_of_its_day():
    """A price that rises on 16 January counts from the usage of that day on."""
    item = calls().changed(bc.Change("2026-01-16", unit_price=11))
    made = book(used("U-1", 15, 1), used("U-2", 16, 1), items=[item])

    assert [line.amount for line in lines_of(made.bill())] == [10, 11]


def test_usage_in_a_pause_is_free():
    """Usage of days for which nothing is billed is PAUSED."""
    item = calls().changed(bc.Change("2026-01-16", billed_share=0))
    made = book(used("U-1", 15, 1), used("U-2", 16, 1), items=[item])
    outcome = made.bill()

    assert [line.amount for line in lines_of(outcome)] == [10]
    assert reasons(outcome) == {"usage/U-2": "PAUSED"}


def test_usage_of_several_billing_periods_is_priced_period_by_period():
    """A weekly item is billed week by week, and its tiers count anew in each."""
    tiers = bc.Pricing(bc.TIERED, [bc.Tier(10, 1), bc.Tier(None, "0.50")])
    made = book(
        used("U-1", 5, 12),
        used("U-2", 14, 8),
        items=[calls(pricing=tiers, cadence=bc.weekly(anchor="2026-01-05"))],
    )

    assert [line.amount for line in lines_of(made.bill())] == [10, 1, 8]


def test_usage_without_a_price_for_its_quantity_is_a_problem():
    """Beyond the last limit there is no price; usage of several items is not billed by any."""
    tiers = bc.Pricing(bc.TIERED, [bc.Tier(10, 1)])
    items = [calls(pricing=tiers), calls(id="sms", order_no="SMS")]
    made = book(
        used("U-1", 5, 12, order_no="SMS,CALLS"),
        used("U-2", 6, 1, order_no="SMS"),
        items=items,
    )
    outcome = made.bill()

    assert [problem.record for problem in outcome.problems] == ["usage/U-1"]
    assert shown(lines_of(outcome)) == [("sms", "1", "10", "10.00")]
    assert reasons(outcome) == {"S-1/calls": "NO_USAGE"}


def test_a_problem_holds_back_the_invoice_where_the_policy_says_so():
    """With on_problem=INVOICE usage without a price keeps its invoice from being made."""
    tiers = bc.Pricing(bc.TIERED, [bc.Tier(10, 1)])
    items = [calls(pricing=tiers), calls(id="sms", order_no="SMS")]
    made = book(
        used("U-1", 5, 12),
        used("U-2", 6, 1, order_no="SMS"),
        items=items,
        policy=bc.DOCUMENTED.but(on_problem=bc.OnProblem.INVOICE),
    )

    assert made.bill().drafts == ()


def test_flags_say_which_usage_is_listed():
    """A line says which of its records are listed in the file and in the table."""
    made = book(
        used("U-1", 5, 1, add_to_csv=True), used("U-2", 5, 1, add_to_table=True), used("U-3", 5, 1)
    )
    (line,) = lines_of(made.bill())

    assert [each.id for each in line.origin.in_csv] == ["U-1"]
    assert [each.id for each in line.origin.in_table] == ["U-2"]
    assert line.sources == ()


def test_a_discount_of_the_item_reduces_its_usage():
    """Usage of an item with 10 % off costs 90 % of its price."""
    made = book(used("U-1", 5, 3), items=[calls(discount=bc.Discount.percent(10))])
    (line,) = lines_of(made.bill())

    assert (line.amount, line.discount, line.net) == (30, 3, 27)


def test_an_inactive_item_says_so():
    """An item that is not active is excluded as inactive, not for want of usage."""
    assert reasons(book(items=[calls(active=False)]).bill()) == {"S-1/calls": "ITEM_INACTIVE"}


def test_no_item_of_usage_is_billed_by_its_own_quantity():
    """Without usage nothing is billed of a transactional item, whatever its quantity and cadence."""
    item = calls(quantity=5, cadence=MONTHLY)
    snapshot = book(items=[item]).snapshot()

    assert bc.bill(bc.InvoiceRun(JANUARY), snapshot, bc.TaxTable({})).drafts == ()
    assert bc.why_not(bc.InvoiceRun(JANUARY), snapshot, "calls").reason is bc.Reason.NO_USAGE
