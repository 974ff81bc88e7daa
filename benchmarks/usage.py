"""Measure usage beside a loop written by hand that does the same job.

    python benchmarks/usage.py [--records 1000000] [--repeat 3]

Ten usage records a line, ten lines an account: records are sorted by order number, added up, priced,
rounded once per line, taxed per rate. Both sides make an object per line and per invoice, and keep
with each line which records it bills and its first and last day. Believe ratios only.
"""

from __future__ import annotations

import argparse
import gc
import platform
import random
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from statistics import median
from time import process_time

import billingcore as bc
from billingcore.runs.billing import WINDOW, bill_many

ITEMS = 10
PER_ITEM = 10
SLICE = 160
"""Accounts that one side bills before it is the other side's turn; a multiple of the window."""
CENT = Decimal("0.01")
RATES = {"STANDARD": Decimal(19), "REDUCED": Decimal(7)}
MONTH = bc.Period.month(2025, 3)
MONTHLY = bc.monthly(anchor="2025-03-01")

Used = tuple[str, date, Decimal]
"""Order number, day and quantity."""
Account = tuple[dict[str, tuple[Decimal, Decimal]], list[Used]]
"""Order number → price and tax rate, and what was used."""


class Line:
    __slots__ = ("amount", "first", "last", "number", "price", "quantity", "rate", "usage")

    def __init__(self, number, rate, first, last, quantity, price, amount, usage):
        self.number = number
        self.rate = rate
        self.first = first
        self.last = last
        self.quantity = quantity
        self.price = price
        self.amount = amount
        self.usage = usage


class Invoice:
    __slots__ = ("gross", "lines", "net", "tax", "taxes")

    def __init__(self, lines, taxes, net, tax, gross):
        self.lines = lines
        self.taxes = taxes
        self.net = net
        self.tax = tax
        self.gross = gross


def by_hand(accounts: Sequence[Account]) -> Decimal:
    """Bill usage and nothing else: no validation, no dates of items, no history, no reasons."""
    gross = Decimal(0)
    for prices, usage in accounts:
        sums: dict[str, list] = {}
        for record in usage:
            number, day, quantity = record
            found = sums.get(number)
            if found is None:
                sums[number] = [quantity, day, day, [record]]
                continue
            found[0] += quantity
            if day < found[1]:
                found[1] = day
            elif day > found[2]:
                found[2] = day
            found[3].append(record)
        lines, nets = [], {}
        for number, (quantity, first, last, records) in sums.items():
            price, rate = prices[number]
            amount = (price * quantity).quantize(CENT, ROUND_HALF_UP)
            nets[rate] = nets.get(rate, 0) + amount
            lines.append(Line(number, rate, first, last, quantity, price, amount, records))
        taxes = {rate: (net * rate).quantize(CENT, ROUND_HALF_UP) for rate, net in nets.items()}
        net, tax = sum(nets.values()), sum(taxes.values())
        gross += Invoice(lines, taxes, net, tax, net + tax).gross
    return gross


def by_library(
    run: bc.InvoiceRun, tax: bc.TaxTable, snapshots: Sequence[bc.AccountSnapshot]
) -> Decimal:
    """Bill the same usage in windows, as `plan` and `execute` do."""
    gross, rest = Decimal(0), iter(snapshots)
    while window := list(islice(rest, WINDOW)):
        for outcome in bill_many(run, window, tax):
            for draft in outcome.drafts:
                gross += draft.totals.gross
    return gross


def workload(records: int) -> Iterator[tuple[Account, bc.AccountSnapshot]]:
    """Yield the same accounts in both forms."""
    draw = random.Random(5)  # noqa: S311 - a workload, no secret
    prices = [Decimal(draw.randrange(2, 999)) / 1000 for _ in range(60)]
    for number in range(records // (ITEMS * PER_ITEM)):
        terms = {
            f"NO{place}": (draw.choice(prices), draw.choice(list(RATES))) for place in range(ITEMS)
        }
        usage = [
            (
                f"NO{place}",
                MONTH.start.replace(day=draw.randrange(1, 32)),
                Decimal(draw.randrange(1, 5000)) / 100,
            )
            for place in range(ITEMS)
            for _ in range(PER_ITEM)
        ]
        draw.shuffle(usage)
        own = {name: (price, RATES[code] / 100) for name, (price, code) in terms.items()}
        yield (own, usage), snapshot_of(number, terms, usage)


def snapshot_of(
    number: int, terms: dict[str, tuple[Decimal, str]], usage: list[Used]
) -> bc.AccountSnapshot:
    """Make the records of one account."""
    items = [
        bc.Item(
            name,
            unit_price=price,
            tax_code=code,
            billing_type=bc.TRANSACTIONAL,
            cadence=MONTHLY,
        )
        for name, (price, code) in terms.items()
    ]
    account = bc.Account(f"A{number}", currency="EUR")
    contract = bc.Subscription(f"S{number}", account=account.id, items=items, start="2025-01-01")
    records = [bc.UsageRecord(f"U{place}", *each) for place, each in enumerate(usage)]
    return bc.AccountSnapshot(account, [contract], usage=records)


def measure(accounts: Sequence[Account], snapshots: Sequence[bc.AccountSnapshot], repeat: int):
    """Time both sides by turns, slice by slice; they must agree on every slice."""
    best: dict[int, tuple[float, float]] = {}
    ratios: list[float] = []
    gc.collect()
    for _ in range(repeat):
        run, tax = bc.InvoiceRun(MONTH), bc.TaxTable(dict(RATES))
        for first in range(0, len(accounts), SLICE):
            start = process_time()
            hand = by_hand(accounts[first : first + SLICE])
            middle = process_time()
            ours = by_library(run, tax, snapshots[first : first + SLICE])
            stop = process_time()
            assert hand == ours, f"{hand} is not {ours}"
            spent = middle - start, stop - middle
            ratios.append(spent[0] / spent[1])
            known = best.get(first, spent)
            best[first] = min(known[0], spent[0]), min(known[1], spent[1])
    hand_time, our_time = (sum(each) for each in zip(*best.values(), strict=True))
    return hand_time, our_time, median(ratios)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure usage beside a loop by hand.")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, garbage collection as Python starts it")
    accounts, snapshots = zip(*workload(options.records), strict=True)
    hand, ours, usual = measure(accounts, snapshots, options.repeat)
    count = len(accounts) * ITEMS * PER_ITEM
    print(f"{count:,} usage records into {len(accounts) * ITEMS:,} lines")
    print(f"by hand {count / hand:12,.0f} records/s")
    print(f"library {count / ours:12,.0f} records/s, {ours / count * 1e6:.2f} µs a record")
    print(f"ratio {hand / ours:.3f}, median {usual:.3f}")


if __name__ == "__main__":
    main()
