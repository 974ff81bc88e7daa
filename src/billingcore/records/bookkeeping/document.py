"""What is said of the booking of one document."""

from __future__ import annotations

import datetime as dt
from typing import Final

from attrs import frozen

from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.sealing import fill

__all__ = ["PLAINLY", "DocumentBooking"]


@frozen(init=False, order=False)
class DocumentBooking:
    """How one document is booked, where that does not follow from its account and date.

    >>> DocumentBooking(debtor="10042", date="2026-02-01").date
    datetime.date(2026, 2, 1)

    Attributes:
        debtor: number of the debtor; empty takes the account's.
        payment_method: how it is to be paid, which assignment rules look for; empty takes the
            account's.
        date: the booking date; None takes the invoice date.

    Raises:
        InvalidInputError: a field is wrong.
    """

    debtor: str
    payment_method: str
    date: dt.date | None

    def __init__(
        self, *, debtor: str = "", payment_method: str = "", date: DateLike | None = None
    ) -> None:
        read = Boundary("DocumentBooking")
        fill(
            self,
            debtor=read.text("debtor", debtor),
            payment_method=read.text("payment_method", payment_method),
            date=read.day("date", date),
        )


PLAINLY: Final = DocumentBooking()
"""As account and date say."""
