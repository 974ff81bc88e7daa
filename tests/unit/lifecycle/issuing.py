"""Issued documents and books by hand, without a store."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import billingcore as bc
from billingcore.testing import check_document

ACME = bc.Account("acme", name="Acme GmbH", currency="EUR")
VAT = bc.TaxTable(
    {"19": 19, "7": 7, "20": 20, "19.6": "19.6", "free": bc.TaxRate.exempt(reason="exempt by law")}
)
FEBRUARY = date(2026, 2, 1)


def item(name: str, price: Any = 100, **fields: Any) -> bc.Item:
    """Make an item at 19 %."""
    return bc.Item(name, unit_price=price, **({"tax_code": "19"} | fields))


def draft_of(*items: bc.Item, account: bc.Account = ACME, **fields: Any) -> bc.DraftInvoice:
    """Make a draft by hand for January 2026; what is no option of it changes its policy."""
    own = {"discount", "period", "setup", "entity", "template", "invoice_date"}
    options = {name: fields.pop(name) for name in list(fields) if name in own}
    policy = bc.DOCUMENTED.but(**fields) if fields else bc.DOCUMENTED
    january = {"period": bc.Period.month(2026, 1), "tax": VAT, "policy": policy}
    return bc.draft(account, items, **(january | options))


class Issued:
    """Books of one account that grow, one document after the other.

    Attributes:
        books: the books as they are now.
    """

    def __init__(self, *drafts: bc.DraftInvoice, account: bc.Account = ACME) -> None:
        self.books: bc.Books = bc.Books(account)
        for draft in drafts:
            self.issue(draft)

    def issue(self, draft: bc.DraftInvoice) -> bc.Invoice:
        """Give a draft the next number, and keep it."""
        known = self.books.invoices
        number = f"2026-{len(known) + 1:05d}"
        invoice = bc.Invoice(number, FEBRUARY, FEBRUARY, draft)
        self.books = bc.Books(self.books.account, invoices={**known, number: invoice})
        return invoice

    def credit(self, number: str, *chosen: Any, **fields: Any) -> bc.Invoice:
        """Issue a credit."""
        return self.issue(bc.credit(number, self.books, *chosen, **fields))

    def cancel(self, number: str) -> bc.Invoice:
        """Issue a cancellation."""
        return self.issue(bc.cancel(number, self.books))


def sums(document: bc.DraftInvoice | bc.Invoice) -> tuple[str, str, str]:
    """Give net, tax and gross as text."""
    totals = document.totals
    return str(totals.net), str(totals.tax), str(totals.gross)


def corrected() -> bc.Books:
    """Bill January, change it, and issue the document that corrects it: -21.00 and 42.00 for 31.00."""
    rent = bc.Item("rent", unit_price=31, billing_type=bc.RECURRING_PRORATED, cadence=bc.monthly())
    contract = bc.Subscription("S-1", account="acme", start="2026-01-01", items=[rent])
    store = bc.MemoryStore()
    store.add(ACME, contract)
    issued = Issued()
    run = bc.InvoiceRun(bc.Period.month(2026, 1), policy=bc.LEVEL)
    (draft,) = bc.execute(run, store).drafts
    issued.issue(draft)
    bc.finalize(draft, store, on="2026-01-31")
    store.change(contract.changed(bc.Change("2026-01-11", quantity=2)))
    (draft,) = bc.execute(run, store).drafts
    issued.issue(draft)
    return issued.books


def nets(document: bc.Invoice | bc.DraftInvoice) -> list[str]:
    """Give the net amounts of the lines."""
    return [str(line.net) for line in document.lines]


def given_back(issued: Issued) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Add up all documents but the first: net, tax, gross and due."""
    followers = [*issued.books.invoices.values()][1:]
    for each in followers:
        check_document(each)
    return tuple(
        sum((getattr(each.totals, name) for each in followers), Decimal(0))
        for name in ("net", "tax", "gross", "due")
    )


def assert_given_back(issued: Issued) -> None:
    """Check that the documents after the first one give it back exactly."""
    totals = issued.books.invoice("2026-00001").totals
    wanted = tuple(-getattr(totals, name) for name in ("net", "tax", "gross", "due"))
    assert given_back(issued) == wanted
