"""Strategies for what the engine makes: worlds that were billed, and all that is found in them.

Documents are never put together by hand: contracts are drawn, billed, finalized, paid and undone, and
what comes of it is handed out. So whatever is drawn fits together.
"""

# What `builds` hands to a function is known to it, and not to the type checker.
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.ledger.entry import JournalEntry
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.finalize import finalize, finalize_all
from billingcore.lifecycle.paying.payments import pay
from billingcore.lifecycle.projects.claims import claim
from billingcore.lifecycle.projects.documents import deposit, final
from billingcore.lifecycle.projects.project import Project
from billingcore.lifecycle.undoing.cancel import cancel
from billingcore.lifecycle.undoing.credit import credit
from billingcore.lines.line import LineItem
from billingcore.memory.store import MemoryStore
from billingcore.records.account import Account
from billingcore.records.item import Item
from billingcore.records.payment import Payment
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.subscription import Subscription
from billingcore.records.terms import BillingType
from billingcore.runs.execute import execute, plan
from billingcore.runs.report import RunReport
from billingcore.scope.policy import DOCUMENTED, LEVEL
from billingcore.scope.run import InvoiceRun
from billingcore.scope.selection import Filter, Selection, UseCase
from billingcore.tax.table import TaxTable
from billingcore.testing.machine_world import SETUP
from billingcore.testing.strategies.of_items import (
    TAX_CODES,
    subscriptions,
)
from billingcore.testing.strategies.of_records import (
    contact_lists,
    coupons,
    source_records,
    usage,
)
from billingcore.testing.strategies.of_setups import (
    tax_tables,
)
from billingcore.testing.strategies.of_values import positive_amounts
from billingcore.values.cadence import monthly
from billingcore.values.period import Period

__all__ = [
    "ACCOUNT",
    "ORDERS",
    "World",
    "books",
    "drafts",
    "invoices",
    "journal_entries",
    "line_items",
    "outcomes",
    "snapshots",
    "stores",
    "worlds",
]

T = TypeVar("T")

ACCOUNT: Final = "acme"
JANUARY: Final = Period.month(2026, 1)
LAST: Final = dt.date(2026, 1, 31)

ORDERS: Final = Filter("Orders", use_case=UseCase.GENERIC, target="Order", child_relation="Items")
"""The filter of the orders in drawn worlds."""

CALLS: Final = Item(
    "calls", unit_price="0.09", billing_type=BillingType.TRANSACTIONAL, tax_code=TAX_CODES[0]
)


TAXES: Final = tax_tables()
AMOUNTS: Final = positive_amounts(most=10**6)
OTHERS: Final = st.lists(subscriptions(st.just("S-1"), account=ACCOUNT), max_size=1)
SOLD_ORDERS: Final = st.lists(source_records(st.just("O-1")), min_size=1, max_size=1)
USED: Final = st.lists(
    usage(st.sampled_from(["U-1", "U-2"]), st.just("calls"), last=LAST), max_size=2
)
CONTACTS: Final = contact_lists(ACCOUNT)
COUPONS: Final = st.lists(coupons(), max_size=1)


class World(NamedTuple):
    """A store that was billed, with what came of it.

    Attributes:
        store: with the account ``acme``; its invoices are finalized, paid, credited or canceled.
        run: the run over January 2026.
        before: the account before it was billed.
        outcome: what the run makes of it; it has at least one draft.
        report: of the run.
        invoices: at least one; with what credits and cancels them.
        payment: a payment of the first one.
    """

    store: MemoryStore
    run: InvoiceRun
    before: AccountSnapshot
    outcome: AccountOutcome
    report: RunReport
    invoices: tuple[Invoice, ...]
    payment: Payment


@st.composite
def stores(draw: st.DrawFn) -> MemoryStore:
    """Draw stores with one account, before anything was billed.

    It has a contract that is due in January 2026 in any case, others of all kinds, usage, orders,
    contacts and coupons.
    """
    store = MemoryStore(tax=draw(TAXES), setup=SETUP, filters=[ORDERS])
    price = draw(AMOUNTS)
    seats = Item(
        "seats",
        unit_price=price,
        tax_code=TAX_CODES[0],
        billing_type=BillingType.RECURRING_PRORATED,
        cadence=monthly(),
    )
    store.add(
        Account(ACCOUNT, name="Acme", currency="EUR", debtor="10000"),
        Subscription("S-0", account=ACCOUNT, items=[seats, CALLS], start="2026-01-10"),
    )
    others = draw(OTHERS)
    store.add(*others)
    store.add(*draw(SOLD_ORDERS))
    store.add_usage(ACCOUNT, *draw(USED))
    store.put_contacts(ACCOUNT, draw(CONTACTS))
    store.put_coupons(ACCOUNT, *draw(COUPONS))
    return store


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw worlds: a store that was billed for January 2026, with what came of it."""
    store = draw(stores())
    selection = Selection([ORDERS])
    run = InvoiceRun(
        JANUARY, policy=draw(st.sampled_from([LEVEL, DOCUMENTED])), selection=selection
    )
    before = store.snapshot(ACCOUNT)
    (outcome,) = plan(run, store)
    report = execute(run, store)
    made = [*store.drafts()]
    count = draw(st.integers(1, len(made)))
    first, *_ = finalize_all(_sure_first(made)[:count], store, on=LAST).invoices
    due = first.totals.due
    payment = Payment(
        "P-1",
        account=ACCOUNT,
        amount=draw(st.sampled_from([due, due / 2, due * 2])).quantize(due),
        currency="EUR",
        date=LAST,
        invoices=[first.number],
    )
    pay(store, payment, on=LAST)
    has_amounts = any(line.priced for line in first.lines)  # else nothing can be credited
    undo = draw(st.sampled_from([None, cancel, credit] if has_amounts else [None, cancel]))
    if undo is not None:
        finalize(undo(first.number, store.books(ACCOUNT)), store, on=LAST)
    invoices = (*store.books(ACCOUNT).invoices.values(),)
    return World(store, run, before, outcome, report, invoices, payment)


def _sure_first(made: list[DraftInvoice]) -> list[DraftInvoice]:
    """Give drafts, the one of the contract that is always due before all others."""
    return sorted(
        made, key=lambda draft: "S-0" not in {line.subscription_id for line in draft.lines}
    )


def of_world(find: Callable[[World], T]) -> st.SearchStrategy[T]:
    """Draw a world, and give what is found in it."""
    return WORLDS.map(find)


@st.composite
def one_of_world(draw: st.DrawFn, find: Callable[[World], Iterable[T]]) -> T:
    """Draw a world, and one of several things that are found in it.

    A world in which there is none is left alone: where all documents are of nothing, none is booked.
    """
    found = [*find(draw(WORLDS))]
    assume(found)
    return found[draw(st.integers(0, len(found) - 1))]


WORLDS: Final = worlds()


def snapshots() -> st.SearchStrategy[AccountSnapshot]:
    """Draw all that a source knows of an account, before or after it was billed."""
    return one_of_world(lambda world: [world.before, world.store.snapshot(ACCOUNT)])


def outcomes() -> st.SearchStrategy[AccountOutcome]:
    """Draw what a run makes of an account; it has at least one draft."""
    return of_world(lambda world: world.outcome)


def drafts() -> st.SearchStrategy[DraftInvoice]:
    """Draw drafts, as the engine makes them."""
    return one_of_world(lambda world: world.outcome.drafts)


def invoices() -> st.SearchStrategy[Invoice]:
    """Draw invoices, credits and cancellations."""
    return one_of_world(lambda world: world.invoices)


def line_items() -> st.SearchStrategy[LineItem]:
    """Draw lines of drafts."""
    return one_of_world(lambda world: world.outcome.drafts[0].lines)


def books() -> st.SearchStrategy[Books]:
    """Draw the books of an account: invoices, payments, entries."""
    return of_world(lambda world: world.store.books(ACCOUNT))


def journal_entries() -> st.SearchStrategy[JournalEntry]:
    """Draw entries of the books."""
    return one_of_world(entries_of)


def entries_of(world: World) -> list[JournalEntry]:
    """Give all entries of a world."""
    found = world.store.books(ACCOUNT).entries.values()
    return [entry for entries in found for entry in entries]


def agreement(price: int) -> Project:
    """Give an agreement on some work for so much."""
    payer = Account(ACCOUNT, name="Acme", currency="EUR", debtor="10000")
    work = Item("work", unit_price=price, tax_code=TAX_CODES[0])
    tax = TaxTable({TAX_CODES[0]: 19})
    return Project("P-1", payer, [work], period=JANUARY, tax=tax, setup=SETUP)


@st.composite
def finals(draw: st.DrawFn) -> DraftInvoice:
    """Draw the final invoice of an agreement, which deducts a deposit and a progress claim."""
    project = agreement(draw(st.integers(1000, 10**6)))
    rate, done = draw(st.integers(1, 50)), draw(st.integers(51, 99))
    store = MemoryStore(tax=project.tax, setup=SETUP)
    store.add(project.account)
    finalize(deposit(project, store.books(ACCOUNT), rate=rate), store, on=LAST)
    finalize(claim(project, store.books(ACCOUNT), completion=done), store, on=LAST)
    return final(project, store.books(ACCOUNT))


FINALS: Final = finals()
