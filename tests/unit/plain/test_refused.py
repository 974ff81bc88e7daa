"""What cannot be written so that it can be read back is refused, with the place and the fix."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

import pytest

import billingcore as bc
from tests.plain_values import order

INSTANT = datetime.fromisoformat("2026-01-01T12:00:00")


class Color(Enum):
    """An enumeration of the host."""

    RED = 1


class Word(StrEnum):
    """Texts of the host, which are an enumeration."""

    A = "a"


class Name(str):
    """A kind of text of the host's own."""

    __slots__ = ()


class Count(int):
    """A kind of number of the host's own."""


class Pair(NamedTuple):
    """A pair of the host's own."""

    one: int
    two: int


class Silent(tzinfo):
    """A zone without a name."""


class Broken:
    """A record whose field cannot be read."""

    @property
    def Price(self):  # noqa: N802
        """Fail."""
        raise RuntimeError("gone")


def endless():
    """Give a list that holds itself."""
    found = []
    found.append(found)
    return found


VALUES = {
    "float": (0.1, "Order 'O-1': Field = 0.1 (float): a float is not exact; write '0.1' or"),
    "float in a list": ([1, 0.5], "Order 'O-1': Field[1] = 0.5 (float): a float is not exact"),
    "float in a map": ({"a": {"b": 0.5}}, "Order 'O-1': Field.a.b = 0.5 (float): a float is not"),
    "object": (object(), "Order 'O-1': Field: an object of type object cannot be written"),
    "bytes": (b"x", "Order 'O-1': Field: an object of type bytes cannot be written"),
    "member": (Color.RED, "a member of an enumeration of your own; use its value, or make it"),
    "member that is text": (
        Word.A,
        "Field = <Word.A: 'a'>: a member of an enumeration of your own",
    ),
    "tuple of a class": (Pair(1, 2), "Field: an object of type Pair cannot be written"),
    "zone without a name": (Silent(), "Field: an object of type Silent cannot be written"),
    "lambda": (lambda: 1, "the function <lambda> cannot be found by a name; define it with `def`"),
    "set of records": (
        frozenset({bc.Account("acme", currency="EUR")}),
        "Order 'O-1': Field = an object of type Account: a record as a key or in a set; use a tuple",
    ),
    "record as a key": (
        {"a": bc.Account("acme", currency="EUR"), bc.Account("acme", currency="EUR"): 1},
        "Order 'O-1': Field = an object of type Account: a record as a key or in a set",
    ),
    "a list in itself": (endless(), "nested deeper than 60 levels; make it flatter"),
    "NaN": (Decimal("NaN"), "Field = NaN: the number is not finite, or too long; use a number"),
    "large decimal": (Decimal("1E+501"), "Field = Decimal of magnitude 1E+501: the number is not"),
    "long decimal": (Decimal("1E-501"), "Field = Decimal of magnitude 1E-501: the number is not"),
    "large number": (10**3000, "Field = an integer of 9966 bits: the number is too long"),
    "large fraction": (
        Fraction(1, 10**3000),
        "Field = an integer of 9966 bits: the number is too long",
    ),
}


@pytest.mark.parametrize(("value", "message"), VALUES.values(), ids=list(VALUES))
def test_values_of_records(value, message):
    """A field of a record that cannot be written is refused with record, field and value."""
    if callable(value):  # of a mapping, a function is a value like any other
        record = bc.SourceRecord("Order", "O-1", MappingProxyType({"Field": value}))
    else:
        record = bc.SourceRecord("Order", "O-1", {"Field": value})

    with pytest.raises(bc.InvalidInputError) as caught:
        bc.to_json((record,))

    assert message in str(caught.value)


def test_fields_that_cannot_be_read():
    """A field of an object that raises when it is read is refused with record and field."""
    with pytest.raises(bc.InvalidInputError, match="Sheet '1': Price: reading the field raised"):
        bc.to_json(bc.SourceRecord("Sheet", "1", Broken()))


def test_custom_fields_of_an_account():
    """A custom field that cannot be written is refused with the account and the place."""
    account = bc.Account("acme", currency="EUR", custom={"Weight": 0.5})

    with pytest.raises(bc.InvalidInputError, match=r"Account 'acme': custom\[0\]\[1\] = 0.5"):
        bc.to_json(account)


def test_a_record_without_a_name():
    """The error names the class of a record that has neither id nor name."""
    update = bc.Effects("acme", updates=(bc.Update("Order", "", "", {"x": 0.5}),))

    with pytest.raises(bc.InvalidInputError, match=r"Update: values.x = 0.5"):
        bc.to_json(update)


def test_a_child_that_its_parent_does_not_have():
    """A copy of a child, which its parent does not know, is refused."""
    from copy import copy

    child = copy(order().children_of("Items")[0])

    with pytest.raises(bc.InvalidInputError, match="Product 'P-1': not among the children"):
        bc.to_json(child)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Name("a"), "a"),
        (Count(3), 3),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (range(2), (0, 1)),
        ({1}, frozenset({1})),
        (INSTANT, INSTANT),
    ],
    ids=["text", "number", "map", "row", "set", "instant"],
)
def test_kinds_of_plain_values(value, plain):
    """What equals a plain value is written and read as that."""
    again = bc.from_json(bc.to_json(value), object)

    assert (type(again), again) == (type(plain), plain)


def test_spans_of_time_are_no_values():
    """A span of time is refused: days and months are counted here."""
    with pytest.raises(bc.InvalidInputError, match="an object of type timedelta cannot be written"):
        bc.to_json(timedelta(1))
