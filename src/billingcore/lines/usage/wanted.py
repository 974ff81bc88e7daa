"""Which usage a run wants: by the items that price it, and by what was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from billingcore.lines.harvest import Harvest
from billingcore.lines.origin import UsageKey
from billingcore.lines.usage.matching import Matcher, Slot
from billingcore.records.reasons import LeftOut
from billingcore.records.usage import UsageRecord
from billingcore.scope.criteria import item_frequency
from billingcore.scope.wanted import NOT_CHOSEN, Wanted

__all__ = ["WantedUsage"]


class WantedUsage:
    """Tells which usage of an account a run wants, and to which of its items it is billed then."""

    def __init__(self, wanted: Wanted, found: Harvest, matcher: Matcher) -> None:
        self._wanted = wanted
        self._snapshot = found.snapshot
        self._matcher = matcher

    def unchosen(self, record: UsageRecord) -> LeftOut | None:
        """Say that neither a record was chosen nor an item or contract that may price it."""
        if self._is_named(record):
            return None
        is_chosen = any(self._is_chosen(slot) for slot in self._named(record))
        return None if is_chosen else NOT_CHOSEN

    def takes_alike(self, record: UsageRecord) -> bool:
        """Tell whether all usage is wanted that differs from a record in day and quantity only."""
        is_all = self._wanted.names()
        return is_all and not any(self.refusal(slot, record) for slot in self._named(record))

    def refusals(self, slots: Iterable[Slot], record: UsageRecord) -> dict[str, LeftOut]:
        """Give the items to which a record is not billed now, with the reasons."""
        reasons = ((slot.billable, self.refusal(slot, record)) for slot in slots)
        return {billable: why for billable, why in reasons if why is not None}

    def refusal(self, slot: Slot, record: UsageRecord) -> LeftOut | None:
        """Say why a record is not billed to an item now; None if it may be.

        A price that usage brings decides the currency of its line.
        """
        if not (self._is_named(record) or self._is_chosen(slot)):
            return NOT_CHOSEN
        contract, item = slot.contract.subscription, slot.item
        currency = record.currency or item.currency or contract.currency
        often = item_frequency(item)
        return self._wanted.mismatch(self._snapshot, currency, contract.entity, often)

    def stays(self, rows: Iterable[tuple[UsageKey, UsageRecord, int]]) -> dict[str, LeftOut]:
        """Give what stays billed as it is, by what it covers, with the reasons.

        Usage that is to be billed elsewhere waits until another run has taken it back.
        """
        slots = self._matcher.slots
        reasons = (
            (record.cover_name(key.billable), self.refusal(slots[key.billable], record))
            for key, record, _ in rows
        )
        return {name: why for name, why in reasons if why is not None}

    def _named(self, record: UsageRecord) -> Iterator[Slot]:
        for order_no in record.order_nos:
            yield from self._matcher.named(order_no, record.subscription)

    def _is_chosen(self, slot: Slot) -> bool:
        return self._wanted.names(slot.contract.subscription.id, slot.billable)

    def _is_named(self, record: UsageRecord) -> bool:
        """Tell whether a record was chosen by its name, or that of the record it was read from.

        So it is by the record that this belongs to.
        """
        source, names = record.source, [record.name]
        if source is not None:
            _, colon, party = record.name.partition(":")
            owners = [source] if source.parent is None else [source, source.parent]
            names += [each.name for each in owners]
            names += [each.name + colon + party for each in owners]
        return self._wanted.names(*names)
