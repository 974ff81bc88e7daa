"""What was agreed is invoiced in parts: claims, deposits, and the final invoice."""

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.lifecycle.agreements import (
    ACME,
    AS_INVOICED,
    SPRING,
    THIRD,
    VAT,
    amounts,
    books_of,
    done,
    invoiced_only,
    issued,
    nets,
    project,
    remaining,
    sums,
)

PLAN = [
    bc.Milestone("Foundation", share=30),
    bc.Milestone("Roof", share="45.5"),
    bc.Milestone("Keys", share="24.5"),
]


class TestWorkedExamples:
    """The numbers that are worked out in the specification."""

    def test_a_deposit_of_30_percent(self):
        """30 % of 1,000 are 300.00 and 57.00 tax: 357.00, on one line."""
        made = project(1000)

        found = bc.deposit(made, books_of(made), rate=30)

        assert found.kind is bc.InvoiceKind.DEPOSIT
        assert sums(found) == amounts("300.00", "57.00", "357.00")
        assert [line.title for line in found.lines] == ["Deposit: 30 % of House 7"]

    def test_two_claims_of_a_quarter_and_the_final(self):
        """10,000 less twice 2,500 leaves 5,000 and 950 tax: 5,950."""
        made = project(7000, 3000, policy=AS_INVOICED)

        books = books_of(made, *done(25, 50))
        final = bc.final(made, books)

        assert [sums(each) for each in books.invoices.values()] == [
            amounts("2500.00", "475.00", "2975.00")
        ] * 2
        assert sums(final) == amounts("10000.00", "1900.00", "11900.00")
        assert [(each.number, each.gross) for each in final.deductions] == [
            ("P-1", Decimal("2975.00")),
            ("P-2", Decimal("2975.00")),
        ]
        assert remaining(final) == amounts("5000.00", "950.00", "5950.00")

    def test_less_than_was_invoiced_is_still_a_final(self):
        """Of 4,000 after twice 2,500, 1,190 are to be given back."""
        made = project(10000, policy=AS_INVOICED)
        less = project(4000, policy=AS_INVOICED)

        final = bc.final(less, books_of(made, *done(25, 50)))

        assert final.kind is bc.InvoiceKind.FINAL
        assert sums(final) == amounts("4000.00", "760.00", "4760.00")
        assert remaining(final) == amounts("-1000.00", "-190.00", "-1190.00")
        assert final.totals.due == Decimal("-1190.00")


class TestClaimsByCompletion:
    """Each claim is what is done by now, less what was claimed."""

    @pytest.mark.parametrize(
        ("currency", "claims"),
        [
            ("EUR", amounts("333.67", "333.66", "333.67")),
            ("JPY", amounts("334", "333", "334")),
            ("KWD", amounts("333.667", "333.666", "333.667")),
        ],
        ids=["2 digits", "0 digits", "3 digits"],
    )
    def test_thirds_add_up(self, currency, claims):
        """1,001 in three thirds, in the digits of the currency."""
        made = project(1001, currency=currency, policy=AS_INVOICED)

        books = books_of(made, *done(THIRD, 2 * THIRD, 100))

        assert tuple(each.totals.net for each in books.invoices.values()) == claims
        assert remaining(bc.final(made, books)) == amounts("0", "0", "0")

    def test_a_line_says_what_it_claims(self):
        """One line for each tax code, with the number of the claim and the completion."""
        made = project(1000, (500, "7"))

        second = bc.claim(made, books_of(made, *done(THIRD)), completion=60)

        assert [line.title for line in second.lines] == ["Progress claim 2: 60 % of House 7"] * 2
        assert nets(second) == amounts("266.67", "133.33")
        assert second.sub_invoice_key == "house-7"

    def test_the_host_can_say_it(self):
        """A title, days of service, a name and a date of its own."""
        made = project(1000)
        march = bc.Period.month(2026, 3)

        found = bc.claim(
            made,
            books_of(made),
            completion=10,
            title="Erster Abschlag",
            period=march,
            reference="first",
            invoice_date="2026-04-01",
        )

        assert found.lines[0].title == "Erster Abschlag"
        assert (found.period, found.id) == (march, "manual/first/acme")
        assert str(found.invoice_date) == "2026-04-01"

    def test_order_discounts_are_part_of_the_agreement(self):
        """Half of 1,000 less 10 % is 450; a deposit of half is 500."""
        made = project(1000, discount=bc.Discount.percent(10))

        assert bc.claim(made, books_of(made), completion=50).totals.net == 450
        assert bc.deposit(made, books_of(made), rate=50).totals.net == 500

    def test_what_is_canceled_or_credited_is_claimed_again(self):
        """The second claim is canceled, and 100 of the first are credited; so 60 % are 400 more."""
        made = project(1000, policy=AS_INVOICED)
        books = books_of(made, *done(30, 50))
        books = issued(books, bc.cancel("P-2", books))
        books = issued(books, bc.credit("P-1", books, {1: 100}))

        third = bc.claim(made, books, completion=60)

        assert third.lines[0].title == "Progress claim 2: 60 % of House 7"
        assert third.totals.net == 400
        assert third.id == "manual/house-7/3/acme"
        books = issued(books, third)
        assert remaining(bc.final(made, books)) == amounts("400.00", "76.00", "476.00")

    def test_a_tax_code_that_is_not_agreed_any_more_is_taken_back(self):
        """100 at 7 % were claimed; then all is at 19 %, so half is 500 of it and 100 less of 7 %."""
        before = project((1000, "7"), policy=AS_INVOICED)
        made = project(1000, policy=AS_INVOICED)

        second = bc.claim(made, books_of(before, *done(10)), completion=50)

        assert nets(second) == amounts("500.00", "-100.00")
        assert [line.quantity for line in second.lines] == [1, -1]
        assert second.totals.tax == Decimal("88.00")

    def test_items_can_have_no_tax_code(self):
        """A claim of what is not taxed is not taxed."""
        made = project((100, None), policy=AS_INVOICED)

        books = books_of(made, *done(50, 100))

        assert [sums(each) for each in books.invoices.values()] == [amounts("50", "0", "50")] * 2
        assert remaining(bc.final(made, books)) == amounts("0", "0", "0")

    def test_documents_made_elsewhere_count(self):
        """300 were claimed in another system; half of 1,000 is 200 more."""
        tax = VAT.tax("19", SPRING.start)
        elsewhere = bc.ChainDocument(
            "X-1",
            kind=bc.InvoiceKind.PROGRESS,
            key="house-7",
            date="2026-02-01",
            currency="EUR",
            invoiced=[bc.TaxAmount(tax, Decimal(300), Decimal(57))],
        )
        made = project(1000)

        second = bc.claim(made, bc.Books(ACME, earlier=[elsewhere]), completion=50)

        assert second.lines[0].title == "Progress claim 2: 50 % of House 7"
        assert second.id == "manual/house-7/2/acme"
        assert second.totals.net == 200


class TestClaimsByAmount:
    """An amount is divided among the tax codes by what is left of each."""

    def test_a_net_amount(self):
        """100.01 of 2,000 at 19 % and 1,000 at 7 %."""
        made = project(2000, (1000, "7"))

        found = bc.claim(made, books_of(made), amount="100.01")

        assert nets(found) == amounts("66.67", "33.34")
        assert found.lines[0].title == "Progress claim 1 of House 7"

    def test_a_gross_amount_comes_out_exactly(self):
        """1,000.00 gross of 2,380 at 19 % and 1,070 at 7 %: 689.86 and 310.14."""
        made = project(2000, (1000, "7"))

        found = bc.claim(made, books_of(made), gross=1000)

        assert found.totals.gross == 1000
        assert [row.taxable + row.amount for row in found.totals.breakdown] == [
            Decimal("689.86"),
            Decimal("310.14"),
        ]

    def test_the_rest_is_exactly_the_rest(self):
        """Two amounts of two tax codes, and then all that is left."""
        made = project("1234.57", ("999.99", "7"), policy=AS_INVOICED)
        steps = [
            lambda made, books: bc.claim(made, books, amount="777.77"),
            lambda made, books: bc.claim(made, books, amount="0.01"),
            lambda made, books: bc.claim(made, books, amount="1456.78"),
        ]

        final = bc.final(made, books_of(made, *steps))

        assert remaining(final) == amounts("0", "0", "0")
        assert {part.net for part in final.remaining.parts} == {Decimal("0.00")}
        assert {part.amount for part in final.remaining.parts} == {Decimal("0.00")}

    def test_the_amount_of_a_gross_project_is_gross(self):
        """119 with 19 of tax."""
        made = project(1190, gross=True)

        assert sums(bc.claim(made, books_of(made), amount=119)) == amounts("100", "19", "119")


class TestClaimsByMilestone:
    """Each milestone claims its share of the whole, once."""

    def test_shares_add_up_to_the_whole(self):
        """1,234.57 at 19 % and 0.05 at 7 %: 370.39, 561.75 and 302.48, whatever comes first."""
        made = project("1234.57", ("0.05", "7"), policy=AS_INVOICED, milestones=PLAN)
        steps = [
            lambda made, books, name=name: bc.claim(made, books, milestone=name)
            for name in ("Roof", "Foundation", "Keys")
        ]

        books = books_of(made, *steps)

        assert [each.totals.net for each in books.invoices.values()] == [
            Decimal("561.75"),
            Decimal("370.39"),
            Decimal("302.48"),
        ]
        assert remaining(bc.final(made, books)) == amounts("0", "0", "0")

    def test_the_line_says_which(self):
        """The draft knows it too, also after it is edited."""
        made = project(1000, milestones=PLAN)

        found = bc.claim(made, books_of(made), milestone="Roof")
        edited = bc.edit.change_line(found, 1, title="Dach")

        assert found.lines[0].title == "Progress claim 1: Roof of House 7"
        assert found.chain.milestone == edited.chain.milestone == "Roof"

    def test_a_canceled_claim_gives_its_milestone_back(self):
        """It can be claimed again."""
        made = project(1000, milestones=PLAN)
        books = books_of(made, lambda made, books: bc.claim(made, books, milestone="Roof"))

        books = issued(books, bc.cancel("P-1", books))

        assert bc.claim(made, books, milestone="Roof").totals.net == 455

    def test_thirds(self):
        """100.00 in three milestones of a third are 33.34, 33.33 and 33.33."""
        plan = [bc.Milestone(name, share=THIRD) for name in "ABC"]
        made = project(100, milestones=plan)
        steps = [lambda made, books, n=n: bc.claim(made, books, milestone=n) for n in "ABC"]

        books = books_of(made, *steps)

        assert [each.totals.net for each in books.invoices.values()] == [
            *amounts("33.34", "33.33", "33.33")
        ]


class TestPartsAsTheyAre:
    """A delivered part is invoiced with its exact price."""

    def test_a_partial_invoice_of_items(self):
        """One part of two is delivered; the final deducts it whether it is paid or not."""
        made = project(7000, 3000)

        part = bc.claim(made, books_of(made), items=made.items[:1], kind=bc.InvoiceKind.PARTIAL)
        final = bc.final(made, issued(books_of(made), part))

        assert part.kind is bc.InvoiceKind.PARTIAL
        assert [line.title for line in part.lines] == ["part-1"]
        assert remaining(final) == amounts("3000.00", "570.00", "3570.00")

    def test_a_partial_claim_by_completion(self):
        """Its line says that it is one."""
        made = project(1000)

        part = bc.claim(made, books_of(made), completion=10, kind=bc.InvoiceKind.PARTIAL)

        assert part.lines[0].title == "Partial claim 1: 10 % of House 7"

    @pytest.mark.parametrize("gross", [False, True], ids=["net", "gross"])
    def test_more_than_is_left_is_refused(self, gross):
        """7,000 are delivered, and 5,000 are left."""
        made = project(7000, 3000, gross=gross)
        books = books_of(made, *done(50))

        with pytest.raises(bc.InvalidInputError, match=r"left: 5000\.00 EUR .* of 10000.00 EUR"):
            bc.claim(made, books, items=made.items[:1])


class TestDeposits:
    """One line, at the highest rate."""

    def test_the_highest_rate_applies(self):
        """A tenth of 1,000 at 7 % and 500 at 19 % is 150 at 19 %."""
        made = project((1000, "7"), (500, "19"))

        found = bc.deposit(made, books_of(made), rate=10)

        assert sums(found) == amounts("150.00", "28.50", "178.50")

    def test_an_amount(self):
        """Net, or gross."""
        made = project(1000)

        assert sums(bc.deposit(made, books_of(made), amount=200)) == amounts("200", "38", "238")
        assert sums(bc.deposit(made, books_of(made), gross=200)) == amounts(
            "168.07", "31.93", "200.00"
        )

    def test_claims_go_on_where_it_ends(self):
        """After 30 % as a deposit, half is 20 % more."""
        made = project(1000)
        books = books_of(made, lambda made, books: bc.deposit(made, books, rate=30))

        assert bc.claim(made, books, completion=50).totals.net == 200

    def test_all_of_it(self):
        """Of 100.01 prepaid in full, exactly nothing is left, on a final."""
        made = project("100.01", policy=AS_INVOICED)

        final = bc.final(
            made, books_of(made, lambda made, books: bc.deposit(made, books, rate=100))
        )

        assert final.kind is bc.InvoiceKind.FINAL
        assert remaining(final) == amounts("0", "0", "0")

    def test_it_does_not_know_the_order_discount(self):
        """All of 1,000 is prepaid, and 900 are billed: 119 are given back."""
        made = project(1000, discount=bc.Discount.amount(100), policy=AS_INVOICED)

        final = bc.final(
            made, books_of(made, lambda made, books: bc.deposit(made, books, rate=100))
        )

        assert remaining(final) == amounts("-100.00", "-19.00", "-119.00")


class TestProForma:
    """It states what would be billed."""

    def test_it_has_all_that_was_agreed(self):
        """With the order discount, and without a key."""
        found = bc.pro_forma(project(1000, discount=bc.Discount.percent(10)))

        assert found.kind is bc.InvoiceKind.PRO_FORMA
        assert sums(found) == amounts("900.00", "171.00", "1071.00")
        assert found.sub_invoice_key == ""


class TestBothShapes:
    """A final that bills the remainder has the same remainder."""

    def test_it_has_the_same_sums(self):
        """Three claims of two tax codes, and a rest."""
        for shape in bc.FinalShape:
            made = project("1234.57", ("999.99", "7"), policy=invoiced_only(final_shape=shape))
            final = bc.final(made, books_of(made, *done(20, 40, "66.6")))
            assert final.totals.due == remaining(final)[2] == Decimal("848.07")
