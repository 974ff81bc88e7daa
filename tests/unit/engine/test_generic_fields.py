"""The generic run: how fields are called and computed, and which travel along."""

from __future__ import annotations

from dataclasses import dataclass

import attrs
import pytest

import billingcore as bc
from tests.unit.engine.sources import (
    billed,
    generic_run,
    lines,
    order,
    orders,
    problems,
    product,
    reasons,
    the_draft,
)


def suffixed(suffix, **fields):
    """Make a child with fields of one party."""
    own = {"Title": "Thing", "Quantity": 1, "UnitPrice": 10} | fields
    values = {f"ON_{name}{suffix}": value for name, value in own.items() if value is not ...}
    return bc.SourceRecord("Product", "P-1", values)


def shared(child):
    """Make an order of acme for the parties Cust and Par."""
    accounts = {"ON_AccountCust": "acme", "ON_AccountPar": "acme", "ON_Account": "acme"}
    return bc.SourceRecord("Order", "O-1", accounts, children={"Items": [child]})


class TestSuffixes:
    """One set of fields for each party."""

    def test_the_fields_of_a_party(self):
        """A filter with a suffix reads the fields with that suffix, and names the party."""
        chosen = orders(fields=bc.FieldSet(suffix="Cust"))
        (line,) = the_draft(shared(suffixed("Cust", Quantity=3)), filters=[chosen]).lines

        assert (line.record, str(line.net)) == ("Product/P-1:Cust", "30.00")
        assert line.sources[0].party == "Cust"

    @pytest.mark.parametrize(
        ("field", "name"), [("Quantity", "ON_QuantityCust"), ("UnitPrice", "ON_UnitPriceCust")]
    )
    def test_no_field_without_suffix_is_read(self, field, name):
        """What the party's own field does not say, no other field says."""
        child = suffixed("Cust", **{field: ...})
        both = bc.SourceRecord("Product", "P-1", {**child.values, f"ON_{field}": 7})
        outcome = billed(shared(both), filters=[orders(fields=bc.FieldSet(suffix="Cust"))])

        assert (outcome.drafts, problems(outcome)) == ((), {"Product/P-1:Cust": name})

    def test_two_parties(self):
        """Two parties are billed for one record, each its own quantity, on a document of its own."""
        child = suffixed("Cust", Quantity=3)
        both = bc.SourceRecord("Product", "P-1", {**child.values, **suffixed("Par").values})
        filters = [
            orders(party, fields=bc.FieldSet(suffix=party), sequence=number)
            for number, party in enumerate(("Cust", "Par"))
        ]

        assert lines(*billed(shared(both), filters=filters).drafts) == [
            ["Product/P-1:Cust 30.00"],
            ["Product/P-1:Par 10.00"],
        ]


class TestFieldSets:
    """What a field set refuses."""

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"suffix": "Supplier"}, "use at most 5 letters and digits"),
            ({"suffix": "A-B"}, "not a suffix"),
            ({"formulas": {"amount": len}}, "no formula of a field"),
            ({"formulas": {"quantity": 3}}, "no formula of a field"),
            ({"days": "Europe/Berlin"}, "not a ServiceDays"),
        ],
        ids=["long suffix", "odd suffix", "unknown field", "no function", "no rule of days"],
    )
    def test_errors(self, fields, message):
        """A suffix has at most five letters and digits, and formulas are functions of known fields."""
        with pytest.raises(bc.InvalidInputError, match=message):
            bc.FieldSet(**fields)

    def test_names(self):
        """A field has a name for the party, or the one under which the record has it."""
        fields = bc.FieldSet(suffix="Cust")

        assert fields.name_of("unit_price") == "ON_UnitPriceCust"
        assert fields.name_of("unit_price", suffixed("Cust")) == "ON_UnitPriceCust"

    def test_another_prefix(self):
        """Another prefix can stand before the names."""
        values = {"BC_Account": "acme", "BC_Title": "Row", "BC_UnitPrice": 5, "BC_Team": "blue"}
        chosen = bc.Filter(
            "Deals", use_case="Generic", target="Deal", fields=bc.FieldSet(prefix="BC_")
        )
        draft = the_draft(bc.SourceRecord("Deal", "D-1", values), filters=[chosen])

        assert (lines(draft), draft.custom["Team"]) == ([["Deal/D-1 5.00"]], "blue")

    def test_a_discount_as_a_value(self):
        """A discount may be given as percent, or as a discount of any kind."""
        children = product(1, ON_Discount=bc.Discount.amount(3)), product(2, ON_Discount="50")

        assert lines(the_draft(order(1, *children))) == [["Product/P-1 17.00", "Product/P-2 10.00"]]


class TestFormulas:
    """Fields that are computed."""

    def test_a_formula_sees_parent_and_children(self):
        """The formula of a child sees its parent, and that of a parent its children."""
        fields = bc.FieldSet(
            formulas={
                "quantity": lambda record: (
                    record["ON_Quantity"] * record.parent["Sets"] if record.parent else 1
                ),
                "ON_Count": lambda record: len(record.children_of("Items")),
            }
        )
        draft = the_draft(order(1, product(1), Sets=3), filters=[orders(fields=fields)])

        assert lines(draft) == [["Product/P-1 60.00"]]
        assert draft.custom["Count"] == 1

    def test_a_formula_goes_before_a_field(self):
        """A formula of a field hides the field, under any of its names."""
        fields = bc.FieldSet(formulas={"ON_UnitPrice": lambda _: 3})

        assert lines(the_draft(order(1, product(1)), filters=[orders(fields=fields)])) == [
            ["Product/P-1 6.00"]
        ]

    def test_a_formula_of_lines_is_not_asked_of_their_parent(self):
        """What a line needs is computed of lines, and what the document needs of the record."""
        fields = bc.FieldSet(
            formulas={
                "account": lambda record: record["Customer"],
                "unit_price": lambda record: record["Price"],
            }
        )
        record = order(1, product(1, Price=4), ON_Account=..., Customer="acme")

        assert lines(the_draft(record, filters=[orders(fields=fields)])) == [["Product/P-1 8.00"]]

    @pytest.mark.parametrize(
        ("name", "field", "wrong"),
        [
            ("quantity", "ON_Quantity", "Product/P-1"),
            ("ON_UnitPrice__c", "ON_UnitPrice", "Product/P-1"),
            ("ON_Note", "ON_Note", "Order/O-1"),
            ("template", "ON_Template", "Order/O-1"),
        ],
    )
    def test_a_formula_that_raises(self, name, field, wrong):
        """A formula that fails is a problem that names its field, and spoils nothing else."""

        def compute(record):
            if record.name == wrong:
                raise ZeroDivisionError("no division")
            return record.get(field, None)

        fields = bc.FieldSet(formulas={name: compute})
        outcome = billed(
            order(1, product(1)), order(2, product(2)), filters=[orders(fields=fields)]
        )

        assert lines(*outcome.drafts) == [["Product/P-2 20.00"]]
        assert problems(outcome) == {wrong: field}
        assert "its formula raised ZeroDivisionError: no division" in outcome.problems[0].message

    def test_what_a_formula_gives_is_checked(self):
        """A formula that gives something wrong is a problem of the record, with its field."""
        fields = bc.FieldSet(formulas={"quantity": lambda _: 0.5})
        outcome = billed(order(1, product(1)), filters=[orders(fields=fields)])

        assert problems(outcome) == {"Product/P-1": "ON_Quantity"}


class TestFurtherFields:
    """Fields with the prefix that travel to the line or to the document."""

    def test_where_they_go(self):
        """Fields of a child travel to its line, those of its parent to the document."""
        draft = the_draft(order(1, product(1, ON_Size="XL", Secret=1), ON_Team="blue", Other=2))

        assert dict(draft.lines[0].custom) == {"Size": "XL"}
        assert draft.custom == {"Team": "blue"}

    def test_names_without_spelling(self):
        """A field of a customized system travels without the ending of its name."""
        assert the_draft(order(1, product(1), ON_Team__c="blue")).custom == {"Team": "blue"}

    def test_fields_of_parties(self):
        """With a suffix, the fields of that party travel; without one, no party's."""
        record = bc.SourceRecord(
            "Order",
            "O-1",
            {
                "ON_Account": "acme",
                "ON_AccountCust": "acme",
                "ON_QuantityCust": 5,
                "ON_TeamCust": "red",
                "ON_Team": "blue",
            },
            children={"Items": [product(1)]},
        )
        chosen = orders(fields=bc.FieldSet(suffix="Cust"))
        child = suffixed("Cust")
        cust = bc.SourceRecord("Order", "O-1", record.values, children={"Items": [child]})

        assert "QuantityCust" not in the_draft(record).custom
        assert the_draft(record).custom["Team"] == "blue"
        assert the_draft(cust, filters=[chosen]).custom == {"Team": "red"}

    @pytest.mark.parametrize("name", ["PriceList", "UnitName", "TypeCode"])
    def test_names_that_only_look_like_a_party(self, name):
        """A field whose name begins like a known one is not lost."""
        assert the_draft(order(1, product(1), **{f"ON_{name}": "A"})).custom == {name: "A"}

    def test_precedence(self):
        """A value once set stays: mapping, contract, record, account, then prefixed fields."""
        mapping = '{"fields": {"A__c": "mapping"}}'
        item = bc.Item("seats", unit_price=1, billing_type=bc.RECURRING, cadence=bc.monthly())
        contract = bc.Subscription(
            "S-1",
            account="acme",
            items=[item],
            custom={"A": "contract", "B": "contract", "ON_E": "prefixed contract"},
        )
        account = bc.Account(
            "acme",
            currency="EUR",
            custom=dict.fromkeys("ABCD", "account")
            | {"ON_E": "prefixed account", "ON_F": "prefixed account"},
        )
        extra = {"ON_A": "record", "ON_B": "record", "ON_C": "record"}
        record = order(1, product(1), ON_Mapping=mapping, **extra)
        snapshot = bc.AccountSnapshot(account, [contract], records=[record])
        run = generic_run(grouping=bc.PER_ACCOUNT)
        (draft,) = bc.bill(run, snapshot, bc.TaxTable({})).drafts

        assert draft.custom == {
            "A": "mapping",
            "B": "contract",
            "C": "record",
            "D": "account",
            "E": "prefixed contract",
            "F": "prefixed account",
        }

    def test_empty_values_set_nothing(self):
        """An empty field leaves its place to the next source."""
        account = bc.Account("acme", currency="EUR", custom={"Team": "account"})
        draft = the_draft(
            order(1, product(1), ON_Team=""), order(2, product(2), ON_Team=None), account=account
        )

        assert draft.custom == {"Team": "account"}

    def test_records_on_one_document(self):
        """Of several records on a document the first that has a field decides."""
        draft = the_draft(
            order(1, product(1)),
            order(2, product(2), ON_Team="second"),
            order(3, product(3), ON_Team="third"),
        )

        assert draft.custom == {"Team": "second"}


@dataclass
class DataRow:
    """A record as a dataclass."""

    ON_Account: str = "acme"
    ON_Title: str = "Row"
    ON_UnitPrice: int = 5


@attrs.define
class SlottedRow:
    """A record as an attrs class with slots."""

    ON_Account: str = "acme"
    ON_Title: str = "Row"
    ON_UnitPrice: int = 5


class PlainRow:
    """A record as a class with slots, a property and a method."""

    __slots__ = ("ON_Account", "ON_Title")

    def __init__(self):
        self.ON_Account = "acme"
        self.ON_Title = "Row"


PlainRow.ON_UnitPrice = property(lambda row: 5)
PlainRow.ON_Quantity = lambda row: 99  # a method is no field


class TestObjects:
    """Records that are no mappings."""

    @pytest.mark.parametrize("row", [DataRow, SlottedRow, PlainRow])
    def test_attributes_are_fields(self, row):
        """The attributes of an object are its fields, and its methods are none."""
        (line,) = the_draft(bc.SourceRecord("Deal", "D-1", row())).lines

        assert (line.title, line.quantity, str(line.net)) == ("Row", 1, "5.00")


@pytest.mark.parametrize("kind", ["Transactional", "Minimum Fee"])
def test_billing_types_of_subscriptions(kind):
    """A record is not priced by usage; its type is a problem that names the field."""
    outcome = billed(order(1, product(1, ON_BillingType=kind)))

    assert (outcome.drafts, problems(outcome)) == ((), {"Product/P-1": "ON_BillingType"})


def test_a_criterion_that_cannot_be_written():
    """A line with several mistakes is one problem, and its siblings are held back by it."""
    wrong = product(1, ON_Quantity="x", ON_InvoiceCriterion="a\x00b")
    outcome = billed(order(1, wrong, product(2)), order(2, product(3)))

    assert lines(*outcome.drafts) == [["Product/P-3 20.00"]]
    assert set(problems(outcome)) == {"Product/P-1"}
    assert reasons(outcome) == {"Product/P-2": "OTHER_PROBLEM"}
