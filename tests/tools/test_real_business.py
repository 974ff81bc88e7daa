"""Real ledgers accept a year that the library billed, and have its balances to the cent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore import export
from tests import business
from tests.bookkeeping import ACCOUNTING
from tests.tools.test_beancount import check, numbered, query
from tests.tools.test_datev import read
from tests.tools.test_hledger import hledger_balances, run

__all__ = ["check", "query", "read", "run"]

STORE = business.year()
YEAR = [entry for entry in business.entries_of(STORE) if entry.date <= business.LAST]


def expected():
    """Add up every line by hand: debits less credits."""
    sums = {}
    for entry in YEAR:
        for line in entry.lines:
            sign = 1 if line.side is bc.Side.DEBIT else -1
            key = (line.account, entry.currency)
            sums[key] = sums.get(key, Decimal(0)) + sign * line.amount
    return {key: amount for key, amount in sums.items() if amount}


def test_the_year_has_everything():
    """Documents of each kind, payments, deferred revenue, and what was given up."""
    kinds = {each.kind for each in STORE.invoices()}
    types = {line.type for entry in YEAR for line in entry.lines}

    assert kinds == {bc.InvoiceKind.STANDARD, bc.InvoiceKind.CREDIT, bc.InvoiceKind.CANCELLATION}
    assert {"Revenue", "Tax", "Deferred", "Payment", "Write-off"} <= {each.value for each in types}
    assert all(line.account for entry in YEAR for line in entry.lines)
    assert bc.balances(YEAR) == expected() | {
        key: Decimal(0) for key, amount in bc.balances(YEAR).items() if not amount
    }


def test_beancount_has_the_balances(check, query):
    """The file is accepted, with balances at the end of the year, and says the same."""
    end = export.closing_balances(YEAR, business.LAST)
    text = export.beancount(YEAR, ACCOUNTING, assertions=end)
    assert check(text) == (0, "")

    asked = "SELECT account, currency, sum(number) AS total GROUP BY account, currency"
    rows = query(text, asked)
    found = {(numbered(account), code): Decimal(total) for account, code, total in rows}
    assert {key: amount for key, amount in found.items() if amount} == expected()


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("hledger", ("check", "--strict")), ("ledger", ("balance", "--strict"))],
    ids=["hledger", "ledger"],
)
def test_plain_text_ledgers_accept_it(run, name, arguments):
    """Both programs end without an error, with balances at the end of the year."""
    end = export.closing_balances(YEAR, business.LAST)
    code, _, said = run(name, export.hledger(YEAR, ACCOUNTING, assertions=end), *arguments)

    assert (code, said) == (0, "")


def test_hledger_has_the_balances(run):
    """The balances of hledger are those of the library."""
    text = export.hledger(YEAR, ACCOUNTING)
    code, out, said = run("hledger", text, "balance", "--flat", "-N", "-O", "csv")

    assert (code, said) == (0, "")
    assert hledger_balances(out) == expected()


def test_the_german_reader_has_the_balances(read):
    """The file for German accountants is accepted, and its legs add up to the balances."""
    header = export.DatevHeader(
        created=dt.datetime(2027, 1, 4, 9, 30, tzinfo=dt.UTC),
        consultant=29098,
        client=55003,
        fiscal_year_start="2026-01-01",
        first="2026-01-01",
        last="2026-12-31",
        chart="03",
    )
    sums = {}
    for number, amount in read(export.datev(YEAR, ACCOUNTING, header))["legs"]:
        sums[number, "EUR"] = sums.get((number, "EUR"), Decimal(0)) + Decimal(amount)

    assert {key: amount for key, amount in sums.items() if amount} == expected()
