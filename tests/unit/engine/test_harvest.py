"""What an account gives besides lines is collected when there is something to say."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.lines.harvest import Harvest
from tests.unit.engine.records import ACME, run_of


def harvest():
    """Give the harvest of an account without records."""
    return Harvest(run_of(), bc.AccountSnapshot(ACME))


def test_it_has_no_findings_until_somebody_asks():
    """A collection of findings is empty at first, and the same one whenever it is asked for."""
    found = harvest()
    assert found.made == ()
    found.problems.append("wrong")
    assert found.made == ("problems",)
    assert found.problems == ["wrong"]
    assert (found.exclusions, found.taken, found.kept) == ([], {}, set())


def test_it_has_no_other_attributes():
    """A name that stands for no findings is an error, as on any object."""
    with pytest.raises(AttributeError):
        harvest().findings  # noqa: B018 - asking is what is tested


def test_usage_is_no_matter_of_a_run_of_records():
    """A run without subscriptions says nothing of the account's own usage."""
    usage = bc.UsageRecord("U-1", date="2026-03-05", quantity=3, order_no="CALLS")
    snapshot = bc.AccountSnapshot(bc.Account("acme", currency="EUR"), usage=[usage])
    orders = bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order")
    selection = bc.Selection([orders], has_subscriptions=False)
    run = bc.InvoiceRun(bc.Period.month(2026, 3), selection=selection)
    outcome = bc.bill(run, snapshot, bc.TaxTable({}))

    assert (outcome.drafts, outcome.exclusions, outcome.problems) == ((), (), ())
