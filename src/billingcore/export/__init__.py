"""Journal entries and invoices for other programs: ledgers, DATEV, EN 16931, and flat rows."""

from billingcore.export.advances import advance_payments
from billingcore.export.balances import Balance, closing_balances
from billingcore.export.beancount import beancount
from billingcore.export.datev import datev
from billingcore.export.datev_header import DatevHeader
from billingcore.export.en16931 import (
    EN16931,
    PEPPOL_BIS,
    XRECHNUNG,
    EInvoiceOptions,
    RuleFinding,
    RuleSet,
    en16931,
    en16931_findings,
)
from billingcore.export.factur_x import factur_x
from billingcore.export.hledger import hledger
from billingcore.export.tables import (
    deduction_rows,
    details,
    invoice_line_rows,
    invoice_rows,
    rows,
    spreadsheet_safe,
)
from billingcore.export.ubl import ubl

__all__ = [
    "EN16931",
    "PEPPOL_BIS",
    "XRECHNUNG",
    "Balance",
    "DatevHeader",
    "EInvoiceOptions",
    "RuleFinding",
    "RuleSet",
    "advance_payments",
    "beancount",
    "closing_balances",
    "datev",
    "deduction_rows",
    "details",
    "en16931",
    "en16931_findings",
    "factur_x",
    "hledger",
    "invoice_line_rows",
    "invoice_rows",
    "rows",
    "spreadsheet_safe",
    "ubl",
]
