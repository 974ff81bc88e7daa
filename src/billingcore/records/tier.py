"""One tier of a price list: up to a limit, a price."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Final

from attrs import frozen

from billingcore.records.terms import PriceType
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.numbers import NumberLike
from billingcore.values.sealing import fill

__all__ = ["Tier", "read_percent", "read_tiers"]

SCALE: Final = 5
"""Digits after the point of a limit and a price (behaviour 2.7)."""

PERCENT_SCALE: Final = 3
MOST_PERCENT: Final = 10_000


@frozen(init=False)
class Tier:
    """Up to a limit, a price; or, of a commission, a percentage.

    The limits of one price list are cumulative: after a tier up to 10 the tier with limit 20
    holds the units 11 to 20.

    >>> tiers = [Tier(10, "2.50"), Tier(20, "2.40"), Tier(None, "2.20")]
    >>> basic_charge = Tier(10, 25, price_type=PriceType.FLAT)

    Attributes:
        limit: the last unit that it holds, inclusive. Of a commission, the price from which on it
            holds no more, exclusive. None is no limit.
        price: of one unit, or of the whole tier if it is flat. A tier without price, and without
            percent, is ignored.
        price_type: per unit, or flat.
        percent: the commission, in percent of the price.
        start: the first day of service on which it applies; None since ever.
        end: the last day of service on which it applies, inclusive; None for good.

    Raises:
        InvalidInputError: a field is wrong, or it has both a price and a percentage.
    """

    limit: Decimal | None
    price: Decimal | None
    price_type: PriceType
    percent: Decimal | None
    start: date | None
    end: date | None

    def __init__(
        self,
        limit: NumberLike | None,
        price: NumberLike | None = None,
        *,
        price_type: PriceType = PriceType.PER_UNIT,
        percent: NumberLike | None = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
    ) -> None:
        read = Boundary("Tier")
        fill(
            self,
            limit=read.optional_number("limit", limit, scale=SCALE),
            price=read.optional_number("price", price, scale=SCALE),
            price_type=read.member("price_type", price_type, PriceType),
            percent=read_percent(read, percent),
            start=read.day("start", start),
            end=read.day("end", end),
        )
        read.order("end", self.start, self.end)
        if self.limit is not None and self.limit < 0:
            raise read.refuse("limit", limit, "below 0", "use 0 or more, or None for no limit")
        if self.price is not None and self.percent is not None:
            fix = "give a price, or of a commission a percentage"
            raise read.refuse("percent", percent, "a tier with a price", fix)

    def is_valid_on(self, day: date) -> bool:
        """Tell whether it applies to service that begins on a day."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


def read_percent(read: Boundary, value: object) -> Decimal | None:
    """Read a percentage, or nothing: 0 to 10000, with at most three decimals."""
    if value is None:
        return None
    percent = read.number("percent", value, scale=PERCENT_SCALE)
    if not 0 <= percent <= MOST_PERCENT:
        raise read.refuse("percent", value, "no percentage", f"use 0 to {MOST_PERCENT}")
    return percent


def read_tiers(read: Boundary, tiers: Iterable[Tier], used: str) -> tuple[Tier, ...]:
    """Read the tiers of a price list, in the order of their limits; no limit is the last.

    Tiers that give neither price nor percentage are ignored; one that gives the wrong one of the
    two is refused.
    """
    kept: list[Tier] = []
    for tier in tiers:
        given = {"price": read.instance("tiers", tier, Tier).price, "percent": tier.percent}
        if given.pop(used) is not None:
            kept.append(tier)
        elif any(value is not None for value in given.values()):
            fix = f"give every tier its {used}"
            raise read.refuse("tiers", _limit_in_words(tier), f"a tier without {used}", fix)
    ordered = sorted(kept, key=lambda tier: (tier.limit is None, tier.limit or 0))
    for one, other in combinations(ordered, 2):
        if one.limit == other.limit and _is_at_once(one, other):
            fix = "give each its own limit, or its own days"
            rule = "two tiers at once have this limit"
            raise read.refuse("tiers", _limit_in_words(one), rule, fix)
    return tuple(ordered)


def _limit_in_words(tier: Tier) -> str:
    return "no limit" if tier.limit is None else str(tier.limit)


def _is_at_once(one: Tier, other: Tier) -> bool:
    """Tell whether two tiers share a day."""
    starts = [tier.start for tier in (one, other) if tier.start is not None]
    ends = [tier.end for tier in (one, other) if tier.end is not None]
    return not starts or not ends or max(starts) <= min(ends)
