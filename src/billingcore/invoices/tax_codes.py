"""The tax of a document by tax code, and by line.

A row of a document's breakdown is one tax category and rate, which several tax codes may share. The
books want each code by itself, and gross booking each line; both add up to the row, to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from billingcore.invoices.document import DraftInvoice
from billingcore.lines.line import LineItem
from billingcore.records.chain_document import TaxAmount
from billingcore.records.taxes import UNTAXED, Tax
from billingcore.records.terms import LineType
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.rounding import round_amount
from billingcore.values.sealing import new_tuple

__all__ = ["TaxPart", "line_taxes", "tax_parts"]


class TaxPart(NamedTuple):
    """What a document owes of one tax code at one rate.

    Attributes:
        tax: code and rate.
        net: the net amount that is taxed.
        amount: the tax.
        lines: the lines with this code, hidden ones too.
    """

    tax: Tax
    net: Decimal
    amount: Decimal
    lines: Sequence[LineItem]


NOTHING_BEFORE: Final = TaxAmount(UNTAXED, ZERO, ZERO)


def tax_parts(draft: DraftInvoice) -> list[TaxPart]:
    """Give the taxes of a document by code, in the order of its breakdown."""
    taxes: dict[int, list[LineItem]] = {}
    for line in draft.lines:
        key = id(line.tax)
        if key in taxes:
            taxes[key].append(line)
        else:
            taxes[key] = [line]
    rows = draft.totals.breakdown
    if len(taxes) > len(rows):
        return [*_split_rows(draft)]
    lines_of = {lines[0].tax.group: lines for lines in taxes.values()}  # each row has one tax
    found: list[TaxPart] = []
    for row in rows:
        lines = lines_of[row.tax.group]
        found.append(new_tuple(TaxPart, (lines[0].tax, row.taxable, row.amount, lines)))
    return found


def _split_rows(draft: DraftInvoice) -> Iterator[TaxPart]:
    """Split the rows of a breakdown over their codes; the last one takes what is left.

    Of a part invoice the tax of each code is counted up, so that all together have that of the sum.
    """
    known = {(each.tax.code, each.tax.group): each for each in draft.chain.before}
    groups: dict[str, dict[str, list[LineItem]]] = {}
    for line in draft.lines:
        groups.setdefault(line.tax.group, {}).setdefault(line.tax.code, []).append(line)
    for row in draft.totals.breakdown:
        left, codes = row.amount, [*groups[row.tax.group].values()]
        for lines in codes:
            net, amount = total(line.net for line in lines), left
            if lines is not codes[-1]:
                before = known.get((lines[0].tax.code, row.tax.group), NOTHING_BEFORE)
                upto = EXACT.add(before.net, net)
                rounded = EXACT.subtract(_rounded(upto, lines[0]), before.amount)
                amount = _own(lines) if _has_own(lines) else rounded
                left = EXACT.subtract(left, amount)
            yield TaxPart(lines[0].tax, net, amount, lines)


def line_taxes(draft: DraftInvoice) -> dict[int, Decimal]:
    """Give the tax of each visible line by its number; the taxes of one code add up to its part.

    Where lines have no tax of their own, each has what the running total grows by, so that none is
    more than a cent away from its share. The last one takes what is left, and hidden lines.
    """
    found: dict[int, Decimal] = {}
    for part in tax_parts(draft):
        lines = [line for line in part.lines if line.type is not LineType.TAX_DELTA]
        before, net, has_own = ZERO, ZERO, _has_own(lines)
        for line in lines:
            net = EXACT.add(net, line.net)
            upto = part.amount
            if line is not lines[-1]:
                own = EXACT.add(before, line.tax_amount or ZERO)
                upto = own if has_own else _rounded(net, line)
            found[line.number] = EXACT.subtract(upto, before)
            before = upto
    return found


def _has_own(lines: Sequence[LineItem]) -> bool:
    return all(line.tax_amount is not None for line in lines)


def _own(lines: Sequence[LineItem]) -> Decimal:
    return total(line.tax_amount or ZERO for line in lines)


def _rounded(net: Decimal, line: LineItem) -> Decimal:
    """Round a share half up whatever the policy says, so that what is negated is split alike."""
    return round_amount(Fraction(net) * Fraction(line.tax.share), line.currency)
