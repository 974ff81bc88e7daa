"""Finalizing by one and by many, with all that it does to the books."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

import billingcore as bc
from billingcore import testing
from tests.bookkeeping import ACCOUNTING
from tests.canceling import cancel
from tests.unit.engine.sources import generic_run, order, product, store_with

DAY = date(2026, 2, 1)
VAT = bc.TaxTable({"DE_19": 19})


def store_of(*accounts, **setup):
    """Give a store with accounts and one booked-on setup."""
    store = bc.MemoryStore(tax=VAT, setup=bc.Setup(accounting=ACCOUNTING, **setup))
    store.add(*(accounts or (bc.Account("acme", currency="EUR", debtor="10001"),)))
    return store


def draft_in(store, price=100, account="acme", **options):
    """Make a draft by hand of one item at 19 %, with an id of its own."""
    options.setdefault("reference", f"after {len(list(store.invoices()))}, {price}")
    item = bc.Item("service", unit_price=price, tax_code="DE_19")
    period = bc.Period.month(2026, 1)
    return bc.draft(
        store.snapshot(account).account, [item], period=period, tax=store.tax, **options
    )


def issued(store, price=100, account="acme", on=DAY, **options):
    """Finalize such a draft."""
    return bc.finalize(draft_in(store, price, account, **options), store, on=on)


def paid(store, name, amount, **fields):
    """Record a payment of acme."""
    options = {"account": "acme", "currency": "EUR", "date": DAY} | fields
    return bc.pay(store, bc.Payment(name, amount=amount, **options))


def status(store, number):
    """Give the state of a document."""
    return bc.standing(store.books("acme"), number).status.value


def rows(store, number):
    """Give the details of a document's entries: type, debit, credit, amount."""
    found = []
    for entry in store.books("acme").entries.get(f"invoice/{number}", ()):
        for line in entry.details:
            pair = (line.account, line.contra)
            debit, credit = pair if line.side is bc.Side.DEBIT else pair[::-1]
            found.append((line.type.value, debit, credit, str(line.amount)))
    return found


class TestOne:
    def test_books_the_document(self):
        """100.00 net and 19.00 tax are owed by the debtor."""
        store = store_of()
        invoice = issued(store)

        assert rows(store, invoice.number) == [
            ("Revenue", "10001", "8400", "100.00"),
            ("Tax", "10001", "1776", "19.00"),
        ]

    def test_free_balances_pay_it(self):
        """Of 150.00 that were paid before, 119.00 pay the document and 31.00 stay free."""
        store = store_of()
        paid(store, "P-1", "150.00")
        invoice = issued(store)

        assert status(store, invoice.number) == "paid"
        assert bc.free_of(store.books("acme"), "P-1") == Decimal("-31.00")

    def test_free_balances_pay_what_credits_leave(self):
        """A document that undoes a credit of 23.80 is set off against it; nothing is paid twice."""
        store = store_of()
        credit = issued(store, -20)
        paid(store, "P-1", "150.00")
        undone = bc.finalize(bc.credit(credit.number, store.books("acme")), store, on=DAY)

        assert [status(store, each) for each in (credit.number, undone.number)] == [
            "settled",
            "paid",
        ]
        assert bc.free_of(store.books("acme"), "P-1") == Decimal("-150.00")

    def test_cash_is_paid_at_once(self):
        """A customer who pays cash owes nothing when the document is there."""
        store = store_of(bc.Account("acme", currency="EUR", debtor="10001", payment_method="Cash"))
        invoice = issued(store)

        assert status(store, invoice.number) == "paid"
        assert bc.balances(
            entry for each in store.books("acme").entries.values() for entry in each
        )[("1200", "EUR")] == Decimal("119.00")

    def test_an_account_that_is_missing_is_reported_and_blocks_nothing(self):
        """Without a rule for it, the revenue stands on no account."""
        store = bc.MemoryStore(tax=VAT, setup=bc.Setup(accounting=bc.Accounting()))
        store.add(bc.Account("acme", currency="EUR", debtor="10001"))
        report = bc.finalize_all([draft_in(store)], store, on=DAY)

        assert len(report.invoices) == 1
        assert [each.code for each in report.problems] == ["no-matching-account"] * 2

    def test_a_draft_that_was_overtaken_is_refused_as_a_whole(self):
        """Two cancellations of one document: the second finds it canceled, and nothing changes."""
        store = store_of()
        invoice = issued(store)
        late = bc.credit(invoice.number, store.books("acme"), {1: 10})
        cancel(store, invoice.number, DAY)
        before = store.books("acme")

        with pytest.raises(bc.InvalidTransitionError, match="2026-00002 canceled it already"):
            bc.finalize(late, store, on=DAY)
        assert store.books("acme") == before
        assert issued(store).number == "2026-00003"


class TestCancel:
    def test_undoes_all_that_the_document_did(self):
        """Both are cleared, the entries have their opposites, and the payment is free again."""
        store = store_of()
        invoice = issued(store)
        paid(store, "P-1", "119.00", invoices=[invoice.number])
        undone = cancel(store, invoice.number, DAY)

        assert status(store, invoice.number) == "canceled"
        assert status(store, undone.number) == "settled"
        assert rows(store, undone.number) == [
            ("Revenue", "8400", "10001", "100.00"),
            ("Tax", "1776", "10001", "19.00"),
        ]
        (entry,) = store.books("acme").entries[f"invoice/{undone.number}"]
        assert entry.reverses == f"invoice/{invoice.number}"
        assert bc.free_of(store.books("acme"), "P-1") == Decimal("-119.00")

    def test_gives_back_the_same_lines(self):
        """What is canceled is due again, with the same lines and amounts: law 7."""
        store = store_of()
        seats = bc.Item(
            "seats",
            unit_price="99.99",
            quantity=3,
            tax_code="DE_19",
            billing_type=bc.RECURRING_PRORATED,
            cadence=bc.monthly(),
        )
        setup = bc.Item("setup", unit_price=50, tax_code="DE_19")
        store.add(bc.Subscription("S-1", account="acme", start="2026-01-10", items=[seats, setup]))
        run = bc.InvoiceRun(bc.Period.month(2026, 1))
        (draft,) = bc.execute(run, store).drafts
        invoice = bc.finalize(draft, store, on=DAY)
        cancel(store, invoice.number, DAY)
        (again,) = bc.execute(run, store).drafts

        assert again.lines == draft.lines
        assert again.totals == draft.totals

    def test_deferred_revenue_goes_back_month_by_month(self):
        """Each month that was booked ahead has its opposite on its own day."""
        store = store_of()
        terms = bc.BookingTerms(recognition=bc.Recognition.BOOKING_MONTH)
        year = bc.Item("year", unit_price=1200, tax_code="DE_19", booking=terms)
        period = bc.Period.closed("2026-01-01", "2026-12-31")
        draft = bc.draft(store.snapshot("acme").account, [year], period=period, tax=store.tax)
        invoice = bc.finalize(draft, store, on="2026-01-31")
        undone = cancel(store, invoice.number, "2026-03-15")
        entries = store.books("acme").entries
        dates = [str(each.date) for each in entries[f"invoice/{undone.number}"]]

        assert len(dates) == len(entries[f"invoice/{invoice.number}"]) == 12
        assert dates[:4] == ["2026-03-15", "2026-03-15", "2026-03-15", "2026-04-01"]
        totals = bc.balances(entry for each in entries.values() for entry in each)
        assert set(totals.values()) == {Decimal(0)}

    def test_adds_up_in_the_house_currency(self):
        """The rate has changed since; the cancellation has that of its original."""
        table = bc.ExchangeTable(
            [
                bc.ExchangeRate("USD", "EUR", "0.95", date="2026-01-01", source="ECB"),
                bc.ExchangeRate("USD", "EUR", "0.80", date="2026-03-01", source="ECB"),
            ]
        )
        dollars = bc.Account("acme", currency="USD", debtor="10001")
        store = store_of(dollars, exchange=table, house_currency="EUR")
        invoice = issued(store)
        part = bc.credit(invoice.number, store.books("acme"), {1: 10})
        credited = bc.finalize(part, store, on="2026-03-02")
        cancel(store, credited.number, "2026-03-03")
        undone = cancel(store, invoice.number, "2026-03-04")

        assert (invoice.house.net, invoice.house.gross) == (Decimal("95.00"), Decimal("113.05"))
        assert credited.house.net == Decimal("-9.50")
        assert (undone.house.net, undone.house.gross) == (Decimal("-95.00"), Decimal("-113.05"))

    def test_a_document_of_nothing_is_canceled_without_a_clearing(self):
        """There is nothing to clear between two documents of 0."""
        store = store_of()
        cancel(store, issued(store, 0).number, DAY)

        assert store.books("acme").clearings == ()

    def test_without_a_house_currency_there_is_nothing_to_convert(self):
        """An invoice in euros of a seller in euros has no sums of another currency."""
        store = store_of()

        assert cancel(store, issued(store).number, DAY).house is None


class TestMany:
    def test_numbers_follow_the_order_given(self):
        """Five drafts in steps of two have the numbers 1 to 5 in their order."""
        store = store_of()
        drafts = [draft_in(store, 10 * count) for count in (5, 4, 3, 2, 1)]
        report = bc.finalize_all(drafts, store, on=DAY, batch=2)

        assert [(each.number, each.totals.net) for each in report.invoices] == [
            (f"2026-0000{count}", 10 * price) for count, price in enumerate((5, 4, 3, 2, 1), 1)
        ]
        testing.check_numbers(report.invoices)

    def test_what_fails_stays_and_uses_no_number(self):
        """A draft that was edited meanwhile, and one whose tax is not known, are reported."""
        store = store_of()
        stale = store.put(attrs.evolve(draft_in(store, 1), version=0))
        store.put(bc.edit.discount_order(stale, bc.Discount.percent(1)))
        untaxed = bc.edit.add_line(draft_in(store, 2), bc.Item("odd", unit_price=1))
        report = bc.finalize_all([stale, untaxed, draft_in(store, 3)], store, on=DAY)

        assert [each.number for each in report.invoices] == ["2026-00001", "2026-00002"]
        assert [(each.code, each.record) for each in report.problems] == [("conflict", stale.id)]
        assert [each.id for each in store.drafts()] == [stale.id]

    def test_a_tax_service_that_fails_spoils_its_draft_only(self):
        """The draft stays and can be finalized when the service is back."""

        class Sometimes:
            """Fails for accounts that are called so."""

            def taxes(self, questions, purpose):
                if any(each.account.id == "zeta" for each in questions):
                    raise bc.PortError("the tax service does not answer", is_retryable=True)
                return VAT.taxes(questions, purpose)

        store = store_of(
            *(bc.Account(name, currency="EUR", debtor="10001") for name in ("acme", "zeta"))
        )
        drafts = [draft_in(store, account=name) for name in ("zeta", "acme")]
        store.tax = Sometimes()
        report = bc.finalize_all(drafts, store, on=DAY)

        assert [each.account.id for each in report.invoices] == ["acme"]
        assert [(each.account, each.is_retryable) for each in report.problems] == [("zeta", True)]

    def test_says_what_to_write_back(self):
        """Records of the host get the number of their invoice."""
        store = store_with(order(1, product(1)))
        drafts = bc.execute(generic_run(), store).drafts
        report = bc.finalize_all(drafts, store, on=DAY)

        written = {each.values["ON_Invoice"] for each in report.updates}
        assert written == {report.invoices[0].number}

    def test_a_batch_has_a_draft(self):
        """Steps of no draft would never end."""
        with pytest.raises(bc.InvalidInputError, match="batch"):
            bc.finalize_all([], store_of(), on=DAY, batch=0)


class TestSkippedNumbers:
    SERIES = bc.NumberPattern("[Year]-{00000}", reset=bc.Reset.YEARLY)

    def test_are_recorded_with_their_reason(self):
        """The second number has no document, and the books say why."""
        store = store_of()
        issued(store)
        skipped = bc.skip_number(self.SERIES, store, on=DAY, reason="the printer ate it")

        assert skipped == bc.SkippedNumber("2026-00002", DAY, "the printer ate it")
        assert list(store.skipped()) == [skipped]
        assert issued(store).number == "2026-00003"

    def test_need_a_reason(self):
        """An auditor asks."""
        with pytest.raises(bc.InvalidInputError, match="reason"):
            bc.skip_number(self.SERIES, store_of(), on=DAY, reason="")

    def test_are_never_numbers_of_documents(self):
        """Another series that would write the same number is refused."""
        store = store_of()
        bc.skip_number(bc.NumberPattern("2026-{00000}"), store, on=DAY, reason="test")

        with pytest.raises(bc.InvalidInputError, match="in use by another series"):
            issued(store)
        with pytest.raises(bc.InvalidInputError, match="in use by another series"):
            bc.skip_number(self.SERIES, store, on=DAY, reason="again")


class TestMistakes:
    @pytest.mark.parametrize(
        ("call", "words"),
        [
            (lambda store: bc.finalize("x", store, on=DAY), "finalize: draft = 'x': not a Draft"),
            (lambda store: issued(store, on="gestern"), "finalize: on = 'gestern'"),
            (
                lambda store: bc.finalize_all(draft_in(store), store, on=DAY),
                "finalize_all: drafts = .*: one draft; use a list",
            ),
            (lambda store: bc.finalize_all(["x"], store, on=DAY), "finalize_all: drafts = 'x'"),
            (
                lambda store: bc.skip_number(
                    bc.NumberPattern("[AccountNo]-{000}"), store, on=DAY, reason="test"
                ),
                "skip_number: account = '': .*shows the account; say whose",
            ),
            (lambda store: draft_in(store, discont=None), "did you mean discount"),
            (
                lambda store: bc.draft(store.snapshot("acme").account, []),
                "period = None: a draft needs its days",
            ),
        ],
        ids=["no draft", "no day", "one draft", "text", "no account", "no option", "no period"],
    )
    def test_are_named(self, call, words):
        """Each error says which argument is wrong, and what to write."""
        with pytest.raises(bc.InvalidInputError, match=words):
            call(store_of())

    def test_an_option_that_is_like_no_other(self):
        """The options that there are are listed."""
        with pytest.raises(bc.InvalidInputError, match="use one of period, tax, discount"):
            draft_in(store_of(), xyz=1)

    def test_a_second_draft_of_the_same_content_needs_a_name(self):
        """The error says which argument gives it one."""
        store = store_of()
        issued(store, reference="same")
        with pytest.raises(bc.InvalidTransitionError, match="give it a name: reference="):
            issued(store, reference="same")

    def test_a_second_credit_is_made_from_the_books_of_now(self):
        """Two credits were drafted at once; the second is to be made anew."""
        store = store_of()
        number = issued(store).number
        books = store.books("acme")
        first, second = (bc.credit(number, books, {1: amount}) for amount in (10, 20))
        bc.finalize(first, store, on=DAY)
        with pytest.raises(bc.InvalidTransitionError, match="make it anew from the books"):
            bc.finalize(second, store, on=DAY)


def test_money_of_no_entity_pays_documents_of_any():
    """An account without an entity paid 150.00; a document of B takes 100.00, and its books too."""
    entities = [bc.BusinessEntity("A"), bc.BusinessEntity("B")]
    store = store_of(entities=entities)
    paid(store, "P-1", "150.00")
    draft = draft_in(store, entity="B", setup=store.setup)
    invoice = bc.finalize(draft, store, on=DAY)
    books = store.books("acme")

    assert status(store, invoice.number) == "paid"
    testing.check_books(books)
    of_b = [each for rows in books.entries.values() for each in rows if each.entity == "B"]
    assert bc.balances(of_b)["10001", "EUR"] == 0
    assert bc.free_of(books, "P-1") == Decimal("-31.00")
