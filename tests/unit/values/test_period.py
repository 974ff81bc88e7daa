"""Stretches of days."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime

import pytest

from billingcore import DateRangeError, InvalidInputError, Period

JANUARY = Period("2026-01-01", "2026-02-01")


def texts(periods):
    """Write periods side by side."""
    return [str(period) for period in periods]


class TestMaking:
    def test_half_open(self):
        """A period has its start and not its stop; it shows the last day that belongs to it."""
        assert (JANUARY.start, JANUARY.stop) == (date(2026, 1, 1), date(2026, 2, 1))
        assert (JANUARY.first, JANUARY.last) == (date(2026, 1, 1), date(2026, 1, 31))
        assert (JANUARY.days, JANUARY.bounds) == (31, (JANUARY.start, JANUARY.stop))
        assert date(2026, 1, 31) in JANUARY
        assert date(2026, 2, 1) not in JANUARY
        assert date(2025, 12, 31) not in JANUARY

    @pytest.mark.parametrize(
        ("made", "written"),
        [
            (Period.closed(date(2025, 2, 10), date(2025, 3, 31)), "2025-02-10/2025-04-01"),
            (Period.closed("2026-01-31", "2026-01-31"), "2026-01-31/2026-02-01"),
            (Period.closed(None, "2026-01-31"), "../2026-02-01"),
            (Period.closed("2026-01-31", None), "2026-01-31/.."),
            (Period.closed(None, None), "../.."),
            (Period.day("2024-02-29"), "2024-02-29/2024-03-01"),
            (Period.month(2024, 2), "2024-02-01/2024-03-01"),
            (Period.month(2025, 12), "2025-12-01/2026-01-01"),
            (Period.quarter(2026, 1), "2026-01-01/2026-04-01"),
            (Period.quarter(2026, 4), "2026-10-01/2027-01-01"),
            (Period.year(2026), "2026-01-01/2027-01-01"),
        ],
        ids=[
            "closed",
            "closed day",
            "open start",
            "open end",
            "always",
            "day",
            "month",
            "december",
            "first quarter",
            "last quarter",
            "year",
        ],
    )
    def test_constructors(self, made, written):
        """Each constructor gives the days that its name says."""
        assert str(made) == written
        assert Period.parse(written) == made
        assert eval(repr(made)) == made  # noqa: S307
        assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301
        assert len({made, Period.parse(written)}) == 1

    def test_is_a_value(self):
        """Equal days are equal periods, others are not, and nothing can be changed."""
        assert Period.closed("2026-01-01", "2026-01-31") == JANUARY
        assert Period("2026-01-01", None) != JANUARY
        assert JANUARY != "2026-01-01/2026-02-01"
        with pytest.raises(AttributeError):
            JANUARY.start = date(2026, 1, 2)

    def test_open_ends(self):
        """An open end has no day, and no length can be counted to it."""
        always = Period(None, None)

        assert (always.first, always.last, always.is_bounded) == (None, None, False)
        assert date.min in always
        assert date.max in always
        assert JANUARY.is_bounded
        assert not Period("2026-01-01", None).is_bounded
        assert not Period(None, "2026-01-01").is_bounded
        for unbounded in (Period("2026-01-01", None), Period(None, "2026-01-01")):
            with pytest.raises(InvalidInputError, match="an open end; give both ends"):
                _ = unbounded.days


class TestRefusals:
    @pytest.mark.parametrize(
        ("start", "stop", "message"),
        [
            ("2026-01-02", "2026-01-02", "not after the start 2026-01-02; stop is the first day"),
            ("2026-01-02", "2026-01-01", "stop = '2026-01-01': not after the start"),
            ("2026-02-30", None, "Period: start = '2026-02-30': no such day"),
            (None, 5, "Period: stop = 5: not a date"),
            (datetime(2026, 1, 1, tzinfo=UTC), None, "a datetime is not a date"),
        ],
        ids=["empty", "backwards", "no such day", "number", "moment"],
    )
    def test_no_such_period(self, start, stop, message):
        """A period that is empty, backwards or of no dates cannot exist."""
        with pytest.raises(InvalidInputError) as caught:
            Period(start, stop)

        assert message in str(caught.value)
        assert caught.value.fix

    @pytest.mark.parametrize(
        ("constructor", "arguments"),
        [
            ("month", (2026, 0)),
            ("month", (2026, 13)),
            ("month", (0, 1)),
            ("month", (10_000, 1)),
            ("month", (2026, 1.0)),
            ("month", ("2026", 1)),
            ("month", (10**30, 1)),
            ("quarter", (2026, 0)),
            ("quarter", (2026, 5)),
            ("year", (None,)),
            ("year", (9999,)),
            ("day", ("9999-12-31",)),
            ("closed", ("9999-01-01", "9999-12-31")),
        ],
        ids=str,
    )
    def test_outside_the_calendar(self, constructor, arguments):
        """Months, quarters and years that do not exist, or whose end does not, are refused."""
        with pytest.raises(DateRangeError):
            getattr(Period, constructor)(*arguments)

    def test_a_quarter_is_a_number(self):
        """A quarter given as text is refused like a month given as text."""
        with pytest.raises(DateRangeError):
            Period.quarter(2026, "1")

    def test_the_last_day_of_the_calendar_can_be_a_stop(self):
        """The calendar's last day can end a period, and an open end includes it."""
        assert Period("9999-12-30", "9999-12-31").days == 1
        assert date.max in Period("9999-12-30", None)

    @pytest.mark.parametrize(
        "text", ["", "2026-01-01", "2026-01-01/", "/", "a/b", "2026-02-01/2026-01-01", "../../.."]
    )
    def test_text_that_is_no_period(self, text):
        """Text in another form is refused."""
        with pytest.raises(InvalidInputError):
            Period.parse(text)

    def test_text_without_a_slash(self):
        """Text without a slash is refused with the right form."""
        with pytest.raises(InvalidInputError, match="not a period; write two days with a slash"):
            Period.parse("2026-01-01..2026-02-01")


class TestIntersection:
    @pytest.mark.parametrize(
        ("other", "common"),
        [
            ("2026-01-15/2026-03-01", "2026-01-15/2026-02-01"),
            ("2025-01-15/2026-01-15", "2026-01-01/2026-01-15"),
            ("2026-01-10/2026-01-20", "2026-01-10/2026-01-20"),
            ("2025-01-01/2027-01-01", "2026-01-01/2026-02-01"),
            ("../..", "2026-01-01/2026-02-01"),
            ("2026-01-15/..", "2026-01-15/2026-02-01"),
            ("../2026-01-02", "2026-01-01/2026-01-02"),
        ],
    )
    def test_common_days(self, other, common):
        """Two periods have the later start and the earlier stop in common, in either order."""
        period, expected = Period.parse(other), Period.parse(common)

        assert JANUARY.intersection(period) == expected
        assert period.intersection(JANUARY) == expected
        assert JANUARY.overlaps(period)
        assert period.overlaps(JANUARY)

    @pytest.mark.parametrize(
        "other", ["2026-02-01/2026-03-01", "2025-12-01/2026-01-01", "2026-02-01/.."]
    )
    def test_adjacent_periods_have_none(self, other):
        """Periods that only touch share no day."""
        assert JANUARY.intersection(Period.parse(other)) is None
        assert not JANUARY.overlaps(Period.parse(other))

    def test_open_ends_stay_open(self):
        """What is open on both sides stays open."""
        assert (
            str(Period("2026-01-01", None).intersection(Period("2026-02-01", None)))
            == "2026-02-01/.."
        )
        assert (
            str(Period(None, "2026-01-01").intersection(Period(None, "2026-02-01")))
            == "../2026-01-01"
        )
        assert str(Period(None, None).intersection(Period(None, None))) == "../.."

    def test_covers(self):
        """A period covers itself and what lies inside, nothing that goes beyond."""
        assert JANUARY.covers(JANUARY)
        assert JANUARY.covers(Period.day("2026-01-31"))
        assert not JANUARY.covers(Period("2026-01-31", "2026-02-02"))
        assert not JANUARY.covers(Period("2026-01-01", None))
        assert Period(None, None).covers(JANUARY)
        assert not JANUARY.covers(Period.month(2026, 3))


class TestSplit:
    @pytest.mark.parametrize(
        ("borders", "parts"),
        [
            ([], ["2026-01-01/2026-02-01"]),
            (["2026-01-10"], ["2026-01-01/2026-01-10", "2026-01-10/2026-02-01"]),
            (
                [date(2026, 1, 31), "2026-01-10", "2026-01-10"],
                ["2026-01-01/2026-01-10", "2026-01-10/2026-01-31", "2026-01-31/2026-02-01"],
            ),
            (["2026-01-01", "2026-02-01", "2025-06-01"], ["2026-01-01/2026-02-01"]),
        ],
        ids=["no border", "one", "any order, twice", "ends and outside"],
    )
    def test_each_border_begins_a_part(self, borders, parts):
        """A border inside begins a part; others change nothing."""
        assert texts(JANUARY.split(borders)) == parts

    def test_open_ends(self):
        """Open ends stay with the outer parts."""
        assert texts(Period(None, None).split(["2026-01-01"])) == ["../2026-01-01", "2026-01-01/.."]

    def test_a_wrong_border(self):
        """A border that is no day is refused."""
        with pytest.raises(DateRangeError, match="borders = 'x': not a date"):
            JANUARY.split(["x"])
