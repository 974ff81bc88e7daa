"""How a run stands, as a picture: its stage, how far it is, and what it made until now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from billingcore.render.canvas import EDGE, WIDE, Canvas, Scale
from billingcore.render.voice import Speech, speech_of
from billingcore.render.words import Texts
from billingcore.runs.execution import Execution
from billingcore.runs.record import RunRecord
from billingcore.runs.report import RunReport
from billingcore.runs.stages import RunStage
from billingcore.runs.tally import CurrencyTotal
from billingcore.values.boundary import Boundary
from billingcore.values.context import exactly
from billingcore.values.currency import check_currency

__all__ = ["progress_svg"]

_MOST_CURRENCIES: Final = 12
_HIGH: Final = 26  # of a bar, and of the space below it
_STEPS: Final = tuple(stage for stage in RunStage if stage is not RunStage.FAILED)


def progress_svg(
    value: RunRecord | RunReport | Execution,
    locale: str | None = "de_DE",
    *,
    texts: Texts | None = None,
) -> str:
    """Draw how a run stands, as SVG: its stages, how far it is, and what it made until now.

    A box is filled for each stage that it has reached; all are red if an error ended it. Below are
    the accounts that were looked at, the counts, and the totals, each currency by itself. All texts
    are escaped; there are no scripts, and the colors fit light and dark pages. Of more than 12
    currencies the first are named, and a line says how many there are besides.

    >>> from billingcore import RunRecord, RunStage
    >>> record = RunRecord("2026-01", attempt=1, stage=RunStage.GENERATION_STARTED, accounts=40)
    >>> print(progress_svg(record, "en_GB").splitlines()[1])
    <title>Invoice run 2026-01#1: Started</title>

    Args:
        value: a record of a store, or what is carried out, or was.
        locale: as in `text`; None is English.
        texts: as in `text`; they are escaped, too.

    Raises:
        InvalidInputError: it is something else, or there is no such locale or currency.
    """
    if isinstance(value, Execution):
        value = value.report
    record = value.record if isinstance(value, RunReport) else value
    record = Boundary("progress_svg").instance("value", record, RunRecord)
    with exactly():
        return _drawn(speech_of(locale, texts), record)


def _drawn(speech: Speech, record: RunRecord) -> str:
    words, canvas = speech.words, Canvas("progress", speech.words.language)
    kind, status = (words(f"run_{each.name}") for each in (record.kind, record.status))
    title, told = words("run_progress", kind=kind, id=record.id, status=status), list[str]()
    canvas.prose(title, most=2, look="head")
    _state(canvas, told, words("stage"), words(f"stage_{record.stage.name}"))
    _stages(canvas, record.stage)
    _state(canvas, told, words("looked_at"), _looked_at(speech, record))
    _accounts(canvas, record)
    for name, count in _counts(record):
        look = "over" if name == "failures" and count else ""
        _state(canvas, told, words(name), speech.count(count), look=look)
    for name, text in _totals(speech, record):
        _state(canvas, told, name, text)
    for name, text in _notes(speech, record):
        canvas.prose(f"{name}: {text}", most=3)
        told.append(f"{name}: {text}")
    return canvas.svg(title, told)


def _state(canvas: Canvas, told: list[str], name: str, text: str, *, look: str = "") -> None:
    canvas.pair(name, text, look=look)
    told.append(f"{name}: {text}" if text else name)


def _stages(canvas: Canvas, stage: RunStage) -> None:
    """Draw a box for each stage, filled as far as the run has come."""
    top = canvas.take(_HIGH)
    if stage is RunStage.FAILED:
        canvas.box("over", EDGE, EDGE + WIDE, top)
        return
    width = WIDE // len(_STEPS)
    for place, _ in enumerate(_STEPS):
        start = EDGE + place * width
        canvas.box("full" if place <= _STEPS.index(stage) else "bar", start, start + width - 4, top)


def _looked_at(speech: Speech, record: RunRecord) -> str:
    done = speech.count(record.done)
    if not record.accounts:
        return done
    return speech.words("done_of_all", done=done, all=speech.count(record.accounts))


def _accounts(canvas: Canvas, record: RunRecord) -> None:
    """Draw which part of the accounts was looked at, if it is known how many there are."""
    if not record.accounts:
        return
    scale, top = Scale.over((0, record.accounts)), canvas.take(_HIGH)
    canvas.box("bar", EDGE, EDGE + WIDE, top)
    canvas.box("full", EDGE, scale.at(min(record.done, record.accounts)), top)


def _counts(record: RunRecord) -> Iterator[tuple[str, int]]:
    """Yield what was counted, by the names of their words."""
    yield "candidates", record.candidates
    yield "groups", record.groups
    yield "documents", record.documents
    yield "failures", record.failures


def _totals(speech: Speech, record: RunRecord) -> Iterator[tuple[str, str]]:
    for sums in record.totals[:_MOST_CURRENCIES]:
        yield _total(speech, sums)
    if len(record.totals) > _MOST_CURRENCIES:
        yield speech.more(len(record.totals) - _MOST_CURRENCIES), ""


def _total(speech: Speech, sums: CurrencyTotal) -> tuple[str, str]:
    code = Boundary("CurrencyTotal").read("currency", sums.currency, check_currency)
    amount = speech.formats.of(code).amount
    name = speech.words("total_in", currency=code, count=speech.count(sums.documents))
    parts = {part: amount(getattr(sums, part)) for part in ("gross", "net", "tax")}
    return name, speech.words("net_and_tax", **parts)


def _notes(speech: Speech, record: RunRecord) -> Iterator[tuple[str, str]]:
    """Yield which execution it goes on with, and what ended it."""
    for name, text in (("recovers", record.of), ("run_error", record.error)):
        if text:
            yield speech.words(name), text
