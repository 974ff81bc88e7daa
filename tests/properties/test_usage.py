"""Laws of usage: how it is spread over runs does not matter, and every record leaves once."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from tests import oracle_usage
from tests.unit.engine.metering import (
    FEBRUARY,
    INCLUDE,
    JANUARY,
    MONTHLY,
    Book,
    calls,
    fee,
    used,
)

TIERS = ((10, "2.505"), (20, "2.403"), (None, "2.2"))
PRICES = [(limit, Fraction(price)) for limit, price in TIERS]


def item(model, **fields):
    """Make an item of a price model."""
    if model == "per unit":
        return calls(unit_price=TIERS[0][1], cadence=MONTHLY, **fields)
    kind = bc.TIERED if model == "graduated" else bc.VOLUME
    tiers = [bc.Tier(limit, price) for limit, price in TIERS]
    return calls(pricing=bc.Pricing(kind, tiers), cadence=MONTHLY, **fields)


def key_of(record):
    """What is priced together: the month and both criteria."""
    return record.date.month, record.invoice_criterion, record.criterion


halves = st.integers(min_value=-8, max_value=30).map(lambda number: f"{number / 2}")
records = st.builds(
    lambda number, day, quantity, one, two: used(
        f"U-{number}", day, quantity, invoice_criterion=one, criterion=two
    ),
    st.integers(min_value=1, max_value=8),
    st.integers(min_value=1, max_value=31),
    halves,
    st.sampled_from(["", "A"]),
    st.sampled_from(["", "x"]),
)
steps = st.one_of(records, st.sampled_from(["run", "other run", "finalize", "discard"]))


LAST = [
    used(f"L-{one}{two}", 31, "0.5", invoice_criterion=one, criterion=two)
    for one in ("", "A")
    for two in ("", "x")
]
"""Usage of every key: what is on later documents is priced anew when usage of its key comes, also
if a document before them was discarded and its usage never came again."""


def play(book, moves):
    """Hand usage in, run, finalize and discard, in any order."""
    for number, move in enumerate(moves):
        if isinstance(move, bc.UsageRecord):
            book.add(move)
        elif move == "finalize":
            book.finalize()
        elif move == "discard":
            for draft in list(book.store.drafts())[:1]:
                book.store.discard(draft.id)
        else:
            check(book, book.run(JANUARY if move == "run" else FEBRUARY, id=f"{move}{number % 2}"))


def check(book, outcome):
    """Check that every usage record that entered leaves once."""
    left = Counter(name for name in outcome.billed if name.startswith("usage/"))
    left.update(each.record for each in outcome.exclusions if each.record.startswith("usage/"))
    left.update(each.record for each in outcome.problems)
    assert left == Counter(f"usage/{name}" for name in book.usage)


@pytest.mark.parametrize("model", oracle_usage.MODELS)
@given(moves=st.lists(steps, max_size=14))
def test_any_way_to_spread_usage_over_runs_costs_the_same(model, moves):
    """After a last run all usage costs what the oracle says, corrections and reversals included."""
    book = Book(item(model), policy=INCLUDE)
    play(book, [*moves, *LAST, "run"])

    assert Fraction(book.net()) == oracle_usage.total(model, PRICES, book.usage.values(), key_of)
    keys = [line.billing_key for line in book.lines()]
    assert len(set(keys)) == len(keys)


@given(moves=st.lists(steps, max_size=14), minimum=st.integers(min_value=0, max_value=90))
def test_a_minimum_fee_is_what_usage_is_short_of(moves, minimum):
    """However usage comes, usage and fee of January together are the minimum or the usage."""
    book = Book(item("graduated"), fee(minimum), policy=INCLUDE, end="2026-01-31")
    play(book, [*moves, *LAST, "run"])
    usage = oracle_usage.total("graduated", PRICES, book.usage.values(), key_of)

    assert Fraction(book.net()) == usage + oracle_usage.true_up(minimum, usage)


@given(usage=st.lists(records, max_size=8, unique_by=lambda each: each.id), seed=st.randoms())
def test_the_order_of_usage_does_not_matter(usage, seed):
    """Usage handed in in another order gives the same lines."""
    outcomes = []
    for _ in range(2):
        book = Book(item("graduated"))
        book.add(*usage)
        outcome = book.bill()
        lines = [line for draft in outcome.drafts for line in draft.lines]
        outcomes.append(
            sorted((line.billing_key, str(line.amount), str(line.quantity)) for line in lines)
        )
        seed.shuffle(usage)

    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("model", ["graduated", "per unit"])
@given(small=st.integers(min_value=0, max_value=40), more=st.integers(min_value=0, max_value=40))
def test_more_usage_never_costs_less_but_for_a_volume_price(model, small, more):
    """Graduated tiers are monotone: more usage never costs less."""
    nets = []
    for quantity in (small, small + more):
        book = Book(item(model))
        book.add(used("U-1", 5, quantity))
        book.run()
        nets.append(book.net())

    assert nets[0] <= nets[1]


def test_a_volume_price_can_fall_with_more_usage():
    """Volume tiers are not monotone: 20 units cost 48.06, 21 cost 46.20."""
    nets = []
    for quantity in (20, 21):
        book = Book(item("volume"))
        book.add(used("U-1", 5, quantity))
        book.run()
        nets.append(str(book.net()))

    assert nets == ["48.06", "46.20"]
