"""What all pictures have in common: a frame, texts that fit, and colors for light and dark pages.

A picture is SVG of 660 units, as wide as its place lets it be. It has no scripts, loads nothing and
refers to nothing, not even inside itself, so that several can stand on one page. All texts go
through one door, which escapes them and takes out what turns around or breaks what is beside them.

Positions are whole units, so a picture is the same to the byte wherever it is drawn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from html import escape
from itertools import accumulate
from typing import Final

from attrs import frozen

from billingcore.lines.explain import without_directions

__all__ = ["EDGE", "LINE", "WIDE", "Canvas", "Scale", "breadth_of", "printed", "shortened"]

EDGE: Final = 10
"""Units around what is drawn."""
WIDE: Final = 640
"""Units from the left end of the longest bar to its right end."""
LINE: Final = 24
"""Units from one line of text to the next."""

_NAME: Final = "billingcore-picture"
_SIZE: Final = 16  # of letters: as large as the text of most pages, and legible on a telephone
_MOST_LINES: Final = 6  # of a value
_BOLD: Final = 80  # units that bold text is broader on a line
_LONGEST: Final = 48  # letters of a label
_TAIL: Final = Fraction(17, 47)  # of a label that is cut, so that numbers and dates stay
_BREADTHS: Final = {
    **dict.fromkeys("abdeghnopquvxyz0123456789", 10),
    **dict.fromkeys("cks", 9),
    **dict.fromkeys("rtf-()[]!", 7),
    **dict.fromkeys("ijlI.,:;'|/ \u00a0\u202f", 5),
    **dict.fromkeys("mwMW@%…—+=<>×−~#^&", 16),
}
"""Letter → the units that it takes in the broadest of the usual typefaces."""
_NO_TEXT: Final = frozenset({"Cs", "Cn"})  # cannot be written, or mean nothing
_LINE_ENDS: Final = frozenset({"Cc", "Zl", "Zp"})
_SPACES: Final = re.compile("[ \t]+")

_LOOKS: Final = {
    "page": ("fill: #fff;", "fill: #16181c;"),
    "quiet": ("fill: #555b66;", "fill: #a9b4c4;"),
    "head": ("font-weight: bold;", ""),
    "bar": ("fill: #d5dbe3; stroke: #4a5668;", "fill: #39414d; stroke: #a9b4c4;"),
    "full": ("fill: #2f6f4f;", "fill: #5fb98a;"),
    "left": ("fill: #2b5fa8;", "fill: #7fb0f5;"),
    "over": ("fill: #b3402a;", "fill: #ef8a75;"),
    "draft": (
        "fill: #d3ebdd; stroke: #2f6f4f; stroke-dasharray: 5 3;",
        "fill: #21402f; stroke: #5fb98a;",
    ),
    "due": (
        "fill: none; stroke: #b3402a; stroke-width: 2; stroke-dasharray: 2 3;",
        "stroke: #ef8a75;",
    ),
    "release": ("fill: #e9d5ef; stroke: #7a3b8f;", "fill: #40284a; stroke: #cf9be0;"),
    "waived": ("fill: #e3e3e3; stroke: #6a6a6a;", "fill: #3a3a3a; stroke: #a0a0a0;"),
    "carried": (
        "fill: #fbeec6; stroke: #8a6100; stroke-dasharray: 8 2;",
        "fill: #453812; stroke: #e0b84c;",
    ),
    "linked": (
        "fill: #fff; stroke: #6a6a6a; stroke-dasharray: 1 3;",
        "fill: #16181c; stroke: #a0a0a0;",
    ),
    "grid": ("stroke: #c3cad4;", "stroke: #454d59;"),
    "day": ("stroke: #fff; stroke-opacity: 0.6;", "stroke: #16181c;"),
    "border": ("stroke: #1b1b1b; stroke-width: 2;", "stroke: #ececec;"),
    "mark": ("stroke: #2b5fa8; stroke-width: 3;", "stroke: #7fb0f5;"),
}
"""Look → how it is drawn, and what of that differs on dark pages."""


@frozen
class Scale:
    """Where values lie between the left end of what is drawn and the right one.

    >>> Scale(Fraction(0), Fraction(4)).at(1)
    170
    """

    low: Fraction
    high: Fraction

    @classmethod
    def over(cls, values: Iterable[Decimal | int]) -> Scale:
        """Give the scale of which some values are the ends."""
        exact = [Fraction(value) for value in values]
        return cls(min(exact), max(exact))

    def at(self, value: Decimal | Fraction | int) -> int:
        """Give the place of a value; all are at the left if there is only one."""
        whole = self.high - self.low or Fraction(1)
        return EDGE + round((Fraction(value) - self.low) * WIDE / whole)


class Canvas:
    """A picture that is being drawn from top to bottom.

    Attributes:
        top: where the next line or bar begins.
    """

    def __init__(self, kind: str, language: str) -> None:
        self.top: int = 0
        self._head = f'class="{_NAME} billingcore-{kind}" role="img" lang="{escape(language)}"'
        self._looks: dict[str, None] = {"page": None}
        self._ground: list[str] = []
        self._shapes: list[str] = []

    def take(self, height: int) -> int:
        """Take the next units downwards, and give their top."""
        top = self.top
        self.top += height
        return top

    def box(self, look: str, start: int, stop: int, top: int, height: int = 14) -> None:
        """Draw a box between two places, whichever of them is to the left."""
        self._looks[look] = None
        left, width = min(start, stop), abs(stop - start)
        self._shapes.append(
            f'<rect class="{look}" x="{left}" y="{top}" width="{width}" height="{height}"/>'
        )

    def upright(
        self, look: str, place: int, top: int, height: int, *, is_behind: bool = False
    ) -> None:
        """Draw an upright line, behind all else or before what is drawn already."""
        self._looks[look] = None
        ends = f'x1="{place}" y1="{top}" x2="{place}" y2="{top + height}"'
        shapes = self._ground if is_behind else self._shapes
        shapes.append(f'<line class="{look}" {ends}/>')

    def text(self, text: str, place: int, base: int, *, anchor: str = "", look: str = "") -> None:
        """Write text that is known to fit; it stands on *base*."""
        attributes = f'x="{place}" y="{base}"'
        if anchor:
            attributes += f' text-anchor="{anchor}"'
        if look:
            self._looks[look] = None
            attributes += f' class="{look}"'
        self._shapes.append(f"<text {attributes}>{escape(printed(text))}</text>")

    def pair(self, label: str, value: str, *, look: str = "") -> None:
        """Write a label to the left, and a value to the right: below it if there is no room.

        A label is cut if it is too long, a value never: it may take several lines.
        """
        shown, said = shortened(printed(label)), printed(value)
        self.text(shown, EDGE, self.take(LINE) + 18)
        if breadth_of(said) > WIDE:
            self.prose(said, most=_MOST_LINES, look=look)
            return
        if breadth_of(shown) + _SIZE + breadth_of(said) > WIDE:
            self.take(LINE)
        if said:
            self.text(said, EDGE + WIDE, self.top - LINE + 18, anchor="end", look=look)

    def prose(self, text: str, *, most: int, look: str = "") -> None:
        """Write text in as many lines as it needs, and no more than *most*."""
        lines = [*_broken(printed(text), WIDE - _BOLD if look == "head" else WIDE - _SIZE)]
        shown = [*lines[: most - 1], f"{lines[most - 1]}…"] if len(lines) > most else lines
        for line in shown:
            self.text(line, EDGE, self.take(LINE) + 18, look=look)

    def svg(self, title: str, told: Iterable[str]) -> str:
        """Give the picture, with a title, and a description of as many sentences as it needs."""
        width, height = WIDE + 2 * EDGE, self.top + EDGE
        size = f'width="{width}" height="{height}"'
        frame = f'{self._head} {size} viewBox="0 0 {width} {height}"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>',
                f"<title>{escape(printed(title))}</title>",
                f"<desc>{escape(printed('. '.join(told)))}</desc>",
                f"<style>\n{_style(self._looks)}\n</style>",
                f'<rect class="page" {size}/>',
                *self._ground,
                *self._shapes,
                "</svg>",
            ]
        )


def _style(looks: Iterable[str]) -> str:
    """Give the rules of the looks that are used."""
    rules = [(look, *_LOOKS[look]) for look in looks]
    light = [f".{_NAME} .{look} {{ {rule} }}" for look, rule, _ in rules]
    dark = [f".{_NAME} .{look} {{ {rule} }}" for look, _, rule in rules if rule]
    return "\n".join(
        [
            f".{_NAME} {{ color-scheme: light dark; font: {_SIZE}px sans-serif; \
max-width: 100%; height: auto; }}",
            f".{_NAME} text {{ fill: #1b1b1b; stroke: #fff; stroke-width: 4px; paint-order: stroke; }}",
            *light,
            f"@media (prefers-color-scheme: dark) {{\n.{_NAME} text {{ fill: #ececec; stroke: #16181c; }}",
            *dark,
            "}",
        ]
    )


def printed(text: str) -> str:
    """Give text on one line, without characters that XML cannot hold or that turn text around."""
    if not text.isprintable():
        kinds = ((letter, unicodedata.category(letter)) for letter in without_directions(text))
        text = "".join(
            " " if kind in _LINE_ENDS else letter for letter, kind in kinds if kind not in _NO_TEXT
        )
    return _SPACES.sub(" ", text).strip()


def breadth_of(text: str) -> int:
    """Give the units that text takes at most, in the broadest of the usual typefaces."""
    return sum(map(_breadth, text))


def _breadth(letter: str) -> int:
    known = _BREADTHS.get(letter)
    if known is not None:
        return known
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 16
    return 12 if letter.isupper() else 10


def shortened(text: str) -> str:
    """Cut long text inside, so that what it is and its date stay, and it fits into one line.

    >>> shortened("Progress invoice 2026-00001 of Monday, 31 January 2026")
    'Progress invoice 2026-00001 of…, 31 January 2026'
    """
    if len(text) <= _LONGEST and breadth_of(text) <= WIDE:
        return text
    kept = min(_LONGEST, len(text)) - 1
    while breadth_of(cut := _without_middle(text, kept)) > WIDE:
        kept -= 1
    return cut


def _without_middle(text: str, kept: int) -> str:
    tail = round(kept * _TAIL)
    return f"{text[: kept - tail]}…{text[len(text) - tail :]}"


def _broken(text: str, room: int) -> Iterator[str]:
    """Break text between words; words that are too broad are cut."""
    line = ""
    for word in text.split(" "):
        if line and breadth_of(f"{line} {word}") > room:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
        while breadth_of(line) > room:
            fitting = sum(taken <= room for taken in accumulate(map(_breadth, line)))
            yield line[:fitting]
            line = line[fitting:]
    yield line
