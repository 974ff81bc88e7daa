"""The library's own decimal context, so that the host's never decides an amount.

Python's decimal operators (`+`, `*`, unary `-`) and `quantize` obey an *ambient* context that any
code of the host may have changed: with ``prec=5``, ``-Decimal("1234567890.12")`` is
``-1.2346E+9``. Every operation here either names `EXACT`, or runs inside `exactly`, which
puts `EXACT` in place and gives the host's context back.

64 digits hold the exact product of a price and a quantity (24 digits each) and of a share's
numerator (12), so that only division is ever cut, at the 64th digit. A share's denominator has
at most 12 digits; an exact amount that is not a tie between two cents is then further from the
tie than the cut, and rounding after the division is the same as rounding the fraction itself.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterable
from contextlib import ContextDecorator
from decimal import Decimal
from functools import reduce
from typing import Final

__all__ = ["EXACT", "ZERO", "exactly", "host_context", "negated", "switch_context", "total"]

EXACT: Final = decimal.Context(
    prec=64,
    rounding=decimal.ROUND_HALF_UP,
    Emin=-999,
    Emax=999,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[
        decimal.InvalidOperation,
        decimal.DivisionByZero,
        decimal.Overflow,
        decimal.FloatOperation,
    ],
)

ZERO: Final = Decimal(0)


# The one place where the ambient context is read and set: to put ours there, and to give the
# host's back. The engine calls these two by themselves, since it does so for every account.
host_context: Final = decimal.getcontext
switch_context: Final = decimal.setcontext


class exactly(ContextDecorator):  # noqa: N801 - reads as a word: `with exactly():`
    """Run a block, or a function, under the library's context and restore the host's after it.

    Never hold it across a `yield`: the host's code would run under it.

    >>> with exactly():
    ...     Decimal("0.1") * 3
    Decimal('0.3')
    """

    def __enter__(self) -> None:
        self._host = host_context()
        switch_context(EXACT)

    def __exit__(self, *_: object) -> None:
        switch_context(self._host)

    def _recreate_cm(self) -> exactly:
        return exactly()


def negated(amount: Decimal) -> Decimal:
    """Give an amount with the other sign, whatever the ambient context; 0 has none.

    >>> negated(Decimal("1.10")), negated(Decimal("0.00"))
    (Decimal('-1.10'), Decimal('0.00'))
    """
    return amount.copy_negate() if amount else amount


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Add amounts exactly, whatever the ambient context.

    >>> total([Decimal("0.10"), Decimal("0.20")])
    Decimal('0.30')
    """
    return reduce(EXACT.add, amounts, ZERO)
