"""The hidden line that closes the gap between taxes per line and per category."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from billingcore.lines.line import OpenLine
from billingcore.records.item import Item
from billingcore.records.terms import LineType
from billingcore.scope.policy import Policy
from billingcore.scope.switches import TaxLevel
from billingcore.values.context import ZERO, total
from billingcore.values.rounding import round_amount

__all__ = ["delta_lines"]

_ITEM: Final = Item("tax-delta", title="Tax Delta", unit_price=0)


def delta_lines(lines: Sequence[OpenLine], policy: Policy, currency: str) -> list[OpenLine]:
    """Make a hidden line per tax group whose rounded line taxes miss the tax on their sum.

    Lines priced gross are left alone: their tax follows from what the customer was quoted. Runs
    inside `exactly`, after the taxes of the lines are known; gives nothing unless the policy
    rounds per line and wants it.
    """
    if not policy.tax_delta or policy.tax_level is not TaxLevel.LINE:
        return []
    by_group: dict[str, list[OpenLine]] = {}
    for line in lines:
        if not line.item.price_includes_tax:
            by_group.setdefault(line.tax.group, []).append(line)
    found: list[OpenLine] = []
    for group in by_group.values():
        base = total(line.net for line in group)
        exact = Fraction(base) * Fraction(group[0].tax.share)
        wanted = round_amount(exact, currency, policy.rounding)
        gap = wanted - total(line.tax_amount or ZERO for line in group)
        if gap:
            found.append(_delta_line(group[-1], gap))
    return found


def _delta_line(like: OpenLine, gap: Decimal) -> OpenLine:
    return OpenLine(
        number=0,
        item=_ITEM,
        subscription=like.subscription,
        subscription_id=like.subscription_id,
        heading=like.heading,
        filter=like.filter,
        span=like.span,
        currency=like.currency,
        amount=ZERO,
        discount=ZERO,
        order_discount=ZERO,
        net=ZERO,
        tax=like.tax,
        tax_amount=gap,
        billable="",
        own_key=f"{like.billing_key}+tax-delta",
        type=LineType.TAX_DELTA,
    )
