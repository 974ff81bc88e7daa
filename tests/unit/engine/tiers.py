"""An item whose price has three parts, for the tests of tiers.

25 messages a month cost 10 x 2.50 + 10 x 2.40 + 5 x 2.30 = 60.50. April 2026 has 30 days, so that
half of it costs 30.25: 12.50, 12.00 and 5.75.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import billingcore as bc
from billingcore import Pricing, Tier

TIERS = (Tier(10, "2.50"), Tier(20, "2.40"), Tier(30, "2.30"), Tier(None, "2.20"))
TIERED = Pricing(bc.TIERED, TIERS)
MID_APRIL = "2026-04-16"


def sms(**fields: Any) -> bc.Item:
    """Make an item of 25 messages a month, of which a part costs days / days."""
    own: dict[str, Any] = {
        "quantity": 25,
        "pricing": TIERED,
        "cadence": bc.monthly(),
        "billing_type": bc.RECURRING_PRORATED,
        "proration": bc.proration.ACTUAL_DAYS,
    }
    return bc.Item("sms", **(own | fields))


def keys(lines: Iterable[bc.LineItem]) -> list[str]:
    """Give the billing keys of lines."""
    return [line.billing_key for line in lines]
