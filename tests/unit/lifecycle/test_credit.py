"""A credit gives back parts of recorded lines; all of them together are the document."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

import billingcore as bc
from billingcore.lifecycle.undoing.transitions import check_current
from billingcore.testing import check_document
from tests.unit.lifecycle.issuing import (
    ACME,
    Issued,
    assert_given_back,
    corrected,
    draft_of,
    item,
    nets,
    sums,
)

ONE, HALF, THIRD = Fraction(1), Fraction(1, 2), Fraction(1, 3)


def test_single_credits_of_four_fees_give_back_the_invoice():
    """Four fees at 20 % are 334.99; credited one by one they are too, not 335.00 (field P1)."""
    fees = ["68.33", "68.33", "57.50", "85.00"]
    items = [item(f"fee-{n}", fee, tax_code="20") for n, fee in enumerate(fees)]
    issued = Issued(draft_of(*items))
    credits_ = [issued.credit("2026-00001", {number: ONE}) for number in (1, 3, 4, 2)]

    assert sums(issued.books.invoice("2026-00001")) == ("279.16", "55.83", "334.99")
    assert [sums(each) for each in credits_] == [
        ("-68.33", "-13.67", "-82.00"),
        ("-57.50", "-11.50", "-69.00"),
        ("-85.00", "-17.00", "-102.00"),
        ("-68.33", "-13.66", "-81.99"),
    ]
    assert_given_back(issued)


def test_a_part_of_a_line_has_its_price_discount_and_tax():
    """30.00 of 100.00 less 10 %: 33.33 less 3.33, at the rate that the line had (field P10)."""
    issued = Issued(draft_of(item("a", 100, discount=bc.Discount.percent(10)), item("b", 50)))
    made = bc.credit("2026-00001", issued.books, {1: 30}, reason="Too late")
    line = made.line(1)

    assert (made.kind, made.original) == (bc.InvoiceKind.CREDIT, "2026-00001")
    assert (line.amount, line.discount, line.net) == (
        Decimal("-33.33"),
        Decimal("-3.33"),
        Decimal("-30.00"),
    )
    assert (line.quantity, line.unit_price, line.factor) == (1, Decimal("-33.33"), 1)
    assert sums(made) == ("-30.00", "-5.70", "-35.70")
    assert (line.covers, line.billable) == ((), "")
    assert repr(made) == (
        "<draft credit credit/2026-00001/acme of 2026-00001: lines 1, gross -35.70 EUR>"
    )
    check_document(made)


def test_a_whole_line_is_given_back_as_it_was():
    """What is credited at once keeps quantity and days; only the unit price is negated."""
    seats = item("seats", 100, quantity=3, cadence=bc.monthly(), billing_type=bc.RECURRING_PRORATED)
    half = bc.Period.closed("2026-02-01", "2026-02-14")
    issued = Issued(draft_of(seats, item("b"), period=half))
    line = bc.credit("2026-00001", issued.books, {1: ONE}).line(1)

    assert (line.quantity, line.unit_price, line.factor) == (3, -100, HALF)
    assert (line.amount, line.number) == (-150, 1)


def test_everything_that_is_left():
    """Without lines all that is left is given back: two lines after a part of one."""
    issued = Issued(draft_of(item("a", 100), item("b", 50, tax_code="7"), item("c", 0)))
    issued.credit("2026-00001", {1: "33.33"})
    rest = issued.credit("2026-00001")

    assert nets(rest) == ["-66.67", "-50.00"]
    assert sums(rest) == ("-116.67", "-16.17", "-132.84")
    assert_given_back(issued)


def test_thirds_and_the_remainder():
    """Two thirds by share and the rest: 33.33, 33.33 and 33.34."""
    issued = Issued(draft_of(item("a")))
    found = [issued.credit("2026-00001", {1: THIRD}) for _ in range(2)]
    found.append(issued.credit("2026-00001"))

    assert [sums(each)[:2] for each in found] == [
        ("-33.33", "-6.33"),
        ("-33.33", "-6.34"),
        ("-33.34", "-6.33"),
    ]
    assert_given_back(issued)


def test_a_share_that_only_rounding_makes_too_large():
    """Half of 0.05 is 0.03 first, and the 0.02 that are left then."""
    issued = Issued(draft_of(item("a", "0.05")))

    assert [sums(issued.credit("2026-00001", {1: HALF}))[0] for _ in range(2)] == [
        "-0.03",
        "-0.02",
    ]


def test_lines_below_zero_keep_their_sign():
    """Of a line of -30.00 a part of -10.00 is given back, as +10.00."""
    issued = Issued(draft_of(item("a", 100), item("off", -30)))
    made = issued.credit("2026-00001", {1: 100, 2: -10})

    assert nets(made) == ["-100.00", "10.00"]
    assert sums(issued.credit("2026-00001")) == ("20.00", "3.80", "23.80")
    assert_given_back(issued)


def test_a_document_of_zero():
    """Lines that add up to 0 are given back together, but no gross amount is left of them."""
    issued = Issued(draft_of(item("a", 100), item("off", -100)))

    with pytest.raises(bc.InvalidInputError, match="nothing is left of it; leave it out"):
        bc.credit("2026-00001", issued.books, gross=1)
    assert nets(issued.credit("2026-00001")) == ["-100.00", "100.00"]


def test_a_credit_is_credited_by_an_invoice():
    """What is taken back of a credit is an invoice with amounts above 0."""
    issued = Issued(draft_of(item("a")))
    issued.credit("2026-00001", {1: 40})
    made = bc.credit("2026-00002", issued.books, {1: -10})

    assert (made.kind, made.original) == (bc.InvoiceKind.STANDARD, "2026-00002")
    assert sums(made) == ("10.00", "1.90", "11.90")
    assert made.id == "credit/2026-00002/acme"
    check_document(made)
    with pytest.raises(
        bc.InvalidInputError, match=r"-40.00 EUR is left; give a part of that, with"
    ):
        bc.credit("2026-00002", issued.books, {1: 10})


def test_a_canceled_credit_does_not_count():
    """After its credit was canceled the whole line can be given back again, on another draft."""
    issued = Issued(draft_of(item("a")))
    issued.credit("2026-00001", {1: 100})
    issued.cancel("2026-00002")
    made = bc.credit("2026-00001", issued.books, {1: 100})

    assert made.id == "credit/2026-00001/acme#2"


def test_a_reference_names_the_draft():
    """With references of their own several credits can be drafted at once."""
    issued = Issued(draft_of(item("a")))
    issued.credit("2026-00001", {1: 1}, reference="goodwill")
    made = bc.credit("2026-00001", issued.books, {1: 1}, reference="case 7")

    assert made.id == "credit/2026-00001/case%207/acme"
    assert bc.credit("2026-00001", issued.books, {1: 1}).id == "credit/2026-00001/acme"


def test_a_stale_credit_is_found():
    """A credit is made anew if another one was issued, or canceled, since it was made."""
    issued = Issued(draft_of(item("a")))
    one = bc.credit("2026-00001", issued.books, {1: 60}, reference="one")
    two = bc.credit("2026-00001", issued.books, {1: 60}, reference="two")
    check_current(two, issued.books)
    issued.issue(one)

    with pytest.raises(
        bc.InvalidTransitionError,
        match=r"Invoice '2026-00001': draft credit/2026-00001/two/acme was made before "
        r"2026-00002; discard the draft and make the credit anew",
    ):
        check_current(two, issued.books)


def test_what_was_taken_back_is_not_credited():
    """A line of 31.00 of which a later document took 21.00 back has 10.00 left."""
    books = corrected()
    made = bc.credit("2026-00001", books)

    assert made.totals.net == -10
    assert made.undoes is not None
    assert made.undoes.counted == ("2026-00002",)
    with pytest.raises(bc.InvalidInputError, match=r"10\.00 EUR is left"):
        bc.credit("2026-00001", books, {1: 11})
    assert nets(bc.credit("2026-00002", books)) == ["21.00", "-42.00"]


WRONG = {
    "no lines": ({"lines": {}}, "no line is named; name one, or leave it out"),
    "unknown line": ({"lines": {4: 1}}, "lines = 4: not a count; use a whole number from 1 to 3"),
    "nothing": ({"lines": {1: 0}}, "100.00 EUR is left; give a part of that"),
    "other sign": ({"lines": {1: -1}}, r"lines\[1\] = -1.00: 100.00 EUR is left"),
    "too much": ({"lines": {1: "100.01"}}, "100.00 EUR is left"),
    "of nothing": ({"lines": {3: 1}}, r"lines\[3\] = 1.00: nothing is left of it; leave it out"),
    "share of nothing": ({"lines": {3: HALF}}, "nothing is left of it; leave it out"),
    "more than all": ({"lines": {1: Fraction(3, 2)}}, "no possible share of a line"),
    "no share": ({"lines": {1: Fraction(0)}}, "use more than 0 and at most 1"),
    "a float": ({"lines": {1: 0.5}}, "a float is not exact"),
    "digits": ({"lines": {1: "0.001"}}, "more than 2 digits after the point"),
    "both": ({"lines": {1: 1}, "gross": 1}, "gross = 1: lines are named, too; give one of the two"),
    "gross": ({"gross": "172.51"}, r"Invoice '2026-00001': gross = 172.51: 172.50 EUR is left"),
    "reason": ({"reason": 7}, "reason = 7: not text"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_amounts_are_refused(name):
    """What cannot be given back is refused with the document, the field and what to write."""
    fields, match = WRONG[name]
    issued = Issued(draft_of(item("a", 100), item("b", 50, tax_code="7"), item("c", 0)))

    with pytest.raises(bc.InvalidInputError, match=match):
        bc.credit("2026-00001", issued.books, **fields)


def test_an_amount_in_another_currency():
    """Amounts of money are in the currency of the document."""
    issued = Issued(draft_of(item("a")))

    with pytest.raises(bc.CurrencyMismatchError, match="not in EUR; give it in EUR"):
        bc.credit("2026-00001", issued.books, {1: bc.Money(1, "USD")})
    assert bc.credit("2026-00001", issued.books, {1: bc.Money(1, "EUR")}).totals.net == -1


def test_documents_that_are_not_credited():
    """Nothing is given back of a cancellation, of what it canceled, or of what is given back."""
    issued = Issued(draft_of(item("a")), draft_of(item("b")))
    issued.cancel("2026-00001")
    issued.credit("2026-00002")

    with pytest.raises(bc.InvalidTransitionError, match="nothing is given back of a cancellation"):
        bc.credit("2026-00003", issued.books)
    with pytest.raises(bc.InvalidTransitionError, match="2026-00003 canceled it already"):
        bc.credit("2026-00001", issued.books)
    with pytest.raises(bc.InvalidTransitionError, match="nothing is left of it; it was given back"):
        bc.credit("2026-00002", issued.books, gross=1)


def test_a_part_of_a_line_is_explained():
    """The steps say which part of what it is, and what was given back before."""
    seats = item("seats", 100, title="Seats", quantity=3, discount=bc.Discount.percent(10))
    issued = Issued(draft_of(seats))
    issued.credit("2026-00001", {1: 40})
    made = bc.credit("2026-00001", issued.books, {1: 30}, reason="Too late")

    assert str(bc.explain(made.line(1))).splitlines() == [
        "Seats, 2026-01-01 to 2026-01-31, line 1 of 2026-00001, undone in part",
        "  reason: Too late",
        "  given back: 30.00 of 270.00 EUR, after 40.00 before",
        "  net: -33.34 + 3.34 = -30.00 EUR",
        "  tax rate: 19, S 19 %; rounded on the document",
    ]


def test_the_tax_of_a_part_is_explained():
    """A tax that was counted up is not called rounded: 0.02 of 0.0133, as 0.01 of 0.0266 was."""
    issued = Issued(draft_of(item("a", "0.20"), tax_level=bc.TaxLevel.LINE))
    issued.credit("2026-00001", {1: "0.07"})
    made = issued.credit("2026-00001", {1: "0.07"})

    assert str(bc.explain(made.lines[0])).splitlines()[-1] == (
        "  tax: 19, S 19 %; -0.07 x 19 % = -0.0133; -0.02 EUR, so that parts and whole agree"
    )


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (
            "en_US",
            [
                "Credit note 2026-00002",
                "Credits Invoice 2026-00001 of Feb 1, 2026",
                "Reason Too late",
                "Concerns line 1 of 2026-00001",
                "In your favor €11.90",
            ],
        ),
        (
            "de_DE",
            [
                "Gutschrift 2026-00002",
                "Gutschrift zu Rechnung 2026-00001 vom 01.02.2026",
                "Grund Too late",
                "Betrifft Position 1 von 2026-00001",
                "Zu Ihren Gunsten 11,90 €",
            ],
        ),
    ],
    ids=["English", "German"],
)
def test_a_credit_as_text(locale, said):
    """The text says what is credited, and which line each amount concerns."""
    issued = Issued(draft_of(item("a")))
    made = issued.credit("2026-00001", {1: 10}, reason="Too late")
    found = " ".join(bc.render.text(made, locale).split())

    assert [each for each in said if each not in found] == []


def test_an_invoice_that_takes_a_credit_back_as_text():
    """It names the credit, and asks for the money."""
    issued = Issued(draft_of(item("a")))
    issued.credit("2026-00001", {1: 10})
    found = " ".join(bc.render.text(issued.credit("2026-00002"), "en_US").split())

    assert "Takes back Credit note 2026-00002 of Feb 1, 2026" in found
    assert "Please pay €11.90" in found


def test_books_of_another_account():
    """A document is looked for in the books that are given."""
    invoice = Issued(draft_of(item("a"))).books.invoice("2026-00001")

    with pytest.raises(bc.InvalidInputError, match="no document of this number"):
        bc.credit(invoice, bc.Books(ACME))
