"""Cash discounts: earned by coming early, and lost again."""

import datetime as dt
from decimal import Decimal
from functools import partial

import pytest

import billingcore as bc
from billingcore.lifecycle.books import Effects
from billingcore.lifecycle.paying.giving_back import refund
from billingcore.lifecycle.paying.payments import paid
from billingcore.lifecycle.standing import balance_of, free_of
from tests.unit.lifecycle.papers import (
    books_of,
    canceled,
    kept,
    paper,
    payment,
    with_terms,
)

Kind = bc.PaymentKind
SKONTO = bc.PaymentTerms(
    cash_discounts=[bc.CashDiscount(14, percent=2), bc.CashDiscount(7, percent=3)]
)
"""3 % until 7 February, 2 % until 14 February for documents of 31 January."""


def early(*dues):
    """Give books with documents A, B, C ... that may be paid early for less."""
    return books_of(*(with_terms(paper(chr(65 + i), due), SKONTO) for i, due in enumerate(dues)))


def put(books, *payments, **options):
    """Give books after payments."""
    return kept(books, *(partial(paid, payment=each, **options) for each in payments))


def discounts_of(books):
    """Give the cash discounts of books by document."""
    kinds = (each for each in books.payments.values() if each.kind is Kind.CASH_DISCOUNT)
    return {each.invoices[0]: each.amount for each in kinds if each.amount}


@pytest.mark.parametrize(
    ("amount", "day", "expected"),
    [
        ("97.00", "2026-02-07", {"A": 3}),
        ("96.99", "2026-02-07", {}),
        ("98.50", "2026-02-07", {"A": Decimal("1.50")}),
        ("100.00", "2026-02-07", {}),
        ("120.00", "2026-02-07", {}),
        ("97.00", "2026-02-08", {}),
        ("98.00", "2026-02-14", {"A": 2}),
        ("98.00", "2026-02-15", {}),
    ],
    ids=[
        "first term",
        "a cent short",
        "less taken than allowed",
        "paid in full",
        "overpaid",
        "too late for the first term",
        "second term",
        "too late",
    ],
)
def test_a_cash_discount_is_given_for_what_is_missing_in_time(amount, day, expected):
    """100.00 may be paid with 97.00 within 7 days, and with 98.00 within 14."""
    books = put(early("100.00"), payment("P", amount, "A", on=day))

    assert discounts_of(books) == expected
    is_paid = expected or Decimal(amount) >= 100
    assert (balance_of(books, "A") == 0) is bool(is_paid)


def test_a_cash_discount_is_a_payment_of_its_own():
    """It names what it came with."""
    books = put(early("100.00"), payment("P", 97, "A", on="2026-02-07"))

    discount = books.payments["cash-discount/P/A"]

    assert discount == bc.Payment(
        "cash-discount/P/A",
        account="acme",
        amount=3,
        currency="EUR",
        date="2026-02-07",
        kind=Kind.CASH_DISCOUNT,
        invoices=["A"],
        reference="P",
    )
    assert paid(books, payment("P", 97, "A", on="2026-02-07")) == Effects("acme")


@pytest.mark.parametrize(
    ("amount", "discounts", "open_amounts"),
    [
        (291, {"A": 3, "B": 6}, (0, 0)),
        (293, {"A": 3, "B": 4}, (0, 0)),
        (97, {"A": 3}, (0, 200)),
        (150, {}, (0, 150)),
        (50, {}, (50, 200)),
    ],
    ids=["both", "both, not all", "the first", "too much for one", "too little for one"],
)
def test_one_payment_earns_the_discounts_of_several_documents(amount, discounts, open_amounts):
    """100 and 200 may be paid with 97 and 194."""
    books = put(early(100, 200), payment("P", amount, "A", "B", on="2026-02-07"))

    assert discounts_of(books) == discounts
    assert (balance_of(books, "A"), balance_of(books, "B")) == open_amounts


@pytest.mark.parametrize(
    ("amounts", "discounts"),
    [
        ((100, 97), {"A": 3}),
        ((97, 100), {}),
        ((97, 50), {}),
        ((97, 98, 97), {"A": 3}),
        ((97, 0), {}),
    ],
    ids=["down to the term", "up to all", "below the term", "up and down", "deleted"],
)
def test_a_discount_changes_with_its_payment(amounts, discounts):
    """It is worked out as if the payment came for the first time."""
    changes = [payment("P", amount, "A", on="2026-02-07") for amount in amounts]
    books = put(early(100), *changes)

    assert discounts_of(books) == discounts
    assert balance_of(books, "A") == 100 - amounts[-1] - sum(discounts.values())
    assert free_of(books, "P") == 0


def test_a_discount_goes_with_a_payment_that_leaves_its_document():
    """The payment was meant for B, which is 50 and is paid in full by it."""
    books = put(
        early(100, 50),
        payment("P", 97, "A", on="2026-02-07"),
        payment("P", 97, "B", on="2026-02-07"),
    )

    assert discounts_of(books) == {}
    assert (balance_of(books, "A"), balance_of(books, "B")) == (100, 0)


def test_discounts_can_be_switched_off():
    """What was given with a payment before is deleted."""
    first = payment("P", 97, "A", on="2026-02-07")

    assert discounts_of(put(early(100), first, takes_discount=False)) == {}
    assert discounts_of(put(put(early(100), first), first, takes_discount=False)) == {}


def test_a_part_that_was_paid_before_counts_for_the_discount():
    """60 came first; with 37 the rest is there within the term, with 36 it is not."""
    part = put(early(100), payment("P", 60, "A", on="2026-02-03"))

    assert discounts_of(put(part, payment("Q", 37, "A", on="2026-02-07"))) == {"A": 3}
    assert discounts_of(put(part, payment("Q", 36, "A", on="2026-02-07"))) == {}


@pytest.mark.parametrize("amount", [0, 63], ids=["deleted", "less"])
def test_a_discount_goes_if_it_was_earned_together_and_the_other_payment_goes(amount):
    """64 and 33 were enough for 97 of 100; without one cent of the 64 nothing is given up."""
    last = payment("Q", 33, "A", on="2026-02-07")
    books = put(early(100), payment("P", 64, "A", on="2026-02-05"), last)
    assert discounts_of(books) == {"A": 3}

    books = put(books, payment("P", amount, "A", on="2026-02-05"))

    assert discounts_of(books) == {}
    assert balance_of(books, "A") == 67 - amount
    assert [free_of(books, name) for name in "PQ"] == [0, 0]


def test_a_discount_stays_if_it_is_still_earned():
    """64 became 65, which is too much by one; 33 and the discount of 3 stay."""
    books = put(early(100), payment("P", 64, "A", on="2026-02-05"))
    books = put(books, payment("Q", 33, "A", on="2026-02-07"))

    books = put(books, payment("P", 65, "A", on="2026-02-05"))

    assert discounts_of(books) == {"A": 3}
    assert free_of(books, "P") == -1


def test_a_discount_stays_if_the_other_payment_leaves_another_document():
    """B has nothing to do with what was given up of A."""
    books = put(early(100, 50), payment("P", 97, "A", on="2026-02-07"), payment("Q", 50, "B"))

    books = put(books, payment("Q", 0, "B"))

    assert discounts_of(books) == {"A": 3}


def test_what_is_credited_earns_no_discount():
    """50 of 100 were credited, so 3 % are 1.50."""
    books = early(100)
    credit = bc.Clearing("A/C", "A", "C", Decimal(50), dt.date(2026, 2, 1), "credit")
    books = kept(books, lambda _: Effects("acme", clearings=(credit,)))

    books = put(books, payment("P", "48.50", "A", on="2026-02-07"))

    assert discounts_of(books) == {"A": Decimal("1.50")}


def test_nothing_but_payments_earns_a_discount():
    """A prepayment or a write-off does not."""
    for kind in (Kind.PREPAYMENT, Kind.WRITE_OFF):
        books = put(early(100), payment("P", 97, "A", on="2026-02-07", kind=kind))
        assert discounts_of(books) == {}


def test_a_canceled_document_earns_no_discount():
    """Its payment is free; recording it again gives nothing up."""
    first = payment("P", 97, "A", "B", on="2026-02-07")
    books = canceled(put(early(100, 50), first), "A")

    assert discounts_of(put(books, payment("P", 98, "A", "B", on="2026-02-07"))) == {}


def test_what_follows_from_payments_with_the_longest_ids_has_short_ones():
    """A cash discount of 2.00, and two refunds of 4.00 and 6.00 of a payment for nothing."""
    early_one, free_one = "P" * 255, "Q" * 255
    books = put(early(100), payment(early_one, 98, "A"), payment(free_one, 10))
    assert balance_of(books, "A") == 0

    for amount in (4, 6):
        made = refund(books, free_one, amount=amount, on="2026-02-11")
        books = put(books, made)
    names = [each for each in books.payments if each not in (early_one, free_one)]
    assert [each.partition("/")[0] for each in names] == ["cash-discount", "refund", "refund"]
    assert max(map(len, names)) < 40
    assert sum(free_of(books, each) for each in books.payments) == 0
