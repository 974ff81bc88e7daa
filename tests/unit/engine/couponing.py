"""Coupons for the tests, and short words for what documents use of them."""

from __future__ import annotations

import billingcore as bc
from tests.unit.engine.records import contract, monthly, run_of, store_of

TENTH = bc.Coupon("TENTH", bc.Discount.percent(10, title="Welcome"))
GO_ON = {"open_drafts": bc.OpenDrafts.CONTINUE}
MONTHS = [bc.Period.month(2026, number) for number in (1, 2, 3, 4)]


def coupon(id="SOME", percent=20, **fields):
    """Make a coupon of 20 %."""
    return bc.Coupon(id, bc.Discount.percent(percent), **fields)


def amount_off(amount, id="AMOUNT", **fields):
    """Make a coupon of an amount of EUR."""
    return bc.Coupon(id, bc.Discount.amount(amount), **({"currency": "EUR"} | fields))


def store_of_100(*coupons, **fields):
    """Make a store of a contract of 100.00 a month, with coupons."""
    store = store_of(contract(monthly(price=100, **fields)))
    store.put_coupons("acme", *coupons)
    return store


def said(*drafts):
    """Write the net amounts of documents and the coupons that they use."""
    return [(str(draft.totals.net), draft.coupon) for draft in drafts]


def billed(store, run=None):
    """Bill and keep what is due, and give what `said` says of it."""
    return said(*bc.execute(run or run_of(), store).drafts)
