"""Ten thousand small agreements: journals balance, and when all is paid no advance is left.

They are in five classes, so that several processes share them. With ``CHAINS=all`` in the environment
all of them are billed, as the project's checks do it, otherwise every twentieth.
"""

from __future__ import annotations

import os

import pytest

from tests.many_chains import RandomChain

CHAINS = 10_000
STEP = 1 if os.environ.get("CHAINS") == "all" else 20


class Chains:
    """Bills and pays a fifth of the agreements."""

    first = 0

    @pytest.mark.parametrize("start", range(0, CHAINS, 500))
    def test_a_paid_chain_leaves_no_advance(self, start):
        """Whatever happens on the way, revenue and tax are the contract, and all else is 0."""
        for seed in range(start + self.first, start + 500, 5 * STEP):
            chain = RandomChain(seed)
            chain.live()
            chain.check()


class TestFirstFifth(Chains):
    """Bills and pays the first of each five agreements."""


class TestSecondFifth(Chains):
    """Bills and pays the second of each five agreements."""

    first = 1


class TestThirdFifth(Chains):
    """Bills and pays the third of each five agreements."""

    first = 2


class TestFourthFifth(Chains):
    """Bills and pays the fourth of each five agreements."""

    first = 3


class TestLastFifth(Chains):
    """Bills and pays the last of each five agreements."""

    first = 4
