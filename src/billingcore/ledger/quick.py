"""The lines of an entry as most documents need them, in one pass.

Most documents have one clear account for each line and each tax code, and no revenue of later
months. For any other one there is no answer here, and it is booked with all care.
"""

from __future__ import annotations

from typing import Final

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.ledger.booking import Booked
from billingcore.ledger.entry import JournalEntry, JournalLine, OpenEntry, Side
from billingcore.ledger.periods import booking_day
from billingcore.ledger.plans import DocumentPlan
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.values.context import EXACT, ZERO
from billingcore.values.sealing import new_tuple

__all__ = ["quick_entry"]

# A member of an enumeration is looked up slowly in its class.
_CREDIT: Final = Side.CREDIT
_DEBIT: Final = Side.DEBIT
_REVENUE: Final = EntryType.REVENUE
_TAX: Final = EntryType.TAX
_CONTRA: Final = EntryType.CONTRA_ACCOUNT
_NEW: Final = object.__new__
_add: Final = EXACT.add


def quick_entry(invoice: Invoice, plan: DocumentPlan, source: str) -> Booked | None:
    """Give the only entry of a document, as it is always; None if it is not that plain."""
    draft, accounting = invoice.draft, plan.accounting
    account, said = draft.account, draft.booked
    debtor = said.debtor or account.debtor
    is_unusual = accounting.is_gross or draft.policy.tax_delta or draft.totals.rounding
    if is_unusual or account.custom or accounting.copied_fields or not debtor:
        return None
    lines = _lines(plan, draft, debtor)
    if lines is None:
        return None
    number, day = invoice.number, invoice.date
    entry: OpenEntry = _NEW(OpenEntry)
    entry.id = entry.source = source
    entry.date, entry.period = booking_day(accounting, plan.entity, said.date or day)
    entry.document_date = day
    entry.currency = draft.currency
    entry.lines = lines
    entry.account = account.id
    entry.name = account.name or account.id
    entry.tax_id = account.tax_id
    entry.entity = plan.entity
    entry.document = number
    entry.text = f"{plan.title} {number}"
    entry.reverses = ""
    entry.custom = ()
    entry.__class__ = JournalEntry  # sealed
    booked: Booked = new_tuple(Booked, ((entry,), ()))
    return booked


def _lines(plan: DocumentPlan, draft: DraftInvoice, debtor: str) -> tuple[JournalLine, ...] | None:
    """Give the lines, debits first; None if they are not plain."""
    numbers_of: dict[tuple[str, str], list[int]] = {}
    made = _revenue(plan, draft, debtor, numbers_of)
    rows = draft.totals.breakdown
    if made is None or len(numbers_of) > len(rows):  # then several codes share a row
        return None
    for tax, _, amount in rows:
        _, found = plan.tax(tax)
        if amount > ZERO and found.account and not found.ties and not found.contra:
            content = (
                found.account, _CREDIT, amount, _TAX, debtor, found.rule, tax.code, tax.rate,
                "", "", "", "", tuple(numbers_of[tax.group, tax.code]), (), "", "",
            )  # fmt: skip
            made.append(new_tuple(JournalLine, content))
        elif amount:
            return None
    whole = made[0].amount
    for each in made[1:]:
        whole = _add(whole, each.amount)
    other = (debtor, _DEBIT, whole, _CONTRA, "", "", "", None, "", "", "", "", (), (), "", "")
    contra: JournalLine = new_tuple(JournalLine, other)
    return (contra, *made)


def _revenue(
    plan: DocumentPlan,
    draft: DraftInvoice,
    debtor: str,
    numbers_of: dict[tuple[str, str], list[int]],
) -> list[JournalLine] | None:
    """Give the details of revenue, and note which lines have which tax."""
    made: list[JournalLine] = []
    for each, lines in plan.cells(draft.lines):
        first, found = lines[0], each.found
        tax, contract, credit, numbers = first.tax, first.subscription_id, first.net, [first.number]
        for line in lines[1:]:
            numbers.append(line.number)
            credit = _add(credit, line.net)
            if line.subscription_id != contract:
                return None
        if credit <= ZERO or not each.is_plain:
            return None
        key = (tax.group, tax.code)
        known = numbers_of.get(key)
        numbers_of[key] = numbers if known is None else sorted([*known, *numbers])
        content = (
            found.account, _CREDIT, credit, _REVENUE, debtor, found.rule, *each.assignment,
            tuple(numbers), (contract,) if contract else (), found.second_account, "",
        )  # fmt: skip
        made.append(new_tuple(JournalLine, content))
    return made
