"""What a final deducts, in each way that validators take; amounts were worked out by hand."""

from __future__ import annotations

import base64
import csv
import datetime as dt

import pytest

import billingcore as bc
from billingcore import export
from tests.unit.export.selling import BUYER, SELLER, part, store_with
from tests.unit.export.selling import final as final_of
from tests.unit.finals import final, sub, work

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


def row_of(label, document, day, amounts):
    """Give the cells of a row in euros."""
    return [label, document, day, *amounts.split(), "EUR"]


def statement(data):
    """Give the file inside of an invoice: its lines as cells."""
    (each,) = data["BG-24"]
    text = base64.b64decode(each["BT-125"], validate=True).decode("utf-8-sig")
    assert text.endswith("\r\n")
    return [*csv.reader(text.splitlines(), strict=True)]


@pytest.mark.parametrize("shape", bc.FinalShape, ids=lambda shape: shape.name)
@pytest.mark.parametrize("is_prepaid", [False, True], ids=["by-lines", "as-prepaid"])
def test_a_final_can_state_what_it_deducts(shape, is_prepaid):
    """A CSV file inside of the invoice has all that was agreed, less each document, and the rest.

    4,000 - 1,000 - 500 = 2,500 net, 760 - 190 - 95 = 475 tax, and 2,975 with it.
    """
    _, invoice = final_of(shape)
    data = export.en16931(invoice, as_prepaid=is_prepaid, with_statement=True)
    (each,) = data["BG-24"]
    final, first, second = "2026-00003", "2026-00001", "2026-00002"

    assert {code: text for code, text in each.items() if code != "BT-125"} == {
        "BT-122": "deductions-of-final-2026-00003",
        "BT-123": "Less earlier invoices",
        "BT-125-1": "text/csv",
        "BT-125-2": "deductions-of-final-2026-00003.csv",
    }
    assert statement(data) == [
        ["Document", "Number", "Date", "Tax code", "Rate", "Net", "Tax", "Gross", "Currency"],
        row_of("All that was agreed", final, "2026-03-01", "DE_19 19 4000.00 760.00 4760.00"),
        row_of("All that was agreed", final, "2026-03-01", "DE_7 7 70.00 4.90 74.90"),
        row_of(
            "less Deposit invoice 2026-00001 of Feb 1, 2026, paid",
            *(first, "2026-02-01", "DE_19 19 -1000.00 -190.00 -1190.00"),
        ),
        row_of(
            "less Partial invoice 2026-00002 of Feb 1, 2026, as invoiced",
            *(second, "2026-02-01", "DE_19 19 -500.00 -95.00 -595.00"),
        ),
        row_of("Remaining", final, "2026-03-01", "DE_19 19 2500.00 475.00 2975.00"),
        row_of("Remaining", final, "2026-03-01", "DE_7 7 70.00 4.90 74.90"),
    ]


def made_of(documents, *items):
    """Give a final of items that deducts documents which were made elsewhere."""
    day = dt.date(2026, 7, 1)
    return bc.Invoice("R-9", day, day, final(documents, *items))


def test_a_statement_has_the_amounts_that_were_invoiced():
    """Stored amounts are stated, in the language of the invoice, and by tax code.

    19 % of 33.33 are 6.33; what was invoiced is 6.34. Of a tax of 19.00 that leaves 12.66.
    """
    earlier = sub("P-1", ("DE_19", "33.33", "6.34"), ("DE_7", "10.00", "0.70"))
    invoice = made_of([earlier], work(100), work(10, "DE_7", "Plan"))
    data = export.en16931(invoice, seller=SELLER, buyer=BUYER, with_statement=True, locale="de_DE")
    label = "abzüglich Abschlagsrechnung P-1 vom 01.03.2026, bezahlt"

    assert statement(data) == [
        [
            "Beleg",
            "Nummer",
            "Datum",
            "Steuerschlüssel",
            "Satz",
            "Netto",
            "USt",
            "Brutto",
            "Währung",
        ],
        row_of("Gesamtleistung", "R-9", "2026-07-01", "DE_19 19 100.00 19.00 119.00"),
        row_of("Gesamtleistung", "R-9", "2026-07-01", "DE_7 7 10.00 0.70 10.70"),
        row_of(label, "P-1", "2026-03-01", "DE_19 19 -33.33 -6.34 -39.67"),
        row_of(label, "P-1", "2026-03-01", "DE_7 7 -10.00 -0.70 -10.70"),
        row_of("Verbleibender Betrag", "R-9", "2026-07-01", "DE_19 19 66.67 12.66 79.33"),
        row_of("Verbleibender Betrag", "R-9", "2026-07-01", "DE_7 7 0.00 0.00 0.00"),
    ]
    assert data["BG-24"][0]["BT-123"] == "Abzüglich vorangegangener Rechnungen"


def test_a_statement_is_safe_in_a_spreadsheet():
    """A number that looks like a formula stays text there, and quotes do not end a cell."""
    earlier = sub('=1+"x"', ("DE_19", "10.00", "1.90"))
    data = export.en16931(
        made_of([earlier], work(100)), seller=SELLER, buyer=BUYER, with_statement=True
    )

    assert statement(data)[2][1:] == [
        *('\'=1+"x"', "2026-03-01", "DE_19", "19", "-10.00", "-1.90", "-11.90", "EUR")
    ]


def test_the_same_invoice_has_the_same_statement():
    """Its bytes are the same after the invoice was stored and read again."""
    _, invoice = final_of(bc.FinalShape.CUMULATIVE)
    again = bc.from_json(bc.to_json(invoice), bc.Invoice)
    first, second = (export.en16931(each, with_statement=True) for each in (invoice, again))

    assert first["BG-24"] == second["BG-24"]


def test_nothing_is_stated_where_nothing_is_deducted():
    """Without being asked, and for a document that deducts nothing, no file is attached."""
    store, invoice = final_of(bc.FinalShape.CUMULATIVE)
    first = store.books("acme").invoice("2026-00001")
    undone = bc.finalize(bc.cancel(invoice.number, store.books("acme")), store, on="2026-03-02")

    assert "BG-24" not in export.en16931(invoice)
    assert "BG-24" not in export.en16931(first, with_statement=True)
    assert "BG-24" not in export.en16931(undone, original=invoice, with_statement=True)
