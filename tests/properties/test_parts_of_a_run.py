"""Laws of parts: runs that bill parts of the accounts bill together what one run bills."""

from __future__ import annotations

from collections import Counter

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing import check_claims, check_outcome
from tests.engine_strategies import runs, store_of, tax_table, worlds
from tests.unit.engine.metering import JANUARY, Book, calls, used

CURRENCIES = ("EUR", "CHF", "JPY", "USD")
BATCHES = ("", "A", "B")


def billed(run, store):
    """Bill and commit all accounts, check the laws, and give each line: what, when, how much."""
    found = Counter()
    for account in store.accounts():
        snapshot = store.snapshot(account)
        outcome = bc.bill(run, snapshot, store.tax)
        check_outcome(outcome, snapshot)
        assert not store.commit([outcome])
        for draft in outcome.drafts:
            found.update((draft.currency, *row_of(line)) for line in draft.lines)
    return found


def row_of(line):
    """Give what a line bills, when, and for how much."""
    return line.billable, line.service_period, line.net


def parts_of(run, criteria):
    """Make a run for each of some criteria."""
    return [
        bc.InvoiceRun(run.period, policy=run.policy, selection=bc.Selection(criteria=each))
        for each in criteria
    ]


def alone(run):
    """Give a run in which a problem holds back nothing but its record."""
    return bc.InvoiceRun(run.period, policy=run.policy.but(on_problem=bc.OnProblem.RECORD))


def check_parts(run, parts, world):
    """Check that runs of parts, one after another, bill what one run bills."""
    store = store_of(world)
    together = Counter()
    for part in parts:
        together += billed(part, store)
    for account in store.accounts():
        check_claims(store.snapshot(account).claims)
    assert together == billed(run, store_of(world))


@given(runs.map(alone), worlds())
def test_runs_for_each_currency_bill_what_one_run_bills(run, world):
    """A document has one currency, so that its lines and their discounts stay together."""
    check_parts(run, parts_of(run, [bc.Criteria(currency=each) for each in CURRENCIES]), world)


@given(runs.map(alone), worlds(), st.lists(st.sampled_from(BATCHES), min_size=4, max_size=4))
def test_runs_for_each_batch_bill_what_one_run_bills(run, world, batches):
    """An account is in one batch, whatever the policy."""
    names = iter(batches)
    sorted_out = tuple(
        evolve(each, batch=next(names)) if isinstance(each, bc.Account) else each for each in world
    )
    check_parts(run, parts_of(run, [bc.Criteria(batch=each) for each in BATCHES]), sorted_out)


@given(st.sampled_from(range(1, 13)), worlds())
def test_runs_for_each_frequency_bill_what_recurs(month, world):
    """Together with what one run bills once, it is what one run bills."""
    plain = tuple(
        evolve(each, order_discount=None) if isinstance(each, bc.Subscription) else each
        for each in world
    )
    store, run = store_of(plain), bc.InvoiceRun(bc.Period.month(2025, month))
    positions = [
        each for one in plain if isinstance(one, bc.Subscription) for each in one.positions
    ]
    cadences = {evolve(item.cadence, anchor=None) for item, _ in positions if item.cadence}
    frequencies = sorted({bc.frequency_of(each) for each in cadences})
    together = Counter()
    for part in parts_of(run, [bc.Criteria(frequency=each) for each in frequencies]):
        together += billed(part, store)
    rest = billed(run, store)

    recurring = {
        name
        for item, name in positions
        if item.recurrence is not bc.ONE_TIME and item.cadence is not None
    }
    assert not {name for _, name, _, _ in rest} & recurring
    assert together + rest == billed(run, store_of(plain))


@given(runs.map(alone), worlds(), st.randoms())
def test_runs_of_chosen_contracts_bill_what_one_run_bills(run, world, random):
    """Each contract by itself, in any order; without what a policy decides by whole documents."""
    policy = run.policy.but(grouping=bc.PER_SUBSCRIPTION)
    whole = bc.InvoiceRun(run.period, policy=policy)
    contracts = [each.id for each in world if isinstance(each, bc.Subscription)]
    random.shuffle(contracts)
    parts = [bc.InvoiceRun(run.period, policy=policy, only=[each]) for each in contracts]
    check_parts(whole, parts, world)


orders = st.sampled_from(["A", "B", "C", "A,B", "B,C", "A,B,C", "unknown"])
usage = st.builds(
    lambda number, day, order_no, quantity: used(f"U-{number}", day, quantity, order_no),
    st.integers(1, 6),
    st.integers(1, 31),
    orders,
    st.integers(0, 9),
)
FIRST = st.lists(usage, max_size=6)


def metered_book():
    """Make an account whose usage is priced in three currencies."""
    priced = zip("ABC", CURRENCIES, strict=False)
    return Book(*(calls(id=name, order_no=name, currency=money) for name, money in priced))


def amounts(book):
    """Give what live documents bill of each item in all."""
    found = Counter()
    for line in book.lines():
        found[line.billable] += line.net
    return {name: amount for name, amount in found.items() if amount}


def run_parts(book, *, by):
    """Run each part of an account, and check the laws."""
    for part in by:
        snapshot = book.snapshot()
        outcome = bc.bill(part, snapshot, tax_table())
        check_outcome(outcome, snapshot)
        assert not book.store.commit([outcome])
        check_claims(book.store.snapshot("acme").claims)


@given(FIRST, FIRST, st.permutations(CURRENCIES[:3]), st.booleans())
def test_usage_in_parts_costs_the_same(first, second, order, is_final):
    """By currency, in any order, also after corrections: the same amounts as by one run."""
    book, whole = metered_book(), metered_book()
    run = bc.InvoiceRun(JANUARY)
    for records in (first, second):
        book.add(*records)
        whole.add(*records)
        parts = parts_of(run, [bc.Criteria(currency=each) for each in order])
        run_parts(book, by=[*parts, *parts])
        run_parts(whole, by=[run])
        if is_final:
            book.finalize()
            whole.finalize()
    assert amounts(book) == amounts(whole)


@given(FIRST, FIRST, st.permutations("ABC"), st.booleans())
def test_usage_of_chosen_items_costs_the_same(first, second, order, is_final):
    """Item by item, each on drafts of their own: the same amounts as by one run."""
    book, whole = metered_book(), metered_book()
    run = bc.InvoiceRun(JANUARY)
    for records in (first, second):
        book.add(*records)
        whole.add(*records)
        parts = [bc.InvoiceRun(JANUARY, only=[f"S-1/{item}"]) for item in order]
        run_parts(book, by=[*parts, *parts])
        run_parts(whole, by=[run])
        if is_final:
            book.finalize()
            whole.finalize()
    assert amounts(book) == amounts(whole)
