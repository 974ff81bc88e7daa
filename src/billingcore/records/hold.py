"""Billing that is put off: nothing is lost, it is due when the hold is over."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.sealing import fill

__all__ = ["Hold"]


@frozen(init=False, order=False)
class Hold:
    """Nothing is billed up to a day; the service goes on, and what it costs stays due.

    A run is held if its last day is not after the hold's. A pause is something else: its days are
    never billed.

    >>> str(Hold("2026-03-31", reason="address is checked"))
    'until 2026-03-31 (address is checked)'

    Attributes:
        until: its last day, inclusive; None until the host takes the hold away.
        reason: why, for reports.

    Raises:
        InvalidInputError: the day is no date.
    """

    until: date | None
    reason: str

    def __init__(self, until: DateLike | None = None, *, reason: str = "") -> None:
        read = Boundary("Hold")
        fill(self, until=read.day("until", until), reason=read.text("reason", reason))

    def holds(self, last: date) -> bool:
        """Tell whether a run with this last day, inclusive, is held."""
        return self.until is None or last <= self.until

    def __str__(self) -> str:
        days = f"until {self.until}" if self.until else "without a last day"
        return f"{days} ({self.reason})" if self.reason else days
