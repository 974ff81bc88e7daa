"""Open the lines of a draft again, so that another draft can be made of them."""

from __future__ import annotations

from billingcore.invoices.document import DraftInvoice
from billingcore.lines.line import OpenLine, reopen
from billingcore.values.context import ZERO

__all__ = ["is_as_billed", "open_lines", "without_order_discount"]


def open_lines(draft: DraftInvoice) -> list[OpenLine]:
    """Give open copies of the shown lines, without any share of an order discount.

    A line that corrects another as it was billed keeps the share that it has from there.
    """
    lines = [reopen(line) for line in draft.visible_lines]
    without_order_discount(lines)
    for line in lines:
        line.tax_amount = None
    return lines


def without_order_discount(lines: list[OpenLine]) -> None:
    """Take the share of an order discount off open lines, but for corrections as billed."""
    for line in lines:
        if not is_as_billed(line):
            line.order_discount = ZERO
        line.net = line.priced


def is_as_billed(line: OpenLine) -> bool:
    """Tell whether a line corrects another at the price that was billed."""
    return line.corrects is not None and line.corrects.is_as_billed
