"""The measurement of the adapters runs, and its figures add up."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.adapters.postgres_server import shared
from tests.programs import ROOT

ACCOUNTS = 12


def measured(*given):
    """Give the figures of a measurement."""
    command = [sys.executable, str(ROOT / "benchmarks" / "adapters.py"), *given]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_some_accounts_are_measured(kind):
    """A few accounts are added, billed, posted and verified, and each phase has taken some time."""
    given = ["--accounts", str(ACCOUNTS), "--store", kind, "--json"]
    if kind == "postgres":
        with shared().database() as dsn:
            told = measured(*given, "--dsn", dsn)
    else:
        told = measured(*given)

    assert told["read"]["count"] == ACCOUNTS
    assert told["peak"] > 1
    assert all(told[phase]["seconds"] > 0 for phase in ("add", "bill", "post", "verify"))
    for phase in ("bill", "post"):
        spent = sum(told[phase]["methods"].values()) + told[phase]["engine"]
        assert spent == pytest.approx(told[phase]["seconds"])
        assert told[phase]["engine"] > 0
