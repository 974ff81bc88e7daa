"""Print one upgrade under every convention and policy: the tables of docs/explanation/changes.md.

    python docs/examples/upgrade_table.py

The upgrade is one of 10 January 2026, from 100 to 150 a month, and January is billed. In the first
table the change is known before January is billed, in the second one it becomes known later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import billingcore as bc

RUN: Final = bc.Period.month(2026, 1)
UPGRADE: Final = bc.Change("2026-01-10", unit_price=150, reason="upgrade")
KINDS: Final[dict[str, dict[str, Any]]] = {
    "`SPLIT`, `NEW`": {"change_inside": bc.ChangeInside.SPLIT, "change_day": bc.ChangeDay.NEW},
    "`SPLIT`, `OLD`": {"change_inside": bc.ChangeInside.SPLIT, "change_day": bc.ChangeDay.OLD},
    "`NEXT_PERIOD`": {"change_inside": bc.ChangeInside.NEXT_PERIOD},
    "`WHOLE_PERIOD`": {"change_inside": bc.ChangeInside.WHOLE_PERIOD},
}
"""Head of a column → the switches behind it."""


def seats(convention: bc.Proration) -> bc.Item:
    """Make an item of 100 a month, counted from the first of the month."""
    return bc.Item(
        "seats",
        unit_price=100,
        billing_type=bc.RECURRING_PRORATED,
        proration=convention,
        cadence=bc.monthly(anchor="2026-01-01"),
    )


def contract(item: bc.Item) -> bc.Subscription:
    """Make a contract of one item."""
    return bc.Subscription("S-1", account="acme", start="2026-01-01", items=[item])


def bill_january(store: bc.MemoryStore, policy: bc.Policy) -> Sequence[bc.LineItem]:
    """Bill January, finalize what comes of it, and give the lines."""
    report = bc.execute(bc.InvoiceRun(RUN, policy=policy), store)
    invoices = [bc.finalize(draft, store, on="2026-01-31") for draft in [*report.drafts]]
    return [line for invoice in invoices for line in invoice.lines]


def billed(convention: bc.Proration, policy: bc.Policy) -> Sequence[bc.LineItem]:
    """Bill January, the upgrade being known."""
    store = bc.MemoryStore()
    store.add(bc.Account("acme", currency="EUR"), contract(seats(convention).changed(UPGRADE)))
    return bill_january(store, policy)


def corrected(convention: bc.Proration, policy: bc.Policy) -> Sequence[bc.LineItem]:
    """Bill January, then the upgrade becomes known, and January is corrected."""
    store = bc.MemoryStore()
    item = seats(convention)
    store.add(bc.Account("acme", currency="EUR"), contract(item))
    before = bill_january(store, policy)
    store.change(contract(item.changed(UPGRADE)))
    return [*before, *bill_january(store, policy)]


def sum_of(lines: Sequence[bc.LineItem]) -> str:
    """Write what lines add up to: ``29.03 + 106.45 = 135.48``."""
    first, *others = [line.net for line in lines]
    signed = (f" {'-' if net < 0 else '+'} {abs(net)}" for net in others)
    total = f" = {sum(others, first)}" if others else ""
    return f"{first}{''.join(signed)}{total}"


def in_all(lines: Iterable[bc.LineItem]) -> Decimal:
    """Give what lines add up to."""
    return sum((line.net for line in lines), Decimal())


def known_in_time() -> Iterator[list[str]]:
    """Yield the rows of the first table: convention, what its slices add up to, lines and sums."""
    for name, convention in bc.proration.CONVENTIONS.items():
        found = [billed(convention, bc.LEVEL.but(**switches)) for switches in KINDS.values()]
        factors = " + ".join(str(line.factor) for line in found[0])
        slices = f"{factors} = {sum(line.factor for line in found[0])}" if found[0][1:] else factors
        yield [f"`{name}`", slices, *map(sum_of, found)]


def known_later() -> Iterator[list[str]]:
    """Yield the rows of the second table: convention, then for each policy what is billed in all."""
    for name, convention in bc.proration.CONVENTIONS.items():
        found = [corrected(convention, bc.LEVEL.but(**switches)) for switches in KINDS.values()]
        yield [f"`{name}`", *map(sum_of, found)]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Print both tables."""
    print(table(["Known in time", "Factors of the slices", *KINDS], known_in_time()))
    print()
    print(table(["Known later", *KINDS], known_later()))


if __name__ == "__main__":
    main()
