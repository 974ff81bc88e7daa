"""However the quantity of a tiered item changes after it was billed, the customer pays the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore import Tier
from tests.unit.engine.changing import APRIL, MAY, all_billed, books, edit, invoice

TIERS = (
    Tier(5, "9.99", price_type=bc.FLAT),
    Tier(10, "2.55"),
    Tier(20, "1.37"),
    Tier(None, "0.333"),
)
pricings = st.sampled_from(
    [
        bc.Pricing(bc.TIERED, TIERS),
        bc.Pricing(bc.VOLUME, TIERS),
        bc.Pricing(bc.TIERED, TIERS, minimum=15, maximum=40),
    ]
)
quantities = st.integers(0, 40)
changes = st.lists(
    st.tuples(st.integers(1, 30), quantities).map(
        lambda row: bc.Change(f"2026-04-{row[0]:02}", quantity=row[1])
    ),
    max_size=3,
)


def item_of(pricing, quantity, made):
    """Make the item of a contract, with the changes that are known."""
    return bc.Item(
        "sms",
        quantity=quantity,
        pricing=pricing,
        cadence=bc.monthly(),
        billing_type=bc.RECURRING_PRORATED,
        proration=bc.proration.ACTUAL_DAYS,
        changes=made,
    )


@given(pricing=pricings, quantity=quantities, history=st.lists(changes, min_size=1, max_size=4))
def test_corrections_lead_to_what_would_have_been_billed(pricing, quantity, history):
    """After any changes and corrections the invoices add up to those of a contract that never was
    billed otherwise, to the cent.
    """
    first, *later = history
    store = books(item_of(pricing, quantity, first))
    for month in (APRIL, MAY):
        invoice(store, month)
    for made in later:
        edit(store, item_of(pricing, quantity, made))
        invoice(store, MAY)
    at_once = books(item_of(pricing, quantity, history[-1]))
    for month in (APRIL, MAY):
        invoice(at_once, month)

    assert all_billed(store) == all_billed(at_once)
