"""Laws of rhythms: no gap, no overlap, no drift, for 400 years and for any cadence."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingcore import DAY, HALF_YEAR, MONTH, MONTH_END, QUARTER, WEEK, YEAR, Cadence, Period
from tests.strategies import UNITS_OF_MONTHS, cadences, days, open_periods

# 400 years are a whole turn of the calendar: 146,097 days, or 20,871 weeks, or 4,800 months.
TURN = {DAY: 146_097, WEEK: 20_871, MONTH: 4_800, QUARTER: 1_600, HALF_YEAR: 800, YEAR: 400}
MONTHS = {MONTH: 1, QUARTER: 3, HALF_YEAR: 6, YEAR: 12}
NAMES = [unit.name.lower() for unit in UNITS_OF_MONTHS]
LEAP_YEAR = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def last_of(year, month):
    """Count the days of a month by the Gregorian rule, without the calendar module."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and is_leap else MONTH_LENGTHS[month - 1]


def expected_start(anchor, months, day):
    """Work out the day so many months after an anchor, on that day of the month or the last."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return date(year, month + 1, min(day, last_of(year, month + 1)))


def where_it_belongs(anchor, n, unit):
    """Work out the n-th start of any unit."""
    if unit in MONTHS:
        return expected_start(anchor, n * MONTHS[unit], anchor.day)
    return anchor + timedelta(days=n * (7 if unit is WEEK else 1))


class TestFourHundredYears:
    @pytest.mark.parametrize("unit", UNITS_OF_MONTHS, ids=NAMES)
    def test_without_a_hole(self, unit):
        """From each anchor of a first period, all starts of 400 years are on the day or the last.

        The anchors of a first period are enough to meet every start there is: a later anchor is
        the start of a later period.
        """
        months = MONTHS[unit]
        anchors = [day for day in LEAP_YEAR if day.month <= months]
        for anchor in anchors:
            cadence = Cadence(1, unit, anchor)
            starts = [cadence.start(n) for n in range(TURN[unit] + 1)]

            assert starts == [
                expected_start(anchor, n * months, anchor.day) for n in range(TURN[unit] + 1)
            ]

    @pytest.mark.parametrize("unit", UNITS_OF_MONTHS, ids=NAMES)
    def test_month_ends(self, unit):
        """From each of twelve month ends, all starts of 400 years are month ends, and found."""
        for month in range(1, 13):
            anchor = date(2024, month, last_of(2024, month))
            cadence = Cadence(1, unit, anchor, day=MONTH_END)
            starts = [cadence.start(n) for n in range(TURN[unit] + 1)]

            assert starts == [
                expected_start(anchor, n * MONTHS[unit], 31) for n in range(TURN[unit] + 1)
            ]
            assert [cadence.index(start) for start in starts] == list(range(TURN[unit] + 1))

    @pytest.mark.parametrize("unit", list(TURN), ids=lambda unit: unit.name.lower())
    def test_from_every_anchor_of_a_leap_year(self, unit):
        """From each of 366 anchors, 24 starts across 400 years are where they belong, and found."""
        step = TURN[unit] // 23
        for anchor in LEAP_YEAR:
            cadence = Cadence(1, unit, anchor)
            for n in range(0, TURN[unit] + 1, step):
                start = cadence.start(n)

                assert start == where_it_belongs(anchor, n, unit)
                assert cadence.index(start) == n
                assert cadence.index(start - timedelta(days=1)) == n - 1

    @pytest.mark.parametrize("unit", list(TURN), ids=lambda unit: unit.name.lower())
    def test_a_whole_turn(self, unit):
        """After 400 years every rhythm is back on its anchor's day."""
        for anchor in LEAP_YEAR:
            assert Cadence(1, unit, anchor).start(TURN[unit]) == anchor.replace(year=2424)


class TestAnyCadence:
    @given(cadences(), st.integers(-60, 60))
    def test_periods_are_adjacent(self, cadence, n):
        """Each period ends where the next one starts, and starts grow strictly."""
        starts = [cadence.start(k) for k in range(n, n + 6)]

        assert all(before < after for before, after in pairwise(starts))
        assert cadence.period(n).stop == cadence.period(n + 1).start

    @given(cadences(), st.integers(-60, 60))
    def test_the_index_of_a_start(self, cadence, n):
        """The n-th start is in period n, the day before in the one before."""
        start = cadence.start(n)

        assert cadence.index(start) == n
        assert cadence.index(start - timedelta(days=1)) == n - 1

    @given(cadences(), days())
    def test_every_day_is_in_its_period(self, cadence, day):
        """A day lies in the period that its index names, and in no other one."""
        n = cadence.index(day)

        assert day in cadence.period_of(day)
        assert day not in cadence.period(n - 1)
        assert day not in cadence.period(n + 1)

    @given(cadences(UNITS_OF_MONTHS), st.integers(-60, 60))
    def test_no_drift(self, cadence, n):
        """A start is on the anchor's day of the month, or on the month's last."""
        start = cadence.start(n)
        day = 31 if cadence.day is MONTH_END else cadence.anchor.day

        assert start.day == min(day, last_of(start.year, start.month))

    @given(cadences(), st.integers(-30, 30), st.integers(1, 5))
    def test_whole_periods_are_counted(self, cadence, n, count):
        """A row of periods is recognized, and no longer so when the day before it is added."""
        start, stop = cadence.start(n), cadence.start(n + count)
        before = start - timedelta(days=1)

        assert cadence.whole_periods(Period(start, stop)) == count
        is_border = cadence.start(n - 1) == before
        assert cadence.whole_periods(Period(before, stop)) == (count + 1 if is_border else 0)

    @given(open_periods(), cadences())
    def test_a_cadence_and_a_period_do_not_touch_each_other(self, period, cadence):
        """Anchoring gives a new value and leaves the old one as it was."""
        before = str(cadence)
        day = period.start or date(2026, 1, 1)

        assert cadence.anchored(day) == cadence
        assert cadence.anchored_anew(day).index(day) in {0, -1}
        assert str(cadence) == before
