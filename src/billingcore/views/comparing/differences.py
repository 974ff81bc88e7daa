"""What differs between two sides: amounts, causes, and what became of a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Final, NamedTuple

from attrs import frozen

from billingcore.lines.line import LineItem
from billingcore.runs.tally import CurrencyTotal
from billingcore.scope.policy import Policy
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.currency import quantum_of

__all__ = [
    "NOTHING",
    "AccountComparison",
    "Amounts",
    "Cause",
    "Fate",
    "Impact",
    "LineComparison",
    "TotalComparison",
    "nothing_in",
]


class Fate(Enum):
    """What became of a line from one side to the other; the value says it in words."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """It bills the same, on another document or on one of another kind."""


class Cause(Enum):
    """Why an amount differs; the value says it in words."""

    ADDED = "billed only after"
    REMOVED = "billed only before"
    QUANTITY = "quantity"
    PRICE = "unit price"
    MODEL = "price model or tiers"
    DAYS = "days"
    PRORATION = "proration of the same days"
    DISCOUNT = "discount"
    ORDER_DISCOUNT = "order discount"
    TAX = "tax"
    OTHER = "follows from other lines"
    DOCUMENT = "document"
    ROUNDING = "rounding"


class Amounts(NamedTuple):
    """Net amount and tax, of one currency; of a difference, both can be below 0.

    Attributes:
        net: without tax.
        tax: of a line what its own amount is taxed, rounded; what a document rounds otherwise
            stands in a row of its own.
    """

    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        """Net amount and tax."""
        return EXACT.add(self.net, self.tax)

    @property
    def is_something(self) -> bool:
        """Whether one of the two is not 0."""
        return bool(self.net or self.tax)

    def plus(self, other: Amounts) -> Amounts:
        """Add amounts of the same currency."""
        return Amounts(EXACT.add(self.net, other.net), EXACT.add(self.tax, other.tax))

    def minus(self, other: Amounts) -> Amounts:
        """Take off amounts of the same currency."""
        return Amounts(EXACT.subtract(self.net, other.net), EXACT.subtract(self.tax, other.tax))


NOTHING: Final = Amounts(ZERO, ZERO)


def nothing_in(currency: str) -> Amounts:
    """Give amounts of 0, with the digits of a currency."""
    zero = EXACT.multiply(ZERO, quantum_of(currency))
    return Amounts(zero, zero)


class Impact(NamedTuple):
    """What one cause changes.

    Attributes:
        cause: why.
        amounts: the difference that it makes.
    """

    cause: Cause
    amounts: Amounts


@frozen
class LineComparison:
    """What became of one line, or of the lines of one price, like those of its tiers.

    Attributes:
        account: the account's id.
        record: what is billed, like ``S-1/seats``; empty for what documents round.
        title: what the line says.
        currency: of all its amounts.
        fate: what became of it.
        before: its amounts before; 0 if it was not there.
        after: its amounts after; 0 if it is not there any more.
        impacts: what each cause changes; together the difference.
        why: for a line of one side, why the other has none, as far as it says so; for one that
            moved, between which documents.
        first: the first day of service, after if there is one.
        last: the last day of service, inclusive.
        document_before: id of the draft, or number of the invoice; empty if there is none.
        document_after: the same after.
        lines_before: the lines themselves, so that they can explain themselves.
        lines_after: the same after.
    """

    account: str
    record: str
    title: str
    currency: str
    fate: Fate
    before: Amounts
    after: Amounts
    impacts: tuple[Impact, ...]
    why: str
    first: dt.date
    last: dt.date
    document_before: str = ""
    document_after: str = ""
    lines_before: tuple[LineItem, ...] = ()
    lines_after: tuple[LineItem, ...] = ()

    @property
    def difference(self) -> Amounts:
        """After less before."""
        return self.after.minus(self.before)

    @property
    def cause(self) -> Cause:
        """The cause that changes the gross amount most; of equal ones the first."""
        return max(self.impacts, key=lambda each: each.amounts.gross.copy_abs()).cause

    @property
    def causes(self) -> str:
        """The causes in words, each with its gross amount if there are several."""
        if len(self.impacts) == 1:
            return self.cause.value
        return ", ".join(f"{cause.value} {amounts.gross}" for cause, amounts in self.impacts)

    def __str__(self) -> str:
        days = f"{self.first} to {self.last}"
        change = f"{self.before.gross} -> {self.after.gross} {self.currency}"
        told = f"; {self.why}" if self.why else ""
        name = self.record or self.title
        return f"{name} {days}: {self.fate.value}, {change} ({self.causes}{told})"

    def record_row(self) -> dict[str, object]:
        """Give it as a flat row, for a table or a data frame."""
        return {
            "account": self.account,
            "record": self.record,
            "title": self.title,
            "currency": self.currency,
            "fate": self.fate.value,
            "first": self.first,
            "last": self.last,
            "document_before": self.document_before,
            "document_after": self.document_after,
            "net_before": self.before.net,
            "net_after": self.after.net,
            "net": self.difference.net,
            "tax_before": self.before.tax,
            "tax_after": self.after.tax,
            "tax": self.difference.tax,
            "gross_before": self.before.gross,
            "gross_after": self.after.gross,
            "gross": self.difference.gross,
            "cause": self.cause.value,
            "why": self.why,
        }


@frozen
class TotalComparison:
    """The documents of both sides in one currency.

    Attributes:
        before: their sums before.
        after: their sums after.
    """

    before: CurrencyTotal
    after: CurrencyTotal

    @property
    def currency(self) -> str:
        """The currency of both."""
        return self.before.currency

    @property
    def difference(self) -> Amounts:
        """After less before."""
        after, before = self.after, self.before
        return Amounts(after.net, after.tax).minus(Amounts(before.net, before.tax))

    def and_also(self, other: TotalComparison) -> TotalComparison:
        """Add the documents of other accounts in this currency."""
        before, after = self.before.and_also(other.before), self.after.and_also(other.after)
        return TotalComparison(before, after)


@frozen
class AccountComparison:
    """What changes for one account.

    Attributes:
        account: its id.
        totals: currency → the sums of its documents before and after; never added.
        lines: what differs; what is the same on both sides is only counted.
        same: how many lines, or prices, are the same.
        policies: by which it was billed, before and after.
        problems: how many records were wrong, before and after.
    """

    account: str
    totals: Mapping[str, TotalComparison]
    lines: tuple[LineComparison, ...]
    same: int
    policies: tuple[tuple[Policy, ...], tuple[Policy, ...]] = ((), ())
    problems: tuple[int, int] = (0, 0)

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return bool(self.lines)

    def records(self) -> list[dict[str, object]]:
        """Give what differs as flat rows, for a table or a data frame; days are inclusive."""
        return [line.record_row() for line in self.lines]

    def __str__(self) -> str:
        sums = (
            f"{code} {each.before.gross} -> {each.after.gross}"
            for code, each in self.totals.items()
        )
        head = f"{self.account}: {', '.join(sums) or 'no documents'}"
        return "\n".join([head, *(f"  {line}" for line in self.lines)])

    def difference(self, currency: str) -> Amounts:
        """Give what changes in one currency; 0 if there is nothing in it.

        It is the difference of the totals, and the sum of the lines' differences.
        """
        found = self.totals.get(currency)
        return NOTHING if found is None else found.difference

    def impact(self, currency: str, cause: Cause) -> Amounts:
        """Give what one cause changes in one currency; 0 if nothing."""
        found = [
            each.amounts
            for line in self.lines
            if line.currency == currency
            for each in line.impacts
            if each.cause is cause
        ]
        return Amounts(total(each.net for each in found), total(each.tax for each in found))
