"""The state machine finds stores that break their contract, and none where nothing is wrong."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

import billingcore as bc
from billingcore.testing import store_machine
from billingcore.testing.machine_core import same
from billingcore.testing.machine_world import SOLD
from tests.unit.testing import broken_stores


def quickly(machine):
    """Give the settings of a machine, for a test: the same each time, and nothing shrunk."""
    return settings(
        machine.TestCase.settings,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )


class Wasteful(bc.MemoryStore):
    """Uses a number up for a draft that cannot be finalized."""

    def finalize(self, pending):
        results = super().finalize(pending)
        for each, result in zip(pending, results, strict=True):
            if isinstance(result, bc.BillingError):
                self._counters[each.counter.name] = self._next(each.counter)
        return results


class Penniless(bc.MemoryStore):
    """Loses payments."""

    def record(self, account, decide):
        return super().record(account, lambda books: attrs.evolve(decide(books), payments=()))


class Falling(bc.MemoryStore):
    """Raises what no store may raise."""

    def discard(self, draft_id):
        raise KeyError(draft_id)


BROKEN = [
    *(broken_stores.KeepsClaims, broken_stores.IgnoresRevision, broken_stores.PutsAnyVersion),
    *(broken_stores.InOrderOfTime, broken_stores.StaleDrafts, broken_stores.NotesAnything),
    *(broken_stores.IgnoresLeases, Wasteful, Penniless, Falling),
]


@pytest.mark.parametrize("store", BROKEN, ids=lambda store: store.__name__)
def test_a_broken_store_is_found(store):
    """Each store that breaks its contract is found with the default number of examples."""
    machine = store_machine(store)

    with pytest.raises(AssertionError, match=r"is to (say the same as|be as in) MemoryStore"):
        run_state_machine_as_test(machine, settings=quickly(machine))


def small(**given):
    """Give a store with nothing but the methods of the Protocols, and `add`."""
    store = bc.MemoryStore(**given)
    hidden = {"change", "add_usage", "add_claims", "put_contacts", "put_coupons", "release"}

    class Small:
        def __getattr__(self, name):
            if name in hidden:
                raise AttributeError(name)
            return getattr(store, name)

    return Small()


@pytest.mark.parametrize("make", [bc.MemoryStore, small], ids=["whole", "small"])
def test_a_right_store_passes(make):
    """A store that keeps its contract passes, also one that is filled by `add` alone."""
    machine = store_machine(make)

    run_state_machine_as_test(machine, settings=settings(quickly(machine), max_examples=8))


class TestBillElsewhere:
    """What somebody else billed is added to both stores."""

    def test_of_a_contract(self):
        """The last contract gets a claim of the month, once, in both stores."""
        machine = store_machine(bc.MemoryStore)()
        machine.open()
        name = [*machine.contracts][-1]
        for month in (3, 2):
            machine.bill_elsewhere(place=2, month=month)

        for store in (machine.model, machine.store):
            claims = store.snapshot(machine.contracts[name].account).claims
            old = [each for each in claims if each.document == "old"]
            assert [(each.billable, each.period) for each in old] == [
                (f"{name}/{SOLD[2].id}", bc.Period.month(2026, 3))
            ]

    def test_of_no_account(self):
        """Without any contract the claim names nobody, and both stores refuse it."""
        machine = store_machine(bc.MemoryStore)()
        machine.bill_elsewhere(place=0, month=3)

        assert [*machine.model.references(bc.Criteria())] == []


def test_a_difference_is_shown_where_it_begins():
    """The message shows both texts around the first sign that differs."""
    same("a draft", "equal", "equal")
    with pytest.raises(AssertionError) as raised:
        same("a draft", "x" * 100 + "1", "x" * 100 + "2")

    ends = "x" * 60
    assert str(raised.value) == f"a draft; expected …'{ends}1', seen …'{ends}2'"


def test_a_missing_text_is_shown():
    """What only one of two stores holds is shown as it is."""
    with pytest.raises(AssertionError, match="expected …'None', seen …'draft'"):
        same("a draft", None, "draft")
