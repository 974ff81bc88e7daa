"""Strategies for what is sold: prices, discounts, items that change, contracts."""

# What `builds` hands to a function is known to it, and not to the type checker.
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from billingcore.records.change import Change, pause
from billingcore.records.discount import Discount
from billingcore.records.hold import Hold
from billingcore.records.item import Item
from billingcore.records.pricing import Pricing
from billingcore.records.subscription import Subscription
from billingcore.records.terms import (
    BillingPractice,
    BillingType,
    PriceModel,
    PriceType,
    SyncWith,
)
from billingcore.records.tier import Tier
from billingcore.testing.strategies.of_values import (
    cadences,
    days,
    decimals,
    ids,
    lengths,
    optional,
    percentages,
    prices,
    prorations,
    quantities,
    texts,
    windows,
)
from billingcore.values.cadence import AnchorDay, Cadence

__all__ = [
    "TAX_CODES",
    "changes",
    "custom_fields",
    "discounts",
    "holds",
    "items",
    "pricings",
    "subscriptions",
    "tiers",
]

TAX_CODES: Final = ("normal", "reduced", "zero")
"""The words for taxes that drawn items have; `tax_tables` knows them."""


def custom_fields() -> st.SearchStrategy[Mapping[str, Any]]:
    """Draw fields of the host's own."""
    values = st.one_of(texts(), st.integers(-(10**6), 10**6), decimals(), days(), st.booleans())
    return st.dictionaries(ids(), values, max_size=2)


def discounts() -> st.SearchStrategy[Discount]:
    """Draw discounts, in percent or of an amount."""
    return st.one_of(
        st.builds(Discount.percent, percentages(), title=texts()),
        st.builds(Discount.amount, decimals(0, 99_999), title=texts()),
    )


def holds() -> st.SearchStrategy[Hold]:
    """Draw reasons for not billing, until a day or until they are gone."""
    return st.builds(Hold, optional(days()), reason=texts())


def tiers() -> st.SearchStrategy[Tier]:
    """Draw tiers of a price list, each with a price."""
    return st.builds(
        lambda limit, price, kind, window: Tier(
            limit, price, price_type=kind, start=window[0], end=window[1]
        ),
        optional(decimals(0, 10_000)),
        decimals(0, 10**6),
        st.sampled_from(PriceType),
        windows(),
    )


def tier_lists(*, in_percent: bool = False) -> st.SearchStrategy[list[Tier]]:
    """Draw price lists whose last tier has no limit."""

    def build(limits: set[int], values: list[Decimal]) -> list[Tier]:
        ends = [*sorted(limits), None]
        if in_percent:
            return [Tier(end, percent=value) for end, value in zip(ends, values, strict=False)]
        return [Tier(end, value) for end, value in zip(ends, values, strict=False)]

    values = percentages() if in_percent else decimals(0, 10**6)
    return st.builds(
        build, st.sets(st.integers(1, 1000), max_size=3), st.lists(values, min_size=4, max_size=4)
    )


def pricings() -> st.SearchStrategy[Pricing]:
    """Draw price models with all that they need."""
    numbers: dict[PriceModel, dict[str, st.SearchStrategy[Any]]] = {
        PriceModel.UNIT_PRICE: {},
        PriceModel.VOLUME: {"tiers": tier_lists()},
        PriceModel.TIERED: {"tiers": tier_lists()},
        PriceModel.PACKAGE: {"package_size": decimals(1, 1000)},
        PriceModel.COMMISSION: {"tiers": tier_lists(in_percent=True)},
        PriceModel.MARK_UP: {"percent": percentages()},
        PriceModel.MARK_DOWN: {"percent": percentages()},
        PriceModel.PERCENTAGE: {"percent": percentages()},
    }
    minimum = st.builds(
        lambda low, more: {"minimum": low, "maximum": None if more is None else low + more},
        optional(decimals(0, 1000)).map(lambda value: value or Decimal(0)),
        optional(decimals(0, 10**6)),
    )
    models = [
        st.builds(
            lambda model, given, bounds: Pricing(model, **given, **bounds),
            st.just(model),
            st.fixed_dictionaries(needed),
            st.one_of(st.just({}), minimum),
        )
        for model, needed in numbers.items()
    ]
    return st.one_of(models)


TERMS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "unit_price": prices(),
    "quantity": quantities(),
    "billed_share": st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("0.33333"), Decimal(1)]),
    "discount": optional(discounts()),
    "tax_code": optional(st.sampled_from(TAX_CODES)),
    "billing_practice": st.sampled_from(BillingPractice),
}
"""What of an item may change on a day."""


def changes() -> st.SearchStrategy[Change]:
    """Draw changes of one or two terms of an item, for good or for some days."""
    names = st.lists(st.sampled_from([*TERMS]), min_size=1, max_size=2, unique=True)
    terms = names.flatmap(
        lambda chosen: st.fixed_dictionaries({name: TERMS[name] for name in chosen})
    )
    lengths_of = optional(st.integers(0, 100))

    def build(first: dt.date, length: int | None, reason: str, given: dict[str, Any]) -> Change:
        last = None if length is None else first + dt.timedelta(days=length)
        return Change(first, until=last, reason=reason, **given)

    pauses = st.builds(
        lambda first, length: pause(first, first + dt.timedelta(days=length)),
        days(),
        st.integers(0, 60),
    )
    return st.one_of(st.builds(build, days(), lengths_of, texts(), terms), pauses)


IDS: Final = ids()
TEXTS: Final = texts()
PRICES: Final = prices()
QUANTITIES: Final = quantities()
WINDOWS: Final = windows()
LENGTHS: Final = optional(lengths())
CADENCES: Final = cadences()
PRORATIONS: Final = optional(prorations())
CUSTOM: Final = custom_fields()
DISCOUNTS: Final = optional(discounts())
HOLDS: Final = st.one_of(st.none(), st.none(), holds())
PRICINGS: Final = st.one_of(st.none(), pricings())
CHANGES: Final = st.lists(changes(), max_size=2)
"""Made once, since making a strategy takes longer than drawing from it."""


@st.composite
def items(
    draw: st.DrawFn,
    item: st.SearchStrategy[str] | None = None,
    *,
    billing_types: tuple[BillingType, ...] = tuple(BillingType),
    has_changes: bool = True,
) -> Item:
    """Draw items of every billing type, price model and rhythm.

    Args:
        draw: given by Hypothesis.
        item: draws the ids.
        billing_types: those that they may have.
        has_changes: whether some of them change, or have a price model.
    """
    kind = draw(st.sampled_from(billing_types))
    cadence = draw(_rhythms(kind))
    pricing = draw(PRICINGS) if has_changes else None
    start, end = draw(WINDOWS)
    given: dict[str, Any] = _priced(pricing, draw(PRICES))
    return Item(
        draw(IDS if item is None else item),
        title=draw(TEXTS),
        quantity=draw(QUANTITIES),
        price_includes_tax=draw(st.booleans()),
        tax_code=draw(optional(st.sampled_from(TAX_CODES))),
        billing_type=kind,
        cadence=cadence,
        proration=draw(_conventions(cadence)),
        billing_practice=draw(st.sampled_from(BillingPractice)),
        sync_with=draw(_boundaries(cadence)),
        start=start,
        end=end,
        discount=draw(DISCOUNTS),
        criterion=draw(st.sampled_from(["", "A", "B"])),
        sequence=draw(optional(st.integers(0, 9))),
        description=draw(TEXTS),
        custom=draw(CUSTOM),
        changes=draw(CHANGES) if has_changes and not pricing else (),
        **given,
    )


def _priced(pricing: Pricing | None, price: Decimal) -> dict[str, Any]:
    """Give the price of an item, unless its tiers have the prices."""
    if pricing is None:
        return {"unit_price": price}
    has_own = pricing.model in {PriceModel.VOLUME, PriceModel.TIERED}
    return {"pricing": pricing} if has_own else {"pricing": pricing, "unit_price": price}


def _rhythms(kind: BillingType) -> st.SearchStrategy[Cadence | None]:
    """Draw a rhythm, or none where none is needed."""
    return CADENCES if kind is BillingType.RECURRING_PRORATED else optional(CADENCES)


def _conventions(cadence: Cadence | None) -> st.SearchStrategy[Any]:
    """Draw a convention that can measure a rhythm, or none."""
    if cadence is None or cadence.unit.name in {"DAY", "WEEK"}:
        return st.none()
    return PRORATIONS


def _boundaries(cadence: Cadence | None) -> st.SearchStrategy[SyncWith | None]:
    """Draw a boundary to align with, where the rhythm has none of its own."""
    if cadence is None or cadence.day is AnchorDay.MONTH_END:
        return st.none()
    return st.one_of(st.none(), st.none(), st.sampled_from(SyncWith))


ITEMS: Final = items()


@st.composite
def subscriptions(
    draw: st.DrawFn,
    subscription: st.SearchStrategy[str] | None = None,
    *,
    account: str = "acme",
    of_items: st.SearchStrategy[Item] | None = None,
    most_items: int = 3,
) -> Subscription:
    """Draw contracts.

    Args:
        draw: given by Hypothesis.
        subscription: draws the ids.
        account: whose they are.
        of_items: draws their items.
        most_items: how many they have at most; they have at least one.
    """
    made = st.lists(
        ITEMS if of_items is None else of_items,
        min_size=1,
        max_size=most_items,
        unique_by=lambda item: item.id,
    )
    start, end = draw(WINDOWS)
    return Subscription(
        draw(IDS if subscription is None else subscription),
        account=account,
        items=draw(made),
        start=start,
        end=end,
        auto_renewal=draw(LENGTHS),
        cancellation_terms=draw(LENGTHS),
        status=draw(st.sampled_from(["Active", "Active", "Active", "Draft"])),
        payment_days=draw(optional(st.integers(0, 60))),
        order_discount=draw(DISCOUNTS),
        reference=draw(TEXTS),
        custom=draw(CUSTOM),
        hold=draw(HOLDS),
        is_separate=draw(st.booleans()),
    )
