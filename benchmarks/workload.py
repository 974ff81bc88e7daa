"""One workload in two forms: the library's records, and plain tuples for the ceilings.

A month of subscriptions: three lines an invoice, one invoice an account, 60 prices, 4 quantities,
3 tax rates, 40 revenue accounts. With *prorated* every line starts on a day of its own after the
first of the month, else all start on the first.

With *versions* every item has run for two years, and was billed up to the month: as its migrated
start says, or, with *covered*, as claims do. Its price or quantity changed on four days of its own:
with *prorated* the last of them is within the month, so that each item has two lines, else all are
before it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from ceiling import Changing, Row

import billingcore as bc

PER_INVOICE = 3
MONTH = date(2025, 3, 1)
RATES = {"STANDARD": Decimal(19), "REDUCED": Decimal(7), "SPECIAL": Decimal("5.5")}
QUANTITIES = (Decimal(1), Decimal(2), Decimal(3), Decimal(10))
REVENUE_ACCOUNTS = tuple(f"40{number:02}" for number in range(40))
BOOKED_ON = {number: bc.BookingTerms(custom_rule=number) for number in REVENUE_ACCOUNTS}
MONTHLY = bc.Cadence(1, bc.MONTH, anchor=MONTH)
YEARS_OF_ENDS = 10
CHANGES = 4
CHANGING_FROM = date(2023, 3, 1)


@dataclass(frozen=True, slots=True)
class Version:
    """Other terms from a day on; only one of the two differs from those before."""

    start: date
    price: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Sale:
    """What one item sells."""

    price: Decimal
    quantity: Decimal
    start: date
    revenue: str
    code: str
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True)
class Workload:
    """The same input for both sides.

    Attributes:
        period: the month that is billed.
        rows: for the ceilings, an invoice each.
        snapshots: for the library, an account each.
        slices: how many lines an item has.
        reference: the ceiling that makes objects of such rows.
    """

    period: bc.Period
    rows: list[list[Row]] | list[list[Changing]]
    snapshots: list[bc.AccountSnapshot]
    slices: int = 1
    reference: str = "objects"

    @property
    def lines(self) -> int:
        return sum(map(len, self.rows)) * self.slices

    @property
    def last(self) -> date:
        return self.period.last

    def run(self, policy: bc.Policy = bc.DOCUMENTED) -> bc.InvoiceRun:
        """Give a run that remembers nothing yet."""
        return bc.InvoiceRun(self.period, policy=policy)

    def store(self) -> bc.MemoryStore:
        """Give a store with all records, and nothing billed; its revisions are the snapshots'."""
        store = bc.MemoryStore(tax=tax_table(), setup=setup())
        for snapshot in self.snapshots:
            store.add(snapshot.account, *snapshot.subscriptions)
        return store


def build(
    lines: int,
    *,
    prorated: bool = True,
    covered: bool = False,
    ends: bool = False,
    versions: bool = False,
) -> Workload:
    """Build a workload.

    Args:
        lines: how many, rounded down to whole invoices.
        prorated: whether lines start within the month.
        covered: bill the next month, and the first one is on an invoice already; with versions,
            all up to the month is.
        ends: give every item an end of its own, after the month.
        versions: give every item five versions.
    """
    if versions:
        return _build_versions(lines, prorated=prorated, covered=covered)
    period = bc.Period.month(2025, 4 if covered else 3)
    rows, snapshots = [], []
    for number, sales in enumerate(invoices(lines, prorated=prorated)):
        rows.append([_row(sale, period) for sale in sales])
        snapshots.append(snapshot_of(number, sales, covered=covered, ends=ends))
    return Workload(period, rows, snapshots)


def _build_versions(lines: int, *, prorated: bool, covered: bool) -> Workload:
    slices = 2 if prorated else 1
    rows, snapshots = [], []
    for number, sales in enumerate(changing_invoices(lines // slices, prorated=prorated)):
        rows.append([_changing_row(sale) for sale in sales])
        snapshots.append(snapshot_of(number, sales, covered=covered))
    return Workload(bc.Period.month(2025, 3), rows, snapshots, slices, reference="versions")


def changing_invoices(lines: int, *, prorated: bool) -> Iterator[list[Sale]]:
    """Draw the items of one invoice after the other, with their versions."""
    draw = random.Random(11)  # noqa: S311 - a workload, no secret
    for sales in invoices(lines, prorated=False):
        yield [_with_versions(draw, sale, prorated=prorated) for sale in sales]


def _with_versions(draw: random.Random, sale: Sale, *, prorated: bool) -> Sale:
    days = (MONTH - CHANGING_FROM).days
    offsets = sorted(draw.sample(range(1, days), CHANGES - prorated))
    starts = [CHANGING_FROM + timedelta(days=offset) for offset in offsets]
    starts += [MONTH.replace(day=draw.randrange(2, 32))] if prorated else []
    price, quantity = sale.price, sale.quantity
    versions: list[Version] = []
    for number, start in enumerate(starts):
        if number % 2:
            quantity += draw.choice(QUANTITIES)
        else:
            price += Decimal(draw.randrange(1, 999)) / 100
        versions.append(Version(start, price, quantity))
    return replace(sale, start=CHANGING_FROM, versions=tuple(versions))


def _changing_row(sale: Sale) -> Changing:
    starts = (sale.start, *(each.start for each in sale.versions), date.max)
    terms = ((sale.price, sale.quantity), *((one.price, one.quantity) for one in sale.versions))
    return starts, terms, MONTH, sale.revenue, RATES[sale.code] / 100


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
    account = f"A{number}"
    contract = contract_of(number, sales, covered=covered, ends=ends)
    claims = []
    if covered:
        claims = [
            claim
            for item, billable in contract.positions
            for claim in _claims(item, billable, f"2025-{number:05}")
        ]
    return bc.AccountSnapshot(
        bc.Account(account, currency="EUR", debtor=f"{100_000 + number}"),
        [contract],
        claims=claims,
        revision=1,
    )


def contract_of(
    number: int,
    sales: list[Sale],
    *,
    covered: bool = False,
    ends: bool = False,
    billing_type: bc.BillingType = bc.RECURRING_PRORATED,
) -> bc.Subscription:
    """Make the contract of one account."""
    items = [
        bc.Item(
            f"I{place}",
            title="Subscription",
            unit_price=sale.price,
            quantity=sale.quantity,
            tax_code=sale.code,
            billing_type=billing_type,
            cadence=MONTHLY,
            start=sale.start,
            end=_end(number * PER_INVOICE + place) if ends else None,
            booking=BOOKED_ON[sale.revenue],
            changes=_changes(sale),
            next_service_period_start=MONTH if sale.versions and not covered else None,
        )
        for place, sale in enumerate(sales)
    ]
    return bc.Subscription(f"S{number}", account=f"A{number}", items=items)


def _changes(sale: Sale) -> Iterator[bc.Change]:
    """Yield what changes from each version to the next: price and quantity by turns."""
    for number, version in enumerate(sale.versions):
        if number % 2:
            yield bc.Change(version.start, quantity=version.quantity)
        else:
            yield bc.Change(version.start, unit_price=version.price)


def _claims(item: bc.Item, billable: str, document: str) -> Iterator[bc.Claim]:
    """Yield what a store keeps: the billed days of each version, joined."""
    stop = MONTH if item.versions else date(2025, 4, 1)
    begins = [item.start, *(phase.start for phase in item.phases[1:])]
    ends = [*begins[1:], stop]
    terms = [version.version for version in item.versions] or [""]
    for first, end, name in zip(begins, ends, terms, strict=True):
        if first < stop:
            days = bc.Period(first, min(end, stop))
            yield bc.Claim(billable, days, document, bc.ClaimState.FINAL, name)


def _end(number: int) -> date:
    return date(2025, 5, 31) + timedelta(days=number % (YEARS_OF_ENDS * 365))


def setup() -> bc.Setup:
    """Give the books: an account for each kind of revenue, and one for each tax rate."""
    rules = [bc.AssignmentRule(n, account=n, custom_rule=n) for n in REVENUE_ACCOUNTS]
    taxes = [
        bc.CollectiveAccount(code, bc.EntryType.TAX, account=f"177{place}", tax_code=code)
        for place, code in enumerate(RATES)
    ]
    return bc.Setup(accounting=bc.Accounting(rules=rules, collective=taxes))


def tax_table() -> bc.TaxTable:
    """Give a table that has answered nothing yet."""
    return bc.TaxTable(dict(RATES))
