"""Who and what the clauses bill: two customers, a seat each, January 2026."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lifecycle.books import Books, Effects, Finalization, PendingInvoice
from billingcore.lifecycle.manual import draft
from billingcore.records.account import Account
from billingcore.records.claims import Claim
from billingcore.records.item import Item
from billingcore.records.numbering import NumberPattern
from billingcore.records.payment import Payment
from billingcore.records.subscription import Subscription
from billingcore.records.terms import BillingType
from billingcore.runs.execute import execute, plan
from billingcore.scope.coverage import held_days
from billingcore.scope.policy import LEVEL, Policy
from billingcore.scope.run import InvoiceRun
from billingcore.testing.machine_world import SERIES, TAX
from billingcore.values.cadence import monthly
from billingcore.values.period import Period
from billingcore.values.sealing import changed

__all__ = [
    "ACME",
    "BORG",
    "CALLS",
    "DAY",
    "JANUARY",
    "RUN",
    "SEATS",
    "bill_all",
    "by_hand",
    "contract",
    "covered",
    "pay_in",
    "pending",
    "plan_of",
    "rival_of",
    "run_of",
]

DAY: Final = dt.date(2026, 2, 1)
JANUARY: Final = Period.month(2026, 1)
ACME: Final = Account("acme", currency="EUR", debtor="10001")
BORG: Final = Account("borg", currency="EUR", debtor="10002")
SEATS: Final = Item(
    "seats",
    unit_price=31,
    tax_code="normal",
    billing_type=BillingType.RECURRING_PRORATED,
    cadence=monthly(),
)
CALLS: Final = Item(
    "calls", unit_price="0.10", billing_type=BillingType.TRANSACTIONAL, tax_code="normal"
)


def run_of(
    name: str = "", period: Period = JANUARY, policy: Policy = LEVEL, **fields: Any
) -> InvoiceRun:
    """Give a run; two of different names give their drafts different ids."""
    return InvoiceRun(period, policy=policy, id=name or None, **fields)


RUN: Final = run_of()


def contract(account: str = "acme", *items: Item, name: str = "", **fields: Any) -> Subscription:
    """Give a contract, by default for seats at 31.00 a month."""
    start = fields.pop("start", "2026-01-01")
    return Subscription(
        name or f"S-{account}", account=account, start=start, items=items or (SEATS,), **fields
    )


def bill_all(store: Any, run: InvoiceRun = RUN) -> list[DraftInvoice]:
    """Carry out a run; give its drafts as they are stored."""
    execute(run, store)
    return [*store.drafts(run.id)]


def plan_of(store: Any, run: InvoiceRun = RUN) -> dict[str, AccountOutcome]:
    """Give what a run would bill, by account; nothing is stored."""
    return {outcome.account: outcome for outcome in plan(run, store)}


def rival_of(store: Any, run: InvoiceRun | None = None) -> DraftInvoice:
    """Give a draft, as one made by hand, that bills for acme what the run will bill."""
    (draft,) = plan_of(store, run or run_of("rival"))["acme"].drafts
    return changed(draft, version=0)


def by_hand(name: str, price: int = 100, account: Account = ACME) -> DraftInvoice:
    """Make a draft by hand; it bills nothing of a contract."""
    item = Item("work", unit_price=price, tax_code="normal")
    return draft(account, [item], period=JANUARY, tax=TAX, reference=name)


def pending(
    made: DraftInvoice,
    watch: Callable[[int, Books], object] = lambda count, books: None,
    *,
    series: NumberPattern = SERIES,
    effects: Effects | None = None,
) -> PendingInvoice:
    """Give a draft to be finalized, by a function of the kit.

    Args:
        made: the draft.
        watch: called with the number and the books, and may raise.
        series: where the number comes from.
        effects: what it adds to the books.
    """

    def issue(count: int, books: Books) -> Finalization:
        watch(count, books)
        number = series.number(count, DAY, made.account.id)
        return Finalization(Invoice(number, DAY, DAY, made), effects or Effects(made.account.id))

    return PendingInvoice(made, series.counter(DAY, made.account.id), issue)


def pay_in(name: str = "P-1", amount: int = 20, account: str = "acme") -> Payment:
    """Give a payment."""
    return Payment(name, account=account, amount=amount, currency="EUR", date=DAY)


def covered(claims: Any) -> list[str]:
    """Write down what claims cover, however many say it: by billable, state and terms."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(f"{claim.billable} {claim.state.name} {claim.terms!r}", []).append(claim)
    rows: list[str] = []
    for place, some in sorted(found.items()):
        once = sum(-1 if each.is_release else 1 for each in some if each.period is None)
        days = [f"{held} x {start}/{stop}" for start, stop, held in held_days(some) if held]
        rows.append(f"{place}: {', '.join([f'{once} x once'] * bool(once) + days)}")
    return rows
