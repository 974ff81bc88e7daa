"""Spread a run over the workers of Spark.

    pip install billingcore pyspark
    python docs/examples/spread_with_spark.py billing.sqlite 2026-01

Spark calls a function for each partition of a collection, here of references to accounts. The
function bills them, the store of the worker keeps the drafts, and a small tally travels back.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import partial, reduce

from logged_store import open_store
from pyspark import SparkConf, SparkContext
from small_shop import shop

import billingcore as bc
from billingcore.runs.references import accounts_of
from billingcore.runs.tally import Tally


def local_context() -> SparkContext:
    """Begin two workers on this machine, reachable from nowhere else."""
    settings = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1"}
    return SparkContext("local[2]", "billing", conf=SparkConf().setAll([*settings.items()]))


def bill_partition(run: bc.InvoiceRun, store: bc.Store, accounts: Iterable[str]) -> Iterator[Tally]:
    """Bill one partition; Spark may repeat it, and nothing is billed twice."""
    yield bc.bill_accounts(run, store, accounts).tally


def merged(one: Tally, other: Tally) -> Tally:
    """Add what was done in a partition to what was done in those before it."""
    one.merge(other)
    return one


def spread(
    run: bc.InvoiceRun, store: bc.Store, context: SparkContext, *, partitions: int = 8
) -> Tally:
    """Bill a run; partitions come back in their order, so the tally is that of a serial run."""
    accounts = context.parallelize(accounts_of(run, store), partitions)
    return reduce(merged, accounts.mapPartitions(partial(bill_partition, run, store)).collect())


def main(path: str, month: str) -> None:
    """Bill a month of the accounts of a small shop, and show what came of it."""
    year, number = map(int, month.split("-"))
    run = bc.InvoiceRun(bc.Period.month(year, number))
    with local_context() as context:
        tally = spread(run, open_store(path, shop), context)
    for code in sorted(tally.totals):
        print(code, tally.totals[code])


if __name__ == "__main__":
    main(*sys.argv[1:])
