"""Journals A to E of behavior 6.5 in a store: balances of accounts and documents after each step."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

import billingcore as bc
from billingcore.testing import check_books
from tests.chains import DEPOSIT, FINAL, PARTIAL, PROGRESS, cancel, issue, pay, store_with
from tests.unit.ledger.books import by_account, rows
from tests.unit.ledger.chains import accounting

REMAINDER = bc.DOCUMENTED.but(final_shape=bc.FinalShape.REMAINDER)
INVOICED = bc.DOCUMENTED.but(deduct_progress=bc.DeductProgress.INVOICED)
SHAPES = {"all that was agreed": bc.DOCUMENTED, "the remainder": REMAINDER}
DEBTOR = "10000"


def entries_of(store):
    """Give all entries of the account."""
    return [entry for each in store.books("acme").entries.values() for entry in each]


def stands(store):
    """Give the balances of accounts that are not 0, after the laws were checked."""
    check_books(store.books("acme"))
    return by_account(entries_of(store))


def owed(store, document):
    """Give the balance of a document as text."""
    return str(bc.balance_of(store.books("acme"), document.number))


@pytest.fixture(params=SHAPES.values(), ids=SHAPES)
def policy(request):
    """Give each of the two shapes of a final."""
    return request.param


@pytest.fixture
def store():
    """Give a store that books."""
    return store_with(accounting=accounting(books_deposits=True))


@pytest.mark.parametrize("kind", [PROGRESS, DEPOSIT], ids=["progress", "deposit"])
def test_journal_a(store, policy, kind):
    """Two paid advances are deducted, and with the final paid nothing is left of them."""
    for name in ("Z-1", "Z-2"):
        sub = issue(store, kind, 2500)
        pay(store, name, "2975", sub.number)
    assert stands(store) == {"1200": "5950.00", "1718": "-5000.00", "1776": "-950.00"}

    final = issue(store, FINAL, 10000, policy=policy, on="2026-04-01")
    assert stands(store) == {
        "1200": "5950.00", DEBTOR: "5950.00", "1776": "-1900.00", "8400": "-10000.00",
    }  # fmt: skip
    assert owed(store, final) == "5950.00"

    pay(store, "Z-3", "5950", final.number, on="2026-05-01")
    assert stands(store) == {"1200": "11900.00", "1776": "-1900.00", "8400": "-10000.00"}


@pytest.mark.parametrize("reverses", [False, True], ids=["net", "reversal"])
def test_journal_b(policy, reverses):
    """Of partial invoices only the remainder is new, in either form."""
    store = store_with(accounting=accounting(reverses_partials=reverses))
    for name in ("Z-1", "Z-2"):
        pay(store, name, "2975", issue(store, PARTIAL, 2500).number)
    final = issue(store, FINAL, 10000, policy=policy, on="2026-04-01")

    assert stands(store) == {
        "1200": "5950.00", DEBTOR: "5950.00", "1776": "-1900.00", "8400": "-10000.00",
    }  # fmt: skip
    pay(store, "Z-3", "5950", final.number, on="2026-05-01")
    assert stands(store) == {"1200": "11900.00", "1776": "-1900.00", "8400": "-10000.00"}


def test_journal_c(store, policy):
    """What is open of progress invoices moves to the final: 8,925.00, with P-2 unpaid."""
    first, second = issue(store, PROGRESS, 2500), issue(store, PROGRESS, 2500)
    pay(store, "Z-1", "2975", first.number)
    assert stands(store)["1593"] == "-2975.00"
    final = issue(store, FINAL, 10000, policy=policy, on="2026-04-01")

    assert stands(store) == {
        "1200": "2975.00", DEBTOR: "8925.00", "1776": "-1900.00", "8400": "-10000.00",
    }  # fmt: skip
    assert [owed(store, each) for each in (first, second, final)] == ["0.00", "0.00", "8925.00"]


def test_journal_c_part_paid(store, policy):
    """1,190.00 of 2,975.00 is deducted, 1,785.00 leaves 1593, and 10,710.00 is asked for."""
    sub = issue(store, PROGRESS, 2500)
    pay(store, "Z-1", "1190", sub.number)
    assert stands(store) == {
        "1200": "1190.00", DEBTOR: "1785.00", "1593": "-1785.00", "1718": "-1000.00",
        "1776": "-190.00",
    }  # fmt: skip
    final = issue(store, FINAL, 10000, policy=policy, on="2026-04-01")

    assert stands(store) == {
        "1200": "1190.00", DEBTOR: "10710.00", "1776": "-1900.00", "8400": "-10000.00",
    }  # fmt: skip
    assert owed(store, final) == "10710.00"


def test_journal_d(store, policy):
    """Too much was invoiced: 1,190.00 is owed to the customer, and paid out."""
    for name in ("Z-1", "Z-2"):
        pay(store, name, "2975", issue(store, PROGRESS, 2500).number)
    final = issue(store, FINAL, 4000, policy=policy, on="2026-04-01")
    assert stands(store) == {
        "1200": "5950.00", DEBTOR: "-1190.00", "1776": "-760.00", "8400": "-4000.00",
    }  # fmt: skip

    payout = bc.Payment(
        "Z-3", account="acme", amount="1190", currency="EUR", date="2026-05-01",
        kind=bc.PaymentKind.PAYOUT, invoices=[final.number],
    )  # fmt: skip
    bc.pay(store, payout)
    assert stands(store) == {"1200": "4760.00", "1776": "-760.00", "8400": "-4000.00"}
    assert owed(store, final) == "0.00"


def test_journal_e(store):
    """Of a canceled progress invoice the money stays, which is free on the debtor."""
    sub = issue(store, PROGRESS, 2500)
    pay(store, "Z-1", "2975", sub.number)
    cancel(store, sub.number, on="2026-04-01")

    assert stands(store) == {"1200": "2975.00", DEBTOR: "-2975.00"}
    assert rows(store.books("acme").entries[f"interim/{sub.number}/payment/Z-1"]) == [
        ("Interim Payment", "1593", "1718", "2500.00"),
        ("Interim Tax", "1593", "1776", "475.00"),
        ("Interim Payment", "1718", "1593", "2500.00"),
        ("Interim Tax", "1776", "1593", "475.00"),
    ]


def test_a_canceled_final_gives_all_back(store, policy):
    """After the final is canceled, the books are those before it."""
    sub = issue(store, PROGRESS, 2500)
    pay(store, "Z-1", "1190", sub.number)
    before = stands(store)
    cancel(store, issue(store, FINAL, 10000, policy=policy, on="2026-04-01").number)

    assert stands(store) == before


def test_a_credit_lowers_an_advance(store):
    """A credit of 595.00 takes 595.00 off 1593, and the final deducts and clears the rest."""
    sub = issue(store, PROGRESS, 2500)
    bc.finalize(bc.credit(sub.number, store.books("acme"), gross="595"), store, on="2026-02-10")
    assert stands(store) == {DEBTOR: "2380.00", "1593": "-2380.00"}
    pay(store, "Z-1", "2380", sub.number)
    assert stands(store) == {"1200": "2380.00", "1718": "-2000.00", "1776": "-380.00"}
    issue(store, FINAL, 10000, on="2026-04-01")

    assert stands(store) == {
        "1200": "2380.00", DEBTOR: "9520.00", "1776": "-1900.00", "8400": "-10000.00",
    }  # fmt: skip


def test_claims_of_their_own_end_at_zero(policy):
    """Deducted as invoiced, an advance is cleared before it is paid, and 1718 ends at 0."""
    store = store_with(accounting=accounting())
    sub = issue(store, PROGRESS, 2500)
    chosen = policy.but(deduct_progress=bc.DeductProgress.INVOICED)
    final = issue(store, FINAL, 10000, policy=chosen, on="2026-04-01")
    assert stands(store) == {
        DEBTOR: "11900.00", "1593": "-2975.00", "1718": "2500.00", "1776": "-1425.00",
        "8400": "-10000.00",
    }  # fmt: skip

    pay(store, "Z-1", "2975", sub.number, on="2026-05-01")
    pay(store, "Z-2", "8925", final.number, on="2026-05-01")
    assert stands(store) == {"1200": "11900.00", "1776": "-1900.00", "8400": "-10000.00"}


def test_deposits_that_are_not_booked_stand_on_the_debtor(policy):
    """Their money is on the debtor, where the full amount of the final meets it."""
    store = store_with(accounting=accounting())
    sub = issue(store, DEPOSIT, 300)
    assert stands(store) == {}
    pay(store, "Z-1", "357", sub.number)
    assert stands(store) == {"1200": "357.00", DEBTOR: "-357.00"}
    final = issue(store, FINAL, 1000, policy=policy, on="2026-04-01")

    assert stands(store) == {
        "1200": "357.00", DEBTOR: "833.00", "1776": "-190.00", "8400": "-1000.00",
    }  # fmt: skip
    assert owed(store, final) == "833.00"


def test_in_gross_values_tax_stands_nowhere(policy):
    """1718 and 8400 hold gross amounts, from which another program takes the tax."""
    store = store_with(accounting=accounting(is_gross=True))
    sub = issue(store, PROGRESS, 2500)
    pay(store, "Z-1", "1190", sub.number)
    assert stands(store) == {
        "1200": "1190.00", DEBTOR: "1785.00", "1593": "-1785.00", "1718": "-1190.00",
    }  # fmt: skip
    issue(store, FINAL, 10000, policy=policy, on="2026-04-01")

    assert stands(store) == {"1200": "1190.00", DEBTOR: "10710.00", "8400": "-11900.00"}


def test_cash_rounding_of_an_advance_is_taken_back(policy):
    """Of 119.02, rounded to 119.00, nothing was paid: the final asks for 119.00 less rounding."""
    cash = attrs.evolve(policy, cash_increments=(("EUR", Decimal("0.05")),))
    store = store_with(accounting=accounting())
    issue(store, PROGRESS, "100.02", policy=cash)
    assert stands(store) == {DEBTOR: "119.00", "1593": "-119.02", "8740": "0.02"}
    final = issue(store, FINAL, "1000", policy=cash, on="2026-04-01")

    assert stands(store) == {DEBTOR: "1190.00", "1776": "-190.00", "8400": "-1000.00"}
    assert owed(store, final) == "1190.00"


def test_cash_rounding_of_an_unbooked_deposit_is_booked_by_the_final(policy):
    """119.00 was paid of 119.02, which is deducted: the two cents are booked by the final."""
    cash = attrs.evolve(policy, cash_increments=(("EUR", Decimal("0.05")),))
    store = store_with(accounting=accounting())
    sub = issue(store, DEPOSIT, "100.02", policy=cash)
    pay(store, "Z-1", "119", sub.number)
    final = issue(store, FINAL, "1000", policy=cash, on="2026-04-01")

    assert owed(store, final) == stands(store)[DEBTOR] == "1071.00"
