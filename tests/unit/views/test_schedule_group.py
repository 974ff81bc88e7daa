"""Billing schedules of subscriptions, and how schedules print and draw themselves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import billingcore as bc
from billingcore.views.schedule import schedule, schedule_group
from tests.unit.views.contracts import bill, item_of, look, look_at_all, monthly, run, store_of


def test_a_group():
    """A subscription shows the earliest dates of its items, and sums per currency."""
    store = store_of(
        monthly(),
        monthly("support", price=90, cadence=bc.quarterly(), billing_practice=bc.ARREARS),
        monthly("hosting", price=20, currency="CHF", end="2026-01-31"),
    )
    bill(store, 1)
    bill(store, 4)
    group = look_at_all(store)

    assert [item.record for item in group.items] == ["S-1/seats", "S-1/support", "S-1/hosting"]
    assert str(group.next_billing_date) == "2026-05-01"
    assert str(group.billed_to) == "2026-03-31"  # support; hosting ended, and does not count
    assert {key: str(value) for key, value in group.billed.items()} == {
        "EUR": "490.00",
        "CHF": "20.00",
    }
    assert {key: str(value) for key, value in group.remaining.items()} == {
        "EUR": "1070.00",
        "CHF": "0.00",
    }
    assert [str(row.billing_date) for row in group.upcoming[:3]] == [
        "2026-05-01",
        "2026-06-01",
        "2026-06-30",
    ]


def test_a_group_that_is_done():
    """When nothing follows of any item, the group is billed to its last day."""
    store = store_of(monthly(end="2026-01-31"), monthly("more"), end="2026-02-28")
    bill(store, 3)
    group = look_at_all(store)

    assert (group.next_billing_date, str(group.billed_to)) == (None, "2026-02-28")
    assert (look_at_all(store_of()).billed_to, look_at_all(store_of()).billed) == (None, {})


def test_a_sum_that_is_not_known():
    """What remains of a group is not known if that of one of its items is not."""
    store = store_of(monthly(end="2026-12-31"), monthly("more"), end=None)

    assert look_at_all(store).remaining == {"EUR": None}


def test_an_item_prints_as_a_table():
    """Printed, a schedule is a few facts and a table of what comes."""
    store = store_of(monthly(changes=[bc.Change("2026-02-15", unit_price=128)]), end="2026-02-28")
    bill(store, 1)

    assert str(look(store)).splitlines() == [
        "S-1/seats",
        "  next billing date: 2026-02-01",
        "  next period: 2026-02-01 to 2026-02-28",
        "  billed to: 2026-01-31",
        "  billed EUR: 100.00",
        "  remaining EUR: 114.00",
        "billing date  first       last        price      net  terms",
        "------------  ----------  ----------  -------  -----  --------------",
        "2026-02-01    2026-02-01  2026-02-14  1 x 100  50.00",
        "2026-02-01    2026-02-15  2026-02-28  1 x 128  64.00  unit_price=128",
    ]


def test_drafts_and_corrections_print():
    """Printed, a row on a draft names it, and a correction comes with the next run."""
    store = store_of(monthly(), end="2026-02-28")
    bill(store, 1)
    run(store, 2)
    (contract,) = store.snapshot("acme").subscriptions
    store.change(contract.changed(bc.Change("2026-01-31", unit_price=131)))

    shown = str(look(store))
    assert "  on a draft to: 2026-02-28" in shown
    assert [line.split()[:2] for line in shown.splitlines()[-3:]] == [
        ["next", "run"],
        ["next", "run"],
        ["2026-02-01", "2026-02-01"],
    ]
    assert shown.endswith("  2026-02-01..2026-02-28/acme/S-1")


def test_nothing_prints_its_reason():
    """Printed, a schedule without anything to come says why, and has no table."""
    assert str(item_of(monthly(active=False))).splitlines() == [
        "S-1/seats",
        "  billed EUR: 0.00",
        "  remaining EUR: 0.00",
        "  why not more: S-1/seats: ITEM_INACTIVE, the item is not active",
    ]


def test_a_group_prints_as_a_table():
    """Printed, a group is a table of its items with a last row for all of them."""
    store = store_of(monthly(end="2026-02-28"), monthly("free", price=0, end="2026-01-31"))
    bill(store, 1)

    assert (
        str(look_at_all(store))
        == """\
item        billed to   next billing date  next period               billed  remaining  currency
----------  ----------  -----------------  ------------------------  ------  ---------  --------
S-1/seats   2026-01-31  2026-02-01         2026-02-01 to 2026-02-28  100.00     100.00  EUR
S-1/free    2026-01-31                                                 0.00       0.00  EUR
all of S-1  2026-01-31  2026-02-01                                   100.00     100.00  EUR"""
    )


def test_they_draw_themselves_escaped():
    """Drawn, schedules are tables of HTML in which names are escaped."""
    contract = bc.Subscription(
        "<S>", account="acme", items=[monthly("<i>")], start="2026-01-01", end="2026-01-31"
    )
    snapshot = bc.AccountSnapshot(bc.Account("acme", currency="EUR"), [contract])

    item = schedule(snapshot, "<i>")._repr_html_()
    group = schedule_group(snapshot, "<S>")._repr_html_()
    assert item.startswith("<table><caption>&lt;S&gt;/&lt;i&gt;: next billing date 2026-01-01, ")
    assert item.endswith(
        "<td>2026-01-01</td><td>2026-01-01</td><td>2026-01-31</td><td>1 x 100</td>"
        '<td style="text-align: right">100.00</td></tr></table>'
    )
    assert group.startswith("<table><caption>Subscription &lt;S&gt;</caption>")
    assert "<i>" not in item + group


def test_records_are_flat():
    """An item gives what comes as rows, a group its items."""
    store = store_of(monthly(), end="2026-02-28")
    bill(store, 1)

    assert look(store).records() == [
        {
            "record": "S-1/seats",
            "billing_date": date(2026, 2, 1),
            "first": date(2026, 2, 1),
            "last": date(2026, 2, 28),
            "quantity": Decimal(1),
            "unit_price": Decimal(100),
            "amount": Decimal("100.00"),
            "currency": "EUR",
            "terms": "",
            "draft": "",
        }
    ]
    assert look_at_all(store).records() == [
        {
            "record": "S-1/seats",
            "next_billing_date": date(2026, 2, 1),
            "next_first": date(2026, 2, 1),
            "next_last": date(2026, 2, 28),
            "billed_to": date(2026, 1, 31),
            "drafted_to": None,
            "billed": Decimal("100.00"),
            "remaining": Decimal("100.00"),
            "currency": "EUR",
        }
    ]


def test_a_row_explains_itself():
    """The line of a row is the engine's, so that it can be explained like one of an invoice."""
    seen = item_of(monthly(start="2026-12-17"))

    assert "billing factor: 15/31 of December 2026" in str(bc.explain(seen.upcoming[0].line))
