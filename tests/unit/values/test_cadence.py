"""Rhythms, by hand; the laws are in the property tests."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from billingcore import (
    DAY,
    HALF_YEAR,
    MONTH,
    MONTH_END,
    QUARTER,
    WEEK,
    YEAR,
    Cadence,
    DateRangeError,
    InvalidInputError,
    Period,
    daily,
    half_yearly,
    monthly,
    quarterly,
    weekly,
    yearly,
)


def starts(cadence, first=0, count=4):
    """Write the first days of some periods side by side."""
    return " ".join(cadence.start(n).isoformat() for n in range(first, first + count))


class TestStart:
    @pytest.mark.parametrize(
        ("cadence", "expected"),
        [
            pytest.param(
                monthly(anchor="2025-01-31"),
                "2025-01-31 2025-02-28 2025-03-31 2025-04-30",
                id="31st",
            ),
            pytest.param(
                monthly(anchor="2024-01-30"),
                "2024-01-30 2024-02-29 2024-03-30 2024-04-30",
                id="30th",
            ),
            pytest.param(
                monthly(anchor="2025-04-30", day=MONTH_END),
                "2025-04-30 2025-05-31 2025-06-30 2025-07-31",
                id="month end from 30 April",
            ),
            pytest.param(
                monthly(anchor="2025-04-30"),
                "2025-04-30 2025-05-30 2025-06-30 2025-07-30",
                id="30 April as it is",
            ),
            pytest.param(
                quarterly(anchor="2025-08-31"),
                "2025-08-31 2025-11-30 2026-02-28 2026-05-31",
                id="quarters",
            ),
            pytest.param(
                half_yearly(anchor="2025-08-31"),
                "2025-08-31 2026-02-28 2026-08-31 2027-02-28",
                id="half years",
            ),
            pytest.param(
                yearly(anchor="2024-02-29"),
                "2024-02-29 2025-02-28 2026-02-28 2027-02-28",
                id="leap day",
            ),
            pytest.param(
                yearly(anchor="2023-02-28", day=MONTH_END),
                "2023-02-28 2024-02-29 2025-02-28 2026-02-28",
                id="end of February",
            ),
            pytest.param(
                monthly(5, anchor="2025-10-31"),
                "2025-10-31 2026-03-31 2026-08-31 2027-01-31",
                id="five months",
            ),
            pytest.param(
                weekly(2, anchor="2026-01-01"),
                "2026-01-01 2026-01-15 2026-01-29 2026-02-12",
                id="fortnights",
            ),
            pytest.param(
                daily(10, anchor="2024-02-25"),
                "2024-02-25 2024-03-06 2024-03-16 2024-03-26",
                id="ten days",
            ),
        ],
    )
    def test_counted_from_the_anchor(self, cadence, expected):
        """The n-th period starts n steps from the anchor, on its day or the month's last."""
        assert starts(cadence) == expected

    def test_backwards(self):
        """Periods before the anchor have negative numbers."""
        assert starts(monthly(anchor="2025-03-31"), -2, 3) == "2025-01-31 2025-02-28 2025-03-31"
        assert starts(weekly(anchor="2026-01-08"), -1, 2) == "2026-01-01 2026-01-08"

    def test_a_leap_day_comes_back(self):
        """A yearly leap day is on the 29th again in the next leap year."""
        assert yearly(anchor="2024-02-29").start(4) == date(2028, 2, 29)

    @pytest.mark.parametrize(
        ("cadence", "n"),
        [
            (monthly(anchor="9999-12-01"), 1),
            (monthly(anchor="0001-01-01"), -1),
            (daily(anchor="9999-12-31"), 1),
            (weekly(anchor="0001-01-01"), -1),
            (daily(anchor="2026-01-01"), 10**30),
        ],
        ids=["month after", "month before", "day after", "week before", "absurd"],
    )
    def test_outside_the_calendar(self, cadence, n):
        """A period that would start outside the years 1 to 9999 is refused."""
        with pytest.raises(DateRangeError, match="outside the calendar"):
            cadence.start(n)

    def test_the_last_period_of_the_calendar(self):
        """The period before the calendar's end is there, the one that reaches beyond is not."""
        december = monthly(anchor="9999-11-01")

        assert december.period(0) == Period("9999-11-01", "9999-12-01")
        assert december.index(date.max) == 1
        with pytest.raises(DateRangeError):
            december.period(1)


class TestIndex:
    @pytest.mark.parametrize(
        ("cadence", "day", "n"),
        [
            (monthly(anchor="2025-01-31"), "2025-02-27", 0),
            (monthly(anchor="2025-01-31"), "2025-02-28", 1),
            (monthly(anchor="2025-01-31"), "2025-03-30", 1),
            (monthly(anchor="2025-01-31"), "2025-01-30", -1),
            (monthly(3, anchor="2025-01-31"), "2025-04-29", 0),
            (monthly(3, anchor="2025-01-31"), "2025-04-30", 1),
            (yearly(anchor="2024-02-29"), "2025-02-27", 0),
            (yearly(anchor="2024-02-29"), "2025-02-28", 1),
            (monthly(anchor="2025-04-30", day=MONTH_END), "2025-05-30", 0),
            (monthly(anchor="2025-04-30", day=MONTH_END), "2025-05-31", 1),
            (weekly(anchor="2026-01-01"), "2025-12-31", -1),
            (weekly(anchor="2026-01-01"), "2026-01-08", 1),
            (daily(2, anchor="2026-01-01"), "2026-01-04", 1),
        ],
    )
    def test_which_period_a_day_is_in(self, cadence, day, n):
        """A day is in the last period that has begun."""
        on = date.fromisoformat(day)

        assert cadence.index(on) == n
        assert on in cadence.period_of(on)


class TestWholePeriods:
    @pytest.mark.parametrize(
        ("cadence", "part", "count"),
        [
            (monthly(anchor="2025-01-31"), "2025-02-28/2025-03-31", 1),
            (monthly(anchor="2025-01-31"), "2025-01-31/2025-04-30", 3),
            (monthly(anchor="2025-01-31"), "2025-02-28/2025-03-28", 0),
            (monthly(anchor="2025-01-31"), "2025-03-01/2025-03-31", 0),
            (monthly(3, anchor="2025-01-01"), "2025-01-01/2025-03-01", 0),
            (weekly(anchor="2026-01-01"), "2026-01-08/2026-01-29", 3),
            (weekly(anchor="2026-01-01"), "2026-01-09/2026-01-30", 0),
        ],
    )
    def test_counts_a_row(self, cadence, part, count):
        """A part that begins and ends on borders is a row of whole periods; others count none."""
        assert cadence.whole_periods(Period.parse(part)) == count


class TestFiscal:
    @pytest.mark.parametrize(
        ("unit", "first_month", "day", "period"),
        [
            (MONTH, 1, "2026-05-20", "2026-05-01/2026-06-01"),
            (QUARTER, 1, "2026-05-20", "2026-04-01/2026-07-01"),
            (QUARTER, 2, "2026-04-30", "2026-02-01/2026-05-01"),
            (QUARTER, 12, "2026-01-31", "2025-12-01/2026-03-01"),
            (HALF_YEAR, 4, "2026-01-31", "2025-10-01/2026-04-01"),
            (YEAR, 7, "2026-06-30", "2025-07-01/2026-07-01"),
            (YEAR, 1, "1999-12-31", "1999-01-01/2000-01-01"),
        ],
    )
    def test_grids(self, unit, first_month, day, period):
        """A fiscal grid begins with the fiscal year's first month, in every year."""
        grid = Cadence.fiscal(unit, first_month)

        assert str(grid.period_of(date.fromisoformat(day))) == period

    @pytest.mark.parametrize("first_month", [0, 13, "1"])
    def test_no_such_month(self, first_month):
        """A fiscal year begins with one of twelve months."""
        with pytest.raises(DateRangeError):
            Cadence.fiscal(YEAR, first_month)


class TestMaking:
    @pytest.mark.parametrize(
        ("make", "unit", "text"),
        [
            (daily, DAY, "every 3 days"),
            (weekly, WEEK, "every 3 weeks"),
            (monthly, MONTH, "every 3 months"),
            (quarterly, QUARTER, "every 3 quarters"),
            (half_yearly, HALF_YEAR, "every 3 half years"),
            (yearly, YEAR, "every 3 years"),
        ],
        ids=["day", "week", "month", "quarter", "half year", "year"],
    )
    def test_short_names(self, make, unit, text):
        """Each unit has a short name, which counts one by default, and says what it is."""
        assert make(3, anchor="2026-01-01") == Cadence(3, unit, anchor=date(2026, 1, 1))
        assert str(make(3)) == text
        assert str(make()) == text.replace("3 ", "").removesuffix("s")

    def test_is_a_value(self):
        """Equal rhythms are equal, hash alike, and survive pickling."""
        cadence = monthly(2, anchor="2026-01-31", day=MONTH_END)

        assert pickle.loads(pickle.dumps(cadence)) == cadence  # noqa: S301
        assert len({cadence, monthly(2, anchor="2026-01-31", day=MONTH_END)}) == 1
        assert cadence != monthly(2, anchor="2026-01-31")

    def test_anchored(self):
        """A length without an anchor gets one; an anchor of its own stays unless made anew."""
        day, own = date(2026, 1, 15), monthly(anchor="2026-01-31")

        assert monthly().anchored(day) == monthly(anchor=day)
        assert own.anchored(day) == own
        assert own.anchored_anew(day) == monthly(anchor=day)
        assert monthly(day=MONTH_END).anchored(day).anchor == date(2026, 1, 31)

    def test_month_end_moves_the_anchor(self):
        """An anchor at month end is the month's last day, whichever day was given."""
        assert monthly(anchor="2024-02-10", day=MONTH_END).anchor == date(2024, 2, 29)

    @pytest.mark.parametrize("ask", ["start", "period"])
    def test_without_an_anchor(self, ask):
        """A length alone has no n-th period."""
        with pytest.raises(InvalidInputError, match="the cadence has no anchor; give an anchor"):
            getattr(monthly(), ask)(0)
        with pytest.raises(InvalidInputError, match="the cadence has no anchor"):
            monthly().index(date(2026, 1, 1))

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"count": 0}, "count = 0: not a count; use a whole number from 1 to 1200"),
            ({"count": 1201}, "count = 1201: not a count"),
            ({"count": -1}, "count = -1: not a count"),
            ({"count": True}, "count = True: not a count"),
            ({"count": 1.0}, "not a count"),
            ({"unit": "month"}, "unit = 'month': not a Unit; use one of Unit.DAY"),
            ({"unit": 7}, "unit = 7: not a Unit"),
            ({"anchor": "2026-02-29"}, "anchor = '2026-02-29': no such day"),
            ({"unit": WEEK, "day": MONTH_END}, "month end needs a unit of months"),
            ({"unit": DAY, "day": MONTH_END}, "month end needs a unit of months"),
            ({"day": "last"}, "day = 'last': not an AnchorDay"),
        ],
        ids=str,
    )
    def test_refuses(self, arguments, message):
        """Counts, units, anchors and days that are not possible are refused by name."""
        with pytest.raises(InvalidInputError) as caught:
            Cadence(**{"count": 1, "unit": MONTH, **arguments})

        assert message in str(caught.value)
        assert str(caught.value).startswith("Cadence: ")
