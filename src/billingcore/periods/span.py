"""The days that a line bills, and their share of the price: one value, shared by equal lines."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from sys import intern
from typing import Final

from attrs import field, frozen

from billingcore.errors import InvalidInputError
from billingcore.periods.grid import Grid
from billingcore.records.conventions import DayPrice
from billingcore.values.cadence import Cadence
from billingcore.values.keys import ONCE
from billingcore.values.period import Period
from billingcore.values.sealing import fill

__all__ = ["Share", "Span"]

_LARGEST_DENOMINATOR: Final = 10**12
_NOTHING: Final = Fraction(0)
_EXACT: Final = DayPrice.EXACT


@frozen
class Share:
    """One billing period, or the part of it that is billed.

    Attributes:
        part: the days that are billed.
        full: the billing period they belong to; None without a cadence.
        factor: the price of the part, in unit prices.
        convention: name of the proration convention; empty if none applied.
        unit: the unit that the price is for, in words; empty without a cadence.
        grid: the billing periods of the item; None if the factor does not follow from one.
        day_price: how the price of one day is kept, if the amount follows from that.
    """

    part: Period
    full: Period | None
    factor: Fraction
    convention: str = ""
    unit: str = ""
    grid: Grid | None = None
    day_price: DayPrice = DayPrice.EXACT

    @property
    def rhythm(self) -> Cadence | None:
        """The cadence with its anchor, which has `full` as a period."""
        return None if self.grid is None else self.grid.rhythm_of(self.part.bounds[0])


@frozen(init=False)
class Span:
    """The service period of a line with its billing factor.

    Attributes:
        service_period: the days of service, both ends given.
        cover: the same days if they are covered by the line, None if it bills once.
        shares: the billing periods in it; several where periods are merged.
        tax_days: the days that decide the tax.
        offset: the factor of the days of service before, in the first billing period: the amount
            is what the running total grows by from there.
        of: the factor of all slices of the same days, by which a fixed discount is divided.
        undivided: the factor of these days in one piece; the same as `of` if the convention
            conserves.
        factor: the sum of the shares, in unit prices.
        numerator: of the factor.
        denominator: of the factor, at most 12 digits.
        is_whole: whether the factor is 1 and nothing was before.
        is_partial: whether nothing was before, the factor is not 1, and days have no price.
        is_by_day: whether the amount follows from the price of one day.
        is_slice: whether it is a part of days that are billed in slices, or something was before.
        before: the offset as numerator and denominator; None if it is 0.
        upto: the factor from the first day of service to the end, likewise; None if it is 1.
        key: the first day as text, or ``once``.
        tax_key: the tax days as text.
    """

    service_period: Period
    cover: Period | None
    shares: tuple[Share, ...]
    tax_days: Period
    offset: Fraction
    of: Fraction
    undivided: Fraction
    factor: Fraction = field(init=False)
    numerator: Decimal = field(init=False, eq=False, repr=False)
    denominator: Decimal = field(init=False, eq=False, repr=False)
    is_whole: bool = field(init=False, eq=False, repr=False)
    is_partial: bool = field(init=False, eq=False, repr=False)
    is_by_day: bool = field(init=False, eq=False, repr=False)
    is_slice: bool = field(init=False, eq=False, repr=False)
    before: tuple[Decimal, Decimal] | None = field(init=False, eq=False, repr=False)
    upto: tuple[Decimal, Decimal] | None = field(init=False, eq=False, repr=False)
    key: str = field(init=False, eq=False, repr=False)
    tax_key: str = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        service_period: Period,
        cover: Period | None,
        shares: tuple[Share, ...],
        tax_days: Period,
        offset: Fraction = _NOTHING,
        of: Fraction | None = None,
        undivided: Fraction | None = None,
    ) -> None:
        factor = sum((share.factor for share in shares), Fraction(0))
        if factor.denominator > _LARGEST_DENOMINATOR:
            fix = "simplify the convention's factor"
            rule = "a billing factor's denominator has at most 12 digits"
            raise InvalidInputError(rule, field="proration", value=str(factor)[:40], fix=fix)
        start, _ = service_period.bounds
        end = offset + factor if offset else factor
        is_by_day = any(share.day_price is not _EXACT for share in shares)
        fill(
            self,
            service_period=service_period,
            cover=cover,
            shares=shares,
            tax_days=tax_days,
            factor=factor,
            numerator=Decimal(factor.numerator),
            denominator=Decimal(factor.denominator),
            offset=offset,
            of=(total := end if of is None else of),
            undivided=total if undivided is None else undivided,
            is_whole=factor == 1 and not offset,
            is_partial=factor != 1 and not offset and not is_by_day,
            is_by_day=is_by_day,
            is_slice=bool(offset) or (of is not None and of != factor),
            before=_as_decimals(offset) if offset else None,
            upto=None if end == 1 else _as_decimals(end),
            key=ONCE if cover is None else start.isoformat(),
            tax_key=intern(str(tax_days)),
        )


def _as_decimals(share: Fraction) -> tuple[Decimal, Decimal]:
    return Decimal(share.numerator), Decimal(share.denominator)
