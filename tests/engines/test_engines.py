"""The recipes for real engines make what a serial run makes, to the byte.

Each is skipped where its engine is not installed; `.ci/run engines` installs them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest

import billingcore as bc
from billingcore.runs.tally import Tally
from billingcore.testing import canonical

RUN = bc.InvoiceRun(bc.Period.month(2026, 1))

# The engines' own warnings are none of ours.
pytestmark = pytest.mark.filterwarnings("default")


def needs(module, program=None):
    """Skip a test where a module, or a program that it needs, is missing; nothing is imported."""
    is_there = find_spec(module) and (program is None or shutil.which(program))
    reason = f"{module} is not installed; `.ci/run engines` installs it"
    return pytest.mark.skipif(not is_there, reason=reason)


@pytest.fixture
def serial(examples):
    """Bill the shop of the examples without any engine."""
    from small_shop import shop

    alone = shop()
    return bc.execute(RUN, alone), [*map(canonical, alone.drafts())]


def check_drafts(store, drafts):
    """Compare all drafts of a store."""
    assert [*map(canonical, store.drafts())] == drafts
    assert len(drafts) == 200


def counted(tally):
    """Give all that a tally counts and lists."""
    return {field.name: getattr(tally, field.name) for field in Tally.__attrs_attrs__}


@needs("distributed")
def test_dask(store, serial):
    """Left early on Dask, a run stops with nothing under way; repeated, it makes all the rest."""
    from distributed import Client, LocalCluster
    from small_shop import shop
    from spread_with_dask import executor_of

    report, drafts = serial
    alone = shop()
    bc.execute(RUN, alone, accounts={f"A-{number:03}" for number in range(20)})
    rest = bc.execute(RUN, alone)
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        execution = bc.Execution(RUN, store, executor=executor_of(client), chunk=5, ahead=4)
        loop = iter(execution)
        next(loop)
        loop.close()
        committed = len(list(store.drafts()))
        repeated = bc.execute(RUN, store, executor=executor_of(client), chunk=25)
        again = bc.execute(RUN, store, executor=executor_of(client), chunk=25)

    assert execution.report.status is bc.RunStatus.STOPPED
    assert committed == 20
    assert counted(repeated) == counted(rest)
    assert (len(repeated.draft_ids), len(again.draft_ids)) == (180, 0)
    assert report.accounts == again.accounts
    check_drafts(store, drafts)


@needs("loky")
def test_loky(store, serial):
    """Two processes of loky make report and drafts of a serial run."""
    from loky import get_reusable_executor

    report, drafts = serial
    executor = get_reusable_executor(max_workers=2)
    try:
        spread = bc.execute(RUN, store, executor=executor, chunk=25)
    finally:
        executor.shutdown(kill_workers=True)

    assert counted(spread) == counted(report)
    check_drafts(store, drafts)


@needs("pyspark", "java")
def test_spark(store, serial):
    """Partitions of Spark make tally and drafts of a serial run; repeated, they make none."""
    import spread_with_spark

    report, drafts = serial
    with spread_with_spark.local_context() as context:
        spread = spread_with_spark.spread(RUN, store, context)
        again = spread_with_spark.spread(RUN, store, context, partitions=3)

    assert counted(spread) == counted(report)
    assert (again.accounts, len(again.draft_ids)) == (200, 0)
    check_drafts(store, drafts)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("spread_with_dask.py", marks=needs("distributed")),
        pytest.param("spread_with_spark.py", marks=needs("pyspark", "java")),
    ],
    ids=["Dask", "Spark"],
)
def test_a_recipe_runs_as_a_script(examples, tmp_path, serial, script):
    """A recipe started as its first lines say prints totals, and makes the drafts of a serial run."""
    from logged_store import open_store
    from small_shop import shop

    report, drafts = serial
    path = tmp_path / "billing.sqlite"
    command = [sys.executable, str(examples / script), str(path), "2026-01"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=240)
    store = open_store(path, shop)

    assert all(str(sums) in done.stdout for sums in report.totals.values())
    check_drafts(store, drafts)
    store.close()
