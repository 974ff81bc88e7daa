"""The laws of accounts: what stands on them is what documents and payments say (behaviour 6.5).

They look at the accounts themselves, whatever the single entries are, so they hold only where all
is booked, and booked on accounts of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from billingcore.errors import InvariantViolationError
from billingcore.invoices.chain import Deduction
from billingcore.invoices.document import Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.invoices.tax_codes import tax_parts
from billingcore.ledger.comparing import Sums, brought, code_of, summed
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ledger.finals import left_open
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.chains.receipts import interim_of, is_frozen
from billingcore.lifecycle.standing import balance_of, canceled_by, credits_of, final_of, free_of
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.chain_document import TaxAmount, gross_of, less, merged
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.values.context import EXACT, ZERO, total

__all__ = ["check_advances", "check_debtors"]

_PAID = (EntryType.INTERIM_PAYMENT, EntryType.INTERIM_TAX)
_CLEARED = (EntryType.INTERIM_PAYMENT, EntryType.INTERIM_PAYMENT_CLEARING)
_OFF_DEBTORS = (*_PAID, EntryType.UNBILLED_REVENUE, EntryType.PROVIDER_FEE)
"""Types that are not booked against a debtor."""


def check_advances(books: Books, entries: Sequence[JournalEntry]) -> None:
    """Check what is booked of advances, document by document, and the accounts that hold them.

    Args:
        books: of the account.
        entries: all of them.

    Raises:
        InvariantViolationError: with what is wrong.
    """
    numbers = [number for number, each in books.invoices.items() if KINDS[each.kind].is_interim]
    booked = [number for number in numbers if _is_booked(books, number)]
    for number in booked:
        _check_receipts(books, number)
    open_ = [gross_of(_open(books, number)) for number in booked]
    elsewhere = [
        gross_of(left_open(each)).copy_negate()
        for final in _live_finals(books)
        for each in final.deductions
        if each.number not in books.invoices
    ]
    _check_accounts(entries, (EntryType.INTERIM_REVENUE,), total([*open_, *elsewhere]))
    details = [line for entry in entries for line in entry.details]
    paid, cleared = ([line for line in details if line.type is kind] for kind in _CLEARED)
    if {line.tax_code for line in cleared} <= {line.tax_code for line in paid}:
        _check_accounts(entries, _CLEARED[:1], total(map(brought, (*paid, *cleared))))


def _is_booked(books: Books, number: str) -> bool:
    return bool(books.entries.get(f"invoice/{number}"))


def _live_finals(books: Books) -> Iterator[Invoice]:
    for number, invoice in books.invoices.items():
        if invoice.kind is InvoiceKind.FINAL and not canceled_by(books, number):
            yield invoice


def _deduction(books: Books, number: str) -> Deduction | None:
    """Give how a live final took a document over; None if none did."""
    final = final_of(books, number) if is_frozen(books, number) else None
    found = () if final is None else final.deductions
    return next((each for each in found if each.number == number), None)


def _paid(books: Books, number: str) -> tuple[TaxAmount, ...]:
    deducted = _deduction(books, number)
    if deducted is not None:
        return deducted.parts
    return merged(part for parts in interim_of(books, number).values() for part in parts)


def _open(books: Books, number: str) -> tuple[TaxAmount, ...]:
    """Give what was not paid of an advance; nothing if it was taken over, closed or canceled."""
    is_gone = canceled_by(books, number) or number in books.index.closings
    if is_gone or _deduction(books, number) is not None:
        return ()
    every = (books.invoices[number], *credits_of(books, number))
    asked = [part for each in every for part in tax_parts(each.draft)]
    invoiced = merged(TaxAmount(part.tax, part.net, part.amount) for part in asked)
    return less(invoiced, _paid(books, number))


def _check_receipts(books: Books, number: str) -> None:
    """Check what is posted of an advance: net amounts and taxes, or gross amounts."""
    prefix = f"interim/{number}/"
    details = [
        line
        for source, entries in books.entries.items()
        if source.startswith(prefix)
        for entry in entries
        for line in entry.details
    ]
    net, tax = (_posted(details, kind) for kind in _PAID)
    parts = _paid(books, number)
    taxes = summed((code_of(part.tax), part.amount) for part in parts)
    is_gross = bool(taxes) and not tax
    wanted = summed((code_of(part.tax), part.gross if is_gross else part.net) for part in parts)
    if (net, tax) != (wanted, {} if is_gross else taxes):
        law = "what is booked of an advance is what was paid of it"
        raise InvariantViolationError(law, evidence=(number, net, tax, wanted, taxes))


def _posted(details: Iterable[JournalLine], type: EntryType) -> Sums:
    return summed(
        ((line.tax_code, line.tax_rate, ""), brought(line)) for line in details if line.type is type
    )


def _check_accounts(
    entries: Sequence[JournalEntry], types: Sequence[EntryType], credit: Decimal
) -> None:
    """Check what stands on the accounts of some types, in all."""
    numbers = {line.account for each in entries for line in each.details if line.type in types}
    lines = [line for each in entries for line in each.lines if line.account in numbers]
    found = total(map(brought, lines))
    if found != credit:
        names = ", ".join(kind.value for kind in types)
        law = f"accounts of type {names} hold what documents say"
        raise InvariantViolationError(law, evidence=(sorted(numbers), found, credit))


def check_debtors(books: Books, entries: Sequence[JournalEntry]) -> None:
    """Check that on the debtors stands what is open on documents, and what is free.

    What was paid of a deposit that is not booked stands there, too, until a final deducts it.
    Nothing is checked if collective accounts name the other side, or if a final deducts what was
    made elsewhere.

    Args:
        books: of the account.
        entries: all of them.

    Raises:
        InvariantViolationError: with what is wrong.
    """
    given = [each for each in books.setup.accounting.collective if each.contra or each.debtor]
    known = {each.number for final in _live_finals(books) for each in final.deductions}
    if any(each.type not in _OFF_DEBTORS for each in given) or known - books.invoices.keys():
        return
    invoices = books.invoices.values()
    debtors = {each.draft.booked.debtor or each.account.debtor for each in invoices}
    debtors |= {
        line.contra
        for entry in entries
        for line in entry.details
        if entry.source.startswith("payment/") and line.type not in _OFF_DEBTORS
    }
    lines = [line for entry in entries for line in entry.lines if line.account in debtors]
    stands = total(line.signed for line in lines)
    balances = total(balance_of(books, number) for number in books.invoices)
    free = total(free_of(books, name) for name in books.payments)
    wanted = EXACT.subtract(EXACT.add(balances, free), total(_unbooked(books)))
    if stands != wanted:
        law = "on the debtor stands what is open and what is free"
        raise InvariantViolationError(law, evidence=(sorted(debtors), stands, balances, free))


def _unbooked(books: Books) -> Iterator[Decimal]:
    """Yield what documents ask for that are not booked, unless a final deducts them."""
    for number, invoice in books.invoices.items():
        first = books.invoices.get(invoice.draft.original, invoice)
        is_deposit = first.kind is InvoiceKind.DEPOSIT
        if is_deposit and not _is_booked(books, first.number) and not final_of(books, number):
            closing = books.index.closings.get(number)
            is_closed = closing is not None and not canceled_by(books, number)
            yield ZERO if is_closed else invoice.totals.due
