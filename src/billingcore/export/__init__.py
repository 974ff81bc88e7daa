"""Journal entries and invoices for other programs: ledgers as text, DATEV, and flat rows."""

from billingcore.export.balances import Balance, closing_balances
from billingcore.export.beancount import beancount
from billingcore.export.datev import datev
from billingcore.export.datev_header import DatevHeader
from billingcore.export.hledger import hledger
from billingcore.export.tables import (
    deduction_rows,
    details,
    invoice_line_rows,
    invoice_rows,
    rows,
    spreadsheet_safe,
)

__all__ = [
    "Balance",
    "DatevHeader",
    "beancount",
    "closing_balances",
    "datev",
    "deduction_rows",
    "details",
    "hledger",
    "invoice_line_rows",
    "invoice_rows",
    "rows",
    "spreadsheet_safe",
]
