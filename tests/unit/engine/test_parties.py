"""One record billed to several parties: each reads fields of its own, and has its own coverage."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.canceling import cancel
from tests.unit.engine.records import amounts, finalize_all
from tests.unit.engine.trading import (
    BUYER,
    MERCHANT,
    billed,
    item,
    market,
    of_party,
    order,
    party,
    reasons,
    run,
)

LAMPS, FEE = ("acme", "Item/I-1:Buy"), ("shop", "Item/I-1:Merch")


class TestSuffixes:
    """Each party reads the fields with its suffix, and no others."""

    def test_each_party_has_its_own_fields(self):
        """One item is two lamps at 30.00 for the buyer and one fee of 4.50 for the merchant."""
        report = run(market(order()))
        lines = [line for draft in report.drafts for line in draft.lines]

        assert [(line.title, line.quantity, line.unit_price, line.net) for line in lines] == [
            ("Lamp", 2, 30, Decimal("60.00")),
            ("Fee", 1, Decimal("4.50"), Decimal("4.50")),
        ]
        assert [line.origin.sources for line in lines] == [
            (bc.SourceRef("Item", "I-1", "Buy", "Buy"),),
            (bc.SourceRef("Item", "I-1", "Merch", "Merch"),),
        ]

    @pytest.mark.parametrize(
        ("given", "missing"),
        [
            ({"ON_QuantityBuy": ..., "ON_Quantity": 7, "ON_QuantitiyBuy": 2}, "ON_QuantityBuy"),
            ({"ON_UnitPriceBuy": ..., "ON_UnitPrice": 7}, "ON_UnitPriceBuy"),
            ({"ON_UnitPriceBuy": ..., "ON_UnitPriceBuyer": 30}, "ON_UnitPriceBuy"),
            ({"ON_QuantityBuy": ..., "on_quantitybuy": 2}, "ON_QuantityBuy"),
        ],
        ids=["typo in quantity", "no price", "longer suffix", "wrong case"],
    )
    def test_a_typo_never_reads_the_field_of_another_party(self, given, missing):
        """A misspelled field is missing, even if there is one without suffix; only it is held."""
        report = run(market(order(item(**given))))

        assert [(each.record, each.field) for each in report.problems] == [
            ("Item/I-1:Buy", missing)
        ]
        assert billed(*report.drafts) == {FEE: Decimal("4.50")}

    def test_optional_fields_are_not_shared_either(self):
        """Title, discount, tax code and template without suffix are those of nobody here."""
        plain = {"ON_Discount": 50, "ON_TaxCode": "19", "ON_InvoiceCriterion": "A"}
        record = order(item(**plain, ON_Title="Chair"), ON_Template="None", ON_CurrencyMerch="USD")
        report = run(market(record))

        assert billed(*report.drafts) == {LAMPS: Decimal("60.00"), FEE: Decimal("4.50")}
        assert [draft.totals.tax for draft in report.drafts] == [0, 0]
        assert [draft.currency for draft in report.drafts] == ["EUR", "USD"]

    def test_fields_that_travel(self):
        """A field of the host travels to the document of its party only."""
        record = order(ON_ColorBuy="red", ON_TeamMerch="north", ON_Hidden="x")
        drafts = run(market(record)).drafts

        assert [dict(draft.custom) for draft in drafts] == [{"Color": "red"}, {"Team": "north"}]

    def test_a_party_without_suffix(self):
        """The party without suffix reads plain fields, and none with a suffix."""
        plain = party("", name="plain")
        own = of_party("", title="Rent", quantity=1, unit_price="9.00")
        record = order(item(**own), ON_Account="shop", ON_QuantityMerch=5)
        report = run(market(record, filters=(BUYER, plain)), BUYER, plain)

        assert billed(*report.drafts) == {
            LAMPS: Decimal("60.00"),
            ("shop", "Item/I-1"): Decimal("9.00"),
        }
        assert dict(report.drafts[1].custom) == {}

    def test_both_spellings(self):
        """A record that writes its fields with __c is read and answered in its own spelling."""
        own = {f"{name}__c": value for name, value in item().values.items()}
        child = bc.SourceRecord("Item", "I-1", own | {"ON_InvoiceMerch__c": None})
        record = order(
            child,
            ON_AccountBuy=...,
            ON_AccountMerch=...,
            ON_AccountBuy__c="acme",
            ON_AccountMerch__c="shop",
        )
        report = run(market(record))

        assert billed(*report.drafts) == {LAMPS: Decimal("60.00"), FEE: Decimal("4.50")}
        assert bc.updates(report.drafts[1])[0].values["ON_InvoiceMerch__c"] == report.drafts[1].id

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"ON_QuantityPar": 1, "ON_Quantity": 4}, 1),
            ({"ON_Quantity": 4}, 4),
            ({"ON_Quantity__c": 4}, 4),
            ({"ON_QuantityPar": None, "ON_Quantity": 4}, None),
            ({}, bc.MISSING),
        ],
        ids=["its own", "the plain one", "other spelling", "empty is not missing", "none"],
    )
    def test_measures_of_usage_fall_back(self, values, expected):
        """Quantity, price and date of usage are read without suffix if there are none with it."""
        record = bc.SourceRecord("Case", "C-1", values)

        assert bc.FieldSet(suffix="Par").read_measure(record, "quantity") == expected

    @pytest.mark.parametrize("name", ["order_no", "account", "unit_price"])
    def test_other_fields_of_usage_do_not(self, name):
        """What is no measure stays strict for usage, too."""
        fields = bc.FieldSet(suffix="Par")
        plain = bc.FieldSet().name_of(name)

        assert fields.read_measure(bc.SourceRecord("Case", "C-1", {plain: "x"}), name) is bc.MISSING

    @pytest.mark.parametrize("suffix", ["Partner", "a b", "x/y"])
    def test_suffixes_that_are_refused(self, suffix):
        """A suffix has at most five letters and digits."""
        with pytest.raises(bc.InvalidInputError, match="use at most 5 letters and digits"):
            bc.FieldSet(suffix=suffix)


class TestFormulas:
    """Formulas are for the records that they read: a parent has no fields of its children."""

    def test_a_formula_of_lines(self):
        """A formula for a line is not asked of the parent, which lacks its fields."""
        buyer = party("Buy", quantity=lambda record: record["Packs"] * 6)
        store = market(order(item(Packs=2)), filters=(buyer,))

        assert billed(*run(store, buyer).drafts) == {LAMPS: Decimal("360.00")}

    def test_a_formula_of_the_parent(self):
        """A formula for the account is not asked of the children, which lack its fields."""
        buyer = party("Buy", account=lambda record: record["Customer"])
        store = market(order(Customer="shop"), filters=(buyer,))

        assert billed(*run(store, buyer).drafts) == {("shop", "Item/I-1:Buy"): Decimal("60.00")}

    def test_a_parent_that_is_a_line_is_asked(self):
        """A formula for lines is asked of a parent that is a line, too."""
        buyer = party("Buy", quantity=lambda record: record["Packs"] * 6)
        own = of_party("Buy", is_item=True, title="Set-up", unit_price="1.00")
        store = market(order(item(Packs=2), Packs=1, **own), filters=(buyer,))

        assert billed(*run(store, buyer).drafts) == {
            ("acme", "Order/O-1:Buy"): Decimal("6.00"),
            LAMPS: Decimal("360.00"),
        }

    def test_a_formula_sees_the_parent(self):
        """A formula of a line can read the fields of its parent."""
        buyer = party("Buy", quantity=lambda record: record.parent["Months"])
        store = market(order(Months=3), filters=(buyer,))

        assert billed(*run(store, buyer).drafts) == {LAMPS: Decimal("90.00")}


class TestIndependence:
    """What one party was billed says nothing about the others."""

    def test_two_runs(self):
        """A run for the merchant bills what the run for the buyer has billed to the buyer."""
        store = market(order())
        first = billed(*run(store, BUYER).drafts)
        finalize_all(store)
        second = billed(*run(store, MERCHANT).drafts)

        assert (first, second) == ({LAMPS: Decimal("60.00")}, {FEE: Decimal("4.50")})
        assert reasons(run(store)) == {LAMPS: "ALREADY_INVOICED", FEE: "DRAFT_EXISTS"}

    def test_the_invoice_that_a_record_arrives_with(self):
        """A record whose invoice is set for the buyer is still billed to the merchant."""
        report = run(market(order(item(ON_InvoiceBuy="R-1"))))

        assert billed(*report.drafts) == {FEE: Decimal("4.50")}
        assert reasons(report) == {LAMPS: "ALREADY_INVOICED"}

    def test_void_and_discard(self):
        """What is given free for one party stays billed for the other."""
        store = market(order())
        run(store)
        buyer, merchant = list(store.drafts())
        number = bc.finalize(buyer, store, on="2026-04-01").number
        cancel(store, number)
        again = run(store)
        store.discard(merchant.id)
        last = run(store)

        assert billed(*again.drafts) == {LAMPS: Decimal("60.00")}
        assert reasons(again) == {FEE: "DRAFT_EXISTS"}
        assert billed(*last.drafts) == {FEE: Decimal("4.50")}
        assert reasons(last) == {LAMPS: "DRAFT_EXISTS"}

    def test_both_parties_are_one_account(self):
        """The parties are told apart by their suffixes, also where one account pays for both."""
        store = market(order(ON_AccountMerch="acme"))
        report = run(store)
        sums = billed(*report.drafts)
        numbers = finalize_all(store)
        for number in numbers:
            cancel(store, number)

        assert sums == {LAMPS: Decimal("60.00"), ("acme", "Item/I-1:Merch"): Decimal("4.50")}
        assert billed(*run(store).drafts) == sums

    def test_one_run_or_two(self):
        """One run with both filters bills what two runs with one filter each bill."""
        together, apart = market(order(), order(number=2)), market(order(), order(number=2))
        run(together)
        run(apart, MERCHANT)
        run(apart, BUYER)

        assert billed(*together.drafts()) == billed(*apart.drafts())

    def test_a_problem_of_one_party(self):
        """What is wrong for the buyer does not hold the merchant's invoice."""
        report = run(market(order(item(), item(2, ON_UnitPriceBuy="x"))))

        assert [each.record for each in report.problems] == ["Item/I-2:Buy"]
        assert billed(*report.drafts) == {
            FEE: Decimal("4.50"),
            ("shop", "Item/I-2:Merch"): Decimal("4.50"),
        }
        assert reasons(report) == {LAMPS: "OTHER_PROBLEM"}

    def test_two_filters_of_one_party(self):
        """A record that two filters of a party take is billed once, by the lower sequence."""
        late, early = party("Buy", "late", sequence=2), party("Buy", "early", sequence=1)
        report = run(market(order(), filters=(late, early)), late, early)
        (draft,) = report.drafts

        assert [line.origin.sources[0].filter for line in draft.lines] == ["early"]
        assert dict(report.exclusions[0].facts) == {"filter": "early"}
        assert reasons(report) == {LAMPS: "ALREADY_INVOICED"}


class TestUpdates:
    """What is written back has the names of the party."""

    def test_success(self):
        """Each party's document is written under the suffixed names, to the line and its parent."""
        store = market(order())
        buyer, merchant = run(store).drafts
        run_id = "2026-03-01..2026-03-31/Buy+Merch"

        assert bc.updates(buyer) == tuple(
            bc.Update(
                kind,
                name,
                "Buy",
                {
                    "ON_InvoiceBuy": f"{run_id}/acme/terms=party=Buy",
                    "ON_LastInvoiceRunBuy": run_id,
                    "ON_InvoiceBuildErrorBuy": None,
                },
            )
            for kind, name in (("Item", "I-1"), ("Order", "O-1"))
        )
        assert {each.party for each in bc.updates(merchant)} == {"Merch"}
        assert all(name.endswith("Merch") for each in bc.updates(merchant) for name in each.values)

    def test_error(self):
        """An error is written to the fields of the party that it concerns."""
        store = market(order(item(ON_UnitPriceBuy="x")))
        selection = bc.Selection([BUYER, MERCHANT])
        march = bc.InvoiceRun(bc.Period.month(2026, 3), selection=selection)
        outcome = bc.bill(march, store.snapshot("acme"), store.tax)
        update, parent = outcome.updates

        assert (update.id, update.party) == ("I-1", "Buy")
        assert (parent.id, parent.party, parent.values) == ("O-1", "Buy", update.values)
        assert set(update.values) == {"ON_InvoiceBuildErrorBuy", "ON_LastInvoiceRunBuy"}
        assert "ON_UnitPriceBuy" in update.values["ON_InvoiceBuildErrorBuy"]

    def test_cancellation(self):
        """A canceled invoice empties the fields of its party and leaves the others alone."""
        store = market(order())
        buyer = run(store).drafts[0]
        invoice = bc.finalize(buyer, store, on="2026-04-01")
        cancel(store, invoice.number)
        gone = bc.updates(invoice, is_gone=True)

        assert [each.values for each in gone] == [{"ON_InvoiceBuy": None}] * 2


RATES = bc.ExchangeTable(
    [
        bc.ExchangeRate("USD", "EUR", "0.90", date="2026-03-27", source="ECB"),
        bc.ExchangeRate("USD", "EUR", "0.95", date="2026-04-01", source="ECB"),
    ]
)


class TestCurrencies:
    """Each party has its currency; a price in another is converted, and says how."""

    def test_a_currency_for_each_party(self):
        """The buyer pays in dollars what the merchant is charged for in the account's euros."""
        report = run(market(order(ON_CurrencyBuy="USD")))

        assert [(draft.account.id, draft.currency) for draft in report.drafts] == [
            ("acme", "USD"),
            ("shop", "EUR"),
        ]
        assert {code: sums.net for code, sums in report.totals.items()} == {
            "USD": Decimal("60.00"),
            "EUR": Decimal("4.50"),
        }

    def test_one_currency_for_each_invoice(self):
        """Orders of one account in two currencies are two invoices."""
        report = run(market(order(), order(item(2), number=2, ON_CurrencyBuy="USD")), BUYER)

        assert sorted((draft.currency, draft.totals.net) for draft in report.drafts) == [
            ("EUR", Decimal("60.00")),
            ("USD", Decimal("60.00")),
        ]

    def test_one_account_in_two_currencies(self):
        """Two parties of one account in two currencies never share an invoice."""
        report = run(market(order(ON_AccountMerch="acme", ON_CurrencyMerch="USD")))

        assert sorted((draft.currency, draft.totals.net) for draft in report.drafts) == [
            ("EUR", Decimal("60.00")),
            ("USD", Decimal("4.50")),
        ]

    def test_a_converted_price(self):
        """30.00 dollars at 0.90 are 27.00 euros, two of them 54.00; the line says how."""
        record = order(item(ON_PriceCurrencyBuy="USD"))
        report = run(market(record, setup=bc.Setup(exchange=RATES)))
        (line,) = report.drafts[0].lines
        step = "30.00 USD at 1 USD = 0.90 EUR (2026-03-27, ECB) is 27 EUR"

        assert (line.unit_price, line.net) == amounts("27", "54.00")
        assert ("converted", step) in line.origin.facts
        assert billed(report.drafts[1]) == {FEE: Decimal("4.50")}

    @pytest.mark.parametrize(
        ("setup", "words"),
        [
            (bc.Setup(), "no rates to convert CHF into EUR"),
            (bc.Setup(exchange=RATES), "no rate of CHF in EUR"),
        ],
        ids=["no rates", "no such rate"],
    )
    def test_a_missing_rate(self, setup, words):
        """A price that cannot be converted is a problem of its record and party only."""
        record = order(item(ON_PriceCurrencyBuy="CHF"))
        report = run(market(record, setup=setup))

        assert [each.record for each in report.problems] == ["Item/I-1:Buy"]
        assert words in report.problems[0].message
        assert billed(*report.drafts) == {FEE: Decimal("4.50")}

    def test_rates_that_cannot_be_asked(self):
        """A rate service that times out is a problem of the account, and can be tried again."""

        class Down:
            def rate(self, base, quote, on):
                raise TimeoutError("no answer")

        record = order(item(ON_PriceCurrencyBuy="CHF"))
        report = run(market(record, setup=bc.Setup(exchange=Down())))

        assert {each.is_retryable for each in report.problems} == {True}
        assert "ExchangeRates: raised TimeoutError: no answer" in report.problems[0].message

    def test_the_house_currency_is_fixed_at_finalizing(self):
        """60.00 dollars at the rate of the invoice date, 0.95, are 57.00 euros in the books."""
        setup = bc.Setup(exchange=RATES, house_currency="EUR")
        store = market(order(ON_CurrencyBuy="USD"), setup=setup)
        drafts = list(run(store).drafts)
        buyer, merchant = (bc.finalize(each, store, on="2026-04-01") for each in drafts)

        assert (buyer.house.net, buyer.house.gross) == amounts("57.00", "57.00")
        assert str(buyer.house.rate) == "1 USD = 0.95 EUR (2026-04-01, ECB)"
        assert merchant.house is None
