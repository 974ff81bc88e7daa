"""How eager a run is: what the presets bill, and the time that they leave out."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.engine.records import (
    bill,
    contract,
    finalize_all,
    monthly,
    once,
    run_of,
    store_of,
)

Reason = bc.Reason


def test_before_first_run_is_left_out_with_its_dates():
    """Under `DOCUMENTED` the time before the first run is reported, and March is billed."""
    outcome = bill(store_of(contract(monthly())))
    (left,) = outcome.left_out

    assert (left.reason, str(left.period)) == (Reason.BEFORE_FIRST_RUN, "2026-01-01/2026-03-01")
    assert [str(line.service_period) for line in outcome.drafts[0].lines] == [
        "2026-03-01/2026-04-01"
    ]


def test_level_bills_the_time_before_the_first_run():
    """Under `LEVEL` March bills January, February and March, and leaves nothing out."""
    outcome = bill(store_of(contract(monthly())), run_of(policy=bc.LEVEL))

    assert [str(line.service_period) for line in outcome.drafts[0].lines] == [
        "2026-01-01/2026-02-01",
        "2026-02-01/2026-03-01",
        "2026-03-01/2026-04-01",
    ]
    assert outcome.left_out == ()


def test_one_period_a_run_leaves_the_rest_for_later():
    """In a quarter's run a monthly item bills one month; the other two are named as not due."""
    outcome = bill(store_of(contract(monthly())), run_of(bc.Period.quarter(2026, 1)))
    (left,) = outcome.left_out

    assert (left.reason, str(left.period)) == (Reason.NOT_DUE, "2026-02-01/2026-04-01")
    assert dict(left.facts) == {"catch_up": "one period a run"}


@pytest.mark.parametrize("practice", bc.BillingPractice)
def test_arrears_begin_with_the_item(practice):
    """In arrears the first period begins with the item under both presets, so no money is lost."""
    item = monthly(billing_practice=practice, billing_type=bc.RECURRING_PRORATED)
    store = store_of(contract(item, start="2026-01-15"))
    outcome = bill(store, run_of(bc.Period.month(2026, 2)))
    (line,) = outcome.drafts[0].lines

    first = "2026-02-01" if practice is bc.ADVANCE else "2026-01-15"
    assert str(line.service_period.first) == first
    assert bool(outcome.left_out) is (practice is bc.ADVANCE)


@pytest.mark.parametrize(
    ("item", "is_billed"),
    [
        (once("seats", start="2026-02-10"), False),
        (once("seats", start="2026-03-10", end="2026-04-10"), False),
        (once("seats", start="2026-03-10", end="2026-03-20"), True),
        (once("seats"), True),
        (monthly(start="2026-03-01"), True),
        (monthly(), True),
        (monthly(next_service_period_start="2026-02-01"), False),
        (monthly(billing_practice=bc.ARREARS), False),
    ],
    ids=[
        "one-time begun before",
        "one-time ending after",
        "one-time inside",
        "one-time without dates",
        "recurring from the run",
        "recurring begun before",
        "next start before",
        "arrears since January",
    ],
)
def test_strict_scope(item, is_billed):
    """Under `STRICT` what starts outside the run is out of period; by overlap all are billed."""
    store = store_of(contract(item))
    strict = bill(store, run_of(scope=bc.Scope.STRICT))

    assert bool(strict.drafts) is is_billed
    assert [each.reason for each in strict.exclusions] == [Reason.OUT_OF_PERIOD] * (not is_billed)
    assert len(bill(store).drafts) == 1


@pytest.mark.parametrize("policy", [bc.DOCUMENTED, bc.LEVEL], ids=lambda each: each.name)
def test_a_missed_run_of_an_item_without_a_start(policy):
    """An item that always was is billed on from its first bill: a missed month is found later."""
    store = store_of(contract(monthly(), start=None))
    for month in (1, 3, 3):
        bc.execute(run_of(bc.Period.month(2026, month), policy=policy), store)
        finalize_all(store)
    services = [str(line.service_period) for each in store.invoices() for line in each.lines]

    assert sorted(services) == [
        "2026-01-01/2026-02-01",
        "2026-02-01/2026-03-01",
        "2026-03-01/2026-04-01",
    ]


@pytest.mark.parametrize("policy", [bc.DOCUMENTED, bc.LEVEL], ids=lambda each: each.name)
def test_arrears_without_a_start_are_billed_in_the_end(policy):
    """A quarter in arrears of an item that always was is not put off for ever by monthly runs."""
    item = monthly(cadence=bc.quarterly(anchor="2026-01-01"), billing_practice=bc.ARREARS)
    store = store_of(contract(item, start=None))
    for month in range(1, 13):
        bc.execute(run_of(bc.Period.month(2026, month), policy=policy), store)
        finalize_all(store)
    services = [line.service_period for each in store.invoices() for line in each.lines]

    assert services == [bc.Period.quarter(2026, quarter) for quarter in range(1, 5)]


def test_a_late_one_time_item_has_no_days_before_its_contract():
    """What `LEVEL` finds late has its own dates as service period, within the contract's."""
    late = once(start="2025-12-20", end="2026-01-20")
    (draft,) = bill(store_of(contract(late)), run_of(policy=bc.LEVEL)).drafts

    assert str(draft.line(1).service_period) == "2026-01-01/2026-01-21"
