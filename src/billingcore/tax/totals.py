"""The sums of a document, in the order of EN 16931, its rule beside each line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from billingcore.errors import InvalidInputError
from billingcore.invoices.totals import OpenTotals, TaxSubtotal, Totals
from billingcore.scope.policy import Policy
from billingcore.values.context import ZERO
from billingcore.values.rounding import round_to_increment
from billingcore.values.sealing import blank

__all__ = ["cash_rounding", "sum_up"]

_new_totals: Final = blank(OpenTotals)
MOST_DIGITS: Final = 15
"""How many digits an amount has before the point, at most."""


def sum_up(breakdown: tuple[TaxSubtotal, ...], policy: Policy, currency: str) -> Totals:
    """Add up a document; runs inside `exactly`.

    Raises:
        InvalidInputError: the total has more than 15 digits before the point.
    """
    sums = _new_totals()
    line_total = tax = ZERO
    for _, taxable, amount in breakdown:  # every line is in one row of the breakdown
        line_total += taxable
        tax += amount
    sums.line_total = line_total  # BR-CO-10: BT-106 = sum of BT-131
    sums.allowance_total = ZERO  # BR-CO-11
    sums.charge_total = ZERO  # BR-CO-12
    sums.net = line_total  # BR-CO-13: BT-109 = BT-106 - BT-107 + BT-108
    sums.tax = tax  # BR-CO-14: BT-110 = sum of BT-117
    sums.gross = gross = line_total + tax  # BR-CO-15: BT-112 = BT-109 + BT-110
    sums.paid = ZERO
    sums.rounding, sums.due = ZERO, gross  # BR-CO-16: BT-115 = BT-112 - BT-113 + BT-114
    if policy.cash_increments:
        sums.rounding = cash_rounding(gross, policy, currency)
        sums.due = gross + sums.rounding
    sums.breakdown = breakdown
    if gross.adjusted() >= MOST_DIGITS:
        fix = "check prices and quantities"
        raise InvalidInputError("the total is too large", field="gross", value=gross, fix=fix)
    sums.__class__ = Totals
    made: Any = sums
    sealed: Totals = made
    return sealed


def cash_rounding(gross: Decimal, policy: Policy, currency: str) -> Decimal:
    """Give what is added to an amount so that cash can pay it."""
    for code, increment in policy.cash_increments:
        if code == currency:
            return round_to_increment(gross, increment, policy.rounding) - gross
    return ZERO
