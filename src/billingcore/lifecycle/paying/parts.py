"""How much of what is left a host wants: all, or a part of it."""

from __future__ import annotations

from decimal import Decimal

from billingcore.errors import CurrencyMismatchError
from billingcore.values.boundary import Boundary
from billingcore.values.context import ZERO
from billingcore.values.currency import CURRENCY_DIGITS
from billingcore.values.numbers import AmountLike

__all__ = ["part_of"]


def part_of(
    most: Decimal, amount: AmountLike | None, *, currency: str, record: str, use: str
) -> Decimal:
    """Read an amount, above 0 and up to the most that there is.

    Args:
        most: what is left; at or below 0 nothing is.
        amount: a part of it; None is all.
        currency: of both.
        record: of what it is a part, for errors.
        use: for what it is left, like ``a refund``.

    Raises:
        CurrencyMismatchError: the amount brings another currency.
        InvalidInputError: it is no exact amount, or not within what is left.
    """
    read = Boundary(record)
    if most <= ZERO:
        fix = "nothing is to be done; `account_standing` shows what is open and free"
        raise read.refuse("amount", amount, f"nothing is left for {use}", fix)
    digits = CURRENCY_DIGITS[currency]
    given, own = (most, None) if amount is None else read.money("amount", amount, scale=digits)
    if own not in (None, currency):
        rule = f"what is left is in {currency}"
        raise CurrencyMismatchError(rule, record=record, field="amount", value=own)
    if not ZERO < given <= most:
        rule = f"{most} {currency} are left for {use}"
        fix = "give an amount above 0 and up to it"
        raise read.refuse("amount", given, rule, fix)
    return given
