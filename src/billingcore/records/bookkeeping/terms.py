"""What a line brings for its booking (behaviour 6.2, 6.6)."""

from __future__ import annotations

from enum import Enum
from typing import Final

from attrs import field, frozen

from billingcore.values.boundary import Boundary
from billingcore.values.sealing import fill

__all__ = ["NO_BOOKING_TERMS", "BookingTerms", "Recognition"]


class Recognition(Enum):
    """How revenue is spread over the days of service (behaviour 6.6)."""

    BOOKING_MONTH = "Booking Month"
    """Equal months from the first day of service on; what rounding leaves is in the last."""
    CALENDAR_YEAR = "Calendar Year"
    """One share for each calendar year, by its months, in the first of them."""
    DAYS = "Days"
    """Calendar months, by their days of service."""


@frozen(init=False, order=False)
class BookingTerms:
    """How the lines of an item are booked.

    >>> BookingTerms(product_group="Licenses", center="C-100").center
    'C-100'

    Attributes:
        account: the revenue account itself; empty lets the rules choose.
        custom_rule: a word that assignment rules look for.
        product_group: the group of the product, which assignment rules look for.
        center: the cost center.
        cost_object: the cost object.
        region: where the revenue arises.
        recognition: how the revenue is spread over the days of service; None books it at once.
        key: all of them as one text, by which lines that are booked alike are found.

    Raises:
        InvalidInputError: a field is wrong.
    """

    account: str
    custom_rule: str
    product_group: str
    center: str
    cost_object: str
    region: str
    recognition: Recognition | None
    key: str = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        *,
        account: str = "",
        custom_rule: str = "",
        product_group: str = "",
        center: str = "",
        cost_object: str = "",
        region: str = "",
        recognition: Recognition | None = None,
    ) -> None:
        read = Boundary("BookingTerms")
        fill(
            self,
            account=read.text("account", account),
            custom_rule=read.text("custom_rule", custom_rule),
            product_group=read.text("product_group", product_group),
            center=read.text("center", center),
            cost_object=read.text("cost_object", cost_object),
            region=read.text("region", region),
            recognition=None
            if recognition is None
            else read.member("recognition", recognition, Recognition),
        )
        texts = (self.account, self.custom_rule, self.product_group, self.center, self.cost_object)
        rule = "" if self.recognition is None else self.recognition.value
        fill(self, key=repr((*texts, self.region, rule)))


NO_BOOKING_TERMS: Final = BookingTerms()
