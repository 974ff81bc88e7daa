"""What is written on every page of a draft."""

from __future__ import annotations

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.render.voice import voice_of
from billingcore.render.words import Texts
from billingcore.values.context import exactly

__all__ = ["draft_mark"]


def draft_mark(
    document: DraftInvoice | Invoice,
    locale: str | None = None,
    *,
    texts: Texts | None = None,
) -> str:
    """Say that a draft is one, and which version of it; nothing for an invoice.

    A draft that is printed must not be taken for the invoice, on none of its pages. `text` and `html`
    say it in their headings, and `page` has this on each page; so has whoever makes others.

    >>> from billingcore import Account, Item, Period, draft
    >>> acme = Account("acme", currency="EUR")
    >>> draft_mark(draft(acme, [Item("desk", unit_price=9)], period=Period.month(2026, 1)))
    'Draft, version 0 – not an invoice'

    Args:
        document: the draft or invoice.
        locale: as in `text`; None takes the account's, then the template's, then ``en``.
        texts: as in `text`; the word is ``draft_mark``.

    Raises:
        InvalidInputError: there is no such locale.
    """
    if isinstance(document, Invoice):
        return ""
    with exactly():
        voice = voice_of(document, locale, texts)
        return voice.words("draft_mark", version=voice.count(document.version))
