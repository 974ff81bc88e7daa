"""What is booked of a partial invoice, as its final would have booked it (behaviour 6.5, 6.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from billingcore.invoices.chain import Deduction
from billingcore.ledger.booking import Booking, make_detail
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ledger.matching import Wanted
from billingcore.ledger.plans import DocumentPlan
from billingcore.ledger.reversal import part_of
from billingcore.records.bookkeeping.accounts import NO_MATCH, EntryType, Match
from billingcore.records.taxes import Tax

__all__ = ["BILLED", "BookedBefore", "Place", "month_of"]

BILLED = (EntryType.REVENUE, EntryType.DEFERRED, EntryType.TAX)
"""Types of what a partial invoice books of what its final bills as well."""

Place = dt.date | None
"""First day of the later month that an entry books; None for the entry of the document itself."""


def month_of(entry: JournalEntry) -> Place:
    """Give the month whose revenue an entry books; None for the document's first entry."""
    month = part_of(entry).removeprefix("/")
    return dt.date.fromisoformat(f"{month}-01") if month else None


class BookedBefore(NamedTuple):
    """Says what is booked of partial invoices, on the debtor of their final.

    Attributes:
        booking: of the final.
        plan: of the final.
        own: the details of the final's main entry.
        month: first day of the month in which the final is booked.
    """

    booking: Booking
    plan: DocumentPlan
    own: Iterable[JournalLine]
    month: dt.date

    def of(
        self, deducted: Deduction, entries: Sequence[JournalEntry]
    ) -> Iterator[tuple[Place, JournalLine]]:
        """Yield revenue and tax of a partial invoice, each with the place where it counts.

        What became revenue in months up to that of the final counts at its main entry.

        Args:
            deducted: the partial invoice.
            entries: of it and of its credits; if there are none, its amounts count on the accounts
                that the final has for their tax codes.
        """
        if not entries:
            for line in self._made_elsewhere(deducted):
                yield None, line
        for entry in entries:
            place = month_of(entry)
            for line in entry.details:
                if line.type in BILLED:
                    self._check(line)
                    own = line._replace(lines=(), subscriptions=(), clears=deducted.number)
                    yield from self._placed(own, place)

    def _check(self, line: JournalLine) -> None:
        """Note that the other document found no account, since the final cannot mend that."""
        if not line.account:
            region = self.booking.account.tax_region
            wanted = Wanted(line.type, self.plan.entity, line.tax_code, region)
            self.booking.check(wanted, NO_MATCH)

    def _placed(self, line: JournalLine, place: Place) -> Iterator[tuple[Place, JournalLine]]:
        debtor = self.booking.contra(NO_MATCH)
        given = {each.contra or each.debtor for each in self.booking.accounting.collective}
        if place is None:
            yield None, line if line.contra in given - {""} else line._replace(contra=debtor)
        elif place > self.month:
            yield place, line
        else:  # it left deferred revenue since
            yield None, line._replace(contra=debtor)
            account, side = line.contra, line.side.other
            yield (
                None,
                line._replace(account=account, side=side, type=EntryType.DEFERRED, contra=debtor),
            )

    def _made_elsewhere(self, deducted: Deduction) -> Iterator[JournalLine]:
        """Yield revenue and tax of a partial invoice without entries."""
        is_gross, number = self.booking.accounting.is_gross, deducted.number
        for part in deducted.parts:
            tax, net, amount = part
            credit = part.gross if is_gross else net
            if credit:
                yield self._revenue(tax, credit, number)
            if amount and not is_gross:
                yield self._made(tax, amount, self.plan.tax(tax).wanted, number)

    def _revenue(self, tax: Tax, credit: Decimal, number: str) -> JournalLine:
        """Make a detail of revenue like the first of the final with this tax, or by the rules."""
        rate = tax.rate if tax.code else None
        for line in self.own:
            if line.type is EntryType.REVENUE and (line.tax_code, line.tax_rate) == (
                tax.code,
                rate,
            ):
                found = Match(line.account, line.rule, "", line.second_account)
                said = (line.center, line.cost_object, line.region, line.billing_practice)
                assignment = (tax.code, rate, *said)
                return make_detail(
                    credit, found, line.contra, EntryType.REVENUE, assignment, clears=number
                )
        return self._made(tax, credit, self.plan.revenue(tax), number)

    def _made(self, tax: Tax, credit: Decimal, wanted: Wanted, number: str) -> JournalLine:
        found = self.booking.match(wanted)
        assignment = (tax.code, tax.rate if tax.code else None, "", "", "", "")
        contra = self.booking.contra(found)
        return make_detail(credit, found, contra, wanted.type, assignment, clears=number)
