"""How every proration convention derives its factor."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore import proration
from billingcore.periods.derivation import as_given

DERIVATIONS = [
    ("CALENDAR_MONTHS", "2025-02-10", "2025-03-31", bc.monthly(),
     "19/28 of February 2025 + 1 of March 2025 = 47/28"),
    ("CALENDAR_MONTHS", "2025-01-15", "2025-04-09", bc.monthly(),
     "17/31 of January 2025 + 2 of February to March 2025 + 9/30 of April 2025 = 883/310"),
    ("CALENDAR_MONTHS", "2025-11-16", "2026-02-28", bc.yearly(),
     "(15/30 of November 2025 + 3 of December 2025 to February 2026) / 12 = 7/24"),
    ("CALENDAR_MONTHS", "2025-02-28", "2025-03-30", bc.monthly(anchor="2025-01-31"),
     "1 whole period of the cadence 2025-02-28 to 2025-03-30"),
    ("CALENDAR_MONTHS", "2025-01-01", "2025-06-30", bc.monthly(3, anchor="2025-01-01"),
     "(2 whole periods of the cadence 2025-01-01 to 2025-06-30) x 3 months = 6"),
    ("CALENDAR_MONTHS", "2025-01-15", "2025-02-14", bc.quarterly(),
     "(1 month 2025-01-15 to 2025-02-14) / 3 = 1/3"),
    ("CALENDAR_MONTHS", "2025-01-15", "2025-03-14", bc.monthly(3, anchor="2025-01-01"),
     "2 months 2025-01-15 to 2025-03-14"),
    ("CALENDAR_MONTHS", "2026-01-01", "2026-01-31", bc.daily(), "31 days, 2026-01-01 to 2026-01-31"),
    ("CALENDAR_MONTHS", "2026-01-01", "2026-01-01", bc.daily(2), "1 day, 2026-01-01"),
    ("MONTH_FRACTIONS", "2025-01-15", "2025-02-14", bc.yearly(),
     "(17/31 of January 2025 + 14/28 of February 2025) / 12 = 65/744"),
    ("AVERAGE_MONTHS", "2025-02-10", "2025-03-31", bc.monthly(),
     "1 month 2025-02-10 to 2025-03-09 + 22 x 12/365 for 2025-03-10 to 2025-03-31 = 629/365"),
    ("AVERAGE_MONTHS", "2025-06-16", "2025-06-30", bc.monthly(),
     "15 x 12/365 for 2025-06-16 to 2025-06-30 = 36/73"),
    ("AVERAGE_MONTHS", "2025-01-15", "2025-02-14", bc.yearly(),
     "(1 month 2025-01-15 to 2025-02-14) / 12 = 1/12"),
    ("ACTUAL_DAYS", "2026-01-15", "2026-01-31", bc.monthly(anchor="2026-01-15"),
     "17 of 31 days of 2026-01-15 to 2026-02-14 = 17/31"),
    ("ACTUAL_DAYS", "2026-01-01", "2026-02-14", bc.monthly(2, anchor="2026-01-01"),
     "(45 of 59 days of 2026-01-01 to 2026-02-28) x 2 months = 90/59"),
    ("ACTUAL_DAYS", "2025-02-10", "2025-03-31", bc.monthly(),
     "1 whole period 2025-02-10 to 2025-03-09 + 22 of 31 days of 2025-03-10 to 2025-04-09 = 53/31"),
    ("ACT_365", "2026-01-15", "2026-01-31", bc.monthly(),
     "17 x 12/365 for 2026-01-15 to 2026-01-31 = 204/365"),
    ("ACT_365", "2026-01-15", "2026-01-31", bc.yearly(),
     "17/365 for 2026-01-15 to 2026-01-31"),
    ("ACT_360", "2026-01-15", "2026-01-31", bc.quarterly(),
     "17 x 4/360 for 2026-01-15 to 2026-01-31 = 17/90"),
    ("ACT_365", "2026-01-01", "2026-01-10", bc.weekly(),
     "10 of 7 days for 2026-01-01 to 2026-01-10 = 10/7"),
    ("ACT_365", "2026-01-01", "2026-01-10", bc.daily(), "10 days, 2026-01-01 to 2026-01-10"),
    ("THIRTY_360_US", "2025-01-10", "2025-02-20", bc.monthly(),
     "1 month + 11/30, from day 10 of January 2025 until day 21 of February 2025 = 41/30"),
    ("THIRTY_360_US", "2025-02-28", "2025-03-30", bc.quarterly(),
     "(1 month + 0/30, from day 30 of February 2025 until day 30 of March 2025) / 3 = 1/3"),
    ("THIRTY_E_360", "2025-01-31", "2025-03-14", bc.monthly(),
     "2 months - 15/30, from day 30 of January 2025 until day 15 of March 2025 = 3/2"),
    ("THIRTY_E_360", "2025-01-05", "2025-01-30", bc.monthly(),
     "25/30, from day 5 of January 2025 until day 30 of January 2025 = 5/6"),
    ("STRICT_30", "2025-01-31", "2025-03-14", bc.monthly(),
     "2 months - 16/30, from day 31 of January 2025 until day 15 of March 2025 = 22/15"),
    ("STRICT_30", "2025-01-31", "2025-02-01", bc.daily(3), "2 days, 2025-01-31 to 2025-02-01"),
    ("NONE", "2026-01-15", "2026-01-31", bc.monthly(anchor="2026-01-01"),
     "1 for a part of a period, counted whole, 2026-01-15 to 2026-01-31"),
    ("NONE", "2026-01-15", "2026-03-31", bc.monthly(2, anchor="2026-01-01"),
     "(2 for parts of periods, counted whole, 2026-01-15 to 2026-03-31) x 2 months = 4"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "first", "last", "cadence", "expected"),
    DERIVATIONS,
    ids=lambda value: str(value) if isinstance(value, bc.Cadence) else None,
)
def test_every_convention_tells_its_own_way(name, first, last, cadence, expected):
    """A convention derives a factor from the days and months that it counts, not from others."""
    part = bc.Period.closed(first, last)

    assert str(getattr(proration, name).derive(part, cadence)) == expected


def test_terms_are_values():
    """A derivation has its terms as unreduced fractions with the days behind each of them."""
    part = bc.Period.closed("2025-02-01", "2025-03-14")
    found = proration.MONTH_FRACTIONS.derive(part, bc.quarterly())

    assert [(term.numerator, term.denominator, str(term.days)) for term in found.terms] == [
        (1, 1, "2025-02-01/2025-03-01"),
        (14, 31, "2025-03-01/2025-03-15"),
    ]
    assert found.scale == Fraction(1, 3)
    assert found.value == Fraction(45, 93)


CADENCES = st.builds(
    bc.Cadence,
    st.integers(1, 4),
    st.sampled_from([bc.DAY, bc.MONTH, bc.QUARTER, bc.HALF_YEAR, bc.YEAR]),
    st.dates(date(2019, 1, 1), date(2022, 12, 31)) | st.none(),
)


@given(
    st.sampled_from(list(proration.CONVENTIONS.values())),
    st.dates(date(2019, 1, 1), date(2022, 12, 31)),
    st.integers(1, 500),
    CADENCES,
)
def test_every_way_leads_to_the_factor(convention, start, days, cadence):
    """The terms of a derivation, scaled, add up to the factor, and every convention has a way."""
    part = bc.Period(start, date.fromordinal(start.toordinal() + days))
    factor = convention.factor(part, cadence)
    found = convention.derive(part, cadence)

    assert found.value == factor
    assert sum(term.value for term in found.terms) * found.scale == factor
    assert found != as_given(part, factor) or convention in {proration.ACT_365, proration.ACT_360}
