"""Who receives a record: the accounts that its fields name, for each party."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.trading import BUYER, MERCHANT, billed, item, market, order, party, run

ACME = bc.Account("acme", currency="EUR", external_ids={"CustomerNo__c": "10042"})
BY_NUMBER = {
    "externalIdFields": {"Account__c": "CustomerNo__c"},
    "fields": {"Account__c": "$Customer_Number__c"},
}
"""The second example of the documents: the account whose customer number the record has."""

KNOWN = {"acme": "acme", "shop": "shop", "10042": "acme"}


def resolve(name):
    """Know two accounts by id, and one by its customer number."""
    if name.external_field not in ("", "CustomerNo__c"):
        return None
    return KNOWN.get(name.value)


def found(record, *filters, setup=None):
    """Give filter and account of each entry, with the field of its problem."""
    given = {} if setup is None else {"setup": setup}
    return [
        (each.filter.name, each.account, each.problem and each.problem.field)
        for each in bc.recipients(record, filters or (BUYER, MERCHANT), resolve, **given)
    ]


class TestRecipients:
    """The pure function by which a source hands records to accounts."""

    def test_one_for_each_party(self):
        """A record has an entry for each filter that takes it, in the order of the filters."""
        assert found(order()) == [("Buy", "acme", None), ("Merch", "shop", None)]

    def test_an_external_id(self):
        """A record may name an account by an id that it has elsewhere."""
        assert found(order(ON_AccountBuy="10042"), BUYER) == [("Buy", "acme", None)]

    @pytest.mark.parametrize(
        ("number", "expected"),
        [("10042", ("Buy", "acme", None)), ("7", ("Buy", None, "fields.Account__c"))],
        ids=["known", "unknown"],
    )
    def test_a_mapping_sets_the_account(self, number, expected):
        """A data mapping names the account by a field of the record, before ON_Account."""
        record = order(ON_MappingBuy=BY_NUMBER, Customer_Number__c=number, ON_AccountBuy="shop")

        assert found(record, BUYER) == [expected]

    @pytest.mark.parametrize(
        ("mapping", "values", "said"),
        [
            (
                BY_NUMBER,
                {"Customer_Number__c": "7"},
                "fields.Account__c = '7': no account has this CustomerNo__c",
            ),
            (
                {"fields": {"Account": "nobody"}},
                {},
                "fields.Account = 'nobody': there is no such account",
            ),
            (
                {"fields": {"Account": "$Customer"}},
                {"Customer": None},
                "fields.Account: a control field is missing or empty",
            ),
            (
                {"fields": {"Account": "$Customer"}},
                {"Customer": 7},
                "fields.Account = 7: no id of an account",
            ),
            (
                {"externalIdFields": {"Account": "CustomerNo__c"}},
                {},
                "ON_AccountBuy = 'acme 2': no account has this CustomerNo__c",
            ),
        ],
        ids=["external id", "constant", "empty field", "number", "the record's own field"],
    )
    def test_a_mapping_that_names_nobody(self, mapping, values, said):
        """An account that a data mapping names wrongly is told with its place in the mapping."""
        record = order(ON_MappingBuy=mapping, ON_AccountBuy="acme 2", **values)
        (route,) = bc.recipients(record, [BUYER], resolve)

        assert route.problem.message == f"Order 'O-1': {said}"

    def test_a_mapping_of_the_setup(self):
        """A mapping that is named is looked up in the setup."""
        setup = bc.Setup(mappings={"by number": bc.DataMapping(BY_NUMBER)})
        record = order(ON_MappingNameBuy="by number", Customer_Number__c="10042")

        assert found(record, BUYER, setup=setup) == [("Buy", "acme", None)]
        assert found(record, BUYER) == [("Buy", None, "ON_MappingNameBuy")]

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"ON_AccountBuy": "nobody"}, "there is no such account"),
            ({"ON_AccountBuy": ""}, "a control field is missing or empty"),
            ({"ON_AccountBuy": None}, "a control field is missing or empty"),
            ({"ON_AccountBuy": ...}, "a control field is missing or empty"),
            ({"ON_AccountBuy": ..., "ON_Account": "acme"}, "a control field is missing or empty"),
            ({"ON_AccountBuy": 10042}, "no id of an account"),
        ],
        ids=["unknown", "empty", "none", "missing", "no suffix", "a number"],
    )
    def test_problems(self, values, words):
        """A filter without account has a problem that names record, field and filter."""
        (route,) = bc.recipients(order(**values), [BUYER], resolve)
        problem = route.problem

        assert (route.account, problem.account) == (None, "")
        assert (problem.record, problem.field, problem.filter) == (
            "Order/O-1:Buy",
            "ON_AccountBuy",
            "Buy",
        )
        assert words in problem.message

    def test_a_formula_that_fails(self):
        """A formula that raises is a problem of its party, and no other."""
        broken = party("Buy", account=lambda record: record["Customer"])

        assert found(order(), broken, MERCHANT) == [
            ("Buy", None, "ON_AccountBuy"),
            ("Merch", "shop", None),
        ]

    def test_a_condition_that_fails(self):
        """A condition that raises is a problem, too: the record is not lost."""
        broken = party("Buy", condition=lambda record: record["Size"] > 3)

        assert found(order(), broken) == [("Buy", None, "condition")]

    def test_what_a_filter_does_not_take(self):
        """Filters of another type or condition have no entry."""
        cases = party("Buy", target="Case")
        large = party("Buy", condition=lambda record: record["Size"] > 3)

        assert found(order(Size=3), cases, large, bc.Filter("all")) == []

    def test_accounts_that_cannot_be_asked(self):
        """A resolver that cannot answer gives a problem that may be gone the next time."""

        def offline(name):
            raise bc.PortError("no answer", port="accounts", question=name.value, is_retryable=True)

        (route,) = bc.recipients(order(), [BUYER], offline)

        assert route.problem.is_retryable


class TestUnresolved:
    """Records that are handed to nobody are reported by the store and by the run."""

    def test_they_are_reported(self):
        """A run reports a record whose account is not known, and bills the other party."""
        store = market(order(ON_AccountBuy="nobody"))
        report = run(store)

        assert [(each.account, each.record) for each in report.problems] == [("", "Order/O-1:Buy")]
        assert list(store.unresolved()) == report.problems
        assert billed(*report.drafts) == {("shop", "Item/I-1:Merch"): Decimal("4.50")}

    def test_other_filters_do_not_report_them(self):
        """A run for the merchant says nothing of accounts of buyers."""
        assert run(market(order(ON_AccountBuy="nobody")), MERCHANT).problems == []

    @pytest.mark.parametrize("chosen", [None, ["Merch"]], ids=["both", "only the merchant"])
    def test_an_unreadable_account_is_reported_once(self, chosen):
        """A record that names nobody for one party is one problem, whoever else has the record."""
        report = run(market(order(ON_AccountBuy=None)), chosen=chosen)
        expected = ["Order/O-1:Buy"] if chosen is None else []

        assert [each.record for each in report.problems] == expected

    def test_the_account_comes_later(self):
        """A record waits for its account."""
        store = market(order(ON_AccountBuy="later"))
        store.add(bc.Account("later", currency="EUR"))

        assert list(store.unresolved()) == []
        assert ("later", "Item/I-1:Buy") in billed(*run(store).drafts)

    def test_the_record_is_mended(self):
        """A record that is mended is billed by the next run."""
        store = market(order(ON_AccountBuy="nobody"))
        run(store)
        store.change(order())
        report = run(store)

        assert report.problems == []
        assert billed(*report.drafts) == {("acme", "Item/I-1:Buy"): Decimal("60.00")}

    def test_a_mapping_in_a_run(self):
        """The account of a data mapping is billed, and no other that the record names."""
        record = order(ON_MappingBuy=BY_NUMBER, Customer_Number__c="10042", ON_AccountBuy="shop")
        store = market(record, accounts=[ACME, "shop"])

        assert billed(*run(store).drafts) == {
            ("acme", "Item/I-1:Buy"): Decimal("60.00"),
            ("shop", "Item/I-1:Merch"): Decimal("4.50"),
        }

    def test_a_field_that_the_account_does_not_have(self):
        """A mapping that looks in another field finds no account, even of the same number."""
        mapping = BY_NUMBER | {"externalIdFields": {"Account__c": "DebtorNo__c"}}
        store = market(
            order(ON_MappingBuy=mapping, Customer_Number__c="10042"), accounts=[ACME, "shop"]
        )

        assert [each.record for each in run(store).problems] == ["Order/O-1:Buy"]


class TestNames:
    """What an account is called elsewhere can change, and is never that of another."""

    def test_a_new_number(self):
        """A record that names an old number of an account is reported, not lost."""
        store = market(order(ON_AccountBuy="10042"), accounts=[ACME, "shop"])
        store.change(bc.Account("acme", currency="EUR", external_ids={"CustomerNo__c": "10043"}))

        assert [each.record for each in run(store, BUYER).problems] == ["Order/O-1:Buy"]

    def test_a_number_moves(self):
        """A number that another account has now leads to that, for new and old records."""
        store = market(order(ON_AccountBuy="10042"), accounts=[ACME, "shop"])
        store.change(bc.Account("acme", currency="EUR"))
        store.change(bc.Account("shop", currency="EUR", external_ids={"No": "10042"}))
        store.add(order(item(2), number=2, ON_AccountBuy="10042"))

        assert billed(*run(store, BUYER).drafts) == {
            ("shop", "Item/I-1:Buy"): Decimal("60.00"),
            ("shop", "Item/I-2:Buy"): Decimal("60.00"),
        }

    @pytest.mark.parametrize(
        ("account", "field", "rule"),
        [
            (bc.Account("10042", currency="EUR"), "id", "an external id of account 'acme'"),
            (
                bc.Account("b", currency="EUR", external_ids={"DebtorNo": "acme"}),
                "external_ids",
                "the id of account 'acme'",
            ),
        ],
        ids=["id like a number", "number like an id"],
    )
    def test_an_id_is_no_number_of_another(self, account, field, rule):
        """A store refuses an id that is another account's number: records would be for both."""
        store = market(accounts=[ACME])
        with pytest.raises(bc.InvalidInputError, match=rule) as caught:
            store.add(account)

        assert caught.value.field == field
        assert store.accounts() == ("acme",)

    def test_one_number_in_two_fields(self):
        """A number that two accounts have means neither, unless the record names the field."""
        debtor = bc.Account("b", currency="EUR", external_ids={"DebtorNo": "10042"})
        by_field = order(item(2), number=2, ON_MappingBuy=BY_NUMBER, Customer_Number__c="10042")
        store = market(order(ON_AccountBuy="10042"), by_field, accounts=[ACME, debtor, "shop"])
        report = run(store, BUYER)

        assert [each.record for each in report.problems] == ["Order/O-1:Buy"]
        assert billed(*report.drafts) == {("acme", "Item/I-2:Buy"): Decimal("60.00")}

    def test_an_account_keeps_its_names(self):
        """An account that changes may keep its id and numbers, in another field as well."""
        store = market(accounts=[ACME])
        store.change(bc.Account("acme", currency="EUR", external_ids={"A": "10042", "B": "acme"}))

        assert store.snapshot("acme").account.external_ids == (("A", "10042"), ("B", "acme"))


def test_a_store_without_the_filter():
    """A record for whose type the store has no filter is reported by runs of records, not lost."""
    store = bc.MemoryStore()
    store.add(bc.Account("acme", currency="EUR"), order())
    (problem,) = run(store, BUYER).problems

    assert problem.record == "Order/O-1"
    assert str(problem).endswith("make the store with the filters of its runs: filters=[...]")
    assert bc.execute(bc.InvoiceRun(bc.Period.month(2026, 3)), store).problems == []
