"""What one export reads: the invoice, its words, and what the norm needs to know beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from attrs import frozen

from billingcore.export.en16931.rules import CREDIT_NOTE, RuleSet
from billingcore.invoices.chain import Deduction
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.totals import TaxSubtotal, Totals
from billingcore.lifecycle.undoing.negation import negated_totals
from billingcore.records.chain_document import TaxAmount
from billingcore.records.party import Party
from billingcore.records.payment_means import PaymentMeans
from billingcore.render.voice import Voice
from billingcore.scope.switches import FinalShape
from billingcore.values.context import ZERO, negated, total
from billingcore.values.sealing import changed

__all__ = ["Sheet"]


@frozen(slots=False, eq=False)
class Sheet:
    """One invoice on its way to the terms of the norm; runs inside `exactly`.

    Attributes:
        invoice: the document.
        rules: the rule set.
        type_code: what the document is: BT-3.
        voice: the words of its notes.
        seller: who sells; None if only its free text is known.
        buyer: who buys, likewise.
        payment_means: how it is paid; None if nobody says.
        original: the final invoice that it cancels, with its deductions; None if it needs none.
        as_prepaid: whether deductions are an amount that is paid already, instead of lines.
        with_statement: whether a file inside of it states what is deducted.
    """

    invoice: Invoice
    rules: RuleSet
    type_code: str
    voice: Voice
    seller: Party | None
    buyer: Party | None
    payment_means: PaymentMeans | None
    original: Invoice | None
    as_prepaid: bool
    with_statement: bool

    @property
    def draft(self) -> DraftInvoice:
        """The content of the document."""
        return self.invoice.draft

    @property
    def is_credit_note(self) -> bool:
        """Whether amounts are what is given back, so that all signs are turned around."""
        return self.type_code == CREDIT_NOTE

    def turned(self, amount: Decimal) -> Decimal:
        """Give an amount as the document shows it: above 0 is in its favor."""
        return negated(amount) if self.is_credit_note else amount

    @cached_property
    def totals(self) -> Totals:
        """The sums as they are shown."""
        found = self._remaining if [*self.deducted] else self.draft.totals
        return negated_totals(found) if self.is_credit_note else found

    @property
    def deducted(self) -> Iterator[tuple[Deduction, TaxAmount]]:
        """What is taken off by lines that the document does not have itself, with its sign.

        A cancellation of a final gives back what that took off.
        """
        source = (self.original or self.invoice).draft
        if self.as_prepaid or source.policy.final_shape is FinalShape.REMAINDER:
            return
        for each in source.deductions:
            for tax, net, amount in each.parts:
                if net or amount:
                    is_off = self.original is None
                    part = TaxAmount(tax, net, amount)
                    opposite = TaxAmount(tax, negated(net), negated(amount))
                    yield each, opposite if is_off else part

    @property
    def _remaining(self) -> Totals:
        """The sums of a final after its deductions, which its own sums show as paid."""
        rows = {row.tax.group: row for row in self.draft.totals.breakdown}
        for _, part in self.deducted:
            row = rows.get(part.tax.group, TaxSubtotal(part.tax, ZERO, ZERO))
            taxable, amount = row.taxable + part.net, row.amount + part.amount
            rows[part.tax.group] = TaxSubtotal(row.tax, taxable, amount)
        breakdown = tuple(rows.values())
        net = total(row.taxable for row in breakdown)
        tax = total(row.amount for row in breakdown)
        return changed(
            self.draft.totals,
            line_total=net,
            net=net,
            tax=tax,
            gross=net + tax,
            paid=ZERO,
            breakdown=breakdown,
        )
