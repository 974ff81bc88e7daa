"""Law 9: who works on which accounts, and who is faster, changes no byte of the result."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing import canonical
from tests.engine_strategies import runs, store_of, tax_table, worlds


@pytest.fixture(scope="module")
def threads():
    """Give three workers that share all objects."""
    with ThreadPoolExecutor(3) as executor:
        yield executor


class Shuffled(bc.MemoryStore):
    """A store whose references come in another order at each pass, account by account."""

    order: random.Random

    def references(self, criteria):
        """Yield the accounts in any order, and within each its records."""
        found: dict[str, list[bc.Reference]] = {}
        for reference in super().references(criteria):
            found.setdefault(reference.account, []).append(reference)
        accounts = [*found.values()]
        self.order.shuffle(accounts)
        for references in accounts:
            self.order.shuffle(references)
            yield from references


def shuffled_store(world, order):
    """Make a store with a world, and orders of references."""
    store = Shuffled(tax=tax_table())
    store.add(*world)
    store.order = order
    return store


def documents(store):
    """Write down what is in a store."""
    return [*map(canonical, store.drafts())]


@given(worlds(), st.lists(runs, min_size=1, max_size=2), st.integers(1, 5), st.integers(1, 4))
def test_threads_make_report_and_drafts_of_a_serial_run(threads, world, some_runs, chunk, ahead):
    """Whatever the chunks: the report, the records of the executions and the drafts are equal."""
    serial, spread = store_of(world), store_of(world)
    for run in some_runs:
        wanted = bc.execute(run, serial)
        report = bc.execute(run, spread, executor=threads, chunk=chunk, ahead=ahead)

        assert canonical(report) == canonical(wanted)
        assert [*report.draft_ids] == [*wanted.draft_ids]
        assert report.records() == wanted.records()
    assert canonical([*spread.runs()]) == canonical([*serial.runs()])
    assert documents(spread) == documents(serial)


@given(worlds(), runs, st.integers(1, 5), st.randoms(use_true_random=False))
def test_the_order_of_references_changes_no_draft(threads, world, run, chunk, order):
    """References in any order give the same drafts and counts, on threads as without them."""
    plain, spread = store_of(world), shuffled_store(world, order)
    wanted = bc.execute(run, plain)
    report = bc.execute(run, spread, executor=threads, chunk=chunk)

    assert documents(spread) == documents(plain)
    assert sorted(report.draft_ids) == sorted(wanted.draft_ids)
    assert report.totals == wanted.totals
    assert (report.excluded, report.failures) == (wanted.excluded, wanted.failures)
