"""How a final is booked: all that it bills, less what was booked of it before (behaviour 6.5).

Revenue and tax of a partial invoice stand in the books already, so the final has the difference. An
advance that was paid is no revenue yet: what stands of it as a debt to the customer is cleared
against the debtor, with its tax, document by document. What was not paid of an advance, and the
final asks for, leaves the account of advances.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from billingcore.invoices.chain import Deduction
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.kinds import KINDS
from billingcore.ledger.booking import Booking, differences, make_detail
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ledger.interim import AdvanceAccount, advance_account
from billingcore.ledger.partials import BookedBefore, Place
from billingcore.ledger.plans import DocumentPlan
from billingcore.ledger.revenue import Months, revenue_details, tax_details
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.chain_document import TaxAmount, gross_of, less
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.taxes import Tax
from billingcore.records.terms import LineType
from billingcore.tax.chain import full_scope
from billingcore.tax.totals import cash_rounding
from billingcore.values.context import EXACT, ZERO, exactly
from billingcore.values.currency import quantum_of

__all__ = ["FinalBooking", "advances_of", "billed_in_all", "left_open", "rounding_before"]

# A member of an enumeration is looked up slowly in its class, so those of busy loops are named.
CLEARING: Final = EntryType.INTERIM_PAYMENT_CLEARING
ADVANCE: Final = EntryType.INTERIM_REVENUE
TAX: Final = EntryType.TAX
DEDUCTION: Final = LineType.DEDUCTION


class FinalBooking:
    """Makes the details of a final.

    Attributes:
        unbooked: numbers of the advances that it deducts and that were never booked, as deposits
            are not unless the set-up says so. What was paid of them stands on the debtor, where the
            full amount of the final meets it, so there is nothing to clear.
    """

    __slots__ = (
        "_accounts", "_advances", "_booking", "_draft", "_plan", "_prior", "_quantum", "unbooked",
    )  # fmt: skip

    def __init__(
        self,
        draft: DraftInvoice,
        booking: Booking,
        plan: DocumentPlan,
        prior: Mapping[str, Sequence[JournalEntry]],
    ) -> None:
        self._draft: DraftInvoice = draft
        self._booking: Booking = booking
        self._plan: DocumentPlan = plan
        self._prior: Mapping[str, Sequence[JournalEntry]] = prior
        self._advances: list[Deduction] = advances_of(draft)
        self._accounts: dict[tuple[EntryType, int], AdvanceAccount] = {}
        self._quantum: Decimal = quantum_of(draft.currency)
        self.unbooked: frozenset[str] = frozenset(
            [each.number for each in self._advances if not self._is_booked(each)]
        )

    def details(self, month: dt.date, months: Months) -> list[JournalLine]:
        """Give the details of the final itself, and keep those of later months.

        Args:
            month: first day of the month in which it is booked.
            months: where later months are kept.
        """
        booked = [each for each in self._advances if each.number not in self.unbooked]
        found = self._less_partials(month, months)
        for deducted in booked:
            found += self._cleared(deducted)
        for deducted in booked:
            found += self._taken_over(deducted)
        return found

    def _is_booked(self, deducted: Deduction) -> bool:
        """Tell whether an advance was booked; one that was made elsewhere, if such ones are."""
        if deducted.number in self._prior:
            return bool(self._prior[deducted.number])
        is_deposit = deducted.kind is InvoiceKind.DEPOSIT
        return self._booking.accounting.books_deposits or not is_deposit

    def _less_partials(self, month: dt.date, months: Months) -> list[JournalLine]:
        """Give revenue and tax of all that is billed, less what partial invoices booked of it."""
        whole, accounting = billed_in_all(self._draft), self._booking.accounting
        main = revenue_details(whole, self._booking, self._plan, month, months)
        if not accounting.is_gross:
            main += tax_details(whole, self._booking, self._plan)
        if len(self._advances) == len(self._draft.deductions):
            return main
        before = BookedBefore(self._booking, self._plan, tuple(main), month)
        booked: dict[Place, list[JournalLine]] = {}
        for each in self._draft.deductions:
            if not KINDS[each.kind].is_interim:
                for place, line in before.of(each, self._prior.get(each.number, ())):
                    booked.setdefault(place, []).append(line)
        for place, lines in booked.items():
            if place is None:
                main = self._reduced(main, lines)
            else:
                months[place] = self._reduced(months.get(place, []), lines)
        return main

    def _reduced(self, billed: list[JournalLine], booked: list[JournalLine]) -> list[JournalLine]:
        """Take off what is booked: as the difference, or by opposite details for each document."""
        currency = self._draft.currency
        if self._booking.accounting.reverses_partials:
            return billed + differences((), booked, currency)
        every = [line._replace(clears="") for line in booked]
        return differences(billed, every, currency)

    def _cleared(self, deducted: Deduction) -> Iterator[JournalLine]:
        """Yield what turns a paid advance into revenue: net amount and tax, by tax code."""
        is_gross, number = self._booking.accounting.is_gross, deducted.document.number
        for part in deducted.parts:
            tax, net, amount = part
            first = part.gross if is_gross else net
            if first:
                yield self._taken_back(CLEARING, tax, first, number)
            if amount and not is_gross:
                yield self._taken_back(TAX, tax, amount, number)

    def _taken_over(self, deducted: Deduction) -> Iterator[JournalLine]:
        """Yield what was not paid of an advance, and is asked for by the final."""
        for part in left_open(deducted):
            if part.gross:
                yield self._taken_back(ADVANCE, part.tax, part.gross, deducted.number)

    def _taken_back(self, type: EntryType, tax: Tax, amount: Decimal, number: str) -> JournalLine:
        key = (type, id(tax))  # a final has few taxes, which last as long as it does
        known = self._accounts.get(key)
        if known is None:
            known = advance_account(self._booking, self._plan.entity, type, tax)
            self._accounts[key] = known
        found, contra, _, assignment = known
        debit = EXACT.quantize(amount.copy_negate(), self._quantum)
        return make_detail(debit, found, contra, type, assignment, (), (), number)


def billed_in_all(draft: DraftInvoice) -> DraftInvoice:
    """Give a final as if nothing had been invoiced before, whatever its shape."""
    has_deductions = DEDUCTION in [line.type for line in draft.lines]
    return full_scope(draft) if has_deductions else draft


def advances_of(draft: DraftInvoice) -> list[Deduction]:
    """Give what a final deducts of progress and deposit invoices."""
    return [each for each in draft.deductions if KINDS[each.kind].is_interim]


def left_open(deducted: Deduction) -> tuple[TaxAmount, ...]:
    """Give what was not paid of an advance that the final closes; nothing if it stays a claim."""
    invoiced = deducted.document.invoiced
    if not deducted.is_closing or deducted.parts == invoiced:
        return ()
    return less(invoiced, deducted.parts) if deducted.parts else invoiced


@exactly()
def rounding_before(draft: DraftInvoice, unbooked: Collection[str]) -> Decimal:
    """Give what a final has to book because documents before were rounded to what cash can pay.

    Args:
        draft: the final.
        unbooked: numbers of the advances that were never booked; what was paid of these is rounded.
    """
    found = ZERO
    for each in advances_of(draft):
        if each.number not in unbooked:
            left = left_open(each)
            if left or each.folded:
                found += gross_of(left) - each.folded
        elif not (each.is_closing and each.document.open):
            found += cash_rounding(each.gross, draft.policy, draft.currency)
    return found
