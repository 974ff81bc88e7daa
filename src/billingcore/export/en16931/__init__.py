"""Invoices as EN 16931 names their content: plain data, keyed by business terms and groups.

`rules` has the rule sets and their type codes, `sheet` what one export reads, `parties`, `header`,
`lines`, `prices` and `sums` fill the groups, `document` puts them together, and `checks` finds what a
validator would refuse.
"""

from billingcore.export.en16931.document import EInvoiceOptions, en16931, en16931_findings
from billingcore.export.en16931.findings import RuleFinding
from billingcore.export.en16931.rules import EN16931, PEPPOL_BIS, XRECHNUNG, RuleSet

__all__ = [
    "EN16931",
    "PEPPOL_BIS",
    "XRECHNUNG",
    "EInvoiceOptions",
    "RuleFinding",
    "RuleSet",
    "en16931",
    "en16931_findings",
]
