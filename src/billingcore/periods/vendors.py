"""How other systems count a part of a billing period, with what they round on the way.

Each of these conventions cuts what is billed at the borders of the billing periods, as those
systems do: every piece is an item of its own there, and is worked out by itself. So slices need not
add up, and none of them claims to conserve; that is what reproducing them means. A row of whole
billing periods costs its price in all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from attrs import frozen

from billingcore.periods import daycount
from billingcore.periods.derivation import (
    Derivation,
    Term,
    dates,
    of_days,
    period_terms,
    times_count,
)
from billingcore.periods.proration import (
    AVERAGE_MONTHS,
    CALENDAR_MONTHS,
    CONVENTIONS,
    Proration,
)
from billingcore.records.conventions import DayPrice
from billingcore.values.cadence import DAYS, MONTH, MONTHS, Cadence
from billingcore.values.calendar import add_months
from billingcore.values.period import Period
from billingcore.values.rounding import Rounding, round_to

__all__ = [
    "CHARGEBEE",
    "DJANGO_SILVER",
    "KILL_BILL",
    "LAGO",
    "LIBRARY",
    "SALESFORCE_CALENDAR",
    "SALESFORCE_MONTHLY",
    "STRIPE",
    "ZUORA_30_ACTUAL",
    "ZUORA_30_STRICT",
    "ZUORA_ACTUAL",
]

_BY_ITSELF: Final = "never for sure: each piece is worked out by itself"
_RATIO: Final = Decimal("1e-9")


@frozen(eq=False, repr=False)
class _OfSystem(Proration):
    """A convention of another system; it arrives as itself wherever it travels."""

    def __reduce__(self) -> tuple[object, ...]:
        return _named, (self.name,)


def _named(name: str) -> Proration:
    return LIBRARY[name]


def _never(_: Cadence) -> bool:
    return False


Tell = Callable[[Period, Cadence], Derivation]
"""Part and anchored cadence → the factor as the sum of its terms."""


def _convention(
    name: str, formula: str, source: str, tell: Tell, day_price: DayPrice = DayPrice.EXACT
) -> Proration:
    """Make a convention whose factor is that of its explanation, so that the two cannot differ."""
    return _OfSystem(
        name=name,
        formula=formula,
        source=source,
        remark=_BY_ITSELF,
        measure=lambda part, cadence: tell(part, cadence).value,
        conserves=_never,
        measures_weeks=True,
        describe=lambda part, cadence, _: tell(part, cadence),
        day_price=day_price,
    )


def _alike(name: str, source: str, convention: Proration) -> Proration:
    """Make a convention that counts like one in months, but knows no running total."""
    return _OfSystem(
        name=name,
        formula=convention.formula,
        source=source,
        remark=_BY_ITSELF,
        measure=convention.measure,
        conserves=_never,
        describe=convention.describe,
    )


def _days_of_the_period(part: Period, cadence: Cadence) -> Derivation:
    return times_count(tuple(period_terms(part, cadence, of_days)), cadence)


def _by_months(of_part: Callable[[Period, Period], Term]) -> Tell:
    """Count months of the billing periods, and a part of a month by a rule; weeks by days."""

    def tell(part: Period, cadence: Cadence) -> Derivation:
        if cadence.unit in DAYS:
            return _days_of_the_period(part, cadence)
        months = Cadence(1, MONTH, cadence.anchor, day=cadence.day)
        return _in_units(tuple(period_terms(part, months, of_part)), cadence)

    return tell


def _in_units(months: tuple[Term, ...], cadence: Cadence) -> Derivation:
    size = MONTHS[cadence.unit]
    return Derivation(months, Fraction(1, size), f"/ {size}" if size > 1 else "")


def _ratio_of_days(cadence: Cadence) -> Callable[[Period, Period], Term]:
    """Round the ratio of days as Kill Bill does.

    What begins with its period is measured by the period counted on from there, all else by the
    period counted back from its own end: 14 February to the 28th of a 31st anchor by 31 days.
    """

    def of_part(piece: Period, full: Period) -> Term:
        start, stop = piece.bounds
        is_first = piece.start == full.start
        of = (
            _step(start, cadence, 1) - start if is_first else stop - _step(stop, cadence, -1)
        ).days
        ratio = round_to(Fraction(piece.days, of), _RATIO, Rounding.HALF_UP)
        words = f"{piece.days}/{of} days for {dates(piece)}, rounded to {ratio:f}"
        share = Fraction(ratio)
        return Term(share.numerator, share.denominator, words, piece)

    return of_part


def _step(day: date, cadence: Cadence, periods: int) -> date:
    units = cadence.count * periods
    if cadence.unit in DAYS:
        return day + timedelta(days=DAYS[cadence.unit] * units)
    return add_months(day, MONTHS[cadence.unit] * units)


def _rounded_ratio(part: Period, cadence: Cadence) -> Derivation:
    return times_count(tuple(period_terms(part, cadence, _ratio_of_days(cadence))), cadence)


def _thirtieths(piece: Period, _: Period) -> Term:
    return Term(piece.days, 30, f"{piece.days}/30 for {dates(piece)}", piece)


def _strict_thirtieths(piece: Period, _: Period) -> Term:
    days = daycount.strict_30(piece) * 30
    words = f"{days}/30 for {dates(piece)} in months of 30 days"
    return Term(days.numerator, 30, words, piece)


def _months_from_the_first_day(part: Period, cadence: Cadence) -> Derivation:
    """Count as django-silver does: whole months, and the rest by the month that it is in."""
    if cadence.unit in DAYS:
        return _days_of_the_period(part, cadence)
    start, stop = part.bounds
    months = (stop.year - start.year) * 12 + stop.month - start.month
    before, after = add_months(start, months), add_months(start, months + 1)
    if before > stop:
        months, before, after = months - 1, add_months(before, -1), before
    terms: list[Term] = []
    if months:
        whole = Period(start, before)
        terms.append(Term(months, 1, f"{months} for {dates(whole)}", whole))
    if before < stop:
        rest, of = Period(before, stop), (after - before).days
        terms.append(Term(rest.days, of, f"{rest.days} of {of} days from {before}", rest))
    return _in_units(tuple(terms), cadence)


KILL_BILL: Final = _convention(
    "KILL_BILL",
    "days / days of the billing period, rounded half up to 9 decimal places",
    "Kill Bill: InvoiceDateUtils",
    _rounded_ratio,
)
LAGO: Final = _convention(
    "LAGO",
    "days x price of one day; that is the price / days of the billing period, in binary numbers",
    "Lago: DatesService and Fees::SubscriptionService",
    _days_of_the_period,
    DayPrice.DOUBLE,
)
STRIPE: Final = _convention(
    "STRIPE",
    "seconds / seconds of the billing period; in a run days, by midnight in UTC",
    "Stripe: Prorations",
    _days_of_the_period,
)
ZUORA_ACTUAL: Final = _convention(
    "ZUORA_ACTUAL",
    "full months, and days / days of the month that is billed in part",
    "Zuora: Use actual number of days",
    _by_months(of_days),
)
ZUORA_30_ACTUAL: Final = _convention(
    "ZUORA_30_ACTUAL",
    "full months, and days / 30",
    "Zuora: Assume 30 days - Actual / 360",
    _by_months(_thirtieths),
)
ZUORA_30_STRICT: Final = _convention(
    "ZUORA_30_STRICT",
    "full months, and days / 30 in months of 30 days",
    "Zuora: Assume 30 days - Strict 30 / 360",
    _by_months(_strict_thirtieths),
)
CHARGEBEE: Final = _convention(
    "CHARGEBEE",
    "days / days of the billing period",
    "Chargebee: day-based billing",
    _days_of_the_period,
)
SALESFORCE_MONTHLY: Final = _alike(
    "SALESFORCE_MONTHLY", "Salesforce CPQ: Monthly + Daily", AVERAGE_MONTHS
)
SALESFORCE_CALENDAR: Final = _alike(
    "SALESFORCE_CALENDAR", "Salesforce CPQ: Calendar Monthly + Daily", CALENDAR_MONTHS
)
DJANGO_SILVER: Final = _convention(
    "DJANGO_SILVER",
    "whole months from the first day, and days / days of the month from there",
    "django-silver: monthdiff_as_fraction",
    _months_from_the_first_day,
)

LIBRARY: Final = {
    **CONVENTIONS,
    **{
        convention.name: convention
        for convention in (
            KILL_BILL,
            LAGO,
            STRIPE,
            ZUORA_ACTUAL,
            ZUORA_30_ACTUAL,
            ZUORA_30_STRICT,
            CHARGEBEE,
            SALESFORCE_MONTHLY,
            SALESFORCE_CALENDAR,
            DJANGO_SILVER,
        )
    },
}
"""All conventions that the library brings, those of other systems too, by name."""
