"""Laws 9 and 10: neither the order of things nor the machine changes a byte of the result."""

from __future__ import annotations

import decimal
import os
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing import canonical, check_independence
from tests.engine_strategies import runs, store_of, worlds

PROGRAM = r"""
import billingcore as bc
from billingcore.testing import canonical

store = bc.MemoryStore(tax=bc.TaxTable({"a": 19, "b": bc.TaxRate.exempt(reason="b")}))
store.add(bc.Account("\u00fc", currency="EUR", custom={"z": 1, "a": 2}))
store.add(bc.Account("b", currency="CHF"))
items = [
    bc.Item(f"i{n}", unit_price="33.33", quantity="1.1", tax_code="ab"[n % 2], cadence=bc.monthly(),
            billing_type=bc.RECURRING_PRORATED, sync_with=bc.NEXT_MONTH, criterion=str(n % 3))
    for n in range(7)
]
for number, account in enumerate(["\u00fc", "b", "\u00fc"]):
    store.add(bc.Subscription(f"S{number}", account=account, start="2026-01-15", items=items,
                              order_discount=bc.Discount.percent(10)))
policy = bc.DOCUMENTED.but(active_statuses=["Active", "Trial", "Paused"])
run = bc.InvoiceRun(bc.Period.month(2026, 1), policy=policy)
for outcome in bc.plan(run, store):
    print(ascii(canonical(outcome)), ascii(outcome))
report = bc.execute(run, store)
print(ascii(str(report)), ascii(report), policy.version)
for draft in report.drafts:
    print(ascii(canonical(bc.finalize(draft, store, on="2026-02-01"))))
"""

contexts = st.builds(
    decimal.Context,
    prec=st.integers(1, 9),
    rounding=st.sampled_from(
        [
            decimal.ROUND_UP,
            decimal.ROUND_DOWN,
            decimal.ROUND_CEILING,
            decimal.ROUND_FLOOR,
            decimal.ROUND_05UP,
        ]
    ),
    Emin=st.just(-9),
    Emax=st.just(9),
    traps=st.sampled_from([[], [decimal.Inexact, decimal.Rounded, decimal.InvalidOperation]]),
)


def whole_life(world, run):
    """Plan, execute, edit and finalize, and write down all that comes out."""
    store = store_of(world)
    texts = [canonical(outcome) for outcome in bc.plan(run, store)]
    report = bc.execute(run, store)
    texts.append(str(report))
    for draft in report.drafts:
        edited = bc.edit.discount_order(draft, bc.Discount.percent("12.5"))
        edited = bc.edit.change_line(edited, 1, quantity=7)
        store.put(bc.edit.discount_order(draft, bc.Discount.percent("12.5")))
        texts.append(canonical(edited))
        texts.append(canonical(bc.finalize(store.draft(draft.id), store, on="2026-01-01")))
    return texts


@given(worlds(), runs, contexts)
def test_the_ambient_context_changes_nothing(world, run, context):
    """Under any decimal context of the host, records and results are byte by byte the same."""
    wanted = whole_life(world, run)
    with decimal.localcontext(context):
        found = whole_life(world, run)
        is_kept = decimal.getcontext().prec == context.prec

    assert found == wanted
    assert is_kept


@given(worlds(), st.lists(runs, min_size=1, max_size=3))
def test_order_and_windows_change_nothing(world, some_runs):
    """Accounts and claims in any order, in windows of any size, give byte-equal outcomes."""
    store = store_of(world)
    for run in some_runs:
        check_independence(run, store)
        for draft in list(bc.execute(run, store).drafts)[::2]:
            bc.finalize(draft, store, on=run.period.last)
    check_independence(some_runs[0], store)


@given(worlds(), runs, st.randoms(use_true_random=False))
def test_shuffled_records_give_the_same_documents(world, run, chance: random.Random):
    """Accounts and contracts added in another order give the same documents."""
    own = [record for record in world if isinstance(record, bc.Account)]
    contracts = [record for record in world if isinstance(record, bc.Subscription)]
    chance.shuffle(own)
    chance.shuffle(contracts)
    one, other = store_of(world), store_of((*own, *contracts))
    run = bc.InvoiceRun(run.period, policy=run.policy.but(grouping=bc.PER_SUBSCRIPTION))
    bc.execute(run, one)
    bc.execute(run, other)

    assert [*map(canonical, one.drafts())] == [*map(canonical, other.drafts())]


def run_elsewhere(**environment: str) -> bytes:
    """Run the program in a new interpreter with some variables set."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env=os.environ | environment,
        capture_output=True,
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def usual() -> bytes:
    """Run the program as it is."""
    return run_elsewhere(PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C")


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati"},
        {"TZ": "America/St_Johns", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"},
        {"LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0", "PYTHONOPTIMIZE": "2"},
    ],
    ids=["other hashes", "hashes and zone", "zone and locale", "locale and optimized"],
)
def test_the_machine_changes_nothing(environment, usual):
    """Time zone, locale, hash seed and optimization leave every byte as it is."""
    assert run_elsewhere(**environment) == usual
    assert usual.count(b"DraftInvoice(") >= 9
