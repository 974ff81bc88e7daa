"""One text for one value, so that results can be compared byte by byte."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

import billingcore as bc
from billingcore.testing import canonical, check_claims
from tests.unit.engine.records import JANUARY, MARCH, draft_of, once, run_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (7, "7"),
        ("ä'", '"ä\'"'),
        (Decimal("1.50"), "1.50"),
        (Fraction(1, 3), "1/3"),
        (date(2026, 1, 2), "2026-01-02"),
        (bc.MONTH, "Unit.MONTH"),
        (bc.TaxCategory.EXEMPT, "TaxCategory.EXEMPT"),
        ({"b": 1, "a": (1, 2)}, "{'b': 1, 'a': [1, 2]}"),
        (frozenset({"b", "a"}), "{'a', 'b'}"),
        ([], "[]"),
        (JANUARY, "Period(start=2026-01-01, stop=2026-02-01)"),
        (check_claims, "check_claims"),
        (object(), "<object>"),
        (bc.Money(1, "EUR"), "Money(amount=1, currency='EUR')"),
        (
            bc.TaxSubtotal(bc.UNTAXED, Decimal("1.0"), Decimal(0)),
            f"TaxSubtotal(tax={canonical(bc.UNTAXED)}, taxable=1.0, amount=0)",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_canonical_text(value, text):
    """Every kind of value has one text, with all its digits and without anything of the process."""
    assert canonical(value) == text


def test_canonical_text_tells_apart():
    """Drafts that differ in one field have different texts; derived fields do not count."""
    one, other = draft_of(once("a", "1.0")), draft_of(once("a", "1.00"))

    assert canonical(one.line(1).item) != canonical(other.line(1).item)
    assert "schedules" not in canonical(run_of(MARCH))
