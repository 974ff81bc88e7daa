"""Laws of contract terms: no gap, no drift, no day of notice lost."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from billingcore import DAY, MONTH, WEEK, YEAR, Subscription
from billingcore.records.contract_term import (
    earliest_cancellation,
    last_notice_day,
    next_renewal,
    renew,
    term_end,
)
from billingcore.values.length import Length

ONE_DAY = timedelta(days=1)
FIRST, LAST = date(2023, 11, 1), date(2028, 4, 1)


def lengths(most=40):
    """Draw lengths of all units, short ones more often."""
    return st.builds(Length, st.integers(1, most), st.sampled_from([DAY, WEEK, MONTH, YEAR]))


def days():
    """Draw days around two leap days; their turn of months is the whole matter."""
    return st.dates(FIRST, LAST)


@st.composite
def contracts(draw):
    """Draw contracts that are renewed, with start, end or both, and often without notice."""
    borders = sorted([draw(days()), draw(days())])
    which = draw(st.sampled_from(["start", "end", "both"]))
    return Subscription(
        "S-1",
        account="A-1",
        items=[],
        start=None if which == "end" else borders[0],
        end=None if which == "start" else borders[1],
        auto_renewal=draw(lengths()),
        cancellation_terms=draw(st.none() | lengths(10)),
    )


def ends_of(contract, past):
    """Walk from term to term, up to the first that ends after a day."""
    found = [term_end(contract, contract.start or contract.end)]
    while found[-1] <= past:
        found.append(term_end(contract, next_renewal(contract, found[-1])))
    return found


class TestLengths:
    @given(lengths(), days())
    def test_before_is_the_last_day_that_reaches(self, length, day):
        """From the day before it, a length does not lead past the day; from one day later it does."""
        earlier = length.before(day)

        assert length.after(earlier) <= day < length.after(earlier + ONE_DAY)

    @given(lengths(), days(), days())
    def test_after_keeps_the_order(self, length, one, other):
        """A later day leads to no earlier one."""
        assume(one <= other)

        assert one < length.after(one) <= length.after(other)

    @given(lengths(20), st.integers(1, 50), days())
    def test_no_drift(self, length, n, day):
        """Many months after a day are on that day of the month, or on the last of theirs."""
        reached = length.times(n).after(day)

        is_clipped = reached.day < day.day and (reached + ONE_DAY).day == 1
        assert not length.counts_months or reached.day == day.day or is_clipped


class TestTerms:
    @given(contracts(), days())
    def test_tile(self, contract, on):
        """Each term begins after the last one, and each of its days names the same end."""
        end = term_end(contract, on)
        following = next_renewal(contract, on)

        assert following == end + ONE_DAY
        assert term_end(contract, end) == end
        assert term_end(contract, following) > end
        assert on <= end

    @given(contracts(), days())
    def test_a_day_is_in_the_term_that_a_walk_finds(self, contract, on):
        """The term of a day, found at once, is the one found by going from term to term."""
        assume(contract.end is None or on > contract.end - timedelta(days=40))

        assert term_end(contract, on) == next(end for end in ends_of(contract, on) if end >= on)

    @given(contracts(), days(), days())
    def test_all_days_keep_their_order(self, contract, one, other):
        """A later day has no earlier end, renewal, day of notice or cancellation."""
        assume(one <= other)

        assert term_end(contract, one) <= term_end(contract, other)
        assert next_renewal(contract, one) <= next_renewal(contract, other)
        assert last_notice_day(contract, one) <= last_notice_day(contract, other)
        assert earliest_cancellation(contract, one) <= earliest_cancellation(contract, other)


class TestNotice:
    @given(contracts(), days())
    def test_earliest_means_least(self, contract, on):
        """A contract ends with the first of all terms whose last day of notice is not past."""
        found = earliest_cancellation(contract, on)
        in_time = [end for end in ends_of(contract, found) if last_notice_day(contract, end) >= on]

        assert min(in_time) == found

    @given(contracts(), days())
    def test_a_last_day_of_notice_is_in_time(self, contract, on):
        """Notice on the last day ends the contract with its term, and a day later it does not."""
        end, last = term_end(contract, on), last_notice_day(contract, on)

        assert earliest_cancellation(contract, last) <= end
        assert earliest_cancellation(contract, last + ONE_DAY) > end

    @given(days(), days(), st.none() | lengths(10))
    def test_evergreen(self, start, on, notice):
        """An evergreen contract ends when the notice has run out, or on its first day."""
        contract = Subscription(
            "S-1", account="A-1", items=[], start=start, cancellation_terms=notice
        )
        run_out = on if notice is None else notice.after(on)

        assert earliest_cancellation(contract, on) == max(start, run_out)
        assert term_end(contract, on) is None


class TestRenewal:
    @given(contracts(), days())
    def test_includes_the_day(self, contract, on):
        """A renewed contract includes the day, and its terms until then are as before."""
        renewed = renew(contract, on)

        assert renewed.end is None or on <= renewed.end
        assert term_end(renewed, on) == (
            term_end(contract, on) if contract.end is None or contract.end < on else contract.end
        )
        assert renew(renewed, on) is renewed

    @given(days(), st.integers(1, 30), lengths(), days(), days())
    def test_bit_by_bit_or_at_once(self, start, months, renewal, one, other):
        """If start and end are whole months apart, stored renewals lose no day, however many."""
        assume(one <= other)
        end = Length(months, MONTH).after(start) - ONE_DAY
        contract = Subscription(
            "S-1", account="A-1", items=[], start=start, end=end, auto_renewal=renewal
        )

        assert renew(renew(contract, one), other) == renew(contract, other)
