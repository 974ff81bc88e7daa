"""Texts that nobody wrote with this library are refused, with the place of what is wrong."""

from __future__ import annotations

import json

import pytest

import billingcore as bc
from billingcore.plain.atoms import MOST_BITS
from tests.plain_values import contract, order

MONEY = {"class": "Money", "amount": "1.50", "currency": "EUR"}
DEEP = "[" * 100_000 + "]" * 100_000
LONG = 10**3000


def text_of(value, **more):
    """Make the text of a document that holds some plain data."""
    return json.dumps({"schema": 1, **more, "value": value})


def refused(text, kind=object):
    """Read a text that is refused, and give the error as text."""
    with pytest.raises(bc.InvalidInputError) as caught:
        bc.from_json(text, kind)
    return str(caught.value)


VALUES = {
    "unknown class": (
        {**MONEY, "class": "Monny"},
        "value.class = 'Monny': no class of this name; did you mean Money?",
    ),
    "a class that is no text": (
        {"class": ["Money"]},
        "value.class = an object of type list: no class of this name; use a record of the library",
    ),
    "unknown field": (
        {**MONEY, "amuont": "1"},
        "value.amuont: Money has no such field; did you mean amount?",
    ),
    "strange field": (
        {**MONEY, "x_y_z": "1"},
        "value.x_y_z: Money has no such field; leave it out",
    ),
    "missing field": (
        {"class": "Money", "amount": "1"},
        "value.currency: a field of Money is missing; give it",
    ),
    "number for text": (
        {**MONEY, "currency": 7},
        "value.currency = 7: of the wrong kind; use text",
    ),
    "text for a decimal": (
        {**MONEY, "amount": "1,50"},
        "value.amount = '1,50': not as it is written; use a decimal like \"1.50\"",
    ),
    "whole number for a decimal": (
        {**MONEY, "amount": 1},
        "value.amount = 1: of the wrong kind; use a Decimal",
    ),
    "NaN": (
        {**MONEY, "amount": "NaN"},
        "value.amount = 'NaN': not as it is written; use a decimal like \"1.50\"",
    ),
    "decimal that takes ages": (
        {"decimal": "1E+9999"},
        "value = '1E+9999': not as it is written; use a decimal like \"1.50\"",
    ),
    "decimal with a tail": (
        {"decimal": "1E-501"},
        "value = '1E-501': not as it is written; use a decimal like \"1.50\"",
    ),
    "decimal in another spelling": (
        {"decimal": "0.0000000001"},
        "value = '0.0000000001': not as it is written; use a decimal like \"1.50\"",
    ),
    "decimal that is a list": (
        {"decimal": []},
        'value = an object of type list: not as it is written; use a decimal like "1.50"',
    ),
    "fraction by zero": (
        {"fraction": "1/0"},
        "value = '1/0': not as it is written; use a fraction like \"1/3\"",
    ),
    "fraction that is not reduced": (
        {"fraction": "2/4"},
        "value = '2/4': not as it is written; use a fraction like \"1/3\"",
    ),
    "fraction in words": (
        {"fraction": "half"},
        "value = 'half': not as it is written; use a fraction like \"1/3\"",
    ),
    "no day": (
        {"date": "2026-02-30"},
        "value = '2026-02-30': not as it is written; use a day like \"2026-01-31\"",
    ),
    "long text of a day": (
        {"date": "2" * 6000},
        (
            "value = '2222222222222222222222222222222222222222'… (6000 long): not as it is written; "
            'use a day like "2026-01-31"'
        ),
    ),
    "long number": (LONG, "value = an integer of 9966 bits: the number is too long; shorten it"),
    "unknown enumeration": (
        {"enum": "Weather", "name": "SUNNY"},
        "value = 'Weather': no enumeration of this name; use one of the library",
    ),
    "unknown member": (
        {"enum": "Side", "name": "LEFT"},
        "value = 'LEFT': no Side of this name; use one of DEBIT, CREDIT",
    ),
    "member without a name": (
        {"enum": "Side"},
        "value = None: no Side of this name; use one of DEBIT, CREDIT",
    ),
    "member of no enumeration in a field": (
        {"class": "JournalLine", "account": "1", "side": "LEFT"},
        "value.side = 'LEFT': no Side of this name; use one of DEBIT, CREDIT",
    ),
    "unknown tag": (
        {"float": "1.5"},
        (
            "value = 'float': it does not say what it is; use {\"class\": ...} for a record, or one of "
            "decimal, fraction, date, datetime, time, offset, period, convention, enum, known, list, "
            "map, ref, set, zone"
        ),
    ),
    "two tags": ({"date": "2026-01-01", "list": []}, "value.list: no such key; use date"),
    "list that is none": ({"list": 1}, "value = 1: of the wrong kind; use a list"),
    "map without pairs": (
        {"map": [["a"]]},
        "value[0] = an object of type list: of the wrong kind; use a key and its value",
    ),
    "map with a key twice": ({"map": [["a", 1], ["a", 2]]}, "a key stands twice; keep one"),
    "map with a key that can change": (
        {"map": [[{"list": []}, 1]]},
        "what is in it can change; use text or numbers",
    ),
    "set with a value twice": (
        {"set": [1, 1]},
        "value = an object of type list: it stands there twice; keep one",
    ),
    "map of something else": ({"map": 1}, "value = 1: of the wrong kind; use a list"),
    "map with a reference for a pair": (
        {"map": [{"ref": 0}]},
        "value[0] = an object of type dict: of the wrong kind; use a key and its value",
    ),
    "map with a record as a key": (
        {"map": [[[{"ref": 0}], 1]]},
        "value: a record as a key or in a set; use text or numbers",
    ),
    "set of records": ({"set": [{"ref": 0}]}, "value: a record as a key or in a set"),
    "set of what can change": ({"set": [{"list": []}]}, "what is in it can change"),
    "no name": ({"known": 1}, "value = 1: of the wrong kind; use a name"),
    "empty name": ({"zone": ""}, "value = '': of the wrong kind; use a name"),
    "unknown convention": (
        {"convention": "GUESSED"},
        "value = 'GUESSED': no convention of this name; use one of the library",
    ),
    "place in a row": ([1, [2, {"date": 3}]], "value[1][1] = 3: not as it is written"),
    "place in a record": (
        {
            "class": "Chain",
            "deductions": [{"class": "Deduction", "document": {"class": "Nothing"}}],
        },
        "value.deductions[0].document.class = 'Nothing': no class of this name",
    ),
    "row of the wrong length": (
        {"class": "Policy", "name": "x", "cash_increments": [["EUR"]]},
        (
            "value.cash_increments = an object of type tuple: of the wrong kind; use a list, each of it "
            "a list of text, a Decimal"
        ),
    ),
    "row of the wrong type": (
        {"class": "Chain", "counted": [1]},
        (
            "value.counted = an object of type tuple: of the wrong kind; use a list, each of it text or"
            " null"
        ),
    ),
    "no map": (
        {"class": "Setup", "mappings": ["a"]},
        (
            "value.mappings = an object of type tuple: of the wrong kind; use a map of text to a "
            "DataMapping"
        ),
    ),
    "truth value for a number": (
        {"class": "Counter", "name": "a", "start": True},
        "value.start = True: of the wrong kind; use a whole number",
    ),
    "number for a truth value": (
        {"class": "BookingPeriod", "year": 2026, "month": 1, "is_closed": 1},
        "value.is_closed = 1: of the wrong kind; use true or false",
    ),
    "no function": (
        {"class": "Filter", "name": "x", "condition": "os:system"},
        "value.condition = 'os:system': of the wrong kind; use a function or null",
    ),
    "what the constructor refuses": (
        {**MONEY, "currency": "XXY"},
        "Money: currency = 'XXY'",
    ),
    "what the constructor refuses by name": (
        {"class": "Account", "id": "acme", "currency": "XXY"},
        "value: Account 'acme': currency = 'XXY'",
    ),
    "what the constructor cannot use": (
        {"class": "Change", "on": "2026-01-01", "terms": [["on", "2026-01-01"]]},
        "value: Change: TypeError",
    ),
    "entry that does not balance": (
        {
            "class": "JournalEntry",
            "id": "E-1",
            "source": "x",
            "date": "2026-01-01",
            "document_date": "2026-01-01",
            "period": "2026-01",
            "currency": "EUR",
            "account": "acme",
            "lines": [
                {
                    "class": "JournalLine",
                    "account": "1",
                    "side": "DEBIT",
                    "amount": "1.00",
                    "type": "TAX",
                }
            ],
        },
        "value: JournalEntry: InvariantViolationError: entry E-1: debits and credits are not equal",
    ),
    "child of nothing": ({"ref": 0, "at": ["Items", 0]}, "value.at = 'Items': no such child"),
    "child of no place": ({"ref": 1, "at": ["Items", 7]}, "value.at = 'Items': no such child"),
    "half a way": ({"ref": 1, "at": ["Items"]}, "value.at = an object of type list: of the wrong"),
    "no way": ({"ref": 1, "at": "Items"}, "value.at = 'Items': of the wrong kind"),
    "reference beyond the pool": (
        {"ref": 2},
        "value.ref = 2: no such place in the pool; refer to what stands before it in the pool",
    ),
    "reference below the pool": ({"ref": -1}, "value.ref = -1: no such place in the pool"),
    "reference by text": ({"ref": "0"}, "value.ref = '0': no such place in the pool"),
}
POOL = [MONEY, bc.to_plain(order())["pool"][0]]


@pytest.mark.parametrize(("value", "message"), VALUES.values(), ids=list(VALUES))
def test_wrong_values(value, message):
    """A value that is wrong is refused, and the error names the place and what is expected."""
    assert message in refused(text_of(value, pool=POOL))


TEXTS = {
    "no text": (7, "text = 7: not text; give the JSON as a str"),
    "no JSON": ("{schema", "character 1 = 'schema': not JSON: Expecting property name"),
    "a float": ('{"schema":1,"value":1.5}', "text = '1.5': a float is not exact"),
    "an exponent": ('{"schema":1,"value":1e400}', "text = '1e400': a float is not exact"),
    "infinity": ('{"schema":1,"value":Infinity}', "text = 'Infinity': a float is not exact"),
    "a key twice": ('{"schema":1,"schema":1}', "text = 'schema': a key stands twice; keep one"),
    "deep nesting": (DEEP, "text: nested too deeply; make it flatter"),
    "a number of 5000 digits": ("1" * 5000, "text: a number is too long; shorten the number"),
    "no object": ("[]", "schema: no document of this library"),
    "no version": ('{"value":1}', "schema: no document of this library"),
    "version by text": ('{"schema":"1","value":1}', "schema: no document of this library"),
    "version 0": ('{"schema":0,"value":1}', "schema: no document of this library"),
    "a newer version": (
        '{"schema":2,"value":1}',
        "schema = 2: written by a newer version; install a newer version of the library",
    ),
    "no value": ('{"schema":1}', "value: the value is missing; give it"),
    "another key": ('{"schema":1,"extra":1,"value":1}', "extra: no such key"),
    "no pool": ('{"schema":1,"pool":{},"value":1}', "pool = an object of type dict: of the wrong"),
    "wrong in the pool": (
        '{"schema":1,"pool":[{"x":1}],"value":1}',
        "pool[0] = 'x': it does not say",
    ),
    "forward in the pool": (
        '{"schema":1,"pool":[{"ref":0}],"value":1}',
        "pool[0].ref = 0: no such place in the pool",
    ),
    "nested lists": (
        '{"schema":1,"value":' + "[" * 61 + "]" * 61 + "}",
        "nested deeper than 60 levels; make it flatter",
    ),
}


@pytest.mark.parametrize(("text", "message"), TEXTS.values(), ids=list(TEXTS))
def test_wrong_texts(text, message):
    """A text that is no document is refused, and the error says why."""
    assert message in refused(text)


def test_another_kind_of_value():
    """A value of another kind than the caller wants is refused."""
    error = refused(text_of(MONEY), bc.Account)

    assert error == (
        "value = an object of type Money: another kind of value; read a Account, or change the kind"
    )


def test_no_kind():
    """What is no kind of value is refused before anything is read."""
    assert "kind = 'Money': no kind of value" in refused("", "Money")


def test_a_row_of_a_kind_can_be_asked_for():
    """A kind can be a tuple of records, and one that holds something else is refused."""
    text = bc.to_json((contract(), contract()))

    assert len(bc.from_json(text, tuple[bc.Subscription, ...])) == 2
    assert "read a list, each of it a Claim" in refused(text, tuple[bc.Claim, ...])


@pytest.mark.parametrize("data", [object(), {"schema": {1, 2}}, {"x": float("nan")}])
def test_what_is_no_plain_data(data):
    """Data with anything but plain values in it is refused."""
    with pytest.raises(bc.InvalidInputError, match="not plain data"):
        bc.from_plain(data, object)


def test_plain_data_that_holds_itself():
    """Data that holds itself is refused."""
    data = []
    data.append(data)

    with pytest.raises(bc.InvalidInputError, match="not plain data"):
        bc.from_plain(data, object)


def test_a_whole_number_of_the_largest_size_comes_back():
    """The largest whole number that is written is read, too."""
    assert bc.from_json(bc.to_json(2**MOST_BITS - 1), int) == 2**MOST_BITS - 1


def test_nothing_of_a_text_is_imported_or_called():
    """A text can name any function, and gets a placeholder that does nothing."""
    found = bc.from_json(text_of({"known": "os:system"}), object)

    with pytest.raises(bc.InvalidInputError, match="name = 'os:system': not known here"):
        found("true")
