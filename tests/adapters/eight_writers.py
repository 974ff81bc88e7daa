"""Eight writers at once on one database: run by the tests as a program, since it forks.

    python -m tests.adapters.eight_writers processes SQLite FOLDER
    python -m tests.adapters.eight_writers threads PostgreSQL DSN

Processes have a store each, threads share one. It prints what is there at the end.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import Thread
from typing import Any

import billingcore as bc
from tests.crash import world

FORK = get_context("fork")
WRITERS = 8
WAITS = 60
"""Seconds after which a test fails that waits for a writer."""

JANUARY = bc.Period.month(2026, 1)
ON = world.POSTED_ON
SERIES = world.SERIES
STRICT = bc.Policy(name="what starts in the month", scope=bc.Scope.STRICT)
Open = Callable[[], Any]


def opened(kind: str, place: str, name: str) -> Any:
    """Open a store of a kind, for a plan."""
    if kind == "SQLite":
        from sqlite_store import open_store

        return open_store(Path(place) / name, **world.given())
    from postgres_store import open_store

    return open_store(place, schema=name, **world.given())


def account_of(name: str) -> bc.Account:
    """Make an account."""
    return bc.Account(name, currency="EUR")


def by_hand(name: str, price: str, place: int) -> bc.DraftInvoice:
    """Make a draft for an account, in a month of its own."""
    item = bc.Item(f"work {place}", unit_price=price, tax_code="FREE")
    setup = world.given()["setup"]
    return bc.draft(account_of(name), [item], period=JANUARY, setup=setup, tax=world.given()["tax"])


class Numbers:
    """Each writer issues six invoices of its own account, and skips a number."""

    def fill(self, store: Any) -> None:
        store.add(*(account_of(f"A-{writer}") for writer in range(WRITERS)))

    def write(self, store: Any, writer: int) -> list[str]:
        issued = [
            bc.finalize(by_hand(f"A-{writer}", "7.00", place), store, on=ON).number
            for place in range(6)
        ]
        return [
            *issued,
            bc.skip_number(SERIES, store, on=ON, reason=f"by writer {writer}").number,
        ]

    def tell(self, store: Any) -> Iterator[tuple[str, object]]:
        yield "invoices", [invoice.number for invoice in store.invoices()]
        yield "skipped", [each.number for each in store.skipped()]
        yield "of accounts", [len(store.books(each).invoices) for each in store.accounts()]


class Commits:
    """Each writer commits what it would bill of all accounts, and again what was refused."""

    def fill(self, store: Any) -> None:
        world.fill(store)

    def write(self, store: Any, writer: int) -> int:
        kept = 0
        for outcome in bc.plan(world.RUN, store):
            if store.commit([outcome]):
                bc.bill_accounts(world.RUN, store, [outcome.account])
            else:
                kept += len(outcome.drafts)
        return kept

    def tell(self, store: Any) -> Iterator[tuple[str, object]]:
        alone = world.make()
        self.fill(alone)
        bc.execute(world.RUN, alone)
        expected, found = ([*map(str, each.drafts())] for each in (alone, store))
        yield "drafts", len(found)
        yield "same", found == expected
        again = [*bc.plan(world.RUN, store)]
        yield "left", sum(len(outcome.drafts) for outcome in again)


class Posting:
    """Each writer issues all drafts that it finds."""

    def fill(self, store: Any) -> None:
        world.fill(store)
        bc.execute(world.RUN, store)

    def write(self, store: Any, writer: int) -> int:
        drafts = [*store.drafts()]
        drafts = drafts[writer:] + drafts[:writer]
        done = [bc.finalize_all(drafts[at : at + 3], store, on=ON) for at in range(0, 24, 3)]
        return sum(len(report.invoices) for report in done)

    def tell(self, store: Any) -> Iterator[tuple[str, object]]:
        invoices = [*store.invoices()]
        yield "invoices", [invoice.number for invoice in invoices]
        yield "drafts", len([*store.drafts()])
        made_of = Counter(invoice.draft.id for invoice in invoices)
        yield "made of one draft each", set(made_of.values()) == {1}


class Balance:
    """Each writer issues an invoice of 30 of one account that has paid 100 before."""

    def fill(self, store: Any) -> None:
        store.add(account_of("acme"))
        bc.pay(
            store, bc.Payment("P", account="acme", amount=100, currency="EUR", date="2026-01-02")
        )

    def write(self, store: Any, writer: int) -> str:
        return bc.finalize(by_hand("acme", "30.00", writer), store, on=ON).number

    def tell(self, store: Any) -> Iterator[tuple[str, object]]:
        books = store.books("acme")
        yield "taken", str(sum((each.amount for each in books.assignments), Decimal(0)))
        yield "open", sorted(str(bc.balance_of(books, number)) for number in books.invoices)


class OneCoupon:
    """Each writer bills another month of one account, which has a coupon for one document."""

    months = tuple(bc.Period.month(2026, 1 + writer) for writer in range(WRITERS))

    def fill(self, store: Any) -> None:
        items = [
            bc.Item(f"fee {place}", unit_price="10.00", tax_code="FREE", start=month.start)
            for place, month in enumerate(self.months)
        ]
        store.add(account_of("acme"), bc.Subscription("S", account="acme", items=items))
        store.put_coupons("acme", bc.Coupon("WELCOME", bc.Discount.percent(50)))

    def write(self, store: Any, writer: int) -> int:
        run = bc.InvoiceRun(self.months[writer], policy=STRICT)
        for tries in range(WRITERS):
            (outcome,) = bc.plan(run, store)
            if not store.commit([outcome]):
                return tries
        raise AssertionError(outcome)

    def tell(self, store: Any) -> Iterator[tuple[str, object]]:
        drafts = [*store.drafts()]
        claims = [claim.billable for draft in drafts for claim in draft.claims]
        yield "drafts", len(drafts)
        yield "used", [name for name in claims if name.startswith("coupon/")]
        yield "totals", sorted(str(draft.totals.gross) for draft in drafts)


PLANS = {
    "numbers": Numbers,
    "commits": Commits,
    "posting": Posting,
    "balance": Balance,
    "coupon": OneCoupon,
}


def safely(work: Callable[[], object]) -> object:
    """Give what some work gives, or which error it ended with."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - told to the test
        return f"{type(error).__name__}: {error} {traceback.format_exc()[-600:]}"


def in_processes(plan: Any, reopen: Open) -> list[object]:
    """Let eight processes write, each with a store of its own; give what they tell."""
    told, start = FORK.SimpleQueue(), FORK.Barrier(WRITERS)

    def write(writer: int) -> None:
        def work() -> object:
            store = reopen()
            start.wait(WAITS)
            try:
                return plan.write(store, writer)
            finally:
                store.close()

        told.put((writer, safely(work)))

    processes = [FORK.Process(target=write, args=(each,), daemon=True) for each in range(WRITERS)]
    for process in processes:
        process.start()
    found = dict(told.get() for _ in processes)
    for process in processes:
        process.join(WAITS)
    return [found[writer] for writer in range(WRITERS)]


def in_threads(plan: Any, reopen: Open) -> list[object]:
    """Let eight threads write to one store; give what they tell."""
    store, found = reopen(), dict[int, object]()

    def write(writer: int) -> None:
        found[writer] = safely(partial(plan.write, store, writer))

    threads = [Thread(target=write, args=(each,)) for each in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAITS)
    store.close()
    return [found.get(writer, "it has not ended") for writer in range(WRITERS)]


WAYS = {"processes": in_processes, "threads": in_threads}


def carried_out(name: str, way: str, kind: str, place: str) -> dict[str, object]:
    """Carry out a plan, and give what came of it."""
    plan, reopen = PLANS[name](), partial(opened, kind, place, name)
    store = reopen()
    plan.fill(store)
    store.close()
    told: dict[str, object] = {"writers": WAYS[way](plan, reopen)}
    store = reopen()
    told |= plan.tell(store)
    told["sound"] = world.is_sound(store)
    store.close()
    return told


def main(way: str, kind: str, place: str, *_: str) -> None:
    """Carry out all plans, and print what came of them."""
    print(json.dumps({name: carried_out(name, way, kind, place) for name in PLANS}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
