"""Documents of an agreement that were made elsewhere, as a host hands them in."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.records.chain_document import gross_of, less, merged

NINETEEN, SEVEN = bc.Tax("DE_19", rate=19), bc.Tax("DE_7", rate=7)
HUNDRED = bc.TaxAmount(NINETEEN, Decimal(100), Decimal(19))
FIFTY = bc.TaxAmount(SEVEN, Decimal(50), Decimal("3.50"))


def document(**changes):
    """Give a progress invoice of 100 + 19."""
    given = {
        "kind": bc.InvoiceKind.PROGRESS, "key": "house", "date": "2026-03-01", "currency": "EUR",
        "invoiced": [HUNDRED],
    }  # fmt: skip
    return bc.ChainDocument("P-1", **(given | changes))


@pytest.mark.parametrize(
    ("paid", "given", "is_open"),
    [
        ((), None, "119"),
        ((bc.TaxAmount(NINETEEN, Decimal(40), Decimal("7.60")),), None, "71.40"),
        ((HUNDRED,), None, "0"),
        ((), "118.95", "118.95"),
    ],
    ids=["not paid", "paid in part", "paid", "rounded for cash"],
)
def test_what_is_open_is_what_was_not_paid(paid, given, is_open):
    """Without another amount, what is open is what was invoiced less what was paid."""
    found = document(paid=paid, open=given)

    assert found.open == Decimal(is_open)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": bc.InvoiceKind.STANDARD}, "partial, progress, deposit, final"),
        ({"key": ""}, "key"),
        ({"currency": "EURO"}, "currency"),
        ({"invoiced": [(NINETEEN, 1, 1)]}, "invoiced"),
        ({"invoiced": [bc.TaxAmount(NINETEEN, Decimal("1.001"), Decimal(0))]}, "invoiced"),
        ({"paid": [bc.TaxAmount("DE_19", Decimal(1), Decimal(0))]}, "paid"),
        ({"open": 1.5}, "open"),
        ({"date": "yesterday"}, "date"),
        ({"is_booked": "yes"}, "is_booked"),
        ({"lines": ["x"]}, "lines"),
        ({"invoiced": []}, "it asks for nothing"),
        ({"open": 0}, "119 are left"),
        ({"open": 60, "paid": [HUNDRED]}, "0 are left"),
        ({"paid": [HUNDRED, HUNDRED]}, "119 EUR are invoiced"),
        ({"paid": [bc.TaxAmount(NINETEEN, Decimal(-1), Decimal(0))]}, "119 EUR are invoiced"),
        ({"paid": [FIFTY]}, "nothing of this tax code is invoiced"),
    ],
    ids=[
        "kind",
        "key",
        "currency",
        "a tuple",
        "digits",
        "tax",
        "float",
        "date",
        "flag",
        "a line",
        "nothing",
        "open too low",
        "open though paid",
        "paid too much",
        "paid below 0",
        "another code",
    ],
)
def test_a_wrong_field_is_refused_by_name(changes, said):
    """A document that is wrong is refused with its number and the field."""
    with pytest.raises(bc.InvalidInputError) as caught:
        document(**changes)

    assert "ChainDocument 'P-1'" in str(caught.value)
    assert said in str(caught.value)


def test_amounts_are_added_up_by_tax_code():
    """Amounts of one code become one, in the order in which the codes come first."""
    assert merged([HUNDRED, FIFTY, HUNDRED]) == (
        bc.TaxAmount(NINETEEN, Decimal(200), Decimal(38)),
        FIFTY,
    )
    assert gross_of([HUNDRED, FIFTY]) == Decimal("172.50")


def test_amounts_are_taken_away_by_tax_code():
    """What is taken away of a code that is not there is left below 0."""
    assert less([HUNDRED], [HUNDRED, FIFTY]) == (
        bc.TaxAmount(NINETEEN, Decimal(0), Decimal(0)),
        bc.TaxAmount(SEVEN, Decimal(-50), Decimal("-3.50")),
    )


def test_amounts_of_one_code_are_one():
    """What is given twice of one code is added up."""
    assert document(invoiced=[HUNDRED, FIFTY, HUNDRED]).invoiced == (
        bc.TaxAmount(NINETEEN, Decimal(200), Decimal(38)),
        FIFTY,
    )
