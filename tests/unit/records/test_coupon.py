"""What a coupon is, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

import billingcore as bc

TENTH = bc.Discount.percent(10)


def test_a_coupon():
    """A coupon has one use, on any day and in any currency, unless it says otherwise."""
    coupon = bc.Coupon("TEN", TENTH)

    assert (coupon.uses, coupon.start, coupon.until, coupon.currency) == (1, None, None, None)
    assert coupon.is_for(date(1999, 1, 1), "CHF")


@pytest.mark.parametrize(
    ("day", "currency", "is_for"),
    [
        ("2026-01-31", "EUR", False),
        ("2026-02-01", "EUR", True),
        ("2026-02-28", "EUR", True),
        ("2026-03-01", "EUR", False),
        ("2026-02-01", "USD", False),
    ],
)
def test_what_it_is_for(day, currency, is_for):
    """Both days count, and the currency has to be its own."""
    coupon = bc.Coupon("TEN", TENTH, start="2026-02-01", until="2026-02-28", currency="EUR")

    assert coupon.is_for(date.fromisoformat(day), currency) is is_for


def test_names_of_uses():
    """A use is named by the coupon's id, in which a slash is escaped, and its number."""
    assert bc.Coupon("A/B", TENTH, uses=2).use(2) == "coupon/A%2FB/2"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": ""}, "id"),
        ({"discount": 10}, "discount"),
        ({"uses": 0}, "uses"),
        ({"uses": 10_001}, "uses"),
        ({"start": "soon"}, "start"),
        ({"start": "2026-02-02", "until": "2026-02-01"}, "until"),
        ({"currency": "EURO"}, "currency"),
        ({"discount": bc.Discount.amount(5)}, "currency"),
    ],
)
def test_what_is_refused(fields, field):
    """What cannot be right is refused by its field; a fixed amount needs a currency."""
    with pytest.raises(bc.InvalidInputError) as caught:
        bc.Coupon(**({"id": "TEN", "discount": TENTH} | fields))

    assert caught.value.field == field
