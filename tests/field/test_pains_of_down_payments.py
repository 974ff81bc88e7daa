"""What users of other billing engines reported about down payments and final invoices (P2)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest

import billingcore as bc
from tests.unit.lifecycle.agreements import (
    AS_INVOICED,
    amounts,
    books_of,
    done,
    invoiced_only,
    issued,
    project,
    remaining,
    sums,
)

NOTHING = amounts("0", "0", "0")


def prepaid(made, books):
    """Ask for all of it before anything is delivered."""
    return bc.deposit(made, books, rate=100)


def assert_tied(made, books):
    """Check that nothing is left, in no tax code, on a final that nobody owes anything of."""
    final = bc.final(made, books)
    assert final.kind is bc.InvoiceKind.FINAL
    assert remaining(final) == NOTHING
    assert not any(part.net or part.amount for part in final.remaining.parts)
    assert not final.totals.due


class TestTwoHalvesOfAnOddTotal:
    """odoo/odoo#125140: twice 50 %, and then a credit note of 0.01."""

    @pytest.mark.parametrize(
        ("price", "first", "second"),
        [
            ("100.01", ("50.01", "9.50", "59.51"), ("50.00", "9.50", "59.50")),
            ("0.05", ("0.03", "0.01", "0.04"), ("0.02", "0.00", "0.02")),
            ("33.33", ("16.67", "3.17", "19.84"), ("16.66", "3.16", "19.82")),
            ("1055.55", ("527.78", "100.28", "628.06"), ("527.77", "100.27", "628.04")),
        ],
    )
    def test_the_second_half_is_the_rest(self, price, first, second):
        """Nothing is left, and there is no credit."""
        made = project(price, policy=AS_INVOICED)

        books = books_of(made, *done(50, 100))

        found = [sums(each) for each in books.invoices.values()]
        assert found == [amounts(*first), amounts(*second)]
        assert_tied(made, books)

    def test_three_lines_of_one_rate(self):
        """Three times 33.35: the whole is halved, not every line."""
        made = project("33.35", "33.35", "33.35", policy=AS_INVOICED)

        books = books_of(made, *done(50, 100))

        assert [each.totals.net for each in books.invoices.values()] == [*amounts("50.03", "50.02")]
        assert_tied(made, books)


class TestThirtyAndSeventyPercent:
    """odoo/odoo#249836: 145.05 at 30 and 70 % were 43.52 and 101.54, together 145.06."""

    @pytest.mark.parametrize("gross", [False, True], ids=["net", "gross"])
    def test_the_parts_add_up(self, gross):
        """43.52 and 101.53 are 145.05."""
        made = project("145.05", gross=gross, policy=AS_INVOICED)

        books = books_of(made, *done(30, 100))

        totals = [each.totals for each in books.invoices.values()]
        found = [each.gross if gross else each.net for each in totals]
        assert found == [*amounts("43.52", "101.53")]
        assert_tied(made, books)

    def test_as_milestones(self):
        """A plan of 30 and 70 % has the same parts."""
        plan = [bc.Milestone("order", share=30), bc.Milestone("delivery", share=70)]
        made = project("145.05", milestones=plan, policy=AS_INVOICED)
        steps = [
            lambda made, books, name=each.name: bc.claim(made, books, milestone=name)
            for each in plan
        ]

        books = books_of(made, *steps)

        assert [each.totals.net for each in books.invoices.values()] == [
            *amounts("43.52", "101.53")
        ]
        assert_tied(made, books)


class TestPaidInFullBefore:
    """odoo/odoo#135262 and #134985: all is prepaid, and the final becomes a credit note."""

    @pytest.mark.parametrize("price", ["100.01", "0.01", "145.05", "99999.99"])
    def test_nothing_is_left(self, price):
        """The final is an invoice of exactly 0.00 to pay."""
        made = project(price, policy=AS_INVOICED)

        assert_tied(made, books_of(made, prepaid))
        assert_tied(made, books_of(made, *done(100)))

    def test_of_several_rates(self):
        """A claim of all has each rate; so nothing is left of any of them."""
        made = project("100.01", ("55.55", "7"), ("1.11", "10"), policy=AS_INVOICED)

        assert_tied(made, books_of(made, *done(100)))

    def test_in_prices_with_tax(self):
        """A register asks for 19.99 with tax; what was paid before is 19.99."""
        made = project("19.99", gross=True, policy=AS_INVOICED)

        books = books_of(made, prepaid)

        assert sums(books.invoices["P-1"]) == amounts("16.80", "3.19", "19.99")
        assert_tied(made, books)


class TestOddCents:
    """odoo/odoo#243210: a down payment at a register, of several lines and rates."""

    def test_a_down_payment_on_a_basket(self):
        """20.00 with tax on 1.99, 2.49 and 29.95 at two rates, and then the rest."""
        made = project("1.99", ("2.49", "7"), "29.95", policy=AS_INVOICED)
        whole = Decimal("40.67")  # 31.94 and 6.07, 2.49 and 0.17
        down = bc.claim(made, books_of(made), gross=20)

        books = issued(books_of(made), down)
        rest = bc.claim(made, books, completion=100)

        assert down.totals.gross == 20
        assert rest.totals.gross == whole - 20
        assert_tied(made, issued(books, rest))


class TestManyParts:
    """However many claims there are, they add up."""

    def test_twelve_months_of_two_rates(self):
        """Twelve times a twelfth of 1,234.57 at 19 % and 999.99 at 7 %."""
        made = project("1234.57", ("999.99", "7"), policy=AS_INVOICED)

        books = books_of(made, *done(*[Fraction(100 * month, 12) for month in range(1, 13)]))

        claimed = [each.totals for each in books.invoices.values()]
        assert sum(each.net for each in claimed) == Decimal("2234.56")
        assert sum(each.tax for each in claimed) == Decimal("304.57")  # 234.57 and 70.00
        assert {each.net for each in claimed} == {Decimal("186.21"), Decimal("186.22")}
        assert_tied(made, books)

    @pytest.mark.parametrize(
        ("currency", "price"), [*product(("JPY", "EUR", "KWD"), (1000, 1001, 7))]
    )
    def test_thirds(self, currency, price):
        """Three thirds in currencies of 0, 2 and 3 digits."""
        made = project(price, (price, "7"), currency=currency, policy=AS_INVOICED)

        assert_tied(made, books_of(made, *done(*[Fraction(100 * n, 3) for n in (1, 2, 3)])))

    def test_taxes_each_for_itself_leave_cents(self):
        """Three claims of 0.29 are taxed 0.06 each, and all of it 0.17: the final shows -0.01."""
        policy = invoiced_only(chain_tax=bc.ChainTax.EACH)
        made = project("0.87", policy=policy)

        final = bc.final(made, books_of(made, *done(*[Fraction(100 * n, 3) for n in (1, 2, 3)])))

        assert final.kind is bc.InvoiceKind.FINAL
        assert remaining(final) == amounts("0.00", "-0.01", "-0.01")

    def test_after_a_credit_and_a_cancellation(self):
        """Two of four claims are undone, one in part; the last claim takes all that is left."""
        made = project("1234.57", ("999.99", "7"), policy=AS_INVOICED)
        books = books_of(made, *done(10, 35, "61.5"))
        books = issued(books, bc.credit("P-2", books, gross="33.33"))
        books = issued(books, bc.cancel("P-3", books))

        books = issued(books, bc.claim(made, books, completion=100))

        assert_tied(made, books)


class TestTheKindIsChosen:
    """The kind of a document never follows from a sign."""

    def test_a_final_with_nothing_left_or_less(self):
        """Exactly 0.00, and 119.00 to be given back."""
        made = project(1000, policy=AS_INVOICED)
        books = books_of(made, *done(100))

        for price, due in ((1000, "0.00"), (900, "-119.00")):
            final = bc.final(project(price, policy=AS_INVOICED), books)
            assert final.kind is bc.InvoiceKind.FINAL
            assert final.totals.due == Decimal(due)
