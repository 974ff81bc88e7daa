"""Whatever users write as a data mapping: it works, or it is an `InvalidInputError`."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from billingcore import InvalidInputError
from billingcore.records.mapping import DataMapping, Mapped, choose_mapping
from billingcore.records.source import SourceRecord

PUBLIC = ("PoNumber", "Price", "Lines", "bill")


class Trap:
    """A record of a host that fails the test if anything private is read of it."""

    def __init__(self):
        self.PoNumber = "PO-77"
        self.Price = Decimal("4.90")
        self.Lines = []
        self._secret = 7

    def bill(self):
        """Do what no mapping may do."""
        raise AssertionError

    def __dir__(self):
        return [*PUBLIC, "_secret", "__init__"]

    def __getattribute__(self, name):
        assert not name.startswith("_") or name == "__class__", f"{name} was read"
        return super().__getattribute__(name)


class PublicKeys(dict):
    """Fields of a host that fail the test if a private one is read."""

    def get(self, key, default=None):
        """Give a field."""
        assert not key.startswith("_"), f"{key} was read"
        return super().get(key, default)


def trapped():
    """Make a record whose children are an object and a mapping, all of them traps."""
    children = {
        "HW": SourceRecord("OrderProduct", "P-1", Trap()),
        "A.1": SourceRecord("OrderProduct", "P-2", PublicKeys({"PoNumber": 1, "_secret": 2})),
        "__init__": SourceRecord("OrderProduct", "P-3", PublicKeys({"__globals__": 1, 7: 2})),
    }
    return SourceRecord("Order", "O-1", Trap()), children


def outcome(source, **options):
    """Read and evaluate a mapping: the result, or the error; any other exception fails."""
    record, children = trapped()
    try:
        mapping = choose_mapping(source, "", "", {}, read=lambda own: DataMapping(own, **options))
        return mapping and mapping.evaluate(record, children)
    except InvalidInputError as error:
        return error


def is_fine(result):
    """Tell whether it is a result, or an error of bounded length that names its place."""
    if isinstance(result, InvalidInputError):
        return bool(result.record and result.field and result.rule) and len(str(result)) < 2000
    return result is None or isinstance(result, Mapped)


NAMES = st.sampled_from(
    ["PoNumber", "Price", "Lines", "bill", "_secret", "__class__", "__init__", "__dict__", "", " "]
) | st.text(max_size=8)
KEYS = st.sampled_from(["HW", "A.1", "__init__", "SHIP", "HW.__init__"]) | st.text(max_size=8)
REFERENCES = (
    st.builds("${}".format, NAMES)
    | st.builds("${}.{}".format, KEYS, NAMES)
    | st.builds("$${}".format, NAMES)
)
NUMBERS = st.integers() | st.floats() | st.decimals()
SIMPLE = st.none() | st.booleans() | NUMBERS | REFERENCES | st.text(max_size=20)
ANYTHING = st.recursive(
    SIMPLE | st.binary(max_size=4) | st.just(object()),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(NAMES | st.integers(), inner, max_size=4)
        | st.tuples(inner)
    ),
    max_leaves=12,
)
SPELLINGS = (
    "Account__c account PaymentDays ServiceDate UnitPrice__c Title__c Quantity__c Type__c "
    "BillingType__c __class__ Color__c Color"
)
TARGETS = st.sampled_from(SPELLINGS.split()) | NAMES
FIELDS = st.dictionaries(TARGETS, SIMPLE | ANYTHING, max_size=5)
ITEMS = st.dictionaries(
    KEYS, st.fixed_dictionaries({}, optional={"fields": FIELDS, "tiers": ANYTHING}), max_size=3
)
MAPPINGS = st.fixed_dictionaries(
    {},
    optional={
        "fields": FIELDS,
        "items": ITEMS,
        "externalIdFields": st.dictionaries(TARGETS, NAMES, max_size=2),
        "fieldsToUpdate": ANYTHING,
    },
)
VALID = json.dumps(
    {
        "externalIdFields": {"Account__c": "CustomerNo__c"},
        "fields": {"Account__c": "$PoNumber", "Remark__c": "$HW.PoNumber", "Note": "$$5"},
        "items": {
            "HW": {"fields": {"Description__c": "$PoNumber"}, "tiers": [{"Price__c": 1.5}]},
            "SHIP": {"fields": {"Title__c": "Shipping", "UnitPrice__c": 4.9, "Quantity__c": 1}},
        },
    }
)
MARKS = '" { } [ ] : , $ . _ __ \\ \\u 1e9 NaN null - fields items'
LARGE = ("\ud800", "\x00", "[" * 5000, '{"a":' * 2000, "9" * 5000)
PIECES = st.sampled_from((*MARKS.split(), *LARGE)) | st.text(max_size=3)


@given(ANYTHING | MAPPINGS)
@example({"fields": {"Remark": "$__class__"}})
@example({"fields": {"Remark": "$HW.__init__"}})
@example({"fields": {"Remark": "$__init__.__globals__"}})
@example({"fields": {"Remark": "$HW._secre"}})
@example({"fields": {"Remark": "$secret"}})
@example({"fields": {"Remark": "$HW.bill"}})
def test_any_mapping_works_or_is_refused(source):
    """A mapping of any shape gives values or an error with its place, and reads nothing private."""
    assert is_fine(outcome(source))


@given(MAPPINGS, st.lists(NAMES, max_size=3))
def test_a_schema_changes_nothing_of_that(source, schema):
    """With a schema, too, a mapping gives values or an error."""
    assert is_fine(outcome(source, schema=schema))


@given(st.text() | st.binary())
def test_any_text_works_or_is_refused(source):
    """Any text and any bytes give values or an error."""
    assert is_fine(outcome(source))


@given(st.data())
def test_a_damaged_mapping_works_or_is_refused(data):
    """A valid mapping, cut and mended at random, gives values or an error."""
    text = VALID
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        stop = data.draw(st.integers(start, min(len(text), start + 10)))
        text = text[:start] + data.draw(PIECES) + text[stop:]

    assert is_fine(outcome(text))


def test_the_undamaged_mapping_works():
    """The mapping that is damaged above is a good one, and the record has what it asks for."""
    result = outcome(VALID)

    assert isinstance(result, Mapped)
    assert (result.fields, result.custom) == (
        {"account": "PO-77"},
        {"Remark": "PO-77", "Note": "$5"},
    )
    assert [line.is_custom_line for line in result.items.values()] == [False, True]


@given(MAPPINGS)
def test_text_and_mapping_are_read_alike(source):
    """What JSON can carry gives the same as text and as a mapping."""
    try:
        text = json.dumps(source, allow_nan=False)
    except (TypeError, ValueError):
        return
    as_text, as_mapping = outcome(text), outcome(source)
    if isinstance(as_mapping, Mapped):
        assert as_text == as_mapping
