"""The generic run: truth values of records, as the systems of hosts write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.sources import billed, lines, order, problems, product, the_draft


class TestFlagsOfRecords:
    """Fields of records that are true or false."""

    @pytest.mark.parametrize(
        "value", ["yes", "1", " true", 2, -1, 1.0, Decimal(1), [True]], ids=repr
    )
    def test_what_is_no_truth_value(self, value):
        """Other words and numbers are not taken for yes or no."""
        outcome = billed(order(1, product(1), ON_CreateSingleInvoice=value))

        assert problems(outcome) == {"Order/O-1": "ON_CreateSingleInvoice"}
        assert outcome.problems[0].advice == (
            "use True or False, 1 or 0, or the words true or false"
        )

    @pytest.mark.parametrize("value", [True, 1, "true", "True", "TRUE"], ids=repr)
    def test_how_systems_write_yes(self, value):
        """Two orders that want invoices of their own, in any spelling, have two."""
        records = [order(n, product(n), ON_CreateSingleInvoice=value) for n in (1, 2)]

        assert lines(*billed(*records).drafts) == [["Product/P-1 20.00"], ["Product/P-2 20.00"]]

    @pytest.mark.parametrize("value", [False, 0, "false", "FALSE", None, ""], ids=repr)
    def test_how_systems_write_no(self, value):
        """Two orders that want no invoice of their own, in any spelling, share one."""
        records = [order(n, product(n), ON_CreateSingleInvoice=value) for n in (1, 2)]

        assert lines(*billed(*records).drafts) == [["Product/P-1 20.00", "Product/P-2 20.00"]]

    @pytest.mark.parametrize("value", [1, "true"], ids=repr)
    def test_an_order_that_is_a_line_itself(self, value):
        """An order that says 1 or true is a line of 5.00 besides its product; it is left out by name."""
        own = {"ON_Title": "Fee", "ON_Quantity": 1, "ON_UnitPrice": 5}
        record = order(1, product(1), ON_IsItem=value, **own)
        closed = billed(record, account=bc.Account("acme", currency="EUR", active=False))

        assert lines(the_draft(record)) == [["Order/O-1 5.00", "Product/P-1 20.00"]]
        assert [each.record for each in closed.exclusions] == ["Order/O-1", "Product/P-1"]


@pytest.mark.parametrize(("value", "gross"), [(1, "20.00"), ("false", "23.80")])
def test_gross_prices_in_any_spelling(value, gross):
    """2 at 10.00 with 19 % tax are 20.00 if the price has the tax in it, else 23.80."""
    draft = the_draft(order(1, product(1, ON_GrossInvoice=value, ON_TaxCode="19")))

    assert draft.totals.gross == Decimal(gross)


def test_a_price_that_is_neither_net_nor_gross():
    """A flag of a line that is no truth value is a problem of the line."""
    outcome = billed(order(1, product(1, ON_GrossInvoice="maybe")))

    assert problems(outcome) == {"Product/P-1": "ON_GrossInvoice"}
