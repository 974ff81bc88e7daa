"""A table of executions, for terminals and notebooks."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.records import JANUARY, accounts, contract, monthly, run_of

HEAD = ["run", "kind", "status", "stage", "done", "documents", "failures", "totals", "note"]
RUN = "2026-03-01..2026-03-31"


def store():
    """Make a store with a run of two accounts of which one is wrong, and the recovery of it."""
    made = accounts("a", "b")
    items = [monthly("x", tax_code="?"), monthly("y", 20, currency="USD")]
    made.change(contract(*items, id="S-b", account="b"))
    bc.execute(run_of(), made)
    made.change(contract(monthly("x", tax_code="19"), id="S-b", account="b"))
    bc.recover("latest", made)
    return made


def test_the_table_of_a_store():
    """Each execution has a row: how it stands, how far it is, and its totals per currency."""
    head, _, first, second = str(bc.RunMonitor(store().runs())).splitlines()

    assert re.split("  +", head) == HEAD
    assert re.split("  +", first) == [
        *(f"{RUN}#1", "invoice run", "Failed", "Completed", "2 of 2", "2", "1"),
        "11.90 EUR, 20.00 USD",
    ]
    assert re.split("  +", second) == [
        *(f"{RUN}#2", "recovery", "Completed", "Completed", "1 of 1", "1", "0", "11.90 EUR"),
        f"of {RUN}#1",
    ]


def test_the_table_in_a_notebook():
    """It draws itself as a table of HTML with the same cells."""
    html = bc.RunMonitor(store().runs())._repr_html_()

    assert html.startswith("<table><caption>Runs</caption>")
    assert f"<td>{RUN}#2</td><td>recovery</td><td>Completed</td>" in html
    assert "<td>11.90 EUR, 20.00 USD</td>" in html


def test_html_is_escaped():
    """What runs and errors are called cannot become markup."""
    record = bc.RunRecord("<b>", status=bc.RunStatus.FAILED, error="a < b & c")
    html = bc.RunMonitor([record])._repr_html_()

    assert "<td>&lt;b&gt;#0</td>" in html
    assert "<td>a &lt; b &amp; c</td>" in html


def test_an_observer():
    """Told of progress it has the latest state of each execution, in the order of their beginning."""
    made, monitor, seen = accounts("a", "b", "c"), bc.RunMonitor(), []

    def hear(record):
        monitor(record)
        seen.append(monitor[0].done)

    bc.execute(run_of(JANUARY), made, window=2, on_progress=hear)
    bc.execute(run_of(), made, on_progress=monitor)

    assert [each.id for each in monitor] == ["2026-01-01..2026-01-31#1", f"{RUN}#1"]
    assert seen == [0, 0, 0, 0, 2, 3, 3, 3, 3]
    assert [*monitor] == [*bc.RunMonitor(made.runs())]


def test_it_is_a_sequence():
    """It has a length, places and slices, and is empty at first."""
    monitor = bc.RunMonitor(store().runs())

    assert (len(monitor), len(bc.RunMonitor()), bool(bc.RunMonitor())) == (2, 0, False)
    assert monitor[-1].kind is bc.RunKind.RECOVERY
    assert [each.attempt for each in monitor[:1]] == [1]


def test_an_empty_table():
    """Without an execution the head of the table is shown."""
    head, rule = str(bc.RunMonitor()).splitlines()

    assert re.split("  +", head) == HEAD
    assert set(rule) == {"-", " "}


@pytest.mark.parametrize(
    ("fields", "cells"),
    [
        ({}, ["0", "0", "0", "", ""]),
        ({"done": 3}, ["3", "0", "0", "", ""]),
        ({"done": 3, "accounts": 9}, ["3 of 9", "0", "0", "", ""]),
        ({"of": "R#1"}, ["0", "0", "0", "", "of R#1"]),
        ({"of": "R#1", "error": "no disk"}, ["0", "0", "0", "", "no disk"]),
        (
            {"totals": (bc.CurrencyTotal("EUR", 1, gross=Decimal("1.00")),)},
            ["0", "0", "0", "1.00 EUR", ""],
        ),
    ],
    ids=["none", "done", "of all", "recovery", "error", "totals"],
)
def test_cells(fields, cells):
    """Done, documents, failures, totals and note of one execution."""
    html = bc.RunMonitor([bc.RunRecord("R", **fields)])._repr_html_()
    row = html.rpartition("<tr>")[2]

    assert [cell.removesuffix("</td>") for cell in row.split("<td>")[5:]] == [
        *cells[:-1],
        f"{cells[-1]}</td></tr></table>",
    ]
