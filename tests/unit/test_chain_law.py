"""The law of agreements can fail: each way in which documents do not fit is found."""

from __future__ import annotations

import pytest
from attrs import evolve

import billingcore as bc
from billingcore import testing
from tests import chains


@pytest.fixture
def books():
    """Books with two part invoices and their final."""
    store = chains.store_with()
    chains.issue(store, chains.PROGRESS, 100)
    chains.issue(store, chains.PARTIAL, 200)
    chains.issue(store, chains.FINAL, 1000)
    testing.check_chain(store.books("acme"), "house")
    return store.books("acme")


def changed(books, **invoices):
    """Give books with other documents."""
    return evolve(books, invoices={**books.invoices, **invoices})


def check(books, law):
    """Expect that a law does not hold."""
    with pytest.raises(bc.InvariantViolationError, match=law):
        testing.check_chain(books, "house")


def test_two_finals(books):
    """A second final is found."""
    check(changed(books, other=evolve(books.invoices["2026-00003"], number="other")), "one final")


def test_a_part_invoice_behind_the_final(books):
    """A part invoice that the final does not deduct is found."""
    late = evolve(books.invoices["2026-00001"], number="late")
    check(changed(books, late=late), "all live documents")


def test_a_part_invoice_that_is_gone(books):
    """A deducted part invoice that is not live any more is found."""
    left = {number: each for number, each in books.invoices.items() if number != "2026-00002"}
    check(evolve(books, invoices=left), "all live documents")


def test_a_part_invoice_that_changed(books):
    """A deducted part invoice with another amount is found."""
    other = evolve(books.invoices["2026-00002"], number="2026-00001")
    check(changed(books, **{"2026-00001": other}), "stays as it was")


def test_documents_made_elsewhere(books):
    """A final that was made elsewhere is not looked into, and drafts do not count."""
    final = bc.ChainDocument(
        "F-1", kind=chains.FINAL, key="garden", date="2026-01-31", currency="EUR", invoiced=[]
    )
    testing.check_chain(evolve(books, earlier=[final]), "garden")
    store = chains.store_with()
    store.put(chains.made(store, chains.PARTIAL, 100))
    testing.check_chain(store.books("acme"), "house")
