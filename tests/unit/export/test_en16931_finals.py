"""What a final deducts, in each way that validators take; amounts were worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

import billingcore as bc
from billingcore import export
from tests.unit.export.selling import final as final_of
from tests.unit.export.selling import part, store_with

KIND = bc.InvoiceKind


def sums(data):
    """Give BG-22 with amounts as text."""
    return {code: str(amount) for code, amount in data["BG-22"].items()}


def rows(data):
    """Give base, tax, category and rate of each row of BG-23."""
    return [" ".join(str(each[f"BT-{n}"]) for n in (116, 117, 118, 119)) for each in data["BG-23"]]


def lines(data):
    """Give quantity, price and amount of each line."""
    return [
        f"{each['BT-129']} x {each['BG-29']['BT-146']} = {each['BT-131']}" for each in data["BG-25"]
    ]


def test_a_final_takes_off_what_was_invoiced_by_lines():
    """A line of quantity -1 for each document and rate; sums and taxes are what is left.

    4,000 - 1,000 - 500 = 2,500 at 19 % is 475.00, and 70 at 7 % is 4.90.
    """
    _, invoice = final_of(bc.FinalShape.CUMULATIVE)
    data = export.en16931(invoice)

    assert lines(data) == [
        "1 x 4000 = 4000.00",
        "1 x 70 = 70.00",
        "-1 x 1000 = -1000.00",
        "-1 x 500 = -500.00",
    ]
    assert [each["BG-31"]["BT-153"] for each in data["BG-25"]][2:] == [
        "less Deposit invoice 2026-00001 of Feb 1, 2026",
        "less Partial invoice 2026-00002 of Feb 1, 2026",
    ]
    assert data["BG-25"][2]["BT-127"] == "tax 19% on it: -€190.00"
    assert rows(data) == ["2500.00 475.00 S 19", "70.00 4.90 S 7"]
    assert sums(data) == {
        "BT-106": "2570.00",
        "BT-109": "2570.00",
        "BT-110": "479.90",
        "BT-112": "3049.90",
        "BT-115": "3049.90",
    }
    assert data["BG-3"] == [
        {"BT-25": "2026-00001", "BT-26": dt.date(2026, 2, 1)},
        {"BT-25": "2026-00002", "BT-26": dt.date(2026, 2, 1)},
    ]
    assert data["BT-11"] == "house"


def test_a_final_of_the_remainder_is_told_as_it_is():
    """A final whose own lines take off what was invoiced gives the same lines and sums."""
    _, cumulative = final_of(bc.FinalShape.CUMULATIVE)
    _, remainder = final_of(bc.FinalShape.REMAINDER)
    first, second = export.en16931(cumulative), export.en16931(remainder)

    assert (lines(first), sums(first), rows(first)) == (lines(second), sums(second), rows(second))
    assert [each["BG-31"] for each in first["BG-25"]] == [each["BG-31"] for each in second["BG-25"]]


def test_a_final_can_show_what_is_paid():
    """On request all that was agreed is billed, and what was invoiced before is paid already."""
    _, invoice = final_of(bc.FinalShape.CUMULATIVE)
    data = export.en16931(invoice, as_prepaid=True)

    assert lines(data) == ["1 x 4000 = 4000.00", "1 x 70 = 70.00"]
    assert rows(data) == ["4000.00 760.00 S 19", "70.00 4.90 S 7"]
    assert sums(data) == {
        "BT-106": "4070.00",
        "BT-109": "4070.00",
        "BT-110": "764.90",
        "BT-112": "4834.90",
        "BT-113": "1785.00",  # 1,190.00 + 595.00
        "BT-115": "3049.90",
    }
    assert len(data["BG-3"]) == 2


def test_nothing_is_taken_off_for_what_was_given_back():
    """A part invoice that was credited in full is named, and no line takes it off."""
    store = store_with()
    first = part(store, KIND.PARTIAL, (500, "DE_19"))
    bc.finalize(bc.credit(first.number, store.books("acme")), store, on="2026-02-02")
    data = export.en16931(part(store, KIND.FINAL, (1000, "DE_19"), on="2026-03-01"))

    assert lines(data) == ["1 x 1000 = 1000.00"]
    assert data["BG-3"] == [{"BT-25": "2026-00001", "BT-26": dt.date(2026, 2, 1)}]


@pytest.mark.parametrize("shape", bc.FinalShape, ids=lambda shape: shape.name)
def test_a_canceled_final_gives_back_what_it_took_off(shape):
    """With the final at hand its cancellation has the same amounts, with the other sign."""
    store, invoice = final_of(shape)
    undone = bc.finalize(bc.cancel(invoice.number, store.books("acme")), store, on="2026-03-02")
    data = export.en16931(undone, original=invoice)

    assert lines(data) == [
        "-1 x 4000 = -4000.00",
        "-1 x 70 = -70.00",
        "1 x 1000 = 1000.00",
        "1 x 500 = 500.00",
    ]
    assert rows(data) == ["-2500.00 -475.00 S 19", "-70.00 -4.90 S 7"]
    assert sums(data)["BT-115"] == "-3049.90"


def test_a_canceled_final_can_show_what_was_paid():
    """Without the final, amounts paid already are shown with the other sign, if asked for."""
    store, invoice = final_of(bc.FinalShape.CUMULATIVE)
    undone = bc.finalize(bc.cancel(invoice.number, store.books("acme")), store, on="2026-03-02")
    data = export.en16931(undone, as_prepaid=True)

    assert (sums(data)["BT-112"], sums(data)["BT-113"]) == ("-4834.90", "-1785.00")
    with pytest.raises(
        bc.InvalidInputError, match=r"it cancels a final.*books.invoice\('2026-00003"
    ):
        export.en16931(undone)


def test_the_original_must_be_the_one():
    """A document that is not what is canceled is refused, with the one to give."""
    store, invoice = final_of(bc.FinalShape.CUMULATIVE)
    first = store.books("acme").invoice("2026-00001")
    undone = bc.finalize(bc.cancel(invoice.number, store.books("acme")), store, on="2026-03-02")

    with pytest.raises(bc.InvalidInputError, match="does not cancel it; give 2026-00003"):
        export.en16931(undone, original=first)
    with pytest.raises(bc.InvalidInputError, match="does not cancel it; leave it out"):
        export.en16931(invoice, original=first)


def test_the_tax_in_the_house_currency_is_that_of_the_rest():
    """A final that takes off advances states what is left of the tax in the house currency.

    1,000 less 400 leaves a tax of 114.00 dollars, which is 102.60 euros.
    """
    store = store_with(currency="USD")
    part(store, KIND.PARTIAL, (400, "DE_19"))
    invoice = part(store, KIND.FINAL, (1000, "DE_19"), on="2026-03-01")
    data = export.en16931(invoice)

    assert (sums(data)["BT-110"], sums(data)["BT-111"]) == ("114.00", "102.60")
