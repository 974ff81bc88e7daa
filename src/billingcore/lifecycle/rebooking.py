"""Book documents anew that were booked without an account, once the set-up has one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from attrs import evolve

from billingcore.invoices.document import Invoice
from billingcore.ledger.booking import NOTHING, Booked
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ledger.interim import interim_entries
from billingcore.ledger.periods import booking_day
from billingcore.ledger.reversal import opposite, part_of, standing_entries
from billingcore.lifecycle.books import Books, Effects
from billingcore.lifecycle.chains.posting import post_document
from billingcore.lifecycle.joining import after
from billingcore.lifecycle.paying.posting import with_posted
from billingcore.lifecycle.standing import canceled_by
from billingcore.records.account import Account
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.chain_document import TaxAmount, merged
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.taxes import Tax
from billingcore.values.context import ZERO
from billingcore.values.sealing import changed

__all__ = ["book_documents"]


def book_documents(books: Books) -> Effects:
    """Book documents anew that are booked without an account; repeating it adds nothing.

    A host runs it after it mended its rules: ``store.record(account, book_documents)``. All entries
    of such a document are undone by their opposites, and the document is booked by the rules of
    today, and to the debtor that the account has now if it had none then. Both are dated as the
    entries before, or in the next open period.

    A document that has all its accounts is left alone, whatever became of the rules, and so is one
    that was never booked. A canceled document and its cancellation are left alone, too: they are
    opposites of each other, and nothing is left where the account is missing.

    What was paid of progress and deposit invoices is booked by differences, so what stands without
    an account is moved to the one that is found now.

    Args:
        books: of the account.

    Returns:
        The new entries, and what still finds no account. If that is all as before, it is not booked
        again.

    Raises:
        DateRangeError: all booking periods up to the end of the calendar are closed.
    """
    if not books.setup.accounting.is_on:
        return Effects(books.account.id)
    live = [each for each in books.invoices.values() if _is_live(books, each)]
    first = [_booked_anew(books, each) for each in live if not each.deductions]
    effects = with_posted(Effects(books.account.id), first)
    now = after(books, effects)  # a final has the difference to what stands now
    last = [_booked_anew(now, each) for each in live if each.deductions]
    last += [_moved(books, source) for source in books.entries if source.startswith("interim/")]
    return with_posted(effects, last)


def _is_live(books: Books, invoice: Invoice) -> bool:
    return invoice.kind is not InvoiceKind.CANCELLATION and not canceled_by(books, invoice.number)


def _moved(books: Books, source: str) -> Booked:
    """Move what was paid of an advance to the accounts that are found now, if one is missing."""
    posted = books.entries[source]
    if not any(entry.has_gap for entry in posted):
        return NOTHING
    parts = merged(_part_of(line) for entry in posted for line in entry.details)
    invoice = _with_debtor(books.invoices[posted[0].document], books.account)
    accounting, day = books.setup.accounting, posted[-1].date
    return interim_entries(invoice, parts, posted, accounting, source=source, on=day)


def _part_of(line: JournalLine) -> TaxAmount:
    """Give what a detail says that was paid."""
    tax, credit = Tax(line.tax_code, rate=line.tax_rate or 0), line.signed.copy_negate()
    is_tax = line.type is EntryType.INTERIM_TAX
    return TaxAmount(tax, ZERO, credit) if is_tax else TaxAmount(tax, credit, ZERO)


def _booked_anew(books: Books, invoice: Invoice) -> Booked:
    """Undo and repeat the booking of a document, if an account is missing and others are found."""
    accounting = books.setup.accounting
    posted = books.entries.get(f"invoice/{invoice.number}", ())
    old = standing_entries(posted)
    if not any(entry.has_gap for entry in old):
        return NOTHING
    found = post_document(books, _with_debtor(invoice, books.account))
    if _content(found.entries) == _content(old):
        return Booked((), found.problems)
    counts = Counter(part_of(entry) for entry in posted)
    undone = [_undone(entry, accounting, counts) for entry in old]
    days = {part_of(entry): entry.date for entry in undone}
    made: list[JournalEntry] = []
    for entry in found.entries:
        part = part_of(entry)
        day = max(entry.date, days.get(part, entry.date))
        date, period = booking_day(accounting, entry.entity, day)
        made.append(evolve(entry, id=_next_id(entry, counts), date=date, period=period))
    return Booked((*undone, *made), found.problems)


def _with_debtor(invoice: Invoice, account: Account) -> Invoice:
    """Give the document with the debtor that its account has now, if it has none of its own."""
    draft = invoice.draft
    if draft.booked.debtor or draft.account.debtor or not account.debtor:
        return invoice
    said = evolve(draft.booked, debtor=account.debtor)
    return evolve(invoice, draft=changed(draft, booked=said))


def _content(entries: Sequence[JournalEntry]) -> dict[str, object]:
    return {part_of(entry): entry.lines for entry in entries}


def _next_id(entry: JournalEntry, counts: Counter[str]) -> str:
    """Give the id of a further entry of the same document and month."""
    part = part_of(entry)
    counts[part] += 1
    return f"{entry.source}{part}~{counts[part]}"


def _undone(entry: JournalEntry, accounting: Accounting, counts: Counter[str]) -> JournalEntry:
    made = opposite(
        entry,
        accounting,
        entry_id=_next_id(entry, counts),
        source=entry.source,
        on=entry.date,
        document=entry.document,
        text=f"Reversal of {entry.text}",
    )
    return evolve(made, document_date=entry.document_date)
