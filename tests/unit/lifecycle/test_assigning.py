"""Which documents a payment is for."""

import datetime as dt
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.lifecycle.books import Effects
from billingcore.lifecycle.joining import after
from billingcore.lifecycle.paying.assigning import assign, assign_free
from billingcore.lifecycle.paying.free import free_credits
from billingcore.lifecycle.standing import balance_of, free_of
from tests.unit.lifecycle.papers import books_of, canceled, paper, payment

DAY = dt.date(2026, 2, 10)
Kind = bc.PaymentKind


def put(books, *payments):
    """Give books after payments, each assigned to what it names."""
    for each in payments:
        made = assign(books, each, DAY)
        books = after(books, Effects("acme", payments=(each,), assignments=made))
    return books


def told(assignments):
    """Write assignments down."""
    return [f"{each.id} {each.amount.normalize():f}" for each in assignments]


def three(*payments):
    """Give books with invoices of 10, 20 and 30, and payments."""
    return put(books_of(paper("A", 10), paper("B", 20), paper("C", 30)), *payments)


@pytest.mark.parametrize(
    ("amount", "names", "expected"),
    [
        (10, "A", ["P/A -10"]),
        (7, "A", ["P/A -7"]),
        (12, "A", ["P/A -10"]),
        (25, "AB", ["P/A -10", "P/B -15"]),
        (25, "BA", ["P/B -20", "P/A -5"]),
        (100, "ABC", ["P/A -10", "P/B -20", "P/C -30"]),
        (5, "", []),
    ],
    ids=["exact", "under", "over", "two", "two in their order", "over for all", "for none"],
)
def test_a_payment_pays_the_documents_that_it_names_in_order(amount, names, expected):
    """Each takes up to its balance, and the rest stays free."""
    assert told(assign(three(), payment("P", amount, *names), DAY)) == expected


def test_a_payment_that_did_not_change_changes_nothing():
    """The same payment twice is one payment."""
    books = three(payment("P", 25, "A", "B"))

    assert assign(books, payment("P", 25, "A", "B"), DAY) == ()


def test_a_payment_that_becomes_more_goes_on_where_it_stopped():
    """The difference is assigned, under an id of its own."""
    books = three(payment("P", 25, "A", "B"))

    assert told(assign(books, payment("P", 27, "A", "B"), DAY)) == ["P/B~2 -2"]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(22, ["P/B~2 3"]), (4, ["P/B~2 15", "P/A~2 6"]), (0, ["P/B~2 15", "P/A~2 10"])],
    ids=["a little less", "much less", "deleted"],
)
def test_a_payment_that_becomes_less_takes_back_what_it_gave_last(amount, expected):
    """25 paid all 10 of A and 15 of B."""
    books = three(payment("P", 25, "A", "B"))

    assert told(assign(books, payment("P", amount, "A", "B"), DAY)) == expected


def test_a_payment_for_another_document_is_taken_back_from_the_first():
    """It was recorded for A, but was meant for B."""
    books = three(payment("P", 10, "A"))

    assert told(assign(books, payment("P", 10, "B"), DAY)) == ["P/A~2 10", "P/B -10"]


def test_a_free_balance_can_be_assigned_to_chosen_documents():
    """A payment for nothing is given to C, then to nothing again."""
    books = three(payment("P", 10))

    assert told(assign(books, payment("P", 10), DAY, ["C"])) == ["P/C -10"]


def test_a_payment_that_turns_round_gives_all_back():
    """A payment of 10 was a payment of -10, so the customer owes 10 more than before."""
    books = put(three(payment("P", 10, "A")), payment("P", -10, "A"))

    assert balance_of(books, "A") == 10
    assert free_of(books, "P") == 10


def test_money_that_goes_back_opens_a_document_again_by_what_was_paid_of_it():
    """The bank takes 12 back, but only 10 were paid of A."""
    books = three(payment("P", 10, "A"))

    assert told(assign(books, payment("Q", -12, "A"), DAY)) == ["Q/A 10"]


def test_a_payout_pays_a_credit():
    """A credit of 5 is paid out."""
    books = books_of(paper("C", -5))

    assert told(assign(books, payment("P", 8, "C", kind=Kind.PAYOUT), DAY)) == ["P/C 5"]
    assert assign(books, payment("P", 8, "C"), DAY) == ()


def test_a_dunning_fee_is_owed_on_top():
    """It raises the balance of a document by all of it."""
    books = three(payment("F", 3, "A", kind=Kind.DUNNING_FEE), payment("P", 13, "A"))

    assert balance_of(books, "A") == 0


def test_a_dunning_fee_that_was_paid_and_is_taken_back_makes_its_payment_free():
    """No document asks for less than nothing: the 3 that were paid for the fee are free again."""
    fee = payment("F", 3, "A", kind=Kind.DUNNING_FEE)
    books = three(fee, payment("P", 6, "A"), payment("Q", 2, "A"), payment("R", 5, "A"))

    taken = assign(books, payment("F", 0, "A", kind=Kind.DUNNING_FEE), DAY)

    assert told(taken) == ["F/A~2 -3", "R/A~2 3"]


def test_a_provider_fee_is_for_no_document():
    """Who pays the provider is not the customer."""
    assert assign(three(), payment("F", 3, "A", kind=Kind.PROVIDER_FEE), DAY) == ()


def test_a_document_that_was_canceled_later_keeps_nothing():
    """What it had is free; the payment can still be recorded again, and new ones are refused."""
    books = canceled(three(payment("P", 10, "A")), "A")

    assert free_of(books, "P") == -10
    assert assign(books, payment("P", 12, "A"), DAY) == ()
    with pytest.raises(bc.InvalidInputError, match="invoices = 'A': A-X canceled it; leave it out"):
        assign(books, payment("Q", 10, "A"), DAY)


@pytest.mark.parametrize(
    ("made", "rule"),
    [
        (payment("Q", 10, "A-X"), "it is the cancellation of A; leave it out"),
        (payment("F", 3, "A-X", kind=Kind.DUNNING_FEE), "it is the cancellation of A"),
        (payment("F", 3, "C", kind=Kind.DUNNING_FEE), "it is a credit, nobody is reminded of it"),
    ],
    ids=["payment of a cancellation", "fee on a cancellation", "fee on a credit"],
)
def test_nothing_brings_a_document_past_0_that_asks_for_nothing(made, rule):
    """The error names the number and what it is."""
    books = canceled(books_of(paper("A", 10), paper("C", -5)), "A")

    with pytest.raises(bc.InvalidInputError, match=rule):
        assign(books, made, DAY)


def test_a_payment_of_an_unknown_document_is_refused():
    """The error names the payment and the number."""
    with pytest.raises(
        bc.InvalidInputError, match=r"Payment 'P': invoices = 'Z': no document .* has A, B, C"
    ):
        assign(three(), payment("P", 10, "Z"), DAY)


def test_a_payment_in_another_currency_is_refused():
    """Nobody knows at which rate."""
    with pytest.raises(bc.CurrencyMismatchError, match="it is in EUR, the payment in USD"):
        assign(three(), payment("P", 10, "A", currency="USD"), DAY)


def test_ids_of_assignments_cannot_be_mistaken():
    """A slash within an id is escaped."""
    books = books_of(paper("1/2", 5))

    assert told(assign(books, payment("P/0", 5, "1/2"), DAY)) == ["P%2F0/1%2F2 -5"]


def test_a_new_document_takes_free_balances_that_expire_first():
    """A grant until March goes before older money, and only as much as is due is taken."""
    books = three(
        payment("P", 4, on="2026-01-05"),
        payment("Q", 9, on="2026-01-04", kind=Kind.PREPAYMENT),
        payment("G", 2, kind=Kind.GRANT, until="2026-03-31"),
        payment("H", 50, kind=Kind.GRANT, until="2026-02-27"),
        payment("U", 50, currency="USD"),
    )

    made = assign_free(books, paper("N", 12), dt.date(2026, 2, 28))

    assert told(made) == ["G/N -2", "Q/N -9", "P/N -1"]


def test_a_grant_counts_on_its_last_day():
    """`until` is inclusive."""
    books = three(payment("G", 2, kind=Kind.GRANT, until="2026-02-28"))

    assert told(assign_free(books, paper("N", 12), dt.date(2026, 2, 28))) == ["G/N -2"]


def test_a_document_takes_no_more_than_what_is_left_to_pay():
    """A credit cleared a part of it before."""
    books = three(payment("P", 40))

    assert told(assign_free(books, paper("N", 12), DAY, Decimal(5))) == ["P/N -5"]


@pytest.mark.parametrize(
    ("due", "kind"),
    [(0, None), (-5, None), (5, bc.InvoiceKind.CANCELLATION)],
    ids=["nothing due", "credit", "cancellation of a credit"],
)
def test_a_document_that_asks_for_nothing_takes_nothing(due, kind):
    """Free balances wait for the next one."""
    books = three(payment("P", 40))

    assert assign_free(books, paper("N", due, kind=kind), DAY) == ()


def test_what_was_given_up_is_no_credit():
    """A write-off of a document that is canceled cannot pay another one."""
    books = three(payment("W", 4, "A", kind=Kind.WRITE_OFF))

    assert free_credits(canceled(books, "A"), "EUR", DAY) == []


def test_a_refund_is_set_off_from_the_payment_that_it_names():
    """3 of P went back, so 7 are left of it, and all of Q."""
    books = three(
        payment("P", 10, on="2026-01-04"),
        payment("Q", 5, on="2026-01-05"),
        payment("R", 3, kind=Kind.REFUND, reference="P"),
    )

    found = free_credits(books, "EUR", DAY)

    assert [(each.id, amount) for each, amount in found] == [("P", 7), ("Q", 5)]


def test_what_is_owed_beyond_documents_is_set_off_from_the_other_end():
    """A fee of 6 takes all of Q, which is newer, and 1 of P."""
    books = three(
        payment("P", 10, on="2026-01-04"),
        payment("Q", 5, on="2026-01-05"),
        payment("F", 6, kind=Kind.DUNNING_FEE),
    )

    found = free_credits(books, "EUR", DAY)

    assert [(each.id, amount) for each, amount in found] == [("P", 9)]
