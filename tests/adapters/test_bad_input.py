"""What is stored is read back equal, or it is refused with a clear error and nothing is kept."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.testing import canonical
from tests.adapters import hostile
from tests.crash import world

CUSTOM = {
    "NUL": "a\x00b",
    "lone surrogate": "a\ud800b",
    "controls": "".join(map(chr, range(32))) + "\x7f\x80\u2028\ufffe",
    "ends of lines": "a\rb\nc\r\nd",
}
"""Texts that only fields of the host's own may have."""


def in_memory(work):
    """Give a store in memory that something was done with."""
    store = world.make()
    work(store)
    return store


def check_same(stores, work):
    """Do something with a store; see that it is as in memory, also when it is opened again."""
    expected = [*hostile.seen(in_memory(work))]
    store = stores.open("kept")
    work(store)
    assert [*hostile.seen(store)] == expected
    store.close()
    again = stores.open("kept")
    assert [*hostile.seen(again)] == expected
    assert world.is_sound(again)


@pytest.mark.parametrize(
    "texts", [hostile.SQL, hostile.OTHER], ids=["words of SQL", "other writing"]
)
def test_every_text_comes_back(stores, texts):
    """Words of SQL, and all ways to write, are data in every field of every record."""

    def work(store):
        for text in texts.values():
            hostile.fill(store, text, text)
        hostile.work(store)

    check_same(stores, work)


@pytest.mark.parametrize("size", hostile.LONGEST)
def test_the_longest_values(stores, size):
    """Ids of 255 characters and texts of 10,000 come back, however many bytes they take."""

    def work(store):
        hostile.fill(store, *hostile.LONGEST[size])
        hostile.work(store)

    check_same(stores, work)


def test_what_is_too_long_for_an_index(stores):
    """A batch of 10,000 characters, which runs look for, is stored or refused as a whole."""
    store = stores.new()
    account = bc.Account("acme", currency="EUR", batch=hostile.LONGEST["4 bytes"][1])
    try:
        store.add(account)
    except bc.InvalidInputError:
        assert store.accounts() == ()
    else:
        assert store.snapshot("acme").account == account


def test_the_longest_numbers(stores):
    """Numbers of 15 digits before the point and 9 after it come back with all their digits."""
    longest = Decimal("999999999999999.999999999")

    def work(store):
        items = [
            bc.Item("dear", unit_price="99999999999.99", quantity="0.00001", tax_code="FREE"),
            bc.Item("many", unit_price="0.00001", quantity="999999999.99999", tax_code="FREE"),
            bc.Item("exact", unit_price="1.10", quantity="1.000", tax_code="FREE"),
        ]
        custom = {"number": longest, "small": Decimal("1E-9"), "zeros": Decimal("0.00")}
        store.add(
            bc.Account("acme", currency="EUR", custom=custom),
            bc.Subscription("S", account="acme", start="2026-01-01", items=items),
        )
        hostile.work(store)

    check_same(stores, work)


def test_the_ends_of_the_calendar(stores):
    """The first and the last day that there are come back, and what is on them is billed."""

    def work(store):
        ends = {"start": "0001-01-01", "end": "9999-12-30"}  # an end has a day after it
        item = bc.Item("seats", unit_price="10.00", tax_code="FREE", **ends)
        calls = bc.Item("calls", unit_price="1.00", billing_type=bc.TRANSACTIONAL, tax_code="FREE")
        store.add(
            bc.Account("acme", currency="EUR", custom={"first": date.min, "last": date.max}),
            bc.Subscription("S", account="acme", items=[item, calls], **ends),
        )
        store.add_usage("acme", bc.UsageRecord("U-1", "calls", "0001-01-01", 1))
        store.add_usage("acme", bc.UsageRecord("U-2", "calls", "9999-12-31", 1))
        always = bc.Period("0001-01-01", "9999-12-31")
        store.add_claims("acme", bc.Claim("S/gone", always, "R-1", bc.ClaimState.FINAL, ""))
        store.put_coupons(
            "acme", bc.Coupon("C", bc.Discount.percent(5), start=date.min, until="9999-12-30")
        )
        bc.execute(bc.InvoiceRun(bc.Period("0001-01-01", "0001-01-31")), store)
        bc.execute(bc.InvoiceRun(bc.Period("9999-12-01", "9999-12-31")), store)
        bc.post(store, on="9999-12-31")
        hostile.pay(store)

    check_same(stores, work)


@pytest.mark.parametrize("text", CUSTOM.values(), ids=CUSTOM)
def test_what_only_own_fields_may_have(stores, text):
    """What cannot be written in a text comes back from a field of the host's own, or is refused."""
    store = stores.open("kept")
    account = bc.Account("acme", currency="EUR", custom={"own": text})
    refused = None
    try:
        store.add(bc.Account("borg", currency="EUR"), account)
    except bc.InvalidInputError as error:
        refused = error
    if refused is None:
        again = stores.open("kept")
        assert canonical(again.snapshot("acme").account) == canonical(account)
    else:
        assert refused.rule
        assert store.accounts() == ()


@pytest.mark.parametrize("text", CUSTOM.values(), ids=CUSTOM)
def test_questions_that_no_record_can_answer(stores, text):
    """Asked for what cannot be there, a store says so in words of its own."""
    store = stores.new()
    for ask in (store.snapshot, store.books, store.draft, store.invoice, store.discard):
        with pytest.raises(bc.InvalidInputError):
            ask(text)
    for look in (store.failures, store.drafts):
        with suppress(bc.InvalidInputError):
            assert [*look(text)] == []
    with pytest.raises(bc.InvalidInputError):
        store.add_usage(text, bc.UsageRecord("U", "calls", "2026-01-01", 1))


def test_what_cannot_be_stored_is_refused_as_a_whole(stores):
    """If one of several records cannot be stored, none of them is."""
    store = stores.new()
    with pytest.raises(bc.BillingError):
        store.add(
            bc.Account("acme", currency="EUR"),
            bc.Account("borg", currency="EUR", custom={"own": object()}),
        )
    assert store.accounts() == ()
    store.add(bc.Account("acme", currency="EUR"))
    assert store.accounts() == ("acme",)


def test_names_that_differ_by_a_little(stores):
    """Ids that only case, accents, width or composition tell apart are ids of different accounts."""
    names = ["a", "A", "á", "a\u0301", "\uff41", "ß", "ss", "SS", "\u0131", "i", "I", "İ"]
    store = stores.new()
    store.add(*(bc.Account(name, currency="EUR") for name in names))

    assert store.accounts() == tuple(names)
    assert [store.snapshot(name).account.id for name in names] == names


def test_drafts_are_in_the_order_of_their_code_points(stores):
    """Drafts come in the order of their ids by code points, whatever the database would sort by."""
    names = ["b", "A", "a", "B", "_", "Z", "é", "z", "-1", "10", "9", "\U0001f600", "\uffe5"]
    store = stores.new()
    for name in names:
        item = bc.Item("fee", unit_price="1.00", tax_code="FREE")
        store.add(bc.Account(name, currency="EUR"))
        store.add(bc.Subscription(name, account=name, start="2026-01-01", items=[item]))
    bc.execute(world.RUN, store)
    found = [draft.id for draft in store.drafts()]

    assert len(found) == len(names)
    assert found == sorted(found)
