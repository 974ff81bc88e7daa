"""How an item names its proration convention, and words that conventions use."""

from __future__ import annotations

from enum import Enum
from typing import Final

from billingcore.ports import ProrationConvention
from billingcore.values.boundary import Boundary

__all__ = ["WHOLE", "DayPrice", "read_convention"]

WHOLE: Final = "NONE"
"""Name of the convention by which every period that is touched counts whole."""


class DayPrice(Enum):
    """How the price of one day is kept, before it is multiplied by the days."""

    EXACT = "an exact fraction"
    DOUBLE = "a binary number of 53 digits"
    ROUNDED = "rounded half up to the smallest unit of the currency"


def read_convention(read: Boundary, value: object) -> ProrationConvention | None:
    """Read the convention of an item or a policy; None takes the billing type's."""
    if value is None:
        return None
    if isinstance(value, ProrationConvention):  # a profile has one, beside what it rounds itself
        own = getattr(value, "proration", value)
        return own if isinstance(own, ProrationConvention) else value
    fix = "use one of billingcore.proration, or an object with `name` and `factor`"
    raise read.refuse("proration", value, "not a proration convention", fix)
