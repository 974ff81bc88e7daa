"""The picture of deferred revenue: a bar for each month, and what is left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.render.pictures import Picture

QUARTERS = (
    (date(2026, 1, 1), Decimal(50)),
    (date(2026, 2, 1), Decimal(25)),
    (date(2026, 3, 1), Decimal(25)),
)


def drawn(value, locale="en_GB", **options):
    """Draw and read a picture."""
    return Picture(bc.render.deferral_svg(value, locale, **options))


def test_bars_follow_each_other():
    """640 units are 100: each month begins where the one before ends, and the rest is gray."""
    picture = drawn(QUARTERS, currency="EUR")

    assert picture.boxes == [
        ("bar", 330, 320),
        ("full", 10, 320),
        ("bar", 490, 160),
        ("full", 330, 160),
        ("full", 490, 160),
    ]
    assert picture.texts == [
        "Revenue of €100.00 by month",
        "Jan 2026",
        "€50.00, rest €50.00",
        "Feb 2026",
        "€25.00, rest €25.00",
        "Mar 2026",
        "€25.00, rest €0.00",
    ]
    assert picture.told == (
        "Jan 2026: €50.00, rest €50.00. Feb 2026: €25.00, rest €25.00. Mar 2026: €25.00, rest €0.00"
    )


def test_what_is_taken_back():
    """Amounts below zero go from right to left."""
    rows = tuple((month, -share) for month, share in QUARTERS)

    assert drawn(rows, currency="EUR").boxes == [
        ("bar", 10, 320),
        ("over", 330, 320),
        ("bar", 10, 160),
        ("over", 170, 160),
        ("over", 10, 160),
    ]


def test_shares_of_both_signs():
    """What goes up and then down again ends at the right place: 100 and -50 of 100."""
    rows = [(date(2026, 1, 1), 100), (date(2026, 2, 1), -50)]

    assert drawn(rows, currency="EUR").boxes == [
        ("bar", 330, 320), ("full", 10, 640), ("over", 330, 320),
    ]  # fmt: skip


def test_nothing_to_spread():
    """Shares of zero have bars without a length."""
    assert drawn([(date(2026, 1, 1), 0)], currency="JPY").boxes == [("full", 10, 0)]


def test_a_line():
    """A line brings its amount, currency and days; its item or the caller says how it is spread."""
    item = bc.Item("seats", title="Seats", unit_price=300)
    line = bc.draft(
        bc.Account("acme", currency="EUR"), [item], period=bc.Period.quarter(2026, 1)
    ).lines[0]

    assert drawn(line).title == "Seats: revenue of €300.00 by month"
    assert [box for box in drawn(line).boxes if box[0] == "full"] == [("full", 10, 640)]
    assert drawn(line, "de_DE", rule="Booking Month").texts == [
        "Seats: Erlös von 300,00 € nach Monaten",
        "Jan. 2026",
        "100,00 €, Rest 200,00 €",
        "Feb. 2026",
        "100,00 €, Rest 100,00 €",
        "März 2026",
        "100,00 €, Rest 0,00 €",
    ]
    assert drawn(line, None).root.get("lang") == "en"


@pytest.mark.parametrize(("months", "rows"), [(36, 36), (37, 36), (40, 36)])
def test_many_months(months, rows):
    """36 months are drawn; of more the last ones are one bar, with their sum."""
    given = [(date(2026 + n // 12, n % 12 + 1, 1), 10) for n in range(months)]
    texts = drawn(given, currency="EUR").texts

    assert len(texts) == 1 + 2 * rows
    if months > rows:
        left = months - 35
        assert texts[-2:] == [f"and {left} more", f"€{left * 10}.00, rest €0.00"]


@pytest.mark.parametrize(
    ("value", "options", "message"),
    [
        (QUARTERS, {}, "currency = None: it is not known; say of which currency"),
        (QUARTERS, {"currency": "EURO"}, "currency = 'EURO'"),
        ([], {"currency": "EUR"}, "value = 0: no months with shares"),
        (5, {"currency": "EUR"}, "value = 0: no months with shares"),
        ([1, 2], {"currency": "EUR"}, "value = 2: no months with shares"),
        ([(1, 2, 3)], {"currency": "EUR"}, "no months with shares; give a line, or pairs"),
        ([(1, 2)], {"currency": "EUR"}, "value = 1: not a date"),
        ([(date(2026, 1, 1), "x")], {"currency": "EUR"}, "value = 'x'"),
        ([(date(2026, 1, 1), "0.5")], {"currency": "JPY"}, "more than 0 digits after the point"),
        (QUARTERS, {"currency": "EUR", "locale": "xx"}, "no such locale"),
    ],
    ids=["no currency", "another currency", "nothing", "a number", "numbers", "three", "no date",
         "no amount", "digits", "locale"],
)  # fmt: skip
def test_mistakes(value, options, message):
    """What cannot be drawn is refused, with what is wrong and what to do instead."""
    with pytest.raises(bc.InvalidInputError) as caught:
        bc.render.deferral_svg(value, **options)

    assert message in str(caught.value)
