"""Counts that can be worked out anywhere and added up."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.runs.tally import CurrencyTotal, Tally, added
from tests.unit.engine.records import (
    ACME,
    JANUARY,
    accounts,
    amounts,
    contract,
    draft_of,
    finalize_all,
    monthly,
    once,
    run_of,
    store_of,
)


def outcome(*items, account="acme", policy=bc.DOCUMENTED):
    """Work out an account with some items."""
    store = store_of(contract(*items, account=account), account=bc.Account(account, currency="EUR"))
    return next(bc.plan(run_of(policy=policy), store))


def corrected(policy=bc.LEVEL):
    """Work out an account of which January was billed at 10.00, and costs 12.00 by a change."""
    store = store_of(contract(monthly()))
    bc.execute(run_of(JANUARY, policy=bc.LEVEL), store)
    finalize_all(store)
    store.change(contract(monthly().changed(bc.Change("2026-01-01", unit_price=12))))
    return next(bc.plan(run_of(JANUARY, policy=policy), store))


OUTCOMES = [
    outcome(monthly("a", tax_code="19"), monthly("b", active=False), account="one"),
    outcome(monthly("a", 7), once("b", currency="USD"), monthly("c", tax_code="?"), account="two"),
    outcome(monthly("a", quantity=0), monthly("b", tax_code="!"), account="three"),
    outcome(account="four"),
    outcome(monthly("a", "9.99", tax_code="7", currency="USD"), account="five"),
    corrected(),
    corrected(bc.LEVEL.but(corrections=bc.Corrections.REPORT)),
]


def noted(outcomes, keep=100):
    """Count outcomes one after the other."""
    tally = Tally(keep)
    for each in outcomes:
        tally.note(each)
    return tally


def test_what_is_counted():
    """Accounts, drafts, lines, totals, reasons and problems of three accounts, worked out by hand."""
    tally = noted(OUTCOMES[:3])

    assert (tally.accounts, tally.lines, tally.untaxed_lines, tally.failures) == (3, 3, 2, 2)
    assert tally.draft_ids[:1] == ["2026-03-01..2026-03-31/one/S-1"]
    assert len(tally.draft_ids) == 3
    assert {code: (each.documents, each.net, each.tax) for code, each in tally.totals.items()} == {
        "EUR": (2, Decimal("17.00"), Decimal("1.90")),
        "USD": (1, Decimal("50.00"), Decimal("0.00")),
    }
    assert tally.excluded == {bc.Reason.ITEM_INACTIVE: 1, bc.Reason.ZERO_QUANTITY: 1}
    assert [each.record for each in tally.exclusions] == ["S-1/b", "S-1/a"]
    assert [each.record for each in tally.problems] == ["S-1/c", "S-1/b"]
    assert tally.left_out[bc.Reason.BEFORE_FIRST_RUN] == len(tally.left_out_time)


def test_corrections_are_counted_by_currency_and_fate():
    """What was corrected, and what was left, have a count and a sum each."""
    tally = noted(OUTCOMES[5:])

    assert tally.corrected == {
        ("EUR", False): (1, Decimal("2.00")),
        ("EUR", True): (1, Decimal("2.00")),
    }
    assert len(tally.corrections) == 2


def test_corrections_in_a_report():
    """A report prints how many differences were corrected, and how many were left, with their sums."""
    store = store_of(contract(monthly()))
    report = bc.execute(run_of(JANUARY, policy=bc.LEVEL), store)
    for each in OUTCOMES[5:]:
        report.note(each)

    assert [line for line in str(report).splitlines() if "corrected" in line] == [
        "  corrected: 1 (difference 2.00 EUR)",
        "  not corrected: 1 (difference 2.00 EUR)",
    ]


@given(
    st.lists(st.sampled_from(OUTCOMES), max_size=12),
    st.lists(st.integers(0, 12), max_size=4),
    st.integers(0, 6),
)
def test_merging_is_noting_one_after_the_other(outcomes, cuts, keep):
    """However the accounts are divided, the merged parts equal what is counted in one go."""
    whole, merged = noted(outcomes, keep), Tally(keep)
    borders = sorted({0, len(outcomes), *(cut for cut in cuts if cut < len(outcomes))})
    for first, stop in pairwise(borders):
        merged.merge(noted(outcomes[first:stop], keep))

    assert merged == whole


@pytest.mark.parametrize("keep", [0, 1, 2, 100])
def test_lists_are_bounded_and_counts_are_not(keep):
    """Of everything that is listed the first so many are kept; the counts are complete."""
    tally, whole = noted(OUTCOMES * 3, keep), noted(OUTCOMES * 3, 10**6)
    lists = ["exclusions", "left_out_time", "problems", "corrections"]

    assert all(getattr(tally, name) == getattr(whole, name)[:keep] for name in lists)
    unlisted = {"keep": 0} | {name: [] for name in lists}
    assert attrs.evolve(tally, **unlisted) == attrs.evolve(whole, **unlisted)
    assert tally.failures == 6


class TestCurrencyTotals:
    """Sums of the documents of one currency."""

    def test_a_draft_is_added(self):
        """Net, tax and gross grow by those of the draft."""
        totals = {}
        added(totals, draft_of(once(price=50, tax_code="19")))
        added(totals, draft_of(once(price=10, tax_code="7")))

        assert totals == {"EUR": CurrencyTotal("EUR", 2, *amounts("60.00", "10.20", "70.20"))}

    def test_sums_are_added(self):
        """Two sums of one currency become one."""
        one = CurrencyTotal("EUR", 1, *amounts("10.00", "1.90", "11.90"))
        other = CurrencyTotal("EUR", 2, *amounts("0.01", "0.00", "0.01"))

        assert one.and_also(other) == CurrencyTotal("EUR", 3, *amounts("10.01", "1.90", "11.91"))

    def test_it_reads_well(self):
        """It prints how many there are, and their sums."""
        shown = str(CurrencyTotal("EUR", 1, *amounts("10.00", "1.90", "11.90")))

        assert shown == "drafts 1, net 10.00, tax 1.90, gross 11.90"


def test_a_worker_gives_counts_and_accounts():
    """What bills a part of the accounts gives its counts, and each account by itself."""
    store = accounts("a", "b", "c")
    part = bc.bill_accounts(run_of(), store, ["c", "a"], window=1)

    assert [each.account for each in part.accounts] == ["c", "a"]
    assert part.tally.draft_ids == [name for each in part.accounts for name in each.draft_ids]
    assert (part.tally.accounts, ACME.currency, part.tally.totals["EUR"].documents) == (2, "EUR", 2)
