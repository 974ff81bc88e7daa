"""Data mappings that are wrong: each is refused at its place, with its value and the fix."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal

import pytest

from billingcore import InvalidInputError
from billingcore.records.mapping import DataMapping
from billingcore.records.mapping_json import DEEPEST, LONGEST, MOST_NODES
from billingcore.records.source import SourceRecord

ORDER = SourceRecord("Order", "O-1", {"PoNumber": "PO-77", "Lines": [1], "Data": {"a": 1}})
SERVER = SourceRecord("OrderProduct", "P-1", {"SerialNo": "X-500", "Maker": ORDER})
LINE = {"Title": "Shipping", "Quantity": 1, "UnitPrice": Decimal("4.90")}


def nested(depth):
    """Put an array into an array, so often that the mapping has this many levels."""
    return {"fieldsToUpdate": json.loads("[" * (depth - 1) + "]" * (depth - 1))}


def numbered(count):
    """Make a mapping with this many values: the object of fields and what is in it."""
    return {"fields": {f"F{number}": number for number in range(count - 1)}}


def endless():
    """Make a mapping that holds itself."""
    content = {}
    content["items"] = content
    return content


def refusal(source, **options):
    """Give the text of the error that a mapping raises."""
    with pytest.raises(InvalidInputError) as caught:
        DataMapping(source, **options)
    return str(caught.value)


# What the text is → its text, and a part of the message.
TEXTS = {
    "empty": ("", "line 1, column 1 = '': not JSON"),
    "no JSON": ("{fields: 1}", "line 1, column 2 = 'fields: 1}': not JSON"),
    "single quotes": ("{'fields': {}}", "not JSON"),
    "comment": ('{"fields": {}} // mine', "line 1, column 16 = '// mine': not JSON: Extra data"),
    "comma at the end": ('{"fields": {},}', "not JSON"),
    "second line": ('{"fields": {\n"A" 1}}', "line 2, column 5 = '1}}': not JSON"),
    "array": ("[1]", "top level = an object of type list: not a JSON object"),
    "text": ('"fields"', "top level = 'fields': not a JSON object"),
    "null": ("null", "top level = None: not a JSON object"),
    "number": ("1", "top level = '1': not a JSON object"),
    "control character": ('{"fields": {"A": "\x00"}}', "not JSON: Invalid control character"),
    "escaped control": ('{"fields": {"A": "\\u0000"}}', "fields.A = '\\x00': a character that"),
    "lone surrogate": ('{"fields": {"A": "\\ud800"}}', "fields.A = '\\ud800': a character that"),
    "surrogate in a key": ('{"fields": {"\\ud800": 1}}', "fields = '\\ud800': a character that"),
    "no UTF-8": (b'{"fields": {"A": "\xff"}}', "top level: not UTF-8 at byte 18; save it as UTF-8"),
    "UTF-16": ('{"fields": {}}'.encode("utf-16"), "not UTF-8 at byte 0"),
    "NaN": ('{"fields": {"A": NaN}}', "fields.A = 'NaN': not a decimal number"),
    "infinity": ('{"fields": {"A": -Infinity}}', "fields.A = '-Infinity': not a decimal number"),
    "exponent": ('{"fields": {"A": 1e999999999}}', "fields.A = '1e999999999': not a decimal"),
    "long number": ('{"fields": {"A": 1%s}}' % ("0" * 9000), "fields.A = '1000"),
    "many decimals": ('{"fields": {"A": 0.1234567890}}', "fields.A = '0.1234567890': not a dec"),
    "number in an ignored part": (
        '{"fieldsToUpdate": [{"A": NaN}]}',
        "fieldsToUpdate[0].A = 'NaN'",
    ),
    "key twice": ('{"fields": {"A": 1, "A": 1}}', "fields.A: it stands there twice; keep one"),
    "part twice": ('{"fields": {}, "fields": {}}', "fields: it stands there twice"),
    "line twice": ('{"items": {"A": {}, "A": {}}}', "items.A: it stands there twice"),
    "tier's key twice": (
        '{"items": {"A": {"tiers": [{"B": 1, "B": 2}]}}}',
        "items.A.tiers[0].B: it stands there twice",
    ),
    "too long": ('{"fields": {}}' + " " * LONGEST, f"top level: longer than {LONGEST} characters"),
    "too many bytes": (b" " * (LONGEST + 1), f"top level: longer than {LONGEST} characters"),
    "deep": ("[" * 50_000, f"top level: nested deeper than {DEEPEST} levels; make it flatter"),
    "deep objects": ('{"a":' * 15_000, f"top level: nested deeper than {DEEPEST} levels"),
}

# What is wrong → the mapping, and a part of the message.
SHAPES = {
    "number": (7, "top level = 7: not a JSON object"),
    "nothing": (None, "top level = None: not a JSON object"),
    "list": ([], "top level = an object of type list: not a JSON object"),
    "unknown part": ({"field": {}}, "field: no part of a data mapping; did you mean fields?"),
    "strange part": ({"x": {}}, "x: no part of a data mapping; use externalIdFields, fields, it"),
    "case of a part": ({"Fields": {}}, "Fields: no part of a data mapping; did you mean fields?"),
    "number as key": ({1: {}}, "top level = 1: not text"),
    "empty key": ({"fields": {"": 1}}, "fields = '': not an id"),
    "blank around a key": ({"fields": {" A": 1}}, "fields = ' A': not an id"),
    "long key": ({"fields": {"A" * 300: 1}}, "longer than 255 characters"),
    "fields no object": ({"fields": []}, "fields = an object of type list: not a JSON object"),
    "items no object": ({"items": "HW"}, "items = 'HW': not a JSON object; write {} for nothing"),
    "item no object": ({"items": {"HW": None}}, "items.HW = None: not a JSON object"),
    "fields of an item": ({"items": {"HW": {"fields": 1}}}, "items.HW.fields = 1: not a JSON obj"),
    "part of an item": ({"items": {"HW": {"field": {}}}}, "items.HW.field: no part of a data map"),
    "target beside fields": ({"items": {"HW": {"Title": "A"}}}, "items.HW.Title: no part of a da"),
    "fields to update in an item": (
        {"items": {"HW": {"fieldsToUpdate": {}}}},
        "items.HW.fieldsToUpdate: no part of a data mapping; did you mean fields?",
    ),
    "tiers outside": ({"tiers": []}, "tiers: no part of a data mapping"),
    "float": ({"fields": {"A": 0.1}}, "fields.A = 0.1 (float): a float is not exact"),
    "infinite decimal": ({"fields": {"A": Decimal("Infinity")}}, "fields.A = Infinity: not a fini"),
    "large exponent": ({"fields": {"A": Decimal("1E+999999")}}, "fields.A = Decimal of magnitude"),
    "huge integer": ({"fields": {"A": 10**5000}}, "fields.A = an integer of 16610 bits: the num"),
    "bytes as value": ({"fields": {"A": b"x"}}, "fields.A = an object of type bytes: not a JSON"),
    "object as value": ({"fields": {"A": object()}}, "fields.A = an object of type object: not a"),
    "long text": ({"fields": {"A": "x" * 10_001}}, "longer than 10000 characters"),
    "object for a target": ({"fields": {"A": {"B": 1}}}, "fields.A: neither a constant nor a fie"),
    "array for a target": ({"fields": {"Account": []}}, "fields.Account: neither a constant nor"),
    "operator": ({"fields": {"A": {"get": "x.__class__"}}}, "fields.A: neither a constant nor a"),
    "too deep": (nested(DEEPEST + 1), f"nested deeper than {DEEPEST} levels; make it flatter"),
    "endless": (endless(), f"nested deeper than {DEEPEST} levels"),
    "too many values": (numbered(MOST_NODES + 1), f"fields.F999: more than {MOST_NODES} values"),
}

FIELDS = {
    "only a dollar": ("$", 'fields.A = \'$\': it names no field; write "$Field", or "$KEY.Field"'),
    "no order number": ("$.Price", "fields.A = '$.Price': it names no field"),
    "no field": ("$HW.", "fields.A = '$HW.': it names no field"),
    "only a dot": ("$.", "fields.A = '$.': it names no field"),
    "blank field": ("$ ", "fields.A = ' ': not an id"),
    "blank before": ("$ PoNumber", "fields.A = ' PoNumber': not an id"),
    "blank order number": ("$ .Price", "fields.A = ' ': not an id"),
    "line break": ("$PoNumber\n", "fields.A = 'PoNumber\\n': not an id"),
    "long field": ("$" + "F" * 300, "longer than 255 characters"),
    "class": ("$__class__", "fields.A = '__class__': no field begins with an underscore"),
    "private": ("$_secret", "fields.A = '_secret': no field begins with an underscore; use a f"),
    "method of a child": ("$HW.__init__", "fields.A = '__init__': no field begins with an under"),
    "path of attributes": ("$HW.__init__.__globals__", "fields.A = '__globals__': no field beg"),
}

TARGETS = {
    "private target": ({"__class__": 1}, "fields.__class__ = '__class__': no field begins with"),
    "only the ending": ({"__c": 1}, "fields.__c = '': no field begins with an underscore"),
    "two spellings": (
        {"Account__c": "a", "account": "b"},
        "fields.account = 'account': account is set twice, in two spellings; keep one of them",
    ),
    "two spellings of a custom field": (
        {"Color": "red", "Color__c": "red"},
        "fields.Color__c = 'Color__c': Color is set twice",
    ),
    "account by number": ({"Account": 7}, "fields.Account = 7: not text; put it into quotes"),
    "account with a blank": ({"Account": "a "}, "fields.Account = 'a ': not an id"),
    "days as text": ({"PaymentDays": "14"}, "fields.PaymentDays = '14': not a count"),
    "half a day": ({"PaymentDays": Decimal("0.5")}, "fields.PaymentDays = 0.5: not a count; use"),
    "negative days": ({"PaymentDays": -1}, "fields.PaymentDays = -1: not a count"),
    "too many days": ({"PaymentDays": 100_001}, "fields.PaymentDays = 100001: not a count"),
    "flag as text": ({"CreateSingleInvoice": "yes"}, "= 'yes': not a truth value; use true or f"),
    "no currency": ({"Currency": "Euro"}, "fields.Currency = 'Euro':"),
    "currency as number": ({"Currency": 978}, "fields.Currency = 978: not text"),
    "no day": ({"ServiceDate": "2026-02-30"}, "fields.ServiceDate = '2026-02-30': no such day"),
    "date as written in Germany": ({"ServiceDate": "1.2.2026"}, "'1.2.2026': not a date"),
    "a dollar as a day": ({"ServiceDate": "$$"}, "fields.ServiceDate = '$': not a date"),
}

LINES = {
    "price as words": ({"UnitPrice__c": "cheap"}, "UnitPrice__c = 'cheap': not a decimal number"),
    "price with comma": ({"UnitPrice__c": "4,90"}, "write the decimal point as a point: '4.90'"),
    "quantity as flag": ({"Quantity__c": True}, "Quantity__c = True: a truth value is not a num"),
    "title as number": ({"Title__c": 42}, "Title__c = 42: not text; put it into quotes"),
    "tax flag": ({"PriceIncludesTax__c": 1}, "PriceIncludesTax__c = 1: not a truth value"),
}

EXTERNAL = {
    "no object": ([], "externalIdFields = an object of type list: not a JSON object"),
    "no lookup": ({"Reference": "No"}, "externalIdFields.Reference: it names no other record; use"),
    "custom lookup": ({"Project__c": "No"}, "use one of account, entity, template"),
    "number": ({"Account": 7}, "externalIdFields.Account = 7: not text"),
    "empty": ({"Account": ""}, "externalIdFields.Account = '': not an id"),
    "private": ({"Account": "__dict__"}, "= '__dict__': no field begins with an underscore"),
    "twice": ({"Account": "A", "ON_Account__c": "B"}, "account is set twice, in two spellings"),
}


def rows(table):
    """Give the rows of a table of wrong mappings as parameters."""
    return [pytest.param(*row, id=name) for name, row in table.items()]


class TestReading:
    """A wrong mapping is refused before any record is looked at."""

    @pytest.mark.parametrize(("source", "message"), rows(TEXTS))
    def test_texts(self, source, message):
        """What is no JSON object, or too large, is refused where it goes wrong."""
        assert message in refusal(source)

    @pytest.mark.parametrize(("source", "message"), rows(SHAPES))
    def test_shapes(self, source, message):
        """What has another shape than a data mapping is refused at its place."""
        assert message in refusal(source)

    @pytest.mark.parametrize(("value", "message"), rows(FIELDS))
    def test_fields(self, value, message):
        """What begins with a dollar and names no field, or a private one, is refused."""
        assert message in refusal({"fields": {"A": value}})

    @pytest.mark.parametrize(("fields", "message"), rows(TARGETS))
    def test_targets(self, fields, message):
        """A target in two spellings, a private one, and a constant of a wrong type are refused."""
        assert message in refusal({"fields": fields})

    @pytest.mark.parametrize(("fields", "message"), rows(LINES))
    def test_targets_of_lines(self, fields, message):
        """A constant of a wrong type is refused on lines, too."""
        assert message in refusal({"items": {"SHIP": {"fields": fields}}})

    @pytest.mark.parametrize(("content", "message"), rows(EXTERNAL))
    def test_external_ids(self, content, message):
        """Only what names another record can be found by an external id, and by a field of it."""
        assert message in refusal({"externalIdFields": content})

    @pytest.mark.parametrize(
        ("spelled", "message"),
        [
            ("Colour", "fields.Colour: there is no such target; did you mean Color?"),
            ("Refrence__c", "there is no such target; did you mean reference?"),
            ("xyz", "fields.xyz: there is no such target; register the field"),
        ],
    )
    def test_a_schema_knows_its_fields(self, spelled, message):
        """With a schema, a field that it does not have is refused."""
        assert message in refusal({"fields": {spelled: "red"}}, schema=["Color__c"])

    def test_the_limits_are_inclusive(self):
        """A mapping of the largest size, depth and number of values is read."""
        text = '{"fields": {}}'

        assert DataMapping(text + " " * (LONGEST - len(text)))
        assert DataMapping(nested(DEEPEST)).notices
        assert DataMapping(numbered(MOST_NODES))

    def test_a_mark_of_bytes_is_skipped(self):
        """Bytes may begin with the mark that some editors write."""
        assert DataMapping(b'\xef\xbb\xbf{"fields": {}}') == DataMapping({})

    def test_a_large_host_mapping_is_not_read_to_its_end(self):
        """Reading ends where the budget does, however many members a mapping has."""

        class Large(Mapping):
            read = 0

            def __len__(self):
                return 10**9

            def __iter__(self):
                for number in range(10**9):
                    self.read += 1
                    yield f"F{number}"

            def __getitem__(self, key):
                return 1

        large = Large()

        assert "more than 1000 values" in refusal({"fields": large})
        assert large.read <= MOST_NODES

    def test_the_error_names_the_mapping(self):
        """A mapping with a name is named, and the place is the field of the error."""
        with pytest.raises(InvalidInputError) as caught:
            DataMapping({"items": {"SHIP": {"fields": {"Title__c": 42}}}}, name="orders")

        error = caught.value
        assert (error.record, error.field) == ("DataMapping 'orders'", "items.SHIP.fields.Title__c")
        assert (error.value, error.fix) == (42, "put it into quotes")


class TestEvaluation:
    """A mapping that does not fit a record is an error of this record."""

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ("$PoNumbr", "= '$PoNumbr': Order/O-1 has no field 'PoNumbr'; did you mean PoNumber?"),
            ("$xyz", "Order/O-1 has no field 'xyz'; write \"$$xyz\" if the text itself is meant"),
            ("$ponumber", "Order/O-1 has no field 'ponumber'; did you mean PoNumber?"),
            ("$HW1.SerialNo", "no child has the order number 'HW1'; did you mean HW?"),
            ("$5.00 off", "no child has the order number '5'; write \"$$5.00 off\" if the text"),
            ("$HW.PoNumber", "OrderProduct/P-1 has no field 'PoNumber'"),
            ("$__class__.name", "no child has the order number '__class__'"),
            ("$Lines", "= '$Lines': Order/O-1 has list there, which is no single value; choose a"),
            ("$Data", "Order/O-1 has dict there, which is no single value"),
            ("$HW.Maker", "OrderProduct/P-1 has SourceRecord there, which is no single value"),
        ],
        ids=[
            "field",
            "strange field",
            "case",
            "child",
            "price",
            "field of a child",
            "class",
            "list",
            "dict",
            "record",
        ],
    )
    def test_values(self, value, message):
        """A field or a child that is not there, and a field with several values, are errors."""
        mapping = DataMapping({"fields": {"Remark__c": value}})
        with pytest.raises(InvalidInputError, match=re.escape(message)) as caught:
            mapping.evaluate(ORDER, {"HW": SERVER})

        assert (caught.value.record, caught.value.field) == ("Order 'O-1'", "fields.Remark__c")

    @pytest.mark.parametrize(
        ("key", "fields", "message"),
        [
            ("SHIP", {}, "items.SHIP.fields: no child has the order number 'SHIP', and a line of "),
            ("SHIP", LINE | {"Title": " "}, "title, quantity, unit_price; give title"),
            ("SHIP", LINE | {"Quantity": None}, "; give quantity"),
            ("HW1", {"Title": "A"}, "; give quantity, unit_price, or: did you mean HW?"),
            ("SHIP", LINE | {"BillingType": "Recurring"}, "a mapping makes no recurring lines"),
            (
                "SHIP",
                LINE | {"BillingUnit": "Month"},
                "items.SHIP.fields.BillingUnit = 'Month': no",
            ),
            ("HW1", LINE | {"EndDate": "2026-01-31"}, "no recurring lines, or: did you mean HW?"),
        ],
        ids=["nothing", "no title", "no quantity", "near", "recurring", "unit", "end"],
    )
    def test_custom_lines(self, key, fields, message):
        """A line without a record needs title, quantity and price, and cannot recur."""
        mapping = DataMapping({"items": {key: {"fields": fields}}})
        with pytest.raises(InvalidInputError, match=re.escape(message)) as caught:
            mapping.evaluate(ORDER, {"HW": SERVER})

        assert caught.value.record == "Order 'O-1'"

    def test_names_of_fields_that_are_no_text(self):
        """A record with fields that no mapping can name is looked through all the same."""
        odd = SourceRecord("Case", "C-1", {7: "seven", None: "none", "_Hours": 1, "Hours": 2})
        with pytest.raises(InvalidInputError, match=r"did you mean Hours\?"):
            DataMapping({"fields": {"A": "$Hour"}}).evaluate(odd, {})
