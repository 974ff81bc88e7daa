"""The entry of a document as most documents need it, in one pass.

Most documents have one clear account for each line and each tax code, and no revenue of later
months. For any other one there is no answer here, and it is booked with all care.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.ledger.booking import Booked, make_detail
from billingcore.ledger.entry import JournalEntry, JournalLine, OpenEntry, Sheet
from billingcore.ledger.periods import booking_day
from billingcore.ledger.plans import DocumentPlan, LinePlan, TaxPlan
from billingcore.lines.line import LineItem
from billingcore.records.bookkeeping.accounts import EntryType, Match
from billingcore.records.terms import ARREARS
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.sealing import blank, new_tuple

__all__ = ["Billed", "billed_plainly", "booked_by", "head_of", "quick_entry", "with_debtor"]

# A member of an enumeration is looked up slowly in its class.
_REVENUE: Final = EntryType.REVENUE
_TAX: Final = EntryType.TAX
_CONTRA: Final = EntryType.CONTRA_ACCOUNT
_new_entry: Final = blank(OpenEntry)
_add: Final = EXACT.add


class Billed(NamedTuple):
    """How the lines and taxes of a document are booked, all of it against one account.

    Attributes:
        draft: the document.
        plans: how each line is booked.
        taxes: category and rate → how its tax is booked.
    """

    draft: DraftInvoice
    plans: Sequence[LinePlan]
    taxes: Mapping[str, TaxPlan]

    def details(self, debtor: str) -> Iterator[JournalLine]:
        """Yield the details: revenue, then taxes."""
        draft = self.draft
        for each, lines in self._cells():
            amount = total([line.net for line in lines])
            if amount:
                numbers = tuple([line.number for line in lines])
                named = dict.fromkeys([line.subscription_id for line in lines])
                contracts, said = tuple([name for name in named if name]), each.assignment
                yield make_detail(amount, each.found, debtor, _REVENUE, said, numbers, contracts)
        for tax, _, amount in draft.totals.breakdown:
            if amount:
                booked = self.taxes[tax.group]
                taxed = tuple([line.number for line in draft.lines if line.tax.group == tax.group])
                said = (tax.code, tax.rate, "", "", "", "")
                yield make_detail(amount, booked.found, debtor, _TAX, said, taxed)

    def _cells(self) -> Iterable[tuple[LinePlan, list[LineItem]]]:
        """Put lines that are booked alike together."""
        cells: dict[str, tuple[LinePlan, list[LineItem]]] = {}
        for line, each in zip(self.draft.lines, self.plans, strict=True):
            cells.setdefault(each.place, (each, []))[1].append(line)
        return cells.values()


class PlainSheet(NamedTuple):
    """What is booked of a plain document.

    Attributes:
        invoice: the document.
        plan: how documents of its sort are booked.
        debtor: number of the account on the other side.
        whole: the sum of all details, which is not 0.
        billed: how its lines and taxes are booked.
    """

    invoice: Invoice
    plan: DocumentPlan
    debtor: str
    whole: Decimal
    billed: Billed

    def fields(self) -> dict[str, object]:
        """Write the fields of the entry that nobody has read yet."""
        details = self.billed.details(self.debtor)
        return {
            **head_of(self.invoice, self.plan),
            "lines": with_debtor(self.debtor, self.whole, details),
        }


def head_of(invoice: Invoice, plan: DocumentPlan) -> dict[str, object]:
    """Write what the entry of a document says besides its lines, its names and its date."""
    account = invoice.draft.account
    return {
        "document_date": invoice.date,
        "currency": invoice.draft.currency,
        "account": account.id,
        "name": account.label,
        "tax_id": account.tax_id,
        "entity": plan.entity,
        "document": invoice.number,
        "text": f"{plan.title} {invoice.number}",
        "reverses": "",
        "custom": (),
    }


def with_debtor(
    debtor: str, whole: Decimal, details: Iterable[JournalLine]
) -> tuple[JournalLine, ...]:
    """Add the sum of details on the other side: a debit before them, a credit behind."""
    contra = make_detail(whole.copy_negate(), Match(debtor), "", _CONTRA)
    return (*details, contra) if whole.is_signed() else (contra, *details)


def quick_entry(invoice: Invoice, plan: DocumentPlan, source: str) -> Booked | None:
    """Give the only entry of a document, as it is always; None if it is not that plain."""
    draft, account = invoice.draft, invoice.draft.account
    debtor = draft.booked.debtor or account.debtor
    if draft.policy.tax_delta or draft.totals.rounding or account.custom or not debtor:
        return None
    found = billed_plainly(draft, plan)
    if found is None or not found[1]:
        return None
    billed, whole = found
    sheet: PlainSheet = new_tuple(PlainSheet, (invoice, plan, debtor, whole, billed))
    return booked_by(sheet, invoice, plan, source)


def booked_by(sheet: Sheet, invoice: Invoice, plan: DocumentPlan, source: str) -> Booked:
    """Make the entry of a document, which is written when somebody reads it."""
    day = invoice.draft.booked.date or invoice.date
    entry: OpenEntry = _new_entry()
    entry.id = entry.source = source
    entry.date, entry.period = booking_day(plan.accounting, plan.entity, day)
    entry.sheet = sheet
    entry.__class__ = JournalEntry  # sealed
    booked: Booked = new_tuple(Booked, ((entry,), ()))
    return booked


def billed_plainly(draft: DraftInvoice, plan: DocumentPlan) -> tuple[Billed, Decimal] | None:
    """Give how a document is booked, with the sum of that; None if something is not plain."""
    plans: list[LinePlan] = []
    taxes: dict[str, TaxPlan] = {}
    whole, known = ZERO, plan.lines.get
    for line in draft.lines:  # what `plan.line` does, since a call costs as much as all of it
        item, tax = line.item, line.tax
        key = (item.booking.key, tax.code, tax.group, item.billing_practice is ARREARS)
        each = known(key) or plan.line(line)
        if not each.is_plain or taxes.setdefault(tax.group, each.tax) is not each.tax:
            return None  # also if several codes share a row of the breakdown
        whole = _add(whole, line.net)
        plans.append(each)
    for tax, _, amount in draft.totals.breakdown:
        if amount:
            if not taxes[tax.group].is_plain:
                return None
            whole = _add(whole, amount)
    return new_tuple(Billed, (draft, plans, taxes)), whole
