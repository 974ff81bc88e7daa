"""Catalogues of a host: words that go before those of the library, checked before they are used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, cast

from billingcore.errors import InvalidInputError
from billingcore.render.words.english import BRITISH, ENGLISH
from billingcore.render.words.german import GERMAN, SWISS
from billingcore.values.boundary import Boundary
from billingcore.values.words import near

__all__ = ["PLACEHOLDER", "WORDS", "Texts", "catalogue", "placeholders", "read_texts"]

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": ENGLISH,
    "en_GB": BRITISH,
    "en_IE": BRITISH,
    "de": GERMAN,
    "de_CH": SWISS,
}
"""Locale or language → its words. A word with a bar has a singular and a plural."""

Texts = Mapping[str, str] | Sequence[Mapping[str, str]]
"""A catalogue of a host, or several: the first that has a word decides."""

PLACEHOLDER: Final = re.compile(r"\{(\w*)\}")
"""A name in braces, which a document puts a value in the place of."""

_CODE: Final = "code_"  # units by their code, of which a host may have others


def catalogue(language: str = "en") -> Mapping[str, str]:
    """Give all words of a language by their names, to translate them or to look a name up.

    >>> catalogue()["tax"], catalogue("de")["due"]
    ('Tax {rate} on {base}', 'Zu zahlen')

    Args:
        language: ``en`` or ``de``; with a country, like ``de_CH``, with what it writes differently.

    Raises:
        InvalidInputError: there are no words of this language.
    """
    base = language.partition("_")[0]
    if base not in WORDS:
        rule, fix = "there are no words of this language", "use 'en' or 'de', and translate these"
        raise InvalidInputError(rule, field="language", value=language, fix=fix)
    return MappingProxyType({**ENGLISH, **WORDS[base], **WORDS.get(language, {})})


def placeholders(word: str) -> frozenset[str]:
    """Give the names in braces of a word."""
    return frozenset(PLACEHOLDER.findall(word))


def read_texts(texts: object) -> tuple[Mapping[str, str], ...]:
    """Read the catalogues of a host: none, one, or a list of them.

    Raises:
        InvalidInputError: a catalogue is no mapping; a word has a name that no document uses, is no
            text, or has other placeholders than the English one.
    """
    if texts is None:
        return ()
    is_list = isinstance(texts, Sequence) and not isinstance(texts, str)
    tables: Sequence[object] = cast("Sequence[object]", texts if is_list else [texts])
    return tuple(_read_table(Boundary("texts"), table) for table in tables)


def _read_table(read: Boundary, table: object) -> Mapping[str, str]:
    if not isinstance(table, Mapping):
        fix = "give a mapping from names to words, or a list of such mappings"
        raise read.refuse("texts", table, "no catalogue", fix)
    words = cast("Mapping[str, str]", table)
    for name, word in words.items():
        _check(read, name, word)
    return words


def _check(read: Boundary, name: object, word: object) -> None:
    """Refuse a word that no document can use; an empty one leaves out what it says."""
    key = read.text("name", name)
    if key not in ENGLISH and not key.startswith(_CODE):
        fix = near(key, ENGLISH) or "use a name that render.catalogue() has"
        raise read.refuse(key, word, "no word of this name", fix)
    found, expected = placeholders(read.text(key, word)), placeholders(ENGLISH.get(key, ""))
    if word and found != expected:
        listed = ", ".join(f"{{{each}}}" for each in sorted(expected)) or "none"
        fix = f"in English it is {ENGLISH.get(key, '')!r}"
        raise read.refuse(key, word, f"its placeholders must be {listed}", fix)
