"""Time and memory by the number of accounts: a streamed run over accounts that are made on the fly.

Each size runs in a fresh interpreter, since a process's peak memory never goes down. Its time is
compared with that of making the records alone, slice by slice beside it, so that a machine that is
slower for a while does not look like a run that grows.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from time import process_time

from workload import PER_INVOICE, Sale, invoices, snapshot_of, tax_table

import billingcore as bc

SIZES = (1_000, 10_000, 100_000)
LARGE = 1_000_000
KINDS = 1_000
"""Accounts that differ in more than their ids; further ones repeat them."""
MEASURED_FROM = 10_000
"""From here on the peak memory should not grow."""
KIB = 1 if sys.platform != "darwin" else 1024
"""`ru_maxrss` counts in kibibytes, on macOS in bytes."""


class GeneratedSource:
    """A source of any number of accounts that keeps none of them."""

    def __init__(self, accounts: int) -> None:
        self.tax = tax_table()
        self.size = accounts
        self.sales: list[list[Sale]] = list(invoices(KINDS * PER_INVOICE, prorated=True))

    def references(self, criteria: bc.Criteria) -> Iterator[bc.Reference]:
        return (bc.Reference(f"A{number}") for number in range(self.size))

    def snapshot(self, account: str) -> bc.AccountSnapshot:
        number = int(account[1:])
        return snapshot_of(number, self.sales[number % KINDS])


def measure(accounts: int, repeat: int) -> dict[str, float]:
    """Run in this process: seconds of the run and of the reading alone, and peak memory in MiB.

    After each slice of the run the same accounts are read once more, to say how fast the machine
    was just then.
    """
    running = reading = 0.0
    billed = 0
    for _ in range(repeat):
        source = GeneratedSource(accounts)
        outcomes = bc.plan(bc.InvoiceRun(bc.Period.month(2025, 3)), source)
        for first in range(0, accounts, KINDS):
            start = process_time()
            for outcome in islice(outcomes, KINDS):
                billed += len(outcome.drafts)
            middle = process_time()
            for number in range(first, first + KINDS):
                source.snapshot(f"A{number}")
            running += middle - start
            reading += process_time() - middle
    assert billed == accounts * repeat, billed
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB / 1024
    return {"run": running / repeat, "reading": reading / repeat, "peak": peak}


def in_fresh_process(accounts: int, repeat: int) -> dict[str, float]:
    command = [sys.executable, __file__, str(accounts), str(repeat)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return json.loads(answer.stdout)


def report(*, repeat: int, sizes: tuple[int, ...] = SIZES) -> None:
    """Print time per account and peak memory for some numbers of accounts."""
    print("A streamed plan over accounts made on the fly, 3 lines each; what it yields is dropped")
    print(f"{'accounts':>10}{'µs/account':>12}{'reading':>10}{'ratio':>8}{'growth':>8}{'MiB':>8}")
    usual = 0.0
    peaks: list[float] = []
    for accounts in sizes:
        found = in_fresh_process(accounts, max(1, repeat * SIZES[0] // accounts))
        each, reading = (found[part] / accounts * 1e6 for part in ("run", "reading"))
        usual = usual or each / reading
        print(
            f"{accounts:10,}{each:12.1f}{reading:10.1f}{each / reading:8.2f}"
            f"{each / reading / usual:8.2f}{found['peak']:8.1f}",
            flush=True,
        )
        peaks += [found["peak"]] if accounts >= MEASURED_FROM else []
    if len(peaks) > 1:
        apart = max(peaks) - min(peaks)
        print(f"\nPeak memory from {MEASURED_FROM:,} accounts on is within {apart:.1f} MiB.")


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
