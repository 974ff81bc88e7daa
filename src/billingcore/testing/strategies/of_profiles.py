"""Draw profiles of other systems, and parts that they billed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from billingcore.periods.profiles import PROFILES, PlanChange, Profile
from billingcore.testing.strategies.of_values import cadences, periods, positive_amounts
from billingcore.values.cadence import Cadence, Unit
from billingcore.values.moments import Moments, Tick
from billingcore.values.period import Period
from billingcore.views.proof import AmountProof, BilledPart, ProvedAmount, prove

__all__ = [
    "CLASSES_OF_PROFILES",
    "amount_proofs",
    "billed_parts",
    "moments",
    "plan_changes",
    "profiles",
    "proved_amounts",
]

_FIRST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def profiles() -> st.SearchStrategy[Profile]:
    """Draw one of the profiles of the library."""
    return st.sampled_from([PROFILES[name] for name in sorted(PROFILES)])


def moments() -> st.SearchStrategy[Moments]:
    """Draw stretches of time, to the millisecond; some are empty."""

    def build(start: int, length: int) -> Moments:
        first = _FIRST + start * Tick.MILLISECOND.value
        return Moments(first, first + length * Tick.MILLISECOND.value)

    day = 86_400_000
    return st.builds(build, st.integers(0, 3_650 * day), st.integers(0, 400 * day))


def billed_parts() -> st.SearchStrategy[BilledPart]:
    """Draw parts in days, with the amount that some profile computes for them."""

    def build(
        profile: Profile, price: Decimal, part: Period, whole: Cadence, number: int
    ) -> BilledPart:
        amount = profile.amount(price, part, whole, currency="EUR")
        name = f"I-{number}"
        return BilledPart(name, price=price, part=part, whole=whole, amount=amount, currency="EUR")

    months = cadences(units=[Unit.MONTH, Unit.QUARTER, Unit.YEAR], anchored=True)
    numbers = st.integers(1, 999)
    return st.builds(build, profiles(), positive_amounts(), periods(), months, numbers)


def amount_proofs() -> st.SearchStrategy[AmountProof]:
    """Draw proofs of a few parts; most are billed by another profile than they are proved by."""
    return st.builds(prove, st.lists(billed_parts(), max_size=3), profiles())


def proved_amounts() -> st.SearchStrategy[ProvedAmount]:
    """Draw billed amounts beside computed ones."""

    def build(row: BilledPart, profile: Profile) -> ProvedAmount:
        return prove([row], profile).rows[0]

    return st.builds(build, billed_parts(), profiles())


def plan_changes() -> st.SearchStrategy[PlanChange]:
    """Draw what changes of a price cost."""

    def build(profile: Profile, row: BilledPart, new: Decimal) -> PlanChange:
        part, whole = row.part, row.whole
        return profile.change(row.price, new, part, whole, currency=row.currency)

    return st.builds(build, profiles(), billed_parts(), positive_amounts())


CLASSES_OF_PROFILES: Final[Mapping[type, st.SearchStrategy[Any]]] = {
    AmountProof: amount_proofs(),
    BilledPart: billed_parts(),
    Moments: moments(),
    PlanChange: plan_changes(),
    Profile: profiles(),
    ProvedAmount: proved_amounts(),
}
"""Class → its strategy."""
