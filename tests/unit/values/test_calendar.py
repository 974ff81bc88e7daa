"""Days and months."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from billingcore import DateRangeError
from billingcore.values.calendar import (
    add_months,
    days_in_month,
    is_month_end,
    month_end,
    read_date,
)


class OwnDate(date):
    pass


class TestReadDate:
    @pytest.mark.parametrize(
        "given",
        [date(2026, 1, 31), OwnDate(2026, 1, 31), "2026-01-31"],
        ids=["date", "own", "text"],
    )
    def test_reads(self, given):
        """Dates, subclasses of date and ISO text are read as plain dates."""
        day = read_date(given)

        assert day == date(2026, 1, 31)
        assert type(day) is date

    @pytest.mark.parametrize(
        ("given", "rule"),
        [
            pytest.param(
                datetime(2026, 1, 31, tzinfo=UTC), "a datetime is not a date", id="moment"
            ),
            pytest.param("2026-02-29", "no such day", id="29 February"),
            pytest.param("2026-13-01", "no such day", id="month 13"),
            pytest.param("0000-01-01", "no such day", id="year 0"),
            pytest.param("2026-1-31", "not a date", id="short month"),
            pytest.param("20260131", "not a date", id="basic form"),
            pytest.param("2026-W05-6", "not a date", id="week form"),
            pytest.param("31.01.2026", "not a date", id="German form"),
            pytest.param("2026-01-31T00:00", "not a date", id="with time"),
            pytest.param("2026-01-31\n", "not a date", id="with line feed"),
            pytest.param("\uff12026-01-31", "not a date", id="full-width digit"),
            pytest.param("", "not a date", id="empty"),
            pytest.param(None, "not a date", id="None"),
            pytest.param(20260131, "not a date", id="number"),
        ],
    )
    def test_refuses(self, given, rule):
        """Everything else is refused with its value and a fix."""
        with pytest.raises(DateRangeError) as caught:
            read_date(given)

        assert (caught.value.rule, caught.value.value) == (rule, given)
        assert caught.value.fix


class TestAddMonths:
    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            ("2025-01-31", 1, "2025-02-28"),
            ("2025-01-31", 2, "2025-03-31"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-02-29", 48, "2028-02-29"),
            ("1896-02-29", 48, "1900-02-28"),
            ("2025-03-31", -1, "2025-02-28"),
            ("2025-01-15", -1, "2024-12-15"),
            ("2025-06-30", 0, "2025-06-30"),
        ],
    )
    def test_same_day_or_the_last(self, day, months, expected):
        """The day of the month stays, or is the month's last where it is shorter."""
        assert add_months(date.fromisoformat(day), months).isoformat() == expected

    @pytest.mark.parametrize(
        ("day", "months"),
        [(date(9999, 12, 1), 1), (date(1, 1, 31), -1), (date(2026, 1, 1), 10**30)],
        ids=["after 9999", "before 1", "absurd"],
    )
    def test_outside_the_calendar(self, day, months):
        """A month outside the years 1 to 9999 is refused with the day it was counted from."""
        with pytest.raises(DateRangeError, match="is outside the calendar") as caught:
            add_months(day, months)

        assert (caught.value.field, caught.value.value) == ("day", day.isoformat())


class TestMonthEnd:
    @pytest.mark.parametrize(
        ("day", "last"),
        [
            ("2026-02-10", 28),
            ("2024-02-10", 29),
            ("1900-02-01", 28),
            ("2000-02-29", 29),
            ("2026-04-30", 30),
        ],
    )
    def test_last_day(self, day, last):
        """The last day of a month is known in every kind of year."""
        on = date.fromisoformat(day)

        assert days_in_month(on) == last
        assert month_end(on) == on.replace(day=last)
        assert is_month_end(on) is (on.day == last)
