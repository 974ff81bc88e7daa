"""Quantities, prices, discounts and notes of lines; amounts were worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore import export
from billingcore.export.en16931.prices import price_of
from billingcore.values.sealing import changed
from tests.unit.export.selling import issue, sold, store_with

MONTHLY = {"cadence": bc.monthly(), "billing_type": bc.RECURRING_PRORATED}
LONG = bc.Period.closed("2025-02-10", "2025-03-31")  # 19/28 + 1 = 47/28 months
INVOICE = bc.Policy(name="invoice", negative_total=bc.NegativeTotal.INVOICE)
TIERS = bc.Pricing(bc.TIERED, [bc.Tier(10, "2.50"), bc.Tier(None, "2.20")])


def lines_of(*items, period=LONG, **options):
    """Give the lines of an invoice over items, which stays an invoice also below 0."""
    options.setdefault("policy", INVOICE)
    return export.en16931(issue(store_with(), *items, period=period, **options))["BG-25"]


def told(line):
    """Give quantity, price, base quantity and amount of a line as one text."""
    price = line["BG-29"]
    base = f" per {price['BT-149']} {price['BT-150']}" if "BT-149" in price else ""
    return f"{line['BT-129']} x {price['BT-146']}{base} = {line['BT-131']}"


@pytest.mark.parametrize(
    ("item", "expected", "note"),
    [
        (sold("9.99", quantity="2.5"), "2.5 x 9.99 = 24.98", None),
        (sold("0.00125", quantity=10_000), "10000 x 1.25 per 1000 C62 = 12.50", None),
        (sold("0.0125", quantity=1000), "1000 x 0.0125 = 12.50", None),
        (sold(0), "1 x 0 = 0.00", None),
        (sold(-5, quantity=2), "-2 x 5 = -10.00", None),
        (sold(5, quantity=-2), "-2 x 5 = -10.00", None),
        (sold(-5, quantity=-2), "2 x 5 = 10.00", None),
        (
            sold(100, quantity=3, **MONTHLY),
            "3 x 503.57 per 3 C62 = 503.57",
            "Unit price: €100.00\nFeb 10, 2025 – Mar 31, 2025 (47/28\N{NO-BREAK SPACE}months)",
        ),
        (
            sold(100, **MONTHLY),
            "1 x 167.86 = 167.86",
            "Unit price: €100.00\nFeb 10, 2025 – Mar 31, 2025 (47/28\N{NO-BREAK SPACE}months)",
        ),
        (
            sold(28, quantity=3, **MONTHLY),
            "3 x 47 = 141.00",
            "Unit price: €28.00\nFeb 10, 2025 – Mar 31, 2025 (47/28\N{NO-BREAK SPACE}months)",
        ),
        (
            sold(20, quantity=5, price_type=bc.FLAT),
            "5 x 20.00 per 5 C62 = 20.00",
            "Unit price: €20.00\nflat price for any quantity",
        ),
        (
            sold(1000, quantity=2, pricing=bc.Pricing(bc.COMMISSION, percent="2.5")),
            "2 x 25 = 50.00",
            "Unit price: €1,000.00\n2.5% of the price",
        ),
        (
            sold(119, quantity=3, price_includes_tax=True),
            "3 x 100 = 300.00",
            "Unit price: €119.00\nThe price includes tax.",
        ),
        (
            sold("9.99", quantity=7, price_includes_tax=True),
            "7 x 58.76 per 7 C62 = 58.76",  # 69.93 / 1.19
            "Unit price: €9.99\nThe price includes tax.",
        ),
        (
            sold(10, quantity=3, billed_share="0.5"),
            "3 x 5 = 15.00",
            "Unit price: €10.00\n50% of the price are billed",
        ),
    ],
    ids=[
        "as it is", "five decimals", "four decimals", "nothing", "price below 0", "given back",
        "both below 0", "a part of a month", "one for a part", "a part without a rest", "flat",
        "commission", "with tax", "with tax and a rest", "half of it",
    ],
)  # fmt: skip
def test_quantity_times_price_is_the_amount(item, expected, note):
    """The price is never below 0, and base quantities make the amount exact; a note says how."""
    (line,) = lines_of(item)

    assert told(line) == expected
    assert line.get("BT-127") == note


def test_tiers_are_lines_of_their_own():
    """Each tier is a line with its own price, and a note that names it: 25.00 + 11.00."""
    item = bc.Item("sms", title="SMS", pricing=TIERS, quantity=15, tax_code="DE_19")
    first, second = lines_of(item, period=bc.Period.month(2026, 1))

    assert [told(first), told(second)] == ["10 x 2.5 = 25.00", "5 x 2.2 = 11.00"]
    assert [first["BT-127"], second["BT-127"]] == ["Tier 1: up to 10", "Tier 2: above 10"]


def test_discounts_of_a_line():
    """A percentage has its base; a share of an order discount is an amount; both have a reason.

    300.00 less 10 % is 270.00, less 20.00 is 250.00.
    """
    item = sold(100, quantity=3, discount=bc.Discount.percent(10))
    loyal = bc.Discount.amount(20, title="Loyal")
    invoice = issue(store_with(), item, discount=loyal)
    (line,) = export.en16931(invoice, rules=export.XRECHNUNG)["BG-25"]

    assert line["BT-131"] == Decimal("250.00")
    assert line["BG-27"] == [
        {
            "BT-136": Decimal("30.00"),
            "BT-137": Decimal("300.00"),
            "BT-138": Decimal(10),
            "BT-139": "Discount 10%",
            "BT-140": "95",
        },
        {"BT-136": Decimal("20.00"), "BT-139": "Loyal", "BT-140": "95"},
    ]


def test_a_discount_in_an_amount_has_no_percentage():
    """A discount of a fixed amount has neither base nor percentage."""
    (line,) = lines_of(sold(100, discount=bc.Discount.amount(30, title="Sale")))

    assert line["BG-27"] == [{"BT-136": Decimal("30.00"), "BT-139": "Sale", "BT-140": "95"}]


def test_a_discount_on_what_is_taken_back_is_a_charge():
    """Of -100.00 with a discount of 10 % -90.00 are left, so that 10.00 are charged."""
    back = sold(-100, discount=bc.Discount.percent(10))
    line, _ = lines_of(back, sold(500))

    assert told(line) == "-1 x 100 = -90.00"
    assert line["BG-28"] == [
        {
            "BT-141": Decimal("10.00"),
            "BT-142": Decimal("100.00"),
            "BT-143": Decimal(10),
            "BT-144": "Discount 10%",
        }
    ]


def test_discounts_on_prices_with_tax_are_without_tax():
    """What a discount takes off a price with tax counts without it: 238 - 11.90 is 200 - 10."""
    item = sold(238, price_includes_tax=True, discount=bc.Discount.percent(5))
    (line,) = lines_of(item)

    assert told(line) == "1 x 200 = 190.00"
    assert line["BG-27"][0]["BT-136"] == Decimal("10.00")
    assert line["BG-27"][0]["BT-137"] == Decimal("200.00")


def test_a_correction_by_hand_keeps_its_amount():
    """Where an amount does not follow from quantity and price, it is the price of all."""
    (line,) = issue(store_with(), sold(100, quantity=3)).lines

    assert price_of(line, Decimal("299.00")) == (Decimal(3), Decimal("299.00"), Decimal(3), False)


@pytest.mark.parametrize(("amount", "quantity"), [("5.00", 1), ("-5.00", -1)], ids=["more", "less"])
def test_a_line_without_a_quantity(amount, quantity):
    """An amount without a quantity is one; with the sign of the amount."""
    (line,) = issue(store_with(), sold(100)).lines
    nothing = changed(line, item=sold(100, quantity=0))

    assert price_of(nothing, Decimal(amount)) == (
        Decimal(quantity),
        Decimal("5.00"),
        None,
        False,
    )


def test_what_is_sold():
    """Title and description, the seller's number of a product, and the code of the unit."""
    item = sold(10, description="Two\nlines", product="P-7", unit_code="HUR", quantity=2)
    (line,) = lines_of(item, period=bc.Period.closed("2026-01-05", "2026-01-05"))

    assert line["BG-31"] == {"BT-153": "Work", "BT-154": "Two\nlines", "BT-155": "P-7"}
    assert line["BT-130"] == "HUR"
    assert line["BG-26"] == {"BT-134": dt.date(2026, 1, 5), "BT-135": dt.date(2026, 1, 5)}


def test_texts_cannot_turn_others_around():
    """Characters that turn text around are left out of whatever people read."""
    item = bc.Item("work", title="net \u202e001", unit_price=1, tax_code="DE_19")
    (line,) = lines_of(item)

    assert line["BG-31"]["BT-153"] == "net 001"


def test_a_final_discloses_earlier_positions():
    """Below a position of a final stand those of the same title that were invoiced before."""
    store = store_with()
    part = {"kind": bc.InvoiceKind.PARTIAL, "sub_invoice_key": "house"}
    issue(store, sold(400), **part)
    invoice = issue(store, sold(1000), on="2026-03-01", **part | {"kind": bc.InvoiceKind.FINAL})
    line, deduction = export.en16931(invoice)["BG-25"]

    assert line["BT-127"] == "Partial invoice 2026-00001 of Feb 1, 2026, line 1: €400.00 net"
    assert deduction["BT-126"] == "2"


def test_untaxed_deductions_have_no_note():
    """What is deducted without a tax code says nothing of a tax."""
    store = store_with(seller=bc.Party(
        "Sales", registration=bc.Identifier("HRB 1"), address=bc.PostalAddress("DE")))  # fmt: skip
    part = {"kind": bc.InvoiceKind.PARTIAL, "sub_invoice_key": "house"}
    issue(store, sold(400, None), **part)
    invoice = issue(
        store, sold(1000, None), on="2026-03-01", **part | {"kind": bc.InvoiceKind.FINAL}
    )
    _, deduction = export.en16931(invoice)["BG-25"]

    assert "BT-127" not in deduction
    assert deduction["BG-30"] == {"BT-151": "O"}
