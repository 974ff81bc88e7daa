"""Records beside usual ones: what is not usual is read with care, and billed the same."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.engine.sources import billed, lines, order, problems, product, reasons

USUAL = order(1, product(1, ON_OrderNo="A"))


class Fields:
    """Fields of an order as attributes."""

    ON_Account = "acme"


class Broken(dict):
    """A mapping that cannot give one of its fields."""

    def __getitem__(self, name):
        if name == "ON_Account":
            raise OSError("connection lost")
        return super().__getitem__(name)


def test_one_order_number_twice():
    """Two lines with one order number are a problem, also after usual orders."""
    twice = order(2, product(2, ON_OrderNo="B"), product(3, ON_OrderNo="B"))

    assert problems(billed(USUAL, twice)) == {"Order/O-2": "ON_OrderNo"}


def test_an_order_number_in_another_alphabet():
    """An order number may be any text."""
    outcome = billed(USUAL, order(2, product(2, ON_OrderNo="Ä-1")))

    assert outcome.drafts[0].lines[1].item.id == "Ä-1"


def test_an_order_of_attributes_with_usual_lines():
    """An order that is an object may have lines that are mappings."""
    other = bc.SourceRecord("Order", "O-2", Fields(), children={"Items": [product(2)]})

    assert lines(*billed(order(1, product(1)), other).drafts) == [
        ["Product/P-1 20.00", "Product/P-2 20.00"]
    ]


def test_an_order_that_cannot_be_read_with_usual_lines():
    """A mapping that fails is asked again field by field, as its other way to give fields works."""
    values = Broken(ON_Account="acme")
    other = bc.SourceRecord("Order", "O-2", values, children={"Items": [product(2)]})

    assert lines(*billed(order(1, product(1)), other).drafts) == [
        ["Product/P-1 20.00", "Product/P-2 20.00"]
    ]


@pytest.mark.parametrize("name", ["_hidden", "no name", "__class__"])
def test_names_that_no_attribute_has(name):
    """Names that are no plain names of attributes are never read from an object."""
    assert bc.SourceRecord("Order", "O-1", Fields()).get(name) is bc.MISSING


def test_a_refused_tax_takes_the_lines_of_its_order_only():
    """A tax code that is not known takes the other lines of its order, and of no other."""
    wrong = order(2, product(2, ON_TaxCode="NO"), product(3))
    outcome = billed(USUAL, wrong)

    assert lines(*outcome.drafts) == [["Product/P-1 20.00"]]
    assert reasons(outcome) == {"Product/P-3": "OTHER_PROBLEM"}
    assert set(problems(outcome)) == {"Product/P-2"}


def test_a_metered_item_has_no_schedule_of_its_own():
    """What usage prices is due when there is usage."""
    item = bc.Item("calls", unit_price=1, billing_type=bc.TRANSACTIONAL)
    contract = bc.Subscription("S-1", account="acme", items=[item])
    snapshot = bc.AccountSnapshot(bc.Account("acme", currency="EUR"), [contract])
    why = bc.why_not(bc.InvoiceRun(bc.Period.month(2026, 1)), snapshot, "calls")

    assert why.reason is bc.Reason.NO_USAGE


def test_lines_stand_in_their_sequence():
    """The record itself stands first, then its lines by their numbers, then those without one."""
    record = order(
        1,
        product(1, ON_Sequence=2),
        product(2),
        product(3, ON_Sequence=1),
        ON_IsItem=True,
        ON_Quantity=1,
        ON_Title="Flat fee",
        ON_UnitPrice=5,
    )

    assert lines(*billed(record).drafts) == [
        ["Order/O-1 5.00", "Product/P-3 20.00", "Product/P-1 20.00", "Product/P-2 20.00"]
    ]
