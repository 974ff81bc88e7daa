"""The entry of a document as most documents need it, in one pass.

Most documents have one clear account for each line and each tax code, and no revenue of later
months. For any other one there is no answer here, and it is booked with all care.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.ledger.booking import Booked, make_detail
from billingcore.ledger.entry import JournalEntry, JournalLine, OpenEntry, Side
from billingcore.ledger.periods import booking_day
from billingcore.ledger.plans import DocumentPlan, LinePlan, TaxPlan
from billingcore.lines.line import LineItem
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.terms import ARREARS
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.sealing import new_tuple

__all__ = ["quick_entry"]

# A member of an enumeration is looked up slowly in its class.
_DEBIT: Final = Side.DEBIT
_REVENUE: Final = EntryType.REVENUE
_TAX: Final = EntryType.TAX
_CONTRA: Final = EntryType.CONTRA_ACCOUNT
_NEW: Final = object.__new__
_add: Final = EXACT.add


class PlainSheet(NamedTuple):
    """What is booked of a plain document, all of it against one account.

    Attributes:
        invoice: the document.
        plan: how documents of its sort are booked.
        debtor: number of that account.
        whole: the sum of the others.
        revenue: how each line is booked.
        taxes: category and rate → how its tax is booked.
    """

    invoice: Invoice
    plan: DocumentPlan
    debtor: str
    whole: Decimal
    revenue: Sequence[LinePlan]
    taxes: Mapping[str, TaxPlan]

    def fields(self) -> dict[str, object]:
        """Write the fields of the entry that nobody has read yet."""
        invoice, entity = self.invoice, self.plan.entity
        account = invoice.draft.account
        return {
            "document_date": invoice.date,
            "currency": invoice.draft.currency,
            "lines": self._lines(),
            "account": account.id,
            "name": account.label,
            "tax_id": account.tax_id,
            "entity": entity,
            "document": invoice.number,
            "text": f"{self.plan.title} {invoice.number}",
            "reverses": "",
            "custom": (),
        }

    def _lines(self) -> tuple[JournalLine, ...]:
        """Write the lines: the debtor, revenue, taxes."""
        draft, debtor = self.invoice.draft, self.debtor
        made = [JournalLine(debtor, _DEBIT, self.whole, _CONTRA)]
        for each, lines in self._cells():
            amount = total([line.net for line in lines])
            if amount:
                numbers = tuple([line.number for line in lines])
                named = dict.fromkeys([line.subscription_id for line in lines])
                contracts, said = tuple([name for name in named if name]), each.assignment
                made.append(
                    make_detail(amount, each.found, debtor, _REVENUE, said, numbers, contracts)
                )
        for tax, _, amount in draft.totals.breakdown:
            if amount:
                booked = self.taxes[tax.group]
                taxed = tuple([line.number for line in draft.lines if line.tax.group == tax.group])
                said = (tax.code, tax.rate, "", "", "", "")
                made.append(make_detail(amount, booked.found, debtor, _TAX, said, taxed))
        return tuple(made)

    def _cells(self) -> Iterable[tuple[LinePlan, list[LineItem]]]:
        """Put lines that are booked alike together."""
        cells: dict[str, tuple[LinePlan, list[LineItem]]] = {}
        for line, each in zip(self.invoice.draft.lines, self.revenue, strict=True):
            cells.setdefault(each.place, (each, []))[1].append(line)
        return cells.values()


def quick_entry(invoice: Invoice, plan: DocumentPlan, source: str) -> Booked | None:
    """Give the only entry of a document, as it is always; None if it is not that plain."""
    draft, account = invoice.draft, invoice.draft.account
    said = draft.booked
    debtor = said.debtor or account.debtor
    if draft.policy.tax_delta or draft.totals.rounding or account.custom or not debtor:
        return None
    sheet = _sheet(invoice, plan, draft, debtor)
    if sheet is None:
        return None
    entry: OpenEntry = _NEW(OpenEntry)
    entry.id = entry.source = source
    entry.date, entry.period = booking_day(plan.accounting, plan.entity, said.date or invoice.date)
    entry.sheet = sheet
    entry.__class__ = JournalEntry  # sealed
    booked: Booked = new_tuple(Booked, ((entry,), ()))
    return booked


def _sheet(
    invoice: Invoice, plan: DocumentPlan, draft: DraftInvoice, debtor: str
) -> PlainSheet | None:
    """Give what is booked; None if that is not plain, or if something is given back."""
    revenue: list[LinePlan] = []
    taxes: dict[str, TaxPlan] = {}
    whole, known = ZERO, plan.lines.get
    for line in draft.lines:  # what `plan.line` does, since a call costs as much as all of it
        item, tax, net = line.item, line.tax, line.net
        key = (item.booking.key, tax.code, tax.group, item.billing_practice is ARREARS)
        each = known(key) or plan.line(line)
        if not each.is_plain or net.is_signed():
            return None
        if taxes.setdefault(tax.group, each.tax) is not each.tax:
            return None  # several codes share a row of the breakdown
        whole = _add(whole, net)
        revenue.append(each)
    if not whole:
        return None
    for tax, _, amount in draft.totals.breakdown:
        if amount:
            if amount.is_signed() or not taxes[tax.group].is_plain:
                return None
            whole = _add(whole, amount)
    sheet: PlainSheet = new_tuple(PlainSheet, (invoice, plan, debtor, whole, revenue, taxes))
    return sheet
