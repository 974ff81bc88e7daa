"""The positions: BG-25 with its price, discounts, days, tax, and what it is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from billingcore.export.en16931.prices import (
    LineAmounts,
    LinePrice,
    amounts_of,
    is_share,
    price_of,
)
from billingcore.export.en16931.sheet import Sheet
from billingcore.export.en16931.terms import Group, amount_in, group, number, some, text
from billingcore.invoices.chain import Deduction
from billingcore.lines.line import LineItem
from billingcore.records.chain_document import TaxAmount
from billingcore.records.discount import Discount
from billingcore.records.item import ONE_UNIT
from billingcore.records.taxes import Tax, TaxCategory
from billingcore.records.terms import LineType
from billingcore.render.positions import Positions
from billingcore.values.context import ZERO

__all__ = ["lines", "rate_of"]

_DISCOUNT: Final = "95"
"""UNTDID 5189: a discount."""

_ALLOWANCE: Final = ("BG-27", "BT-136", "BT-137", "BT-138", "BT-139", "BT-140")
_CHARGE: Final = ("BG-28", "BT-141", "BT-142", "BT-143", "BT-144", "BT-145")


def lines(sheet: Sheet) -> list[Group]:
    """Give BG-25: the shown positions, and a line for each amount that a final deducts."""
    made = _Lines(sheet)
    found = [made.line(line) for line in sheet.draft.visible_lines]
    first = 1 + max(line.number for line in sheet.draft.lines)
    off = [each for each in sheet.deducted if each[1].net]
    return found + [made.deducted(count, *each) for count, each in enumerate(off, first)]


class _Lines:
    """Writes positions; each deducted amount once."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.words = Positions(sheet.voice)
        self.currency: str = sheet.invoice.currency

    def line(self, line: LineItem) -> Group:
        """Write a position of the document."""
        amounts = amounts_of(line, is_turned=self.sheet.is_credit_note)
        price = price_of(line, amounts.amount)
        is_off = line.type is LineType.DEDUCTION
        return group(
            {
                "BT-126": str(line.number),
                "BT-127": "" if is_off else some(self.notes(line, price)),
                "BT-129": price.quantity,
                "BT-130": line.unit_code,
                "BT-131": amount_in(self.currency, amounts.net),
                "BG-26": {} if is_off else self.days(line),
                **self.reductions(line, amounts),
                "BG-29": self.price(price, line.unit_code),
                "BG-30": taxed(line.tax),
                "BG-31": self.item(line),
            }
        )

    def deducted(self, count: int, deduction: Deduction, part: TaxAmount) -> Group:
        """Write a line that takes off what was invoiced before, of one tax."""
        net = self.sheet.turned(part.net)
        one = Decimal(1).copy_sign(net)
        words, formats = self.sheet.voice.words, self.sheet.voice.formats
        rate, tax = formats.percent(part.tax.rate), formats.amount(self.sheet.turned(part.amount))
        is_taxed = bool(part.tax.code or part.tax.rate)
        return group(
            {
                "BT-126": str(count),
                "BT-127": text(words("tax_on_it", rate=rate, amount=tax)) if is_taxed else "",
                "BT-129": one,
                "BT-130": ONE_UNIT,
                "BT-131": amount_in(self.currency, net),
                "BG-29": {"BT-146": number(net.copy_abs())},
                "BG-30": taxed(part.tax),
                "BG-31": {"BT-153": self.less(deduction)},
            }
        )

    def less(self, deduction: Deduction) -> str:
        """Name what a line takes off."""
        voice = self.sheet.voice
        return text(voice.words("less", document=voice.deducted(deduction)))

    def item(self, line: LineItem) -> Group:
        """Give BG-31: what is sold."""
        if line.type is LineType.DEDUCTION and self.sheet.draft.deductions:
            return {"BT-153": self.less(next(self.words.deducted)[0])}
        return group(
            {
                "BT-153": " ".join(text(line.title).split()),
                "BT-154": text(line.description),
                "BT-155": text(line.item.product),
            }
        )

    def notes(self, line: LineItem, price: LinePrice) -> Iterator[str]:
        """Say what the price of a line does not: how it came about, and to what it belongs."""
        item, words, formats = line.item, self.sheet.voice.words, self.sheet.voice.formats
        has_factor = line.factor != 1 and bool(line.span.shares[0].unit)
        if not price.is_own and line.unit_price:
            yield f"{words('unit_price')}: {formats.price(line.unit_price.copy_abs())}"
        if item.price_includes_tax:
            yield words("includes_tax")
        if has_factor:
            yield self.words.service(line)
        yield from self.words.remarks(line)
        yield from self.words.disclosed.pop(line.title, ())

    def days(self, line: LineItem) -> Group:
        """Give BG-26: the days of service, both inclusive."""
        return {"BT-134": line.service_period.first, "BT-135": line.service_period.last}

    def price(self, price: LinePrice, unit: str) -> Group:
        """Give BG-29; a base quantity has the unit of the line (R130)."""
        unit = "" if price.base is None else unit
        return group({"BT-146": price.price, "BT-149": price.base, "BT-150": unit})

    def reductions(self, line: LineItem, amounts: LineAmounts) -> Group:
        """Give BG-27, and BG-28 for the discount on what is taken back, which makes that less."""
        found: Group = {}
        order = " ".join(text(self.words.order_discount(line)).split())
        own = line.item.discount
        name = "" if own is None else " ".join(text(self.words.discount(own)).split())
        for off, discount, reason in (
            (amounts.discount, own, name),
            (amounts.order_discount, None, order),
        ):
            if off:
                code, made = self.reduction(off, amounts.amount, discount, reason)
                found.setdefault(code, []).append(made)
        return found

    def reduction(
        self, off: Decimal, amount: Decimal, discount: Discount | None, reason: str
    ) -> tuple[str, Group]:
        """Give one discount, with its group; with base and percentage if these give the amount."""
        group_code, sum_code, base, percent, why, code = _ALLOWANCE if off > ZERO else _CHARGE
        found: Group = {sum_code: amount_in(self.currency, off.copy_abs())}
        if discount is not None and is_share(discount, off, amount):
            found[base] = amount_in(self.currency, amount.copy_abs())
            found[percent] = number(discount.value)
        found[why] = reason or self.sheet.voice.words("discount")
        if off > ZERO:
            found[code] = _DISCOUNT
        return group_code, found


def taxed(tax: Tax) -> Group:
    """Give BG-30; what is not subject to VAT has no rate there (BR-O-05)."""
    return group({"BT-151": tax.category.value, "BT-152": rate_of(tax)})


def rate_of(tax: Tax) -> Decimal | None:
    """Give the rate of a tax; None if it has none."""
    return None if tax.category is TaxCategory.OUT_OF_SCOPE else number(tax.rate)
