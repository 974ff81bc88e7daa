"""The place of a document among all that is invoiced on one agreement (behaviour 5)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final, NamedTuple

from attrs import frozen

from billingcore.records.chain_document import (
    ChainDocument,
    ChainLine,
    TaxAmount,
    gross_of,
    less,
    merged,
)
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.values.context import EXACT, ZERO, total

__all__ = ["NO_CHAIN", "Chain", "Deduction", "Remaining"]


class Deduction(NamedTuple):
    """What a final deducts of one document that was invoiced before.

    Attributes:
        document: the document, as it was when it was deducted.
        parts: what is deducted, by tax code: amounts as they were stored, never worked out anew.
        folded: what of it was open, and the final asks for; 0 if it stays a claim of its own.
        is_closing: whether the final closes it, so that nothing is to be paid of it any more.
    """

    document: ChainDocument
    parts: tuple[TaxAmount, ...]
    folded: Decimal = ZERO
    is_closing: bool = False

    @property
    def number(self) -> str:
        """The number of the document."""
        return self.document.number

    @property
    def kind(self) -> InvoiceKind:
        """What it is."""
        return self.document.kind

    @property
    def date(self) -> dt.date:
        """Its invoice date."""
        return self.document.date

    @property
    def lines(self) -> tuple[ChainLine, ...]:
        """Its positions."""
        return self.document.lines

    @property
    def net(self) -> Decimal:
        """The net amount that is deducted."""
        return total(part.net for part in self.parts)

    @property
    def tax(self) -> Decimal:
        """The tax that is deducted."""
        return total(part.amount for part in self.parts)

    @property
    def gross(self) -> Decimal:
        """Net amount and tax."""
        return gross_of(self.parts)


class Remaining(NamedTuple):
    """What is left of a final after its deductions.

    Attributes:
        net: the net amount.
        tax: the tax.
        gross: what is left to pay, before rounding to what cash can pay.
        parts: net amount and tax by tax code.
    """

    net: Decimal
    tax: Decimal
    gross: Decimal
    parts: tuple[TaxAmount, ...]


@frozen
class Chain:
    """The place of a document among all that is invoiced on one agreement.

    Attributes:
        key: the sub invoice key: what the documents of one agreement share; empty if it has none.
        before: of a part invoice: what was invoiced before, by tax code, so that the taxes of all
            together are those of their sum; empty if its taxes are worked out for itself.
        contract: of a final: all that it bills, by tax code, before its deductions.
        deductions: of a final: what it deducts, in the order of issue.
        counted: of a claim whose amount follows from the documents before it: their numbers; None
            if it does not, so that it stays right whatever is invoiced meanwhile.
        milestone: of a claim by a plan: the milestone that it is for; empty if it has none.
    """

    key: str = ""
    before: tuple[TaxAmount, ...] = ()
    contract: tuple[TaxAmount, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    counted: tuple[str, ...] | None = None
    milestone: str = ""

    @property
    def deducted(self) -> tuple[TaxAmount, ...]:
        """All that is deducted, by tax code."""
        return merged(part for each in self.deductions for part in each.parts)

    @property
    def remaining(self) -> Remaining:
        """What is left of a final: all that it bills, less what it deducts."""
        parts = less(self.contract, self.deducted)
        net, tax = total(part.net for part in parts), total(part.amount for part in parts)
        return Remaining(net, tax, EXACT.add(net, tax), parts)


NO_CHAIN: Final = Chain()
"""A document that stands alone."""
