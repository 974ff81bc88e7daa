"""The billing schedules of an item and of a subscription, as values that print and draw themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from attrs import frozen

from billingcore.records.reasons import Exclusion, Problem
from billingcore.values.context import total
from billingcore.values.period import Period
from billingcore.views.table import Cell, days_of, html_table, text_table, without_empty
from billingcore.views.upcoming import Upcoming

__all__ = ["ItemSchedule", "ScheduleGroup"]


@frozen
class ItemSchedule:
    """What is billed of an item, what comes, and when.

    Amounts are net: after discounts, without tax. Days are inclusive, periods half-open. What is
    on a draft counts as not billed in all amounts, since a draft can still be changed or
    discarded; but no run bills it again, so that the next billing date lies behind it.

    Attributes:
        record: what it is about, like ``S-1/seats``.
        currency: of all its amounts.
        next_billing_date: the first day on which a run that ends on it bills something of it that
            is on no document yet; None if none does.
        next_period: the billing period that this run bills first; None for an item without
            billing periods, or if nothing follows.
        billed_to: the last day of the first unbroken stretch on invoices; None if there is none.
        drafted_to: the last day that is on a live draft; None if there is none.
        billed: the amount on invoices, corrections included.
        remaining: the amount that is still to come, drafts and due corrections included, until
            the item or its contract ends; None if it has no end, if its number of runs decides
            what it costs, or if a problem keeps it from being billed.
        upcoming: what comes up to the horizon, in the order of its billing dates.
        why_not: why no run bills more of it; None if one does.
    """

    record: str
    currency: str
    next_billing_date: date | None
    next_period: Period | None
    billed_to: date | None
    drafted_to: date | None
    billed: Decimal
    remaining: Decimal | None
    upcoming: tuple[Upcoming, ...]
    why_not: Exclusion | Problem | None = None

    def records(self) -> list[dict[str, object]]:
        """Give what comes as flat rows, for a table or a data frame."""
        return [row.record_row() for row in self.upcoming]

    def _facts(self) -> list[tuple[str, Cell]]:
        facts: list[tuple[str, Cell]] = [
            ("next billing date", self.next_billing_date),
            ("next period", self.next_period and days_of(self.next_period)),
            ("billed to", self.billed_to),
            ("on a draft to", self.drafted_to),
            (f"billed {self.currency}", self.billed),
            (f"remaining {self.currency}", self.remaining),
            ("why not more", self.why_not),
        ]
        return [(name, value) for name, value in facts if value is not None]

    def _rows(self) -> list[list[Cell]]:
        return [
            [
                row.billing_date or "next run",
                row.period.first,
                row.period.last,
                f"{row.line.quantity} x {row.line.unit_price}",
                row.amount,
                row.terms or None,
                row.draft or None,
            ]
            for row in self.upcoming
        ]

    def __str__(self) -> str:
        facts = [f"  {name}: {value}" for name, value in self._facts()]
        table = text_table(*without_empty(_UPCOMING, self._rows())) if self.upcoming else []
        return "\n".join([self.record, *facts, *table])

    def _repr_html_(self) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in self._facts())
        return html_table(f"{self.record}: {facts}", *without_empty(_UPCOMING, self._rows()))


_UPCOMING: Final = ("billing date", "first", "last", "price", "net", "terms", "draft")


@frozen
class ScheduleGroup:
    """The schedules of all items of a subscription.

    Attributes:
        record: the id of the subscription.
        items: a schedule per item, in the order of the lines.
    """

    record: str
    items: tuple[ItemSchedule, ...]

    @property
    def next_billing_date(self) -> date | None:
        """The earliest of its items; None if nothing follows."""
        days = (each.next_billing_date for each in self.items)
        return min((day for day in days if day is not None), default=None)

    @property
    def billed_to(self) -> date | None:
        """The earliest of its items that have days on invoices; None if none has.

        Items of which nothing follows count only if nothing follows of any.
        """
        billed = [each for each in self.items if each.billed_to is not None]
        going_on = [each for each in billed if each.next_billing_date is not None]
        if going_on:
            return min(each.billed_to for each in going_on if each.billed_to is not None)
        return max((each.billed_to for each in billed if each.billed_to is not None), default=None)

    @property
    def billed(self) -> Mapping[str, Decimal]:
        """Currency → the amount on invoices; currencies are never added."""
        return {
            currency: total(each.billed for each in self.items if each.currency == currency)
            for currency in self._currencies
        }

    @property
    def remaining(self) -> Mapping[str, Decimal | None]:
        """Currency → the amount that is still to come; None if that of an item is not known."""
        sums: dict[str, Decimal | None] = {}
        for currency in self._currencies:
            parts = [each.remaining for each in self.items if each.currency == currency]
            known = [part for part in parts if part is not None]
            sums[currency] = total(known) if len(known) == len(parts) else None
        return sums

    @property
    def upcoming(self) -> tuple[Upcoming, ...]:
        """What comes of all items up to the horizon, in the order of its billing dates."""
        rows = (row for each in self.items for row in each.upcoming)
        return tuple(sorted(rows, key=lambda row: row.billing_date or date.min))

    @property
    def _currencies(self) -> Sequence[str]:
        return list(dict.fromkeys(each.currency for each in self.items))

    def records(self) -> list[dict[str, object]]:
        """Give the items as flat rows, for a table or a data frame; their days are inclusive."""
        return [
            {
                "record": each.record,
                "next_billing_date": each.next_billing_date,
                "next_first": each.next_period and each.next_period.first,
                "next_last": each.next_period and each.next_period.last,
                "billed_to": each.billed_to,
                "drafted_to": each.drafted_to,
                "billed": each.billed,
                "remaining": each.remaining,
                "currency": each.currency,
            }
            for each in self.items
        ]

    def _rows(self) -> list[list[Cell]]:
        items: list[list[Cell]] = [
            [
                each.record,
                each.billed_to,
                each.next_billing_date,
                each.next_period,
                each.billed,
                each.remaining,
                each.currency,
            ]
            for each in self.items
        ]
        dates: list[Cell] = [self.billed_to, self.next_billing_date, None]
        billed, remaining = self.billed, self.remaining
        totals: list[list[Cell]] = [
            [f"all of {self.record}", *dates, billed[currency], remaining[currency], currency]
            for currency in self._currencies
        ]
        return [*items, *totals]

    def __str__(self) -> str:
        return "\n".join(text_table(_GROUP, self._rows()))

    def _repr_html_(self) -> str:
        return html_table(f"Subscription {self.record}", _GROUP, self._rows())


_GROUP: Final = (
    "item",
    "billed to",
    "next billing date",
    "next period",
    "billed",
    "remaining",
    "currency",
)
