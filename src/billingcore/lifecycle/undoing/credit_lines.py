"""The lines and totals of a credit: parts of recorded lines, with the other sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from attrs import evolve

from billingcore.invoices.totals import TaxSubtotal, Totals
from billingcore.lifecycle.undoing.negation import negated_line
from billingcore.lifecycle.undoing.remainder import Left, Remainder, Shares
from billingcore.lines.line import LineItem
from billingcore.lines.origin import Original
from billingcore.periods.span import Share, Span
from billingcore.records.item import ONE_UNIT, Item
from billingcore.records.terms import PriceType
from billingcore.scope.switches import TaxLevel
from billingcore.values.context import ZERO, negated, total
from billingcore.values.rounding import round_to_increment

__all__ = ["lines_of", "totals_of"]

_ONE: Final = Decimal(1)


def lines_of(
    remainder: Remainder, shares: Shares, original: Original, key: str
) -> Iterator[LineItem]:
    """Make the lines of a credit, hidden ones last; runs inside `exactly`.

    Args:
        remainder: what is left of the document.
        shares: what of it is given back.
        original: the document, as the lines name it.
        key: the id of the draft, from which the keys of its lines follow.
    """
    own = {unit.number: tax for unit, tax in shares.taxes}
    numbers = [*shares.priced]
    numbers += [unit.number for unit, tax in shares.taxes if unit.is_delta and tax]
    for count, number in enumerate(numbers, start=1):
        left = remainder.lines[number]
        fields = _fields(remainder, left, shares.priced.get(number, ZERO), own.get(number))
        fields["number"] = count
        yield negated_line(left.line, original, f"{key}+{number}", left.priced, **fields)


def _fields(
    remainder: Remainder, left: Left, priced: Decimal, tax: Decimal | None
) -> dict[str, Any]:
    """Work out what a part of a line has, besides what the line has.

    Discounts are counted up like taxes: the last part has the rest of them.
    """
    line = left.line
    discount, ordered = (
        remainder.rounded(Fraction(whole) * _part(left, priced)) - given
        for whole, given in (
            (line.discount, left.discount),
            (line.order_discount, left.order_discount),
        )
    )
    net = priced - tax if left.is_gross and tax is not None else priced
    is_taxed_per_line = remainder.invoice.draft.policy.tax_level is TaxLevel.LINE
    fields: dict[str, Any] = {
        "amount": negated(priced + discount + ordered),
        "discount": negated(discount),
        "order_discount": negated(ordered),
        "net": negated(net),
        "tax_amount": negated(tax) if is_taxed_per_line and tax is not None else None,
    }
    if left.priced or priced != line.priced:
        fields["item"] = _priced_item(line.item, fields["amount"])
        fields["span"] = _undivided(line.span)
    return fields


def _part(left: Left, priced: Decimal) -> Fraction:
    """Give what part of a line was and will be given back; none of a line that costs nothing."""
    whole = Fraction(left.line.priced)
    return Fraction(left.priced + priced) / whole if whole else Fraction(0)


def _priced_item(item: Item, amount: Decimal) -> Item:
    """Give the item of a part of a line: one, at the amount."""
    return evolve(
        item,
        quantity=_ONE,
        unit_price=amount,
        unit_code=ONE_UNIT,
        price_type=PriceType.PER_UNIT,
        billed_share=_ONE,
        pricing=None,
        part=None,
        changes=(),
    )


def _undivided(span: Span) -> Span:
    """Give the same days with a billing factor of 1."""
    days = span.service_period
    return Span(days, span.cover, (Share(days, None, Fraction(1)),), span.tax_days)


def totals_of(remainder: Remainder, shares: Shares, lines: Sequence[LineItem]) -> Totals:
    """Add up a credit; runs inside `exactly`."""
    taxes = {row.tax.group: row.tax for row in remainder.invoice.breakdown}
    breakdown = tuple(
        TaxSubtotal(
            taxes[group],
            total(line.net for line in lines if line.tax.group == group),
            negated(total(tax for unit, tax in shares.taxes if unit.tax.group == group)),
        )
        for group in dict.fromkeys(line.tax.group for line in lines)
    )
    net = total(row.taxable for row in breakdown)
    tax = total(row.amount for row in breakdown)
    gross = net + tax
    rounding = _rounding(remainder, shares, gross)
    return Totals(net, ZERO, ZERO, net, tax, gross, ZERO, rounding, gross + rounding, breakdown)


def _rounding(remainder: Remainder, shares: Shares, gross: Decimal) -> Decimal:
    """Give the cash rounding: what that of all credits grows by; the last one has the rest."""
    invoice = remainder.invoice
    policy = invoice.draft.policy
    increment = dict(policy.cash_increments).get(invoice.currency)
    upto = ZERO
    if remainder.is_all(shares):
        upto = invoice.totals.rounding
    elif increment is not None:
        whole = remainder.gross - gross
        upto = round_to_increment(whole, increment, policy.rounding) - whole
    return remainder.rounding - upto
