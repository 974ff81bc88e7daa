"""The generic run: which lines records give, and on which documents they stand."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.testing import check_document, check_outcome
from tests.unit.engine.records import ACME, contract, monthly
from tests.unit.engine.sources import (
    BOTH,
    billed,
    deal,
    generic_run,
    lines,
    order,
    orders,
    problems,
    product,
    reasons,
    the_draft,
)

PARENT_LINE = {"ON_IsItem": True, "ON_Title": "Set-up", "ON_Quantity": 1, "ON_UnitPrice": 5}


class TestLines:
    """Who gives a line."""

    def test_a_parent_with_children(self):
        """The children of a record are its lines, in their order; the record itself is none."""
        draft = the_draft(order(1, product(2), product(1, ON_Quantity=3)))

        assert lines(draft) == [["Product/P-2 20.00", "Product/P-1 30.00"]]
        assert [line.title for line in draft.lines] == ["Thing 2", "Thing 1"]
        check_document(draft)

    def test_a_single_object(self):
        """A record of a filter without children is its own line."""
        assert lines(the_draft(deal())) == [["Deal/D-1 100.00"]]

    def test_a_single_object_that_says_so(self):
        """A record that is its own line may say so, also where children are possible."""
        alone = order(1, ON_IsItem=True, ON_Title="Audit", ON_UnitPrice=80)

        assert lines(the_draft(alone, deal(ON_IsItem=True))) == [
            ["Order/O-1 80.00", "Deal/D-1 100.00"]
        ]

    def test_a_parent_that_is_a_line_too(self):
        """A record that is a line besides its children stands before them."""
        draft = the_draft(order(1, product(1), product(2), **PARENT_LINE))

        assert lines(draft) == [["Order/O-1 5.00", "Product/P-1 20.00", "Product/P-2 20.00"]]

    def test_a_record_without_lines(self):
        """A record without children, or that says it is no line, has nothing to bill."""
        outcome = billed(order(1), deal(ON_IsItem=False))

        assert outcome.drafts == ()
        assert reasons(outcome) == {"Order/O-1": "NO_PRODUCTS", "Deal/D-1": "NO_PRODUCTS"}

    def test_a_line_keeps_its_source_and_filter(self):
        """A line names the record that it bills, and the filter that selected it."""
        (line,) = the_draft(order(1, product(1))).lines

        assert line.sources == (bc.SourceRef("Product", "P-1", "Orders", ""),)
        assert (line.filter, line.subscription, line.subscription_id) == ("Orders", None, "")
        assert line.billing_key == "Product/P-1@once"

    def test_what_a_child_says_of_its_line(self):
        """Title, description, unit, discount, tax code and gross price are the record's."""
        child = product(
            1,
            ON_Quantity="2.5",
            ON_UnitPrice="11.90",
            ON_Discount="10",
            ON_Description="red",
            ON_UnitCode="HUR",
            ON_TaxCode="19",
            ON_GrossInvoice=True,
        )
        (line,) = the_draft(order(1, child)).lines

        # 2.5 x 11.90 = 29.75, less 10 % (2.975 -> 2.98) = 26.77 with tax; / 1.19 = 22.4958
        assert (line.amount, line.discount, line.priced) == (
            Decimal("29.75"),
            Decimal("2.98"),
            Decimal("26.77"),
        )
        assert (line.net, line.tax.rate) == (Decimal("22.50"), Decimal(19))
        assert (line.title, line.description, line.unit_code) == ("Thing 1", "red", "HUR")

    def test_fees_stand_after_the_products(self):
        """Shipping and handling follow the products, whatever their order in the record."""
        draft = the_draft(
            order(1, product(1, ON_Type="Shipping Fees"), product(2)), order(2, product(3))
        )

        assert [line.record for line in draft.lines] == [
            "Product/P-2",
            "Product/P-3",
            "Product/P-1",
        ]
        assert draft.lines[2].type is bc.LineType.SHIPPING

    def test_information_does_not_count(self):
        """A line of information is shown and costs nothing."""
        draft = the_draft(order(1, product(1, ON_Type="Information"), product(2)))

        assert [line.net for line in draft.lines] == [0, 20]
        assert draft.totals.net == 20
        check_document(draft)

    @pytest.mark.parametrize("kind", ["Tax Delta", "Deposit", "Gift"])
    def test_types_that_no_record_can_have(self, kind):
        """A line of a record is no closing of a tax gap, and of no unknown type."""
        outcome = billed(order(1, product(1, ON_Type=kind)))

        assert (outcome.drafts, problems(outcome)) == ((), {"Product/P-1": "ON_Type"})

    def test_a_record_of_another_account(self):
        """A record that names another account is none of this one's, and is not told of."""
        outcome = billed(order(1, product(1), ON_Account="other"), order(2, product(2)))

        assert lines(*outcome.drafts) == [["Product/P-2 20.00"]]
        assert (outcome.exclusions, outcome.problems) == ((), ())

    @pytest.mark.parametrize("fields", [{}, {"ON_Account": ""}, {"ON_Account": 7}])
    def test_a_record_without_an_account(self, fields):
        """A record that names no account is a problem, with the field that should."""
        given = {"ON_Account": ...} | fields
        outcome = billed(order(1, product(1), **given))

        assert problems(outcome) == {"Order/O-1": "ON_Account"}
        assert reasons(outcome) == {"Product/P-1": "OTHER_PROBLEM"}

    def test_an_external_id(self):
        """A record may name its account by one of the account's external ids."""
        buyer = bc.Account("acme", currency="EUR", external_ids={"CustomerNo__c": "K-7"})
        draft = the_draft(order(1, product(1), ON_Account="K-7"), account=buyer)

        assert draft.account is buyer

    @pytest.mark.parametrize(
        ("account", "reason"),
        [
            ({"active": False}, "ACCOUNT_NOT_ACTIVE"),
            ({"hold": bc.Hold(reason="dispute")}, "ON_HOLD"),
        ],
        ids=["inactive", "on hold"],
    )
    def test_an_account_that_is_not_billed(self, account, reason):
        """What keeps an account from being billed is told for each line."""
        buyer = bc.Account("acme", currency="EUR", **account)
        outcome = billed(order(1, product(1), product(2)), account=buyer)

        assert reasons(outcome) == {"Product/P-1": reason, "Product/P-2": reason}

    def test_a_parent_line_is_told_of_too(self):
        """Where a record is a line besides its children, an exclusion names it and them."""
        outcome = billed(order(1, product(1), **PARENT_LINE), may_bill=lambda _: False)

        assert reasons(outcome) == {"Order/O-1": "NO_PERMISSION", "Product/P-1": "NO_PERMISSION"}

    def test_a_child_that_is_given_twice(self):
        """A child that a record has twice is not billed twice."""
        outcome = billed(order(1, product(1), product(1)))

        assert sum(len(draft.lines) for draft in outcome.drafts) <= 1


class TestQuantities:
    """No quantity, quantity 0, and none given."""

    def test_quantity_zero_gives_no_line(self):
        """A quantity of 0 excludes the record, and nothing is written to it."""
        outcome = billed(order(1, product(1, ON_Quantity=0), product(2)))

        assert lines(*outcome.drafts) == [["Product/P-2 20.00"]]
        assert reasons(outcome) == {"Product/P-1": "ZERO_QUANTITY"}
        assert "P-1" not in {update.id for update in outcome.updates}

    def test_quantity_zero_is_not_marked_as_billed(self):
        """A record of quantity 0 is billed by a later run that finds another quantity."""
        store = bc.MemoryStore(filters=BOTH)
        store.add(ACME, order(1, product(1, ON_Quantity="0.00")))
        first = bc.execute(generic_run(), store)
        store.change(order(1, product(1)))
        second = bc.execute(generic_run(), store)

        assert (len(first.drafts), reasons(first)) == (0, {"Product/P-1": "ZERO_QUANTITY"})
        assert lines(*second.drafts) == [["Product/P-1 20.00"]]

    def test_a_single_record_needs_no_quantity(self):
        """A record that is its own line counts as one if it says nothing."""
        (line,) = the_draft(deal()).lines

        assert line.quantity == 1

    @pytest.mark.parametrize(
        ("record", "name"),
        [
            (order(1, product(1, ON_Quantity=...)), "Product/P-1"),
            (order(1, product(1, ON_Quantity=None)), "Product/P-1"),
            (order(1, product(1, ON_Quantity="")), "Product/P-1"),
            (deal(ON_Quantity=None), "Deal/D-1"),
            (deal(ON_Quantity=""), "Deal/D-1"),
            (order(1, product(1), ON_IsItem=True, ON_UnitPrice=1), "Order/O-1"),
        ],
        ids=[
            "child without",
            "child none",
            "child empty",
            "single none",
            "single empty",
            "parent without, besides children",
        ],
    )
    def test_a_quantity_that_is_needed(self, record, name):
        """A child without quantity, and an empty quantity, are a problem of that record."""
        outcome = billed(record)

        assert (outcome.drafts, problems(outcome)) == ((), {name: "ON_Quantity"})

    def test_a_negative_quantity_gives_a_credit(self):
        """A document with a negative total is a credit."""
        draft = the_draft(order(1, product(1, ON_Quantity=-2)))

        assert (draft.kind, draft.totals.net) == (bc.InvoiceKind.CREDIT, Decimal("-20.00"))


class TestProblems:
    """A problem spoils the record with all its lines, and nothing else."""

    def test_one_bad_child(self):
        """A child that is wrong keeps its siblings back, and no other record."""
        outcome = billed(
            order(1, product(1), product(2, ON_UnitPrice=0.1)), order(2, product(3)), deal()
        )

        assert lines(*outcome.drafts) == [["Product/P-3 20.00", "Deal/D-1 100.00"]]
        assert problems(outcome) == {"Product/P-2": "ON_UnitPrice"}
        assert reasons(outcome) == {"Product/P-1": "OTHER_PROBLEM"}
        assert outcome.problems[0].message == (
            "Product 'P-2': ON_UnitPrice = 0.1 (float): a float is not exact"
        )

    def test_all_bad_children_are_told(self):
        """Each child that is wrong is a problem of its own."""
        outcome = billed(order(1, product(1, ON_Quantity="x"), product(2, ON_UnitPrice="y")))

        assert problems(outcome) == {"Product/P-1": "ON_Quantity", "Product/P-2": "ON_UnitPrice"}

    def test_a_bad_parent(self):
        """A record that is wrong keeps all its lines back."""
        outcome = billed(order(1, product(1), ON_ServiceDate="soon"), order(2, product(2)))

        assert lines(*outcome.drafts) == [["Product/P-2 20.00"]]
        assert problems(outcome) == {"Order/O-1": "ON_ServiceDate"}
        assert reasons(outcome) == {"Product/P-1": "OTHER_PROBLEM"}

    def test_order_numbers_are_unique(self):
        """Two children with one order number are a problem of their parent that names both."""
        outcome = billed(
            order(1, product(1, ON_OrderNo="A"), product(2, ON_OrderNo="A"), product(3))
        )

        (problem,) = outcome.problems
        assert (problem.record, problem.field) == ("Order/O-1", "ON_OrderNo")
        assert "Product/P-1 and Product/P-2" in problem.message
        assert set(reasons(outcome)) == {"Product/P-1", "Product/P-2", "Product/P-3"}

    def test_order_numbers_of_several_parents(self):
        """Order numbers may repeat from record to record, and empty ones within one."""
        draft = the_draft(
            order(1, product(1, ON_OrderNo="A"), product(2, ON_OrderNo="")),
            order(2, product(3, ON_OrderNo="A"), product(4, ON_OrderNo="")),
        )

        assert len(draft.lines) == 4

    def test_the_order_number_of_a_parent_line(self):
        """A record that is a line may not have the order number of a child."""
        outcome = billed(order(1, product(1, ON_OrderNo="A"), **PARENT_LINE, ON_OrderNo="A"))

        assert (outcome.drafts, problems(outcome)) == ((), {"Order/O-1": "ON_OrderNo"})

    @pytest.mark.parametrize(
        ("switch", "kept"),
        [("RECORD", ["A", "B"]), ("INVOICE", ["B"]), ("ACCOUNT", [])],
    )
    def test_what_a_problem_holds_back(self, switch, kept):
        """A problem can hold back its document, or all of its account."""
        outcome = billed(
            order(1, product(1, ON_InvoiceCriterion="A", ON_Quantity="x")),
            order(2, product(2, ON_InvoiceCriterion="A"), product(3, ON_InvoiceCriterion="B")),
            on_problem=bc.OnProblem[switch],
        )
        held = [each for each in outcome.exclusions if each.reason is bc.Reason.OTHER_PROBLEM]

        assert [draft.lines[0].item.criterion for draft in outcome.drafts] == kept
        assert {each.filter for each in held} <= {"Orders"}

    def test_an_unknown_tax_code(self):
        """A line that cannot be taxed spoils its record, and is written back to it."""
        outcome = billed(order(1, product(1, ON_TaxCode="33"), product(2)), order(2, product(3)))

        assert lines(*outcome.drafts) == [["Product/P-3 20.00"]]
        assert [each.record for each in outcome.problems] == ["Product/P-1"]
        assert reasons(outcome) == {"Product/P-2": "OTHER_PROBLEM"}
        assert "ON_InvoiceBuildError" in {
            name
            for update in outcome.updates
            if update.id == "P-1" and update.values["ON_InvoiceBuildError"]
            for name in update.values
        }

    def test_a_total_that_is_too_large(self):
        """A document that cannot be summed up is a problem of its records under their filter."""
        huge = product(1, ON_Quantity=10**9, ON_UnitPrice=10**14)
        outcome = billed(order(1, huge))

        assert [(each.record, each.filter) for each in outcome.problems] == [
            ("Product/P-1", "Orders")
        ]
        assert [update.id for update in outcome.updates]


class TestFilters:
    """Conditions, and what several filters do."""

    def test_a_condition(self):
        """A record that the condition does not select is left out, naming the filter."""
        outcome = billed(
            order(1, product(1), Status="New"),
            order(2, product(2), Status="Sent"),
            filters=[orders("Sent", lambda record: record["Status"] == "Sent")],
        )

        assert lines(*outcome.drafts) == [["Product/P-2 20.00"]]
        assert outcome.exclusions[0].facts == (("filter", "Sent"),)
        assert reasons(outcome) == {"Product/P-1": "FILTER_MISMATCH"}

    def test_a_condition_that_raises(self):
        """A condition that fails on a record is a problem of that record alone."""
        outcome = billed(
            order(1, product(1)),
            order(2, product(2), Status="Sent"),
            filters=[orders("Sent", lambda record: record["Status"] == "Sent")],
        )

        assert lines(*outcome.drafts) == [["Product/P-2 20.00"]]
        assert problems(outcome) == {"Order/O-1": "condition"}
        assert "filter Sent raised" in outcome.problems[0].message

    def test_two_filters_of_one_party(self):
        """A record that two filters of a party select is billed once, by the lower sequence."""
        low, high = orders("Low", sequence=1), orders("High", sequence=2)
        outcome = billed(order(1, product(1)), filters=[high, low])

        assert [line.filter for draft in outcome.drafts for line in draft.lines] == ["Low"]
        assert [(each.filter, each.reason.name, each.facts) for each in outcome.exclusions] == [
            ("High", "ALREADY_INVOICED", (("filter", "Low"),))
        ]

    def test_two_filters_of_two_kinds(self):
        """Records of several filters share a document of the run."""
        assert lines(the_draft(order(1, product(1)), deal())) == [
            ["Product/P-1 20.00", "Deal/D-1 100.00"]
        ]

    def test_subscriptions_have_documents_of_their_own(self):
        """A run over subscriptions and records bills both, on documents of their own."""
        snapshot = bc.AccountSnapshot(ACME, [contract(monthly())], records=[order(1, product(1))])
        outcome = bc.bill(generic_run(), snapshot, bc.TaxTable({}))

        assert lines(*outcome.drafts) == [["S-1/seats 10.00"], ["Product/P-1 20.00"]]

    def test_the_laws_for_hosts(self):
        """The laws that hosts can assert know records, too."""
        records = (
            order(1, product(1), product(2, ON_Quantity=0)),
            order(2, product(3, ON_Quantity="")),
        )
        snapshot = bc.AccountSnapshot(ACME, [contract(monthly())], records=records)
        outcome = bc.bill(generic_run(), snapshot, bc.TaxTable({}))

        check_outcome(outcome, snapshot)
