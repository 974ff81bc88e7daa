"""Reasons as reports give them: one answer everywhere, in words, under a filter's name."""

from __future__ import annotations

import billingcore as bc
from tests.unit.engine.records import (
    JANUARY,
    MARCH,
    VAT,
    bill,
    contract,
    finalize_all,
    monthly,
    run_of,
    store_of,
)


def test_the_report_agrees_with_why_not():
    """The reason of the report is the answer to `why_not`, for each of several items."""
    items = [
        monthly("off", active=False),
        monthly("none", quantity=0),
        monthly("late", start="2027-01-01"),
    ]
    store = store_of(contract(*items, monthly("fine")))
    snapshot = store.snapshot("acme")
    report = bc.execute(run_of(), store)

    assert [bc.why_not(run_of(), snapshot, item.id, VAT) for item in items] == report.exclusions
    assert bc.why_not(run_of(), snapshot, "fine") is None


def test_exclusions_read_as_sentences():
    """An exclusion is written with record, days, reason and facts."""
    store = store_of(contract(monthly()))
    bc.execute(run_of(JANUARY), store)
    finalize_all(store)
    (exclusion,) = bill(store, run_of(JANUARY)).exclusions

    assert str(exclusion) == (
        "S-1/seats 2026-01-01 to 2026-01-31: COVERED, this time is on an invoice already"
        " (document 2026-00001)"
    )


def test_the_filter_is_named():
    """Under a filter, lines, exclusions and problems carry its name."""
    selection = bc.Selection([bc.Filter("all"), bc.Filter("none")], chosen="all")
    store = store_of(contract(monthly(), monthly("off", active=False), monthly("x", tax_code="?")))
    outcome = bill(store, run_of(MARCH, selection=selection))

    assert outcome.drafts[0].lines[0].filter == "all"
    assert outcome.exclusions[0].filter == "all"
    assert outcome.problems[0].filter == "all"
