"""The law of corrections finds what it should: too much taken back, or not all of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.testing import check_corrections
from billingcore.values.sealing import changed

ACCOUNT = bc.Account("acme", currency="EUR")
SEATS = bc.Item("seats", unit_price=100, billing_type=bc.RECURRING_PRORATED, cadence=bc.monthly())


def billed(*changes, end=None):
    """Bill January at 100.00, then change it and correct it; give the lines of both invoices."""
    store = bc.MemoryStore()
    contract = bc.Subscription("S-1", account="acme", items=[SEATS], start="2026-01-01")
    store.add(ACCOUNT, contract)
    for step in (
        contract,
        bc.Subscription(
            "S-1", account="acme", items=[SEATS.changed(*changes)], start="2026-01-01", end=end
        ),
    ):
        store.change(step)
        run = bc.InvoiceRun(bc.Period.month(2026, 1), policy=bc.LEVEL)
        for draft in list(bc.execute(run, store).drafts):
            bc.finalize(draft, store, on="2026-01-31")
    return list(store.snapshot("acme").lines["S-1/seats"])


def with_amount(lines, number, amount):
    """Give lines of which one has another amount."""
    document, line = lines[number]
    other = changed(line, amount=Decimal(amount), net=Decimal(amount))
    return [*lines[:number], bc.BilledLine(document, other), *lines[number + 1 :]]


def test_what_the_library_corrects_is_right():
    """Part of a month taken back, or all of it, keeps the law."""
    check_corrections(billed(end="2026-01-20"))
    check_corrections(billed(bc.pause("2026-01-01", "2026-01-31")))
    check_corrections(billed(bc.Change("2026-01-10", unit_price=150)))


@pytest.mark.parametrize(
    ("changes", "number", "amount"),
    [
        pytest.param([bc.pause("2026-01-01", "2026-01-31")], 1, "-99.99", id="not all of it"),
        pytest.param([bc.pause("2026-01-01", "2026-01-30")], 1, "-100.01", id="more than it"),
    ],
)
def test_a_wrong_credit_is_found(changes, number, amount):
    """A credit that gives back another sum than its days were billed at breaks the law."""
    wrong = with_amount(billed(*changes), number, amount)
    with pytest.raises(bc.InvariantViolationError, match="add up to the line"):
        check_corrections(wrong)


def test_a_credit_given_twice_is_found():
    """The same days taken back by two invoices break the law."""
    lines = billed(bc.pause("2026-01-01", "2026-01-31"))
    again = bc.BilledLine("2026-00003", lines[1].line)
    with pytest.raises(bc.InvariantViolationError, match="add up to the line"):
        check_corrections([*lines, again])


def test_lines_that_are_not_at_hand_are_passed_over():
    """A credit on a line that is not among those given cannot be checked."""
    check_corrections(billed(end="2026-01-20")[1:])
