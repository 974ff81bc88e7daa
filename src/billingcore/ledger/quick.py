"""The entry of a document as most documents need it, in one pass.

Most documents have one clear account for each line and each tax code, and no revenue of later
months. For any other one there is no answer here, and it is booked with all care.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.ledger.booking import Booked, make_detail
from billingcore.ledger.entry import JournalEntry, JournalLine, OpenEntry, Side
from billingcore.ledger.periods import booking_day
from billingcore.ledger.plans import DocumentPlan, LinePlan, TaxPlan
from billingcore.lines.line import LineItem
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.taxes import Tax
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


Revenue = tuple[LinePlan, Decimal, tuple[int, ...], str]
"""How it is booked, the amount, numbers of the lines, and their contract."""
Taxed = tuple[TaxPlan, Decimal, Tax]
"""How it is booked, the amount, and the tax."""


class PlainSheet(NamedTuple):
    """What is booked of a plain document, all of it against one account.

    Attributes:
        debtor: number of that account.
        whole: the sum of the others.
        revenue: what is booked as revenue.
        taxes: what is booked as tax.
    """

    debtor: str
    whole: Decimal
    revenue: Collection[Revenue]
    taxes: Collection[Taxed]

    def lines(self) -> tuple[JournalLine, ...]:
        """Write the lines: the debtor, revenue, taxes."""
        debtor = self.debtor
        made = [JournalLine(debtor, _DEBIT, self.whole, _CONTRA)]
        for each, amount, numbers, contract in self.revenue:
            if amount:
                contracts, said = (contract,) if contract else (), each.assignment
                made.append(
                    make_detail(amount, each.found, debtor, _REVENUE, said, numbers, contracts)
                )
        for booked, amount, tax in self.taxes:
            taxed = sorted(
                number for row in self.revenue if row[0].tax is booked for number in row[2]
            )
            assignment = (tax.code, tax.rate, "", "", "", "")
            made.append(make_detail(amount, booked.found, debtor, _TAX, assignment, tuple(taxed)))
        return tuple(made)


def quick_entry(invoice: Invoice, plan: DocumentPlan, source: str) -> Booked | None:
    """Give the only entry of a document, as it is always; None if it is not that plain."""
    draft, account = invoice.draft, invoice.draft.account
    said = draft.booked
    debtor = said.debtor or account.debtor
    if draft.policy.tax_delta or draft.totals.rounding or account.custom or not debtor:
        return None
    sheet = _sheet(plan, draft, debtor)
    if sheet is None:
        return None
    number, day = invoice.number, invoice.date
    entry: OpenEntry = _NEW(OpenEntry)
    entry.id = entry.source = source
    entry.date, entry.period = booking_day(plan.accounting, plan.entity, said.date or day)
    entry.document_date = day
    entry.currency = draft.currency
    entry.sheet = sheet
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


def _sheet(plan: DocumentPlan, draft: DraftInvoice, debtor: str) -> PlainSheet | None:
    """Give what is booked; None if that is not plain."""
    revenue: dict[str, Revenue] = {}
    taxed: dict[str, TaxPlan] = {}
    whole, plan_of_line, takes_back = ZERO, plan.line, False
    for line in draft.lines:
        each, net = plan_of_line(line), line.net
        booked = each.tax
        if not each.is_plain or taxed.setdefault(booked.group, booked) is not booked:
            return None  # also if several codes share a row of the breakdown
        whole = _add(whole, net)
        if net < ZERO:
            takes_back = True
        known = revenue.get(each.place)
        if known is None:
            revenue[each.place] = (each, net, (line.number,), line.subscription_id)
        elif not _added(revenue, known, line):
            return None
    taxes = _taxes(draft, taxed)
    if taxes is None or not whole or (takes_back and _has_debit(revenue.values())):
        return None
    for _, amount, _ in taxes:
        whole = _add(whole, amount)
    sheet: PlainSheet = new_tuple(PlainSheet, (debtor, whole, [*revenue.values()], taxes))
    return sheet


def _has_debit(revenue: Iterable[Revenue]) -> bool:
    return any(amount < ZERO for _, amount, _, _ in revenue)


def _added(revenue: dict[str, Revenue], known: Revenue, line: LineItem) -> bool:
    """Add a line to those that are booked alike, if all are of one contract."""
    each, net, numbers, contract = known
    if contract != line.subscription_id:
        return False
    revenue[each.place] = (each, _add(net, line.net), (*numbers, line.number), contract)
    return True


def _taxes(draft: DraftInvoice, taxed: Mapping[str, TaxPlan]) -> Collection[Taxed] | None:
    """Give what is booked as tax; None if that is not plain."""
    taxes: list[Taxed] = []
    for tax, _, amount in draft.totals.breakdown:
        booked = taxed[tax.group]
        if amount > ZERO and booked.is_plain:
            taxes.append((booked, amount, tax))
        elif amount:
            return None
    return taxes
