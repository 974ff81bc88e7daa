"""Sort usage into what is priced together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from billingcore.errors import InvalidInputError
from billingcore.lines.harvest import Harvest
from billingcore.lines.origin import UsageKey
from billingcore.lines.usage.matching import Matcher, Slot
from billingcore.lines.usage.rating import ADDED_UP, Pot
from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.usage import UsageRecord
from billingcore.scope.selection import Filter, UseCase
from billingcore.values.calendar import ONE_DAY
from billingcore.values.context import EXACT
from billingcore.values.sealing import new_tuple

__all__ = ["Pots"]

TIER_QUANTITY: Final = "tier_quantity"


class Pots:
    """The usage of an account that a run finds, by what is priced together."""

    def __init__(self, found: Harvest, matcher: Matcher) -> None:
        self._bounds = found.run.period.bounds
        self._filters = {chosen.name: chosen for chosen in found.run.selection.usage}
        self.matcher: Matcher = matcher
        self.known: dict[UsageKey, Pot] = {}

    def whole(self, records: Sequence[UsageRecord], chosen: Filter | None) -> Pot | None:
        """Give the pot for new usage that differs in nothing but day and quantity.

        None if that is not sure, and each has to be looked at for itself.
        """
        head = records[0]
        slot = self._plain_slot(head) if head.is_plain and not _is_daily(chosen) else None
        if slot is None:
            return None
        days = [record.date for record in records]
        first, last = min(days), max(days)
        start, stop = self._bounds
        if first < start or last >= stop or first < slot.first or last >= slot.stop:
            return None
        try:
            window = slot.windows.of(first)
            if last >= window[1]:
                return None
            pot = self.of(slot, head, chosen, window)
        except InvalidInputError:
            return None
        if isinstance(pot, LeftOut):
            return None
        pot.days = None if pot.usage else (first, last)
        return pot

    def _plain_slot(self, head: UsageRecord) -> Slot | None:
        """Give the only item for a usage record, if it is on equal terms on all days."""
        named = self.matcher.named(head.order_nos[0], head.subscription)
        if len(named) != 1 or named[0].contract.hindrance is not None:
            return None
        return named[0] if named[0].is_even else None

    def all_of(
        self, slots: Sequence[Slot], record: UsageRecord, chosen: Filter | None
    ) -> list[Pot] | LeftOut:
        """Give the pots of a usage record, one for each of its items.

        Raises:
            InvalidInputError: the price is in another currency, or there is no such seller.
        """
        pots: list[Pot] = []
        for slot in slots:
            pot = self.of(slot, record, chosen)
            if isinstance(pot, LeftOut):
                return pot
            pots.append(pot)
        return pots

    def of(
        self,
        slot: Slot,
        record: UsageRecord,
        chosen: Filter | None,
        window: tuple[date, date] | None = None,
    ) -> Pot | LeftOut:
        """Give the pot of a usage record for one of its items; its window may be known."""
        day, version = record.date, slot.item
        name, party = ("", "") if chosen is None else (chosen.name, chosen.party)
        if version.versions:
            version = slot.version_on(day)
        if not version.billed_share:
            return LeftOut(Reason.PAUSED, facts=(("date", day.isoformat()),))
        migrated = version.next_service_period_start
        if migrated is not None and day < migrated:
            billed = ("billed elsewhere before", migrated.isoformat())
            return LeftOut(Reason.COVERED, facts=(("date", day.isoformat()), billed))
        terms = slot.contract.terms(name)
        if isinstance(terms, LeftOut):
            return terms
        _, _, _, _, _, currency, _ = terms
        start, stop = window or _window(slot, day, chosen)
        price = "" if record.price is None else _price(version, record.price)
        on, is_picked = start, False
        if version.pricing is not None:
            on = slot.tiers_since(version.pricing, start, day)
            is_picked = price != ADDED_UP and _is_picked(version, record)
        facts = (
            slot.billable,
            start,
            stop,
            name,
            party,
            record.invoice_criterion or version.criterion,
            record.criterion,
            price,
            "" if record.currency is None else _currency(version.currency or currency, record),
            version.version,
            on,
            is_picked,
        )
        key: UsageKey = new_tuple(UsageKey, facts)
        pot = self.known.get(key)
        if pot is None:
            pot = self.known[key] = Pot(key, slot, version, terms, chosen)
        return pot

    def of_key(self, key: UsageKey) -> Pot | LeftOut:
        """Give the pot of what was billed before."""
        known = self.known.get(key)
        if known is not None:
            return known
        slot = self.matcher.slots[key.billable]
        terms = slot.contract.terms(key.filter)
        if isinstance(terms, LeftOut):
            return terms
        version = slot.version_named(key.version, key.on)
        pot = Pot(key, slot, version, terms, self._filters.get(key.filter))
        self.known[key] = pot
        return pot


def _window(slot: Slot, day: date, chosen: Filter | None) -> tuple[date, date]:
    """Give the period in which usage of a day is priced: its item's, or the day."""
    return (day, day + ONE_DAY) if _is_daily(chosen) else slot.windows.of(day)


def _is_daily(chosen: Filter | None) -> bool:
    """Tell whether usage is billed day by day."""
    return chosen is not None and chosen.use_case is UseCase.DAILY_USAGE


def _price(version: Item, price: Decimal) -> str:
    """Write the price that usage brings."""
    return ADDED_UP if version.aggregates_prices else f"{EXACT.normalize(price):f}"


def _currency(usual: str, record: UsageRecord) -> str:
    """Give the currency that the price of usage brings; empty if it is the item's."""
    if record.currency is None or record.currency == usual:
        return ""
    if record.price is None:
        rule, fix = f"the price of its item is in {usual}", "give it a price, or leave it out"
        where = f"UsageRecord {record.id!r}"
        raise InvalidInputError(
            rule, record=where, field="currency", value=record.currency, fix=fix
        )
    return record.currency


def _is_picked(version: Item, record: UsageRecord) -> bool:
    """Tell whether the price tier is picked by another quantity."""
    pricing = version.pricing
    is_known = pricing is not None and TIER_QUANTITY in pricing.rule.takes
    return is_known and record.tier_quantity is not None
