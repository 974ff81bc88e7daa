"""Coupons on the documents of a run: which one, and the next use that no document has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from billingcore.invoices.assembly import share_order_discount
from billingcore.lines.line import OpenLine
from billingcore.records.coupon import Coupon
from billingcore.records.discount import Discount
from billingcore.records.snapshot import AccountSnapshot
from billingcore.scope.run import InvoiceRun
from billingcore.values.calendar import ONE_DAY
from billingcore.values.context import ZERO, total

__all__ = ["Redeemed", "Redeemer"]


class Redeemed(NamedTuple):
    """A coupon on a document.

    Attributes:
        discount: what it takes off.
        use: the use that is taken; empty if the coupon has any number of them.
    """

    discount: Discount
    use: str


class Redeemer:
    """Gives the documents of an account their coupons, each use once."""

    def __init__(self, run: InvoiceRun, snapshot: AccountSnapshot) -> None:
        self._policy = run.policy
        self._coupons = snapshot.coupons
        self._day = run.invoice_date or run.period.bounds[1] - ONE_DAY
        self._taken = {claim.billable for claim in snapshot.claims if claim.period is None}

    def redeem(self, lines: Sequence[OpenLine]) -> Redeemed | None:
        """Take a coupon off the lines of a document; None if none is for it.

        Lines that correct others have the discounts of those. A document of 0 or below has none,
        and neither has one of which only such lines are more than 0.
        """
        own = [line for line in lines if line.shares_order_discounts]
        if any(total(line.priced for line in each) <= ZERO for each in (own, lines)):
            return None
        for coupon in self._coupons:
            use = self._next_use(coupon)
            if use is not None and coupon.is_for(self._day, own[0].currency):
                self._taken.add(use)
                share_order_discount(coupon.discount, own, self._policy)
                return Redeemed(coupon.discount, use)
        return None

    def give_back(self, use: str) -> None:
        """Let a later document have the use of one that is not made after all."""
        self._taken.discard(use)

    def _next_use(self, coupon: Coupon) -> str | None:
        """Name the first use that no document has; empty if all have one, None if there is none."""
        if coupon.uses is None:
            return ""
        uses = (coupon.use(number) for number in range(1, coupon.uses + 1))
        return next((use for use in uses if use not in self._taken), None)
