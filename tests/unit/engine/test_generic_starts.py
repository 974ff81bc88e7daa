"""The generic run: which filters apply, and runs that start from records or their parents."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.engine.records import ACME, contract, monthly
from tests.unit.engine.sources import (
    DEALS,
    GENERIC,
    ORDERS,
    billed,
    deal,
    generic_run,
    lines,
    order,
    orders,
    problems,
    product,
)

TWO_PARENTS = {"ON_Account__c": "Account", "ContractId__c": "Contract"}


def found(start, *records, filters=(ORDERS, DEALS)):
    """Give what a run bills that starts somewhere."""
    selection = bc.Selection(filters, start=start)
    outcome = billed(*records, filters=filters, selection=selection)
    return sorted(outcome.billed)


class TestSelection:
    """Which filters apply."""

    RECORDS = (order(1, product(1)), deal())

    @pytest.mark.parametrize(
        ("chosen", "expected"),
        [
            (None, ["Deal/D-1", "Product/P-1"]),
            ([], []),
            ("Orders", ["Product/P-1"]),
            (["Deals"], ["Deal/D-1"]),
            (["Deals", "Orders", "Deals"], ["Deal/D-1", "Product/P-1"]),
        ],
        ids=["nobody chose", "none", "one", "the other", "both"],
    )
    def test_any_number_of_generic_filters(self, chosen, expected):
        """Of filters of records as many apply as are chosen, and none if none is."""
        selection = bc.Selection([ORDERS, DEALS], chosen=chosen)
        outcome = billed(*self.RECORDS, selection=selection)

        assert sorted(outcome.billed) == expected
        assert (outcome.exclusions, outcome.problems) == ((), ())

    def test_no_filter_of_records(self):
        """Without a filter of records a run bills none."""
        assert billed(*self.RECORDS, selection=bc.Selection()).drafts == ()

    def test_an_unknown_name(self):
        """A filter that is not defined cannot be chosen."""
        with pytest.raises(bc.InvalidInputError, match="choose one of Orders, Deals"):
            bc.Selection([ORDERS, DEALS], chosen="Order")

    def test_two_of_one_name(self):
        """Two filters of one name are refused."""
        with pytest.raises(bc.InvalidInputError, match="two have the same name"):
            bc.Selection([ORDERS, orders()])

    def test_they_apply_in_their_sequence(self):
        """Filters apply by their sequence; those of one sequence as they were given."""
        filters = [
            orders("third", sequence=2),
            orders("first", sequence=1),
            orders("second", sequence=1),
        ]
        selection = bc.Selection(filters)

        assert [each.name for each in selection.records] == ["first", "second", "third"]
        assert selection.name == "first+second+third"

    def test_two_subscription_filters_need_a_choice(self):
        """Beside filters of records, exactly one of several filters of subscriptions is chosen."""
        filters = [bc.Filter("all"), bc.Filter("some"), ORDERS]

        with pytest.raises(bc.InvalidInputError, match="several filters and none chosen"):
            bc.Selection(filters)
        with pytest.raises(bc.InvalidInputError, match="several filters are chosen"):
            bc.Selection(filters, chosen=["all", "some"])
        selection = bc.Selection(filters, chosen=["some", "Orders"])
        assert (selection.applied_name, selection.name) == ("some", "some+Orders")

    def test_the_run_is_named_by_its_filters(self):
        """Runs of other filters are other runs, so that their drafts do not mix."""
        names = {
            generic_run(selection=bc.Selection([ORDERS, DEALS], chosen=each)).id
            for each in (None, "Orders", "Deals", [])
        }

        assert names == {
            "2026-03-01..2026-03-31/Orders+Deals",
            "2026-03-01..2026-03-31/Orders",
            "2026-03-01..2026-03-31/Deals",
            "2026-03-01..2026-03-31",
        }

    def test_without_subscriptions(self):
        """A selection may leave subscriptions out."""
        snapshot = bc.AccountSnapshot(ACME, [contract(monthly())], records=[deal()])
        selection = bc.Selection([DEALS], has_subscriptions=False)
        outcome = bc.bill(generic_run(selection=selection), snapshot, bc.TaxTable({}))

        assert lines(*outcome.drafts) == [["Deal/D-1 100.00"]]
        assert outcome.exclusions == ()

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"use_case": GENERIC}, "a filter of records needs their type"),
            ({"target": "Order"}, "not for a filter of subscriptions"),
            ({"child_relation": "Items"}, "not for a filter of subscriptions"),
            ({"condition": "Status = 'Sent'"}, "not a condition"),
            ({"use_case": "Special"}, "not a UseCase"),
            ({"sequence": -1}, "not a count"),
            ({"parents": {"": "Account"}, "use_case": GENERIC, "target": "Order"}, "parents"),
        ],
    )
    def test_filters_that_are_wrong(self, fields, message):
        """A filter that fits no use case is refused when it is made."""
        with pytest.raises(bc.InvalidInputError, match=message):
            bc.Filter("wrong", **fields)

    def test_use_cases_by_their_words(self):
        """The products' words for use cases are read, too."""
        assert bc.Filter("Orders", use_case="Generic", target="Order").use_case is GENERIC


class TestStartFromRecords:
    """A run that starts from certain records."""

    def test_by_record_or_name(self):
        """Only the records that it starts from are billed, under any filter that takes them."""
        records = order(1, product(1)), order(2, product(2)), deal()

        assert found(bc.StartFrom([records[0]]), *records) == ["Product/P-1"]
        assert found(bc.StartFrom(["Order/O-2", "Deal/D-1"]), *records) == [
            "Deal/D-1",
            "Product/P-2",
        ]

    def test_no_subscription_is_billed(self):
        """A run that starts from a record bills no subscription, and reports none."""
        snapshot = bc.AccountSnapshot(ACME, [contract(monthly())], records=[deal()])
        selection = bc.Selection([DEALS], start=bc.StartFrom(["Deal/D-1"]))
        outcome = bc.bill(generic_run(selection=selection), snapshot, bc.TaxTable({}))

        assert lines(*outcome.drafts) == [["Deal/D-1 100.00"]]
        assert outcome.exclusions == ()

    def test_it_is_a_run_of_its_own(self):
        """A run from a record has a name of its own, and does not grow other drafts."""
        selection = bc.Selection([DEALS], start=bc.StartFrom(["Deal/D-1"]))

        assert generic_run(selection=selection).id == "2026-03-01..2026-03-31/Deals+from Deal/D-1"

    @pytest.mark.parametrize("given", [{}, {"records": []}, {"parents": {}}])
    def test_from_nothing(self, given):
        """A run cannot start from nothing."""
        with pytest.raises(bc.InvalidInputError, match="nothing to start from"):
            bc.StartFrom(**given)


class TestStartFromParents:
    """A run that starts from parents of records."""

    WITH_PARENTS = orders(parents=TWO_PARENTS)

    def linked(self, number, account, contract_id):
        """Make an order with two lookups."""
        lookups = {"ON_Account__c": account, "ContractId__c": contract_id}
        return order(number, product(number), ON_Account=..., **lookups)

    @property
    def records(self):
        """Give orders of one account and two contracts."""
        return self.linked(1, "acme", "C-1"), self.linked(2, "acme", "C-2")

    @pytest.mark.parametrize(
        ("parents", "expected"),
        [
            ({"Account": "acme"}, ["Product/P-1", "Product/P-2"]),
            ({"Account": "other"}, []),
            ({"Contract": "C-2"}, ["Product/P-2"]),
            ({"Account": "acme", "Contract": "C-1"}, ["Product/P-1"]),
            ({"Account": "other", "Contract": "C-1"}, []),
        ],
        ids=["one parent", "another", "the other kind", "both", "only one fits"],
    )
    def test_one_or_two_parents(self, parents, expected):
        """A record is billed if its lookups point to all parents that the run starts from."""
        start = bc.StartFrom(parents=parents)

        assert found(start, *self.records, filters=[self.WITH_PARENTS]) == expected

    def test_two_lookups_to_one_type(self):
        """Of several lookups to one type, any may point to the parent."""
        chosen = orders(parents={"Buyer": "Account", "Payer": "Account"})
        records = (
            order(1, product(1), Buyer="A", Payer="B"),
            order(2, product(2), Buyer="B", Payer="A"),
            order(3, product(3), Buyer="C", Payer="C"),
        )
        start = bc.StartFrom(parents={"Account": "A"})

        assert found(start, *records, filters=[chosen]) == ["Product/P-1", "Product/P-2"]

    def test_a_grand_parent(self):
        """A formula that looks through a parent makes its parent one to start from."""
        fields = bc.FieldSet(
            formulas={"ON_ParentAccount__c": lambda own: own.parents["Account"]["ParentId"]}
        )
        chosen = orders(parents={"ON_ParentAccount__c": "Account"}, fields=fields)
        records = [
            bc.SourceRecord(
                "Order",
                f"O-{number}",
                {"ON_Account": "acme"},
                children={"Items": [product(number)]},
                parents={"Account": bc.SourceRecord("Account", "acme", {"ParentId": holding})},
            )
            for number, holding in enumerate(("H-1", "H-2"), 1)
        ]
        outcome = billed(
            *records,
            selection=bc.Selection([chosen], start=bc.StartFrom(parents={"Account": "H-2"})),
        )

        assert [line.record for draft in outcome.drafts for line in draft.lines] == ["Product/P-2"]

    def test_a_lookup_that_fails(self):
        """A lookup whose formula fails is a problem of its record, and of no other."""
        fields = bc.FieldSet(formulas={"ON_Parent": lambda own: own["Above"]})
        chosen = orders(parents={"ON_Parent": "Account"}, fields=fields)
        selection = bc.Selection([chosen], start=bc.StartFrom(parents={"Account": "A"}))
        outcome = billed(order(1, product(1)), order(2, product(2), Above="A"), selection=selection)

        assert problems(outcome) == {"Order/O-1": "ON_Parent"}
        assert sorted(outcome.billed) == ["Product/P-2"]

    def test_a_filter_without_such_a_lookup(self):
        """A run cannot start from a parent to which its filter has no lookup."""
        with pytest.raises(bc.InvalidInputError, match="filter Orders has no lookup to a Account"):
            found(bc.StartFrom(parents={"Account": "A"}), order(1, product(1)))
