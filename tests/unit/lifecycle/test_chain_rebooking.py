"""Advances and finals that were booked without an account are repaired, also one after the other."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.lifecycle.joining import after
from billingcore.testing import check_books
from tests.chains import ACME, FINAL, PARTIAL, PROGRESS, issue, pay, store_with
from tests.unit.ledger.books import by_account, rows
from tests.unit.ledger.chains import ACCOUNTING, accounting
from tests.unit.lifecycle.test_rebooking import all_of, mended

REVENUE = bc.EntryType.REVENUE


def without(*types):
    """Give the bookkeeping without the collective accounts of some types."""
    kept = [each for each in ACCOUNTING.collective if each.type not in types]
    rules = [] if REVENUE in types else ACCOUNTING.rules
    return accounting(collective=kept, rules=rules)


def chain(books, account=ACME):
    """Give the books of a partial and a progress invoice, which is paid in part, and the final."""
    store = store_with(account=account, accounting=books)
    issue(store, PARTIAL, 1000)
    sub = issue(store, PROGRESS, 2500)
    pay(store, "Z-1", "1190", sub.number)
    issue(store, FINAL, 10000, on="2026-04-01")
    return store.books("acme")


RIGHT = by_account(all_of(chain(ACCOUNTING)))
TYPES = {
    each.value: (each,)
    for each in (
        REVENUE,
        bc.EntryType.TAX,
        bc.EntryType.INTERIM_REVENUE,
        bc.EntryType.INTERIM_PAYMENT,
        bc.EntryType.INTERIM_TAX,
        bc.EntryType.INTERIM_PAYMENT_CLEARING,
    )
}


@pytest.mark.parametrize("types", TYPES.values(), ids=TYPES)
def test_a_missing_account_of_a_chain_is_repaired(types):
    """After it the books are those that had the account from the beginning."""
    books = mended(chain(without(*types)), ACCOUNTING)
    effects = bc.book_documents(books)
    books = after(books, effects)

    assert effects.problems == ()
    assert by_account(all_of(books)) == RIGHT
    check_books(books)
    assert bc.book_documents(books).entries == ()


def test_all_accounts_of_a_chain_are_repaired():
    """Also if there was none at all."""
    every = [kind for kinds in TYPES.values() for kind in kinds]
    books = mended(chain(without(*every)), ACCOUNTING)
    books = after(books, bc.book_documents(books))

    assert by_account(all_of(books)) == RIGHT
    check_books(books)


def test_a_paid_advance_is_moved_by_a_difference():
    """What stood without an account goes to 1718, in the entry of the receipt that is next."""
    books = mended(chain(without(bc.EntryType.INTERIM_PAYMENT)), ACCOUNTING)
    moved = [each for each in bc.book_documents(books).entries if "~" in each.id]

    (entry,) = [each for each in moved if each.source.startswith("interim/")]
    assert entry.id.endswith("/payment/Z-1~2")
    assert rows([entry]) == [
        ("Interim Payment", "1593", "1718", "1000.00"),
        ("Interim Payment", "", "10000", "1000.00"),
    ]


def test_nothing_to_repair_is_reported_again():
    """As long as there is no account, nothing is booked, and what is missing is named."""
    effects = bc.book_documents(chain(without(bc.EntryType.INTERIM_TAX)))

    assert effects.entries == ()
    assert [each.message for each in effects.problems] == [
        "Interim Tax: no account fits for tax_code 'DE_19'"
    ]
