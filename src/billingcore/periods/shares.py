"""What a part of a billing period costs, by the item's convention."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from billingcore.periods import proration
from billingcore.periods.grid import Grid
from billingcore.periods.span import Share, Span
from billingcore.ports import ProrationConvention
from billingcore.records.conventions import DayPrice
from billingcore.records.item import Item
from billingcore.records.terms import BillingType
from billingcore.scope.policy import Policy
from billingcore.scope.switches import TaxDate
from billingcore.values.cadence import DAY, Cadence
from billingcore.values.calendar import ONE_DAY
from billingcore.values.period import Period

__all__ = [
    "conserves",
    "cut",
    "offset_of",
    "share_of",
    "span_over",
    "tax_days",
    "whole_span",
]

_WHOLE: Final = Fraction(1)
_EXACT: Final = DayPrice.EXACT
_CONVENTION_OF: Final[dict[BillingType, ProrationConvention]] = {
    BillingType.ONE_TIME: proration.NONE,
    BillingType.RECURRING: proration.NONE,
    BillingType.RECURRING_PRORATED: proration.CALENDAR_MONTHS,
    BillingType.RECURRING_PRORATED_AVG: proration.AVERAGE_MONTHS,
    BillingType.TRANSACTIONAL: proration.NONE,
    BillingType.MINIMUM_FEE: proration.NONE,
}


def convention_of(item: Item, policy: Policy) -> ProrationConvention:
    """Give the convention for parts of a period: the item's, the policy's, or the billing type's.

    The policy says what "prorated" means; what is not prorated stays so.
    """
    usual = _CONVENTION_OF[item.recurrence]
    return item.proration or (usual if usual is proration.NONE else policy.proration or usual)


def conserves(item: Item, rhythm: Cadence, policy: Policy) -> bool:
    """Tell whether the slices of a period add up to it, as far as the convention can say."""
    if item.cadence is not None and item.cadence.unit is DAY:
        return item.is_divisible
    convention = convention_of(item, policy)
    if not isinstance(convention, proration.Proration) or convention.day_price is not _EXACT:
        return False
    return convention.conserves(rhythm)


def share_of(item: Item, part: Period, grid: Grid, policy: Policy) -> Share:
    """Work out what a part costs; a price per day is multiplied by days.

    Raises:
        InvalidInputError: the convention cannot measure the billing period.
    """
    start, stop = part.bounds
    convention, rhythm = convention_of(item, policy), grid.rhythm_of(start)
    day_price = _EXACT
    unit = rhythm.unit if item.cadence is None else item.cadence.unit
    full = rhythm.period_of(start)
    if unit is DAY and convention is proration.NONE:
        last = rhythm.period_of(stop - ONE_DAY)
        factor = Fraction(Period(full.start, last.stop).days)
    elif unit is DAY:
        factor = Fraction(part.days)
    else:
        factor = convention.factor(part, rhythm)
        if isinstance(convention, proration.Proration):
            day_price = convention.day_price
    return Share(part, full, factor, convention.name, unit.name.lower(), grid, day_price)


def cut(item: Item, share: Share, start: date, stop: date, policy: Policy) -> Share:
    """Give the share of some days of a share."""
    part = Period(start, stop)
    if part == share.part:
        return share
    if share.grid is None:  # not by a convention, but by days: of one that was split so
        factor = share.factor * part.days / share.part.days
        return Share(part, share.full, factor, share.convention, share.unit)
    return share_of(item, part, share.grid, policy)


def offset_of(item: Item, start: date, grid: Grid, since: date, policy: Policy) -> Fraction:
    """Give the factor of the days of service before a day, in the same billing period.

    Amounts of slices are differences of the running total from the first day of service on, so
    that slices at one price add up to the cent. A convention by which they do not add up anyway
    has no running total: 0.
    """
    first = max(grid.border_before(start), since)
    if first >= start or not conserves(item, grid.rhythm_of(start), policy):
        return Fraction(0)
    return share_of(item, Period(first, start), grid, policy).factor


def whole_span(policy: Policy, service: Period, cover: Period | None) -> Span:
    """Make the span of a line at its full price, without a billing period."""
    if cover is not None:
        return _whole(policy, service, cover)
    key = (service.start, service.stop)
    known: Span | None = policy.spans.get(key)
    return policy.spans.keep(key, _whole(policy, service, None)) if known is None else known


def _whole(policy: Policy, service: Period, cover: Period | None) -> Span:
    share = Share(service, None, _WHOLE)
    return Span(service, cover, (share,), tax_days(policy, service))


def tax_days(policy: Policy, service: Period) -> Period:
    """Give the days of a service period that decide its tax."""
    start, stop = service.bounds
    if policy.tax_date is TaxDate.SPLIT_AT_RATE_CHANGE:
        return service
    return Period.day(start if policy.tax_date is TaxDate.START else stop - ONE_DAY)


def span_over(item: Item, period: Period, policy: Policy) -> Span:
    """Make the span of an item that is billed for given days, without a schedule.

    Raises:
        InvalidInputError: its convention cannot measure its billing period.
    """
    start, _ = period.bounds
    if item.cadence is None or item.recurrence is BillingType.ONE_TIME:
        return whole_span(policy, period, None)
    share = share_of(item, period, Grid(item.cadence.anchored(start), None), policy)
    return Span(period, period, (share,), tax_days(policy, period))
