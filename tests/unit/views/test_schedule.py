"""Billing schedules of items."""

from __future__ import annotations

import pytest
from attrs import evolve

import billingcore as bc
from billingcore.views.schedule import schedule_group
from tests.unit.views.contracts import (
    ACME,
    VAT,
    bill,
    item_of,
    look,
    look_at_all,
    monthly,
    rows,
    run,
    store_of,
    sums,
)


@pytest.mark.parametrize(
    ("fields", "day", "period", "remaining"),
    [
        ({}, "2026-01-01", "2026-01-01/2026-02-01", "1200.00"),
        ({"billing_practice": bc.ARREARS}, "2026-01-31", "2026-01-01/2026-02-01", "1200.00"),
        ({"cadence": bc.quarterly()}, "2026-01-01", "2026-01-01/2026-04-01", "400.00"),
        (
            {"cadence": bc.yearly(), "billing_practice": bc.ARREARS},
            "2026-12-31",
            "2026-01-01/2027-01-01",
            "100.00",
        ),
        # 17/31 of January and eleven months.
        (
            {"start": "2026-01-15", "sync_with": bc.NEXT_MONTH},
            "2026-01-15",
            "2026-01-15/2026-02-01",
            "1154.84",
        ),
        # The item ends first: 10/28 of February.
        ({"end": "2026-02-10"}, "2026-01-01", "2026-01-01/2026-02-01", "135.71"),
        (
            {"changes": [bc.trial("2026-01-01", "2026-02-28")]},
            "2026-03-01",
            "2026-03-01/2026-04-01",
            "1000.00",
        ),
        (
            {"next_service_period_start": "2026-11-01"},
            "2026-11-01",
            "2026-11-01/2026-12-01",
            "200.00",
        ),
    ],
    ids=[
        "advance",
        "arrears",
        "quarters",
        "year in arrears",
        "sync",
        "item ends",
        "trial",
        "migrated",
    ],
)
def test_what_comes_of_an_item(fields, day, period, remaining):
    """The next date, its period and the amount until the contract ends are those of the engine."""
    seen = item_of(monthly(**fields))

    assert str(seen.next_billing_date) == day
    assert str(seen.next_period) == period
    assert sums(seen) == ("0.00", remaining)


def test_runs_move_it_on():
    """With every invoice the dates move on, and the amount goes from remaining to billed."""
    store = store_of(monthly())
    bill(store, 1)
    bill(store, 3)
    seen = look(store)

    assert str(seen.next_period) == "2026-04-01/2026-05-01"
    assert (str(seen.next_billing_date), str(seen.billed_to)) == ("2026-04-01", "2026-03-31")
    assert sums(seen) == ("300.00", "900.00")


def test_slices_are_rows():
    """A change inside a period makes two rows, both billed on the period's date, at their terms."""
    change = bc.Change("2026-02-15", unit_price=128)
    seen = item_of(monthly(changes=[change]), end="2026-03-31")

    assert rows(seen) == [
        ("2026-01-01", "2026-01-01/2026-02-01", "100.00", ""),
        ("2026-02-01", "2026-02-01/2026-02-15", "50.00", ""),
        ("2026-02-01", "2026-02-15/2026-03-01", "64.00", "unit_price=128"),
        ("2026-03-01", "2026-03-01/2026-04-01", "128.00", "unit_price=128"),
    ]
    assert str(seen.next_period) == "2026-01-01/2026-02-01"


def test_a_due_correction_has_no_date():
    """What changed after it was billed comes with the next run, and counts as remaining."""
    store = store_of(monthly(), end="2026-02-28")
    bill(store, 1)
    (contract,) = store.snapshot("acme").subscriptions
    store.change(contract.changed(bc.Change("2026-01-10", unit_price=150)))
    seen = look(store)

    assert rows(seen) == [
        ("None", "2026-01-10/2026-02-01", "-70.97", ""),
        ("None", "2026-01-10/2026-02-01", "106.45", "unit_price=150"),
        ("2026-02-01", "2026-02-01/2026-03-01", "150.00", "unit_price=150"),
    ]
    assert sums(seen) == ("100.00", "185.48")
    assert str(seen.next_billing_date) == "2026-02-01"
    assert str(look(store, policy=bc.DOCUMENTED).remaining) == "150.00"  # it only reports


def test_a_correction_of_an_ended_item():
    """An item that ended early has nothing to bill, but something to give back."""
    store = store_of(monthly())
    bill(store, 1)
    (contract,) = store.snapshot("acme").subscriptions
    store.change(evolve(contract, end="2026-01-21"))
    seen = look(store)

    assert seen.next_billing_date is None
    assert sums(seen) == ("100.00", "-32.26")  # 10/31
    assert seen.why_not is not None
    bill(store, 2)
    assert sums(look(store)) == ("67.74", "0.00")


def test_a_draft_is_not_billed_but_not_next():
    """A draft counts as remaining, its row names it, and the next billing date lies behind it."""
    store = store_of(monthly(), end="2026-03-31")
    (draft,) = run(store, 1)
    seen = look(store)

    assert (seen.billed_to, str(seen.drafted_to)) == (None, "2026-01-31")
    assert sums(seen) == ("0.00", "300.00")
    assert [row.draft for row in seen.upcoming] == [draft.id, "", ""]
    assert (str(seen.next_billing_date), str(seen.next_period)) == (
        "2026-02-01",
        "2026-02-01/2026-03-01",
    )
    bc.finalize(draft, store, on="2026-01-31")
    assert look(store).drafted_to is None


def test_a_drafted_correction_names_its_draft():
    """What an open draft takes back is marked with it, and so is what it bills anew."""
    store = store_of(monthly(), end="2026-01-31")
    bill(store, 1)
    (contract,) = store.snapshot("acme").subscriptions
    store.change(contract.changed(bc.Change("2026-01-10", unit_price=150)))
    (draft,) = run(store, 2)

    assert [row.draft for row in look(store).upcoming] == [draft.id, draft.id]


def test_a_one_time_item():
    """A one-time item is due on its first day, has no period, and is done after its invoice."""
    store = store_of(bc.Item("setup", unit_price=50, start="2026-02-10"))
    seen = look(store, "setup")

    assert (str(seen.next_billing_date), seen.next_period, seen.billed_to) == (
        "2026-02-10",
        None,
        None,
    )
    assert rows(seen) == [("2026-02-10", "2026-02-10/2026-02-11", "50.00", "")]
    (draft,) = run(store, 2)
    assert [row.draft for row in look(store, "setup").upcoming] == [draft.id]
    assert look(store, "setup").next_billing_date is None
    bc.finalize(draft, store, on="2026-02-28")
    done = look(store, "setup")
    assert sums(done) == ("50.00", "0.00")
    assert done.why_not is not None
    assert done.why_not.reason is bc.Reason.ONE_TIME_DONE


def test_an_item_that_every_run_bills():
    """Of an item without a billing period the next day is known; its amount depends on the runs."""
    pause = bc.pause("2026-02-01", "2026-02-10")
    store = store_of(monthly(cadence=None, billing_type=bc.RECURRING, changes=[pause]))
    bill(store, 1)
    seen = look(store)

    assert str(seen.next_billing_date) == "2026-02-11"
    assert (seen.next_period, seen.remaining, seen.upcoming) == (None, None, ())
    ended = item_of(
        monthly(cadence=None, billing_type=bc.RECURRING),
        end="2026-01-01",
        hold=bc.Hold("2026-03-31"),
    )
    assert (ended.next_billing_date, str(ended.remaining)) == (None, "0.00")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"active": False}, bc.Reason.ITEM_INACTIVE),
        ({"quantity": 0}, bc.Reason.ZERO_QUANTITY),
        ({"changes": [bc.pause("2026-01-01")]}, bc.Reason.PAUSED),
        ({"start": "2027-01-01"}, bc.Reason.OUT_OF_PERIOD),
    ],
    ids=["inactive", "no quantity", "paused for good", "after the contract"],
)
@pytest.mark.parametrize("end", ["2026-12-31", None], ids=["ends", "evergreen"])
def test_nothing_comes(fields, reason, end):
    """Where nothing follows there is no date, nothing remains, and the reason is told."""
    if reason is bc.Reason.OUT_OF_PERIOD and end is None:
        end = "2026-06-30"
    seen = item_of(monthly(**fields), end=end)

    assert (seen.next_billing_date, seen.next_period, seen.upcoming) == (None, None, ())
    assert sums(seen) == ("0.00", "0.00")
    assert seen.why_not is not None
    assert seen.why_not.reason is reason


@pytest.mark.parametrize("item", [{}, {"cadence": None}], ids=["periods", "every run"])
@pytest.mark.parametrize("place", ["account", "subscription"])
@pytest.mark.parametrize("until", [None, "9999-12-31"], ids=["open", "end of the calendar"])
def test_on_hold_for_good(item, place, until):
    """On hold without a last day, nothing has a date, but what comes is still to come."""
    hold = bc.Hold(until, reason="dispute")
    account = evolve(ACME, hold=hold if place == "account" else None)
    fields = {"hold": hold} if place == "subscription" else {}
    seen = look(store_of(monthly(**item), account=account, **fields))

    assert seen.next_billing_date is None
    assert seen.why_not is not None
    assert seen.why_not.reason is bc.Reason.ON_HOLD
    assert str(seen.remaining) == ("1200.00" if item == {} else "None")


def test_on_hold_for_a_while():
    """A hold with a last day puts everything off to the day after it."""
    seen = item_of(monthly(), hold=bc.Hold("2026-03-15"), end="2026-04-30")

    assert [billing_date for billing_date, *_ in rows(seen)] == [
        "2026-03-16",
        "2026-03-16",
        "2026-03-16",
        "2026-04-01",
    ]
    assert str(seen.next_period) == "2026-01-01/2026-02-01"
    every = item_of(monthly(cadence=None), hold=bc.Hold("2026-03-15"))
    assert str(every.next_billing_date) == "2026-03-16"


def test_an_evergreen_item_is_shown_for_a_year():
    """Without an end nothing can be said of what remains; a year of what comes is shown."""
    store = store_of(monthly(), end=None)
    bill(store, 1)
    seen = look(store)

    assert seen.remaining is None
    assert len(seen.upcoming) == 12
    assert (rows(seen)[0][0], rows(seen)[-1][0]) == ("2026-02-01", "2027-01-01")


def test_until_cuts_what_is_shown():
    """A last billing date cuts the rows, and neither the sums nor the next date."""
    store = store_of(monthly())
    seen = look(store, until="2026-03-01")

    assert len(seen.upcoming) == 3
    assert str(seen.remaining) == "1200.00"
    before = look(store, until="2025-12-31")
    assert (str(before.next_billing_date), before.upcoming) == ("2026-01-01", ())


def test_what_is_next_is_found_however_far_it_is():
    """The next billing date is found behind a long period or pause, beyond what is shown."""
    pause = bc.pause("2026-01-01", "2030-02-28")
    paused = item_of(monthly(changes=[pause]), end=None)
    long = item_of(monthly(cadence=bc.yearly(5), billing_practice=bc.ARREARS), end=None)

    assert (str(paused.next_billing_date), paused.upcoming) == ("2030-03-01", ())
    assert (str(long.next_billing_date), long.upcoming) == ("2030-12-31", ())
    assert paused.why_not is None


def test_the_calendar_ends():
    """At the end of the calendar a year is cut short."""
    seen = item_of(monthly(start="9999-06-01", end="9999-08-31"), start=None, end=None)
    open_end = item_of(monthly(start="9999-06-01"), start=None, end=None)

    assert (str(seen.remaining), len(seen.upcoming)) == ("300.00", 3)
    assert str(open_end.next_billing_date) == "9999-06-01"


def test_nothing_says_when_it_begins():
    """An item without a first day and without invoices needs a day to start from."""
    store = store_of(monthly(), start=None)

    with pytest.raises(bc.InvalidInputError, match="nothing says when it begins"):
        look(store)
    seen = look(store, start="2026-11-16")
    assert rows(seen) == [
        ("2026-11-16", "2026-11-16/2026-12-16", "100.00", ""),
        ("2026-12-16", "2026-12-16/2027-01-01", "51.61", ""),  # 16/31
    ]
    bill(store, 11)
    assert str(look(store).next_billing_date) == "2026-12-01"


def test_items_that_begin_nowhere_beside_others():
    """Runs for other items do not move an item whose beginning is only given."""
    late = monthly("late", cadence=bc.monthly(), billing_practice=bc.ARREARS)
    other = monthly("other", start="2026-11-20")
    store = store_of(late, other, start=None)

    assert str(look(store, "late", start="2026-11-16").next_billing_date) == "2026-12-15"


def test_prices_with_tax_need_the_tax_engine():
    """Amounts are net, so that a price with tax cannot be shown without the tax engine."""
    store = store_of(monthly(price=119, price_includes_tax=True, tax_code="19"), end="2026-01-31")

    with pytest.raises(bc.InvalidInputError, match="give the tax engine"):
        look(store)
    assert str(look(store, tax=VAT).remaining) == "100.00"


def test_prices_without_tax_need_none():
    """Without a tax engine every tax code is taken as known, since amounts are net."""
    assert str(item_of(monthly(tax_code="whatever")).remaining) == "1200.00"


def test_hidden_lines_are_no_rows():
    """A line that only closes a gap of taxes on a document is not shown."""
    policy = bc.LEVEL.but(tax_level=bc.TaxLevel.LINE, tax_delta=True)
    items = [monthly(name, price="0.69", tax_code="19") for name in ("a", "b", "c")]
    group = look_at_all(store_of(*items, end="2026-01-31"), tax=VAT, policy=policy)

    assert [row.record for row in group.upcoming] == ["S-1/a", "S-1/b", "S-1/c"]


@pytest.mark.parametrize(
    "fields",
    [{"tax_code": "unknown"}, {"cadence": bc.weekly(), "proration": bc.proration.CALENDAR_MONTHS}],
    ids=["tax code", "convention"],
)
def test_a_problem_is_told(fields):
    """What cannot be billed has no date and no amount, and the problem is told."""
    store = store_of(monthly(**fields), monthly("other"))
    seen = look(store, tax=VAT)

    assert (seen.next_billing_date, seen.remaining) == (None, None)
    assert isinstance(seen.why_not, bc.Problem)
    assert str(look(store, "other", tax=VAT).remaining) == "1200.00"


def test_a_discount_on_documents():
    """A discount on documents is taken off each document, and shared by its lines."""
    store = store_of(
        monthly(price=30),
        monthly("more", price=10, cadence=bc.quarterly()),
        order_discount=bc.Discount.amount(4),
        end="2026-02-28",
    )
    group = look_at_all(store)

    # January: 30.00 and 2/3 of 10.00 are 36.67, 4.00 off; February: 30.00, 4.00 off.
    assert {key: str(value) for key, value in group.remaining.items()} == {"EUR": "58.67"}
    assert [str(row.amount) for row in look(store).upcoming] == ["26.73", "26.00"]


def test_another_currency_before():
    """An item that was billed in another currency cannot be summed up."""
    store = store_of(monthly(currency="CHF"))
    bill(store, 1)
    store.change(bc.Subscription("S-1", account="acme", items=[monthly()], start="2026-01-01"))

    with pytest.raises(bc.CurrencyMismatchError, match="cannot combine CHF with EUR"):
        look(store)


def test_names():
    """An item has one name where its id is unique, and two everywhere; others are refused."""
    store = store_of(monthly(), monthly("more"))
    store.add(bc.Subscription("S/2", account="acme", items=[monthly()], start="2026-01-01"))

    assert look(store, "more").record == "S-1/more"
    assert look(store, "S/2/seats").record == look(store, "S%2F2/seats").record == "S%2F2/seats"
    assert schedule_group(store.snapshot("acme"), "S/2").record == "S/2"
    with pytest.raises(bc.InvalidInputError, match="use one of S-1/seats, S%2F2/seats"):
        look(store, "seats")
    with pytest.raises(bc.InvalidInputError, match="no such item; use one of S-1/seats, S-1/more"):
        look(store, "nothing")
    with pytest.raises(bc.InvalidInputError, match="no such subscription; use one of S-1, S/2"):
        schedule_group(store.snapshot("acme"), "seats")
