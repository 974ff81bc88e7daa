"""Slices where nothing is billed, where the practice changes, and where periods are not whole.

Items cost 31.00 for January 2026 and 28.00 for February, that is 1.00 a day, unless a test says
otherwise.
"""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.engine.changing import (
    books,
    by_days,
    decimals,
    invoice,
    nets,
    plan,
    reasons,
    shown,
)

JANUARY, FEBRUARY, MARCH, APRIL = (bc.Period.month(2026, month) for month in range(1, 5))
START = "2026-01-01"


def daily_price(*changes, **fields):
    """Make an item of 31.00 a month with changes."""
    return by_days(price=31, changes=changes, **fields)


def billed(item, *periods, start=START, **switches):
    """Run and finalize period after period, and give the lines."""
    store = books(item, start=start)
    return [line for period in periods for line in invoice(store, period, **switches)]


class TestPauses:
    """Days of a pause are left out of billing periods that go on as they were."""

    @pytest.mark.parametrize(
        ("first", "last", "expected"),
        [
            ("2026-01-11", "2026-01-20", ["01-01..01-10 10.00", "01-21..01-31 11.00"]),
            ("2026-01-01", "2026-01-05", ["01-06..01-31 26.00"]),
            ("2026-01-27", "2026-01-31", ["01-01..01-26 26.00"]),
            ("2026-01-15", "2026-01-15", ["01-01..01-14 14.00", "01-16..01-31 16.00"]),
            ("2025-12-01", "2025-12-31", ["01-01..01-31 31.00"]),
            ("2026-02-01", "2026-02-28", ["01-01..01-31 31.00"]),
            ("2026-01-01", "2026-01-31", []),
            ("2025-12-01", None, []),
        ],
        ids=["inside", "first days", "last days", "a day", "before", "after", "whole", "open"],
    )
    def test_of_one_month(self, first, last, expected):
        """Each day that is not paused costs 1.00, each paused one nothing."""
        lines = billed(daily_price(bc.pause(first, last)), JANUARY)

        assert shown(lines) == [
            f"2026-{days}..2026-{rest}" for days, rest in (text.split("..") for text in expected)
        ]

    def test_over_a_border(self):
        """From 27 January to 5 February: 26.00, then 31.00 less 5/28 of it, 5.54."""
        lines = billed(daily_price(bc.pause("2026-01-27", "2026-02-05")), JANUARY, FEBRUARY)

        assert nets(lines) == decimals("26.00", "25.46")

    def test_over_whole_periods(self):
        """February is paused as a whole; March is billed as if nothing had been."""
        store = books(daily_price(bc.pause("2026-02-01", "2026-02-28")), start=START)
        invoice(store, JANUARY)
        february = plan(store, FEBRUARY)

        assert february.drafts == ()
        assert reasons(february) == ["S-1/seats PAUSED 2026-02-01..2026-02-28"]
        assert shown(invoice(store, MARCH)) == ["2026-03-01..2026-03-31 31.00"]

    def test_at_a_share(self):
        """Ten days at half the price cost 5.00, between ten and eleven whole ones."""
        lines = billed(daily_price(bc.pause("2026-01-11", "2026-01-20", share="0.5")), JANUARY)

        assert nets(lines) == decimals("10.00", "5.00", "11.00")

    def test_several(self):
        """Two pauses leave three slices, and overlapping ones are one."""
        pauses = [
            bc.pause("2026-01-05", "2026-01-06"),
            bc.pause("2026-01-20", "2026-01-25"),
            bc.pause("2026-01-22", "2026-01-28"),
        ]

        assert nets(billed(daily_price(*pauses), JANUARY)) == decimals("4.00", "13.00", "3.00")

    def test_resumed_by_a_change(self):
        """A pause without an end goes on over periods until the share is 1 again."""
        item = daily_price(bc.pause("2026-01-11"), bc.Change("2026-03-30", billed_share=1))

        assert shown(billed(item, JANUARY, FEBRUARY, MARCH)) == [
            "2026-01-01..2026-01-10 10.00",
            "2026-03-30..2026-03-31 2.00",
        ]

    def test_non_adjacent_slices_are_parts_of_the_whole(self):
        """Of 100.00, days 1 to 10 and 21 to 30 are 33.33 each: what a credit of 33.34 leaves."""
        item = by_days(changes=[bc.pause("2026-04-11", "2026-04-20")])

        assert nets(billed(item, APRIL, start="2026-04-01")) == decimals("33.33", "33.33")

    def test_in_arrears(self):
        """In arrears a paused month is billed at its end, in the same slices."""
        item = daily_price(
            bc.pause("2026-01-11", "2026-01-20"),
            billing_practice=bc.ARREARS,
            cadence=bc.quarterly(),
        )
        lines = billed(item, JANUARY, FEBRUARY, MARCH)

        # 31 x 10/90 = 3.44; 31.00 - 31 x 20/90 (6.89) = 24.11
        assert nets(lines) == decimals("3.44", "24.11")

    def test_an_item_under_a_pause_from_its_first_day(self):
        """Under `LEVEL` a trial is left out of a period that began with the contract."""
        item = daily_price(bc.trial("2026-01-01", "2026-01-20"))

        assert shown(billed(item, JANUARY, FEBRUARY)) == [
            "2026-01-21..2026-01-31 11.00",
            "2026-02-01..2026-02-28 31.00",
        ]

    @pytest.mark.parametrize(
        ("inside", "pause", "expected"),
        [
            (bc.ChangeInside.NEXT_PERIOD, ("2026-01-10", "2026-02-09"), [1, 3]),
            (bc.ChangeInside.WHOLE_PERIOD, ("2026-01-10", "2026-02-09"), [2, 3]),
            (bc.ChangeInside.NEXT_PERIOD, ("2026-01-10", "2026-01-20"), [1, 2, 3]),
            (bc.ChangeInside.WHOLE_PERIOD, ("2026-01-10", "2026-01-20"), [1, 2, 3]),
        ],
        ids=["next", "whole", "inside, next", "inside, whole"],
    )
    def test_at_borders_by_policy(self, inside, pause, expected):
        """Moved to borders, a pause over one is a month long, and one inside a month is none."""
        lines = billed(
            daily_price(bc.pause(*pause)), JANUARY, FEBRUARY, MARCH, change_inside=inside
        )

        assert [line.service_period.bounds[0].month for line in lines] == expected
        assert set(nets(lines)) == {31}

    def test_of_what_cannot_be_divided(self):
        """By NONE a pause inside a month costs the month; only whole months are left out."""
        none = {"proration": None, "billing_type": bc.RECURRING}
        inside = daily_price(bc.pause("2026-01-10", "2026-01-20"), **none)
        whole = daily_price(bc.pause("2026-02-01", "2026-02-28"), **none)

        assert nets(billed(inside, JANUARY, FEBRUARY)) == decimals("31.00", "31.00")
        assert shown(billed(whole, JANUARY, FEBRUARY, MARCH)) == [
            "2026-01-01..2026-01-31 31.00",
            "2026-03-01..2026-03-31 31.00",
        ]

    def test_a_run_inside_a_pause_finds_nothing_twice(self):
        """Runs during and after a pause do not bill its days later."""
        item = daily_price(bc.pause("2026-01-11", "2026-01-20"))
        weeks = [bc.Period(f"2026-01-{n:02}", f"2026-01-{n + 7:02}") for n in (1, 8, 15, 22)]
        lines = billed(item, *weeks, FEBRUARY)

        assert nets(lines) == decimals("10.00", "11.00", "31.00")


class TestPractice:
    """An item changes from advance to arrears, or back: each day is billed once, at its time."""

    def runs(self, practice, change, **switches):
        """Give the lines of the runs of January to June, of 90.00 for 90 days and 91.00 for 91."""
        to = bc.Change("2026-02-10", billing_practice=change)
        item = by_days(price=90, cadence=bc.quarterly(), billing_practice=practice, changes=[to])
        store = books(item, start=START)
        return [shown(invoice(store, bc.Period.month(2026, m), **switches)) for m in range(1, 7)]

    @pytest.mark.parametrize("catch_up", [bc.CatchUp.ONE, bc.CatchUp.EVERY], ids=str)
    def test_from_advance_to_arrears(self, catch_up):
        """40 days are billed in January, the other 50 at the end of March, then each quarter's end."""
        assert self.runs(bc.ADVANCE, bc.ARREARS, catch_up=catch_up) == [
            ["2026-01-01..2026-02-09 40.00"],
            [],
            ["2026-02-10..2026-03-31 50.00"],
            [],
            [],
            ["2026-04-01..2026-06-30 90.00"],
        ]

    @pytest.mark.parametrize("catch_up", [bc.CatchUp.ONE, bc.CatchUp.EVERY], ids=str)
    def test_from_arrears_to_advance(self, catch_up):
        """February's run finds 40 days that ended and 50 that began; April is billed in April."""
        assert self.runs(bc.ARREARS, bc.ADVANCE, catch_up=catch_up) == [
            [],
            ["2026-01-01..2026-02-09 40.00", "2026-02-10..2026-03-31 50.00"],
            [],
            ["2026-04-01..2026-06-30 90.00"],
            [],
            [],
        ]


class TestRhythms:
    """Slices of first parts that are aligned, of merged periods, and of what is caught up."""

    def test_sync(self):
        """50 days to the quarter are 19 at 1.00 and 31 at 2.00; the year from April is whole."""
        item = by_days(
            price=365, cadence=bc.yearly(), sync_with=bc.NEXT_QUARTER, start="2026-02-10"
        ).changed(bc.Change("2026-03-01", unit_price=730))

        assert shown(billed(item, MARCH, APRIL)) == [
            "2026-02-10..2026-02-28 19.00",
            "2026-03-01..2026-03-31 62.00",
            "2026-04-01..2027-03-31 730.00",
        ]

    UPGRADE = bc.Change("2026-02-10", unit_price=56)

    def test_merged(self):
        """Three months on one line become two: 1 and 9/28 at 28.00, 19/28 and 1 at 56.00."""
        lines = billed(by_days(price=28, changes=[self.UPGRADE]), MARCH, catch_up=bc.CatchUp.MERGED)

        assert shown(lines) == ["2026-01-01..2026-02-09 37.00", "2026-02-10..2026-03-31 94.00"]

    def test_every(self):
        """With a line for each period the same three months are four."""
        lines = billed(by_days(price=28, changes=[self.UPGRADE]), MARCH)

        assert nets(lines) == decimals("28.00", "9.00", "38.00", "56.00")

    def test_one(self):
        """With one period a run, both slices of the month are billed by one run."""
        lines = billed(
            by_days(price=28, changes=[self.UPGRADE]),
            JANUARY,
            FEBRUARY,
            MARCH,
            policy=bc.DOCUMENTED,
        )

        assert nets(lines) == decimals("28.00", "9.00", "38.00", "56.00")

    def test_forgiven(self):
        """What is forgiven is waived with its changes; the run's own month has the new price."""
        lines = billed(
            by_days(price=28, changes=[self.UPGRADE]), MARCH, catch_up=bc.CatchUp.FORGIVE
        )

        assert shown(lines) == ["2026-03-01..2026-03-31 56.00"]

    def test_a_merged_pause(self):
        """Merged, a pause over a border splits the line in two: 26 of 31 days, and 23 of 28 on."""
        item = daily_price(bc.pause("2026-01-27", "2026-02-05"))
        lines = billed(item, MARCH, catch_up=bc.CatchUp.MERGED)

        # 25.46 and 31.00 of February and March on one line
        assert shown(lines) == ["2026-01-01..2026-01-26 26.00", "2026-02-06..2026-03-31 56.46"]
