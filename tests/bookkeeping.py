"""The books of a small company, as German charts of accounts have them (SKR 03)."""

import billingcore as bc

INCOME, ASSET, LIABILITY = bc.AccountKind.INCOME, bc.AccountKind.ASSET, bc.AccountKind.LIABILITY

CHART = [
    bc.GLAccount("8400", "Revenue 19 %", INCOME),
    bc.GLAccount("8300", "Revenue 7 %", INCOME),
    bc.GLAccount("8000", "Revenue untaxed", INCOME),
    bc.GLAccount("1776", "Tax 19 %", LIABILITY),
    bc.GLAccount("1771", "Tax 7 %", LIABILITY),
    bc.GLAccount("0990", "Deferred revenue", LIABILITY),
    bc.GLAccount("1200", "Bank", ASSET),
    bc.GLAccount("2400", "Write-offs", bc.AccountKind.EXPENSE),
]

ACCOUNTING = bc.Accounting(
    chart=CHART,
    rules=[
        bc.AssignmentRule("Revenue 19 %", account="8400", tax_code="DE_19"),
        bc.AssignmentRule("Revenue 7 %", account="8300", tax_code="DE_7"),
        bc.AssignmentRule("Revenue untaxed", account="8000"),
    ],
    collective=[
        bc.CollectiveAccount("Tax 19 %", bc.EntryType.TAX, account="1776", tax_code="DE_19"),
        bc.CollectiveAccount("Tax 7 %", bc.EntryType.TAX, account="1771", tax_code="DE_7"),
        bc.CollectiveAccount("Deferred", bc.EntryType.DEFERRED, account="0990"),
        bc.CollectiveAccount("Bank", bc.EntryType.PAYMENT, account="1200"),
        bc.CollectiveAccount("Write-offs", bc.EntryType.WRITE_OFF, account="2400"),
    ],
)
