"""Eight processes, and eight threads, write to one database at once."""

from __future__ import annotations

import pytest

from tests import programs
from tests.adapters.postgres_server import shared

ISSUED = [f"2026-{count:05}" for count in range(1, 25)]


@pytest.fixture(
    scope="module",
    params=[(way, kind) for way in ("processes", "threads") for kind in ("SQLite", "PostgreSQL")],
    ids=" on ".join,
)
def told(request, tmp_path_factory):
    """Let eight write, and give what there is at the end."""
    way, kind = request.param
    if kind == "SQLite":
        return programs.run("adapters.eight_writers", way, kind, tmp_path_factory.mktemp("eight"))
    with shared().database() as dsn:
        return programs.run("adapters.eight_writers", way, kind, dsn)


def test_they_take_numbers_of_one_series(told):
    """Each number is taken once, by an invoice or with a reason, and there is no gap."""
    found = told["numbers"]
    expected = [f"2026-{count:05}" for count in range(1, 8 * 7 + 1)]
    taken = [number for each in found["writers"] for number in each]

    assert sorted(taken) == expected
    assert sorted([*found["invoices"], *found["skipped"]]) == expected
    assert found["invoices"] == sorted(found["invoices"])
    assert len(found["skipped"]) == 8
    assert found["of accounts"] == [6] * 8
    assert found["sound"]


def test_they_commit_the_same_accounts(told):
    """Each account is billed once, by whoever came first, and nothing is left."""
    found = told["commits"]

    # 12 accounts have two drafts each.
    assert all(isinstance(kept, int) for kept in found["writers"])
    assert found["drafts"] == 24
    assert found["same"]
    assert found["left"] == 0


def test_they_post_the_same_drafts(told):
    """Each draft becomes one invoice, without a gap in the numbers."""
    found = told["posting"]

    assert sum(found["writers"]) == 24
    assert found["invoices"] == ISSUED
    assert found["drafts"] == 0
    assert found["made of one draft each"]
    assert found["sound"]


def test_they_take_the_same_balance(told):
    """Of a balance of 100 eight invoices of 30 take 100, the last one a part, and no more."""
    found = told["balance"]

    assert sorted(found["writers"]) == ISSUED[:8]
    assert found["taken"] == "-100.00"
    assert found["open"] == ["0.00"] * 3 + ["20.00"] + ["30.00"] * 4
    assert found["sound"]


def test_they_use_the_same_coupon(told):
    """A coupon for one document is on one of eight, whoever comes first."""
    found = told["coupon"]

    assert all(isinstance(tries, int) for tries in found["writers"])
    assert found["drafts"] == 8
    assert found["used"] == ["coupon/WELCOME/1"]
    assert found["totals"] == ["10.00"] * 7 + ["5.00"]
