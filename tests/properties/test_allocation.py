"""Laws of dividing a whole: nothing is lost, nobody is far from their share, no order matters."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from billingcore import Rounding, allocate, round_amount
from billingcore.values.rounding import round_to_sum
from tests.strategies import CURRENCIES, hostile_contexts, priced, roundings, weight_lists


def exact_units(amount, currency):
    """Count the smallest amounts of a currency, without the code under test."""
    return Fraction(amount) * 10 ** CURRENCIES[currency]


@given(priced(), weight_lists(least=-1000))
@example(("EUR", Decimal("-0.01")), [1, -3])
@example(("EUR", Decimal("0.05")), [Fraction(1, 3), Fraction(-1, 997)])
def test_conservation_and_quota(money, weights):
    """Parts add up to the whole, and each lies less than one unit from its exact share."""
    currency, amount = money
    parts = [exact_units(part, currency) for part in allocate(amount, weights, currency=currency)]
    whole, divisor = exact_units(amount, currency), sum(map(Fraction, weights))

    assert sum(parts) == whole
    assert all(part.denominator == 1 for part in parts)
    assert all(
        abs(part - whole * Fraction(weight) / divisor) < 1
        for part, weight in zip(parts, weights, strict=True)
    )


@given(priced(), weight_lists(least=-1000))
def test_negation(money, weights):
    """A negative amount is divided like the positive one, with the other sign, and no zero has one."""
    currency, amount = money
    parts = allocate(amount, weights, currency=currency)
    opposite = allocate(amount.copy_negate(), weights, currency=currency)

    assert [part.copy_negate() for part in opposite if part] == [part for part in parts if part]
    assert not any(part.is_signed() for part in (*parts, *opposite) if not part)


@given(priced(), weight_lists(least=-1000), st.fractions(Fraction(1, 99), 99))
def test_only_proportions_count(money, weights, factor):
    """Multiplying all weights by one positive number changes nothing."""
    currency, amount = money
    scaled = [Fraction(weight) * factor for weight in weights]

    assert allocate(amount, scaled, currency=currency) == allocate(
        amount, weights, currency=currency
    )


@given(priced(), weight_lists(), st.randoms(use_true_random=False))
def test_order_decides_only_ties(money, weights, random):
    """Shuffled weights get the same parts as a whole; equal ones differ by a unit at most."""
    currency, amount = money
    shuffled = random.sample(weights, len(weights))
    before = allocate(amount, weights, currency=currency)
    after = allocate(amount, shuffled, currency=currency)

    assert sorted(before) == sorted(after)
    if amount >= 0:
        by_weight = sorted(range(len(weights)), key=lambda n: (Fraction(weights[n]), -n))
        in_order = [before[n] for n in by_weight]
        unit = Decimal(1).scaleb(-CURRENCIES[currency])
        assert all(second >= first - unit for first, second in pairwise(in_order))


@given(priced(), st.integers(1, 12))
def test_equal_weights_favor_the_earlier(money, count):
    """Among equal weights the earlier parts are the larger ones in size, by one unit at most."""
    currency, amount = money
    sizes = [
        exact_units(abs(part), currency)
        for part in allocate(amount, [1] * count, currency=currency)
    ]

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] - sizes[-1] <= 1


@given(priced(), weight_lists())
def test_no_weight_no_part(money, weights):
    """A weight of zero gets nothing."""
    currency, amount = money
    parts = allocate(amount, [*weights, 0], currency=currency)

    assert parts[-1] == 0
    assert parts[:-1] == allocate(amount, weights, currency=currency)


@given(priced(), weight_lists(least=-1000), hostile_contexts())
def test_the_host_decides_nothing(money, weights, context):
    """The ambient decimal context changes no part."""
    currency, amount = money
    expected = allocate(amount, weights, currency=currency)
    with decimal.localcontext(context):
        parts = allocate(amount, weights, currency=currency)

    assert list(map(str, parts)) == list(map(str, expected))


@given(
    st.lists(st.fractions(-1000, 1000, max_denominator=365 * 12), min_size=1, max_size=8),
    roundings(),
)
def test_rounded_shares_of_a_rounded_sum(shares, mode):
    """Whatever rule rounds the sum, the shares add up to it, each less than a cent away."""
    amount = round_amount(sum(shares), "EUR", Rounding(mode))
    parts = round_to_sum(amount, shares, currency="EUR")
    assert sum(map(Fraction, parts)) == Fraction(amount)
    assert all(
        abs(Fraction(part) - share) <= Fraction(1, 100)
        for part, share in zip(parts, shares, strict=True)
    )
