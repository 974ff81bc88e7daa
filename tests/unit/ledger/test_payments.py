"""The entries of payments and clearings: behavior 6.4."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

import billingcore as bc
from billingcore.ledger.payments import clearing_entries, payment_entries, split_gross
from tests.unit.ledger.books import (
    COLLECTIVE,
    accounting,
    by_account,
    customer,
    draft,
    invoice,
    issued,
    item,
    payment,
    row,
    rows,
)

Kind = bc.PaymentKind
ACME = customer()
SALE = invoice(item("1000"))
TWO_RATES = invoice(item("1000"), item("500", "DE_7", "book"))


def booked(paid, posted=(), books=None, invoices=(), amounts=None):
    """Book a payment."""
    given = (books or accounting(), ACME, invoices, amounts or {})
    return payment_entries(paid, posted, *given)


KINDS = {
    Kind.PAYMENT: ("Payment", "1200", "10001"),
    Kind.PREPAYMENT: ("Prepayment", "1200", "10001"),
    Kind.GRANT: ("Grant", "4930", "10001"),
    Kind.REFUND: ("Refund", "10001", "1200"),
    Kind.PAYOUT: ("Payout", "10001", "1200"),
    Kind.WRITE_OFF: ("Write-off", "2400", "10001"),
    Kind.CASH_DISCOUNT: ("Cash Discount", "8730", "10001"),
    Kind.DUNNING_FEE: ("Dunning Fee", "10001", "8700"),
    Kind.PROVIDER_FEE: ("Provider Fee", "4970", "1200"),
}


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
def test_every_kind(kind):
    """Each kind has its accounts; a negative amount goes the other way."""
    name, debit, credit = KINDS[kind]

    assert rows(booked(payment("11.90", kind)).entries) == [(name, debit, credit, "11.90")]
    assert rows(booked(payment("-11.90", kind)).entries) == [(name, credit, debit, "11.90")]


def test_the_worked_example():
    """The invoice of 1,190.00 is paid: 1200 in debit, the debtor and all others as before."""
    entries = bc.invoice_entries(SALE, accounting()).entries
    entries += booked(payment("1190", invoices=["R-1"]), invoices=[SALE]).entries

    assert rows(entries) == [
        ("Revenue", "10001", "8400", "1000.00"),
        ("Tax", "10001", "1776", "190.00"),
        ("Payment", "1200", "10001", "1190.00"),
    ]
    assert by_account(entries) == {"1200": "1190.00", "8400": "-1000.00", "1776": "-190.00"}


def test_a_payment_says_what_it_is():
    """An entry has the payment's date, and its reference or what it is."""
    fields = {"reference": "R-1 Acme", "custom": {"IBAN": "DE02"}}
    (entry,), _ = booked(payment("10", **fields))
    (plain,), _ = booked(payment("10", Kind.WRITE_OFF))

    assert (entry.id, entry.source, entry.text) == ("payment/P-1", "payment/P-1", "R-1 Acme")
    assert (entry.date, entry.period, entry.document) == (date(2026, 2, 10), "2026-02", "")
    assert entry.custom == (("IBAN", "DE02"),)
    assert plain.text == "Write-off P-1"


def test_booking_again_adds_nothing():
    """A later job that books the same payment finds nothing to do."""
    first = booked(payment("10")).entries

    assert booked(payment("10"), first).entries == ()


def test_a_changed_amount_adds_the_difference():
    """100.00, then 80.00, then 90.00: 20.00 are taken back, and 10.00 come again."""
    posted = booked(payment("100")).entries
    posted += booked(payment("80"), posted).entries
    posted += booked(payment("90"), posted).entries

    assert [entry.id for entry in posted] == ["payment/P-1", "payment/P-1~2", "payment/P-1~3"]
    assert rows(posted) == [
        ("Payment", "1200", "10001", "100.00"),
        ("Payment", "10001", "1200", "20.00"),
        ("Payment", "1200", "10001", "10.00"),
    ]


def test_a_deletion_adds_the_opposite():
    """A payment of 0 leaves nothing on any account."""
    posted = booked(payment("100")).entries
    posted += booked(payment("0"), posted).entries

    assert rows(posted)[1] == ("Payment", "10001", "1200", "100.00")
    assert by_account(posted) == {}


def test_another_bank_moves_the_money():
    """A corrected bank account takes the amount from one account to the other in one entry."""
    other = bc.CollectiveAccount("Post", bc.EntryType.PAYMENT, account="1100", bank_account="post")
    books = accounting(collective=[*COLLECTIVE, other])
    posted = booked(payment("10"), books=books).entries
    posted += booked(payment("10", bank_account="post"), posted, books).entries

    assert len(posted) == 2
    assert by_account(posted) == {"1100": "10.00", "10001": "-10.00"}


def test_an_account_that_was_missing_is_found_later():
    """Once a rule is there, the next job moves what stands without an account."""
    posted, problems = booked(payment("10"), books=accounting(collective=[]))
    posted += booked(payment("10"), posted).entries

    assert [problem.record for problem in problems] == ["payment/P-1"]
    assert by_account(posted) == {"1200": "10.00", "10001": "-10.00"}


@pytest.mark.parametrize("off", ["is_on", "books_payments"])
def test_switches(off):
    """Without bookkeeping, or without that of payments, nothing is booked."""
    books = accounting(**{off: False})
    clearing = bc.Clearing("C", "R-1", "R-2", Decimal(5), date(2026, 2, 1), "")

    assert booked(payment("10"), books=books) == ((), ())
    assert clearing_entries(clearing, (), books, ACME, SALE, SALE) == ((), ())


def test_a_closed_period_moves_a_payment():
    """February is closed: the payment of the 10th is booked on 1 March."""
    closed = bc.BookingPeriod(2026, 2, is_closed=True)
    (entry,), _ = booked(payment("10"), books=accounting(periods=[closed]))

    assert (entry.date, entry.document_date) == (date(2026, 3, 1), date(2026, 2, 10))


DISCOUNTS = {
    "one rate: 3 % of 1,190.00": (
        "35.70",
        SALE,
        [("Cash Discount", "8736", "30.00"), ("Tax", "1776", "5.70")],
    ),
    "two rates by gross amount, the last takes the rest": (
        "34.50",
        TWO_RATES,
        [
            ("Cash Discount", "8736", "20.00"),
            ("Tax", "1776", "3.80"),
            ("Cash Discount", "8730", "10.00"),
            ("Tax", "1771", "0.70"),
        ],
    ),
    "a cent has no tax": ("0.01", SALE, [("Cash Discount", "8736", "0.01")]),
    "nothing to divide by": ("10", invoice(item("0")), [("Cash Discount", "8730", "10.00")]),
}


@pytest.mark.parametrize(("amount", "document", "wanted"), DISCOUNTS.values(), ids=DISCOUNTS)
def test_cash_discounts(amount, document, wanted):
    """Net amount and tax are taken back for each tax code of the document."""
    found = booked(payment(amount, Kind.CASH_DISCOUNT), invoices=[document])

    assert [(kind, debit, amount) for kind, debit, _, amount in rows(found.entries)] == wanted
    assert {credit for _, _, credit, _ in rows(found.entries)} == {"10001"}


def test_cash_discounts_of_gross_books():
    """Where tax is not booked by itself, a cash discount is one amount."""
    found = booked(payment("35.70", Kind.CASH_DISCOUNT), (), accounting(is_gross=True), [SALE])

    assert rows(found.entries) == [("Cash Discount", "8730", "10001", "35.70")]


def test_tax_can_be_all_of_a_part():
    """At a rate of 1000 % a cent of discount is tax, and no net amount is booked."""
    tax = bc.Tax("DE_19", rate=1000)
    line = attrs.evolve(SALE.lines[0], tax=tax)
    totals = attrs.evolve(SALE.totals, breakdown=(bc.TaxSubtotal(tax, Decimal(1), Decimal(10)),))
    document = issued(attrs.evolve(SALE.draft, lines=(line,), totals=totals))
    found = booked(payment("0.01", Kind.CASH_DISCOUNT), invoices=[document])

    assert rows(found.entries) == [("Tax", "1776", "10001", "0.01")]


def test_the_share_of_the_worked_example():
    """1,000.00 for 1,190 at 19 % and 535 at 7 %: 689.86 and 310.14, each in net and tax."""
    assert [
        (tax.code, str(net), str(amount))
        for tax, net, amount in split_gross([TWO_RATES], Decimal(1000))
    ] == [("DE_19", "579.71", "110.15"), ("DE_7", "289.85", "20.29")]


def of_debtor(number, debtor, entity=None):
    """Give an invoice of 119.00 with a debtor number and seller of its own."""
    setup = bc.Setup(entities=[bc.BusinessEntity("Acme")])
    made = draft(item("100"), account=customer(entity=entity), setup=setup)
    return issued(attrs.evolve(made, booked=bc.DocumentBooking(debtor=debtor)), number)


def test_documents_of_several_debtors():
    """Of 300.00, 119.00 go to each debtor, and the rest to the customer's own."""
    invoices = [of_debtor("R-1", "20001"), of_debtor("R-2", "20002")]
    paid = {"R-1": Decimal(-119), "R-2": Decimal(-119)}
    found = booked(payment("300", invoices=["R-1", "R-2"]), (), None, invoices, paid)

    assert by_account(found.entries) == {
        "1200": "300.00",
        "20001": "-119.00",
        "20002": "-119.00",
        "10001": "-62.00",
    }


def test_documents_of_one_debtor_need_no_amounts():
    """All of a payment belongs to the debtor of its only document, or of the first."""
    one, two = of_debtor("R-1", "20001"), of_debtor("R-2", "20002")

    assert by_account(booked(payment("300"), invoices=[one]).entries)["20001"] == "-300.00"
    assert by_account(booked(payment("300"), invoices=[one, two]).entries)["20001"] == "-300.00"


def test_each_entity_has_its_own_entry():
    """What is for a document of Acme is in the books of Acme, the rest is in those of nobody."""
    invoices = [of_debtor("R-1", "", "Acme"), of_debtor("R-2", "20002")]
    paid = {"R-1": Decimal(-119), "R-2": Decimal(-119)}
    entries = booked(payment("238"), (), None, invoices, paid).entries

    assert [(entry.id, entry.period) for entry in entries] == [
        ("payment/P-1", "Acme-2026-02"),
        ("payment/P-1~2", "2026-02"),
    ]


@pytest.mark.parametrize(
    ("contra", "wanted"), [("", "1200"), ("1210", "1210")], ids=["the bank", "its own contra"]
)
def test_where_a_provider_keeps_its_fee(contra, wanted):
    """The fee is missing at the bank, or where its collective account says."""
    fee = bc.CollectiveAccount("Fee", bc.EntryType.PROVIDER_FEE, account="4970", contra=contra)
    books = accounting(collective=[COLLECTIVE[0], fee])
    found = booked(payment("1.50", Kind.PROVIDER_FEE), books=books)

    assert rows(found.entries) == [("Provider Fee", "4970", wanted, "1.50")]


def cleared(books, debit, credit, amount="119", posted=(), reason="settled"):
    """Book a clearing."""
    clearing = bc.Clearing("C", "R-1", "R-2", Decimal(amount), date(2026, 2, 1), reason)
    return clearing_entries(clearing, posted, books, ACME, debit, credit)


def test_a_clearing_of_one_debtor_is_not_booked():
    """Both documents stand on one account, on which nothing changes."""
    assert cleared(accounting(), SALE, invoice(item("-100"), number="R-2")) == ((), ())


def test_a_clearing_moves_between_debtors():
    """119.00 less is owed by 20001, and by as much less is owed to 20002."""
    found = cleared(accounting(), of_debtor("R-1", "20001"), of_debtor("R-2", "20002"))

    assert rows(found.entries) == [("Clearing", "20002", "20001", "119.00")]
    assert found.entries[0].id == "clearing/C"


def test_a_clearing_of_nothing_is_not_booked():
    """Zero amounts make no detail, whether there is an account or not."""
    pair = (of_debtor("R-1", "20001"), of_debtor("R-2", "20002"))
    clearing = bc.CollectiveAccount("Clear", bc.EntryType.CLEARING, account="1590")

    assert cleared(accounting(), *pair, "0").entries == ()
    assert cleared(accounting(collective=[clearing]), *pair, "0").entries == ()


def test_a_clearing_account_stands_between():
    """With an account for the reason, both sides go through it, and it is 0 again."""
    clearing = bc.CollectiveAccount(
        "Clear", bc.EntryType.CLEARING, account="1590", clearing_reason="settled"
    )
    books = accounting(collective=[clearing])
    (entry,), _ = cleared(books, SALE, of_debtor("R-2", "20002"))

    assert [row(line) for line in entry.details] == [
        ("Clearing", "1590", "10001", "119.00"),
        ("Clearing", "20002", "1590", "119.00"),
    ]
    assert by_account([entry]) == {"20002": "119.00", "10001": "-119.00"}
    assert cleared(books, SALE, SALE, reason="other").entries == ()


def test_a_clearing_is_booked_once():
    """What is booked of a clearing already is not booked again."""
    pair = (of_debtor("R-1", "20001"), of_debtor("R-2", "20002"))
    posted = cleared(accounting(), *pair).entries

    assert cleared(accounting(), *pair, posted=posted) == ((), ())


def test_a_cent_too_much_is_found():
    """An entry that balances and is a cent off its payment is mended by the next job."""
    (entry,), _ = booked(payment("10"))
    lines = tuple(line._replace(amount=line.amount + Decimal("0.01")) for line in entry.lines)
    posted = [attrs.evolve(entry, lines=lines)]

    assert rows(booked(payment("10"), posted).entries) == [("Payment", "10001", "1200", "0.01")]
