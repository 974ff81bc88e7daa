"""Prices that include tax, in views whose amounts are net."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.views.contracts import VAT, look, monthly, store_of


def test_prices_that_will_be_taxed_need_the_tax_engine():
    """A tax code that comes with a change makes a price with tax just as unknown."""
    taxed = bc.Change("2026-02-01", tax_code="19")
    item = monthly(price=119, price_includes_tax=True)
    own = store_of(item.changed(taxed), end="2026-02-28")
    of_contract = store_of(item, end="2026-02-28", changes=[taxed])

    for store in (own, of_contract):
        with pytest.raises(bc.InvalidInputError, match="give the tax engine"):
            look(store)
        assert str(look(store, tax=VAT).remaining) == "219.00"
