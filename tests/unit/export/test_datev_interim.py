"""Advances and finals in the DATEV format: automatic accounts must not work out tax once more."""

from __future__ import annotations

import csv
from io import StringIO

import attrs
import pytest

import billingcore as bc
from billingcore import export
from tests.unit.export.test_datev_header import FIELDS
from tests.unit.ledger.chains import (
    ACCOUNTING,
    PROGRESS,
    document,
    final,
    paid,
    part_invoice,
    receipts_of,
)

HEADER = export.DatevHeader(
    **{**FIELDS, "first": "2026-01-01", "last": "2026-12-31", "fiscal_year_start": "2026-01-01"}
)
SUB = part_invoice("P-1", PROGRESS, "2500")
END = final("F", [document(SUB, "1190")], "10000")


def books(*automatic, **changes):
    """Give the bookkeeping, with some automatic accounts."""
    chart = [attrs.evolve(each, is_automatic=each.number in automatic) for each in ACCOUNTING.chart]
    return attrs.evolve(ACCOUNTING, chart=chart, **changes)


def chain(accounting):
    """Give the entries of a progress invoice, its part payment, and its final."""
    return [
        *bc.invoice_entries(SUB, accounting).entries,
        *paid(SUB, "1190", books=accounting),
        *receipts_of(SUB, "1190", books=accounting),
        *bc.invoice_entries(END, accounting).entries,
    ]


def exported(accounting, **options):
    """Give the rows of the chain: the accounts, the amount and the key."""
    text = export.datev(chain(accounting), accounting, HEADER, **options)
    lines = text.removesuffix("\r\n").split("\r\n")
    rows = csv.DictReader(StringIO("\n".join(lines[1:])), delimiter=";")
    names = ("Konto", "Gegenkonto (ohne BU-Schlüssel)", "Umsatz (ohne Soll/Haben-Kz)")
    marks = ("Soll/Haben-Kennzeichen", "BU-Schlüssel")
    return [" ".join(row[name] for name in (*names, *marks)).strip() for row in rows]


NET = [
    "10001 1593 2975,00 S",
    "10001 1200 1190,00 H",
    "1593 1718 1000,00 S",
    "1593 1776 190,00 S",
    "10001 8400 10000,00 S",
    "10001 1776 1900,00 S",
    "10001 1718 1000,00 H",
    "10001 1776 190,00 H",
    "10001 1593 1785,00 H",
]


def test_plain_accounts_have_no_keys():
    """With tax by itself, and accounts that work out none, no row has a key."""
    assert exported(books()) == NET


def test_tax_of_automatic_advances_is_suppressed():
    """Rows on an automatic 1718 have the key 0040, so that DATEV books no tax a second time."""
    expected = [f"{row} 0040" if " 1718 " in row else row for row in NET]

    assert exported(books("1718")) == expected


def test_automatic_revenue_with_tax_by_itself_is_refused():
    """Revenue stands in the return by its account, so its tax is not suppressed but refused."""
    with pytest.raises(bc.BillingProblemsError) as caught:
        exported(books("1718", "8400"))

    assert [each.record for each in caught.value.exceptions] == ["JournalEntry 'invoice/F'"]
    assert "8400" in str(caught.value.exceptions[0])


GROSS = [
    "10001 1593 2975,00 S",
    "10001 1200 1190,00 H",
    "1593 1718 1190,00 S",
    "10001 8400 11900,00 S",
    "10001 1718 1190,00 H",
    "10001 1593 1785,00 H",
]


def test_automatic_accounts_take_gross_amounts():
    """In gross values DATEV takes the tax out of 1718 and 8400, and nothing out of 1593."""
    assert exported(books("1718", "8400", is_gross=True)) == GROSS


def test_gross_amounts_on_plain_accounts_have_the_key_of_their_tax():
    """What holds tax has the key of its code: the paid advance, its clearing, and revenue."""
    taxed = {" 1718 ", " 8400 "}
    expected = [f"{row} 0003" if any(each in row for each in taxed) else row for row in GROSS]

    assert exported(books(is_gross=True), tax_keys={"DE_19": "3"}) == expected


def test_gross_amounts_without_a_key_are_refused():
    """The tax in a paid advance and in its clearing would be lost."""
    with pytest.raises(bc.BillingProblemsError) as caught:
        exported(books("8400", is_gross=True))

    assert [each.record for each in caught.value.exceptions] == [
        "JournalEntry 'interim/P-1/payment/P-1'", "JournalEntry 'invoice/F'",
    ]  # fmt: skip
    assert "tax in the amount would be lost" in str(caught.value.exceptions[0])


@pytest.mark.parametrize("is_gross", [False, True], ids=["net", "gross"])
def test_an_automatic_account_on_the_other_side_is_refused(is_gross):
    """1593 holds gross amounts that were not paid, so it must work out no tax."""
    with pytest.raises(bc.BillingProblemsError, match="do not fit") as caught:
        exported(books("1593", "1718", "8400", is_gross=is_gross))

    records = {each.record for each in caught.value.exceptions}
    assert "JournalEntry 'interim/P-1/payment/P-1'" in records


def test_an_automatic_account_of_open_advances_is_suppressed():
    """What was invoiced and not paid is gross on 1593, and no tax is taken out of it."""
    made = bc.invoice_entries(SUB, books("1593")).entries
    text = export.datev(made, books("1593"), HEADER)

    assert '10001;1593;"0040"' in text


def test_accounts_of_advances_are_no_customers():
    """1593 stands on the other side of paid advances, and is named by what it holds all the same."""
    made = chain(ACCOUNTING)
    no_chart = attrs.evolve(ACCOUNTING, chart=[])

    for text in (export.beancount(made, no_chart), export.hledger(made, no_chart)):
        assert "Liabilities:1593" in text
        assert "Receivable:1593" not in text
        assert "Assets:Receivable:10001" in text
        assert "clears: " in text
