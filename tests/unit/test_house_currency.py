"""What an invoice of a foreign currency amounts to in the house currency, and a run in one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.testing import canonical
from tests.unit.engine.records import MARCH, VAT, amounts, finalize_all, once, run_of

APRIL = date(2026, 4, 1)
DOLLAR = bc.ExchangeRate("USD", "EUR", "0.9123", date="2026-03-31", source="ECB")
SETUP = bc.Setup(exchange=bc.ExchangeTable([DOLLAR]), house_currency="EUR")


def drafted(*items, currency="USD", **fields):
    """Make a draft by hand in a currency."""
    account = bc.Account("acme", currency=currency)
    return bc.draft(account, items, period=MARCH, tax=VAT, setup=SETUP, **fields)


def store_for(draft, setup=SETUP):
    """Make an empty store that knows the account of a draft."""
    store = bc.MemoryStore(tax=VAT, setup=setup)
    store.add(draft.account)
    return store


def issued(draft, setup=SETUP, on=APRIL):
    """Finalize a draft in a store of its own."""
    return bc.finalize(draft, store_for(draft, setup), on=on)


class TestInvoices:
    def test_sums_in_the_house_currency(self):
        """Each row of the tax breakdown is converted and rounded, and rows add up to the sums."""
        draft = drafted(
            once("a", "100.05", tax_code="19"), once("b", "10.05", tax_code="7"), once("c", "0.01")
        )
        invoice = issued(draft)
        house = invoice.house

        # By hand: 100.05 and 19.01 at 0.9123 are 91.275615 and 17.342823; 10.05 and 0.70 are
        # 9.168615 and 0.63861; 0.01 is 0.009123.
        assert [(row.taxable, row.amount) for row in house.breakdown] == [
            amounts("91.28", "17.34"),
            amounts("9.17", "0.64"),
            amounts("0.01", "0.00"),
        ]
        assert (house.net, house.tax, house.gross) == amounts("100.46", "17.98", "118.44")
        assert [row.tax for row in house.breakdown] == [row.tax for row in invoice.breakdown]
        assert (house.currency, house.rate, invoice.currency) == ("EUR", DOLLAR, "USD")

    def test_a_credit(self):
        """A negative document is converted like the positive one."""
        plus = issued(drafted(once("a", "100.05", tax_code="19"))).house
        minus = issued(drafted(once("a", "-100.05", tax_code="19"))).house

        assert (minus.net, minus.tax, minus.gross) == (-plus.net, -plus.tax, -plus.gross)
        assert minus.gross == Decimal("-108.62")

    def test_the_rounding_of_the_policy(self):
        """Converted amounts are rounded as the document's own are."""
        down = bc.DOCUMENTED.but(rounding=bc.Rounding.DOWN)
        invoice = issued(drafted(once("a", "100.05", tax_code="19"), policy=down))

        assert (invoice.house.net, invoice.house.tax) == amounts("91.27", "17.33")

    def test_another_number_of_digits(self):
        """A house currency without digits after the point gets whole amounts."""
        rate = bc.ExchangeRate("EUR", "JPY", "163.5", date="2026-03-31", source="ECB")
        setup = bc.Setup(exchange=bc.ExchangeTable([rate]), house_currency="JPY")
        house = issued(drafted(once("a", "1.00", tax_code="19"), currency="EUR"), setup).house

        assert [str(each) for each in (house.net, house.tax, house.gross)] == ["164", "31", "195"]

    @pytest.mark.parametrize(
        ("currency", "setup"),
        [("EUR", SETUP), ("USD", bc.Setup())],
        ids=["own currency", "no house currency"],
    )
    def test_nothing_to_convert(self, currency, setup):
        """An invoice in the house currency, or of a house without one, states one currency."""
        assert issued(drafted(once(), currency=currency), setup).house is None

    def test_the_rate_of_the_invoice_date(self):
        """The rate is that of the invoice date, and later rates do not change the invoice."""
        later = bc.ExchangeRate("USD", "EUR", "0.95", date="2026-04-02", source="ECB")
        setup = bc.Setup(exchange=bc.ExchangeTable([DOLLAR, later]), house_currency="EUR")

        assert issued(drafted(once()), setup).house.rate == DOLLAR
        assert issued(drafted(once()), setup, on="2026-04-02").house.rate == later
        dated = drafted(once(), invoice_date="2026-03-31")
        assert issued(dated, setup, on="2026-04-02").house.rate == DOLLAR

    def test_no_number_is_lost_without_a_rate(self):
        """Without a rate nothing changes: the draft stays, and no number is used up."""
        draft = drafted(once())
        store = store_for(draft, bc.Setup(exchange=bc.ExchangeTable(), house_currency="EUR"))

        with pytest.raises(
            bc.InvalidInputError, match="no rate of USD in EUR on or before 2026-04"
        ):
            bc.finalize(draft, store, on=APRIL)
        store.setup = SETUP
        assert bc.finalize(draft, store, on=APRIL).number == "2026-00001"

    def test_it_is_a_part_of_the_invoice(self):
        """The canonical text of an invoice says the rate and the house currency's sums."""
        text = canonical(issued(drafted(once("a", "100.05"))))

        assert "house=HouseTotals(rate=ExchangeRate(base='USD', quote='EUR', rate=0.9123" in text


class TestSetup:
    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"exchange": {"USD": 1}}, "exchange = an object of type dict: no exchange rates"),
            ({"house_currency": "EUR"}, "house_currency = 'EUR': no rates to convert into it"),
            (
                {"house_currency": "eur", "exchange": bc.ExchangeTable()},
                "house_currency = 'eur': not a currency",
            ),
        ],
        ids=["no rates", "currency alone", "no currency"],
    )
    def test_errors(self, fields, message):
        """A house currency needs rates, and both must be what they are called."""
        with pytest.raises(bc.InvalidInputError, match=message):
            bc.Setup(**fields)


class TestRuns:
    @pytest.fixture
    def report(self):
        """Run over one account of each currency."""
        store = bc.MemoryStore(tax=VAT)
        for currency, price in (("EUR", "10.00"), ("USD", "100.05"), ("CHF", "20.00")):
            item = once(price=price, tax_code="19")
            store.add(bc.Account(currency, currency=currency))
            store.add(bc.Subscription(f"S-{currency}", account=currency, items=[item]))
        report = bc.execute(run_of(), store)
        finalize_all(store)
        return report

    def test_a_total_in_one_currency(self, report):
        """Totals stay per currency; in one currency they are converted one by one and added."""
        franc = bc.ExchangeRate("CHF", "EUR", "1.0605", date="2026-03-31", source="ECB")
        rates = bc.ExchangeTable([DOLLAR, franc])
        found = report.total_in("EUR", rates, on="2026-04-01")

        # 100.05 and 19.01 dollars are 91.28 and 17.34, 20.00 and 3.80 francs 21.21 and 4.03.
        assert sorted(report.totals) == ["CHF", "EUR", "USD"]
        assert (found.currency, found.documents) == ("EUR", 3)
        assert (found.net, found.tax, found.gross) == amounts("122.49", "23.27", "145.76")

    @pytest.mark.parametrize("currency", ["EUR", "eur"], ids=["rate is missing", "no currency"])
    def test_errors(self, report, currency):
        """Without a rate of one of the currencies there is no total, only an error."""
        with pytest.raises(bc.InvalidInputError, match="no rate of"):
            report.total_in(currency, bc.ExchangeTable([DOLLAR]), on=APRIL)

    def test_an_empty_run(self):
        """A run without drafts has a total of nothing, in a currency that exists."""
        report = bc.execute(run_of(), bc.MemoryStore())

        assert report.total_in("EUR", bc.ExchangeTable(), on=APRIL) == bc.CurrencyTotal("EUR")
        with pytest.raises(bc.InvalidInputError, match="not a currency"):
            report.total_in("eur", bc.ExchangeTable(), on=APRIL)
