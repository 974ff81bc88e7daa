"""Journals A to E of behavior 6.5: every line and every balance, as they are written there."""

from __future__ import annotations

from datetime import date

import pytest

import billingcore as bc
from billingcore.ledger.interim import interim_entries
from tests.unit.ledger.books import by_account, rows
from tests.unit.ledger.chains import (
    ACCOUNTING,
    PARTIAL,
    PROGRESS,
    accounting,
    document,
    final,
    paid,
    part_invoice,
    receipts_of,
)

SHAPES = {"total": bc.FinalShape.CUMULATIVE, "remainder": bc.FinalShape.REMAINDER}
P1, P2 = (part_invoice(number, PROGRESS, "2500") for number in ("P-1", "P-2"))
T1, T2 = (part_invoice(number, PARTIAL, "2500") for number in ("T-1", "T-2"))
REVENUE = ("Revenue", "10001", "8400", "10000.00")
TAX = ("Tax", "10001", "1776", "1900.00")


def cleared(net, tax):
    """Give the rows that clear advances: net and tax, one after the other."""
    return [("Interim Payment Clearing", "1718", "10001", net), ("Tax", "1776", "10001", tax)]


def entries_of(invoice, books=ACCOUNTING, **given):
    """Give the entries of a document, which find all accounts."""
    booked = bc.invoice_entries(invoice, books, **given)
    assert booked.problems == ()
    return list(booked.entries)


@pytest.fixture(params=SHAPES.values(), ids=SHAPES)
def shape(request):
    """Give each of the two shapes of a final."""
    return request.param


def test_journal_a(shape):
    """Two progress invoices are paid and deducted; in the end nothing of them is left."""
    entries = []
    for each in (P1, P2):
        issued = entries_of(each)
        money, advance = paid(each, "2975"), receipts_of(each, "2975")
        assert rows(issued) == [("Interim Revenue", "10001", "1593", "2975.00")]
        assert by_account(issued) == {"10001": "2975.00", "1593": "-2975.00"}
        assert rows(money) == [("Payment", "1200", "10001", "2975.00")]
        assert rows(advance) == [
            ("Interim Payment", "1593", "1718", "2500.00"),
            ("Interim Tax", "1593", "1776", "475.00"),
        ]
        entries += [*issued, *money, *advance]
    assert by_account(entries) == {"1200": "5950.00", "1718": "-5000.00", "1776": "-950.00"}

    end = final("F", [document(P1, "2975"), document(P2, "2975")], "10000", shape=shape)
    made = entries_of(end)
    assert rows(made) == [REVENUE, TAX, *cleared("2500.00", "475.00") * 2]
    assert [line.clears for line in made[0].details] == ["", "", "P-1", "P-1", "P-2", "P-2"]
    after = [*entries, *made]
    assert by_account(after) == {
        "1200": "5950.00", "10001": "5950.00", "1776": "-1900.00", "8400": "-10000.00",
    }  # fmt: skip

    assert by_account([*after, *paid(end, "5950")]) == {
        "1200": "11900.00", "1776": "-1900.00", "8400": "-10000.00",
    }  # fmt: skip


def test_journal_b(shape):
    """Two partial invoices stand in the books, and the final books the remainder only."""
    entries = []
    for each in (T1, T2):
        issued = entries_of(each)
        assert rows(issued) == [
            ("Revenue", "10001", "8400", "2500.00"),
            ("Tax", "10001", "1776", "475.00"),
        ]
        entries += [*issued, *paid(each, "2975")]
    prior = {each.number: entries_of(each) for each in (T1, T2)}
    end = final("F", [document(T1, "2975"), document(T2, "2975")], "10000", shape=shape)
    made = entries_of(end, prior=prior)

    assert rows(made) == [
        ("Revenue", "10001", "8400", "5000.00"),
        ("Tax", "10001", "1776", "950.00"),
    ]
    assert by_account([*entries, *made]) == {
        "1200": "5950.00", "10001": "5950.00", "1776": "-1900.00", "8400": "-10000.00",
    }  # fmt: skip
    assert by_account([*entries, *made, *paid(end, "5950")]) == {
        "1200": "11900.00", "1776": "-1900.00", "8400": "-10000.00",
    }  # fmt: skip


def test_journal_b_by_reversal(shape):
    """The other form books all of it, and then the opposite of each partial invoice."""
    prior = {each.number: entries_of(each) for each in (T1, T2)}
    end = final("F", [document(T1), document(T2)], "10000", shape=shape)
    made = entries_of(end, accounting(reverses_partials=True), prior=prior)
    taken_back = [
        ("Revenue", "8400", "10001", "2500.00"),
        ("Tax", "1776", "10001", "475.00"),
    ]

    assert rows(made) == [REVENUE, TAX, *taken_back * 2]
    assert [line.clears for line in made[0].details] == ["", "", "T-1", "T-1", "T-2", "T-2"]
    assert by_account(made) == {"10001": "5950.00", "1776": "-950.00", "8400": "-5000.00"}


@pytest.mark.parametrize(
    "books", [ACCOUNTING, accounting(reverses_partials=True)], ids=["net", "reversal"]
)
def test_partials_made_elsewhere_count_as_they_were_invoiced(shape, books):
    """Without entries of them the amounts are taken off the accounts of the final."""
    end = final("F", [document(T1), document(T2)], "10000", shape=shape)

    assert by_account(entries_of(end, books)) == {
        "10001": "5950.00", "1776": "-950.00", "8400": "-5000.00",
    }  # fmt: skip


UNPAID = {
    "P-2 unpaid": (
        ("2975", None),
        cleared("2500.00", "475.00"),
        [("Interim Revenue", "1593", "10001", "2975.00")],
        "8925.00",
    ),
    "P-1 part-paid alone": (
        ("1190",),
        cleared("1000.00", "190.00"),
        [("Interim Revenue", "1593", "10001", "1785.00")],
        "10710.00",
    ),
}


@pytest.mark.parametrize(("receipts", "clearing", "back", "left"), UNPAID.values(), ids=UNPAID)
def test_journal_c(shape, receipts, clearing, back, left):
    """What was not paid of a progress invoice leaves 1593, and the final asks for it."""
    entries, documents = [], []
    for each, receipt in zip((P1, P2), receipts, strict=False):
        given = (receipt,) if receipt else ()
        entries += entries_of(each) + receipts_of(each, *given)
        entries += [entry for amount in given for entry in paid(each, amount)]
        documents.append(document(each, *given))
    end = final("F", documents, "10000", shape=shape)
    made = entries_of(end)
    entries += made

    assert rows(made) == [REVENUE, TAX, *clearing, *back]
    assert str(end.totals.due) == left
    money = str(sum(float(each) for each in receipts if each)) + "0"
    assert by_account(entries) == {
        "1200": money, "10001": left, "1776": "-1900.00", "8400": "-10000.00",
    }  # fmt: skip


def test_a_part_payment_posts_its_share():
    """Of 1,190.00 on 2,975.00 are 1,000.00 net and 190.00 tax; 1593 keeps 1,785.00."""
    posted = receipts_of(P1, "1190")

    assert rows(posted) == [
        ("Interim Payment", "1593", "1718", "1000.00"),
        ("Interim Tax", "1593", "1776", "190.00"),
    ]
    assert by_account([*entries_of(P1), *posted])["1593"] == "-1785.00"


def test_the_last_payment_takes_the_rest():
    """1,190.00 and 1,785.00 are booked as 2,500.00 net and 475.00 tax in all."""
    posted = receipts_of(P1, "1190", "1785")

    assert rows(posted)[2:] == [
        ("Interim Payment", "1593", "1718", "1500.00"),
        ("Interim Tax", "1593", "1776", "285.00"),
    ]
    assert [entry.id for entry in posted] == ["interim/P-1/payment/P-1", "interim/P-1/payment/P-2"]


def test_two_rates_share_a_payment():
    """1,000.00 on 1,190.00 and 535.00 pays 689.86 and 310.14, each with its own tax."""
    both = part_invoice(
        "P-3", PROGRESS, bc.Item("a", unit_price="1000", tax_code="DE_19"),
        bc.Item("b", unit_price="500", tax_code="DE_7"),
    )  # fmt: skip

    assert rows(entries_of(both)) == [
        ("Interim Revenue", "10001", "1593", "1190.00"),
        ("Interim Revenue", "10001", "1593", "535.00"),
    ]
    assert rows(receipts_of(both, "1000")) == [
        ("Interim Payment", "1593", "1718", "579.71"),
        ("Interim Tax", "1593", "1776", "110.15"),
        ("Interim Payment", "1593", "1711", "289.85"),
        ("Interim Tax", "1593", "1771", "20.29"),
    ]


def test_journal_d(shape):
    """After more was invoiced than there is to bill, the debtor has a credit, which is paid out."""
    end = final("F", [document(P1, "2975"), document(P2, "2975")], "4000", shape=shape)
    made = entries_of(end)
    before = [
        entry
        for each in (P1, P2)
        for entry in (*entries_of(each), *paid(each, "2975"), *receipts_of(each, "2975"))
    ]

    assert rows(made) == [
        ("Revenue", "10001", "8400", "4000.00"),
        ("Tax", "10001", "1776", "760.00"),
        *cleared("2500.00", "475.00") * 2,
    ]
    assert by_account([*before, *made]) == {
        "1200": "5950.00", "10001": "-1190.00", "1776": "-760.00", "8400": "-4000.00",
    }  # fmt: skip
    out = paid(end, "1190", kind=bc.PaymentKind.PAYOUT)
    assert rows(out) == [("Payout", "10001", "1200", "1190.00")]
    assert by_account([*before, *made, *out]) == {
        "1200": "4760.00", "1776": "-760.00", "8400": "-4000.00",
    }  # fmt: skip


def test_journal_e():
    """A canceled progress invoice takes all back but the money, which is free on the debtor."""
    issued, money, posted = entries_of(P1), paid(P1, "2975"), receipts_of(P1, "2975")
    day = date(2026, 2, 20)
    undone = bc.reverse(issued, ACCOUNTING, source="invoice/C-1", on=day, document="C-1")
    source = posted[0].source
    back = interim_entries(P1, (), posted, ACCOUNTING, source=source, on=day).entries

    assert rows(undone) == [("Interim Revenue", "1593", "10001", "2975.00")]
    assert rows(back) == [
        ("Interim Payment", "1718", "1593", "2500.00"),
        ("Interim Tax", "1776", "1593", "475.00"),
    ]
    assert by_account([*issued, *money, *posted, *undone, *back]) == {
        "1200": "2975.00", "10001": "-2975.00",
    }  # fmt: skip
