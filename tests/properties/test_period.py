"""Laws of periods."""

from __future__ import annotations

import pickle
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from billingcore import Period
from tests.strategies import days, open_periods, periods


@given(open_periods())
def test_written_and_read_again(period):
    """Text, representation and pickle give the same period back."""
    assert Period.parse(str(period)) == period
    assert eval(repr(period)) == period  # noqa: S307
    assert pickle.loads(pickle.dumps(period)) == period  # noqa: S301
    assert hash(Period(period.start, period.stop)) == hash(period)


@given(open_periods())
def test_the_inclusive_pair_makes_it_again(period):
    """First and last day make the same period."""
    assert Period.closed(period.first, period.last) == period


@given(periods())
def test_its_days_are_the_days_in_it(period):
    """A period contains exactly its days: from the start, as many as it counts."""
    span = range(-1, period.days + 1)
    inside = [n for n in span if period.start + timedelta(days=n) in period]

    assert inside == list(range(period.days))


@given(open_periods(), open_periods(), open_periods(), days())
def test_intersection(first, second, third, day):
    """A day is in the intersection if it is in both; order and grouping do not matter."""
    both = first.intersection(second)

    assert (both is not None and day in both) == (day in first and day in second)
    assert second.intersection(first) == both
    assert first.intersection(first) == first
    assert first.overlaps(second) == (both is not None)
    if both is not None and second.intersection(third) is not None:
        assert both.intersection(third) == first.intersection(second.intersection(third))


@given(open_periods(), open_periods())
def test_covers(first, second):
    """A period covers every intersection with it; two that cover each other are equal."""
    both = first.intersection(second)

    assert both is None or (first.covers(both) and second.covers(both))
    assert (first.covers(second) and second.covers(first)) == (first == second)


@given(open_periods(), st.lists(days(), max_size=6))
def test_split(period, borders):
    """Parts follow each other without gap, cover the whole, and begin at the borders inside."""
    parts = period.split(borders)

    assert (parts[0].start, parts[-1].stop) == (period.start, period.stop)
    assert all(before.stop == after.start for before, after in pairwise(parts))
    assert {part.start for part in parts[1:]} == {
        day for day in borders if day in period and day != period.start
    }
    assert period.split(reversed(borders)) == parts
    assert not period.is_bounded or sum(part.days for part in parts) == period.days
