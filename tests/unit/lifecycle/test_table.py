"""The table of a document's life is what really happens to documents of a store."""

from __future__ import annotations

from functools import partial

import pytest

import billingcore as bc
from billingcore.invoices.kinds import LIFECYCLE
from tests.canceling import cancel
from tests.unit.lifecycle.papers import payment

DRAFT, OPEN, PAID = bc.InvoiceStatus.DRAFT, bc.InvoiceStatus.OPEN, bc.InvoiceStatus.PAID
SETTLED = bc.InvoiceStatus.SETTLED
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


STARTS = {
    DRAFT: lambda store: draft_of(store, "100.00"),
    OPEN: lambda store: issued(store, "100.00"),
    PAID: lambda store: bc.pay(store, payment("P-1", "100.00", issued(store, "100.00"))),
    SETTLED: lambda store: [issued(store, "-100.00"), settle_in_full(store)],
}
"""How a document comes into a state."""

EVENTS = {
    "discard": lambda store: store.discard(next(store.drafts()).id),
    "finalize": lambda store: bc.finalize(next(store.drafts()), store, on=DAY),
    "pay in full": lambda store: bc.pay(store, payment("P-1", "100.00", NUMBER)),
    "settle in full": settle_in_full,
    "cancel": lambda store: cancel(store, NUMBER),
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
    store = bc.MemoryStore()
    store.add(ACME)
    if event == "settle in full":
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
