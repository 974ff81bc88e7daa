"""Whoever changes a stored document behind the back of the store is found out."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.crash import world

FOURTH = "2026-00004"
SECOND = "2026-00002"
SKIPPED = "2026-00009"

ALL_OF_ANOTHER = (
    "UPDATE invoice SET body = (SELECT body FROM invoice WHERE number = ?) WHERE number = ?"
)

CHANGES = {
    "a byte of its text": [
        ("UPDATE invoice SET body = replace(body, 'A-01', 'A-0l') WHERE number = ?", FOURTH)
    ],
    "its text and its hash": [
        ("UPDATE invoice SET body = replace(body, 'A-01', 'A-0l') WHERE number = ?", FOURTH),
        ("UPDATE invoice SET hash = ? WHERE number = ?", "0" * 64, FOURTH),
    ],
    "its hash": [("UPDATE invoice SET hash = ? WHERE number = ?", "0" * 64, FOURTH)],
    "its account": [("UPDATE invoice SET account = 'A-03' WHERE number = ?", FOURTH)],
    "its number": [("UPDATE invoice SET number = '2026-10000' WHERE number = ?", FOURTH)],
    "its draft": [("UPDATE invoice SET draft_id = 'other' WHERE number = ?", FOURTH)],
    "it is gone": [("DELETE FROM invoice WHERE number = ?", FOURTH)],
    "it has another place": [
        ("UPDATE invoice SET place = 1000000 WHERE number = ?", FOURTH),
        ("UPDATE invoice SET place = 4 WHERE number = ?", "2026-00005"),
        ("UPDATE invoice SET place = 5 WHERE number = ?", FOURTH),
    ],
    "it has the text of another one": [(ALL_OF_ANOTHER, "2026-00005", FOURTH)],
}
"""What is done to the fourth document."""


@pytest.fixture
def store(stores):
    """Give a store with eight invoices, and a skipped number behind them."""
    found = stores.open("books")
    world.fill(found, accounts=4)
    world.work(found)
    bc.skip_number(world.SERIES, found, on=world.POSTED_ON, reason="a torn form")
    assert [invoice.number for invoice in found.invoices()][3] == FOURTH
    return found


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_the_first_altered_document_is_named(stores, store, changes):
    """Whatever is changed of a document, its series is sound no more, from this document on."""
    assert store.verify() == []
    for sql, *values in changes:
        stores.alter("books", sql, *values)
    (found,) = store.verify()

    assert found.place == 4
    assert found.number in {FOURTH, "", "2026-00005", "2026-10000"}
    assert found.why


def test_of_two_altered_documents_the_first_is_named(stores, store):
    """If two texts are altered, the document with the lower number is named."""
    for number, word in ((FOURTH, "x"), (SECOND, "y")):
        stores.alter("books", "UPDATE invoice SET body = body || ? WHERE number = ?", word, number)
    (found,) = store.verify()

    assert (found.place, found.number) == (2, SECOND)


def test_a_reason_is_a_document_too(stores, store):
    """The reason why a number was skipped cannot be changed unnoticed."""
    sql = "UPDATE skipped SET body = replace(body, 'torn', 'lost') WHERE number = ?"
    stores.alter("books", sql, SKIPPED)

    assert [(each.place, each.number) for each in store.verify()] == [(9, SKIPPED)]


def test_the_last_document_cannot_go(stores, store):
    """If the last document is removed, the counter tells; set back, what was noted elsewhere does."""
    noted = store.heads()
    ((name, (count, last)),) = noted.items()
    stores.alter("books", "DELETE FROM skipped WHERE number = ?", SKIPPED)
    assert [each.place for each in store.verify()] == [9]
    (previous,) = [store.heads()[name]]
    assert previous == (9, last)

    stores.alter("books", "UPDATE counter SET count = 8")
    stores.alter("books", "UPDATE counter SET hash = (SELECT hash FROM invoice WHERE place = 8)")
    assert store.verify() == []
    assert [each.place for each in store.verify(noted)] == [count]


def test_noted_heads_hold_while_the_series_goes_on(stores, store):
    """What was noted elsewhere stays right when more documents are issued."""
    noted = store.heads()
    bc.skip_number(world.SERIES, store, on=world.POSTED_ON, reason="another torn form")

    assert store.verify(noted) == []
    assert store.heads() != noted
