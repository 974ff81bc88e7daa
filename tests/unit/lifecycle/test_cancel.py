"""A cancellation is its original with the other sign, in every field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.lifecycle.taxing import with_actual_taxes
from billingcore.lifecycle.undoing.transitions import check_current
from billingcore.testing import check_document
from tests.unit.lifecycle.issuing import ACME, FEBRUARY, Issued, corrected, draft_of, item, sums

AMOUNTS = ("amount", "discount", "order_discount", "net", "priced")
TOTALS = ("line_total", "net", "tax", "gross", "paid", "rounding", "due")


def assert_negates(canceled: bc.DraftInvoice, draft: bc.DraftInvoice) -> None:
    """Compare two documents amount by amount."""
    check_document(canceled)
    for line, billed in zip(canceled.lines, draft.lines, strict=True):
        assert all(getattr(line, name) == -getattr(billed, name) for name in AMOUNTS)
        assert line.item.position_price == -billed.item.position_price
        assert (line.tax, line.span, line.number) == (billed.tax, billed.span, billed.number)
        assert (line.tax_amount is None) is (billed.tax_amount is None)
        assert (line.tax_amount or 0) + (billed.tax_amount or 0) == 0
        assert (line.covers, line.billable, line.corrects) == ((), "", None)
    for name in TOTALS:
        assert getattr(canceled.totals, name) + getattr(draft.totals, name) == 0
    rows = zip(canceled.totals.breakdown, draft.totals.breakdown, strict=True)
    for row, billed in rows:
        assert (row.tax, row.taxable, row.amount) == (billed.tax, -billed.taxable, -billed.amount)


def test_a_cancellation_negates_unit_prices_and_totals():
    """3 at 100.00 less 10 % and 50.00 become 3 at -100.00 and -50.00: -320.00, -54.80, -374.80."""
    seats = item("seats", 100, quantity=3, discount=bc.Discount.percent(10))
    issued = Issued(draft_of(seats, item("books", 50, tax_code="7")))
    canceled = bc.cancel("2026-00001", issued.books)

    assert sums(canceled) == ("-320.00", "-54.80", "-374.80")
    assert [line.unit_price for line in canceled.lines] == [-100, -50]
    assert [line.quantity for line in canceled.lines] == [3, 1]
    assert canceled.line(1).discount == Decimal("-30.00")
    assert_negates(canceled, issued.books.invoice("2026-00001").draft)


def test_a_cancellation_has_kind_name_and_original():
    """The draft is a cancellation of a number, named after it, and was never stored."""
    issued = Issued(draft_of(item("a")))
    canceled = bc.cancel(issued.books.invoice("2026-00001"), issued.books, reason="Wrong buyer")

    assert (canceled.kind, canceled.original) == (bc.InvoiceKind.CANCELLATION, "2026-00001")
    assert (canceled.id, canceled.version) == ("cancel/2026-00001/acme", 0)
    assert canceled.invoice_date is None
    assert canceled.claims == ()
    assert canceled.undoes is not None
    assert (canceled.undoes.date, canceled.undoes.kind) == (FEBRUARY, "invoice")
    assert canceled.undoes.reason == "Wrong buyer"
    assert repr(canceled) == (
        "<draft cancellation cancel/2026-00001/acme of 2026-00001: lines 1, gross -119.00 EUR>"
    )


def test_a_document_that_stands_alone_undoes_nothing():
    """An invoice has no original."""
    assert draft_of(item("a")).undoes is None


PRICINGS = {
    "tiers": bc.Pricing(bc.TIERED, [bc.Tier(10, "2.50"), bc.Tier(None, "2.20")]),
    "volume": bc.Pricing(bc.VOLUME, [bc.Tier(30, "2.30"), bc.Tier(None, "2.20")]),
    "flat tier": bc.Pricing(bc.TIERED, [bc.Tier(10, 25, price_type=bc.FLAT), bc.Tier(None, 2)]),
    "packages": bc.Pricing(bc.PACKAGE, package_size=10),
    "commission": bc.Pricing(bc.COMMISSION, percent="2.5"),
    "minimum": bc.Pricing(minimum=500),
    "maximum": bc.Pricing(maximum=7),
}


@pytest.mark.parametrize("name", PRICINGS)
def test_a_priced_item_is_negated(name):
    """Whatever the price model, each part of the price has the negated price, also as text."""
    priced = PRICINGS[name]
    price = None if priced.rule.has_own_prices else 3
    issued = Issued(draft_of(bc.Item("sms", unit_price=price, quantity=25, pricing=priced)))
    canceled = bc.cancel("2026-00001", issued.books)

    assert_negates(canceled, issued.books.invoice("2026-00001").draft)
    assert {line.quantity > 0 for line in canceled.lines} == {True}
    for line in canceled.lines:
        assert f"{line.amount} EUR" in str(bc.explain(line))


def test_a_pricing_put_on_a_line_by_hand_is_negated():
    """A minimum on a price of 0 is given back by a negated quantity: -20.00."""
    plain = draft_of(item("a", 0))
    edited = bc.edit.change_line(plain, 1, pricing=bc.Pricing(minimum=20))
    issued = Issued(edited)
    canceled = bc.cancel("2026-00001", issued.books)

    assert (canceled.line(1).amount, canceled.line(1).quantity) == (-20, -1)
    assert_negates(canceled, edited)


@pytest.mark.parametrize(
    "policy",
    [
        {},
        {"tax_level": bc.TaxLevel.LINE},
        {"tax_level": bc.TaxLevel.LINE, "tax_delta": True},
        {"tax_level": bc.TaxLevel.DOCUMENT},
        {"rounding": bc.Rounding.CEILING},
        {"cash_increments": {"EUR": "0.05"}},
    ],
    ids=["category", "line", "delta", "document", "ceiling", "cash"],
)
def test_taxes_and_rounding_are_negated(policy):
    """However tax and cash were rounded, the cancellation has the same with the other sign."""
    items = [item(f"i{number}", price) for number, price in enumerate(["0.69"] * 3 + ["0.99"] * 4)]
    items += [
        item("g", "11.90", price_includes_tax=True),
        item("h", "3.33", price_includes_tax=True),
        item("free", "4.44", tax_code="free"),
    ]
    issued = Issued(draft_of(*items, discount=bc.Discount.percent("7.5"), **policy))

    assert_negates(bc.cancel("2026-00001", issued.books), issued.books.invoice("2026-00001").draft)


def test_hidden_lines_are_canceled_too():
    """The hidden line of a tax delta is on the cancellation, and as hidden there."""
    items = [item(f"i{number}", "0.34") for number in range(3)]
    issued = Issued(draft_of(*items, tax_level=bc.TaxLevel.LINE, tax_delta=True))
    canceled = bc.cancel("2026-00001", issued.books)

    billed = issued.books.invoice("2026-00001").lines[-1]
    assert billed.is_hidden
    assert canceled.lines[-1].is_hidden
    assert canceled.lines[-1].tax_amount == -(billed.tax_amount or 0)
    assert len(canceled.visible_lines) == 3
    assert "line 4 of 2026-00001, undone" in str(bc.explain(canceled.lines[-1]))


def test_booking_and_buyer_are_those_of_the_original():
    """Debtor and recipients stay; the booking date is another."""
    draft = bc.edit.rebook(
        draft_of(item("a"), invoice_date="2026-02-01"),
        bc.DocumentBooking(debtor="10042", payment_method="SEPA", date="2026-01-31"),
    )
    issued = Issued(draft)
    canceled = bc.cancel("2026-00001", issued.books)

    assert canceled.booked == bc.DocumentBooking(debtor="10042", payment_method="SEPA")
    assert (canceled.account, canceled.heading) == (draft.account, draft.heading)


def test_a_cancellation_is_not_canceled():
    """What undoes a document stays, and the refusal says what to do instead."""
    issued = Issued(draft_of(item("a")))
    issued.cancel("2026-00001")

    with pytest.raises(
        bc.InvalidTransitionError,
        match=r"Cancellation '2026-00002': it is a cancellation itself; bill anew what 2026-00001",
    ):
        bc.cancel("2026-00002", issued.books)


def test_a_document_is_canceled_once():
    """A second cancellation is refused, naming the first."""
    issued = Issued(draft_of(item("a")))
    issued.cancel("2026-00001")

    with pytest.raises(bc.InvalidTransitionError, match="2026-00002 canceled it already"):
        bc.cancel("2026-00001", issued.books)


def test_credits_are_canceled_first():
    """An invoice with live credits is not canceled; once these are, it is."""
    issued = Issued(draft_of(item("a")))
    issued.credit("2026-00001", {1: 10})
    issued.credit("2026-00001", {1: 20})

    with pytest.raises(
        bc.InvalidTransitionError, match=r"by 2026-00002, 2026-00003; cancel these first"
    ):
        bc.cancel("2026-00001", issued.books)

    issued.cancel("2026-00002")
    issued.cancel("2026-00003")
    assert bc.cancel("2026-00001", issued.books).totals.net == -100


def test_a_credit_is_canceled():
    """The cancellation of a credit asks for the money again: 10.00 and tax."""
    issued = Issued(draft_of(item("a")))
    issued.credit("2026-00001", {1: 10})
    canceled = bc.cancel("2026-00002", issued.books)

    assert (canceled.kind, canceled.original) == (bc.InvoiceKind.CANCELLATION, "2026-00002")
    assert sums(canceled) == ("10.00", "1.90", "11.90")
    assert canceled.line(1).billing_key == "cancel/2026-00002/acme+1"


def test_a_corrected_document_is_not_canceled():
    """What another document corrects stays until that is canceled, which can be."""
    books = corrected()
    first, second = books.invoices

    with pytest.raises(bc.InvalidTransitionError, match=r"2026-00002 corrects it; cancel that"):
        bc.cancel(first, books)
    canceled = bc.cancel(second, books)
    assert canceled.totals.net == -books.invoice(second).totals.net
    assert all(line.corrects is None for line in canceled.lines)


def test_an_unknown_document():
    """A number of another account, or what is no number, is refused."""
    with pytest.raises(bc.InvalidInputError, match=r"Account 'acme': number = 'X'"):
        bc.cancel("X", bc.Books(ACME))
    with pytest.raises(bc.InvalidInputError, match="not text"):
        bc.cancel(draft_of(item("a")), bc.Books(ACME))  # type: ignore[arg-type]


def test_a_canceled_line_is_explained():
    """The steps are those of the line with the other sign, and the title names the line."""
    seats = item("seats", 100, title="Seats", quantity=3, discount=bc.Discount.amount(20))
    issued = Issued(draft_of(seats, tax_level=bc.TaxLevel.LINE))
    line = bc.cancel("2026-00001", issued.books, reason="Wrong\nbuyer").line(1)

    assert str(bc.explain(line)).splitlines() == [
        "Seats, 2026-01-01 to 2026-01-31, line 1 of 2026-00001, undone",
        "  reason: Wrong buyer",
        "  position price: -100 x 3 = -300 EUR",
        "  amount: -300.00 EUR",
        "  discount: -20.00 EUR",
        "  net: -300.00 + 20.00 = -280.00 EUR",
        "  tax: 19, S 19 %; -280.00 x 19 % = -53.20 EUR",
    ]


def test_nothing_is_written_back_because_of_a_cancellation():
    """The lines of a cancellation name no records, but keep the fields that these gave."""
    order = bc.SourceRecord(
        "Order",
        "O-1",
        {
            "ON_Account": "acme",
            "ON_UnitPrice": 10,
            "ON_Quantity": 1,
            "ON_Reference": "PO-7",
            "ON_Colour": "red",
        },
    )
    orders = bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order")
    store = bc.MemoryStore(filters=[orders])
    store.add(ACME, order)
    run = bc.InvoiceRun(bc.Period.month(2026, 1), selection=bc.Selection([orders]))
    (draft,) = bc.execute(run, store).drafts
    canceled = bc.cancel("2026-00001", Issued(draft).books)

    assert draft.references == ("PO-7",)
    assert (canceled.references, canceled.custom) == (draft.references, draft.custom)
    assert (canceled.documents, bc.updates(canceled), canceled.claims) == ((), (), ())
    line = canceled.line(1)
    assert ([*line.entered], line.sources) == ([], ())
    assert line.origin is not None
    assert (line.origin.is_single, line.origin.covers, line.origin.facts) == (False, (), ())


def test_a_stale_cancellation_is_found():
    """A cancellation that was made before a credit does not undo the whole document any more."""
    issued = Issued(draft_of(item("a")))
    canceled = bc.cancel("2026-00001", issued.books)
    check_current(canceled, issued.books)
    issued.credit("2026-00001", {1: 10})

    with pytest.raises(bc.InvalidTransitionError, match="2026-00002; cancel these first"):
        check_current(canceled, issued.books)


def test_documents_of_their_own_are_always_current():
    """A draft that cancels and credits nothing passes."""
    check_current(draft_of(item("a")), bc.Books(ACME))


EDITS = {
    "change": lambda draft: bc.edit.change_line(draft, 1, quantity=2),
    "add": lambda draft: bc.edit.add_line(draft, item("b")),
    "remove": lambda draft: bc.edit.remove_line(draft, 1),
    "discount": lambda draft: bc.edit.discount_order(draft, bc.Discount.percent(5)),
}


@pytest.mark.parametrize("name", EDITS)
def test_the_lines_of_a_cancellation_are_not_edited(name):
    """Lines that are another document's are refused, with what to do instead."""
    canceled = bc.cancel("2026-00001", Issued(draft_of(item("a"))).books)

    with pytest.raises(
        bc.InvalidTransitionError,
        match=r"its lines are those of 2026-00001; discard it, and credit other amounts",
    ):
        EDITS[name](canceled)


def test_a_cancellation_is_readdressed_and_rebooked():
    """Who gets it, and how it is booked, can change; the taxes are never asked for again."""
    canceled = bc.cancel("2026-00001", Issued(draft_of(item("a"))).books)
    anna = bc.Contact("anna", name="Anna", account="acme", roles=[bc.ContactRole.INVOICE])
    contacts = bc.Contacts([anna])
    sent = bc.edit.readdress(canceled, contacts, contact="anna")
    booked = bc.edit.rebook(sent, bc.DocumentBooking(date="2026-03-01"))

    assert sent.billing.name == "Anna"
    assert (booked.booked.date, booked.original) == (date(2026, 3, 1), "2026-00001")
    assert list(with_actual_taxes([booked], bc.TaxTable({}))) == [booked]


def test_the_booking_survives_edits():
    """What is said of the booking stays while lines are edited; other things are refused."""
    booked = bc.edit.rebook(draft_of(item("a")), bc.DocumentBooking(debtor="10042"))

    assert bc.edit.change_line(booked, 1, quantity=2).booked.debtor == "10042"
    with pytest.raises(bc.InvalidInputError, match="not a DocumentBooking"):
        bc.edit.rebook(booked, "10042")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (
            "en_US",
            [
                "Cancellation 2026-00002",
                "Cancels Invoice 2026-00001 of Feb 1, 2026",
                "Reason Wrong buyer",
                "1 a 1 -€100.00 -€100.00",
                "Total -€119.00",
                "Offset against 2026-00001 -€119.00",
            ],
        ),
        (
            "de_DE",
            [
                "Stornorechnung 2026-00002",
                "Storniert Rechnung 2026-00001 vom 01.02.2026",
                "Grund Wrong buyer",
                "1 a 1 -100,00 € -100,00 €",
                "Bruttobetrag -119,00 €",
                "Verrechnet mit 2026-00001 -119,00 €",
            ],
        ),
    ],
    ids=["English", "German"],
)
def test_a_cancellation_as_text(locale, said):
    """The text says what is canceled and why, and the amounts are negative."""
    issued = Issued(draft_of(item("a")))
    invoice = issued.issue(bc.cancel("2026-00001", issued.books, reason="Wrong buyer"))
    found = " ".join(bc.render.text(invoice, locale).split())

    assert [each for each in said if each not in found] == []
    assert "2026-00001." not in found


def test_the_cancellation_of_a_credit_asks_for_nothing():
    """It is offset against the credit, so that nobody is asked to pay it."""
    issued = Issued(draft_of(item("a")))
    issued.credit("2026-00001", {1: 10})
    found = " ".join(bc.render.text(issued.cancel("2026-00002"), "en_US").split())

    assert "Cancels Credit note 2026-00002 of Feb 1, 2026" in found
    assert "Offset against 2026-00002 €11.90" in found
    assert "Please pay" not in found
    assert "Due date" not in found
