"""How a billing factor came about, as numbers and as words: one description per convention.

A description is given only if its terms yield the very factor that was billed, so an explanation
never claims a way that the computation did not go. Where none fits, such as for a convention of
the host's own, the factor is named without a way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Final

from attrs import frozen

from billingcore.periods.daycount import MONTHS_A_YEAR, whole_months
from billingcore.values.cadence import DAY, DAYS, MONTHS, Cadence
from billingcore.values.calendar import ONE_DAY, add_months, days_in_month, is_month_end
from billingcore.values.period import Period

__all__ = [
    "Derivation",
    "Describe",
    "Term",
    "as_given",
    "as_slice",
    "by_period",
    "dates",
    "of_days",
    "per_day",
    "period_terms",
    "times_count",
]

# Not from `calendar`, whose names change with the locale of the process.
_NAMES: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@frozen
class Term:
    """One part of a billing factor.

    Attributes:
        numerator: such as the days counted.
        denominator: such as the days of their month; the fraction is not reduced.
        words: the fraction and what it is of, without a sign.
        days: the days behind it.
    """

    numerator: int
    denominator: int
    words: str
    days: Period

    @property
    def value(self) -> Fraction:
        """The term as an exact number."""
        return Fraction(self.numerator, self.denominator)


@frozen
class Derivation:
    """A billing factor as the sum of its terms, times a scale.

    Attributes:
        terms: the parts, in the order of their days.
        scale: what their sum is multiplied by, such as 1/3 from months to quarters.
        scaled: the scale in words; empty if it is 1.
    """

    terms: tuple[Term, ...]
    scale: Fraction = Fraction(1)
    scaled: str = ""

    @property
    def value(self) -> Fraction:
        """The billing factor."""
        return sum((term.value for term in self.terms), Fraction(0)) * self.scale

    def __str__(self) -> str:
        words = self.terms[0].words
        for term in self.terms[1:]:
            words += f" {'-' if term.numerator < 0 else '+'} {term.words}"
        value = str(self.value)
        if self.scaled:
            return f"({words}) {self.scaled} = {value}"
        is_said = len(self.terms) == 1 and words.split(" ")[0].rstrip(",") == value
        return words if is_said else f"{words} = {value}"


Describe = Callable[[Period, Cadence, Fraction], Derivation]
"""Part, anchored cadence and factor → how the factor came about."""


def dates(period: Period) -> str:
    """Write the first and the last day; one day alone."""
    return f"{period.first}" if period.first == period.last else f"{period.first} to {period.last}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def as_given(part: Period, factor: Fraction) -> Derivation:
    """Name a factor without a way to it."""
    words = f"{factor} for {dates(part)}"
    return Derivation((Term(factor.numerator, factor.denominator, words, part),))


def as_slice(part: Period, whole: Period, factor: Fraction) -> Derivation:
    """Describe a slice by days of a factor that was worked out for the whole."""
    term = Term(part.days, whole.days, f"{part.days} of {whole.days} days of {dates(whole)}", part)
    return Derivation((term,), factor, "" if factor == 1 else f"x {factor}")


def as_whole_periods(part: Period, cadence: Cadence, periods: int) -> Derivation:
    """Describe a row of whole billing periods; a price per day counts days."""
    if cadence.unit is DAY:
        return per_day(part)
    words = f"{_count(periods, 'whole period')} of the cadence {dates(part)}"
    return times_count((Term(periods, 1, words, part),), cadence)


def times_count(terms: tuple[Term, ...], cadence: Cadence) -> Derivation:
    """Scale terms that count periods by the units of a period."""
    if cadence.count == 1:
        return Derivation(terms)
    unit = cadence.unit.name.lower().replace("_", " ")
    return Derivation(terms, Fraction(cadence.count), f"x {cadence.count} {unit}s")


def per_day(days: Period, what: str = "") -> Derivation:
    """Describe a price per day."""
    words = f"{_count(days.days, 'day')}{what}, {dates(days)}"
    return Derivation((Term(days.days, 1, words, days),))


def per_unit(months: Callable[[Period], tuple[Term, ...]]) -> Describe:
    """Turn a description in months into one in units of the cadence."""

    def describe(part: Period, cadence: Cadence, _: Fraction) -> Derivation:
        if cadence.unit not in MONTHS:
            return per_day(part)
        size = MONTHS[cadence.unit]
        return Derivation(months(part), Fraction(1, size), f"/ {size}" if size > 1 else "")

    return describe


def started_periods(part: Period, cadence: Cadence, factor: Fraction) -> Derivation:
    """Describe periods that are touched and count whole."""
    periods = (factor / cadence.count).numerator
    what = "a part of a period" if periods == 1 else "parts of periods"
    words = f"{periods} for {what}, counted whole, {dates(part)}"
    return times_count((Term(periods, 1, words, part),), cadence)


def month_fractions(part: Period) -> tuple[Term, ...]:
    """Describe the pieces of calendar months; whole months in a row are one term."""
    return tuple(_month_terms(part))


def _month_terms(part: Period) -> Iterator[Term]:
    for is_whole, row in groupby(_by_month(part), key=_is_month):
        pieces = list(row)
        if is_whole:
            days = Period(pieces[0].start, pieces[-1].stop)
            yield Term(len(pieces), 1, f"{len(pieces)} of {_months_of(days)}", days)
            continue
        for piece in pieces:
            of = days_in_month(piece.bounds[0])
            yield Term(piece.days, of, f"{piece.days}/{of} of {_months_of(piece)}", piece)


def _by_month(part: Period) -> Iterator[Period]:
    start, stop = part.bounds
    while start < stop:
        border = min(add_months(start.replace(day=1), 1), stop)
        yield Period(start, border)
        start = border


def _is_month(piece: Period) -> bool:
    return piece.days == days_in_month(piece.bounds[0])


def _months_of(days: Period) -> str:
    first, last = days.bounds[0], days.bounds[1] - ONE_DAY
    if (first.year, first.month) == (last.year, last.month):
        return _month(first)
    begin = _NAMES[first.month - 1] if first.year == last.year else _month(first)
    return f"{begin} to {_month(last)}"


def _month(day: date) -> str:
    return f"{_NAMES[day.month - 1]} {day.year}"


def calendar_months(part: Period) -> tuple[Term, ...]:
    """Describe exactly n months from the first day, or else the pieces of calendar months."""
    months = whole_months(part)
    start, stop = part.bounds
    is_exact = add_months(start, months) == stop
    return (_whole_months(part, months),) if is_exact else month_fractions(part)


def _whole_months(days: Period, months: int) -> Term:
    return Term(months, 1, f"{_count(months, 'month')} {dates(days)}", days)


def average_months(part: Period) -> tuple[Term, ...]:
    """Describe whole months from the first day, and the days that are left."""
    months = whole_months(part)
    start, stop = part.bounds
    border = add_months(start, months)
    terms = [_whole_months(Period(start, border), months)] if months else []
    if border < stop:
        left = Period(border, stop)
        words = f"{left.days} x {MONTHS_A_YEAR}/365 for {dates(left)}"
        terms.append(Term(left.days * MONTHS_A_YEAR, 365, words, left))
    return tuple(terms)


def actual_days(part: Period, cadence: Cadence, _: Fraction) -> Derivation:
    """Describe the days by the days of the billing periods they are in."""
    return times_count(tuple(period_terms(part, cadence, of_days)), cadence)


def of_days(piece: Period, full: Period) -> Term:
    """Describe a piece of a billing period by days."""
    words = f"{piece.days} of {full.days} days of {dates(full)}"
    return Term(piece.days, full.days, words, piece)


def period_terms(
    part: Period, cadence: Cadence, of_part: Callable[[Period, Period], Term]
) -> Iterator[Term]:
    """Describe billing periods: whole ones in a row are one term, the others each its own.

    Args:
        part: the days.
        cadence: the billing periods, anchored.
        of_part: describes a piece of a billing period, and the period that it is in.
    """
    for is_whole, row in groupby(by_period(part, cadence), key=lambda each: each[0] == each[1]):
        pieces = list(row)
        if is_whole:
            days = Period(pieces[0][0].start, pieces[-1][0].stop)
            words = f"{_count(len(pieces), 'whole period')} {dates(days)}"
            yield Term(len(pieces), 1, words, days)
            continue
        for piece, full in pieces:
            yield of_part(piece, full)


def by_period(part: Period, cadence: Cadence) -> Iterator[tuple[Period, Period]]:
    """Yield the pieces of a part, each with the billing period that it is in."""
    start, stop = part.bounds
    while start < stop:
        full = cadence.period_of(start)
        border = min(full.bounds[1], stop)
        yield Period(start, border), full
        start = border


def by_year(year: int) -> Describe:
    """Describe days of a year of so many days; weeks and days need no year."""

    def describe(part: Period, cadence: Cadence, _: Fraction) -> Derivation:
        if cadence.unit not in MONTHS:
            of = DAYS[cadence.unit]
            words = f"{part.days} of {of} days for {dates(part)}"
            return per_day(part) if of == 1 else Derivation((Term(part.days, of, words, part),))
        a_year = MONTHS_A_YEAR // MONTHS[cadence.unit]
        times = f"{part.days} x {a_year}" if a_year > 1 else f"{part.days}"
        words = f"{times}/{year} for {dates(part)}"
        return Derivation((Term(part.days * a_year, year, words, part),))

    return describe


def months_of_30(counted_from: Callable[[date], int]) -> Describe:
    """Describe months of 30 days: the difference of the months and that of the days."""

    def describe(part: Period, cadence: Cadence, factor: Fraction) -> Derivation:
        if cadence.unit not in MONTHS:
            return per_day(part)
        size = MONTHS[cadence.unit]
        start, stop = part.bounds
        months = (stop.year - start.year) * MONTHS_A_YEAR + stop.month - start.month
        # What is left of the factor is the difference of the days, each as the convention counts it.
        days = ((factor * size - months) * 30).numerator
        begin = counted_from(start)
        dated = f"from day {begin} of {_month(start)} until day {begin + days} of {_month(stop)}"
        rest = Term(days, 30, f"{abs(days)}/30, {dated}", part)
        terms = (Term(months, 1, _count(months, "month"), part), rest)
        scaled = f"/ {size}" if size > 1 else ""
        return Derivation(terms if months else terms[1:], Fraction(1, size), scaled)

    return describe


def day_of_month(day: date) -> int:
    """Count a day as it is."""
    return day.day


def at_most_30(day: date) -> int:
    """Count a 31st as the 30th."""
    return min(day.day, 30)


def at_most_30_or_february_end(day: date) -> int:
    """Count a 31st, and the end of February, as the 30th."""
    return 30 if day.month == 2 and is_month_end(day) else at_most_30(day)
