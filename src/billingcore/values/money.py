"""An amount with its currency, where amounts of several currencies can meet."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from billingcore.errors import CurrencyMismatchError, InvalidInputError
from billingcore.values.boundary import Boundary
from billingcore.values.context import EXACT
from billingcore.values.currency import check_currency
from billingcore.values.numbers import NumberLike
from billingcore.values.sealing import fill

__all__ = ["Money"]


@frozen(init=False)
class Money:
    """An amount of one currency; two currencies cannot be added.

    Within a document amounts are plain `Decimal`s, since a document has one currency. Money
    appears where several can meet: totals of a run, balances of an account.

    >>> Money("10.00", "EUR") + Money("2.50", "EUR")
    Money('12.50', 'EUR')
    >>> Money(1, "EUR") + Money(1, "USD")
    Traceback (most recent call last):
        ...
    billingcore.errors.CurrencyMismatchError: cannot combine EUR with USD
    """

    amount: Decimal
    currency: str

    def __init__(self, amount: NumberLike, currency: str) -> None:
        try:
            fill(
                self,
                amount=Boundary("Money").number("amount", amount),
                currency=check_currency(currency),
            )
        except InvalidInputError as error:
            raise error.at("Money", "currency") from None

    def __add__(self, other: Money) -> Money:
        self._check(other)
        return Money(EXACT.add(self.amount, other.amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        self._check(other)
        return Money(EXACT.subtract(self.amount, other.amount), self.currency)

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate(), self.currency)

    def _check(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"cannot combine {self.currency} with {other.currency}")

    def __bool__(self) -> bool:
        raise TypeError("ask for the amount: `if money.amount`")

    def __repr__(self) -> str:
        return f"Money('{self.amount:f}', '{self.currency}')"

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"
