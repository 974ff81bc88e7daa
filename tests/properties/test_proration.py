"""Laws of proration: whole periods are whole, slices add up where a convention says so."""

from __future__ import annotations

import decimal
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, example, given
from hypothesis import strategies as st

from billingcore import MONTH, Cadence, Period, monthly, proration
from billingcore.values.cadence import WEEK
from tests.strategies import cadences, conventions, hostile_contexts, periods


def split(period, places):
    """Cut a period at places given as shares of its length."""
    cuts = {period.start + timedelta(days=int(period.days * place)) for place in places}
    ends = sorted({period.start, *cuts, period.stop})
    return [Period(*both) for both in pairwise(ends)]


def places():
    """Draw where a period is cut."""
    return st.lists(st.fractions(0, 1, max_denominator=400), max_size=5)


def day_by_day(part, cadence):
    """Count days one by one, each by the length of the period that it is in."""
    whole = [cadence.period_of(part.start + timedelta(days=n)).days for n in range(part.days)]
    return sum((Fraction(1, length) for length in whole), Fraction(0)) * cadence.count


def month_by_month(part):
    """Count days one by one, each by the length of its calendar month."""
    found = Fraction(0)
    for n in range(part.days):
        first = (part.start + timedelta(days=n)).replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        found += Fraction(1, (after - first).days)
    return found


@given(conventions(), cadences(), st.integers(-20, 20), places())
@example(proration.STRICT_30, Cadence(1, MONTH, "2025-02-28"), 0, [Fraction(1, 2)])
@example(proration.THIRTY_E_360, Cadence(1, MONTH, "2025-01-28"), 1, [Fraction(9, 10)])
def test_slices_add_up_where_a_convention_says_so(convention, cadence, n, cuts):
    """Any slices of a period add up to the period wherever the convention says that it conserves."""
    assume(convention.conserves(cadence))
    period = cadence.period(n)
    factors = [convention.factor(part, cadence) for part in split(period, cuts)]

    assert sum(factors) == convention.factor(period, cadence)


@given(conventions(), cadences(), st.integers(-20, 20), st.integers(1, 6))
def test_whole_periods_are_whole(convention, cadence, n, count):
    """Any row of whole periods is worth their number times their count."""
    assume(convention.counts_whole_periods)
    assume(cadence.unit is not WEEK or convention.measures_weeks)
    row = Period(cadence.start(n), cadence.start(n + count))

    assert convention.factor(row, cadence) == count * cadence.count


@given(conventions(), cadences(), periods(400))
def test_never_negative(convention, cadence, part):
    """No part has a negative price, and the denominator stays small enough for an amount."""
    assume(cadence.unit is not WEEK or convention.conserves(cadence))
    factor = convention.factor(part, cadence)

    assert factor >= 0
    assert factor.denominator <= 10**12


@given(cadences(), periods(200))
def test_actual_days_against_a_day_by_day_count(cadence, part):
    """Actual days are the sum over all days of one by the days of their period."""
    assert proration.ACTUAL_DAYS.factor(part, cadence) == day_by_day(part, cadence)


@given(periods(200))
def test_month_fractions_against_a_day_by_day_count(part):
    """Fractions of calendar months are the sum over all days of one by the days of their month."""
    grid = monthly(120, anchor=date(1900, 1, 1))
    assume(not grid.whole_periods(part))

    assert proration.MONTH_FRACTIONS.factor(part, grid) == month_by_month(part)


@given(st.sampled_from([proration.ACT_365, proration.ACT_360]), cadences(), periods(), places())
def test_day_counts_add_up_everywhere(convention, cadence, part, cuts):
    """Day counts add up over any slices, also beyond one period."""
    factors = [convention.factor(each, cadence) for each in split(part, cuts)]

    assert sum(factors) == convention.factor(part, cadence)


@given(conventions(), cadences(), periods(100), hostile_contexts())
def test_the_host_decides_nothing(convention, cadence, part, context):
    """The ambient decimal context changes no factor."""
    assume(cadence.unit is not WEEK or convention.conserves(cadence))
    expected = convention.factor(part, cadence)
    with decimal.localcontext(context):
        found = convention.factor(part, cadence)

    assert found == expected


@given(conventions(), cadences(), periods(400))
def test_a_derivation_leads_to_the_factor(convention, cadence, part):
    """The explanation of a factor yields the factor, and ends with it."""
    assume(cadence.unit is not WEEK or convention.conserves(cadence))
    derived = convention.derive(part, cadence)

    assert derived.value == convention.factor(part, cadence)
    assert str(derived)
