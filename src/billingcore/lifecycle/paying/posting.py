"""What is booked of payments and clearings: at once, or by a later job (behaviour 6.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import evolve

from billingcore.invoices.document import Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.ledger.booking import Booked
from billingcore.ledger.payments import clearing_entries, payment_entries
from billingcore.lifecycle.books import Books, Effects
from billingcore.lifecycle.chains.posting import post_interim, post_touched, touched
from billingcore.lifecycle.joining import after
from billingcore.lifecycle.paying.assigning import Assigner
from billingcore.lifecycle.paying.free import entity_of
from billingcore.records.account import Account
from billingcore.records.payment import Clearing, Payment
from billingcore.values.context import ZERO

__all__ = [
    "book_payments",
    "post_advances",
    "post_clearing",
    "post_moved",
    "post_payment",
    "with_posted",
]


def book_payments(books: Books) -> Effects:
    """Book what is not booked yet of payments and clearings; repeating it adds nothing.

    Needed if the set-up does not book payments at once. A host runs it daily, account by account:
    ``store.record(account, book_payments)``.

    Args:
        books: of the account.

    Raises:
        DateRangeError: all booking periods up to the end of the calendar are closed.
    """
    posted = [
        post_payment(books, payment, Assigner(books, payment.date).nets(payment.id))
        for payment in books.payments.values()
    ]
    posted += [post_clearing(books, clearing, books.invoices) for clearing in books.clearings]
    for number in books.invoices:
        posted += post_interim(books, number)
    return with_posted(Effects(books.account.id), posted)


def with_posted(effects: Effects, posted: Iterable[Booked]) -> Effects:
    """Give effects with what is booked, and what is wrong with it."""
    every = [*posted]
    return evolve(
        effects,
        entries=(*effects.entries, *(entry for each in every for entry in each.entries)),
        problems=(*effects.problems, *(problem for each in every for problem in each.problems)),
    )


def post_advances(
    books: Books, effects: Effects, *invoices: Invoice, on: dt.date | None = None
) -> Effects:
    """Give effects with what is booked of the advances that they concern (behaviour 6.5).

    Args:
        books: of the account, before the decision.
        effects: the decision.
        invoices: documents that are finalized by it.
        on: the booking date; None takes that of each payment.
    """
    new = {each.number: each for each in invoices}
    names = [*touched(effects), *(name for each in invoices for name in _concerned(books, each))]
    found = (new.get(name) or books.invoices[name] for name in names)
    if not any(KINDS[each.kind].is_interim for each in found):
        return effects
    now = after(books, effects, *invoices)
    return with_posted(effects, post_touched(now, effects, *names, on=on))


def _concerned(books: Books, invoice: Invoice) -> Iterator[str]:
    """Yield the documents that a new one credits or cancels, and those that such a final deducts."""
    original = invoice.draft.original
    if original:
        yield original
        if books.invoices[original].draft.original:
            yield books.invoices[original].draft.original
        for each in books.invoices[original].deductions:
            if each.number in books.invoices:
                yield each.number


def post_payment(books: Books, payment: Payment, nets: Mapping[str, Decimal]) -> Booked:
    """Give what is to be booked of a payment, new or changed.

    What it gives to a document is booked on the debtor of the document, as that was issued; what is
    free, on that of the account as it is now.

    Args:
        books: of its account; they may have an older form of it.
        payment: as it is now.
        nets: number → what it gives to the document.
    """
    numbers = dict.fromkeys((*payment.invoices, *nets))
    invoices = [books.invoices[number] for number in numbers]
    is_owed = payment.rules.effect != 0
    return payment_entries(
        payment,
        books.entries.get(f"payment/{payment.id}", ()),
        books.setup.accounting,
        _owner(books, payment, invoices),
        invoices,
        {number: nets.get(number, ZERO) for number in numbers} if is_owed else {},
    )


def _owner(books: Books, payment: Payment, invoices: Sequence[Invoice]) -> Account:
    """Give the account as what is free of a payment is booked on it."""
    account, entity = books.account, entity_of(books, payment)
    debtors = (each.draft.booked.debtor or each.account.debtor for each in invoices)
    debtor = account.debtor or next(debtors, "")
    if (entity, debtor) == (account.entity or "", account.debtor):
        return account
    return evolve(account, entity=entity or None, debtor=debtor)


def post_moved(books: Books, names: Iterable[str]) -> list[Booked]:
    """Give what is to be booked of payments whose assignments changed.

    That is something only if they moved from one debtor to another.

    Args:
        books: of the account, after the change.
        names: ids of the payments.
    """
    every = [books.payments[name] for name in dict.fromkeys(names)]
    posted = (post_payment(books, each, Assigner(books, each.date).nets(each.id)) for each in every)
    return [booked for booked in posted if booked.entries]


def post_clearing(books: Books, clearing: Clearing, invoices: Mapping[str, Invoice]) -> Booked:
    """Give what is to be booked of a clearing.

    Args:
        books: of the account.
        clearing: what is cleared.
        invoices: number → document; also those that the books do not have yet.
    """
    return clearing_entries(
        clearing,
        books.entries.get(f"clearing/{clearing.id}", ()),
        books.setup.accounting,
        books.account,
        invoices[clearing.debit],
        invoices[clearing.credit],
    )
