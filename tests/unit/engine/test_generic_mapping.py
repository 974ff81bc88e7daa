"""The generic run with data mappings: completed lines, custom lines, and fields of the document."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.records import ACME
from tests.unit.engine.sources import (
    ORDERS,
    billed,
    deal,
    generic_run,
    lines,
    order,
    orders,
    problems,
    product,
    reasons,
    store_with,
    the_draft,
)

SHIPPING = {"Title__c": "Shipping", "UnitPrice__c": 5, "Quantity__c": 1, "Type__c": "Shipping Fees"}
SHIP = json.dumps({"items": {"SHIP": {"fields": SHIPPING}}})


def ship(**fields):
    """Write a mapping with one custom line."""
    return json.dumps({"items": {"SHIP": {"fields": SHIPPING | fields}}})


def line_fields(**fields):
    """Write a mapping for the line HW."""
    return json.dumps({"items": {"HW": {"fields": fields}}})


def document_fields(**fields):
    """Write a mapping for the document."""
    return json.dumps({"fields": fields})


class TestTheDocumentedExamples:
    """Both examples of the documents."""

    def test_order_with_one_child_and_shipping(self):
        """Purchase order, serial number, project name and shipping stand where they belong."""
        mapping = """{
            "fields": {"PurchaseOrderNo__c": "$PoNumber__c", "Remark__c": "$HW.SerialNo__c"},
            "items": {"HW": {"fields": {"Description__c": "$ProjectName__c"}},
                      "SHIP": {"fields": {"Title__c": "Shipping", "UnitPrice__c": 4.90,
                                          "Quantity__c": 1, "Type__c": "Shipping Fees"}}}}"""
        hardware = product(1, ON_OrderNo="HW", SerialNo__c="X-500")
        draft = the_draft(
            order(1, hardware, ON_Mapping=mapping, PoNumber__c="PO-77", ProjectName__c="Atrium")
        )
        (own, shipping) = draft.lines

        assert draft.custom == {"PurchaseOrderNo": "PO-77", "Remark": "X-500"}
        assert (own.record, own.description, str(own.net)) == ("Product/P-1", "Atrium", "20.00")
        assert (shipping.title, str(shipping.net)) == ("Shipping", "4.90")
        assert (shipping.type, shipping.sources) == (bc.LineType.SHIPPING, ())
        assert str(draft.totals.net) == "24.90"

    def test_the_account_by_its_customer_number(self):
        """The invoice is for the account whose customer number the record names."""
        mapping = """{"externalIdFields": {"Account__c": "CustomerNo__c"},
                      "fields": {"Account__c": "$Customer_Number__c"}}"""
        store = bc.MemoryStore(filters=[ORDERS])
        store.add(
            bc.Account("one", currency="EUR", external_ids={"CustomerNo__c": "K-1"}),
            bc.Account("two", currency="EUR", external_ids={"CustomerNo__c": "K-2", "Old": "K-1"}),
            order(1, product(1), ON_Account=..., ON_Mapping=mapping, Customer_Number__c="K-2"),
            order(2, product(2), ON_Account=..., ON_Mapping=mapping, Customer_Number__c="K-1"),
            order(3, product(3), ON_Account=..., ON_Mapping=mapping, Customer_Number__c="K-3"),
        )
        report = bc.execute(generic_run(ORDERS), store)

        assert {draft.account.id: lines(draft) for draft in report.drafts} == {
            "one": [["Product/P-2 20.00"]],
            "two": [["Product/P-1 20.00"]],
        }
        assert [(each.record, each.filter) for each in report.problems] == [("Order/O-3", "Orders")]


class TestLines:
    """Lines that a mapping completes or adds."""

    def test_a_mapping_goes_before_the_record(self):
        """What a mapping says of a line goes before the record's own fields."""
        child = product(1, ON_OrderNo="HW", ON_Color="red", List__c="12.50")
        mapping = line_fields(UnitPrice__c="$HW.List__c", Title__c="Mapped", Color__c="blue")
        (line,) = the_draft(order(1, child, ON_Mapping=mapping)).lines

        assert (line.title, str(line.net)) == ("Mapped", "25.00")
        assert dict(line.custom) == {"Color": "blue"}

    def test_everything_by_mapping(self):
        """A child may have nothing but its order number, if the mapping says the rest."""
        bare = bc.SourceRecord("Product", "P-1", {"ON_OrderNo": "HW", "Price": "7.50"})
        mapping = line_fields(Title="By mapping", Quantity=3, UnitPrice="$HW.Price")
        (line,) = the_draft(order(1, bare, ON_Mapping=mapping)).lines

        assert (line.record, line.title, str(line.net)) == ("Product/P-1", "By mapping", "22.50")

    def test_a_parent_line_is_completed(self):
        """A record that is its own line is completed under its own order number."""
        record = deal(ON_OrderNo="HW", ON_UnitPrice=..., Fee=30)
        mapping = line_fields(UnitPrice__c="$Fee", Quantity__c=2)
        draft = the_draft(bc.SourceRecord("Deal", "D-1", {**record.values, "ON_Mapping": mapping}))

        assert lines(draft) == [["Deal/D-1 60.00"]]

    def test_a_custom_line_alone_makes_no_document(self):
        """Without a line of a record there is no document, and the record is told of."""
        outcome = billed(order(1, ON_Mapping=SHIP), order(2, product(2, ON_Quantity=0)))

        assert outcome.drafts == ()
        assert reasons(outcome) == {"Order/O-1": "NO_PRODUCTS", "Product/P-2": "ZERO_QUANTITY"}

    def test_a_custom_line_with_quantity_zero(self):
        """A custom line of quantity 0 is none."""
        draft = the_draft(order(1, product(1), ON_Mapping=ship(Quantity__c=0)))

        assert lines(draft) == [["Product/P-1 20.00"]]

    def test_a_custom_line_goes_with_the_first_document(self):
        """Where a criterion splits a record, its custom line stands on the first document."""
        children = product(1, ON_InvoiceCriterion="B"), product(2, ON_InvoiceCriterion="A")
        outcome = billed(order(1, *children, ON_Mapping=SHIP))

        assert lines(*outcome.drafts) == [
            ["Product/P-1 20.00", "Order/O-1/SHIP 5.00"],
            ["Product/P-2 20.00"],
        ]

    def test_a_custom_line_with_a_criterion(self):
        """A custom line may name the criterion of its document."""
        children = product(1, ON_InvoiceCriterion="B"), product(2, ON_InvoiceCriterion="A")
        outcome = billed(order(1, *children, ON_Mapping=ship(InvoiceCriterion__c="A")))

        assert lines(*outcome.drafts) == [
            ["Product/P-1 20.00"],
            ["Product/P-2 20.00", "Order/O-1/SHIP 5.00"],
        ]

    def test_a_custom_line_without_a_document(self):
        """A custom line whose criterion no line of the record has is left out, and told of."""
        outcome = billed(order(1, product(1), ON_Mapping=ship(InvoiceCriterion__c="Z")))

        assert lines(*outcome.drafts) == [["Product/P-1 20.00"]]
        assert [(part.record, part.reason.name) for part in outcome.left_out] == [
            ("Order/O-1/SHIP", "NO_PRODUCTS")
        ]

    def test_a_custom_line_is_billed_once(self):
        """A late child brings no second custom line."""
        store = store_with(order(1, product(1), ON_Mapping=SHIP))
        bc.execute(generic_run(), store)
        store.change(order(1, product(1), product(2), ON_Mapping=SHIP))
        run = generic_run(period=bc.Period.month(2026, 4), late_children=bc.LateChildren.BILL)
        (draft,) = bc.execute(run, store).drafts

        assert lines(draft) == [["Product/P-2 20.00"]]

    def test_a_custom_line_is_carried_forward(self):
        """A custom line of a document that is put off is billed with its record later."""
        policy = {"negative_total": bc.NegativeTotal.CARRY_FORWARD}
        store = store_with(order(1, product(1, ON_Quantity=-1), ON_Mapping=SHIP))
        first = bc.execute(generic_run(**policy), store)
        store.add(order(2, product(2)))
        (draft,) = bc.execute(generic_run(period=bc.Period.month(2026, 4), **policy), store).drafts

        # -10.00 + 5.00 is negative and put off; with 20.00 it is 15.00
        assert reasons(first)["Product/P-1"] == "CARRIED_FORWARD"
        assert sorted(*lines(draft)) == [
            "Order/O-1/SHIP 5.00",
            "Product/P-1 -10.00",
            "Product/P-2 20.00",
        ]

    def test_shipping_of_each_record(self):
        """Each record has its own custom line, whatever its key."""
        draft = the_draft(
            order(1, product(1), ON_Mapping=SHIP), order(2, product(2), ON_Mapping=SHIP)
        )

        assert [line.record for line in draft.lines[2:]] == ["Order/O-1/SHIP", "Order/O-2/SHIP"]


class TestDocuments:
    """What a mapping says of the document."""

    @pytest.mark.parametrize(
        ("fields", "attribute", "expected"),
        [
            ({"Currency": "USD"}, "currency", "USD"),
            ({"PaymentDays__c": 21}, "payment_days", 21),
            ({"Reference__c": "$Po"}, "references", ("PO-7",)),
            ({"Note__c": "$$5 off"}, "custom", {"Note": "$5 off"}),
            ({"Weight__c": 2.50}, "custom", {"Weight": Decimal("2.5")}),
            ({"Color__c": "mapped"}, "custom", {"Color": "mapped"}),
        ],
    )
    def test_fields_of_the_document(self, fields, attribute, expected):
        """A mapping sets fields of the document, before the record's own."""
        own = {"ON_Currency": "EUR", "ON_Reference": "own", "Po": "PO-7"}
        extra = {"ON_Color": "own"} if "Color__c" in fields else {}
        record = order(1, product(1), ON_Mapping=document_fields(**fields), **own, **extra)

        assert getattr(the_draft(record), attribute) == expected

    def test_a_single_invoice_by_mapping(self):
        """A mapping can ask for a document of its own."""
        outcome = billed(
            order(1, product(1), ON_Mapping=document_fields(CreateSingleInvoice=True)),
            order(2, product(2)),
        )

        assert len(outcome.drafts) == 2

    def test_a_service_date_by_mapping(self):
        """A mapping can set the service date."""
        outcome = billed(order(1, product(1), ON_Mapping=document_fields(ServiceDate="2026-05-01")))

        assert reasons(outcome) == {"Product/P-1": "OUT_OF_PERIOD"}

    def test_a_criterion_of_the_document(self):
        """A criterion that a mapping sets for the document is that of lines without their own."""
        mapping = document_fields(InvoiceCriterion="M")
        outcome = billed(
            order(1, product(1), product(2, ON_InvoiceCriterion="A"), ON_Mapping=mapping)
        )

        assert [draft.lines[0].item.criterion for draft in outcome.drafts] == ["M", "A"]


class TestWhichMapping:
    """Inline, by id, by name."""

    def test_inline_before_id_before_name(self):
        """The mapping on the record goes before the one of an id, and that before a name."""
        library = {
            name: bc.DataMapping(document_fields(From__c=name)) for name in ("by id", "by name")
        }
        setup = bc.Setup(mappings=library)
        rows = [
            {"ON_Mapping": document_fields(From__c="inline"), "ON_MappingId": "by id"},
            {"ON_Mapping": " ", "ON_MappingId": "by id", "ON_MappingName": "by name"},
            {"ON_MappingName": "by name", "ON_MappingId": None},
            {"ON_Mapping": library["by id"]},
        ]
        found = [the_draft(order(1, product(1), **row), setup=setup).custom["From"] for row in rows]

        assert found == ["inline", "by id", "by name", "by id"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("ON_MappingId", "gone"),
            ("ON_MappingName", "gone"),
            ("ON_MappingId", 7),
            ("ON_Mapping", "{"),
            ("ON_Mapping", 7),
            ("ON_Mapping", "[]"),
            ("ON_Mapping", '{"fields": {}, "fields": {}}'),
            ("ON_Mapping", '{"fields": {"Note__c": "$Gone"}}'),
            ("ON_Mapping", '{"fields": {"Note__c": "$KEY.Gone"}}'),
            ("ON_Mapping", '{"fields": {"Note__c": "$__class__"}}'),
            ("ON_Mapping", '{"items": {"NEW": {"fields": {"Title__c": "alone"}}}}'),
            ("ON_Mapping", ship(BillingUnit__c="Month")),
            ("ON_Mapping", ship(UnitPrice__c="cheap")),
            ("ON_Mapping", document_fields(Account__c=None)),
        ],
    )
    def test_mappings_that_are_wrong(self, field, value):
        """A mapping that is wrong is a problem of its record, and no document is made of it."""
        outcome = billed(order(1, product(1), **{field: value}), order(2, product(2)))
        (problem,) = outcome.problems

        assert lines(*outcome.drafts) == [["Product/P-2 20.00"]]
        assert problem.record == "Order/O-1"
        assert problem.field
        assert problem.message.startswith("Order 'O-1': ")

    @pytest.mark.parametrize(
        ("mapping", "field"),
        [
            (line_fields(UnitPrice__c="$HW.Serial"), "items.HW.fields.UnitPrice__c"),
            (line_fields(Quantity__c="$HW.ON_Title"), "items.HW.fields.Quantity__c"),
            (line_fields(Type__c="$HW.ON_Title"), "items.HW.fields.Type__c"),
            (line_fields(Quantity__c=None), "items.HW.fields.Quantity__c"),
        ],
    )
    def test_values_that_do_not_fit(self, mapping, field):
        """A value of the record that does not fit its target is named by its place."""
        child = product(1, ON_OrderNo="HW", Serial="X-500")
        outcome = billed(order(1, child, ON_Mapping=mapping))

        assert problems(outcome) == {"Product/P-1": field}

    @pytest.mark.parametrize("value", [None, "", " ", "\n"])
    def test_no_mapping(self, value):
        """A field without anything in it names no mapping."""
        fields = {"ON_Mapping": value, "ON_MappingId": value, "ON_MappingName": value}

        assert lines(the_draft(order(1, product(1), **fields))) == [["Product/P-1 20.00"]]

    def test_notices_do_no_harm(self):
        """Parts that are for building subscriptions are ignored."""
        mapping = json.dumps({"fieldsToUpdate": {"A": 1}, "items": {"HW": {"tiers": []}}})

        assert lines(the_draft(order(1, product(1, ON_OrderNo="HW"), ON_Mapping=mapping))) == [
            ["Product/P-1 20.00"]
        ]

    def test_a_mapping_by_formula(self):
        """The mapping of a record may come from a formula."""
        fields = bc.FieldSet(formulas={"mapping_id": lambda record: record.get("Kind", None)})
        chosen = orders(fields=fields)
        setup = bc.Setup(mappings={"shop": bc.DataMapping(SHIP)})
        draft = the_draft(order(1, product(1), Kind="shop"), filters=[chosen], setup=setup)

        assert lines(draft) == [["Product/P-1 20.00", "Order/O-1/SHIP 5.00"]]
        assert draft.account is ACME
