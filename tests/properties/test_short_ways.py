"""What is usual goes a short way through the engine, and comes out as by the long one."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

import billingcore as bc
from tests.engine_strategies import policies, runs_by_month, store_of, tax_table, worlds


class Remote:
    """A tax engine that has to be asked, with the answers of a table."""

    def __init__(self) -> None:
        self.table = tax_table()

    def taxes(self, questions, purpose):
        return self.table.taxes(questions, purpose)


def by_the_long_way(run, snapshot):
    """Bill an account with questions, line by line, and every document with care."""
    with (
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

            assert bc.bill(run, snapshot, tax_table()) == by_the_long_way(run, snapshot)
        bc.execute(run, store)
