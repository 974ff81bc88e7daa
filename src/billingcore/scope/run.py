"""What to bill: the parameters of an invoice run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from attrs import field, frozen

from billingcore.records.account import Account
from billingcore.scope.policy import DOCUMENTED, Policy
from billingcore.scope.selection import Selection
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.memo import Memo
from billingcore.values.period import Period
from billingcore.values.sealing import fill

__all__ = ["InvoiceRun"]

SELECT_ALL = Selection()


@frozen(init=False)
class InvoiceRun:
    """The period to bill, for whom, and how.

    >>> InvoiceRun(Period.month(2026, 1)).id
    '2026-01-01..2026-01-31'

    Attributes:
        period: the days to bill, both ends given.
        selection: which subscriptions, records and usage.
        invoice_date: the date of the invoices; None is decided when each is finalized.
        policy: how.
        may_bill: account → whether the run may bill it; None is yes for all.
        id: names the run: equal for equal period and filters, so that a repeated run is the same.
        schedules: what is due for which terms, remembered while the run lives.

    Raises:
        InvalidInputError: an end of the period is open, or a field is wrong.
    """

    period: Period
    selection: Selection
    invoice_date: date | None
    policy: Policy
    may_bill: Callable[[Account], bool] | None
    id: str
    schedules: Memo[Any, Any] = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        period: Period,
        *,
        selection: Selection = SELECT_ALL,
        invoice_date: DateLike | None = None,
        policy: Policy = DOCUMENTED,
        may_bill: Callable[[Account], bool] | None = None,
        id: str | None = None,
    ) -> None:
        read = Boundary("InvoiceRun")
        days = read.instance("period", period, Period)
        if not days.is_bounded:
            fix = "give first and last day: Period.closed(first, last)"
            raise read.refuse("period", str(days), "an open end", fix)
        chosen = read.instance("selection", selection, Selection)
        suffix = f"/{chosen.name}" if chosen.name else ""
        fill(
            self,
            period=days,
            selection=chosen,
            invoice_date=read.day("invoice_date", invoice_date),
            policy=read.instance("policy", policy, Policy),
            schedules=Memo[Any, Any](),
            may_bill=may_bill,
            id=f"{days.first}..{days.last}{suffix}" if id is None else read.id("id", id),
        )
