"""The words in which an item says when and how it is billed."""

from __future__ import annotations

from enum import Enum
from typing import Final

__all__ = [
    "ADVANCE",
    "ARREARS",
    "COMMISSION",
    "FISCAL_HALF_YEAR",
    "FISCAL_QUARTER",
    "FISCAL_YEAR",
    "FLAT",
    "FROM_USAGE",
    "MARK_DOWN",
    "MARK_UP",
    "MINIMUM_FEE",
    "NEXT_HALF_YEAR",
    "NEXT_MONTH",
    "NEXT_QUARTER",
    "NEXT_YEAR",
    "ONE_TIME",
    "PACKAGE",
    "PERCENTAGE",
    "PER_UNIT",
    "RECURRING",
    "RECURRING_PRORATED",
    "RECURRING_PRORATED_AVG",
    "TIERED",
    "TRANSACTIONAL",
    "UNIT_PRICE",
    "VOLUME",
    "BillingPractice",
    "BillingType",
    "LineType",
    "PriceModel",
    "PriceType",
    "SyncWith",
    "UsageType",
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
    TRANSACTIONAL = "Transactional"
    """What usage says; the item's own quantity counts nothing."""
    MINIMUM_FEE = "Minimum Fee"
    """What usage of a period is short of a minimum."""


class UsageType(Enum):
    """What a usage record is."""

    TRANSACTION = "Transaction"
    """It is billed."""
    DETAIL = "Detail"
    """It explains another one, and is not billed."""


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


class PriceModel(Enum):
    """How a price follows from a quantity."""

    UNIT_PRICE = "Unit Price"
    """As the item's price type says: unit price times quantity, or flat."""
    VOLUME = "Volume"
    """The whole quantity at the price of the tier in which it ends."""
    TIERED = "Tiered"
    """The units of each tier at the price of that tier, each tier a line of its own."""
    PACKAGE = "Package"
    """The unit price for every started package."""
    COMMISSION = "Commission"
    """A percentage of the price, which may depend on the price."""
    MARK_UP = "Mark Up"
    """The price and a percentage more."""
    MARK_DOWN = "Mark Down"
    """The price less a percentage."""
    PERCENTAGE = "Percentage"
    """A percentage of the price."""


class LineType(Enum):
    """What a line is on the document."""

    PRODUCT = "Product"
    SHIPPING = "Shipping Fees"
    """Stands after the products."""
    HANDLING = "Handling Fees"
    """Stands after the products."""
    INFORMATION = "Information"
    """Shown, and counts nothing."""
    DEPOSIT = "Deposit"
    """Asks for a part of what was agreed before anything is delivered."""
    DEDUCTION = "Deduction"
    """Takes off what was invoiced before, on a final that bills the remainder only."""
    TAX_DELTA = "Tax Delta"
    """Hidden; carries the cents between taxes rounded per line and per category."""


FROM_USAGE: Final = (BillingType.TRANSACTIONAL, BillingType.MINIMUM_FEE)
"""The types of items that are billed by usage, not by their own quantity."""

ONE_TIME: Final = BillingType.ONE_TIME
RECURRING: Final = BillingType.RECURRING
RECURRING_PRORATED: Final = BillingType.RECURRING_PRORATED
RECURRING_PRORATED_AVG: Final = BillingType.RECURRING_PRORATED_AVG
TRANSACTIONAL: Final = BillingType.TRANSACTIONAL
MINIMUM_FEE: Final = BillingType.MINIMUM_FEE
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
UNIT_PRICE: Final = PriceModel.UNIT_PRICE
VOLUME: Final = PriceModel.VOLUME
TIERED: Final = PriceModel.TIERED
PACKAGE: Final = PriceModel.PACKAGE
COMMISSION: Final = PriceModel.COMMISSION
MARK_UP: Final = PriceModel.MARK_UP
MARK_DOWN: Final = PriceModel.MARK_DOWN
PERCENTAGE: Final = PriceModel.PERCENTAGE
