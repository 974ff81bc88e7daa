"""What a part invoice keeps of itself when it is issued, for those that come after it."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest
from attrs import evolve

import billingcore as bc
from billingcore.lifecycle.chains.documents import chain_documents
from tests.chains import DEPOSIT, FINAL, PARTIAL, PROGRESS, issue, pay, store_with


def stored(invoice):
    """Give the amounts that an invoice keeps, as plain rows."""
    return [(each.tax.code, each.net, each.amount) for each in invoice.issued.amounts]


@pytest.mark.parametrize("kind", [PARTIAL, PROGRESS, DEPOSIT], ids=lambda kind: kind.value)
def test_a_part_invoice_keeps_its_amounts_by_tax_code(kind):
    """Net amount and tax of each code are kept as they were issued."""
    invoice = issue(store_with(), kind, "1000.00", ("500.00", "DE_7"))
    assert stored(invoice) == [
        ("DE_19", Decimal("1000.00"), Decimal("190.00")),
        ("DE_7", Decimal("500.00"), Decimal("35.00")),
    ]


def test_a_part_invoice_keeps_its_positions():
    """A final can show them without the lines of the document."""
    invoice = issue(store_with(), PROGRESS, "1000.00", ("500.00", "DE_7"))
    assert [tuple(each) for each in invoice.issued.lines] == [
        ("Work 1", Decimal("1000.00"), 1),
        ("Work 2", Decimal("500.00"), 2),
    ]


def test_the_taxes_that_count_up_are_kept():
    """The tax of 66.66 at 19 % is 12.67, of which the first half has 6.33 and the second 6.34."""
    store = store_with()
    first, second = (issue(store, PROGRESS, net) for net in ("33.33", "33.33"))
    assert stored(first) == [("DE_19", Decimal("33.33"), Decimal("6.33"))]
    assert stored(second) == [("DE_19", Decimal("33.33"), Decimal("6.34"))]


def test_other_documents_keep_nothing():
    """Nothing deducts a final, or a document without a key."""
    store = store_with()
    issue(store, PROGRESS, "10.00")
    final = issue(store, FINAL, "100.00")
    alone = issue(store, PROGRESS, "10.00", key="")
    assert (final.issued, alone.issued) == (None, None)


def test_it_is_no_part_of_what_tells_invoices_apart():
    """It follows from the document, so a copy without it is the same invoice."""
    invoice = issue(store_with(), PROGRESS, "10.00")
    assert evolve(invoice, issued=None) == invoice
    assert pickle.loads(pickle.dumps(invoice)).issued == invoice.issued  # noqa: S301 - our own


def test_documents_that_keep_nothing_are_described_all_the_same():
    """One that was issued before the library kept anything is worked out from its lines."""
    store = store_with()
    first = issue(store, PROGRESS, "100.00", ("50.00", "DE_7"))
    issue(store, PARTIAL, "30.00")
    pay(store, "P-1", "60.00", first.number)
    books = store.books("acme")
    old = {number: evolve(each, issued=None) for number, each in books.invoices.items()}
    assert chain_documents(evolve(books, invoices=old)) == chain_documents(books)
    assert all(isinstance(each, bc.ChainDocument) for each in chain_documents(books))
