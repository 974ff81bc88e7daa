"""An account as it will be after some runs."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.views.ahead import Ahead
from tests.unit.views.contracts import VAT, bill, monthly, store_of


def run(month, **fields):
    """Make the run of a month of 2026."""
    return bc.InvoiceRun(bc.Period.month(2026, month), policy=bc.LEVEL, **fields)


def test_lines_follow_those_that_are_known():
    """After a run, an item's lines are those of the invoices before and those of the run."""
    store = store_of(monthly(), monthly("late", start="2026-02-01"), monthly("never", price=1))
    bill(store, 1)
    ahead = Ahead(store.snapshot("acme"), VAT)
    ahead.bill(run(2))
    lines = ahead.snapshot.lines

    assert {
        name: [str(line.service_period.first) for _, line in lines[name]] for name in lines
    } == {
        "S-1/seats": ["2026-01-01", "2026-02-01"],
        "S-1/never": ["2026-01-01", "2026-02-01"],
        "S-1/late": ["2026-02-01"],
    }
    assert len(lines) == 3
    assert "S-1/other" not in lines
    with pytest.raises(KeyError):
        lines["S-1/other"]


def test_claims_are_final_and_joined():
    """What a run bills becomes final claims; those of adjacent months are one."""
    ahead = Ahead(store_of(monthly()).snapshot("acme"), VAT)
    for month in (1, 2, 3):
        ahead.bill(run(month))
    (claim,) = ahead.snapshot.claims

    assert (str(claim.period), claim.state) == ("2026-01-01/2026-04-01", bc.ClaimState.FINAL)


def test_a_run_without_anything_changes_nothing():
    """A run that bills nothing leaves the account as it is."""
    ahead = Ahead(store_of(monthly()).snapshot("acme"), VAT)
    before = ahead.snapshot

    assert not ahead.bill(bc.InvoiceRun(bc.Period.month(2025, 1), policy=bc.LEVEL)).drafts
    assert ahead.snapshot is before


def test_a_repeated_run_has_documents_of_its_own():
    """A later run of the same name makes a document with another id."""
    ahead = Ahead(store_of(monthly()).snapshot("acme"), VAT)
    drafts = [*ahead.bill(run(1, id="again")).drafts, *ahead.bill(run(2, id="again")).drafts]

    assert [draft.id for draft in drafts] == ["again/acme/S-1", "again/acme/S-1#2"]
