"""Whatever the engine bills, its terms of EN 16931 add up, and say the same on another day."""

from __future__ import annotations

import base64
import csv
from fractions import Fraction

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore import export
from billingcore.export.en16931.document import terms_of
from billingcore.testing import strategies
from tests.unit.export.selling import BUYER, MEANS, SELLER, final

RULES = st.sampled_from([export.EN16931, export.XRECHNUNG, export.PEPPOL_BIS])
REGISTERED = evolve(SELLER, registration=bc.Identifier("HRB 1"))
OPTIONS = {"seller": REGISTERED, "buyer": BUYER, "payment_means": MEANS}
SHOWN = {"BR-O-11", "BR-O-02", "BR-S-05", "BR-CL-23", "BR-DE-18"}
"""Rules that drawn records may break: untaxed items, a rate of 0, units of nowhere, odd discounts."""


def sums(data):
    """Give the terms of BG-22 as fractions, 0 if left out."""
    found = {code: Fraction(amount) for code, amount in data["BG-22"].items()}
    return lambda number: found.get(f"BT-{number}", Fraction(0))


def off(line, group, term):
    """Add up discounts or surcharges of a line."""
    return sum((Fraction(each[term]) for each in line.get(group, [])), Fraction(0))


def check_sums(data):
    """Check BR-CO-10 to 16, the breakdown, and each line, without the library's arithmetic."""
    bt = sums(data)
    rows, lines = data["BG-23"], data["BG-25"]
    assert bt(106) == sum(Fraction(line["BT-131"]) for line in lines)  # BR-CO-10
    assert bt(109) == bt(106) - bt(107) + bt(108)  # BR-CO-13
    assert bt(110) == sum(Fraction(row["BT-117"]) for row in rows)  # BR-CO-14
    assert bt(112) == bt(109) + bt(110)  # BR-CO-15
    assert bt(115) == bt(112) - bt(113) + bt(114)  # BR-CO-16
    for row in rows:  # BR-S-08 and its likes
        key = (row["BT-118"], Fraction(row["BT-119"]))
        own = [line for line in lines if key == taxed(line)]
        assert Fraction(row["BT-116"]) == sum(Fraction(line["BT-131"]) for line in own)
    for line in lines:
        check_line(line)


def taxed(line):
    """Give category and rate of a line; what is not subject to VAT has the rate 0."""
    tax = line["BG-30"]
    return tax["BT-151"], Fraction(tax.get("BT-152", 0))


def check_line(line):
    """Check that quantity x price gives the amount within a cent, and no price is below 0."""
    price = line["BG-29"]
    base = Fraction(price.get("BT-149", 1))
    gross = Fraction(line["BT-129"]) * Fraction(price["BT-146"]) / base
    net = gross - off(line, "BG-27", "BT-136") + off(line, "BG-28", "BT-141")
    assert abs(net - Fraction(line["BT-131"])) <= Fraction(1, 100)
    assert price["BT-146"] >= 0
    assert base > 0
    assert all(each["BT-136"] > 0 for each in line.get("BG-27", []))
    assert all(each["BT-141"] > 0 for each in line.get("BG-28", []))


@given(strategies.invoices(), RULES)
def test_documents_add_up(invoice, rules):
    """Sums, breakdown and lines of any document fit, and no check of the library finds otherwise."""
    data, _ = terms_of(invoice, rules, OPTIONS)
    found = export.en16931_findings(invoice, rules=rules, **OPTIONS)

    check_sums(data)
    assert {each.rule for each in found} <= SHOWN


@given(strategies.finals(), RULES, st.booleans())
def test_finals_add_up(draft, rules, as_prepaid):
    """A final adds up both ways, and asks for the same amount."""
    day = draft.period.last
    invoice = bc.Invoice("R-1", day, day, draft)
    data = export.en16931(invoice, rules=rules, as_prepaid=as_prepaid, **OPTIONS)

    check_sums(data)
    assert data["BG-22"]["BT-115"] == draft.totals.due


@given(strategies.finals())
def test_statements_and_advances_add_up(draft):
    """In any statement all that was agreed, less deductions, is what remains; advances are BT-113."""
    day = draft.period.last
    invoice = bc.Invoice("R-1", day, day, draft)
    data = export.en16931(invoice, as_prepaid=True, with_statement=True, locale="en", **OPTIONS)
    paid = sum(Fraction(each["paid"]) for each in export.advance_payments(invoice, data))

    assert paid == sums(data)(113)
    for file in data.get("BG-24", []):
        text = base64.b64decode(file["BT-125"]).decode("utf-8-sig")
        for column in ("Net", "Tax", "Gross"):
            rest = signed = Fraction(0)
            for row in csv.DictReader(text.splitlines()):
                if row["Document"] == "Remaining":
                    rest += Fraction(row[column])
                else:
                    signed += Fraction(row[column])
            assert signed == rest


@given(strategies.invoices())
def test_an_export_can_be_repeated(invoice):
    """An invoice that was stored and read again gives the same data as it did."""
    again = bc.from_json(bc.to_json(invoice), bc.Invoice)

    assert terms_of(again, export.EN16931, OPTIONS) == terms_of(invoice, export.EN16931, OPTIONS)


def test_details_are_kept_with_the_invoice():
    """Parties and payment means of the records come back with the invoice, and nothing else is needed."""
    _, invoice = final(bc.FinalShape.CUMULATIVE)
    again = bc.from_json(bc.to_json(invoice), bc.Invoice)

    assert export.en16931(again, rules=export.XRECHNUNG) == export.en16931(
        invoice, rules=export.XRECHNUNG
    )
