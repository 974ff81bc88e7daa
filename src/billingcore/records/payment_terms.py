"""In which parts, and how early, a document is paid."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from attrs import frozen

from billingcore.records.subscription import MOST_PAYMENT_DAYS
from billingcore.values.boundary import Boundary
from billingcore.values.context import ZERO
from billingcore.values.numbers import NumberLike
from billingcore.values.sealing import fill

__all__ = ["NO_PAYMENT_TERMS", "CashDiscount", "Installment", "PaymentTerms", "Retention"]

_ALL: Final = Decimal(100)
_MOST_RETENTION_DAYS: Final = 36_525  # a hundred years: warranties are long


@frozen(init=False, order=False)
class Installment:
    """A part of what is due, with a day of its own.

    >>> Installment(30, share=1).days
    30

    Attributes:
        days: days from the invoice date until it is due.
        share: its weight among all installments, above 0; three of the same weight are thirds.

    Raises:
        InvalidInputError: a field is wrong.
    """

    days: int
    share: Decimal

    def __init__(self, days: int, *, share: NumberLike = 1) -> None:
        read = Boundary("Installment")
        fill(
            self,
            days=read.count("days", days, most=MOST_PAYMENT_DAYS),
            share=read.number("share", share),
        )
        if self.share <= ZERO:
            raise read.refuse("share", self.share, "not above 0", "use a weight like 1")


@frozen(init=False, order=False)
class CashDiscount:
    """What the customer may keep for paying early, known as *Skonto*.

    >>> CashDiscount(10, percent=2).percent
    Decimal('2')

    Attributes:
        days: days from the invoice date; the last one is within the term.
        percent: of what is due, above 0 and below 100.

    Raises:
        InvalidInputError: a field is wrong.
    """

    days: int
    percent: Decimal

    def __init__(self, days: int, *, percent: NumberLike) -> None:
        read = Boundary("CashDiscount")
        fill(
            self,
            days=read.count("days", days, most=MOST_PAYMENT_DAYS),
            percent=read.number("percent", percent),
        )
        if not ZERO < self.percent < _ALL:
            fix = "use a number above 0 and below 100"
            raise read.refuse("percent", self.percent, "not a part of the amount", fix)


@frozen(init=False, order=False)
class Retention:
    """What the customer keeps back as security, and pays later, known as *Sicherheitseinbehalt*.

    It is a part of what is due with a later day; nothing gets cheaper.

    >>> Retention(1825, percent=5).percent
    Decimal('5')

    Attributes:
        days: days from the invoice date until it is due.
        percent: of all that the document bills, taxes included, above 0 and below 100; never more
            than what is due. Of a final invoice that is all that was agreed, before deductions.

    Raises:
        InvalidInputError: a field is wrong.
    """

    days: int
    percent: Decimal

    def __init__(self, days: int, *, percent: NumberLike) -> None:
        read = Boundary("Retention")
        fill(
            self,
            days=read.count("days", days, least=1, most=_MOST_RETENTION_DAYS),
            percent=read.number("percent", percent),
        )
        if not ZERO < self.percent < _ALL:
            fix = "use a number above 0 and below 100"
            raise read.refuse("percent", self.percent, "not a part of the amount", fix)


@frozen(init=False, order=False)
class PaymentTerms:
    """In which parts a document is paid, and what is taken off for paying early.

    >>> PaymentTerms(installments=[Installment(0, share=1), Installment(30, share=2)]).last_day(14)
    30

    Attributes:
        installments: the parts, by their days; without any all is due at once, on the due date.
        cash_discounts: what is taken off until when, by their days.
        retention: what is kept back and paid after all other parts; None if nothing is. It does not
            change the due date, which is that of the other parts.

    Raises:
        InvalidInputError: two installments or two discounts have the same days, a discount is not
            lower than one for paying earlier, or what is kept back is due before the rest.
    """

    installments: tuple[Installment, ...]
    cash_discounts: tuple[CashDiscount, ...]
    retention: Retention | None

    def __init__(
        self,
        *,
        installments: Iterable[Installment] = (),
        cash_discounts: Iterable[CashDiscount] = (),
        retention: Retention | None = None,
    ) -> None:
        read = Boundary("PaymentTerms")
        parts = [read.instance("installments", each, Installment) for each in installments]
        offers = [read.instance("cash_discounts", each, CashDiscount) for each in cash_discounts]
        fill(
            self,
            installments=tuple(sorted(parts, key=_days)),
            cash_discounts=tuple(sorted(offers, key=_days)),
            retention=read.optional("retention", retention, Retention),
        )
        if len({part.days for part in parts}) < len(parts):
            fix = "put them together"
            raise read.refuse("installments", len(parts), "two are due on the same day", fix)
        percents = [offer.percent for offer in self.cash_discounts]
        if percents != sorted(set(percents), reverse=True) or len(
            {offer.days for offer in offers}
        ) < len(offers):
            rule, fix = "not lower for paying later", "lower the later one, or leave it out"
            raise read.refuse("cash_discounts", len(offers), rule, fix)
        if self.retention is not None and self.retention.days <= self.last_day(0):
            rule, fix = "not after the last installment", "make it due later"
            raise read.refuse("retention", self.retention.days, rule, fix)

    def last_day(self, payment_days: int) -> int:
        """Give the days until all but a retention is due: the last installment's, or those given."""
        return self.installments[-1].days if self.installments else payment_days


def _days(each: Installment | CashDiscount) -> int:
    return each.days


NO_PAYMENT_TERMS: Final = PaymentTerms()
"""All is due on the due date, and nothing is taken off."""
