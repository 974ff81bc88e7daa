"""How documents and pictures speak: in words, and numbers and dates as a locale writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from attrs import frozen

from billingcore.invoices.chain import Deduction
from billingcore.invoices.document import DraftInvoice
from billingcore.lines.explain import without_directions
from billingcore.records.taxes import Tax
from billingcore.render.formats import Formats
from billingcore.render.words import Texts, Words

__all__ = ["Speech", "Voice", "speech_of", "voice_of"]


@frozen(eq=False)
class Speech:
    """Words and formats; runs inside `exactly`.

    Attributes:
        words: in the language of a locale.
        formats: how numbers and dates are written.
    """

    words: Words
    formats: Formats

    def document(self, kind: str, number: str, day: dt.date) -> str:
        """Name a document by kind, number and date."""
        name, written = without_directions(number), self.formats.day(day)
        return self.words("document_of", kind=self.words(kind), number=name, date=written)

    def deducted(self, deduction: Deduction) -> str:
        """Name a document that is deducted."""
        return self.document(deduction.kind.value, deduction.number, deduction.date)

    def more(self, count: int) -> str:
        """Say how many more there are than are shown."""
        return self.words("and_more", count=self.count(count))

    def count(self, count: int) -> str:
        """Write a count."""
        return self.formats.number(Decimal(count))


@frozen(eq=False)
class Voice(Speech):
    """How one document speaks.

    Attributes:
        words: its words.
        formats: how its numbers and dates are written.
        draft: the document.
    """

    draft: DraftInvoice

    def rate(self, tax: Tax) -> str:
        """Write the rate of a tax; a dash if there is none."""
        return self.formats.percent(tax.rate) if tax.code or tax.rate else "–"


def speech_of(locale: str | None, texts: Texts | None, currency: str = "") -> Speech:
    """Give words and formats.

    Args:
        locale: None is English.
        texts: words that go before those of the library.
        currency: of the amounts; empty where there are none.

    Raises:
        InvalidInputError: there is no such locale.
    """
    formats = Formats(locale or "en", currency)
    return Speech(Words(formats.locale, texts), formats)


def voice_of(draft: DraftInvoice, locale: str | None, texts: Texts | None) -> Voice:
    """Give the voice of a document.

    Raises:
        InvalidInputError: there is no such locale.
    """
    chosen = locale or draft.account.locale or draft.template.locale
    found = speech_of(chosen, texts, draft.currency)
    return Voice(found.words, found.formats, draft)
