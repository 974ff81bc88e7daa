"""What a part of a billing period costs, as a picture: days in boxes, and how they are counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from billingcore.lines.line import LineItem
from billingcore.ports import ProrationConvention
from billingcore.render.canvas import (
    EDGE,
    LINE,
    WIDE,
    Canvas,
    Scale,
    breadth_of,
    printed,
    shortened,
)
from billingcore.render.proration_plan import (
    MOST_TERMS,
    Plan,
    Way,
    plan_of_days,
    plan_of_line,
    written,
)
from billingcore.render.voice import Speech, speech_of
from billingcore.render.words import Texts
from billingcore.values.cadence import Cadence
from billingcore.values.context import exactly
from billingcore.values.period import Period

__all__ = ["proration_svg"]

_NARROWEST: Final = 4  # units of a day that has a line to the next
_HIGH: Final = 22  # of billing periods


def proration_svg(
    value: Period | LineItem,
    cadence: Cadence | None = None,
    conventions: ProrationConvention | Iterable[ProrationConvention] | None = None,
    locale: str | None = "de_DE",
    *,
    texts: Texts | None = None,
) -> str:
    """Draw what part of its billing periods is billed, as SVG, and how that makes a billing factor.

    Billing periods are boxes, divided into days; the days that are billed are filled. Below, each
    convention has the days behind the terms of its factor, with numerators and denominators, so
    that several can be compared. A sum of more than 8 terms is written as its value.

    All texts are escaped; there are no scripts, and the colors fit light and dark pages.

    >>> from billingcore import Period, monthly, proration
    >>> part = Period.closed("2025-02-10", "2025-03-31")
    >>> picture = proration_svg(part, monthly(), proration.CALENDAR_MONTHS, "en_GB")
    >>> print(picture.splitlines()[1])
    <title>10 Feb 2025 – 31 Mar 2025: billing factor 47/28</title>

    Args:
        value: a line, with its own days, billing periods and convention; or the days themselves.
        cadence: of days: the billing period; without an anchor it is anchored on the first day.
        conventions: of days: one or several; None is all of the library that can measure it.
        locale: as in `text`; None is that of the line's template, then ``en``.
        texts: as in `text`; they are escaped, too.

    Raises:
        InvalidInputError: the line is not priced by billing periods; days have none, or no
            convention, or an open end, or are more than a hundred years; or there is no such locale.
        UnitMismatchError: a convention counts months and the cadence weeks.
    """
    with exactly():
        if isinstance(value, LineItem):
            speech = speech_of(locale or value.heading.template.locale, texts)
            return _drawn(speech, plan_of_line(speech, value, cadence, conventions))
        speech = speech_of(locale, texts)
        return _drawn(speech, plan_of_days(speech, value, cadence, conventions))


def _title(speech: Speech, plan: Plan, what: str) -> str:
    named = f"{what}, {plan.days}" if what else plan.days
    if len(plan.ways) == 1:
        return speech.words("proration", what=named, factor=f"{plan.ways[0].factor}")
    return speech.words("prorations", what=named, count=speech.count(len(plan.ways)))


def _drawn(speech: Speech, plan: Plan) -> str:
    canvas = Canvas("proration", speech.words.language)
    canvas.prose(_title(speech, plan, shortened(printed(plan.what))), most=3, look="head")
    length = speech.words("billing_period", length=plan.length)
    scale = Scale.over(day.toordinal() for each in plan.full for day in each.bounds)
    part, every = sum(each.days for each in plan.parts), int(scale.high - scale.low)
    days = speech.words("part_of_days", part=speech.count(part), all=speech.count(every))
    canvas.pair(length, days)
    _periods(canvas, scale, plan)
    _dates(canvas, scale, speech, plan.full)
    told = [f"{length}, {days}: {', '.join(_told_days(speech, plan.full))}"]
    for way in plan.ways:
        _draw_way(canvas, scale, way)
        told.append(f"{way.name}: {_told(speech, way)}")
    return canvas.svg(_title(speech, plan, plan.what), told)


def _ends(scale: Scale, days: Period) -> tuple[int, int]:
    start, stop = (scale.at(day.toordinal()) for day in days.bounds)
    return start, stop


def _periods(canvas: Canvas, scale: Scale, plan: Plan) -> None:
    """Draw billing periods, the billed days, and lines between days that are broad enough."""
    top = canvas.take(_HIGH + 4)
    for each in plan.full:
        canvas.box("bar", *_ends(scale, each), top, _HIGH)
    for each in plan.parts:
        canvas.box("full", *_ends(scale, each), top, _HIGH)
    first, last = int(scale.low), int(scale.high)
    if (last - first) * _NARROWEST <= WIDE:
        for day in range(first + 1, last):
            canvas.upright("day", scale.at(day), top, _HIGH)
    for each in plan.full[1:]:
        canvas.upright("border", _ends(scale, each)[0], top - 3, _HIGH + 6)


def _dates(canvas: Canvas, scale: Scale, speech: Speech, full: Sequence[Period]) -> None:
    """Name the first days of billing periods, and the last day of all, where there is room."""
    base = canvas.take(LINE + 6) + 18
    end = speech.formats.day(date.fromordinal(int(scale.high) - 1))
    until = EDGE + WIDE - breadth_of(end) - 16
    canvas.text(end, EDGE + WIDE, base, anchor="end", look="quiet")
    free = EDGE
    for each in full:
        name, place = speech.formats.day(each.bounds[0]), _ends(scale, each)[0]
        if place >= free and place + breadth_of(name) <= until:
            canvas.text(name, place, base, look="quiet")
            free = place + breadth_of(name) + 16


def _draw_way(canvas: Canvas, scale: Scale, way: Way) -> None:
    """Draw the days behind the terms of a factor; each with its fraction if there is room."""
    canvas.pair(way.name, way.text)
    top = canvas.take(18)
    base, has_text = top + 34, False
    for days, terms in groupby(way.terms, key=lambda term: term.days):
        start, stop = _ends(scale, days)
        canvas.box("left", start, max(stop - 2, start + 1), top, 10)
        fraction = written(terms)
        if breadth_of(fraction) <= stop - start:
            canvas.text(fraction, (start + stop) // 2, base, anchor="middle", look="quiet")
            has_text = True
    canvas.take(LINE + 4 if has_text else 4)


def _told(speech: Speech, way: Way) -> str:
    """Say in words which days make which term."""
    found = [
        f"{written(terms)} ({speech.formats.days(days)})"
        for days, terms in groupby(way.terms, key=lambda term: term.days)
    ]
    more = [speech.more(len(found) - MOST_TERMS)] if len(found) > MOST_TERMS else []
    return f"{way.text}: {', '.join([*found[:MOST_TERMS], *more])}"


def _told_days(speech: Speech, full: Sequence[Period]) -> Iterator[str]:
    yield from (speech.formats.days(each) for each in full[:MOST_TERMS])
    if len(full) > MOST_TERMS:
        yield speech.more(len(full) - MOST_TERMS)
