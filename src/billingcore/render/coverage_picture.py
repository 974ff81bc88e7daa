"""Which days are billed, as a picture: a row for each billable or line, months from left to right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from billingcore.errors import InvalidInputError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.records.claims import Claim
from billingcore.records.snapshot import AccountSnapshot
from billingcore.render.axis import Axis
from billingcore.render.canvas import EDGE, LINE, Canvas, breadth_of, printed
from billingcore.render.content import title_of
from billingcore.render.coverage_rows import (
    STATES,
    Row,
    Stay,
    rows_of_account,
    rows_of_coverage,
    rows_of_document,
)
from billingcore.render.voice import Speech, speech_of, voice_of
from billingcore.render.words import Texts
from billingcore.scope.coverage import Covered, Stretch
from billingcore.scope.policy import LEVEL, Policy
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.context import exactly
from billingcore.values.period import Period

__all__ = ["coverage_svg"]

_MOST_ROWS: Final = 40
_MOST_TOLD: Final = 24  # stretches of one state in one row
_HIGH: Final = 30  # of bars, and of the space below them
_BELOW: Final = 6  # a row without bars
_LOOKS: Final = {"final": "full"}
"""State → look, where they have different names."""


def coverage_svg(
    value: AccountSnapshot | DraftInvoice | Invoice | Iterable[Claim] | Mapping[str, Covered],
    locale: str | None = "de_DE",
    *,
    until: DateLike | None = None,
    policy: Policy = LEVEL,
    texts: Texts | None = None,
) -> str:
    """Draw which days are billed, as SVG: a row for each billable, and a bar for its days.

    Days are billed, on a draft, waived, put off, or taken back, as claims say. Of an account also
    those are drawn that are due: what a run up to *until* would bill, also if its sum is too small
    for a document. A blue line is the next service period start. What is billed once has no days; its row says so.

    Of a draft or an invoice each line has a row, with its days of service.

    All texts are escaped; there are no scripts, and the colors fit light and dark pages. Of more
    than 40 rows the first are drawn, and a line says how many there are besides.

    >>> from billingcore import Claim, ClaimState, Period
    >>> january = Claim("S-1/rent", Period.month(2026, 1), "R-1", ClaimState.FINAL)
    >>> print(coverage_svg([january], "en_GB").splitlines()[2])
    <desc>S-1/rent: billed 1 Jan 2026 – 31 Jan 2026; next from 1 Feb 2026</desc>

    Args:
        value: an account with its items, a document, or claims, alone or as `coverage_of` read them.
        locale: as in `text`; None takes the account's or the document's, then ``en``.
        until: of an account, the last day of the run; None is the last day that is covered.
        policy: of an account, the policy of the run.
        texts: as in `text`; they are escaped, too.

    Raises:
        InvalidInputError: there are no days to draw; *until* is more than a hundred years ahead;
            it is something else; or there is no such locale.
    """
    read = Boundary("coverage_svg")
    last = read.day("until", until)
    with exactly():
        if isinstance(value, DraftInvoice | Invoice):
            voice = voice_of(value.draft if isinstance(value, Invoice) else value, locale, texts)
            name = title_of(voice, value if isinstance(value, Invoice) else None)
            title = voice.words("coverage_of_document", document=name)
            return _drawn(voice, title, rows_of_document(value))
        if isinstance(value, AccountSnapshot):
            account = value.account
            speech = speech_of(locale or account.locale, texts)
            title = speech.words("coverage_of_account", account=account.name or account.id)
            rules = read.instance("policy", policy, Policy)
            return _drawn(speech, title, rows_of_account(value, last, rules))
        speech = speech_of(locale, texts)
        return _drawn(speech, speech.words("coverage_of_claims"), rows_of_coverage(value))


def _drawn(speech: Speech, title: str, rows: Sequence[Row]) -> str:
    shown = rows[:_MOST_ROWS]
    days = [days for row in shown for days in row.days]
    if not days:
        rule, fix = "there are no days to draw", "say up to when it is due: until=..."
        raise InvalidInputError(rule, record="coverage_svg", field="value", value=0, fix=fix)
    axis, canvas = Axis.around(days), Canvas("coverage", speech.words.language)
    canvas.prose(title, most=2, look="head")
    top = canvas.top
    for row in shown:
        canvas.pair(row.label, _note(speech, row))
        _bars(canvas, axis, row)
    axis.draw(canvas, speech.formats, top)
    _legend(canvas, speech, {stay.state for row in shown for stay in row.stays if stay.days})
    told = [_told(speech, row) for row in shown]
    if len(rows) > len(shown):
        more = speech.more(len(rows) - len(shown))
        canvas.prose(more, most=1)
        told.append(more)
    return canvas.svg(title, told)


def _bars(canvas: Canvas, axis: Axis, row: Row) -> None:
    """Draw the bars of a row; neighbors that cannot be told apart become one."""
    joined: list[tuple[str, int, int]] = []
    for stay in row.stays:
        if stay.days is None:
            continue
        start, stop = axis.span(stay.days)
        state, first, last = joined[-1] if joined else ("", 0, 0)
        if state == stay.state and first <= start <= last:
            joined[-1] = state, first, max(stop, last)
        else:
            joined.append((stay.state, start, stop))
    top = canvas.take(_HIGH if joined else _BELOW)
    for state, start, stop in joined:
        canvas.box(_LOOKS.get(state, state), start, stop, top)
    if row.following is not None and joined:
        canvas.upright("mark", axis.at(row.following), top - 4, 22)


def _legend(canvas: Canvas, speech: Speech, states: set[str]) -> None:
    """Name the looks that are there, side by side as far as there is room."""
    place, top = EDGE, canvas.take(LINE)
    for state in (state for state in STATES if state in states):
        name = printed(speech.words(f"covered_{state}"))
        width = 24 + 6 + breadth_of(name) + 20
        if place + width > 660:
            place, top = EDGE, canvas.take(LINE)
        canvas.box(_LOOKS.get(state, state), place, place + 24, top + 6)
        canvas.text(name, place + 30, top + 18)
        place += width


def _note(speech: Speech, row: Row) -> str:
    """Say beside a label what its bars cannot say."""
    once = [_state(speech, stay) for stay in row.stays if stay.days is None]
    if row.following is not None:
        once.append(speech.words("next_start", date=speech.formats.day(row.following)))
    if row.is_wrong:
        once.append(speech.words("covered_wrong"))
    return ", ".join(once) if row.stays or row.is_wrong else speech.words("covered_nothing")


def _state(speech: Speech, stay: Stay) -> str:
    state = speech.words(f"covered_{stay.state}")
    return state if stay.days else speech.words("covered_once", state=state)


def _told(speech: Speech, row: Row) -> str:
    """Say in words what a row shows."""
    parts = [*_told_days(speech, row.stays)]
    note = _note(speech, row)
    return f"{row.label}: {'; '.join([*parts, *([note] if note else [])])}"


def _told_days(speech: Speech, stays: Sequence[Stay]) -> Iterator[str]:
    for state in STATES:
        days = [stay.days for stay in stays if stay.state == state and stay.days]
        if days:
            written = [_days(speech, each) for each in days[:_MOST_TOLD]]
            more = [speech.more(len(days) - _MOST_TOLD)] if len(days) > _MOST_TOLD else []
            yield f"{speech.words(f'covered_{state}')} {', '.join([*written, *more])}"


def _days(speech: Speech, days: Stretch) -> str:
    start, stop = days
    return speech.formats.days(Period(start, stop))
