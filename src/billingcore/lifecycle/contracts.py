"""Contracts that change hands, prices or plans: each function gives changed subscriptions.

Nothing is corrected here. Put the changed subscriptions into the store; the next run finds what of
them is due, and what of billed time is due on other terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from attrs import evolve

from billingcore.periods.grid import grid_of
from billingcore.records.change import SCALE, Change
from billingcore.records.item import Item
from billingcore.records.subscription import Subscription
from billingcore.records.terms import BillingType
from billingcore.scope.switches import ChangeDay
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import ONE_DAY, read_date
from billingcore.values.context import EXACT
from billingcore.values.numbers import AmountLike, NumberLike

__all__ = ["increase_prices", "replace_item", "transfer"]


def increase_prices(
    subscription: Subscription,
    *,
    on: DateLike,
    factor: NumberLike | None = None,
    unit_price: AmountLike | None = None,
    items: Iterable[str] | None = None,
    product: str | None = None,
    digits: int | None = None,
    reason: str = "price increase",
) -> Subscription:
    """Give a subscription with other prices from a day on, by a factor or to a new price.

    A factor is applied to every price that is in force on that day or begins later, so that a
    promotion stays a promotion. A new price is in force from that day until a later change.

    >>> seats = Item("seats", unit_price="99.90")
    >>> contract = Subscription("S-1", account="acme", items=[seats])
    >>> dearer = increase_prices(contract, on="2027-01-01", factor="1.035")
    >>> [str(each.unit_price) for each in dearer.items[0].versions]
    ['99.90', '103.40']

    Args:
        subscription: the contract.
        on: the first day of the new prices.
        factor: what prices are multiplied by; either this or *unit_price*.
        unit_price: the new price.
        items: ids of the items concerned; None is all.
        product: only items that sell this product; None is all.
        digits: digits after the point of prices that were multiplied, rounded half up; None is as
            many as the price had, and at least 2.
        reason: why, for explanations.

    Raises:
        InvalidInputError: neither or both of factor and price are given, or no item is concerned.
    """
    read = Boundary("increase_prices")
    day = read.read("on", on, read_date)
    if (factor is None) is (unit_price is None):
        raise read.refuse("factor", factor, "one of factor and unit_price", "give one of them")
    wanted = None if items is None else {*items}
    subscription.check_items(wanted or ())
    chosen = [item for item in subscription.items if _is_chosen(item, wanted, product)]
    if not chosen:
        raise read.refuse("product", product, "no item is concerned", "check product and items")
    if unit_price is not None:
        change = Change(day, unit_price=unit_price, reason=reason)
        raised = {item.id: item.changed(change) for item in chosen}
    else:
        times = read.number("factor", factor)
        places = None if digits is None else read.count("digits", digits, most=SCALE)
        in_force = {item.id: item for item, _ in subscription.positions}
        raised = {
            item.id: item.changed(*_multiplied(in_force[item.id], day, times, places, reason))
            for item in chosen
        }
    return evolve(subscription, items=[raised.get(item.id, item) for item in subscription.items])


def _is_chosen(item: Item, wanted: set[str] | None, product: str | None) -> bool:
    is_wanted = wanted is None or item.id in wanted
    return is_wanted and product in (None, item.product or item.id)


def _multiplied(
    item: Item, day: date, factor: Decimal, digits: int | None, reason: str
) -> Iterator[Change]:
    """Multiply the price of every phase that a day is in, or that begins later."""
    starts = [phase.start for phase in item.phases] or [None]
    priced = {change.on for change in item.changes if "unit_price" in dict(change.terms)}
    last: Decimal | None = None
    for start, stop, version in zip(
        starts, [*starts[1:], None], item.versions or (item,), strict=True
    ):
        if stop is not None and stop <= day:
            continue
        exact = EXACT.multiply(version.unit_price, factor)
        places = _digits_of(version.unit_price) if digits is None else digits
        price = exact.quantize(Decimal(1).scaleb(-places), "ROUND_HALF_UP", EXACT)
        first = day if start is None or start < day else start
        if price != last or first in priced:
            yield Change(first, unit_price=price, reason=reason)
        last = price


def _digits_of(price: Decimal) -> int:
    """Count the digits after the point of a price, at least those of cents."""
    exponent = price.as_tuple().exponent
    return max(2, -exponent) if isinstance(exponent, int) else 2


def replace_item(
    subscription: Subscription,
    item_id: str,
    new: Item,
    *,
    on: DateLike,
    change_day: ChangeDay = ChangeDay.NEW,
    fiscal_year_start: int = 1,
) -> Subscription:
    """Give a subscription in which one item ends and another begins: an upgrade or downgrade.

    With the same cadence, and no anchor of its own, the new item keeps the old one's billing
    periods, so that both have parts of one period.

    Args:
        subscription: the contract.
        item_id: the item that ends.
        new: the item that begins.
        on: the day of the change.
        change_day: to whom that day belongs: to the new item or still to the old one.
        fiscal_year_start: the policy's, for items that are synchronized with the fiscal year.

    Raises:
        InvalidInputError: there is no such item, or the new one has the id of another.
    """
    read = Boundary("replace_item")
    day = read.read("on", on, read_date) + (ONE_DAY if change_day is ChangeDay.OLD else timedelta())
    subscription.check_items([item_id])
    old = next(item for item in subscription.items if item.id == item_id)
    begun = evolve(new, start=day)
    if new.cadence is not None and new.cadence.anchor is None and _is_same_rhythm(old, new):
        begun = _on_the_grid_of(old, subscription, begun, day, fiscal_year_start)
    last = day - ONE_DAY
    ended = evolve(old, end=last if old.end is None else min(old.end, last))
    items = [part for item in subscription.items for part in _instead(item, old, ended, begun)]
    return evolve(subscription, items=items)


def _instead(item: Item, old: Item, ended: Item, begun: Item) -> tuple[Item, ...]:
    return (ended, begun) if item is old else (item,)


def _is_same_rhythm(old: Item, new: Item) -> bool:
    if old.cadence is None or new.cadence is None:
        return False
    return evolve(old.cadence, anchor=None) == evolve(new.cadence, anchor=None)


def _on_the_grid_of(
    old: Item, subscription: Subscription, new: Item, day: date, fiscal_year_start: int
) -> Item:
    """Give an item that begins on a day with the billing periods of another."""
    starts = [start for start in (old.start, subscription.start) if start is not None]
    if old.cadence is None or (old.cadence.anchor is None and not starts):
        return new
    first = max(starts, default=day)
    grid = grid_of(old.cadence, first, old.sync_with, fiscal_year_start)
    rhythm = grid.rhythm_of(day)
    is_aligned = grid.boundary is None or day >= grid.boundary
    return evolve(new, cadence=rhythm, sync_with=None if is_aligned else old.sync_with)


def transfer(
    subscription: Subscription, *, to: str, on: DateLike, id: str, fiscal_year_start: int = 1
) -> tuple[Subscription, Subscription]:
    """Move a subscription to another account: it ends for the one and begins for the other.

    Each day is paid by one of the two. What the old account has paid beyond the day is taken back
    by its next run; the billing periods stay. One-time items that are due before that day stay
    with the old account, and so does a contact that the contract names.

    Args:
        subscription: the contract as it is.
        to: id of the account that takes it over.
        on: the first day that the new account pays.
        id: the id of its subscription.
        fiscal_year_start: the policy's, for items that are synchronized with the fiscal year.

    Returns:
        The old subscription with its new end, and the new one.

    Raises:
        InvalidInputError: the day is not within the contract.
    """
    read = Boundary("transfer", subscription.id)
    day = read.read("on", on, read_date)
    is_early = subscription.start is not None and day <= subscription.start
    if is_early or (subscription.end is not None and day > subscription.end):
        fix = "choose a day after its first and up to its last one"
        raise read.refuse("on", day.isoformat(), "not within the contract", fix)
    old = evolve(subscription, end=day - ONE_DAY)
    items = [
        _on_the_grid_of(item, subscription, item, day, fiscal_year_start)
        if item.cadence is not None and (item.start is None or item.start < day)
        else item
        for item in subscription.items
        if _goes_on(item, day)
    ]
    return old, evolve(subscription, id=id, account=to, start=day, items=items, contact=None)


def _goes_on(item: Item, day: date) -> bool:
    """Tell whether there is something to bill of an item from a day on."""
    if item.recurrence is BillingType.ONE_TIME:
        return item.start is not None and item.start >= day
    return item.end is None or item.end >= day
