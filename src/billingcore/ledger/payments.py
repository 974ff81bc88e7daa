"""The journal entries of payments, and of all else that changes what a customer owes.

A payment is booked as the difference between what it says now and what is posted of it (behaviour
6.4): a changed amount adds a detail, a deleted payment the opposite. So booking it again, at once
or by a later job, adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from billingcore.invoices.document import Invoice
from billingcore.invoices.tax_codes import tax_parts
from billingcore.ledger.booking import (
    NOTHING,
    Booked,
    Booking,
    Books,
    copied,
    in_digits,
    make_detail,
)
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ledger.matching import Wanted, match
from billingcore.records.account import Account
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import EntryType, Match
from billingcore.records.payment import Clearing, Payment, PaymentKind
from billingcore.records.taxes import UNTAXED, Tax
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.rounding import round_amount

__all__ = ["clearing_entries", "payment_entries", "split_gross"]

WHOLE: Final[Mapping[str, Decimal]] = {}


class _Part(NamedTuple):
    """A part of a payment that is booked against one debtor.

    Attributes:
        entity: in whose books.
        debtor: number that a document gives; empty for the customer's own.
        credit: what changes on the payment's own account; below 0 it is a debit.
        invoices: the documents that it is for.
    """

    entity: str
    debtor: str
    credit: Decimal
    invoices: tuple[Invoice, ...]


def payment_entries(
    payment: Payment,
    posted: Sequence[JournalEntry],
    accounting: Accounting,
    account: Account,
    invoices: Iterable[Invoice] = (),
    amounts: Mapping[str, Decimal] = WHOLE,
) -> Booked:
    """Make the entries by which what is posted of a payment becomes what it says now.

    Args:
        payment: as it is now; an amount of 0 is a payment that was deleted.
        posted: what is booked of it already: entries with the source ``payment/<id>``.
        accounting: how payments are booked, if at all.
        account: who pays.
        invoices: the documents that it is for, in order. They decide the business entity, the
            debtor, and the tax in a cash discount; without any, the account does.
        amounts: number → how much more is owed on a document by the payment, less if negative, as
            assignments say it. Only needed where documents have several debtors or entities: what
            is not among them belongs to the account's own. Without it, all is for the first one.

    Returns:
        The entries ``payment/<id>``, then ``payment/<id>~2`` and so on, and what is wrong.
    """
    if not (accounting.is_on and accounting.books_payments):
        return NOTHING
    source = f"payment/{payment.id}"
    text = payment.reference or f"{payment.kind.value.capitalize()} {payment.id}"
    fields = copied(accounting, payment.custom, account.custom)
    booking = Booking(source, accounting, account, payment.date, text, custom=fields)
    wanted: dict[Books, list[JournalLine]] = {}
    for part in _parts(payment, account, [*invoices], amounts):
        if part.credit:
            books = (part.entity, payment.currency)
            wanted.setdefault(books, []).extend(_details(payment, part, booking))
    booking.enter_differences(payment.date, wanted, posted)
    return booking.booked


def _parts(
    payment: Payment, account: Account, invoices: list[Invoice], amounts: Mapping[str, Decimal]
) -> Iterator[_Part]:
    """Yield the parts of a payment: one for each entity and debtor, and the rest."""
    is_owed = payment.rules.effect != 0
    left = payment.effect if is_owed else payment.amount.copy_negate()  # a fee that was kept
    groups: dict[tuple[str, str], list[Invoice]] = {}
    for invoice in invoices:
        groups.setdefault(_books_of(invoice), []).append(invoice)
    if invoices and not amounts:
        yield _Part(*_books_of(invoices[0]), left, tuple(invoices))
        return
    for (entity, debtor), group in groups.items():
        given = total(amounts.get(each.number, ZERO) for each in group)
        left = EXACT.subtract(left, given)
        yield _Part(entity, debtor, given, tuple(group))
    yield _Part(account.entity or "", "", left, tuple(invoices))


def _books_of(invoice: Invoice) -> tuple[str, str]:
    """Give entity and debtor number of a document, as they were when it was issued."""
    seller, debtor = invoice.seller, invoice.draft.booked.debtor
    return ("" if seller is None else seller.name, debtor or invoice.account.debtor)


def _details(payment: Payment, part: _Part, booking: Booking) -> Iterator[JournalLine]:
    """Yield what a part of a payment is to be booked as."""
    kind = payment.rules.entry
    if payment.kind is PaymentKind.CASH_DISCOUNT and not booking.accounting.is_gross:
        yield from _discount(payment, part, booking)
        return
    wanted = _wanted(payment, part, kind)
    found = booking.match(wanted)
    if payment.rules.effect:
        contra = booking.contra(found, part.debtor)
    else:  # the money is short of the fee
        contra = found.contra or booking.match(_wanted(payment, part, EntryType.PAYMENT)).account
    yield make_detail(part.credit, found, contra, kind)


def _wanted(
    payment: Payment, part: _Part, kind: EntryType, code: str = "", region: str = ""
) -> Wanted:
    return Wanted(
        kind,
        entity=part.entity,
        tax_code=code,
        tax_rule=region,
        custom_rule=payment.rule,
        bank_account=payment.bank_account,
        payment_provider=payment.provider,
    )


def _discount(payment: Payment, part: _Part, booking: Booking) -> Iterator[JournalLine]:
    """Yield the net amount and the tax of a cash discount, for each tax code."""
    region, kind = booking.account.tax_region, payment.rules.entry
    for tax, net, amount in split_gross(part.invoices, part.credit):
        code = tax.code
        assignment = (code, tax.rate if code else None, "", "", "", "")
        if net:
            found = booking.match(_wanted(payment, part, kind, code, region))
            yield make_detail(net, found, booking.contra(found, part.debtor), kind, assignment)
        if amount:
            found = booking.match(Wanted(EntryType.TAX, part.entity, code, region))
            contra = booking.contra(found, part.debtor)
            yield make_detail(amount, found, contra, EntryType.TAX, assignment)


def split_gross(
    invoices: Iterable[Invoice], amount: Decimal
) -> Iterator[tuple[Tax, Decimal, Decimal]]:
    """Split a gross amount over the tax codes of documents: tax, net amount and tax amount.

    Each code has its share by gross amount, the last one what is left; of that, the net amount is
    rounded, and the tax is what is left (behaviour 6.5). Without a gross amount to divide by,
    nothing of it is taxed.
    """
    parts = [(part, each.draft) for each in invoices for part in tax_parts(each.draft)]
    weights = [Fraction(EXACT.add(part.net, part.amount)) for part, _ in parts]
    whole, left = sum(weights), amount
    if not whole:
        yield UNTAXED, amount, ZERO
        return
    for number, ((part, draft), weight) in enumerate(zip(parts, weights, strict=True), 1):
        currency, rounding = draft.currency, draft.policy.rounding
        is_last = number == len(parts)
        share = (
            left if is_last else round_amount(Fraction(amount) * weight / whole, currency, rounding)
        )
        left = EXACT.subtract(left, share)
        exact = Fraction(share) / (1 + Fraction(part.tax.share))
        net = round_amount(exact, currency, rounding)
        yield part.tax, net, EXACT.subtract(share, net)


def clearing_entries(
    clearing: Clearing,
    posted: Sequence[JournalEntry],
    accounting: Accounting,
    account: Account,
    debit: Invoice,
    credit: Invoice,
) -> Booked:
    """Make the entries of what one document pays of another.

    With a collective account of type Clearing for its reason, both sides go through that account.
    Without one, it is booked from debtor to debtor if the two documents have different ones; else
    nothing is to be booked.

    Args:
        clearing: what is cleared.
        posted: the entries with the source ``clearing/<id>``: a clearing never changes.
        accounting: how it is booked, if payments are.
        account: the customer.
        debit: the document whose balance is above 0.
        credit: the document whose balance is below 0.

    Returns:
        The entry ``clearing/<id>``, and what is wrong; nothing if it is booked already.
    """
    if posted or not (accounting.is_on and accounting.books_payments):
        return NOTHING
    text = f"{credit.number} clears {debit.number}"
    fields = copied(accounting, account.custom)
    source = f"clearing/{clearing.id}"
    booking = Booking(source, accounting, account, clearing.date, text, debit.number, fields)
    (entity, debtor), (_, other) = _books_of(debit), _books_of(credit)
    wanted = Wanted(EntryType.CLEARING, entity, clearing_reason=clearing.reason)
    found, kind = match(wanted, accounting), EntryType.CLEARING
    amount = in_digits(clearing.amount, debit.currency)
    if found.account:
        booking.check(wanted, found)
        first, second = booking.contra(found, debtor), booking.contra(found, other)
        sides = ((amount.copy_negate(), first), (amount, second))
        details = [make_detail(credit, found, contra, kind) for credit, contra in sides if credit]
    else:
        first, second = debtor or account.debtor, other or account.debtor
        is_moved = amount and first != second
        details = [make_detail(amount, Match(first), second, kind)] if is_moved else []
    booking.enter(source, clearing.date, entity, debit.currency, details)
    return booking.booked
