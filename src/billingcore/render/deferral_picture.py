"""Revenue that is spread over months, as a picture: the share of each month, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, cast

from billingcore.ledger.deferral import Schedule, deferral_schedule
from billingcore.lines.line import OpenLine
from billingcore.records.bookkeeping.terms import Recognition
from billingcore.render.canvas import Canvas, Scale, printed, shortened
from billingcore.render.voice import Speech, speech_of
from billingcore.render.words import Texts
from billingcore.values.boundary import Boundary
from billingcore.values.calendar import read_date
from billingcore.values.context import EXACT, ZERO, exactly, total
from billingcore.values.currency import CURRENCY_DIGITS

__all__ = ["deferral_svg"]

_MOST_ROWS: Final = 36
_HIGH: Final = 24  # of a bar, and of the space below it


def deferral_svg(
    value: OpenLine | Schedule,
    locale: str | None = "de_DE",
    *,
    rule: Recognition | str | None = None,
    currency: str | None = None,
    texts: Texts | None = None,
) -> str:
    """Draw the months in which an amount becomes revenue, as SVG: a bar for each.

    A bar begins where the one before ends; what is left after it is gray. All texts are escaped;
    there are no scripts, and the colors fit light and dark pages. Of more than 36 months the last
    ones are one bar.

    >>> from billingcore import Period, recognize
    >>> rows = recognize(100, Period.quarter(2026, 1), "Booking Month", currency="EUR")
    >>> print(deferral_svg(rows, "en_GB", currency="EUR").splitlines()[1])
    <title>Revenue of €100.00 by month</title>

    Args:
        value: a line, whose `deferral_schedule` is drawn; or the months themselves.
        locale: as in `text`; None is that of the line's template, then ``en``.
        rule: of a line: how it is spread; None takes what its item says.
        currency: of months without a line.
        texts: as in `text`; they are escaped, too.

    Raises:
        InvalidInputError: there are no months, they are none, or have no currency; or there is no
            such locale.
    """
    with exactly():
        if isinstance(value, OpenLine):
            speech = speech_of(locale or value.heading.template.locale, texts, value.currency)
            rows = deferral_schedule(value, rule)
            amount = speech.formats.amount(value.net)
            title, head = (
                speech.words("deferral", what=name, amount=amount)
                for name in (value.title, shortened(printed(value.title)))
            )
            return _drawn(speech, title, head, rows)
        code = Boundary("deferral_svg").currency("currency", currency)
        if code is None:
            fix = "say of which currency the amounts are: currency=..."
            raise Boundary("deferral_svg").refuse("currency", None, "it is not known", fix)
        speech, rows = speech_of(locale, texts, code), tuple(_read(value, code))
        amount = speech.formats.amount(total(share for _, share in rows))
        title = speech.words("deferral_plain", amount=amount)
        return _drawn(speech, title, title, rows)


def _read(months: object, currency: str) -> Iterator[tuple[date, Decimal]]:
    read, digits = Boundary("deferral_svg"), CURRENCY_DIGITS[currency]
    rows = [*cast("Iterable[object]", months)] if isinstance(months, Iterable) else []
    pairs = [cast("tuple[object, ...]", row) for row in rows if isinstance(row, tuple)]
    if not rows or len(pairs) < len(rows) or any(len(pair) != 2 for pair in pairs):
        fix = "give a line, or pairs of a first day and an amount, as recognize does"
        raise read.refuse("value", len(rows), "no months with shares", fix)
    for month, share in pairs:
        amount = read.number("value", share, scale=digits)
        yield read.read("value", month, read_date), amount


def _drawn(speech: Speech, title: str, head: str, rows: Schedule) -> str:
    canvas, amount = Canvas("deferral", speech.words.language), speech.formats.amount
    canvas.prose(head, most=3, look="head")
    ends = [ZERO]
    for _, share in rows:
        ends.append(EXACT.add(ends[-1], share))
    scale, whole = Scale.over(ends), ends[-1]
    told: list[str] = []
    for label, start, stop in _bars(speech, rows, ends):
        share, rest = EXACT.subtract(stop, start), EXACT.subtract(whole, stop)
        said = speech.words("share_and_rest", share=amount(share), rest=amount(rest))
        canvas.pair(label, said)
        top = canvas.take(_HIGH)
        if rest:
            canvas.box("bar", scale.at(stop), scale.at(whole), top)
        canvas.box("full" if share >= ZERO else "over", scale.at(start), scale.at(stop), top)
        told.append(f"{label}: {said}")
    return canvas.svg(title, told)


def _bars(
    speech: Speech, rows: Schedule, ends: Sequence[Decimal]
) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Yield the name of each month, and what is revenue before and after it."""
    count = len(rows) if len(rows) <= _MOST_ROWS else _MOST_ROWS - 1
    for place, (month, _) in enumerate(rows[:count]):
        yield speech.formats.month_and_year(month), ends[place], ends[place + 1]
    if count < len(rows):
        yield speech.more(len(rows) - count), ends[count], ends[-1]
