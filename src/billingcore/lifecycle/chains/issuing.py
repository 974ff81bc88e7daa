"""What a part invoice says of itself, worked out once: when it is issued."""

from __future__ import annotations

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.invoices.tax_codes import tax_parts
from billingcore.records.chain_document import ChainLine, Issued, TaxAmount
from billingcore.values.sealing import new_tuple

__all__ = ["amounts_of", "issued_of", "lines_of", "to_be_issued"]


def to_be_issued(draft: DraftInvoice) -> Issued | None:
    """Give what an invoice keeps of the draft that it is made of; None if it is no part invoice."""
    return _described(draft) if draft.chain.key and KINDS[draft.kind].is_sub else None


def issued_of(invoice: Invoice) -> Issued:
    """Give what a document says of itself; of one that does not keep it, what it would keep."""
    return invoice.issued or _described(invoice.draft)


def amounts_of(draft: DraftInvoice) -> tuple[TaxAmount, ...]:
    """Give what a document asks for by tax code, each code once."""
    return tuple([new_tuple(TaxAmount, part[:3]) for part in tax_parts(draft)])


def lines_of(draft: DraftInvoice) -> tuple[ChainLine, ...]:
    """Give the positions of a document: its lines that bill something."""
    return tuple(
        [new_tuple(ChainLine, (line.item.label, line.net, line.number)) for line in draft.scope]
    )


def _described(draft: DraftInvoice) -> Issued:
    return Issued(amounts_of(draft), lines_of(draft))
