"""Records and short words for the tests of what changes, before and after it was billed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import billingcore as bc
from billingcore.testing import check_claims, check_document
from tests.unit.engine.records import contract, finalize_all, monthly, run_of, store_of

APRIL = bc.Period.month(2026, 4)
MAY = bc.Period.month(2026, 5)
JUNE = bc.Period.month(2026, 6)


def by_days(item_id: str = "seats", price: Any = 100, **fields: Any) -> bc.Item:
    """Make an item of 100.00 a month of which a part costs days / days of its billing period."""
    own = {"billing_type": bc.RECURRING_PRORATED, "proration": bc.proration.ACTUAL_DAYS}
    return monthly(item_id, price, **(own | fields))


def books(*items: bc.Item, start: str = "2026-04-01", **fields: Any) -> bc.MemoryStore:
    """Make a store with contract S-1 of acme, from April 2026 on unless the test says otherwise."""
    return store_of(contract(*items, start=start, **fields))


def edit(store: bc.MemoryStore, *items: bc.Item, start: str = "2026-04-01", **fields: Any) -> None:
    """Put contract S-1 as it is now in the place of the one before."""
    store.change(contract(*items, start=start, **fields))


def invoice(
    store: bc.MemoryStore, period: bc.Period, policy: bc.Policy = bc.LEVEL, **switches: Any
) -> list[bc.LineItem]:
    """Run, finalize all drafts, check the laws, and give the new lines."""
    report = bc.execute(run_of(period, policy=policy, **switches), store)
    assert not report.problems
    lines: list[bc.LineItem] = []
    for number in finalize_all(store, period.last):
        check_document(store.invoice(number))
        lines += store.invoice(number).lines
    for account in store.accounts():
        check_claims(store.snapshot(account).claims)
    return lines


def invoice_all(store: bc.MemoryStore, months: Iterable[bc.Period], **switches: Any) -> None:
    """Run and finalize month after month."""
    for month in months:
        invoice(store, month, **switches)


def plan(
    store: bc.MemoryStore, period: bc.Period, policy: bc.Policy = bc.LEVEL, **switches: Any
) -> bc.AccountOutcome:
    """Give what a run would do with acme, and keep nothing."""
    run = run_of(period, policy=policy, **switches)
    return bc.bill(run, store.snapshot("acme"), store.tax)


def shown(lines: Iterable[bc.LineItem]) -> list[str]:
    """Write lines with first and last day and net amount."""
    return [f"{line.service_period.first}..{line.service_period.last} {line.net}" for line in lines]


def shown_by_item(lines: Iterable[bc.LineItem]) -> list[str]:
    """Write lines with item, first day and net amount."""
    return [f"{line.item.id} {line.service_period.first} {line.net}" for line in lines]


def nets(lines: Iterable[bc.LineItem]) -> list[Decimal]:
    """Give the net amounts of lines."""
    return [line.net for line in lines]


def total_net(lines: Iterable[bc.LineItem]) -> Decimal:
    """Give the sum of the net amounts of lines."""
    return sum(nets(lines), Decimal())


def all_billed(store: bc.MemoryStore) -> Decimal:
    """Give the sum of all invoices, before tax."""
    return sum((each.totals.net for each in store.invoices()), Decimal())


def decimals(*texts: str) -> list[Decimal]:
    """Write amounts shortly."""
    return list(map(Decimal, texts))


def reasons(outcome: bc.AccountOutcome) -> list[str]:
    """Write what an outcome does not bill: record, reason, days."""
    found = []
    for each in (*outcome.exclusions, *outcome.left_out):
        days = f" {each.period.first}..{each.period.last}" if each.period else ""
        found.append(f"{each.record} {each.reason.name}{days}")
    return found
