"""A strict reader of the German format accepts what is exported for it, and reads the same."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import billingcore as bc
from billingcore import export
from tests import journal

EUROS = journal.year()
CREATED = dt.datetime(2027, 1, 4, 9, 30, tzinfo=dt.UTC)
HEADER = export.DatevHeader(
    created=CREATED,
    consultant=29098,
    client=55003,
    fiscal_year_start="2026-01-01",
    first="2026-01-01",
    last="2026-12-31",
    chart="03",
)


@pytest.fixture
def read(reader, tmp_path):
    """Give a function that writes a file as the guide says, and reads it."""

    def run(text):
        path = tmp_path / "EXTF_2026.csv"
        path.write_bytes(text.encode("cp1252"))
        return reader(path)

    return run


def test_a_year_is_accepted(read):
    """A year of business is accepted, and its accounts have the balances of plain addition."""
    found = read(export.datev(EUROS, journal.ACCOUNTING, HEADER))
    sums = {}
    for number, amount in found["legs"]:
        sums[number, "EUR"] = sums.get((number, "EUR"), 0) + Decimal(amount)

    assert len(found["legs"]) == 2 * sum(len(entry.details) for entry in EUROS)
    assert found["header"]["berater"] == "29098"
    assert sums == journal.sums_of(EUROS)


def test_dollars_are_read_as_euros(read):
    """Bookings in another currency are read with what they are worth in euros."""
    entries = journal.year(("Dollar Inc.",), currency="USD")
    rate = bc.ExchangeRate("USD", "EUR", "0.5", date="2026-01-01", source="house")
    text = export.datev(entries, journal.ACCOUNTING, HEADER, rates=bc.ExchangeTable([rate]))
    found = read(text)
    expected = [
        (each.amount / 2).quantize(Decimal("0.01"), ROUND_HALF_UP)
        for entry in entries
        for each in entry.details
    ]

    assert sum(abs(Decimal(amount)) for _, amount in found["legs"]) / 2 == sum(expected)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"EXTF";700', '"EXTF";510'),
        (f";{EUROS[0].date:%d%m};", ";3002;"),
        ("\r\n", ";1\r\n"),
    ],
    ids=["version", "day", "one-column-more"],
)
def test_a_broken_file_is_refused(read, right, wrong):
    """The reader refuses a file that was broken, so its acceptance says something."""
    text = export.datev(EUROS, journal.ACCOUNTING, HEADER)
    assert right in text
    broken = text[::-1].replace(right[::-1], wrong[::-1], 1)[::-1]

    assert "DatevRefusal" in read(broken)


def test_a_wrong_cent_changes_balances(read):
    """DATEV rows cannot be out of balance; a wrong cent shows in the sums of both accounts."""
    text = export.datev(EUROS, journal.ACCOUNTING, HEADER).split("\r\n")
    amount, rest = text[2].split(";", 1)
    text[2] = f"{amount[:-1]}{(int(amount[-1]) + 1) % 10};{rest}"
    sums = {}
    for number, read_amount in read("\r\n".join(text))["legs"]:
        sums[number, "EUR"] = sums.get((number, "EUR"), 0) + Decimal(read_amount)
    expected = journal.sums_of(EUROS)

    assert sum(sums[key] != expected[key] for key in expected) == 2


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60), min_size=20, max_size=40))
def test_any_text_survives(read, texts):
    """Whatever customers and documents are called, there are as many rows, with their amounts."""
    day = dt.date(2026, 1, 31)
    entries = [
        journal.payment(f"{n}-{text}", day, "10001", 100 + n, name=text, document=text, tax_id=text)
        for n, text in enumerate(texts)
    ]
    found = read(export.datev(entries, journal.ACCOUNTING, HEADER))

    assert sorted(Decimal(amount) for number, amount in found["legs"] if number == "1200") == [
        Decimal(100 + n) / 100 for n in range(len(texts))
    ]
