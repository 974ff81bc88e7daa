"""The page on CSV files shows the form as it is read."""

from __future__ import annotations

import re

import pytest
from csv_form import FORM
from csv_source import load

from tests.examples.tables import write

HEADER = ["Column", "Required", "Form", "Example", "Meaning"]


@pytest.fixture(scope="module")
def page(examples):
    """Read the page."""
    return (examples.parent / "how-to" / "bill-your-own-csv.md").read_text(encoding="utf-8")


def rows_below(page, file):
    """Read the rows of the table below the heading of a file."""
    part = page.partition(f"\n### {file}\n")[2].partition("\n#")[0]
    rows = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@pytest.mark.parametrize("table", FORM, ids=[table.file for table in FORM])
def test_the_page_shows_the_form(page, table):
    """The page names each column with its form and an example, and says what it means."""
    header, _, *rows = rows_below(page, table.file)

    assert header == HEADER
    assert [row[:4] for row in rows] == [
        [
            f"`{column.name}`",
            "yes" if column.is_required else "",
            column.kind.form,
            f"`{column.example}`",
        ]
        for column in table.columns
    ]
    assert all(re.search(r"\w", row[4]) for row in rows)


def test_the_examples_of_all_columns_are_right(tmp_path):
    """The example values of all columns together are files without a mistake."""
    for table in FORM:
        columns = [column for column in table.columns if column.name != "month_end"]
        rows = [[column.name for column in columns], [column.example for column in columns]]
        write(tmp_path / table.file, rows)

    assert load(tmp_path).errors == []
