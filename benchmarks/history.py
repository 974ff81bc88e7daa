"""Time of a run by the length of the history: what is billed already should not slow it down.

The same accounts are billed in the same month from stores that hold 1, 24 and 120 months of their
invoices, each made by a run and finalized. All stores live in one process, so that the garbage
collector has the same to look through whichever is billed, and take turns. Changes of items lie
within the last 24 months, so that 24 and 120 months differ in nothing but the number of invoices.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from statistics import median
from time import process_time

from workload import (
    MONTH,
    PER_INVOICE,
    Sale,
    changing_invoices,
    contract_of,
    invoices,
    tax_table,
)

import billingcore as bc

MONTHS = (1, 24, 120)
"""How much history the stores have; all others are compared with the first."""
ACCOUNTS = 96
"""Accounts in each store; a multiple of the window."""
RUN = bc.Period.month(MONTH.year, MONTH.month)
POLICY = bc.LEVEL


@dataclass(frozen=True)
class Operation:
    """What is timed over a whole store; *undo* is not, and makes the store what it was."""

    title: str
    do: Callable[[bc.MemoryStore], object]
    undo: Callable[[bc.MemoryStore], None]


def plan_all(store: bc.MemoryStore) -> None:
    for _ in bc.plan(bc.InvoiceRun(RUN, policy=POLICY), store):
        pass


def execute_all(store: bc.MemoryStore) -> None:
    bc.execute(bc.InvoiceRun(RUN, policy=POLICY), store)


def discard_all(store: bc.MemoryStore) -> None:
    for draft in list(store.drafts()):
        store.discard(draft.id)


def nothing(_: bc.MemoryStore) -> None:
    pass


OPERATIONS = (
    Operation("plan", plan_all, nothing),
    Operation("execute", execute_all, discard_all),
)
KINDS = ("plain items", "items with 5 versions", "5 versions, full price")
"""What is billed; a full price is not divided, so that a change waits for the next month."""


def sales_of(kind: str, accounts: int) -> list[list[Sale]]:
    lines = accounts * PER_INVOICE
    if kind == KINDS[0]:
        return list(invoices(lines, prorated=False))
    return list(changing_invoices(lines, prorated=True))


def store_with(kind: str, months: int, sales: list[list[Sale]]) -> bc.MemoryStore:
    """Make a store whose accounts began so many months before the run, and bill these months."""
    store = bc.MemoryStore(tax=tax_table())
    billing_type = bc.RECURRING if kind == KINDS[2] else bc.RECURRING_PRORATED
    for number, items in enumerate(sales):
        begun = [replace(item, start=months_before(months)) for item in items]
        contract = contract_of(number, begun, covered=True, billing_type=billing_type)
        store.add(bc.Account(f"A{number}", currency="EUR"), contract)
    for back in range(months, 0, -1):
        first = months_before(back)
        period = bc.Period.month(first.year, first.month)
        bc.execute(bc.InvoiceRun(period, policy=POLICY), store)
        for draft in list(store.drafts()):
            bc.finalize(draft, store, on=period.last)
    return store


def months_before(count: int) -> date:
    year, month = divmod(MONTH.year * 12 + MONTH.month - 1 - count, 12)
    return date(year, month + 1, 1)


def nets(store: bc.MemoryStore) -> list[tuple[str, list[Decimal]]]:
    """Give what the run bills of each account, to see that history does not matter."""
    outcomes = bc.plan(bc.InvoiceRun(RUN, policy=POLICY), store)
    return [
        (each.account, [line.net for draft in each.drafts for line in draft.lines])
        for each in outcomes
    ]


def stores_of(kind: str, accounts: int, months: tuple[int, ...]) -> dict[int, bc.MemoryStore]:
    """Make a store for each length of history, and see that all are billed the same.

    Raises:
        AssertionError: they are not.
    """
    sales = sales_of(kind, accounts)
    stores = {count: store_with(kind, count, sales) for count in months}
    expected = nets(stores[months[0]])
    assert all(each for _, each in expected)
    for count, store in stores.items():
        assert nets(store) == expected, f"{count} months of history change what is billed"
    return stores


def measure(
    operation: Operation, stores: dict[int, bc.MemoryStore], repeat: int
) -> dict[int, list[float]]:
    """Time an operation on each store by turns."""
    spent: dict[int, list[float]] = {count: [] for count in stores}
    gc.collect()
    for _ in range(repeat):
        for count, store in stores.items():
            start = process_time()
            operation.do(store)
            spent[count].append(process_time() - start)
            operation.undo(store)
    return spent


def report(*, repeat: int, accounts: int = ACCOUNTS, months: tuple[int, ...] = MONTHS) -> None:
    """Print time per account by months of history; *repeat* is multiplied, as turns are short."""
    print(f"A run over a MemoryStore of {accounts} accounts, 3 items each, by months of history")
    print(f"{'':33}{'months':>8}{'µs/account':>12}{'ratio':>8}{'median':>8}")
    for kind in KINDS:
        stores = stores_of(kind, accounts, months)
        for operation in OPERATIONS:
            spent = measure(operation, stores, repeat * 5)
            title = f"{operation.title}, {kind}"
            usual = spent[months[0]]
            for count, times in spent.items():
                each = min(times) / accounts * 1e6
                pairs = zip(times, usual, strict=True)
                middle = median(own / one for own, one in pairs)
                ratio = min(times) / min(usual)
                print(f"{title:33}{count:8}{each:12.1f}{ratio:8.2f}{middle:8.2f}", flush=True)
                title = ""
    print("\nratio: to the first line of the row. All histories were billed the same amounts.")
