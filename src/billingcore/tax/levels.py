"""Where tax is rounded: per line, per tax category and rate, or per document.

EN 16931 computes tax per category on the sum of its net lines (BR-CO-17): the default. The
products round every line and add up; a tenth of a cent per line then makes whole cents, and
three lines of 0.69 and four of 0.99 at 19 % are taxed 1.14 instead of 1.15.

A price that includes tax works the other way round: tax = gross x rate / (100 + rate), rounded on
the sum of the level, and the net amounts are what is left, so that the gross stays what was priced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from attrs import frozen

from billingcore.invoices.totals import TaxSubtotal
from billingcore.lines.line import OpenLine
from billingcore.records.taxes import Tax
from billingcore.records.terms import LineType
from billingcore.scope.policy import Policy
from billingcore.scope.switches import TaxLevel
from billingcore.tax.table import TaxTable
from billingcore.values.context import ZERO, total
from billingcore.values.currency import quantum_of
from billingcore.values.rounding import round_amount, round_to_sum
from billingcore.values.sealing import new_tuple

__all__ = ["break_down", "taxed_by_table"]

CATEGORY: Final = TaxLevel.CATEGORY  # looked up slowly in its class


def break_down(lines: Sequence[OpenLine], policy: Policy, currency: str) -> tuple[TaxSubtotal, ...]:
    """Work out the taxes of a document's lines, and the net amounts of those priced gross.

    Runs inside `exactly`. Gives one row per tax category and rate, in the order of the lines.
    """
    if policy.tax_level is CATEGORY:
        rows = _by_category(lines, quantum_of(currency), policy.rounding_mode)
        if rows is not None:
            return rows
    parts = _parts(lines)
    _ROUNDED_AT[policy.tax_level](parts, policy, currency)
    by_group: dict[str, TaxSubtotal] = {}
    for part in parts:
        net = total(line.net for line in part.lines)
        known = by_group.get(part.tax.group, TaxSubtotal(part.tax, ZERO, ZERO))
        row = TaxSubtotal(known.tax, known.taxable + net, known.amount + part.amount[0])
        by_group[part.tax.group] = row
    return tuple(by_group.values())


def _by_category(
    lines: Sequence[OpenLine], quantum: Decimal, rounding: str
) -> tuple[TaxSubtotal, ...] | None:
    """Round once per category: the default, and all that most documents need.

    Gives None if a line is priced gross; net amounts are then still to be found.
    """
    taxes: dict[str, Tax] = {}
    bases: dict[str, Decimal] = {}
    for line in lines:
        if line.item.price_includes_tax:
            return None
        tax = line.tax
        group = tax.group
        if group in bases:
            bases[group] += line.net
        else:
            bases[group] = line.net
            taxes[group] = tax
    return _taxed(bases, taxes, quantum, rounding)


def taxed_by_table(
    lines: Sequence[OpenLine], table: TaxTable, buyer: str, policy: Policy
) -> tuple[TaxSubtotal, ...] | None:
    """Give each line the tax that a table has for it, and tax the sum of each category and rate.

    Gives None if a line is priced gross, or has no tax code, no tax, or several on its days. Runs
    inside `exactly`.

    Args:
        lines: of one document and one seller; none corrects another.
        table: the rates.
        buyer: the tax region of the account.
        policy: how to round; by category.
    """
    first = lines[0]
    seller, quantum = first.heading.tax_region, quantum_of(first.currency)
    told = table.known_taxes(buyer, seller)
    bases: dict[str, Decimal] = {}
    taxes: dict[str, Tax] = {}
    for line in lines:
        item, span = line.item, line.span
        code, known = item.tax_code, told.get(span.tax_key)
        if code is None or item.price_includes_tax:
            return None
        if known is None:
            known = table.single_taxes(span.tax_days, buyer, seller)
        tax = known[code]
        if tax is None:
            return None
        line.tax, group = tax, tax.group
        if group in bases:
            bases[group] += line.net
        else:
            bases[group], taxes[group] = line.net, tax
    return _taxed(bases, taxes, quantum, policy.rounding_mode)


def _taxed(
    bases: Mapping[str, Decimal], taxes: Mapping[str, Tax], quantum: Decimal, rounding: str
) -> tuple[TaxSubtotal, ...]:
    """Round the tax of each sum: group → the sum, and its tax."""
    rows: list[TaxSubtotal] = []
    for group, base in bases.items():
        tax = taxes[group]
        amount = (base * tax.share).quantize(quantum, rounding)
        rows.append(new_tuple(TaxSubtotal, (tax, base, amount or amount.copy_abs())))
    return tuple(rows)


@frozen
class _Part:
    """Lines of one category and rate, all priced net or all priced gross."""

    tax: Tax
    is_gross: bool
    lines: list[OpenLine]
    amount: list[Decimal]  # the tax, once it is worked out

    @property
    def base(self) -> Decimal:
        return total(line.priced for line in self.lines)

    def exact_tax(self, base: Decimal) -> Fraction:
        share = Fraction(self.tax.share)
        return Fraction(base) * (share / (1 + share) if self.is_gross else share)


def _parts(lines: Sequence[OpenLine]) -> list[_Part]:
    parts: dict[tuple[str, bool], _Part] = {}
    for line in lines:
        is_gross = _is_gross(line)
        key = (line.tax.group, is_gross)
        parts.setdefault(key, _Part(line.tax, is_gross, [], [])).lines.append(line)
    return list(parts.values())


def _is_gross(line: OpenLine) -> bool:
    return line.item.price_includes_tax


def _at_category(parts: Sequence[_Part], policy: Policy, currency: str) -> None:
    for part in parts:
        part.amount.append(round_amount(part.exact_tax(part.base), currency, policy.rounding))
        _net_of_gross(part, currency)


def _at_document(parts: Sequence[_Part], policy: Policy, currency: str) -> None:
    exact = [part.exact_tax(part.base) for part in parts]
    whole = round_amount(sum(exact, Fraction(0)), currency, policy.rounding)
    for part, amount in zip(parts, round_to_sum(whole, exact, currency=currency), strict=True):
        part.amount.append(amount)
        _net_of_gross(part, currency)


def _at_line(parts: Sequence[_Part], policy: Policy, currency: str) -> None:
    for part in parts:
        for line in part.lines:
            if line.type is not LineType.TAX_DELTA:
                exact = part.exact_tax(line.priced)
                line.tax_amount = round_amount(exact, currency, policy.rounding)
                line.net = line.priced - line.tax_amount if part.is_gross else line.priced
        part.amount.append(total(line.tax_amount or ZERO for line in part.lines))


def _net_of_gross(part: _Part, currency: str) -> None:
    """Give each line priced gross its net amount: what is left of its category without tax."""
    if part.is_gross:
        net = part.base - part.amount[0]
        exact = [Fraction(line.priced) - part.exact_tax(line.priced) for line in part.lines]
        for line, amount in zip(
            part.lines, round_to_sum(net, exact, currency=currency), strict=True
        ):
            line.net = amount


_ROUNDED_AT: Final[dict[TaxLevel, Callable[[Sequence[_Part], Policy, str], None]]] = {
    TaxLevel.LINE: _at_line,
    TaxLevel.CATEGORY: _at_category,
    TaxLevel.DOCUMENT: _at_document,
}
