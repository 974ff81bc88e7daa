"""Where documents and payments stand: worked out from books, never stored."""

import datetime as dt
import decimal
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.lifecycle.books import Effects
from billingcore.lifecycle.joining import after
from billingcore.lifecycle.standing import (
    balance_of,
    canceled_by,
    credits_of,
    free_of,
    standing,
)
from tests.unit.lifecycle.papers import books_of, canceled, given, paper, payment

FEBRUARY = dt.date(2026, 2, 10)
MARCH = dt.date(2026, 3, 5)


def gift(amount, number="A", name="P-1", on=FEBRUARY):
    """Give an assignment."""
    return bc.Assignment(f"{name}/{number}", name, number, Decimal(amount), on)


def test_a_new_document_is_open_with_what_it_asks_for():
    """Its balance is its amount due, and its only movement is the document itself."""
    found = standing(books_of(paper("A", 119)), "A")

    assert found.status is bc.InvoiceStatus.OPEN
    assert found.balance == Decimal(119)
    assert found.payment_date is None
    assert [(each.source, each.amount) for each in found.movements] == [("invoice/A", 119)]


def test_a_payment_lowers_the_balance_and_the_last_one_dates_the_payment():
    """119 is paid in two parts, and the second one makes it paid."""
    books = given(books_of(paper("A", 119)), gift(-19, on=MARCH), gift(-100))

    found = standing(books, "A")

    assert found.status is bc.InvoiceStatus.PAID
    assert found.payment_date == MARCH
    assert [each.source for each in found.movements] == ["invoice/A", "payment/P-1", "payment/P-1"]
    assert [each.date for each in found.movements][1:] == [FEBRUARY, MARCH]


@pytest.mark.parametrize(
    ("due", "kind", "status"),
    [
        (0, bc.InvoiceKind.STANDARD, bc.InvoiceStatus.PAID),
        (0, bc.InvoiceKind.CREDIT, bc.InvoiceStatus.SETTLED),
        (0, bc.InvoiceKind.CANCELLATION, bc.InvoiceStatus.SETTLED),
        (-5, bc.InvoiceKind.CREDIT, bc.InvoiceStatus.OPEN),
    ],
    ids=["invoice of 0", "credit of 0", "cancellation of 0", "credit of -5"],
)
def test_the_state_follows_from_balance_and_kind(due, kind, status):
    """A balance of 0 is paid for an invoice and settled for what gives money back."""
    assert standing(books_of(paper("A", due, kind=kind)), "A").status is status


def test_a_clearing_brings_both_documents_nearer_to_nothing():
    """A credit of 5 pays 5 of an invoice of 10."""
    books = books_of(paper("A", 10), paper("C", -5))
    clearing = bc.Clearing("A/C", "A", "C", Decimal(5), FEBRUARY, "settlement")
    books = after(books, Effects("acme", clearings=(clearing,)))

    invoice, credit = standing(books, "A"), standing(books, "C")

    assert (invoice.balance, credit.balance) == (5, 0)
    assert credit.status is bc.InvoiceStatus.SETTLED
    assert invoice.movements[-1] == (FEBRUARY, "invoice/C", Decimal(-5))
    assert credit.movements[-1] == (FEBRUARY, "invoice/A", Decimal(5))


def test_a_cancellation_makes_a_document_canceled_and_its_payments_free():
    """What was paid of it is the customer's again, and both balances are 0."""
    books = after(books_of(paper("A", 10)), Effects("acme", payments=(payment("P-1", 8),)))
    books = canceled(given(books, gift(-8)), "A")

    assert canceled_by(books, "A") == "A-X"
    assert standing(books, "A").status is bc.InvoiceStatus.CANCELED
    assert standing(books, "A-X").status is bc.InvoiceStatus.SETTLED
    assert (balance_of(books, "A"), balance_of(books, "A-X")) == (0, 0)
    assert free_of(books, "P-1") == -8


def test_only_live_credits_count_as_credits_of_a_document():
    """A credit that was canceled does not, and neither does a cancellation."""
    books = books_of(
        paper("A", 10), paper("C", -2, original="A"), paper("D", -3, original="A"), paper("B", 1)
    )

    books = canceled(books, "D")

    assert [each.number for each in credits_of(books, "A")] == ["C"]
    assert credits_of(books, "D") == []
    assert credits_of(books, "B") == []
    assert canceled_by(books, "A") == ""


def test_a_payment_that_is_for_nothing_is_free_as_a_whole():
    """The free balance is the effect less what was assigned; a deleted payment has none."""
    payments = (payment("P-1", 10), payment("P-2", 0), payment("R", 4, kind=bc.PaymentKind.REFUND))
    books = after(books_of(paper("A", 7)), Effects("acme", payments=payments))
    books = given(books, gift(-7))

    found = [free_of(books, name) for name in ("P-1", "P-2", "R")]

    assert found == [-3, 0, 4]
    assert not found[1].is_signed()


def test_balances_do_not_depend_on_the_decimal_context_of_the_host():
    """A context of three digits changes nothing."""
    books = given(books_of(paper("A", "123456.78")), gift("-0.01"))
    with decimal.localcontext(prec=3):
        assert str(balance_of(books, "A")) == "123456.77"


@pytest.mark.parametrize("ask", [balance_of, standing], ids=["balance", "standing"])
def test_an_unknown_document_is_refused(ask):
    """The error names the account and the number."""
    with pytest.raises(bc.InvalidInputError, match="'acme': number = 'Z': no document"):
        ask(books_of(), "Z")


def test_a_number_that_is_nearly_right_is_told():
    """The error asks for the nearest number of the account."""
    books = after(books_of(paper("2026-00001", 7)), Effects("acme", payments=(payment("P-1", 1),)))

    with pytest.raises(bc.InvalidInputError, match="did you mean 2026-00001"):
        standing(books, "2026-0001")
    with pytest.raises(bc.InvalidInputError, match="did you mean P-1"):
        free_of(books, "P1")


def test_a_document_can_be_asked_for_instead_of_its_number():
    """Both give the same; anything else is refused."""
    books = books_of(paper("A", 7))

    assert standing(books, books.invoices["A"]) == standing(books, "A")
    with pytest.raises(bc.InvalidInputError, match="Books: number = 7"):
        standing(books, 7)


def test_the_document_comes_first_also_if_money_came_before_it():
    """It was paid on 1 January and issued on the 31st, which is when its balance became 0."""
    early = bc.Assignment("P/A", "P", "A", Decimal(-7), dt.date(2026, 1, 1))

    found = standing(given(books_of(paper("A", 7)), early), "A")

    assert [each.source for each in found.movements] == ["invoice/A", "payment/P"]
    assert found.payment_date == dt.date(2026, 1, 31)


def test_an_unknown_payment_is_refused():
    """The error names the account and the id."""
    with pytest.raises(bc.InvalidInputError, match="'acme': payment_id = 'Z': no payment"):
        free_of(books_of(), "Z")
