"""Advances and finals, booked by the library: real programs accept them, and 1593 and 1718 end at 0."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

from billingcore import export
from tests.chains import DEPOSIT, FINAL, PARTIAL, PROGRESS, cancel, issue, pay, store_with
from tests.tools.test_beancount import check, numbered, query
from tests.tools.test_datev import HEADER, read
from tests.tools.test_hledger import hledger_balances, run
from tests.unit.ledger.books import by_account
from tests.unit.ledger.chains import ACCOUNTING, accounting

__all__ = ["check", "query", "read", "run"]

END = dt.date(2026, 12, 31)


def automatic(*numbers):
    """Give the chart with some automatic accounts."""
    return [attrs.evolve(each, is_automatic=each.number in numbers) for each in ACCOUNTING.chart]


BOOKS = {
    "plain": accounting(books_deposits=True),
    "automatic 1718": accounting(books_deposits=True, chart=automatic("1718", "1711")),
    "gross": accounting(
        books_deposits=True,
        is_gross=True,
        chart=automatic("1718", "1711", "8400", "8300"),
    ),
}


def year(books):
    """Give the entries of two agreements: one paid to the end, one with a canceled final."""
    store = store_with(accounting=books)
    first = issue(store, PROGRESS, "2500", ("100.01", "DE_7"))
    paid_deposit = issue(store, DEPOSIT, "333.33")
    partial = issue(store, PARTIAL, "400")
    pay(store, "Z-1", "1190.05", first.number)
    pay(store, "Z-2", paid_deposit.totals.due, paid_deposit.number)
    pay(store, "Z-3", partial.totals.due, partial.number)
    final = issue(store, FINAL, "9999.99", ("200", "DE_7"), on="2026-04-01")
    cancel(store, final.number, on="2026-04-02")
    final = issue(store, FINAL, "9999.99", ("200", "DE_7"), on="2026-05-01")
    pay(store, "Z-4", final.totals.due, final.number, on="2026-06-01")
    gone = issue(store, PROGRESS, "50", key="garage", on="2026-06-01")
    pay(store, "Z-5", gone.totals.due, gone.number, on="2026-06-02")
    cancel(store, gone.number, on="2026-06-03")
    return [entry for each in store.books("acme").entries.values() for entry in each]


YEARS = {name: year(books) for name, books in BOOKS.items()}


def expected(entries):
    """Add up every line by hand: debits less credits."""
    return {(account, "EUR"): Decimal(amount) for account, amount in by_account(entries).items()}


@pytest.fixture(params=BOOKS)
def booked(request):
    """Give each bookkeeping with its entries."""
    return BOOKS[request.param], YEARS[request.param]


def test_nothing_of_a_paid_agreement_is_left(booked):
    """Only the payment of the canceled advance stands on the debtor: 59.50."""
    _, entries = booked
    stands = by_account(entries)

    assert not {"1593", "1718", "1711"} & {*stands}
    assert stands["10000"] == "-59.50"


def test_the_german_reader_has_the_balances(booked, read):
    """The file for German accountants is accepted, and its legs add up to the balances."""
    books, entries = booked
    sums = {}
    for number, amount in read(export.datev(entries, books, HEADER))["legs"]:
        sums[number, "EUR"] = sums.get((number, "EUR"), Decimal(0)) + Decimal(amount)

    assert {key: amount for key, amount in sums.items() if amount} == expected(entries)


def test_beancount_has_the_balances(booked, check, query):
    """The file is accepted, with balances at the end of the year, and says the same."""
    books, entries = booked
    text = export.beancount(entries, books, assertions=export.closing_balances(entries, END))
    assert check(text) == (0, "")

    asked = "SELECT account, currency, sum(number) AS total GROUP BY account, currency"
    found = {
        (numbered(account), code): Decimal(total) for account, code, total in query(text, asked)
    }
    assert {key: amount for key, amount in found.items() if amount} == expected(entries)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("hledger", ("check", "--strict")), ("ledger", ("balance", "--strict"))],
    ids=["hledger", "ledger"],
)
def test_plain_text_ledgers_accept_it(booked, run, name, arguments):
    """Both programs end without an error, with balances at the end of the year."""
    books, entries = booked
    end = export.closing_balances(entries, END)
    code, _, said = run(name, export.hledger(entries, books, assertions=end), *arguments)

    assert (code, said) == (0, "")


def test_hledger_has_the_balances(booked, run):
    """The balances of hledger are those of the library."""
    books, entries = booked
    text = export.hledger(entries, books)
    code, out, said = run("hledger", text, "balance", "--flat", "-N", "-O", "csv")

    assert (code, said) == (0, "")
    assert hledger_balances(out) == expected(entries)
