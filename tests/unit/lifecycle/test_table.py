"""The table of a document's life is what really happens to documents of a store."""

from __future__ import annotations

from functools import partial

import pytest

import billingcore as bc
from billingcore.invoices.kinds import LIFECYCLE
from tests.canceling import cancel
from tests.chains import DEPOSIT, FINAL, PROGRESS, TAX, issue, pay
from tests.unit.lifecycle.papers import payment

DRAFT, OPEN, PAID = bc.InvoiceStatus.DRAFT, bc.InvoiceStatus.OPEN, bc.InvoiceStatus.PAID
SETTLED, CLOSED = bc.InvoiceStatus.SETTLED, bc.InvoiceStatus.CLOSED
ACME = bc.Account("acme", currency="EUR")
DAY = "2026-02-10"
NUMBER = "2026-00001"
"""The document that is looked at: an invoice of 100.00, or a credit of the same."""


def draft_of(store, price):
    """Store a draft of one amount."""
    made = bc.draft(ACME, [bc.Item("work", unit_price=price)], period=bc.Period.month(2026, 1))
    return store.put(made)


def issued(store, price):
    """Issue a document of one amount."""
    return bc.finalize(draft_of(store, price), store, on="2026-01-31").number


def settle_in_full(store):
    """Let the credit pay an invoice of its amount."""
    issued(store, "100.00")
    store.record("acme", partial(bc.settled, on=DAY))


def close(store):
    """Close the document."""
    store.record("acme", partial(bc.close, number=NUMBER, on=DAY))


def fold(store):
    """Issue a final that asks for what is open on the document."""
    issue(store, FINAL, "100.00", on=DAY)


def folded(store):
    """Issue a progress invoice that a final takes over."""
    issue(store, PROGRESS, "100.00")
    fold(store)


def closed(store):
    """Issue a deposit and close it."""
    issue(store, DEPOSIT, "100.00", key="")
    close(store)


STARTS = {
    DRAFT: lambda store: draft_of(store, "100.00"),
    OPEN: lambda store: issued(store, "100.00"),
    PAID: lambda store: bc.pay(store, payment("P-1", "100.00", issued(store, "100.00"))),
    SETTLED: lambda store: [issued(store, "-100.00"), settle_in_full(store)],
}
"""How a document comes into a state."""

CHAINS = {
    (OPEN, "close"): lambda store: issue(store, DEPOSIT, "100.00", key=""),
    (OPEN, "fold into the final"): lambda store: issue(store, PROGRESS, "100.00"),
    (PAID, "close"): lambda store: pay(
        store, "P-1", "119.00", issue(store, DEPOSIT, "100.00", key="").number
    ),
    (CLOSED, "cancel"): closed,
    (CLOSED, "cancel the final"): folded,
}
"""Steps that only deposits and progress invoices take, with how these come into the state."""

EVENTS = {
    "discard": lambda store: store.discard(next(store.drafts()).id),
    "finalize": lambda store: bc.finalize(next(store.drafts()), store, on=DAY),
    "pay in full": lambda store: bc.pay(store, payment("P-1", "100.00", NUMBER)),
    "settle in full": settle_in_full,
    "cancel": lambda store: cancel(store, NUMBER),
    "cancel the final": lambda store: cancel(store, "2026-00002"),
    "close": close,
    "fold into the final": fold,
    "take back what paid it": lambda store: bc.pay(store, payment("P-1", 0, NUMBER)),
    "take back what settled it": lambda store: cancel(store, "2026-00002"),
}


def status(store):
    """Give the state of the document; None if there is nothing of it."""
    if NUMBER in store.books("acme").invoices:
        return bc.standing(store.books("acme"), NUMBER).status
    return DRAFT if list(store.drafts()) else None


@pytest.mark.parametrize(
    ("state", "event"),
    LIFECYCLE,
    ids=[f"{state.value}, {event}" for state, event in LIFECYCLE],
)
def test_every_step_of_the_table_happens(state, event):
    """A document of a store goes from each state by each event to the state of the table."""
    store = bc.MemoryStore(tax=TAX)
    store.add(ACME)
    if (state, event) in CHAINS:
        CHAINS[state, event](store)
    elif event == "settle in full":
        issued(store, "-100.00")
    else:
        STARTS[state](store)
    assert status(store) is state

    EVENTS[event](store)

    assert status(store) is LIFECYCLE[state, event]


@pytest.mark.parametrize("event", ["pay in full", "cancel"])
def test_a_canceled_document_stays_canceled(event):
    """Nothing leads on from a canceled document: neither a payment nor another cancellation."""
    store = bc.MemoryStore()
    store.add(ACME)
    cancel(store, issued(store, "100.00"))

    with pytest.raises(bc.InvalidInputError, match="cancel"):
        EVENTS[event](store)

    assert status(store) is bc.InvoiceStatus.CANCELED
