"""Laws of the views: what they show is what runs will bill."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import billingcore as bc
from billingcore.views.forecast import forecast
from billingcore.views.schedule import schedule_group
from tests import change_strategies, engine_strategies
from tests.change_strategies import Player, stories

DAY = timedelta(days=1)
ACME = bc.Account("acme", currency="EUR")
TO_THE_END = bc.Period.closed("2024-10-01", "2029-12-31")


def net_of(store, billable):
    """Add what the invoices of a store bill of an item."""
    lines = (line for invoice in store.invoices() for line in invoice.lines)
    return sum((line.net for line in lines if line.billable == billable), Decimal(0))


def settled(store):
    """Give a copy of a store in which all is billed that ever will be."""
    copy = deepcopy(store)
    for number in range(2):
        finalize_all(copy)
        bc.execute(bc.InvoiceRun(TO_THE_END, policy=bc.LEVEL, id=f"last run {number}"), copy)
    finalize_all(copy)
    return copy


def finalize_all(store, day="2026-01-01"):
    """Finalize all drafts of a store."""
    for draft in [*store.drafts()]:
        bc.finalize(draft, store, on=day)


def bills_of(store, first, last, billable):
    """Tell whether a run bills something of an item besides corrections."""
    run = bc.InvoiceRun(bc.Period.closed(first, last), policy=bc.LEVEL)
    outcome = bc.bill(run, store.snapshot("acme"), store.tax)
    lines = (line for draft in outcome.drafts for line in draft.lines)
    return any(line.billable == billable and not line.corrects for line in lines)


def check_dates(store, seen):
    """Check the next billing date of each item against runs on that day, and before."""
    for item in seen.items:
        day = item.next_billing_date
        if day is None:
            assert not bills_of(store, TO_THE_END.first, date(2040, 1, 1), item.record)
        else:
            assert not bills_of(store, date(2023, 1, 1), day - DAY, item.record)
            assert bills_of(store, day, day, item.record)
            if item.next_period is not None:
                assert day in (item.next_period.first, item.next_period.last)


def check_sums(store, seen):
    """Check that billed and remaining amount to what will have been billed in the end."""
    ended = [item for item in seen.items if item.remaining is not None]
    if ended:
        final = settled(store)
        for item in ended:
            assert item.billed == net_of(store, item.record)
            assert item.billed + item.remaining == net_of(final, item.record)
            assert item.remaining == sum(row.amount for row in item.upcoming)


@given(change_strategies.contracts(), stories())
def test_schedules_of_changing_contracts(contract, story):
    """After every step of a story, sums are conserved and the next billing date is right."""
    player = Player(contract)
    for step in [None, *story]:
        if step is not None:
            player.play(step)
        seen = schedule_group(player.store.snapshot("acme"), "S-1", tax=player.store.tax)
        check_dates(player.store, seen)
    if not any(item.price_includes_tax for item in contract.items):  # net follows from documents
        check_sums(player.store, seen)


@given(engine_strategies.contracts(), st.lists(st.integers(1, 12), max_size=3))
def test_schedules_of_all_kinds_of_items(contract, months):
    """For items of every cadence, practice and sync, the sums and dates hold before and after runs."""
    assume(all(item.cadence or item.billing_type is bc.ONE_TIME for item in contract.items))
    store = engine_strategies.store_of((ACME, contract))
    for month in [None, *months]:
        if month is not None:
            bc.execute(bc.InvoiceRun(bc.Period.month(2025, month), policy=bc.LEVEL), store)
            finalize_all(store)
        seen = schedule_group(store.snapshot("acme"), "S-1", tax=store.tax)
        check_dates(store, seen)
    if not any(item.price_includes_tax for item in contract.items):
        check_sums(store, seen)


@given(engine_strategies.contracts(), st.booleans())
def test_what_is_shown_to_come_is_what_runs_bill(contract, is_after_a_run):
    """A run on each billing date bills the shown lines, to the cent, discounts and taxes included."""
    items = [item for item in contract.items if item.cadence or item.billing_type is bc.ONE_TIME]
    contract = bc.Subscription(
        "S-1",
        account="acme",
        items=items,
        start=contract.start,
        end=contract.end,
        order_discount=bc.Discount.amount(3),
    )
    store = engine_strategies.store_of((ACME, contract))
    if is_after_a_run:
        bc.execute(bc.InvoiceRun(bc.Period.month(2025, 3), policy=bc.LEVEL), store)
        finalize_all(store)
    policy = bc.LEVEL.but(name="LEVEL", negative_total=bc.NegativeTotal.CREDIT)
    seen = schedule_group(store.snapshot("acme"), "S-1", tax=store.tax, until="2025-12-31")
    shown = [(row.billing_date, row.record, row.period, row.amount) for row in seen.upcoming]
    found = []
    for day in sorted({day for day, *_ in shown}):
        run = bc.InvoiceRun(bc.Period.day(day), policy=policy)
        for draft in bc.execute(run, store).drafts:
            found += [(day, line.billable, line.service_period, line.net) for line in draft.lines]
        finalize_all(store)
    assert sorted(found, key=str) == sorted(shown, key=str)


def facts(lines):
    """Say what lines bill, but for the names of documents."""
    return [
        (
            line.number,
            line.billing_key,
            line.service_period,
            line.item,
            line.amount,
            line.net,
            line.tax,
            line.tax_amount,
            line.corrects and line.corrects[1:],
        )
        for line in lines
    ]


def documents(drafts):
    """Say what drafts are, but for the names of the documents that they correct."""
    return [(draft.kind, draft.totals, facts(draft.lines)) for draft in drafts]


def check_forecast(store, policy, start, months):
    """Compare a forecast with runs that are executed and finalized, month by month."""
    seen = forecast(
        store.snapshot("acme"),
        store.tax,
        start=start,
        months=months,
        policy=policy,
        drafts=store.drafts(),
    )
    assert len(seen) == months
    finalize_all(store)
    for outcome in seen:
        run = bc.InvoiceRun(outcome.run.period, policy=policy)
        (real,) = bc.plan(run, store)
        report = bc.execute(run, store)
        drafts = [*report.drafts]
        assert documents(outcome.drafts) == documents(drafts)
        assert outcome.problems == real.problems
        assert [(each.record, each.reason) for each in outcome.exclusions] == [
            (each.record, each.reason) for each in real.exclusions
        ]
        for draft in drafts:
            bc.finalize(draft, store, on=run.period.last)


@given(change_strategies.contracts(), stories(), st.integers(1, 12), st.integers(1, 8))
def test_a_forecast_of_changing_contracts(contract, story, month, months):
    """A forecast after any story equals so many runs, executed and finalized."""
    player = Player(contract)
    for step in story:
        player.play(step)
    check_forecast(player.store, bc.LEVEL, bc.Period.month(2025, month).first, months)


@settings(max_examples=30)
@given(
    engine_strategies.accounts("acme"),
    st.one_of(st.sampled_from([bc.DOCUMENTED, bc.LEVEL]), engine_strategies.policies),
    st.integers(1, 6),
)
def test_a_forecast_under_every_policy(records, policy, months):
    """A forecast equals the runs under every policy, for records that may be wrong, too."""
    check_forecast(engine_strategies.store_of(records), policy, "2025-01-01", months)
