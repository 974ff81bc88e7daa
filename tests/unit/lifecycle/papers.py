"""Documents of any amount, and the books that hold them."""

import datetime as dt
from decimal import Decimal

from attrs import evolve

import billingcore as bc
from billingcore.lifecycle.books import Books, Effects
from billingcore.lifecycle.joining import after
from billingcore.records.bookkeeping.document import PLAINLY
from billingcore.values.sealing import changed

ACME = bc.Account("acme", currency="EUR")
JANUARY = bc.Period.month(2026, 1)
FIRST = dt.date(2026, 1, 31)
"""The day on which documents are issued unless something else is said."""


def paper(number, due, *, original="", kind=None, on=FIRST, days=0, **options):
    """Give a document that asks for an amount, without tax."""
    account = options.pop("account", ACME)
    booked = options.pop("booked", PLAINLY)
    item = bc.Item("work", unit_price=due, currency=options.pop("currency", None))
    draft = bc.draft(account, [item], period=JANUARY, **options)
    draft = changed(draft, original=original, kind=kind or draft.kind, booked=booked)
    return bc.Invoice(number, on, on + dt.timedelta(days=days), draft)


def books_of(*papers, account=ACME):
    """Give books that hold documents."""
    return Books(account, invoices={each.number: each for each in papers})


def payment(name, amount, *invoices, on="2026-02-10", **fields):
    """Give a payment for documents."""
    terms = {"account": "acme", "currency": "EUR", **fields}
    return bc.Payment(name, amount=amount, date=on, invoices=invoices, **terms)


def kept(books, *decisions):
    """Give books after decisions, each a function of the books before."""
    for decide in decisions:
        books = after(books, decide(books))
    return books


def given(books, *assignments):
    """Give books after assignments."""
    return after(books, Effects("acme", assignments=assignments))


def canceled(books, number):
    """Give books in which a document is canceled, with what its cancellation clears."""
    original = books.invoices[number]
    undoing = bc.InvoiceKind.CANCELLATION
    due = original.totals.due.copy_negate()
    cancellation = paper(f"{number}-X", due, original=number, kind=undoing)
    pair = (number, cancellation.number) if due < 0 else (cancellation.number, number)
    clearing = bc.Clearing("/".join(pair), *pair, abs(due), FIRST, "cancellation")
    return after(books, Effects("acme", clearings=(clearing,)), cancellation)


def euros(*amounts):
    """Give amounts."""
    return [Decimal(amount) for amount in amounts]


def with_terms(invoice, terms):
    """Give a document with payment terms."""
    draft = invoice.draft
    template = bc.Template("Default", payment_terms=terms)
    heading = evolve(draft.heading, template=template)
    return evolve(invoice, draft=changed(draft, heading=heading))
