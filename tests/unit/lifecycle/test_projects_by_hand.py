"""Documents of an agreement that are made one by one, without a project."""

import datetime as dt
from decimal import Decimal

import pytest
from attrs import evolve

import billingcore as bc
from tests.unit.lifecycle.agreements import (
    ACME,
    SPRING,
    VAT,
    amounts,
    invoiced_only,
    issued,
    remaining,
    sums,
)

BOOKS = bc.Books(ACME)
KIND = bc.InvoiceKind


def item(price=1000, name="work", **fields):
    """Make an item at 19 %."""
    return bc.Item(name, unit_price=price, tax_code="19", **fields)


def made(kind, *items, **options):
    """Make a draft of a kind."""
    return bc.draft(ACME, items or [item()], period=SPRING, tax=VAT, kind=kind, **options)


@pytest.mark.parametrize("kind", [KIND.PARTIAL, KIND.PROGRESS, KIND.DEPOSIT])
def test_a_part_invoice_without_a_key_stands_alone(kind):
    """Nothing deducts it."""
    draft = made(kind)

    assert (draft.kind, draft.sub_invoice_key) == (kind, "")
    assert draft.totals.gross == 1190


@pytest.mark.parametrize("kind", [KIND.PARTIAL, KIND.PROGRESS, KIND.DEPOSIT])
def test_a_part_invoice_counts_up_from_those_before(kind):
    """0.29 at 19 % are taxed 0.06, and 0.58 in all 0.11; so the second is taxed 0.05."""
    books = issued(BOOKS, made(kind, item("0.29"), sub_invoice_key="house", books=BOOKS))

    second = made(
        kind,
        item("0.30"),
        sub_invoice_key="house",
        books=books,
        discount=bc.Discount.amount("0.01"),
    )

    assert books.invoices["P-1"].totals.tax == Decimal("0.06")
    assert sums(second) == amounts("0.29", "0.05", "0.34")
    assert second.kind is kind


def test_taxes_each_for_itself():
    """The policy can say so; then the final closes the gap."""
    policy = invoiced_only(chain_tax=bc.ChainTax.EACH)
    books = BOOKS
    for name in ("a", "b"):
        part = made(
            KIND.PROGRESS,
            item("0.29", name),
            sub_invoice_key="house",
            books=books,
            policy=policy,
        )
        books = issued(books, part)

    final = made(KIND.FINAL, item("0.58"), sub_invoice_key="house", books=books, policy=policy)

    assert [each.totals.tax for each in books.invoices.values()] == [Decimal("0.06")] * 2
    assert remaining(final) == amounts("0.00", "-0.01", "-0.01")
    assert final.kind is KIND.FINAL


def test_another_currency_or_seller_is_another_agreement():
    """A key does not reach across them."""
    setup = bc.Setup(entities=[bc.BusinessEntity("North")])
    books = issued(BOOKS, made(KIND.PARTIAL, sub_invoice_key="house", books=BOOKS))

    dollars = made(
        KIND.FINAL, item(currency="USD"), sub_invoice_key="house", books=books, reference="d"
    )
    north = made(
        KIND.FINAL, sub_invoice_key="house", books=books, setup=setup, entity="North", reference="n"
    )
    own = made(KIND.FINAL, sub_invoice_key="house", books=books, reference="o")

    assert (dollars.deductions, north.deductions) == ((), ())
    assert [each.number for each in own.deductions] == ["P-1"]


def test_a_final_below_zero_is_a_final():
    """Its kind never follows from a sign."""
    final = made(KIND.FINAL, item(-5), sub_invoice_key="house", books=BOOKS)

    assert (final.kind, final.totals.gross) == (KIND.FINAL, Decimal("-5.95"))


def test_several_documents_can_be_pro_forma():
    """One for each currency."""
    items = [item(), item(name="more", currency="USD")]

    both = bc.drafts(ACME, items, period=SPRING, tax=VAT, kind=KIND.PRO_FORMA)

    assert [each.kind for each in both] == [KIND.PRO_FORMA] * 2


def test_several_documents_have_no_key():
    """One after the other knows of the one before; two at once do not."""
    items = [item(), item(name="more", criterion="south")]
    options = {"period": SPRING, "tax": VAT, "kind": KIND.PARTIAL, "books": BOOKS}

    with pytest.raises(bc.InvalidInputError, match="belong on 2 documents, and one has this key"):
        bc.drafts(ACME, items, **options, sub_invoice_key="house")
    assert len(bc.drafts(ACME, items[:1], **options, sub_invoice_key="house")) == 1


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"kind": KIND.CREDIT}, bc.InvalidInputError, "made of another document; use credit"),
        ({"kind": KIND.CANCELLATION}, bc.InvalidInputError, "made of another document; use cancel"),
        ({"kind": "bill"}, bc.InvalidInputError, "kind = 'bill': not an InvoiceKind"),
        ({"kind": KIND.FINAL}, bc.MissingFieldError, "by a sub invoice key"),
        (
            {"kind": KIND.STANDARD, "sub_invoice_key": "house"},
            bc.InvalidInputError,
            "no key for the kind 'invoice'; leave it out",
        ),
        (
            {"kind": KIND.PRO_FORMA, "sub_invoice_key": "house"},
            bc.InvalidInputError,
            "choose another kind: partial, progress, deposit, final",
        ),
        (
            {"kind": KIND.FINAL, "sub_invoice_key": "house"},
            bc.InvalidInputError,
            "nobody knows what was invoiced before; give the books",
        ),
        (
            {"kind": KIND.PARTIAL, "sub_invoice_key": "house", "books": "mine"},
            bc.InvalidInputError,
            "not a Books",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(options, error, message):
    """The error says what to do."""
    with pytest.raises(error, match=message):
        made(**options)


class TestEditing:
    """A document of an agreement can be edited; what it deducts cannot."""

    @staticmethod
    def remainder():
        """Give a final that bills the remainder: two lines, and one that deducts."""
        books = issued(BOOKS, made(KIND.PARTIAL, sub_invoice_key="house", books=BOOKS))
        policy = bc.DOCUMENTED.but(final_shape=bc.FinalShape.REMAINDER)
        items = [item(3000), item(1, name="more")]
        return made(KIND.FINAL, *items, sub_invoice_key="house", books=books, policy=policy)

    def test_a_deduction_is_not_edited(self):
        """It is an amount of another document."""
        final = self.remainder()

        for edit in (lambda: bc.edit.change_line(final, 3, quantity=1), lambda: remove(final, 3)):
            with pytest.raises(bc.InvalidInputError, match="deducts what was invoiced before"):
                edit()
        with pytest.raises(bc.InvalidInputError, match="no such line; use 1 to 2"):
            remove(final, 4)

    def test_other_lines_are(self):
        """What is left follows."""
        final = remove(self.remainder(), 2)

        assert [line.type for line in final.lines] == [
            bc.LineType.PRODUCT,
            bc.LineType.DEDUCTION,
        ]
        assert remaining(final) == amounts("2000.00", "380.00", "2380.00")
        with pytest.raises(bc.InvalidInputError, match="at least one line"):
            remove(final, 1)

    def test_a_part_invoice_keeps_its_kind(self):
        """Also with another line, and below zero."""
        part = made(KIND.PROGRESS, sub_invoice_key="house", books=BOOKS)

        edited = bc.edit.add_line(part, item(-2000, name="back"), tax=VAT)

        assert (edited.kind, edited.sub_invoice_key) == (KIND.PROGRESS, "house")
        assert edited.totals.net == -1000


def remove(draft, number):
    """Remove a line."""
    return bc.edit.remove_line(draft, number)


class TestRetention:
    """A part of what is due is kept back as security, and paid later."""

    FIVE = bc.Retention(days=1825, percent=5)

    @staticmethod
    def parts(draft):
        """Issue a draft on June 30, due at once, and give its parts: day and amount as text."""
        date = dt.date(2026, 6, 30)
        invoice = bc.Invoice("F-1", date, date, draft)
        return [(str(part.date), str(part.amount)) for part in bc.installments(invoice)]

    def test_of_a_final_it_is_a_part_of_all_that_was_agreed(self):
        """5 % of 4,760.00 are 238.00, although only 3,570.00 are due."""
        books = issued(BOOKS, made(KIND.PARTIAL, sub_invoice_key="house", books=BOOKS))
        final = made(
            KIND.FINAL, item(4000), sub_invoice_key="house", books=books, retention=self.FIVE
        )

        assert self.parts(final) == [("2026-06-30", "3332.00"), ("2031-06-29", "238.00")]

    def test_it_is_the_same_in_both_shapes(self):
        """A final that bills the remainder keeps back a part of the whole too."""
        books = issued(BOOKS, made(KIND.PARTIAL, sub_invoice_key="house", books=BOOKS))
        policy = bc.DOCUMENTED.but(final_shape=bc.FinalShape.REMAINDER)
        final = made(
            KIND.FINAL,
            item(4000),
            sub_invoice_key="house",
            books=books,
            retention=self.FIVE,
            policy=policy,
        )

        assert self.parts(final) == [("2026-06-30", "3332.00"), ("2031-06-29", "238.00")]

    def test_it_is_at_most_what_is_due(self):
        """10 % of 1,190.00 would be 119.00; 11.90 are due."""
        books = issued(BOOKS, made(KIND.PARTIAL, item(990), sub_invoice_key="house", books=BOOKS))
        final = made(
            KIND.FINAL,
            sub_invoice_key="house",
            books=books,
            retention=bc.Retention(365, percent=10),
        )

        assert self.parts(final) == [("2027-06-30", "11.90")]

    def test_it_comes_after_the_installments(self):
        """The rest is paid in two parts; the due date is that of the second."""
        terms = bc.PaymentTerms(
            installments=[bc.Installment(0), bc.Installment(30)], retention=self.FIVE
        )
        setup = bc.Setup([bc.Template("Default", payment_terms=terms)])
        draft = made(KIND.STANDARD, setup=setup)

        assert draft.payment_days == 30
        assert self.parts(draft) == [
            ("2026-06-30", "565.25"),
            ("2026-07-30", "565.25"),
            ("2031-06-29", "59.50"),
        ]

    def test_a_draft_can_have_its_own(self):
        """It goes before that of the template, whose other terms stay."""
        terms = bc.PaymentTerms(cash_discounts=[bc.CashDiscount(7, percent=2)])
        setup = bc.Setup([bc.Template("Default", payment_terms=terms)])

        found = made(KIND.STANDARD, setup=setup, retention=self.FIVE).template.payment_terms

        assert found == evolve(terms, retention=self.FIVE)

    def test_what_is_kept_back_can_be_asked_for(self):
        """By itself; it is nothing where less than half a cent would be kept, or nothing is due."""
        date = SPRING.start
        for price, kept in ((1000, Decimal("59.50")), ("0.05", None), (-5, None)):
            draft = made(KIND.STANDARD, item(price), retention=self.FIVE)
            found = bc.retained(bc.Invoice("F-1", date, date, draft))
            assert kept == (found and found.amount)

    def test_it_is_never_due_before_the_rest(self):
        """Payment days of 60 go before a retention of 30."""
        draft = made(KIND.STANDARD, retention=bc.Retention(30, percent=5))
        due = dt.date(2026, 8, 29)
        invoice = bc.Invoice("F-1", dt.date(2026, 6, 30), due, draft)

        assert {part.date for part in bc.installments(invoice)} == {due}

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: bc.Retention(0, percent=5), "days = 0: not a count"),
            (lambda: bc.Retention(1, percent=100), "percent = 100: not a part of the amount"),
            (
                lambda: bc.PaymentTerms(
                    installments=[bc.Installment(30)], retention=bc.Retention(30, percent=5)
                ),
                "not after the last installment; make it due later",
            ),
        ],
        ids=["at once", "all", "too early"],
    )
    def test_what_makes_no_sense_is_refused(self, make, message):
        """The field is named."""
        with pytest.raises(bc.InvalidInputError, match=message):
            make()
