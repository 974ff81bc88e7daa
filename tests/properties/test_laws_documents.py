"""Law 1: the lines, taxes and totals of every document add up, to the cent."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing import check_document
from tests.engine_strategies import (
    changed_item,
    discounts,
    policies,
    priced,
    recurring_items,
    renamed,
    runs,
    store_of,
    tax_table,
    worlds,
)

ACME = bc.Account("acme", currency="EUR")
TAX = tax_table()


@st.composite
def price_lists(draw):
    """Make items to be sold once, priced net and gross, under several taxes."""
    fields = draw(st.lists(priced(), min_size=1, max_size=12))
    return [bc.Item(f"item-{number}", **each) for number, each in enumerate(fields)]


@given(price_lists(), policies, st.one_of(st.none(), discounts))
def test_documents_by_hand_conserve(items, policy, discount):
    """Every document made by hand adds up, under every policy and with any order discount."""
    made = bc.drafts(
        ACME, items, period=bc.Period.year(2025), tax=TAX, discount=discount, policy=policy
    )

    for draft in made:
        check_document(draft)


@given(worlds(), runs)
def test_documents_of_runs_conserve(world, run):
    """Every document of a run adds up, and so does the invoice that it becomes."""
    store = store_of(world)
    for draft in bc.execute(run, store).drafts:
        check_document(draft)
        check_document(bc.finalize(draft, store, on="2025-12-31"))


@given(price_lists(), st.lists(discounts, min_size=1, max_size=3))
def test_order_discounts_conserve(items, wanted):
    """The shares of an order discount add up to it, and taking it off gives the first draft back."""
    plain = [changed_item(item, criterion="") for item in items]
    draft = bc.draft(ACME, plain, period=bc.Period.year(2025), tax=TAX)
    edited = draft
    for discount in wanted:
        edited = bc.edit.discount_order(edited, discount)
        check_document(edited)
        subtotal = sum(line.amount - line.discount for line in edited.lines)
        taken = sum(line.order_discount for line in edited.lines)
        if discount.kind is bc.DiscountKind.AMOUNT and subtotal > 0:
            assert taken == min(subtotal, discount.value)

    assert bc.edit.discount_order(edited, None).totals == draft.totals


@given(st.lists(recurring_items(), min_size=1, max_size=4), st.dates())
def test_lines_split_at_a_rate_change_conserve(items, day):
    """A line that is split where the tax rate changes costs together what it costs whole."""
    table = bc.TaxTable(
        {
            code: [bc.TaxRate(16, end=day), bc.TaxRate(19), bc.TaxRate(7, start="2025-02-28")]
            for code in ("old and new", "reduced", "zero")
        }
    )
    items = [renamed(item, str(number)) for number, item in enumerate(items)]
    split = bc.LEVEL.but(tax_date=bc.TaxDate.SPLIT_AT_RATE_CHANGE, grouping=())
    made = bc.drafts(ACME, items, period=bc.Period.year(2025), tax=table, policy=split)
    whole = bc.drafts(ACME, items, period=bc.Period.year(2025), tax=table, policy=bc.LEVEL)
    costs: dict[str, Decimal] = {}
    for draft in made:
        check_document(draft)
        for line in draft.lines:
            costs[line.item.id] = costs.get(line.item.id, Decimal(0)) + line.priced

    assert costs == {line.item.id: line.priced for draft in whole for line in draft.lines}
