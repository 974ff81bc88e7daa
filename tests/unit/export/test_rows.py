"""Entries, invoices and their lines as flat rows."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from io import StringIO

import billingcore as bc
from billingcore import export
from billingcore.records.bookkeeping.accounts import EntryType
from tests import journal
from tests.chains import FINAL, PROGRESS, issue, made, pay, store_with

DAY = dt.date(2026, 1, 31)
VAT = bc.TaxTable({"DE_19": 19})


def entry():
    """Book a revenue of 10.00 for debtor 10042, with what travels along."""
    revenue = journal.detail(
        "8200", "10042", -1000, EntryType.REVENUE, lines=(1, 2), subscriptions=("S-1", "S-2"),
        tax_code="DE_19", tax_rate=Decimal(19), rule="Revenue", region="EU",
    )  # fmt: skip
    fields = {"name": "=Acme", "document": "R-1", "custom": (("project", "P7"),)}
    return journal.entry_of("invoice/R-1", DAY, [revenue], **fields)


def test_rows_of_entries():
    """There is a row for each line, with signed amounts that add up to 0."""
    first, second = export.rows([entry()])

    assert first == {
        "entry": "invoice/R-1", "source": "invoice/R-1", "date": DAY, "document_date": DAY,
        "period": "2026-01", "document": "R-1", "customer": "acme", "name": "=Acme", "tax_id": "",
        "entity": "", "text": "", "reverses": "", "currency": "EUR", "account": "8200",
        "side": "credit", "signed": Decimal("-10.00"), "amount": Decimal("10.00"),
        "type": "Revenue", "contra": "10042", "second_account": "", "rule": "Revenue",
        "tax_code": "DE_19", "tax_rate": Decimal(19), "center": "", "cost_object": "",
        "region": "EU", "billing_practice": "", "lines": "1, 2", "subscriptions": "S-1, S-2",
        "clears": "", "custom.project": "P7",
    }  # fmt: skip
    assert first.keys() == second.keys()
    assert first["signed"] + second["signed"] == 0


def test_details_have_both_accounts():
    """There is a row for each booking detail, debit and credit by its side."""
    payment = journal.payment("P-1", DAY, "10042", 500)
    rows = export.details([payment, entry()])

    assert [(row["debit"], row["credit"], row["amount"]) for row in rows] == [
        ("1200", "10042", Decimal("5.00")),
        ("10042", "8200", Decimal("10.00")),
    ]


def test_rows_of_documents():
    """A draft has no number and no due date; its invoice has both."""
    account = bc.Account("acme", name="Acme GmbH", currency="EUR", entity="Sales")
    setup = bc.Setup([bc.Template("Default", payment_days=14)], [bc.BusinessEntity("Sales")])
    item = bc.Item("seats", unit_price="9.50", quantity=3, tax_code="DE_19")
    store = bc.MemoryStore(tax=VAT, setup=setup)
    store.add(account)
    made = bc.draft(account, [item], period=bc.Period.month(2026, 1), tax=VAT, setup=setup)
    issued = bc.finalize(made, store, on=DAY)
    drafted, invoiced = export.invoice_rows([made, issued])

    assert drafted["number"] == ""
    assert drafted["due_date"] is None
    assert invoiced == {
        **drafted, "id": issued.draft.id, "number": "2026-00001", "date": DAY,
        "due_date": dt.date(2026, 2, 14),
    }  # fmt: skip
    expected = {
        "kind": "invoice", "original": "", "account": "acme", "name": "Acme GmbH",
        "entity": "Sales", "first": dt.date(2026, 1, 1), "last": DAY, "lines": 1,
        "net": Decimal("28.50"), "tax": Decimal("5.42"), "gross": Decimal("33.92"),
        "paid_before": Decimal(0), "rounding": Decimal(0), "due": Decimal("33.92"), "currency": "EUR",
    }  # fmt: skip
    assert {name: invoiced[name] for name in expected} == expected


def test_rows_of_lines():
    """Each line names its document, by number or by the draft's id."""
    account = bc.Account("acme", currency="EUR")
    item = bc.Item("seats", title="Seats", unit_price="9.50", quantity=3, tax_code="DE_19")
    store = bc.MemoryStore(tax=VAT)
    store.add(account)
    made = bc.draft(account, [item], period=bc.Period.month(2026, 1), tax=VAT)
    issued = bc.finalize(made, store, on=DAY)
    drafted, invoiced = export.invoice_line_rows([made, issued])

    assert (drafted["document"], invoiced["document"]) == (made.id, "2026-00001")
    expected = {
        "account": "acme", "line": 1, "type": "Product", "item": "seats", "title": "Seats",
        "subscription": "", "first": dt.date(2026, 1, 1), "last": DAY, "quantity": Decimal(3),
        "unit_code": "C62", "unit_price": Decimal("9.50"), "amount": Decimal("28.50"),
        "discount": Decimal(0), "order_discount": Decimal(0), "net": Decimal("28.50"),
        "tax_code": "DE_19", "tax_category": "S", "tax_rate": Decimal(19), "tax": None,
        "currency": "EUR",
    }  # fmt: skip
    assert {name: invoiced[name] for name in expected} == expected


def test_formulas_stay_text():
    """A name that looks like a formula gets an apostrophe; a negative amount stays a number."""
    (row, *_) = export.spreadsheet_safe(export.rows([entry()]))
    hostile = [
        {"a": text} for text in ("=1", "+1", "-1", "@x", "\t=1", "  =1", "\uff1d1", "a=1", "")
    ]
    safe = [each["a"][:1] for each in export.spreadsheet_safe(hostile)]

    assert row["name"] == "'=Acme"
    assert row["signed"] == Decimal("-10.00")
    assert safe == ["'"] * 7 + ["a", ""]


def test_rows_fit_a_table():
    """Rows go into the csv module as they are."""
    rows = export.rows([entry()])
    table = StringIO()
    writer = csv.DictWriter(table, rows[0])
    writer.writeheader()
    writer.writerows(rows)

    assert len(table.getvalue().splitlines()) == 3


def test_rows_of_deductions():
    """Each deducted document has a row for each tax code; what is folded stands on the first."""
    store = store_with()
    sub = issue(store, PROGRESS, 1000, (500, "DE_7"))
    pay(store, "Z-1", "1000.00", sub.number)
    draft = made(store, FINAL, 10000)
    first, second = export.deduction_rows([draft])

    assert first == {
        "document": draft.id, "sub_invoice_key": "house", "deducted": sub.number,
        "kind": "progress", "date": dt.date(2026, 2, 1), "tax_code": "DE_19",
        "tax_rate": Decimal(19), "net": Decimal("579.71"), "tax": Decimal("110.15"),
        "gross": Decimal("689.86"), "folded": Decimal("725.00"), "currency": "EUR",
    }  # fmt: skip
    assert (second["tax_code"], second["gross"], second["folded"]) == ("DE_7", Decimal("310.14"), 0)
    final = bc.finalize(draft, store, on="2026-06-01")
    assert [row["document"] for row in export.deduction_rows([final])] == [final.number] * 2
