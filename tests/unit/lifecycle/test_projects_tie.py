"""Claims of prices with tax, and of several tax codes of one rate, tie in every tax code."""

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.lifecycle.agreements import AS_INVOICED, amounts, books_of, done, issued, project


def assert_nothing_left(made, books):
    """Check that nothing is left, neither in sum nor in any tax code."""
    parts = bc.final(made, books).remaining.parts
    assert [(part.net, part.amount) for part in parts] == [(0, 0)] * len(parts)


def test_prices_with_tax():
    """0.17 with tax thrice: 0.03, 0.02 and 0.03 of tax are the 0.08 of 0.51; each alone has 0.03."""
    made = project("0.51", gross=True, policy=AS_INVOICED)
    steps = [lambda made, books: bc.claim(made, books, amount="0.17")] * 3

    books = books_of(made, *steps)

    taxes = [each.totals.tax for each in books.invoices.values()]
    assert taxes == [*amounts("0.03", "0.02", "0.03")]
    assert_nothing_left(made, books)


def test_an_amount_with_tax_of_net_prices():
    """100.00 with tax, and then the rest of 1,234.57."""
    made = project("1234.57", ("999.99", "7"), policy=AS_INVOICED)
    books = issued(books_of(made), bc.claim(made, books_of(made), gross="0.07"))

    books = issued(books, bc.claim(made, books, completion=100))

    assert_nothing_left(made, books)


@pytest.mark.parametrize("first", [5, 30, 62])
def test_two_tax_codes_of_one_rate(first):
    """Each code has its own part of the tax of their rate, and nothing of it is left."""
    made = project("1220.61", ("652.88", "19b"), policy=AS_INVOICED)

    assert_nothing_left(made, books_of(made, *done(first, 73, 100)))


def test_prices_of_both_sorts_are_taxed_by_themselves():
    """0.29 without and 0.29 with tax are taxed 0.06 and 0.05, whatever was invoiced before."""
    made = project(10, policy=AS_INVOICED)
    books = books_of(made, lambda made, books: bc.claim(made, books, amount="0.29"))
    items = [
        bc.Item("net", unit_price="0.29", tax_code="19"),
        bc.Item("gross", unit_price="0.29", tax_code="19", price_includes_tax=True),
    ]

    part = bc.claim(made, books, items=items)

    assert part.totals.tax == Decimal("0.11")
    issued(books, part)


def test_a_price_of_nothing_stays_nothing():
    """A free part has no tax to count up."""
    made = project("0.29", gross=True, policy=AS_INVOICED)
    books = books_of(made, *done(50))
    free = bc.Item("free", unit_price=0, tax_code="19", price_includes_tax=True)

    part = bc.claim(made, books, items=[free])

    assert part.totals.gross == Decimal(0)
    issued(books, part)
