"""Laws 2, 3, 6, 8 and 12: runs neither lose nor repeat anything, however they are cut."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing import (
    check_claims,
    check_outcome,
    check_preview,
    check_repetition,
    check_split,
)
from tests.engine_strategies import (
    changed_item,
    contracts,
    recurring_items,
    runs,
    runs_by_month,
    store_of,
    worlds,
)

ACME = bc.Account("acme", currency="EUR")
WITH_A_CADENCE = contracts(items=recurring_items())


def finalize_all(report, store, day):
    """Finalize the drafts of a run."""
    for draft in report.drafts:
        bc.finalize(draft, store, on=day)


def lines_of(documents):
    """Say what documents bill, and at what price."""
    return sorted(
        (line.billable, line.service_period.bounds, line.factor, line.amount)
        for document in documents
        for line in document.lines
    )


def repeat_until_nothing_is_due(run, store):
    """Repeat (run, finalize) until nothing is due; a year of months takes no longer."""
    for _ in range(40):
        report = bc.execute(run, store)
        if not report.draft_ids:
            return
        finalize_all(report, store, run.period.last)
    raise AssertionError(run)


@given(WITH_A_CADENCE, st.lists(st.integers(1, 364), max_size=4))
def test_a_level_run_can_be_cut(contract, cuts):
    """Under `LEVEL`, a year's run bills what any runs do that share the year among them."""
    year = bc.Period.year(2025)
    check_split(
        bc.InvoiceRun(year, policy=bc.LEVEL),
        lambda: store_of((ACME, contract)),
        [year.start + timedelta(days=cut) for cut in cuts],
    )


@given(WITH_A_CADENCE, runs_by_month)
def test_daily_runs_are_a_monthly_run(contract, month):
    """Under `LEVEL`, runs of every day of a month bill together what the month's run bills."""
    check_split(
        bc.InvoiceRun(month, policy=bc.LEVEL),
        lambda: store_of((ACME, contract)),
        [month.start + timedelta(days=day) for day in range(1, month.days)],
    )


@given(WITH_A_CADENCE, st.integers(1, 12), st.integers(1, 3))
def test_documented_runs_repeated_are_level(contract, first_month, count):
    """Under `DOCUMENTED`, (run, finalize) repeated bills what `LEVEL` does from the first run on."""
    first = bc.Period.month(2025, first_month)
    late = [
        changed_item(item, start=max(filter(None, [item.start, first.start])))
        if item.billing_practice is bc.ADVANCE and (item.end is None or item.end >= first.start)
        else item
        for item in contract.items
    ]
    since_first = bc.Subscription(
        "S-1", account="acme", items=late, start=contract.start, end=contract.end
    )
    documented, level = store_of((ACME, contract)), store_of((ACME, since_first))
    period = first
    for _ in range(count):
        repeat_until_nothing_is_due(bc.InvoiceRun(period), documented)
        run = bc.InvoiceRun(period, policy=bc.LEVEL)
        finalize_all(bc.execute(run, level), level, period.last)
        period = bc.Period.month(period.stop.year, period.stop.month)
    begun = [
        line
        for line in lines_of(level.invoices())
        if line[1][1] > first.start or is_in_arrears(contract, line[0])
    ]

    assert lines_of(documented.invoices()) == begun


def is_in_arrears(contract, billable):
    """Tell whether an item is billed in arrears, which always begins with the item."""
    return any(
        item.billing_practice is bc.ARREARS for item, name in contract.positions if name == billable
    )


def is_blocking(policy):
    """Tell whether a period that a run has seen keeps the next one back until it is finalized."""
    return policy.open_drafts is bc.OpenDrafts.BLOCK and policy.zero_total is bc.ZeroTotal.ISSUE


@given(worlds(), runs)
def test_a_repeated_run_changes_nothing(world, run):
    """A run repeated, after any prefix of its commits, adds and loses nothing."""
    assume(run.policy.catch_up is not bc.CatchUp.ONE or is_blocking(run.policy))
    check_repetition(run, lambda: store_of(world))


@given(worlds(), runs)
def test_the_preview_is_the_invoice(world, run):
    """What `plan` yields is what `execute` commits."""
    check_preview(run, lambda: store_of(world))


@given(worlds(), st.lists(runs, min_size=1, max_size=3), st.booleans())
def test_every_input_is_accounted_for(world, some_runs, is_finalized):
    """Every record leaves as billed, excluded or a problem, also when much is covered already."""
    store = store_of(world)
    for run in some_runs:
        for outcome in bc.plan(run, store):
            check_outcome(outcome, store.snapshot(outcome.account))
        report = bc.execute(run, store)
        if is_finalized:
            finalize_all(report, store, run.period.last)


@given(recurring_items(), st.integers(1, 6))
def test_billed_periods_tile(item, months):
    """The lines of an item follow each other without gap or overlap, whichever months are run."""
    start = item.start or bc.Period.year(2025).start
    contract = bc.Subscription("S-1", account="acme", items=[item], start=start)
    store = store_of((ACME, contract))
    for month in range(months, 13, months):
        bc.execute(bc.InvoiceRun(bc.Period.month(2025, month), policy=bc.LEVEL), store)
    found = sorted(claim.period.bounds for claim in store.snapshot("acme").claims)

    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert found == [] or found[0][0] == start
    check_claims(store.snapshot("acme").claims)


@given(worlds(), runs)
def test_discarding_frees_and_the_next_run_restores(world, run):
    """A discarded draft comes back from the same run exactly as it was."""
    store = store_of(world)
    report = bc.execute(run, store)
    before = {draft.id: draft for draft in report.drafts}
    for draft_id in before:
        store.discard(draft_id)
    bc.execute(run, store)

    assert {draft.id: draft for draft in store.drafts()} == before
