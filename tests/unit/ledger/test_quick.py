"""The entry of an ordinary document: made in one pass, and written line by line when it is read."""

from __future__ import annotations

import copy
import pickle
from unittest import mock

import attrs
import pytest

import billingcore as bc
from tests.unit.ledger.books import accounting, invoice, item, rows

FREE = item(0, name="trial")
SOLD = [
    ("Revenue", "10001", "8400", "100.00"),
    ("Tax", "10001", "1776", "19.00"),
]


def entry_of(*items):
    """Give the only entry of a document."""
    (entry,) = bc.invoice_entries(invoice(*items), accounting()).entries
    return entry


def test_what_is_free_has_no_detail():
    """A line of 0.00 beside one of 100.00 books nothing, and is among the lines that are taxed."""
    free = item(0, name="trial", booking=bc.BookingTerms(center="C-1"))
    entry = entry_of(item(100), free)

    assert rows([entry]) == SOLD
    assert [line.lines for line in entry.details] == [(1,), (1, 2)]


def test_what_is_free_joins_what_is_booked_alike():
    """A line of 0.00 on the same account is a line of that detail."""
    entry = entry_of(item(100), FREE)

    assert rows([entry]) == SOLD
    assert [line.lines for line in entry.details] == [(1, 2), (1, 2)]


def test_what_is_taken_back_lowers_what_is_booked_alike():
    """100.00 and -30.00 on one account are a detail of 70.00, taxed 13.30."""
    entry = entry_of(item(100), item(-30, name="returned"))

    assert rows([entry]) == [
        ("Revenue", "10001", "8400", "70.00"),
        ("Tax", "10001", "1776", "13.30"),
    ]


def test_what_is_taken_back_by_itself_is_a_debit():
    """-30.00 of another cost center is a detail of its own, on the other side."""
    back = item(-30, name="returned", booking=bc.BookingTerms(center="C-1"))
    entry = entry_of(item(100), back)

    assert rows([entry]) == [
        ("Revenue", "10001", "8400", "100.00"),
        ("Revenue", "8400", "10001", "30.00"),
        ("Tax", "10001", "1776", "13.30"),
    ]


def test_the_careful_way_books_free_lines_alike():
    """With and without the quick way, the details are the same."""
    document = invoice(item(100), FREE, item(30, "DE_7", name="book"))
    quick = bc.invoice_entries(document, accounting())
    with mock.patch("billingcore.ledger.invoices.quick_entry", return_value=None):
        careful = bc.invoice_entries(document, accounting())

    assert quick == careful
    assert repr(quick.entries[0].lines) == repr(careful.entries[0].lines)


def test_lines_are_written_once():
    """Whoever reads the lines of an entry again gets the very same."""
    entry = entry_of(item(100))

    assert entry.lines is entry.lines


def test_an_entry_that_another_thread_has_just_written():
    """Who asked for the lines before they were there gets those that the other one wrote."""
    entry = entry_of(item(100))
    lines = entry.lines

    assert type(entry).__getattr__(entry, "lines") is lines


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda entry: pickle.loads(pickle.dumps(entry)), attrs.evolve],  # noqa: S301 - our own
    ids=["copied", "copied deeply", "sent", "made anew"],
)
def test_an_entry_that_nobody_has_read_travels_with_its_lines(copied):
    """A copy of an entry is the entry, whether its lines were read before or not."""
    assert copied(entry_of(item(100))) == entry_of(item(100))


def test_an_entry_has_no_other_attributes():
    """A name that is none of its fields is refused, before its lines are read and after."""
    entry = entry_of(item(100))

    for _ in range(2):
        with pytest.raises(AttributeError, match="amount"):
            entry.amount  # noqa: B018 - it must fail
        assert len(entry.lines) == 3


def test_an_entry_that_nobody_has_read_cannot_be_changed():
    """Neither its lines nor anything else of it can be set."""
    entry = entry_of(item(100))

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        entry.lines = ()
    assert len(entry.lines) == 3
