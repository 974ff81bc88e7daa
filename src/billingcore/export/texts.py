"""Text of customers in files of other programs: whatever they are called, it stays text."""

from __future__ import annotations

import re
import unicodedata
from binascii import b2a_base64
from typing import Final

from billingcore.lines.explain import without_directions
from billingcore.values.keys import digest

__all__ = ["escaped", "in_base_64", "in_windows_1252", "on_one_line", "told_apart", "writable"]

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

_SPACES: Final = frozenset({"Cc", "Zl", "Zp"})
_UNWRITABLE: Final = frozenset({"Cs", "Cn"})
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})
_DIGEST: Final = re.compile(r"(?:^|-)[0-9a-f]{16}\Z")
_DIGEST_LENGTH: Final = 17
_LETTER: Final = re.compile(r"LATIN (SMALL|CAPITAL) LETTER (?:DOTLESS )?([A-Z]{1,2})\b")


def writable(text: str, *, kept: str = "") -> str:
    """Give text that any file can hold.

    Format characters, which turn around what stands beside them, are left out. Control characters
    and line separators become spaces, but for those of *kept*. Halves of characters and code
    points without a meaning become U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_writable(c, kept) for c in without_directions(text))


def _writable(character: str, kept: str) -> str:
    category = unicodedata.category(character)
    if category in _UNWRITABLE:
        return REPLACEMENT
    return " " if category in _SPACES and character not in kept else character


def on_one_line(text: str) -> str:
    """Give text on one line, with single spaces.

    >>> on_one_line(" Müller\\n\\t& Söhne ")
    'Müller & Söhne'
    """
    return " ".join(writable(text).split())


def escaped(text: str) -> str:
    """Write text as a string of beancount; it reads the same text again.

    >>> print(escaped('The "Old" Inn'))
    "The \\"Old\\" Inn"
    """
    kept = writable(text, kept="\n\t").translate(_ESCAPES)
    return f'"{kept}"'


def told_apart(text: str, shown: str, longest: int) -> str:
    """Give *shown* if it says all of *text*, or else a part of it and a digest of *text*.

    So two texts never look alike, in whichever file they stand.

    >>> told_apart("D-7", "D-7", 20)
    'D-7'
    >>> told_apart("D 7", "D-7", 20)
    'D-7-c876d5e44a40e7fd'
    """
    if text == shown and len(shown) <= longest and not _DIGEST.search(shown):
        return shown
    return f"{shown[: longest - _DIGEST_LENGTH]}-{digest([writable(text)])}"


def in_base_64(content: bytes) -> str:
    """Write bytes as letters: four for three bytes, filled up with equal signs (RFC 4648, 4).

    >>> in_base_64(b"foob")
    'Zm9vYg=='
    """
    return b2a_base64(content, newline=False).decode("ascii")


def in_windows_1252(text: str) -> str:
    """Replace what Windows-1252 cannot write, by its name.

    A Latin letter with a mark becomes the letter; a character that Unicode calls a form of others
    becomes these; anything else becomes its Unicode name in braces.

    >>> in_windows_1252("Łódź, 10 €, ﬁn, Ω")
    'Lódz, 10 €, fin, {GREEK CAPITAL LETTER OMEGA}'
    """
    return "".join(map(_nearest, unicodedata.normalize("NFC", text)))


def _nearest(character: str) -> str:
    if _fits(character):
        return character
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    letter = _LETTER.match(name)
    if letter is not None:
        size, written = letter.groups()
        return written if size == "CAPITAL" else written.lower()
    parts = unicodedata.normalize("NFKD", character)
    return parts if _fits(parts) else f"{{{name}}}"


def _fits(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
