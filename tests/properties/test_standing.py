"""Money does not vanish: what was asked for and paid is what is open and free, at any time."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.lifecycle.books import Effects
from billingcore.lifecycle.joining import after
from billingcore.lifecycle.paying.assigning import assign_free
from billingcore.lifecycle.paying.giving_back import payout, refund, write_off
from billingcore.lifecycle.paying.payments import paid
from billingcore.lifecycle.paying.settling import clear_credit, settled, unlinked
from billingcore.lifecycle.standing import balance_of, canceled_by, free_of, standing
from tests.unit.lifecycle.papers import books_of, canceled, paper, payment, with_terms

DAY = dt.date(2026, 2, 5)
SKONTO = bc.PaymentTerms(cash_discounts=[bc.CashDiscount(7, percent=3)])
CENTS = st.integers(-2000, 2000).map(lambda cents: Decimal(cents) / 100)
NAMES = st.sampled_from(["D0", "D1", "D2", "D3"])
FEE = "P7"
"""The payment that is a dunning fee, which is owed on top."""

KINDS = {f"P{number}": kind for number, kind in enumerate(bc.PaymentKind)}


@st.composite
def steps(draw):
    """Draw one thing that happens to an account."""
    happen = draw(
        st.sampled_from([bill, bill, record, record, record, credit, cancel, settle, rest])
    )
    name = draw(st.sampled_from(sorted(KINDS)))
    return happen, name, draw(CENTS), draw(st.lists(NAMES, unique=True, max_size=3))


def bill(books, _, amount, names):
    """Finalize a document, which takes free balances."""
    number = f"D{len(books.invoices)}"
    document = paper(number, amount)
    document = with_terms(document, SKONTO) if names else document
    assignments = assign_free(books, document, DAY)
    return after(books, Effects("acme", assignments=assignments), document)


def record(books, name, amount, names):
    """Record a payment, or change it."""
    made = payment(name, amount, *names, on=DAY, kind=KINDS[name])
    return after(books, paid(books, made))


def credit(books, _, amount, names):
    """Credit a document in part or, if the amount is below 0, as a whole."""
    original = books.invoice(names[0] if names else "D0")
    due = original.totals.due
    given = due.copy_negate() if amount < 0 else (min(amount, due) if due > 0 else amount) * -1
    document = paper(f"C{len(books.invoices)}", given, original=original.number)
    return after(books, clear_credit(books, document), document)


def cancel(books, _, __, names):
    """Cancel a document with all that others paid of it."""
    number = names[0] if names else "D0"
    if canceled_by(books, number) or books.invoice(number).draft.original:
        return books
    return canceled(after(books, unlinked(books, number, on=DAY)), number)


def settle(books, *_):
    """Let all open credits pay open documents."""
    return after(books, settled(books, on=DAY))


def rest(books, name, amount, names):
    """Write off, pay out or give back what is left."""
    if not names:
        made = refund(books, name, on=DAY)
    else:
        made = (payout if amount < 0 else write_off)(books, names[0], on=DAY)
    return after(books, paid(books, made))


@given(st.lists(steps(), max_size=14))
def test_what_is_asked_for_and_paid_is_what_is_open_and_free(happenings):
    """After any sequence; nothing goes past 0, and no id comes twice."""
    books = books_of()
    for happen, *facts in happenings:
        with suppress(bc.InvalidInputError):
            books = happen(books, *facts)
        check(books)


def check(books):
    """Check what holds for all books."""
    balances = {number: balance_of(books, number) for number in books.invoices}
    frees = {name: free_of(books, name) for name in books.payments}
    asked = sum(each.totals.due for each in books.invoices.values())
    moved = sum(each.effect for each in books.payments.values())
    assert asked + moved == sum(balances.values()) + sum(frees.values())
    for name, free in frees.items():
        assert free * books.payments[name].effect >= 0
        assert abs(free) <= abs(books.payments[name].effect)
    for number, balance in balances.items():
        found = standing(books, number)
        assert (found.payment_date is None) is (balance != 0)
        assert balance == 0 or not canceled_by(books, number)
        fees = [each for each in books.assignments if each[1:3] == (FEE, number)]
        assert fees or balance * books.invoices[number].totals.due >= 0
    for rows in (books.assignments, books.clearings):
        assert len({row.id for row in rows}) == len(rows)
