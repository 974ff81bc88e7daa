"""A wrong cent, or a wrong account, in the books of an agreement is found."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import attrs
import pytest

import billingcore as bc
from billingcore.testing import check_books
from tests.chains import (
    DEPOSIT,
    FINAL,
    PARTIAL,
    PROGRESS,
    cancel,
    issue,
    pay,
    store_with,
)
from tests.unit.ledger.chains import ACCOUNTING, accounting

CENT = Decimal("0.01")


def opened(**changes):
    """Give a store that books in some way."""
    return store_with(accounting=accounting(**changes))


def chain(*, with_final=True, undo=False, **changes):
    """Give the books of an agreement of all kinds, with payments and a credit."""
    store = opened(**changes)
    first = issue(store, PROGRESS, 2500, (100, "DE_7"))
    issue(store, PARTIAL, 1000)
    deposit, late = issue(store, DEPOSIT, 300), issue(store, DEPOSIT, 77)
    pay(store, "Z-1", "1190", first.number)
    pay(store, "Z-2", "357", deposit.number)
    bc.finalize(bc.credit(first.number, store.books("acme"), gross="100"), store, on="2026-03-02")
    close = partial(bc.close, number=late.number, on="2026-03-03")
    store.record("acme", close)
    if with_final:
        final = issue(store, FINAL, 10000, (50, "DE_7"), on="2026-04-01")
        if undo:
            cancel(store, final.number)
    return store.books("acme")


CHAINS = {
    "net": {},
    "gross": {"is_gross": True},
    "deposits": {"books_deposits": True},
    "open": {"with_final": False, "books_deposits": True},
    "undone": {"undo": True, "books_deposits": True},
    "later job": {"is_immediate": False, "with_final": False},
}


@pytest.mark.parametrize("options", CHAINS.values(), ids=CHAINS)
def test_all_is_well(options):
    """The books as they are made pass."""
    check_books(chain(**options))


def wrong():
    """Yield books in which each detail, and its other side, is wrong by a cent."""
    for name in ("net", "gross", "deposits", "open", "undone"):
        books = chain(**CHAINS[name])
        for source, entries in books.entries.items():
            for place, entry in enumerate(entries):
                for detail in range(len(entry.details)):
                    changed = [*entries]
                    changed[place] = a_cent_more(entry, entry.details[detail])
                    yield pytest.param(
                        attrs.evolve(books, entries={**books.entries, source: changed}),
                        id=f"{name} {entry.id} {detail}",
                    )


def a_cent_more(entry, line):
    """Add a cent to a detail and to its other side."""
    place = entry.lines.index(line)
    other = next(
        at for at, each in enumerate(entry.lines)
        if not each.is_detail and each.account == line.contra
    )  # fmt: skip
    is_same_side = entry.lines[other].side is line.side
    lines = [*entry.lines]
    lines[place] = line._replace(amount=line.amount + CENT)
    against = lines[other].amount + (-CENT if is_same_side else CENT)
    lines[other] = lines[other]._replace(amount=against)
    return attrs.evolve(entry, lines=lines)


@pytest.mark.parametrize("books", [*wrong()])
def test_a_wrong_cent_is_found(books):
    """In whatever entry it is, and though that still balances."""
    with pytest.raises(bc.InvariantViolationError):
        check_books(books)


def renamed(**numbers):
    """Give the bookkeeping with other accounts or contra accounts for some types."""

    def change(each):
        field, number = numbers.get(each.type.name.lower(), ("", ""))
        return attrs.evolve(each, **{field: number}) if field else each

    return [change(each) for each in ACCOUNTING.collective]


WRONG_ACCOUNTS = {
    "paid advances against the debtor": (
        {"interim_payment": ("contra", "10000")}, "Interim Revenue",
    ),
    "cleared on another account than paid": (
        {"interim_payment_clearing": ("account", "1719")}, "Interim Payment",
    ),
    "payments on the account of advances": ({"payment": ("account", "1593")}, "Interim Revenue"),
}  # fmt: skip


@pytest.mark.parametrize(("numbers", "message"), WRONG_ACCOUNTS.values(), ids=WRONG_ACCOUNTS)
def test_accounts_of_advances_that_do_not_fit_are_found(numbers, message):
    """Each entry is right by itself, but what stands on the accounts is not what it should be."""
    with pytest.raises(bc.InvariantViolationError, match=f"accounts of type {message}"):
        check_books(chain(collective=renamed(**numbers), chart=[]))


def test_a_wrong_debtor_is_found():
    """What is booked on a customer beyond documents and payments is refused."""
    books = chain()
    (source, (entry, *rest)) = next(iter(books.entries.items()))
    stray = attrs.evolve(entry, id="other", source="other")
    stray = attrs.evolve(
        stray,
        lines=[
            each._replace(type=bc.EntryType.CLEARING) if each.is_detail else each
            for each in stray.lines
        ],
    )
    lines = [each._replace(account="9999") if each.is_detail else each for each in stray.lines]
    stray = attrs.evolve(stray, lines=lines)
    assert (source, rest) == ("invoice/2026-00001", [])

    with pytest.raises(bc.InvariantViolationError, match="on the debtor stands"):
        check_books(attrs.evolve(books, entries={**books.entries, "other": [stray]}))


def test_debtors_are_not_compared_where_others_name_them():
    """If collective accounts name the other side, documents do not say what stands there."""
    numbers = {"payment": ("contra", "1399")}

    check_books(chain(collective=renamed(**numbers), chart=[]))


def test_debtors_are_not_compared_with_what_was_made_elsewhere():
    """A final that folds in an advance made elsewhere has its open rest on the debtor."""
    store = opened()
    issue(store, PROGRESS, 100)
    elsewhere = bc.ChainDocument(
        "X-1", kind=PROGRESS, key="house", date="2026-01-10", currency="EUR",
        invoiced=[bc.TaxAmount(bc.Tax("DE_19", rate=19), Decimal(400), Decimal(76))],
    )  # fmt: skip
    store.put_earlier("acme", elsewhere)
    issue(store, FINAL, 10000, on="2026-04-01")

    check_books(store.books("acme"))
