"""The entry of an ordinary final: made in one pass, and equal to the one that is made with care."""

from __future__ import annotations

import copy
import pickle
from unittest import mock

import attrs
import pytest

import billingcore as bc
from billingcore.ledger.plain_finals import plain_final
from tests.chains import DEPOSIT, FINAL, PARTIAL, PROGRESS, issue, pay, store_with
from tests.unit.ledger.chains import ACCOUNTING, accounting, document, final, part_invoice

IN_CENTER = bc.BookingTerms(center="C-1")


def store_of(*paid, kind=PROGRESS, **changes):
    """Give a store with a paid advance for each of some net amounts."""
    store = store_with(accounting=accounting(**changes))
    for count, amount in enumerate(paid, 1):
        advance = issue(store, kind, amount)
        pay(store, f"P-{count}", advance.totals.due, advance.number)
    return store


def closing(store, *items, **options):
    """Give the final of a store over items, as it is issued, with what was booked before."""
    books = store.books("acme")
    draft = bc.draft(
        books.account, items, period=bc.Period.month(2026, 1), tax=store.tax, setup=store.setup,
        kind=FINAL, sub_invoice_key="house", books=books, reference="final", **options,
    )  # fmt: skip
    prior = {
        each.number: books.entries.get(f"invoice/{each.number}", ()) for each in draft.deductions
    }
    day = bc.Period.month(2026, 1).first
    return bc.Invoice("R-1", day, day, draft), store.setup.accounting, prior


def sold(name, price, code="DE_19", **fields):
    """Give an item."""
    return bc.Item(name, unit_price=price, tax_code=code, **fields)


def both(invoice, books, prior):
    """Give what is booked in one pass, after it was compared to what is booked with care."""
    plain, careful = (
        plain_final(invoice, books, prior),
        bc.invoice_entries(invoice, books, prior=prior),
    )

    assert plain == careful
    assert repr(plain.entries[0].lines) == repr(careful.entries[0].lines)
    return plain


CASES = {
    "several of each account": [
        sold("one", 900), sold("two", 100, "DE_7"), sold("three", 300), sold("four", 1),
    ],
    "one that is free": [sold("one", 1000), sold("gift", 0, booking=IN_CENTER)],
    "two ways to one account": [
        sold("one", 1000), sold("two", 100, booking=bc.BookingTerms(product_group="Books")),
    ],
    "in advance and in arrears": [
        sold("one", 1000),
        sold("two", 100, billing_practice=bc.BillingPractice.ARREARS),
        sold("three", 50, billing_practice=bc.BillingPractice.ARREARS),
    ],
    "one that is taken back": [sold("one", 1000), sold("back", -30, booking=IN_CENTER)],
    "less than was paid": [sold("one", 100)],
}  # fmt: skip


@pytest.mark.parametrize("items", CASES.values(), ids=CASES)
def test_it_is_as_with_care(items):
    """All lines are the same, in the same order, with the same digits."""
    store = store_of(100, 250)
    issue(store, PROGRESS, 40, (30, "DE_7"))

    assert len(both(*closing(store, *items)).entries) == 1


def test_what_is_free_of_an_open_advance_is_not_taken_over():
    """An advance with a code of 0.00 that nobody paid leaves its account by one detail."""
    store = store_of(100)
    issue(store, PROGRESS, 40, (0, "DE_7"))

    booked = both(*closing(store, sold("one", 1000)))
    taken = [line for line in booked.entries[0].details if line.account == "1593"]
    assert [str(line.amount) for line in taken] == ["47.60"]


def test_with_care_what_is_free_is_not_taken_over_either():
    """The careful way leaves out the code of 0.00, too."""
    store = store_of(100)
    issue(store, PROGRESS, 40, (0, "DE_7"))
    with mock.patch("billingcore.lifecycle.chains.posting.plain_final", return_value=None):
        closed = issue(store, FINAL, 1000)

    (entry,) = store.books("acme").entries[f"invoice/{closed.number}"]
    assert [line.clears for line in entry.details if line.account == "1593"] == ["2026-00002"]


def _without(kind, code=None):
    """Give the bookkeeping without an account."""
    left = [
        each
        for each in ACCOUNTING.collective
        if each.type is not kind or (code is not None and code not in each.tax_code)
    ]
    return {"collective": left}


ODD = {
    "a partial invoice": ({"kind": PARTIAL}, sold("one", 1000)),
    "a deposit that is not booked": ({"kind": DEPOSIT}, sold("one", 1000)),
    "gross values": ({"is_gross": True}, sold("one", 1000)),
    "fields that go along": ({"copied_fields": ["x"]}, sold("one", 1000)),
    "nothing is booked": ({"is_on": False}, sold("one", 1000)),
    "no account for what is cleared": (
        _without(bc.EntryType.INTERIM_PAYMENT_CLEARING),
        sold("one", 1000),
    ),
    "no account for tax": (_without(bc.EntryType.TAX), sold("one", 1000)),
    "no account for revenue": ({"rules": ()}, sold("one", 1000)),
    "nothing is left to be paid": ({}, sold("one", 100)),
    "revenue that is spread": (
        {},
        sold("one", 1000, booking=bc.BookingTerms(recognition=bc.Recognition.DAYS)),
    ),
}


@pytest.mark.parametrize(("changes", "item"), ODD.values(), ids=ODD)
def test_what_is_not_plain_is_booked_with_care(changes, item):
    """Where anything is unusual there is no plain answer."""
    assert plain_final(*closing(store_of(100, **changes), item)) is None


POLICIES = {
    "the remainder is billed": bc.DOCUMENTED.but(final_shape=bc.FinalShape.REMAINDER),
    "cash is paid": bc.DOCUMENTED.but(cash_increments={"EUR": "0.05"}),
}


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_other_policies_are_booked_with_care(policy):
    """Lines that deduct, and what rounding adds, have details of their own."""
    assert plain_final(*closing(store_of(100), sold("one", "1000.01"), policy=policy)) is None


def test_what_was_rounded_before_is_booked_with_care():
    """An advance of 119.01 that asks for 119.00, of which nothing is paid, brings back a cent."""
    store = store_of(10)
    issue(store, PROGRESS, "100.01", policy=POLICIES["cash is paid"])

    assert plain_final(*closing(store, sold("one", 1000))) is None


def test_two_codes_of_one_rate_are_booked_with_care():
    """A row of the breakdown that several codes share has to be split."""
    invoice, books, prior = closing(store_of(100), sold("one", 1000), sold("two", 100))
    first, second = invoice.lines
    other = attrs.evolve(second, tax=bc.Tax("DE_19_SERVICE", rate=19))
    shared = attrs.evolve(invoice, draft=attrs.evolve(invoice.draft, lines=(first, other)))

    assert plain_final(shared, books, prior) is None


def test_equal_taxes_that_are_two_values():
    """Lines whose taxes are equal are of one row, whether these are one value or two."""
    invoice, books, prior = closing(store_of(100), sold("one", 1000), sold("two", 100))
    first, second = invoice.lines
    other = attrs.evolve(second, tax=attrs.evolve(second.tax))
    shared = attrs.evolve(invoice, draft=attrs.evolve(invoice.draft, lines=(first, other)))

    assert both(shared, books, prior)


def test_lines_of_contracts():
    """What a final bills of a subscription names that in its details."""
    advance = part_invoice("P-1", PROGRESS, 100)
    closed = final("F-1", [document(advance, "119")], 1000)
    prior = {"P-1": bc.invoice_entries(advance, ACCOUNTING).entries}
    (entry,) = both(closed, ACCOUNTING, prior).entries

    assert {line.subscriptions for line in entry.details} == {("S-1",), ()}


@pytest.mark.parametrize("code", ["DE_19", "DE_7"])
def test_an_open_advance_without_an_account_is_booked_with_care(code):
    """What nobody paid needs the account of advances, which may be missing for one code."""
    store = store_of(100)
    issue(store, PROGRESS, (40, code))
    invoice, _, prior = closing(store, sold("one", 1000), sold("two", 100, "DE_7"))
    books = accounting(**_without(bc.EntryType.INTERIM_REVENUE))

    assert plain_final(invoice, books, prior) is None


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda entry: pickle.loads(pickle.dumps(entry)), attrs.evolve],  # noqa: S301 - our own
    ids=["copied", "copied deeply", "sent", "made anew"],
)
def test_an_entry_that_nobody_has_read_travels_with_its_lines(copied):
    """A copy of the entry of a final is the entry, and so is that of a receipt."""
    store = store_of(100)
    (booked,) = plain_final(*closing(store, *CASES["several of each account"])).entries
    (received,) = store.books("acme").entries["interim/2026-00001/payment/P-1"]

    assert copied(booked).lines == booked.lines
    assert copied(received).lines == received.lines
