"""Invoice runs that repeat: a pure function from parameters and a day to a run (behaviour 10.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from attrs import field, frozen

from billingcore.errors import DateRangeError
from billingcore.runs.intervals import (
    Alignment,
    DayRange,
    Interval,
    InvoiceDateRule,
    later,
    read_interval,
)
from billingcore.scope.criteria import ALL_ACCOUNTS, Criteria
from billingcore.scope.policy import DOCUMENTED, Policy
from billingcore.scope.run import ExpectedStatus, InvoiceRun
from billingcore.scope.selection import Filter, Selection, UseCase
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import add_months, read_date
from billingcore.values.period import Period
from billingcore.values.sealing import fill
from billingcore.values.words import near

__all__ = ["MONTHS_AHEAD", "RunChain", "ScheduledRun", "check_target"]

MONTHS_AHEAD: Final = 12
"""How many months ahead of the day of a run its last day may lie."""

_MOST_SHIFT: Final = 10_000

_PARAMETERS: Final = {
    "Interval": "interval",
    "Alignment": "alignment",
    "ShiftDays": "shift_days",
    "StartOfWeek": "start_of_week",
    "InvoiceDate": "invoice_date",
    "InvoiceRunFilter": "subscription_filter",
    "GenericFilters": "generic_filters",
    "TransactionFilters": "usage_filters",
}
"""The products' names of the parameters → those of `ScheduledRun`."""


def check_target(
    period: Period, today: DateLike, *, months: int = MONTHS_AHEAD, record: str = "InvoiceRun"
) -> None:
    """Refuse to bill too far ahead: what is not delivered for so long is a mistake in a date.

    Args:
        period: of the run.
        today: the day on which the run is made.
        months: how far ahead the last day may lie; so far, to the day, is allowed.
        record: what is checked, for errors.

    Raises:
        DateRangeError: the period ends later.
    """
    read = Boundary(record)
    day = read.read("today", today, read_date)
    last = add_months(day, read.count("months", months, most=1200))
    target = period.last
    if target is None or target > last:
        shown = None if target is None else target.isoformat()
        rule, fix = f"more than {months} months after {day}", f"bill up to {last}"
        raise DateRangeError(rule, record=record, field="period", value=shown, fix=fix)


@frozen(init=False, order=False)
class ScheduledRun:
    """The parameters of a run that repeats, like a monthly one.

    >>> monthly = ScheduledRun("Monthly", interval="1m", invoice_date="end-5")
    >>> run = monthly.run("2025-03-17")
    >>> run.id, run.invoice_date
    ('2025-02-01..2025-02-28', datetime.date(2025, 2, 23))

    Attributes:
        name: of the job.
        interval: which days, like ``1m``, ``-2w``, ``10d``, or days of a month like ``16-15``.
        alignment: where they lie; a range of days has none.
        shift_days: moves the day from which it is counted.
        start_of_week: the first day of a week, 1 is Monday.
        invoice_date: the rule for the date of the invoices; None is decided when each is finalized.
        selection: what is billed: the subscriptions of the filter that is named, and the records
            and usage of those that are named; only subscriptions if none is.
        policy: how it is billed.
        months_ahead: how many months ahead of the day of the run its last day may lie.
        expected: whether its runs leave drafts, or post them at their end.

    Raises:
        InvalidInputError: a field is wrong, or names a filter that is not among those given.
    """

    name: str
    interval: Interval | DayRange
    alignment: Alignment
    shift_days: int
    start_of_week: int
    invoice_date: InvoiceDateRule | None
    selection: Selection
    policy: Policy
    months_ahead: int = field(default=MONTHS_AHEAD)
    expected: ExpectedStatus = field(default=ExpectedStatus.DRAFT)

    def __init__(
        self,
        name: str,
        *,
        interval: str = "1m",
        alignment: Alignment | str | None = None,
        shift_days: int = 0,
        start_of_week: int = 1,
        invoice_date: str | None = None,
        filters: Iterable[Filter] = (),
        subscription_filter: str = "",
        generic_filters: str | Iterable[str] = (),
        usage_filters: str | Iterable[str] = (),
        policy: Policy = DOCUMENTED,
        months_ahead: int = MONTHS_AHEAD,
        expected: ExpectedStatus = ExpectedStatus.DRAFT,
        criteria: Criteria = ALL_ACCOUNTS,
    ) -> None:
        read = Boundary("ScheduledRun", name)
        weekday = read.count("start_of_week", start_of_week, least=1, most=7)
        text = read.text("interval", interval)
        found = read.read("interval", text, lambda _: read_interval(text, weekday))
        if alignment is not None and isinstance(found, DayRange):
            fix = "leave it out; days of a month lie where the day of the run says"
            raise read.refuse("alignment", str(alignment), "a range of days has none", fix)
        rule = None if invoice_date is None else read.text("invoice_date", invoice_date)
        sources = (*_names(generic_filters), *_names(usage_filters))
        own = read.text("subscription_filter", subscription_filter)
        defined = tuple(filters)
        for field_name, chosen, kinds in (
            ("subscription_filter", (own,) if own else (), _CONTRACTS),
            ("generic_filters", _names(generic_filters), _RECORDS),
            ("usage_filters", _names(usage_filters), _USAGE),
        ):
            _check_kind(read, field_name, chosen, defined, kinds)
        fill(
            self,
            name=read.id("name", name),
            interval=found,
            alignment=read.member("alignment", alignment or Alignment.PREVIOUS, Alignment),
            shift_days=_shift(read, shift_days),
            start_of_week=weekday,
            invoice_date=None
            if rule is None
            else read.read("invoice_date", rule, lambda _: InvoiceDateRule.read(rule)),
            selection=Selection(
                defined,
                chosen=((own,) if own else ()) + sources,
                has_subscriptions=bool(own) or not sources,
                criteria=criteria,
            ),
            policy=read.instance("policy", policy, Policy),
            months_ahead=read.count("months_ahead", months_ahead, most=1200),
            expected=read.member("expected", expected, ExpectedStatus),
        )

    @classmethod
    def read(
        cls,
        name: str,
        parameters: Mapping[str, str],
        filters: Iterable[Filter] = (),
        policy: Policy = DOCUMENTED,
    ) -> ScheduledRun:
        """Read batch parameters as the products keep them: ``Key = Value``, all of it text.

        >>> ScheduledRun.read("Weekly", {"Interval": "1w", "ShiftDays": "-3"}).shift_days
        -3

        Args:
            name: of the job.
            parameters: Interval, Alignment, ShiftDays, StartOfWeek, InvoiceDate, InvoiceRunFilter,
                GenericFilters and TransactionFilters; the last two are lists with commas.
            filters: those that are defined.
            policy: how it is billed.

        Raises:
            InvalidInputError: a parameter is unknown or wrong.
        """
        read, given = Boundary("ScheduledRun", name), dict[str, object]()
        for key, value in parameters.items():
            if key not in _PARAMETERS:
                fix = near(key, [*_PARAMETERS]) or "use one of " + ", ".join(_PARAMETERS)
                raise read.refuse("parameters", key, "no such parameter", fix)
            own = _PARAMETERS[key]
            text = read.text(key, value)
            given[own] = _whole(read, key, text) if own in ("shift_days", "start_of_week") else text
        return cls(name, filters=filters, policy=policy, **given)  # type: ignore[arg-type]

    def period(self, on: DateLike) -> Period:
        """Give the days that a run of a day bills.

        Raises:
            DateRangeError: *on* is no day, or the period reaches beyond the calendar.
        """
        read = Boundary("ScheduledRun", self.name)
        day = read.read("on", on, read_date)
        return self.interval.period(later(day, self.shift_days), self.alignment)

    def run(self, on: DateLike) -> InvoiceRun:
        """Give the run of a day; the same day always gives the same run.

        Runs of the same period and filters are one run, so what it finds later joins its drafts.

        Raises:
            DateRangeError: *on* is no day, or the period ends too far ahead of it.
        """
        period = self.period(on)
        check_target(period, on, months=self.months_ahead, record=f"ScheduledRun {self.name!r}")
        rule = self.invoice_date
        return InvoiceRun(
            period,
            selection=self.selection,
            invoice_date=None if rule is None else rule.day(period),
            policy=self.policy,
            expected=self.expected,
        )


@frozen(init=False, order=False)
class RunChain:
    """Runs that follow each other: the next begins when the one before is done.

    Attributes:
        name: of the chain.
        schedules: the runs, in their order.

    Raises:
        InvalidInputError: it is empty, or two runs have the same name.
    """

    name: str
    schedules: tuple[ScheduledRun, ...]

    def __init__(self, name: str, schedules: Sequence[ScheduledRun]) -> None:
        read = Boundary("RunChain", name)
        given = tuple(read.instance("schedules", each, ScheduledRun) for each in schedules)
        fill(self, name=read.id("name", name), schedules=given)
        names = [each.name for each in given]
        if not names:
            raise read.refuse("schedules", 0, "a chain has a run", "give at least one")
        if len(set(names)) < len(names):
            fix = "give each its own"
            raise read.refuse("schedules", len(names), "two have the same name", fix)

    def runs(self, on: DateLike) -> tuple[InvoiceRun, ...]:
        """Give the runs of a day, in order; all are checked before the first begins.

        Raises:
            DateRangeError: *on* is no day, or a period ends too far ahead of it.
        """
        return tuple(each.run(on) for each in self.schedules)


_CONTRACTS: Final = (UseCase.SUBSCRIPTION,)
_RECORDS: Final = (UseCase.GENERIC,)
_USAGE: Final = (UseCase.USAGE, UseCase.DAILY_USAGE)


def _check_kind(
    read: Boundary,
    name: str,
    chosen: Sequence[str],
    defined: Sequence[Filter],
    kinds: Sequence[UseCase],
) -> None:
    """Refuse a filter that is for something else than the parameter that names it."""
    for each in defined:
        if each.name in chosen and each.use_case not in kinds:
            fits = [other.name for other in defined if other.use_case in kinds]
            fix = "name one of " + (", ".join(fits) or "... (none is defined)")
            rule = f"its use case is {each.use_case.name}"
            raise read.refuse(name, each.name, rule, fix)


def _names(given: str | Iterable[str]) -> tuple[str, ...]:
    """Read names: a list, or one text with commas."""
    parts = given.split(",") if isinstance(given, str) else given
    return tuple(name for name in (part.strip() for part in parts) if name)


def _whole(read: Boundary, key: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise read.refuse(key, text, "no whole number", "write digits, like 3 or -3") from None


def _shift(read: Boundary, value: object) -> int:
    """Read how many days later it is counted from; below 0 earlier."""
    if isinstance(value, int) and value < 0:
        return -read.count("shift_days", -value, most=_MOST_SHIFT)
    return read.count("shift_days", value, most=_MOST_SHIFT)
