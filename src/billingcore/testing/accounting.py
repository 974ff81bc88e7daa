"""The law that nothing is lost: every record that enters a run leaves it, in exactly one way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from billingcore.errors import InvalidInputError, InvariantViolationError
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lines.origin import name_of
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.source import SourceRecord
from billingcore.scope.routing import is_named, root_values
from billingcore.scope.selection import Filter
from billingcore.values.keys import escape

__all__ = ["check_accounting"]

LAW = "a record is one of billed, excluded, problem"
Pair = tuple[str, str]
"""The name of a record, and the filter under which it entered."""


def check_accounting(outcome: AccountOutcome, snapshot: AccountSnapshot) -> None:
    """Check that every record that entered is billed, excluded or a problem: exactly one of them.

    A record is a position of a subscription, or a subscription without positions; usage; or, for
    each filter that looks at it, a line of a record of the host.

    Raises:
        InvariantViolationError: with the records that are missing, or listed twice.
    """
    items = set(_items(outcome, snapshot))
    left = Counter(_left(outcome, items))
    twice = [pair for pair, count in left.items() if count > 1]
    if twice:
        raise InvariantViolationError(LAW, evidence=sorted(twice))
    families = list(_families(outcome, snapshot))
    missing = _missing(left, items, families, outcome, snapshot)
    known = {(name, "") for name in items}
    known |= {(name, chosen.name) for record, chosen in families for name in _names(record, chosen)}
    known |= {(record.name, "") for record in snapshot.usage}
    strangers = {pair for pair in left if pair not in known}
    if missing or strangers:
        law = "every record that enters leaves"
        raise InvariantViolationError(law, evidence=sorted(missing | strangers))
    lines = {line.record for draft in outcome.drafts for line in draft.lines}
    parts = {part.record for part in outcome.left_out if not _is_added(part.record)}
    strange = parts - lines - {name for name, _ in known}
    if strange:
        law = "time is left out of records that entered"
        raise InvariantViolationError(law, evidence=sorted(strange))


def _items(outcome: AccountOutcome, snapshot: AccountSnapshot) -> Iterator[str]:
    """Yield the positions of subscriptions, by the names under which they are billed."""
    if outcome.run.selection.has_subscriptions:
        for subscription in snapshot.subscriptions:
            yield from [name for _, name in subscription.positions] or [escape(subscription.id)]


def _left(outcome: AccountOutcome, items: set[str]) -> Iterator[Pair]:
    """Yield how records left; positions of subscriptions without their filter."""
    found = (
        *outcome.entered,
        *((each.record, each.filter) for each in outcome.exclusions),
        *((each.record, each.filter) for each in outcome.problems),
    )
    told: set[str] = set()
    for name, chosen in found:
        told.add(name)
        yield (name, "") if name in items else (name, chosen)
    for name in {line.record for draft in outcome.drafts for line in draft.lines} & items:
        if name not in told:  # its usage is billed
            yield name, ""


def _families(
    outcome: AccountOutcome, snapshot: AccountSnapshot
) -> Iterator[tuple[SourceRecord, Filter]]:
    """Yield the records of the host with each filter that looks at them."""
    for chosen in outcome.run.selection.sources:
        for record in snapshot.records:
            if record.type == chosen.target:
                yield record, chosen


def _names(record: SourceRecord, chosen: Filter) -> list[str]:
    """Give the names under which a record or its lines can leave."""
    children = record.children_of(chosen.child_relation) if chosen.child_relation else ()
    return [name_of(each, chosen) for each in (record, *children)]


def _missing(
    left: Counter[Pair],
    items: set[str],
    families: list[tuple[SourceRecord, Filter]],
    outcome: AccountOutcome,
    snapshot: AccountSnapshot,
) -> set[Pair]:
    """Give what entered and did not leave."""
    entered = {(name, "") for name in items}
    if outcome.run.selection.has_subscriptions:
        entered |= {(record.name, "") for record in snapshot.usage}
    for record, chosen in families:
        names = _names(record, chosen)
        lines = names[1:] or names
        if any((name, chosen.name) in left for name in names) or _is_own(
            record, chosen, outcome, snapshot
        ):
            entered |= {(name, chosen.name) for name in lines}
    return {pair for pair in entered if pair not in left}


def _is_own(
    record: SourceRecord, chosen: Filter, outcome: AccountOutcome, snapshot: AccountSnapshot
) -> bool:
    """Tell whether a run has to look at a record in this account."""
    start = outcome.run.selection.start
    try:
        if start is not None and not start.reaches(record, chosen):
            return False
        return is_named(snapshot.account, root_values(record, chosen, snapshot.setup).account)
    except InvalidInputError:
        return True


def _is_added(name: str) -> bool:
    """Tell whether a name is that of a line that a data mapping adds, which is no record."""
    return name.count("/") > 1
