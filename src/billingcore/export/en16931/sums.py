"""The sums: BG-22 and BG-23, in the order and with the signs of the norm."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from billingcore.export.en16931.sheet import Sheet
from billingcore.export.en16931.terms import Group, amount_in, group, number, text
from billingcore.invoices.house import HouseTotals, house_totals
from billingcore.invoices.totals import TaxSubtotal
from billingcore.records.taxes import UNTAXED, TaxCategory

__all__ = ["breakdown", "totals"]

_REASON_CODES: Final[Mapping[TaxCategory, str]] = {
    TaxCategory.REVERSE_CHARGE: "VATEX-EU-AE",
    TaxCategory.INTRA_COMMUNITY: "VATEX-EU-IC",
    TaxCategory.EXPORT: "VATEX-EU-G",
    TaxCategory.OUT_OF_SCOPE: "VATEX-EU-O",
}
"""Category → the code of the reason that there is no tax, where there is only one."""

_WITH_REASON: Final = frozenset({*_REASON_CODES, TaxCategory.EXEMPT})
"""The categories that have to say why no tax is due; no other may."""


def totals(sheet: Sheet) -> Group:
    """Give BG-22; sums that the norm does not ask for are left out if they are 0."""
    sums, house = sheet.totals, sheet.invoice.house

    def shown(amount: Decimal) -> Decimal:
        return amount_in(sheet.invoice.currency, amount)

    def unless_zero(amount: Decimal) -> Decimal | None:
        return shown(amount) if amount else None

    return group(
        {
            "BT-106": shown(sums.line_total),
            "BT-107": unless_zero(sums.allowance_total),
            "BT-108": unless_zero(sums.charge_total),
            "BT-109": shown(sums.net),
            "BT-110": shown(sums.tax),
            "BT-111": amount_in(house.currency, _tax_in_house(sheet, house)) if house else None,
            "BT-112": shown(sums.gross),
            "BT-113": unless_zero(sums.paid),
            "BT-114": unless_zero(sums.rounding),
            "BT-115": shown(sums.due),
        }
    )


def _tax_in_house(sheet: Sheet, house: HouseTotals) -> Decimal:
    """Give the tax in the house currency: as it was fixed, or of what a final leaves to be taxed."""
    if not [*sheet.deducted]:
        return sheet.turned(house.tax)
    return house_totals(sheet.totals, house.rate, sheet.draft.policy.rounding).tax


def breakdown(sheet: Sheet) -> list[Group]:
    """Give BG-23: a row for each category and rate."""
    return [_row(sheet, row) for row in sheet.totals.breakdown]


def _row(sheet: Sheet, row: TaxSubtotal) -> Group:
    tax, currency = row.tax, sheet.invoice.currency
    has_reason = tax.category in _WITH_REASON
    reason = "" if tax == UNTAXED else text(tax.reason)
    if not reason and not tax.reason_code and tax.category is not TaxCategory.EXEMPT:
        reason = sheet.voice.words(f"category_{tax.category.value}")
    code = tax.reason_code or _REASON_CODES.get(tax.category, "")
    return group(
        {
            "BT-116": amount_in(currency, row.taxable),
            "BT-117": amount_in(currency, row.amount),
            "BT-118": tax.category.value,
            "BT-119": number(tax.rate),
            "BT-120": reason if has_reason else "",
            "BT-121": text(code) if has_reason else "",
        }
    )
