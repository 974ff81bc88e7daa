"""How one document speaks: its words, and numbers and dates as its locale writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from attrs import frozen

from billingcore.invoices.chain import Deduction
from billingcore.invoices.document import DraftInvoice
from billingcore.lines.explain import without_directions
from billingcore.records.taxes import Tax
from billingcore.render.formats import Formats
from billingcore.render.words import Words

__all__ = ["Voice", "voice_of"]


@frozen(eq=False)
class Voice:
    """Words and formats of one document; runs inside `exactly`.

    Attributes:
        draft: the document.
        words: its words.
        formats: how numbers and dates are written.
    """

    draft: DraftInvoice
    words: Words
    formats: Formats

    def document(self, kind: str, number: str, day: dt.date) -> str:
        """Name a document by kind, number and date."""
        name, written = without_directions(number), self.formats.day(day)
        return self.words("document_of", kind=self.words(kind), number=name, date=written)

    def deducted(self, deduction: Deduction) -> str:
        """Name a document that is deducted."""
        return self.document(deduction.kind.value, deduction.number, deduction.date)

    def rate(self, tax: Tax) -> str:
        """Write the rate of a tax; a dash if there is none."""
        return self.formats.percent(tax.rate) if tax.code or tax.rate else "–"


def voice_of(draft: DraftInvoice, locale: str | None, texts: Mapping[str, str] | None) -> Voice:
    """Give the voice of a document.

    Raises:
        InvalidInputError: there is no such locale.
    """
    chosen = locale or draft.account.locale or draft.template.locale or "en"
    formats = Formats(chosen, draft.currency)
    return Voice(draft, Words(formats.locale, texts), formats)
