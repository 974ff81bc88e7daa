"""The strategies draw valid values of every public class of data."""

from __future__ import annotations

import subprocess
import sys
from enum import Enum

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing import check_books, check_document, check_outcome, strategies

FEW = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[*HealthCheck],
)
PUBLIC = {name: getattr(bc, name) for name in bc.__all__}
CLASSES = {
    name: value
    for name, value in PUBLIC.items()
    if isinstance(value, type) and not issubclass(value, Exception)
}
DATA = {name: each for name, each in CLASSES.items() if not issubclass(each, Enum)}


def test_every_public_class_has_a_strategy_or_a_reason():
    """Each public class of data is in the table, or in the list of those that have a reason."""
    known = {kind.__name__ for kind in strategies.OF} | strategies.NONE_OF.keys()

    assert sorted(DATA.keys() ^ known) == []


@pytest.mark.parametrize("kind", strategies.OF, ids=lambda kind: kind.__name__)
def test_a_strategy_draws_its_class(kind):
    """The strategy of a class draws values of it, which can be shown."""

    @FEW
    @given(strategies.of(kind))
    def draws(value) -> None:
        assert isinstance(value, kind)
        assert repr(value)

    draws()


@FEW
@given(strategies.worlds())
def test_worlds_keep_the_laws(world):
    """What is drawn of documents and books keeps the laws of the library."""
    check_outcome(world.outcome, world.before)
    check_books(world.store.books("acme"))
    for invoice in world.invoices:
        check_document(invoice)


@FEW
@given(strategies.stores(), strategies.policies())
def test_drawn_contracts_can_be_billed_under_any_policy(store, policy):
    """Whatever is drawn, a run ends, and every record is billed, excluded or a problem."""
    run = bc.InvoiceRun(bc.Period.month(2026, 1), policy=policy)

    check_outcome(bc.bill(run, store.snapshot("acme"), store.tax), store.snapshot("acme"))


def test_what_is_drawn_shrinks():
    """The simplest contact has the shortest id, no name and no roles."""
    found = find(strategies.contacts(), lambda _: True, settings=settings(database=None))

    assert (found.id, found.name, found.roles, found.account) == ("0", "", (), None)


def test_enumerations_are_drawn_from():
    """A strategy of an enumeration draws its members."""
    kind = find(strategies.of(bc.PriceModel), lambda each: each is bc.TIERED)

    assert kind is bc.PriceModel.TIERED


@pytest.mark.parametrize(
    ("kind", "why"),
    [(bc.Execution, "it works, and can be looped over once"), (dict, "it is no public class")],
    ids=["reason", "stranger"],
)
def test_a_class_without_a_strategy_is_refused_with_the_reason(kind, why):
    """Where there is no strategy, the error says why."""
    with pytest.raises(LookupError, match=f"no strategy of {kind.__name__}: {why}"):
        strategies.of(kind)


@FEW
@given(st.data())
def test_what_is_given_is_kept(data):
    """Ids, accounts and kinds that a test fixes are those of what is drawn."""
    usage_filter = data.draw(strategies.filters(bc.UseCase.USAGE))
    seller = data.draw(strategies.entities(st.just("North")))
    scheduled = data.draw(strategies.scheduled_runs(st.just("Monthly")))
    items = strategies.items(st.just("seats"), billing_types=(bc.RECURRING,), has_changes=False)
    contract = data.draw(strategies.subscriptions(account="borg", of_items=items))
    contact = data.draw(strategies.contacts(st.just("anna")))
    account = data.draw(strategies.accounts(st.just("acme"), entities=("North",)))
    claim = data.draw(strategies.claims(st.just("S-1/seats")))

    assert (usage_filter.use_case, seller.name, scheduled.name) == (
        bc.UseCase.USAGE,
        "North",
        "Monthly",
    )
    assert (contract.account, [each.id for each in contract.items]) == ("borg", ["seats"])
    assert (contact.id, account.id, claim.billable) == ("anna", "acme", "S-1/seats")
    assert data.draw(strategies.cadences(anchored=True)).anchor is not None
    assert data.draw(strategies.open_periods()) is not None


def test_importing_the_kit_leaves_hypothesis_alone():
    """Who only asks for laws, faults and the kit needs no Hypothesis."""
    probe = "import sys, billingcore.testing; print('hypothesis' in sys.modules)"
    fresh = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )

    assert fresh.stdout.strip() == "False"
