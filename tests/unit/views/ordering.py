"""Orders and candidates for the tests of tables, with the defaults that most of them share."""

from __future__ import annotations

import billingcore as bc

GENERIC = bc.UseCase.GENERIC
JANUARY = bc.Period.month(2026, 1)
ACME = bc.Account("acme", currency="EUR", name="Acme")
TAX = bc.TaxTable({"19": 19})


def orders(name="Orders", condition=None, **fields):
    """Make a filter of orders with their lines."""
    own = {"use_case": GENERIC, "target": "Order", "child_relation": "Items"} | fields
    return bc.Filter(name, condition, **own)


def line(id, price="18", **fields):
    """Make a line of one piece."""
    own = {"ON_Title": "Chai", "ON_Quantity": 1, "ON_UnitPrice": price} | fields
    return bc.SourceRecord("Line", id, own)


def order(id="O-1", *lines, **fields):
    """Make an order of acme with a line of 18.00."""
    own = {"ON_Account": "acme", "Status": "New"} | fields
    children = {"Items": lines or [line(f"{id}-1")]}
    return bc.SourceRecord("Order", id, own, children=children)


def table(*filters, records=(), claims=(), tax=TAX, start=None, policy=bc.DOCUMENTED, **selection):
    """Give the candidates of acme in January 2026."""
    chosen = bc.Selection(filters, start=start, **selection)
    run = bc.InvoiceRun(JANUARY, selection=chosen, policy=policy)
    return bc.candidates(run, bc.AccountSnapshot(ACME, records=records, claims=claims), tax)


def seen(found):
    """Give record, amount and reason of each candidate."""
    return [(each.record, each.amount and str(each.amount), each.reason) for each in found]
