"""Deferred revenue: behavior 6.6, and field report P22."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

import billingcore as bc
from billingcore.testing import check_entries
from tests.unit.ledger.books import (
    accounting,
    by_account,
    customer,
    draft,
    invoice,
    issued,
    item,
    rows,
)

MONTHS, YEARS, DAYS = (
    bc.Recognition.BOOKING_MONTH,
    bc.Recognition.CALENDAR_YEAR,
    bc.Recognition.DAYS,
)
YEAR = bc.Period.year(2026)


def spread(rule, price="1200", **fields):
    """Give an item whose revenue is spread over its days of service."""
    return item(price, booking=bc.BookingTerms(recognition=rule, **fields))


def shares(amount, first, last, rule, currency="EUR"):
    """Show a schedule as months with amounts."""
    period = bc.Period.closed(first, last)
    return [
        f"{month:%Y-%m} {share}"
        for month, share in bc.recognize(amount, period, rule, currency=currency)
    ]


SCHEDULES = {
    "a year in equal months": (
        ("1200", "2026-01-01", "2026-12-31", MONTHS),
        [f"2026-{month:02} 100.00" for month in range(1, 13)],
    ),
    "the rest is in the last month": (
        ("100", "2026-01-01", "2026-03-31", MONTHS),
        ["2026-01 33.33", "2026-02 33.33", "2026-03 33.34"],
    ),
    "the rest can be less": (
        ("200", "2026-01-01", "2026-03-31", MONTHS),
        ["2026-01 66.67", "2026-02 66.67", "2026-03 66.66"],
    ),
    "cents never turn the rest around": (
        ("0.05", "2026-01-01", "2026-07-31", MONTHS),
        [*[f"2026-{month:02} 0.00" for month in range(1, 7)], "2026-07 0.05"],
    ),
    "what is given back": (
        ("-100", "2026-01-01", "2026-03-31", MONTHS),
        ["2026-01 -33.33", "2026-02 -33.33", "2026-03 -33.34"],
    ),
    "months of service count from the first day": (
        ("90", "2026-01-15", "2026-04-14", MONTHS),
        ["2026-01 30.00", "2026-02 30.00", "2026-03 30.00"],
    ),
    "a month from its last day": (
        ("90", "2026-01-31", "2026-02-27", MONTHS),
        ["2026-01 90.00"],
    ),
    "one day at a month's end": (("31", "2026-01-31", "2026-01-31", MONTHS), ["2026-01 31.00"]),
    "one day at a month's end, by days": (
        ("31", "2026-01-31", "2026-01-31", DAYS),
        ["2026-01 31.00"],
    ),
    "one day of a month, and the next one": (
        ("32", "2026-01-31", "2026-03-03", DAYS),
        ["2026-01 1.00", "2026-02 28.00", "2026-03 3.00"],
    ),
    "days that do not divide": (
        ("10", "2026-01-31", "2026-02-28", DAYS),
        ["2026-01 0.34", "2026-02 9.66"],
    ),
    "no digits after the point": (
        ("100", "2026-01-01", "2026-03-31", MONTHS, "JPY"),
        ["2026-01 33", "2026-02 33", "2026-03 34"],
    ),
    "one share a calendar year": (
        ("1200", "2026-07-01", "2027-06-30", YEARS),
        ["2026-07 600.00", "2027-01 600.00"],
    ),
    "calendar years by their months": (
        ("3600", "2025-11-01", "2028-10-31", YEARS),
        ["2025-11 200.00", "2026-01 1200.00", "2027-01 1200.00", "2028-01 1000.00"],
    ),
    "a year that is not divided": (
        ("1200", "2026-02-01", "2026-11-30", YEARS),
        ["2026-02 1200.00"],
    ),
}


@pytest.mark.parametrize(("given", "wanted"), SCHEDULES.values(), ids=SCHEDULES)
def test_schedules(given, wanted):
    """The shares of months are those of the rule, and add up."""
    found = shares(*given)

    assert found == wanted
    assert sum(Decimal(row.split()[1]) for row in found) == Decimal(given[0])


def test_a_share_is_refused_that_cannot_be_booked():
    """A tenth of a cent cannot be spread, since no account could hold it."""
    with pytest.raises(bc.InvalidInputError, match="more digits than EUR"):
        bc.recognize("0.001", YEAR, MONTHS, currency="EUR")


def test_the_schedule_of_a_line():
    """A line is spread as its item says, or as one asks; without a rule it is of its first month."""
    (plain,) = draft(item("100"), period=bc.Period.quarter(2026, 1)).lines
    (ruled,) = draft(spread(MONTHS, "100"), period=bc.Period.quarter(2026, 1)).lines

    assert bc.deferral_schedule(plain) == ((date(2026, 1, 1), Decimal(100)),)
    assert [str(share) for _, share in bc.deferral_schedule(plain, DAYS)] == [
        "34.45",
        "31.11",
        "34.44",
    ]
    assert [str(share) for _, share in bc.deferral_schedule(ruled)] == ["33.33", "33.33", "33.34"]


def test_the_worked_example():
    """1,200.00 for a year, invoiced in January: 100 at once, 1,100 deferred, 228 tax, 11 entries."""
    document = invoice(spread(MONTHS), period=YEAR)
    booked = bc.invoice_entries(document, accounting())
    first, *months = booked.entries

    assert rows([first]) == [
        ("Revenue", "10001", "8400", "100.00"),
        ("Deferred", "10001", "0990", "1100.00"),
        ("Tax", "10001", "1776", "228.00"),
    ]
    assert [(entry.id, entry.date, *rows([entry])) for entry in months] == [
        (
            f"invoice/R-1/2026-{month:02}",
            date(2026, month, 1),
            ("Revenue", "0990", "8400", "100.00"),
        )
        for month in range(2, 13)
    ]
    assert sum(line[0] == "Revenue" for line in rows(booked.entries)) == 12
    assert by_account(booked.entries) == {"10001": "1428.00", "8400": "-1200.00", "1776": "-228.00"}
    check_entries(document, booked.entries)


def test_months_before_the_invoice_are_booked_at_once():
    """Invoiced on 20 April, January to April are 400, and eight months follow."""
    document = invoice(spread(MONTHS), period=YEAR, on=date(2026, 4, 20))
    first, *months = bc.invoice_entries(document, accounting()).entries

    assert rows([first])[:2] == [
        ("Revenue", "10001", "8400", "400.00"),
        ("Deferred", "10001", "0990", "800.00"),
    ]
    assert [entry.period for entry in months] == [f"2026-{month:02}" for month in range(5, 13)]


def test_all_is_deferred_before_the_first_month():
    """Invoiced in December before, the first entry has no revenue, and twelve months follow."""
    document = invoice(spread(MONTHS), period=YEAR, on=date(2025, 12, 20))
    booked = bc.invoice_entries(document, accounting())

    assert rows(booked.entries[:1]) == [
        ("Deferred", "10001", "0990", "1200.00"),
        ("Tax", "10001", "1776", "228.00"),
    ]
    assert len(booked.entries) == 13
    check_entries(document, booked.entries)


def test_nothing_is_deferred_after_the_last_month():
    """Invoiced when the service is over, all is revenue."""
    document = invoice(spread(MONTHS), period=YEAR, on=date(2027, 1, 5))

    assert rows(bc.invoice_entries(document, accounting()).entries) == [
        ("Revenue", "10001", "8400", "1200.00"),
        ("Tax", "10001", "1776", "228.00"),
    ]


def test_closed_periods_shift():
    """With February and March closed, their entries move to 1 April; their shares stay."""
    closed = [bc.BookingPeriod(2026, month, is_closed=True) for month in (2, 3)]
    document = invoice(spread(MONTHS), period=YEAR)
    booked = bc.invoice_entries(document, accounting(periods=closed))

    assert [(entry.id[-7:], str(entry.date)) for entry in booked.entries[1:4]] == [
        ("2026-02", "2026-04-01"),
        ("2026-03", "2026-04-01"),
        ("2026-04", "2026-04-01"),
    ]
    check_entries(document, booked.entries)


def test_a_closed_month_of_the_invoice_changes_no_share():
    """With January closed the invoice is booked in February, and February's share still follows."""
    closed = bc.BookingPeriod(2026, 1, is_closed=True)
    booked = bc.invoice_entries(invoice(spread(MONTHS), period=YEAR), accounting(periods=[closed]))

    assert rows(booked.entries)[0] == ("Revenue", "10001", "8400", "100.00")
    assert [str(entry.date) for entry in booked.entries[:2]] == ["2026-02-01", "2026-02-01"]


def test_calendar_years_are_booked_in_january():
    """July 2026 to June 2027: 600 at once, and 600 on 1 January 2027."""
    document = invoice(
        spread(YEARS), period=bc.Period.closed("2026-07-01", "2027-06-30"), on=date(2026, 7, 1)
    )
    booked = bc.invoice_entries(document, accounting())

    assert [(str(entry.date), rows([entry])[0][3]) for entry in booked.entries] == [
        ("2026-07-01", "600.00"),
        ("2027-01-01", "600.00"),
    ]
    check_entries(document, booked.entries)


def test_gross_booking_defers_net_amounts():
    """Tax is due at once: 100 + 228 stand on revenue, 1,100 are deferred."""
    document = invoice(spread(MONTHS), period=YEAR)
    booked = bc.invoice_entries(document, accounting(is_gross=True))

    assert rows(booked.entries)[:3] == [
        ("Revenue", "10001", "8400", "328.00"),
        ("Deferred", "10001", "0990", "1100.00"),
        ("Revenue", "0990", "8400", "100.00"),
    ]
    check_entries(document, booked.entries)


def test_lines_with_and_without_a_rule():
    """A line that is not spread is booked at once beside one that is, on the same account."""
    document = invoice(spread(MONTHS), item("50", name="setup"), period=YEAR)
    booked = bc.invoice_entries(document, accounting())

    assert rows(booked.entries)[:3] == [
        ("Revenue", "10001", "8400", "100.00"),
        ("Revenue", "10001", "8400", "50.00"),
        ("Deferred", "10001", "0990", "1100.00"),
    ]
    check_entries(document, booked.entries)


def test_lines_that_cancel_each_other_out():
    """200 and -200 over the same months are deferred as nothing, and no month has an entry."""
    lines = [
        attrs.evolve(spread(MONTHS, price), id=name)
        for name, price in (("a", "200"), ("b", "-200"))
    ]
    document = invoice(*lines, item("1", name="c"), period=YEAR)
    booked = bc.invoice_entries(document, accounting())

    assert rows(booked.entries) == [
        ("Revenue", "10001", "8400", "1.00"),
        ("Tax", "10001", "1776", "0.19"),
    ]
    check_entries(document, booked.entries)


def test_what_is_deferred_can_add_up_to_nothing():
    """100 in February and -100 in March are two entries of months, and nothing is deferred in all."""
    items = [
        attrs.evolve(spread(MONTHS, price), id=name) for name, price in (("a", 100), ("b", -100))
    ]
    made = draft(*items, period=YEAR)
    days = [bc.Period.month(2026, month) for month in (2, 3)]
    lines = [
        attrs.evolve(line, span=bc.Span(each, each, (bc.Share(each, None, Fraction(1)),), each))
        for line, each in zip(made.lines, days, strict=True)
    ]
    document = issued(attrs.evolve(made, lines=tuple(lines)))
    booked = bc.invoice_entries(document, accounting())

    assert rows(booked.entries) == [
        ("Revenue", "0990", "8400", "100.00"),
        ("Revenue", "8400", "0990", "100.00"),
    ]
    check_entries(document, booked.entries)


def test_a_missing_account_of_deferred_revenue():
    """Without one the details stay balanced with an empty account, and it is told once."""
    document = invoice(spread(MONTHS), period=YEAR)
    booked = bc.invoice_entries(document, accounting(collective=[]))

    assert rows(booked.entries)[3] == ("Revenue", "", "8400", "100.00")
    assert [problem.message.partition(":")[0] for problem in booked.problems] == ["Deferred", "Tax"]


def test_no_debtor_is_told_of_deferred_revenue_too():
    """All revenue lies ahead, and the debtor is missing."""
    document = invoice(
        spread(MONTHS), period=YEAR, on=date(2025, 12, 1), account=customer(debtor="")
    )
    booked = bc.invoice_entries(document, accounting())

    assert [problem.message for problem in booked.problems] == ["there is no debtor number"]


def test_the_booking_date_decides_the_month():
    """A document of January that is booked in March has three months at once."""
    made = attrs.evolve(
        draft(spread(MONTHS), period=YEAR), booked=bc.DocumentBooking(date="2026-03-02")
    )

    assert rows(bc.invoice_entries(issued(made), accounting()).entries)[0][3] == "300.00"
