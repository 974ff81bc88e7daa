"""What a run bills of an item, before it is known what that costs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import field, frozen

from billingcore.periods.span import Span
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.timeline import Timeline
from billingcore.scope.run import InvoiceRun
from billingcore.values.period import Period
from billingcore.values.sealing import fill

__all__ = ["Due", "out_of_period", "run_facts", "until_covered"]


@frozen
class Due:
    """What a run bills of an item.

    Attributes:
        spans: what becomes a line each; empty if the item is excluded.
        excluded: why nothing is billed, if nothing is.
        left_out: time that the policy leaves out although the item is billed.
        waived: periods that are given up for good.
        timeline: the versions as they are billed, where they do not follow from the item's own
            days; the spans are cut by it.
        is_within: whether all covered days are known to lie within the dates of item and contract.
        is_noteworthy: whether there is more to say than the spans.
        only: the span, if there is one and nothing else to say.
    """

    spans: tuple[Span, ...] = ()
    excluded: LeftOut | None = None
    left_out: tuple[LeftOut, ...] = ()
    waived: tuple[Period, ...] = ()
    timeline: Timeline | None = None
    is_within: bool = True
    is_noteworthy: bool = field(init=False, default=False)
    only: Span | None = field(init=False, default=None, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        is_noteworthy = self.excluded is not None or bool(self.left_out or self.waived)
        is_only = len(self.spans) == 1 and not is_noteworthy
        fill(self, is_noteworthy=is_noteworthy, only=self.spans[0] if is_only else None)


def out_of_period(run: InvoiceRun, window: Period) -> Due:
    """Exclude an item whose days the run does not reach."""
    return Due(excluded=LeftOut(Reason.OUT_OF_PERIOD, window, run_facts(run)))


def run_facts(run: InvoiceRun) -> tuple[tuple[str, str], ...]:
    """Give the days of a run as facts of a reason."""
    return (("run", f"{run.period.first} to {run.period.last}"),)


def until_covered(stretches: Iterable[tuple[date, date]], day: date, stop: date) -> date:
    """Give the day before which days from *day* on are not covered, *stop* at the latest."""
    return min((start for start, _ in stretches if day < start < stop), default=stop)
