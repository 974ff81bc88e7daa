"""Usage: matched to items, put together by key, priced together."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.metering import (
    FEBRUARY,
    INCLUDE,
    JANUARY,
    MONTHLY,
    Book,
    book,
    calls,
    lines_of,
    reasons,
    shown,
    used,
)


def test_usage_of_one_criterion_is_one_invoice():
    """PROD3 at 10.00: 3 and 5 of A are 80.00 on one invoice, 7 of B are 70.00 on another."""
    usage = [
        used("U-1", 5, 3, invoice_criterion="A"),
        used("U-2", 6, 5, invoice_criterion="A"),
        used("U-3", 7, 7, invoice_criterion="B"),
    ]
    drafts = book(*usage).bill().drafts

    assert [shown(draft.lines) for draft in drafts] == [
        [("calls", "8", "10", "80.00")],
        [("calls", "7", "10", "70.00")],
    ]


def test_an_item_criterion_splits_lines_inside_an_invoice():
    """Usage of two item criteria is two lines of one invoice, each with its criterion."""
    outcome = book(used("U-1", 5, 3, criterion="x"), used("U-2", 6, 5, criterion="y")).bill()
    (draft,) = outcome.drafts

    assert shown(draft.lines) == [("calls", "3", "10", "30.00"), ("calls", "5", "10", "50.00")]
    assert [dict(line.origin.facts)["Transaction Criterion"] for line in draft.lines] == ["x", "y"]


def test_a_line_serves_from_its_first_usage_to_its_last():
    """Usage of 6 and 20 January is a line of service from 6 to 20 January, both inclusive."""
    (line,) = lines_of(book(used("U-1", 20, 3), used("U-2", 6, 5)).bill())

    assert str(line.service_period) == "2026-01-06/2026-01-21"


def test_an_item_without_order_number_is_found_by_its_id():
    """Usage with the order number of the item's id finds an item that has none."""
    made = book(used("U-1", 5, 2, order_no="calls"), items=[calls(order_no="")])

    assert shown(lines_of(made.bill())) == [("calls", "2", "10", "20.00")]


@pytest.mark.parametrize(
    ("order_no", "order_no_2"), [("CALLS, SMS", ""), ("CALLS", "SMS")], ids=["list", "second field"]
)
def test_one_record_feeds_several_items(order_no, order_no_2):
    """Usage with two order numbers is billed by both items, each under a name of its own."""
    items = [calls(), calls(id="sms", order_no="SMS", unit_price=1)]
    record = used("U-1", 5, 2, order_no=order_no, order_no_2=order_no_2)
    outcome = book(record, items=items).bill()

    assert shown(lines_of(outcome)) == [("calls", "2", "10", "20.00"), ("sms", "2", "1", "2.00")]
    assert [line.covers[0].billable for line in lines_of(outcome)] == [
        "usage/U-1/S-1/calls",
        "usage/U-1/S-1/sms",
    ]
    assert outcome.billed == {"usage/U-1"}


def test_a_record_of_several_items_is_billed_once():
    """Usage of two items that is on a draft, or on an invoice, is not billed again."""
    items = [calls(), calls(id="sms", order_no="SMS", unit_price=1), bc.Item("setup", unit_price=0)]
    made = book(used("U-1", 5, 2, order_no="CALLS,SMS"), items=items)
    made.run()
    assert reasons(made.bill())["usage/U-1"] == "DRAFT_EXISTS"

    made.finalize()
    made.add(used("U-2", 5, 1, order_no="CALLS,SMS"))
    assert reasons(made.bill())["usage/U-1"] == "ALREADY_INVOICED"
    assert made.net() == Decimal("22.00")


@pytest.mark.parametrize(
    ("usage", "items", "said"),
    [
        (used("U-1", 5, 1, order_no="X"), [calls()], "no transactional item"),
        (used("U-1", 5, 1, order_no="CALLS,X"), [calls()], "no transactional item"),
        (used("U-1", 5, 1), [calls(active=False)], "is not active"),
        (used("U-1", 5, 1), [calls(start="2026-01-06")], "no day of service"),
        (used("U-1", 5, 1), [calls(end="2026-01-04")], "no day of service"),
        (used("U-1", 5, 1), [calls(), calls(id="more")], "several items"),
        (used("U-1", 5, 1), [calls(billing_type=bc.ONE_TIME)], "no transactional item"),
    ],
    ids=[
        "unknown",
        "one of a list unknown",
        "inactive item",
        "before the item",
        "after the item",
        "two items",
        "no transactional item",
    ],
)
def test_usage_without_exactly_one_item_is_a_problem(usage, items, said):
    """Usage that no item prices, or that two could, is a problem of its record and not billed."""
    outcome = book(usage, items=items).bill()
    (problem,) = outcome.problems

    assert (problem.record, problem.code, problem.field) == (
        "usage/U-1",
        "no-matching-item",
        "order_no",
    )
    assert said in problem.message
    assert "usage/U-1" not in outcome.billed


@pytest.mark.parametrize(
    ("subscription", "field", "said"),
    [
        ("S-9", "subscription", "the account has no such subscription"),
        ("S-2", "order_no", "no transactional item of subscription S-2 has this order number"),
    ],
    ids=["no such subscription", "no such item of it"],
)
def test_usage_that_names_a_subscription_is_priced_by_that_one_only(subscription, field, said):
    """A subscription that is unknown is wrong itself; of one without such an item, the order number is."""
    made = book(used("U-1", 5, 1, subscription=subscription))
    made.store.add(bc.Subscription("S-2", account="acme", items=[calls(order_no="SMS")]))
    (problem,) = made.bill().problems

    assert (problem.record, problem.code) == ("usage/U-1", "no-matching-item")
    assert problem.field == field
    assert said in problem.message


def test_usage_of_a_subscription_that_is_not_active_has_no_item():
    """An inactive subscription has no items for usage, and the problem says so."""
    (problem,) = book(used("U-1", 5, 1), status="Draft").bill().problems

    assert "not active, its status is Draft" in problem.message


def test_usage_without_order_number_is_a_problem():
    """Usage needs an order number."""
    (problem,) = book(used("U-1", 5, 1, order_no=" , ")).bill().problems

    assert problem.code == "missing-field"


def test_one_of_two_contracts_is_found_by_its_days_or_by_its_name():
    """Of two contracts with the same order number the one in force counts, or the one named."""
    made = Book(calls(), end="2026-01-15")
    after = bc.Subscription("S-2", account="acme", items=[calls()], start="2026-01-16")
    beside = bc.Subscription("S-3", account="acme", items=[calls()])
    made.store.add(after)
    made.add(used("U-1", 15, 1), used("U-2", 16, 2))
    assert [line.billable for line in lines_of(made.bill())] == ["S-1/calls", "S-2/calls"]

    made.store.add(beside)
    made.add(used("U-1", 15, 1, subscription="S-1"), used("U-2", 16, 2, subscription="S-3"))
    assert [line.billable for line in lines_of(made.bill())] == ["S-1/calls", "S-3/calls"]


def test_details_and_zero_quantities_are_not_billed():
    """A detail is none of the run's, a quantity of 0 is excluded, and neither is billed."""
    detail = used("U-1", 5, 1, type=bc.UsageType.DETAIL)
    outcome = book(detail, used("U-2", 5, 0)).bill()

    assert reasons(outcome) == {
        "usage/U-1": "FILTER_MISMATCH",
        "usage/U-2": "ZERO_QUANTITY",
        "S-1/calls": "NO_USAGE",
    }


def test_usage_that_the_host_says_is_billed_is_not():
    """Usage that arrives with its invoice is ALREADY_INVOICED."""
    outcome = book(used("U-1", 5, 1, invoice="RE-7")).bill()

    assert reasons(outcome)["usage/U-1"] == "ALREADY_INVOICED"


def test_usage_of_other_days_is_out_of_period():
    """Usage before the run is late and left out, and usage after it waits for a later run."""
    outcome = book(used("U-1", "2025-12-31", 1), used("U-2", "2026-02-01", 1)).bill()

    assert reasons(outcome) == {
        "usage/U-1": "OUT_OF_PERIOD",
        "usage/U-2": "OUT_OF_PERIOD",
        "S-1/calls": "NO_USAGE",
    }


def test_late_usage_is_billed_where_the_policy_includes_it():
    """With late_usage=INCLUDE usage of December is billed in January, for its own month."""
    made = book(
        used("U-1", "2025-12-31", 1),
        used("U-2", 2, 2),
        items=[calls(cadence=bc.monthly(anchor="2025-01-01"))],
        policy=INCLUDE,
    )
    lines = lines_of(made.bill())

    assert [(line.origin.key.start.isoformat(), str(line.amount)) for line in lines] == [
        ("2025-12-01", "10.00"),
        ("2026-01-01", "20.00"),
    ]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"active": False}, "ACCOUNT_NOT_ACTIVE"),
        ({"template": "none of this name"}, "NO_TEMPLATE"),
        ({"hold": bc.Hold()}, "ON_HOLD"),
    ],
    ids=["inactive account", "no template", "account on hold"],
)
def test_what_hinders_the_account_hinders_its_usage(fields, reason):
    """Usage of an account that cannot be billed is excluded for the same reason."""
    account = bc.Account("acme", currency="EUR", **fields)
    contract = bc.Subscription("S-1", account="acme", items=[calls()])
    snapshot = bc.AccountSnapshot(account, [contract], usage=[used("U-1", 5, 1)])
    outcome = bc.bill(bc.InvoiceRun(JANUARY), snapshot, bc.TaxTable({}))

    assert reasons(outcome) == {"usage/U-1": reason, "S-1/calls": reason}


def test_a_seller_that_does_not_exist_is_a_problem_of_the_usage():
    """Usage of a subscription whose seller is unknown is a problem, as the subscription is."""
    outcome = book(used("U-1", 5, 1), entity="nobody").bill()

    assert sorted(problem.record for problem in outcome.problems) == ["S-1/calls", "usage/U-1"]


def test_usage_of_a_subscription_on_hold_is_billed_after_the_hold():
    """Usage under a hold waits, and is billed by the first run after it, although it is late."""
    made = book(used("U-1", 5, 3), used("U-2", 6, 1), hold=bc.Hold("2026-01-31"))
    outcome = made.run()
    assert reasons(outcome)["usage/U-1"] == "ON_HOLD"
    assert len(outcome.decisions) == 1
    assert made.run().decisions == ()

    assert shown(lines_of(made.run(FEBRUARY))) == [("calls", "4", "10", "40.00")]


def test_usage_of_an_unselected_subscription_is_none_of_the_run():
    """A filter of subscriptions decides about their usage, too."""
    chosen = bc.Filter("none", lambda subscription: False)
    outcome = book(used("U-1", 5, 1)).bill(selection=bc.Selection([chosen]))

    assert reasons(outcome) == {"usage/U-1": "FILTER_MISMATCH", "S-1/calls": "FILTER_MISMATCH"}


def test_two_records_of_one_id_are_refused():
    """An account cannot have two usage records of one id."""
    with pytest.raises(bc.InvalidInputError, match="two have the same id"):
        bc.AccountSnapshot(
            bc.Account("acme", currency="EUR"), usage=[used("U-1", 5, 1), used("U-1", 6, 1)]
        )


def test_an_account_without_metered_items_has_usage_without_an_item():
    """Usage of an account without transactional items is a problem, not lost."""
    made = book(used("U-1", 5, 1), items=[bc.Item("seats", unit_price=1)])

    assert [problem.record for problem in made.bill().problems] == ["usage/U-1"]


def test_an_item_outside_its_contract_finds_no_usage():
    """An item that has no day in common with its subscription prices nothing."""
    made = book(used("U-1", 5, 1), items=[calls(end="2025-12-31")], start="2026-01-01")

    assert [problem.code for problem in made.bill().problems] == ["no-matching-item"]


def test_a_grid_of_days_counts_months_where_the_policy_says_so():
    """A billing period of one day is a month under DOCUMENTED, and a day with day_unit=DAYS."""
    days = bc.DOCUMENTED.but(day_unit=bc.DayUnit.DAYS)
    items = [calls(cadence=bc.daily(anchor="2026-01-01"))]
    usage = (used("U-1", 5, 1), used("U-2", 6, 1))

    assert len(lines_of(book(*usage, items=items).bill())) == 1
    assert len(lines_of(book(*usage, items=items, policy=days).bill())) == 2


def test_usage_beyond_the_calendar_is_a_problem():
    """A billing period that ends after the last day of the calendar is a problem of its usage."""
    made = book(used("U-1", "9999-12-20", 1), items=[calls(cadence=bc.monthly())])
    outcome = made.bill(bc.Period("9999-12-01", "9999-12-31"))

    assert [problem.code for problem in outcome.problems] == ["date-range"]


def test_accounts_of_one_run_share_billing_periods():
    """Two accounts whose items have equal terms are billed alike by one run."""
    run = bc.InvoiceRun(JANUARY)
    item = calls(cadence=MONTHLY)
    snapshots = [book(used("U-1", 5, 1), items=[item]).snapshot() for _ in range(2)]
    nets = [bc.bill(run, each, bc.TaxTable({})).drafts[0].totals.net for each in snapshots]

    assert nets == [10, 10]


def test_usage_before_the_next_service_period_start_was_billed_elsewhere():
    """An item that moved here on 10 January bills usage from that day on, and says so of the rest."""
    usage = (used("U-1", 9, 3), used("U-2", 10, 4), used("U-3", 9, 3))
    outcome = book(*usage, items=[calls(next_service_period_start="2026-01-10")]).bill()

    assert [str(line.net) for line in lines_of(outcome)] == ["40.00"]
    assert {each.record: each.facts for each in outcome.exclusions} == dict.fromkeys(
        ("usage/U-1", "usage/U-3"),
        (("date", "2026-01-09"), ("billed elsewhere before", "2026-01-10")),
    )
    assert {each.reason for each in outcome.exclusions} == {bc.Reason.COVERED}
