"""The entry of a final as most finals need it, in one pass.

Most finals deduct advances that were booked, have one clear account for each line, tax code and
advance, and no revenue of later months. For any other one there is no answer here, and it is booked
with all care.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, cast

from billingcore.invoices.chain import Deduction
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.ledger.booking import Assignment, Booked, in_digits, make_detail
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ledger.finals import left_open
from billingcore.ledger.matching import Wanted, match
from billingcore.ledger.plans import DocumentPlan, plan_of
from billingcore.ledger.quick import Billed, billed_plainly, booked_by, head_of, with_debtor
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import EntryType, Match
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.taxes import Tax
from billingcore.records.terms import LineType
from billingcore.values.context import ZERO, exactly
from billingcore.values.sealing import new_tuple

__all__ = ["plain_final"]

# A member of an enumeration is looked up slowly in its class.
_FINAL: Final = InvoiceKind.FINAL
_TAX: Final = EntryType.TAX
_CLEARING: Final = EntryType.INTERIM_PAYMENT_CLEARING
_ADVANCE: Final = EntryType.INTERIM_REVENUE
_NO_REVENUE: Final = (LineType.DEDUCTION, LineType.TAX_DELTA)


class _AdvancePlan(NamedTuple):
    """How it is booked that a final takes advances of one tax code back.

    Attributes:
        clearing: the account of what was paid; None if there is no clear one.
        tax: that of its tax, likewise.
        open: that of what was not paid, likewise.
        assignment: what all these details say besides.
    """

    clearing: Match | None
    tax: Match | None
    open: Match | None
    assignment: Assignment


_Plans = dict[tuple[str, str], _AdvancePlan]
"""Tax code, category and rate → how it is booked that advances are taken back."""
_TakenOver = tuple[_AdvancePlan, Decimal, str]
"""How it is booked, the gross amount, and the number of the advance."""


class FinalSheet(NamedTuple):
    """What is booked of a final, all of it against one account.

    Attributes:
        invoice: the final.
        plan: how documents of its sort are booked.
        debtor: number of that account.
        whole: the sum of all details, which is not 0; below if the customer gets money back.
        billed: how its lines and taxes are booked.
        taken_over: what was not paid of advances.
        plans: how these are booked.
    """

    invoice: Invoice
    plan: DocumentPlan
    debtor: str
    whole: Decimal
    billed: Billed
    taken_over: Collection[_TakenOver]
    plans: _Plans

    def fields(self) -> dict[str, object]:
        """Write the fields of the entry that nobody has read yet: revenue, taxes, advances."""
        details = (*self.billed.details(self.debtor), *self._taken_back())
        return {
            **head_of(self.invoice, self.plan),
            "lines": with_debtor(self.debtor, self.whole, details),
        }

    def _taken_back(self) -> Iterator[JournalLine]:
        plans = self.plans
        for document, parts, _, _ in self.invoice.draft.chain.deductions:
            for tax, net, amount in parts:
                plan = plans[tax.code, tax.group]
                yield from self._debit(plan.clearing, net, _CLEARING, plan, document.number)
                yield from self._debit(plan.tax, amount, _TAX, plan, document.number)
        for plan, gross, number in self.taken_over:
            yield from self._debit(plan.open, gross, _ADVANCE, plan, number)

    def _debit(
        self, found: Match | None, amount: Decimal, kind: EntryType, plan: _AdvancePlan, number: str
    ) -> Iterator[JournalLine]:
        if amount and found is not None:
            debit = in_digits(amount.copy_negate(), self.invoice.draft.currency)
            yield make_detail(debit, found, self.debtor, kind, plan.assignment, (), (), number)


def plain_final(
    invoice: Invoice, accounting: Accounting, prior: Mapping[str, Sequence[JournalEntry]]
) -> Booked | None:
    """Give the only entry of a final, as it is always; None if it is not that plain.

    Args:
        invoice: the final.
        accounting: how it is booked.
        prior: number → what is booked of a document that it deducts.
    """
    draft, account = invoice.draft, invoice.draft.account
    debtor = draft.booked.debtor or account.debtor
    if draft.kind is not _FINAL or account.custom or not debtor or draft.totals.rounding:
        return None
    if not accounting.is_on or accounting.is_gross or accounting.copied_fields:
        return None
    if [line for line in draft.lines if line.type in _NO_REVENUE]:
        return None
    plan = plan_of(draft, accounting)
    sheet = _sheet(invoice, plan, debtor, prior)
    return sheet and booked_by(sheet, invoice, plan, f"invoice/{invoice.number}")


@exactly()
def _sheet(
    invoice: Invoice,
    plan: DocumentPlan,
    debtor: str,
    prior: Mapping[str, Sequence[JournalEntry]],
) -> FinalSheet | None:
    """Give what is booked; None if that is not plain, or nothing is left to be paid."""
    draft = invoice.draft
    found = billed_plainly(draft, plan)
    advances = _Advances(draft, plan)
    if found is None or not advances.are_plain(draft.chain.deductions, prior):
        return None
    billed, whole = found
    whole -= advances.whole
    if not whole:
        return None
    content = (invoice, plan, debtor, whole, billed, advances.taken_over, advances.plans)
    sheet: FinalSheet = new_tuple(FinalSheet, content)
    return sheet


class _Advances:
    """What a final takes back of advances. Runs inside `exactly`.

    Attributes:
        whole: the sum of it.
        taken_over: what was not paid of advances.
        plans: how it is booked.
    """

    __slots__ = ("_accounting", "_entity", "_region", "plans", "taken_over", "whole")

    def __init__(self, draft: DraftInvoice, plan: DocumentPlan) -> None:
        self._entity: str = plan.entity
        self._region: str = draft.account.tax_region
        self._accounting: Accounting = plan.accounting
        self.whole: Decimal = ZERO
        self.taken_over: list[_TakenOver] = []
        self.plans: _Plans = {}

    def are_plain(
        self, deductions: Iterable[Deduction], prior: Mapping[str, Sequence[JournalEntry]]
    ) -> bool:
        """Add up what is taken back; tell whether all deductions are of plain advances."""
        known: dict[int, _AdvancePlan] = {}  # the taxes of deductions last as long as these do
        whole, kind = ZERO, _FINAL
        for deducted in deductions:
            document, parts, folded, _ = deducted
            if document.kind is not kind:  # most are of the kind of the one before
                kind = document.kind
                if not KINDS[kind].is_interim:
                    return False
            if not prior.get(document.number):
                return False
            for tax, net, amount in parts:
                each = known.get(id(tax)) or known.setdefault(id(tax), self._plan_of(tax))
                if (each.clearing is None and net) or (each.tax is None and amount):
                    return False
                whole += net + amount
            if (folded or parts != document.invoiced) and not self._takes_over(deducted):
                return False
        self.whole += whole
        return True

    def _takes_over(self, deducted: Deduction) -> bool:
        """Add what was not paid of an advance; tell whether the final asks for just that."""
        left = ZERO
        for part in left_open(deducted):
            plan, gross = self._plan_of(part.tax), part.gross
            if gross:
                if plan.open is None:
                    return False
                self.taken_over.append((plan, gross, deducted.document.number))
                left += gross
        self.whole += left
        return left == deducted.folded

    def _plan_of(self, tax: Tax) -> _AdvancePlan:
        """Give the accounts of a tax code."""
        known = self._accounting.plans
        key = ("advances", self._entity, self._region, tax.code, tax.group)
        plan = known.get(key)
        if plan is None:
            plan = known.keep(key, self._made(tax))
        self.plans[tax.code, tax.group] = plan
        return cast("_AdvancePlan", plan)

    def _made(self, tax: Tax) -> _AdvancePlan:
        kinds = (_CLEARING, _TAX, _ADVANCE)
        every = (Wanted(kind, self._entity, tax.code, self._region) for kind in kinds)
        found = (match(wanted, self._accounting) for wanted in every)
        clear = [
            each if each.account and not (each.ties or each.contra) else None for each in found
        ]
        clearing, taxed, left = clear
        assignment = (tax.code, tax.rate if tax.code else None, "", "", "", "")
        return _AdvancePlan(clearing, taxed, left, assignment)
