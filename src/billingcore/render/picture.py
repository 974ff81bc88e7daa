"""An agreement as a picture: what was invoiced, what was paid of it, and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Final

from attrs import frozen

from billingcore.errors import InvalidInputError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.records.chain_document import gross_of
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.render.content import title_of
from billingcore.render.voice import Voice, voice_of
from billingcore.values.context import EXACT, ZERO, exactly

__all__ = ["chain_svg"]

_NAME: Final = "billingcore-chain"
_WIDE: Final = 640  # of the longest bar
_EDGE: Final = 10
_HIGH: Final = 44  # of a bar and its label
_LONGEST: Final = 48  # characters of a label
_STYLE: Final = f"""\
.{_NAME} {{ color-scheme: light dark; font: 13px sans-serif; \
max-width: 100%; height: auto; }}
.{_NAME} .page {{ fill: #fff; }} .{_NAME} text {{ fill: #1b1b1b; }}
.{_NAME} .bar {{ fill: #d5dbe3; stroke: #4a5668; }} .{_NAME} .full {{ fill: #2f6f4f; }}
.{_NAME} .left {{ fill: #2b5fa8; }} .{_NAME} .over {{ fill: #b3402a; }}
@media (prefers-color-scheme: dark) {{
.{_NAME} .page {{ fill: #16181c; }} .{_NAME} text {{ fill: #ececec; }}
.{_NAME} .bar {{ fill: #39414d; stroke: #a9b4c4; }} .{_NAME} .full {{ fill: #5fb98a; }}
.{_NAME} .left {{ fill: #7fb0f5; }} .{_NAME} .over {{ fill: #ef8a75; }}
}}"""


@frozen
class _Bar:
    """A bar: its label and amount, where it begins and ends, and how much of it is filled."""

    label: str
    amount: str
    start: Decimal
    stop: Decimal
    filled: Decimal = ZERO
    look: str = "full"


def chain_svg(
    document: DraftInvoice | Invoice,
    locale: str | None = "de_DE",
    *,
    texts: Mapping[str, str] | None = None,
) -> str:
    """Draw a final with what it deducts, as SVG: each bar begins where the amounts before it end.

    The first bar is all that was agreed. Each invoice before has one, as long as what it asked
    for, filled as far as it was paid; the next begins where its deduction ends. The last is what
    remains, up to the end of the first, or back to it if too much was invoiced.

    All texts are escaped; there are no scripts, and the colors fit light and dark pages.

    Args:
        document: a final, or the draft of one.
        locale: as in `text`.
        texts: as in `text`; they are escaped, too.

    Raises:
        InvalidInputError: the document is no final, or there is no such locale.
    """
    if document.kind is not InvoiceKind.FINAL:
        rule, fix = "it is no final", "draw the final that deducts it"
        raise InvalidInputError(rule, field="document", value=document.kind.value, fix=fix)
    invoice = document if isinstance(document, Invoice) else None
    draft = document.draft if isinstance(document, Invoice) else document
    with exactly():
        voice = voice_of(draft, locale, texts)
        return _drawn(voice, title_of(voice, invoice), [*_bars(voice)])


def _bars(voice: Voice) -> Iterator[_Bar]:
    words, amount, chain = voice.words, voice.formats.amount, voice.draft.chain
    contract, start = gross_of(chain.contract), ZERO
    yield _Bar(words("contract"), amount(contract), ZERO, contract, look="bar")
    for each in chain.deductions:
        asked = gross_of(each.document.invoiced)
        paid = max(EXACT.subtract(asked, each.document.open), ZERO)
        label = words("of_it_paid", amount=amount(asked), paid=amount(paid))
        stop = EXACT.add(start, asked)
        yield _Bar(voice.deducted(each), label, start, stop, EXACT.add(start, paid))
        start = EXACT.add(start, each.gross)
    left = chain.remaining.gross
    look = "left" if left >= ZERO else "over"
    yield _Bar(words("remaining"), amount(left), start, contract, contract, look)


def _drawn(voice: Voice, title: str, bars: list[_Bar]) -> str:
    ends = [ZERO, *(end for bar in bars for end in (bar.start, bar.stop, bar.filled))]
    low, high = Fraction(min(ends)), Fraction(max(ends))
    scale = _WIDE / (high - low or Fraction(1))
    width, height = _WIDE + 2 * _EDGE, len(bars) * _HIGH + _EDGE
    told = ". ".join(f"{bar.label}: {bar.amount}" for bar in bars)
    name = voice.words("chain", document=title, contract=bars[0].amount, remaining=bars[-1].amount)
    about = f'class="{_NAME}" role="img" lang="{escape(voice.words.language)}"'
    size = f'width="{width}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {about} {size} viewBox="0 0 {width} {height}">',
        f"<title>{escape(name)}</title>",
        f"<desc>{escape(told)}</desc>",
        f"<style>\n{_STYLE}\n</style>",
        f'<rect class="page" {size}/>',
    ]
    for place, bar in enumerate(bars):
        lines += _bar(bar, place * _HIGH, low, scale)
    return "\n".join([*lines, "</svg>"])


def _bar(bar: _Bar, top: int, low: Fraction, scale: Fraction) -> Iterator[str]:
    start, stop, filled = (
        _EDGE + round((Fraction(end) - low) * scale) for end in (bar.start, bar.stop, bar.filled)
    )
    label = escape(_short(bar.label))
    yield f'<text x="{_EDGE}" y="{top + 18}">{label}</text>'
    amount = escape(bar.amount)
    yield f'<text x="{_EDGE + _WIDE}" y="{top + 18}" text-anchor="end">{amount}</text>'
    yield _rectangle("bar", start, stop, top)
    if bar.look != "bar":
        yield _rectangle(bar.look, start, filled, top)


def _rectangle(look: str, start: int, stop: int, top: int) -> str:
    left, width = min(start, stop), abs(stop - start)
    return f'<rect class="{look}" x="{left}" y="{top + 24}" width="{width}" height="14"/>'


def _short(label: str) -> str:
    """Cut a long label inside, so that kind and date stay."""
    return label if len(label) <= _LONGEST else f"{label[:30]}…{label[-17:]}"
