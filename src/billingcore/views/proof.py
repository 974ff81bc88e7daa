"""The amounts of another system, computed again: which are equal, and why others are not.

Before a host moves here it hands in what the old system billed for parts of periods. A profile
computes each of them again. Where an amount differs, the rules of the field are tried one by one,
and those that give the billed amount are named; one that explains every difference is most likely
how the other system is set up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, cast

from attrs import evolve, field, frozen

from billingcore.errors import InvalidInputError
from billingcore.periods.profiles import PROFILES, Profile
from billingcore.values.boundary import Boundary
from billingcore.values.cadence import Cadence
from billingcore.values.calendar import ONE_DAY
from billingcore.values.context import EXACT
from billingcore.values.currency import check_currency
from billingcore.values.moments import Moments
from billingcore.values.numbers import NumberLike
from billingcore.values.period import Period
from billingcore.values.rounding import Rounding
from billingcore.values.sealing import fill
from billingcore.views.table import Cell, html_table, text_table

__all__ = ["AmountProof", "BilledPart", "ProvedAmount", "prove"]

_ROUNDINGS: Final = (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.UP, Rounding.DOWN)
"""The roundings that are tried."""

_HEAD: Final = ("part", "days", "price", "billed", "computed", "difference", "equal if")


@frozen(init=False)
class BilledPart:
    """What another system billed for a part of a billing period.

    Attributes:
        id: how it is called in the report, such as the line of an invoice.
        price: what a unit of the cadence costs; for moments, what the period costs. Less than 0
            for a credit.
        part: what was billed: days, or a stretch of time.
        whole: the rhythm of the billing periods; for a stretch of time the billing period.
        amount: what was billed, net.
        currency: of price and amount.

    Raises:
        InvalidInputError: a field is wrong, with its name, its value and what to write instead.
    """

    id: str
    price: Decimal
    part: Period | Moments
    whole: Cadence | Moments
    amount: Decimal
    currency: str

    def __init__(
        self,
        id: str,
        *,
        price: NumberLike,
        part: Period | Moments,
        whole: Cadence | Moments,
        amount: NumberLike,
        currency: str,
    ) -> None:
        read = Boundary("BilledPart", id)
        if not isinstance(part, Period | Moments):
            raise read.refuse("part", part, "neither days nor moments", "use a Period or Moments")
        if not isinstance(whole, Cadence | Moments):
            raise read.refuse("whole", whole, "no billing period", "use a Cadence or Moments")
        fill(
            self,
            id=id,
            price=read.number("price", price),
            part=part,
            whole=whole,
            amount=read.number("amount", amount),
            currency=read.read("currency", currency, check_currency),
        )

    def computed_by(self, profile: Profile) -> Decimal:
        """Give the amount that a profile computes.

        Raises:
            InvalidInputError: the profile cannot measure this part.
        """
        try:
            return profile.amount(self.price, self.part, self.whole, currency=self.currency)
        except InvalidInputError as error:
            raise error.at(f"BilledPart {self.id!r}", error.field or "part") from None


@frozen
class ProvedAmount:
    """One billed amount beside the computed one.

    Attributes:
        row: what was billed.
        computed: what the profile computes.
        equal_if: the rules by which it would be equal, in words; none of an equal amount.
    """

    row: BilledPart
    computed: Decimal
    equal_if: tuple[str, ...] = ()

    @property
    def difference(self) -> Decimal:
        """What the billed amount is more than the computed one."""
        return EXACT.subtract(self.row.amount, self.computed)

    @property
    def is_equal(self) -> bool:
        """Whether the two are equal to the cent."""
        return not self.difference

    def record(self) -> dict[str, object]:
        """Give it as a flat row; the rules are one text."""
        row, part = self.row, self.row.part
        ends = (part.first, part.last) if isinstance(part, Period) else (part.start, part.stop)
        return {
            "part": row.id,
            "first": ends[0],
            "last": ends[1],
            "price": row.price,
            "billed": row.amount,
            "computed": self.computed,
            "difference": self.difference,
            "currency": row.currency,
            "equal_if": " or ".join(self.equal_if),
        }


@frozen
class AmountProof:
    """What a profile makes of billed amounts; it prints and draws the ones that differ.

    Attributes:
        profile: the profile.
        rows: all amounts, in the given order.
        differing: the rows whose amounts differ.
        equal_if: the rules that explain every difference.
    """

    profile: Profile
    rows: tuple[ProvedAmount, ...]
    differing: tuple[ProvedAmount, ...] = field(init=False, repr=False)
    equal_if: tuple[str, ...] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        differing = tuple(row for row in self.rows if not row.is_equal)
        first = differing[0].equal_if if differing else ()
        common = tuple(rule for rule in first if all(rule in row.equal_if for row in differing))
        fill(self, differing=differing, equal_if=common)

    @property
    def is_proved(self) -> bool:
        """Whether there are amounts, and all are equal."""
        return bool(self.rows) and not self.differing

    @property
    def summary(self) -> str:
        """How many are equal, and what explains the others."""
        count, equal = len(self.rows), len(self.rows) - len(self.differing)
        text = f"{equal} of {count} amounts are equal by {self.profile.name}"
        rules = " or ".join(self.equal_if)
        return f"{text}; all would be, if {rules}" if rules else text

    def records(self) -> list[dict[str, object]]:
        """Give all amounts as flat rows, for a table or a data frame.

        Days are inclusive; of moments, *first* and *last* are the two instants.
        """
        return [each.record() for each in self.rows]

    def __str__(self) -> str:
        if not self.differing:
            return self.summary
        return "\n".join([self.summary, *text_table(_HEAD, [*self._cells()])])

    def _repr_html_(self) -> str:
        return html_table(self.summary, _HEAD, [*self._cells()])

    def _cells(self) -> Iterator[tuple[Cell, ...]]:
        for each in self.differing:
            row, rules = each.row, " or ".join(each.equal_if)
            part = row.part if isinstance(row.part, Period) else str(row.part)
            numbers = row.price, row.amount, each.computed, each.difference
            yield row.id, part, *numbers, rules or "no rule that is known here"


def prove(rows: Iterable[BilledPart], profile: Profile) -> AmountProof:
    """Compute billed amounts again, and say which differ and which rule explains it.

    >>> from billingcore.periods.profiles import KILL_BILL
    >>> from billingcore.values.cadence import monthly
    >>> april = monthly(anchor="2026-04-01")
    >>> part = BilledPart("I-7/1", price="9.99", part=Period("2026-04-16", "2026-05-01"),
    ...                   whole=april, amount="4.99", currency="EUR")
    >>> print(prove([part], KILL_BILL).summary)
    0 of 1 amounts are equal by KILL_BILL; all would be, if rounded down or as by LAGO

    Args:
        rows: what the other system billed.
        profile: how it is said to compute.

    Raises:
        InvalidInputError: the profile cannot measure a part, which is named; or what is given is
            neither parts nor a profile.
    """
    read = Boundary("prove")
    given = read.instance("profile", profile, Profile)
    if not isinstance(cast("object", rows), Iterable):
        raise read.refuse("rows", rows, "no list", "use a list: [row]")
    parts = [read.instance("rows", row, BilledPart) for row in rows]
    return AmountProof(given, tuple(_proved(row, given) for row in parts))


def _proved(row: BilledPart, profile: Profile) -> ProvedAmount:
    computed = row.computed_by(profile)
    is_equal = computed == row.amount
    return ProvedAmount(row, computed, () if is_equal else tuple(_equal_if(row, profile)))


def _equal_if(row: BilledPart, profile: Profile) -> Iterator[str]:
    """Try the rules of the field, and yield those that give the billed amount."""
    for words, part, other in (
        *_by_rounding(row, profile),
        *_by_days(row, profile),
        *_by_system(row, profile),
    ):
        try:
            amount = part.computed_by(other)
        except InvalidInputError:  # such as months that cannot measure weeks
            continue
        if amount == row.amount:
            yield words


_Attempt = tuple[str, BilledPart, Profile]
"""A rule in words, and the part and the profile under it."""


def _by_rounding(row: BilledPart, profile: Profile) -> Iterator[_Attempt]:
    for rounding in _ROUNDINGS:
        if rounding is not profile.rounding:
            words = rounding.name.lower().replace("_", " ")
            yield f"rounded {words}", row, evolve(profile, rounding=rounding)


def _by_days(row: BilledPart, profile: Profile) -> Iterator[_Attempt]:
    if not isinstance(row.part, Period):
        return
    start, stop = row.part.bounds
    yield "a day more at the end", evolve(row, part=Period(start, stop + ONE_DAY)), profile
    yield "a day more at the start", evolve(row, part=Period(start - ONE_DAY, stop)), profile
    if row.part.days > 1:
        yield "a day less at the end", evolve(row, part=Period(start, stop - ONE_DAY)), profile
        yield "a day less at the start", evolve(row, part=Period(start + ONE_DAY, stop)), profile


def _by_system(row: BilledPart, profile: Profile) -> Iterator[_Attempt]:
    others = (other for other in PROFILES.values() if other.name != profile.name)
    return ((f"as by {other.name}", row, other) for other in others)
