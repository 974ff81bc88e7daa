"""What is booked of payments: at once, or by a later job, always as a difference."""

from functools import partial

import pytest
from attrs import evolve

import billingcore as bc
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.paying.giving_back import refund
from billingcore.lifecycle.paying.payments import paid, withdrawn
from billingcore.lifecycle.paying.posting import book_payments
from billingcore.lifecycle.paying.settling import settle
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import CollectiveAccount, EntryType
from tests.unit.lifecycle.papers import kept, paper, payment

DEBTOR = bc.Account("acme", currency="EUR", debtor="10001")
COLLECTIVE = [
    CollectiveAccount("Bank", EntryType.PAYMENT, account="1200"),
    CollectiveAccount("Losses", EntryType.WRITE_OFF, account="2400"),
    CollectiveAccount("Clearing", EntryType.CLEARING, account="1590"),
]


def books_with(collective=COLLECTIVE, **switches):
    """Give books with an invoice of 119 and a credit of 19, and with bookkeeping."""
    setup = bc.Setup(accounting=Accounting(collective=collective, **switches))
    papers = (paper("A", 119, account=DEBTOR), paper("C", -19, account=DEBTOR))
    return Books(DEBTOR, invoices={each.number: each for each in papers}, setup=setup)


def sums(books):
    """Give the balance of each account of the general ledger that has one."""
    found = {}
    for entries in books.entries.values():
        for line in (line for entry in entries for line in entry.lines):
            found[line.account] = found.get(line.account, 0) + line.signed
    return {account: amount for account, amount in found.items() if amount}


LIFE = (
    partial(paid, payment=payment("P", 100, "A")),
    partial(paid, payment=payment("P", 90, "A")),
    partial(paid, payment=payment("W", 10, "A", kind=bc.PaymentKind.WRITE_OFF)),
    partial(settle, debit="A", credit="C", on="2026-02-10"),
)


def test_payments_are_booked_at_once():
    """90 came in and 10 are lost; the debtor has 100 less, and clearing adds nothing to that."""
    books = kept(books_with(), *LIFE)

    assert sums(books) == {"1200": 90, "2400": 10, "10001": -100}
    assert [entry.id for entry in books.entries["payment/P"]] == ["payment/P", "payment/P~2"]


def test_a_payment_that_is_withdrawn_is_booked_back():
    """The entries stay, with their opposite."""
    books = kept(books_with(), *LIFE, partial(withdrawn, payment_id="P"))

    assert sums(books) == {"2400": 10, "10001": -10}


def test_payments_can_be_booked_by_a_later_job():
    """The job books what they say then; running it again adds nothing."""
    books = kept(books_with(is_immediate=False), *LIFE)
    assert books.entries == {}

    books = kept(books, book_payments)

    assert sums(books) == {"1200": 90, "2400": 10, "10001": -100}
    assert [entry.id for entry in books.entries["payment/P"]] == ["payment/P"]
    assert book_payments(books).entries == ()


@pytest.mark.parametrize("later", [False, True], ids=["at once", "later"])
def test_what_finds_no_account_is_reported_and_blocks_nothing(later):
    """The payment counts, and the entry waits for an account."""
    books = books_with([], is_immediate=not later)

    effects = paid(books, payment("P", 100, "A"))
    if later:
        effects = book_payments(kept(books, lambda _: effects))

    assert [(problem.record, problem.code) for problem in effects.problems] == [
        ("payment/P", "no-matching-account")
    ]
    assert len(effects.entries) == 1


def test_a_payment_of_documents_of_two_debtors_is_booked_for_each():
    """The second document has a debtor of its own, and 31 of 150 were for it."""
    booked = bc.DocumentBooking(debtor="20002")
    books = books_with()
    other = paper("B", 50, account=DEBTOR, booked=booked)
    books = Books(DEBTOR, {**books.invoices, "B": other}, setup=books.setup)

    books = kept(books, partial(paid, payment=payment("P", 150, "A", "B")))

    assert sums(books) == {"1200": 150, "10001": -119, "20002": -31}


def test_what_is_given_back_of_a_payment_is_booked_where_the_payment_belongs():
    """It moves with the payment when that is for a document of another business entity after all."""
    entities = [bc.BusinessEntity("North"), bc.BusinessEntity("South")]
    setup = bc.Setup(entities=entities, accounting=Accounting(collective=COLLECTIVE))
    customer = evolve(DEBTOR, entity="North")
    document = paper("A", 0, account=customer, entity="South", setup=setup)
    books = Books(customer, invoices={"A": document}, setup=setup)

    books = kept(books, partial(paid, payment=payment("P", 10)))
    books = kept(books, partial(paid, payment=refund(books, "P", on="2026-02-11")))
    assert debtors(books) == {}
    books = kept(books, partial(paid, payment=payment("P", 4, "A")))

    assert debtors(books) == {"South": 6}


def debtors(books):
    """Give the balance of the debtor in each business entity that has one."""
    found = {}
    for entry in (entry for entries in books.entries.values() for entry in entries):
        for line in (line for line in entry.lines if line.account == "10001"):
            found[entry.entity] = found.get(entry.entity, 0) + line.signed
    return {entity: amount for entity, amount in found.items() if amount}
