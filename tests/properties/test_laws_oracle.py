"""Law 11: a slow second implementation, day by day, agrees with the engine."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

import billingcore as bc
from tests.engine_strategies import contracts, rate_of, runs_by_month, tax_table
from tests.oracle import Oracle


def billed(draft):
    """Write the lines of a draft as the oracle states them."""
    return sorted(
        (
            line.billable,
            line.service_period.first,
            line.service_period.last,
            Fraction(line.amount),
            Fraction(line.priced),
        )
        for line in draft.lines
    )


def expected(lines):
    """Write the oracle's lines in the same way."""
    return sorted((line.billable, line.first, line.last, line.amount, line.net) for line in lines)


def compare(contract, policy, periods, tax_level):
    """Bill months one after the other with both, finalizing in between, and compare each."""
    policy = policy.but(tax_level=tax_level, negative_total=bc.NegativeTotal.INVOICE)
    store = bc.MemoryStore(tax=tax_table())
    store.add(bc.Account("acme", currency="EUR"), contract)
    oracle = Oracle(
        [contract],
        rate_of,
        level=policy.first_period is bc.FirstPeriod.FROM_ITEM,
        tax_per_line=tax_level is bc.TaxLevel.LINE,
    )
    for number, period in enumerate(periods):
        report = bc.execute(bc.InvoiceRun(period, policy=policy, id=f"run {number}"), store)
        wanted = oracle.bill(period.first, period.last)
        drafts = {(draft.group[0], draft.group[1]): draft for draft in report.drafts}

        assert report.problems == []
        assert {key: billed(draft) for key, draft in drafts.items()} == {
            key: expected(lines) for key, lines in wanted.items()
        }
        for key, draft in drafts.items():
            sums = draft.totals
            assert (sums.net, sums.tax, sums.gross) == oracle.totals(wanted[key])
            bc.finalize(draft, store, on=period.last)
        oracle.finalize()


rounding_levels = st.sampled_from([bc.TaxLevel.CATEGORY, bc.TaxLevel.LINE])


@settings(max_examples=150)
@given(contracts(), st.lists(runs_by_month, min_size=1, max_size=5), rounding_levels)
def test_documented_runs_agree_with_the_oracle(contract, periods, tax_level):
    """Months in any order, also repeated ones, bill what the oracle bills under `DOCUMENTED`."""
    compare(contract, bc.DOCUMENTED, periods, tax_level)


@settings(max_examples=150)
@given(contracts(), st.lists(runs_by_month, min_size=1, max_size=5), rounding_levels)
def test_level_runs_agree_with_the_oracle(contract, periods, tax_level):
    """Months in any order, also repeated ones, bill what the oracle bills under `LEVEL`."""
    compare(contract, bc.LEVEL, periods, tax_level)
