"""P2: after down payments the final invoice is wrong by a cent, or a credit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import store_of
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

PAIN = Pain(
    "P2",
    "Down payments make the final invoice wrong by a cent, or a credit note",
    elsewhere="Each down payment is a share that is rounded by itself, "
    "or a price that is rounded before its tax is added. "
    "The final invoice deducts what does not add up, and a rest of a cent below zero turns it "
    "into a credit note.",
    here="A part is what is due by now, less what was invoiced before; "
    "the final is the contract less all its parts, for each tax code. "
    "The kind of a document is what was asked for, and never follows from a sign.",
)
NOTHING = amounts("0", "0", "0")


@case(
    "odoo/odoo#125140",
    gave="12,870.59 in two halves, then a credit note of 0.01.",
    right="Half of 12,870.59 is 6,435.295: 6,435.30. "
    "The second half is the rest, 6,435.29. "
    "Nothing is left, on a final invoice.",
    prints="""
    progress 6435.30
    progress 6435.29
    final 0.00
    """,
)
def test_two_halves_and_a_credit_note():
    """Two down payments of 50 % are followed by a credit note of one cent."""
    store = store_of()
    order = bc.Project(
        "order",
        store.snapshot("acme").account,
        [bc.Item("all", unit_price="12870.59")],
        period=bc.Period.month(2023, 6),
        policy=bc.DOCUMENTED.but(deduct_progress=bc.DeductProgress.INVOICED),
    )
    for percent in (50, 100):
        part = bc.claim(order, store.books("acme"), completion=percent)
        made = bc.finalize(part, store, on="2023-06-30")
        print(made.kind.value, made.totals.gross)
    final = bc.final(order, store.books("acme"))
    print(final.kind.value, final.totals.due)


@case(
    "odoo/odoo#249836",
    gave="43.52 and 101.54, together 145.06.",
    right="30 % of 145.05 is 43.515: 43.52. The other 70 % are the rest: 101.53.",
    prints="""
    43.52 101.53 left 0.00
    """,
)
def test_thirty_and_seventy_percent():
    """30 % and 70 % of 145.05 are a cent more than 145.05."""
    store = store_of()
    order = bc.Project(
        "order",
        store.snapshot("acme").account,
        [bc.Item("all", unit_price="145.05")],
        period=bc.Period.month(2026, 2),
        policy=bc.DOCUMENTED.but(deduct_progress=bc.DeductProgress.INVOICED),
        milestones=[bc.Milestone("order", share=30), bc.Milestone("delivery", share=70)],
    )
    for name in ("order", "delivery"):
        part = bc.claim(order, store.books("acme"), milestone=name)
        print(bc.finalize(part, store, on="2026-02-28").totals.net, end=" ")
    print("left", bc.final(order, store.books("acme")).totals.due)


@case(
    "odoo/odoo#134985",
    "odoo/odoo#135262",
    "odoo/odoo#243210",
    gave="At 21 %, a down payment of 550.00 became 549.99, and one of 100.00 was deducted from the "
    "final as 99.99. At 8 %, one of 2,117.00 became 2,117.01.",
    right="What is asked for with tax is exact, and its tax is a part of it: "
    "550.00 x 21/121 is 95.45, 100.00 x 21/121 is 17.36, 2,117.00 x 8/108 is 156.81. "
    "The finals of the orders, 1,276.00, 100.00 and (our own) 21,170.00, ask for the rest.",
    prints="""
    454.55 + 95.45 = 550.00, then 726.00
    82.64 + 17.36 = 100.00, then 0.00
    1960.19 + 156.81 = 2117.00, then 19053.00
    """,
)
def test_a_fixed_amount_with_tax():
    """A down payment of a fixed amount with tax comes out a cent higher or lower."""

    def gross(price, code, quantity=1):
        priced = {"unit_price": price, "quantity": quantity, "price_includes_tax": True}
        return bc.Item(f"part {price}", tax_code=code, **priced)

    orders = [
        (550, [gross(900, "21"), gross(90, "21", 2), gross(49, "21", 4)]),
        (100, [gross(100, "21")]),
        (2117, [gross(21170, "8")]),
    ]
    for asked, items in orders:
        store = store_of()
        order = bc.Project(
            "order",
            store.snapshot("acme").account,
            items,
            period=bc.Period.month(2026, 1),
            tax=store.tax,
            policy=bc.DOCUMENTED.but(deduct_progress=bc.DeductProgress.INVOICED),
        )
        part = bc.claim(order, store.books("acme"), gross=asked)
        down = bc.finalize(part, store, on="2026-01-11").totals
        rest = bc.final(order, store.books("acme")).totals.due
        print(f"{down.net} + {down.tax} = {down.gross}, then {rest}")


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


@case("odoo/odoo#125140", gave="A credit note of 0.01 after two halves.", own_numbers=True)
class TestTwoHalvesOfAnOddTotal:
    """Two halves of a total with an odd cent are not the total."""

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


@case("odoo/odoo#249836", gave="43.52 and 101.54 of 145.05.")
class TestThirtyAndSeventyPercent:
    """Down payments of 30 and 70 % are not the total."""

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


@case(
    "odoo/odoo#135262",
    "odoo/odoo#134985",
    "odoo/odoo#278984",
    gave="All is prepaid, and the final becomes a credit note.",
    own_numbers=True,
)
class TestPaidInFullBefore:
    """Everything was paid before, and the final is not exactly 0.00."""

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


@case("odoo/odoo#243210", gave="A cent too much at a register.", own_numbers=True)
class TestOddCents:
    """A down payment at a register, of several lines and rates, is off by a cent."""

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


@case("odoo/odoo#135746", "ingadhoc/sale#1826", gave="Rests of single cents.", own_numbers=True)
class TestManyParts:
    """Many down payments do not add up."""

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


@case("odoo/odoo#125140", gave="A rest below zero made a credit note.", own_numbers=True)
class TestTheKindIsChosen:
    """The sign of a rest decides the kind of the document."""

    def test_a_final_with_nothing_left_or_less(self):
        """Exactly 0.00, and 119.00 to be given back."""
        made = project(1000, policy=AS_INVOICED)
        books = books_of(made, *done(100))

        for price, due in ((1000, "0.00"), (900, "-119.00")):
            final = bc.final(project(price, policy=AS_INVOICED), books)
            assert final.kind is bc.InvoiceKind.FINAL
            assert final.totals.due == Decimal(due)
