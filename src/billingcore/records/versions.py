"""When an item is billed, as a text, and an item that changes laid out on the time line."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Any

from attrs import evolve

from billingcore.records.change import Phase, phases, version_text
from billingcore.records.terms import BillingType
from billingcore.records.timeline import Timeline
from billingcore.values.boundary import Boundary
from billingcore.values.money import Money

if TYPE_CHECKING:
    from billingcore.records.item import Item

__all__ = ["lay_out", "rhythm_of"]


def rhythm_of(item: Item) -> str:
    """Write all that decides the billing periods of an item but its start and end."""
    cadence = item.cadence
    rhythm = cadence and (cadence.count, cadence.unit.value, cadence.anchor, cadence.day.name)
    parts = (
        item.recurrence.name,
        rhythm,
        item.billing_practice.name,
        item.sync_with and item.sync_with.name,
        item.next_service_period_start,
        item.proration and item.proration.name,
    )
    return "|".join(map(str, parts))


def lay_out(item: Item) -> dict[str, object]:
    """Give what follows from the changes of an item: the fields that its constructor fills in."""
    laid = phases(item.changes)
    versions = tuple(_version(item, phase) for phase in laid)
    first = versions[0]
    is_steady = item.is_divisible and all(
        each.is_billable and each.billing_practice is first.billing_practice for each in versions
    )
    rows = zip(laid, versions, strict=True)
    timeline = ",".join(
        f"{phase.start}{'+' if phase.begins else ''}:"
        f"{each.billing_practice.name}:{each.is_billable}"
        for phase, each in rows
    )
    return {
        "phases": tuple(laid),
        "timeline": Timeline(
            tuple(phase.start for phase in laid if phase.start is not None),
            tuple(range(len(laid))),
        ),
        "versions": versions,
        "timeline_key": intern(timeline),
        "is_steady": is_steady,
        "is_billable": any(each.is_billable for each in versions),
    }


def _version(item: Item, phase: Phase) -> Item:
    """Give the item as it is in one phase; what is billed once cannot be paused."""
    terms: dict[str, Any] = dict(phase.terms)
    if item.recurrence is BillingType.ONE_TIME:
        terms.pop("billed_share", None)
    price = terms.get("unit_price")
    if isinstance(price, Money) and price.currency != item.currency:
        fix = "give the item this currency, or the price as a plain number"
        raise Boundary("Item", item.id).refuse("changes", str(price), "another currency", fix)
    return evolve(item, changes=(), version=version_text(terms), **terms)
