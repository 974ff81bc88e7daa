"""Revenue that is earned and not invoiced yet (behaviour 6.6).

It is booked for each item from what a run up to a day would bill, so that the amounts are those of
the invoice, and undone when an invoice bills the item.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.ledger.booking import NOTHING, Booked, Booking, Books, copied, make_detail
from billingcore.ledger.deferral import deferral_schedule
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ledger.plans import DocumentPlan, plan_of
from billingcore.ledger.reversal import opposite, standing_entries
from billingcore.lines.line import LineItem
from billingcore.records.account import Account
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.reasons import Problem
from billingcore.values.context import total

__all__ = ["revert_unbilled", "unbilled_entries"]

PREFIX: Final = "unbilled/"

Targets = dict[str, dict[Books, list[JournalLine]]]
"""Source → what is to stand there."""


def unbilled_entries(
    drafts: Iterable[DraftInvoice],
    posted: Mapping[str, Sequence[JournalEntry]],
    accounting: Accounting,
    account: Account,
    *,
    on: dt.date,
) -> Booked:
    """Make the entries by which what is posted of unbilled revenue becomes what is earned now.

    The amount is debited to the collective account of type Unbilled Revenue; on the other side is
    the contra account of that, or else the account to which the invoice will bring the revenue. An
    item whose revenue is spread over months counts up to the month of the day, others in full. An
    item in arrears counts once a run would bill it; before that, while it is ``NOT_DUE``, nothing of
    it is booked.

    Args:
        drafts: what a run up to the day would bill, and drafts that are not finalized yet; all of
            one account. Lines of subscriptions count. The run has to bill all periods that are due,
            as one by `LEVEL` does: what it leaves for a later run is missing here, too.
        posted: source → what is booked of it; sources like ``unbilled/S-1/seats``, others are
            passed over.
        accounting: how documents are booked, if at all.
        account: the customer.
        on: the day of the entries.

    Returns:
        The entries ``unbilled/<item>``, then ``unbilled/<item>~2`` and so on, and what is wrong.
        Repeated on the same day, there are none.
    """
    if not accounting.is_on:
        return NOTHING
    targets: Targets = {source: {} for source in posted if source.startswith(PREFIX)}
    bookings = {source: _booking(source, accounting, account, on) for source in targets}
    for draft in drafts:
        plan = plan_of(draft, accounting)
        for source, lines in _by_source(draft.lines).items():
            booking = bookings.setdefault(source, _booking(source, accounting, account, on))
            books = targets.setdefault(source, {}).setdefault((plan.entity, draft.currency), [])
            books += _details(plan, lines, booking, on.replace(day=1))
    for source, wanted in targets.items():
        bookings[source].enter_differences(on, wanted, posted.get(source, ()))
    return _joined(booking.booked for booking in bookings.values())


def revert_unbilled(
    invoice: Invoice, posted: Mapping[str, Sequence[JournalEntry]], accounting: Accounting
) -> tuple[JournalEntry, ...]:
    """Undo what is booked as unbilled of the items that a document bills.

    Args:
        invoice: the document, when it is finalized.
        posted: source → what is booked of it.
        accounting: knows which periods are closed.

    Returns:
        The opposite of each entry that was not undone before, linked to it.
    """
    date = invoice.draft.booked.date or invoice.date
    found: list[JournalEntry] = []
    for source in _by_source(invoice.lines):
        count = len(posted.get(source, ()))
        for number, entry in enumerate(standing_entries(posted.get(source, ())), count + 1):
            found.append(
                opposite(
                    entry,
                    accounting,
                    entry_id=f"{source}~{number}",
                    source=source,
                    on=date,
                    document=invoice.number,
                    text=entry.text,
                )
            )
    return tuple(found)


def _booking(source: str, accounting: Accounting, account: Account, on: dt.date) -> Booking:
    text = f"Unbilled revenue of {source.removeprefix(PREFIX)}"
    fields = copied(accounting, account.custom)
    return Booking(source, accounting, account, on, text, custom=fields)


def _by_source(lines: Iterable[LineItem]) -> dict[str, list[LineItem]]:
    """Sort the lines of subscriptions by what they bill."""
    found: dict[str, list[LineItem]] = {}
    for line in lines:
        if line.subscription is not None and line.billable:
            found.setdefault(PREFIX + line.billable, []).append(line)
    return found


def _details(
    plan: DocumentPlan, lines: Iterable[LineItem], booking: Booking, month: dt.date
) -> Iterator[JournalLine]:
    for each, same in plan.cells(lines):
        earned = total(_earned(line, month) for line in same)
        if earned:
            found = booking.match(each.asked(EntryType.UNBILLED_REVENUE))
            contra = found.contra
            if not contra:
                booking.check(each.wanted, each.found)
                contra = each.found.account
            contracts = tuple(dict.fromkeys([line.subscription_id for line in same]))
            kind = EntryType.UNBILLED_REVENUE
            yield make_detail(
                earned.copy_negate(), found, contra, kind, each.assignment, (), contracts
            )


def _earned(line: LineItem, month: dt.date) -> Decimal:
    """Give what an invoice of a month would book to revenue at once."""
    if line.item.booking.recognition is None:
        return line.net
    return total(share for each, share in deferral_schedule(line) if each <= month)


def _joined(parts: Iterable[Booked]) -> Booked:
    entries: list[JournalEntry] = []
    problems: dict[Problem, None] = {}
    for booked in parts:
        entries += booked.entries
        problems |= dict.fromkeys(booked.problems)
    return Booked(tuple(entries), tuple(problems))
