"""A bookkeeping by the German chart SKR 03, and documents that are booked by it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import billingcore as bc

JANUARY = bc.Period.month(2026, 1)
TAX = bc.TaxTable({"DE_19": 19, "DE_7": 7, "DE_19_SERVICE": 19, "DE_0": 0})

BANK = bc.CollectiveAccount("Bank", bc.EntryType.PAYMENT, account="1200")
DEFERRED = bc.CollectiveAccount("Deferred", bc.EntryType.DEFERRED, account="0990")
TAX_19 = bc.CollectiveAccount("Tax 19", bc.EntryType.TAX, account="1776", tax_code="DE_19")
TAX_7 = bc.CollectiveAccount("Tax 7", bc.EntryType.TAX, account="1771", tax_code="DE_7")
REVENUE_19 = bc.AssignmentRule("Revenue 19", account="8400", tax_code="DE_19, DE_19_SERVICE")
REVENUE_7 = bc.AssignmentRule("Revenue 7", account="8300", tax_code="DE_7")
OTHERS = (
    bc.CollectiveAccount("Fees", bc.EntryType.PROVIDER_FEE, account="4970"),
    bc.CollectiveAccount("Dunning", bc.EntryType.DUNNING_FEE, account="8700"),
    bc.CollectiveAccount("Lost", bc.EntryType.WRITE_OFF, account="2400"),
    bc.CollectiveAccount("Goodwill", bc.EntryType.GRANT, account="4930"),
    bc.CollectiveAccount("Back", bc.EntryType.REFUND, account="1200"),
    bc.CollectiveAccount("Out", bc.EntryType.PAYOUT, account="1200"),
    bc.CollectiveAccount("Ahead", bc.EntryType.PREPAYMENT, account="1200"),
    bc.CollectiveAccount(
        "Discount 19", bc.EntryType.CASH_DISCOUNT, account="8736", tax_code="DE_19"
    ),
    bc.CollectiveAccount("Discount", bc.EntryType.CASH_DISCOUNT, account="8730"),
    bc.CollectiveAccount("Cents", bc.EntryType.ROUNDING, account="8740"),
    bc.CollectiveAccount("Unbilled", bc.EntryType.UNBILLED_REVENUE, account="1540"),
)
COLLECTIVE = (BANK, DEFERRED, TAX_19, TAX_7, *OTHERS)
RULES = (REVENUE_19, REVENUE_7)


def accounting(**changes):
    """Give the bookkeeping, with some fields changed."""
    return bc.Accounting(**{"rules": RULES, "collective": COLLECTIVE, **changes})


def item(price, code="DE_19", name="license", **fields):
    """Give an item that is billed once in the run."""
    return bc.Item(name, unit_price=price, tax_code=code, **fields)


def customer(**fields):
    """Give the customer with debtor 10001."""
    return bc.Account("acme", **{"currency": "EUR", "debtor": "10001", **fields})


def draft(*items, account=None, period=JANUARY, policy=bc.DOCUMENTED, setup=None):
    """Give the draft of a contract with some items."""
    contract = bc.Subscription("S-1", account="acme", items=items)
    found = bc.AccountSnapshot(account or customer(), [contract], setup=setup or bc.Setup())
    (made,) = bc.bill(bc.InvoiceRun(period, policy=policy), found, TAX).drafts
    return made


def issued(made, number="R-1", on=date(2026, 1, 15)):
    """Give the invoice of a draft."""
    return bc.Invoice(number, on, on, made)


def invoice(*items, number="R-1", on=date(2026, 1, 15), **fields):
    """Give the invoice of a contract with some items."""
    return issued(draft(*items, **fields), number, on)


def rows(entries):
    """Show details as the behavior states them: type, debit, credit, amount."""
    return [row(line) for entry in entries for line in entry.details]


def row(line):
    """Show one detail."""
    pair = (line.account, line.contra)
    debit, credit = pair if line.side is bc.Side.DEBIT else pair[::-1]
    return (line.type.value, debit, credit, str(line.amount))


def by_account(entries):
    """Give the balances of accounts that are not 0, as text; credits are negative."""
    found = bc.balances(entries)
    return {account: str(amount) for (account, _), amount in found.items() if amount}


def payment(amount, kind=bc.PaymentKind.PAYMENT, name="P-1", **fields):
    """Give a payment of the customer."""
    given = {"account": "acme", "currency": "EUR", "date": "2026-02-10", **fields}
    return bc.Payment(name, amount=amount, kind=kind, **given)


def euros(amount):
    """Give an amount."""
    return Decimal(amount)
