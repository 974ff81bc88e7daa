"""Orders with lines for the tests of checks, with the defaults that most of them share."""

from __future__ import annotations

import billingcore as bc

GENERIC, USAGE = bc.UseCase.GENERIC, bc.UseCase.USAGE
ACME = bc.Account("acme", currency="EUR", external_ids={"CustomerNo__c": "K-1"})
CUST = bc.FieldSet(suffix="Cust")
TAX = bc.TaxTable({"DE_19": 19})


class WordlessError(Exception):
    """An error of a host that cannot even be written."""

    def __str__(self):
        raise RuntimeError("no words")


def orders(name="Orders", condition=None, *, lines="Items", **fields):
    """Make a filter of orders with their lines."""
    fields = {"use_case": GENERIC, "target": "Order", "child_relation": lines} | fields
    return bc.Filter(name, condition, **fields)


def line(id="P-1", **fields):
    """Make a line of an order with all that it needs; None takes a field out."""
    own = {"ON_Title": "Chai", "ON_Quantity": 2, "ON_UnitPrice": "18"} | fields
    return bc.SourceRecord("Line", id, {name: v for name, v in own.items() if v is not None})


def order(*lines, relation="Items", **fields):
    """Make order O-1 of acme."""
    own = {"ON_Account": "acme", "Status": "New", "ContractId": "C-1"} | fields
    children = {relation: lines or [line()]}
    return bc.SourceRecord("Order", "O-1", own, children=children)


def check(*filters, setup=None, records=(), selection=None, **given):
    """Check filters in a run of January 2026; gives the findings as text."""
    chosen = bc.Selection(filters, **(selection or {}))
    run = bc.InvoiceRun(bc.Period.month(2026, 1), selection=chosen)
    return [str(each) for each in bc.check(run, setup or bc.Setup(), records=records, **given)]


def is_new(record):
    """Select new orders."""
    return record["Status"] == "New"
