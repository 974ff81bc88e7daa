"""What a document shows, and in which words: the same for text and HTML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from attrs import frozen

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.invoices.totals import TaxSubtotal
from billingcore.lines.explain import without_directions
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.render.deducting import deduction_notes, deductions
from billingcore.render.letterhead import Letterhead, buyer_of, payment_details, seller_of
from billingcore.render.page import Block, Facts, Heading, Prose, Sums
from billingcore.render.positions import positions
from billingcore.render.terms import payment_terms
from billingcore.render.voice import Voice, voice_of
from billingcore.render.words import Texts
from billingcore.scope.switches import FinalShape
from billingcore.values.context import exactly

__all__ = ["Content", "content_of", "title_of"]

_SUMS_BEFORE_TAX: Final = ("line_total", "allowance_total", "charge_total", "net")
_SUMS_AFTER_TAX: Final = ("gross", "paid", "rounding")
_ALWAYS: Final = frozenset({"net", "gross"})
"""Sums that are shown also if they are zero or say nothing new."""


@frozen
class Content:
    """What a document shows.

    Attributes:
        language: of its words, as HTML names it, like ``de-DE``.
        blocks: from top to bottom; an empty one is not shown.
    """

    language: str
    blocks: tuple[Block, ...]


def content_of(
    document: DraftInvoice | Invoice, locale: str | None, texts: Texts | None
) -> Content:
    """Decide what a document shows.

    Raises:
        InvalidInputError: there is no such locale.
    """
    draft = document.draft if isinstance(document, Invoice) else document
    with exactly():
        voice = voice_of(draft, locale, texts)
        invoice = document if isinstance(document, Invoice) else None
        return Content(voice.words.language, tuple(_Writer(voice, invoice).blocks()))


def title_of(voice: Voice, invoice: Invoice | None) -> str:
    """Name a document by kind and number, or say that it is a draft."""
    number = invoice.number if invoice else f"({voice.words('draft')})"
    return f"{voice.words(voice.draft.kind.value)} {without_directions(number)}"


class _Writer:
    """Writes the blocks of one document."""

    def __init__(self, voice: Voice, invoice: Invoice | None) -> None:
        self.invoice = invoice
        self.voice = voice
        self.draft = voice.draft
        self.words = voice.words
        self.formats = voice.formats
        self.is_offset = self.draft.kind is InvoiceKind.CANCELLATION
        self.asks = KINDS[self.draft.kind].asks_for_payment

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks from top to bottom."""
        draft = self.draft
        seller, template = draft.seller, draft.template
        if seller is not None:
            yield self.party("seller", seller_of(self.voice, seller))
        yield self.party("buyer", buyer_of(self.voice))
        yield Heading(title_of(self.voice, self.invoice))
        yield Facts(tuple((self.words(name), value) for name, value in self.facts() if value))
        yield Prose("hint", tuple(self.hint()))
        yield self.prose("intro", template.intro)
        yield positions(self.voice)
        yield from self.sums()
        if self.invoice is not None:
            yield Prose("terms", tuple(payment_terms(self.voice, self.invoice)))
        if self.invoice is not None and self.asks:
            yield from self.payment()
        yield self.prose("footer", template.footer)

    def prose(self, role: str, *paragraphs: str) -> Prose:
        """Take over text of the host."""
        return Prose(role, tuple(map(without_directions, paragraphs)))

    def is_payable(self) -> bool:
        """Tell whether the buyer has something to pay."""
        return self.asks and self.draft.totals.due > 0 and not self.is_offset

    def payment(self) -> Iterator[Prose]:
        """Yield where to pay, or what is debited; nothing if nobody says."""
        heading, details = payment_details(self.voice, is_payable=self.is_payable())
        if details:
            yield self.prose("bank", heading, details)

    def party(self, role: str, side: Letterhead) -> Prose:
        """Write name, address and tax registration; one that begins with letters is for VAT."""
        name, address, tax_id = side
        label = self.words("tax_id" if tax_id[:2].isalpha() else "tax_number")
        return self.prose(role, name, address, f"{label} {tax_id}" if tax_id else "")

    def facts(self) -> Iterator[tuple[str, str]]:
        """Yield dates, period and references, by the names of their words."""
        draft, formats = self.draft, self.formats
        day = self.invoice.date if self.invoice else draft.invoice_date
        yield from self.original()
        if day:
            yield "invoice_date" if self.asks else "date", formats.day(day)
            if self.is_payable():
                yield "due_date", formats.day(self.due_date(day))
        yield "period", formats.days(draft.period)
        yield "reference", without_directions(", ".join(draft.references))
        yield "agreement", without_directions(draft.chain.key)
        yield "milestone", without_directions(draft.chain.milestone)

    def original(self) -> Iterator[tuple[str, str]]:
        """Yield which document it cancels or credits, and why."""
        found = self.draft.undoes
        if found is not None:
            name = self.voice.document(found.kind, found.number, found.date)
            yield f"{self.draft.kind.value}_of", name
            yield "reason", " ".join(without_directions(found.reason).split())

    def hint(self) -> Iterator[str]:
        """Say of a document what it is not, or what it asks for too early (UStG 14(5))."""
        kind = self.draft.kind
        yield self.words(f"hint_{kind.value}")
        if KINDS[kind].is_interim and self.draft.chain.key:
            yield self.words("hint_deducted", agreement=without_directions(self.draft.chain.key))

    def sums(self) -> Iterator[Block]:
        """Yield the sums; between those of a final and what is to be paid, what it deducts."""
        rows = [*self.chosen(_SUMS_BEFORE_TAX)]
        for row in self.draft.totals.breakdown:
            rows += self.tax(row)
        rows += self.house_tax()
        caption = self.words("sums")
        if not self.asks:
            yield Sums(caption, (*rows, *self.chosen(("gross",))))
            return
        if not self.draft.deductions:
            yield Sums(caption, (*rows, *self.chosen(_SUMS_AFTER_TAX), self.last_sum()))
            return
        if self.draft.policy.final_shape is FinalShape.CUMULATIVE:
            yield Sums(caption, (*rows, *self.chosen(("gross",))), is_closed=False)
            yield deductions(self.voice)
            rows = [*self.chosen(("rounding",))]
        else:
            rows += self.chosen(_SUMS_AFTER_TAX)
        yield Sums(self.words("still_due"), (*rows, self.last_sum()), is_closed=bool(rows))
        yield deduction_notes(self.voice)

    def last_sum(self) -> tuple[str, str]:
        """Write what is to be paid, and to whom; nothing is to be paid for a cancellation."""
        due, words, formats = self.draft.totals.due, self.words, self.formats
        if self.is_offset:
            document = without_directions(self.draft.original)
            return words("offset", document=document), formats.amount(due)
        if due >= 0:
            return words("still_due" if self.draft.deductions else "due"), formats.amount(due)
        return words("in_your_favor"), formats.amount(due.copy_negate())

    def chosen(self, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield the sums that say something: label and amount."""
        totals, undone = self.draft.totals, self.draft.undoes
        is_final = undone is not None and undone.kind == InvoiceKind.FINAL.value
        for name in names:
            value: Decimal = getattr(totals, name)
            is_new = name != "line_total" or value != totals.net
            if name in _ALWAYS or (value and is_new):
                label = "deductions" if name == "paid" and is_final else name
                yield self.words(label), self.formats.amount(value)

    def tax(self, row: TaxSubtotal) -> Iterator[tuple[str, str]]:
        """Yield a row of the tax breakdown, and below it why no tax is due."""
        tax, words, formats = row.tax, self.words, self.formats
        is_taxed = bool(tax.code or tax.rate)
        base = formats.amount(row.taxable)
        label = words("tax" if is_taxed else "untaxed", rate=formats.percent(tax.rate), base=base)
        yield label, formats.amount(row.amount)
        reason = without_directions(tax.reason) or words(f"category_{tax.category.value}")
        if is_taxed and reason:
            yield reason, ""

    def house_tax(self) -> Iterator[tuple[str, str]]:
        """Yield the tax in the currency of the seller's country, and at which rate (BT-111)."""
        house = self.invoice.house if self.invoice else None
        if house is not None:
            rate, formats = house.rate, self.formats
            of = f"{formats.number(Decimal(rate.units))} {rate.base}"
            worth = f"{formats.number(rate.rate)} {rate.quote}"
            label = self.words("tax_in_house", base=of, quote=worth)
            yield label, formats.of(house.currency).amount(house.tax)

    def due_date(self, day: date) -> date:
        """Give the last day for payment of a document of a day."""
        return self.invoice.due_date if self.invoice else day + timedelta(self.draft.payment_days)
