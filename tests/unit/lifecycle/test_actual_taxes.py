"""Actual taxes: a draft is made anew if one of its lines has another tax than is due now."""

from __future__ import annotations

import attrs
import pytest

import billingcore as bc
from billingcore.lifecycle.taxing import with_actual_taxes
from tests.unit.ledger.books import TAX, draft, item

HALF = bc.Tax("DE_19", rate="9.5")


class OwnEngine:
    """A tax engine of the host, which says what the table says."""

    def taxes(self, questions, purpose):
        """Answer questions."""
        return TAX.taxes(questions, purpose)


@pytest.fixture(params=[TAX, OwnEngine()], ids=["table", "engine of the host"])
def engine(request):
    """Give a tax engine: a table is looked up, any other one is asked."""
    return request.param


def taxed(made, engine):
    """Give the draft with its actual taxes."""
    (found,) = with_actual_taxes([made], engine)
    return found


def sums(made):
    """Show what is taxed at which rate."""
    return [(str(row.taxable), str(row.amount)) for row in made.totals.breakdown]


def test_a_draft_with_the_right_taxes_stays(engine):
    """If all taxes are as estimated, the draft itself comes back."""
    made = draft(item(100), item(50, name="other"), item(7, "DE_7", name="book"))

    assert taxed(made, engine) is made


def test_a_line_without_a_tax_code(engine):
    """Nobody is asked for the tax of a line that has no tax code."""
    made = draft(item(100), item(50, None, "stamp"))

    assert taxed(made, engine) is made


def test_equal_taxes_are_the_right_ones(engine):
    """A tax that is another object of the same rate is as estimated."""
    made = draft(item(100), item(50, name="other"))
    lines = [attrs.evolve(line, tax=bc.Tax("DE_19", rate=19)) for line in made.lines]
    same = attrs.evolve(made, lines=tuple(lines))

    assert taxed(same, engine) is same


def test_one_line_with_another_tax(engine):
    """Two lines ask one question; if only one has its answer, both are taxed anew."""
    made = draft(item(100), item(50, name="other"))
    first, second = made.lines
    for lines in ((attrs.evolve(first, tax=HALF), second), (first, attrs.evolve(second, tax=HALF))):
        found = taxed(attrs.evolve(made, lines=lines), engine)

        assert [line.tax.rate for line in found.lines] == [19, 19]
        assert sums(found) == [("150.00", "28.50")]


def test_a_table_that_was_not_asked_before_is_asked_now():
    """Taxes are compared with a table that has told nothing yet, and one that has."""
    made, table = draft(item(100), item(50, None, "stamp")), bc.TaxTable({"DE_19": 19})
    (first,) = with_actual_taxes([made], table)
    (again,) = with_actual_taxes([made], table)

    assert first is again is made


def test_a_line_of_another_seller_is_asked_for_by_itself():
    """What holds for the seller of the document says nothing of a line with a heading of its own."""
    made = draft(item(100), item(50, name="other"))
    one, other = made.lines
    abroad = bc.BusinessEntity("Abroad", tax_region="CH")
    moved = attrs.evolve(other, heading=attrs.evolve(other.heading, entity=abroad, terms="Abroad"))
    rates = [bc.TaxRate(8, seller="CH"), bc.TaxRate(19)]
    found = taxed(attrs.evolve(made, lines=(one, moved)), bc.TaxTable({"DE_19": rates}))

    assert [str(line.tax.rate) for line in found.lines] == ["19", "8"]
