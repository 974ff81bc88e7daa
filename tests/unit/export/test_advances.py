"""What a final deducts as advances of Factur-X EXTENDED; amounts were worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

import billingcore as bc
from billingcore import export
from tests.unit.export.selling import final, part, store_with

KIND = bc.InvoiceKind
FEBRUARY = dt.date(2026, 2, 1)


def advances(invoice, **options):
    """Give the advances of an invoice that shows them as paid already."""
    return export.advance_payments(invoice, export.en16931(invoice, as_prepaid=True), **options)


def built(*parts, **options):
    """Give a final that deducts partial invoices of net amounts with tax codes."""
    store = store_with(**options)
    for each in parts:
        part(store, KIND.PARTIAL, *each)
    every = [(1000, code) for code in dict.fromkeys(code for each in parts for _, code in each)]
    return part(store, KIND.FINAL, *every, on="2026-03-01")


def test_each_deducted_document_is_an_advance():
    """An advance has its amount with tax, its taxes, and the number, day and code of its invoice.

    19 % of 1,000 are 190 and of 500 are 95.
    """
    _, invoice = final(bc.FinalShape.CUMULATIVE)

    assert advances(invoice, received={"2026-00001": "2026-02-05"}) == [
        {
            "paid": Decimal("1190.00"),
            "received": dt.date(2026, 2, 5),
            "taxes": [{"tax": Decimal("190.00"), "category": "S", "rate": Decimal(19)}],
            "document": "2026-00001",
            "date": FEBRUARY,
            "type_code": "386",
        },
        {
            "paid": Decimal("595.00"),
            "taxes": [{"tax": Decimal("95.00"), "category": "S", "rate": Decimal(19)}],
            "document": "2026-00002",
            "date": FEBRUARY,
            "type_code": "326",
        },
    ]


def test_taxes_are_by_category_and_rate():
    """An advance of two rates has two taxes: 19 % of 200 are 38, and 7 % of 300 are 21."""
    (found,) = advances(built([(200, "DE_19"), (300, "DE_7")]))

    assert found["paid"] == Decimal("559.00")
    assert found["taxes"] == [
        {"tax": Decimal("38.00"), "category": "S", "rate": Decimal(19)},
        {"tax": Decimal("21.00"), "category": "S", "rate": Decimal(7)},
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("AE", {"tax": Decimal("0.00"), "category": "AE", "rate": Decimal(0)}),
        ("O", {"tax": Decimal("0.00"), "category": "O"}),
    ],
    ids=["reverse-charge", "out-of-scope"],
)
def test_advances_without_tax_have_a_category(code, expected):
    """What is not taxed says why by its category; what is out of scope has no rate, either."""
    invoice = built([(200, code)])
    data = {"BG-22": {"BT-113": Decimal("200.00")}}
    (found,) = export.advance_payments(invoice, data)

    assert (found["paid"], found["taxes"]) == (Decimal("200.00"), [expected])


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({}, ["386", "326"]),
        ({"rules": export.XRECHNUNG}, ["326", "326"]),
        ({"rules": export.PEPPOL_BIS}, ["386", "380"]),
        ({"is_construction": True}, ["386", "876"]),
    ],
    ids=["norm", "xrechnung", "peppol", "construction"],
)
def test_type_codes_are_those_of_the_advance_invoices(options, codes):
    """The code of an advance invoice is the one under which it was exported."""
    _, invoice = final(bc.FinalShape.CUMULATIVE)

    assert [each["type_code"] for each in advances(invoice, **options)] == codes


def test_what_was_given_back_is_no_advance():
    """A part invoice that was credited in full is left out, and so is a tax of which nothing is left."""
    store = store_with()
    first = part(store, KIND.PARTIAL, (500, "DE_19"))
    second = part(store, KIND.PARTIAL, (100, "DE_19"), (100, "DE_7"))
    bc.finalize(bc.credit(first.number, store.books("acme")), store, on="2026-02-02")
    bc.finalize(
        bc.credit(second.number, store.books("acme"), lines={2: Fraction(1)}),
        store,
        on="2026-02-02",
    )
    invoice = part(store, KIND.FINAL, (1000, "DE_19"), (100, "DE_7"), on="2026-03-01")
    (found,) = advances(invoice)

    assert (found["document"], found["paid"]) == (second.number, Decimal("119.00"))
    assert [each["rate"] for each in found["taxes"]] == [Decimal(19)]


def test_documents_without_deductions_have_no_advances():
    """A deposit deducts nothing, and a final of the remainder has taken it off by its lines."""
    store, invoice = final(bc.FinalShape.REMAINDER)

    assert advances(invoice) == []
    assert advances(store.books("acme").invoice("2026-00001")) == []


def test_advances_must_be_what_is_paid():
    """Data that does not show the advances as paid is refused, since no rule of a validator is."""
    store, invoice = final(bc.FinalShape.CUMULATIVE)
    by_lines = export.en16931(invoice)
    changed = export.en16931(invoice, as_prepaid=True)
    changed["BG-22"]["BT-113"] = Decimal("1785.01")
    undone = bc.finalize(bc.cancel(invoice.number, store.books("acme")), store, on="2026-03-02")

    with pytest.raises(
        bc.InvalidInputError, match=r"BT-113 = 0.*00003 are 1785.00.*as_prepaid=True"
    ):
        export.advance_payments(invoice, by_lines)
    with pytest.raises(bc.InvalidInputError, match=r"BT-113 = 1785.01.*as_prepaid=True"):
        export.advance_payments(invoice, changed)
    with pytest.raises(bc.InvalidInputError, match=r"-1785.00.*are 0; .*en16931\(invoice\)"):
        advances(undone)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"received": {"2026-00009": FEBRUARY}}, "00009.*00003 deducts nothing of it"),
        ({"received": {"2026-00001": "05.02.2026"}}, "received"),
        ({"rules": "XRechnung"}, "rules"),
        ({"is_construction": "yes"}, "is_construction"),
    ],
    ids=["unknown-document", "no-day", "no-rules", "no-flag"],
)
def test_wrong_arguments_are_refused(options, problem):
    """Each argument is checked, and named with what is wrong."""
    _, invoice = final(bc.FinalShape.CUMULATIVE)

    with pytest.raises(bc.InvalidInputError, match=problem):
        advances(invoice, **options)


def test_a_draft_is_refused():
    """A draft has no number, and is no electronic invoice."""
    _, invoice = final(bc.FinalShape.CUMULATIVE)

    with pytest.raises(bc.InvalidInputError, match=r"invoice.*not an Invoice"):
        export.advance_payments(invoice.draft, {})
