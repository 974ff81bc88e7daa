"""What was received of a document, and from where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from billingcore.invoices.document import Invoice
from billingcore.ledger.interim import interim_parts
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.chains.issuing import amounts_of, issued_of
from billingcore.lifecycle.standing import canceled_by, credits_of, final_of
from billingcore.records.chain_document import Issued, TaxAmount, merged
from billingcore.records.payment import PaymentKind
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.sealing import new_tuple

__all__ = ["Receipts", "interim_of", "is_frozen", "receipts_of"]


_FEE: Final = PaymentKind.DUNNING_FEE  # looked up slowly in its class


class Receipts(NamedTuple):
    """What a document asks for, and what was received of it.

    Attributes:
        invoice: the document.
        issued: what it says of itself.
        credited_by: the live credits of it.
        invoiced: what it asks for by tax code, less what credits gave back.
        due: what is to be paid of it, less what credits gave back.
        received: source → amount, in the order in which it came.
    """

    invoice: Invoice
    issued: Issued
    credited_by: Sequence[Invoice]
    invoiced: tuple[TaxAmount, ...]
    due: Decimal
    received: Mapping[str, Decimal]

    @property
    def open(self) -> Decimal:
        """What is still to be paid."""
        left = self.due
        for amount in self.received.values():
            left = EXACT.subtract(left, amount)
        return max(left, ZERO)

    def split(self) -> dict[str, Sequence[TaxAmount]]:
        """Give what each receipt pays of each tax code: source → its parts."""
        amounts, invoice = [*self.received.values()], self.invoice
        if not amounts:
            return {}
        if len(amounts) == 1 and amounts[0] >= self.due:
            return dict.fromkeys(self.received, self.invoiced)
        rounding = invoice.draft.policy.rounding
        split = interim_parts(self.invoiced, self.due, amounts, invoice.currency, rounding)
        return dict(zip(self.received, split, strict=True))


def receipts_of(books: Books, invoice: Invoice) -> Receipts:
    """Say what a document asks for, and what was received of it."""
    credited, issued = credits_of(books, invoice.number), issued_of(invoice)
    invoiced, due = issued.amounts, invoice.totals.due
    if credited:
        invoiced = merged(
            (*invoiced, *(part for each in credited for part in amounts_of(each.draft)))
        )
        due = total([due, *(each.totals.due for each in credited)])
    received = _received(books, invoice.number)
    content = (invoice, issued, credited, invoiced, due, received)
    made: Receipts = new_tuple(Receipts, content)
    return made


def _received(books: Books, number: str) -> dict[str, Decimal]:
    """Give what was received of a live document: source → amount, in the order in which it came.

    Whatever lowers what is to be paid counts, like a cash discount or a settlement with another
    document, but for credits of the document itself, which lower what it asks for. Fees do not.
    """
    found: dict[str, Decimal] = {}
    for each in books.index.by_document.get(number, ()):
        if books.payments[each.payment].kind is not _FEE:
            source = f"payment/{each.payment}"
            found[source] = EXACT.subtract(found.get(source, ZERO), each.amount)
    clearings = books.index.clearings.get(number)
    if not clearings:
        return found
    own = {each.number for each in books.index.followers.get(number, ())}
    for cleared in clearings:
        if not {cleared.debit, cleared.credit} & own:
            is_debit = cleared.debit == number
            amount = cleared.amount if is_debit else cleared.amount.copy_negate()
            found[f"clearing/{cleared.id}"] = amount
    return found


def interim_of(books: Books, number: str) -> Mapping[str, Sequence[TaxAmount]]:
    """Give what each receipt pays of a progress or deposit invoice: source → its parts.

    Empty for closed or canceled ones, whose payments are free again.
    """
    if canceled_by(books, number) or number in books.index.closings:
        return {}
    return receipts_of(books, books.invoices[number]).split()


def is_frozen(books: Books, number: str) -> bool:
    """Tell whether a final took a document over, so that its payments pay no advance any more."""
    final = final_of(books, number)
    deductions = () if final is None else final.deductions
    return any(each.number == number and each.is_closing for each in deductions)
