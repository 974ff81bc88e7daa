"""Text in columns: wrapping, and a table that lines up."""

from __future__ import annotations

import pytest

from billingcore.render.layout import Row, paragraph, table, width_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Total", 5), ("Größe", 5), ("料金", 4), ("e\u0301", 1), ("a\u200db", 2)],
    ids=["ASCII", "accents", "wide", "combining", "joiner"],
)
def test_widths(text, expected):
    """Wide characters take two columns; marks and joiners, which are drawn over others, none."""
    assert width_of(text) == expected


def test_long_words_are_cut():
    """A word that is wider than its column goes on in the next line, nothing of it is lost."""
    assert paragraph("ab料金料金cd e", 5) == ["ab料", "金料", "金cd", "e"]


def test_numbers_and_units_stay_together():
    """A line is broken at plain spaces and line breaks, and not between a number and its unit."""
    assert paragraph("pay 5\u00a0€ now\n\nyes", 5) == ["pay", "5\u00a0€", "now", "", "yes"]


def test_a_table_without_text():
    """A row without text has its numbers all the same."""
    assert table(Row("T", "N", ("A",)), [[Row("", "1", ("2",))]], 12, 3) == [
        "-" * 12,
        "N  T       A",
        "-" * 12,
        "1          2",
        "-" * 12,
    ]


def test_a_table_without_numbers():
    """A table whose rows have no numbers begins with their text; its parts are set apart."""
    assert table(Row("T", "", ("A",)), [[Row("a b", "", ("2",))], [Row("c", "", ("3",))]], 4, 1) == [
        "-" * 4,
        "T  A",
        "-" * 4,
        "a  2",
        "b",
        "-" * 4,
        "c  3",
        "-" * 4,
    ]  # fmt: skip
