"""Measure the generic run beside a loop written by hand: orders with three lines each.

    python benchmarks/records.py [--orders 20000] [--repeat 5]

Both sides read the same mappings: an order with its account, service date and invoice, and three
children with title, quantity, price, tax code and invoice. The loop does the same job: it tests
account, dates, quantities and what was billed, says why a record is not billed, groups the lines of
a customer, makes an object per line with its source and one per invoice, and taxes by rate. It
validates nothing, and knows one policy.
"""

from __future__ import annotations

import argparse
import gc
import platform
import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from time import process_time

from ceiling import CENT, Invoice, Line

import billingcore as bc
from billingcore.runs.billing import bill_many

MONTH = bc.Period.month(2026, 3)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
RATES = {"STANDARD": Decimal(19), "REDUCED": Decimal(7)}
CHILDREN = 3
WINDOW = 16
SLICE = 1_600
"""Orders that one side bills before it is the other side's turn."""
ORDERS = bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order", child_relation="Lines")
PER_CUSTOMER = (1, 8)
Order = tuple[dict[str, object], list[dict[str, object]]]
Nets = dict[Decimal, Decimal]
Left = list[tuple[str, str, str]]
Bill = tuple[Invoice, Left]
"""An invoice, and what was left out: account, line, reason."""
ZERO = Decimal(0)


def customers_of(count: int, each: int) -> list[list[Order]]:
    """Make the orders of customers as a host has them; a few are of another month, or billed."""
    draw = random.Random(4)  # noqa: S311 - a workload, the same in every run
    return [
        [_order(draw, f"A-{customer}", number) for number in range(each)]
        for customer in range(count)
    ]


def _order(draw: random.Random, account: str, number: int) -> Order:
    order: dict[str, object] = {
        "Name": f"Order {number}",
        "Status": "Shipped",
        "ON_Account": account,
        "ON_ServiceDate": FIRST + timedelta(days=draw.randrange(33)),
        "ON_Invoice": None if draw.random() < 0.98 else "RE-1",
    }
    lines: list[dict[str, object]] = [
        {
            "Name": f"{number}-{place}",
            "ON_Title": f"Product {draw.randrange(80)}",
            "ON_Quantity": Decimal(draw.choice((0, 1, 2, 3, 5, 8, 10))),
            "ON_UnitPrice": Decimal(draw.randrange(100, 20_000)) / 100,
            "ON_TaxCode": draw.choice(("STANDARD", "STANDARD", "REDUCED")),
            "ON_Invoice": None,
        }
        for place in range(CHILDREN)
    ]
    return order, lines


def snapshots_of(customers: Sequence[Sequence[Order]]) -> list[bc.AccountSnapshot]:
    """Wrap the same mappings for the library."""
    found: list[bc.AccountSnapshot] = []
    for customer, orders in enumerate(customers):
        records = []
        for number, (order, lines) in enumerate(orders):
            name = f"O-{customer}-{number}"
            children = [
                bc.SourceRecord("OrderLine", f"{name}-{place}", values)
                for place, values in enumerate(lines)
            ]
            records.append(bc.SourceRecord("Order", name, order, children={"Lines": children}))
        account = bc.Account(f"A-{customer}", currency="EUR")
        found.append(bc.AccountSnapshot(account, records=records))
    return found


def by_hand(customers: Sequence[Sequence[Order]], first: int = 0) -> list[Bill]:
    """Bill orders as a loop written for the purpose does: the orders of each customer together."""
    bills: list[Bill] = []
    for customer, orders in enumerate(customers, first):
        found = _lines_of(customer, orders)
        if found[0]:
            bills.append(_bill(customer, *found))
    return bills


def _lines_of(customer: int, orders: Sequence[Order]) -> tuple[list[object], Nets, Left]:
    """Give the lines of a customer's orders, their sums by rate, and what is left out."""
    name, lines = f"A-{customer}", []
    nets: Nets = {}
    left: Left = []
    for number, (order, children) in enumerate(orders):
        order_id = f"O-{customer}-{number}"
        if order["ON_Account"] != name:
            continue
        reason = "invoiced" if order["ON_Invoice"] else ""
        if not reason and not FIRST <= order["ON_ServiceDate"] <= LAST:
            reason = "out of period"
        for place, child in enumerate(children):
            line_id, quantity = f"{order_id}-{place}", child["ON_Quantity"]
            why = reason or ("invoiced" if child["ON_Invoice"] else "")
            if why or not quantity:
                left.append((name, line_id, why or "quantity 0"))
                continue
            price, rate = child["ON_UnitPrice"], RATES[child["ON_TaxCode"]]
            amount = (price * quantity).quantize(CENT, ROUND_HALF_UP)
            nets[rate] = nets.get(rate, ZERO) + amount
            title = child["ON_Title"]
            line = Line(customer, title, rate, FIRST, LAST, quantity, price, amount)
            lines.append((line, "OrderLine", line_id, order_id))
    return lines, nets, left


def _bill(customer: int, lines: list[object], nets: Nets, left: Left) -> Bill:
    """Make an invoice with its taxes."""
    taxes = {rate: (net * rate / 100).quantize(CENT, ROUND_HALF_UP) for rate, net in nets.items()}
    net, tax = sum(nets.values()), sum(taxes.values())
    return Invoice(customer, lines, taxes, net, tax, net + tax), left


def by_library(
    snapshots: Sequence[bc.AccountSnapshot], tax: bc.TaxTable, run: bc.InvoiceRun | None = None
) -> list[bc.AccountOutcome]:
    """Bill the same orders with the library, in windows as `execute` does."""
    run = run or new_run()
    outcomes: list[bc.AccountOutcome] = []
    for first in range(0, len(snapshots), WINDOW):
        outcomes += bill_many(run, snapshots[first : first + WINDOW], tax)
    return outcomes


def new_run() -> bc.InvoiceRun:
    """Give a run that remembers nothing yet."""
    return bc.InvoiceRun(MONTH, selection=bc.Selection([ORDERS]))


def check(
    customers: Sequence[Sequence[Order]],
    snapshots: Sequence[bc.AccountSnapshot],
    tax: bc.TaxTable,
) -> int:
    """Compare net, tax and gross of every invoice, and what is left out; count the lines."""
    outcomes = by_library(snapshots, tax)
    bills = by_hand(customers)
    drafts = [draft for outcome in outcomes for draft in outcome.drafts]
    sums = [(draft.totals.net, draft.totals.tax, draft.totals.gross) for draft in drafts]
    if sums != [(bill.net, bill.tax, bill.gross) for bill, _ in bills]:
        raise AssertionError("the two sides disagree about an invoice")
    left = sum(len(outcome.exclusions) for outcome in outcomes if outcome.drafts)
    if left != sum(len(reasons) for _, reasons in bills):
        raise AssertionError("the two sides disagree about what is not billed")
    return sum(len(bill.lines) for bill, _ in bills)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    tax = bc.TaxTable({code: str(rate) for code, rate in RATES.items()})
    print(f"Python {platform.python_version()}, {options.orders:,} orders of {CHILDREN} lines")
    print("Believe the ratios only: machine speed varies by a factor of two within minutes.\n")
    for each in PER_CUSTOMER:
        compare(options.orders // each, each, options.repeat, tax)
    print("\nBoth sides were compared first: they agree on every invoice and on what is left out.")


def compare(count: int, each: int, repeat: int, tax: bc.TaxTable) -> None:
    """Time both sides by turns and print their ratio: results dropped, and kept."""
    customers = customers_of(count, each)
    snapshots = snapshots_of(customers)
    lines = check(customers, snapshots, tax)
    for title, window in (("dropped", WINDOW), ("kept", SLICE // each)):
        pairs = [_pair(customers, snapshots, tax, each, window) for _ in range(repeat)]
        hand, library = (min(side) for side in zip(*pairs, strict=True))
        usual = median(one / other for one, other in pairs)
        print(
            f"{each:3} orders a customer, {title:7}: by hand {lines / hand:9,.0f} lines/s, library"
            f" {lines / library:9,.0f} lines/s, ratio {hand / library:.3f}, median {usual:.3f}",
            flush=True,
        )


def _pair(
    customers: Sequence[Sequence[Order]],
    snapshots: Sequence[bc.AccountSnapshot],
    tax: bc.TaxTable,
    each: int,
    window: int,
) -> tuple[float, float]:
    """Time both sides by turns, slice by slice; what a window gives is dropped before the next."""
    gc.collect()
    hand = library = 0.0
    run, size = new_run(), SLICE // each
    for first in range(0, len(customers), size):
        stop = min(first + size, len(customers))
        start = process_time()
        for place in range(first, stop, window):
            by_hand(customers[place : min(place + window, stop)], place)
        middle = process_time()
        for place in range(first, stop, window):
            by_library(snapshots[place : min(place + window, stop)], tax, run)
        library += process_time() - middle
        hand += middle - start
    return hand, library


if __name__ == "__main__":
    main()
