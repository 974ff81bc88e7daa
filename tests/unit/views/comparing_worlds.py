"""Small worlds whose comparisons are worked out by hand."""

from __future__ import annotations

import billingcore as bc

VAT = bc.TaxTable({"19": 19, "7": 7})
JANUARY = bc.InvoiceRun(bc.Period.month(2026, 1), policy=bc.LEVEL)


def item(id="seats", price=100, **fields):
    """Make an item that is billed by the month, with 19 % tax."""
    fields = {
        "tax_code": "19",
        "cadence": bc.monthly(),
        "billing_type": bc.RECURRING_PRORATED,
    } | fields
    return bc.Item(id, unit_price=price, **fields)


def contract(*items, id="S-1", account="acme", **fields):
    """Make a contract from January 2026 on."""
    return bc.Subscription(id, account=account, items=items, **{"start": "2026-01-01"} | fields)


def billed(*things, run=JANUARY, account="acme", tax=VAT, usage=(), currency="EUR"):
    """Bill an account; items make one contract."""
    items = [each for each in things if isinstance(each, bc.Item)]
    contracts = [each for each in things if isinstance(each, bc.Subscription)]
    contracts += [contract(*items, account=account)] if items else []
    owner = bc.Account(account, currency=currency)
    return bc.bill(run, bc.AccountSnapshot(owner, contracts, usage=usage), tax)


def impacts(found, currency="EUR"):
    """Give the net amount and the tax of every cause."""
    return {
        cause: (str(sums.net), str(sums.tax))
        for (code, cause), (_, sums) in found.causes.items()
        if code == currency
    }


def fates(found):
    """Count lines by what became of them."""
    return {fate.name: count for fate, count in found.fates.items()}


def three(amounts):
    """Give net, tax and gross as text."""
    return [str(each) for each in (amounts.net, amounts.tax, amounts.gross)]
