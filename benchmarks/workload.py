"""One workload in two forms: the library's records, and plain tuples for the ceilings.

A month of subscriptions: three lines an invoice, one invoice an account, 60 prices, 4 quantities,
3 tax rates, 40 revenue accounts. With *prorated* every line starts on a day of its own after the
first of the month, else all start on the first.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ceiling import Row

import billingcore as bc

PER_INVOICE = 3
MONTH = date(2025, 3, 1)
RATES = {"STANDARD": Decimal(19), "REDUCED": Decimal(7), "SPECIAL": Decimal("5.5")}
QUANTITIES = (Decimal(1), Decimal(2), Decimal(3), Decimal(10))
REVENUE_ACCOUNTS = tuple(f"40{number:02}" for number in range(40))
MONTHLY = bc.Cadence(1, bc.MONTH, anchor=MONTH)
YEARS_OF_ENDS = 10


@dataclass(frozen=True, slots=True)
class Sale:
    """What one line sells."""

    price: Decimal
    quantity: Decimal
    start: date
    revenue: str
    code: str


@dataclass(frozen=True)
class Workload:
    """The same input for both sides."""

    period: bc.Period
    rows: list[list[Row]]
    snapshots: list[bc.AccountSnapshot]

    @property
    def lines(self) -> int:
        return sum(map(len, self.rows))

    @property
    def last(self) -> date:
        return self.period.last

    def run(self, policy: bc.Policy = bc.DOCUMENTED) -> bc.InvoiceRun:
        """Give a run that remembers nothing yet."""
        return bc.InvoiceRun(self.period, policy=policy)

    def store(self) -> bc.MemoryStore:
        """Give a store with all records, and nothing billed; its revisions are the snapshots'."""
        store = bc.MemoryStore(tax=tax_table())
        for snapshot in self.snapshots:
            store.add(snapshot.account, *snapshot.subscriptions)
        return store


def build(
    lines: int, *, prorated: bool = True, covered: bool = False, ends: bool = False
) -> Workload:
    """Build a workload.

    Args:
        lines: how many, rounded down to whole invoices.
        prorated: whether lines start within the month.
        covered: bill the next month, and the first one is on an invoice already.
        ends: give every item an end of its own, after the month.
    """
    period = bc.Period.month(2025, 4 if covered else 3)
    rows, snapshots = [], []
    for number, sales in enumerate(invoices(lines, prorated=prorated)):
        rows.append([_row(sale, period) for sale in sales])
        snapshots.append(snapshot_of(number, sales, covered=covered, ends=ends))
    return Workload(period, rows, snapshots)


def invoices(lines: int, *, prorated: bool) -> Iterator[list[Sale]]:
    """Draw the lines of one invoice after the other; the same on every machine."""
    draw = random.Random(7)  # noqa: S311 - a workload, no secret
    prices = [Decimal(draw.randrange(199, 99_999)) / 100 for _ in range(60)]
    codes = list(RATES)
    for _ in range(lines // PER_INVOICE):
        yield [
            Sale(
                draw.choice(prices),
                draw.choice(QUANTITIES),
                MONTH.replace(day=draw.randrange(2, 32) if prorated else 1),
                draw.choice(REVENUE_ACCOUNTS),
                draw.choice(codes),
            )
            for _ in range(PER_INVOICE)
        ]


def _row(sale: Sale, period: bc.Period) -> Row:
    start, stop = max(sale.start, period.start), period.stop
    rate = RATES[sale.code] / 100
    return (
        sale.price,
        sale.quantity,
        start,
        (stop - start).days,
        period.days,
        sale.revenue,
        rate,
    )


def snapshot_of(
    number: int, sales: list[Sale], *, covered: bool = False, ends: bool = False
) -> bc.AccountSnapshot:
    """Make the records of one account."""
    account, contract = f"A{number}", f"S{number}"
    items = [
        bc.Item(
            f"I{place}",
            title="Subscription",
            unit_price=sale.price,
            quantity=sale.quantity,
            tax_code=sale.code,
            billing_type=bc.RECURRING_PRORATED,
            cadence=MONTHLY,
            start=sale.start,
            end=_end(number * PER_INVOICE + place) if ends else None,
            custom={"revenue": sale.revenue},
        )
        for place, sale in enumerate(sales)
    ]
    claims = []
    if covered:
        claims = [
            bc.Claim(
                f"{contract}/{item.id}",
                bc.Period(item.start, date(2025, 4, 1)),
                f"2025-{number:05}",
                bc.ClaimState.FINAL,
            )
            for item in items
        ]
    return bc.AccountSnapshot(
        bc.Account(account, currency="EUR"),
        [bc.Subscription(contract, account=account, items=items)],
        claims=claims,
        revision=1,
    )


def _end(number: int) -> date:
    return date(2025, 5, 31) + timedelta(days=number % (YEARS_OF_ENDS * 365))


def tax_table() -> bc.TaxTable:
    """Give a table that has answered nothing yet."""
    return bc.TaxTable(dict(RATES))
