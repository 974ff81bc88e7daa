"""The library's own decimal context."""

from __future__ import annotations

import decimal
from decimal import Decimal

import pytest

from billingcore.values.context import EXACT, exactly, total
from tests.strategies import HOSTILE_CONTEXTS


class TestExactly:
    def test_gives_the_context_back(self):
        """The host's context is in place again after the block, also after an error."""
        with decimal.localcontext(decimal.Context(prec=3)) as host:
            with exactly():
                assert decimal.getcontext().prec == 64
            assert decimal.getcontext() is host
            with pytest.raises(ZeroDivisionError), exactly():
                Decimal(1) / 0
            assert decimal.getcontext() is host

    def test_around_a_function(self):
        """A function can run under it, each call anew, also within another."""

        @exactly()
        def third(depth):
            return third(depth - 1) if depth else Decimal(1) / 3

        with decimal.localcontext(decimal.Context(prec=2)) as host:
            assert str(third(2)) == "0." + "3" * 64
            assert decimal.getcontext() is host

    @pytest.mark.parametrize("trap", [decimal.InvalidOperation, decimal.FloatOperation])
    def test_traps(self, trap):
        """Undefined results and mixtures with floats are errors, never values."""
        assert EXACT.traps[trap]

    def test_numbers_of_full_size_are_multiplied_exactly(self):
        """A price times a quantity of the largest size loses no digit."""
        largest = Decimal("999999999999999.999999999")
        with exactly():
            product = largest * largest
        assert int(product.scaleb(18, EXACT)) == (10**24 - 1) ** 2


class TestTotal:
    @pytest.mark.parametrize("context", HOSTILE_CONTEXTS[:6], ids=range(6))
    def test_adds_exactly(self, context):
        """A sum keeps all digits, whatever the host has set."""
        amounts = [Decimal("99999999999999.99"), Decimal("0.000000001"), Decimal("-0.01")]
        with decimal.localcontext(context):
            result = total(amounts)
        assert result == Decimal("99999999999999.980000001")

    def test_of_nothing(self):
        """Nothing adds up to zero."""
        assert total([]) == 0
