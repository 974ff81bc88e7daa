"""Other terms from a day on: versions, pauses, trials and introductory phases of an item.

All of them are one thing: from a certain day, perhaps until a certain day, some fields of an item
have other values. A pause bills nothing for a while, a trial at the beginning; a promotion is a
discount that ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final, NamedTuple, TypedDict, Unpack

from attrs import frozen

from billingcore.records.discount import Discount
from billingcore.records.terms import BillingPractice
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import ONE_DAY, read_date
from billingcore.values.context import EXACT
from billingcore.values.keys import escape
from billingcore.values.money import Money
from billingcore.values.numbers import AmountLike, NumberLike
from billingcore.values.sealing import fill

__all__ = [
    "Change",
    "ChangedTerms",
    "Phase",
    "pause",
    "phases",
    "trial",
    "version_fields",
    "version_text",
]

SCALE: Final = 5
"""Digits after the point of a unit price, a quantity and a share (behaviour 2.7)."""


class ChangedTerms(TypedDict, total=False):
    """The fields of an item that can change on a day.

    Attributes:
        unit_price: as in `Item`.
        quantity: as in `Item`; 0 bills nothing.
        discount: as in `Item`; None takes it away.
        tax_code: as in `Item`.
        billing_practice: in advance or in arrears.
        billed_share: what part of the price is billed, from 0 (nothing) to 1.
        title: what the line says.
    """

    unit_price: AmountLike
    quantity: NumberLike
    discount: Discount | None
    tax_code: str | None
    billing_practice: BillingPractice
    billed_share: NumberLike
    title: str


def _price(read: Boundary, value: object) -> object:
    price, currency = read.money("unit_price", value, scale=SCALE)
    return price if currency is None else Money(price, currency)


def _discount(read: Boundary, value: object) -> object:
    return read.optional("discount", value, Discount)


def read_share(read: Boundary, value: object) -> object:
    """Read what part of a price is billed: 0 to 1."""
    share = read.number("billed_share", value, scale=SCALE)
    if not 0 <= share <= 1:
        raise read.refuse("billed_share", value, "no share", "use 0 (nothing) to 1 (all)")
    return share


_READERS: Final[dict[str, Callable[[Boundary, object], object]]] = {
    "billed_share": read_share,
    "billing_practice": lambda read, value: read.member("billing_practice", value, BillingPractice),
    "discount": _discount,
    "quantity": lambda read, value: read.number("quantity", value, scale=SCALE),
    "tax_code": lambda read, value: read.optional_id("tax_code", value),
    "title": lambda read, value: read.text("title", value),
    "unit_price": _price,
}
"""Field that can change → how its value is read."""

PRICED: Final = frozenset(_READERS) - {"title", "billing_practice"}
"""The fields that decide what a day costs, and how it is taxed."""


@frozen(init=False, order=False)
class Change:
    """Some terms of an item are others from a day on, for good or until a day.

    Of several changes of one field, the one that begins last is in force.

    >>> upgrade = Change("2026-03-10", quantity=5, reason="upgrade")
    >>> str(upgrade)
    'from 2026-03-10: quantity=5 (upgrade)'

    Attributes:
        on: its first day. The policy's `change_day` can leave this one day to the old terms.
        until: its last day, inclusive; None is for good.
        reason: why, for explanations.
        terms: the fields that change with their values, in the order of the alphabet.

    Raises:
        InvalidInputError: nothing changes, a field cannot change, or a value is wrong.
    """

    on: date
    until: date | None
    reason: str
    terms: tuple[tuple[str, object], ...]

    def __init__(
        self,
        on: DateLike,
        *,
        until: DateLike | None = None,
        reason: str = "",
        **terms: Unpack[ChangedTerms],
    ) -> None:
        read = Boundary("Change", str(on) or None)
        first, last = read.read("on", on, read_date), read.day("until", until)
        read.order("until", first, last)
        fill(self, on=first, until=last, reason=read.text("reason", reason))
        fill(self, terms=_read_terms(read, terms))

    @property
    def stop(self) -> date | None:
        """The first day after it; None if it is for good."""
        return None if self.until is None else self.until + ONE_DAY

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.on, self.until, self.reason, dict(self.terms))

    def __str__(self) -> str:
        days = f"from {self.on}" + (f" to {self.until}" if self.until else "")
        said = ", ".join(f"{name}={said_value(value)}" for name, value in self.terms)
        return f"{days}: {said}" + (f" ({self.reason})" if self.reason else "")


def _again(on: date, until: date | None, reason: str, terms: ChangedTerms) -> Change:
    return Change(on, until=until, reason=reason, **terms)


def read_changes(read: Boundary, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Read the changes of a record, in the order of their days; those of one day as given."""
    found = [read.instance("changes", change, Change) for change in changes]
    return tuple(sorted(found, key=lambda change: change.on))


def _read_terms(read: Boundary, terms: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
    unknown = sorted(set(terms) - set(_READERS))
    if unknown or not terms:
        rule = "this field cannot change on a day" if unknown else "nothing changes"
        fix = "use one of " + ", ".join(_READERS) + "; for another rhythm end the item"
        raise read.refuse("terms", ", ".join(unknown), rule, fix)
    return tuple((name, _READERS[name](read, terms[name])) for name in sorted(terms))


def said_value(value: object) -> str:
    """Write a changed value in words: a number without idle zeros, a member by its name."""
    if value is None:
        return "none"
    if isinstance(value, Enum):
        return str(value.value)
    return f"{EXACT.normalize(value):f}" if isinstance(value, Decimal) else str(value)


def pause(
    first: DateLike, last: DateLike | None = None, *, share: NumberLike = 0, reason: str = "pause"
) -> Change:
    """Bill nothing, or only a share of the price, from a day on; recurring items only.

    The billing periods go on as they were; the days of a pause are left out of them.

    >>> print(pause("2026-03-10", "2026-03-15"))
    from 2026-03-10 to 2026-03-15: billed_share=0 (pause)

    Args:
        first: the first day of the pause.
        last: its last day, inclusive; None until it is resumed by a further change.
        share: what part of the price is billed meanwhile.
        reason: why, for explanations.
    """
    return Change(first, until=last, reason=reason, billed_share=share)


def trial(first: DateLike, last: DateLike, *, share: NumberLike = 0) -> Change:
    """Bill nothing, or only a share of the price, from the first to the last day of a trial."""
    return pause(first, last, share=share, reason="trial")


class Phase(NamedTuple):
    """Days under one set of changed terms.

    Attributes:
        start: the first day; None since ever.
        terms: the fields that are in force from then on.
        begins: whether a change begins here; if not, one ends.
    """

    start: date | None
    terms: dict[str, object]
    begins: bool


def phases(changes: Sequence[Change]) -> list[Phase]:
    """Lay changes out on the time line: phases of days with the terms that are in force.

    The changes are in the order of their days. The first phase is the time before any change.
    Adjacent phases differ.
    """
    starts = {change.on for change in changes}
    ends = {change.stop for change in changes if change.stop is not None}
    found = [Phase(None, {}, begins=False)]
    for border in sorted(starts | ends):
        terms: dict[str, object] = {}
        for change in changes:
            if change.on <= border and (change.stop is None or border < change.stop):
                terms.update(change.terms)
        if terms != found[-1].terms:
            found.append(Phase(border, terms, begins=border in starts))
    return found


def version_text(terms: Mapping[str, object]) -> str:
    """Name the changed terms that decide a price, as one text: equal for equal terms."""
    priced = sorted(PRICED & set(terms))
    return "|".join(_named(name, terms[name]) for name in priced)


def _named(name: str, value: object) -> str:
    """Write a field with its value; no value is the name alone."""
    if value is None:
        return name
    return f"{name}={escape(_canonical(value)).replace('|', '%7C')}"


def version_fields(text: str) -> frozenset[str]:
    """Give the fields that the name of a version names.

    >>> sorted(version_fields("quantity=5|tax_code=DE_7"))
    ['quantity', 'tax_code']
    """
    return frozenset(part.partition("=")[0] for part in text.split("|") if part)


def _canonical(value: object) -> str:
    if isinstance(value, Discount):
        return f"{value.kind.value} {_canonical(value.value)}"
    if isinstance(value, Money):
        return _canonical(value.amount)  # its currency is the item's
    return f"{EXACT.normalize(value):f}" if isinstance(value, Decimal) else str(value)
