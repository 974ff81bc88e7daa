"""Strategies for plain values: texts, numbers, days, periods, cadences, amounts."""

# What `builds` hands to a function is known to it, and not to the type checker.
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeVar

from hypothesis import strategies as st

from billingcore.periods import proration
from billingcore.periods.proration import Proration
from billingcore.periods.span import Share, Span
from billingcore.values.cadence import AnchorDay, Cadence, Unit
from billingcore.values.instants import ServiceDay, ServiceDays
from billingcore.values.length import Length
from billingcore.values.money import Money
from billingcore.values.period import Period

__all__ = [
    "CURRENCIES",
    "cadences",
    "currencies",
    "days",
    "decimals",
    "ids",
    "lengths",
    "money",
    "open_periods",
    "optional",
    "percentages",
    "periods",
    "positive_amounts",
    "prices",
    "prorations",
    "quantities",
    "service_days",
    "shares",
    "spans",
    "texts",
    "windows",
]

T = TypeVar("T")

CURRENCIES: Final = {"EUR": 2, "JPY": 0, "KWD": 3, "CLF": 4}
"""A currency for each number of digits that ISO 4217 knows."""

FIRST: Final = dt.date(2020, 1, 1)
LAST: Final = dt.date(2030, 12, 31)
UNITS_OF_MONTHS: Final = (Unit.MONTH, Unit.QUARTER, Unit.HALF_YEAR, Unit.YEAR)
UNITS: Final = (*UNITS_OF_MONTHS, Unit.WEEK, Unit.DAY)

NOT_WRITTEN: Final = ("Cc", "Cs", "Cn", "Zl", "Zp")


def optional(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """Draw a value, or None, to which it shrinks."""
    return st.one_of(st.none(), strategy)


def texts(most: int = 20) -> st.SearchStrategy[str]:
    """Draw text as titles and notes have it, in any script, perhaps none."""
    return st.text(st.characters(exclude_categories=NOT_WRITTEN), max_size=most)


def ids(most: int = 12) -> st.SearchStrategy[str]:
    """Draw what can name a record: any signs but spaces, in any script."""
    visible = st.characters(exclude_categories=(*NOT_WRITTEN, "Zs", "Cf", "Co"))
    return st.text(visible, min_size=1, max_size=most)


def currencies() -> st.SearchStrategy[str]:
    """Draw a currency."""
    return st.sampled_from([*CURRENCIES])


def decimals(
    least: int = -(10**9), most: int = 10**9, *, places: int = 5
) -> st.SearchStrategy[Decimal]:
    """Draw exact numbers, with at most so many digits after the point.

    Args:
        least: the least number, before it is divided by a power of ten.
        most: the greatest one.
        places: digits after the point, at most.
    """
    return st.builds(
        lambda whole, digits: Decimal(whole).scaleb(-digits),
        st.integers(least, most),
        st.integers(0, places),
    )


def prices() -> st.SearchStrategy[Decimal]:
    """Draw unit prices, some of them below 0."""
    return st.one_of(decimals(0, 10**6), decimals(-(10**6), 10**7))


def quantities() -> st.SearchStrategy[Decimal]:
    """Draw quantities: whole ones, others, and some that give back; not 0."""
    return st.one_of(decimals(1, 40, places=0), decimals(1, 99_999), decimals(-3, -1, places=0))


def percentages(most: int = 100) -> st.SearchStrategy[Decimal]:
    """Draw percentages from 0 on, with at most three digits after the point."""
    return st.one_of(
        decimals(0, most, places=0),
        st.integers(0, most * 1000).map(lambda units: Decimal(units).scaleb(-3)),
    )


def positive_amounts(currency: str = "EUR", most: int = 10**7) -> st.SearchStrategy[Decimal]:
    """Draw amounts above 0 that have just the digits of a currency."""
    places = CURRENCIES[currency]
    return st.integers(1, most).map(lambda units: Decimal(units).scaleb(-places))


def money() -> st.SearchStrategy[Money]:
    """Draw an amount with its currency."""
    return st.builds(Money, decimals(places=3), currencies())


def days(first: dt.date = FIRST, last: dt.date = LAST) -> st.SearchStrategy[dt.date]:
    """Draw days; the first and last days of months come often."""
    some = st.dates(first, last)
    firsts = some.map(lambda day: max(first, day.replace(day=1)))
    lasts = some.map(lambda day: max(first, day.replace(day=1) - dt.timedelta(days=1)))
    return st.one_of(some, firsts, lasts)


def periods(
    longest: int = 400, first: dt.date = FIRST, last: dt.date = LAST
) -> st.SearchStrategy[Period]:
    """Draw bounded periods of at most so many days, which begin between two days."""
    return st.builds(
        lambda start, length: Period(start, start + dt.timedelta(days=length)),
        days(first, last),
        st.integers(1, longest),
    )


def open_periods() -> st.SearchStrategy[Period]:
    """Draw periods of which one end, or both, may be open."""
    return st.builds(
        lambda period, has_start, has_stop: Period(
            period.start if has_start else None, period.stop if has_stop else None
        ),
        periods(),
        st.booleans(),
        st.booleans(),
    )


def windows(longest: int = 800) -> st.SearchStrategy[tuple[dt.date | None, dt.date | None]]:
    """Draw a first and a last day, of which each may be missing."""
    return st.builds(
        lambda first, length, has_start: (
            first if has_start else None,
            None if length is None else first + dt.timedelta(days=length),
        ),
        days(),
        optional(st.integers(0, longest)),
        st.booleans(),
    )


def cadences(
    units: Sequence[Unit] = UNITS, most: int = 6, *, anchored: bool | None = None
) -> st.SearchStrategy[Cadence]:
    """Draw rhythms; those of months may fall on the ends of months.

    Args:
        units: what they count.
        most: how many of them a period has at most.
        anchored: whether they have an anchor; None draws both.
    """

    def build(count: int, unit: Unit, anchor: dt.date | None, *, is_end: bool) -> Cadence:
        is_month_end = is_end and unit in UNITS_OF_MONTHS
        day = AnchorDay.MONTH_END if is_month_end else AnchorDay.SAME_DAY
        return Cadence(count, unit, anchor, day=day)

    anchors = {None: optional(days()), True: days(), False: st.none()}[anchored]
    counts = st.integers(1, most)
    return st.builds(build, counts, st.sampled_from(units), anchors, is_end=st.booleans())


def lengths() -> st.SearchStrategy[Length]:
    """Draw lengths, like three months."""
    units = (Unit.MONTH, Unit.DAY, Unit.WEEK, Unit.YEAR)
    return st.builds(Length, st.integers(1, 24), st.sampled_from(units))


def prorations() -> st.SearchStrategy[Proration]:
    """Draw one of the conventions of the library."""
    return st.sampled_from([proration.CONVENTIONS[name] for name in sorted(proration.CONVENTIONS)])


def service_days() -> st.SearchStrategy[ServiceDays]:
    """Draw rules that turn instants into days, in zones with a fixed offset."""

    def build(hours: int, minutes: int) -> ServiceDays:
        name = f"{hours:+d} hours"
        zone = dt.timezone(dt.timedelta(hours=hours), name)
        return ServiceDays(zone, cut_off=dt.time(minutes // 60, minutes % 60), name=name)

    return st.builds(build, st.integers(-12, 14), st.integers(0, 12 * 60))


def days_of_instants() -> st.SearchStrategy[ServiceDay]:
    """Draw days of service, with the facts of how they were found."""
    moments = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1))  # noqa: DTZ001
    aware = moments.map(lambda moment: moment.replace(tzinfo=dt.UTC))
    return st.builds(lambda rule, moment: rule.of(moment), service_days(), aware)


def shares() -> st.SearchStrategy[Share]:
    """Draw parts of billing periods, with their factors."""

    def build(period: Period, start: int, length: int, name: str) -> Share:
        first, stop = period.bounds
        begin = first + dt.timedelta(days=start % period.days)
        part = Period(begin, min(stop, begin + dt.timedelta(days=length)))
        return Share(part, period, Fraction(part.days, period.days), name)

    places = st.integers(0, 400)
    return st.builds(build, periods(), places, st.integers(1, 400), st.just("ACTUAL_DAYS"))


def spans() -> st.SearchStrategy[Span]:
    """Draw service periods of lines."""
    return shares().map(lambda share: Span(share.part, share.part, (share,), share.part))
