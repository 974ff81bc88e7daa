"""Billed amounts computed again: what is equal, what differs, and which rule explains it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billingcore import (
    BilledPart,
    InvalidInputError,
    Moments,
    Period,
    UnitMismatchError,
    monthly,
    profiles,
    prove,
    weekly,
)

APRIL = monthly(anchor="2026-04-01")


def part(name, amount, *, price="9.99", first="2026-04-16", last="2026-04-30"):
    """Give a part of April that was billed."""
    days = Period.closed(first, last)
    return BilledPart(name, price=price, part=days, whole=APRIL, amount=amount, currency="EUR")


def test_equal_amounts():
    """Equal amounts are proved, and say so in one line: 9.99 x 0.833333333 is 8.3249…, 8.32."""
    proof = prove(
        [part("I-1", "5.00"), part("I-2", "8.32", first="2026-04-06")], profiles.KILL_BILL
    )

    assert proof.is_proved
    assert (proof.differing, proof.equal_if) == ((), ())
    assert str(proof) == "2 of 2 amounts are equal by KILL_BILL"


def test_nothing_proves_nothing():
    """No amounts are no proof."""
    proof = prove([], profiles.KILL_BILL)

    assert not proof.is_proved
    assert str(proof) == "0 of 0 amounts are equal by KILL_BILL"


def test_the_rule_that_explains_all():
    """The rules that explain every difference are named: here the other system was Lago."""
    rows = [
        part("I-1", "4.99"),
        part("I-2", "10.00", price="19.99"),
        part("I-3", "5.03", price="10.05"),
        part("I-4", "4.99", first="2026-04-01", last="2026-04-15"),
    ]
    proof = prove(rows, profiles.KILL_BILL)

    assert [row.row.id for row in proof.differing] == ["I-1", "I-4"]
    assert proof.equal_if == ("rounded down", "as by LAGO")
    assert prove(rows, profiles.LAGO).is_proved


@pytest.mark.parametrize(
    ("amount", "rule"),
    [
        ("5.32", "a day more at the end"),
        ("5.33", "a day more at the start"),
        ("4.66", "a day less at the end"),
        ("4.66", "a day less at the start"),
        ("4.93", "as by SALESFORCE_MONTHLY"),
        ("4.99", "rounded down"),
    ],
)
def test_rules_of_the_field(amount, rule):
    """By hand: the last day counts or not, another system, another rounding of half of 9.99."""
    (row,) = prove([part("I-1", amount)], profiles.STRIPE).rows

    assert rule in row.equal_if
    assert row.difference == Decimal(amount) - Decimal("5.00")


def test_no_rule():
    """A difference that no rule explains says so."""
    proof = prove([part("I-1", "7.77")], profiles.STRIPE)

    assert proof.rows[0].equal_if == ()
    assert "no rule that is known here" in str(proof)
    assert proof.summary == "0 of 1 amounts are equal by STRIPE"


def test_one_day_cannot_be_less():
    """A part of one day is not tried with a day less."""
    only = part("I-1", "9.00", first="2026-04-16", last="2026-04-16")
    (row,) = prove([only], profiles.STRIPE).rows

    assert row.computed == Decimal("0.33")
    assert row.equal_if == ()


def test_moments():
    """Moments are proved too; no days are tried, and no system that counts days."""
    april = Moments("2026-04-01T00:00Z", "2026-05-01T00:00Z")
    half = Moments("2026-04-16T00:00Z", "2026-05-01T00:00Z")
    rows = [
        BilledPart("ii_1", price=price, part=half, whole=april, amount=amount, currency="USD")
        for price, amount in [("10", "5.00"), ("9.99", "4.99")]
    ]
    proof = prove(rows, profiles.STRIPE)

    assert [row.is_equal for row in proof.rows] == [True, False]
    assert proof.differing[0].equal_if == ("rounded down",)
    assert "2026-04-16T00:00:00+00:00/2026-05-01T00:00:00+00:00" in str(proof)


def test_the_table():
    """The differing amounts are printed, each with the rules that explain it."""
    proof = prove([part("I-1", "5.00"), part("I-2", "4.93")], profiles.STRIPE)

    said, head, rule, row = str(proof).splitlines()
    assert said == ("1 of 2 amounts are equal by STRIPE; all would be, if as by SALESFORCE_MONTHLY")
    assert head == "part  days                      price  billed  computed  difference  equal if"
    assert set(rule) == {"-", " "}
    assert row == (
        "I-2   2026-04-16 to 2026-04-30   9.99    4.93      5.00       -0.07  "
        "as by SALESFORCE_MONTHLY"
    )


def test_rows_for_a_data_frame():
    """All amounts are rows: half of 9.99 is 4.995, 5.00, and half of 10 to 20 April 5.00."""
    period = Moments("2026-04-10T00:00Z", "2026-04-20T00:00Z")
    rest = Moments("2026-04-15T00:00Z", "2026-04-20T00:00Z")
    timed = BilledPart("I-2", price=10, part=rest, whole=period, amount=5, currency="EUR")
    days, moments = prove([part("I-1", "4.99"), timed], profiles.STRIPE).records()

    assert days == {
        "part": "I-1",
        "first": date(2026, 4, 16),
        "last": date(2026, 4, 30),
        "price": Decimal("9.99"),
        "billed": Decimal("4.99"),
        "computed": Decimal("5.00"),
        "difference": Decimal("-0.01"),
        "currency": "EUR",
        "equal_if": "rounded down or as by LAGO",
    }
    assert (moments["first"], moments["last"]) == (rest.start, rest.stop)
    assert (moments["difference"], moments["equal_if"]) == (0, "")


def test_the_table_as_html():
    """Ids are escaped where a proof draws itself."""
    text = prove([part("<b>", "4.93")], profiles.STRIPE)._repr_html_()

    assert "&lt;b&gt;" in text
    assert "<b>" not in text
    assert "as by SALESFORCE_MONTHLY" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"price": 9.99}, "BilledPart 'I-1': price = 9.99.*float"),
        ({"amount": "five"}, "BilledPart 'I-1': amount"),
        ({"currency": "euro"}, "BilledPart 'I-1': currency"),
        ({"part": "April"}, "part = 'April'.*neither days nor moments"),
        ({"whole": "month"}, "whole = 'month'.*no billing period"),
    ],
    ids=["float", "amount", "currency", "part", "whole"],
)
def test_bad_fields(changes, words):
    """A wrong field is refused with the id of the part."""
    given = {"price": 1, "part": Period.month(2026, 4), "whole": APRIL, "amount": 1}
    with pytest.raises(InvalidInputError, match=words):
        BilledPart("I-1", **{**given, "currency": "EUR", **changes})


def test_a_part_that_cannot_be_measured():
    """A part that the profile cannot measure is named."""
    days = Period("2026-01-05", "2026-01-08")
    row = BilledPart(
        "I-9",
        price=7,
        part=days,
        whole=weekly(anchor="2026-01-05"),
        amount="3.00",
        currency="EUR",
    )

    with pytest.raises(UnitMismatchError, match="BilledPart 'I-9': cadence"):
        prove([row], profiles.SALESFORCE_MONTHLY)
    assert prove([row], profiles.STRIPE).is_proved


def test_systems_that_cannot_measure_are_passed_over():
    """Systems that cannot measure weeks are not named as a reason."""
    days = Period("2026-01-05", "2026-01-08")
    row = BilledPart(
        "I-9",
        price=7,
        part=days,
        whole=weekly(anchor="2026-01-05"),
        amount="2.99",
        currency="EUR",
    )

    assert prove([row], profiles.STRIPE).rows[0].equal_if == ()


@pytest.mark.parametrize(
    ("rows", "profile", "words"),
    [
        ([], "LAGO", "prove: profile = 'LAGO'.*not a Profile"),
        ([("I-1", "9.99")], profiles.LAGO, "prove: rows = .*not a BilledPart"),
        (part("I-1", "5.00"), profiles.LAGO, r"prove: rows = .*no list; use a list: \[row\]"),
    ],
    ids=["a name", "tuples", "one"],
)
def test_what_is_no_proof(rows, profile, words):
    """What is no profile, and what is no billed part, is refused."""
    with pytest.raises(InvalidInputError, match=words):
        prove(rows, profile)
