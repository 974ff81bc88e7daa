"""What documents pay of each other: credits, settlements, and taking it back."""

import datetime as dt

import pytest

import billingcore as bc
from billingcore.lifecycle.books import Effects
from billingcore.lifecycle.joining import after
from billingcore.lifecycle.paying.assigning import assign
from billingcore.lifecycle.paying.settling import clear_credit, settle, settled, unlinked
from billingcore.lifecycle.standing import balance_of, free_of, standing
from tests.unit.lifecycle.papers import books_of, canceled, paper, payment

DAY = dt.date(2026, 2, 10)
OPEN, PAID, SETTLED = (bc.InvoiceStatus[name] for name in ("OPEN", "PAID", "SETTLED"))
ACME_AG, OTHER = bc.BusinessEntity("Acme AG"), bc.BusinessEntity("Other AG")
SETUP = bc.Setup(entities=[ACME_AG, OTHER])


def put(books, *payments):
    """Give books after payments, each assigned to what it names."""
    for each in payments:
        made = assign(books, each, DAY)
        books = after(books, Effects("acme", payments=(each,), assignments=made))
    return books


def told(effects):
    """Write clearings down."""
    return [f"{each.id} {each.amount.normalize():f} {each.reason}" for each in effects.clearings]


# behaviour 7.4: grand total, balance before, credit, clearing, states of original and credit
TABLE = [
    (10, 10, -5, -5, 5, OPEN, SETTLED),
    (10, 2, -5, -2, 2, PAID, OPEN),
    (10, 0, -5, 0, 0, PAID, OPEN),
    (10, 0, 5, 0, 0, PAID, OPEN),
    (10, 2, 5, 0, 0, OPEN, OPEN),
    (10, 10, 5, 0, 0, OPEN, OPEN),
    (-10, -10, 5, 5, -5, OPEN, PAID),
    (-10, -2, 5, 2, -2, SETTLED, OPEN),
    (-10, -10, -5, 0, 0, OPEN, OPEN),
    (-10, -2, -5, 0, 0, OPEN, OPEN),
    (-10, 0, -5, 0, 0, SETTLED, OPEN),
    (-10, -10, 10, 10, -10, SETTLED, PAID),
    (-10, -2, 10, 10, -10, SETTLED, PAID),
    (10, 10, -10, -10, 10, PAID, SETTLED),
    (10, 2, -10, -10, 10, PAID, SETTLED),
]


@pytest.mark.parametrize(
    ("total", "before", "credit", "on_original", "on_credit", "original_state", "credit_state"),
    TABLE,
    ids=[f"{row[0]} with {row[1]} open, credit {row[2]}" for row in TABLE],
)
def test_a_credit_clears_what_the_documented_table_says(
    total, before, credit, on_original, on_credit, original_state, credit_state
):
    """Opposite signs clear the smaller amount on both; a complete credit unlinks payments first."""
    kind = bc.PaymentKind.PAYMENT if total > 0 else bc.PaymentKind.PAYOUT
    books = put(books_of(paper("A", total)), payment("P", abs(total - before), "A", kind=kind))
    assert balance_of(books, "A") == before
    kind = bc.InvoiceKind.CREDIT if total > 0 else bc.InvoiceKind.STANDARD
    document = paper("C", credit, original="A", kind=kind)

    books = after(books, clear_credit(books, document), document)

    assert cleared(books, "A", "C") == on_original
    assert cleared(books, "C", "A") == on_credit
    assert standing(books, "A").status is original_state
    assert standing(books, "C").status is credit_state
    assert free_of(books, "P") == (before - total if total == -credit else 0)


def cleared(books, number, other):
    """Give what another document clears of one."""
    movements = standing(books, number).movements
    return sum(each.amount for each in movements if each.source == f"invoice/{other}")


def test_a_document_without_an_original_clears_nothing():
    """A credit by the sign of its total stands alone."""
    assert clear_credit(books_of(paper("A", 10)), paper("C", -5)) == Effects("acme")


def test_a_document_that_is_canceled_is_not_cleared_again():
    """Its balance is 0 for good."""
    books = canceled(books_of(paper("A", 10)), "A")

    assert clear_credit(books, paper("C", -10, original="A")) == Effects("acme")


def test_a_credit_of_an_unknown_document_is_refused():
    """The error names the number."""
    with pytest.raises(bc.InvalidInputError, match="number = 'Z': no document"):
        clear_credit(books_of(), paper("C", -10, original="Z"))


def test_a_complete_credit_takes_back_all_that_others_paid():
    """A was paid by money, by a write-off and by another credit; all three are undone."""
    written_off = payment("W", 3, "A", "B", kind=bc.PaymentKind.WRITE_OFF)
    books = books_of(paper("A", 10), paper("B", 1), paper("S", -4))
    books = after(books, settle(books, "A", "S", on=DAY))
    books = put(books, payment("P", 4, "A"), written_off)
    document = paper("C", -10, original="A", on=DAY)

    effects = clear_credit(books, document)
    books = after(books, effects, document)

    assert told(effects) == ["A/S~2 -4 settlement", "A/C 10 credit"]
    assert [each.id for each in effects.assignments] == ["W/A~2", "P/A~2"]
    assert {each.date for each in effects.assignments} == {DAY}
    (kept,) = effects.payments
    assert (kept.id, kept.amount, kept.invoices) == ("W", 1, ("B",))
    assert [balance_of(books, number) for number in "ABCS"] == [0, 0, 0, -4]
    assert [free_of(books, name) for name in "PW"] == [-4, 0]


def test_unlinking_twice_takes_back_nothing_more():
    """The second time there is nothing left."""
    books = books_of(paper("A", 10), paper("S", -4))
    books = put(after(books, settle(books, "A", "S", on=DAY)), payment("P", 4, "A"))
    books = after(books, unlinked(books, "A", on=DAY))

    assert balance_of(books, "A") == 10
    assert unlinked(books, "A", on=DAY) == Effects("acme")


def test_a_document_is_settled_by_a_credit_of_the_account():
    """As much as both have; then the rest, under another id."""
    books = books_of(paper("A", 10), paper("S", -4))

    first = settle(books, "A", "S", on="2026-02-10", amount=1)
    books = after(books, first)
    second = settle(books, "A", "S", on=DAY)

    assert told(first) == ["A/S 1 settlement"]
    assert told(second) == ["A/S~2 3 settlement"]


@pytest.mark.parametrize(
    "amount", [5, 0, -1, "USD"], ids=["too much", "nothing", "negative", "money"]
)
def test_an_amount_that_cannot_be_settled_is_refused(amount):
    """The error says how much can be."""
    if amount == "USD":
        amount = bc.Money("1", "USD")
    books = books_of(paper("A", 10), paper("S", -4))
    with pytest.raises(
        bc.InvalidInputError, match=r"4\.00 EUR are left for a settlement|is in EUR"
    ):
        settle(books, "A", "S", on=DAY, amount=amount)


def test_a_document_without_anything_open_cannot_be_settled():
    """Two invoices do not pay each other."""
    books = books_of(paper("A", 10), paper("B", 4))
    with pytest.raises(bc.InvalidInputError, match="nothing is left for a settlement"):
        settle(books, "A", "B", on=DAY)


def test_documents_of_two_sellers_are_not_settled():
    """Nor those of two currencies."""
    books = books_of(
        paper("A", 10, entity="Acme AG", setup=SETUP),
        paper("S", -4, entity="Other AG", setup=SETUP),
        paper("U", -4, currency="USD", entity="Acme AG", setup=SETUP),
    )
    for credit, told in (("S", "Other AG in EUR"), ("U", "Acme AG in USD")):
        rule = f"another business entity or currency: it is of {told}, not Acme AG in EUR"
        with pytest.raises(bc.InvalidInputError, match=rule):
            settle(books, "A", credit, on=DAY)


def test_open_credits_pay_what_is_due_first():
    """Two credits of 15 and 10 pay 5, then 12, then 8 of 20, in the order of the due dates."""
    books = books_of(
        paper("A", 20, days=30),
        paper("B", 5, days=1),
        paper("C", 12, days=10),
        paper("X", -10, on=DAY),
        paper("Y", -15),
        paper("Z", 0),
    )

    effects = settled(books, on="2026-02-10")

    assert told(effects) == [
        "B/Y 5 settlement",
        "C/Y 10 settlement",
        "C/X 2 settlement",
        "A/X 8 settlement",
    ]
    assert settled(after(books, effects), on=DAY) == Effects("acme")


def test_open_credits_pay_only_for_their_own_seller_and_key():
    """The settlement key is a custom field of the documents."""

    def keyed(number, due, entity, project):
        """Give a document of a seller with a settlement key."""
        account = bc.Account("acme", currency="EUR", custom={"project": project})
        return paper(number, due, account=account, entity=entity, setup=SETUP)

    books = books_of(
        keyed("A", 10, "Acme AG", "north"),
        keyed("B", 10, "Acme AG", "south"),
        keyed("C", 10, "Other AG", "south"),
        keyed("X", -4, "Acme AG", "south"),
        keyed("Y", -3, "Other AG", "west"),
    )

    assert told(settled(books, on=DAY, key="project")) == ["B/X 4 settlement"]
    assert told(settled(books, on=DAY)) == ["A/X 4 settlement", "C/Y 3 settlement"]
