"""An agreement as a picture: what was invoiced, what was paid of it, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, cast

from attrs import frozen

from billingcore.errors import InvalidInputError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.records.chain_document import ChainDocument, gross_of
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.render.canvas import Canvas, Scale
from billingcore.render.content import title_of
from billingcore.render.voice import Speech, Voice, speech_of, voice_of
from billingcore.render.words import Texts
from billingcore.values.boundary import Boundary
from billingcore.values.context import EXACT, ZERO, exactly, total

__all__ = ["chain_svg"]

_HIGH: Final = 24  # of a bar, and of the space below it


@frozen
class _Bar:
    """A bar: its label and amount, where it begins and ends, and how far it is filled."""

    label: str
    amount: str
    start: Decimal
    stop: Decimal
    filled: Decimal = ZERO
    look: str = "full"


def chain_svg(
    document: DraftInvoice | Invoice | Iterable[ChainDocument],
    locale: str | None = "de_DE",
    *,
    texts: Texts | None = None,
) -> str:
    """Draw an agreement as SVG: each bar begins where the amounts before it end.

    Of a final, the first bar is all that was agreed. Each invoice before has one, as long as what
    it asked for, filled as far as it was paid; the next begins where its deduction ends. The last
    is what remains, up to the end of the first, or back to it if too much was invoiced.

    While there is no final, the documents of the agreement are drawn, as `chain_documents` gives
    them: the first bar is their sum, and the last what is not paid of it.

    All texts are escaped; there are no scripts, and the colors fit light and dark pages.

    Args:
        document: a final, or the draft of one; or the documents of one agreement without a final.
        locale: as in `text`.
        texts: as in `text`; they are escaped, too.

    Raises:
        InvalidInputError: the document is no final; documents are none, of several agreements or
            currencies, or have a final; or there is no such locale.
    """
    with exactly():
        if not isinstance(document, DraftInvoice | Invoice):
            return _so_far(_read_documents(document), locale, texts)
        if document.kind is not InvoiceKind.FINAL:
            rule, fix = "it is no final", "draw the final that deducts it"
            raise InvalidInputError(rule, field="document", value=document.kind.value, fix=fix)
        invoice = document if isinstance(document, Invoice) else None
        draft = document.draft if isinstance(document, Invoice) else document
        voice = voice_of(draft, locale, texts)
        bars = [*_bars(voice)]
        amounts = {"contract": bars[0].amount, "remaining": bars[-1].amount}
        title = voice.words("chain", document=title_of(voice, invoice), **amounts)
        return _drawn(voice.words.language, title, bars)


def _read_documents(given: object) -> Sequence[ChainDocument]:
    """Read the documents of one agreement that has no final.

    Raises:
        InvalidInputError: they are none, or something else, or do not belong together.
    """
    read = Boundary("chain_svg")
    fix = "give a final, or the documents that chain_documents gives for a key"
    if not isinstance(given, Iterable):
        raise read.refuse("document", given, "no final, and no documents", fix)
    several = cast("Iterable[object]", given)
    found = [read.instance("document", each, ChainDocument) for each in several]
    if not found:
        raise read.refuse("document", 0, "there are no documents", fix)
    for each in found:
        if each.is_final:
            fix = "draw the final itself, which deducts the others"
            raise read.refuse("document", each.number, "a final among them", fix)
    for name in ("key", "currency"):
        values = sorted({getattr(each, name) for each in found})
        if len(values) > 1:
            fix = "draw each agreement by itself: chain_documents(books, key)"
            raise read.refuse(name, ", ".join(values), "they are of several agreements", fix)
    return found


def _bars(voice: Voice) -> Iterator[_Bar]:
    """Yield the bars of a final."""
    words, amount, chain = voice.words, voice.formats.amount, voice.draft.chain
    contract, start = gross_of(chain.contract), ZERO
    yield _Bar(words("contract"), amount(contract), ZERO, contract, look="bar")
    for each in chain.deductions:
        yield _part(voice, each.document, start)
        start = EXACT.add(start, each.gross)
    left = chain.remaining.gross
    look = "left" if left >= ZERO else "over"
    yield _Bar(words("remaining"), amount(left), start, contract, contract, look)


def _part(speech: Speech, document: ChainDocument, start: Decimal) -> _Bar:
    """Give the bar of a part invoice: what it asked for, and what was paid of that."""
    asked = gross_of(document.invoiced)
    paid = max(EXACT.subtract(asked, document.open), ZERO)
    amount, words = speech.formats.amount, speech.words
    name = speech.document(document.kind.value, document.number, document.date)
    if document.is_draft:
        name = f"{words(document.kind.value)} ({words('draft')}): {document.number}"
    label = words("of_it_paid", amount=amount(asked), paid=amount(paid))
    return _Bar(name, label, start, EXACT.add(start, asked), EXACT.add(start, paid))


def _so_far(documents: Sequence[ChainDocument], locale: str | None, texts: Texts | None) -> str:
    """Draw what was invoiced while there is no final."""
    speech = speech_of(locale, texts, documents[0].currency)
    words, amount = speech.words, speech.formats.amount
    issued = [each for each in documents if not each.is_draft]
    drafts = [each for each in documents if each.is_draft]
    invoiced = total(gross_of(each.invoiced) for each in issued)
    left, start = total(each.open for each in issued), ZERO
    bars = [_Bar(words("invoiced_so_far"), amount(invoiced), ZERO, invoiced, look="bar")]
    for each in (*issued, *drafts):
        bars.append(_part(speech, each, start))
        start = bars[-1].stop
    paid = EXACT.subtract(invoiced, left)
    bars.append(_Bar(words("not_paid_yet"), amount(left), paid, invoiced, invoiced, "left"))
    key = documents[0].key
    title = words("chain_so_far", agreement=key, invoiced=amount(invoiced), open=amount(left))
    return _drawn(words.language, title, bars)


def _drawn(language: str, title: str, bars: Sequence[_Bar]) -> str:
    scale = Scale.over([ZERO, *(end for bar in bars for end in (bar.start, bar.stop, bar.filled))])
    canvas = Canvas("chain", language)
    for bar in bars:
        canvas.pair(bar.label, bar.amount)
        top = canvas.take(_HIGH)
        start, stop, filled = map(scale.at, (bar.start, bar.stop, bar.filled))
        canvas.box("bar", start, stop, top)
        if bar.look != "bar":
            canvas.box(bar.look, start, filled, top)
    return canvas.svg(title, (f"{bar.label}: {bar.amount}" for bar in bars))
