"""Work out the sums of one document and seal it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any, Final

from billingcore.invoices.chain import NO_CHAIN, Chain
from billingcore.invoices.document import DraftInvoice, OpenDraft
from billingcore.invoices.kinds import KINDS
from billingcore.invoices.totals import Totals
from billingcore.lines.line import LineItem, OpenLine
from billingcore.records.account import Account
from billingcore.records.bookkeeping.document import PLAINLY
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.scope.contacts import NOBODY, Recipients
from billingcore.scope.policy import Policy
from billingcore.scope.switches import NegativeTotal
from billingcore.tax.chain import counted_up
from billingcore.tax.delta import delta_lines
from billingcore.tax.levels import break_down
from billingcore.tax.totals import sum_up
from billingcore.values.context import ZERO
from billingcore.values.sealing import blank

__all__ = ["complete", "sealed_draft"]

STANDARD: Final = InvoiceKind.STANDARD  # looked up slowly in its class

_new_draft: Final = blank(OpenDraft)


def complete(
    run_id: str,
    ordinal: int,
    account: Account,
    lines: list[OpenLine],
    policy: Policy,
    key: tuple[Hashable, ...],
    invoice_date: date | None,
    recipients: Recipients,
    kind: InvoiceKind = STANDARD,
    chain: Chain = NO_CHAIN,
) -> DraftInvoice:
    """Work out the sums of a document and seal it; runs inside `exactly`.

    The lines have their taxes; they are numbered in their order. A final has no deductions yet.

    Raises:
        InvalidInputError: the total is too large.
    """
    currency = lines[0].currency
    breakdown = break_down(lines, policy, currency)
    if policy.tax_delta:
        delta = delta_lines(lines, policy, currency)
        if delta:
            lines = [*lines, *delta]
            breakdown = break_down(lines, policy, currency)
    if chain.before:
        breakdown = counted_up(breakdown, chain.before, lines, policy)
    totals = sum_up(breakdown, policy, currency)
    return sealed_draft(
        run_id, ordinal, account, lines, totals, policy, key, invoice_date, recipients, kind, chain
    )


def sealed_draft(
    run_id: str,
    ordinal: int,
    account: Account,
    lines: Sequence[OpenLine],
    totals: Totals,
    policy: Policy,
    key: tuple[Hashable, ...],
    invoice_date: date | None,
    recipients: Recipients = NOBODY,
    kind: InvoiceKind = STANDARD,
    chain: Chain = NO_CHAIN,
) -> DraftInvoice:
    """Number and seal the lines of a document, and seal it; its sums are worked out."""
    for number, line in enumerate(lines, 1):
        line.number = number
        line.__class__ = LineItem
    sealed: Any = tuple(lines)
    draft = _new_draft()
    draft.run_id, draft.ordinal = run_id, ordinal
    first = lines[0]
    draft.account, draft.currency = account, first.currency
    draft.heading = first.heading
    draft.totals = totals
    is_credit = totals.gross < ZERO and policy.negative_total is not NegativeTotal.INVOICE
    draft.kind = KINDS[kind].becomes_by_sign if is_credit else kind
    draft.lines = sealed
    draft.policy, draft.group = policy, key
    draft.invoice_date, draft.recipients = invoice_date, recipients
    draft.order_discount, draft.version = None, 1
    draft.original = draft.coupon = ""
    draft.booked, draft.chain = PLAINLY, chain
    draft.__class__ = DraftInvoice
    made: Any = draft
    document: DraftInvoice = made
    return document
