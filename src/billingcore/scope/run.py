"""What to bill: the parameters of an invoice run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from enum import Enum
from typing import Any

from attrs import field, frozen

from billingcore.records.account import Account
from billingcore.scope.criteria import read_names
from billingcore.scope.policy import DOCUMENTED, Policy
from billingcore.scope.selection import Selection
from billingcore.scope.switches import TaxLevel
from billingcore.scope.wanted import Wanted, wanted_of
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.memo import Memo
from billingcore.values.period import Period
from billingcore.values.sealing import fill

__all__ = ["ExpectedStatus", "InvoiceRun"]

SELECT_ALL = Selection()


class ExpectedStatus(Enum):
    """What a run leaves behind (behaviour 10.2)."""

    DRAFT = "Draft"
    """Drafts, for somebody to look at and to post."""
    POSTED = "Posted"
    """Invoices: it finalizes its drafts at its end."""


def _read_id(read: Boundary, id: str) -> str:
    """Read an id of a host's own; some words have a meaning in the place of one."""
    name = read.id("id", id)
    _, sign, number = name.rpartition("#")
    if name == "latest" or (sign and number.isdecimal()):
        fix = "use another one"
        raise read.refuse("id", name, "it would be taken for that of an execution", fix)
    return name


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
        expected: whether it leaves drafts, or posts them at its end.
        only: ids of subscriptions, and names of records and usage, like ``Order/O-1``: nothing else
            is billed, and drafts that are there stay as they are. None is everything. It is no
            part of the id: what a run left is billed as a part of it.
        id: names the run: equal for equal period and filters, so that a repeated run is the same.
        schedules: what is due for which terms, remembered while the run lives.
        wanted: what it wants of the records of an account; None if all of them.
        is_ordinary: whether it bills whatever contracts an account has, whole, and nothing else.

    Raises:
        InvalidInputError: an end of the period is open, or a field is wrong.
    """

    period: Period
    selection: Selection
    invoice_date: date | None
    policy: Policy
    may_bill: Callable[[Account], bool] | None
    expected: ExpectedStatus
    only: frozenset[str] | None
    id: str
    schedules: Memo[Any, Any] = field(init=False, eq=False, repr=False)
    wanted: Wanted | None = field(init=False, eq=False, repr=False)
    is_ordinary: bool = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        period: Period,
        *,
        selection: Selection = SELECT_ALL,
        invoice_date: DateLike | None = None,
        policy: Policy = DOCUMENTED,
        may_bill: Callable[[Account], bool] | None = None,
        expected: ExpectedStatus = ExpectedStatus.DRAFT,
        only: Iterable[str] | None = None,
        id: str | None = None,
    ) -> None:
        read = Boundary("InvoiceRun")
        days = read.instance("period", period, Period)
        if not days.is_bounded:
            fix = "give first and last day: Period.closed(first, last)"
            raise read.refuse("period", str(days), "an open end", fix)
        chosen = read.instance("selection", selection, Selection)
        suffix = f"/{chosen.name}" if chosen.name else ""
        names = None if only is None else read_names(read, "only", only)
        fill(
            self,
            period=days,
            selection=chosen,
            invoice_date=read.day("invoice_date", invoice_date),
            policy=read.instance("policy", policy, Policy),
            schedules=Memo[Any, Any](),
            may_bill=may_bill,
            expected=read.member("expected", expected, ExpectedStatus),
            only=names,
            wanted=wanted_of(chosen.criteria, names),
            id=f"{days.first}..{days.last}{suffix}" if id is None else _read_id(read, id),
        )
        fill(self, is_ordinary=self._is_ordinary())

    def _is_ordinary(self) -> bool:
        chosen, policy = self.selection, self.policy
        if self.may_bill is not None or self.wanted is not None:
            return False
        if chosen.criteria.name or chosen.applied is not None or chosen.sources:
            return False
        if policy.max_lines is not None or policy.minimum_amount or policy.tax_delta:
            return False
        is_by_category = policy.tax_level is TaxLevel.CATEGORY and policy.groups_by_contract
        return is_by_category and chosen.has_subscriptions
