"""Free balances: whose they are, until when they count, and how an expired one leaves the books."""

import datetime as dt
from functools import partial

import pytest

import billingcore as bc
from billingcore.lifecycle.books import Books, Effects
from billingcore.lifecycle.effects import effects_of
from billingcore.lifecycle.joining import after
from billingcore.lifecycle.paying.assigning import assign_free
from billingcore.lifecycle.paying.free import expired, free_credits
from billingcore.lifecycle.paying.giving_back import lapse, refund
from billingcore.lifecycle.paying.payments import paid
from billingcore.lifecycle.standing import balance_of, free_of
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import CollectiveAccount, EntryType
from tests.unit.lifecycle.papers import ACME, books_of, kept, paper, payment

Kind = bc.PaymentKind
APRIL = dt.date(2026, 4, 1)
ENTITIES = bc.Setup(entities=[bc.BusinessEntity("North"), bc.BusinessEntity("South")])


def put(books, *payments):
    """Give books after payments."""
    return kept(books, *(partial(paid, payment=each) for each in payments))


def billed(books, invoice):
    """Give books with a new document that took free balances."""
    made = assign_free(books, invoice, invoice.date)
    return after(books, Effects("acme", assignments=made), invoice)


def deposit(**fields):
    """Give 100 that count until the end of January."""
    terms = {"kind": Kind.PREPAYMENT, "until": "2026-01-31", "on": "2026-01-02"} | fields
    return payment("D", 100, **terms)


@pytest.mark.parametrize("day", ["2026-01-15", "2026-02-15"], ids=["before", "after"])
def test_a_refund_of_an_expired_deposit_leaves_other_money_alone(day):
    """100 came and went; the 60 of March pay the 60 of April."""
    books = put(books_of(), deposit())
    books = put(books, refund(books, "D", on=day), payment("N", 60, on="2026-03-01"))

    books = billed(books, paper("A", 60, on=APRIL))

    assert balance_of(books, "A") == 0
    assert (free_of(books, "N"), expired(books, APRIL)) == (0, {})


def test_a_part_of_an_expired_deposit_can_be_given_back():
    """Of 100, 30 were used and 20 go back; 50 are left, and count for nothing."""
    books = put(books_of(paper("A", 30)), deposit())
    books = put(books, deposit(), payment("D", 100, "A", kind=Kind.PREPAYMENT, until="2026-01-31"))

    books = put(books, refund(books, "D", on=APRIL, amount=20))

    assert expired(books, APRIL) == {"D": 50}
    assert free_credits(books, "EUR", APRIL) == []


def test_a_fee_is_not_set_off_from_what_expired():
    """It takes 6 of the 10 that still count."""
    books = put(books_of(), deposit(), payment("P", 10), payment("F", 6, kind=Kind.DUNNING_FEE))

    assert [(each.id, left) for each, left in free_credits(books, "EUR", APRIL)] == [("P", 4)]
    assert expired(books, APRIL) == {"D": 100}


def test_an_expired_grant_is_not_refunded():
    """The error says until when it was valid, and what to do."""
    books = put(books_of(), deposit(kind=Kind.GRANT))

    rule = r"Payment 'D': kind = 'grant': no money .* until 2026-01-31; record that: lapse"
    with pytest.raises(bc.InvalidInputError, match=rule):
        refund(books, "D", on=APRIL)


def accounted(*papers, account=ACME, setup=ENTITIES):
    """Give books that are kept on accounts."""
    collective = [
        CollectiveAccount("Bank", EntryType.PAYMENT, account="1200"),
        CollectiveAccount("Deposits", EntryType.PREPAYMENT, account="1200"),
        CollectiveAccount("Losses", EntryType.WRITE_OFF, account="2400"),
        CollectiveAccount("Refunds", EntryType.REFUND, account="1200"),
    ]
    found = bc.Setup(entities=setup.entities, accounting=Accounting(collective=collective))
    return Books(account, {each.number: each for each in papers}, setup=found)


DEBTOR = bc.Account("acme", currency="EUR", debtor="10001", entity="North")


def sums(books):
    """Give the balance of each account of the ledger, by business entity."""
    found = {}
    for entry in (each for every in books.entries.values() for each in every):
        for line in entry.lines:
            key = (entry.entity, line.account)
            found[key] = found.get(key, 0) + line.signed
    return {key: amount for key, amount in found.items() if amount}


def test_what_lapses_leaves_the_books():
    """Of the deposit nothing is left, and the 100 are a gain where write-offs are losses."""
    books = put(accounted(account=DEBTOR), deposit())

    lapsed = lapse(books, "D", on="2026-02-01")
    books = put(books, lapsed)

    assert (lapsed.kind, lapsed.amount, lapsed.reference) == (Kind.WRITE_OFF, -100, "D")
    assert expired(books, APRIL) == {}
    assert sums(books) == {("North", "1200"): 100, ("North", "2400"): -100}
    assert paid(books, lapsed) == Effects("acme")
    again = put(books, payment(lapsed.id, 0, kind=Kind.WRITE_OFF, reference="D", on="2026-02-01"))
    assert expired(again, APRIL) == {"D": 100}
    with pytest.raises(bc.InvalidInputError, match="nothing is left for a write-off"):
        lapse(books, "D", on="2026-02-01")


@pytest.mark.parametrize(
    ("until", "rule"),
    [("2026-04-01", "it is valid until 2026-04-01"), (None, "it is valid for ever")],
    ids=["last day", "for ever"],
)
def test_only_what_has_expired_lapses(until, rule):
    """On its last day it still counts."""
    books = put(books_of(), deposit(until=until))

    with pytest.raises(bc.InvalidInputError, match=f"on = '2026-04-01': {rule}"):
        lapse(books, "D", on=APRIL)


def sold(number, due, entity, **fields):
    """Give a document of a business entity."""
    account = fields.pop("account", DEBTOR)
    return paper(number, due, entity=entity, setup=ENTITIES, account=account, **fields)


def test_a_free_balance_waits_for_a_document_of_its_business_entity():
    """The account's money is North's; what is left of a payment for South is South's."""
    books = put(accounted(sold("S", 40, "South"), account=DEBTOR), payment("P", 10))
    books = put(books, payment("Q", 50, "S"))

    books = billed(books, sold("S2", 30, "South"))
    books = billed(books, sold("N2", 30, "North"))

    assert [balance_of(books, number) for number in ("S2", "N2")] == [20, 20]
    assert sums(books)["South", "10001"] == -50
    assert sums(books)["North", "10001"] == -10


def test_a_refund_belongs_where_its_payment_does():
    """10 of South's 50 go back: South's books say so, and nothing waits for South."""
    books = put(accounted(sold("S", 40, "South"), account=DEBTOR), payment("Q", 50, "S"))

    books = put(books, refund(books, "Q", on=APRIL))

    assert sums(books) == {("South", "1200"): 40, ("South", "10001"): -40}
    assert free_credits(books, "EUR", APRIL, "South") == []


def test_what_is_free_is_booked_on_the_account_and_the_rest_on_the_document():
    """80 of 100 are for a document of debtor 20002."""
    booked = bc.DocumentBooking(debtor="20002")
    books = accounted(sold("A", 80, "North", booked=booked), account=DEBTOR)

    books = put(books, payment("P", 100, "A"))

    assert sums(books) == {
        ("North", "1200"): 100,
        ("North", "10001"): -20,
        ("North", "20002"): -80,
    }


def test_what_is_free_stays_with_the_document_if_the_account_has_no_debtor():
    """All 100 are on the only number that is known."""
    booked = bc.DocumentBooking(debtor="20002")
    account = bc.Account("acme", currency="EUR", entity="North")
    books = accounted(sold("A", 80, "North", booked=booked, account=account), account=account)

    books = put(books, payment("P", 100, "A"))

    assert sums(books) == {("North", "1200"): 100, ("North", "20002"): -100}


def test_a_paid_document_keeps_the_debtor_that_it_was_issued_with():
    """The customer moved from 10001 to 30003; only the 20 that are free move with it."""
    books = put(accounted(sold("A", 80, "North"), account=DEBTOR), payment("P", 100, "A"))
    moved = bc.Account("acme", currency="EUR", debtor="30003", entity="North")
    books = Books(
        moved, books.invoices, books.payments, books.assignments, entries=books.entries,
        setup=books.setup,
    )  # fmt: skip

    books = kept(books, bc.book_payments)

    assert sums(books) == {
        ("North", "1200"): 100,
        ("North", "10001"): -80,
        ("North", "30003"): -20,
    }


def test_what_a_document_takes_and_gives_back_moves_between_debtors():
    """10 of 15 pay a document of debtor 20002, and come back when it is canceled."""
    books = put(accounted(account=DEBTOR), payment("P", 15, on="2026-01-02"))
    booked = bc.DocumentBooking(debtor="20002")
    invoice = sold("A", 10, "North", booked=booked)

    books = after(books, effects_of(invoice, books), invoice)
    assert paid_sums(books) == {"1200": 15, "10001": -5, "20002": -10}

    undoing = bc.Invoice("X", APRIL, APRIL, bc.cancel("A", books))
    books = after(books, effects_of(undoing, books), undoing)
    assert paid_sums(books) == {"1200": 15, "10001": -15}


def paid_sums(books):
    """Give what is booked of the payment P."""
    found = {}
    for entry in books.entries["payment/P"]:
        for line in entry.lines:
            found[line.account] = found.get(line.account, 0) + line.signed
    return {account: amount for account, amount in found.items() if amount}


@pytest.mark.parametrize("undo", [bc.cancel, bc.credit], ids=["cancellation", "credit"])
def test_nothing_is_undone_before_it_was_done(undo):
    """The error names both dates; the day itself is fine."""
    books = books_of(paper("A", 10, on=APRIL))
    draft = undo("A", books)
    before, same = (bc.Invoice("X", day, day, draft) for day in (dt.date(2026, 3, 31), APRIL))

    rule = r"Draft .*: on = '2026-03-31': A, which it undoes, is of 2026-04-01; finalize it on"
    with pytest.raises(bc.InvalidInputError, match=rule):
        effects_of(before, books)
    assert effects_of(same, books).clearings[0].amount == 10
