"""Documents that were booked without an account are booked anew once there is one."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

import billingcore as bc
from billingcore import testing
from billingcore.lifecycle.joining import after
from tests.unit.ledger.books import (
    COLLECTIVE,
    RULES,
    TAX,
    accounting,
    by_account,
    customer,
    draft,
    invoice,
    item,
    rows,
)

MONTHS = bc.BookingTerms(recognition=bc.Recognition.BOOKING_MONTH)
NO_RULES = accounting(rules=[])


def booked(document, books, account=None):
    """Give the books in which a document is booked."""
    account = account or customer()
    empty = bc.Books(account, {document.number: document}, setup=bc.Setup(accounting=books))
    entries = bc.invoice_entries(document, books).entries
    return after(empty, bc.Effects(account.id, entries=entries))


def mended(books, accounting):
    """Give the same books with another set-up."""
    return attrs.evolve(books, setup=bc.Setup(accounting=accounting))


def all_of(books):
    """Give all entries."""
    return [entry for entries in books.entries.values() for entry in entries]


def test_a_missing_account_is_repaired():
    """Revenue of 1,000.00 stood nowhere: all is undone, and then booked to 8400."""
    books = mended(booked(invoice(item("1000")), NO_RULES), accounting())

    effects = bc.book_documents(books)
    books = after(books, effects)

    assert [(each.id, each.reverses, each.text) for each in effects.entries] == [
        ("invoice/R-1~2", "invoice/R-1", "Reversal of Invoice R-1"),
        ("invoice/R-1~3", "", "Invoice R-1"),
    ]
    assert rows(effects.entries) == [
        ("Revenue", "", "10001", "1000.00"),
        ("Tax", "1776", "10001", "190.00"),
        ("Revenue", "10001", "8400", "1000.00"),
        ("Tax", "10001", "1776", "190.00"),
    ]
    assert by_account(all_of(books)) == {"10001": "1190.00", "8400": "-1000.00", "1776": "-190.00"}
    assert effects.problems == ()
    testing.check_books(books)


def test_repeating_it_adds_nothing():
    """Once an account is there, and also as long as there is none."""
    books = booked(invoice(item("1000")), NO_RULES)
    still = bc.book_documents(books)
    books = mended(books, accounting())
    books = after(books, bc.book_documents(books))

    assert still.entries == ()
    assert [(each.record, each.code) for each in still.problems] == [
        ("invoice/R-1", "no-matching-account")
    ]
    assert bc.book_documents(books) == bc.Effects("acme")


def test_a_repair_can_come_in_steps():
    """First the tax finds its account, then the revenue; the ids go on."""
    books = booked(invoice(item("1000")), accounting(rules=[], collective=[]))
    for better in (accounting(rules=[]), accounting()):
        books = mended(books, better)
        books = after(books, bc.book_documents(books))
        testing.check_books(books)

    assert [each.id for each in all_of(books)] == [
        "invoice/R-1", "invoice/R-1~2", "invoice/R-1~3", "invoice/R-1~4", "invoice/R-1~5",
    ]  # fmt: skip
    assert by_account(all_of(books)) == {"10001": "1190.00", "8400": "-1000.00", "1776": "-190.00"}


def test_months_of_deferred_revenue_are_repaired():
    """Of 300.00 for a quarter, 200.00 had no account to be deferred on; each month goes on."""
    document = invoice(item("300", booking=MONTHS), period=bc.Period.quarter(2026, 1))
    without = [each for each in COLLECTIVE if each.type is not bc.EntryType.DEFERRED]
    books = mended(booked(document, accounting(collective=without)), accounting())
    effects = bc.book_documents(books)
    books = after(books, effects)

    assert [(each.id, str(each.date), each.period) for each in effects.entries] == [
        ("invoice/R-1~2", "2026-01-15", "2026-01"),
        ("invoice/R-1/2026-02~2", "2026-02-01", "2026-02"),
        ("invoice/R-1/2026-03~2", "2026-03-01", "2026-03"),
        ("invoice/R-1~3", "2026-01-15", "2026-01"),
        ("invoice/R-1/2026-02~3", "2026-02-01", "2026-02"),
        ("invoice/R-1/2026-03~3", "2026-03-01", "2026-03"),
    ]
    assert by_account(all_of(books)) == {"10001": "357.00", "8400": "-300.00", "1776": "-57.00"}
    testing.check_books(books)


JANUARY = bc.BookingPeriod(2026, 1, is_closed=True)
CLOSED = {
    "the month is closed since": ([], [JANUARY]),
    "the month was closed and is open again": ([JANUARY], []),
}


@pytest.mark.parametrize(("before", "now"), CLOSED.values(), ids=CLOSED)
def test_nothing_is_dated_before_it_or_in_a_closed_period(before, now):
    """Both the opposite and the new entry are of 1 February, with the date of the document."""
    books = booked(invoice(item("10")), accounting(rules=[], periods=before))
    effects = bc.book_documents(mended(books, accounting(periods=now)))

    assert {(str(each.date), each.period, str(each.document_date)) for each in effects.entries} == {
        ("2026-02-01", "2026-02", "2026-01-15")
    }


def test_a_debtor_that_was_missing():
    """The account has the number 10001 now, which it did not have when it was invoiced."""
    nobody = customer(debtor="")
    books = booked(invoice(item("100"), account=nobody), accounting())
    assert bc.book_documents(attrs.evolve(books, account=nobody)).entries == ()

    books = attrs.evolve(books, account=customer())
    books = after(books, bc.book_documents(books))

    assert by_account(all_of(books)) == {"10001": "119.00", "8400": "-100.00", "1776": "-19.00"}
    testing.check_books(books)


OTHER = accounting(rules=[attrs.evolve(RULES[0], account="8401")])
LEFT_ALONE = {
    "all accounts are there, though the rules changed": (
        booked(invoice(item("10")), accounting()),
        OTHER,
    ),
    "nothing is booked any more": (booked(invoice(item("10")), NO_RULES), bc.NO_BOOKKEEPING),
    "it was never booked": (booked(invoice(item("10")), bc.NO_BOOKKEEPING), accounting()),
}


@pytest.mark.parametrize(("books", "now"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_is_left_alone(books, now):
    """There is nothing to repair, or nothing that is booked."""
    assert bc.book_documents(mended(books, now)) == bc.Effects("acme")


def test_a_store_repairs_and_cancels():
    """A repaired invoice is canceled by one opposite entry; a canceled one is not repaired."""
    store = bc.MemoryStore(setup=bc.Setup(accounting=NO_RULES), tax=TAX)
    store.add(customer())
    for month in (1, 2):
        made = draft(item("10", name=f"work-{month}"), period=bc.Period.month(2026, month))
        bc.finalize(made, store, on="2026-01-15")
    books = store.books("acme")
    first, second = books.invoices
    bc.finalize(bc.cancel(books.invoices[first], books), store, on="2026-02-03")
    store.setup = bc.Setup(accounting=accounting())
    store.record("acme", bc.book_documents)
    books = store.books("acme")
    bc.finalize(bc.cancel(books.invoices[second], books), store, on="2026-02-04")
    books = store.books("acme")

    (undone,) = books.entries["invoice/" + [*books.invoices][-1]]
    assert undone.reverses == f"invoice/{second}~3"
    assert len(books.entries[f"invoice/{first}"]) == 1
    assert len(books.entries[f"invoice/{second}"]) == 3
    assert by_account(all_of(books)) == {}
    testing.check_books(books)


def test_a_wrong_reversal_is_found():
    """What undoes an entry of the same document has to be its opposite."""
    books = mended(booked(invoice(item("1000")), NO_RULES), accounting())
    undone, again = bc.book_documents(books).entries
    wrong = attrs.evolve(undone, lines=again.lines)

    with pytest.raises(bc.InvariantViolationError, match="what undoes is the opposite"):
        testing.check_entries(books.invoices["R-1"], [*all_of(books), wrong, again])


def test_datev_takes_what_was_repaired():
    """The entry without an account and its opposite are left out, also in a file of another month."""
    books = booked(invoice(item("1000")), NO_RULES)
    books = mended(books, accounting(periods=[JANUARY]))
    books = after(books, bc.book_documents(books))
    header = bc.export.DatevHeader(
        created=datetime(2026, 3, 2, 8, tzinfo=UTC), consultant=29098, client=55003,
        fiscal_year_start="2026-01-01", first="2026-02-01", last="2026-02-28", chart="03",
    )  # fmt: skip
    text = bc.export.datev(all_of(books), books.setup.accounting, header)

    assert [row.split(";")[:8] for row in text.splitlines()[2:]] == [
        ["1000,00", '"S"', '"EUR"', "", "", '""', "10001", "8400"],
        ["190,00", '"S"', '"EUR"', "", "", '""', "10001", "1776"],
    ]
