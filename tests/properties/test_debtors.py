"""The ledger says of every debtor of every business entity what documents and payments say."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore import testing
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.effects import effects_of
from billingcore.lifecycle.joining import after
from billingcore.lifecycle.paying.giving_back import refund
from billingcore.lifecycle.paying.payments import paid
from billingcore.lifecycle.paying.settling import settled
from tests.bookkeeping import ACCOUNTING
from tests.unit.lifecycle.papers import FIRST, kept, paper, payment

DAY = dt.date(2026, 2, 5)
SETUP = bc.Setup(
    entities=[bc.BusinessEntity("North"), bc.BusinessEntity("South")], accounting=ACCOUNTING
)
ACCOUNT = bc.Account("acme", currency="EUR", debtor="10001", entity="North")
OTHER = bc.DocumentBooking(debtor="20002")
CENTS = st.integers(-1000, 4000).map(lambda cents: Decimal(cents) / 100)
NUMBERS = st.sampled_from(["D0", "D1", "D2", "D3"])


@st.composite
def steps(draw):
    """Draw one thing that happens to an account."""
    happen = draw(st.sampled_from([bill, bill, pay, pay, cancel, settle, give_back]))
    names = draw(st.just([]) | st.lists(NUMBERS, unique=True, max_size=3))
    entity = draw(st.sampled_from(["North", "North", "South"]))
    booked = draw(st.sampled_from([bc.DocumentBooking(), OTHER]))
    return happen, draw(st.sampled_from("PQR")), draw(CENTS), names, entity, booked


def bill(books, _, amount, __, entity, booked):
    """Finalize a document, which takes free balances."""
    number = f"D{len(books.invoices)}"
    document = paper(number, amount, entity=entity, setup=SETUP, account=ACCOUNT, booked=booked)
    return after(books, effects_of(document, books), document)


def pay(books, name, amount, names, *_):
    """Record a payment, or change it."""
    return kept(books, partial(paid, payment=payment(name, amount, *names, on=DAY)))


def cancel(books, _, __, names, *___):
    """Cancel a document."""
    draft = bc.cancel(names[0] if names else "D0", books)
    document = bc.Invoice(f"D{len(books.invoices)}", FIRST, FIRST, draft)
    return after(books, effects_of(document, books), document)


def settle(books, *_):
    """Let all open credits pay open documents."""
    return kept(books, partial(settled, on=DAY))


def give_back(books, name, *_):
    """Give back what is left of a payment."""
    return pay_one(books, refund(books, name, on=DAY))


def pay_one(books, made):
    """Record a payment as it is."""
    return kept(books, partial(paid, payment=made))


def wanted(books):
    """Give what each debtor owes: balances of documents, and what is free of payments."""
    found: dict[tuple[str, str], Decimal] = {}
    for number, each in books.invoices.items():
        key = (each.seller.name, each.draft.booked.debtor or "10001")
        found[key] = found.get(key, Decimal(0)) + bc.balance_of(books, number)
    for name, each in books.payments.items():
        named = each.invoices or getattr(books.payments.get(each.reference), "invoices", ())
        entity = books.invoices[named[0]].seller.name if named else "North"
        key = (entity, "10001")
        found[key] = found.get(key, Decimal(0)) + bc.free_of(books, name)
    return {key: amount for key, amount in found.items() if amount}


def booked_sums(books):
    """Give what is booked of each debtor."""
    found: dict[tuple[str, str], Decimal] = {}
    for entry in (each for every in books.entries.values() for each in every):
        for line in entry.lines:
            if line.account in ("10001", "20002"):
                key = (entry.entity, line.account)
                found[key] = found.get(key, Decimal(0)) + line.signed
    return {key: amount for key, amount in found.items() if amount}


@given(st.lists(steps(), min_size=8, max_size=16))
def test_every_debtor_owes_what_the_ledger_says(happenings):
    """After any sequence of documents, payments, cancellations, settlements and refunds."""
    books = Books(ACCOUNT, setup=SETUP)
    for happen, *facts in happenings:
        with suppress(bc.InvalidInputError):
            books = happen(books, *facts)
        assert booked_sums(books) == wanted(books)
        testing.check_books(books)
