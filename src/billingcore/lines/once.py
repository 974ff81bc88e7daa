"""What is billed once: for which days, and why not."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from billingcore.errors import show
from billingcore.lines.harvest import Harvest
from billingcore.periods.due import run_facts
from billingcore.periods.shares import whole_span
from billingcore.periods.span import Span
from billingcore.records.reasons import LeftOut, Reason
from billingcore.scope.switches import LateUsage, RecordDays
from billingcore.values.period import Period

__all__ = ["Once", "invoiced", "on_day"]


class Once(NamedTuple):
    """What a day of service, or none, means for what is billed once.

    Attributes:
        span: the days of its lines: those of the run, or the day of service.
        hindrance: why it is not billed, if the day is none of the run's; else None.
    """

    span: Span
    hindrance: LeftOut | None


def on_day(found: Harvest, day: date | None) -> Once:
    """Say what a day of service means in a run; None is no day."""
    memo = found.run.schedules
    known: Once | None = memo.get(("once", day))
    return known or memo.keep(("once", day), _once(found, day))


def _once(found: Harvest, day: date | None) -> Once:
    run, policy = found.run, found.run.policy
    is_inside = day is None or day in run.period
    if day is None or (is_inside and policy.record_days is not RecordDays.SERVICE_DATE):
        return Once(found.whole, None)
    span = whole_span(policy, Period.day(day), None)
    is_late = day < run.period.bounds[0] and policy.late_usage is LateUsage.INCLUDE
    if is_inside or is_late:
        return Once(span, None)
    facts = (("service date", day.isoformat()), *run_facts(run))
    return Once(span, LeftOut(Reason.OUT_OF_PERIOD, facts=facts))


def invoiced(document: object, *facts: tuple[str, str]) -> LeftOut:
    """Say which document bills something already."""
    name = document if isinstance(document, str) else show(document)
    return LeftOut(Reason.ALREADY_INVOICED, facts=(("document", name), *facts))
