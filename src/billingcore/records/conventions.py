"""How an item names its proration convention."""

from __future__ import annotations

from typing import Final

from billingcore.ports import ProrationConvention
from billingcore.values.boundary import Boundary

__all__ = ["WHOLE", "read_convention"]

WHOLE: Final = "NONE"
"""Name of the convention by which every period that is touched counts whole."""


def read_convention(read: Boundary, value: object) -> ProrationConvention | None:
    """Read the convention of an item; None takes the billing type's."""
    if value is None or isinstance(value, ProrationConvention):
        return value
    fix = "use one of billingcore.proration, or an object with `name` and `factor`"
    raise read.refuse("proration", value, "not a proration convention", fix)
