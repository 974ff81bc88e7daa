"""The sums of a document, in the order and with the names of EN 16931."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from attrs import define

from billingcore.records.taxes import Tax
from billingcore.values.sealing import Sealed

__all__ = ["OpenTotals", "TaxSubtotal", "Totals"]


class TaxSubtotal(NamedTuple):
    """One row of the tax breakdown, BG-23.

    Attributes:
        tax: category, rate and reason: BT-118 to BT-121. Of several codes with one category and
            rate, the first.
        taxable: the net amount that is taxed: BT-116.
        amount: the tax: BT-117.
    """

    tax: Tax
    taxable: Decimal
    amount: Decimal


@define(weakref_slot=False)
class OpenTotals:
    """Sums that are still being worked out."""

    line_total: Decimal
    allowance_total: Decimal
    charge_total: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    paid: Decimal
    rounding: Decimal
    due: Decimal
    breakdown: tuple[TaxSubtotal, ...]


class Totals(Sealed, OpenTotals):
    """The sums of a document; all in its currency.

    Attributes:
        line_total: sum of the lines' net amounts: BT-106.
        allowance_total: reductions of the document as a whole: BT-107. Order discounts are not
            among them, they are shared over the lines.
        charge_total: surcharges on the document as a whole: BT-108.
        net: BT-109, line total - allowances + charges.
        tax: BT-110, the sum of the breakdown.
        gross: BT-112, net + tax.
        paid: BT-113, paid already.
        rounding: BT-114, from rounding the amount due to what cash can pay.
        due: BT-115, gross - paid + rounding.
        breakdown: BG-23, one row per tax category and rate, in the order of the lines.
    """

    __slots__ = ()
