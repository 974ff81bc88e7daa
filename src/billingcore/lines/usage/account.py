"""From usage to open lines, and to a reason for all usage that gives none.

Most usage is new, and differs from its neighbours in day and quantity only. It is sorted by its key
in one pass, and looked at record by record only where something may stand in the way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from billingcore.errors import InvalidInputError
from billingcore.lines.harvest import Harvest
from billingcore.lines.making import make_line
from billingcore.lines.origin import UsageKey
from billingcore.lines.usage.billed import BilledUsage
from billingcore.lines.usage.claims import Held, held_of
from billingcore.lines.usage.differences import rated
from billingcore.lines.usage.matching import Matcher, Slot
from billingcore.lines.usage.minimum import true_ups
from billingcore.lines.usage.pots import Pots
from billingcore.lines.usage.rating import Pot
from billingcore.lines.usage.sources import spelled, usage_of
from billingcore.lines.usage.wanted import WantedUsage
from billingcore.periods.due import run_facts
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.terms import UsageType
from billingcore.records.usage import UsageRecord
from billingcore.scope.eligibility import item_hindrance
from billingcore.scope.selection import Filter
from billingcore.scope.switches import LateUsage

__all__ = ["harvest_usage"]


def harvest_usage(found: Harvest) -> None:
    """Go through the usage of an account, then its minimum fees; runs inside `exactly`."""
    selection, snapshot = found.run.selection, found.snapshot
    is_native = selection.has_subscriptions
    if not (selection.usage or found.is_metered or (is_native and snapshot.usage)):
        return
    usage = _Usage(found)
    if is_native:
        usage.enter(snapshot.usage, None)
    for chosen in selection.usage:
        usage.enter(usage_of(found, chosen), chosen)
    usage.rate()
    if is_native:
        true_ups(found, usage.matcher, usage.billed)
        usage.exclude_items()
    usage.exclude_corrected()


class _Usage:
    """The usage of one account in one run."""

    def __init__(self, found: Harvest) -> None:
        self._found = found
        self.matcher = Matcher(found)
        self.billed = BilledUsage(found.run, found.snapshot)
        self._pots = Pots(found, self.matcher)
        run = found.run
        self._wanted = None if run.wanted is None else WantedUsage(run.wanted, found, self.matcher)
        self._deferred: set[str] = set()
        self._shared: set[str] = set()
        self._latest: dict[tuple[str, str], str] = {}

    def enter(self, records: Iterable[UsageRecord], chosen: Filter | None) -> None:
        """Sort usage into pots, or note why it is not billed."""
        buckets: defaultdict[str, list[UsageRecord]] = defaultdict(list)
        if self._found.coverage:
            records = self._unknown(records, chosen)
        for record in records:
            buckets[record.key].append(record)
        for bucket in buckets.values():
            is_sure = self._wanted is None or self._wanted.takes_alike(bucket[0])
            pot = self._pots.whole(bucket, chosen) if is_sure else None
            if pot is None:
                for record in bucket:
                    self._one(record, chosen)
            else:
                if pot.usage:
                    pot.usage += bucket
                else:
                    pot.usage = bucket
                if chosen is not None:
                    self._take(bucket, chosen)

    def _unknown(
        self, records: Iterable[UsageRecord], chosen: Filter | None
    ) -> Iterator[UsageRecord]:
        """Yield the usage of which nothing is billed; the other is looked at one by one."""
        coverage = self._found.coverage
        for record in records:
            if record.name in coverage:
                self._one(record, chosen)
            else:
                yield record

    def _take(self, records: Iterable[UsageRecord], chosen: Filter) -> None:
        for record in records:
            self._found.taken[record.name] = chosen.name

    def _one(self, record: UsageRecord, chosen: Filter | None) -> None:
        """Put one usage record into its pots, or note why it is not billed."""
        try:
            why = self._entered(record, chosen)
        except InvalidInputError as error:
            self._fail(record, chosen, error)
            return
        if why is not None:
            self._exclude(record, chosen, why)
        elif chosen is not None:
            self._take((record,), chosen)

    def _entered(self, record: UsageRecord, chosen: Filter | None) -> LeftOut | None:
        held = held_of(self._found, record)
        unchosen = None if self._wanted is None else self._wanted.unchosen(record)
        if held is None:
            return unchosen or self._new(record, chosen)
        try:
            why = self._again(record, chosen, held)
        except InvalidInputError:
            if unchosen is None:
                raise
            return unchosen
        return why and (unchosen or why)

    def _exclude(self, record: UsageRecord, chosen: Filter | None, why: LeftOut) -> None:
        self._found.exclude(record.name, why, "" if chosen is None else chosen.name)

    def _fail(self, record: UsageRecord, chosen: Filter | None, error: InvalidInputError) -> None:
        """Note what is wrong with a usage record."""
        if record.source is None or chosen is None:
            self._found.problem(record.name, error, "")
            return
        if error.record.startswith("UsageRecord"):
            error = spelled(error, record.source, chosen)
        self._found.fail(record.name, record.source, chosen, error)

    def _new(self, record: UsageRecord, chosen: Filter | None) -> LeftOut | None:
        """Put usage that was never billed into its pots, or say why it is not billed."""
        why = self._hindrance(record)
        if why is not None:
            return why
        slots, refused = self._wanted_slots(record)
        if not slots:
            return refused
        pots = self._pots.all_of(slots, record, chosen)
        if isinstance(pots, LeftOut):
            if pots.reason is Reason.ON_HOLD:
                self._put_off(slots)
            return pots
        for pot in pots:
            pot.usage.append(record)
            pot.days = None
        if len(pots) > 1:
            self._shared.add(record.name)
        return None

    def _wanted_slots(self, record: UsageRecord) -> tuple[Sequence[Slot], LeftOut | None]:
        """Give the items to which a record is billed now, and why not to one of the others.

        Raises:
            InvalidInputError: it has no items.
        """
        slots = self.matcher.match(record)
        if self._wanted is None:
            return slots, None
        refused = self._wanted.refusals(slots, record)
        kept = [slot for slot in slots if slot.billable not in refused]
        return kept, next(iter(refused.values()), None)

    def _hindrance(self, record: UsageRecord) -> LeftOut | None:
        """Say why usage that was never billed is not, whatever its item."""
        if record.type is not UsageType.TRANSACTION:
            facts = (("type", record.type.value),)
            return LeftOut(Reason.FILTER_MISMATCH, facts=facts)
        if record.invoice:
            facts = (("document", record.invoice),)
            return LeftOut(Reason.ALREADY_INVOICED, facts=facts)
        if not record.quantity:
            return LeftOut(Reason.ZERO_QUANTITY)
        start, stop = self._found.run.period.bounds
        if record.date >= stop or (record.date < start and not self._is_late_included(record)):
            dates = (("date", record.date.isoformat()), *run_facts(self._found.run))
            return LeftOut(Reason.OUT_OF_PERIOD, facts=dates)
        return None

    def _is_late_included(self, record: UsageRecord) -> bool:
        """Tell whether usage from before the run is billed: by policy, or since it was put off."""
        if self._found.run.policy.late_usage is LateUsage.INCLUDE:
            return True
        day, coverage = record.date, self._found.coverage
        for order_no in record.order_nos:
            for slot in self.matcher.named(order_no, record.subscription):
                covered = coverage.get(slot.billable)
                if covered is not None and any(a <= day < b for a, b in covered.carried):
                    return True
        return False

    def _put_off(self, slots: Sequence[Slot]) -> None:
        """Say that usage of these days is due, but for a hold."""
        found = self._found
        for billable in [slot.billable for slot in slots]:
            if billable not in self._deferred:
                self._deferred.add(billable)
                claim = Claim(billable, found.run.period, Reason.ON_HOLD.name, ClaimState.CARRIED)
                known = found.coverage.get(billable)
                if known is None or claim not in known.claims:
                    found.decisions.append(claim)

    def _again(self, record: UsageRecord, chosen: Filter | None, held: Held) -> LeftOut | None:
        """Correct what was billed of a usage record, or say which document bills it."""
        exclusive = self._found.run.selection.exclusive
        is_party = chosen is not None and chosen.party in exclusive
        if held.is_final or not (held.differs(record) and (record.is_billable or not is_party)):
            return held.reason
        pots: list[Pot] | LeftOut = []
        if record.is_billable:
            pots = self._pots.all_of(self._wanted_slots(record)[0], record, chosen)
        if isinstance(pots, LeftOut):
            return pots
        delta = self._delta(record, held, pots)
        if isinstance(delta, LeftOut):
            return delta
        for pot, each, count in delta:
            if count > 0:
                pot.usage += [each] * count
            else:
                pot.taken_back = [*pot.taken_back, *[each] * -count]
            pot.days = None
        self._shared.add(record.name)
        self._latest[record.name, "" if chosen is None else chosen.name] = record.terms
        return None

    def _delta(
        self, record: UsageRecord, held: Held, pots: Sequence[Pot]
    ) -> list[tuple[Pot, UsageRecord, int]] | LeftOut:
        """Say how often which form of a record is to be billed more, or less, and in which pot."""
        billed = self.billed.contributions_of(record.name, self.matcher.slots)
        forms = {each.terms: each for _, each, _ in billed} | {record.terms: record}
        count: Counter[tuple[UsageKey, str]] = Counter()
        at_hand: Counter[str] = Counter()
        for key, each, sign in billed:
            count[key, each.terms] -= sign
            at_hand[each.terms] += sign
        if not held.agrees_with(at_hand):
            return LeftOut(Reason.NOT_CORRECTED, facts=held.reason.facts)
        keys = [key for key, _, _ in billed]
        for pot in pots:
            count[_same(pot, record, keys), record.terms] += 1
        rows = [(key, forms[terms], number) for (key, terms), number in count.items() if number]
        stays = {} if self._wanted is None else self._wanted.stays(rows)
        delta: list[tuple[Pot, UsageRecord, int]] = []
        for key, each, number in rows:
            if each.cover_name(key.billable) not in stays:
                found = self._pots.of_key(key)
                if isinstance(found, LeftOut):
                    return found
                delta.append((found, each, number))
        return delta or next(iter(stays.values()), held.reason)

    def rate(self) -> None:
        """Price all pots; usage without a price is a problem, in all of its pots."""
        pots = sorted(self._pots.known.values(), key=_place)
        waiting = pots.copy()
        for pot in waiting:  # grows while usage is taken out again
            pot.lines = ()
            if pot.usage or pot.taken_back:
                try:
                    pot.lines = rated(pot, self.billed, self._found.run)
                except InvalidInputError as error:
                    waiting += self._spoil(pot, error)
        for pot in pots:
            self._found.lines += pot.lines

    def _spoil(self, pot: Pot, error: InvalidInputError) -> Iterator[Pot]:
        """Note that usage has no price, and take it out of its other pots."""
        found, key = self._found, pot.key
        records = {each.name: each for each in (*pot.usage, *pot.taken_back)}
        pot.usage, pot.taken_back = [], []
        for name, record in records.items():
            self._fail(record, pot.chosen, error)
            found.taken.pop(name, None)
        would_be = Item("wrong", unit_price=0, criterion=key.invoice_criterion)
        found.spoiled.append(make_line(would_be, key.billable, found.whole, pot.terms))
        gone = records.keys() & self._shared
        for other in self._pots.known.values() if gone else ():
            kept = [each for each in other.usage if each.name not in gone]
            back = [each for each in other.taken_back if each.name not in gone]
            if len(kept) + len(back) < len(other.usage) + len(other.taken_back):
                other.usage, other.taken_back, other.days = kept, back, None
                yield other

    def exclude_corrected(self) -> None:
        """Say of records on a draft that grows that they were on it before, whatever they are now.

        So are those that are on no line any more, since the draft had taken them back.
        """
        growing = self.billed.growing
        if not growing:
            return
        group_of, drafts = self._found.run.policy.group_of, self._found.snapshot.drafts
        groups = {group_of(line) for line in self._found.lines if line.origin is not None}
        joined = [drafts[name] for name, group in growing.items() if group in groups]
        before = {pair for draft in joined for line in draft.lines for pair in line.entered}
        pots = [pot for pot in self._pots.known.values() if pot.lines]
        origins = [line.origin for pot in pots for line in pot.lines]
        now = {pair for origin in origins if origin is not None for pair in origin.entered}
        told: set[tuple[str, str]] = set()
        for pot in pots:
            for record in (*pot.usage, *pot.taken_back):
                pair = record.name, pot.key.filter
                if pair not in told and (pair in before or pair not in now):
                    told.add(pair)
                    facts = (("corrected to", self._latest.get(pair, record.terms)),)
                    why = LeftOut(Reason.DRAFT_EXISTS, facts=facts)
                    self._found.exclude(record.name, why, pot.key.filter)

    def exclude_items(self) -> None:
        """Give a reason for each item of which no usage is billed."""
        found = self._found
        name = found.run.selection.applied_name
        billed = {pot.key.billable for pot in self._pots.known.values() if pot.lines}
        for slot in self.matcher.slots.values():
            if slot.billable in billed or slot.contract.own_terms is None:
                continue
            why = self._item_hindrance(slot)
            if why is not None:
                found.exclude(slot.billable, why, name)
                continue
            draft = self.billed.draft_of(slot.billable)
            reason = Reason.DRAFT_EXISTS if draft else Reason.NO_USAGE
            found.exclude(slot.billable, LeftOut(reason), name, draft)

    def _item_hindrance(self, slot: Slot) -> LeftOut | None:
        """Say why no usage of an item is billed, whatever there is; None if it may be."""
        wanted, contract, item = self._found.run.wanted, slot.contract.subscription, slot.item
        if wanted is not None:
            why = wanted.of_item(self._found.snapshot, contract, item, slot.billable)
            if why is not None:
                return why
        return None if item.active else item_hindrance(item)


def _place(pot: Pot) -> tuple[object, ...]:
    """Order lines by item, period, criteria and price."""
    return pot.slot.number, pot.key


def _same(pot: Pot, record: UsageRecord, keys: Sequence[UsageKey]) -> UsageKey:
    """Give the key under which a record was billed, if nothing differs but the days of the run.

    An item without billing periods has those of the run that billed the usage first.
    """
    key = pot.key
    if pot.slot.windows.has_periods:
        return key
    start, stop, on = key.start, key.stop, key.on
    same = (
        each
        for each in keys
        if each.start <= record.date < each.stop
        and each._replace(start=start, stop=stop, on=on) == key
    )
    return next(same, key)
