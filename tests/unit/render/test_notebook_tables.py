"""Tables in a notebook: what stands in a cell, and several values below each other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest

import billingcore as bc
from billingcore.render.notebook.cells import in_words, said
from billingcore.views.table import html_table
from tests.unit.render.pages import rows

JANUARY = bc.Period.month(2026, 1)
SEATS = bc.Item("seats", unit_price=100, quantity=3, tax_code="DE_19", cadence=bc.monthly())
DESK = bc.Item("desk", unit_price=5, active=False)
ACME = bc.Account("acme", name="Acme", currency="EUR")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\n b\tc", "a b c"),
        ("x" * 300, "x" * 200 + "…"),
        (True, "yes"),
        (7, "7"),
        (Decimal("1E+2"), "100"),
        (Fraction(17, 31), "17/31"),
        (date(2026, 1, 31), "2026-01-31"),
        (bc.MONTH, "month"),
        (bc.ARREARS, "Arrears"),
        (bc.UseCase.SUBSCRIPTION, bc.UseCase.SUBSCRIPTION.value or "subscription"),
        ([1, 2, 3], "1, 2, 3"),
        (frozenset({"b", "a"}), "a, b"),
        ((("run", "January"), ("days", 3)), "run: January, days: 3"),
        ((("run", "January"), "days"), "run, January, days"),
        ({"k": 1, "l": 2, "m": 3, "n": 4}, "k: 1, l: 2, m: 3 and 1 more"),
        (bc.Cover("S-1/seats", None), "Cover: billable S-1/seats, release no"),
        (bc.Exclusion("a", "S-1", bc.Reason.COVERED), "S-1: COVERED, this time is on an invoice already"),
        (bc.Addressee("a", "Acme", ""), "a Acme"),
        (bc.CashDiscount(7, percent=2), "Cash discount: days 7, percent 2"),
        (bc.Contacts(), "Contacts"),
        (len, "len"),
        (Decimal, "Decimal"),
        (partial(len, "ab"), "functools.partial(<built-in function len>, 'ab')"),
    ],
    ids=[
        "lines", "long", "flag", "count", "exponent", "fraction", "day", "unit", "practice",
        "empty member", "list", "set", "facts", "no facts", "mapping", "named tuple", "with text", "tuple with text",
        "record", "empty record", "function", "class", "object",
    ],
)  # fmt: skip
def test_what_stands_in_a_cell(value, text):
    """A value in a cell is a short text on one line."""
    assert said(value) == text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("due_date", "due date"),
        ("GLAccount", "GL account"),
        ("TaxTable", "Tax table"),
        ("net", "net"),
    ],
)
def test_names_in_words(name, words):
    """Names of fields and classes are read as words."""
    assert in_words(name) == words


class TestTable:
    """Several values below each other."""

    def test_it_prints_and_draws_itself(self):
        """A table of values has the columns of their class, without empty ones, as text and HTML."""
        table = bc.render.table([SEATS, DESK], "My items")

        assert str(table).splitlines() == [
            "My items",
            "id     quantity  unit price  cadence      billing type",
            "-----  --------  ----------  -----------  ------------",
            f"seats         3         100  every month  {SEATS.billing_type.value}",
            f"desk          1           5               {DESK.billing_type.value}",
        ]
        assert rows(table)[1].startswith("seats|3|100|every month")

    def test_of_many_the_first_are_shown(self):
        """Of more than 50 values 50 are shown, and how many more there are is said."""
        table = bc.render.table([JANUARY] * 53)

        assert len(rows(table)) == 1 + 50 + 1
        assert rows(table)[-1] == "and 3 more"
        assert str(table).splitlines()[0] == "53 values"
        assert str(table).splitlines()[-1] == "and 3 more"

    def test_values_of_several_classes(self):
        """What has no columns in common says what it is."""
        assert rows(bc.render.table([JANUARY, ACME])) == [
            "class|value", "Period|2026-01-01 to 2026-01-31", "Account|Account acme",
        ]  # fmt: skip

    def test_values_without_fields(self):
        """Numbers and texts have a column for themselves; of nothing there are no rows."""
        assert rows(bc.render.table({"b": 1})) == ["value", "b"]
        assert rows(bc.render.table([])) == ["value"]

    @pytest.mark.parametrize("values", ["text", 7, iter([1])], ids=["text", "number", "iterator"])
    def test_what_is_no_collection_is_refused(self, values):
        """What has no length, or is a text, is no table."""
        with pytest.raises(bc.InvalidInputError, match="no collection of values"):
            bc.render.table(values)


def test_a_table_of_a_report_is_bounded():
    """Of more than 200 rows a report draws 199 and the last, which may be a sum."""
    numbers = [[f"{number}"] for number in range(300)]

    assert html_table("All", ["number"], numbers[:200]).count("<tr>") == 201
    drawn = html_table("All", ["number"], numbers)
    assert drawn.count("<tr>") == 202
    assert '<td>198</td></tr><tr><td colspan="1">and 100 more</td></tr><tr><td>299</td>' in drawn
    assert html_table("None", ["number"], []).count("<tr>") == 1
