"""Alignment to a common boundary: behavior 2.6."""

from __future__ import annotations

from datetime import date

import pytest

from billingcore import (
    FISCAL_HALF_YEAR,
    FISCAL_QUARTER,
    FISCAL_YEAR,
    LEVEL,
    NEXT_HALF_YEAR,
    NEXT_MONTH,
    NEXT_QUARTER,
    NEXT_YEAR,
    RECURRING,
    monthly,
    yearly,
)
from billingcore.periods.grid import grid_of
from tests.unit.periods.scheduling import ask, covered, factors, item, run_of, services


def lines(one, until, policy=LEVEL, **switches):
    """List all that is due until a day, from 10 February 2025 on."""
    due = ask(run_of(f"2025-02-01..{until}", policy, **switches), one, start="2025-02-10")
    return list(zip(services(due), factors(due), strict=True))


class TestWorkedExamples:
    def test_three_months_to_the_quarter(self):
        """10 February to 31 March is 47/28, then the quarter from 1 April is three months."""
        assert lines(item(cadence=monthly(3), sync_with=NEXT_QUARTER), "2025-04-30") == [
            ("2025-02-10..2025-03-31", "47/28"),
            ("2025-04-01..2025-06-30", "3"),
        ]

    def test_plain_recurring_costs_the_whole_period(self):
        """Without proration the aligned first period costs three months."""
        one = item(cadence=monthly(3), sync_with=NEXT_QUARTER, billing_type=RECURRING)

        assert lines(one, "2025-02-28") == [("2025-02-10..2025-03-31", "3")]

    def test_a_year_to_the_quarter(self):
        """A year begins on the first quarter that is reached."""
        assert lines(item(cadence=yearly(), sync_with=NEXT_QUARTER), "2025-04-30") == [
            ("2025-02-10..2025-03-31", "47/336"),
            ("2025-04-01..2026-03-31", "1"),
        ]

    def test_months_to_the_quarter(self):
        """Months run from the 10th until the quarter cuts one, and from the 1st afterwards."""
        assert lines(item(cadence=monthly(), sync_with=NEXT_QUARTER), "2025-04-30") == [
            ("2025-02-10..2025-03-09", "1"),
            ("2025-03-10..2025-03-31", "22/31"),
            ("2025-04-01..2025-04-30", "1"),
        ]

    def test_aligned_once(self):
        """Two months run on from the first boundary and are never aligned again."""
        assert [
            days
            for days, _ in lines(item(cadence=monthly(2), sync_with=NEXT_QUARTER), "2025-08-31")
        ] == [
            "2025-02-10..2025-03-31",
            "2025-04-01..2025-05-31",
            "2025-06-01..2025-07-31",
            "2025-08-01..2025-09-30",
        ]

    def test_run_by_run(self):
        """A later run finds the same boundary from what is covered."""
        one = item(cadence=monthly(2), sync_with=NEXT_QUARTER)
        due = ask(run_of("2025-06-01..2025-06-30"), one, covered("2025-02-10..2025-05-31"))

        assert services(due) == ["2025-06-01..2025-07-31"]


class TestGrids:
    @pytest.mark.parametrize(
        ("sync", "fiscal_start", "boundary"),
        [
            (NEXT_MONTH, 1, "2025-03-01"),
            (NEXT_QUARTER, 1, "2025-04-01"),
            (NEXT_HALF_YEAR, 1, "2025-07-01"),
            (NEXT_YEAR, 1, "2026-01-01"),
            (FISCAL_QUARTER, 1, "2025-04-01"),
            (FISCAL_QUARTER, 2, "2025-05-01"),
            (FISCAL_QUARTER, 6, "2025-03-01"),
            (FISCAL_HALF_YEAR, 4, "2025-04-01"),
            (FISCAL_HALF_YEAR, 3, "2025-03-01"),
            (FISCAL_YEAR, 4, "2025-04-01"),
            (FISCAL_YEAR, 2, "2026-02-01"),
            (NEXT_QUARTER, 2, "2025-04-01"),
            (NEXT_YEAR, 7, "2026-01-01"),
        ],
    )
    def test_boundary(self, sync, fiscal_start, boundary):
        """Alignment ends at the grid's first boundary after 10 February; only fiscal grids move."""
        grid = grid_of(yearly(), date(2025, 2, 10), sync, fiscal_start)

        assert grid.boundary.isoformat() == boundary
        assert grid.border_after(date(2025, 2, 10)).isoformat() == boundary
        assert grid.rhythm_of(grid.boundary).anchor == grid.boundary
        assert grid.border_after(grid.boundary) == grid.boundary.replace(
            year=grid.boundary.year + 1
        )

    @pytest.mark.parametrize(
        ("sync", "fiscal_start"),
        [(NEXT_MONTH, 1), (NEXT_QUARTER, 1), (NEXT_HALF_YEAR, 1), (NEXT_YEAR, 1), (FISCAL_YEAR, 1)],
    )
    def test_a_start_on_a_boundary(self, sync, fiscal_start):
        """What starts on a boundary is aligned already."""
        grid = grid_of(yearly(), date(2025, 1, 1), sync, fiscal_start)

        assert grid.boundary is None
        assert grid.border_after(date(2025, 1, 1)) == date(2026, 1, 1)

    def test_without(self):
        """Without alignment the natural rhythm runs from the first day."""
        grid = grid_of(monthly(), date(2025, 2, 10), None, 1)

        assert (grid.boundary, grid.border_after(date(2025, 2, 10))) == (None, date(2025, 3, 10))

    def test_the_policy_has_the_fiscal_year(self):
        """The fiscal year's first month comes from the policy."""
        one = item(cadence=yearly(), sync_with=FISCAL_QUARTER)

        assert lines(one, "2025-02-28", fiscal_year_start=3)[0][0] == "2025-02-10..2025-02-28"
