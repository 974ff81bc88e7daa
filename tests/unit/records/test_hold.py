"""Holds: until when billing is put off, in words and days."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

import billingcore as bc


class TestHold:
    """A hold puts billing off."""

    @pytest.mark.parametrize(
        ("hold", "expected"),
        [
            (bc.Hold("2026-03-31", reason="dispute"), "until 2026-03-31 (dispute)"),
            (bc.Hold("2026-03-31"), "until 2026-03-31"),
            (bc.Hold(), "without a last day"),
        ],
        ids=["reason", "day", "open"],
    )
    def test_a_hold_in_words(self, hold, expected):
        """A hold says its last day and its reason, and travels."""
        assert str(hold) == expected
        assert pickle.loads(pickle.dumps(hold)) == hold  # noqa: S301

    def test_its_last_day_is_inclusive(self):
        """A run whose last day is the hold's is held, one that ends a day later is not."""
        hold = bc.Hold("2026-03-31")

        assert [hold.holds(date(2026, *day)) for day in ((3, 30), (3, 31), (4, 1))] == [
            True,
            True,
            False,
        ]
        assert bc.Hold().holds(date.max)

    @pytest.mark.parametrize(
        "wrong",
        [
            lambda: bc.Hold("x"),
            lambda: bc.Hold(reason=3),
            lambda: bc.Account("a", currency="EUR", hold=True),
            lambda: bc.Subscription("S", account="a", items=[], hold="2026-03-31"),
        ],
        ids=["day", "reason", "account", "subscription"],
    )
    def test_errors(self, wrong):
        """What is no day, no text or no hold is refused."""
        with pytest.raises(bc.InvalidInputError, match="Hold"):
            wrong()
