"""Data mappings: what they give to a document and to its lines."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from decimal import Decimal

import pytest

from billingcore import InvalidInputError, Money, PriceType
from billingcore.records.mapping import DataMapping, choose_mapping
from billingcore.records.source import MISSING, SourceRecord

ORDER = SourceRecord(
    "Order",
    "O-1",
    {
        "PoNumber__c": "PO-77",
        "ProjectName__c": "Atrium",
        "Customer_Number__c": "K-12",
        "Days": 21,
        "Price": "4.90",
        "Nothing": None,
    },
)
SERVER = SourceRecord("OrderProduct", "P-1", {"SerialNo__c": "X-500", "Weight": Decimal("2.5")})
DOCUMENTED = """{
  "fields": {"PurchaseOrderNo__c": "$PoNumber__c", "Remark__c": "$HW.SerialNo__c"},
  "items": {
    "HW": {"fields": {"Description__c": "$ProjectName__c"}},
    "SHIP": {"fields": {"Title__c": "Shipping", "UnitPrice__c": 4.90, "Quantity__c": 1,
                        "Type__c": "Shipping Fees"}}
  }
}"""


def mapped(source, record=ORDER, children=None):
    """Evaluate a mapping for an order with one child, whose order number is HW."""
    return DataMapping(source).evaluate(record, {"HW": SERVER} if children is None else children)


def field(value):
    """Map one custom field of the document, and give its value."""
    return mapped({"fields": {"Color": value}}).custom["Color"]


class TestTheDocumentedExamples:
    """The examples of the specification."""

    def test_order_with_one_child_and_shipping(self):
        """The order gives its number, its child a serial number, and shipping has no record."""
        result = mapped(DOCUMENTED)
        hardware, shipping = result.items.values()

        assert list(result.items) == ["HW", "SHIP"]
        assert (result.fields, result.external_ids) == ({}, {})
        assert result.custom == {"PurchaseOrderNo": "PO-77", "Remark": "X-500"}
        assert (hardware.fields, hardware.is_custom_line) == ({"description": "Atrium"}, False)
        assert shipping.is_custom_line
        assert shipping.fields == {
            "title": "Shipping",
            "unit_price": Decimal("4.90"),
            "quantity": Decimal(1),
            "type": "Shipping Fees",
        }

    def test_account_by_external_id(self):
        """The account is the one whose CustomerNo__c is the customer number of the order."""
        mapping = DataMapping(
            '{"externalIdFields": {"Account__c": "CustomerNo__c"},'
            ' "fields": {"Account__c": "$Customer_Number__c"}}'
        )
        result = mapping.evaluate(ORDER, {})

        assert result.fields == {"account": "K-12"}
        assert result.external_ids == {"account": "CustomerNo__c"}

    def test_parts_for_the_subscription_builder(self):
        """What only the subscription builder uses is ignored, with a notice for each place."""
        mapping = DataMapping(
            {
                "fieldsToUpdate": {"Status": "Billed"},
                "items": {"HW": {"tiers": [{"Quantity__c": 42, "Price__c": "$HW.Price"}]}},
            }
        )

        assert mapping.evaluate(ORDER, {"HW": SERVER}).items["HW"].fields == {}
        assert mapping.notices == (
            "fieldsToUpdate is ignored: only the subscription builder uses it",
            "items.HW.tiers is ignored: only the subscription builder uses it",
        )
        assert DataMapping({}).notices == ()


class TestValues:
    """What a value of a mapping stands for."""

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("$PoNumber__c", "PO-77"),
            ("$HW.Weight", Decimal("2.5")),
            ("$Nothing", None),
            ("$$5 off", "$5 off"),
            ("$$", "$"),
            ("$$$", "$$"),
            ("5 $", "5 $"),
            ("", ""),
            (True, True),
            (None, None),
            (7, Decimal(7)),
            ("{PoNumber__c.__class__}", "{PoNumber__c.__class__}"),
        ],
        ids=[
            "field",
            "field of a child",
            "empty field",
            "dollar",
            "only a dollar",
            "two dollars",
            "dollar inside",
            "empty",
            "truth value",
            "null",
            "number",
            "format",
        ],
    )
    def test_fields_and_constants(self, value, expected):
        """A dollar and a name is a field, two dollars are one, anything else is a constant."""
        assert field(value) == expected

    @pytest.mark.parametrize(
        ("number", "expected"),
        [
            ("4.90", Decimal("4.90")),
            ("0.1", Decimal("0.1")),
            ("-0", Decimal(0)),
            ("-12", Decimal(-12)),
            ("123456789012345.123456789", Decimal("123456789012345.123456789")),
        ],
    )
    def test_numbers_are_exact(self, number, expected):
        """A number of the text is the decimal that it shows, with its digits."""
        color = mapped(f'{{"fields": {{"Color": {number}}}}}').custom["Color"]

        assert (type(color), str(color)) == (Decimal, str(expected))

    @pytest.mark.parametrize(
        "value",
        [
            "text",
            7,
            0.1,
            Decimal("0.1"),
            False,
            None,
            date(2026, 1, 31),
            datetime(2026, 1, 31, 23, 30),  # noqa: DTZ001 - passed on as it is
            PriceType.FLAT,
            Money("4.90", "EUR"),
        ],
        ids=lambda value: type(value).__name__,
    )
    def test_values_of_fields_are_passed_on(self, value):
        """The value of a field comes as it is: whoever reads it for a target judges it."""
        record = SourceRecord("Case", "C-1", {"Fee": value})

        assert mapped({"fields": {"UnitPrice": "$Fee"}}, record).custom["UnitPrice"] is value

    def test_the_last_dot_divides(self):
        """An order number may have dots, and begin with an underscore; a field has neither."""
        children = {"A.1": SERVER, "_B": SERVER}

        assert mapped(
            {"fields": {"A": "$A.1.SerialNo__c", "B": "$_B.SerialNo__c"}}, children=children
        ).custom == {"A": "X-500", "B": "X-500"}

    def test_fields_of_objects(self):
        """A record may be an object; its methods and private attributes are no fields."""

        class Case:
            Hours = 3

            def bill(self):
                """Do what no mapping may do."""
                raise AssertionError

        case = SourceRecord("Case", "C-1", Case())

        assert mapped({"fields": {"Hours": "$Hours"}}, case).custom == {"Hours": 3}
        with pytest.raises(InvalidInputError, match="Case/C-1 has no field 'bill'"):
            mapped({"fields": {"Hours": "$bill"}}, case)


class TestTargets:
    """Under which names a mapping sets something."""

    @pytest.mark.parametrize(
        ("spelled", "expected"),
        [
            ("account", "account"),
            ("ON_Account__c", "account"),
            ("PAYMENT_DAYS", "payment_days"),
            ("PaymentDue__c", "payment_days"),
            ("BusinessEntity__c", "entity"),
            ("InvoiceCriterion__c", "invoice_criterion"),
            ("criterion", "invoice_criterion"),
            ("CreateSingleInvoice__c", "single_invoice"),
        ],
    )
    def test_spellings_on_a_document(self, spelled, expected):
        """The library's name and those of the products mean one target."""
        assert mapped({"fields": {spelled: "$Days"}}).fields == {expected: 21}

    @pytest.mark.parametrize(
        ("spelled", "expected"),
        [
            ("unit_price", "unit_price"),
            ("UnitPrice__c", "unit_price"),
            ("ON_UnitPrice", "unit_price"),
            ("Unit__c", "unit_code"),
            ("LineType__c", "type"),
            ("GrossInvoice__c", "price_includes_tax"),
            ("EndDate__c", "end"),
            ("NextInvoice__c", "next_service_period_start"),
        ],
    )
    def test_spellings_on_a_line(self, spelled, expected):
        """The library's name and those of the products mean one target."""
        line = mapped({"items": {"HW": {"fields": {spelled: "$Days"}}}}).items["HW"]

        assert (line.fields, line.paths[expected]) == ({expected: 21}, f"items.HW.fields.{spelled}")

    def test_everything_else_is_a_custom_field(self):
        """What is no target of the library is a field of the host, without its ending."""
        result = mapped({"fields": {"unit_price": 1, "Color__c": "red", "größe": "L"}})

        assert result.fields == {}
        assert result.custom == {"unit_price": 1, "Color": "red", "größe": "L"}
        assert result.paths == {
            "unit_price": "fields.unit_price",
            "Color": "fields.Color__c",
            "größe": "fields.größe",
        }

    def test_a_schema_allows_its_fields(self):
        """With a schema, its fields and the library's targets can be set."""
        mapping = DataMapping(
            {"fields": {"Color__c": "red", "Reference__c": "R-1"}}, schema=["Color__c"]
        )
        result = mapping.evaluate(ORDER, {})

        assert (result.custom, result.fields) == ({"Color": "red"}, {"reference": "R-1"})

    def test_constants_are_read_for_their_target(self):
        """A constant becomes what its target needs; null leaves the target empty."""
        result = mapped(
            {
                "fields": {
                    "PaymentDays__c": Decimal("14.0"),
                    "ServiceDate__c": "2026-01-31",
                    "CreateSingleInvoice__c": True,
                    "Currency__c": "USD",
                    "Template__c": None,
                },
                "items": {"HW": {"fields": {"UnitPrice__c": "4.90", "Discount__c": 10}}},
            }
        )

        assert result.fields == {
            "payment_days": 14,
            "service_date": date(2026, 1, 31),
            "single_invoice": True,
            "currency": "USD",
            "template": None,
        }
        assert type(result.fields["payment_days"]) is int
        assert result.items["HW"].fields == {
            "unit_price": Decimal("4.90"),
            "discount": Decimal(10),
        }

    def test_a_line_of_a_record_may_recur(self):
        """The line of a child may be given terms of recurrence, other than a line of its own."""
        line = mapped({"items": {"HW": {"fields": {"BillingType__c": "Recurring"}}}}).items["HW"]

        assert line.fields == {"billing_type": "Recurring"}


LIBRARY = {"M-1": DataMapping({}, name="M-1"), "orders": DataMapping({}, name="orders")}


class TestChoosing:
    """Which mapping counts."""

    @pytest.mark.parametrize(
        ("inline", "by_id", "by_name", "expected"),
        [
            ("{}", "M-1", "orders", ""),
            ({}, "M-1", "orders", ""),
            (b"{}", "M-1", "orders", ""),
            (DataMapping({}, name="own"), "M-1", "orders", "own"),
            (None, "M-1", "orders", "M-1"),
            (" \n", "", "orders", "orders"),
            (MISSING, MISSING, "orders", "orders"),
        ],
        ids=["text", "mapping", "bytes", "read already", "id", "blank", "name"],
    )
    def test_precedence(self, inline, by_id, by_name, expected):
        """The mapping of the record itself goes before that of the id, and this before the name."""
        assert choose_mapping(inline, by_id, by_name, LIBRARY).name == expected

    def test_none(self):
        """A record that names no mapping has none."""
        assert choose_mapping(MISSING, None, "", LIBRARY) is None

    def test_a_reader_that_remembers(self):
        """The caller may say how the text of a mapping is read."""
        assert choose_mapping("orders", "", "", {}, read=LIBRARY.__getitem__).name == "orders"

    @pytest.mark.parametrize(
        ("by_id", "by_name", "message"),
        [
            ("order", "", "mapping_id = 'order': there is no such mapping; did you mean orders"),
            ("", "x", "mapping_name = 'x': there is no such mapping; register the mapping under"),
            (7, "", "mapping_id = 7: not text"),
        ],
        ids=["near", "unknown", "no text"],
    )
    def test_unknown(self, by_id, by_name, message):
        """An id or a name that means no mapping is an error, even if the other means one."""
        with pytest.raises(InvalidInputError, match=message):
            choose_mapping("", by_id, by_name or "orders" * bool(by_id), LIBRARY)


def test_a_mapping_is_a_value():
    """Mappings of equal content are equal, can be keys, and travel to other processes."""
    mapping = DataMapping(DOCUMENTED, name="orders")
    copy = pickle.loads(pickle.dumps(mapping))  # noqa: S301

    assert {mapping: 1}[DataMapping(DOCUMENTED.encode(), name="orders")] == 1
    assert copy.evaluate(ORDER, {"HW": SERVER}) == mapping.evaluate(ORDER, {"HW": SERVER})
    assert repr(mapping) == "DataMapping(name='orders', notices=())"
    assert mapping != DataMapping({}, name="orders")
