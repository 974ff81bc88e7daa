"""Every value comes back as it was written."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

import billingcore as bc
from billingcore.plain.registry import RECORDS
from billingcore.testing.canonical import canonical
from tests.plain_values import ACME, KNOWN, contract, examples, order, scenarios, store

CODEC = bc.Codec(known=KNOWN)
EXAMPLES = examples()
SCENARIOS = scenarios()
BY_IDENTITY = {"AccountOutcome", "AccountSnapshot", "Origin", "Project", "Root", "TaxTable"}
"""Classes whose values have a part that equals nothing but itself."""


@pytest.mark.parametrize("name", RECORDS)
def test_a_value_of_each_class_comes_back(name):
    """A value of each class is read back with equal fields, and written as the same text."""
    value = EXAMPLES[name]
    text = CODEC.to_json(value)
    again = CODEC.from_json(text, RECORDS[name])

    assert canonical(again) == canonical(value)
    assert CODEC.to_json(again) == bc.Codec(KNOWN).to_json(again) == text
    assert again == value or name in BY_IDENTITY


@pytest.mark.parametrize("name", SCENARIOS)
def test_texts_are_plain_ascii(name):
    """A text has only ASCII characters, so that a store of any encoding can hold it."""
    text = CODEC.to_json(SCENARIOS[name])

    assert text.isascii()
    assert text.isprintable()


def test_plain_data_is_the_same_as_the_text():
    """`to_plain` gives what the text says, and `from_plain` reads it."""
    plain = CODEC.to_plain(ACME)

    assert plain["value"]["name"] == "Acme “& Söhne”"
    assert CODEC.from_plain(plain, bc.Account) == bc.from_plain(bc.to_plain(ACME), bc.Account)


def test_equal_values_have_equal_texts_whatever_they_share():
    """Two lines with one contract, or with two equal ones, are written as the same text."""
    shared = contract()

    assert bc.to_json((shared, shared)) == bc.to_json((contract(), contract()))


def test_defaults_that_are_equal_and_not_the_same_object_are_left_out():
    """A policy that equals the default is left out, whichever object it is."""
    copy = attrs.evolve(bc.DOCUMENTED)
    run = bc.InvoiceRun(bc.Period.month(2026, 1), policy=copy)

    assert copy is not bc.DOCUMENTED
    assert bc.to_json(run) == bc.to_json(bc.InvoiceRun(bc.Period.month(2026, 1)))


def test_defaults_that_differ_in_their_zeros_are_written():
    """A decimal that equals its default and has other zeros is written as it is."""
    item = bc.Item("seats", unit_price=1, quantity="1.00")

    assert str(bc.from_json(bc.to_json(item), bc.Item).quantity) == "1.00"


def test_defaults_that_differ_inside_are_written():
    """A record that equals a default and has other zeros inside is written as it is."""
    policy = bc.DOCUMENTED.but(name="own", minimum_amount={"EUR": "5.0"})
    other = attrs.evolve(policy, minimum_amount={"EUR": "5.00"})

    assert policy == other
    assert bc.to_json(policy) != bc.to_json(other)


def test_children_come_back_as_children_of_their_record():
    """A line of an order has the order as its parent again, and is one of its children."""
    child = order().children_of("Items")[1]
    again = bc.from_json(bc.to_json(child), bc.SourceRecord)

    assert again.id == "P-2"
    assert again.parent["Status"] == "Open"
    assert again.parent.children_of("Items")[1] is again


def test_objects_are_read_as_the_mapping_of_their_fields():
    """A record on an object is written with the fields that it has, without methods."""

    class Sheet:
        Hours = Decimal("2.50")
        _secret = 1

        def total(self):
            """Not a field."""

    record = bc.from_json(bc.to_json(bc.SourceRecord("Sheet", "1", Sheet())), bc.SourceRecord)

    assert record.values == {"Hours": Decimal("2.50")}


def test_what_was_read_bills_the_same():
    """A snapshot that was read is billed like the one that was written."""
    kept = store()
    snapshot = kept.snapshot("acme")
    run = bc.InvoiceRun(bc.Period.month(2026, 1))
    again = CODEC.from_json(CODEC.to_json(snapshot), bc.AccountSnapshot)

    assert canonical(bc.bill(run, again, kept.tax)) == canonical(bc.bill(run, snapshot, kept.tax))


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -7,
        "\x00 \ud800 \U0001f4b6",
        (1, (2, "x")),
        [1, [2]],
        {"a": 1, 2: (3,)},
        Decimal("-0.00"),
        Decimal("1E+3"),
        Decimal("1E-400"),
        Decimal(10) ** 499,
    ],
    ids=repr,
)
def test_plain_values_come_back(value):
    """Values that stand in fields of the host come back with their type and all digits."""
    again = bc.from_json(bc.to_json(value), type(value))

    assert (type(again), repr(again)) == (type(value), repr(value))


def test_sets_come_back_as_frozen_sets():
    """A set is written in the order of its texts, and comes back frozen."""
    text = bc.to_json({"b", "a", 1})

    assert text == '{"schema":1,"value":{"set":["a","b",1]}}'
    assert bc.from_json(text, frozenset) == {"a", "b", 1}


class TestMappings:
    """Data mappings, which are written as the JSON of their authors."""

    def test_what_is_ignored_comes_back(self):
        """Parts that have no effect are noticed again, on the document and on a line."""
        source = {"fieldsToUpdate": {"A": 1}, "items": {"A.B": {"fields": {}, "tiers": [1]}}}
        mapping = bc.DataMapping(source)
        again = bc.from_json(bc.to_json(mapping), bc.DataMapping)

        assert again == mapping
        assert len(again.notices) == 2

    def test_dollars_and_fields_come_back(self):
        """A constant that begins with a dollar stays one, and a field stays a field."""
        mapping = bc.DataMapping(
            {"fields": {"One__c": "$$x", "Two__c": "$A.B.F", "Three__c": None}}
        )

        assert bc.from_json(bc.to_json(mapping), bc.DataMapping) == mapping


def test_what_is_open_can_be_left_out_of_a_text_by_hand():
    """A document of a chain without an open amount is read with what its payments leave."""
    tax = {"class": "Tax", "code": "DE_19", "rate": "19"}
    amount = {"class": "TaxAmount", "tax": tax, "net": "100.00", "amount": "19.00"}
    data = {"class": "ChainDocument", "number": "1", "kind": "DEPOSIT", "key": "house"}
    data |= {"date": "2026-01-31", "currency": "EUR", "invoiced": [amount]}
    found = bc.from_plain({"schema": 1, "value": data}, bc.ChainDocument)

    assert found.open == Decimal("119.00")
