"""The benchmarks still run, and measure two sides that bill the same."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import billingcore as bc

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
TINY = ("--lines", "96", "--repeat", "1")


@pytest.fixture
def sides(monkeypatch):
    """Give the modules of the benchmarks, which import each other as scripts do."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import cases
    import ceiling
    import workload

    return cases, ceiling, workload


def output_of(script, *arguments):
    """Run a script of the benchmarks as a user does, and give what it prints."""
    command = [sys.executable, str(BENCHMARKS / script), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_every_row_is_printed_with_its_ratios(sides):
    """A run over a tiny workload prints each row, with two ratios above zero."""
    cases, _, _ = sides
    lines = output_of("run.py", *TINY).splitlines()

    for case in cases.CASES:
        (row,) = [line for line in lines if line.startswith(f"{case.title}  ")]
        ratio, median = map(float, row.split()[-2:])
        assert ratio > 0
        assert median > 0


def test_the_profile_finds_every_stage():
    """The table of stages knows the functions of today's library, and finds time in them."""
    text = output_of("run.py", "--profile", "--only", "finalize", *TINY)

    assert "finalizing" in text
    assert "not found" not in text


def test_the_scaling_run_bills_every_account():
    """A streamed run bills all accounts of a source, and says what it took."""
    found = json.loads(output_of("scaling.py", "1000", "1"))

    assert set(found) == {"run", "reading", "peak"}
    assert min(found.values()) > 0


@pytest.mark.parametrize(
    "variant",
    [{}, {"prorated": False}, {"covered": True}, {"ends": True}],
    ids=["prorated", "whole months", "second month", "an end per item"],
)
def test_ceiling_and_library_agree(sides, variant):
    """Each invoice has the same net, tax and gross on both sides, to the cent."""
    cases, _, workload = sides
    totals = list(cases.totals_of(workload.build(300, **variant), bc.LEVEL))

    assert len(totals) == 100
    assert [ours for ours, _ in totals] == [theirs for _, theirs in totals]


@pytest.mark.parametrize("loop", ["arithmetic", "with_objects", "full_run"])
def test_a_ceiling_prorates_rounds_and_taxes(sides, loop):
    """3 x 9.99 from 15 March are 29.97 x 17/31 = 16.435 = 16.44, with 3.12 tax at 19 %."""
    _, ceiling, _ = sides
    row = (Decimal("9.99"), Decimal(3), date(2025, 3, 15), 17, 31, "4000", Decimal("0.19"))
    sums = getattr(ceiling, loop)([[row]], date(2025, 3, 31))

    assert sums == (Decimal("16.44"), Decimal("3.12"), Decimal("19.56"))
