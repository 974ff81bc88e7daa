"""What tests of re-runs begin with, and look at."""

from __future__ import annotations

import billingcore as bc
from tests.unit.engine.records import accounts, run_of


def left(store, run="latest"):
    """Give the names of what a run left."""
    return [each.name for each in bc.remaining(run, store)]


def drafted(*names, **fields):
    """Make a store with a draft of March for each account."""
    store = accounts(*names, **fields)
    bc.execute(run_of(), store)
    return store


def ids(report):
    """Give the accounts of the drafts that a run made."""
    return [draft.account.id for draft in report.drafts]
