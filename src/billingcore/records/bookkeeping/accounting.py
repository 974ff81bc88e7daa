"""The bookkeeping of a host as one value: accounts, rules, periods and switches (behaviour 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable
from typing import Any, Final, TypeVar

from attrs import field, frozen

from billingcore.records.bookkeeping.accounts import (
    AssignmentRule,
    CollectiveAccount,
    GLAccount,
    Match,
)
from billingcore.records.bookkeeping.periods import BookingPeriod
from billingcore.values.boundary import Boundary
from billingcore.values.memo import Memo
from billingcore.values.sealing import fill

__all__ = ["NO_BOOKKEEPING", "Accounting"]

T = TypeVar("T")


@frozen(init=False, order=False)
class Accounting:
    """How documents and payments are booked.

    >>> accounting = Accounting(periods=[BookingPeriod(2026, 1, is_closed=True)])
    >>> accounting.is_closed("", dt.date(2026, 1, 31))
    True

    Attributes:
        chart: the accounts of the general ledger. Rules may name others, which `check` reports;
            with an empty chart any number is taken.
        rules: choose the accounts of revenue.
        collective: choose all other accounts.
        periods: the months that are closed, or open again: the last of each counts; a month that
            is not named is open.
        is_on: whether anything is booked at all.
        books_payments: whether payments are booked.
        books_deposits: whether deposit invoices are booked.
        is_gross: whether revenue is booked with its tax, and tax not by itself.
        reverses_partials: whether a final books all that it bills, and takes back what partial
            invoices booked of it by details of its own; else it books the difference.
        is_immediate: whether payments are booked at once; if not, by `book_payments` later.
        copied_fields: names of custom fields of documents, payments and accounts that go along to
            the entries, besides ``IBAN`` and ``BIC``.
        accounts: number → account of the chart.
        matches: the accounts that were chosen so far, by what they were chosen for.
        plans: how documents are booked, by all that decides it but their lines.
        placed: entity and day → the day on which it is booked, and the name of its period.

    Raises:
        InvalidInputError: a field is wrong, or two accounts have the same number.
    """

    chart: tuple[GLAccount, ...]
    rules: tuple[AssignmentRule, ...]
    collective: tuple[CollectiveAccount, ...]
    periods: tuple[BookingPeriod, ...]
    is_on: bool
    books_payments: bool
    books_deposits: bool
    is_gross: bool
    reverses_partials: bool
    is_immediate: bool
    copied_fields: tuple[str, ...]
    accounts: dict[str, GLAccount] = field(init=False, eq=False, repr=False)
    matches: Memo[Hashable, Match] = field(init=False, eq=False, repr=False)
    plans: Memo[Hashable, Any] = field(init=False, eq=False, repr=False)
    placed: Memo[tuple[str, dt.date], tuple[dt.date, str]] = field(init=False, eq=False, repr=False)
    _closed: frozenset[tuple[str, int, int]] = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        *,
        chart: Iterable[GLAccount] = (),
        rules: Iterable[AssignmentRule] = (),
        collective: Iterable[CollectiveAccount] = (),
        periods: Iterable[BookingPeriod] = (),
        is_on: bool = True,
        books_payments: bool = True,
        books_deposits: bool = False,
        is_gross: bool = False,
        reverses_partials: bool = False,
        is_immediate: bool = True,
        copied_fields: Iterable[str] = (),
    ) -> None:
        read = Boundary("Accounting")
        if isinstance(copied_fields, str):
            fix = f"use a list: [{copied_fields!r}]"
            raise read.refuse("copied_fields", copied_fields, "one text", fix)
        fill(
            self,
            chart=_read_all(read, "chart", chart, GLAccount),
            rules=_read_all(read, "rules", rules, AssignmentRule),
            collective=_read_all(read, "collective", collective, CollectiveAccount),
            periods=_read_all(read, "periods", periods, BookingPeriod),
            is_on=read.flag("is_on", is_on),
            books_payments=read.flag("books_payments", books_payments),
            books_deposits=read.flag("books_deposits", books_deposits),
            is_gross=read.flag("is_gross", is_gross),
            reverses_partials=read.flag("reverses_partials", reverses_partials),
            is_immediate=read.flag("is_immediate", is_immediate),
            copied_fields=tuple(
                read.id("copied_fields", name)
                for name in _listed(read, "copied_fields", copied_fields)
            ),
        )
        states = {each.key: each.is_closed for each in self.periods}
        closed = frozenset(key for key, is_closed in states.items() if is_closed)
        fill(
            self,
            accounts={each.number: each for each in self.chart},
            matches=Memo[Hashable, Match](),
            plans=Memo[Hashable, Any](),
            placed=Memo[tuple[str, dt.date], tuple[dt.date, str]](),
            _closed=closed,
        )
        if len(self.accounts) < len(self.chart):
            fix = "give each its own number"
            raise read.refuse("chart", len(self.chart), "two accounts have the same number", fix)

    def is_closed(self, entity: str, day: dt.date) -> bool:
        """Tell whether nothing is booked any more in the month of a day."""
        return (entity, day.year, day.month) in self._closed


def _listed(read: Boundary, field: str, given: Iterable[T]) -> Iterable[T]:
    """Refuse what is no list, like the only member of one."""
    if not isinstance(given, Iterable):
        raise read.refuse(field, given, "no list", f"use a list: {field}=[...]")
    return given


def _read_all(read: Boundary, field: str, given: Iterable[T], kind: type[T]) -> tuple[T, ...]:
    """Read a list of records of one type."""
    return tuple(read.instance(field, each, kind) for each in _listed(read, field, given))


NO_BOOKKEEPING: Final = Accounting(is_on=False)
"""Nothing is booked: the default."""
