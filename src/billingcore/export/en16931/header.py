"""What stands above the lines: references, notes, earlier documents, and terms of payment."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from billingcore.export.en16931.rules import PEPPOL_BIS, XRECHNUNG
from billingcore.export.en16931.sheet import Sheet
from billingcore.export.en16931.statement import statement
from billingcore.export.en16931.terms import Group, Term, group, some, text
from billingcore.invoices.kinds import KINDS
from billingcore.invoices.payment_terms import cash_discounts, installments
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.source import SourceDocument
from billingcore.render.deducting import deduction_notes
from billingcore.render.terms import discounts_in_words, parts_in_words
from billingcore.values.context import EXACT, ZERO

__all__ = ["attachments", "header", "notes", "payment_terms", "preceding"]

_HUNDREDTH: Final = Decimal("0.01")
_ON_PAYMENT: Final = "432"
"""UNTDID 2005: the tax is due when the invoice is paid."""


def header(sheet: Sheet) -> Group:
    """Give the terms that are in no group."""
    invoice, draft, house = sheet.invoice, sheet.draft, sheet.invoice.house
    is_advance = KINDS[invoice.kind].is_interim and bool(draft.totals.tax)
    references = draft.references
    terms = payment_terms(sheet)
    return group(
        {
            "BT-1": text(invoice.number),
            "BT-2": invoice.date,
            "BT-3": sheet.type_code,
            "BT-5": invoice.currency,
            "BT-6": house.currency if house else "",
            "BT-8": _ON_PAYMENT if is_advance else "",
            "BT-9": _due_date(sheet),
            "BT-10": text(sheet.buyer.buyer_reference) if sheet.buyer else "",
            "BT-11": text(draft.chain.key),
            "BT-12": text(_contract(sheet)),
            "BT-13": text(references[0]) if len(references) == 1 else "",
            "BT-20": terms,
        }
    )


def _contract(sheet: Sheet) -> str:
    """Give the subscription, if all lines are of one."""
    found = {line.subscription_id for line in sheet.draft.visible_lines}
    return found.pop() if len(found) == 1 else ""


def _due_date(sheet: Sheet) -> Term | None:
    """Give the first day on which something is due; the rest is in the terms (BT-9 of the norm)."""
    if sheet.totals.due <= ZERO or sheet.invoice.kind is InvoiceKind.CANCELLATION:
        return None
    parts = installments(sheet.invoice)
    return parts[0].date if parts else sheet.invoice.due_date


def payment_terms(sheet: Sheet) -> str:
    """Give BT-20: what a due date alone does not say.

    XRechnung has cash discounts as lines that programs read (BR-DE-18); the last one is closed, too.
    """
    invoice = sheet.invoice
    undone = sheet.draft.undoes
    if invoice.kind is InvoiceKind.CANCELLATION and undone is not None:
        name = sheet.voice.document(undone.kind, undone.number, undone.date)
        return text(sheet.voice.words("offset", document=name))
    parts = [*parts_in_words(sheet.voice, invoice)] if len(installments(invoice)) > 1 else []
    if not sheet.rules.follows(XRECHNUNG):
        return some((*parts, *discounts_in_words(sheet.voice, invoice)))
    offers = "".join(f"{line}\n" for line in _offers_as_lines(sheet))
    return f"{some(parts)}\n{offers}" if parts and offers else some(parts) or offers


def _offers_as_lines(sheet: Sheet) -> Iterator[str]:
    """Yield cash discounts with two decimals; one with more keeps them, and is then refused."""
    for offer in cash_discounts(sheet.invoice):
        days = (offer.date - sheet.invoice.date).days
        short = offer.percent.quantize(_HUNDREDTH, context=EXACT)
        percent = short if short == offer.percent else offer.percent
        yield f"#SKONTO#TAGE={days}#PROZENT={percent:f}#"


def notes(sheet: Sheet) -> list[Group]:
    """Give BG-1: what the document says to a reader, each paragraph a note.

    Peppol takes only one note (PEPPOL-EN16931-R002), so that it has all of them there.
    """
    voice, draft = sheet.voice, sheet.draft
    undone, template = draft.undoes, draft.template
    references = draft.references
    several = f"{voice.words('reference')}: {', '.join(references)}" if len(references) > 1 else ""
    found: tuple[str, ...] = (
        text(template.intro),
        voice.words(f"hint_{draft.kind.value}"),
        f"{voice.words('reason')}: {undone.reason}" if undone and undone.reason else "",
        several,
        *deduction_notes(voice).paragraphs,
        text(template.footer),
    )
    if sheet.rules.follows(PEPPOL_BIS):
        found = (some(found),)
    return [{"BT-22": note} for note in map(text, found) if note]


def preceding(sheet: Sheet) -> list[Group]:
    """Give BG-3: what it cancels, credits, corrects or deducts; each document once."""
    draft = sheet.draft
    found: dict[str, Group] = {}
    undone = draft.undoes
    if undone is not None:
        found[undone.number] = {"BT-25": text(undone.number), "BT-26": undone.date}
    for each in draft.deductions:
        found[each.number] = {"BT-25": text(each.number), "BT-26": each.date}
    for line in draft.lines:
        if line.corrects is not None:
            number = line.corrects.document
            found.setdefault(number, {"BT-25": text(number)})
    return list(found.values())


def attachments(sheet: Sheet) -> list[Group]:
    """Give BG-24: the linked files by name, whose bytes (BT-125) the host adds, and the statement."""
    return [*map(_attachment, sheet.draft.documents), *statement(sheet)]


def _attachment(document: SourceDocument) -> Group:
    return group({"BT-122": text(document.id), "BT-123": text(document.title)})
