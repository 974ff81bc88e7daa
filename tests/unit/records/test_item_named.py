"""Items that are copied with words and numbers which are known to be right."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

import billingcore as bc

TEA = bc.Item("tea", title="Tea", unit_price="2.50", quantity=4, tax_code="19", currency="EUR")


@pytest.mark.parametrize("item", [TEA, attrs.evolve(TEA, active=False)], ids=["active", "inactive"])
@pytest.mark.parametrize(
    ("quantity", "price", "position"),
    [("3", "1.50", "4.50"), ("-3", "1.50", "-4.50"), ("0", "1.50", "0.00"), ("-3", "0", "0")],
    ids=["sold", "given back", "nothing", "for free"],
)
def test_named_is_what_evolve_gives(item, quantity, price, position):
    """A named copy agrees with a copy that reads everything again, in every field."""
    given = {"id": "chai", "title": "Chai"}
    number, amount = Decimal(quantity), Decimal(price)
    named = item.named(*given.values(), number, amount)
    wanted = attrs.evolve(item, quantity=number, unit_price=amount, **given)

    for each in attrs.fields(bc.Item):
        assert getattr(named, each.name) == getattr(wanted, each.name), each.name
    assert str(named.position_price) == position
    assert type(named) is bc.Item


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"price_type": bc.FLAT}, False),
        ({"billed_share": "0.5"}, False),
        ({"changes": [bc.pause("2026-02-01")]}, False),
        ({"pricing": bc.Pricing(bc.PACKAGE, package_size=10)}, False),
    ],
    ids=["plain", "flat", "share", "changes", "pricing"],
)
def test_which_items_can_be_named(fields, expected):
    """Only the price of a plain item is just unit price times quantity."""
    assert attrs.evolve(TEA, **fields).can_be_named is expected


def test_lines_with_exact_numbers():
    """Further lines of an order that come with exact numbers have their own words and amounts."""
    sold = [("P-1", "2", "1.50"), ("P-2", "3", "0.25"), ("P-3", "-1", "1.00")]
    lines = [
        bc.SourceRecord(
            "Line",
            name,
            {
                "ON_Title": f"Tea {name}",
                "ON_Quantity": Decimal(quantity),
                "ON_UnitPrice": Decimal(price),
            },
        )
        for name, quantity, price in sold
    ]
    order = bc.SourceRecord("Order", "O-1", {"ON_Account": "acme"}, children={"Items": lines})
    orders = bc.Filter(
        "Orders", use_case=bc.UseCase.GENERIC, target="Order", child_relation="Items"
    )
    run = bc.InvoiceRun(bc.Period.month(2026, 1), selection=bc.Selection([orders]))
    acme = bc.Account("acme", currency="EUR")
    (draft,) = bc.bill(run, bc.AccountSnapshot(acme, records=[order]), bc.TaxTable({})).drafts

    found = [(line.item.id, line.item.title, str(line.net)) for line in draft.lines]
    assert found == [
        ("P-1", "Tea P-1", "3.00"),
        ("P-2", "Tea P-2", "0.75"),
        ("P-3", "Tea P-3", "-1.00"),
    ]
