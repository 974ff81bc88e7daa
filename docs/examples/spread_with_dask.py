"""Spread a run over the workers of Dask.

    pip install billingcore distributed
    python docs/examples/spread_with_dask.py billing.sqlite 2026-01

Dask gives an executor like those of the standard library, so `execute` needs nothing else. Two
things are worth knowing, and both stand in `executor_of`.
"""

from __future__ import annotations

import sys
from concurrent.futures import Executor

from distributed import Client, LocalCluster
from logged_store import open_store
from small_shop import shop

import billingcore as bc


def executor_of(client: Client) -> Executor:
    """Give the executor of a cluster.

    Billing an account again gives another answer than the first time; Dask may reuse an answer that
    it has, unless it is told that a function is not pure. A piece of work whose worker was lost is billed by another
    one; what the first had committed is found in the store.
    """
    return client.get_executor(pure=False, retries=3)


def spread(run: bc.InvoiceRun, store: bc.Store, *, chunk: int = 512) -> bc.RunReport:
    """Bill a run on two worker processes of this machine."""
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        return bc.execute(run, store, executor=executor_of(client), chunk=chunk)


def main(path: str, month: str) -> None:
    """Bill a month of the accounts of a small shop, and show what came of it."""
    year, number = map(int, month.split("-"))
    print(spread(bc.InvoiceRun(bc.Period.month(year, number)), open_store(path, shop), chunk=25))


if __name__ == "__main__":
    main(*sys.argv[1:])
