"""The door through which text enters: names and titles end in documents, files and terminals."""

from __future__ import annotations

import unicodedata
from typing import Final

from billingcore.errors import InvalidInputError

__all__ = ["check_id", "check_text", "is_plain_text"]

LONGEST_TEXT: Final = 10_000
LONGEST_ID: Final = 255
_REFUSED: Final = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})
_ALLOWED: Final = frozenset("\n\t")


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
