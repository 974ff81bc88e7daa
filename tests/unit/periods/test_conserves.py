"""Where slices of a period do not add up: a counterexample for each no of each convention."""

from __future__ import annotations

from itertools import chain, combinations, pairwise

import pytest

from billingcore import (
    MONTH_END,
    Period,
    half_yearly,
    monthly,
    proration,
    quarterly,
    weekly,
    yearly,
)
from billingcore.values.cadence import MONTHS, daily

# Anchors in February, August or November: the lengths of neighboring months differ most there.
KINDS = {
    "days": daily(10, anchor="2025-01-01"),
    "weeks": weekly(2, anchor="2025-01-06"),
    **{
        f"{name} on the 1st": make(anchor="2025-01-01")
        for name, make in {
            "month": monthly,
            "quarter": quarterly,
            "half year": half_yearly,
            "year": yearly,
        }.items()
    },
    "two months on the 1st": monthly(2, anchor="2025-01-01"),
    "month on the 15th": monthly(anchor="2025-02-15"),
    "quarter on the 15th": quarterly(anchor="2025-02-15"),
    "half year on the 15th": half_yearly(anchor="2025-02-15"),
    "year on the 15th": yearly(anchor="2023-02-15"),
    "month on the 31st": monthly(anchor="2025-01-31"),
    "quarter on the 30th": quarterly(anchor="2025-11-30"),
    "half year on the 31st": half_yearly(anchor="2025-08-31"),
    "year on 29 February": yearly(anchor="2024-02-29"),
    "month at month end": monthly(anchor="2025-01-31", day=MONTH_END),
    "quarter at month end": quarterly(anchor="2025-11-30", day=MONTH_END),
    "half year at month end": half_yearly(anchor="2025-08-31", day=MONTH_END),
    "year at month end": yearly(anchor="2024-02-29", day=MONTH_END),
}
ON_THE_1ST = {name for name in KINDS if name.endswith("1st") and "31st" not in name}
ON_THE_15TH = {name for name in KINDS if name.endswith("15th")}
SAID = {
    "NONE": set(),
    "CALENDAR_MONTHS": {"days", "month on the 1st"},
    "AVERAGE_MONTHS": {"days"},
    "ACTUAL_DAYS": set(KINDS),
    "ACT_365": set(KINDS),
    "ACT_360": set(KINDS),
    "THIRTY_360_US": {"days"},
    "THIRTY_E_360": {"days"} | ON_THE_1ST | ON_THE_15TH,
    "STRICT_30": {"days"} | ON_THE_1ST | ON_THE_15TH,
    "MONTH_FRACTIONS": {"days"} | ON_THE_1ST,
}
DENIED = [
    pytest.param(convention, cadence, id=f"{name}, {kind}")
    for name, convention in proration.CONVENTIONS.items()
    for kind, cadence in KINDS.items()
    if kind not in SAID[name] and (cadence.unit in MONTHS or name == "NONE")
]


def slices_that_differ(convention, cadence):
    """Search one of the first periods for slices whose factors do not add up to the period's."""
    for n in range(5):
        period = cadence.period(n)
        wanted = {1, 2, 15, 28, 30, 31} if cadence.unit in MONTHS else set(range(1, 32))
        cuts = [
            day
            for day in (period.start.fromordinal(k) for k in _ordinals(period))
            if day.day in wanted
        ]
        for chosen in chain(combinations(cuts, 1), combinations(cuts, 2)):
            slices = [Period(*ends) for ends in pairwise([period.start, *chosen, period.stop])]
            factors = [convention.factor(each, cadence) for each in slices]
            if sum(factors) != convention.factor(period, cadence):
                return slices
    return None


def _ordinals(period):
    return range(period.start.toordinal() + 1, period.stop.toordinal())


class TestConserves:
    @pytest.mark.parametrize("name", SAID)
    def test_what_each_convention_says(self, name):
        """Each convention says of each kind of cadence whether its slices add up."""
        convention = proration.CONVENTIONS[name]

        assert {kind for kind, cadence in KINDS.items() if convention.conserves(cadence)} == SAID[
            name
        ]

    @pytest.mark.parametrize(("convention", "cadence"), DENIED)
    def test_a_no_has_a_counterexample(self, convention, cadence):
        """Where a convention says no, there are slices of one period that do not add up."""
        assert slices_that_differ(convention, cadence) is not None

    @pytest.mark.parametrize("name", SAID)
    def test_a_length_without_an_anchor(self, name):
        """Without an anchor each slice begins a period of its own, so only day counts add up."""
        convention = proration.CONVENTIONS[name]
        first, second = Period("2025-01-15", "2025-02-01"), Period("2025-02-01", "2025-02-15")
        together = convention.factor(Period("2025-01-15", "2025-02-15"), monthly())
        adds_up = (
            convention.factor(first, monthly()) + convention.factor(second, monthly()) == together
        )

        assert not convention.conserves(monthly()) or adds_up
