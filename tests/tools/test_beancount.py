"""Beancount accepts what is exported for it, and reads the same from it."""

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


@pytest.fixture
def check(program, tmp_path):
    """Give a function that checks text with bean-check."""

    def run(text):
        path = tmp_path / "year.beancount"
        path.write_text(text, encoding="utf-8")
        code, _, said = program("bean-check", path)
        return code, said

    return run


@pytest.fixture
def query(program, tmp_path):
    """Give a function that asks a question about text with bean-query."""

    def run(text, question):
        path = tmp_path / "asked.beancount"
        path.write_text(text, encoding="utf-8")
        code, out, said = program("bean-query", "-f", "csv", path, question)
        assert code == 0, said
        return [[cell.strip() for cell in row] for row in csv.reader(StringIO(out))][1:]

    return run


def numbered(account):
    """Give the number in the name of an account."""
    return re.search(r":([0-9]+)", account)[1]


def test_a_year_is_accepted(check):
    """A year of business with hostile names and balances at its end is accepted."""
    text = export.beancount(
        YEAR, journal.ACCOUNTING, assertions=export.closing_balances(YEAR, LAST)
    )

    assert check(text) == (0, "")


def test_balances_are_the_librarys(query):
    """Every account has the balance in beancount that plain addition gives."""
    text = export.beancount(YEAR, journal.ACCOUNTING)
    asked = "SELECT account, currency, sum(number) AS total GROUP BY account, currency"
    rows = query(text, asked)

    found = {(numbered(account), code): Decimal(total) for account, code, total in rows}
    assert found == journal.sums_of(YEAR)


def test_text_is_read_as_it_was(query):
    """Names with quotes, backslashes and newlines are read again as they were written."""
    names = ('The "Old" \\ Inn', "\\n\\", "a, b; c | d")
    rows = query(export.beancount(journal.year(names), journal.ACCOUNTING), "SELECT DISTINCT payee")

    assert sorted(row[0] for row in rows) == sorted(names)


@pytest.mark.parametrize("place", [0, 1, 100, -1])
def test_a_wrong_cent_is_caught(check, mutated, place):
    """A file in which one amount is a cent higher is refused."""
    code, said = check(mutated(export.beancount(YEAR, journal.ACCOUNTING), place, 1))

    assert code == 1
    assert "does not balance" in said


def test_less_than_a_cent_is_caught(check):
    """A file in which one amount is a tenth of a cent higher is refused, too."""
    text = export.beancount(journal.year(("A",)), journal.ACCOUNTING)
    code, said = check(
        re.sub(r"(  -?[0-9]+\.[0-9]{2}) EUR$", r"\g<1>1 EUR", text, count=1, flags=re.MULTILINE)
    )

    assert code == 1
    assert "does not balance" in said


def test_a_wrong_assertion_is_caught(check):
    """A balance that an account does not have is refused."""
    wrong = export.Balance("1200", "0.01", "EUR", date="2025-12-31")
    code, said = check(export.beancount(YEAR, journal.ACCOUNTING, assertions=[wrong]))

    assert code == 1
    assert "Balance failed" in said


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60), min_size=20, max_size=40))
def test_any_text_survives(check, query, texts):
    """Whatever customers, documents and accounts are called, there are as many transactions."""
    day = dt.date(2026, 1, 31)
    entries = [
        journal.payment(f"{n}-{text}", day, text, 100 + n, name=text, document=text, entity=text)
        for n, text in enumerate(texts)
    ]
    text = export.beancount(entries, journal.ACCOUNTING)

    assert check(text) == (0, "")
    (row,) = query(text, "SELECT count(*) WHERE account ~ '^Assets:1200-'")
    assert int(row[0]) == len(texts)
