"""Targets that hold documents in memory, and stores with drafts and invoices to make them of."""

from __future__ import annotations

import billingcore as bc
from tests.unit.engine.records import JANUARY, accounts, draft_of, once, run_of

TEXT = "text/plain"
MARCH_RUN = "2026-03-01..2026-03-31"


class Target:
    """Holds documents, and raises what it is told to raise for one of them."""

    def __init__(self, name, *, is_for_drafts=False, is_active=True, fails=None, error=None):
        self.name = name
        self.is_for_drafts = is_for_drafts
        self.is_active = is_active
        self.fails = fails
        self.error = error
        self.calls = []
        self.held = {}

    def keep(self, document):
        self.calls.append(document.document)
        if self.fails is not None and self.fails in document.document:
            raise self.error
        self.held[document.name] = document


def review(name="review", **fields):
    """Make a target for drafts."""
    return Target(name, is_for_drafts=True, **fields)


def drafted(*names):
    """Make a store with a draft of March for each account."""
    store = accounts(*names)
    bc.execute(run_of(), store)
    return store


def invoiced(*names):
    """Make invoices, one for each account."""
    store = drafted(*names)
    bc.post(store, on="2026-04-01")
    return list(store.invoices())


def make(store, *targets, **fields):
    """Make texts of drafts."""
    fields = {"media_type": TEXT, "renderer": bc.render.text} | fields
    return bc.render_drafts(store, targets, fields.pop("renderer"), **fields)


def make_final(invoices, *targets, **fields):
    """Make texts of invoices."""
    fields = {"media_type": TEXT, "renderer": bc.render.text} | fields
    return bc.render_invoices(invoices, targets, fields.pop("renderer"), **fields)


def invoice_of(number):
    """Make an invoice of any number."""
    return bc.Invoice(number, JANUARY.first, JANUARY.last, draft_of(once()))
