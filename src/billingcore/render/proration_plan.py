"""What a picture of a proration shows: billing periods, billed days, and sums of fractions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final, cast

from attrs import frozen

from billingcore.lines.explain import explain
from billingcore.lines.line import LineItem
from billingcore.periods.derivation import Derivation, Term, as_given
from billingcore.periods.proration import CONVENTIONS, Proration
from billingcore.periods.span import Share
from billingcore.ports import ProrationConvention
from billingcore.render.voice import Speech
from billingcore.values.boundary import Boundary
from billingcore.values.cadence import WEEK, Cadence
from billingcore.values.calendar import ONE_DAY
from billingcore.values.period import Period

__all__ = ["MOST_TERMS", "Plan", "Way", "plan_of_days", "plan_of_line", "written"]

MOST_TERMS: Final = 8
"""Terms of a factor that is written as a sum, and stretches of days that are told."""

_MOST_DAYS: Final = 36_525  # a hundred years
_MOST_PERIODS: Final = 120  # that have boxes of their own


@frozen
class Way:
    """How a convention comes to a factor.

    Attributes:
        name: the convention.
        sums: a sum for each billing period, or one for all.
        factor: what they add up to.
    """

    name: str
    sums: tuple[Derivation, ...]
    factor: Fraction

    @property
    def terms(self) -> list[Term]:
        """All terms, in the order of their days."""
        return [term for each in self.sums for term in each.terms]

    @property
    def text(self) -> str:
        """The sum as it is written; only its value if it is too long, or nothing else."""
        parts = [_sum(each, is_alone=len(self.sums) == 1) for each in self.sums]
        text, value = _joined(parts), f"{self.factor}"
        if len(self.terms) > MOST_TERMS or text == value:
            return value
        return f"{text} = {value}"


def _sum(found: Derivation, *, is_alone: bool) -> str:
    text = written(found.terms)
    if found.scale == 1:
        return text
    inner = f"({text})" if len(found.terms) > 1 or not is_alone else text
    return f"{inner} × {found.scale}"


def written(terms: Iterable[Term]) -> str:
    """Write the sum of some terms, with their numerators and denominators."""
    return _joined([_fraction(term) for term in terms])


def _fraction(term: Term) -> str:
    over = "" if term.denominator == 1 else f"/{term.denominator}"
    return f"{term.numerator}{over}".replace("-", "\N{MINUS SIGN}")


def _joined(parts: Iterable[str]) -> str:
    """Write a sum; what is below zero is taken away."""
    return " + ".join(parts).replace("+ \N{MINUS SIGN}", "\N{MINUS SIGN} ")


@frozen
class Plan:
    """What is drawn.

    Attributes:
        what: the title of the line; empty for days.
        days: the days, in words.
        length: of the billing periods, in words.
        full: the billing periods, in order.
        parts: the days of them that are billed.
        ways: how they are counted.
    """

    what: str
    days: str
    length: str
    full: tuple[Period, ...]
    parts: tuple[Period, ...]
    ways: tuple[Way, ...]


def plan_of_line(speech: Speech, line: LineItem, cadence: object, conventions: object) -> Plan:
    """Say what is drawn of a line.

    Raises:
        InvalidInputError: it has no billing period, or is given another one.
    """
    read = Boundary("proration_svg")
    for name, given in (("cadence", cadence), ("conventions", conventions)):
        if given is not None:
            fix = "leave it out, or give its days instead; a locale goes by name: locale=..."
            raise read.refuse(name, type(given).__name__, "a line has its own", fix)
    shares = line.span.shares
    sums = tuple(step.derivation for step in explain(line).steps if step.derivation is not None)
    if not sums:
        fix = "draw a line of an item with a cadence; of a reversal, the line that it takes back"
        raise read.refuse("value", line.record, "it is not priced by billing periods", fix)
    days = speech.formats.days(line.service_period)
    way = Way(shares[0].convention, sums, line.factor)
    rhythm = shares[0].rhythm or line.item.cadence
    full = dict.fromkeys(each for share in shares for each in _full_of(share))
    parts = tuple(share.part for share in shares)
    length = "–" if rhythm is None else _length(speech, rhythm)
    return Plan(line.title, days, length, tuple(full), parts, (way,))


def plan_of_days(speech: Speech, part: object, cadence: object, conventions: object) -> Plan:
    """Say what is drawn of days.

    Raises:
        InvalidInputError: an argument is missing, or something else than it should be.
        UnitMismatchError: a convention counts months and the cadence weeks.
    """
    read = Boundary("proration_svg")
    days = read.instance("value", part, Period)
    if days.days > _MOST_DAYS:
        fix = "draw a part of it"
        raise read.refuse("value", str(days), "more than a hundred years", fix)
    rhythm = read.instance("cadence", cadence, Cadence).anchored(days.bounds[0])
    chosen = [*_chosen(read, rhythm, conventions)]
    ways = tuple(_way(convention, days, rhythm) for convention in chosen)
    length, full = _length(speech, rhythm), tuple(_full(days, rhythm))
    return Plan("", speech.formats.days(days), length, full, (days,), ways)


def _full_of(share: Share) -> Iterator[Period]:
    """Yield the billing periods of a share: the one that it names, if its rhythm is not known."""
    if share.rhythm is not None:
        yield from _full(share.part, share.rhythm)
    else:
        yield share.full or share.part


def _full(part: Period, rhythm: Cadence) -> Iterator[Period]:
    """Yield the billing periods that days are in; too many are one."""
    start, stop = part.bounds
    first, last = rhythm.index(start), rhythm.index(stop - ONE_DAY)
    if last - first < _MOST_PERIODS:
        yield from map(rhythm.period, range(first, last + 1))
    else:
        yield Period(rhythm.start(first), rhythm.start(last + 1))


def _chosen(read: Boundary, cadence: Cadence, given: object) -> Iterator[ProrationConvention]:
    if given is None:
        is_week = cadence.unit is WEEK
        yield from (each for each in CONVENTIONS.values() if each.measures_weeks or not is_week)
        return
    several: list[object] = [given]
    if isinstance(given, Iterable) and not isinstance(given, str):
        several = [*cast("Iterable[object]", given)]
    if not several:
        raise read.refuse("conventions", 0, "there is none", "give one at least, or leave it out")
    for each in several:
        if not isinstance(each, ProrationConvention):
            fix = "use one of billingcore.proration, or an object with name and factor"
            raise read.refuse("conventions", str(each), "no proration convention", fix)
        yield each


def _way(convention: ProrationConvention, part: Period, cadence: Cadence) -> Way:
    factor = convention.factor(part, cadence)
    if isinstance(convention, Proration):
        return Way(convention.name, (convention.derive(part, cadence),), factor)
    return Way(convention.name, (as_given(part, factor),), factor)


def _length(speech: Speech, cadence: Cadence) -> str:
    """Write the length of a billing period."""
    unit = f"unit_{cadence.unit.name.lower()}"
    noun = speech.words.counted(unit, "", is_one=cadence.count == 1)
    return f"{speech.count(cadence.count)} {noun}"
