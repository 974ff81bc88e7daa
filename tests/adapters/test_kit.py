"""The adapters pass the whole kit, and a page of the documentation shows just that."""

from __future__ import annotations

import pytest

from billingcore import testing
from tests.adapters.postgres_server import missing, shared
from tests.programs import ROOT

PAGE = ROOT / "docs" / "explanation" / "adapters.md"


@pytest.fixture(scope="module")
def reports():
    """Give a function that asks an adapter all clauses, once."""
    import kit_table

    known = {}

    def report_of(kind):
        if kind not in known:
            if kind == "PostgreSQL":
                with shared().database() as dsn, kit_table.postgres(dsn) as make:
                    known[kind] = testing.check_store(make, on_failure="report")
            else:
                maker = {"SQLite": kit_table.sqlite, "JSON lines": kit_table.json_lines}[kind]
                with maker() as make:
                    known[kind] = testing.check_store(make, on_failure="report")
        return known[kind]

    return report_of


@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL", "JSON lines"])
def test_it_conforms_to_the_contract(reports, kind):
    """An adapter keeps all clauses of the contract, and none is skipped."""
    report = reports(kind)

    assert [str(each) for each in report.wrong] == []
    assert report.badge == "conforms to store contract 1"


def test_the_page_shows_what_the_kit_says(reports):
    """The table of the page is the one that is written of the reports of today."""
    import kit_table

    if reason := missing():
        pytest.skip(reason)
    told = kit_table.table({kind: reports(kind) for kind in kit_table.STORES})
    page = PAGE.read_text("utf-8")

    assert kit_table.written(page, told) == page
