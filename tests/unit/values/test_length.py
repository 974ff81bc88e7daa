"""Lengths of terms and notices, by hand; the laws are in the property tests."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime

import pytest

from billingcore import (
    DAY,
    HALF_YEAR,
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    DateRangeError,
    InvalidInputError,
)
from billingcore.values.length import Length

# What the products offer (behaviour 2.11).
RENEWALS = [
    *("1d", "7d", "14d", "21d", "30d", "18m", "24m", "36m", "48m"),
    *(f"{months}m" for months in range(1, 13)),
]


class TestMaking:
    @pytest.mark.parametrize("text", [*RENEWALS, "2w", "52w", "1y", "10y", "1200d", "1200y"])
    def test_what_is_written_is_read(self, text):
        """Every length that the products offer, and others, are read and written alike."""
        assert str(Length.parse(text)) == text

    def test_parts(self):
        """The letter of the text is the unit."""
        assert Length.parse("14d") == Length(14, DAY)
        assert Length.parse("2w") == Length(2, WEEK)
        assert Length.parse("3m") == Length(3, MONTH)
        assert Length.parse("1y") == Length(1, YEAR)

    def test_a_year_is_not_twelve_months(self):
        """Lengths are equal if they are written alike, not if they reach the same days."""
        year, months = Length.parse("1y"), Length.parse("12m")

        assert year != months
        assert year.after("2026-03-31") == months.after("2026-03-31") == date(2027, 3, 31)

    @pytest.mark.parametrize(
        ("text", "counts_months", "step"),
        [("5d", False, 5), ("3w", False, 21), ("7m", True, 7), ("2y", True, 24)],
        ids=["days", "weeks", "months", "years"],
    )
    def test_in_months_or_days(self, text, counts_months, step):
        """Every length is a number of whole days or of whole months."""
        length = Length.parse(text)

        assert (length.counts_months, length.step) == (counts_months, step)

    @pytest.mark.parametrize(
        "text",
        [
            *("", "m", "3", "0m", "1201d", "12000m", "-3m", "+3m", "3.5m", "3M", "3q", " 3m"),
            *("3 m", "3m\n", "3mm", "٣m", "P3M", "3 months"),
        ],
    )
    def test_other_text(self, text):
        """Text of another form is refused with itself and with what to write instead."""
        message = r"^Length: text = .+: not a length; write .+ from 1 to 1200 and d, w, m or y"
        with pytest.raises(InvalidInputError, match=message):
            Length.parse(text)

    def test_no_text(self):
        """What is no text at all is refused as such."""
        with pytest.raises(InvalidInputError, match=r"^Length: text = 3: "):
            Length.parse(3)

    @pytest.mark.parametrize("count", [0, -1, 1201, True, "3", 1.0, None])
    def test_other_counts(self, count):
        """The count is a whole number from 1 to 1,200."""
        with pytest.raises(InvalidInputError, match=r"^Length: count = .+: not a count; use"):
            Length(count, MONTH)

    @pytest.mark.parametrize(
        ("unit", "message"),
        [
            (QUARTER, "unit = 'QUARTER': lengths count days, weeks, months or years; write it in"),
            (HALF_YEAR, "unit = 'HALF_YEAR': lengths count days, weeks, months or years; write it"),
            ("m", "unit = 'm': not a Unit"),
        ],
        ids=["quarter", "half year", "letter"],
    )
    def test_other_units(self, unit, message):
        """Quarters and half years are written in months, and a unit is a `Unit`."""
        with pytest.raises(InvalidInputError, match=f"^Length: {message}"):
            Length(1, unit)

    def test_survives_being_written_and_pickled(self):
        """What `repr` shows makes an equal length, and so does a pickle; equal ones are one key."""
        length = Length(3, MONTH)

        assert repr(length) == "Length.parse('3m')"
        assert pickle.loads(pickle.dumps(length)) == length  # noqa: S301 - our own bytes
        assert {length, Length.parse("3m")} == {length}


class TestAfter:
    @pytest.mark.parametrize(
        ("text", "day", "expected"),
        [
            pytest.param("1d", "2026-12-31", "2027-01-01", id="day over new year"),
            pytest.param("30d", "2026-01-31", "2026-03-02", id="thirty days over February"),
            pytest.param("2w", "2024-02-20", "2024-03-05", id="fortnight over a leap day"),
            pytest.param("1m", "2026-01-15", "2026-02-15", id="same day"),
            pytest.param("1m", "2026-01-31", "2026-02-28", id="shorter month"),
            pytest.param("2m", "2026-01-31", "2026-03-31", id="31st again"),
            pytest.param("1m", "2026-02-28", "2026-03-28", id="month end is no day of its own"),
            pytest.param("18m", "2024-08-31", "2026-02-28", id="18 months"),
            pytest.param("1y", "2024-02-29", "2025-02-28", id="year after a leap day"),
            pytest.param("4y", "2024-02-29", "2028-02-29", id="leap day again"),
        ],
    )
    def test_by_hand(self, text, day, expected):
        """It is the same day of a later month, or its last, or so many days later."""
        assert Length.parse(text).after(day) == date.fromisoformat(expected)

    @pytest.mark.parametrize("text", ["1d", "1w", "1m", "1y", "1200y"])
    def test_end_of_the_calendar(self, text):
        """A day after the year 9999 is refused."""
        with pytest.raises(DateRangeError, match="from here is outside the calendar"):
            Length.parse(text).after(date.max)

    def test_no_moment(self):
        """A moment is no day before somebody has chosen a zone."""
        with pytest.raises(DateRangeError, match="a datetime is not a date"):
            Length.parse("1m").after(datetime(2026, 1, 1, tzinfo=UTC))


class TestBefore:
    @pytest.mark.parametrize(
        ("text", "day", "expected"),
        [
            pytest.param("14d", "2026-03-31", "2026-03-17", id="fortnight in days"),
            pytest.param("2w", "2026-03-10", "2026-02-24", id="fortnight in weeks"),
            pytest.param("3m", "2026-12-31", "2026-09-30", id="quarter before the year's end"),
            pytest.param("1m", "2026-02-28", "2026-01-31", id="all of late January reaches it"),
            pytest.param("1m", "2028-02-28", "2028-01-28", id="in a leap year the 28th is no end"),
            pytest.param("1m", "2026-04-30", "2026-03-31", id="longer month"),
            pytest.param("1m", "2026-03-30", "2026-02-28", id="shorter month"),
            pytest.param("1m", "2026-03-31", "2026-02-28", id="shorter month's end"),
            pytest.param("1m", "2026-03-15", "2026-02-15", id="same day"),
            pytest.param("1y", "2025-02-28", "2024-02-29", id="leap day"),
            pytest.param("1y", "2028-02-29", "2027-02-28", id="year before a leap day"),
        ],
    )
    def test_by_hand(self, text, day, expected):
        """It is the last day from which the length does not lead past the given day."""
        assert Length.parse(text).before(day) == date.fromisoformat(expected)

    @pytest.mark.parametrize("text", ["1d", "1w", "1m", "1y"])
    def test_begin_of_the_calendar(self, text):
        """A day before the year 1 is refused."""
        with pytest.raises(DateRangeError, match="from here is outside the calendar"):
            Length.parse(text).before("0001-01-01")


class TestTimes:
    def test_all_at_once(self):
        """Several lengths in a row are one, which does not drift."""
        month = Length.parse("1m")

        assert str(month.times(2)) == "2m"
        assert month.times(2).after("2026-01-31") == date(2026, 3, 31)
        assert month.after(month.after("2026-01-31")) == date(2026, 3, 28)

    @pytest.mark.parametrize(
        ("n", "field"),
        [(0, "n"), (-1, "n"), (1.5, "n"), (401, "count")],
        ids=["zero", "negative", "not whole", "1203 months"],
    )
    def test_other_numbers(self, n, field):
        """It cannot vanish, and stays as short as any length."""
        with pytest.raises(InvalidInputError, match=f"^Length: {field} = .+: not a count"):
            Length.parse("3m").times(n)
