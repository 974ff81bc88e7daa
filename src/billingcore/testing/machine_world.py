"""The small company that a state machine bills: its prices, its taxes and its books."""

from __future__ import annotations

import datetime as dt
from typing import Final

from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import (
    AccountKind,
    AssignmentRule,
    CollectiveAccount,
    EntryType,
    GLAccount,
)
from billingcore.records.item import Item
from billingcore.records.numbering import NumberPattern, Reset
from billingcore.records.setup import Setup, Template
from billingcore.records.terms import BillingPractice, BillingType
from billingcore.scope.policy import DOCUMENTED, LEVEL
from billingcore.scope.switches import Corrections
from billingcore.tax.table import TaxTable
from billingcore.values.cadence import monthly, quarterly

__all__ = ["POLICIES", "SERIES", "SETUP", "SOLD", "TAX", "TODAY"]

TODAY: Final = dt.date(2026, 6, 30)
TAX: Final = TaxTable({"normal": 19, "reduced": 7})
SERIES: Final = NumberPattern("[Year]-{000}", reset=Reset.YEARLY)

SETUP: Final = Setup(
    [Template("Default", series=SERIES)],
    accounting=Accounting(
        chart=[
            GLAccount("4000", "Revenue", AccountKind.INCOME),
            GLAccount("3800", "Tax", AccountKind.LIABILITY),
            GLAccount("1800", "Bank", AccountKind.ASSET),
            GLAccount("6900", "Given up", AccountKind.EXPENSE),
        ],
        rules=[AssignmentRule("Revenue", account="4000")],
        collective=[
            CollectiveAccount("Tax", EntryType.TAX, account="3800"),
            CollectiveAccount("Bank", EntryType.PAYMENT, account="1800"),
            CollectiveAccount("Given up", EntryType.WRITE_OFF, account="6900"),
        ],
    ),
)

SOLD: Final = (
    Item(
        "seats",
        unit_price="9.99",
        quantity=3,
        tax_code="normal",
        billing_type=BillingType.RECURRING_PRORATED,
        cadence=monthly(),
    ),
    Item("setup", unit_price="49.90", tax_code="normal"),
    Item(
        "journal",
        unit_price="7.77",
        price_includes_tax=True,
        tax_code="reduced",
        billing_type=BillingType.RECURRING,
        billing_practice=BillingPractice.ARREARS,
        cadence=quarterly(),
    ),
    Item("calls", unit_price="0.09", billing_type=BillingType.TRANSACTIONAL, tax_code="normal"),
    Item("unknown", unit_price=5, tax_code="unknown"),
)
"""What contracts are made of; the tax of the last one is not known."""

POLICIES: Final = (LEVEL, DOCUMENTED, LEVEL.but(corrections=Corrections.CREDIT_DOCUMENT))
