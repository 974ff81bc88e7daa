"""Payments with all that follows from them: assignments, cash discounts, and payments for the rest."""

import datetime as dt
from decimal import Decimal
from functools import partial

import pytest

import billingcore as bc
from billingcore.lifecycle.books import Effects
from billingcore.lifecycle.joining import joined
from billingcore.lifecycle.paying.giving_back import payout, refund, write_off
from billingcore.lifecycle.paying.payments import cash_payment, paid, pay, withdrawn
from billingcore.lifecycle.paying.settling import settle, settled
from billingcore.lifecycle.standing import balance_of, free_of, standing
from tests.unit.lifecycle.papers import (
    ACME,
    books_of,
    kept,
    paper,
    payment,
)

Kind = bc.PaymentKind


def put(books, *payments, **options):
    """Give books after payments."""
    return kept(books, *(partial(paid, payment=each, **options) for each in payments))


def test_a_payment_is_kept_with_its_assignments():
    """Its effects name the account, the payment and what it gives."""
    effects = paid(books_of(paper("A", 119)), payment("P", 119, "A"))

    assert effects == Effects(
        "acme",
        payments=(payment("P", 119, "A"),),
        assignments=(bc.Assignment("P/A", "P", "A", Decimal(-119), dt.date(2026, 2, 10)),),
    )


def test_the_same_payment_twice_changes_nothing():
    """A bank statement can be read again."""
    books = put(books_of(paper("A", 119)), payment("P", 119, "A"))

    assert paid(books, payment("P", 119, "A")) == Effects("acme")


def test_a_decision_can_have_a_day_of_its_own():
    """A payment of 10 February is corrected on 3 March."""
    books = put(books_of(paper("A", 119)), payment("P", 119, "A"))

    effects = paid(books, payment("P", 100, "A"), on="2026-03-03")

    assert [each.date for each in effects.assignments] == [dt.date(2026, 3, 3)]


def test_a_payment_that_is_withdrawn_stays_with_an_amount_of_0():
    """Its document is open again."""
    books = put(books_of(paper("A", 119)), payment("P", 119, "A"))

    books = kept(books, partial(withdrawn, payment_id="P", on="2026-03-03"))

    assert books.payments["P"].amount == 0
    assert standing(books, "A").status is bc.InvoiceStatus.OPEN
    assert (balance_of(books, "A"), free_of(books, "P")) == (119, 0)


def test_an_unknown_payment_cannot_be_withdrawn():
    """The error names it."""
    with pytest.raises(bc.InvalidInputError, match="payment_id = 'P': no payment of this id"):
        withdrawn(books_of(), "P")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"account": "other"}, "account = 'other': it belongs to 'acme'"),
        ({"currency": "USD"}, "currency = 'USD': it belongs to 'EUR'; delete it"),
        ({"kind": Kind.REFUND}, "kind = 'refund': it belongs to 'payment'; delete it"),
    ],
    ids=["account", "currency", "kind"],
)
def test_a_payment_does_not_become_another_one(changes, message):
    """Account, currency and kind of a payment stay."""
    books = put(books_of(), payment("P", 10))
    with pytest.raises(bc.InvalidInputError, match=message):
        paid(books, payment("P", 10, **changes))


@pytest.mark.parametrize(
    ("amount", "expected"), [(None, "119.00"), (19, "19")], ids=["all", "a part"]
)
def test_a_write_off_gives_up_what_is_open(amount, expected):
    """All that is open, or a part of it."""
    books = books_of(paper("A", 119))

    given_up = write_off(books, "A", on="2026-12-31", amount=amount)

    assert given_up.id == "write-off/A"
    assert (given_up.kind, str(given_up.amount)) == (Kind.WRITE_OFF, expected)
    assert balance_of(put(books, given_up), "A") == 119 - Decimal(expected)


def test_what_is_given_up_twice_has_two_ids():
    """The second write-off does not change the first."""
    books = books_of(paper("A", 119))
    books = put(books, write_off(books, "A", on="2026-12-31", amount=19))

    second = write_off(books, "A", on="2026-12-31")

    assert (second.id, second.amount) == ("write-off/A~2", 100)


@pytest.mark.parametrize(
    ("amount", "error", "message"),
    [
        (
            120,
            bc.InvalidInputError,
            "Document 'A': amount = 120: 119.00 EUR are left for a write-off",
        ),
        (0, bc.InvalidInputError, "give an amount above 0"),
        ("0.001", bc.InvalidInputError, "more than 2 digits"),
        (bc.Money(1, "USD"), bc.CurrencyMismatchError, "what is left is in EUR"),
    ],
    ids=["too much", "nothing", "too fine", "another currency"],
)
def test_more_than_what_is_open_is_not_given_up(amount, error, message):
    """The error says how much is left."""
    with pytest.raises(error, match=message):
        write_off(books_of(paper("A", 119)), "A", on="2026-12-31", amount=amount)


def test_a_write_off_that_came_too_late_is_refused():
    """It was decided before the last payment came; there is nothing to give up any more."""
    books = books_of(paper("A", 119))
    given_up = write_off(books, "A", on="2026-12-31")
    books = put(books, payment("P", 100, "A"))

    with pytest.raises(bc.InvalidInputError, match=r"100\.00 of it is more than what is open"):
        paid(books, given_up)


def test_a_payout_pays_what_a_credit_leaves():
    """The credit is settled."""
    books = books_of(paper("C", -5))

    books = put(books, payout(books, "C", on="2026-03-01"))

    assert standing(books, "C").status is bc.InvoiceStatus.SETTLED
    assert books.payments["payout/C"].kind is Kind.PAYOUT
    with pytest.raises(bc.InvalidInputError, match="nothing is left for a payout"):
        payout(books, "C", on="2026-03-01")


def test_a_refund_gives_back_what_is_for_no_document():
    """119 of 130 were due, so 11 go back, once."""
    books = put(books_of(paper("A", 119)), payment("P", 130, "A"))

    given_back = refund(books, "P", on="2026-03-01")

    assert (given_back.id, given_back.amount, given_back.reference) == ("refund/P", 11, "P")
    with pytest.raises(bc.InvalidInputError, match="nothing is left for a refund"):
        refund(put(books, given_back), "P", on="2026-03-01")


def test_a_grant_cannot_be_refunded():
    """No money came in by it."""
    books = put(books_of(), payment("G", 10, kind=Kind.GRANT))
    with pytest.raises(bc.InvalidInputError, match="kind = 'grant': no money came in"):
        refund(books, "G", on="2026-03-01")


CASH = bc.Account("acme", currency="EUR", payment_method="Cash")


@pytest.mark.parametrize(
    ("due", "kind", "amount"), [(10, Kind.PAYMENT, 10), (-5, Kind.PAYOUT, 5)], ids=["in", "out"]
)
def test_a_document_in_cash_is_paid_at_once(due, kind, amount):
    """On its own date, with an id that follows from its number."""
    found = cash_payment(paper("A/1", due, account=CASH), Decimal(due))

    assert found == bc.Payment(
        "cash/A%2F1",
        account="acme",
        amount=amount,
        currency="EUR",
        date="2026-01-31",
        kind=kind,
        invoices=["A/1"],
        method="Cash",
    )


def test_only_what_is_left_is_paid_in_cash():
    """Free balances went before."""
    assert cash_payment(paper("A", 10, account=CASH), Decimal(4)).amount == 4
    assert cash_payment(paper("A", 10, account=CASH), Decimal(0)) is None


def test_a_document_that_is_not_in_cash_is_not_paid_at_once():
    """Most are not."""
    assert cash_payment(paper("A", 10), Decimal(10)) is None


def test_payments_are_recorded_in_a_store():
    """Each one is kept with its effects; an unknown account is refused, and those before stay."""
    store = bc.MemoryStore()
    store.add(ACME)
    first, second = payment("P", 10), payment("Q", 5, account="nobody")

    effects = pay(store, first, payment("Q", 7))
    with pytest.raises(bc.InvalidInputError, match="no such account"):
        pay(store, payment("P", 11), second)

    assert [each.payments[0].id for each in effects] == ["P", "Q"]
    assert {each.id: each.amount for each in store.books("acme").payments.values()} == {
        "P": 11,
        "Q": 7,
    }


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        (
            [payment("P", 1)],
            r"pay: payments = .* list: a list of payments; .* pay\(store, \*payments\)",
        ),
        ("P-1", "pay: payments = 'P-1': an id, not a Payment"),
        (7, "pay: payments = 7: not a Payment"),
    ],
    ids=["list", "id", "number"],
)
def test_only_payments_are_recorded(given, rule):
    """The error says what to write instead; nothing is recorded, also not those before."""
    store = bc.MemoryStore()
    store.add(ACME)

    with pytest.raises(bc.InvalidInputError, match=rule):
        pay(store, payment("A", 5), given)
    assert store.books("acme").payments == {}


@pytest.mark.parametrize(
    ("decide", "record"),
    [
        (partial(paid, payment=payment("P", 5)), "Payment 'P'"),
        (partial(write_off, number="A"), "Document 'A'"),
        (partial(refund, payment_id="Q"), "Payment 'Q'"),
        (partial(settle, debit="A", credit="C"), "Document 'A'"),
        (settled, "Account 'acme'"),
    ],
    ids=["paid", "write-off", "refund", "settle", "settled"],
)
def test_a_day_that_is_none_is_refused_with_its_record(decide, record):
    """The error names the argument, its value and what to write."""
    books = put(books_of(paper("A", 5), paper("C", -5)), payment("Q", 5))

    with pytest.raises(bc.DateRangeError, match=f"{record}: on = 'gestern': not a date; use"):
        decide(books, on="gestern")


def test_decisions_are_joined_in_their_order():
    """Of a payment that both change, the last form counts."""
    first = Effects("acme", payments=(payment("P", 10),), canceled="A")
    second = Effects("acme", payments=(payment("P", 11), payment("Q", 1)))

    found = joined(first, second)

    assert [(each.id, each.amount) for each in found.payments] == [("P", 11), ("Q", 1)]
    assert found.canceled == "A"
