"""Booking periods: one month of one business entity, open or closed (behaviour 6.1)."""

from __future__ import annotations

from attrs import frozen

from billingcore.values.boundary import Boundary
from billingcore.values.sealing import fill

__all__ = ["BookingPeriod"]


@frozen(init=False, order=False)
class BookingPeriod:
    """A month of a business entity's books.

    >>> BookingPeriod(2026, 1, entity="Acme", is_closed=True).name
    'Acme-2026-01'

    Attributes:
        year: its year.
        month: its month, from 1.
        entity: name of the business entity; empty for documents without one.
        is_closed: whether nothing is booked in it any more.

    Raises:
        InvalidInputError: there is no such month.
    """

    year: int
    month: int
    entity: str
    is_closed: bool

    def __init__(self, year: int, month: int, *, entity: str = "", is_closed: bool = False) -> None:
        read = Boundary("BookingPeriod")
        fill(
            self,
            year=read.count("year", year, least=1, most=9999),
            month=read.count("month", month, least=1, most=12),
            entity=read.text("entity", entity),
            is_closed=read.flag("is_closed", is_closed),
        )

    @property
    def key(self) -> tuple[str, int, int]:
        """Entity, year and month."""
        return (self.entity, self.year, self.month)

    @property
    def name(self) -> str:
        """How entries name it: ``Acme-2026-01``, or ``2026-01``."""
        month = f"{self.year:04}-{self.month:02}"
        return f"{self.entity}-{month}" if self.entity else month
