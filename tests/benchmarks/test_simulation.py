"""The simulation of large runs still runs, and agrees with what can be worked out by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def simulate(monkeypatch):
    """Give the module, which is a script."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import simulate

    return simulate


def output_of(*arguments):
    """Run the script as a user does, and give what it prints."""
    command = [sys.executable, str(BENCHMARKS / "simulate.py"), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_every_table_is_printed_and_always_the_same():
    """Four tables and the memory of the coordinator are printed, the same by each run."""
    sizes = ("--sizes", "1000", "2000")
    text = output_of(*sizes)

    assert text == output_of(*sizes)
    assert text.count("\nBy ") == 4
    assert "1,000: 0, 2,000: 0" in text


def test_the_coordinator_is_measured():
    """Its costs for a reference and for a chunk are printed."""
    reference, chunk = output_of("--measure", "--sizes", "20000").splitlines()

    assert float(reference.split()[1]) > 0
    assert int(chunk.split()[1]) > 0


@pytest.mark.parametrize(
    ("workers", "seconds"), [(1, 8.0), (4, 2.0)], ids=["one worker", "four workers"]
)
def test_equal_accounts_take_what_they_cost(simulate, workers, seconds):
    """Chunks of 16 with 1 ms each and 4 ms of trips take 20 ms; 400 of them take 8 s, or 2 s."""
    plan = simulate.Plan(
        6_400, workers=workers, ahead=64, chunk=16, failures=0, largest=1, is_uneven=False
    )
    found = simulate.simulate(plan, simulate.Costs(line=1_000, trip=2_000, reference=0, chunk=0))

    assert (found.chunks, found.references, found.largest, found.retries) == (400, 6_400, 16, 0)
    assert found.makespan == pytest.approx(seconds)
    assert found.used == pytest.approx(1)


def test_a_large_account_is_waited_for(simulate):
    """One account of 100,000 references of 1 ms behind 16 others takes 100 s and 4 ms of trips."""
    plan = simulate.Plan(
        16, workers=4, ahead=8, failures=0, largest=1, giant=100_000, is_uneven=False
    )
    found = simulate.simulate(plan, simulate.Costs(line=1_000, trip=2_000, reference=0, chunk=0))

    assert (found.chunks, found.largest) == (2, 100_000)
    assert found.makespan == pytest.approx(100 + 0.004)


@pytest.mark.parametrize("per_account", [8, 0], ids=["a limit of references", "no limit"])
def test_a_large_run_has_its_accounts(simulate, per_account):
    """Chunks that are drawn from a sample hold as many accounts as were asked for."""
    plan = simulate.Plan(2_000_000, per_account=per_account)
    found = simulate.chunks(plan, Random(3))  # noqa: S311

    assert sum(each.accounts for each in found) == pytest.approx(2_000_000, rel=0.01)
    assert max(each.references for each in found) > 4_096
