"""Billed days with their share of the price."""

from __future__ import annotations

from fractions import Fraction

import pytest

from billingcore import InvalidInputError, Period, Share, Span

DAYS = Period("2026-01-15", "2026-02-01")


def span(*factors, cover=DAYS):
    """Make a span of shares with these factors."""
    return Span(DAYS, cover, tuple(Share(DAYS, None, factor) for factor in factors), DAYS)


class TestSpan:
    def test_the_factor_is_the_sum_of_the_shares(self):
        """Shares add up exactly, and numerator and denominator are the factor's."""
        found = span(Fraction(17, 31), Fraction(1, 2))

        assert found.factor == Fraction(65, 62)
        assert (found.numerator, found.denominator, found.is_whole) == (65, 62, False)

    def test_whole(self):
        """Two halves are a whole."""
        assert span(Fraction(1, 2), Fraction(1, 2)).is_whole

    def test_keys(self):
        """The key is the first day, or once; the tax key has the tax days."""
        assert (span(Fraction(1)).key, span(Fraction(1)).tax_key) == ("2026-01-15", str(DAYS))
        assert span(Fraction(1), cover=None).key == "once"

    def test_equal_by_what_it_bills(self):
        """Spans are equal if they bill the same shares of the same days."""
        assert span(Fraction(1)) == span(Fraction(1))
        assert span(Fraction(1)) != span(Fraction(2))

    def test_a_denominator_is_small_enough_to_round_exactly(self):
        """A factor whose denominator has more than 12 digits is refused."""
        assert span(Fraction(1, 10**12)).denominator == 10**12
        with pytest.raises(
            InvalidInputError, match="a billing factor's denominator has at most 12"
        ):
            span(Fraction(1, 10**12 + 1))
