"""P25: several currencies in a run or a document."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import seats
from tests.unit.engine.records import ACME, MARCH, contract, monthly, once, run_of

PAIN = Pain(
    "P25",
    "Several currencies in a run or a document",
    elsewhere="Totals of several currencies are added, or there is none at all. "
    "What is converted, the line, the tax or the sum, changes with a release, and amounts shift.",
    here="An amount has a currency, and adding two of them is an error. "
    "A run has a total for each. "
    "A conversion is recorded with rate, day and source; "
    "nets and taxes are converted one by one and added up from there.",
)


@case(
    "Salesforce",
    "getlago/lago-api#5234",
    "OpenMeter",
    gave="Totals of a run in several currencies cannot be summed, or only one currency is allowed.",
    right="10.50 and 5.00 EUR are 15.50. 1,000 JPY and 1.234 KWD stay what they are, "
    "with 0 and 3 digits.",
    own_numbers=True,
    prints="""
    EUR 15.50
    JPY 1000
    KWD 1.234
    cannot combine EUR with USD
    """,
)
def test_totals_of_several_currencies():
    """The totals of a run in several currencies are wrong, or missing."""
    store = bc.MemoryStore()
    for code, price in (("EUR", "10.50"), ("JPY", "1000"), ("KWD", "1.234"), ("EUR", "5")):
        name = f"{code}-{price}"
        store.add(bc.Account(name, currency=code))
        store.add(bc.Subscription(name, account=name, start="2026-01-01", items=[seats(price)]))
    report = bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1)), store)
    for code, totals in sorted(report.totals.items()):
        print(code, totals.gross)
    try:
        print(bc.Money(1, "EUR") + bc.Money(1, "USD"))
    except bc.CurrencyMismatchError as error:
        print(error)


@case(
    "silver",
    gave="Another amount was converted after an upgrade, and the notes warn that results shift.",
    right="At 0.9123, 100.05 is 91.275615: 91.28, its tax of 19.01 is 17.342823: 17.34. "
    "10.05 is 9.168615: 9.17, its tax of 0.70 is 0.63861: 0.64. "
    "The sums are 100.45 and 17.98, together 118.43.",
    own_numbers=True,
    prints="""
    19 %: 100.05 + 19.01 USD, 91.28 + 17.34 EUR
    7 %: 10.05 + 0.70 USD, 9.17 + 0.64 EUR
    100.45 + 17.98 = 118.43 EUR at 1 USD = 0.9123 EUR (2026-01-30, ECB)
    """,
)
def test_what_is_converted():
    """Which amounts are converted is nowhere to be seen, and changes with a release."""
    rate = bc.ExchangeRate("USD", "EUR", "0.9123", date="2026-01-30", source="ECB")
    setup = bc.Setup(exchange=bc.ExchangeTable([rate]), house_currency="EUR")
    store = bc.MemoryStore(tax=bc.TaxTable({"19": 19, "7": 7}), setup=setup)
    store.add(bc.Account("acme", currency="USD"))
    items = [
        bc.Item("desk", unit_price="100.05", tax_code="19"),
        bc.Item("book", unit_price="10.05", tax_code="7"),
    ]
    acme = store.snapshot("acme").account
    january = bc.Period.month(2026, 1)
    made = bc.draft(acme, items, period=january, tax=store.tax, setup=setup)
    issued = bc.finalize(made, store, on="2026-01-31")
    house = issued.house
    for own, other in zip(issued.totals.breakdown, house.breakdown, strict=True):
        print(f"{own.tax.rate} %: {own.taxable} + {own.amount} USD,", end=" ")
        print(f"{other.taxable} + {other.amount} EUR")
    print(f"{house.net} + {house.tax} = {house.gross} EUR at {house.rate}")


@case(
    "getlago/lago-api#5234",
    "Salesforce",
    gave="Sums over currencies.",
    own_numbers=True,
)
class TestCurrenciesStayApart:
    """Amounts of two currencies meet in one sum."""

    def test_currencies_cannot_be_added(self):
        """Two currencies in one sum are a type error, not a number."""
        with pytest.raises(bc.CurrencyMismatchError):
            bc.Money(1, "EUR") + bc.Money(1, "USD")

    def test_a_run_in_three_currencies(self):
        """A run keeps a total per currency, each with the digits of its currency."""
        store = bc.MemoryStore()
        for code, price in (("EUR", "10.50"), ("JPY", "1000"), ("KWD", "1.234"), ("EUR", "5")):
            name = f"{code} {price}"
            store.add(bc.Account(name, currency=code))
            store.add(contract(monthly(price=price), id=name, account=name))
        totals = bc.execute(run_of(), store).totals

        assert {code: str(each.gross) for code, each in totals.items()} == {
            "EUR": "15.50",
            "JPY": "1000",
            "KWD": "1.234",
        }

    def test_a_document_has_one_currency(self):
        """Even one contract in two currencies is two documents."""
        items = [once("a", bc.Money(10, "EUR")), once("b", bc.Money(10, "USD"))]
        made = bc.drafts(ACME, items, period=MARCH)

        assert [str(draft.amount_due) for draft in made] == ["10.00 EUR", "10.00 USD"]
