"""The ordinary document: the only invoice of an account, of which nothing but its lines is said.

Most documents of a run are such. Nothing decides about one but its lines and their taxes, so it is
made at once; whatever is not ordinary is made with care, and comes out the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from billingcore.errors import InvalidInputError
from billingcore.invoices.assembly import Assembly
from billingcore.invoices.document import DraftInvoice, draft_id
from billingcore.lines.line import OpenLine
from billingcore.records.bookkeeping.document import PLAINLY
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.scope.contacts import NOBODY
from billingcore.tax.complete import complete

__all__ = ["ordinary_draft"]

STANDARD: Final = InvoiceKind.STANDARD  # looked up slowly in its class


def ordinary_draft(assembly: Assembly) -> DraftInvoice | None:
    """Make the document of an account; None if it is to be made with care. Runs inside `exactly`.

    Whether the policy lets it pass is still to be seen, if its total is not more than 0.
    """
    run, snapshot, groups = assembly.run, assembly.snapshot, assembly.groups
    policy = run.policy
    if len(groups) != 1 or policy.max_lines is not None or policy.minimum_amount:
        return None
    if snapshot.drafts or snapshot.coupons or snapshot.contacts.contacts:
        return None
    for each in snapshot.subscriptions:
        if each.custom or each.contact is not None:
            return None
    ((key, lines),) = groups.items()
    if run.selection.records and not _are_ordinary(lines):
        return None
    account, taken = snapshot.account, snapshot.documents
    if taken and draft_id(run.id, account, key, 1) in taken:
        return None
    try:
        return complete(run.id, 1, account, lines, policy, key, run.invoice_date, NOBODY)
    except InvalidInputError:
        return None  # it is too large, which is said of its records


def _are_ordinary(lines: Sequence[OpenLine]) -> bool:
    """Tell whether the records behind lines make an invoice of which they say nothing else."""
    for line in lines:
        root = None if line.origin is None else line.origin.root
        if root is not None and (root.kind is not STANDARD or root.booked is not PLAINLY):
            return False
    return True
