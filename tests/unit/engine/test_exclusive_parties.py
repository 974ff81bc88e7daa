"""Selective billing: of exclusive parties, exactly one is billed for a record (behaviour 3.3)."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.canceling import cancel
from tests.unit.engine.records import finalize_all
from tests.unit.engine.trading import billed, facts, item, market, order, party, reasons, run

BOTH = ("Cust", "Par")
PERIOD = "2026-03-01..2026-03-31"


def for_customer(record):
    """Give the quantity of the customer: none of a promotion."""
    return 0 if record["Cluster"] == "Promotion" else record["Quantity"]


def for_partner(record):
    """Give the quantity of the partner: what the customer has not."""
    return record["Quantity"] if for_customer(record) == 0 else 0


CUSTOMER = party(
    "Cust",
    title=lambda record: record["Title"],
    unit_price=lambda record: record["Price"],
    quantity=for_customer,
)
PARTNER = party(
    "Par",
    title=lambda record: record["Title"],
    unit_price=lambda record: record["Price"],
    quantity=for_partner,
    sequence=1,
)
FILTERS = (CUSTOMER, PARTNER)


def work(name, cluster, quantity, price):
    """Make a child without a field of the library: all comes from formulas."""
    values = {"Title": name, "Cluster": cluster, "Quantity": quantity, "Price": price}
    return bc.SourceRecord("Item", name, values)


def case(*children, **values):
    """Make a case of a customer, with a partner."""
    accounts = {"ON_AccountCust": "customer", "ON_AccountPar": "partner"} | values
    return bc.SourceRecord("Order", "C-1", accounts, children={"Items": children})


PROMO, NORMAL = work("A", "Promotion", 2, "50.00"), work("B", "Standard", 3, "40.00")
TO_CUSTOMER = {("customer", "Item/B:Cust"): Decimal("120.00")}
TO_PARTNER = {("partner", "Item/A:Par"): Decimal("100.00")}


def cases(*records, filters=FILTERS, accounts=("customer", "partner"), **fields):
    """Make a store of a customer and a partner with cases."""
    return market(*records, filters=filters, accounts=accounts, **fields)


def bill(store, *chosen, filters=FILTERS, exclusive=BOTH, **fields):
    """Run the filters that are chosen, or all of them, with exclusive parties."""
    return run(store, *filters, chosen=chosen or None, exclusive=exclusive, **fields)


class TestPromotions:
    """A: promotion, 2 x 50.00, to the partner. B: normal, 3 x 40.00, to the customer."""

    @pytest.mark.parametrize("exclusive", [(), BOTH], ids=["by quantity only", "exclusive"])
    def test_each_pays_for_its_own(self, exclusive):
        """The customer is billed B for 120.00, the partner A for 100.00."""
        report = bill(cases(case(PROMO, NORMAL)), exclusive=exclusive)

        assert billed(*report.drafts) == TO_CUSTOMER | TO_PARTNER
        assert reasons(report) == {
            ("customer", "Item/A:Cust"): "ZERO_QUANTITY",
            ("partner", "Item/B:Par"): "ZERO_QUANTITY",
        }

    @pytest.mark.parametrize(
        "runs",
        [[("Cust", "Par")], [("Cust",), ("Par",)], [("Par",), ("Cust",)]],
        ids=["in one run", "customer first", "partner first"],
    )
    def test_one_run_or_two(self, runs):
        """The two filters bill the same in one run, or in two in any order."""
        store = cases(case(PROMO, NORMAL))
        for chosen in runs:
            bill(store, *chosen)

        assert billed(*store.drafts()) == TO_CUSTOMER | TO_PARTNER

    def test_zero_is_not_billed(self):
        """What one party has no quantity of is not marked as billed to it."""
        store = cases(case(PROMO, NORMAL))
        bill(store)
        written = [each for draft in store.drafts() for each in bc.updates(draft)]

        assert [(each.id, each.party) for each in written] == [
            ("B", "Cust"),
            ("C-1", "Cust"),
            ("A", "Par"),
            ("C-1", "Par"),
        ]

    @pytest.mark.parametrize("order_of_accounts", [1, -1], ids=["customer first", "partner first"])
    def test_the_order_of_accounts(self, order_of_accounts):
        """The lower sequence has a record that both want, in whatever order accounts come."""
        greedy = party("Par", sequence=1, **_formulas(quantity=2))
        accounts = ["customer", "partner"][::order_of_accounts]
        store = cases(case(NORMAL), filters=(CUSTOMER, greedy), accounts=accounts)
        report = bill(store, filters=(CUSTOMER, greedy))

        assert billed(*report.drafts) == TO_CUSTOMER
        assert facts(report, "Item/B:Par") in (
            {"party": "Cust", "filter": "Cust"},
            {"party": "Cust", "document": f"{PERIOD}/Cust+Par/customer"},
        )


def _formulas(**values):
    """Make formulas that read a title and a price, and give constants for the rest."""
    constants = {name: (lambda _, value=value: value) for name, value in values.items()}
    return {
        "title": lambda record: record["Title"],
        "unit_price": lambda record: record["Price"],
    } | constants


class TestFlips:
    """A formula that answers otherwise in the next run."""

    @pytest.mark.parametrize("is_final", [False, True], ids=["on a draft", "on an invoice"])
    def test_to_the_customer(self, is_final):
        """A promotion that becomes normal after the partner was billed stays the partner's."""
        store = cases(case(PROMO, NORMAL))
        bill(store)
        names = [draft.id for draft in store.drafts()]
        names = finalize_all(store) if is_final else names
        store.change(case(work("A", "Standard", 2, "50.00"), NORMAL))
        report = bill(store)

        assert len(report.drafts) == 0
        assert reasons(report)["customer", "Item/A:Cust"] == "BILLED_TO_OTHER_PARTY"
        assert facts(report, "Item/A:Cust") == {"party": "Par", "document": names[1]}

    def test_to_the_partner(self):
        """A normal item that becomes a promotion after it was billed stays the customer's."""
        store = cases(case(NORMAL))
        bill(store)
        store.change(case(work("B", "Promotion", 3, "40.00")))
        report = bill(store, "Par")

        assert reasons(report) == {("partner", "Item/B:Par"): "BILLED_TO_OTHER_PARTY"}
        assert facts(report, "Item/B:Par") == {
            "party": "Cust",
            "document": f"{PERIOD}/Cust+Par/customer/terms=party=Cust",
        }

    def test_without_exclusive_parties(self):
        """Parties that are not exclusive are both billed when a formula flips."""
        store = cases(case(NORMAL))
        bill(store, exclusive=())
        store.change(case(work("B", "Promotion", 3, "40.00")))
        bill(store, exclusive=())

        assert billed(*store.drafts()) == TO_CUSTOMER | {
            ("partner", "Item/B:Par"): Decimal("120.00")
        }

    def test_between_the_runs_of_the_parties(self):
        """An item that flips before its party was billed is billed to the other one."""
        store = cases(case(PROMO, NORMAL))
        bill(store, "Cust")
        store.change(case(work("A", "Standard", 2, "50.00"), NORMAL))
        bill(store, "Par")
        bill(store, "Cust")

        assert billed(*store.drafts()) == TO_CUSTOMER | {
            ("customer", "Item/A:Cust"): Decimal("100.00")
        }

    @pytest.mark.parametrize("free", ["discard", "void"])
    def test_what_is_given_free(self, free):
        """A record whose document is discarded or canceled can go to the other party."""
        store = cases(case(PROMO))
        bill(store)
        (draft,) = store.drafts()
        if free == "discard":
            store.discard(draft.id)
        else:
            cancel(store, bc.finalize(draft, store, on="2026-04-01").number)
        store.change(case(work("A", "Standard", 2, "50.00")))
        report = bill(store)

        assert billed(*report.drafts) == {("customer", "Item/A:Cust"): Decimal("100.00")}

    def test_a_record_that_arrives_as_billed(self):
        """The invoice that a record carries for one party closes it to the others."""
        item_with = bc.SourceRecord("Item", "A", {**PROMO.values, "ON_InvoiceCust__c": "R-7"})
        report = bill(cases(case(item_with)), "Par", filters=(PARTNER,))

        assert facts(report, "Item/A:Par") == {"party": "Cust", "document": "R-7"}

    def test_a_claim_of_another_system(self):
        """What was billed to one party before this store was used is closed to the other."""
        store = cases(case(PROMO))
        store.add_claims("customer", bc.Claim("Item/A:Cust", None, "R-7", bc.ClaimState.FINAL))
        report = bill(store)

        assert facts(report, "Item/A:Par") == {"party": "Cust", "document": "R-7"}

    def test_recurring_records(self):
        """A recurring record stays with the party that had its first month."""
        monthly = {"billing_type": "Recurring", "billing_unit": "Month"}
        filters = (
            party("Cust", **_formulas(**monthly) | {"quantity": for_customer}),
            party("Par", sequence=1, **_formulas(**monthly) | {"quantity": for_partner}),
        )
        store = cases(case(PROMO), filters=filters)
        bill(store, filters=filters)
        numbers = finalize_all(store)
        store.change(case(work("A", "Standard", 2, "50.00")))
        april = bc.InvoiceRun(
            bc.Period.month(2026, 4), selection=bc.Selection(filters, exclusive=BOTH)
        )
        report = bc.execute(april, store)

        assert facts(report, "Item/A:Cust") == {"party": "Par", "document": numbers[0]}


class TestGreedy:
    """Parties that both want a record: the lower sequence has it."""

    PAIR = (party("Buy"), party("Merch", sequence=1))

    def sell(self, *chosen, record=None, accounts=("acme", "shop"), filters=PAIR, **fields):
        """Run with the parties Buy and Merch as exclusive ones."""
        store = market(record or order(), filters=filters, accounts=accounts, **fields)
        return run(store, *filters, chosen=chosen or None, exclusive=("Buy", "Merch"))

    def test_one_account(self):
        """An account that is both parties is billed once, too."""
        report = self.sell(record=order(ON_AccountMerch="acme"))

        assert billed(*report.drafts) == {("acme", "Item/I-1:Buy"): Decimal("60.00")}
        assert facts(report, "Item/I-1:Merch") == {"party": "Buy", "filter": "Buy"}

    def test_a_filter_that_is_not_chosen(self):
        """A run for one party leaves what a filter of the selection has for another party."""
        report = self.sell("Merch")

        assert facts(report, "Item/I-1:Merch") == {"party": "Buy", "filter": "Buy"}

    @pytest.mark.parametrize("position", [0, 1])
    def test_equal_sequences(self, position):
        """Of equal sequences the filter that is defined first has it."""
        pair = (party("Buy"), party("Merch"))
        filters = (pair[position], pair[1 - position])
        (draft,) = self.sell(filters=filters).drafts

        assert draft.account.id == ("acme", "shop")[position]

    @pytest.mark.parametrize(
        "values",
        [{"ON_QuantityBuy": ...}, {"ON_QuantityBuy": "two"}, {"ON_QuantityBuy": None}],
        ids=["missing", "no number", "empty"],
    )
    def test_what_cannot_be_read_counts_as_wanted(self, values):
        """Nobody else is billed for a record that the first party cannot be billed for yet."""
        report = self.sell(record=order(item(ON_Quantity=0, **values)))

        assert len(report.drafts) == 0
        assert [each.record for each in report.problems] == ["Item/I-1:Buy"]
        assert reasons(report) == {("shop", "Item/I-1:Merch"): "BILLED_TO_OTHER_PARTY"}

    @pytest.mark.parametrize(
        "other",
        [
            party("Buy", condition=lambda record: record["Size"] > 3),
            party("Buy", target="Case"),
            party("Buy", child_relation="Parts"),
            party("Buy", child_relation=""),
        ],
        ids=["condition", "type", "relation", "the parent only"],
    )
    def test_what_the_first_does_not_look_at(self, other):
        """A record that is no line for the first party's filter goes to the second."""
        record = order(Size=3, ON_QuantityBuy=0, ON_UnitPriceBuy=1, ON_TitleBuy="x")
        report = self.sell(record=record, filters=(other, self.PAIR[1]))

        assert billed(*report.drafts) == {("shop", "Item/I-1:Merch"): Decimal("4.50")}

    @pytest.mark.parametrize("accounts", [("acme", "shop"), ("shop", "acme")])
    def test_parents_that_are_lines(self, accounts):
        """A parent that is a line of both goes to the first, and its item as well."""
        own = dict.fromkeys(("ON_IsItemBuy", "ON_IsItemMerch"), True)
        own |= dict.fromkeys(("ON_QuantityBuy", "ON_QuantityMerch"), 1)
        own |= dict.fromkeys(("ON_UnitPriceBuy", "ON_UnitPriceMerch"), 5)
        report = self.sell(record=order(**own), accounts=accounts)

        assert billed(*report.drafts) == {
            ("acme", "Order/O-1:Buy"): Decimal("5.00"),
            ("acme", "Item/I-1:Buy"): Decimal("60.00"),
        }

    def test_a_parent_that_is_a_line_of_the_second(self):
        """A parent that is a line only of the second party is billed to that."""
        own = {"ON_IsItemMerch": True, "ON_QuantityMerch": 1, "ON_UnitPriceMerch": 5}
        report = self.sell(record=order(item(ON_QuantityBuy=0), **own))

        assert billed(*report.drafts) == {
            ("shop", "Order/O-1:Merch"): Decimal("5.00"),
            ("shop", "Item/I-1:Merch"): Decimal("4.50"),
        }

    @pytest.mark.parametrize(
        ("mapped", "own", "to"),
        [(0, 2, "shop"), (1, 0, "acme"), (None, 2, "acme"), (..., 2, "acme")],
        ids=["mapped to none", "mapped to one", "mapped to nothing", "not mapped"],
    )
    @pytest.mark.parametrize("shop", ["shop", "acme"], ids=["two accounts", "one account"])
    def test_quantities_of_a_data_mapping(self, mapped, own, to, shop):
        """The quantity that the first party's data mapping gives decides, whatever the field is."""
        fields = {} if mapped is None else {"Quantity__c": mapped}
        lamp = {"LAMP": {"fields": {"Remark__c": "x"} | fields}}
        mapping = {"items": {} if mapped is ... else lamp}
        record = order(
            item(ON_OrderNoBuy="LAMP", ON_QuantityBuy=own),
            item(2, ON_QuantityBuy=0, ON_QuantityMerch=0),
            ON_MappingBuy=mapping,
            ON_AccountMerch=shop,
        )
        (draft,) = self.sell(record=record).drafts
        (line,) = draft.lines

        assert line.record == f"Item/I-1:{'Merch' if to == 'shop' else 'Buy'}"

    def test_single_records(self):
        """Records that are their own lines go to the first party, too."""
        filters = (bc.Filter("all"), *(party(name, child_relation="") for name in ("Buy", "Merch")))
        prices = {"ON_UnitPriceBuy": 5, "ON_UnitPriceMerch": 6}
        report = self.sell(record=order(**prices), filters=filters)

        assert billed(*report.drafts) == {("acme", "Order/O-1:Buy"): Decimal("5.00")}

    def test_parties_beside_them(self):
        """A party that is not exclusive is billed besides."""
        filters = (*self.PAIR, party("Fin", title=lambda _: "x", unit_price=lambda _: 1))
        record = order(item(ON_QuantityFin=7), ON_AccountFin="shop")
        report = self.sell(record=record, filters=filters)

        assert billed(*report.drafts) == {
            ("acme", "Item/I-1:Buy"): Decimal("60.00"),
            ("shop", "Item/I-1:Fin"): Decimal("7.00"),
        }


class TestChosenNames:
    """Filters of any use are chosen by their names, in one list."""

    USAGE = party("Par", "Time", use_case=bc.UseCase.USAGE)

    @pytest.mark.parametrize(
        ("chosen", "records", "usage"),
        [
            ("Cust", ["Cust"], []),
            (["Cust", "Time"], ["Cust"], ["Time"]),
            (["Time"], [], ["Time"]),
            (None, ["Cust"], ["Time"]),
            ([], [], []),
        ],
        ids=["one name", "both", "usage", "nobody chose", "none"],
    )
    def test_a_name_is_resolved_by_its_use(self, chosen, records, usage):
        """The name of a generic filter may stand where one of subscriptions is expected."""
        selection = bc.Selection([CUSTOMER, self.USAGE], chosen=chosen)

        assert [each.name for each in selection.records] == records
        assert [each.name for each in selection.usage] == usage
        assert selection.applied is None

    def test_beside_a_filter_of_subscriptions(self):
        """One list names the filter of subscriptions and those of records."""
        filters = [bc.Filter("all"), bc.Filter("some"), CUSTOMER]
        selection = bc.Selection(filters, chosen=["some", "Cust"])

        assert (selection.applied_name, selection.name) == ("some", "some+Cust")
