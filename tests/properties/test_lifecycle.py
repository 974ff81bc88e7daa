"""Bill, edit, finalize, pay, credit, cancel, bill again and close months, in any order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import billingcore as bc
from billingcore import testing
from billingcore.invoices.kinds import LIFECYCLE
from tests.bookkeeping import ACCOUNTING

STEPS = {(state, after) for (state, _), after in LIFECYCLE.items()}
BORN = {bc.InvoiceStatus.OPEN, bc.InvoiceStatus.PAID, bc.InvoiceStatus.SETTLED}
CENT = Decimal("0.01")
DEFERRED = bc.BookingTerms(recognition=bc.Recognition.BOOKING_MONTH)
ITEMS = [
    bc.Item(
        "seats",
        unit_price="99.99",
        quantity=3,
        tax_code="DE_19",
        billing_type=bc.RECURRING_PRORATED,
        cadence=bc.monthly(),
    ),
    bc.Item(
        "book",
        unit_price="10.01",
        tax_code="DE_7",
        billing_type=bc.RECURRING,
        cadence=bc.monthly(),
        booking=DEFERRED,
    ),
    bc.Item("setup", unit_price="49.90", tax_code="DE_19"),
]
amounts = st.integers(1, 60_000).map(lambda cents: cents * CENT)
months = st.integers(1, 4)


class Life(RuleBasedStateMachine):
    """Keeps an account's books by the library, and a second, simple set by hand."""

    def __init__(self) -> None:
        super().__init__()
        taxes = bc.TaxTable({"DE_19": 19, "DE_7": 7})
        setup = bc.Setup(accounting=ACCOUNTING, exchange=None)
        self.store = bc.MemoryStore(tax=taxes, setup=setup)
        self.day = date(2026, 1, 31)
        self.closed: dict[tuple[int, int], int] = {}  # month -> entries booked when it was closed
        self.paid: dict[str, Decimal] = {}
        self.states: dict[str, bc.InvoiceStatus] = {}

    @initialize()
    def open(self) -> None:
        """Begin with one contract."""
        self.store.add(
            bc.Account("acme", currency="EUR", debtor="10001"),
            bc.Subscription("S-1", account="acme", start="2026-01-10", items=ITEMS),
        )

    @property
    def books(self) -> bc.Books:
        """The books as they are."""
        return self.store.books("acme")

    @property
    def live(self) -> list[bc.Invoice]:
        """The documents that are not canceled and cancel none."""
        books = self.books
        return [
            each
            for each in books.invoices.values()
            if each.kind is not bc.InvoiceKind.CANCELLATION
            and bc.standing(books, each.number).status is not bc.InvoiceStatus.CANCELED
        ]

    def entries(self) -> list[bc.JournalEntry]:
        """All that is booked."""
        return [each for rows in self.books.entries.values() for each in rows]

    @rule(month=months, is_final=st.booleans())
    def bill(self, month, is_final) -> None:
        """Run a month, and perhaps finalize what it makes."""
        drafts = list(bc.execute(bc.InvoiceRun(bc.Period.month(2026, month)), self.store).drafts)
        if is_final:
            report = bc.finalize_all(drafts, self.store, on=self.day)
            assert (len(report.invoices), report.problems) == (len(drafts), ())

    @precondition(lambda self: list(self.store.drafts()))
    @rule(data=st.data(), how=st.sampled_from(["discount", "line", "discard"]))
    def edit(self, data, how) -> None:
        """Discount, enlarge or discard a draft; what cancels or credits is not edited."""
        draft = data.draw(st.sampled_from(list(self.store.drafts())))
        if how == "discard":
            self.store.discard(draft.id)
        elif draft.original:
            with pytest.raises(bc.InvalidTransitionError):
                bc.edit.discount_order(draft, bc.Discount.percent(10))
        elif how == "discount":
            self.store.put(bc.edit.discount_order(draft, bc.Discount.percent(10)))
        else:
            self.store.put(bc.edit.add_line(draft, bc.Item("extra", unit_price="1.11")))

    @precondition(lambda self: list(self.store.drafts()))
    @rule(data=st.data())
    def finalize(self, data) -> None:
        """Finalize a draft; one that was overtaken is refused as a whole."""
        draft = data.draw(st.sampled_from(list(self.store.drafts())))
        before = self.books
        try:
            invoice = bc.finalize(draft, self.store, on=self.day)
        except bc.InvalidTransitionError:
            assert draft.original
            assert self.books == before
            self.store.discard(draft.id)
        else:
            testing.check_entries(invoice, self.entries())

    @rule(amount=amounts, data=st.data())
    def pay(self, amount, data) -> None:
        """Record a payment, free or for a document, or change one."""
        numbers = [each.number for each in self.live]
        chosen = (
            data.draw(st.lists(st.sampled_from(numbers), max_size=2, unique=True))
            if numbers
            else []
        )
        known = sorted(self.paid)
        name = data.draw(st.sampled_from([*known, f"P-{len(known) + 1}"]))
        payment = bc.Payment(
            name, account="acme", amount=amount, currency="EUR", date=self.day, invoices=chosen
        )
        bc.pay(self.store, payment, on=self.day)
        self.paid[name] = amount

    @precondition(lambda self: self.paid)
    @rule(data=st.data())
    def withdraw(self, data) -> None:
        """Delete a payment."""
        name = data.draw(st.sampled_from(sorted(self.paid)))
        self.store.record("acme", lambda books: bc.withdrawn(books, name, on=self.day))
        self.paid[name] = Decimal(0)

    @precondition(lambda self: self.live)
    @rule(data=st.data(), percent=st.integers(1, 100), is_final=st.booleans())
    def credit(self, data, percent, is_final) -> None:
        """Give a part of a document back, or all that is left."""
        invoice = data.draw(st.sampled_from(self.live))
        books = self.books
        gross = None
        if percent < 100:
            gross = (invoice.totals.gross.copy_abs() * percent / 100).quantize(CENT)
        try:
            draft = bc.credit(invoice.number, books, gross=gross)
        except bc.BillingError:
            return
        if draft.id in {each.id for each in self.store.drafts()}:
            return
        draft = self.store.put(attrs.evolve(draft, version=0))
        if is_final:
            bc.finalize(draft, self.store, on=self.day)

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def cancel(self, data) -> None:
        """Cancel a document, and find it undone, or find what is in the way."""
        invoice = data.draw(st.sampled_from(self.live))
        books = self.books
        found: list[str] = []
        try:
            draft = bc.cancel(invoice.number, books)
        except bc.InvalidTransitionError as error:
            found = [number for number in books.invoices if number in str(error)]
        if found:
            assert found != [invoice.number]
            return
        if draft.id in {each.id for each in self.store.drafts()}:
            return
        number = bc.finalize(draft, self.store, on=self.day).number
        for each in (invoice.number, number):
            assert bc.balance_of(self.books, each) == 0
        self.is_free(invoice)

    def is_free(self, invoice) -> None:
        """Nothing that a document billed is covered any more."""
        claims = self.store.snapshot("acme").claims
        for gone in invoice.claims:
            for claim in claims:
                is_billed = claim.state is not bc.ClaimState.CARRIED
                if is_billed and claim.billable == gone.billable:
                    assert None not in (claim.period, gone.period)
                    (start, stop), (first, end) = claim.period.bounds, gone.period.bounds
                    assert stop <= first or end <= start

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def write_off(self, data) -> None:
        """Give up what is open on a document."""
        invoice, books = data.draw(st.sampled_from(self.live)), self.books
        if bc.balance_of(books, invoice.number) > 0:
            payment = bc.write_off(books, invoice.number, on=self.day)
            bc.pay(self.store, payment, on=self.day)
            assert bc.balance_of(self.books, invoice.number) == 0

    @precondition(lambda self: self.live)
    @rule()
    def settle(self) -> None:
        """Let credits pay invoices."""
        self.store.record("acme", lambda books: bc.settled(books, on=self.day))

    @precondition(lambda self: len(self.closed) < min(9, len(self.books.invoices)))
    @rule()
    def close_month(self) -> None:
        """Close the month of today; a month passes."""
        key = (self.day.year, self.day.month)
        periods = [bc.BookingPeriod(*month, is_closed=True) for month in (*self.closed, key)]
        accounting = attrs.evolve(ACCOUNTING, periods=periods)
        self.store.setup = bc.Setup(accounting=accounting)
        self.closed[key] = len(self.in_month(key))
        self.day = self.day.replace(month=self.day.month + 1, day=28)

    def given_up(self) -> Decimal:
        """What write-offs are, as the host sees them in its list of payments."""
        payments = self.books.payments.values()
        found = [each.amount for each in payments if each.kind is bc.PaymentKind.WRITE_OFF]
        return sum(found, Decimal(0))

    def in_month(self, key) -> list[bc.JournalEntry]:
        """What is booked in a month."""
        return [each for each in self.entries() if (each.date.year, each.date.month) == key]

    @invariant()
    def what_is_owed_adds_up(self) -> None:
        """Documents and payments are what is open and what is free, to the cent."""
        books = self.books
        testing.check_books(books)
        asked = sum((each.totals.due for each in books.invoices.values()), Decimal(0))
        received = sum(self.paid.values(), Decimal(0)) + self.given_up()
        balance = sum((bc.balance_of(books, number) for number in books.invoices), Decimal(0))
        free = sum((bc.free_of(books, name) for name in books.payments), Decimal(0))

        assert asked - received == balance + free
        owed = bc.balances(self.entries()).get(("10001", "EUR"), Decimal(0))
        assert owed == asked - received

    @invariant()
    def states_change_as_the_table_says(self) -> None:
        """A document goes on by one step of the table; a new one may be paid at once."""
        books = self.books
        for number in books.invoices:
            status = bc.standing(books, number).status
            if number in self.states and status is not self.states[number]:
                assert (self.states[number], status) in STEPS
            assert number in self.states or status in BORN
            self.states[number] = status

    @invariant()
    def no_document_is_paid_beyond_what_it_asks_for(self) -> None:
        """A balance lies between what the document asked for and 0."""
        books = self.books
        for number, invoice in books.invoices.items():
            low, high = sorted([Decimal(0), invoice.totals.due])
            assert low <= bc.balance_of(books, number) <= high

    @invariant()
    def the_ledger_balances(self) -> None:
        """All accounts together are 0, and nothing was ever booked in a closed month."""
        assert sum(bc.balances(self.entries()).values()) == 0
        for key, count in self.closed.items():
            assert len(self.in_month(key)) == count

    @invariant()
    def nothing_is_billed_twice(self) -> None:
        """No day is covered by two documents."""
        testing.check_claims(self.store.snapshot("acme").claims)

    @invariant()
    def revenue_is_what_live_documents_ask_for(self) -> None:
        """Revenue with what is deferred, and tax, are the nets and taxes of all documents."""
        totals = bc.balances(self.entries())
        net = sum((each.totals.net for each in self.books.invoices.values()), Decimal(0))
        tax = sum((each.totals.tax for each in self.books.invoices.values()), Decimal(0))

        revenue = [
            totals.get((name, "EUR"), Decimal(0)) for name in ("8400", "8300", "8000", "0990")
        ]
        assert -sum(revenue) == net
        taxes = [totals.get((name, "EUR"), Decimal(0)) for name in ("1776", "1771")]
        assert -sum(taxes) == tax


TestLife = Life.TestCase
TestLife.settings = settings(stateful_step_count=30)
