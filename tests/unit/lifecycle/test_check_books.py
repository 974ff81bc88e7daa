"""A cent that is wrong anywhere in the books is found."""

from decimal import Decimal

import attrs
import pytest

import billingcore as bc
from billingcore import testing
from tests import business

STORE = business.year()
BOOKS = STORE.books("K2")
CENT = Decimal("0.01")


def wrong_entries():
    """Yield each entry with one of its details, and the sum on the other side, wrong by a cent."""
    for source, entries in BOOKS.entries.items():
        for place, entry in enumerate(entries):
            line = entry.details[0]
            other = next(each for each in entry.lines if each.account == line.contra)
            changed = [
                each._replace(amount=each.amount + CENT) if each in (line, other) else each
                for each in entry.lines
            ]
            yield pytest.param(
                {**BOOKS.entries, source: (*entries[:place], changed, *entries[place + 1 :])},
                source,
                place,
                id=entry.id,
            )


@pytest.mark.parametrize("account", STORE.accounts())
def test_a_year_of_business_is_right(account):
    """The books of every customer add up, after payments, credits and cancellations."""
    testing.check_books(STORE.books(account))


@pytest.mark.parametrize(("entries", "source", "place"), [*wrong_entries()])
def test_a_wrong_cent_in_any_entry_is_found(entries, source, place):
    """Also if it is wrong on both sides, so that the entry itself still balances."""
    old = BOOKS.entries[source][place]
    wrong = list(entries[source])
    wrong[place] = attrs.evolve(old, lines=entries[source][place])
    books = attrs.evolve(BOOKS, entries={**entries, source: tuple(wrong)})

    with pytest.raises(bc.InvariantViolationError):
        testing.check_books(books)


def test_a_wrong_cent_on_one_side_cannot_be_written():
    """Such an entry does not exist."""
    entry = next(iter(BOOKS.entries.values()))[0]
    first, *rest = entry.lines
    lines = (first._replace(amount=first.amount + CENT), *rest)

    with pytest.raises(bc.InvariantViolationError, match="not equal"):
        attrs.evolve(entry, lines=lines)


def test_a_lost_assignment_is_found():
    """What was paid is somewhere: on a document, or free."""
    payment = next(iter(BOOKS.payments.values()))
    books = attrs.evolve(
        BOOKS,
        payments={
            **BOOKS.payments,
            payment.id: attrs.evolve(payment, amount=payment.amount + CENT),
        },
    )

    with pytest.raises(bc.InvariantViolationError):
        testing.check_books(books)


def test_books_that_are_not_kept_are_right():
    """Without bookkeeping there are no entries to check."""
    testing.check_books(attrs.evolve(BOOKS, entries={}, setup=bc.Setup()))


def test_what_a_payment_gives_must_be_its_own():
    """An assignment of a payment that nobody made leaves the sums apart."""
    number = next(iter(BOOKS.invoices))
    stray = bc.Assignment("X", "X", number, -CENT, business.LAST)
    books = attrs.evolve(BOOKS, assignments=(*BOOKS.assignments, stray))

    with pytest.raises(bc.InvariantViolationError, match="what is open and what is free"):
        testing.check_books(books)
