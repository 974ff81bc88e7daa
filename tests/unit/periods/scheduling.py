"""Short ways to ask the schedule, for the tests of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from billingcore import DOCUMENTED, RECURRING_PRORATED, InvoiceRun, Item, Period, Subscription
from billingcore.periods.schedule import Due, due_of
from billingcore.scope.coverage import Covered


def item(**fields: object) -> Item:
    """Make an item that is billed by calendar months unless the test says otherwise."""
    return Item("x", **{"unit_price": Decimal(100), "billing_type": RECURRING_PRORATED, **fields})


def days(text: str) -> Period:
    """Read first and last day, both inclusive."""
    return Period.closed(*text.split(".."))


def run_of(period: str, policy=DOCUMENTED, **switches: object) -> InvoiceRun:
    """Make a run over days, under a policy with some switches changed."""
    return InvoiceRun(days(period), policy=policy.but(**switches) if switches else policy)


def covered(*stretches: str, **facts: object) -> Covered:
    """Make the coverage of some stretches of days on invoices."""
    bounds = tuple(days(stretch).bounds for stretch in stretches)
    return Covered(stretches=bounds, final=bounds, **facts)


def ask(run: InvoiceRun, one: Item, coverage: Covered | None = None, **contract: object) -> Due:
    """Ask what a run bills of an item; *contract* has the dates of its subscription."""
    subscription = Subscription("S", account="a", items=[one], **contract)
    return due_of(run, subscription, one, coverage)


def services(due: Due) -> list[str]:
    """Write the service periods that are billed."""
    return [inclusive(span.service_period) for span in due.spans]


def factors(due: Due) -> list[str]:
    """Write the billing factors."""
    return [str(span.factor) for span in due.spans]


def inclusive(period: Period) -> str:
    """Write a period with its first and last day."""
    return f"{period.first}..{period.last}"


def left_out(due: Due) -> list[str]:
    """Write what the policy leaves out, and why."""
    return [f"{each.reason.name} {inclusive(each.period)}" for each in due.left_out]


def refusal(due: Due) -> str:
    """Write why nothing is billed."""
    assert not due.spans
    period = due.excluded.period
    return due.excluded.reason.name + (f" {inclusive(period)}" if period else "")


def month_by_month(first: date, count: int) -> list[str]:
    """List calendar months as runs."""
    months = [divmod(first.month - 1 + n, 12) for n in range(count)]
    return [inclusive(Period.month(first.year + year, month + 1)) for year, month in months]


def walk(one: Item, runs: list[str], policy=DOCUMENTED, **contract: object) -> list[str]:
    """Bill run after run, each with all that was billed before as covered, and list the days."""
    stretches: list[str] = []
    for period in runs:
        coverage = covered(*stretches) if stretches else None
        stretches += services(ask(run_of(period, policy), one, coverage, **contract))
    return stretches
