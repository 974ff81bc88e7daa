"""A usage record: what it reads, and what it refuses."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc


def test_a_usage_record_is_read_exactly():
    """Numbers are exact, days are days, and order numbers are listed without blanks."""
    record = bc.UsageRecord("U-1", " A ,B,,A", "2026-01-15", "3.50", price="0.05", order_no_2="C")

    assert (record.quantity, record.price) == (Decimal("3.50"), Decimal("0.05"))
    assert record.order_nos == ("A", "B", "C")
    assert record.name == "usage/U-1"
    assert record.terms == "3.5 of A,B,C on 2026-01-15, price 0.05"


def test_a_price_may_bring_its_currency():
    """A price in a currency says which; one that contradicts the record is refused."""
    assert bc.UsageRecord("U-1", "A", "2026-01-15", 1, price=bc.Money(2, "CHF")).currency == "CHF"

    with pytest.raises(bc.InvalidInputError, match="not in EUR"):
        bc.UsageRecord("U-1", "A", "2026-01-15", 1, price=bc.Money(2, "CHF"), currency="EUR")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": ""}, "id"),
        ({"order_no": None}, "order_no"),
        ({"date": "January"}, "date"),
        ({"date": None}, "date"),
        ({"quantity": "many"}, "quantity"),
        ({"quantity": "0.123456"}, "quantity"),
        ({"price": 0.5}, "price"),
        ({"type": "Transfer"}, "type"),
        ({"tier_quantity": "x"}, "tier_quantity"),
        ({"currency": "money"}, "currency"),
        ({"subscription": ""}, "subscription"),
        ({"add_to_csv": 1}, "add_to_csv"),
        ({"source": "Case"}, "source"),
    ],
)
def test_what_is_wrong_is_refused_with_the_field(changes, field):
    """A wrong value is refused with the name of the record and the field."""
    given = {"id": "U-1", "order_no": "A", "date": "2026-01-15", "quantity": 1} | changes
    with pytest.raises(bc.InvalidInputError) as caught:
        bc.UsageRecord(**given)

    assert caught.value.field == field


@pytest.mark.parametrize(
    "changes",
    [
        {"price": 1},
        {"type": bc.UsageType.DETAIL},
        {"quantity": 0},
        {"invoice_criterion": "A"},
        {"criterion": "A"},
        {"tier_quantity": 1},
        {"currency": "CHF"},
        {"subscription": "S-1"},
        {"invoice": "RE-1"},
        {"order_no": "B"},
    ],
)
def test_the_key_tells_apart_what_goes_on_other_lines(changes):
    """Records share a key if only their day, their size and what they carry differ."""
    given = {"id": "U-1", "order_no": "A", "date": "2026-01-15", "quantity": 1}
    usual = bc.UsageRecord(**given)
    alike = given | {"id": "U-2", "date": "2026-01-16", "quantity": 2, "add_to_csv": True}

    assert bc.UsageRecord(**alike).key == usual.key
    assert bc.UsageRecord(**(given | changes)).key != usual.key


def test_usage_of_several_items_has_a_name_for_each():
    """One item bills a record under its own name, several under a name for each."""
    alone = bc.UsageRecord("U-1", "A", "2026-01-15", 1)
    shared = bc.UsageRecord("U-1", "A,B", "2026-01-15", 1)
    party = bc.UsageRecord("U-1", "A,B", "2026-01-15", 1, name="Case/U-1:Par")

    assert alone.cover_name("S-1/a") == "usage/U-1"
    assert shared.cover_name("S-1/a") == "usage/U-1/S-1/a"
    assert party.cover_name("S-1/a") == "Case/U-1/S-1/a:Par"


def test_the_terms_say_all_that_decides_the_line():
    """Claims keep quantity, items, day, price, tier quantity, currency and both criteria."""
    record = bc.UsageRecord(
        "U-1",
        "A",
        "2026-01-15",
        "3.0",
        price=bc.Money("2.50", "CHF"),
        tier_quantity=7,
        invoice_criterion="X",
        criterion="y",
    )

    assert record.terms == (
        "3 of A on 2026-01-15, price 2.5, tier quantity 7, currency CHF, "
        "invoice criterion X, criterion y"
    )
