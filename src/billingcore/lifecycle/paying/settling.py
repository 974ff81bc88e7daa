"""What documents of an account pay of each other (behaviour 7.2 to 7.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator
from decimal import Decimal
from typing import Final

from attrs import evolve

from billingcore.invoices.document import Invoice
from billingcore.lifecycle.books import Books, Effects
from billingcore.lifecycle.joining import after, joined
from billingcore.lifecycle.paying.assigning import Assigner, nearer, numbered
from billingcore.lifecycle.paying.free import seller_of
from billingcore.lifecycle.paying.parts import part_of
from billingcore.lifecycle.paying.payments import FORGONE, paid
from billingcore.lifecycle.paying.posting import post_advances, post_clearing, with_posted
from billingcore.lifecycle.standing import assigned_to, balance_of, canceled_by
from billingcore.records.payment import Clearing
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import EXACT, ZERO
from billingcore.values.keys import billable_id
from billingcore.values.numbers import AmountLike

__all__ = [
    "CREDITED",
    "SETTLED",
    "clear_credit",
    "clearing_of",
    "settle",
    "settled",
    "unlinked",
]

CREDITED: Final = "credit"
"""The reason of a clearing between a document and one that credits it."""

SETTLED: Final = "settlement"
"""The reason of a clearing between documents that have nothing else to do with each other."""


def settle(
    books: Books, debit: str, credit: str, *, on: DateLike, amount: AmountLike | None = None
) -> Effects:
    """Let a credit pay a document of the same account, seller and currency.

    Args:
        books: of the account.
        debit: number of a document with a balance above 0.
        credit: number of a document with a balance below 0.
        on: when.
        amount: a part; None is as much as both have.

    Raises:
        DateRangeError: *on* is no date.
        InvalidInputError: there is no such document, they have another seller or currency, or not
            so much is open on both.
    """
    invoice, giver = books.invoice(debit), books.invoice(credit)
    read = Boundary(f"Document {debit!r}")
    day = read.read("on", on, read_date)
    if _side(invoice) != _side(giver):
        fix = "settle documents of one business entity in one currency"
        rule = f"another business entity or currency: it is of {_told(giver)}, not {_told(invoice)}"
        raise read.refuse("credit", credit, rule, fix)
    most = min(balance_of(books, debit), balance_of(books, credit).copy_negate())
    given = part_of(most, amount, currency=invoice.currency, record=read.record, use="a settlement")
    clearing = clearing_of(books, debit, credit, given, day, SETTLED)
    return _booked(books, [clearing])


def settled(books: Books, *, on: DateLike, key: str | None = None) -> Effects:
    """Let all open credits of an account pay its open documents, those that are due first.

    Args:
        books: of the account.
        on: when.
        key: name of a custom field that must be the same on both; None if it does not matter.

    Raises:
        DateRangeError: *on* is no date.
    """
    day = Boundary(f"Account {books.account.id!r}").read("on", on, read_date)
    sides: dict[Hashable, list[tuple[Invoice, Decimal]]] = {}
    for number, invoice in books.invoices.items():
        balance = balance_of(books, number)
        if balance:
            mark = "" if key is None else str(invoice.draft.custom.get(key, ""))
            sides.setdefault((*_side(invoice), mark), []).append((invoice, balance))
    return _booked(books, (each for side in sides.values() for each in _pairs(books, side, day)))


def _booked(books: Books, clearings: Iterable[Clearing]) -> Effects:
    """Give clearings with what is to be booked of them at once."""
    made = tuple(clearings)
    effects = Effects(books.account.id, clearings=made)
    if not books.setup.accounting.is_immediate:
        return effects
    posted = (post_clearing(books, each, books.invoices) for each in made)
    return post_advances(books, with_posted(effects, posted))


def _side(invoice: Invoice) -> tuple[str, str]:
    """Give who sells and in which currency."""
    return (seller_of(invoice), invoice.currency)


def _told(invoice: Invoice) -> str:
    seller, currency = _side(invoice)
    return f"{seller or 'no business entity'} in {currency}"


def _pairs(books: Books, side: Iterable[tuple[Invoice, Decimal]], on: dt.date) -> list[Clearing]:
    """Let credits pay documents of one side, one after the other."""
    rows = [*side]
    debits = sorted((row for row in rows if row[1] > ZERO), key=_due_date)
    givers = sorted((row for row in rows if row[1] < ZERO), key=_date)
    found: list[Clearing] = []
    while debits and givers:
        (debit, owed), (credit, given) = debits.pop(0), givers.pop(0)
        amount = nearer(owed, given).copy_abs()
        found.append(clearing_of(books, debit.number, credit.number, amount, on, SETTLED))
        owed, given = EXACT.subtract(owed, amount), EXACT.add(given, amount)
        debits[:0] = [(debit, owed)] if owed else []
        givers[:0] = [(credit, given)] if given else []
    return found


def _due_date(row: tuple[Invoice, Decimal]) -> dt.date:
    return row[0].due_date


def _date(row: tuple[Invoice, Decimal]) -> dt.date:
    return row[0].date


def clear_credit(books: Books, invoice: Invoice) -> Effects:
    """Decide what a new document clears of the one that it credits.

    If the balance of that one and the new document have opposite signs, the smaller amount is
    cleared on both. A credit of all of it takes payments and clearings back first, so that its
    balance is what it asked for. What is cleared is not booked yet.

    Args:
        books: of the account, without the new document.
        invoice: the new document.

    Raises:
        InvalidInputError: the account has no document that the new one names as its original.
    """
    nothing = Effects(books.account.id)
    original, due = invoice.draft.original, invoice.totals.due
    if not original or not due or canceled_by(books, original):
        return nothing
    is_whole = due == books.invoice(original).totals.due.copy_negate()
    effects = unlinked(books, original, on=invoice.date) if is_whole else nothing
    balance = balance_of(after(books, effects) if is_whole else books, original)
    if not balance or balance.is_signed() == due.is_signed():
        return effects
    pair = (original, invoice.number) if balance > ZERO else (invoice.number, original)
    amount = nearer(balance, due).copy_abs()
    clearing = clearing_of(books, *pair, amount, invoice.date, CREDITED)
    return evolve(effects, clearings=(*effects.clearings, clearing))


def unlinked(books: Books, number: str, *, on: dt.date) -> Effects:
    """Take back all that others pay of a document, so that its balance is what it asked for.

    Payments are free again; what was given up of it, like a write-off, is deleted. What is cleared
    is not booked yet.

    Args:
        books: of the account.
        number: of the document.
        on: when.

    Raises:
        InvalidInputError: the account has no document of this number.
    """
    books.invoice(number)
    names = dict.fromkeys(each.payment for each in assigned_to(books, number))
    effects = Effects(books.account.id)
    for payment in [books.payments[name] for name in names]:
        if payment.kind in FORGONE:
            net = Assigner(books, on).nets(payment.id).get(number, ZERO)
            others = tuple(each for each in payment.invoices if each != number)
            rest = evolve(payment, amount=EXACT.add(payment.amount, net), invoices=others)
            effects = joined(effects, paid(after(books, effects), rest, on=on))
    assigner = Assigner(after(books, effects), on)
    for name in names:
        net = assigner.nets(name).get(number, ZERO)
        if net:
            assigner.add(name, number, net.copy_negate())
    given_back = (*effects.assignments, *assigner.made)
    return evolve(effects, assignments=given_back, clearings=tuple(_taken_back(books, number, on)))


def _taken_back(books: Books, number: str, on: dt.date) -> Iterator[Clearing]:
    """Yield the clearings that take those of a document back."""
    nets: dict[tuple[str, str, str], Decimal] = {}
    for each in books.index.clearings.get(number, ()):
        pair = (each.debit, each.credit, each.reason)
        nets[pair] = EXACT.add(nets.get(pair, ZERO), each.amount)
    for (debit, credit, reason), amount in nets.items():
        if amount:
            yield clearing_of(books, debit, credit, amount.copy_negate(), on, reason)


def clearing_of(
    books: Books, debit: str, credit: str, amount: Decimal, on: dt.date, reason: str
) -> Clearing:
    """Make a clearing with an id of its own."""
    known = books.index.clearings.get(debit, ())
    count = sum((each.debit, each.credit) == (debit, credit) for each in known)
    name = numbered(billable_id(debit, credit), count)
    return Clearing(name, debit, credit, amount, on, reason)
