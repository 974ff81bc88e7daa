"""Documents of another system are kept under their own numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

import pytest

import billingcore as bc
from billingcore.testing import check_books, check_numbers

ACME = bc.Account("acme", currency="EUR", debtor="10042")
MARCH = bc.Period.month(2026, 3)


def store_of(**setup):
    """Give a store with one account and one template."""
    store = bc.MemoryStore(setup=bc.Setup([bc.Template("Default")], **setup))
    store.add(ACME)
    return store


def drafted(amount="357.00", **options):
    """Make a draft of what is open on a document."""
    item = bc.Item("opening", unit_price=amount, booking=bc.BookingTerms(product_group="Opening"))
    return bc.draft(ACME, [item], period=MARCH, **options)


def taken(store, number="2026-00390", amount="357.00", **days):
    """Take a document over."""
    given = {"on": "2026-03-02", "due": "2026-04-01", **days}
    return bc.take_over(drafted(amount), store, number=number, **given)


class TestTakeOver:
    def test_number_and_days_are_kept(self):
        """The document has the number, the date and the due date that it had."""
        store = store_of()

        invoice = taken(store)

        assert (invoice.number, invoice.date, invoice.due_date) == (
            "2026-00390",
            date(2026, 3, 2),
            date(2026, 4, 1),
        )
        assert store.invoice("2026-00390") == invoice
        assert invoice.claims == ()

    def test_the_series_of_the_host_is_not_counted(self):
        """The first own document has the first number of its series."""
        store = store_of()
        taken(store)

        own = bc.finalize(drafted("10.00"), store, on="2026-04-01")

        assert own.number == "2026-00001"
        check_numbers(store.invoices(), store.skipped())

    def test_two_of_one_content(self):
        """Documents that differ only in their numbers are both kept."""
        store = store_of()
        taken(store, "A-1")
        taken(store, "A-2")

        assert [each.number for each in store.invoices()] == ["A-1", "A-2"]

    def test_it_is_paid_like_any_other(self):
        """A payment that names it pays it."""
        store = store_of()
        taken(store)
        bc.pay(
            store,
            bc.Payment(
                "P-1", account="acme", amount=357, currency="EUR", date="2026-04-07",
                invoices=["2026-00390"],
            ),
        )  # fmt: skip

        found = bc.standing(store.books("acme"), "2026-00390")

        assert (found.status, found.balance) == (bc.InvoiceStatus.PAID, Decimal(0))

    def test_a_credit_settles_what_is_open(self):
        """An amount below 0 is a credit, which pays open documents of the account."""
        store = store_of()
        taken(store)
        assert taken(store, "G-7", "-57.00").kind is bc.InvoiceKind.CREDIT

        store.record("acme", partial(bc.settled, on="2026-04-01"))

        assert bc.balance_of(store.books("acme"), "2026-00390") == Decimal(300)
        check_books(store.books("acme"))

    def test_it_is_booked_on_the_opening_account(self):
        """Its entry is against the account of its item, on the day that its draft names."""
        rule = bc.AssignmentRule("Opening", account="9000", product_group="Opening")
        store = store_of(accounting=bc.Accounting(rules=[rule]))
        made = bc.edit.rebook(drafted(), bc.DocumentBooking(date="2026-04-01"))

        bc.take_over(made, store, number="A-1", on="2026-03-02", due="2026-04-01")

        (entry,) = store.books("acme").entries["invoice/A-1"]
        assert entry.date == date(2026, 4, 1)
        assert [(line.account, line.signed) for line in entry.lines] == [
            ("10042", Decimal(357)),
            ("9000", Decimal(-357)),
        ]

    def test_in_the_house_currency(self):
        """In another currency it is converted at the rate of its own date."""
        rates = bc.ExchangeTable(
            [bc.ExchangeRate("EUR", "USD", rate="1.10", date="2026-03-01", source="ECB")]
        )
        store = store_of(house_currency="USD", exchange=rates)

        house = taken(store).house

        assert house is not None
        assert house.gross == Decimal("392.70")

    def test_without_a_rate(self):
        """Nothing is kept if its amount cannot be converted."""
        store = store_of(house_currency="USD", exchange=bc.ExchangeTable([]))

        with pytest.raises(bc.InvalidInputError):
            taken(store)

        assert not [*store.invoices()]

    def test_without_a_tax_engine_that_answers(self):
        """Nothing is kept if the taxes of the draft cannot be asked for."""
        table = bc.TaxTable({"DE_19": 19})
        item = bc.Item("x", unit_price=1, tax_code="DE_19")
        made = bc.draft(ACME, [item], period=MARCH, tax=table)
        store = store_of()

        with pytest.raises(bc.BillingError):
            bc.take_over(made, store, number="A-1", on="2026-03-02", due="2026-04-01")

        assert not [*store.invoices()]


class TestRefusals:
    def test_twice(self):
        """A document is taken over once."""
        store = store_of()
        taken(store)

        with pytest.raises(bc.InvalidTransitionError, match="invoice already"):
            taken(store)

    def test_a_number_of_an_own_document(self):
        """A number that is in use is refused."""
        store = store_of()
        bc.finalize(drafted(), store, on="2026-04-01")

        with pytest.raises(bc.InvalidInputError, match="in use"):
            taken(store, "2026-00001")

    def test_due_before_its_date(self):
        """A document is not due before its date."""
        with pytest.raises(bc.InvalidInputError, match="due = '2026-03-01': before the start"):
            taken(store_of(), due="2026-03-01")

    def test_a_draft_of_a_run(self):
        """What a run has billed gets a number of its own series."""
        store = store_of()
        store.add(bc.Subscription("S-1", account="acme", items=[bc.Item("x", unit_price=1)]))
        (draft,) = bc.execute(bc.InvoiceRun(MARCH), store).drafts

        with pytest.raises(bc.InvalidInputError, match="not made by hand"):
            bc.take_over(draft, store, number="A-1", on="2026-03-02", due="2026-04-01")

    def test_a_document_of_an_agreement(self):
        """Part invoices are handed in as documents of their chain."""
        made = drafted(
            kind=bc.InvoiceKind.PARTIAL, sub_invoice_key="hall", books=store_of().books("acme")
        )

        with pytest.raises(bc.InvalidInputError, match="put_earlier"):
            bc.take_over(made, store_of(), number="A-1", on="2026-03-02", due="2026-04-01")

    def test_a_draft_that_is_stored(self):
        """A stored draft would stay beside the document, and could be finalized as well."""
        store = store_of()
        kept = store.put(drafted())

        with pytest.raises(bc.InvalidInputError, match="stored as a draft; discard it there first"):
            bc.take_over(kept, store, number="A-1", on="2026-03-02", due="2026-04-01")
