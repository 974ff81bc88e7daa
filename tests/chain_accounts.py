"""How agreements are taxed and booked in tests: each tax code has accounts of its own."""

from __future__ import annotations

import billingcore as bc
from tests.chain_oracle import RATES

TYPES = bc.EntryType
TAX = bc.TaxTable(
    {"S19": 19, "S7": 7, "Z0": bc.TaxRate(0, category=bc.TaxCategory.ZERO, reason="zero rated")}
)


def _accounts() -> list[bc.CollectiveAccount]:
    found = [
        bc.CollectiveAccount("Bank", TYPES.PAYMENT, account="1200"),
        bc.CollectiveAccount("Refunds", TYPES.REFUND, account="1200"),
        bc.CollectiveAccount("Write-offs", TYPES.WRITE_OFF, account="2400"),
        bc.CollectiveAccount("Rounding", TYPES.ROUNDING, account="rounding"),
        bc.CollectiveAccount("Interim revenue", TYPES.INTERIM_REVENUE, account="1593"),
    ]
    for code in RATES:
        for kind, account, contra in (
            (TYPES.TAX, "1776", ""),
            (TYPES.INTERIM_PAYMENT, "1718", "1593"),
            (TYPES.INTERIM_TAX, "1776", "1593"),
            (TYPES.INTERIM_PAYMENT_CLEARING, "1718", ""),
        ):
            name = f"{kind.value} {code or 0}"
            made = bc.CollectiveAccount(
                name, kind, account=account + code, contra=contra, tax_code=code
            )
            found.append(made)
    return found


RULES = [
    bc.AssignmentRule(f"Revenue {code or 0}", account="8400" + code, tax_code=code)
    for code in RATES
]
COLLECTIVE = _accounts()
