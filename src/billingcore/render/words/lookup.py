"""Which word stands for what, in the language of a locale."""

from __future__ import annotations

from billingcore.render.words.catalogues import PLACEHOLDER, WORDS, Texts, read_texts
from billingcore.render.words.english import ENGLISH

__all__ = ["Words"]


class Words:
    """Looks words up for one document.

    >>> Words("de_AT", {"net": "Summe netto"})("net"), Words("fr")("net")
    ('Summe netto', 'Net')

    Attributes:
        language: of the words, as HTML names it; that of the locale where the host has texts.

    Raises:
        InvalidInputError: a text of the host has a name or placeholders that no document uses.
    """

    __slots__ = ("_tables", "language")

    def __init__(self, locale: str, texts: Texts | None = None) -> None:
        own = read_texts(texts)
        tables = [*own, WORDS.get(locale), WORDS.get(locale.partition("_")[0]), ENGLISH]
        self._tables = [table for table in tables if table]
        is_known = any(own) or locale.partition("_")[0] in WORDS
        self.language: str = locale.replace("_", "-") if is_known else "en"

    def __call__(self, name: str, **values: str) -> str:
        """Give a word, its placeholders filled in; what is filled in has none."""
        return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), self.find(name) or "")

    def find(self, name: str) -> str | None:
        """Give a word as it stands in a table, None if no table has it."""
        return next((table[name] for table in self._tables if name in table), None)

    def counted(self, name: str, fallback: str, *, is_one: bool) -> str:
        """Give a unit in its singular or plural."""
        word = self.find(name)
        one, _, many = (fallback if word is None else word).partition("|")
        return one if is_one or not many else many
