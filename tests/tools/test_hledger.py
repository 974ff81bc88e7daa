"""Hledger and ledger accept what is exported for them, and read the same from it."""

from __future__ import annotations

import csv
import datetime as dt
import re
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billingcore import export
from tests import journal

YEAR = journal.year() + journal.year(("Dollar Inc.",), currency="USD")
LAST = dt.date(2026, 12, 31)

SPECIAL = st.text(";|[]():=*!@{}\"'\\~%&#+-,. \n\t0129abD")
"""Text of characters that mean something in journals."""

CHECKS = {
    "hledger": ("check", "--strict"),
    "ledger": ("balance", "--strict"),
}


@pytest.fixture(params=CHECKS)
def name(request):
    """Name one of the two programs."""
    return request.param


@pytest.fixture
def run(program, tmp_path):
    """Give a function that lets a program read text."""

    def read(name, text, *arguments):
        path = tmp_path / "year.journal"
        path.write_text(text, encoding="utf-8")
        return program(name, "-f", path, *arguments)

    return read


def numbered(account):
    """Give the number in the name of an account."""
    return re.search(r":([0-9]+)", account)[1]


def hledger_balances(out):
    """Read the balances of hledger: an amount of each currency in a cell."""
    return {
        (numbered(account), amount.split()[1]): Decimal(amount.split()[0])
        for account, cell in [*csv.reader(StringIO(out))][1:]
        for amount in cell.split(", ")
        if amount != "0"
    }


def ledger_balances(out):
    """Read the balances of ledger, one in each row."""
    rows = [row.split("\t") for row in out.splitlines()]
    return {
        (numbered(account), amount.split()[1]): Decimal(amount.split()[0])
        for account, total in rows
        for amount in total.split("\\n")
        if amount.strip() not in {"", "0"}
    }


BALANCES = {
    "hledger": (("balance", "--flat", "-N", "-E", "-O", "csv"), hledger_balances),
    "ledger": (
        (
            "balance",
            "--flat",
            "--no-total",
            "--balance-format",
            "%(account)\t%(join(scrub(total)))\n",
        ),
        ledger_balances,
    ),
}


def test_a_year_is_accepted(run, name):
    """A year of business with hostile names and balances at its end is accepted, strictly."""
    text = export.hledger(YEAR, journal.ACCOUNTING, assertions=export.closing_balances(YEAR, LAST))
    code, _, said = run(name, text, *CHECKS[name])

    assert (code, said) == (0, "")


def test_balances_are_the_librarys(run, name):
    """Every account that is not empty has the balance that plain addition gives."""
    arguments, read = BALANCES[name]
    code, out, said = run(name, export.hledger(YEAR, journal.ACCOUNTING), *arguments)

    assert (code, said) == (0, "")
    assert read(out) == {key: held for key, held in journal.sums_of(YEAR).items() if held}


@pytest.mark.parametrize("place", [0, 1, 100, -1])
def test_a_wrong_cent_is_caught(run, name, mutated, place):
    """A file in which one amount is a cent higher is refused."""
    text = mutated(export.hledger(YEAR, journal.ACCOUNTING), place, 1)

    assert run(name, text, *CHECKS[name])[0] != 0


def test_a_wrong_assertion_is_caught(run, name):
    """A balance that an account does not have is refused."""
    wrong = export.Balance("1200", "0.01", "EUR", date="2025-12-31")
    text = export.hledger(YEAR, journal.ACCOUNTING, assertions=[wrong])

    assert run(name, text, *CHECKS[name])[0] != 0


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60) | SPECIAL, min_size=20, max_size=40))
def test_any_text_survives(run, name, texts):
    """Whatever customers, documents and accounts are called, there are as many transactions."""
    day = dt.date(2026, 1, 31)
    entries = [
        journal.payment(f"{n}-{text}", day, text, 100 + n, name=text, document=text, entity=text)
        for n, text in enumerate(texts)
    ]
    text = export.hledger(entries, journal.ACCOUNTING)

    assert run(name, text, *CHECKS[name])[::2] == (0, "")
    code, out, _ = run(name, text, "print")
    assert code == 0
    assert len(re.findall(r"^2026[-/]01[-/]31", out, re.MULTILINE)) == len(texts)
