"""Turn drafts into invoices: number, date, actual taxes, and all that follows (behaviour 7.2).

A finalization is a value: the invoice with its effects on the books of its account. The store
counts a number, asks for the value, and keeps all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from attrs import frozen

from billingcore.errors import BillingError, DateRangeError
from billingcore.invoices.document import DraftInvoice, Invoice, OpenInvoice
from billingcore.invoices.house import HouseTotals, house_totals
from billingcore.invoices.updates import Update
from billingcore.lifecycle.books import Books, Finalization, PendingInvoice
from billingcore.lifecycle.chains.issuing import to_be_issued
from billingcore.lifecycle.chains.refreshing import check_finalizable, refreshed
from billingcore.lifecycle.effects import effects_of
from billingcore.lifecycle.taxing import with_actual_taxes
from billingcore.ports import Store
from billingcore.records.exchange import ask_rate
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.numbering import Counter, NumberPattern, SkippedNumber
from billingcore.records.reasons import Problem
from billingcore.records.setup import Heading
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.sealing import blank, new_tuple

__all__ = [
    "FinalizeReport",
    "finalize",
    "finalize_all",
    "finalized_in_turn",
    "in_house_currency",
    "skip_number",
]

BATCH: Final = 100
"""Drafts that are finalized in one step of the store."""

_new_invoice: Final = blank(OpenInvoice)


@frozen
class FinalizeReport:
    """What became of some drafts.

    Attributes:
        invoices: the documents, in the order of their numbers' counting.
        problems: the drafts that could not be finalized and stay as they are, and what was booked
            without an account, which blocks nothing.
        updates: what to write to the records of the host.
    """

    invoices: tuple[Invoice, ...]
    problems: tuple[Problem, ...]
    updates: tuple[Update, ...]


def finalize(draft: DraftInvoice, store: Store, *, on: DateLike) -> Invoice:
    """Finalize a draft, in one step with all its effects.

    The store takes the next number of the series of the seller, or else of the template, keeps
    the invoice with its entries, assigns free balances of the account to it, and removes the draft;
    as a whole or not at all. Numbers have no gaps. A cancellation frees what its original covers.

    Args:
        draft: the draft as it is stored; one that was made by hand need not be stored.
        store: keeps it, and knows its taxes and the setup. If that has a house currency other than
            the draft's, the invoice states its sums in it, too, at the rate of the invoice date.
        on: the invoice date, unless the draft has one.

    Raises:
        ConflictError: the stored draft was edited since, or what it cancels is corrected by another
            document.
        DateRangeError: *on* is no date.
        InvalidInputError: there is no rate of the invoice date; nothing has changed.
        InvalidTransitionError: the draft is an invoice already, or what it cancels is canceled.
        PortError: the tax engine or the exchange rates could not answer; nothing has changed.
    """
    read = Boundary("finalize")
    chosen = read.instance("draft", draft, DraftInvoice)
    ((_, result),) = finalized_in_turn([chosen], store, read.read("on", on, read_date))
    if isinstance(result, BillingError):
        raise result
    return result.invoice


def finalize_all(
    drafts: Iterable[DraftInvoice], store: Store, *, on: DateLike, batch: int = BATCH
) -> FinalizeReport:
    """Finalize drafts in the order in which they come, many in one step of the store.

    A draft that cannot be finalized stays as it is, is reported, and uses up no number. What was
    finalized before a crash stays; repeat with the drafts that are left.

    Args:
        drafts: which, as they are stored; ``store.drafts()`` yields all, in the order of their ids.
        store: keeps them.
        on: the invoice date of those that have none.
        batch: how many go in one step.

    Raises:
        DateRangeError: *on* is no date.
    """
    read = Boundary("finalize_all")
    day, size = read.read("on", on, read_date), read.count("batch", batch, least=1)
    if isinstance(drafts, DraftInvoice):
        raise read.refuse("drafts", drafts, "one draft", "use a list, or finalize(...)")
    given = [read.instance("drafts", draft, DraftInvoice) for draft in drafts]
    invoices: list[Invoice] = []
    problems: list[Problem] = []
    written: list[Update] = []
    for first in range(0, len(given), size):
        for draft, result in finalized_in_turn(given[first : first + size], store, day):
            if isinstance(result, BillingError):
                problems.append(Problem.of(result, account=draft.account.id, record=draft.id))
            else:
                invoice, effects = result
                invoices.append(invoice)
                problems += effects.problems
                written += effects.updates
    return FinalizeReport(tuple(invoices), tuple(problems), tuple(written))


def finalized_in_turn(
    drafts: Sequence[DraftInvoice], store: Store, day: date
) -> Iterator[tuple[DraftInvoice, Finalization | BillingError]]:
    """Finalize a batch; a draft without its actual taxes does not come before the store.

    What is wrong with such drafts is told before the store is asked, which may fail.
    """
    asked: list[DraftInvoice] = []
    pending: list[PendingInvoice] = []
    issuing: _Issuing | None = None  # most drafts share heading and day
    for draft, taxed in zip(drafts, with_actual_taxes(drafts, store.tax), strict=True):
        if isinstance(taxed, BillingError):
            yield draft, taxed
        else:
            on, heading = draft.invoice_date or day, draft.heading
            if issuing is None or issuing.heading is not heading or issuing.day != on:
                issuing = _Issuing(heading, on)
            asked.append(draft)
            pending.append(issuing.pending(draft, taxed))
    yield from zip(asked, store.finalize(pending), strict=True)


def skip_number(
    series: NumberPattern, store: Store, *, on: DateLike, reason: str, account: str = ""
) -> SkippedNumber:
    """Skip the next number of a series, and keep the reason: what an auditor asks for.

    Args:
        series: whose number; that of the business entity or template.
        store: counts it.
        on: when, which decides the counter if it starts anew each year, month or day.
        reason: why no document has it.
        account: whose counter, if each account has its own.

    Raises:
        InvalidInputError: no reason is given, or no account where the series shows it.
    """
    read = Boundary("skip_number")
    day, why = read.read("on", on, read_date), read.id("reason", reason)
    if series.shows_account and not account:
        fix = "say whose number: account=..."
        raise read.refuse("account", account, f"{series.pattern} shows the account", fix)

    def make(count: int) -> SkippedNumber:
        return SkippedNumber(series.number(count, day, account), day, why)

    return store.skip(series.counter(day, account), make)


class _Issuing:
    """How drafts of one heading and one day become invoices.

    Attributes:
        heading: who sells, on which terms.
        day: the invoice date.
    """

    __slots__ = ("_counter", "_due", "_series", "day", "heading")

    def __init__(self, heading: Heading, day: date) -> None:
        self.heading: Heading = heading
        self.day: date = day
        seller = heading.entity
        series = (seller and seller.series) or heading.template.series
        self._series: NumberPattern = series
        self._counter: Counter | None = None if series.per_account else series.counter(day, "")
        self._due: date | None = None

    def pending(self, draft: DraftInvoice, taxed: DraftInvoice) -> PendingInvoice:
        """Give what the store needs to issue one of the drafts."""
        counter = self._counter or self._series.counter(self.day, draft.account.id)
        content = (draft, counter, partial(self.issue, draft, taxed))
        pending: PendingInvoice = new_tuple(PendingInvoice, content)
        return pending

    def issue(
        self, draft: DraftInvoice, taxed: DraftInvoice, count: int, books: Books
    ) -> Finalization:
        """Make the document and its effects from the number that was counted."""
        number = self._series.number(count, self.day, draft.account.id)
        now, issued = taxed, None
        if taxed.chain.key:
            now = refreshed(taxed, books, check_finalizable(draft, books))
            issued = to_be_issued(now)
        made: OpenInvoice = _new_invoice()
        made.number, made.date, made.due_date = number, self.day, self._due or self._due_date()
        made.draft, made.issued = now, issued
        has_house = now.original or books.setup.house_currency is not None
        made.house = in_house_currency(now, self.day, books) if has_house else None
        made.__class__ = Invoice
        sealed: Any = made
        result: Finalization = new_tuple(Finalization, (sealed, effects_of(sealed, books)))
        return result

    def _due_date(self) -> date:
        try:
            self._due = self.day + timedelta(days=self.heading.payment_days)
        except OverflowError:
            rule, fix = "due after the end of the calendar", "check the invoice date"
            value = self.day.isoformat()
            raise DateRangeError(rule, field="on", value=value, fix=fix) from None
        return self._due


def in_house_currency(draft: DraftInvoice, day: date, books: Books) -> HouseTotals | None:
    """Convert the sums; what undoes a document has the rate of that, so that both add up to 0."""
    if draft.original:
        house = books.invoice(draft.original).house
        if house is None or draft.kind is InvoiceKind.CANCELLATION:
            return None if house is None else house.negated
        return house_totals(draft.totals, house.rate, draft.policy.rounding)
    setup = books.setup
    if setup.house_currency in (None, draft.currency):
        return None
    rate = ask_rate(setup.exchange, draft.currency, setup.house_currency, day)
    return house_totals(draft.totals, rate, draft.policy.rounding)
