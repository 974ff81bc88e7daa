"""The words in which an item says when and how it is billed."""

from __future__ import annotations

from enum import Enum
from typing import Final

__all__ = [
    "ADVANCE",
    "ARREARS",
    "FISCAL_HALF_YEAR",
    "FISCAL_QUARTER",
    "FISCAL_YEAR",
    "FLAT",
    "NEXT_HALF_YEAR",
    "NEXT_MONTH",
    "NEXT_QUARTER",
    "NEXT_YEAR",
    "ONE_TIME",
    "PER_UNIT",
    "RECURRING",
    "RECURRING_PRORATED",
    "RECURRING_PRORATED_AVG",
    "BillingPractice",
    "BillingType",
    "LineType",
    "PriceType",
    "SyncWith",
]


class BillingType(Enum):
    """How often an item is billed, and what a part of a period costs."""

    ONE_TIME = "One-Time"
    """Once."""
    RECURRING = "Recurring"
    """Every period at the full price, also for a part of a period."""
    RECURRING_PRORATED = "Recurring Prorated"
    """Every period; a part by calendar months."""
    RECURRING_PRORATED_AVG = "Recurring Prorated AVG"
    """Every period; a part by average months of 365/12 days."""


class BillingPractice(Enum):
    """When a period is billed: as early or as late as possible."""

    ADVANCE = "Advance"
    """When it begins."""
    ARREARS = "Arrears"
    """When it has ended."""


class SyncWith(Enum):
    """The boundary to which an item's first periods are aligned."""

    NEXT_MONTH = "Start of next month"
    NEXT_QUARTER = "Start of next quarter"
    NEXT_HALF_YEAR = "Start of next half year"
    NEXT_YEAR = "Start of next year"
    FISCAL_QUARTER = "Start of next fiscal quarter"
    FISCAL_HALF_YEAR = "Start of next fiscal half year"
    FISCAL_YEAR = "Start of next fiscal year"


class PriceType(Enum):
    """What a unit price is for."""

    PER_UNIT = "Default"
    """For one unit: price times quantity."""
    FLAT = "Flat"
    """For any quantity: the quantity counts as one."""


class LineType(Enum):
    """What a line is on the document."""

    PRODUCT = "Product"
    TAX_DELTA = "Tax Delta"
    """Hidden; carries the cents between taxes rounded per line and per category."""


ONE_TIME: Final = BillingType.ONE_TIME
RECURRING: Final = BillingType.RECURRING
RECURRING_PRORATED: Final = BillingType.RECURRING_PRORATED
RECURRING_PRORATED_AVG: Final = BillingType.RECURRING_PRORATED_AVG
ADVANCE: Final = BillingPractice.ADVANCE
ARREARS: Final = BillingPractice.ARREARS
NEXT_MONTH: Final = SyncWith.NEXT_MONTH
NEXT_QUARTER: Final = SyncWith.NEXT_QUARTER
NEXT_HALF_YEAR: Final = SyncWith.NEXT_HALF_YEAR
NEXT_YEAR: Final = SyncWith.NEXT_YEAR
FISCAL_QUARTER: Final = SyncWith.FISCAL_QUARTER
FISCAL_HALF_YEAR: Final = SyncWith.FISCAL_HALF_YEAR
FISCAL_YEAR: Final = SyncWith.FISCAL_YEAR
PER_UNIT: Final = PriceType.PER_UNIT
FLAT: Final = PriceType.FLAT
