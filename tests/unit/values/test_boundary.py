"""The door of a record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace

import pytest

from billingcore import InvalidInputError
from billingcore.values.boundary import Boundary
from billingcore.values.cadence import MONTH, Unit


class Color(Enum):
    RED = "red"
    ONE = 1


@pytest.fixture
def door():
    """Give the door of a record."""
    return Boundary("Thing", "x")


class TestBoundary:
    def test_names_the_record(self):
        """A record is named by its kind and id, or by its kind alone."""
        assert (Boundary("Thing", "x").record, Boundary("Thing").record) == ("Thing 'x'", "Thing")

    def test_refuses_a_wrong_id(self):
        """A wrong id is refused under the record's kind."""
        with pytest.raises(InvalidInputError, match=r"^Thing: id = '': not an id"):
            Boundary("Thing", "")

    def test_reads_what_is_right(self, door):
        """Each reader gives back what it was given, as its own type."""
        assert door.id("f", "a-1") == "a-1"
        assert door.optional_id("f", "a-1") == "a-1"
        assert door.optional_id("f", None) is None
        assert door.text("f", "two\nlines") == "two\nlines"
        assert door.number("f", "1.25", scale=2) == Decimal("1.25")
        assert door.money("f", "1.25", scale=2) == (Decimal("1.25"), None)
        assert door.money("f", SimpleNamespace(amount=1, currency="EUR")) == (Decimal(1), "EUR")
        assert door.count("f", 3, least=1, most=3) == 3
        assert door.flag("f", value=False) is False
        assert door.day("f", None) is None
        assert door.day("f", "2026-01-31") == date(2026, 1, 31)
        assert door.currency("f", None) is None
        assert door.currency("f", "EUR") == "EUR"
        assert door.instance("f", 5, int) == 5

    @pytest.mark.parametrize(
        ("read", "message"),
        [
            (lambda d: d.id("f", " a"), "Thing 'x': f = ' a': not an id; use text on one line"),
            (lambda d: d.optional_id("f", 5), "f = 5: not text; use a str"),
            (lambda d: d.text("f", None), "f = None: not text"),
            (lambda d: d.number("f", "1.255", scale=2), "f = 1.255: more than 2 digits"),
            (lambda d: d.money("f", "1.255", scale=2), "round it to 2 digits where it is made"),
            (
                lambda d: d.money("f", SimpleNamespace(amount=1, currency="EUX")),
                "currency = 'EUX': not a currency",
            ),
            (lambda d: d.count("f", 4, least=1, most=3), "f = 4: not a count; use a whole number"),
            (lambda d: d.count("f", 0, least=1), "from 1 to 100000"),
            (lambda d: d.count("f", value=True), "f = True: not a count"),
            (lambda d: d.count("f", 1.0), "f = 1.0 (float): not a count"),
            (lambda d: d.flag("f", 1), "f = 1: not a truth value; use True or False"),
            (lambda d: d.day("f", "2026-02-30"), "f = '2026-02-30': no such day"),
            (
                lambda d: d.currency("f", "eur"),
                "f = 'eur': not a currency of ISO 4217; write 'EUR'",
            ),
            (lambda d: d.instance("f", "5", int), "f = '5': not a int; use a int"),
        ],
        ids=[
            "id",
            "optional id",
            "text",
            "number",
            "money",
            "money's currency",
            "count above",
            "count below",
            "count of a bool",
            "count of a float",
            "flag",
            "day",
            "currency",
            "instance",
        ],
    )
    def test_says_what_is_wrong(self, door, read, message):
        """A wrong value is refused with field, value, rule and fix."""
        with pytest.raises(InvalidInputError) as caught:
            read(door)

        assert message in str(caught.value)
        assert caught.value.record == "Thing 'x'"


class TestMember:
    @pytest.mark.parametrize("given", [Color.RED, "red"])
    def test_takes_member_or_value(self, door, given):
        """A member of an enumeration is taken as itself or by its value."""
        assert door.member("f", given, Color) is Color.RED

    def test_takes_the_value_of_an_integer_enumeration(self, door):
        """A unit can be given by its number."""
        assert door.member("f", 3, Unit) is MONTH

    @pytest.mark.parametrize("given", ["RED", "blue", True, 1.0, None])
    def test_refuses_everything_else(self, door, given):
        """Names, near values and values of another type are refused with the possible ones."""
        with pytest.raises(
            InvalidInputError, match=r"not a Color; use one of Color\.RED, Color\.ONE"
        ):
            door.member("f", given, Color)


class TestOrder:
    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (None, None),
            (date(2026, 1, 1), None),
            (None, date(2026, 1, 1)),
            (date(2026, 1, 1), date(2026, 1, 1)),
        ],
        ids=["both open", "open end", "open start", "one day"],
    )
    def test_one_day_is_enough(self, door, start, end):
        """An end is inclusive, so it may be the first day; an open end is never wrong."""
        assert door.order("end", start, end) is None

    def test_an_end_before_the_start(self, door):
        """An end before the start is refused with both days."""
        with pytest.raises(InvalidInputError, match="before the start 2026-01-02; end is the last"):
            door.order("end", date(2026, 1, 2), date(2026, 1, 1))


def test_an_end_at_the_end_of_the_calendar():
    """The last day of the calendar is no end, since no day follows it: the end is left open."""
    with pytest.raises(InvalidInputError, match="leave the end open: None"):
        Boundary("Item").order("end", None, date.max)
