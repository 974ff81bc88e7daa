"""Compare two sides: previews, reports, drafts or invoices."""

from __future__ import annotations

from collections.abc import Iterator

from billingcore.errors import InvalidInputError
from billingcore.values.boundary import Boundary
from billingcore.views.comparing.accounts import compare_sides
from billingcore.views.comparing.differences import AccountComparison
from billingcore.views.comparing.sides import Given, Side, joined, sides_of
from billingcore.views.comparing.summary import KEEP, Comparison

__all__ = ["compare", "compare_accounts"]


def compare(before: Given, after: Given, *, keep: int = KEEP) -> Comparison:
    """Say what changes from one side to the other: for whom, by how much, and why.

    A side is what a preview or a run gave: outcomes of `plan`, `bill` or `forecast`, a report of
    `execute`, drafts, or invoices. So a preview is compared with last month's invoices, one policy
    with another, or a new price list with the old one. Accounts are read in step, and only the
    biggest changes are kept, so that a million accounts can be compared.

    The difference of a line is divided among its causes by replacing one input after the other:
    quantity, price, days, discount, order discount, tax. The parts add up to it, to the cent.

    >>> from attrs import evolve
    >>> from billingcore import Account, AccountSnapshot, InvoiceRun, Item, Period, Subscription
    >>> from billingcore import TaxTable, bill
    >>> seats = Item("seats", unit_price=100, quantity=3)
    >>> def billed(item):
    ...     contract = Subscription("S-1", account="acme", items=[item])
    ...     snapshot = AccountSnapshot(Account("acme", currency="EUR"), [contract])
    ...     return bill(InvoiceRun(Period.month(2026, 1)), snapshot, TaxTable({}))
    >>> found = compare(billed(seats), billed(evolve(seats, unit_price=110)))
    >>> print(found.difference("EUR").gross, found.lines[0].cause.value)
    30.00 unit price

    Args:
        before: one side. Of an iterator the outcomes of an account have to follow each other.
        after: the other side.
        keep: how many of the biggest changes are listed per currency; sums are always complete.

    Raises:
        InvalidInputError: a side holds something else, outcomes and documents are mixed, both
            sides are one iterator, or *keep* is no number.
    """
    count = Boundary("compare").count("keep", keep)
    found = Comparison(count)
    for account in compare_accounts(before, after):
        found.add(account)
    return found


def compare_accounts(before: Given, after: Given) -> Iterator[AccountComparison]:
    """Compare two sides account by account, and keep nothing: all changes, as they are asked for.

    Takes the sides of `compare`, and raises what that does.
    """
    if before is after and isinstance(before, Iterator):
        fix = "give each side its own, like plan(run, store) twice"
        rule = "both sides are one iterator, which can be read once only"
        raise InvalidInputError(rule, record="compare", field="after", fix=fix)
    sides = joined(sides_of("before", before), sides_of("after", after))
    return (_compared(*both) for both in sides)


def _compared(before: Side | None, after: Side | None) -> AccountComparison:
    known = before or after
    nothing = Side("" if known is None else known.account, ())
    return compare_sides(before or nothing, after or nothing)
