"""What the library says that an account holds, for other programs to check against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from operator import attrgetter
from typing import Final

from attrs import frozen

from billingcore.ledger.entry import JournalEntry
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import EXACT, ZERO
from billingcore.values.currency import check_currency, quantum_of
from billingcore.values.numbers import NumberLike
from billingcore.values.sealing import fill

__all__ = ["Balance", "by_day", "closing_balances", "in_order", "plain"]

_DATE_OF: Final = attrgetter("date")


@frozen(init=False, order=False)
class Balance:
    """What an account holds at the end of a day, in one currency.

    >>> Balance("1593", "0.00", "EUR", date="2026-12-31").amount
    Decimal('0.00')

    Attributes:
        account: number of the account.
        amount: debits less credits.
        currency: of the amount.
        date: the day, inclusive.

    Raises:
        InvalidInputError: a field is wrong.
    """

    account: str
    amount: Decimal
    currency: str
    date: dt.date

    def __init__(self, account: str, amount: NumberLike, currency: str, *, date: DateLike) -> None:
        read = Boundary("Balance")
        day = read.read("date", date, read_date)
        read.order("date", None, day)
        fill(
            self,
            account=read.text("account", account),
            amount=read.number("amount", amount),
            currency=read.read("currency", currency, check_currency),
            date=day,
        )


def closing_balances(entries: Iterable[JournalEntry], on: DateLike) -> list[Balance]:
    """Give what every account holds at the end of a day, by number and currency.

    An account that holds nothing any more is told, too: with 0.

    Args:
        entries: the journal from its beginning, in any order.
        on: the day, inclusive.

    Raises:
        InvalidInputError: something else than journal entries, or no day of the calendar.
    """
    day = Boundary("export.closing_balances").read("on", on, read_date)
    sums: dict[tuple[str, str], Decimal] = {}
    for entry in in_order("export.closing_balances", entries):
        for line in entry.lines if entry.date <= day else ():
            key = (line.account, entry.currency)
            sums[key] = EXACT.add(sums.get(key, ZERO), line.signed)
    return [
        Balance(account, amount, currency, date=day)
        for (account, currency), amount in sorted(sums.items())
    ]


def in_order(caller: str, entries: Iterable[JournalEntry]) -> list[JournalEntry]:
    """Give entries by date; those of one day stay in the order in which they were given."""
    read = Boundary(caller)
    given = [read.instance("entries", entry, JournalEntry) for entry in entries]
    return sorted(given, key=_DATE_OF)


def by_day(caller: str, assertions: Iterable[Balance]) -> Iterator[tuple[dt.date, list[Balance]]]:
    """Give assertions by day, in the order of the days."""
    read = Boundary(caller)
    days: dict[dt.date, list[Balance]] = {}
    for each in assertions:
        given = read.instance("assertions", each, Balance)
        days.setdefault(given.date, []).append(given)
    yield from sorted(days.items())


def plain(amount: Decimal, currency: str) -> str:
    """Write an amount with all its digits, at least those of its currency.

    >>> plain(Decimal("9.5"), "EUR"), plain(Decimal("9.505"), "EUR"), plain(Decimal("1E+3"), "JPY")
    ('9.50', '9.505', '1000')
    """
    quantum = quantum_of(currency)
    exponent, least = amount.as_tuple().exponent, quantum.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101 - what is booked is finite
    assert isinstance(least, int)  # noqa: S101
    return f"{amount.quantize(quantum, context=EXACT) if exponent > least else amount:f}"
