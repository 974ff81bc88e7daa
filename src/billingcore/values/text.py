"""The door through which text enters: names and titles end in documents, files and terminals."""

from __future__ import annotations

import html
import unicodedata
from typing import Final

from billingcore.errors import InvalidInputError

__all__ = ["check_id", "check_text", "escaped", "is_plain_text", "without_directions"]

LONGEST_TEXT: Final = 10_000
LONGEST_ID: Final = 255
_REFUSED: Final = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})
_ALLOWED: Final = frozenset("\n\t")
_JOINERS: Final = frozenset("\u200c\u200d")  # Persian and Hindi are spelled with them


def check_text(value: object, *, longest: int = LONGEST_TEXT) -> str:
    """Give text back if it can be written anywhere.

    Refused are control characters but line feed and tab, lone surrogates, line and paragraph
    separators and code points that mean nothing: they break XML, terminals or encodings.

    Raises:
        InvalidInputError: no text, too long, or with such a character.
    """
    if not isinstance(value, str):
        raise InvalidInputError("not text", value=value, fix="use a str")
    if len(value) > longest:
        raise InvalidInputError(f"longer than {longest} characters", value=value, fix="shorten it")
    if value.isascii() and value.isprintable():
        return value
    for place, character in enumerate(value):
        if unicodedata.category(character) in _REFUSED and character not in _ALLOWED:
            name = f"U+{ord(character):04X} at position {place}"
            fix = "remove the character"
            raise InvalidInputError(
                f"a character that cannot be written, {name}", value=value, fix=fix
            )
    return value


def is_plain_text(value: object) -> bool:
    """Tell whether text is right as an id and as a text, at a glance; others may be right, too.

    >>> is_plain_text("seats"), is_plain_text(" seats"), is_plain_text("Sitzplätze")
    (True, False, False)
    """
    return (
        type(value) is str
        and 0 < len(value) <= LONGEST_ID
        and value.isascii()
        and value.isprintable()
        and value[0] != " "
        and value[-1] != " "
    )


def check_id(value: object) -> str:
    """Give an id back if it can name a record: text, not empty, on one line, without outer spaces.

    Raises:
        InvalidInputError: anything else.
    """
    text = check_text(value, longest=LONGEST_ID)
    if not text or text != text.strip() or "\n" in text or "\t" in text:
        fix = "use text on one line, without spaces around it"
        raise InvalidInputError("not an id", value=value, fix=fix)
    return text


def without_directions(text: str) -> str:
    """Take format characters out of text, which can turn around what a terminal shows beside it.

    >>> without_directions("net 1\\u202e00 EUR")
    'net 100 EUR'
    """
    if text.isascii():
        return text
    return "".join(c for c in text if c in _JOINERS or unicodedata.category(c) != "Cf")


def escaped(text: str) -> str:
    """Write text of anybody into HTML: nothing of it is markup, and all of it can be seen.

    What cannot be written anywhere becomes the replacement character.

    >>> escaped("a < b & \\x1b[2J")
    'a &lt; b &amp; \ufffd[2J'
    """
    if not text.isprintable():
        text = "".join(map(_seen, without_directions(text)))
    return html.escape(text)


def _seen(character: str) -> str:
    is_refused = unicodedata.category(character) in _REFUSED and character not in _ALLOWED
    return "\N{REPLACEMENT CHARACTER}" if is_refused else character
