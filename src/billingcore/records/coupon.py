"""Coupons: a discount on so many documents, or up to a day."""

from __future__ import annotations

import datetime as dt

from attrs import frozen

from billingcore.records.discount import Discount
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.keys import billable_id
from billingcore.values.sealing import fill

__all__ = ["Coupon"]

MOST_USES = 10_000


@frozen(init=False, order=False)
class Coupon:
    """A discount that an account may use so often, or until a day.

    Each use is a claim of the document that has it, so two documents never share one, and a use is
    free again when its draft is discarded or its invoice canceled. A document has one coupon.

    >>> Coupon("WELCOME", Discount.percent(20), uses=3, until="2026-06-30").use(1)
    'coupon/WELCOME/1'

    Attributes:
        id: unique within the account.
        discount: what it takes off a document.
        uses: on how many documents; None for any number.
        start: from which day on; None is always.
        until: up to which day, inclusive; None is for ever. What counts is the invoice date, or
            else the last day of the run.
        currency: of a fixed amount: it is used on documents in this currency only.

    Raises:
        InvalidInputError: a field is wrong, or a fixed amount has no currency.
    """

    id: str
    discount: Discount
    uses: int | None
    start: dt.date | None
    until: dt.date | None
    currency: str | None

    def __init__(
        self,
        id: str,
        discount: Discount,
        *,
        uses: int | None = 1,
        start: DateLike | None = None,
        until: DateLike | None = None,
        currency: str | None = None,
    ) -> None:
        read = Boundary("Coupon", id)
        fill(
            self,
            id=read.id("id", id),
            discount=read.instance("discount", discount, Discount),
            uses=None if uses is None else read.count("uses", uses, least=1, most=MOST_USES),
            start=read.day("start", start),
            until=read.day("until", until),
            currency=read.currency("currency", currency),
        )
        read.order("until", self.start, self.until)
        if self.discount.is_amount and self.currency is None:
            fix = "say in which: currency='EUR'"
            raise read.refuse("currency", None, "a fixed amount is in one currency", fix)

    def is_for(self, day: dt.date, currency: str) -> bool:
        """Tell whether it can be used on a document of a day and currency."""
        is_due = (self.start is None or self.start <= day) and (
            self.until is None or day <= self.until
        )
        return is_due and self.currency in (None, currency)

    def use(self, number: int) -> str:
        """Name a use of it, as claims do; numbers begin with 1."""
        return billable_id("coupon", self.id, str(number))
