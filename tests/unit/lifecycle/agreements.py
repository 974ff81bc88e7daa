"""Projects, and books that grow one document after the other."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from attrs import evolve

import billingcore as bc
from billingcore.testing import check_document

ACME = bc.Account("acme", name="Acme GmbH", currency="EUR")
VAT = bc.TaxTable({"19": 19, "19b": 19, "7": 7, "10": 10})
SPRING = bc.Period.closed("2026-03-01", "2026-05-31")
THIRD = Fraction(100, 3)


def project(*prices, currency="EUR", gross=False, **fields):
    """Agree on prices, each alone at 19 %, or with its tax code."""
    pairs = [price if isinstance(price, tuple) else (price, "19") for price in prices]
    items = [
        bc.Item(f"part-{n}", unit_price=price, tax_code=code, price_includes_tax=gross)
        for n, (price, code) in enumerate(pairs, 1)
    ]
    account = evolve(ACME, currency=currency)
    return bc.Project("house-7", account, items, period=SPRING, title="House 7", **fields, tax=VAT)


def books_of(made, *steps):
    """Issue one document after the other: each step makes a draft of the project and the books."""
    books = bc.Books(made.account)
    for step in steps:
        books = issued(books, step(made, books))
    return books


def issued(books, draft):
    """Issue a draft as the next document: P-1, P-2, ..."""
    number = f"P-{len(books.invoices) + 1}"
    day = dt.date(2026, 3, 31) + dt.timedelta(days=len(books.invoices))
    invoice = bc.Invoice(number, day, day, draft)
    check_document(invoice)
    return evolve(books, invoices={**books.invoices, number: invoice})


def done(*percents):
    """Give claims by completion, one after the other."""
    return [
        lambda made, books, done=done: bc.claim(made, books, completion=done) for done in percents
    ]


def amounts(*texts):
    """Give amounts."""
    return tuple(Decimal(text) for text in texts)


def sums(document):
    """Give net, tax and gross."""
    totals = document.totals
    return totals.net, totals.tax, totals.gross


def remaining(final):
    """Give what is left of a final: net, tax and gross."""
    return final.remaining.net, final.remaining.tax, final.remaining.gross


def nets(document):
    """Give the net amounts of the lines."""
    return tuple(line.net for line in document.lines)


def invoiced_only(**switches):
    """Deduct progress invoices as they were invoiced, so that nobody has to pay them in a test."""
    return bc.DOCUMENTED.but(deduct_progress=bc.DeductProgress.INVOICED, **switches)


AS_INVOICED = invoiced_only()
