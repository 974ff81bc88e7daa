"""The ordinary account: one contract with plain items, and nothing else to look at.

Most accounts of a run are such. Their lines, taxes and document are made in one go; whatever is not
ordinary is gone through with care, and comes out the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from billingcore.errors import InvalidInputError
from billingcore.invoices.document import DraftInvoice, draft_id
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lines.harvest import NO_COVERAGE
from billingcore.lines.line import OpenLine
from billingcore.lines.making import Terms, make_line, terms_of
from billingcore.periods.due import Due
from billingcore.periods.schedule import due_of
from billingcore.records.claims import Claim
from billingcore.records.item import Item
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.subscription import Subscription
from billingcore.scope.coverage import Covered, coverage_of
from billingcore.scope.run import InvoiceRun
from billingcore.tax.complete import sealed_draft
from billingcore.tax.drafts import outcome_of
from billingcore.tax.levels import taxed_by_table
from billingcore.tax.table import TaxTable
from billingcore.tax.totals import sum_up
from billingcore.values.context import ZERO

__all__ = ["ordinary_outcome"]

_UNKNOWN: Final = Due()


def ordinary_outcome(
    run: InvoiceRun, snapshot: AccountSnapshot, table: TaxTable
) -> AccountOutcome | None:
    """Bill an account by the rates of a table; None if it is to be billed with care.

    Runs inside `exactly`.
    """
    contract = _only_contract(run, snapshot) if run.is_ordinary else None
    if contract is None:
        return None
    try:
        draft = _document(run, snapshot, contract, table)
    except InvalidInputError:
        return None  # it is told of its records
    if draft is None or draft.totals.gross <= ZERO:
        return None
    return outcome_of(run, snapshot, (draft,))


def _only_contract(run: InvoiceRun, snapshot: AccountSnapshot) -> Subscription | None:
    """Give the contract of an account, if that is all it has."""
    contracts, account = snapshot.subscriptions, snapshot.account
    if len(contracts) != 1 or not account.active or account.hold is not None:
        return None
    if snapshot.usage or snapshot.drafts or snapshot.coupons or snapshot.contacts.contacts:
        return None
    (contract,) = contracts
    is_on = contract.is_plain and contract.status in run.policy.active_statuses
    return contract if is_on else None


def _document(
    run: InvoiceRun, snapshot: AccountSnapshot, contract: Subscription, table: TaxTable
) -> DraftInvoice | None:
    """Make the document; None if more is to be said of an item than its line."""
    account, policy = snapshot.account, run.policy
    heading = snapshot.heading(contract.template, contract.entity, contract.payment_days)
    if heading is None:
        return None
    terms = terms_of(contract, heading, run.selection.applied_name, policy, account.currency)
    lines = _lines(run, contract, snapshot.claims, terms)
    if lines is None:
        return None
    rows = taxed_by_table(lines, table, account.tax_region, policy)
    if rows is None:
        return None
    key, taken = policy.group_of(lines[0]), snapshot.documents
    if taken and draft_id(run.id, account, key, 1) in taken:
        return None
    totals = sum_up(rows, policy, lines[0].currency)
    return sealed_draft(run.id, 1, account, lines, totals, policy, key, run.invoice_date)


def _lines(
    run: InvoiceRun, contract: Subscription, claims: Sequence[Claim], terms: Terms
) -> list[OpenLine] | None:
    """Make the lines; None if there is not just one of each item."""
    known, window = run.schedules.get, contract.window_key
    coverage = coverage_of(claims) if claims else NO_COVERAGE
    lines: list[OpenLine] = []
    for item, billable in contract.positions:
        covered = coverage.get(billable) if coverage else None
        if covered is None:
            due = known((item.terms_key, window)) or due_of(run, contract, item, None)
        else:
            due = _due_after(run, contract, item, covered)
        if due.only is None:
            return None
        lines.append(make_line(item, billable, due.only, terms))
    return lines


def _due_after(run: InvoiceRun, contract: Subscription, item: Item, covered: Covered) -> Due:
    """Give what is due of an item after what is billed; nothing if that is to be looked at closely."""
    if not covered.is_settled or covered.has_changes:
        return _UNKNOWN
    key = (item.terms_key, contract.window_key, covered.stretches, ())
    due: Due = run.schedules.get(key) or due_of(run, contract, item, covered)
    return due if due.is_within else _UNKNOWN
