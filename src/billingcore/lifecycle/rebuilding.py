"""Work out a draft anew from open lines: what every change of a draft ends with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from billingcore.errors import InvalidInputError
from billingcore.invoices.assembly import Asked
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.outcome import raise_for
from billingcore.invoices.reopening import share_anew
from billingcore.lines.line import OpenLine
from billingcore.records.discount import Discount
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.reasons import Problem
from billingcore.records.taxes import TaxAnswer
from billingcore.tax.answers import put_taxes
from billingcore.tax.chain import with_deductions
from billingcore.tax.complete import complete
from billingcore.values.context import exactly
from billingcore.values.sealing import changed

__all__ = ["rebuilt"]

NOTHING: Final = Asked([], [])
"""No line waits for its tax."""


def rebuilt(
    draft: DraftInvoice,
    lines: list[OpenLine],
    discount: Discount | None,
    asked: Asked = NOTHING,
    answers: Sequence[TaxAnswer] = (),
) -> DraftInvoice:
    """Work out a document anew: order discounts, taxes of the lines that wait for them, sums.

    Args:
        draft: as it is.
        lines: its open lines.
        discount: the discount on the document.
        asked: which of them wait for a tax.
        answers: what the tax engine said.

    Raises:
        BillingProblemsError: the tax engine refused a code.
        InvalidInputError: the total is too large.
    """
    with exactly():
        share_anew(lines, discount, draft.policy)
        split, refused = put_taxes(asked, answers)
        raise_for([_problem(draft, line, error) for line, error in refused])
        lines = [part for line in lines for part in split.get(id(line), [line])]
        made = complete(
            draft.run_id,
            draft.ordinal,
            draft.account,
            lines,
            draft.policy,
            draft.group,
            draft.invoice_date,
            draft.recipients,
            InvoiceKind.STANDARD if draft.kind is InvoiceKind.CREDIT else draft.kind,
            draft.chain,
        )
    if draft.kind is InvoiceKind.FINAL:
        made = with_deductions(made, (each.document for each in draft.chain.deductions))
    kept = {"version": draft.version, "booked": draft.booked, "coupon": draft.coupon}
    return changed(made, order_discount=discount, **kept)


def _problem(draft: DraftInvoice, line: OpenLine, error: InvalidInputError) -> Problem:
    return Problem.of(error, account=draft.account.id, record=line.record)
