"""What is booked of advances and finals where journals A to E say nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

import billingcore as bc
from billingcore.ledger.interim import interim_entries
from billingcore.records.chain_document import ChainDocument
from billingcore.testing import check_entries
from tests.unit.ledger.books import by_account, customer, item, rows
from tests.unit.ledger.chains import (
    ACCOUNTING,
    DEPOSIT,
    PARTIAL,
    PROGRESS,
    accounting,
    amounts,
    document,
    final,
    part_invoice,
    receipts_of,
)

SUB = part_invoice("P-1", PROGRESS, "1000")
SOURCE = "interim/P-1/payment/P-1"
SHAPES = {"total": bc.FinalShape.CUMULATIVE, "remainder": bc.FinalShape.REMAINDER}


def posted(parts, before=(), books=ACCOUNTING, invoice=SUB):
    """Give what is booked when a receipt pays these parts."""
    day = date(2026, 2, 10)
    return interim_entries(invoice, parts, before, books, source=SOURCE, on=day)


def test_a_receipt_is_booked_as_the_difference():
    """119.00, then 238.00, then nothing: twice what is new, and the opposite of all of it."""
    half, whole = amounts(("DE_19", "100", "19")), amounts(("DE_19", "200", "38"))
    first = posted(half).entries
    again = posted(half, first)
    more = posted(whole, first).entries
    back = posted((), [*first, *more]).entries

    assert again == ((), ())
    assert [each.id for each in (*first, *more, *back)] == [SOURCE, f"{SOURCE}~2", f"{SOURCE}~3"]
    assert rows(more) == [
        ("Interim Payment", "1593", "1718", "100.00"),
        ("Interim Tax", "1593", "1776", "19.00"),
    ]
    assert rows(back) == [
        ("Interim Payment", "1718", "1593", "200.00"),
        ("Interim Tax", "1776", "1593", "38.00"),
    ]
    assert {(each.document, each.text) for each in first} == {("P-1", "Advance on P-1")}


def test_in_gross_values_a_receipt_is_one_amount():
    """Net amount and tax stand on 1718 together."""
    entries = posted(amounts(("DE_19", "100", "19")), books=accounting(is_gross=True)).entries

    assert rows(entries) == [("Interim Payment", "1593", "1718", "119.00")]


def test_amounts_of_zero_are_not_booked():
    """A code that a receipt pays nothing of has no detail, and neither has a tax of 0."""
    entries = posted(amounts(("DE_19", "0", "0"), ("DE_7", "100", "0"))).entries

    assert rows(entries) == [("Interim Payment", "1593", "1711", "100.00")]


def test_the_account_of_a_receipt_is_that_of_code_region_and_entity():
    """A seller's own account for buyers abroad wins over one for the tax code only."""
    own = bc.CollectiveAccount(
        "Own", bc.EntryType.INTERIM_PAYMENT, account="1719", contra="1593",
        tax_code="DE_19", tax_rule="AT", entity="Seller",
    )  # fmt: skip
    books = accounting(collective=[*ACCOUNTING.collective, own])
    setup = bc.Setup(entities=[bc.BusinessEntity("Seller")])
    account = customer(tax_region="AT", entity="Seller")
    sub = part_invoice("P-1", PROGRESS, "1000", account=account, setup=setup)
    (entry,) = posted(amounts(("DE_19", "100", "0")), books=books, invoice=sub).entries

    assert entry.entity == "Seller"
    assert rows([entry]) == [("Interim Payment", "1593", "1719", "100.00")]


def test_a_receipt_without_accounts_is_reported():
    """It stands without them, and names what was looked for."""
    booked = posted(amounts(("DE_19", "100", "19")), books=bc.Accounting())

    assert [each.account for each in booked.entries[0].details] == ["", ""]
    assert [problem.message for problem in booked.problems] == [
        "Interim Payment: no account fits for tax_code 'DE_19'",
        "Interim Tax: no account fits for tax_code 'DE_19'",
    ]


def test_a_pro_forma_is_not_booked():
    """It asks for nothing."""
    assert bc.invoice_entries(part_invoice("F-1", bc.InvoiceKind.PRO_FORMA, "1"), ACCOUNTING) == (
        (), (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("books_deposits", "expected"),
    [(True, [("Interim Revenue", "10001", "1593", "119.00")]), (False, [])],
    ids=["booked", "not booked"],
)
def test_deposits_are_booked_like_progress_invoices_if_at_all(books_deposits, expected):
    """The switch says so."""
    books = accounting(books_deposits=books_deposits)

    assert rows(bc.invoice_entries(part_invoice("D-1", DEPOSIT, "100"), books).entries) == expected


def test_a_credit_of_an_advance_takes_back_no_revenue():
    """119.00 leave 1593; the same credit of a plain invoice takes revenue back."""
    credit = part_invoice("C-1", bc.InvoiceKind.CREDIT, "-100")
    advance = bc.invoice_entries(credit, ACCOUNTING, original=PROGRESS).entries
    plain = bc.invoice_entries(credit, ACCOUNTING, original=bc.InvoiceKind.STANDARD).entries

    assert rows(advance) == [("Interim Revenue", "1593", "10001", "119.00")]
    assert [kind for kind, *_ in rows(plain)] == ["Revenue", "Tax"]
    check_entries(credit, advance, original=PROGRESS)
    check_entries(credit, plain, original=bc.InvoiceKind.STANDARD)


def test_lines_that_add_up_to_nothing_are_no_advance():
    """A code whose lines cancel each other out has no detail."""
    sub = part_invoice("P-1", PROGRESS, item("5"), item("-5", name="b"), item("7", "DE_7", "c"))

    assert rows(bc.invoice_entries(sub, ACCOUNTING).entries) == [
        ("Interim Revenue", "10001", "1593", "7.49")
    ]


MONTHS = bc.BookingTerms(recognition=bc.Recognition.BOOKING_MONTH, center="A")
YEAR = bc.Period.year(2026)


def spread(number, kind, price, on):
    """Give a document over a year, whose revenue is spread over the months."""
    return part_invoice(number, kind, item(price, booking=MONTHS), on=on, period=YEAR)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("reverses", [False, True], ids=["net", "reversal"])
def test_deferred_revenue_of_a_partial_invoice(shape, reverses):
    """1,200.00 of January and 3,600.00 of June: what is new of half a year, and of each month."""
    books = accounting(reverses_partials=reverses)
    partial = spread("T-1", PARTIAL, "1200", date(2026, 1, 15))
    prior = {"T-1": bc.invoice_entries(partial, books).entries}
    end = final(
        "F", [document(partial)], item("3600", booking=MONTHS),
        shape=shape, on=date(2026, 6, 15), period=YEAR,
    )  # fmt: skip
    made = bc.invoice_entries(end, books, prior=prior).entries
    months = {entry.id: by_account([entry]) for entry in made[1:]}
    check_entries(end, made, prior=prior)

    assert by_account(made[:1]) == {
        "10001": "2856.00", "8400": "-1200.00", "0990": "-1200.00", "1776": "-456.00",
    }  # fmt: skip
    assert [*months] == [f"invoice/F/2026-{month:02}" for month in range(7, 13)]
    assert all(each == {"0990": "200.00", "8400": "-200.00"} for each in months.values())
    if not reverses:
        assert rows(made[:1]) == [
            ("Revenue", "10001", "8400", "1200.00"),
            ("Deferred", "10001", "0990", "1200.00"),
            ("Tax", "10001", "1776", "456.00"),
        ]
        assert {line.center for line in made[0].details[:2]} == {"A"}


def test_a_final_that_defers_nothing_takes_later_months_back():
    """What the partial invoice deferred is revenue in June, and no month has it a second time."""
    partial = spread("T-1", PARTIAL, "1200", date(2026, 1, 15))
    prior = {"T-1": bc.invoice_entries(partial, ACCOUNTING).entries}
    terms = bc.BookingTerms(center="A")
    end = final("F", [document(partial)], item("1200", booking=terms), on=date(2026, 6, 15))
    made = bc.invoice_entries(end, ACCOUNTING, prior=prior).entries
    check_entries(end, made, prior=prior)

    assert rows(made[:1]) == [
        ("Revenue", "10001", "8400", "600.00"),
        ("Deferred", "0990", "10001", "600.00"),
    ]
    assert [by_account([each]) for each in made[1:]] == [{"8400": "100.00", "0990": "-100.00"}] * 6
    assert by_account([*prior["T-1"], *made])["8400"] == "-1200.00"


def test_a_partial_invoice_on_another_debtor_lowers_what_the_final_asks_for():
    """The partial stays a claim against 10009, and 10001 owes the remainder."""
    partial = part_invoice("T-1", PARTIAL, "400", account=customer(debtor="10009"))
    prior = {"T-1": bc.invoice_entries(partial, ACCOUNTING).entries}
    end = final("F", [document(partial)], "1000")
    made = bc.invoice_entries(end, ACCOUNTING, prior=prior).entries

    assert by_account(made) == {"10001": "714.00", "8400": "-600.00", "1776": "-114.00"}


def test_the_other_side_that_a_collective_account_names_stays():
    """Tax against 1790 is taken back against 1790, in whatever months the debtor changed."""
    tax = bc.CollectiveAccount("Tax", bc.EntryType.TAX, account="1776", contra="1790")
    kept = [each for each in ACCOUNTING.collective if each.type is not bc.EntryType.TAX]
    books = accounting(collective=[*kept, tax])
    partial = part_invoice("T-1", PARTIAL, "400")
    prior = {"T-1": bc.invoice_entries(partial, books).entries}
    made = bc.invoice_entries(final("F", [document(partial)], "1000"), books, prior=prior).entries

    assert by_account(made) == {
        "10001": "600.00", "1790": "114.00", "8400": "-600.00", "1776": "-114.00",
    }  # fmt: skip


def test_a_partial_invoice_without_an_account_is_reported_again():
    """The final cannot mend what the partial invoice books, so it says so, too."""
    partial = part_invoice("T-1", PARTIAL, "400")
    prior = {"T-1": bc.invoice_entries(partial, accounting(rules=[])).entries}
    booked = bc.invoice_entries(final("F", [document(partial)], "1000"), ACCOUNTING, prior=prior)

    assert [problem.message for problem in booked.problems] == [
        "Revenue: no account fits for tax_code 'DE_19'"
    ]
    assert by_account(booked.entries) == {
        "": "400.00", "10001": "714.00", "8400": "-1000.00", "1776": "-114.00",
    }  # fmt: skip


def elsewhere(*rows_, kind=PARTIAL, **fields):
    """Describe a part invoice that was made elsewhere, with amounts of few digits."""
    return ChainDocument(
        "X-1", kind=kind, key="house", date="2026-01-10", currency="EUR",
        invoiced=amounts(*rows_), **fields,
    )  # fmt: skip


def test_a_partial_invoice_made_elsewhere_has_the_accounts_of_the_final():
    """Its revenue is that of the first line with the tax code; a code without one is looked up."""
    terms = bc.BookingTerms(account="8401", center="A")
    end = final(
        "F", [elsewhere(("DE_19", "400", "76"), ("DE_7", "100", "7"), ("DE_0", "5", "0"))],
        item("1000", booking=terms), item("500", name="b"),
    )  # fmt: skip
    made = bc.invoice_entries(end, ACCOUNTING).entries
    check_entries(end, made)

    assert rows(made) == [
        ("Revenue", "10001", "8401", "600.00"),
        ("Revenue", "10001", "8400", "500.00"),
        ("Tax", "10001", "1776", "209.00"),
        ("Revenue", "8300", "10001", "100.00"),
        ("Tax", "1771", "10001", "7.00"),
        ("Revenue", "8000", "10001", "5.00"),
    ]


def test_a_partial_invoice_made_elsewhere_counts_gross_in_gross_values():
    """476.00 come off 1,190.00; amounts of 0 come off nothing."""
    books = accounting(is_gross=True)
    end = final("F", [elsewhere(("DE_19", "400", "76"), ("DE_7", "0", "0"))], "1000")
    made = bc.invoice_entries(end, books).entries
    check_entries(end, made)

    assert rows(made) == [("Revenue", "10001", "8400", "714.00")]


@pytest.mark.parametrize(
    ("books_deposits", "expected"),
    [
        (True, {"10001": "714.00", "1718": "400.00", "1776": "-114.00", "8400": "-1000.00"}),
        (False, {"10001": "1190.00", "1776": "-190.00", "8400": "-1000.00"}),
    ],
    ids=["booked", "not booked"],
)
def test_a_deposit_made_elsewhere_is_cleared_if_deposits_are_booked(books_deposits, expected):
    """The switch says whether its payment stands on 1718 or on the debtor."""
    paid = amounts(("DE_19", "400", "76"), ("DE_7", "0", "0"))
    given = elsewhere(("DE_19", "400", "76"), ("DE_7", "0", "0"), kind=DEPOSIT, paid=paid)
    end = final("F", [given], "1000")
    made = bc.invoice_entries(end, accounting(books_deposits=books_deposits)).entries
    check_entries(end, made)

    assert by_account(made) == expected


def test_two_codes_that_share_a_row_keep_their_amounts():
    """A final of the remainder has its revenue and tax by code, like one of the whole."""
    items = item("1000"), item("500", "DE_19_SERVICE", "b"), item("7", "DE_7", "c")
    tax = bc.CollectiveAccount("T", bc.EntryType.TAX, account="1775", tax_code="DE_19_SERVICE")
    rule = bc.AssignmentRule("R", account="8410", tax_code="DE_19_SERVICE")
    books = accounting(collective=[*ACCOUNTING.collective, tax], rules=[*ACCOUNTING.rules, rule])
    given = [document(SUB, "595")]
    first, second = (
        rows(bc.invoice_entries(final("F", given, *items, shape=shape), books).entries)
        for shape in SHAPES.values()
    )

    assert first == second
    assert first[:6] == [
        ("Revenue", "10001", "8400", "1000.00"),
        ("Revenue", "10001", "8410", "500.00"),
        ("Revenue", "10001", "8300", "7.00"),
        ("Tax", "10001", "1776", "190.00"),
        ("Tax", "10001", "1775", "95.00"),
        ("Tax", "10001", "1771", "0.49"),
    ]


def test_receipts_are_no_sum():
    """Each receipt has an entry of its own, with the day of the money."""
    found = receipts_of(SUB, "100", "200")

    assert [each.source for each in found] == [SOURCE, "interim/P-1/payment/P-2"]
    assert sum(each.amount for entry in found for each in entry.details) == Decimal(300)


def test_a_document_of_nothing_has_no_entry():
    """An advance of 0.00 books nothing, and neither does a final of nothing more."""
    partial = part_invoice("T-1", PARTIAL, "400")
    prior = {"T-1": bc.invoice_entries(partial, ACCOUNTING).entries}
    end = final("F", [document(partial)], "400")

    assert bc.invoice_entries(end, ACCOUNTING, prior=prior) == ((), ())
    check_entries(end, (), prior=prior)
    nothing = attrs.evolve(part_invoice("P-9", PROGRESS, item("5"), item("-5", name="b")))
    assert bc.invoice_entries(nothing, ACCOUNTING) == ((), ())
    check_entries(nothing, ())


CASH = attrs.evolve(bc.DOCUMENTED, cash_increments=(("EUR", Decimal("0.05")),))


def test_rounding_of_a_partial_invoice_stays_with_it():
    """The final takes off 119.02, as it was invoiced, though 119.00 are asked for by the partial."""
    partial = part_invoice("T-1", PARTIAL, "100.02", policy=CASH)
    prior = {"T-1": bc.invoice_entries(partial, ACCOUNTING).entries}
    end = final("F", [document(partial)], "1000", policy=CASH)
    made = bc.invoice_entries(end, ACCOUNTING, prior=prior).entries
    check_entries(end, made, prior=prior)

    assert rows(prior["T-1"])[2:] == [("Rounding", "8740", "10001", "0.02")]
    assert rows(made) == [
        ("Revenue", "10001", "8400", "899.98"),
        ("Tax", "10001", "1776", "171.00"),
        ("Rounding", "10001", "8740", "0.02"),
    ]


def test_what_was_paid_of_an_unbooked_deposit_in_part_is_not_rounded():
    """50.01 of 119.02 came in and are deducted as they are, so no cents are left to book."""
    deposit = part_invoice("D-1", DEPOSIT, "100.02", policy=CASH)
    end = final("F", [document(deposit, "50.01")], "1000", policy=CASH)
    made = bc.invoice_entries(end, ACCOUNTING, prior={"D-1": ()}).entries

    assert str(end.totals.due) == "1140.00"
    assert by_account(made) == {
        "10001": "1190.01", "8400": "-1000.00", "1776": "-190.00", "8740": "-0.01",
    }  # fmt: skip
