"""Usage that brings an instant: its line says how the day was found, record by record."""

from __future__ import annotations

import datetime as dt

import pytest

import billingcore as bc
from tests.unit.engine.metering import Book, calls, lines_of, used
from tests.zones import BERLIN, NEW_YORK

MIDNIGHT = "Europe/Berlin, day begins 00:00"
HALF_PAST_TWO = "Europe/Berlin, day begins 02:30"


def record(id="C-1", *, at):
    """Make a case of one call at a moment."""
    values = {"Type": "Transaction", "OrderNo": "CALLS", "Account": "acme", "Subscription": None}
    values |= {"Invoice": None, "Date": at, "Quantity": 1}
    return bc.SourceRecord("Case", id, {f"ON_{name}": value for name, value in values.items()})


def instants(zone=BERLIN, cut_off=dt.time(0)):
    """Make a filter of cases whose dates are instants, read in a zone."""
    fields = bc.FieldSet(days=bc.ServiceDays(zone, cut_off=cut_off))
    return bc.Filter("Cases", use_case=bc.UseCase.USAGE, target="Case", fields=fields)


def the_line(*records, chosen=None, period="2026-01"):
    """Bill records in a month and give the only line."""
    month = bc.Period.month(*map(int, period.split("-")))
    book, selection = Book(calls(), records=records), bc.Selection([chosen or instants()])
    (line,) = lines_of(book.bill(month, selection=selection))
    return line


def service_dates(line):
    """Give how the days of a line's usage were found."""
    return [value for word, value in line.origin.facts if word == "service date"]


def test_the_line_says_instant_zone_and_cut_off():
    """At 05:30 in Berlin on 6 January the day of 06:00 has not begun: it is the 5th."""
    moment = "2026-01-06T05:30:00+01:00"
    line = the_line(record(at=moment), chosen=instants(cut_off=dt.time(6)))
    how = "Case/C-1: 2026-01-06T04:30:00+00:00 in Europe/Berlin, day begins 06:00"

    assert line.origin.usage[0].date == dt.date(2026, 1, 5)
    assert service_dates(line) == [how]
    assert ("service date", how) in bc.explain(line).facts


def test_equal_records_in_different_zones():
    """One instant is 1 February in Berlin and 31 January in New York, and each line says so."""
    moment = record(at="2026-01-31T23:30:00Z")
    there = the_line(moment, chosen=instants(NEW_YORK))
    here = the_line(moment, period="2026-02")

    assert [line.origin.usage[0].date for line in (there, here)] == [
        dt.date(2026, 1, 31),
        dt.date(2026, 2, 1),
    ]
    utc = "Case/C-1: 2026-01-31T23:30:00+00:00 in"
    assert service_dates(there) == [f"{utc} America/New_York, day begins 00:00"]
    assert service_dates(here) == [f"{utc} {MIDNIGHT}"]


@pytest.mark.parametrize(
    ("utc", "cut_off", "day", "rule"),
    [
        pytest.param("03-28T22:59:59", dt.time(0), 28, MIDNIGHT, id="before midnight in winter"),
        pytest.param("03-28T23:00:00", dt.time(0), 29, MIDNIGHT, id="midnight in winter"),
        pytest.param("03-29T21:59:59", dt.time(0), 29, MIDNIGHT, id="before midnight in summer"),
        pytest.param("03-29T22:00:00", dt.time(0), 30, MIDNIGHT, id="midnight in summer"),
        pytest.param("03-29T00:59:59", dt.time(2, 30), 28, HALF_PAST_TWO, id="clock goes forward"),
        pytest.param("03-29T01:00:00", dt.time(2, 30), 29, HALF_PAST_TWO, id="02:30 is skipped"),
        pytest.param("10-25T00:29:59", dt.time(2, 30), 24, HALF_PAST_TWO, id="before 02:30"),
        pytest.param("10-25T00:30:00", dt.time(2, 30), 25, HALF_PAST_TWO, id="02:30 at first"),
        pytest.param("10-25T01:15:00", dt.time(2, 30), 25, HALF_PAST_TWO, id="02:15 once more"),
    ],
)
def test_midnight_and_nights_in_which_the_clock_is_changed(utc, cut_off, day, rule):
    """A day begins once, at its cut-off; the line keeps the instant that decides it."""
    month = utc[:2]
    moment = dt.datetime.fromisoformat(f"2026-{utc}+00:00")
    line = the_line(record(at=moment), chosen=instants(cut_off=cut_off), period=f"2026-{month}")

    assert line.origin.usage[0].date == dt.date(2026, int(month), day)
    assert service_dates(line) == [f"Case/C-1: 2026-{utc}+00:00 in {rule}"]


def test_a_line_of_many_records():
    """Five records say five facts on the line, of which an explanation shows three."""
    moments = [record(f"C-{n}", at=f"2026-01-0{n}T12:00:00Z") for n in range(1, 6)]
    line = the_line(*moments)
    shown = [value for word, value in bc.explain(line).facts if word == "service date"]

    assert service_dates(line) == [
        f"Case/C-{n}: 2026-01-0{n}T12:00:00+00:00 in {MIDNIGHT}" for n in range(1, 6)
    ]
    assert shown == [*service_dates(line)[:3], "and 2 more"]


def test_a_day_says_nothing():
    """A date that is a day needs no reason, and an instant of a record beside it has one."""
    line = the_line(record("C-1", at="2026-01-05"), record("C-2", at="2026-01-05T10:00:00Z"))

    assert service_dates(line) == [f"Case/C-2: 2026-01-05T10:00:00+00:00 in {MIDNIGHT}"]


def test_hosts_that_find_the_day_themselves():
    """Usage that is handed in can say how its day was found; it is billed once, however it does."""
    found = bc.ServiceDays(BERLIN).of("2026-01-05T10:00:00Z")
    book = Book(calls())
    book.add(used("U-1", found.day.isoformat(), 1, dated=found.facts))
    (line,) = lines_of(book.run())
    book.add(used("U-1", found.day.isoformat(), 1))

    assert service_dates(line) == [f"usage/U-1: 2026-01-05T10:00:00+00:00 in {MIDNIGHT}"]
    assert lines_of(book.run()) == []
