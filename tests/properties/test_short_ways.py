"""What is usual goes a short way through the engine, and comes out as by the long one."""

from __future__ import annotations

from decimal import Decimal
from unittest.mock import patch

import attrs
from hypothesis import event, given, settings
from hypothesis import strategies as st

import billingcore as bc
from billingcore.tax.ordinary_account import ordinary_outcome
from billingcore.values.context import exactly
from tests.engine_strategies import (
    contracts,
    discounts,
    policies,
    runs_by_month,
    store_of,
    tax_table,
    worlds,
)


class Remote:
    """A tax engine that has to be asked, with the answers of a table."""

    def __init__(self) -> None:
        self.table = tax_table()

    def taxes(self, questions, purpose):
        return self.table.taxes(questions, purpose)


def by_the_long_way(run, snapshot):
    """Bill an account with questions, line by line, and every document with care."""
    with (
        patch("billingcore.engine.ordinary_outcome", return_value=None),
        patch("billingcore.grouping._are_alike", return_value=False),
        patch("billingcore.tax.making.ordinary_draft", return_value=None),
        patch("billingcore.tax.drafts.put_single_taxes", return_value=False),
    ):
        return bc.bill(run, snapshot, Remote())


@settings(max_examples=100)
@given(worlds(), policies, st.lists(runs_by_month, min_size=1, max_size=3))
def test_both_ways_give_the_same(records, policy, periods):
    """Outcomes are equal, whatever the policy, in runs one after the other with drafts between."""
    store = store_of(records)
    accounts = [each.id for each in records if isinstance(each, bc.Account)]
    for period in periods:
        run = bc.InvoiceRun(period, policy=policy)
        for account in accounts:
            snapshot = store.snapshot(account)
            careful = by_the_long_way(run, snapshot)  # first, since the short way needs schedules

            assert bc.bill(run, snapshot, tax_table()) == careful
        bc.execute(run, store)


@st.composite
def mostly_ordinary(draw):
    """Make an account with one contract of items that are nearly plain, and perhaps another."""
    account = bc.Account("acme", currency=draw(st.sampled_from(["EUR", "JPY"])))
    changes = draw(st.sampled_from([(), (), (bc.Change("2025-06-10", quantity=2),)]))
    one = attrs.evolve(draw(contracts(items=plain_items())), changes=changes)
    others = draw(st.sampled_from([(), (), (), ("S-2",)]))
    return [account, one, *(draw(contracts(name, items=plain_items())) for name in others)]


@st.composite
def plain_items(draw):
    """Make an item that is due each month, half of them with a discount or a rate that changes."""
    return bc.Item(
        "item",
        unit_price=draw(st.integers(1, 99_999).map(lambda cents: Decimal(cents).scaleb(-2))),
        quantity=draw(st.integers(1, 40)),
        billing_type=draw(st.sampled_from([bc.RECURRING, bc.RECURRING_PRORATED])),
        cadence=bc.monthly(anchor="2025-01-01"),
        tax_code=draw(st.sampled_from(["reduced", "reduced", "old and new"])),
        discount=draw(st.one_of(st.none(), st.none(), discounts)),
    )


@settings(max_examples=100)
@given(mostly_ordinary(), st.integers(1, 12))
def test_ordinary_accounts_are_billed_alike(records, first):
    """Three months in a row, with invoices between them, come out the same in one go and with care."""
    store, table = store_of(records), tax_table()
    for month in range(first, first + 3):
        run = bc.InvoiceRun(bc.Period.month(2025 + month // 13, month % 13 + month // 13))
        snapshot = store.snapshot("acme")
        careful = by_the_long_way(run, snapshot)
        with exactly():
            short = ordinary_outcome(run, snapshot, table)
        event(f"ordinary: {short is not None}")

        assert short is None or short == careful
        bc.execute(run, store)
        bc.finalize_all(store.drafts(), store, on=run.period.last)
