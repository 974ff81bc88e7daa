"""What a part of a billing period costs: a table of named conventions.

A convention turns a part and its cadence into a *billing factor*, an exact `Fraction` of unit
prices: for a price per month, 3 is a whole quarter and 17/31 the second half of a January.

Two rules stand above the formulas. A row of whole periods of the cadence counts whole, n periods
are n times the count, so that the short months of a 31st anchor cost what the long ones do; only
the two conventions that count interest-like days (`ACT_365`, `ACT_360`) are exempt, since with
them no month is whole. And a price per day is multiplied by days under every convention but `NONE`.

Do slices add up? A convention *conserves* on a cadence if the factors of any slices of one
period add up to the factor of the period. Each convention says for which cadences it does.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from attrs import field, fields, frozen

from billingcore.errors import InvalidInputError, UnitMismatchError
from billingcore.periods import daycount, derivation
from billingcore.periods.derivation import Derivation, Describe
from billingcore.records.conventions import DayPrice
from billingcore.values.cadence import DAY, DAYS, MONTH, MONTH_END, MONTHS, WEEK, Cadence
from billingcore.values.period import Period

__all__ = [
    "ACTUAL_DAYS",
    "ACT_360",
    "ACT_365",
    "AVERAGE_MONTHS",
    "CALENDAR_MONTHS",
    "CONVENTIONS",
    "MONTH_FRACTIONS",
    "NONE",
    "STRICT_30",
    "THIRTY_360_US",
    "THIRTY_E_360",
    "Proration",
]


@frozen(eq=False)
class Proration:
    """A named convention; hosts add one with the same fields, or any object with name and factor.

    >>> str(CALENDAR_MONTHS.factor(Period("2025-02-10", "2025-04-01"), Cadence(1, MONTH)))
    '47/28'

    Attributes:
        name: what explanations show, and how it is found in `CONVENTIONS`.
        formula: the rule in words.
        source: who computes so.
        remark: when slices add up, in words.
        measure: part and cadence → factor, for what is not a row of whole periods.
        counts_whole_periods: whether whole periods of the cadence always count whole.
        measures_weeks: whether it can be used with a price per week.
        conserves: cadence → whether slices of one of its periods add up to the period.
        describe: part, cadence and factor → how the factor came about; None for a host's own
            convention that cannot say.
        day_price: how the price of one day is kept; exact if amounts are price x factor. With
            another, an amount is that price x days, by the billing periods of the cadence, and
            slices never add up for sure.
    """

    name: str
    formula: str
    source: str
    remark: str
    measure: Callable[[Period, Cadence], Fraction]
    conserves: Callable[[Cadence], bool]
    counts_whole_periods: bool = True
    measures_weeks: bool = False
    describe: Describe | None = None
    day_price: DayPrice = field(default=DayPrice.EXACT, eq=False)  # a name says it all

    def factor(self, part: Period, cadence: Cadence) -> Fraction:
        """Give the billing factor of a part, in unit prices.

        Args:
            part: the days that are billed, both ends given.
            cadence: the billing period; without an anchor it is anchored on the part's first day.

        Raises:
            UnitMismatchError: the convention counts months and the cadence weeks.
            InvalidInputError: an end of the part is open.
        """
        if cadence.unit is WEEK and not self.measures_weeks:
            fix = "use ACTUAL_DAYS, ACT_365 or NONE with weeks"
            raise UnitMismatchError("months cannot measure weeks", field="cadence", fix=fix)
        start, _ = part.bounds
        grid = cadence.anchored(start)
        if self.counts_whole_periods:
            periods = grid.whole_periods(part)
            if periods:
                return Fraction(periods * grid.count)
        return self.measure(part, grid)

    def derive(self, part: Period, cadence: Cadence) -> Derivation:
        """Say how the billing factor of a part came about; takes the arguments of `factor`.

        >>> feb_and_march = Period("2025-02-10", "2025-04-01")
        >>> print(CALENDAR_MONTHS.derive(feb_and_march, Cadence(1, MONTH)))
        19/28 of February 2025 + 1 of March 2025 = 47/28
        """
        factor = self.factor(part, cadence)
        grid = cadence.anchored(part.bounds[0])
        periods = grid.whole_periods(part) if self.counts_whole_periods else 0
        if periods:
            return derivation.as_whole_periods(part, grid, periods)
        found = self.describe(part, grid, factor) if self.describe else None
        is_true = found is not None and found.value == factor
        return found if found and is_true else derivation.as_given(part, factor)

    def __repr__(self) -> str:
        return f"<proration {self.name}>"

    def __reduce__(self) -> tuple[object, ...]:
        """Travel by name, so that a convention of the library arrives as itself."""
        if CONVENTIONS.get(self.name) is self:
            return convention_named, (self.name,)
        return Proration, tuple(getattr(self, each.name) for each in fields(Proration))


def _per_unit(months: Callable[[Period], Fraction]) -> Callable[[Period, Cadence], Fraction]:
    """Turn a count in months into one in units of the cadence."""

    def measure(part: Period, cadence: Cadence) -> Fraction:
        if cadence.unit is DAY:
            return Fraction(part.days)
        return months(part) / MONTHS[cadence.unit]

    return measure


def _by_year(days: int) -> Callable[[Period, Cadence], Fraction]:
    """Count days by a year of so many days; weeks and days need no year."""

    def measure(part: Period, cadence: Cadence) -> Fraction:
        if cadence.unit in DAYS:
            return Fraction(part.days, DAYS[cadence.unit])
        return daycount.day_share(part, days) / MONTHS[cadence.unit]

    return measure


def _started_periods(part: Period, cadence: Cadence) -> Fraction:
    start, stop = part.bounds
    started = cadence.index(stop) - cadence.index(start)
    is_inside = cadence.start(cadence.index(stop)) < stop
    return Fraction((started + is_inside) * cadence.count)


def _always(_: Cadence) -> bool:
    return True


def _on_a_grid(cadence: Cadence) -> bool:
    return cadence.unit in DAYS or cadence.anchor is not None


def _never(_: Cadence) -> bool:
    return False


def _on_days(cadence: Cadence) -> bool:
    return cadence.unit is DAY


def _on_the_first(cadence: Cadence) -> bool:
    is_first = cadence.anchor is not None and cadence.anchor.day == 1
    return cadence.unit is DAY or (cadence.unit in MONTHS and is_first)


def _on_single_first(cadence: Cadence) -> bool:
    is_month = cadence.unit is MONTH and cadence.count == 1
    return cadence.unit is DAY or (is_month and _on_the_first(cadence))


def _up_to_the_28th(cadence: Cadence) -> bool:
    anchor = cadence.anchor
    is_early = anchor is not None and anchor.day <= 28 and cadence.day is not MONTH_END
    return cadence.unit is DAY or (cadence.unit in MONTHS and is_early)


NONE: Final = Proration(
    name="NONE",
    formula="every period that is touched counts whole",
    source="JustOn: Recurring",
    remark="never: each slice costs a whole period",
    measure=_started_periods,
    conserves=_never,
    describe=derivation.started_periods,
    measures_weeks=True,
)
CALENDAR_MONTHS: Final = Proration(
    name="CALENDAR_MONTHS",
    formula="n for exactly n months from the first day; else per calendar month, days / its days",
    source="JustOn: Recurring Prorated; Salesforce CPQ: Calendar Monthly + Daily",
    remark="within single calendar months; else a slice of exactly n months is n",
    measure=_per_unit(daycount.calendar_months),
    conserves=_on_single_first,
    describe=derivation.per_unit(derivation.calendar_months),
)
AVERAGE_MONTHS: Final = Proration(
    name="AVERAGE_MONTHS",
    formula="whole months from the first day, plus remaining days x 12 / 365",
    source="JustOn: Recurring Prorated AVG; Salesforce CPQ: Monthly + Daily",
    remark="never: 31 days of 12/365 are more than a month",
    measure=_per_unit(daycount.average_months),
    conserves=_on_days,
    describe=derivation.per_unit(derivation.average_months),
)
ACTUAL_DAYS: Final = Proration(
    name="ACTUAL_DAYS",
    formula="days / days of the billing period they are in, x count",
    source="Kill Bill, Lago and Zuora (actual days), without their rounding",
    remark="always, once the cadence has an anchor",
    measure=daycount.actual_days,
    conserves=_on_a_grid,
    describe=derivation.actual_days,
    measures_weeks=True,
)
ACT_365: Final = Proration(
    name="ACT_365",
    formula="days x 12 / 365 for a price per month; days / 365 for one per year",
    source="actual/365 fixed, ISDA 2006 section 4.16(d)",
    remark="always, but a month of 31 days costs more than one of 30",
    measure=_by_year(365),
    conserves=_always,
    counts_whole_periods=False,
    describe=derivation.by_year(365),
    measures_weeks=True,
)
ACT_360: Final = Proration(
    name="ACT_360",
    formula="days / 30 for a price per month; days / 360 for one per year",
    source="actual/360, ISDA 2006 section 4.16(e); Zuora: 30 days a month",
    remark="always, but a year costs 365/360",
    measure=_by_year(360),
    conserves=_always,
    counts_whole_periods=False,
    describe=derivation.by_year(360),
    measures_weeks=True,
)
THIRTY_360_US: Final = Proration(
    name="THIRTY_360_US",
    formula="months + (day - day) / 30; a 31st or end of February at the start is a 30th",
    source="30/360 US bond basis",
    remark="never for sure: the 31st counts for a slice that ends on it, not for one that starts",
    measure=_per_unit(daycount.thirty_360_us),
    conserves=_on_days,
    describe=derivation.months_of_30(derivation.at_most_30_or_february_end),
)
THIRTY_E_360: Final = Proration(
    name="THIRTY_E_360",
    formula="months + (day - day) / 30; every 31st is a 30th",
    source="30E/360, ISDA 2006 section 4.16(g)",
    remark="if the anchor is on the 1st to 28th",
    measure=_per_unit(daycount.thirty_e_360),
    conserves=_up_to_the_28th,
    describe=derivation.months_of_30(derivation.at_most_30),
)
STRICT_30: Final = Proration(
    name="STRICT_30",
    formula="30 days in every month: a 31st is free, the last of February has what is missing",
    source="Zuora: strict 30 days a month",
    remark="if the anchor is on the 1st to 28th",
    measure=_per_unit(daycount.strict_30),
    conserves=_up_to_the_28th,
    describe=derivation.months_of_30(derivation.day_of_month),
)
MONTH_FRACTIONS: Final = Proration(
    name="MONTH_FRACTIONS",
    formula="per calendar month, days / its days",
    source="django-silver: months as fractions",
    remark="if the anchor is on the 1st",
    measure=_per_unit(daycount.month_fractions),
    conserves=_on_the_first,
    describe=derivation.per_unit(derivation.month_fractions),
)

CONVENTIONS: Final = {
    convention.name: convention
    for convention in (
        NONE,
        CALENDAR_MONTHS,
        AVERAGE_MONTHS,
        ACTUAL_DAYS,
        ACT_365,
        ACT_360,
        THIRTY_360_US,
        THIRTY_E_360,
        STRICT_30,
        MONTH_FRACTIONS,
    )
}
"""All conventions of the library by name."""


def convention_named(name: str) -> Proration:
    """Give the convention of a name.

    Raises:
        InvalidInputError: there is none of this name.
    """
    try:
        return CONVENTIONS[name]
    except KeyError:
        fix = "use one of " + ", ".join(CONVENTIONS)
        rule = "no proration convention of this name"
        raise InvalidInputError(rule, field="proration", value=name, fix=fix) from None
