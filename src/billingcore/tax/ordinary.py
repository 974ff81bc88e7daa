"""The ordinary document: the only invoice of an account, of which nothing but its lines is said.

Most documents of a run are such. Nothing decides about one but its lines and their taxes, so it is
made at once; whatever is not ordinary is made with care, and comes out the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from billingcore.errors import InvalidInputError
from billingcore.grouping import Key
from billingcore.invoices.assembly import Assembly
from billingcore.invoices.document import DraftInvoice, draft_id
from billingcore.lines.line import OpenLine
from billingcore.records.bookkeeping.document import PLAINLY
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.scope.contacts import NOBODY
from billingcore.scope.switches import TaxLevel
from billingcore.tax.complete import complete, sealed_draft
from billingcore.tax.levels import taxed_by_table
from billingcore.tax.table import TaxTable
from billingcore.tax.totals import sum_up

__all__ = ["ordinary_draft"]

CATEGORY: Final = TaxLevel.CATEGORY
STANDARD: Final = InvoiceKind.STANDARD  # looked up slowly in its class


def ordinary_draft(assembly: Assembly, table: TaxTable | None = None) -> DraftInvoice | None:
    """Make the document of an account; None if it is to be made with care. Runs inside `exactly`.

    Whether the policy lets it pass is still to be seen, if its total is not more than 0.

    Args:
        assembly: the lines, by document.
        table: gives them their taxes; None if they have them.
    """
    if not _is_ordinary(assembly):
        return None
    run, snapshot = assembly.run, assembly.snapshot
    ((key, lines),) = assembly.groups.items()
    account, taken = snapshot.account, snapshot.documents
    if taken and draft_id(run.id, account, key, 1) in taken:
        return None
    try:
        if table is not None:
            return _by_table(assembly, key, lines, table)
        return complete(run.id, 1, account, lines, run.policy, key, run.invoice_date, NOBODY)
    except InvalidInputError:
        return None  # it is too large, which is said of its records


def _is_ordinary(assembly: Assembly) -> bool:
    """Tell whether there is one document, of which nothing but its lines is said."""
    run, snapshot, groups = assembly.run, assembly.snapshot, assembly.groups
    if len(groups) != 1 or run.policy.max_lines is not None or run.policy.minimum_amount:
        return False
    if snapshot.drafts or snapshot.coupons or snapshot.contacts.contacts:
        return False
    for each in snapshot.subscriptions:
        if each.custom or each.contact is not None:
            return False
    if not run.selection.records or assembly.found.is_express:
        return True
    (lines,) = groups.values()
    return _are_ordinary(lines)


def _by_table(
    assembly: Assembly, key: Key, lines: list[OpenLine], table: TaxTable
) -> DraftInvoice | None:
    """Tax and complete the lines by the rates of a table; None if that takes more than a look."""
    run, account, policy = assembly.run, assembly.snapshot.account, assembly.run.policy
    made = assembly.found.made
    if policy.tax_level is not CATEGORY or policy.tax_delta:
        return None
    if "problems" in made or "corrections" in made:
        return None
    rows = taxed_by_table(lines, table, account.tax_region, policy)
    if rows is None:
        return None
    totals = sum_up(rows, policy, lines[0].currency)
    return sealed_draft(run.id, 1, account, lines, totals, policy, key, run.invoice_date)


def _are_ordinary(lines: Sequence[OpenLine]) -> bool:
    """Tell whether the records behind lines make an invoice of which they say nothing else."""
    for line in lines:
        root = None if line.origin is None else line.origin.root
        if root is not None and (root.kind is not STANDARD or root.booked is not PLAINLY):
            return False
    return True
